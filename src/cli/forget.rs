//! `accolade forget`: a person taken out of the register on their request.

use std::io::{self, IsTerminal, Write};

use anyhow::bail;
use clap::Args;
use serde_json::json;

use super::select::Selected;
use super::{Global, present};
use crate::certificate::Certificate;
use crate::disk;
use crate::issuance::{self, Forgotten};
use crate::issuer::Issuer;
use crate::register::{Register, journal};
use crate::shell;

const EXAMPLES: &str = "\
Examples:
  accolade forget V20200001 --dry-run
  accolade forget V20200001

Name, key and columns leave every line of the register, and the files leave the folder. Number,
status and digests remain, so that the number is never given again. Who was moved is forgotten in
both places. It cannot be undone; without a terminal to ask on, it wants --yes.";

/// Forget a person: take their name, key and columns out of the register.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Forget {
    #[command(flatten)]
    selected: Selected,
    /// Do not ask.
    #[arg(long)]
    yes: bool,
    /// Show whom it would concern, and do nothing.
    #[arg(long)]
    dry_run: bool,
}

/// What is left that no command can reach.
const REMAINS: &str = "\
the name is still in what others hold: the history of git (git filter-repo rewrites it, and every
clone has its own), certificates and exports that were handed out, honour rolls until they are
written again (accolade honor-roll YEAR --write), and rosters: one that still has the person would
give them a new certificate";

impl Forget {
    pub(super) fn run(self, global: &Global) -> anyhow::Result<()> {
        Issuer::read(&global.folder)?;
        let register = journal::read(&global.folder)?;
        let forgotten = issuance::plan_forget(self.selected.find(&register)?, &register);
        let theirs = certificates(&forgotten.records, &register);
        if self.dry_run {
            if global.json {
                return print_json("would_forget", &forgotten, &register);
            }
            for Certificate { id, name, category, year, .. } in &theirs {
                present::line(&format!("- {id}  {name}  ({category} {year})"))?;
            }
            tell_namesakes(&forgotten, &register, global);
            global.say("nothing was written");
            return Ok(());
        }
        if !self.yes {
            ask(&theirs)?;
        }
        let mut journal = global.open_journal()?;
        let place = self.selected.find(journal.register())?;
        let forgotten = issuance::plan_forget(place, journal.register());
        issuance::forget(&forgotten, &global.folder, &mut journal)?;
        if global.json {
            return print_json("forgotten", &forgotten, journal.register());
        }
        for Certificate { id, .. } in certificates(&forgotten.records, journal.register()) {
            present::line(id)?;
        }
        let ids: Vec<&str> = theirs.iter().map(|certificate| certificate.id.as_str()).collect();
        let verb = if ids.len() == 1 { "was" } else { "were" };
        global.say(&format!("forgot whose {} {verb}", ids.join(" and ")));
        global.say(REMAINS);
        tell_namesakes(&forgotten, &register, global);
        let torn = global.folder.join(journal::TORN);
        let torn_text = disk::read(&torn, LARGEST).unwrap_or_default();
        let torn_text = String::from_utf8_lossy(&torn_text);
        if theirs.iter().any(|c| !c.name.is_empty() && torn_text.contains(c.name.as_str())) {
            global.say(&format!("{} has the name too: delete it", torn.display()));
        }
        Ok(())
    }
}

/// The largest file of torn lines that is looked through, in bytes.
const LARGEST: u64 = 64 << 20;

fn certificates<'a>(places: &[usize], register: &'a Register) -> Vec<&'a Certificate> {
    places.iter().map(|place| &register.records()[*place].entry.certificate).collect()
}

/// Asks on the terminal.
fn ask(theirs: &[&Certificate]) -> anyhow::Result<()> {
    let whose = |Certificate { id, name, .. }: &&Certificate| {
        if id == name || name.is_empty() { id.to_string() } else { format!("{id} ({name})") }
    };
    let whose: Vec<String> = theirs.iter().map(whose).collect();
    let verb = if whose.len() == 1 { "is" } else { "are" };
    let whose = whose.join(" and ");
    if !io::stdin().is_terminal() {
        bail!("forgetting whose {whose} {verb} cannot be undone: say --yes");
    }
    let question = format!("Forget whose {whose} {verb}? It cannot be undone. [y/N] ");
    anstream::eprint!("{}", present::printable(&question));
    io::stderr().flush()?;
    let mut answer = String::new();
    io::stdin().read_line(&mut answer)?;
    match answer.trim().to_lowercase().as_str() {
        "y" | "yes" => Ok(()),
        _ => bail!("nobody was forgotten"),
    }
}

fn tell_namesakes(forgotten: &Forgotten, register: &Register, global: &Global) {
    let namesakes = certificates(&forgotten.namesakes, register);
    if let [first, ..] = namesakes.as_slice() {
        let ids: Vec<&str> = namesakes.iter().map(|certificate| certificate.id.as_str()).collect();
        let Certificate { id, category, year, .. } = first;
        let which = format!("--category {} --year {year}", shell::word(category));
        global.say(&format!(
            "of the same name, and left as they are: {}; if that is the same person: {}",
            ids.join(", "),
            shell::command("forget", id, &which)
        ));
    }
}

fn print_json(done: &str, forgotten: &Forgotten, register: &Register) -> anyhow::Result<()> {
    let list = |places: &[usize]| -> Vec<_> {
        let one = |c: &Certificate| json!({ "id": c.id, "category": c.category, "year": c.year });
        certificates(places, register).into_iter().map(one).collect()
    };
    present::json(&json!({
        done: list(&forgotten.records),
        "namesakes": list(&forgotten.namesakes),
    }))
}
