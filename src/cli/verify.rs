//! `accolade verify`: whether files are certificates that were issued, stand, and are unaltered.

use std::path::{Path, PathBuf};

use anyhow::bail;
use clap::Args;
use serde_json::{Value, json};

use super::{Global, present, progress};
use crate::disk;
use crate::export::manifest::{self, Manifest};
use crate::register::{self, journal};
use crate::trust::Signers;
use crate::verify::set::{self, Opened};
use crate::verify::{self, Finding, Known, Subject, Verdict};

const EXAMPLES: &str = "\
Examples:
  accolade verify V20200001.png
  accolade verify ../2020.zip certificate/2020
  accolade verify 2020.zip --signers allowed_signers
  accolade verify V20200001.pdf --manifest manifest.json --signers allowed_signers

Certificates are compared with the register of the folder, or with a manifest: a PDF by its
bytes, a PNG by its pixels, so that it may have been compressed again. allowed_signers has the
line that the issuer's `accolade key show` prints. Exit code 3 when a file is not one that was
issued, current, and unaltered.";

/// Say whether files are certificates of ours, current and unaltered.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Verify {
    /// PNGs, PDFs, and folders or ZIPs of them.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Compare with this manifest rather than with the register.
    #[arg(long, value_name = "FILE")]
    manifest: Option<PathBuf>,
    /// Believe a manifest only if one of these has signed it; without --manifest, that of each
    /// folder or ZIP itself.
    #[arg(long, value_name = "FILE")]
    signers: Option<PathBuf>,
}

/// What files are compared with.
enum Yardstick {
    Known(Known),
    /// The manifest of each set, if one of these has signed it.
    Own(Signers),
}

/// A file of the command line, looked at.
struct Looked {
    file: String,
    /// How it stands, or each file in it.
    verdicts: Vec<(String, Verdict)>,
    is_set: bool,
    /// Why nothing in it is to be believed.
    distrust: Option<String>,
}

impl Verify {
    pub(super) fn run(self, global: &Global) -> anyhow::Result<()> {
        let yardstick = self.yardstick(global)?;
        let mut all_good = true;
        let mut report = Vec::new();
        for file in &self.files {
            let looked = look(&global.path(file), &yardstick, global)?;
            all_good &= looked.is_good();
            if global.json {
                report.push(looked.json());
            } else {
                looked.print(global)?;
            }
        }
        if global.json {
            present::json(&report)?;
        }
        if all_good { Ok(()) } else { Err(present::No.into()) }
    }

    fn yardstick(&self, global: &Global) -> anyhow::Result<Yardstick> {
        let signers = match &self.signers {
            Some(file) => {
                let text = disk::read_text(&global.path(file), manifest::LARGEST)?;
                Some(Signers::parse(&text)?)
            }
            None => None,
        };
        if let Some(file) = &self.manifest {
            let file = global.path(file);
            let bytes = disk::read(&file, manifest::LARGEST)?;
            if let Some(signers) = &signers {
                let signature = Path::new(&format!("{}.sig", file.display())).to_owned();
                let by = signers.verify(&bytes, &disk::read(&signature, manifest::LARGEST)?)?;
                global.say(&format!("the manifest is signed by {by}"));
            } else {
                global.say(
                    "the manifest is believed as it is: --signers would look at its signature",
                );
            }
            return Ok(Yardstick::Known(Known::of_manifest(&Manifest::parse(&bytes)?)));
        }
        if let Some(signers) = signers {
            return Ok(Yardstick::Own(signers));
        }
        if !global.path(register::FILE.as_ref()).exists() {
            bail!(
                "there is no register here to compare with: say -C DIR for the folder of an issuer, \
                 --manifest FILE, or --signers FILE for what is signed"
            );
        }
        Ok(Yardstick::Known(Known::of_register(&journal::read(&global.folder)?)))
    }
}

