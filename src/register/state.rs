//! What the events add up to: each certificate as it stands now, and who it belongs to.

use std::collections::HashMap;

use super::event::{Entry, Event};
use crate::certificate::Status;
use crate::issuer::Issuer;
use crate::text::{Text, Texts};

/// A certificate as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// As it was last drawn.
    pub entry: Entry,
    /// How often it was drawn again.
    pub revision: u32,
    /// Whether it stands.
    pub status: Status,
}

/// Every certificate ever issued, in the order of issue.
#[derive(Debug, Default)]
pub struct Register {
    records: Vec<Record>,
    events: usize,
    by_place: HashMap<Place, usize>,
    by_person: HashMap<Place, usize>,
    texts: Texts,
}

/// Category and year, with an ID or with what a person is known by.
type Place = (Text, u16, Text);

impl Register {
    /// All records, in the order of issue.
    #[must_use]
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// How many events it has taken in.
    #[must_use]
    pub fn events(&self) -> usize {
        self.events
    }

    /// The certificate of a person in a category and year, whatever became of it, and under
    /// whatever name it was first issued: its place among the records.
    #[must_use]
    pub fn of_person(&self, category: &Text, year: u16, known_by: &Text) -> Option<usize> {
        let place = (category.clone(), year, known_by.clone());
        self.by_person.get(&place).copied()
    }

    /// The certificates with this ID, as their places among the records: one for a number,
    /// perhaps more where people are known by name.
    #[must_use]
    pub fn with_id(&self, id: &str) -> Vec<usize> {
        let ids = self.records.iter().map(|record| record.entry.certificate.id.as_str());
        ids.enumerate().filter(|(_, other)| *other == id).map(|(place, _)| place).collect()
    }

    /// The certificates of a year or of all, by category as in accolade.toml, then by number,
    /// then in the order of issue.
    #[must_use]
    pub fn in_order(&self, issuer: &Issuer, year: Option<u16>) -> Vec<&Record> {
        let mut records: Vec<&Record> = self
            .records
            .iter()
            .filter(|record| year.is_none_or(|year| record.entry.certificate.year == year))
            .collect();
        records.sort_by_key(|record| {
            let certificate = &record.entry.certificate;
            let place = issuer.categories.iter().position(|c| c.key == certificate.category);
            let number = place
                .and_then(|place| issuer.categories[place].numbering.parse(&certificate.id))
                .map(|number| number.serial);
            (certificate.year, place.unwrap_or(usize::MAX), number)
        });
        records
    }

    /// Takes in what happened next.
    ///
    /// # Errors
    /// Why it cannot have happened: a number given twice, or a change to one never given.
    pub fn apply(&mut self, event: Event) -> Result<(), String> {
        self.events += 1;
        match event {
            Event::Issued(entry) => {
                let entry = self.shared(entry);
                self.add(entry)
            }
            Event::Reissued { entry, revision, formerly, .. } => {
                let entry = self.shared(entry);
                let certificate = &entry.certificate;
                let (category, year) = (certificate.category.clone(), certificate.year);
                let id = formerly.unwrap_or_else(|| certificate.id.clone());
                let index = self.place(&category, year, &id)?;
                let other = self.place(&category, year, &certificate.id);
                if other.is_ok_and(|other| other != index) {
                    return Err(format!("{} belongs to another certificate", certificate.id));
                }
                // The former name still leads here: a roster with the old spelling must not
                // bring the person a second number.
                let person = (category.clone(), year, certificate.known_by().clone());
                self.by_person.insert(person, index);
                self.by_place.insert((category, year, certificate.id.clone()), index);
                self.records[index].entry = entry;
                self.records[index].revision = revision;
                Ok(())
            }
            Event::Revoked { id, category, year, reason } => {
                let index = self.place(&category, year, &id)?;
                self.records[index].status = Status::Revoked { reason };
                Ok(())
            }
        }
    }

    /// The place among the records of an ID, present or former, in a category and year.
    ///
    /// # Errors
    /// When it has never been issued.
    pub fn place(&self, category: &Text, year: u16, id: &Text) -> Result<usize, String> {
        let place = (category.clone(), year, id.clone());
        self.by_place.get(&place).copied().ok_or_else(|| format!("{id} has never been issued"))
    }

    /// The entry, what others say too held once.
    fn shared(&mut self, mut entry: Entry) -> Entry {
        entry.certificate.share(&mut self.texts);
        for text in [&mut entry.template.name, &mut entry.template.digest] {
            *text = self.texts.shared(text);
        }
        entry
    }

    fn add(&mut self, entry: Entry) -> Result<(), String> {
        let certificate = &entry.certificate;
        let place = (certificate.category.clone(), certificate.year, certificate.id.clone());
        let person = (place.0.clone(), place.1, certificate.known_by().clone());
        if self.by_place.contains_key(&place) {
            return Err(format!("{} has been issued before", place.2));
        }
        self.by_place.insert(place, self.records.len());
        self.by_person.insert(person, self.records.len());
        self.records.push(Record { entry, revision: 0, status: Status::Current });
        Ok(())
    }
}
