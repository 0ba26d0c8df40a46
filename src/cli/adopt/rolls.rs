//! Several rolls adopted as one: their rows are counted on from file to file, and told of by the
//! file and the row where they stand.

use std::collections::HashMap;
use std::path::PathBuf;

use serde_json::Value;

use crate::certificate::Recipient;
use crate::cli::rows::{Rows, called};
use crate::cli::{Global, problems};
use crate::issuance::Plan;
use crate::issuer::Issuer;
use crate::roster::{Checked, Problem, RosterError};

/// The people of all rolls, and where they stand.
#[derive(Default)]
pub(super) struct Rolls {
    pub people: Vec<Recipient>,
    /// What is odd about them, for programs.
    pub warnings: Vec<Value>,
    files: Vec<Roll>,
}

struct Roll {
    file: String,
    /// How many rows are counted before its first.
    before: u64,
}

impl Rolls {
    /// Reads the rolls in their order. Who stands in several of them, as on a page of a category
    /// and on one of the year, counts once.
    pub fn read(
        paths: &[PathBuf],
        rows: &Rows,
        issuer: &Issuer,
        global: &Global,
    ) -> anyhow::Result<Self> {
        let mut rolls = Self::default();
        let mut before = 0;
        for path in paths {
            let Checked { mut people, warnings, .. } = rows.read_roll(path, issuer, global)?;
            let file = called(path);
            rolls.warnings.extend(problems::for_programs(&warnings, Some(&file)));
            rolls.files.push(Roll { file, before });
            for person in &mut people {
                person.row += before;
            }
            before = people.iter().map(|person| person.row).max().unwrap_or(before);
            rolls.people.append(&mut people);
        }
        rolls.unite()?;
        Ok(rolls)
    }

    /// Takes out whoever stands in an earlier roll already.
    fn unite(&mut self) -> Result<(), RosterError> {
        let mut first: HashMap<_, (u64, Option<_>)> = HashMap::new();
        let mut problems = Vec::new();
        let mut people = std::mem::take(&mut self.people);
        people.retain(|person| {
            let Recipient { row, category, year, id, .. } = person;
            let known_by = (category.clone(), *year, person.known_by().clone());
            let Some((earlier, its)) = first.get(&known_by) else {
                first.insert(known_by, (*row, id.clone()));
                return true;
            };
            if id.is_some() && id != its {
                let (file, row_there) = self.place(*earlier);
                let message = format!("{file}, row {row_there}, has the same person otherwise");
                let remedy = "correct one of them, or tell two people apart by a column key";
                problems.push(Problem::at(*row, message, remedy).in_column("id"));
            }
            false
        });
        self.people = people;
        if problems.is_empty() { Ok(()) } else { Err(self.refuse(problems)) }
    }

    /// The roll that a row stands in, and the row there.
    fn place(&self, row: u64) -> (&str, u64) {
        let roll = self.files.iter().rev().find(|roll| roll.before < row);
        roll.map_or(("", row), |roll| (roll.file.as_str(), row - roll.before))
    }

    /// Problems of rows as they are told; of several rolls, each says its file.
    pub fn refuse(&self, mut problems: Vec<Problem>) -> RosterError {
        let files: Vec<&str> = self.files.iter().map(|roll| roll.file.as_str()).collect();
        for problem in &mut problems {
            let Some(row) = problem.row else { continue };
            let (file, there) = self.place(row);
            problem.row = Some(there);
            if files.len() > 1 {
                problem.message = format!("{file}: {}", problem.message);
            }
        }
        RosterError::Problems { file: files.join(", "), problems }
    }

    /// Lets a plan say the rows as they stand in their files.
    pub fn settle(&self, plan: &mut Plan) {
        for difference in &mut plan.differs {
            difference.row = self.place(difference.row).1;
        }
    }
}
