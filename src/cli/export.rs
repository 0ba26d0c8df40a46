//! `accolade export`: a year's set, handed out.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::{Format, Global, formats, present, progress, signing};
use crate::export::{self, Selection, Source, Target};
use crate::issuer::Issuer;
use crate::register::stamp;
use crate::trust;

const EXAMPLES: &str = "\
Examples:
  accolade export 2020 --to ../2020
  accolade export 2020 --to ../2020.zip --sign
  accolade export 2020 --to ../volunteers --category volunteer --format pdf

Revoked certificates are left out; one whose file is missing or damaged is drawn anew.
manifest.json lists every file with its digests and its certificate; SHA256SUMS is for
`sha256sum -c`. An earlier export of the year is known by its manifest, and replaced.";

/// Hand out a year's certificates: as a folder or a ZIP.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Export {
    /// The year.
    year: u16,
    /// Where they go: a folder, or a file that ends in .zip.
    #[arg(long, value_name = "DIR | FILE.zip")]
    to: PathBuf,
    /// One category only: a key, title or alias.
    #[arg(long)]
    category: Option<String>,
    /// These formats only.
    #[arg(long, value_delimiter = ',', value_name = "FORMATS")]
    format: Vec<Format>,
    /// Sign the manifest: manifest.json.sig.
    #[arg(long)]
    sign: bool,
    #[command(flatten)]
    key: signing::Key,
    /// Write to a folder that has other files in it, or in the place of another file.
    #[arg(long)]
    force: bool,
}

impl Export {
    pub(super) fn run(self, global: &Global) -> anyhow::Result<()> {
        let issuer = Issuer::read(&global.folder)?;
        let (register, stamp) = stamp::read(&global.folder)?;
        let selection = Selection {
            year: self.year,
            category: super::category_key(self.category.as_deref(), &issuer)?,
            formats: (!self.format.is_empty()).then(|| formats(&self.format)),
        };
        let set = selection.of(&register, &issuer)?;
        let source = Source::new(&global.folder, &issuer, global.fonts()?);
        let signs = self.sign || self.key.key.is_some();
        let signer = signs.then(|| self.key.open(&issuer, global)).transpose()?;
        let target = Target::of(global.path(&self.to));
        let (certificates, files) = (set.count(), set.items.len());
        let bar = progress::bar(files, global);
        let export = export::Export {
            set: &set,
            source: &source,
            issuer: &issuer,
            year: self.year,
            register: stamp,
            signer: signer.as_ref(),
            force: self.force,
            done: &|count| bar.inc(count as u64),
        };
        let made = export.run(&target, &global.folder);
        bar.finish_and_clear();
        made?;
        if global.json {
            return present::json(&json!({
                "year": self.year,
                "certificates": certificates,
                "files": files,
                "to": target.path(),
                "signed_with": signer.as_ref().map(|signer| trust::fingerprint(signer.public_key())),
            }));
        }
        present::line(&target.path().display().to_string())?;
        global.say(&format!("{certificates} certificates, {files} files"));
        Ok(())
    }
}
