//! What the events add up to: each certificate as it stands now, and who it belongs to.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;

use super::event::Entry;
use super::files::Files;
use super::index::{Index, Place};
use crate::certificate::Status;
use crate::issuer::Issuer;
use crate::text::Text;

/// A certificate as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// As it was last drawn.
    pub entry: Entry,
    /// How often it was drawn again.
    pub revision: u32,
    /// Whether it stands.
    pub status: Status,
    /// The certificate it took the place of when its person was moved: its place among the
    /// records.
    pub moved_from: Option<usize>,
    /// The certificate that took its place when its person was moved.
    pub moved_to: Option<usize>,
    /// Whether its person was forgotten: its name is empty, and it is not handed out.
    pub forgotten: bool,
}

impl Record {
    /// A certificate that has just been issued.
    pub(super) fn of(entry: Entry) -> Self {
        Self {
            entry,
            revision: 0,
            status: Status::Current,
            moved_from: None,
            moved_to: None,
            forgotten: false,
        }
    }

    /// Whether it is to be shown and handed out: neither taken back nor forgotten.
    #[must_use]
    pub fn stands(&self) -> bool {
        self.status == Status::Current && !self.forgotten
    }

    /// Whether it has been drawn; one that other hands made counts as drawn. Else it has a number
    /// and no files yet.
    #[must_use]
    pub fn is_drawn(&self) -> bool {
        self.entry.template.is_none() || !self.entry.files.is_empty()
    }
}

/// A number that a merge has given to several people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// The number.
    pub id: Text,
    /// The category of all of them.
    pub category: Text,
    /// The year of all of them.
    pub year: u16,
    /// Their certificates, in the order of the lines: places among the records.
    pub records: Vec<usize>,
    /// Their names, in the same order.
    pub names: Vec<Text>,
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({} {}) to ", self.id, self.category, self.year)?;
        let name = |name: &Text| match name.as_str() {
            "" => "somebody who was forgotten".to_owned(),
            name => name.to_owned(),
        };
        f.write_str(&self.names.iter().map(name).collect::<Vec<_>>().join(" and to "))
    }
}

/// A certificate that two branches have drawn again, each in its own way, and a merge has brought
/// together. The next revision settles it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Divergence {
    /// The certificate: a place among the records, which has what stands.
    pub record: usize,
    /// The revision that both of them made.
    pub revision: u32,
    /// What stands no more.
    pub fallen: Entry,
}

/// Every certificate ever issued, in the order of issue.
#[derive(Debug, Default)]
pub struct Register {
    pub(super) records: Vec<Record>,
    pub(super) events: usize,
    pub(super) index: Index,
    /// The drawings that others have taken the place of, by place among the records.
    pub(super) drawn_before: HashMap<usize, Vec<Entry>>,
    /// By place among the records.
    pub(super) diverged: BTreeMap<usize, Divergence>,
}

impl Register {
    /// All records, in the order of issue.
    #[must_use]
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// The files of earlier drawings, each with the place of its certificate among the records.
    pub fn drawn_before(&self) -> impl Iterator<Item = (usize, &Files)> {
        self.drawn_before.iter().flat_map(|(at, all)| all.iter().map(|entry| (*at, &entry.files)))
    }

    /// How many events it has taken in.
    #[must_use]
    pub fn events(&self) -> usize {
        self.events
    }

    /// The certificate of a person in a category and year, whatever became of it, and under
    /// whatever name it was first issued: its place among the records. Of several, the first
    /// that stands.
    #[must_use]
    pub fn of_person(&self, category: &str, year: u16, known_by: &str) -> Option<usize> {
        let theirs = self.all_of_person(category, year, known_by);
        let standing = |place: &&usize| self.records[**place].status == Status::Current;
        theirs.iter().find(standing).or(theirs.last()).copied()
    }

    /// All certificates of a person in a category and year, in the order of issue: a merge may
    /// have brought several.
    #[must_use]
    pub fn all_of_person(&self, category: &str, year: u16, known_by: &str) -> Vec<usize> {
        self.index.of_person(&self.records, category, year, known_by)
    }

    /// The certificates with this ID, as their places among the records: one for a number,
    /// perhaps more where people are known by name, or where a merge gave a number twice.
    #[must_use]
    pub fn with_id(&self, id: &str) -> Vec<usize> {
        let ids = self.records.iter().map(|record| record.entry.certificate.id.as_str());
        ids.enumerate().filter(|(_, other)| *other == id).map(|(place, _)| place).collect()
    }

    /// Every ID that was ever given, also those that certificates have no more.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        let present = self.records.iter().map(|record| record.entry.certificate.id.as_str());
        present.chain(self.index.former_ids())
    }

    /// Every ID that a certificate has or had, and all that its person is or was known by.
    #[must_use]
    pub fn aliases(&self, record: usize) -> BTreeSet<Text> {
        let certificate = &self.records[record].entry.certificate;
        let present = [certificate.id.clone(), certificate.known_by().clone()];
        present.into_iter().chain(self.index.former_of(record).cloned()).collect()
    }

    /// The certificates of a person who was moved, from the first to the last: places among the
    /// records; the one alone where nobody was.
    #[must_use]
    pub fn moves(&self, record: usize) -> Vec<usize> {
        let mut moves = vec![record];
        while let Some(before) = self.records[moves[0]].moved_from.filter(|r| !moves.contains(r)) {
            moves.insert(0, before);
        }
        let after = |place: &usize| self.records[*place].moved_to;
        while let Some(next) = moves.last().and_then(after).filter(|r| !moves.contains(r)) {
            moves.push(next);
        }
        moves
    }

    /// The numbers that a merge has given to several people, and that have not been settled.
    #[must_use]
    pub fn conflicts(&self) -> Vec<Conflict> {
        let conflict = |((category, year, id), records): (&Place, &[usize])| {
            let name = |record: &usize| self.records[*record].entry.certificate.name.clone();
            Conflict {
                id: id.clone(),
                category: category.clone(),
                year: *year,
                records: records.to_owned(),
                names: records.iter().map(name).collect(),
            }
        };
        self.index.conflicts().map(conflict).collect()
    }

    /// The certificates that stand and that two branches have drawn again, each in its own way.
    pub fn divergences(&self) -> impl Iterator<Item = &Divergence> {
        self.diverged.values().filter(|diverged| self.records[diverged.record].stands())
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
        records.sort_by_key(|record| order(record, issuer));
        records
    }

    /// Puts places among the records into the same order.
    pub fn sort(&self, places: &mut [usize], issuer: &Issuer) {
        places.sort_by_key(|place| (order(&self.records[*place], issuer), *place));
    }

    /// The place among the records of an ID, present or former, in a category and year. Of
    /// several that have it, the last.
    ///
    /// # Errors
    /// When it has never been issued.
    pub fn place(&self, category: &str, year: u16, id: &str) -> Result<usize, String> {
        let owners = self.index.owners(&self.records, category, year, id);
        owners.last().copied().ok_or_else(|| format!("{id} has never been issued"))
    }
}

/// By year, category as in accolade.toml, and number.
fn order(record: &Record, issuer: &Issuer) -> (u16, usize, Option<u32>) {
    let certificate = &record.entry.certificate;
    let place = issuer.categories.iter().position(|c| c.key == certificate.category);
    let number = place
        .and_then(|place| issuer.categories[place].numbering.parse(&certificate.id))
        .map(|number| number.serial);
    (certificate.year, place.unwrap_or(usize::MAX), number)
}
