//! `accolade register verify`: every bad line, and what is sound.

use serde_json::json;

use super::super::{Global, counted, present};
use crate::issuer::Issuer;
use crate::register::{Cause, FILE, journal};

pub(super) const EXAMPLES: &str = "\
Examples:
  accolade register verify
  accolade register verify --json

It writes nothing. Exit code 3 when a line is bad, or a merge has given a number twice, or has
brought two reissues of one revision.";

/// Reads all lines, and says what is wrong with them.
pub(super) fn run(global: &Global) -> anyhow::Result<()> {
    Issuer::read(&global.folder)?;
    let (register, findings) = journal::verify(&global.folder)?;
    let conflicts = register.conflicts();
    let of = |record: usize| &register.records()[record].entry.certificate;
    let diverged: Vec<_> = register.divergences().map(|d| (&of(d.record).id, d.revision)).collect();
    // Of what a merge has brought, that which was settled since is history.
    let history = |cause: Cause| matches!(cause, Cause::Conflict | Cause::Divergence);
    let bad: Vec<_> = findings.iter().filter(|found| !history(found.cause)).collect();
    let is_sound = bad.is_empty() && conflicts.is_empty() && diverged.is_empty();
    let (events, certificates) = (register.events(), register.records().len());
    if global.json {
        let lines = bad.iter().map(|f| json!({ "line": f.line, "message": f.message }));
        present::json(&json!({
            "bad": lines.collect::<Vec<_>>(),
            "conflicts": conflicts.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "diverged": diverged.iter().map(|(id, _)| id).collect::<Vec<_>>(),
            "events": events,
            "certificates": certificates,
        }))?;
    } else {
        for found in &bad {
            present::line(&format!("{FILE}, line {}: {}", found.line, found.message))?;
        }
        for conflict in &conflicts {
            present::line(&format!("a merge has given {conflict}"))?;
        }
        for (id, revision) in &diverged {
            present::line(&format!("two branches have reissued {id} as revision {revision}"))?;
        }
        let sound =
            format!("{} of {}", counted(events, "event"), counted(certificates, "certificate"));
        if is_sound {
            present::line(&format!("all is sound: {sound}"))?;
        } else {
            global.say(&format!("sound: {sound}"));
        }
    }
    if bad.iter().any(|found| found.cause == Cause::Damage) {
        present::hint(&format!(
            "`git log -p {FILE}` shows who changed a line; bring back what stood there"
        ));
    }
    if !conflicts.is_empty() {
        present::hint("`accolade register renumber` gives the later one the next free number");
    }
    if !diverged.is_empty() {
        present::hint("`accolade check` says which of them stands, and what settles it");
    }
    if is_sound { Ok(()) } else { Err(present::No.into()) }
}