fn look(file: &Path, yardstick: &Yardstick, global: &Global) -> anyhow::Result<Looked> {
    let shown = file.display().to_string();
    if !set::is_one(file)? {
        let Yardstick::Known(known) = yardstick else {
            bail!("{shown} has no manifest of its own: say --manifest FILE with --signers");
        };
        let verdict = verify::judge(&disk::read(file, verify::LARGEST)?, known);
        let verdicts = vec![(shown.clone(), verdict)];
        return Ok(Looked { file: shown, verdicts, is_set: false, distrust: None });
    }
    let mut opened = Opened::open(file)?;
    let own;
    let known = match yardstick {
        Yardstick::Known(known) => known,
        Yardstick::Own(signers) => match opened.manifest(Some(signers)) {
            Ok(manifest) => {
                own = Known::of_manifest(&manifest);
                &own
            }
            Err(error) => {
                let distrust = Some(error.to_string());
                return Ok(Looked { file: shown, verdicts: Vec::new(), is_set: true, distrust });
            }
        },
    };
    let bar = progress::bar(opened.count(), global);
    let verdicts = opened.judge(known, &|count| bar.inc(count as u64));
    bar.finish_and_clear();
    Ok(Looked { file: shown, verdicts: verdicts?, is_set: true, distrust: None })
}

impl Looked {
    fn is_good(&self) -> bool {
        self.distrust.is_none() && self.verdicts.iter().all(|(_, verdict)| verdict.is_good())
    }

    fn print(&self, global: &Global) -> anyhow::Result<()> {
        if let Some(distrust) = &self.distrust {
            return Ok(present::line(&format!("{}: not to be believed: {distrust}", self.file))?);
        }
        if !self.is_set {
            for (file, verdict) in &self.verdicts {
                present::line(&format!("{file}: {}", sentence(verdict)))?;
            }
            return Ok(());
        }
        let bad = self.verdicts.iter().filter(|(_, verdict)| !verdict.is_good());
        for (name, verdict) in &self.verdicts {
            if global.verbose || !verdict.is_good() {
                present::line(&format!("{}/{name}: {}", self.file, sentence(verdict)))?;
            }
        }
        let (bad, all) = (bad.count(), self.verdicts.len());
        Ok(present::line(&match (bad, all) {
            (_, 0) => format!("{}: there is no certificate in it", self.file),
            (0, _) => format!("{}: {all} files, all current and unaltered", self.file),
            _ => format!("{}: {bad} of {all} files are not current and unaltered", self.file),
        })?)
    }

    fn json(&self) -> Value {
        let files = self.verdicts.iter().map(|(file, verdict)| {
            let certificate = verdict.certificate.as_ref().map(|subject| {
                json!({
                    "id": subject.id,
                    "name": subject.name,
                    "category": subject.category,
                    "year": subject.year,
                })
            });
            let (word, reason) = word(&verdict.finding);
            json!({ "file": file, "verdict": word, "reason": reason, "certificate": certificate })
        });
        json!({
            "file": self.file,
            "good": self.is_good(),
            "distrust": self.distrust,
            "files": files.collect::<Vec<_>>(),
        })
    }
}

/// The verdict in a word, and what more there is to say.
fn word(finding: &Finding) -> (&'static str, Option<&str>) {
    match finding {
        Finding::Current => ("current", None),
        Finding::Revoked { reason } => ("revoked", Some(reason.as_str())),
        Finding::Superseded => ("superseded", None),
        Finding::Forgotten => ("forgotten", None),
        Finding::Altered(how) => ("altered", Some(how)),
        Finding::Unknown(why) => ("unknown", Some(why)),
        Finding::Missing => ("missing", None),
    }
}

/// `V20200001, 沈旭: current and unaltered`.
fn sentence(verdict: &Verdict) -> String {
    let said = match &verdict.finding {
        Finding::Current => "current and unaltered".to_owned(),
        Finding::Revoked { reason } if reason.is_empty() => "revoked".to_owned(),
        Finding::Revoked { reason } => format!("revoked: {reason}"),
        Finding::Superseded => "unaltered, but superseded: it was drawn again since".to_owned(),
        Finding::Forgotten => "no longer vouched for: its person was forgotten".to_owned(),
        Finding::Altered(how) => format!("not to be believed: {how}"),
        Finding::Unknown(why) => format!("not known here: {why}"),
        Finding::Missing => "missing: the manifest lists it".to_owned(),
    };
    let Some(Subject { id, name, .. }) = &verdict.certificate else { return said };
    match name.as_str() {
        name if name.is_empty() || **id == *name => format!("{id}: {said}"),
        name => format!("{id}, {name}: {said}"),
    }
}
