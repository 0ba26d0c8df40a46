//! `accolade register renumber`: numbers that a merge has given twice, settled.

use std::collections::BTreeSet;

use clap::Args;
use serde_json::json;

use super::super::{Global, present, progress};
use super::upstream;
use crate::issuance::{self, Renumbering};
use crate::issuer::Issuer;
use crate::register::{Register, journal};
use crate::text::Text;

const EXAMPLES: &str = "\
Examples:
  git merge -X ours their-branch      both sides keep their lines; of the pictures ours are kept
  accolade register renumber --dry-run
  accolade register renumber

Of those who share a number, the one whose line comes first keeps it; or whoever has it on the
branch that this one follows already, since that is published. The others get the next free
numbers, and new files.";

/// Give the next free number to whoever shares one after a merge.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Renumber {
    /// What is published: a branch, tag or commit of git [default: the branch this one follows].
    #[arg(long, value_name = "REF")]
    upstream: Option<String>,
    /// Show what would be done, and do nothing.
    #[arg(long)]
    dry_run: bool,
    /// Renumber even what is published, where several who share a number are.
    #[arg(long)]
    force: bool,
    /// Draw with the templates as they are now, although they have changed.
    #[arg(long)]
    redesign: bool,
}

impl Renumber {
    pub(super) fn run(self, global: &Global) -> anyhow::Result<()> {
        let issuer = Issuer::read(&global.folder)?;
        let plan = |register: &Register| -> anyhow::Result<Vec<Renumbering>> {
            if register.conflicts().is_empty() {
                return Ok(Vec::new());
            }
            let published = upstream::register(&global.folder, self.upstream.as_deref())?;
            if published.is_none() {
                global.whisper("nothing is published: there is no register upstream");
            }
            let published = published.as_ref();
            Ok(issuance::renumberings(register, &issuer, published, self.force)?)
        };
        if self.dry_run {
            let register = journal::read(&global.folder)?;
            return self.report(&plan(&register)?, &register, global);
        }
        let mut journal = global.open_journal_to_settle()?;
        let renumberings = plan(journal.register())?;
        let records = journal.register().records();
        let concerned = renumberings.iter().flat_map(|r| [r.record, r.keeper]);
        let templates: BTreeSet<Text> = concerned
            .filter(|place| records[*place].stands())
            .map(|place| issuance::template(&records[place].entry, &issuer).cloned())
            .collect::<Result<_, _>>()?;
        let press = global.press(templates.iter().map(Text::as_str).collect(), &issuer)?;
        Global::prepare(&press, &issuer.formats)?;
        let bar = progress::Work::begin(renumberings.len(), global);
        issuance::renumber(
            &renumberings,
            self.redesign,
            &issuer,
            &press,
            &global.folder,
            &mut journal,
            &bar,
        )?;
        drop(bar);
        self.report(&renumberings, journal.register(), global)
    }

    fn report(
        &self,
        renumberings: &[Renumbering],
        register: &Register,
        global: &Global,
    ) -> anyhow::Result<()> {
        if global.json {
            let rows = renumberings.iter().map(|renumbering| {
                json!({
                    "name": renumbering.certificate.name,
                    "formerly": renumbering.formerly,
                    "id": renumbering.certificate.id,
                    "path": renumbering.certificate.path,
                })
            });
            let rows: Vec<_> = rows.collect();
            return present::json(&json!({ "renumbered": rows, "dry_run": self.dry_run }));
        }
        let becomes = if self.dry_run { "would be" } else { "is now" };
        for renumbering in renumberings {
            let Renumbering { keeper, formerly, certificate, .. } = renumbering;
            let keeper = &register.records()[*keeper].entry.certificate.name;
            present::line(&format!(
                "{formerly} of {} {becomes} {}; {keeper} keeps {formerly}",
                certificate.name, certificate.id
            ))?;
        }
        let years: BTreeSet<u16> = renumberings.iter().map(|r| r.certificate.year).collect();
        match (renumberings.is_empty(), self.dry_run) {
            (true, _) => global.say("no number has been given twice"),
            (false, true) => {}
            (false, false) => {
                for year in years {
                    global
                        .say(&format!("next: accolade honor-roll {year} --write, if you have one"));
                }
            }
        }
        Ok(())
    }
}
