//! `accolade issue`: a roster to numbered certificates.

mod part;
mod plan;
pub(super) mod report;

use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::Args;
use serde_json::Value;

use super::jobs::Jobs;
use super::rows::{Rows, called};
use super::{Format, Global, formats, problems, progress};
use crate::certificate::{self, Certificate, Recipient};
use crate::issuance::{self, Plan};
use crate::issuer::Issuer;
use crate::register::{Record, Register, journal};
use crate::render::Press;
use crate::roster::{Checked, RosterError};
use crate::shard::Shard;

const EXAMPLES: &str = "\
Examples:
  accolade issue roster.csv --dry-run
  accolade issue roster.csv --year 2020 --date 2021-02-01
  accolade issue speakers.csv --category lecturer --format pdf
  accolade issue roster.csv --year 2020 --shard 0/4     one of four processes at once

The roster is CSV (with commas, semicolons, tabs or full-width commas), XLSX, XLS, ODS, JSON,
JSON Lines or a Markdown table; - reads it from standard input. Its encoding is guessed, and the
guess said. It has a line of headers: name (姓名) is needed; category (类别), key, id, date and
year are understood. Merged cells count for their first row, hidden rows like the others. Other
columns reach certificates once accolade.toml makes them public. The same roster issued twice
issues nothing the second time.

An id in the roster is given as it stands, and the certificate drawn; `accolade adopt` takes over
what other hands have drawn already, and draws nothing.";

/// Issue certificates to the people of a roster.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Issue {
    /// The roster: CSV, a workbook, JSON or Markdown; - for standard input.
    roster: PathBuf,
    #[command(flatten)]
    rows: Rows,
    /// Show what would be done, and do nothing.
    #[arg(long)]
    dry_run: bool,
    /// Write these formats only [default: those in accolade.toml].
    #[arg(long, value_delimiter = ',', value_name = "FORMATS")]
    format: Vec<Format>,
    /// Draw one part of N only, I from 0 to N-1; whoever comes first gives all numbers.
    #[arg(long, value_name = "I/N", conflicts_with = "dry_run")]
    shard: Option<Shard>,
    /// Give the numbers, and draw nothing yet.
    #[arg(long, conflicts_with_all = ["dry_run", "shard"])]
    only_numbers: bool,
    #[command(flatten)]
    jobs: Jobs,
}

impl Issue {
    pub(super) fn run(self, global: &Global) -> anyhow::Result<()> {
        self.jobs.begin()?;
        let started = Instant::now();
        let folder = &global.folder;
        let issuer = Issuer::read(folder)?;
        let formats =
            if self.format.is_empty() { issuer.formats.clone() } else { formats(&self.format) };
        let roster = Roster::read(&self, &issuer, global)?;

        if self.shard.is_some() || self.only_numbers {
            return part::run(&roster, self.shard, &formats, global);
        }
        // Whatever can be refused is refused before anything is written.
        let (register, mut work) = roster.first_proof(&formats, global)?;
        if roster.dry_run {
            return plan::show(&work.plan, &work.lost, &roster.warnings, &register, global);
        }
        if work.is_nothing() {
            // No lock either, so that all is well where nothing may be written.
            return work.report(&register, &formats, &roster.warnings, started.elapsed(), global);
        }
        let new = work.plan.new.iter().map(|planned| &planned.certificate);
        issuance::check_folders(new, folder)?;

        let mut journal = global.open_journal()?;
        if journal.register().events() != register.events() {
            // Someone else has written in between.
            work = roster.proof(journal.register(), &formats, global)?;
        }
        let Work { plan, press, given, lost, incomplete } = &work;
        let count = plan.new.len() + given.len() + lost.len() + incomplete.len();
        let bar = progress::Work::begin(count, global);
        let records = journal.register().records();
        let waiting: Vec<Record> = given.iter().map(|place| records[*place].clone()).collect();
        let paths = waiting.iter().map(|record| record.entry.certificate.path.as_str());
        issuance::sweep(paths, folder)?;
        issuance::draw_given(&waiting, &formats, press, folder, &bar, |events| {
            issuance::tell_drawn(events, folder, &mut journal)
        })?;
        let records = journal.register().records();
        let lost_records: Vec<&Record> = lost.iter().map(|place| &records[*place]).collect();
        issuance::restore(&lost_records, press, folder, &bar)?;
        issuance::complete(incomplete, &formats, &issuer, press, folder, &mut journal, &bar)?;
        issuance::issue(&plan.new, &formats, press, folder, &mut journal, &bar)?;
        drop(bar);
        work.report(journal.register(), &formats, &roster.warnings, started.elapsed(), global)
    }
}

/// What there is to do, and the press that can do it: every new certificate has been set.
struct Work {
    plan: Plan,
    press: Press,
    /// Who has a number and no files yet: places in the register's records.
    given: Vec<usize>,
    /// Whose certificate stands and has lost a file: places in the register's records.
    lost: Vec<usize>,
    /// Whose certificate stands and has never been written in all formats.
    incomplete: Vec<usize>,
}

impl Work {
    fn is_nothing(&self) -> bool {
        let Self { plan, given, lost, incomplete, .. } = self;
        plan.new.is_empty() && [given, lost, incomplete].into_iter().all(Vec::is_empty)
    }

