//! `accolade revoke`: one certificate taken back.

use clap::Args;
use serde_json::json;

use super::select::Selected;
use super::{Global, present};
use crate::issuance;
use crate::issuer::Issuer;

const EXAMPLES: &str = "\
Examples:
  accolade revoke C20200026 --reason \"entered twice\"

Its number is never given again.";

/// Take one certificate back; its number stays spent.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Revoke {
    #[command(flatten)]
    selected: Selected,
    /// Why; the register keeps it.
    #[arg(long)]
    reason: String,
    /// Leave its files where they are.
    #[arg(long)]
    keep: bool,
}

impl Revoke {
    pub(super) fn run(self, global: &Global) -> anyhow::Result<()> {
        Issuer::read(&global.folder)?;
        let mut journal = global.open_journal()?;
        let place = self.selected.find(journal.register())?;
        let certificate =
            issuance::revoke(place, &self.reason, self.keep, &global.folder, &mut journal)?;
        if global.json {
            return present::json(&json!({ "revoked": certificate }));
        }
        present::line(&certificate.id)?;
        global.say(&format!("revoked {} of {}", certificate.id, certificate.name));
        Ok(())
    }
}
