//! A line of the register as it is read: one flat table of all the fields any event has, from
//! which the event is then put together. What no event has is kept aside.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use chrono::NaiveDate;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde_json::Map;

use super::event::{Entry, Event, Origin, Others, TemplateStamp};
use crate::certificate::{Certificate, Format};

/// A text that is borrowed from the line where nothing in it is escaped.
#[derive(serde::Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

/// Every field there may be.
#[derive(Default)]
pub(super) struct Line<'a> {
    event: Option<Text<'a>>,
    id: Option<Text<'a>>,
    category: Option<Text<'a>>,
    year: Option<u16>,
    name: Option<Text<'a>>,
    key: Option<Text<'a>>,
    date: Option<NaiveDate>,
    title: Option<Text<'a>>,
    citation: Option<Text<'a>>,
    issuer: Option<Text<'a>>,
    signatory: Option<Text<'a>>,
    language: Option<Text<'a>>,
    url: Option<Text<'a>>,
    fields: Option<BTreeMap<String, String>>,
    path: Option<Text<'a>>,
    template: Option<TemplateStamp>,
    files: Option<BTreeMap<Format, String>>,
    revision: Option<u32>,
    formerly: Option<Text<'a>>,
    from: Option<Origin>,
    reason: Option<Text<'a>>,
    others: Others,
}

impl<'de> Deserialize<'de> for Line<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Fields)
    }
}

struct Fields;

impl<'de> Visitor<'de> for Fields {
    type Value = Line<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an event of the register")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Line<'de>, M::Error> {
        let mut line = Line::default();
        while let Some(Text(key)) = map.next_key()? {
            match &*key {
                "event" => fill(&mut line.event, &key, &mut map)?,
                "id" => fill(&mut line.id, &key, &mut map)?,
                "category" => fill(&mut line.category, &key, &mut map)?,
                "year" => fill(&mut line.year, &key, &mut map)?,
                "name" => fill(&mut line.name, &key, &mut map)?,
                "key" => fill(&mut line.key, &key, &mut map)?,
                "date" => fill(&mut line.date, &key, &mut map)?,
                "title" => fill(&mut line.title, &key, &mut map)?,
                "citation" => fill(&mut line.citation, &key, &mut map)?,
                "issuer" => fill(&mut line.issuer, &key, &mut map)?,
                "signatory" => fill(&mut line.signatory, &key, &mut map)?,
                "language" => fill(&mut line.language, &key, &mut map)?,
                "url" => fill(&mut line.url, &key, &mut map)?,
                "fields" => fill(&mut line.fields, &key, &mut map)?,
                "path" => fill(&mut line.path, &key, &mut map)?,
                "template" => fill(&mut line.template, &key, &mut map)?,
                "files" => fill(&mut line.files, &key, &mut map)?,
                "revision" => fill(&mut line.revision, &key, &mut map)?,
                "formerly" => fill(&mut line.formerly, &key, &mut map)?,
                "from" => fill(&mut line.from, &key, &mut map)?,
                "reason" => fill(&mut line.reason, &key, &mut map)?,
                _ => {
                    let value = map.next_value()?;
                    let others = line.others.get_or_insert_with(|| Box::new(Map::new()));
                    others.insert(key.into_owned(), value);
                }
            }
        }
        Ok(line)
    }
}

/// Reads the value of a field; `null` is as good as no value.
fn fill<'de, T: Deserialize<'de>, M: MapAccess<'de>>(
    slot: &mut Option<T>,
    key: &str,
    map: &mut M,
) -> Result<(), M::Error> {
    if slot.is_some() {
        return Err(M::Error::custom(format_args!("{key:?} stands there twice")));
    }
    *slot = map.next_value()?;
    Ok(())
}

impl Line<'_> {
    /// The event that the line tells.
    ///
    /// # Errors
    /// What it lacks, or that its event is not known here.
    pub fn into_event(mut self) -> Result<Event, String> {
        let event = text(self.event.take(), "event")?;
        Ok(match event.as_str() {
            "issued" => Event::Issued(self.entry()?),
            "adopted" => Event::Adopted(self.entry()?),
            "reissued" => Event::Reissued {
                revision: needed(self.revision, "revision")?,
                formerly: self.formerly.take().map(owned),
                reason: self.reason.take().map(owned),
                entry: self.entry()?,
            },
            "revoked" => Event::Revoked {
                id: text(self.id, "id")?,
                category: text(self.category, "category")?,
                year: needed(self.year, "year")?,
                reason: text(self.reason, "reason")?,
            },
            "moved" => Event::Moved {
                from: needed(self.from.take(), "from")?,
                reason: text(self.reason.take(), "reason")?,
                entry: self.entry()?,
            },
            "renumbered" => Event::Renumbered {
                formerly: text(self.formerly.take(), "formerly")?,
                reason: self.reason.take().map(owned),
                entry: self.entry()?,
            },
            "forgotten" => Event::Forgotten {
                id: text(self.id, "id")?,
                category: text(self.category, "category")?,
                year: needed(self.year, "year")?,
            },
            unknown => {
                return Err(format!(
                    "the event {unknown:?} was written by a newer version of accolade"
                ));
            }
        })
    }

    fn entry(self) -> Result<Entry, String> {
        Ok(Entry {
            certificate: Certificate {
                id: text(self.id, "id")?,
                category: text(self.category, "category")?,
                year: needed(self.year, "year")?,
                name: text(self.name, "name")?,
                key: self.key.map(owned),
                date: needed(self.date, "date")?,
                title: text(self.title, "title")?,
                citation: self.citation.map(owned).unwrap_or_default(),
                issuer: text(self.issuer, "issuer")?,
                signatory: self.signatory.map(owned).unwrap_or_default(),
                language: text(self.language, "language")?,
                url: text(self.url, "url")?,
                fields: self.fields.unwrap_or_default(),
                path: text(self.path, "path")?,
            },
            template: self.template,
            files: needed(self.files, "files")?,
            others: self.others,
        })
    }
}

fn owned(text: Text<'_>) -> String {
    text.0.into_owned()
}

fn text(value: Option<Text<'_>>, field: &str) -> Result<String, String> {
    needed(value, field).map(owned)
}

fn needed<T>(value: Option<T>, field: &str) -> Result<T, String> {
    value.ok_or_else(|| format!("it lacks {field:?}"))
}

impl<'de> Deserialize<'de> for Event {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Line::deserialize(deserializer)?.into_event().map_err(D::Error::custom)
    }
}
