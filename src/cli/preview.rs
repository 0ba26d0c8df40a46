//! `accolade preview`: certificates to look at before any is issued.

use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::bail;
use clap::Args;
use serde_json::json;

use super::rows::{self, Rows, STANDARD_INPUT, called};
use super::watch::Look;
use super::{Global, counted, present, problems, progress};
use crate::certificate::{Format, Recipient};
use crate::issuance::{self, Planned};
use crate::issuer::{self, Category, Issuer};
use crate::preview::{self, Cell, Names, Preview as Drawn, PreviewError};
use crate::register::Register;
use crate::roster::{Checked, Problem, RosterError};

const EXAMPLES: &str = "\
Examples:
  accolade preview roster.csv
  accolade preview roster.csv --watch
  accolade preview --template classic     names of nobody, in many scripts and lengths
  accolade preview roster.csv --template new-design --to ../new-design

It writes two pictures: contact-sheet.png has the hardest names of the roster first (those that
cannot be set, the longest, the shortest, the rarest characters), proof.png has the hardest in
full, with the box of every field outlined and named. It reads no register and spends no number.";

/// See what certificates look like, the hardest names first, before any is issued.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Preview {
    /// The roster: CSV, a workbook, JSON or Markdown; - for standard input [default: names of nobody].
    roster: Option<PathBuf>,
    /// Draw everyone on this template [default: that of each category].
    #[arg(long, value_name = "NAME")]
    template: Option<String>,
    #[command(flatten)]
    rows: Rows,
    /// The folder the pictures go to.
    #[arg(long, value_name = "DIR", default_value = "preview")]
    to: PathBuf,
    /// Draw again whenever the roster, accolade.toml, a template or a font changes.
    #[arg(long)]
    watch: bool,
}

impl Preview {
    pub(super) fn run(self, global: &Global) -> anyhow::Result<()> {
        if self.watch && self.roster.as_deref() == Some(Path::new(STANDARD_INPUT)) {
            bail!("--watch needs a roster in a file: standard input is read once");
        }
        if self.watch { self.keep_watching(global) } else { self.draw(global, &mut Vec::new()) }
    }

    /// Draws, and draws again after every change; only a reader who is gone ends it.
    fn keep_watching(&self, global: &Global) -> anyhow::Result<()> {
        let mut shown = Vec::new();
        let mut seen = self.look(global);
        loop {
            match self.draw(global, &mut shown) {
                Err(error) if present::is_closed_pipe(&error) => return Err(error),
                Err(error) if error.is::<present::Told>() => {}
                Err(error) => present::error(&error, global.json),
                Ok(()) => {}
            }
            global.say("watching; Ctrl-C ends it");
            let (now, changed) = seen.wait(|| self.look(global));
            for path in changed {
                global.say(&format!("{} has changed", path.display()));
            }
            seen = now;
        }
    }

    /// A look at all that the pictures depend on.
    fn look(&self, global: &Global) -> Look {
        let templates = global.folder.join("templates");
        let mut places = vec![global.folder.join(issuer::FILE), global.folder.join("fonts")];
        places.extend(global.font_dir.iter().map(|folder| global.path(folder)));
        places.extend(self.roster.iter().map(|roster| global.path(roster)));
        match (&self.template, Issuer::read(&global.folder)) {
            (Some(name), _) => places.push(templates.join(name)),
            (None, Ok(issuer)) => {
                let names = issuer.categories.iter().map(|category| &category.template);
                places.extend(names.map(|name| templates.join(name.as_str())));
            }
            // Mending accolade.toml is the change to wait for.
            (None, Err(_)) => {}
        }
        let folder = global.path(&self.to);
        Look::at(places).without(&[preview::SHEET, preview::PROOF].map(|name| folder.join(name)))
    }

    /// Draws and writes the pictures, and lists what is on them unless that is `shown` already.
    fn draw(&self, global: &Global, shown: &mut Vec<Cell>) -> anyhow::Result<()> {
        let started = Instant::now();
        let issuer = Issuer::read(&global.folder)?;
        let Cast { file, planned, mut problems, warnings } = self.cast(&issuer, global)?;
        let folder = global.path(&self.to);
        preview::check_ours(&folder)?;
        let templates: BTreeSet<&str> =
            planned.iter().map(|planned| planned.template.as_str()).collect();
        let press = global.press(templates, &issuer)?;
        let names = if self.roster.is_some() { Names::Roster } else { Names::Samples };
        Global::prepare(&press, &[Format::Png])?;
        let drawn = preview::draw(&planned, &press, names)?;
        drawn.write(&folder)?;
        problems.extend(drawn.problems.iter().cloned());
        problems.sort_by_key(|problem| problem.row);

        if global.json {
            let folder = global.path(&self.to);
            present::json(&json!({
                "sheet": folder.join(preview::SHEET),
                "proof": folder.join(preview::PROOF),
                "cells": drawn.cells,
                "left_out": drawn.left_out,
                "problems": problems::for_programs(&problems, Some(&file)),
                "warnings": problems::for_programs(&warnings, Some(&file)),
            }))?;
        } else {
            if drawn.cells != *shown {
                drawn.cells.iter().try_for_each(|cell| present::line(&row(cell)))?;
            }
            self.close(&drawn, started, global);
        }
        shown.clone_from(&drawn.cells);
        match problems {
            problems if problems.is_empty() => Ok(()),
            _ if global.json => Err(present::Told.into()),
            problems => Err(PreviewError::Refused { file, problems }.into()),
        }
    }

