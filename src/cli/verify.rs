//! `accolade verify`: whether files are certificates that were issued, stand, and are unaltered.

mod looked;
mod yardstick;

use std::path::{Path, PathBuf};

use anyhow::bail;
use clap::Args;

use looked::Looked;
use yardstick::Yardstick;

use super::{Global, counted, present, progress};
use crate::disk;
use crate::export::manifest::Manifest;
use crate::register;
use crate::trust;
use crate::verify::{self, Known, Set, SetError, Whole};

const EXAMPLES: &str = "\
Examples:
  accolade verify V20200001.png
  accolade verify ../2020.zip certificate/2020
  accolade verify 2020.zip --signers allowed_signers
  accolade verify V20200001.pdf --manifest manifest.json --signers allowed_signers
  accolade verify register.jsonl --signers allowed_signers

Certificates are compared with the register of the folder, or with a manifest: a PDF by its
bytes, a PNG by its pixels, so that it may have been compressed again. allowed_signers has the
line that the issuer's `accolade key show` prints; a manifest counts if it is signed by who may
sign for the issuer it names. Exit code 3 when a file is not one that was issued, current, and
unaltered; 1 when all that is wrong is that one cannot be read.";

/// Say whether files are certificates of ours, current and unaltered.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Verify {
    /// PNGs, PDFs, folders or ZIPs of them, manifests, and registers that are signed.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Compare with this manifest rather than with the register.
    #[arg(long, value_name = "FILE")]
    manifest: Option<PathBuf>,
    /// Believe a manifest only if one of these, who may sign for its issuer, has signed it. Where
    /// there is no register and no --manifest, a folder or ZIP is compared with its own.
    #[arg(long, value_name = "FILE")]
    signers: Option<PathBuf>,
}

impl Verify {
    pub(super) fn run(self, global: &Global) -> anyhow::Result<()> {
        let yardstick = Yardstick::of(self.manifest.as_deref(), self.signers.as_deref(), global)?;
        let (mut is_any_bad, mut is_any_unread) = (false, false);
        let mut report = Vec::new();
        for file in &self.files {
            let file = global.path(file);
            let looked = look(&file, &yardstick, global)
                .unwrap_or_else(|error| Looked::unread(&file, &error));
            is_any_unread |= looked.unread.is_some();
            is_any_bad |= looked.unread.is_none() && !looked.is_good();
            if global.json {
                report.push(looked.json());
            } else {
                looked.print(global)?;
            }
        }
        if global.json {
            present::json(&report)?;
        }
        match (is_any_bad, is_any_unread) {
            (true, _) => Err(present::No.into()),
            (false, true) => Err(present::Told.into()),
            (false, false) => Ok(()),
        }
    }
}

fn look(file: &Path, yardstick: &Yardstick, global: &Global) -> anyhow::Result<Looked> {
    if verify::is_set(file)? {
        return look_at_set(file, yardstick, global);
    }
    let bytes = disk::read(file, verify::LARGEST)?;
    if register::is_register(&bytes) {
        return look_at_register(file, &bytes, yardstick);
    }
    if bytes.starts_with(b"{") {
        return Ok(match Manifest::parse(&bytes) {
            Ok(manifest) => look_at_manifest(file, &bytes, &manifest, yardstick, global)?,
            Err(error) => Looked::at(file).distrusted(error.to_string()),
        });
    }
    let Some(known) = &yardstick.known else {
        bail!("it has no manifest of its own: name one with --manifest FILE, beside --signers");
    };
    let mut looked = Looked { signed_by: yardstick.signed_by.clone(), ..Looked::at(file) };
    looked.verdicts = vec![(looked.file.clone(), verify::judge(&bytes, known))];
    Ok(looked)
}

