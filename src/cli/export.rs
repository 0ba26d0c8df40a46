//! `accolade export`: a year's set, handed out.

mod booklet;

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::Args;
use rayon::prelude::*;
use serde_json::json;

use super::jobs::Jobs;
use super::{Format, Global, formats, present, progress};
use crate::export::{self, Places, Selection};
use crate::issuance;
use crate::issuer::Issuer;
use crate::register::journal;

const EXAMPLES: &str = "\
Examples:
  accolade export 2020 --to ../2020
  accolade export 2020 --to ../volunteers --category volunteer --format pdf
  accolade export 2020 --to ../2020.pdf --bleed 3mm --crop-marks --index

Revoked certificates are left out; one whose file is missing or damaged is drawn anew.

One PDF for the print shop has a page a certificate, each of its template's size (TrimBox), with
bookmarks and a destination by number. Its bleed is the artwork mirrored at the edge of the page:
what lies on the page stays as it was issued. Marks stand outside the bleed, in every ink.";

/// Copy a year's certificates to a folder, or bind them into one PDF.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Export {
    /// The year.
    year: u16,
    /// The folder they go to, a folder a category; or FILE.pdf, for a page a certificate.
    #[arg(long, value_name = "DIR|FILE.pdf")]
    to: PathBuf,
    /// One category only: a key, title or alias.
    #[arg(long)]
    category: Option<String>,
    /// These formats only.
    #[arg(long, value_delimiter = ',', value_name = "FORMATS")]
    format: Vec<Format>,
    /// Write to a folder that has other files in it, or over another PDF.
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    jobs: Jobs,
    #[command(flatten)]
    printing: booklet::Printing,
}

impl Export {
    pub(super) fn run(self, global: &Global) -> anyhow::Result<()> {
        self.jobs.begin()?;
        let issuer = Issuer::read(&global.folder)?;
        let register = journal::read(&global.folder)?;
        let selection = Selection {
            year: self.year,
            category: super::category_key(self.category.as_deref(), &issuer)?,
            formats: (!self.format.is_empty()).then(|| formats(&self.format)),
        };
        let target = global.path(&self.to);
        let places = Places { folder: &global.folder, target: &target };
        if export::is_booklet(&target) {
            return self.printing.run(&selection, &register, &issuer, places, self.force, global);
        }
        self.printing.check_unused()?;
        let records = selection.of(&register, &issuer);
        let lost = records
            .par_iter()
            .filter(|record| !issuance::missing(record, &global.folder).is_empty());
        let templates: BTreeSet<&str> =
            lost.filter_map(|record| Some(record.entry.template.as_ref()?.name.as_str())).collect();
        let press = global.press(templates, &issuer)?;
        let files = export::to_folder(&selection, &register, &issuer, &press, places, self.force)?;
        if global.json {
            return present::json(&json!({
                "year": self.year,
                "certificates": records.len(),
                "files": files,
                "to": target,
            }));
        }
        present::line(&target.display().to_string())?;
        global.say(&format!("{} certificates, {files} files", records.len()));
        Ok(())
    }
}
