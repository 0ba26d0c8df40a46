//! `accolade list`: what has been issued.

use clap::Args;
use serde_json::json;

use super::aligned::aligned;
use super::{Global, counted, present, standing};
use crate::issuer::Issuer;
use crate::register::journal;

const EXAMPLES: &str = "\
Examples:
  accolade list
  accolade list 2020 --category volunteer
  accolade list 2020 --json";

/// List the certificates of a year, or of all years.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct List {
    /// The year.
    year: Option<u16>,
    /// One category only: a key, title or alias.
    #[arg(long)]
    category: Option<String>,
}

impl List {
    pub(super) fn run(self, global: &Global) -> anyhow::Result<()> {
        let issuer = Issuer::read(&global.folder)?;
        let register = journal::read(&global.folder)?;
        let category = super::category_key(self.category.as_deref(), &issuer)?;
        let mut records = register.in_order(&issuer, self.year);
        records.retain(|record| {
            category.as_ref().is_none_or(|wanted| *wanted == record.entry.certificate.category)
        });
        if global.json {
            let rows = records.iter().map(|record| {
                json!({
                    "id": record.entry.certificate.id,
                    "name": record.entry.certificate.name,
                    "category": record.entry.certificate.category,
                    "year": record.entry.certificate.year,
                    "date": record.entry.certificate.date,
                    "status": record.status.to_string(),
                    "revision": record.revision,
                    "adopted": record.entry.template.is_none(),
                    "forgotten": record.forgotten,
                    "moved_from": standing::other(record.moved_from, &register),
                    "moved_to": standing::other(record.moved_to, &register),
                    "fields": record.entry.certificate.fields,
                    "path": record.entry.certificate.path,
                })
            });
            return present::json(&rows.collect::<Vec<_>>());
        }
        let rows: Vec<[String; 5]> = records
            .iter()
            .map(|record| {
                let certificate = &record.entry.certificate;
                [
                    certificate.id.to_string(),
                    certificate.name.to_string(),
                    certificate.category.to_string(),
                    certificate.date.to_string(),
                    standing::words(record, &register),
                ]
            })
            .collect();
        for row in aligned(&rows) {
            present::line(&row)?;
        }
        let gone = records.iter().filter(|record| !record.stands()).count();
        let forgotten = records.iter().any(|record| record.forgotten);
        match (records.len(), gone) {
            (0, _) if register.records().is_empty() => {
                global.say("no certificates yet: accolade issue roster.csv");
            }
            (all, 0) => global.say(&counted(all, "certificate")),
            (all, gone) => {
                let how = if forgotten { "revoked or forgotten" } else { "revoked" };
                let standing = counted(all - gone, "certificate");
                global.say(&format!("{standing}, and {gone} {how}"));
            }
        }
        Ok(())
    }
}