    /// Says what has been done.
    fn report(
        &self,
        register: &Register,
        formats: &[certificate::Format],
        warnings: &[Value],
        elapsed: Duration,
        global: &Global,
    ) -> anyhow::Result<()> {
        let outcome = report::Outcome {
            plan: &self.plan,
            drawn: &self.given,
            restored: &self.lost,
            completed: &self.incomplete,
            formats,
            warnings,
            register,
        };
        outcome.print(global)?;
        outcome.close(elapsed, global);
        Ok(())
    }
}

/// A roster that has been read, and who issues it.
struct Roster<'a> {
    file: String,
    people: Vec<Recipient>,
    /// What is odd about it, and has been said to people; for programs.
    warnings: Vec<Value>,
    issuer: &'a Issuer,
    dry_run: bool,
    /// Whether neither --year nor --date was said, so that rows without them get today's.
    year_by_clock: bool,
}

impl<'a> Roster<'a> {
    fn read(command: &Issue, issuer: &'a Issuer, global: &Global) -> anyhow::Result<Self> {
        let file = called(&command.roster);
        let Checked { people, warnings, .. } =
            command.rows.read(&command.roster, issuer, global)?;
        let year_by_clock = command.rows.year_by_clock();
        let warnings = problems::for_programs(&warnings, Some(&file));
        Ok(Self { file, people, warnings, issuer, dry_run: command.dry_run, year_by_clock })
    }

    /// Nobody wants a whole roster issued again because a new year has begun: the clock alone
    /// does not decide that.
    fn check_year(&self, plan: &Plan, register: &Register) -> anyhow::Result<()> {
        let [first, ..] = plan.new.as_slice() else { return Ok(()) };
        let year = first.certificate.year;
        if !self.year_by_clock || plan.new.len() < self.people.len() {
            return Ok(());
        }
        let before: HashMap<(&str, &str), u16> = register
            .records()
            .iter()
            .map(|record| &record.entry.certificate)
            .map(|known| ((known.category.as_str(), known.known_by().as_str()), known.year))
            .collect();
        let known = |certificate: &Certificate| {
            before.get(&(certificate.category.as_str(), certificate.known_by().as_str())).copied()
        };
        let years: Option<Vec<u16>> =
            plan.new.iter().map(|planned| known(&planned.certificate)).collect();
        match years.as_deref() {
            Some([other, ..]) => anyhow::bail!(
                "everyone in {} has a certificate of {other}; to issue them for {year}, say --year \
                 {year}",
                self.file
            ),
            _ => Ok(()),
        }
    }

    /// What is to be done as the register is now, without its lock. A refusal counts when nobody
    /// has written in between: what another process has just issued would look like a file of
    /// strangers.
    fn first_proof(
        &self,
        formats: &[certificate::Format],
        global: &Global,
    ) -> anyhow::Result<(Register, Work)> {
        loop {
            let register = journal::read(&global.folder)?;
            match self.proof(&register, formats, global) {
                Ok(work) => return Ok((register, work)),
                Err(error) => {
                    if journal::read(&global.folder)?.events() == register.events() {
                        return Err(error);
                    }
                }
            }
        }
    }

    /// What the roster would change.
    fn plan(&self, register: &Register) -> Result<Plan, RosterError> {
        let refuse = |problems| RosterError::Problems { file: self.file.clone(), problems };
        issuance::plan(&self.people, self.issuer, register).map_err(refuse)
    }

    /// What is to be done. Refuses whatever can be refused.
    fn proof(
        &self,
        register: &Register,
        formats: &[certificate::Format],
        global: &Global,
    ) -> anyhow::Result<Work> {
        let folder = &global.folder;
        let refuse = |problems| RosterError::Problems { file: self.file.clone(), problems };
        let plan = self.plan(register)?;
        let mut templates: BTreeSet<&str> =
            plan.new.iter().map(|planned| planned.template.as_str()).collect();
        let standing: Vec<usize> = plan.standing().collect();
        let lost = issuance::lost(&standing, register, folder);
        let incomplete = incomplete(&standing, register, formats);
        let given: Vec<usize> = standing
            .iter()
            .copied()
            .filter(|place| !register.records()[*place].is_drawn())
            .collect();
        for place in given.iter().chain(&lost).chain(&incomplete) {
            templates.extend(register.records()[*place].entry.template.as_ref().map(|t| &*t.name));
        }
        self.check_year(&plan, register)?;
        let press = global.press(templates, self.issuer)?;
        let strangers = issuance::strangers(&plan.new, folder);
        let (problems, prepared) = rayon::join(
            || issuance::proof(&plan.new, self.issuer, &press),
            || Global::prepare(&press, formats),
        );
        let mut problems = problems?;
        problems.extend(strangers);
        prepared?;
        if !problems.is_empty() {
            return Err(refuse(problems).into());
        }
        Ok(Work { plan, press, given, lost, incomplete })
    }
}

/// Those that have never been written in all formats.
fn incomplete(
    standing: &[usize],
    register: &Register,
    formats: &[certificate::Format],
) -> Vec<usize> {
    let lacks = |place: &usize| !issuance::lacking(&register.records()[*place], formats).is_empty();
    standing.iter().copied().filter(lacks).collect()
}
