//! `accolade adopt`: certificates that other hands have made, taken into the register.

mod rolls;

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value, json};

use super::issue::report;
use super::rows::Rows;
use super::{Global, present};
use crate::certificate::Certificate;
use crate::issuance::{self, Adoption, Pictures};
use crate::issuer::Issuer;
use crate::register::{Entry, Register, journal};
use rolls::Rolls;

const EXAMPLES: &str = "\
Examples:
  accolade adopt certificate/2020/volunteer/README.md --date 2021-02-01 --dry-run
  accolade adopt honour-roll.md --date 2021-02-01 --pictures certificate/2020
  accolade adopt volunteers.md lecturers.md --date 2021-02-01
  accolade adopt old.csv --date 2021-02-01 --category volunteer

Nothing is drawn: numbers are taken as they stand, gaps and all, and pictures as they are. In a page
of Markdown every table with names counts, and every list of names under a heading that names a
category; headings say the year too, where the numbers do not. Any other roster needs the numbers in
a column id (编号). Pictures are PNG or PDF and called by number or by name.

`accolade issue` with a column id gives those numbers too, but draws the certificates.";

/// Take certificates that were made by hand into the register, without drawing them.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
#[command(mut_arg("date", |date| date.help(DATE)), mut_arg("year", |year| year.help(YEAR)))]
pub(super) struct Adopt {
    /// Honour rolls in Markdown, or rosters with a column of numbers; - for standard input. Whoever
    /// stands in several counts once.
    #[arg(required = true, value_name = "ROLL")]
    rolls: Vec<PathBuf>,
    /// The folder with their pictures, in the folder of accolade.toml [default: where new ones
    /// would be written].
    #[arg(long, value_name = "DIR")]
    pictures: Option<PathBuf>,
    #[command(flatten)]
    rows: Rows,
    /// Show what would be adopted, and adopt nothing.
    #[arg(long)]
    dry_run: bool,
}

const DATE: &str = "The date of issue that they bear, such as 2021-02-01";
const YEAR: &str = "The year they are for [default: that of the number, the heading or the date]";

impl Adopt {
    pub(super) fn run(self, global: &Global) -> anyhow::Result<()> {
        let folder = &global.folder;
        let issuer = Issuer::read(folder)?;
        let rolls = Rolls::read(&self.rolls, &self.rows, &issuer, global)?;
        let pictures = self.pictures.as_deref().map(|pictures| global.path(pictures));
        let pictures = pictures.map(|pictures| Pictures::of(&pictures, folder)).transpose()?;
        let look = Look { rolls, pictures, issuer };

        // Whatever can be refused is refused before anything is written.
        let register = journal::read(folder)?;
        let mut adoption = look.adoption(&register, folder)?;
        if !self.dry_run && !adoption.entries.is_empty() {
            let mut journal = global.open_journal()?;
            if journal.register().events() != register.events() {
                // Someone else has written in between.
                adoption = look.adoption(journal.register(), folder)?;
            }
            issuance::adopt(&adoption.entries, &mut journal)?;
        }
        let told =
            Told { adoption: &adoption, register: &register, warnings: &look.rolls.warnings };
        told.print(self.dry_run, global)?;
        told.close(self.dry_run, self.pictures.as_deref(), global);
        Ok(())
    }
}

/// All there is to look at.
struct Look {
    rolls: Rolls,
    pictures: Option<Pictures>,
    issuer: Issuer,
}

impl Look {
    fn adoption(&self, register: &Register, folder: &Path) -> anyhow::Result<Adoption> {
        let Self { rolls, pictures, issuer } = self;
        let people = &rolls.people;
        let adoption = issuance::adoption(people, pictures.as_ref(), issuer, register, folder);
        let mut adoption = adoption.map_err(|problems| rolls.refuse(problems))?;
        rolls.settle(&mut adoption.plan);
        Ok(adoption)
    }
}

