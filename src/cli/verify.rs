//! `accolade verify`: whether files are certificates that were issued, stand, and are unaltered.

mod looked;

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Args;

use looked::Looked;

use super::{Global, present, progress};
use crate::disk;
use crate::export::manifest::{self, Manifest};
use crate::register::{self, journal};
use crate::trust::{Signers, TrustError};
use crate::verify::{self, Known, Set, SetError};

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
    /// PNGs, PDFs, folders or ZIPs of them, and manifests.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Compare with this manifest rather than with the register.
    #[arg(long, value_name = "FILE")]
    manifest: Option<PathBuf>,
    /// Believe a manifest only if one of these has signed it. Where there is no register and no
    /// --manifest, a folder or ZIP is compared with its own.
    #[arg(long, value_name = "FILE")]
    signers: Option<PathBuf>,
}

/// What files are compared with.
struct Yardstick {
    /// A register or a manifest; else each set has its own.
    known: Option<Known>,
    /// Whose signatures count, where they are asked for.
    signers: Option<Signers>,
}

impl Verify {
    pub(super) fn run(self, global: &Global) -> anyhow::Result<()> {
        let yardstick = self.yardstick(global)?;
        let mut all_good = true;
        let mut report = Vec::new();
        for file in &self.files {
            let looked = yardstick.look(&global.path(file), global)?;
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
        let mut signers = None;
        if let Some(file) = &self.signers {
            let text = disk::read_text(&global.path(file), manifest::LARGEST)?;
            signers = Some(Signers::parse(&text)?);
        }
        let has_register = global.path(register::FILE.as_ref()).exists();
        let known = if let Some(file) = &self.manifest {
            let file = global.path(file);
            let bytes = disk::read(&file, manifest::LARGEST)?;
            match &signers {
                Some(signers) => {
                    let by = signer(&file, &bytes, signers)?;
                    global.say(&format!("{} is signed by {by}", file.display()));
                }
                None => global.say(&format!(
                    "{} is believed as it is: --signers looks at its signature",
                    file.display()
                )),
            }
            let manifest = Manifest::parse(&bytes).with_context(|| file.display().to_string())?;
            Some(Known::of_manifest(&manifest))
        } else if has_register {
            Some(Known::of_register(journal::read(&global.folder)?))
        } else if signers.is_some() {
            None
        } else {
            bail!(
                "there is no register here to compare with: say -C DIR for the folder of an issuer, \
                 --manifest FILE, or --signers FILE for what is signed"
            );
        };
        Ok(Yardstick { known, signers })
    }
}

/// Who has signed a manifest that is a file of its own: its signature lies beside it.
fn signer<'s>(file: &Path, bytes: &[u8], signers: &'s Signers) -> Result<&'s str, TrustError> {
    let mut beside = file.as_os_str().to_owned();
    beside.push(".sig");
    let beside = Path::new(&beside);
    let unsigned = || format!("it is not signed: {} is not there", beside.display());
    match disk::read(beside, manifest::LARGEST) {
        Err(error) if error.is_missing() => Err(TrustError::Signature(unsigned())),
        signature => signers.verify(bytes, &signature?),
    }
}

impl Yardstick {
    fn look(&self, file: &Path, global: &Global) -> anyhow::Result<Looked> {
        if verify::is_set(file)? {
            return self.look_at_set(file, global);
        }
        let bytes = disk::read(file, verify::LARGEST)?;
        if bytes.starts_with(b"{") {
            return Ok(match Manifest::parse(&bytes) {
                Ok(manifest) => self.look_at_manifest(file, &bytes, &manifest),
                Err(error) => Looked::at(file).distrusted(error.to_string()),
            });
        }
        let Some(known) = &self.known else {
            bail!(
                "{} has no manifest of its own: name one with --manifest FILE, beside --signers",
                file.display()
            );
        };
        let mut looked = Looked::at(file);
        looked.verdicts = vec![(looked.file.clone(), verify::judge(&bytes, known))];
        Ok(looked)
    }

    fn look_at_set(&self, file: &Path, global: &Global) -> anyhow::Result<Looked> {
        let mut looked = Looked { parts: Some("file"), ..Looked::at(file) };
        let mut set = match Set::open(file) {
            Err(SetError::Refused(message)) => return Ok(looked.distrusted(message)),
            set => set?,
        };
        match self.signers.as_ref().map(|signers| set.signer(signers)) {
            Some(Ok(by)) => looked.signed_by = Some(by.to_owned()),
            Some(Err(error)) => return Ok(looked.distrusted(error.to_string())),
            None if set.is_signed() => {
                global.say("it is signed: --signers FILE would look at the signature");
            }
            None => {}
        }
        let own = set.manifest().filter(|_| self.known.is_none()).map(Known::of_manifest);
        let Some(known) = self.known.as_ref().or(own.as_ref()) else {
            return Ok(looked.distrusted("its manifest cannot be read".to_owned()));
        };
        let bar = progress::bar(set.count(), global);
        looked.verdicts = set.judge(known, &|| bar.inc(1));
        bar.finish_and_clear();
        Ok(looked)
    }

    fn look_at_manifest(&self, file: &Path, bytes: &[u8], manifest: &Manifest) -> Looked {
        let mut looked = Looked { parts: Some("certificate"), ..Looked::at(file) };
        match self.signers.as_ref().map(|signers| signer(file, bytes, signers)) {
            Some(Ok(by)) => looked.signed_by = Some(by.to_owned()),
            Some(Err(error)) => return looked.distrusted(error.to_string()),
            None => {}
        }
        let own;
        let known = if let Some(known) = &self.known {
            known
        } else {
            own = Known::of_manifest(manifest);
            &own
        };
        let verdicts = manifest.certificates.iter().filter_map(|certificate| {
            Some((certificate.id.to_string(), verify::listed(certificate, known)?))
        });
        looked.verdicts = verdicts.collect();
        looked
    }
}
