//! What `accolade verify` compares files with, and whose signatures it believes.

use std::path::Path;

use anyhow::{Context, bail};

use super::super::Global;
use crate::disk;
use crate::export::manifest::{self, Manifest};
use crate::issuer::Issuer;
use crate::register::{self, RegisterError, journal};
use crate::trust::{Signers, TrustError};
use crate::verify::{self, Known};

/// What files are compared with.
pub(super) struct Yardstick {
    /// A register or a manifest; else each set has its own.
    pub known: Option<Known>,
    /// Whose signatures count, where they are asked for.
    pub signers: Option<Signers>,
    /// Who has signed the manifest that was named, where that was asked for.
    pub signed_by: Option<String>,
    /// Whether a manifest was named: then what others say of themselves need not be signed, and
    /// is compared with it.
    is_named: bool,
}

impl Yardstick {
    /// A manifest that is named, else the register of the folder, else what each set says of
    /// itself where it is signed.
    pub fn of(
        manifest: Option<&Path>,
        signers: Option<&Path>,
        global: &Global,
    ) -> anyhow::Result<Self> {
        let read = |file: &Path| disk::read_text(&global.path(file), manifest::LARGEST);
        let signers = signers.map(read).transpose()?;
        let signers = signers.map(|text| Signers::parse(&text)).transpose()?;
        let is_named = manifest.is_some();
        if let Some(file) = manifest {
            let (known, signed_by) = named(&global.path(file), signers.as_ref(), global)?;
            return Ok(Self { known: Some(known), signers, signed_by, is_named });
        }
        let has_register = global.path(register::FILE.as_ref()).exists();
        if !has_register && signers.is_none() {
            bail!(
                "there is no register here to compare with: say -C DIR for the folder of an issuer, \
                 --manifest FILE, or --signers FILE for what is signed"
            );
        }
        let read = || {
            let known = Known::of_register(journal::read(&global.folder)?, &global.folder);
            // What was issued is in the register, whatever has become of accolade.toml.
            Ok::<_, RegisterError>(match Issuer::read(&global.folder) {
                Ok(issuer) => known.of_issuer(&issuer.name, &issuer.url),
                Err(_) => known,
            })
        };
        let known = has_register.then(read).transpose()?;
        Ok(Self { known, signers, signed_by: None, is_named })
    }

    /// Whose signatures count on what a file says of itself.
    pub fn signers_of_own(&self) -> Option<&Signers> {
        self.signers.as_ref().filter(|_| !self.is_named)
    }
}

/// A manifest that is named, and who has signed it.
fn named(
    file: &Path,
    signers: Option<&Signers>,
    global: &Global,
) -> anyhow::Result<(Known, Option<String>)> {
    let shown = file.display();
    if verify::is_set(file)? {
        if file.is_dir() {
            bail!("{shown} is a folder: say --manifest {shown}/{}", manifest::FILE);
        }
        bail!(
            "{shown} is a ZIP, and --manifest wants a manifest: take {} and {} out of it, and name \
             the first",
            manifest::FILE,
            manifest::SIGNATURE
        );
    }
    let bytes = disk::read(file, manifest::LARGEST)?;
    if register::is_register(&bytes) {
        bail!("{shown} is a register: say -C DIR, for its folder, rather than --manifest");
    }
    let manifest = Manifest::parse(&bytes).with_context(|| shown.to_string())?;
    let sign = |signers| signer(signers, Some(&manifest.url), file, &bytes);
    let signed_by = signers.map(sign).transpose()?;
    global.say(&match &signed_by {
        Some(by) => format!("{shown} is signed by {by}"),
        None => format!("{shown} is believed as it is: --signers looks at its signature"),
    });
    Ok((Known::of_manifest(&manifest), signed_by))
}

/// Who has signed a file for its issuer, where it names one: its signature lies beside it.
pub(super) fn signer(
    signers: &Signers,
    issuer: Option<&str>,
    file: &Path,
    bytes: &[u8],
) -> Result<String, TrustError> {
    let mut beside = file.as_os_str().to_owned();
    beside.push(".sig");
    let beside = Path::new(&beside);
    let unsigned = || format!("it is not signed: {} is not there", beside.display());
    match disk::read(beside, manifest::LARGEST) {
        Err(error) if error.is_missing() => Err(TrustError::Signature(unsigned())),
        signature => signers.verify(issuer, bytes, &signature?),
    }
}
