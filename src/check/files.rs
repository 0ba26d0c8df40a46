//! Whether every certificate has its files, as they were drawn, and nobody else has any.

use std::collections::HashSet;
use std::path::Path;

use rayon::prelude::*;

use super::templates::{Drawn, Templates};
use super::{Done, Finding, Kind, Report, command};
use crate::certificate::{Format, Status};
use crate::issuance;
use crate::register::{FILE, Record, Register};
use crate::render::Metadata;
use crate::shell;

pub(super) fn check(
    register: &Register,
    templates: &Templates<'_>,
    folder: &Path,
    done: &Done<'_>,
    report: &mut Report,
) {
    // Where two have one number, they have one file; first of all that is to be settled.
    let unsettled: HashSet<usize> =
        register.conflicts().into_iter().flat_map(|conflict| conflict.records).collect();
    let found: Vec<Vec<Finding>> = register
        .records()
        .par_iter()
        .enumerate()
        .map(|(place, record)| {
            let found = if unsettled.contains(&place) {
                Vec::new()
            } else if record.stands() {
                faults(record, register, templates, folder)
            } else {
                left(record, folder)
            };
            done();
            found
        })
        .collect();
    for finding in found.into_iter().flatten() {
        match finding.kind {
            Kind::Revoked => report.notes.push(finding),
            _ => report.findings.push(finding),
        }
    }
}

/// Files that should be there, and are not or are not as they should be; and lines of the register
/// that say something else than a file that is as it was drawn.
fn faults(
    record: &Record,
    register: &Register,
    templates: &Templates<'_>,
    folder: &Path,
) -> Vec<Finding> {
    let lost = |format: Format| {
        let place = format!("{}.{format}", record.entry.certificate.path);
        let there = folder.join(&place).exists();
        let (kind, message) = match format {
            _ if !there => (Kind::Missing, "it is missing"),
            Format::Png => (Kind::Damaged, "its pixels are not those that were drawn"),
            Format::Pdf => (Kind::Damaged, "it is not the file that was drawn"),
        };
        let restore = || command("restore", record, register, "");
        let redesign = || command("reissue", record, register, "--redesign");
        let remedy = match &record.entry.template {
            None => format!("git checkout -- {}, or {}", shell::word(&place), redesign()),
            Some(stamp) => match templates.drawn(stamp) {
                Drawn::Same => restore(),
                Drawn::Changed => redesign(),
                Drawn::Lost => format!("bring templates/{} back, then {}", stamp.name, restore()),
            },
        };
        Finding { kind, place, message: message.to_owned(), remedy }
    };
    let formats = record.entry.files.keys().copied();
    let found = formats.filter_map(|format| match issuance::sound(record, format, folder) {
        None => Some(lost(format)),
        Some(bytes) => contradicted(record, format, &bytes),
    });
    found.collect()
}

/// What a file that is as it was drawn says otherwise than the register: somebody has changed the
/// line. A file that says nothing of itself, or that other hands have made, is not asked.
fn contradicted(record: &Record, format: Format, bytes: &[u8]) -> Option<Finding> {
    record.entry.template.as_ref()?;
    let certificate = &record.entry.certificate;
    let (says, drawn) = (Metadata::of(certificate), Metadata::read(bytes)?);
    let pairs = [
        ("id", says.number, drawn.number),
        ("name", says.name, drawn.name),
        ("category", says.category, drawn.category),
        ("year", year(says.year), year(drawn.year)),
    ];
    let differ = pairs.into_iter().filter(|(_, says, drawn)| says != drawn);
    let differences: Vec<String> = differ
        .map(|(field, says, drawn)| format!("the {field} {drawn:?}, and the register {says:?}"))
        .collect();
    (!differences.is_empty()).then(|| Finding {
        kind: Kind::Contradicted,
        place: format!("{}.{format}", certificate.path),
        message: format!("it says {}", differences.join("; ")),
        remedy: format!("bring back the line of {FILE} that was changed: git log -p {FILE}"),
    })
}

fn year(year: Option<u16>) -> String {
    year.map(|year| year.to_string()).unwrap_or_default()
}

/// Files that should not be there any more.
fn left(record: &Record, folder: &Path) -> Vec<Finding> {
    let id = &record.entry.certificate.id;
    let files = [Format::Png, Format::Pdf].into_iter();
    let files = files.map(|format| format!("{}.{format}", record.entry.certificate.path));
    let there = files.filter(|place| folder.join(place).exists());
    there
        .map(|place| match &record.status {
            Status::Revoked { reason } if !record.forgotten => Finding {
                kind: Kind::Revoked,
                message: format!("{id} was revoked: {reason}"),
                remedy: "delete it, unless it was kept on purpose".to_owned(),
                place,
            },
            _ => Finding {
                kind: Kind::Forgotten,
                message: format!("the person of {id} was forgotten"),
                remedy: format!("delete {}", shell::word(&place)),
                place,
            },
        })
        .collect()
}
