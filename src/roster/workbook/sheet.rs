//! The rows of a sheet to a table: which row has the headers, and the rows below it.

use super::cell::Cell;
use crate::roster::table::{Builder, HEAD, Table};
use crate::roster::{Problem, columns};

/// Why a sheet is read no further.
#[derive(Debug)]
pub enum Stop {
    /// It has no column of names.
    NoNames,
    /// It has problems.
    Problems(Vec<Problem>),
}

impl From<Vec<Problem>> for Stop {
    fn from(problems: Vec<Problem>) -> Self {
        Self::Problems(problems)
    }
}

impl From<Stop> for Vec<Problem> {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Problems(problems) => problems,
            Stop::NoNames => vec![Problem::of_file("it has no column of names", "add one: name")],
        }
    }
}

/// Takes the rows of a sheet. The headers are in the first row that has one for the names,
/// within the first few; where none has, in the first row of all.
pub struct Rows {
    size: usize,
    only_names: bool,
    head: Vec<(u64, Vec<Cell>)>,
    builder: Option<Builder>,
}

impl Rows {
    /// Rows of a file of `size` bytes. With `only_names`, a sheet without them is left early.
    pub fn new(size: usize, only_names: bool) -> Self {
        Self { size, only_names, head: Vec::new(), builder: None }
    }

    /// Takes the next row.
    pub fn push(&mut self, line: u64, cells: Vec<Cell>) -> Result<(), Stop> {
        if cells.iter().all(Cell::is_empty) {
            return Ok(());
        }
        if let Some(builder) = &mut self.builder {
            return Ok(add(builder, line, &cells)?);
        }
        if cells.iter().any(|cell| columns::is_name(cell.text().trim())) {
            self.head.clear();
            self.builder = Some(self.under(&cells)?);
            return Ok(());
        }
        self.head.push((line, cells));
        if self.head.len() == HEAD { self.settle() } else { Ok(()) }
    }

    /// The table that the rows make.
    pub fn finish(mut self) -> Result<Table, Stop> {
        if self.builder.is_none() {
            self.settle()?;
        }
        let builder = match self.builder {
            Some(builder) => builder,
            None => self.under(&[])?,
        };
        Ok(builder.finish())
    }

    /// No row so far has the names: the first one has the headers.
    fn settle(&mut self) -> Result<(), Stop> {
        if self.only_names {
            return Err(Stop::NoNames);
        }
        let mut head = std::mem::take(&mut self.head).into_iter();
        if let Some((_, headers)) = head.next() {
            let mut builder = self.under(&headers)?;
            for (line, cells) in head {
                add(&mut builder, line, &cells)?;
            }
            self.builder = Some(builder);
        }
        Ok(())
    }

    fn under(&self, headers: &[Cell]) -> Result<Builder, Vec<Problem>> {
        let remedy = "give every column a header, or empty the cells beside the table";
        Builder::new(headers.iter().map(Cell::text), self.size, remedy)
    }
}

fn add(builder: &mut Builder, line: u64, cells: &[Cell]) -> Result<(), Vec<Problem>> {
    for (place, cell) in cells.iter().enumerate() {
        if let (Cell::Error(error), Some(header)) = (cell, builder.header(place)) {
            let message = format!("it shows the error {error}");
            let problem = Problem::at(line, message, "correct the formula, or write the value");
            builder.problem(problem.in_column(header));
        }
    }
    builder.push(line, cells.iter().map(Cell::text))
}
