//! Text to a table of headers and rows: which kind of text it is shows in the text itself.

mod builder;
mod delimited;
mod json;
pub mod markdown;

pub use builder::{Builder, MOST_COLUMNS};

use super::Problem;

/// A roster as rows of text under headers.
#[derive(Debug)]
pub struct Table {
    /// The headers, trimmed.
    pub headers: Vec<String>,
    /// The rows that have anything in them.
    pub rows: Vec<Row>,
}

/// One row.
#[derive(Debug)]
pub struct Row {
    /// The line it begins on, counted from 1; in a spreadsheet, the row as the program shows it.
    pub line: u64,
    /// Its cells, trimmed; as many as there are headers.
    pub cells: Vec<String>,
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
