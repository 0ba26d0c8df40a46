//! What `accolade issue` says: the plan of a dry run, and what an issue has done.

use std::path::Path;
use std::time::Duration;

use indexmap::IndexMap;
use serde::Serialize;
use serde_json::{Value, json};

use crate::certificate::{Certificate, Format};
use crate::cli::{Global, present, progress};
use crate::issuance::{Difference, Plan};
use crate::register::Register;

/// Shows a plan: a line a person who would get, or has, something else; then the counts.
pub(super) fn plan(
    plan: &Plan,
    lost: &[usize],
    register: &Register,
    global: &Global,
) -> anyhow::Result<()> {
    if global.json {
        return present::json(&json!({
            "new": plan.new.iter().map(|p| Brief::of(&p.certificate)).collect::<Vec<_>>(),
            "unchanged": briefs(&plan.unchanged, register),
            "restored": briefs(lost, register),
            "differs": differences(plan, register),
            "withdrawn": briefs(&plan.withdrawn, register),
        }));
    }
    for planned in &plan.new {
        let Certificate { id, name, category, .. } = &planned.certificate;
        present::line(&format!("+ {id}  {name}  ({category})"))?;
    }
    for difference in &plan.differs {
        for change in describe(difference, register) {
            present::line(&format!("~ {change}"))?;
        }
    }
    for place in lost {
        let Certificate { id, name, .. } = certificate(register, *place);
        present::line(&format!("^ {id}  {name}  (a file is missing and would be drawn again)"))?;
    }
    for place in &plan.withdrawn {
        let Certificate { id, name, .. } = certificate(register, *place);
        present::line(&format!("! {id}  {name}  (revoked, not issued again)"))?;
    }
    global.say(&format!(
        "{} new, {} unchanged, {} differ, {} withdrawn; nothing was written",
        plan.new.len(),
        plan.unchanged.len(),
        plan.differs.len(),
        plan.withdrawn.len()
    ));
    Ok(())
}

/// What an issue has done.
pub(super) struct Outcome<'a> {
    /// The plan that was carried out.
    pub plan: &'a Plan,
    /// Whose lost files were drawn again: places among the records.
    pub restored: &'a [usize],
    /// Whose missing formats were added: places among the records.
    pub completed: &'a [usize],
    /// The formats that were written.
    pub formats: &'a [Format],
    /// The register as it is now.
    pub register: &'a Register,
}

impl Outcome<'_> {
    /// The result: a line a category and year, or all of it as JSON.
    pub fn print(&self, global: &Global) -> anyhow::Result<()> {
        let issued = self.plan.new.iter().map(|planned| &planned.certificate);
        if global.json {
            return present::json(&json!({
                "issued": issued.map(Brief::of).collect::<Vec<_>>(),
                "formats": self.formats,
                "restored": briefs(self.restored, self.register),
                "completed": briefs(self.completed, self.register),
                "unchanged": self.plan.unchanged.len(),
                "differs": differences(self.plan, self.register),
                "withdrawn": briefs(&self.plan.withdrawn, self.register),
            }));
        }
        let mut sets: IndexMap<(u16, &str), Vec<&str>> = IndexMap::new();
        for certificate in issued {
            let set = sets.entry((certificate.year, &certificate.category)).or_default();
            set.push(&certificate.id);
        }
        for ((year, category), ids) in sets {
            let range = match ids.as_slice() {
                [only] => (*only).to_owned(),
                [first, .., last] => format!("{first} … {last}"),
                [] => continue,
            };
            present::line(&format!("{year} {category:<16} {:>6}  {range}", ids.len()))?;
        }
        Ok(())
    }

    /// The closing line, and what is left to the issuer.
    pub fn close(&self, elapsed: Duration, global: &Global) {
        let place = self.plan.new.first().map_or_else(String::new, |first| {
            let path = global.folder.join(&first.certificate.path);
            let set = path.parent().and_then(Path::parent).unwrap_or(&path);
            format!(" in {}", set.display())
        });
        let mut parts = vec![format!("issued {}{place}", certificates(self.plan.new.len()))];
        if !self.restored.is_empty() {
            parts.push(format!("restored {}", certificates(self.restored.len())));
        }
        if !self.completed.is_empty() {
            parts.push(format!("added formats to {}", certificates(self.completed.len())));
        }
        let standing = self.plan.standing().count();
        if standing > 0 {
            parts.push(format!("{standing} had theirs already"));
        }
        if !self.plan.withdrawn.is_empty() {
            parts.push(format!("{} revoked and left so", self.plan.withdrawn.len()));
        }
        parts.push(format!("in {}", progress::time(elapsed)));
        let paths = self.plan.new.iter().map(|planned| planned.certificate.path.as_str());
        let restored = briefs(self.restored, self.register);
        for path in paths.chain(restored.iter().map(|brief| brief.path)) {
            for format in self.formats {
                global.whisper(&format!("wrote {path}.{format}"));
            }
        }
        global.say(&parts.join(", "));
        for difference in &self.plan.differs {
            for change in describe(difference, self.register) {
                global.say(&format!("differs: {change}"));
            }
        }
        if let Some(first) = self.plan.differs.first() {
            global.say(&format!(
                "to mend a certificate: accolade reissue {} --name NAME --reason \"…\"; to tell two \
                 people apart: a column key",
                certificate(self.register, first.record).id
            ));
        }
    }
}

fn certificates(count: usize) -> String {
    if count == 1 { "1 certificate".to_owned() } else { format!("{count} certificates") }
}

fn certificate(register: &Register, place: usize) -> &Certificate {
    &register.records()[place].entry.certificate
}

/// A certificate in a few words.
#[derive(Serialize)]
struct Brief<'a> {
    id: &'a str,
    name: &'a str,
    category: &'a str,
    year: u16,
    path: &'a str,
}

impl<'a> Brief<'a> {
    fn of(certificate: &'a Certificate) -> Self {
        let Certificate { id, name, category, year, path, .. } = certificate;
        Self { id, name, category, year: *year, path }
    }
}

fn briefs<'a>(places: &[usize], register: &'a Register) -> Vec<Brief<'a>> {
    places.iter().map(|place| Brief::of(certificate(register, *place))).collect()
}

fn differences(plan: &Plan, register: &Register) -> Vec<Value> {
    let value = |difference: &Difference| {
        let changes = difference.changes.iter().map(
            |(column, has, says)| json!({ "column": column, "certificate": has, "roster": says }),
        );
        json!({
            "row": difference.row,
            "id": certificate(register, difference.record).id,
            "changes": changes.collect::<Vec<_>>(),
        })
    };
    plan.differs.iter().map(value).collect()
}

fn describe(difference: &Difference, register: &Register) -> Vec<String> {
    let id = &certificate(register, difference.record).id;
    let row = difference.row;
    let line = |(column, has, says): &(String, String, String)| {
        format!("{id}  {column}: the certificate says {has:?}, row {row} says {says:?}")
    };
    difference.changes.iter().map(line).collect()
}
