//! How the rows of a roster are read: what holds for those that do not say it themselves.

use std::path::Path;

use chrono::{Datelike, Local, NaiveDate};
use clap::Args;

use super::{Global, present};
use crate::id::YEARS;
use crate::issuer::Issuer;
use crate::roster::{self, Checked, Choices, Defaults, Meaning};

/// What every row has that does not say it.
#[derive(Debug, Args)]
pub(super) struct Rows {
    /// The category of everyone whose row does not say it: a key, title or alias.
    #[arg(long)]
    pub category: Option<String>,
    /// The year the certificates are for [default: the year of the date].
    #[arg(long, value_parser = clap::value_parser!(u16).range(1000..=9999))]
    pub year: Option<u16>,
    /// The date of issue, such as 2021-02-01 [default: today].
    #[arg(long, value_parser = date)]
    pub date: Option<NaiveDate>,
    /// Which column means what: name, category, id, key, date, year or email. Repeatable.
    #[arg(long, value_name = "MEANING=HEADER", value_parser = mapping)]
    map: Vec<(Meaning, String)>,
    /// Mend texts that a wrong decoding damaged, where nothing was lost.
    #[arg(long)]
    repair_encoding: bool,
    /// Take rows of one name without keys for different people.
    #[arg(long)]
    allow_namesakes: bool,
    /// Let warnings stop the run too.
    #[arg(long)]
    strict: bool,
}

/// A column and what it means, on the command line.
fn mapping(text: &str) -> Result<(Meaning, String), String> {
    let (meaning, header) = text.split_once('=').ok_or("write it as name=姓名")?;
    Ok((meaning.trim().parse()?, header.to_owned()))
}

/// A date on the command line.
fn date(text: &str) -> Result<NaiveDate, String> {
    roster::date(text).map_err(|bad| format!("{bad}; {}", bad.remedy()))
}

impl Rows {
    /// Reads a roster, whose path is seen from the folder, and says what is odd about it.
    pub fn read(&self, roster: &Path, issuer: &Issuer, global: &Global) -> anyhow::Result<Checked> {
        let defaults = Defaults {
            category: super::category_key(self.category.as_deref(), issuer)?,
            year: self.year,
            date: self.date_or_today(),
            choices: Choices {
                map: self.map.clone(),
                repair_encoding: self.repair_encoding,
                allow_namesakes: self.allow_namesakes,
                strict: self.strict,
            },
        };
        let file = roster.display().to_string();
        let checked = roster::read(&global.path(roster), &file, issuer, &defaults)?;
        if !global.quiet {
            present::warnings(&file, &checked.warnings);
        }
        Ok(checked)
    }

    /// Whether neither year nor date was said, so that rows without them get today's.
    pub fn year_by_clock(&self) -> bool {
        self.year.is_none() && self.date.is_none()
    }

    /// The date of issue.
    pub fn date_or_today(&self) -> NaiveDate {
        self.date.unwrap_or_else(|| Local::now().date_naive())
    }

    /// The year, said or that of the date.
    pub fn year_or_of_date(&self) -> u16 {
        let of_date = u16::try_from(self.date_or_today().year()).unwrap_or(*YEARS.end());
        self.year.unwrap_or(of_date)
    }
}
