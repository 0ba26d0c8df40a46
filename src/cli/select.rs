//! Which certificate an ID on the command line means.

use std::collections::BTreeSet;

use anyhow::bail;
use clap::Args;

use crate::register::{Record, Register};
use crate::shell;

/// An ID, and what tells it from others of the same name.
#[derive(Debug, Args)]
pub(super) struct Selected {
    /// The number, such as V20200001, or the name where people are known by name.
    pub id: String,
    /// Its year, when a name has certificates in several.
    #[arg(long)]
    pub year: Option<u16>,
    /// Its category, when a name has certificates in several.
    #[arg(long)]
    pub category: Option<String>,
}

impl Selected {
    /// Its place among the register's records.
    pub fn find(&self, register: &Register) -> anyhow::Result<usize> {
        let records = register.records();
        let mut found = register.with_id(&self.id);
        found.retain(|place| {
            let certificate = &records[*place].entry.certificate;
            self.year.is_none_or(|year| year == certificate.year)
                && self.category.as_ref().is_none_or(|category| **category == *certificate.category)
        });
        match found.as_slice() {
            [place] => Ok(*place),
            [] => {
                let named =
                    records.iter().filter(|record| *record.entry.certificate.name == *self.id);
                let ids: Vec<_> = named.map(|r| r.entry.certificate.id.as_str()).collect();
                match ids.as_slice() {
                    [] => match self.meant(register) {
                        Some(meant) => {
                            bail!("{} is not in the register; did you mean {meant}?", self.id)
                        }
                        None => bail!(
                            "{} is not in the register; `accolade list` shows what is",
                            self.id
                        ),
                    },
                    ids => bail!("{} is not an ID, but a name: of {}", self.id, ids.join(", ")),
                }
            }
            several if same_place(several, records) => bail!(
                "a merge has given {} to {} people; settle it first: accolade register renumber",
                self.id,
                several.len()
            ),
            several => {
                let which: Vec<String> = several
                    .iter()
                    .map(|place| &records[*place].entry.certificate)
                    .map(|c| format!("--year {} --category {}", c.year, shell::word(&c.category)))
                    .collect();
                bail!("{} could be several: say {}", self.id, which.join(" or "))
            }
        }
    }

    /// The one ID that differs in nothing but capitals.
    fn meant<'r>(&self, register: &'r Register) -> Option<&'r str> {
        let wanted = self.id.to_lowercase();
        let ids = register.records().iter().map(|record| record.entry.certificate.id.as_str());
        let alike: BTreeSet<&str> = ids.filter(|id| id.to_lowercase() == wanted).collect();
        match alike.into_iter().collect::<Vec<_>>().as_slice() {
            [one] => Some(one),
            _ => None,
        }
    }
}

/// Whether neither category nor year tells certificates apart.
fn same_place(several: &[usize], records: &[Record]) -> bool {
    let certificate = |place: &usize| &records[*place].entry.certificate;
    let mut places = several.iter().map(certificate).map(|c| (&c.category, c.year));
    let first = places.next();
    places.any(|place| Some(place) == first)
}
