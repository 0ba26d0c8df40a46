//! What the register itself says wrong: lines that cannot be read, numbers that a merge has given
//! twice, people it has given two.

use std::collections::{HashMap, HashSet};

use super::{Kind, Report, named, quoted};
use crate::register::{self, Cause, FILE, Files, Record, Register};

pub(super) fn check(register: &Register, lines: &[register::Finding], report: &mut Report) {
    for line in lines {
        let (place, message) = (format!("{FILE}, line {}", line.line), line.message.clone());
        match line.cause {
            Cause::Damage => {
                let remedy = "accolade register verify".to_owned();
                report.find(Kind::Register, place, message, remedy);
            }
            Cause::Crash => {
                let remedy = "the next command that writes sets it aside".to_owned();
                report.find(Kind::Register, place, message, remedy);
            }
            Cause::Remembered => {
                // Who was forgotten has a number, or an ID that says nothing.
                let remedy = "accolade forget, with that ID".to_owned();
                report.find(Kind::Register, place, message, remedy);
            }
            // Those that are not settled are told below, each once.
            Cause::Conflict => {}
        }
    }
    for conflict in register.conflicts() {
        let message = format!("a merge has given {conflict}");
        let remedy = "accolade register renumber".to_owned();
        report.find(Kind::Number, conflict.id.to_string(), message, remedy);
    }
    twice(register, report);
    remembered(register, report);
}

/// Who was forgotten under a name that was the ID too, and whom a merge has brought back: that the
/// ID is another now hides the line from the rest, and its files tell.
fn remembered(register: &Register, report: &mut Report) {
    let (standing, others): (Vec<&Record>, Vec<&Record>) =
        register.records().iter().partition(|record| record.stands());
    let forgotten = others.into_iter().filter(|record| record.forgotten);
    let forgotten: HashMap<&Files, &str> = forgotten
        .map(|record| (&record.entry.files, record.entry.certificate.id.as_str()))
        .filter(|(files, _)| !files.is_empty())
        .collect();
    for record in standing {
        let Some(was) = forgotten.get(&record.entry.files) else { continue };
        let certificate = &record.entry.certificate;
        let message = format!("it was forgotten as {was}, and a merge has brought it back");
        let remedy = format!("accolade forget {}", named(record, register));
        report.find(Kind::Person, certificate.id.to_string(), message, remedy);
    }
}

/// Whoever has two certificates of a category and year: issued on two branches, and merged. One
/// whose number another has too is told once that is settled: until then the number would name
/// the wrong one.
fn twice(register: &Register, report: &mut Report) {
    let mut first: HashMap<(&str, u16, &str), &str> = HashMap::new();
    let conflicts = register.conflicts();
    let unsettled: HashSet<usize> = conflicts.iter().flat_map(|c| c.records.clone()).collect();
    let records = register.records().iter().enumerate();
    let settled = records.filter(|(place, _)| !unsettled.contains(place));
    for (_, record) in settled.filter(|(_, record)| record.stands()) {
        let certificate = &record.entry.certificate;
        let (category, year) = (certificate.category.as_str(), certificate.year);
        let person = (category, year, certificate.known_by().as_str());
        let Some(other) = first.get(&person) else {
            first.insert(person, certificate.id.as_str());
            continue;
        };
        let message = format!("{} of {category} {year} has {other} already", certificate.name);
        let reason = quoted(&format!("issued twice, see {other}"));
        let remedy = format!("accolade revoke {} --reason {reason}", named(record, register));
        report.find(Kind::Person, certificate.id.to_string(), message, remedy);
    }
}
