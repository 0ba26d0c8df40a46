//! Whether every certificate has its files, as they were drawn, and nobody else has any.

use std::collections::HashSet;
use std::path::Path;

use rayon::prelude::*;

use super::templates::{Drawn, Templates};
use super::{Done, Finding, Kind, Report, named, quoted};
use crate::certificate::{Format, Status};
use crate::issuance;
use crate::register::{Record, Register};

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
                lost(record, register, templates, folder)
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

/// Files that should be there, and are not or are not as they should be.
fn lost(
    record: &Record,
    register: &Register,
    templates: &Templates<'_>,
    folder: &Path,
) -> Vec<Finding> {
    let lost = issuance::missing(record, folder).into_iter();
    lost.map(|format| {
        let place = format!("{}.{format}", record.entry.certificate.path);
        let there = folder.join(&place).exists();
        let (kind, message) = match format {
            _ if !there => (Kind::Missing, "it is missing"),
            Format::Png => (Kind::Damaged, "its pixels are not those that were drawn"),
            Format::Pdf => (Kind::Damaged, "it is not the file that was drawn"),
        };
        let named = named(record, register);
        let remedy = match &record.entry.template {
            None => format!(
                "git checkout -- {}, or accolade reissue {named} --redesign",
                quoted(&place)
            ),
            Some(stamp) => match templates.drawn(stamp) {
                Drawn::Same => format!("accolade restore {named}"),
                Drawn::Changed => format!("accolade reissue {named} --redesign"),
                Drawn::Lost => {
                    format!("bring templates/{} back, then accolade restore {named}", stamp.name)
                }
            },
        };
        Finding { kind, place, message: message.to_owned(), remedy }
    })
    .collect()
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
                remedy: format!("delete {}", quoted(&place)),
                place,
            },
        })
        .collect()
}
