//! What can be wrong with a roster, and where.

use std::fmt;

use serde::Serialize;

/// One thing wrong with a roster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The line the row begins on, counted from 1; nothing when it is about the whole file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<u64>,
    /// The header of the column it is about, if one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub remedy: String,
}

impl Problem {
    /// A problem of the whole file.
    pub fn of_file(message: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { row: None, column: None, message: message.into(), remedy: remedy.into() }
    }

    /// A problem of a row.
    pub fn at(row: u64, message: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { row: Some(row), ..Self::of_file(message, remedy) }
    }

    /// The same problem, in this column.
    #[must_use]
    pub fn in_column(self, header: &str) -> Self {
        Self { column: Some(header.to_owned()), ..self }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(row) = self.row {
            write!(f, "row {row}")?;
            if let Some(column) = &self.column {
                write!(f, ", {column}")?;
            }
            f.write_str(": ")?;
        }
        write!(f, "{}; {}", self.message, self.remedy)
    }
}

/// `1 problem`, `3 problems`.
pub(super) fn count(problems: &[Problem]) -> String {
    match problems.len() {
        1 => "1 problem".to_owned(),
        more => format!("{more} problems"),
    }
}
