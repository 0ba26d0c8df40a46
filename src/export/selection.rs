//! Which certificates a set has, and what their files are called in it.

use std::collections::{BTreeSet, HashMap, HashSet};

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use super::manifest::PAPERS;
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
    /// What of it.
    pub only: Only,
}

/// What of a year to hand out, where it is not all.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Only {
    /// One category only, by its key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<Text>,
    /// Some formats only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub formats: Option<Vec<Format>>,
    /// One part of many only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shard: Option<Shard>,
}

impl Only {
    /// Whether it is all.
    #[must_use]
    pub fn is_all(&self) -> bool {
        *self == Self::default()
    }
}

/// The certificates of a selection, and their files.
#[derive(Debug)]
pub struct Set<'r> {
    /// Their year.
    pub year: u16,
    /// What of the year they are.
    pub only: Only,
    /// All of them, by category as in accolade.toml, then by number; those that were revoked or
    /// forgotten have no files. Somebody who was forgotten is among them where they had a number;
    /// where people are known by name, nothing is left to say of them.
    pub records: Vec<&'r Record>,
    /// Of each of them, the digests of the files that stand no more.
    pub earlier: Vec<Vec<Text>>,
    /// Every file of those that stand, sorted by path.
    pub items: Vec<Item<'r>>,
    /// The places of the files that the whole year would have besides, had it been asked for.
    pub besides: HashSet<String>,
    /// The folders of the issuer's that certificates of any year lie in.
    pub folders: BTreeSet<&'r str>,
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
    /// The set: what is current and selected; of a part of the year that may be nothing.
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
        let of_year = |place: &usize| {
            let record = &all[*place];
            let Certificate { category: key, year, .. } = &record.entry.certificate;
            let numbered = |category: &Category| category.numbering != Numbering::Name;
            *year == self.year && (!record.forgotten || issuer.category(key).is_some_and(numbered))
        };
        let selected = |place: &usize| {
            let category = &all[*place].entry.certificate.category;
            self.only.category.as_ref().is_none_or(|wanted| wanted == category)
                && self.only.shard.is_none_or(|shard| shard.has(*place))
        };
        let mut year: Vec<usize> = (0..all.len()).filter(of_year).collect();
        register.sort(&mut year, issuer);
        let places: Vec<usize> = year.iter().copied().filter(selected).collect();
        let records: Vec<&Record> = places.iter().map(|place| &all[*place]).collect();
        let mut undrawn = records.iter().filter(|record| record.stands() && !record.is_drawn());
        if let Some(first) = undrawn.next() {
            let id = first.entry.certificate.id.clone();
            return Err(ExportError::NotDrawn { id, more: undrawn.count() });
        }
        let items = self.items(&records)?;
        let besides = besides(year.iter().map(|place| &all[*place]), &items);
        if items.is_empty() && (self.only.shard.is_none() || besides.is_empty()) {
            let others = year.iter().filter(|place| all[**place].stands()).count();
            return Err(ExportError::Nothing { year: self.year, others });
        }
        let earlier = earlier(&places, register);
        let only = self.only.clone();
        let paths = all.iter().map(|record| record.entry.certificate.path.as_str());
        let folders = paths.filter_map(|path| path.split('/').next()).collect();
        Ok(Set { year: self.year, only, records, earlier, items, besides, folders })
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
            let wanted = |f: &&Format| self.only.formats.as_ref().is_none_or(|all| all.contains(f));
            let formats = record.entry.files.keys().filter(wanted).copied();
            let item = |format| Item { path: format!("{stem}.{format}"), record, at, format };
            items.extend(formats.map(item));
        }
        items.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(items)
    }
}

/// The places of all files of a year that are not among these.
fn besides<'r>(year: impl Iterator<Item = &'r Record>, items: &[Item<'_>]) -> HashSet<String> {
    let files = year.filter(|record| record.stands()).flat_map(|record| {
        let stem = stem(record);
        record.entry.files.keys().map(move |format| format!("{stem}.{format}"))
    });
    let mut besides: HashSet<String> = files.collect();
    for item in items {
        besides.remove(&item.path);
    }
    besides
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

/// A folder a category, a file a certificate, without the ending; no folder stands in the way of
/// the papers.
fn stem(record: &Record) -> String {
    let certificate = &record.entry.certificate;
    let name = |text: &str| disk::safe_name(&text.nfc().collect::<String>());
    let mut category = name(&certificate.category);
    if PAPERS.iter().any(|paper| paper.eq_ignore_ascii_case(&category)) {
        category.insert(0, '_');
    }
    format!("{category}/{}", name(&certificate.id))
}
