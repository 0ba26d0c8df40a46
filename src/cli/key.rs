//! `accolade key`: a key to sign with, and the line that lets others check.

use std::env;
use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use serde_json::json;

use super::signing::{self, PASSPHRASE};
use super::{Global, present};
use crate::issuer::Issuer;
use crate::trust;

const NEW_EXAMPLES: &str = "\
Examples:
  accolade key new
  accolade key new --out ~/keys/community --comment \"My Community, 2026\"
  ACCOLADE_KEY_PASSPHRASE=… accolade key new --out key

It is a key of OpenSSH as any other: `ssh-add` takes it, and an Ed25519 key you have does as
well. Its passphrase is asked for, or taken from ACCOLADE_KEY_PASSPHRASE.";

const SHOW_EXAMPLES: &str = "\
Examples:
  accolade key show >> allowed_signers
  ssh-keygen -Y verify -f allowed_signers -I https://example.org -n accolade \\
    -s manifest.json.sig < manifest.json";

/// Make a key to sign with, or show what others need to check.
#[derive(Debug, Args)]
#[command(arg_required_else_help = true)]
pub(super) struct Key {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    New(New),
    Show(Show),
}

/// Make an Ed25519 key.
#[derive(Debug, Args)]
#[command(after_help = NEW_EXAMPLES)]
struct New {
    /// Where it goes, and with .pub its public half [default: `~/.ssh/accolade_ed25519`].
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// What it says of itself.
    #[arg(long, default_value = "accolade")]
    comment: String,
    /// Leave it without a passphrase: whoever has the file can sign.
    #[arg(long)]
    no_passphrase: bool,
    /// Put it into an issuer's folder or a repository all the same.
    #[arg(long)]
    force: bool,
}

/// Print the line for a file of allowed signers.
#[derive(Debug, Args)]
#[command(after_help = SHOW_EXAMPLES)]
struct Show {
    #[command(flatten)]
    key: signing::Key,
}

impl Key {
    pub(super) fn run(self, global: &Global) -> anyhow::Result<()> {
        match self.command {
            Command::New(new) => new.run(global),
            Command::Show(show) => show.run(global),
        }
    }
}

impl New {
    fn run(self, global: &Global) -> anyhow::Result<()> {
        let file = match &self.out {
            Some(file) => global.path(file),
            None => signing::default_file().context("nothing says where your home folder is")?,
        };
        if self.comment.contains(char::is_control) {
            let message = "--comment is one line of text: it has characters that cannot be printed";
            bail!(present::Usage(message.to_owned()));
        }
        trust::check_place(&file, self.force)?;
        let passphrase = if self.no_passphrase { None } else { Some(passphrase()?) };
        let public = trust::create(&file, &self.comment, passphrase.as_deref(), self.force)?;
        let line = public.to_openssh()?;
        if global.json {
            return present::json(&json!({ "key": file, "public": line }));
        }
        present::line(&file.display().to_string())?;
        present::line(&line)?;
        global.say("keep a copy of the first file where nobody else can read it");
        Ok(())
    }
}

/// A new passphrase: from the environment, else typed twice.
fn passphrase() -> anyhow::Result<String> {
    let passphrase = if let Ok(passphrase) = env::var(PASSPHRASE) {
        passphrase
    } else {
        let first = signing::ask("A passphrase for the key")?;
        if signing::ask("The same again")? != first {
            bail!("these were two different passphrases; no key was made");
        }
        first
    };
    if passphrase.is_empty() {
        bail!("an empty passphrase protects nothing; --no-passphrase makes a key without one");
    }
    Ok(passphrase)
}

impl Show {
    fn run(self, global: &Global) -> anyhow::Result<()> {
        let issuer = Issuer::read(&global.folder)?;
        let key = self.key.find(&issuer, global)?;
        let addresses = issuer.addresses();
        let line = trust::line(&addresses, key.public_key())?;
        if global.json {
            return present::json(&json!({
                "principal": trust::principal(&issuer.url),
                "namespace": trust::NAMESPACE,
                "fingerprint": trust::fingerprint(key.public_key()),
                "allowed_signers": line,
            }));
        }
        Ok(present::line(&line)?)
    }
}
