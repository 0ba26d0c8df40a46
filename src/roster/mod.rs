//! From a roster file to recipients: [`table`] reads the rows, [`headers`] and
//! [`columns`] tell which column has what, [`date`] reads dates, [`people`] makes recipients of
//! the rows and finds every problem in one pass: [`damage`], [`entities`] and [`oddities`] look
//! at each text, [`twice`] at who stands there twice.

mod columns;
mod damage;
mod date;
mod entities;
mod headers;
mod oddities;
mod people;
mod problem;
mod table;
mod twice;

use std::path::Path;

use chrono::NaiveDate;

use crate::disk::{self, DiskError};
use crate::issuer::Issuer;

pub use date::{BadDate, date};
pub use headers::Meaning;
pub use people::Checked;
pub use problem::{Problem, Severity};

/// The largest roster that is read, in bytes.
const LARGEST: u64 = 256 << 20;

/// What holds for the rows that do not say it themselves.
#[derive(Debug, Clone)]
pub struct Defaults {
    /// The category, by key, title or alias.
    pub category: Option<String>,
    /// The year; without it, the year of the row's date.
    pub year: Option<u16>,
    /// The date of issue.
    pub date: NaiveDate,
    /// What the issuer has decided where a roster leaves a choice.
    pub choices: Choices,
}

/// What the issuer has decided where a roster leaves a choice.
#[derive(Debug, Clone, Default)]
pub struct Choices {
    /// Which column has what, by header, whatever the header says.
    pub map: Vec<(Meaning, String)>,
    /// Whether a text that a wrong decoding damaged is mended where nothing was lost.
    pub repair_encoding: bool,
    /// Whether rows of one name without keys are different people.
    pub allow_namesakes: bool,
    /// Whether a warning stops the run too.
    pub strict: bool,
}

/// Why a roster gives no recipients.
#[derive(Debug, thiserror::Error)]
pub enum RosterError {
    /// The file cannot be read.
    #[error(transparent)]
    Disk(#[from] DiskError),
    /// The file is read, and something in it is wrong.
    #[error("{file} cannot be issued as it is: {}", problem::count(problems))]
    Problems {
        /// The roster, as it was named.
        file: String,
        /// All that is wrong, in the order of the rows; never empty.
        problems: Vec<Problem>,
    },
}

/// Reads the roster at `path`, which messages call `file`.
///
/// # Errors
/// When it cannot be read, or with every problem that its rows have.
pub fn read(
    path: &Path,
    file: &str,
    issuer: &Issuer,
    defaults: &Defaults,
) -> Result<Checked, RosterError> {
    parse(&disk::read_text(path, LARGEST)?, issuer, defaults)
        .map_err(|problems| RosterError::Problems { file: file.to_owned(), problems })
}

/// Reads the text of a CSV roster.
///
/// # Errors
/// Every problem that its rows have.
pub fn parse(text: &str, issuer: &Issuer, defaults: &Defaults) -> Result<Checked, Vec<Problem>> {
    let table = table::from_csv(text)?;
    let columns = columns::Columns::of(&table.headers, &defaults.choices.map, issuer)?;
    people::recipients(&table, &columns, issuer, defaults)
}