/// What is told of an adoption.
struct Told<'a> {
    adoption: &'a Adoption,
    /// The register as it was before.
    register: &'a Register,
    warnings: &'a [Value],
}

impl Told<'_> {
    /// The result: a line a category and year, before it happens a line a certificate, or all
    /// of it as JSON.
    fn print(&self, dry_run: bool, global: &Global) -> anyhow::Result<()> {
        let Adoption { entries, plan, unclaimed } = self.adoption;
        if global.json {
            let entry = |entry: &Entry| {
                let Certificate { id, name, category, year, path, .. } = &entry.certificate;
                json!({
                    "id": id, "name": name, "category": category, "year": year, "path": path,
                    "files": entry.files,
                })
            };
            return present::json(&json!({
                (if dry_run { "new" } else { "adopted" }): entries.iter().map(entry).collect::<Vec<_>>(),
                "unchanged": plan.unchanged.len(),
                "differs": report::differences(plan, self.register),
                "withdrawn": report::briefs(&plan.withdrawn, self.register),
                "unclaimed": unclaimed,
                "warnings": self.warnings,
            }));
        }
        if dry_run {
            for Entry { certificate, files, .. } in entries {
                let Certificate { id, name, category, year, path, .. } = certificate;
                let endings: Vec<_> = files.keys().map(ToString::to_string).collect();
                let picture = match endings.join(" and ") {
                    none if none.is_empty() => "no picture".to_owned(),
                    endings => format!("{path}.{endings}"),
                };
                present::line(&format!("+ {id}  {name}  ({category} {year})  {picture}"))?;
            }
            return Ok(());
        }
        report::print_sets(entries.iter().map(|entry| &entry.certificate))
    }

    /// The closing line, and what is left to the issuer.
    fn close(&self, dry_run: bool, pictures: Option<&Path>, global: &Global) {
        let Adoption { entries, plan, unclaimed } = self.adoption;
        let without: Vec<&str> = entries
            .iter()
            .filter(|entry| entry.files.is_empty())
            .map(|entry| entry.certificate.id.as_str())
            .collect();
        let done = if dry_run { "would adopt" } else { "adopted" };
        let mut parts = vec![format!("{done} {}", report::certificates(entries.len()))];
        if without.len() < entries.len() {
            parts.push(format!("{} with pictures", entries.len() - without.len()));
        }
        let known = plan.standing().count();
        if known > 0 {
            parts.push(format!("{known} stood in the register already"));
        }
        if !plan.withdrawn.is_empty() {
            parts.push(format!("{} revoked and left so", plan.withdrawn.len()));
        }
        global.say(&parts.join(", "));
        for difference in &plan.differs {
            for change in report::describe(difference, self.register) {
                global.say(&format!("differs: {change}"));
            }
        }
        match (without.as_slice(), pictures) {
            ([], _) => {}
            (without, Some(folder)) => global.say(&format!(
                "no picture in {} is called by number or name of: {}",
                folder.display(),
                some(without)
            )),
            (without, None) if without.len() == entries.len() => {
                global.say("no picture was looked for elsewhere: say --pictures with their folder");
            }
            (without, None) => global.say(&format!(
                "no picture in its place, and --pictures was not said: {}",
                some(without)
            )),
        }
        if !unclaimed.is_empty() {
            global.say(&format!("pictures of nobody in the register: {}", some(unclaimed)));
        }
        if dry_run {
            global.say("nothing was written");
        }
    }
}

/// How many are named one by one.
const NAMED: usize = 20;

/// Some names; of many, the rest is counted.
fn some(names: &[impl AsRef<str>]) -> String {
    let shown: Vec<&str> = names.iter().take(NAMED).map(AsRef::as_ref).collect();
    match names.len().checked_sub(NAMED) {
        None | Some(0) => shown.join(", "),
        Some(more) => format!("{} and {more} more (--json names all)", shown.join(", ")),
    }
}
