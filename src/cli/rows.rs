//! How the rows of a roster are read: what holds for those that do not say it themselves.

use std::fs::File;
use std::io;
use std::path::Path;

use chrono::{Datelike, Local, NaiveDate};
use clap::Args;
use encoding_rs::Encoding;

use super::{Global, present};
use crate::disk::{self, DiskError};
use crate::id::YEARS;
use crate::issuer::Issuer;
use crate::roster::{
    self, Checked, Choices, Defaults, Meaning, Opened, Problem, RosterError, Said,
};

/// The roster that is read from standard input.
pub(super) const STANDARD_INPUT: &str = "-";

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
    /// The encoding of the roster, such as gb18030, big5 or windows-1252 [default: guessed].
    #[arg(long, value_name = "NAME", value_parser = roster::encoding)]
    encoding: Option<&'static Encoding>,
    /// The sheet of the workbook, by name or number [default: the first with a column of names].
    #[arg(long, value_name = "NAME|NUMBER")]
    sheet: Option<String>,
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

/// What messages call a roster.
pub(super) fn called(roster: &Path) -> String {
    if roster == Path::new(STANDARD_INPUT) {
        "standard input".to_owned()
    } else {
        roster.display().to_string()
    }
}

/// The bytes of a roster, from its file or from standard input.
fn read(roster: &Path, global: &Global) -> Result<Vec<u8>, DiskError> {
    if roster != Path::new(STANDARD_INPUT) {
        // It may be a pipe, as a shell makes of `<(…)`.
        let path = global.path(roster);
        let read = File::open(&path).and_then(|file| disk::read_all(file, roster::LARGEST));
        return read.map_err(DiskError::on("read", &path));
    }
    disk::read_all(io::stdin().lock(), roster::LARGEST)
        .map_err(DiskError::on("read", Path::new("standard input")))
}

/// A roster of which every row can be issued.
fn whole(roster: &Path, checked: Checked, global: &Global) -> anyhow::Result<Checked> {
    let refuse = |problems| RosterError::Problems { file: called(roster), problems };
    let checked = checked.whole().map_err(refuse)?;
    warn(roster, &checked, global);
    Ok(checked)
}

/// Says what is odd about a roster.
pub(super) fn warn(roster: &Path, checked: &Checked, global: &Global) {
    if !global.quiet {
        present::warnings(&called(roster), &checked.warnings);
    }
}

impl Rows {
    /// Reads a roster, whose path is seen from the folder, and says what was guessed and what is
    /// odd about it.
    pub fn read(&self, roster: &Path, issuer: &Issuer, global: &Global) -> anyhow::Result<Checked> {
        let checked = self.read_some(roster, issuer, global)?;
        whole(roster, checked, global)
    }

    /// Reads the rows of a roster that can be read.
    pub fn read_some(
        &self,
        roster: &Path,
        issuer: &Issuer,
        global: &Global,
    ) -> anyhow::Result<Checked> {
        let defaults = Defaults { date: Some(self.date_or_today()), ..self.defaults(issuer)? };
        self.read_as(roster, issuer, &defaults, global, roster::open)
    }

    /// Reads an honour roll, or a roster of another kind, of certificates that have a date
    /// already: it is today's for none of them.
    pub fn read_roll(
        &self,
        roll: &Path,
        issuer: &Issuer,
        global: &Global,
    ) -> anyhow::Result<Checked> {
        let defaults = self.defaults(issuer)?;
        let open = |bytes: &[u8], said: &Said| roster::open_roll(bytes, said, issuer, &defaults);
        let checked = self.read_as(roll, issuer, &defaults, global, open)?;
        whole(roll, checked, global)
    }

    /// What was said of every row.
    fn defaults(&self, issuer: &Issuer) -> anyhow::Result<Defaults> {
        Ok(Defaults {
            category: super::category_key(self.category.as_deref(), issuer)?,
            year: self.year,
            date: self.date,
            choices: Choices {
                map: self.map.clone(),
                repair_encoding: self.repair_encoding,
                allow_namesakes: self.allow_namesakes,
                strict: self.strict,
            },
        })
    }

    fn read_as(
        &self,
        roster: &Path,
        issuer: &Issuer,
        defaults: &Defaults,
        global: &Global,
        open: impl FnOnce(&[u8], &Said) -> Result<Opened, Vec<Problem>>,
    ) -> anyhow::Result<Checked> {
        let refuse = |problems| RosterError::Problems { file: called(roster), problems };
        let said = Said { encoding: self.encoding, sheet: self.sheet.clone() };
        let bytes = read(roster, global).map_err(RosterError::Disk)?;
        let opened = open(&bytes, &said).map_err(refuse)?;
        drop(bytes);
        for note in &opened.notes {
            global.say(note);
        }
        Ok(opened.recipients(issuer, defaults).map_err(refuse)?)
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
