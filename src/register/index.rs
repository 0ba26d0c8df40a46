//! Who has which ID, and which certificates are whose.

use std::collections::{BTreeMap, HashMap};

use crate::certificate::Certificate;

/// Category and year, with an ID or with what a person is known by.
pub(super) type Place = (String, u16, String);

/// Finds certificates, as their places among the records.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// The owner of each ID: the latest, where it has several.
    owner: HashMap<Place, usize>,
    /// All owners of the IDs that have several, in the order of the lines.
    conflicts: BTreeMap<Place, Vec<usize>>,
    /// IDs that certificates had before they got others.
    former: HashMap<Place, usize>,
    /// The certificates of each person.
    persons: HashMap<Place, Vec<usize>>,
}

impl Index {
    /// The certificates that have an ID, in the order of the lines; where none has it any more,
    /// the one that had it.
    pub fn owners(&self, category: &str, year: u16, id: &str) -> Vec<usize> {
        let place = (category.to_owned(), year, id.to_owned());
        match self.conflicts.get(&place) {
            Some(owners) => owners.clone(),
            None => {
                self.owner.get(&place).or(self.former.get(&place)).copied().into_iter().collect()
            }
        }
    }

    /// The certificates of a person, in the order of the lines.
    pub fn of_person(&self, category: &str, year: u16, known_by: &str) -> &[usize] {
        let person = (category.to_owned(), year, known_by.to_owned());
        self.persons.get(&person).map_or(&[], Vec::as_slice)
    }

    /// The IDs that have several owners, with these.
    pub fn conflicts(&self) -> impl Iterator<Item = (&Place, &[usize])> {
        self.conflicts.iter().map(|(place, owners)| (place, owners.as_slice()))
    }

    /// The IDs that certificates had before they got others.
    pub fn former_ids(&self) -> impl Iterator<Item = &str> {
        self.former.keys().map(|(.., id)| id.as_str())
    }

    /// Gives a certificate its ID. Gives back who has it too.
    pub fn claim(&mut self, certificate: &Certificate, record: usize) -> Option<usize> {
        let place = place_of(certificate);
        let other = self.owner.insert(place.clone(), record).filter(|other| *other != record)?;
        self.conflicts.entry(place).or_insert_with(|| vec![other]).push(record);
        Some(other)
    }

    /// Takes the ID from a certificate that gets another. It still leads to it where nobody else
    /// has it: a roster with the old spelling must not bring the person a second number.
    pub fn release(&mut self, certificate: &Certificate, record: usize) {
        let place = place_of(certificate);
        if let Some(owners) = self.conflicts.get_mut(&place) {
            owners.retain(|owner| *owner != record);
            if let Some(last) = owners.last() {
                self.owner.insert(place.clone(), *last);
            }
            if owners.len() == 1 {
                self.conflicts.remove(&place);
            }
        } else {
            self.owner.remove(&place);
        }
        self.former.insert(place, record);
    }

    /// Lets a certificate be found by its person, under this name and those before.
    pub fn know(&mut self, certificate: &Certificate, record: usize) {
        let Certificate { category, year, .. } = certificate;
        let known_by = certificate.known_by();
        if known_by.is_empty() {
            return;
        }
        let theirs =
            self.persons.entry((category.clone(), *year, known_by.to_owned())).or_default();
        if !theirs.contains(&record) {
            theirs.push(record);
        }
    }
}

fn place_of(certificate: &Certificate) -> Place {
    let Certificate { category, year, id, .. } = certificate;
    (category.clone(), *year, id.clone())
}
