//! What the register itself says wrong: lines that cannot be read, numbers that a merge has given
//! twice, people it has given two.

use std::collections::{BTreeSet, HashMap, HashSet};

use serde_json::{Map, Value};

use super::{Kind, Report, UPGRADE, command};
use crate::register::{self, Cause, Divergence, Entry, FILE, Files, Record, Register};
use crate::shell;

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
            Cause::Newer => report.find(Kind::Register, place, message, UPGRADE.to_owned()),
            Cause::Remembered(record) => {
                // Who was forgotten has a number, or an ID that says nothing.
                let remedy = command("forget", &register.records()[record], register, "");
                report.find(Kind::Register, place, message, remedy);
            }
            // Those that are not settled are told below, each once.
            Cause::Conflict | Cause::Divergence => {}
        }
    }
    for conflict in register.conflicts() {
        let message = format!("a merge has given {conflict}");
        let remedy = "accolade register renumber".to_owned();
        report.find(Kind::Number, conflict.id.to_string(), message, remedy);
    }
    register.divergences().for_each(|diverged| twofold(diverged, register, report));
    undrawn(register, report);
    twice(register, report);
    remembered(register, report);
}

/// Whose number has been given, and who has no files yet: all of them are told of together.
fn undrawn(register: &Register, report: &mut Report) {
    let waiting: Vec<&Record> =
        register.records().iter().filter(|r| r.stands() && !r.is_drawn()).collect();
    let [first, rest @ ..] = waiting.as_slice() else { return };
    let id = |record: &Record| record.entry.certificate.id.to_string();
    let (place, message) = match rest.last() {
        None => (id(first), "it has a number, and has not been drawn yet".to_owned()),
        Some(last) => (
            format!("{} … {}", id(first), id(last)),
            format!("{} certificates have numbers, and have not been drawn yet", waiting.len()),
        ),
    };
    report.find(Kind::Undrawn, place, message, "accolade restore".to_owned());
}

/// What two branches have drawn again, each in its own way: what stands, and what does not.
fn twofold(diverged: &Divergence, register: &Register, report: &mut Report) {
    let Divergence { record, revision, fallen } = diverged;
    let record = &register.records()[*record];
    let id = &record.entry.certificate.id;
    let [stands, stands_not] = [&record.entry, fallen].map(values);
    let fields: BTreeSet<&String> = stands.keys().chain(stands_not.keys()).collect();
    let text = |values: &Map<String, Value>, field: &str| {
        values.get(field).map_or_else(|| "nothing".to_owned(), ToString::to_string)
    };
    let differ = fields.into_iter().filter(|field| stands.get(*field) != stands_not.get(*field));
    let differences: Vec<String> = differ
        .map(|field| format!("{field} {}, not {}", text(&stands, field), text(&stands_not, field)))
        .collect();
    let what = match differences.join(", ") {
        none if none.is_empty() => "the later line stands".to_owned(),
        differences => format!("what stands has {differences}"),
    };
    let reason = "--reason 'settled after a merge'";
    report.find(
        Kind::Revision,
        id.to_string(),
        format!("two branches have reissued it, both as revision {revision}: {what}"),
        command("reissue", record, register, reason)
            + ", with --name or --set where the other was right",
    );
}

/// What an entry says to people: not where it lies, nor what its files are like.
fn values(entry: &Entry) -> Map<String, Value> {
    let Ok(Value::Object(mut values)) = serde_json::to_value(entry) else { return Map::new() };
    for field in ["path", "url", "files", "template"] {
        values.remove(field);
    }
    values
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
        let remedy = command("forget", record, register, "");
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
        let reason = shell::word(&format!("issued twice, see {other}"));
        let remedy = command("revoke", record, register, &format!("--reason {reason}"));
        report.find(Kind::Person, certificate.id.to_string(), message, remedy);
    }
}
