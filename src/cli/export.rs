//! `accolade export`: a year's set, handed out.

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::Args;
use rayon::prelude::*;
use serde_json::json;

use super::{Format, Global, formats, present};
use crate::export::{self, Places, Selection};
use crate::issuance;
use crate::issuer::Issuer;
use crate::register::journal;

const EXAMPLES: &str = "\
Examples:
  accolade export 2020 --to ../2020
  accolade export 2020 --to ../volunteers --category volunteer --format pdf

Revoked certificates are left out; one whose file is missing or damaged is drawn anew.";

/// Copy a year's certificates to a folder, to be handed out.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Export {
    /// The year.
    year: u16,
    /// The folder they go to, a folder a category.
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
    /// One category only: a key, title or alias.
    #[arg(long)]
    category: Option<String>,
    /// These formats only.
    #[arg(long, value_delimiter = ',', value_name = "FORMATS")]
    format: Vec<Format>,
    /// Write to a folder that has other files in it.
    #[arg(long)]
    force: bool,
}

impl Export {
    pub(super) fn run(self, global: &Global) -> anyhow::Result<()> {
        let issuer = Issuer::read(&global.folder)?;
        let register = journal::read(&global.folder)?;
        let selection = Selection {
            year: self.year,
            category: super::category_key(self.category.as_deref(), &issuer)?,
            formats: (!self.format.is_empty()).then(|| formats(&self.format)),
        };
        let records = selection.of(&register, &issuer);
        let lost = records
            .par_iter()
            .filter(|record| !issuance::missing(record, &global.folder).is_empty());
        let templates: BTreeSet<&str> =
            lost.filter_map(|record| Some(record.entry.template.as_ref()?.name.as_str())).collect();
        let press = global.press(templates, &issuer)?;
        let target = global.path(&self.to);
        let places = Places { folder: &global.folder, target: &target };
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
