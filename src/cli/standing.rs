//! How a certificate stands, in a word or two, and where its person was moved.

use serde_json::{Value, json};

use crate::certificate::Status;
use crate::register::{Record, Register};

/// What is to be said of a certificate that does not simply stand; else nothing.
pub(super) fn words(record: &Record, register: &Register) -> String {
    let moved_to = record.moved_to.map(|to| &register.records()[to].entry.certificate.id);
    let mut words = match (&record.status, moved_to) {
        (Status::Current, _) => Vec::new(),
        (Status::Revoked { .. }, Some(to)) => vec![format!("moved to {to}")],
        (Status::Revoked { .. }, None) => vec![record.status.to_string()],
    };
    if record.forgotten {
        words.push("forgotten".to_owned());
    }
    if record.stands() && !record.is_drawn() {
        words.push("not drawn yet".to_owned());
    }
    words.join(", ")
}

/// Whether a certificate stands or was taken back, and why: for programs.
pub(super) fn pair(record: &Record) -> (&'static str, Option<&str>) {
    match &record.status {
        Status::Current => ("current", None),
        Status::Revoked { reason } => ("revoked", Some(reason)),
    }
}

/// How a certificate stands, and why.
pub(super) fn sentence(record: &Record, register: &Register) -> String {
    let (status, reason) = pair(record);
    match (words(record, register), reason) {
        (none, _) if none.is_empty() => status.to_owned(),
        (words, Some(reason)) if !reason.is_empty() => format!("{words}: {reason}"),
        (words, _) => words,
    }
}

/// A certificate that another one names: its ID and its category.
pub(super) fn other(place: Option<usize>, register: &Register) -> Value {
    let certificate = place.map(|place| &register.records()[place].entry.certificate);
    certificate.map_or(Value::Null, |c| json!({ "id": c.id, "category": c.category }))
}
