//! Forgetting a person on their request: every line of the register that tells of them is
//! written anew without name, key and columns; number, status and digests remain.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Map, Value};

use super::change::remove;
use super::{IssuanceError, plan};
use crate::certificate::Certificate;
use crate::disk;
use crate::register::{Event, Journal, Register};
use crate::text::Text;

/// What has been forgotten, and where more of it may be.
#[derive(Debug, Default)]
pub struct Forgotten {
    /// The certificates: several, where the person was moved. Places among the records.
    pub records: Vec<usize>,
    /// Certificates of the same name, which may be another person's: places among the records.
    pub namesakes: Vec<usize>,
}

/// Finds out whom forgetting the person of a certificate concerns.
#[must_use]
pub fn plan_forget(record: usize, register: &Register) -> Forgotten {
    let known = register.records();
    let records = register.moves(record);
    let names: BTreeSet<&str> =
        records.iter().map(|place| known[*place].entry.certificate.name.as_str()).collect();
    let namesake = |place: &usize| {
        let name = known[*place].entry.certificate.name.as_str();
        !name.is_empty() && names.contains(name) && !records.contains(place)
    };
    let namesakes = (0..known.len()).filter(namesake).collect();
    Forgotten { records, namesakes }
}

/// Forgets a person; again, where a merge has brought back lines of somebody who was forgotten.
/// The files leave the folder first: afterwards nobody knows their names.
///
/// # Errors
/// When there is nothing left to forget, files cannot be removed, or the register cannot be
/// written.
pub fn forget(
    forgotten: &Forgotten,
    folder: &Path,
    journal: &mut Journal,
) -> Result<(), IssuanceError> {
    let register = journal.register();
    for place in &forgotten.records {
        remove(&register.records()[*place].entry.certificate, folder)?;
    }
    let mut eraser = Eraser::default();
    let mut taken: BTreeSet<Text> = register.ids().map(Text::from).collect();
    for place in &forgotten.records {
        eraser.add(*place, register, &mut taken);
    }
    let known = register.records();
    let new = forgotten.records.iter().zip(&eraser.certificates);
    let new = new.filter(|(place, _)| !known[**place].forgotten).map(|(_, erased)| erased);
    let event = |erased: &Erased| Event::Forgotten {
        id: erased.blank.clone().unwrap_or_else(|| erased.id.clone()),
        category: erased.category.clone(),
        year: erased.year,
    };
    let events: Vec<Event> = new.map(event).collect();
    journal.rewrite(|line| eraser.erase(line), &events)?;
    match eraser.certificates.first() {
        Some(Erased { id, .. }) if eraser.names == 0 => {
            Err(IssuanceError::Forgotten { id: id.clone() })
        }
        _ => Ok(()),
    }
}

/// A certificate whose person is forgotten.
#[derive(Debug)]
struct Erased {
    category: Text,
    year: u16,
    id: Text,
    /// What it and its person are and were called.
    aliases: BTreeSet<Text>,
    /// The ID it gets, where the ID was the name.
    blank: Option<Text>,
    /// Where it was forgotten before, and its person is no longer known: who else has had its
    /// number.
    others: Option<BTreeSet<Text>>,
}

impl Erased {
    /// Whether an ID in its category is its own.
    fn has(&self, category: &Value, id: &Value) -> bool {
        *category == *self.category && id.as_str().is_some_and(|id| self.aliases.contains(id))
    }

    fn is_called(&self, person: &str) -> bool {
        let others = self.others.as_ref();
        self.aliases.contains(person) || others.is_some_and(|others| !others.contains(person))
    }

    /// Whether a line tells of it. Where a merge gave its number to somebody else too, the
    /// person tells the two apart.
    fn is_told_by(&self, line: &Map<String, Value>) -> bool {
        let Some(category) = line.get("category") else { return false };
        let theirs = ["id", "formerly"].iter().filter_map(|field| line.get(*field));
        let person = line.get("key").or(line.get("name")).and_then(Value::as_str);
        let year = line.get("year").and_then(Value::as_u64);
        year == Some(self.year.into())
            && theirs.into_iter().any(|id| self.has(category, id))
            && person.is_none_or(|person| self.is_called(person))
    }
}

/// Takes a person out of lines.
#[derive(Debug, Default)]
struct Eraser {
    certificates: Vec<Erased>,
    /// What must not be read anywhere: names, keys and columns, also as parts of addresses and
    /// of paths have them.
    secrets: BTreeSet<String>,
    /// How many names have been taken out.
    names: usize,
}

