//! From a roster file to recipients: [`text`] makes text of bytes, [`table`] and [`workbook`]
//! rows of text or of a spreadsheet, [`roll`] of an honour roll, [`headers`] and [`columns`] tell which column has what,
//! [`date`] reads dates, [`people`] makes recipients of the rows and finds every problem in one
//! pass: [`mending`] mends headers, [`row`] reads a row, [`published`] what of it will be public, for which [`damage`],
//! [`entities`] and [`oddities`] look at each text; [`twice`] finds who stands there twice.

mod columns;
mod damage;
mod date;
mod entities;
mod headers;
mod mending;
mod oddities;
mod people;
mod problem;
mod published;
mod roll;
mod row;
mod table;
mod text;
mod twice;
mod workbook;

use chrono::NaiveDate;
use encoding_rs::Encoding;

use crate::disk::DiskError;
use crate::issuer::Issuer;
use crate::text::Text;
use table::{Row, Table};

pub use date::{BadDate, date};
pub use headers::Meaning;
pub use people::Checked;
pub use problem::{Problem, Severity, count};
pub use text::encoding;
pub use workbook::THREAD as WORKBOOK_THREAD;

/// The largest roster that is read, in bytes.
pub const LARGEST: u64 = 256 << 20;

/// What the user says of a file that it does not say itself.
#[derive(Debug, Clone, Default)]
pub struct Said {
    /// The encoding of its text.
    pub encoding: Option<&'static Encoding>,
    /// The sheet of a workbook: its name, or its place counted from 1.
    pub sheet: Option<String>,
}

/// What holds for the rows that do not say it themselves.
#[derive(Debug, Clone)]
pub struct Defaults {
    /// The category, by key, title or alias.
    pub category: Option<Text>,
    /// The year; without it, that of a number given before, or of the row's date.
    pub year: Option<u16>,
    /// The date of issue; without it, every row must say its own.
    pub date: Option<NaiveDate>,
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
    #[error("{file} will not do as it is: {}", problem::count(problems))]
    Problems {
        /// The roster, as it was named.
        file: String,
        /// All that is wrong, in the order of the rows; never empty.
        problems: Vec<Problem>,
    },
}

/// A roster that has been opened: rows of text, and what was guessed on the way.
#[derive(Debug)]
pub struct Opened {
    table: Table,
    /// What was guessed, for the user to see whether it is right.
    pub notes: Vec<String>,
    /// That the text may be read otherwise as well: a strict run stops at it.
    doubt: Option<Problem>,
}

impl Opened {
    /// Makes recipients of the rows.
    ///
    /// # Errors
    /// What is wrong with the columns.
    pub fn recipients(
        mut self,
        issuer: &Issuer,
        defaults: &Defaults,
    ) -> Result<Checked, Vec<Problem>> {
        let choices = &defaults.choices;
        let mut found = mending::headers(&mut self.table.headers, choices);
        let columns = match columns::Columns::of(&self.table.headers, &choices.map, issuer) {
            Ok(columns) => columns,
            Err(problems) => return Err([found, problems].concat()),
        };
        // Where the names are found, another header may be as it is.
        found = found.into_iter().map(Problem::as_warning).collect();
        found.extend(self.doubt.filter(|_| choices.strict));
        let mut checked = people::recipients(self.table, &columns, issuer, defaults);
        let all = if choices.strict { &mut checked.problems } else { &mut checked.warnings };
        all.splice(..0, found);
        Ok(checked)
    }
}

/// Opens a roster of at most [`LARGEST`] bytes. Which kind it is (CSV, JSON, Markdown, XLSX,
/// XLS, ODS) shows in the bytes.
///
/// # Errors
/// When the bytes are no roster, or cannot be read in the encoding or the sheet that was said.
pub fn open(bytes: &[u8], said: &Said) -> Result<Opened, Vec<Problem>> {
    open_as(bytes, said, |text| Ok((table::of_text(text)?, Vec::new())))
}

/// Opens an honour roll in Markdown, all its tables and lists with what the headings above them
/// say, or a roster of another kind.
///
/// # Errors
/// Those of [`open`], and people under no heading that names a category.
pub fn open_roll(
    bytes: &[u8],
    said: &Said,
    issuer: &Issuer,
    defaults: &Defaults,
) -> Result<Opened, Vec<Problem>> {
    open_as(bytes, said, |text| match roll::read(text, issuer, defaults)? {
        Some(roll) => Ok((roll.table, roll.notes)),
        None => Ok((table::of_text(text)?, Vec::new())),
    })
}

/// Opens a file whose text is read in some way; a workbook is read as ever.
fn open_as(
    bytes: &[u8],
    said: &Said,
    read: impl FnOnce(&str) -> Result<(Table, Vec<String>), Vec<Problem>>,
) -> Result<Opened, Vec<Problem>> {
    if let Some(kind) = workbook::kind(bytes) {
        let (table, note) = workbook::read(bytes, kind, said.sheet.as_deref())?;
        return Ok(Opened { table, notes: note.into_iter().collect(), doubt: None });
    }
    if said.sheet.is_some() {
        return Err(vec![Problem::of_file(
            "it is no workbook and has no sheets",
            "leave out --sheet",
        )]);
    }
    let text = text::decode(bytes, said.encoding).map_err(|problem| vec![problem])?;
    let (table, mut notes) = read(&text.content)?;
    notes.extend(text.guessed.map(|encoding| {
        let sample = sample(&table).unwrap_or_default();
        format!("read as {}: {sample} … (if that is wrong, say --encoding)", encoding.name())
    }));
    let mut doubt = None;
    if let Some((encoding, other)) = text.rival {
        let sample = sample(&table).unwrap_or_default();
        let name = encoding.name();
        let label = name.to_lowercase();
        notes.push(format!(
            "read as UTF-8: {sample} … (if it is {name}: {other} …, say --encoding {label})"
        ));
        let message = format!("it may be UTF-8 ({sample} …) or {name} ({other} …)");
        let remedy = format!("say --encoding utf-8 or --encoding {label}");
        doubt = Some(Problem::of_file(message, remedy).as_warning());
    }
    Ok(Opened { table, notes, doubt })
}

/// A name to judge an encoding by: the first that is not plain ASCII, else any such cell.
fn sample(table: &Table) -> Option<String> {
    let names = table.headers.iter().position(|header| columns::is_name(header));
    let headers = table.headers.iter().map(String::as_str);
    let telling = |cell: &&str| !cell.is_ascii();
    let name = table.rows.iter().filter_map(|row| Some(row.cell(names?))).find(telling);
    let mut any = table.rows.iter().flat_map(Row::cells).chain(headers.clone());
    let cell = name.or_else(|| any.find(telling)).or_else(|| headers.clone().next())?;
    Some(text::shortened(cell.trim()))
}

/// Reads the text of a roster.
///
/// # Errors
/// Every problem that its rows have.
pub fn parse(text: &str, issuer: &Issuer, defaults: &Defaults) -> Result<Checked, Vec<Problem>> {
    open(text.as_bytes(), &Said::default())?.recipients(issuer, defaults)?.whole()
}