    /// Who is to be drawn, and on what: numbered as if nothing had been issued before.
    fn cast(&self, issuer: &Issuer, global: &Global) -> anyhow::Result<Cast> {
        let mut cast = if let Some(roster) = &self.roster {
            let checked = self.rows.read_some(roster, issuer, global)?;
            rows::warn(roster, &checked, global);
            let Checked { people, problems, warnings } = checked;
            let mut cast = Cast { file: called(roster), problems, warnings, ..Cast::default() };
            cast.plan(people, issuer);
            cast
        } else {
            let (year, date) = (self.rows.year_or_of_date(), self.rows.date_or_today());
            let mut cast = Cast { file: "the list of sample names".into(), ..Cast::default() };
            for category in self.categories(issuer)? {
                cast.plan(preview::samples(category, issuer, year, date), issuer);
            }
            cast
        };
        if cast.planned.is_empty() {
            let Cast { file, problems, .. } = cast;
            return Err(RosterError::Problems { file, problems }.into());
        }
        if let Some(template) = &self.template {
            for planned in &mut cast.planned {
                planned.template = template.as_str().into();
            }
        }
        Ok(cast)
    }

    /// The categories that sample names are drawn in: the one that is said, else the first of
    /// each template.
    fn categories<'a>(&self, issuer: &'a Issuer) -> anyhow::Result<Vec<&'a Category>> {
        if let Some(key) = super::category_key(self.rows.category.as_deref(), issuer)? {
            return Ok(issuer.category(&key).into_iter().collect());
        }
        let mut templates = BTreeSet::new();
        let mut categories: Vec<&Category> = issuer.categories.iter().collect();
        categories.retain(|category| templates.insert(category.template.as_str()));
        if let Some(name) = &self.template {
            let own = categories.iter().position(|category| *category.template == **name);
            categories = vec![categories[own.unwrap_or(0)]];
        }
        Ok(categories)
    }

    /// The closing lines: where the pictures are, and who is not on them.
    fn close(&self, drawn: &Drawn, started: Instant, global: &Global) {
        let folder = global.path(&self.to);
        for name in [preview::SHEET, preview::PROOF] {
            global.say(&format!("drew {}", folder.join(name).display()));
        }
        if self.roster.is_none() {
            global.say("the names are samples; name a roster to see your own");
        }
        let mut parts = vec![counted(drawn.cells.len(), "certificate")];
        if drawn.left_out > 0 {
            parts.push(format!("{} left out", counted(drawn.left_out, "easier one")));
        }
        parts.push(format!("in {}", progress::time(started.elapsed())));
        global.say(&parts.join(", "));
    }
}

/// Who is to be drawn.
#[derive(Default)]
struct Cast {
    /// What messages call the roster.
    file: String,
    planned: Vec<Planned>,
    /// What is wrong with those who are left out.
    problems: Vec<Problem>,
    /// What is odd, and has been said.
    warnings: Vec<Problem>,
}

impl Cast {
    /// Adds people; those whose numbers or files would clash are left out.
    fn plan(&mut self, mut people: Vec<Recipient>, issuer: &Issuer) {
        let register = Register::default();
        let planned = issuance::plan(&people, issuer, &register).or_else(|clashing| {
            let rows: HashSet<u64> = clashing.iter().filter_map(|problem| problem.row).collect();
            people.retain(|person| !rows.contains(&person.row));
            self.problems.extend(clashing);
            issuance::plan(&people, issuer, &register)
        });
        match planned {
            Ok(plan) => self.planned.extend(plan.new),
            Err(problems) => self.problems.extend(problems),
        }
    }
}

/// A line of the result: place, row, why it is hard, size of the name, template, name.
fn row(cell: &Cell) -> String {
    let Cell { place, name, template, why, .. } = cell;
    let row = cell.row.map_or_else(String::new, |row| format!("row {row}"));
    let size = match (cell.size, cell.full_size) {
        (Some(size), Some(full_size)) => format!("{size:.0} of {full_size:.0}"),
        _ => "-".to_owned(),
    };
    format!("{place:>2}  {row:<8}  {:<8}  {size:<10}  {template:<10}  {name}", why.to_string())
}
