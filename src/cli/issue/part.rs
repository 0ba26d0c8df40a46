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
    let part = match shard {
        Some(shard) => mine(roster, shard, &register)?,
        None => Vec::new(),
    };
    let lacking =
        part.iter().filter(|record| !issuance::lacking(record, formats).is_empty()).count();
    let undrawn = part.into_iter().filter(|record| !record.is_drawn());
    let undrawn: Vec<Record> = undrawn.cloned().collect();
    let drawn = if shard.is_some() { draw(&undrawn, roster, formats, global)? } else { Vec::new() };
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
    if lacking > 0 {
        global.say(&format!(
            "{} of this part were drawn before in fewer formats: accolade issue, without --shard, \
             adds the others",
            report::certificates(lacking)
        ));
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

/// The part of a roster's certificates that is a shard's.
fn mine<'r>(
    roster: &Roster<'_>,
    shard: Shard,
    register: &'r Register,
) -> anyhow::Result<Vec<&'r Record>> {
    let mut places: Vec<usize> = roster.plan(register)?.standing().collect();
    places.retain(|place| shard.has(*place));
    register.sort(&mut places, roster.issuer);
    Ok(places.into_iter().map(|place| &register.records()[place]).collect())
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
