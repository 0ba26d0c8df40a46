//! Whether all is well: the register, the files it speaks of, the templates that drew them, and
//! the pages that link to them. Nothing is written.
//!
//! What is found comes with what mends it. What is no fault, but good to know, is a note.

mod files;
mod keys;
mod links;
mod numbers;
mod pages;
mod signature;
mod strangers;
mod templates;

use std::path::Path;

use serde::Serialize;

use crate::certificate::Certificate;
use crate::fonts::Fonts;
use crate::issuer::Issuer;
use crate::register::{Cause, FILE, Record, Register, RegisterError, journal};
use crate::shell;
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
    /// A signature of the register.
    Signature,
    /// A number given to two people.
    Number,
    /// A certificate that two branches have drawn again, each in its own way.
    Revision,
    /// A person with two certificates of one category and year.
    Person,
    /// Certificates that have numbers, and have not been drawn yet.
    Undrawn,
    /// A certificate's file that is not there.
    Missing,
    /// A certificate's file that is not as it was drawn.
    Damaged,
    /// A certificate whose file says something else than the register.
    Contradicted,
    /// A file that the register does not know.
    Stranger,
    /// A file that a run was about to write when it was killed.
    Unfinished,
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
    /// A private key where others may see it.
    Key,
}

/// Called when a certificate's files have been read, for progress.
pub type Done<'a> = dyn Fn() + Sync + 'a;

/// Looks over an issuer's folder; reads every file of every certificate. `begun` is told how many
/// certificates there are, `done` each of them. A register that cannot be read is all that is
/// found: nothing else means anything then.
pub fn check(
    folder: &Path,
    issuer: &Issuer,
    fonts: &Fonts,
    begun: impl FnOnce(usize),
    done: &Done<'_>,
) -> Report {
    let (register, lines) = match journal::verify(folder) {
        Ok(read) => read,
        Err(error) => return unreadable(&error),
    };
    let records = register.records();
    let mut report = Report {
        certificates: records.iter().filter(|record| record.stands()).count(),
        files: records.iter().filter(|r| r.stands()).map(|r| r.entry.files.keys().count()).sum(),
        ..Report::default()
    };
    begun(records.len());
    if !folder.join(FILE).exists() && lost(issuer, folder, &mut report) {
        return report;
    }
    signature::check(folder, &mut report);
    numbers::check(&register, &lines, &mut report);
    let templates = Templates::of(&register, issuer, folder, fonts);
    templates.check(&register, &mut report);
    files::check(&register, &templates, folder, done, &mut report);
    // Whose line cannot be read is no stranger, and may well stand on a page.
    if lines.iter().any(|line| matches!(line.cause, Cause::Damage | Cause::Newer)) {
        return report;
    }
    strangers::check(&register, issuer, folder, &mut report);
    pages::check(&register, issuer, folder, &mut report);
    keys::check(folder, &mut report);
    report
}

/// What brings the register back, where git has it.
const BRING_BACK: &str = "git checkout HEAD -- register.jsonl, or bring it back from a copy";

/// The report on a register of which nothing can be read.
fn unreadable(error: &RegisterError) -> Report {
    let mut report = Report::default();
    let (place, message, remedy) = match error {
        RegisterError::Line { line, message, newer } => {
            let remedy = if *newer { UPGRADE } else { BRING_BACK };
            (format!("{FILE}, line {line}"), message.clone(), remedy)
        }
        RegisterError::Disk(disk) => {
            let remedy = "make it a file that you can read, then run the same command again";
            (FILE.to_owned(), format!("{disk}: {}", disk.source), remedy)
        }
        other => (FILE.to_owned(), other.to_string(), BRING_BACK),
    };
    report.find(Kind::Register, place, message, remedy.to_owned());
    report
}

/// What mends lines that this program does not understand.
const UPGRADE: &str = "upgrade accolade, then run the same command again";

/// Whether the register is lost: it is not there, and certificates are.
fn lost(issuer: &Issuer, folder: &Path, report: &mut Report) -> bool {
    let files = strangers::certificates(issuer, folder);
    if files > 0 {
        let lie = if files == 1 { "a certificate lies" } else { "certificates lie" };
        let message = format!("it is missing, and {lie} there without it");
        report.find(Kind::Register, FILE.to_owned(), message, BRING_BACK.to_owned());
    }
    files > 0
}

impl Report {
    fn find(&mut self, kind: Kind, place: String, message: String, remedy: String) {
        self.findings.push(Finding { kind, place, message, remedy });
    }

    fn note(&mut self, kind: Kind, place: String, message: String, remedy: String) {
        self.notes.push(Finding { kind, place, message, remedy });
    }
}

/// A command about a certificate: its ID, and what tells it from others of that ID. `options` are
/// whole words already.
fn command(verb: &str, record: &Record, register: &Register, options: &str) -> String {
    let Certificate { id, year, category, .. } = &record.entry.certificate;
    let which = match register.with_id(id).as_slice() {
        [_] => String::new(),
        _ => format!("--year {year} --category {} ", shell::word(category)),
    };
    shell::command(verb, id, (which + options).trim_end())
}
