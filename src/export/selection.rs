//! Which certificates a set has, and what their files are called in it.

use std::collections::{BTreeMap, HashSet};

use unicode_normalization::UnicodeNormalization;

use super::ExportError;
use crate::certificate::Format;
use crate::disk;
use crate::issuer::Issuer;
use crate::register::{Record, Register};
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
}

/// The certificates of a selection, and their files.
#[derive(Debug)]
pub struct Set<'r> {
    /// All of them, by category as in accolade.toml, then by number; those that were revoked
    /// have no files.
    pub records: Vec<&'r Record>,
    /// Every file of those that stand, sorted by path.
    pub items: Vec<Item<'r>>,
}

/// A file of a set.
#[derive(Debug)]
pub struct Item<'r> {
    /// Its place below the set's folder, parted by `/`: in Unicode's composed form (NFC), safe
    /// on every system, and no other's whatever the case.
    pub path: String,
    /// Its certificate.
    pub record: &'r Record,
    /// The place of its certificate among [`Set::records`].
    pub at: usize,
    /// Its format.
    pub format: Format,
}

impl Set<'_> {
    /// How many certificates are handed out.
    #[must_use]
    pub fn count(&self) -> usize {
        let handed_out: HashSet<usize> = self.items.iter().map(|item| item.at).collect();
        handed_out.len()
    }
}

impl Selection {
    /// The set: what is current and selected.
    ///
    /// # Errors
    /// When that is nothing.
    pub fn of<'r>(&self, register: &'r Register, issuer: &Issuer) -> Result<Set<'r>, ExportError> {
        let selected = |record: &&Record| {
            let category = &record.entry.certificate.category;
            !record.forgotten && self.category.as_ref().is_none_or(|wanted| wanted == category)
        };
        let records = register.in_order(issuer, Some(self.year)).into_iter();
        let records: Vec<&Record> = records.filter(selected).collect();
        let items = self.items(&records);
        if items.is_empty() {
            return Err(ExportError::Nothing(self.year));
        }
        Ok(Set { records, items })
    }

    fn items<'r>(&self, records: &[&'r Record]) -> Vec<Item<'r>> {
        let mut taken = HashSet::new();
        let mut items = BTreeMap::new();
        let standing = records.iter().enumerate().filter(|(_, record)| record.stands());
        for (at, record) in standing {
            let stem = stem(record, &mut taken);
            let wanted = |f: &&Format| self.formats.as_ref().is_none_or(|all| all.contains(f));
            for format in record.entry.files.keys().filter(wanted).copied() {
                let path = format!("{stem}.{format}");
                items.insert(path.clone(), Item { path, record, at, format });
            }
        }
        items.into_values().collect()
    }
}

/// A folder a category, a file a certificate, without the ending. Two that differ in nothing
/// but case, or in what names of files cannot have, are told apart by `~2`.
fn stem(record: &Record, taken: &mut HashSet<String>) -> String {
    let certificate = &record.entry.certificate;
    let [folder, name] = [&certificate.category, &certificate.id]
        .map(|text| disk::safe_name(&text.nfc().collect::<String>()));
    let plain = format!("{folder}/{name}");
    let others = (2..).map(|count| format!("{plain}~{count}"));
    let mut all = std::iter::once(plain.clone()).chain(others);
    all.find(|stem| taken.insert(stem.to_lowercase())).unwrap_or(plain)
}
