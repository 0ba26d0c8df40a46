//! A line of the register as it is read: one flat table of all the fields any event has, from
//! which the event is then put together. What no event has is kept aside.

use std::borrow::Cow;
use std::fmt;

use chrono::NaiveDate;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde_json::Map;

use super::event::{Entry, Event, Origin, Others, TemplateStamp};
use super::files::Files;
use crate::certificate::Certificate;
use crate::text::{Text, Texts};

/// A text that is borrowed from the line where nothing in it is escaped.
#[derive(Default, serde::Deserialize)]
pub(super) struct Said<'a>(#[serde(borrow)] pub Cow<'a, str>);

/// A template, in the line.
#[derive(serde::Deserialize)]
struct Stamp<'a> {
    #[serde(borrow)]
    name: Said<'a>,
    #[serde(borrow)]
    digest: Said<'a>,
}

/// The public columns, in the line.
#[derive(Default)]
struct Columns<'a>(Vec<(Said<'a>, Said<'a>)>);

/// Every field there may be.
#[derive(Default)]
pub(super) struct Line<'a> {
    event: Option<Said<'a>>,
    id: Option<Said<'a>>,
    category: Option<Said<'a>>,
    year: Option<u16>,
    name: Option<Said<'a>>,
    key: Option<Said<'a>>,
    date: Option<NaiveDate>,
    title: Option<Said<'a>>,
    citation: Option<Said<'a>>,
    issuer: Option<Said<'a>>,
    signatory: Option<Said<'a>>,
    language: Option<Said<'a>>,
    url: Option<Said<'a>>,
    fields: Option<Columns<'a>>,
    path: Option<Said<'a>>,
    template: Option<Stamp<'a>>,
    files: Option<Files>,
    revision: Option<u32>,
    formerly: Option<Said<'a>>,
    from: Option<Origin>,
    reason: Option<Said<'a>>,
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
        while let Some(Said(key)) = map.next_key()? {
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

impl<'de> Deserialize<'de> for Columns<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Pairs)
    }
}

struct Pairs;

impl<'de> Visitor<'de> for Pairs {
    type Value = Columns<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("public columns")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Columns<'de>, M::Error> {
        let mut columns = Columns::default();
        while let Some(column) = map.next_entry()? {
            columns.0.push(column);
        }
        Ok(columns)
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

/// An event of which this program knows nothing.
#[derive(Debug, thiserror::Error)]
#[error("the event {0:?} was written by a newer version of accolade; upgrade accolade")]
pub(super) struct Unknown(String);

/// All events there are.
const EVENTS: [&str; 8] =
    ["issued", "drawn", "adopted", "reissued", "revoked", "moved", "renumbered", "forgotten"];

impl Line<'_> {
    /// Makes sure that the event is known here.
    ///
    /// # Errors
    /// When it is not.
    pub fn check_known(&self) -> Result<(), Unknown> {
        match &self.event {
            Some(Said(event)) if !EVENTS.contains(&&**event) => Err(Unknown(event.to_string())),
            _ => Ok(()),
        }
    }

    /// The event that the line tells. What many lines say is held once.
    ///
    /// # Errors
    /// What it lacks, or that its event is not known here.
    pub fn into_event(mut self, texts: &mut Texts) -> Result<Event, String> {
        let event = needed(self.event.take(), "event")?;
        Ok(match &*event.0 {
            "issued" => Event::Issued(self.entry(texts)?),
            "drawn" => Event::Drawn {
                id: needed(self.id, "id").map(Text::from)?,
                category: needed(self.category, "category").map(Text::from)?,
                year: needed(self.year, "year")?,
                files: needed(self.files, "files")?,
            },
            "adopted" => Event::Adopted(self.entry(texts)?),
            "reissued" => Event::Reissued {
                revision: needed(self.revision, "revision")?,
                formerly: self.formerly.take().map(Text::from),
                reason: self.reason.take().map(|reason| reason.0.into_owned()),
                entry: self.entry(texts)?,
            },
            "revoked" => Event::Revoked {
                id: needed(self.id, "id").map(Text::from)?,
                category: needed(self.category, "category").map(Text::from)?,
                year: needed(self.year, "year")?,
                reason: needed(self.reason, "reason")?.0.into_owned(),
            },
            "moved" => Event::Moved {
                from: needed(self.from.take(), "from")?,
                reason: needed(self.reason.take(), "reason")?.0.into_owned(),
                entry: self.entry(texts)?,
            },
            "renumbered" => Event::Renumbered {
                formerly: needed(self.formerly.take(), "formerly").map(Text::from)?,
                reason: self.reason.take().map(|reason| reason.0.into_owned()),
                entry: self.entry(texts)?,
            },
            "forgotten" => Event::Forgotten {
                id: needed(self.id, "id").map(Text::from)?,
                category: needed(self.category, "category").map(Text::from)?,
                year: needed(self.year, "year")?,
            },
            unknown => return Err(Unknown(unknown.to_owned()).to_string()),
        })
    }

    fn entry(self, texts: &mut Texts) -> Result<Entry, String> {
        let mut held = |said: Said<'_>| texts.held(&said.0);
        Ok(Entry {
            certificate: Certificate {
                id: needed(self.id, "id").map(Text::from)?,
                category: needed(self.category, "category").map(&mut held)?,
                year: needed(self.year, "year")?,
                name: needed(self.name, "name").map(Text::from)?,
                key: self.key.map(Text::from),
                date: needed(self.date, "date")?,
                title: needed(self.title, "title").map(&mut held)?,
                citation: held(self.citation.unwrap_or_default()),
                issuer: needed(self.issuer, "issuer").map(&mut held)?,
                signatory: held(self.signatory.unwrap_or_default()),
                language: needed(self.language, "language").map(&mut held)?,
                url: needed(self.url, "url").map(Text::from)?,
                fields: (self.fields.unwrap_or_default().0.into_iter())
                    .map(|(header, value)| (held(header), value.into()))
                    .collect(),
                path: needed(self.path, "path").map(Text::from)?,
            },
            template: self.template.map(|Stamp { name, digest }| TemplateStamp {
                name: held(name),
                digest: held(digest),
            }),
            files: needed(self.files, "files")?,
            others: self.others,
        })
    }
}

impl From<Said<'_>> for Text {
    fn from(said: Said<'_>) -> Self {
        Self::from(&*said.0)
    }
}

fn needed<T>(value: Option<T>, field: &str) -> Result<T, String> {
    value.ok_or_else(|| format!("it lacks {field:?}"))
}

impl<'de> Deserialize<'de> for Event {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let line = Line::deserialize(deserializer)?;
        line.into_event(&mut Texts::default()).map_err(D::Error::custom)
    }
}
