//! What can be wrong with a roster, and where.

use std::fmt;

use serde::Serialize;

use crate::wording::LONGEST;

/// Whether a problem stops the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// It does.
    Error,
    /// It does not, unless the run is strict.
    Warning,
}

/// One thing wrong with a roster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Whether it stops the run.
    pub severity: Severity,
    /// The line the row begins on, counted from 1; nothing when it is about the whole file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<u64>,
    /// The header of the column it is about, if one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// What stands in the cell, if it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub remedy: String,
}

impl Problem {
    /// A problem of the whole file.
    pub fn of_file(message: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            row: None,
            column: None,
            value: None,
            message: message.into(),
            remedy: remedy.into(),
        }
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

    /// The same problem, of a cell that says this, or begins with it.
    #[must_use]
    pub fn with_value(self, value: &str) -> Self {
        let value: String = value.chars().take(LONGEST).collect();
        Self { value: Some(value).filter(|value| !value.is_empty()), ..self }
    }

    /// The same problem as a warning.
    #[must_use]
    pub fn as_warning(self) -> Self {
        Self { severity: Severity::Warning, ..self }
    }

    /// Whether it stops the run.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// Where it is: `row 2, name`; nothing when it is about the whole file.
    #[must_use]
    pub fn place(&self) -> String {
        match (self.row, &self.column) {
            (Some(row), Some(column)) => format!("row {row}, {column}"),
            (Some(row), None) => format!("row {row}"),
            (None, _) => String::new(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = self.place();
        if !place.is_empty() {
            write!(f, "{place}: ")?;
        }
        write!(f, "{}; {}", self.message, self.remedy)
    }
}

/// `1 problem`, `3 problems and 1 warning`, `2 warnings, and the run is strict`.
#[must_use]
pub fn count(problems: &[Problem]) -> String {
    let of = |count: usize, word: &str| match count {
        1 => format!("1 {word}"),
        more => format!("{more} {word}s"),
    };
    let warnings = problems.iter().filter(|p| p.severity == Severity::Warning).count();
    match (problems.len() - warnings, warnings) {
        (0, warnings) => format!("{}, and the run is strict", of(warnings, "warning")),
        (errors, 0) => of(errors, "problem"),
        (errors, warnings) => format!("{} and {}", of(errors, "problem"), of(warnings, "warning")),
    }
}
