//! Which certificates a set has, and what their files are called in it.

use std::collections::{BTreeSet, HashMap, HashSet};

use unicode_normalization::UnicodeNormalization;

use super::{ExportError, HandedOut};
use crate::certificate::{Certificate, Format};
use crate::disk;
use crate::id::Numbering;
use crate::issuance::IssuanceError;
use crate::issuer::{Category, Issuer};
use crate::register::{Files, Record, Register, RegisterError};
use crate::shard::Shard;
use crate::text::Text;

/// Which certificates to hand out, and as what.
#[derive(Debug, Clone)]
pub struct Selection {
    /// The year.
    pub year: u16,
    /// One category only, by its key.
    pub category: Option<Text>,
    /// Some formats only.
    pub formats: Option<Vec<Format>>,
    /// One part of many only.
    pub shard: Option<Shard>,
}

/// The certificates of a selection, and their files.
#[derive(Debug)]
pub struct Set<'r> {
    /// Their year.
    pub year: u16,
    /// The key of their category, where it is one only that was asked for.
    pub category: Option<Text>,
    /// All of them, by category as in accolade.toml, then by number; those that were revoked or
    /// forgotten have no files. Somebody who was forgotten is among them where they had a number;
    /// where people are known by name, nothing is left to say of them.
    pub records: Vec<&'r Record>,
    /// Of each of them, the digests of the files that stand no more.
    pub earlier: Vec<Vec<Text>>,
    /// Every file of those that stand, sorted by path.
    pub items: Vec<Item<'r>>,
}

/// A file of a set.
#[derive(Debug)]
pub struct Item<'r> {
    /// Its place below the set's folder, parted by `/`: in Unicode's composed form (NFC), safe
    /// on every system, and no other's whatever its case.
    pub path: String,
    /// Its certificate.
    pub record: &'r Record,
    /// The place of its certificate among [`Set::records`].
    pub at: usize,
    /// Its format.
    pub format: Format,
}

impl<'r> Set<'r> {
    /// The certificates that stand.
    pub fn standing(&self) -> impl Iterator<Item = &'r Record> {
        self.records.iter().copied().filter(|record| record.stands())
    }

    /// What is handed out where every file is.
    pub(super) fn handed_out(&self) -> HandedOut {
        let certificates: HashSet<usize> = self.items.iter().map(|item| item.at).collect();
        HandedOut {
            certificates: certificates.len(),
            files: self.items.len(),
            index_pages: 0,
            left_out: 0,
        }
    }
}

impl Selection {
    /// The set: what is current and selected.
    ///
    /// # Errors
    /// When that is nothing, a merge has given a number twice, one has not been drawn yet, or two
    /// would share a file.
    pub fn of<'r>(&self, register: &'r Register, issuer: &Issuer) -> Result<Set<'r>, ExportError> {
        match register.conflicts() {
            none if none.is_empty() => {}
            conflicts => {
                return Err(IssuanceError::from(RegisterError::Conflicts(conflicts)).into());
            }
        }
        let all = register.records();
        let selected = |place: &usize| {
            let record = &all[*place];
            let Certificate { category: key, year, .. } = &record.entry.certificate;
            let numbered = |category: &Category| category.numbering != Numbering::Name;
            *year == self.year
                && (!record.forgotten || issuer.category(key).is_some_and(numbered))
                && self.category.as_ref().is_none_or(|wanted| wanted == key)
        };
        let mut places: Vec<usize> = (0..all.len()).filter(selected).collect();
        register.sort(&mut places, issuer);
        if let Some(shard) = self.shard {
            places = shard.part(places);
        }
        let records: Vec<&Record> = places.iter().map(|place| &all[*place]).collect();
        let mut undrawn = records.iter().filter(|record| record.stands() && !record.is_drawn());
        if let Some(first) = undrawn.next() {
            let id = first.entry.certificate.id.clone();
            return Err(ExportError::NotDrawn { id, more: undrawn.count() });
        }
        let items = self.items(&records)?;
        if items.is_empty() {
            return Err(ExportError::Nothing(self.year));
        }
        let earlier = earlier(&places, register);
        Ok(Set { year: self.year, category: self.category.clone(), records, earlier, items })
    }

    fn items<'r>(&self, records: &[&'r Record]) -> Result<Vec<Item<'r>>, ExportError> {
        // Systems that fold case take `Ann` and `ann` for one.
        let mut owners: HashMap<String, &Text> = HashMap::new();
        let mut items = Vec::new();
        let standing = records.iter().enumerate().filter(|(_, record)| record.stands());
        for (at, record) in standing {
            let (stem, id) = (stem(record), &record.entry.certificate.id);
            if let Some(other) = owners.insert(stem.to_lowercase(), id) {
                return Err(ExportError::SameFile(other.to_string(), id.to_string(), stem));
            }
            let wanted = |f: &&Format| self.formats.as_ref().is_none_or(|all| all.contains(f));
            let formats = record.entry.files.keys().filter(wanted).copied();
            let item = |format| Item { path: format!("{stem}.{format}"), record, at, format };
            items.extend(formats.map(item));
        }
        items.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(items)
    }
}

/// Of each record, by its place, the digests of files that were drawn of it and stand no more,
/// sorted.
fn earlier(places: &[usize], register: &Register) -> Vec<Vec<Text>> {
    let digests = |files: &Files| files.iter().map(|(_, digest)| digest).collect::<Vec<_>>();
    let mut before: HashMap<usize, BTreeSet<Text>> = HashMap::new();
    for (place, files) in register.drawn_before() {
        before.entry(place).or_default().extend(digests(files));
    }
    let of = |place: &usize| {
        let record = &register.records()[*place];
        let mut earlier = before.remove(place).unwrap_or_default();
        let last = digests(&record.entry.files);
        if record.stands() {
            // One may have been drawn again just as it was.
            earlier.retain(|digest| !last.contains(digest));
        } else {
            earlier.extend(last);
        }
        earlier.into_iter().collect()
    };
    places.iter().map(of).collect()
}

/// A folder a category, a file a certificate, without the ending.
fn stem(record: &Record) -> String {
    let certificate = &record.entry.certificate;
    let name = |text: &str| disk::safe_name(&text.nfc().collect::<String>());
    format!("{}/{}", name(&certificate.category), name(&certificate.id))
}
