//! Who has which ID, and which certificates are whose. The tables hold places among the records
//! only, and ask these for their texts: a million certificates are not written down twice.

use std::collections::BTreeMap;
use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};

use super::event::Entry;
use super::state::Record;
use crate::certificate::Certificate;
use crate::text::Text;

/// Category and year, with an ID or with what a person is known by.
pub(super) type Place = (Text, u16, Text);

/// How many owners an ID may have, and how many certificates a person in a category and year.
/// No merge comes near; without an end, a made-up register would take hours to read.
const MOST: usize = 1000;

/// Finds certificates, as their places among the records.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// The owner of each ID: the latest, where it has several.
    owners: HashTable<Slot>,
    /// The certificates of each person.
    persons: HashTable<Slot>,
    /// All owners of the IDs that have several, in the order of the lines.
    conflicts: BTreeMap<Place, Vec<usize>>,
    /// IDs that certificates had before they got others.
    former: BTreeMap<Place, usize>,
    /// What people were known by before.
    former_persons: BTreeMap<Place, Vec<usize>>,
    hasher: DefaultHashBuilder,
}

/// A place among the records, with the hash it is found by: a table that grows need not ask all
/// records for their texts again.
#[derive(Debug, Clone, Copy)]
struct Slot {
    hash: u32,
    record: u32,
}

impl Index {
    /// The certificates that have an ID, in the order of the lines; where none has it any more,
    /// the one that had it.
    pub fn owners(&self, records: &[Record], category: &str, year: u16, id: &str) -> Vec<usize> {
        let sought = (category, year, id);
        if let Some(owners) = find(&self.conflicts, sought) {
            return owners.clone();
        }
        let hash = self.hash(sought);
        let owner = self.owners.find(spread(hash), |slot| id_of(&records[slot.place()]) == sought);
        let owner = owner.map(|slot| slot.place());
        owner.or_else(|| find(&self.former, sought).copied()).into_iter().collect()
    }

    /// The certificates of a person, in the order of the lines.
    pub fn of_person(
        &self,
        records: &[Record],
        category: &str,
        year: u16,
        known_by: &str,
    ) -> Vec<usize> {
        let sought = (category, year, known_by);
        let mut theirs: Vec<usize> = self.with_person(self.hash(sought), records, sought).collect();
        theirs.extend(find(&self.former_persons, sought).into_iter().flatten());
        theirs.sort_unstable();
        theirs.dedup();
        theirs
    }

