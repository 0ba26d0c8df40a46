//! Text to a table of headers and rows: which kind of text it is shows in the text itself.

mod builder;
mod delimited;
mod json;
pub mod markdown;
mod row;

pub use builder::{Builder, MOST_COLUMNS};
pub use row::Row;

use super::Problem;

/// A roster as rows of text under headers.
#[derive(Debug)]
pub struct Table {
    /// The headers, trimmed.
    pub headers: Vec<String>,
    /// The rows that have anything in them.
    pub rows: Vec<Row>,
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
    if let Some(lines) = markdown::find(text) {
        markdown::read(&lines, text.len())
    } else if text.trim_start().starts_with(['{', '[']) {
        json::read(text)
    } else {
        delimited::read(text)
    }
}
