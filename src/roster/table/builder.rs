//! Rows under headers, with a bound on what they may fill.

use super::row::Draft;
use super::{Row, Table};
use crate::roster::Problem;

/// Columns a table may have.
pub const MOST_COLUMNS: usize = 1000;

/// Bytes a header may have: forms make one of a whole question.
const LONGEST_HEADER: usize = 4000;

/// Memory in bytes that any table may fill, and how many times the size of its file beyond it.
const ROOM: usize = 64 << 20;
const TIMES: usize = 8;

/// Puts a table together, row by row.
#[derive(Debug)]
pub struct Builder {
    headers: Vec<String>,
    rows: Vec<Row>,
    draft: Draft,
    problems: Vec<Problem>,
    /// What to do about cells that stand under no header.
    remedy: &'static str,
    room: usize,
}

impl Builder {
    /// A table of a file of `size` bytes, under these headers.
    pub fn new<'a>(
        headers: impl IntoIterator<Item = &'a str>,
        size: usize,
        remedy: &'static str,
    ) -> Result<Self, Vec<Problem>> {
        let mut headers: Vec<&str> =
            headers.into_iter().map(str::trim).take(MOST_COLUMNS + 1).collect();
        while headers.last().is_some_and(|header| header.is_empty()) {
            headers.pop();
        }
        if headers.is_empty() {
            return Err(vec![Problem::of_file(
                "it is empty",
                "begin it with a line of headers such as: name,category",
            )]);
        }
        if headers.len() > MOST_COLUMNS {
            return Err(vec![too_wide()]);
        }
        if let Some(long) = headers.iter().find(|header| header.len() > LONGEST_HEADER) {
            return Err(vec![too_long(long)]);
        }
        Ok(Self {
            headers: headers.into_iter().map(str::to_owned).collect(),
            rows: Vec::new(),
            draft: Draft::default(),
            problems: Vec::new(),
            remedy,
            room: ROOM + TIMES.saturating_mul(size),
        })
    }

    /// The header of a column.
    pub fn header(&self, place: usize) -> Option<&str> {
        self.headers.get(place).map(String::as_str)
    }

    /// Where a header stands, which is added if it is new.
    pub fn column(&mut self, header: &str) -> Result<usize, Vec<Problem>> {
        let header = header.trim();
        if let Some(place) = self.headers.iter().position(|other| other == header) {
            return Ok(place);
        }
        if self.headers.len() == MOST_COLUMNS {
            return Err(vec![too_wide()]);
        }
        if header.len() > LONGEST_HEADER {
            return Err(vec![too_long(header)]);
        }
        self.take(size_of::<String>() + header.len())?;
        self.headers.push(header.to_owned());
        Ok(self.headers.len() - 1)
    }

    /// Adds a row; one with nothing in it is left out.
    pub fn push(
        &mut self,
        line: u64,
        cells: impl IntoIterator<Item = impl AsRef<str>>,
    ) -> Result<(), Vec<Problem>> {
        let headers = self.headers.len();
        self.draft.begin(headers);
        for (place, cell) in cells.into_iter().enumerate() {
            self.draft.put(place, cell.as_ref());
        }
        let filled = self.draft.filled();
        if filled > headers {
            let message = format!("it has {filled} cells under {headers} headers");
            self.problem(Problem::at(line, message, self.remedy));
        } else if filled > 0 {
            self.take(self.draft.memory())?;
            self.rows.push(self.draft.row(line));
        }
        Ok(())
    }

    /// Notes what is wrong with a row.
    pub fn problem(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    /// The table, with all that is wrong with its rows.
    pub fn finish(self) -> Table {
        Table { headers: self.headers, rows: self.rows, problems: self.problems }
    }

    fn take(&mut self, bytes: usize) -> Result<(), Vec<Problem>> {
        self.room = self.room.checked_sub(bytes).ok_or_else(|| {
            vec![Problem::of_file(
                "it unfolds to far more than its size",
                "keep the rows and columns of the roster only, and save it anew",
            )]
        })?;
        Ok(())
    }
}

fn too_long(header: &str) -> Problem {
    let count = header.chars().count();
    Problem::of_file(
        format!("a header has {count} characters; is a quote not closed?"),
        "begin it with a line of headers such as: name,category",
    )
    .with_value(header)
}

fn too_wide() -> Problem {
    Problem::of_file(
        format!("it has more than {MOST_COLUMNS} columns"),
        "keep the columns of the roster only, and save it anew",
    )
}
