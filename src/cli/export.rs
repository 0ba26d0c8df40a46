//! `accolade export`: a year's set, handed out.

mod booklet;

use std::path::PathBuf;

use anyhow::bail;
use clap::Args;
use serde_json::json;

use super::jobs::Jobs;
use super::{Format, Global, cache, counted, formats, present, progress, signing};
use crate::export::{self, HandedOut, Only, Selection, Source, Target};
use crate::issuer::Issuer;
use crate::register::stamp;
use crate::shard::Shard;
use crate::trust;

const EXAMPLES: &str = "\
Examples:
  accolade export 2020 --to ../2020
  accolade export 2020 --to ../2020.zip --sign
  accolade export 2020 --to ../volunteers --category volunteer --format pdf
  accolade export 2020 --to ../2020.pdf --bleed 3mm --crop-marks --index

Revoked certificates are left out; one whose file is missing or damaged is drawn anew.
manifest.json lists every file with its digests and its certificate; SHA256SUMS is for
`sha256sum -c`. An earlier export of the year is known by its manifest, and replaced, unless it has
more, or somebody has changed a file of it: then say --force.

One PDF for the print shop has a page a certificate, each of its template's size (TrimBox), with
bookmarks and a destination by number. Its bleed is the artwork mirrored at the edge of the page:
what lies on the page stays as it was issued. Marks stand outside the bleed, in every ink.";

/// Hand out a year's certificates: as a folder, a ZIP, or one PDF.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Export {
    /// The year.
    year: u16,
    /// Where they go: a folder, a folder a category; the same in a ZIP; or one PDF, a page a
    /// certificate.
    #[arg(long, value_name = "DIR|FILE.zip|FILE.pdf")]
    to: PathBuf,
    /// One category only: a key, title or alias.
    #[arg(long)]
    category: Option<String>,
    /// These formats only.
    #[arg(long, value_delimiter = ',', value_name = "FORMATS")]
    format: Vec<Format>,
    /// Hand out part I of N only, from 0 to N-1: every N-th certificate.
    #[arg(long, value_name = "I/N")]
    shard: Option<Shard>,
    /// Sign the manifest: manifest.json.sig. --key means it too.
    #[arg(long)]
    sign: bool,
    #[command(flatten)]
    key: signing::Key,
    /// Write to a folder that has other files in it, or in the place of another file.
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
        let target = self.printing.target(global.path(&self.to))?;
        let signs = self.sign || self.key.key.is_some();
        let is_booklet = matches!(target, Target::Booklet(..));
        let to = self.to.display();
        if is_booklet && !self.format.is_empty() {
            let message = format!("--format is for a folder or ZIP of files; {to} is one PDF");
            bail!(present::Usage(message));
        }
        if is_booklet && signs {
            let message = format!(
                "--sign, as --key means too, is for the manifest of a folder or ZIP; {to} has none"
            );
            bail!(present::Usage(message));
        }
        let issuer = Issuer::read(&global.folder)?;
        let (register, stamp) = stamp::read(&global.folder)?;
        let selection = Selection {
            year: self.year,
            only: Only {
                category: super::category_key(self.category.as_deref(), &issuer)?,
                formats: (!self.format.is_empty()).then(|| formats(&self.format)),
                shard: self.shard,
            },
        };
        let set = selection.of(&register, &issuer)?;
        if let Some(shard) = self.shard.filter(|_| set.items.is_empty()) {
            if global.json {
                present::json(&json!({ "year": self.year, "certificates": 0, "files": 0 }))?;
            }
            let year = self.year;
            global.say(&format!("part {shard} has no certificate of {year}: nothing was written"));
            return Ok(());
        }
        let (fonts, cache) = (global.fonts()?, cache::folder());
        let source = Source::new(&global.folder, &issuer, fonts, cache, &Global::prepare);
        let signer = signs.then(|| self.key.open(&issuer, global)).transpose()?;
        let steps = if is_booklet { set.standing().count() } else { set.items.len() };
        let work = progress::Work::begin(steps, global);
        let export = export::Export {
            set: &set,
            source: &source,
            issuer: &issuer,
            register: stamp,
            signer: signer.as_ref(),
            force: self.force,
            watch: &work,
            who: &global.who(),
        };
        let loses_signature = !signs && export::is_signed(&target);
        let handed_out = export.run(&target, &global.folder);
        drop(work);
        let HandedOut { certificates, files, index_pages, left_out } = handed_out?;
        if global.json {
            return present::json(&json!({
                "year": self.year,
                "certificates": certificates,
                "files": files,
                "index_pages": index_pages,
                "left_out": left_out,
                "to": target.path(),
                "signed_with": signer.as_ref().map(|signer| trust::fingerprint(signer.public_key())),
            }));
        }
        present::line(&target.path().display().to_string())?;
        let certificates = counted(certificates, "certificate");
        global.say(&match index_pages {
            0 if is_booklet => certificates,
            0 => format!("{certificates}, {}", counted(files, "file")),
            pages => format!("{certificates}, {} of index", counted(pages, "page")),
        });
        if loses_signature {
            global.say("it is not signed, as the one before was: --sign would sign it");
        }
        if left_out > 0 {
            let made = "that other hands had made: no template can show them";
            global.say(&format!("left out {} {made}", counted(left_out, "certificate")));
        }
        Ok(())
    }
}