fn look_at_set(file: &Path, yardstick: &Yardstick, global: &Global) -> anyhow::Result<Looked> {
    let mut looked = Looked { parts: Some("file"), ..Looked::at(file) };
    let mut set = match Set::open(file) {
        Err(SetError::Refused(message)) => return Ok(looked.distrusted(message)),
        set => set?,
    };
    match yardstick.signers_of_own().map(|signers| set.signer(signers)) {
        Some(Ok(by)) => looked.signed_by = Some(by),
        Some(Err(error)) => return Ok(looked.distrusted(error.to_string())),
        None if set.is_signed() && yardstick.signers.is_none() => {
            let file = &looked.file;
            global.say(&format!("{file} is signed: --signers FILE would look at the signature"));
        }
        None => looked.signed_by.clone_from(&yardstick.signed_by),
    }
    let own = set.manifest().filter(|_| yardstick.known.is_none()).map(Known::of_manifest);
    let Some(known) = yardstick.known.as_ref().or(own.as_ref()) else {
        return Ok(looked.distrusted("its manifest cannot be read".to_owned()));
    };
    if let Some(Whole::Altered(how)) = held(&looked.file, set.manifest(), known, global)? {
        return Ok(looked.distrusted(how));
    }
    let bar = progress::bar(set.count(), global);
    looked.verdicts = set.judge(known, &|| bar.inc(1));
    bar.finish_and_clear();
    Ok(looked)
}

fn look_at_manifest(
    file: &Path,
    bytes: &[u8],
    manifest: &Manifest,
    yardstick: &Yardstick,
    global: &Global,
) -> anyhow::Result<Looked> {
    let mut looked = Looked { parts: Some("certificate"), ..Looked::at(file) };
    let issuer = Some(&*manifest.url);
    match yardstick.signers_of_own().map(|s| yardstick::signer(s, issuer, file, bytes)) {
        Some(Ok(by)) => looked.signed_by = Some(by),
        Some(Err(error)) => return Ok(looked.distrusted(error.to_string())),
        None => looked.signed_by.clone_from(&yardstick.signed_by),
    }
    let own;
    let known = if let Some(known) = &yardstick.known {
        known
    } else {
        own = Known::of_manifest(manifest);
        &own
    };
    if let Some(Whole::Altered(how)) = held(&looked.file, Some(manifest), known, global)? {
        return Ok(looked.distrusted(how));
    }
    let verdicts = manifest.certificates.iter().filter_map(|certificate| {
        Some((certificate.id.to_string(), verify::listed(certificate, known)?))
    });
    looked.verdicts = verdicts.collect();
    Ok(looked)
}

/// Holds a manifest as a whole against what is known, and tells of the time that has passed.
fn held(
    file: &str,
    manifest: Option<&Manifest>,
    known: &Known,
    global: &Global,
) -> anyhow::Result<Option<Whole>> {
    let Some(manifest) = manifest else { return Ok(None) };
    let whole = verify::whole(manifest, known)?;
    match &whole {
        Whole::Agrees | Whole::Altered(_) => {}
        Whole::Earlier => global.say(&format!("{file} is of an earlier state of the register")),
        Whole::Rewritten => global.say(&format!(
            "{file} is of a state of the register that cannot be told any more: somebody was \
             forgotten since"
        )),
    }
    Ok(Some(whole))
}

/// A register names no issuer: whoever signs it must be one who may for every address in it.
fn look_at_register(file: &Path, bytes: &[u8], yardstick: &Yardstick) -> anyhow::Result<Looked> {
    let Some(signers) = &yardstick.signers else {
        bail!(
            "it is a register: --signers FILE looks at its signature, and `accolade register \
             verify` at its lines"
        );
    };
    let looked = Looked::at(file);
    let register = match register::read_bytes(bytes) {
        Ok(register) => register,
        Err(error) => return Ok(looked.distrusted(error.to_string())),
    };
    let by = match yardstick::signer(signers, None, file, bytes) {
        Ok(by) => by,
        Err(error) => return Ok(looked.distrusted(error.to_string())),
    };
    let addresses = register.records().iter().map(|record| &record.entry.certificate.url);
    let others = addresses.filter(|url| !url.is_empty() && !trust::may_sign_for(url, &by));
    if let Some(other) = others.min() {
        return Ok(looked.distrusted(format!(
            "the signature is of {by}, who may not sign for {other}, as a certificate in it has it"
        )));
    }
    let certificates = counted(register.records().len(), "certificate");
    let whole = Some(format!("a register of {certificates}, unaltered"));
    Ok(Looked { whole, signed_by: Some(by), ..looked })
}
