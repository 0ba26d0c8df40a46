//! `accolade issue`: a roster to numbered certificates.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::Instant;

use chrono::{Local, NaiveDate};
use clap::Args;
use serde::Serialize;
use serde_json::json;

use super::{Format, Global, formats, present, progress};
use crate::certificate::{self, Certificate};
use crate::issuance::{self, Plan, Planned};
use crate::issuer::Issuer;
use crate::register::{Record, Register, journal};
use crate::render::Press;
use crate::roster::{self, Defaults, RosterError};

const EXAMPLES: &str = "\
Examples:
  accolade issue roster.csv --dry-run
  accolade issue roster.csv --year 2020 --date 2021-02-01
  accolade issue speakers.csv --category lecturer --format pdf

The roster is CSV in UTF-8, with a line of headers: name (姓名) is needed; category (类别), key,
id, date and year are understood. Other columns reach certificates once accolade.toml makes
them public. The same roster issued twice issues nothing the second time.";

/// Issue certificates to the people of a roster.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Issue {
    /// The roster, a CSV file.
    roster: PathBuf,
    /// The category of everyone whose row does not say it: a key, title or alias.
    #[arg(long)]
    category: Option<String>,
    /// The year the certificates are for [default: the year of the date].
    #[arg(long, value_parser = clap::value_parser!(u16).range(1000..=9999))]
    year: Option<u16>,
    /// The date of issue, such as 2021-02-01 [default: today].
    #[arg(long)]
    date: Option<NaiveDate>,
    /// Show what would be done, and do nothing.
    #[arg(long)]
    dry_run: bool,
    /// Write these formats only [default: those in accolade.toml].
    #[arg(long, value_delimiter = ',', value_name = "FORMATS")]
    format: Vec<Format>,
}

impl Issue {
    pub(super) fn run(self, global: &Global) -> anyhow::Result<()> {
        let started = Instant::now();
        let folder = &global.folder;
        let issuer = Issuer::read(folder)?;
        let file = self.roster.display().to_string();
        let defaults = Defaults {
            category: self.category.clone(),
            year: self.year,
            date: self.date.unwrap_or_else(|| Local::now().date_naive()),
        };
        let people = roster::read(&global.path(&self.roster), &file, &issuer, &defaults)?;
        let refuse = |problems| RosterError::Problems { file: file.clone(), problems };
        let formats =
            if self.format.is_empty() { issuer.formats.clone() } else { formats(&self.format) };

        if self.dry_run {
            let register = journal::read(folder)?;
            let plan = issuance::plan(&people, &issuer, &register).map_err(refuse)?;
            let press = open_press(&plan, &register, folder)?;
            proof(&plan, &press, refuse)?;
            return show_plan(&plan, &register, global);
        }
        // Whatever can be refused is refused before the register is even created.
        let early = journal::read(folder)?;
        let plan = issuance::plan(&people, &issuer, &early).map_err(refuse)?;
        let press = open_press(&plan, &early, folder)?;
        proof(&plan, &press, refuse)?;
        press.prepare(&formats)?;
        issuance::check_folders(&plan.new, folder)?;

        let mut journal = global.open_journal()?;
        if let Some(torn) = journal.torn() {
            global.say(&format!("set aside the register's unfinished last line: {torn}"));
        }
        // Someone else may have issued in between.
        let plan = issuance::plan(&people, &issuer, journal.register()).map_err(refuse)?;
        let lost = lost(&plan, journal.register(), folder);
        let bar = progress::bar(plan.new.len() + lost.len(), global);
        let done = |count: usize| bar.inc(count as u64);
        let lost_records: Vec<&Record> =
            lost.iter().map(|place| &journal.register().records()[*place]).collect();
        issuance::restore(&lost_records, &press, folder, &done)?;
        let issued = plan.new.clone();
        issuance::issue(plan.new.clone(), &formats, &press, folder, &mut journal, &done)?;
        bar.finish_and_clear();
        drop(press);
        let outcome = Outcome { plan: &plan, restored: &lost, register: journal.register() };
        outcome.report(&issued, &formats, global)?;
        outcome.close(started.elapsed(), global);
        Ok(())
    }
}

/// A press with the templates of the plan: of newcomers, and of those whose files are missing.
fn open_press(plan: &Plan, register: &Register, folder: &std::path::Path) -> anyhow::Result<Press> {
    let mut templates: BTreeSet<&str> = plan.new.iter().map(|p| p.template.as_str()).collect();
    for place in lost(plan, register, folder) {
        templates.insert(&register.records()[place].entry.template.name);
    }
    Ok(Press::open(folder, templates)?)
}

fn proof(
    plan: &Plan,
    press: &Press,
    refuse: impl Fn(Vec<roster::Problem>) -> RosterError,
) -> anyhow::Result<()> {
    let problems = issuance::proof(&plan.new, press)?;
    if problems.is_empty() { Ok(()) } else { Err(refuse(problems).into()) }
}

/// Those of the roster whose certificate stands and has lost a file.
fn lost(plan: &Plan, register: &Register, folder: &std::path::Path) -> Vec<usize> {
    let standing = plan.unchanged.iter().chain(plan.differs.iter().map(|d| &d.record));
    standing
        .copied()
        .filter(|place| !issuance::missing(&register.records()[*place], folder).is_empty())
        .collect()
}

