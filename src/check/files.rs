//! Whether every certificate has its files, as they were drawn, and nobody else has any.

use std::collections::HashSet;
use std::path::Path;

use rayon::prelude::*;

use super::templates::{Drawn, Templates};
use super::{Done, Finding, Kind, Report, command};
use crate::certificate::{Format, Status};
use crate::issuance::{self, Found};
use crate::register::{FILE, Record, Register};
use crate::render::Difference;
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
    let place = |format: Format| format!("{}.{format}", record.entry.certificate.path);
    let lost = |kind: Kind, format: Format, message: String| {
        let restore = || command("restore", record, register, "");
        let redesign = || command("reissue", record, register, "--redesign");
        let remedy = match &record.entry.template {
            None => format!("git checkout -- {}, or {}", shell::word(&place(format)), redesign()),
            Some(stamp) => match templates.drawn(stamp) {
                Drawn::Same => restore(),
                Drawn::Changed => redesign(),
                Drawn::Lost => format!("bring templates/{} back, then {}", stamp.name, restore()),
            },
        };
        Finding { kind, place: place(format), message, remedy }
    };
    let damaged = |format: Format| match format {
        Format::Png => "its pixels are not those that were drawn",
        Format::Pdf => "it is not the file that was drawn",
    };
    let fault = |format: Format| match issuance::found(record, format, folder) {
        Found::Sound(_) => None,
        Found::Missing => Some(lost(Kind::Missing, format, "it is missing".to_owned())),
        Found::Damaged => Some(lost(Kind::Damaged, format, damaged(format).to_owned())),
        Found::Changed(how) => Some(lost(Kind::Damaged, format, how.to_string())),
        Found::Contradicted(differences) => Some(Finding {
            kind: Kind::Contradicted,
            place: place(format),
            message: contradiction(&differences),
            remedy: format!(
                "bring back the line of {FILE} that was changed: git log -p {FILE}{}",
                match format {
                    Format::Pdf => String::new(),
                    Format::Png => format!(
                        "; if none was, delete the file, then {}",
                        command("restore", record, register, "")
                    ),
                }
            ),
        }),
    };
    record.entry.files.keys().copied().filter_map(fault).collect()
}

/// `it says the name "沈旭", and the register "沈日"`.
fn contradiction(differences: &[Difference]) -> String {
    let said = differences.iter().map(|Difference { field, said, known }| {
        format!("the {field} {said:?}, and the register {known:?}")
    });
    format!("it says {}", said.collect::<Vec<_>>().join("; "))
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