    fn with_person<'a>(
        &'a self,
        hash: u32,
        records: &'a [Record],
        sought: (&'a str, u16, &'a str),
    ) -> impl Iterator<Item = usize> {
        let found = self.persons.iter_hash(spread(hash)).map(|slot| slot.place());
        found.filter(move |record| person_of(&records[*record]) == sought)
    }

    /// The IDs that have several owners, with these.
    pub fn conflicts(&self) -> impl Iterator<Item = (&Place, &[usize])> {
        self.conflicts.iter().map(|(place, owners)| (place, owners.as_slice()))
    }

    /// The IDs that certificates had before they got others.
    pub fn former_ids(&self) -> impl Iterator<Item = &str> {
        self.former.keys().map(|(.., id)| id.as_str())
    }

    /// The IDs that a certificate had before, and what its person was known by.
    pub fn former_of(&self, record: usize) -> impl Iterator<Item = &Text> {
        let ids = self.former.iter().filter(move |(_, other)| **other == record);
        let persons = self.former_persons.iter().filter(move |(_, all)| all.contains(&record));
        ids.map(|((.., id), _)| id).chain(persons.map(|((.., known_by), _)| known_by))
    }

    /// Lets a certificate have its ID. Gives back who has it too.
    ///
    /// # Errors
    /// When too many have it.
    pub fn own(&mut self, records: &[Record], record: usize) -> Result<Option<usize>, String> {
        let id = id_of(&records[record]);
        let slot = Slot::of(self.hash(id), record);
        let alike = |other: &Slot| id_of(&records[other.place()]) == id;
        let Some(owner) = self.owners.find_mut(spread(slot.hash), alike) else {
            self.owners.insert_unique(spread(slot.hash), slot, |slot| slot.spread());
            return Ok(None);
        };
        let other = std::mem::replace(owner, slot).place();
        let owners = self.conflicts.entry(place(id)).or_insert_with(|| vec![other]);
        owners.push(record);
        if owners.len() > MOST {
            return Err(format!("{} has been given to more than {MOST} people", id.2));
        }
        Ok(Some(other))
    }

    /// Takes the ID from a certificate that is to get another. It still leads to it where nobody
    /// else has it.
    pub fn disown(&mut self, records: &[Record], record: usize) {
        let id = id_of(&records[record]);
        let (hash, key) = (self.hash(id), place(id));
        if let Some(owners) = self.conflicts.get_mut(&key) {
            owners.retain(|owner| *owner != record);
            let alike = |other: &Slot| id_of(&records[other.place()]) == id;
            let owner = self.owners.find_mut(spread(hash), alike);
            if let (Some(owner), Some(last)) = (owner, owners.last()) {
                *owner = Slot::of(hash, *last);
            }
            if owners.len() == 1 {
                self.conflicts.remove(&key);
            }
        } else {
            remove(&mut self.owners, Slot::of(hash, record));
        }
        self.former.insert(key, record);
    }

    /// Lets a certificate be found by its person; one that was forgotten has none.
    ///
    /// # Errors
    /// When the person has too many.
    pub fn know(&mut self, records: &[Record], record: usize) -> Result<(), String> {
        let person @ (category, year, known_by) = person_of(&records[record]);
        if known_by.is_empty() {
            return Ok(());
        }
        let slot = Slot::of(self.hash(person), record);
        if self.with_person(slot.hash, records, person).count() >= MOST {
            return Err(format!(
                "{known_by} has more than {MOST} certificates of {category} {year}"
            ));
        }
        self.persons.insert_unique(spread(slot.hash), slot, |slot| slot.spread());
        Ok(())
    }

    /// Lets a certificate, whose person is to be forgotten, be found no more by that person.
    pub fn forget(&mut self, records: &[Record], record: usize) {
        let hash = self.hash(person_of(&records[record]));
        remove(&mut self.persons, Slot::of(hash, record));
    }

    /// Takes the name of its person from a certificate that is to get another. It still leads to
    /// it: a roster with the old spelling must not bring the person a second number.
    pub fn rename(&mut self, records: &[Record], record: usize) {
        let person = person_of(&records[record]);
        let hash = self.hash(person);
        remove(&mut self.persons, Slot::of(hash, record));
        self.former_persons.entry(place(person)).or_default().push(record);
    }

    /// Lets what a certificate was called on another branch lead to it, as if it had been so.
    pub fn lead(&mut self, entry: &Entry, record: usize) {
        let Certificate { category, year, id, .. } = &entry.certificate;
        let known_by = entry.certificate.known_by();
        self.former.entry(place((category, *year, id))).or_insert(record);
        self.former_persons.entry(place((category, *year, known_by))).or_default().push(record);
    }

    fn hash(&self, sought: (&str, u16, &str)) -> u32 {
        self.hasher.hash_one(sought) as u32
    }
}

impl Slot {
    /// There are fewer than four thousand million records: no register that large is read.
    fn of(hash: u32, record: usize) -> Self {
        Self { hash, record: record as u32 }
    }

    fn place(self) -> usize {
        self.record as usize
    }

    fn spread(self) -> u64 {
        spread(self.hash)
    }
}

/// A short hash for the table, which looks at both ends of a long one.
fn spread(hash: u32) -> u64 {
    u64::from(hash) << 32 | u64::from(hash)
}

fn remove(table: &mut HashTable<Slot>, slot: Slot) {
    if let Ok(entry) = table.find_entry(slot.spread(), |other| other.record == slot.record) {
        entry.remove();
    }
}

fn id_of(record: &Record) -> (&str, u16, &str) {
    let Certificate { category, year, id, .. } = &record.entry.certificate;
    (category, *year, id)
}

fn person_of(record: &Record) -> (&str, u16, &str) {
    let Certificate { category, year, .. } = &record.entry.certificate;
    (category, *year, record.entry.certificate.known_by())
}

fn place((category, year, text): (&str, u16, &str)) -> Place {
    (category.into(), year, text.into())
}

/// What is found under a place; most often there is nothing at all, and then no text is copied.
fn find<'a, T>(map: &'a BTreeMap<Place, T>, sought: (&str, u16, &str)) -> Option<&'a T> {
    if map.is_empty() { None } else { map.get(&place(sought)) }
}