/// What `--dry-run` shows: a line a newcomer, then the counts.
fn show_plan(plan: &Plan, register: &Register, global: &Global) -> anyhow::Result<()> {
    if global.json {
        return present::json(&json!({
            "new": plan.new.iter().map(|p| Brief::of(&p.certificate)).collect::<Vec<_>>(),
            "unchanged": briefs(&plan.unchanged, register),
            "differs": differences(plan, register),
            "withdrawn": briefs(&plan.withdrawn, register),
        }));
    }
    for planned in &plan.new {
        let Certificate { id, name, category, .. } = &planned.certificate;
        present::line(&format!("+ {id}  {name}  ({category})"))?;
    }
    for difference in &plan.differs {
        for change in describe(difference, register) {
            present::line(&format!("~ {change}"))?;
        }
    }
    for place in &plan.withdrawn {
        let Certificate { id, name, .. } = &register.records()[*place].entry.certificate;
        present::line(&format!("! {id}  {name}  (revoked, not issued again)"))?;
    }
    global.say(&format!(
        "{} new, {} unchanged, {} differ, {} withdrawn; nothing was written",
        plan.new.len(),
        plan.unchanged.len(),
        plan.differs.len(),
        plan.withdrawn.len()
    ));
    Ok(())
}

/// A certificate in a few words.
#[derive(Serialize)]
struct Brief<'a> {
    id: &'a str,
    name: &'a str,
    category: &'a str,
    year: u16,
    path: &'a str,
}

impl<'a> Brief<'a> {
    fn of(certificate: &'a Certificate) -> Self {
        let Certificate { id, name, category, year, path, .. } = certificate;
        Self { id, name, category, year: *year, path }
    }
}

fn briefs<'a>(places: &[usize], register: &'a Register) -> Vec<Brief<'a>> {
    places.iter().map(|place| Brief::of(&register.records()[*place].entry.certificate)).collect()
}

fn differences(plan: &Plan, register: &Register) -> Vec<serde_json::Value> {
    let value = |difference: &issuance::Difference| {
        let changes = difference.changes.iter().map(
            |(column, has, says)| json!({ "column": column, "certificate": has, "roster": says }),
        );
        json!({
            "row": difference.row,
            "id": register.records()[difference.record].entry.certificate.id,
            "changes": changes.collect::<Vec<_>>(),
        })
    };
    plan.differs.iter().map(value).collect()
}

fn describe(difference: &issuance::Difference, register: &Register) -> Vec<String> {
    let id = &register.records()[difference.record].entry.certificate.id;
    let row = difference.row;
    let line = |(column, has, says): &(String, String, String)| {
        format!("{id}  {column}: the certificate says {has:?}, row {row} says {says:?}")
    };
    difference.changes.iter().map(line).collect()
}

/// What an issue has done.
struct Outcome<'a> {
    plan: &'a Plan,
    restored: &'a [usize],
    register: &'a Register,
}

impl Outcome<'_> {
    /// The result: a line a category and year, or all of it as JSON.
    fn report(
        &self,
        issued: &[Planned],
        formats: &[certificate::Format],
        global: &Global,
    ) -> anyhow::Result<()> {
        if global.json {
            return present::json(&json!({
                "issued": issued.iter().map(|p| Brief::of(&p.certificate)).collect::<Vec<_>>(),
                "formats": formats,
                "restored": briefs(self.restored, self.register),
                "unchanged": self.plan.unchanged.len(),
                "differs": differences(self.plan, self.register),
                "withdrawn": briefs(&self.plan.withdrawn, self.register),
            }));
        }
        let mut sets: BTreeMap<(u16, &str), Vec<&Certificate>> = BTreeMap::new();
        for planned in issued {
            let certificate = &planned.certificate;
            sets.entry((certificate.year, &certificate.category)).or_default().push(certificate);
        }
        for ((year, category), set) in sets {
            let ids = match set.as_slice() {
                [only] => only.id.clone(),
                [first, .., last] => format!("{} … {}", first.id, last.id),
                [] => continue,
            };
            present::line(&format!("{year} {category:<16} {:>6}  {ids}", set.len()))?;
        }
        Ok(())
    }

    /// The closing line, and what is left to the issuer.
    fn close(&self, elapsed: std::time::Duration, global: &Global) {
        let mut parts = vec![format!("issued {}", people(self.plan.new.len()))];
        if !self.restored.is_empty() {
            parts.push(format!("restored {}", people(self.restored.len())));
        }
        let standing = self.plan.unchanged.len() + self.plan.differs.len();
        if standing > 0 {
            parts.push(format!("{standing} had theirs already"));
        }
        let place = match self.plan.new.first() {
            Some(first) => {
                let path = global.folder.join(&first.certificate.path);
                let set = path.parent().and_then(std::path::Path::parent).unwrap_or(&path);
                format!(" in {}", set.display())
            }
            None => String::new(),
        };
        global.say(&format!("{}{place}, in {}", parts.join(", "), progress::time(elapsed)));
        for difference in &self.plan.differs {
            for change in describe(difference, self.register) {
                global.say(&format!("differs: {change}"));
            }
        }
        if let Some(first) = self.plan.differs.first() {
            let id = &self.register.records()[first.record].entry.certificate.id;
            global.say(&format!(
                "to mend a certificate: accolade reissue {id} --name NAME --reason \"…\"; \
                 to tell two people apart: a column key"
            ));
        }
        if !self.plan.withdrawn.is_empty() {
            global.say(&format!(
                "{} of the roster was revoked, and not issued again",
                people(self.plan.withdrawn.len())
            ));
        }
    }
}

fn people(count: usize) -> String {
    if count == 1 { "1 certificate".to_owned() } else { format!("{count} certificates") }
}
