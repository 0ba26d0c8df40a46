//! What a dry run says: how many are new, unchanged, different or withdrawn, then each of them.

use anstyle::{AnsiColor, Style};
use serde_json::{Value, json};

use super::report::{self, Brief, briefs, certificate};
use crate::certificate::Certificate;
use crate::cli::{Global, present, standing};
use crate::issuance::{Namesake, Plan};
use crate::register::Register;

const NEW: Style = AnsiColor::Green.on_default();
const STANDS: Style = Style::new();
const DIFFERS: Style = AnsiColor::Yellow.on_default();
const WITHDRAWN: Style = AnsiColor::Red.on_default();

/// Shows a plan. `lost` are the certificates with a file missing: places among the records.
pub(super) fn show(
    plan: &Plan,
    lost: &[usize],
    warnings: &[Value],
    register: &Register,
    global: &Global,
) -> anyhow::Result<()> {
    if global.json {
        return present::json(&json!({
            "new": plan.new.iter().map(|p| Brief::of(&p.certificate)).collect::<Vec<_>>(),
            "unchanged": briefs(&plan.unchanged, register),
            "restored": briefs(lost, register),
            "differs": report::differences(plan, register),
            "withdrawn": briefs(&plan.withdrawn, register),
            "namesakes": plan.namesakes,
            "warnings": warnings,
        }));
    }
    counts(plan, lost, register)?;
    for planned in &plan.new {
        let Certificate { id, name, category, .. } = &planned.certificate;
        present::styled(NEW, &format!("+ {id}  {name}  ({category})"))?;
    }
    for difference in &plan.differs {
        for change in report::describe(difference, register) {
            present::styled(DIFFERS, &format!("~ {change}"))?;
        }
    }
    for place in lost {
        let Certificate { id, name, .. } = certificate(register, *place);
        let line = format!("^ {id}  {name}  (a file is missing and would be drawn again)");
        present::styled(STANDS, &line)?;
    }
    for place in &plan.withdrawn {
        let Certificate { id, name, .. } = certificate(register, *place);
        let how = standing::words(&register.records()[*place], register);
        present::styled(WITHDRAWN, &format!("! {id}  {name}  ({how}, not issued again)"))?;
    }
    global.say("nothing was written, and no number was spent");
    if let Some(remedy) = report::mend(plan, register) {
        global.say(&remedy);
    }
    for namesake in &plan.namesakes {
        let Namesake { known, .. } = namesake;
        let remedy = format!("{}, and {known} stays theirs", report::right_key(namesake));
        global.say(&report::warning(namesake, &remedy));
    }
    Ok(())
}

/// The lines that say how many: those of whom there are any, and always the unchanged.
fn counts(plan: &Plan, lost: &[usize], register: &Register) -> anyhow::Result<()> {
    let of_record = |place: &usize| certificate(register, *place);
    let new = example(plan.new.iter().map(|planned| &planned.certificate));
    let differing = example(plan.differs.iter().map(|d| of_record(&d.record)));
    let differ = if plan.differs.len() == 1 { "differs" } else { "differ" };
    let lines = [
        (NEW, '+', plan.new.len(), "new", new),
        (STANDS, '=', plan.unchanged.len(), "unchanged", String::new()),
        (DIFFERS, '~', plan.differs.len(), differ, differing),
        (STANDS, '^', lost.len(), "to be drawn again", example(lost.iter().map(of_record))),
        (WITHDRAWN, '!', plan.withdrawn.len(), "withdrawn", String::new()),
    ];
    for (style, sign, count, what, example) in lines {
        if count > 0 || sign == '=' {
            present::styled(style, &format!("{sign} {count} {what}{example}"))?;
        }
    }
    Ok(())
}

/// The first of some certificates, in brackets.
fn example<'a>(mut certificates: impl Iterator<Item = &'a Certificate>) -> String {
    let Some(Certificate { id, name, .. }) = certificates.next() else { return String::new() };
    let who = if id == name { id.to_string() } else { format!("{id} {name}") };
    let more = if certificates.next().is_some() { " …" } else { "" };
    format!(" ({who}{more})")
}
