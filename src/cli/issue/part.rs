//! Issuing in parts: the numbers of a roster all at once, the drawing shared among processes.

use std::collections::BTreeSet;
use std::time::Instant;

use serde_json::json;

use super::{Roster, report};
use crate::certificate::{Certificate, Format};
use crate::cli::{Global, counted, present, progress};
use crate::issuance;
use crate::register::{Record, Register, journal};
use crate::shard::Shard;

/// Gives the numbers of a roster unless somebody has, and draws a part of it, or nothing.
pub(super) fn run(
    roster: &Roster<'_>,
    shard: Option<Shard>,
    formats: &[Format],
    global: &Global,
) -> anyhow::Result<()> {
    let started = Instant::now();
    let given = give(roster, formats, global)?;
    let register = journal::read(&global.folder)?;
    let drawn = match shard {
        Some(shard) => draw(&mine(roster, shard, &register)?, roster, formats, global)?,
        None => Vec::new(),
    };
    if global.json {
        let briefs =
            |all: &[Certificate]| json!(all.iter().map(report::Brief::of).collect::<Vec<_>>());
        return present::json(&json!({ "given": briefs(&given), "drawn": briefs(&drawn) }));
    }
    report::print_sets(if shard.is_some() { &drawn } else { &given }.iter())?;
    let mut parts = Vec::new();
    if !given.is_empty() || shard.is_none() {
        parts.push(format!("gave {}", counted(given.len(), "number")));
    }
    if shard.is_some() {
        parts.push(format!("drew {}", report::certificates(drawn.len())));
    }
    parts.push(format!("in {}", progress::time(started.elapsed())));
    global.say(&parts.join(", "));
    if let Some(shard) = shard {
        let lacks = |record: &&Record| !issuance::lacking(record, formats).is_empty();
        let lacking = places(roster, shard, &register)?;
        let lacking = lacking.iter().map(|place| &register.records()[*place]).filter(lacks);
        match lacking.count() {
            0 => {}
            count => global.say(&format!(
                "{} of this part were drawn before in fewer formats: accolade issue, without \
                 --shard, adds the others",
                report::certificates(count)
            )),
        }
    }
    if shard.is_none() {
        global.say("next: each part with --shard 0/N to N-1/N, or all of it: accolade restore");
    }
    Ok(())
}

/// Gives all numbers that the roster asks for: whoever comes first does, the others find none to
/// give.
fn give(
    roster: &Roster<'_>,
    formats: &[Format],
    global: &Global,
) -> anyhow::Result<Vec<Certificate>> {
    let (register, mut work) = roster.first_proof(formats, global)?;
    if work.plan.new.is_empty() {
        return Ok(Vec::new());
    }
    issuance::check_folders(work.plan.new.iter().map(|new| &new.certificate), &global.folder)?;
    let mut journal = global.open_journal()?;
    if journal.register().events() != register.events() {
        // Someone else has written in between.
        work = roster.proof(journal.register(), formats, global)?;
    }
    issuance::give(&work.plan.new, &work.press, &mut journal)?;
    Ok(work.plan.new.into_iter().map(|new| new.certificate).collect())
}

/// The part of a roster's certificates that is a shard's, as far as it has not been drawn.
fn mine(roster: &Roster<'_>, shard: Shard, register: &Register) -> anyhow::Result<Vec<Record>> {
    let mut places = places(roster, shard, register)?;
    register.sort(&mut places, roster.issuer);
    let part = places.into_iter().map(|place| &register.records()[place]);
    Ok(part.filter(|record| !record.is_drawn()).cloned().collect())
}

/// The places of a shard's certificates among the records.
fn places(roster: &Roster<'_>, shard: Shard, register: &Register) -> anyhow::Result<Vec<usize>> {
    Ok(roster.plan(register)?.standing().filter(|place| shard.has(*place)).collect())
}

/// Draws certificates that have their numbers, and takes the lock only to tell so.
fn draw(
    given: &[Record],
    roster: &Roster<'_>,
    formats: &[Format],
    global: &Global,
) -> anyhow::Result<Vec<Certificate>> {
    let folder = &global.folder;
    let stamps = given.iter().filter_map(|record| record.entry.template.as_ref());
    let templates: BTreeSet<&str> = stamps.map(|stamp| stamp.name.as_str()).collect();
    let press = global.press(templates, roster.issuer)?;
    Global::prepare(&press, formats)?;
    let bar = progress::Work::begin(given.len(), global);
    issuance::draw_given(given, formats, &press, folder, &bar, |events| {
        issuance::tell_drawn(events, folder, &mut global.open_journal()?)
    })?;
    Ok(given.iter().map(|record| record.entry.certificate.clone()).collect())
}
