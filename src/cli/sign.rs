//! `accolade sign`: the register, signed.

use clap::Args;
use serde_json::json;

use super::{Global, present, signing};
use crate::disk;
use crate::issuer::Issuer;
use crate::register::{self, journal};
use crate::trust;

const EXAMPLES: &str = "\
Examples:
  accolade sign
  accolade sign --key ~/.ssh/id_ed25519
  ssh-keygen -Y verify -f allowed_signers -I https://example.org -n accolade \\
    -s register.jsonl.sig < register.jsonl

The signature is of the register as it is: sign again when something was issued. A set is
signed by `accolade export … --sign`.";

/// Sign the register: register.jsonl.sig beside it.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Sign {
    #[command(flatten)]
    key: signing::Key,
}

impl Sign {
    pub(super) fn run(self, global: &Global) -> anyhow::Result<()> {
        let issuer = Issuer::read(&global.folder)?;
        // What cannot be read is not signed.
        journal::read(&global.folder)?;
        let file = global.path(register::FILE.as_ref());
        let bytes = disk::read(&file, register::LARGEST)?;
        let signer = self.key.open(&issuer, global)?;
        let signature = signer.sign(&bytes)?;
        let place = global.path(register::SIGNATURE.as_ref());
        disk::write_whole(&place, signature.as_bytes())?;
        let key = trust::fingerprint(signer.public_key());
        if global.json {
            return present::json(&json!({ "signature": place, "key": key }));
        }
        present::line(&place.display().to_string())?;
        global.say(&format!("signed with {key}"));
        Ok(())
    }
}
