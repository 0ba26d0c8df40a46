//! Whether all is well: the register, the files it speaks of, the templates that drew them, and
//! the pages that link to them. Nothing is written.
//!
//! What is found comes with what mends it. What is no fault, but good to know, is a note.

mod files;
mod links;
mod numbers;
mod pages;
mod strangers;
mod templates;

use std::path::Path;

use serde::Serialize;

use crate::fonts::Fonts;
use crate::issuer::Issuer;
use crate::register::{Cause, Record, Register, RegisterError, journal};
use templates::Templates;

/// All that was found.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    /// What is wrong.
    pub findings: Vec<Finding>,
    /// What is not wrong, and good to know.
    pub notes: Vec<Finding>,
    /// Certificates that stand.
    pub certificates: usize,
    /// Files of theirs that should be there.
    pub files: usize,
    /// Pages with honour rolls that are there.
    pub pages: usize,
}

/// Something found: what, where, and what mends it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What sort of thing.
    pub kind: Kind,
    /// A file below the issuer's folder, a line of the register, or an ID.
    pub place: String,
    /// What is wrong.
    pub message: String,
    /// The command that mends it, or what else to do.
    pub remedy: String,
}

/// What can be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A line of the register.
    Register,
    /// A number given to two people.
    Number,
    /// A person with two certificates of one category and year.
    Person,
    /// A certificate's file that is not there.
    Missing,
    /// A certificate's file that is not as it was drawn.
    Damaged,
    /// A file that the register does not know.
    Stranger,
    /// A file of a certificate that was taken back.
    Revoked,
    /// A file of somebody who was forgotten.
    Forgotten,
    /// A template.
    Template,
    /// An honour roll that is not up to date.
    HonorRoll,
    /// A link to a file that is not there.
    Link,
}

/// Called when a certificate's files have been read, for progress.
pub type Done<'a> = dyn Fn() + Sync + 'a;

/// Looks over an issuer's folder; reads every file of every certificate. `begun` is told how many
/// certificates there are, `done` each of them.
///
/// # Errors
/// When the register cannot be read at all, or was written by a newer version.
pub fn check(
    folder: &Path,
    issuer: &Issuer,
    fonts: &Fonts,
    begun: impl FnOnce(usize),
    done: &Done<'_>,
) -> Result<Report, RegisterError> {
    let (register, lines) = journal::verify(folder)?;
    let records = register.records();
    let mut report = Report {
        certificates: records.iter().filter(|record| record.stands()).count(),
        files: records.iter().filter(|r| r.stands()).map(|r| r.entry.files.keys().count()).sum(),
        ..Report::default()
    };
    begun(records.len());
    numbers::check(&register, &lines, &mut report);
    let templates = Templates::of(&register, issuer, folder, fonts);
    templates.check(&register, &mut report);
    files::check(&register, &templates, folder, done, &mut report);
    // Whose line cannot be read is no stranger, and may well stand on a page.
    if lines.iter().any(|line| line.cause == Cause::Damage) {
        return Ok(report);
    }
    strangers::check(&register, issuer, folder, &mut report);
    pages::check(&register, issuer, folder, &mut report);
    Ok(report)
}

impl Report {
    fn find(&mut self, kind: Kind, place: String, message: String, remedy: String) {
        self.findings.push(Finding { kind, place, message, remedy });
    }

    fn note(&mut self, kind: Kind, place: String, message: String, remedy: String) {
        self.notes.push(Finding { kind, place, message, remedy });
    }
}

/// A certificate as a command names it: its ID, and what tells it from others of that ID.
fn named(record: &Record, register: &Register) -> String {
    let certificate = &record.entry.certificate;
    let id = quoted(&certificate.id);
    match register.with_id(&certificate.id).as_slice() {
        [_] => id,
        _ => {
            format!("{id} --year {} --category {}", certificate.year, quoted(&certificate.category))
        }
    }
}

/// A word as a shell takes it for one.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./（）·".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_a_command_is_one_word() {
        assert_eq!(quoted("张城（元乙）"), "张城（元乙）");
        assert_eq!(quoted("Ann Lee"), "'Ann Lee'");
        assert_eq!(quoted("$(x)'y"), "'$(x)'\\''y'");
    }
}
