//! Text to a table of headers and rows: which kind of text it is shows in the text itself.

mod builder;
mod delimited;
mod json;
pub mod markdown;
mod quotes;
mod row;

pub use builder::{Builder, MOST_COLUMNS};
pub use row::Row;

use super::Problem;

/// Rows within which the headers are sought: above them may stand a title.
pub const HEAD: usize = 10;

/// Whether a line ends with the byte at a place: a line feed, or a carriage return that none
/// follows.
fn is_line_end(text: &[u8], at: usize) -> bool {
    match text.get(at) {
        Some(b'\n') => true,
        Some(b'\r') => text.get(at + 1) != Some(&b'\n'),
        _ => false,
    }
}

/// A roster as rows of text under headers.
#[derive(Debug)]
pub struct Table {
    /// The headers, trimmed.
    pub headers: Vec<String>,
    /// The rows that have anything in them.
    pub rows: Vec<Row>,
    /// What is wrong with rows that were left out, and with cells that say nothing.
    pub problems: Vec<Problem>,
}

#[cfg(test)]
impl Table {
    /// The rows for a look at all of them: the line, and the cells of all columns.
    pub fn joined(&self) -> Vec<(u64, String)> {
        let width = self.headers.len();
        let cells = |row: &Row| {
            (0..width).map(|place| row.cell(place).to_owned()).collect::<Vec<_>>().join("/")
        };
        self.rows.iter().map(|row| (row.line, cells(row))).collect()
    }
}

/// Reads a Markdown table, JSON, JSON Lines, or values parted by a delimiter.
pub fn of_text(text: &str) -> Result<Table, Vec<Problem>> {
    if let Some((lines, others)) = markdown::find(text) {
        let mut table = markdown::read(&lines, text.len())?;
        let left_out = |line| {
            let remedy = "join the tables, or keep each in a file of its own";
            Problem::at(line, "another table with names, which is left out", remedy).as_warning()
        };
        table.problems.extend(others.into_iter().map(left_out));
        Ok(table)
    } else if text.trim_start().starts_with(['{', '[']) {
        json::read(text)
    } else {
        delimited::read(text)
    }
}
