//! `accolade restore`: files that were lost or damaged, drawn again as they were.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::bail;
use clap::Args;
use serde_json::json;

use super::jobs::Jobs;
use super::select::Selected;
use super::{Global, counted, present, progress};
use crate::issuance::{self, IssuanceError};
use crate::issuer::Issuer;
use crate::register::Record;

const EXAMPLES: &str = "\
Examples:
  accolade restore
  accolade restore V20200001

Each file comes out byte for byte as it was drawn, or not at all. Certificates that have their
numbers and were never drawn (issue --only-numbers, --shard) are drawn too; else the register is
not written.";

/// Draw again what is missing or damaged, as it was.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Restore {
    /// One certificate only, by number or name; without it, all that stand.
    id: Option<String>,
    /// Its year, when a name has certificates in several.
    #[arg(long, requires = "id")]
    year: Option<u16>,
    /// Its category, when a name has certificates in several.
    #[arg(long, requires = "id")]
    category: Option<String>,
    #[command(flatten)]
    jobs: Jobs,
}

impl Restore {
    pub(super) fn run(self, global: &Global) -> anyhow::Result<()> {
        self.jobs.begin()?;
        let folder = &global.folder;
        let issuer = Issuer::read(folder)?;
        // The lock, since another command could be drawing the same files.
        let mut journal = global.open_journal_to_settle()?;
        let register = journal.register();
        let records = register.records();
        // Two with one number would take turns in one file.
        let conflicts = register.conflicts();
        let unsettled: BTreeSet<usize> = conflicts.into_iter().flat_map(|c| c.records).collect();
        let Self { id, year, category, .. } = self;
        let places: Vec<usize> = match id {
            Some(id) => vec![Selected { id, year, category }.find(register)?],
            None => (0..records.len()).filter(|place| records[*place].stands()).collect(),
        };
        let wanted = places.iter().map(|place| &records[*place]);
        if let Some(record) = wanted.into_iter().find(|record| !record.stands()) {
            bail!("{} was taken back: there is nothing to restore", record.entry.certificate.id);
        }
        let paths = places.iter().map(|place| records[*place].entry.certificate.path.as_str());
        issuance::sweep(paths, folder)?;
        let settled: Vec<usize> =
            places.into_iter().filter(|place| !unsettled.contains(place)).collect();
        let waiting: Vec<Record> =
            settled.iter().map(|p| &records[*p]).filter(|r| !r.is_drawn()).cloned().collect();
        let lost = issuance::lost(&settled, register, folder);
        let (drawn, adopted): (Vec<&Record>, Vec<&Record>) = lost
            .iter()
            .map(|place| &records[*place])
            .partition(|record| record.entry.template.is_some());
        let adopted = adopted.first().map(|record| record.entry.certificate.id.clone());
        let stamps =
            drawn.iter().copied().chain(&waiting).filter_map(|r| r.entry.template.as_ref());
        let press = global.press(stamps.map(|stamp| stamp.name.as_str()).collect(), &issuer)?;
        let files: Vec<String> = drawn.iter().flat_map(|record| missing(record, folder)).collect();
        let bar = progress::Work::begin(drawn.len() + waiting.len(), global);
        issuance::restore(&drawn, &press, folder, &bar)?;
        issuance::draw_given(&waiting, &issuer.formats, &press, folder, &bar, |events| {
            issuance::tell_drawn(events, folder, &mut journal)
        })?;
        drop(bar);
        if global.json {
            let ids: Vec<_> = waiting.iter().map(|record| &record.entry.certificate.id).collect();
            present::json(&json!({ "restored": files, "drawn": ids }))?;
        } else {
            for file in &files {
                present::line(file)?;
            }
            let mut said = vec![format!("restored {}", counted(files.len(), "file"))];
            if !waiting.is_empty() {
                let drawn = counted(waiting.len(), "certificate");
                said.push(format!("drew {drawn} for the first time"));
            }
            global.say(&said.join(", "));
        }
        match adopted {
            None => Ok(()),
            Some(id) => Err(IssuanceError::Adopted { id }.into()),
        }
    }
}

/// The files of a certificate that are to be drawn.
fn missing(record: &Record, folder: &Path) -> Vec<String> {
    let formats = issuance::missing(record, folder).into_iter();
    formats.map(|format| format!("{}.{format}", record.entry.certificate.path)).collect()
}
