//! `accolade move`: a person moved to another category.

use std::collections::BTreeSet;

use clap::Args;
use serde_json::json;

use super::select::Selected;
use super::{Format, Global, formats, present};
use crate::issuance::{self, Move as Planned};
use crate::issuer::Issuer;
use crate::register::{Register, journal};

const EXAMPLES: &str = "\
Examples:
  accolade move V20200007 city-manager --reason \"runs the Hangzhou station\" --dry-run
  accolade move V20200007 city-manager --reason \"runs the Hangzhou station\"

The certificate is taken back, and another one issued under the next number of the other category:
of the same year, with the same date of issue. Each names the other, and no number is given again.";

/// Move one person to another category: take the certificate back and issue another.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Move {
    #[command(flatten)]
    selected: Selected,
    /// The category they are moved to: a key, title or alias.
    #[arg(value_name = "TO")]
    to: String,
    /// Why; the register keeps it.
    #[arg(long)]
    reason: String,
    /// Leave the files of the old certificate where they are.
    #[arg(long)]
    keep: bool,
    /// Show what would be done, and do nothing.
    #[arg(long)]
    dry_run: bool,
    /// Write these formats [default: those in accolade.toml].
    #[arg(long, value_delimiter = ',', value_name = "FORMATS")]
    format: Vec<Format>,
}

impl Move {
    pub(super) fn run(self, global: &Global) -> anyhow::Result<()> {
        let issuer = Issuer::read(&global.folder)?;
        if self.dry_run {
            let planned = self.plan(&issuer, &journal::read(&global.folder)?)?;
            return Self::tell(&planned, &[], true, global);
        }
        let mut journal = global.open_journal()?;
        let planned = self.plan(&issuer, journal.register())?;
        let press = global.press(BTreeSet::from([planned.to.template.as_str()]), &issuer)?;
        let formats =
            if self.format.is_empty() { issuer.formats.clone() } else { formats(&self.format) };
        Global::prepare(&press, &formats)?;
        let folder = &global.folder;
        issuance::carry_out(planned.clone(), self.keep, &formats, &press, folder, &mut journal)?;
        let path = &planned.to.certificate.path;
        let files: Vec<String> = formats.iter().map(|format| format!("{path}.{format}")).collect();
        Self::tell(&planned, &files, false, global)
    }

    fn plan(&self, issuer: &Issuer, register: &Register) -> anyhow::Result<Planned> {
        let category = super::category_called(&self.to, "TO", issuer)?;
        let place = self.selected.find(register)?;
        Ok(issuance::plan_move(place, category, &self.reason, issuer, register)?)
    }

    fn tell(
        planned: &Planned,
        files: &[String],
        dry_run: bool,
        global: &Global,
    ) -> anyhow::Result<()> {
        let (from, to) = (&planned.from, &planned.to.certificate);
        if global.json {
            return present::json(&json!({
                (if dry_run { "new" } else { "moved" }): to,
                "from": { "id": from.id, "category": from.category },
                "files": files,
            }));
        }
        if dry_run {
            present::line(&format!("- {}  {}  ({})", from.id, from.name, from.category))?;
            present::line(&format!("+ {}  {}  ({})", to.id, to.name, to.category))?;
            global.say("nothing was written, and no number was spent");
            return Ok(());
        }
        for file in files {
            present::line(file)?;
        }
        global.say(&format!("moved {} from {} to {}", to.name, from.id, to.id));
        Ok(())
    }
}