/// Fields of a line that say nothing of the person, or are looked at one by one.
const LEFT: [&str; 17] = [
    "event",
    "id",
    "formerly",
    "from",
    "category",
    "year",
    "name",
    "key",
    "date",
    "issuer",
    "signatory",
    "language",
    "fields",
    "path",
    "template",
    "files",
    "revision",
];

/// The shortest secret in ASCII that is looked for within other texts, in bytes: a letter or a
/// digit would be found everywhere.
const SHORTEST: usize = 2;

impl Eraser {
    fn add(&mut self, place: usize, register: &Register, taken: &mut BTreeSet<Text>) {
        let record = &register.records()[place];
        let Certificate { category, year, id, name, .. } = &record.entry.certificate;
        let blank = (id == name).then(|| {
            let mut free = (1_u64..).map(|count| Text::from(format!("forgotten-{count}")));
            let free = free.find(|id| !taken.contains(id)).unwrap_or_default();
            taken.insert(free.clone());
            free
        });
        let aliases = register.aliases(place);
        // An ID that is no name is no secret.
        aliases.iter().filter(|alias| *alias != id || id == name).for_each(|a| self.hide(a));
        let others = record.forgotten.then(|| {
            let all = (0..register.records().len()).filter(|other| *other != place);
            let shared =
                all.map(|other| register.aliases(other)).filter(|names| names.contains(id));
            shared.flatten().collect()
        });
        let (category, year, id) = (category.clone(), *year, id.clone());
        self.certificates.push(Erased { category, year, id, aliases, blank, others });
    }

    fn hide(&mut self, secret: &str) {
        if !secret.is_empty() {
            let forms = [secret.to_owned(), plan::percent_encode(secret), disk::safe_name(secret)];
            self.secrets.extend(forms);
        }
    }

    fn has_secret(&self, text: &str) -> bool {
        let telling = self.secrets.iter().filter(|s| !s.is_ascii() || s.len() >= SHORTEST);
        telling.into_iter().any(|secret| text.contains(secret))
    }

    /// Takes the person out of a line; says whether the line was about them.
    fn erase(&mut self, line: &mut Map<String, Value>) -> bool {
        let Some(at) = self.certificates.iter().position(|erased| erased.is_told_by(line)) else {
            return false;
        };
        for field in ["name", "key"] {
            if let Some(secret) = line.get(field).and_then(Value::as_str).map(str::to_owned) {
                self.hide(&secret);
            }
        }
        let columns = line.shift_remove("fields");
        for column in columns.iter().filter_map(Value::as_object).flat_map(Map::values) {
            self.hide(column.as_str().unwrap_or_default());
        }
        line.shift_remove("key");
        if let Some(name) = line.get_mut("name") {
            self.names += usize::from(*name != "");
            *name = Value::from("");
        }
        let blank = self.certificates[at].blank.clone();
        if let Some(from) = line.get_mut("from") {
            let (category, id) = (&from["category"], &from["id"]);
            let origin = self.certificates.iter().find(|erased| erased.has(category, id));
            if let Some(blank) = origin.and_then(|origin| origin.blank.as_ref()) {
                from["id"] = Value::from(blank.as_str());
            }
        }
        for field in ["id", "formerly"] {
            if let (Some(id), Some(blank)) = (line.get_mut(field), &blank) {
                *id = Value::from(blank.as_str());
            }
        }
        let id = line.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
        if let Some(path) = line.get_mut("path") {
            let parts = path.as_str().unwrap_or_default().split('/');
            let is_secret = |part: &str| self.secrets.contains(part) || self.has_secret(part);
            let part = |part| if is_secret(part) { id.as_str() } else { part };
            *path = Value::from(parts.map(part).collect::<Vec<_>>().join("/"));
        }
        let others = line.iter_mut().filter(|(field, _)| !LEFT.contains(&field.as_str()));
        others.for_each(|(_, value)| self.blank(value));
        true
    }

    /// Empties every text that has a secret in it.
    fn blank(&self, value: &mut Value) {
        match value {
            Value::String(text) if self.has_secret(text) => text.clear(),
            Value::Array(values) => values.iter_mut().for_each(|value| self.blank(value)),
            Value::Object(values) => values.values_mut().for_each(|value| self.blank(value)),
            _ => {}
        }
    }
}
