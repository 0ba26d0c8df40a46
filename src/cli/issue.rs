//! `accolade issue`: a roster to numbered certificates.

mod report;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Instant;

use chrono::{Local, NaiveDate};
use clap::Args;

use super::{Format, Global, formats, progress};
use crate::certificate::{self, Recipient};
use crate::issuance::{self, Plan};
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
        let formats =
            if self.format.is_empty() { issuer.formats.clone() } else { formats(&self.format) };
        let roster = Roster::read(self, &issuer, global)?;

        // Whatever can be refused is refused before anything is written.
        let register = journal::read(folder)?;
        let (mut plan, mut press) = roster.proof(&register, &formats, folder)?;
        if roster.dry_run {
            return report::plan(&plan, &lost(&plan, &register, folder), &register, global);
        }
        let new = plan.new.iter().map(|planned| &planned.certificate);
        issuance::check_folders(new, folder)?;

        let mut journal = global.open_journal()?;
        if let Some(torn) = journal.torn() {
            global.say(&format!(
                "moved the register's unfinished last line to {}: {torn}",
                journal::TORN
            ));
        }
        if journal.register().events() != register.events() {
            // Someone else has written in between.
            (plan, press) = roster.proof(journal.register(), &formats, folder)?;
        }
        let lost = lost(&plan, journal.register(), folder);
        let bar = progress::bar(plan.new.len() + lost.len(), global);
        let done = |count: usize| bar.inc(count as u64);
        let records = journal.register().records();
        let lost_records: Vec<&Record> = lost.iter().map(|place| &records[*place]).collect();
        issuance::restore(&lost_records, &press, folder, &done)?;
        issuance::issue(&plan.new, &formats, &press, folder, &mut journal, &done)?;
        bar.finish_and_clear();

        let outcome = report::Outcome {
            plan: &plan,
            restored: &lost,
            formats: &formats,
            register: journal.register(),
        };
        outcome.print(global)?;
        outcome.close(started.elapsed(), global);
        Ok(())
    }
}

/// A roster that has been read, and who issues it.
struct Roster<'a> {
    file: String,
    people: Vec<Recipient>,
    issuer: &'a Issuer,
    dry_run: bool,
}

impl<'a> Roster<'a> {
    fn read(command: Issue, issuer: &'a Issuer, global: &Global) -> anyhow::Result<Self> {
        let file = command.roster.display().to_string();
        let defaults = Defaults {
            category: command.category,
            year: command.year,
            date: command.date.unwrap_or_else(|| Local::now().date_naive()),
        };
        let people = roster::read(&global.path(&command.roster), &file, issuer, &defaults)?;
        Ok(Self { file, people, issuer, dry_run: command.dry_run })
    }

    /// What is to be done, and the press that can do it: every new certificate has been set.
    fn proof(
        &self,
        register: &Register,
        formats: &[certificate::Format],
        folder: &Path,
    ) -> anyhow::Result<(Plan, Press)> {
        let refuse = |problems| RosterError::Problems { file: self.file.clone(), problems };
        let plan = issuance::plan(&self.people, self.issuer, register).map_err(refuse)?;
        let mut templates: BTreeSet<&str> =
            plan.new.iter().map(|planned| planned.template.as_str()).collect();
        for place in lost(&plan, register, folder) {
            templates.insert(&register.records()[place].entry.template.name);
        }
        let press = Press::open(folder, templates)?;
        let mut problems = issuance::proof(&plan.new, &press)?;
        problems.extend(issuance::strangers(&plan.new, formats, folder));
        press.prepare(formats)?;
        if problems.is_empty() { Ok((plan, press)) } else { Err(refuse(problems).into()) }
    }
}

/// Those of the roster whose certificate stands and has lost a file.
fn lost(plan: &Plan, register: &Register, folder: &Path) -> Vec<usize> {
    plan.standing()
        .filter(|place| !issuance::missing(&register.records()[*place], folder).is_empty())
        .collect()
}
