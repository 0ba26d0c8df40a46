//! What `accolade issue` says when it is done.

use std::path::{Path, PathBuf};
use std::time::Duration;

use indexmap::IndexMap;
use serde::Serialize;
use serde_json::{Value, json};

use crate::certificate::{Certificate, Format};
use crate::cli::{Global, counted, present, progress};
use crate::issuance::{Difference, Namesake, Plan};
use crate::register::Register;
use crate::shell;

/// What an issue has done.
pub(super) struct Outcome<'a> {
    /// The plan that was carried out.
    pub plan: &'a Plan,
    /// Who had a number already, and was drawn now: places among the records.
    pub drawn: &'a [usize],
    /// Whose lost files were drawn again: places among the records.
    pub restored: &'a [usize],
    /// Whose missing formats were added: places among the records.
    pub completed: &'a [usize],
    /// The formats that were written.
    pub formats: &'a [Format],
    /// What is odd about the roster.
    pub warnings: &'a [Value],
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
                "drawn": briefs(self.drawn, self.register),
                "restored": briefs(self.restored, self.register),
                "completed": briefs(self.completed, self.register),
                "unchanged": self.plan.unchanged.len(),
                "differs": differences(self.plan, self.register),
                "withdrawn": briefs(&self.plan.withdrawn, self.register),
                "namesakes": self.plan.namesakes,
                "warnings": self.warnings,
            }));
        }
        print_sets(issued)
    }

    /// The closing line, and what is left to the issuer.
    pub fn close(&self, elapsed: Duration, global: &Global) {
        let paths = self.plan.new.iter().map(|planned| planned.certificate.path.as_str());
        let place = common_folder(paths).map_or_else(String::new, |place| {
            let place = global.folder.components().chain(Path::new(&place).components());
            format!(" in {}", place.collect::<PathBuf>().display())
        });
        let mut parts = vec![format!("issued {}{place}", certificates(self.plan.new.len()))];
        if !self.drawn.is_empty() {
            let drawn = certificates(self.drawn.len());
            parts.push(format!("drew {drawn} that had their numbers"));
        }
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
        if let Some(remedy) = mend(self.plan, self.register) {
            global.say(&remedy);
        }
        for namesake in &self.plan.namesakes {
            let Namesake { new, known, .. } = namesake;
            let reason = shell::word(&format!("the same person as {known}"));
            let revoke = shell::command("revoke", new, &format!("--reason {reason}"));
            let remedy = format!("{revoke}, and {}", right_key(namesake));
            global.say(&warning(namesake, &remedy));
        }
    }
}

/// Prints a line for each category and year: how many there are, the first and the last.
pub(in crate::cli) fn print_sets<'a>(
    certificates: impl Iterator<Item = &'a Certificate>,
) -> anyhow::Result<()> {
    let mut sets: IndexMap<(u16, &str), Vec<&str>> = IndexMap::new();
    for certificate in certificates {
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

/// What to type to bring the first certificate that differs in line with the roster.
pub(in crate::cli) fn mend(plan: &Plan, register: &Register) -> Option<String> {
    let mut mendable = plan.differs.iter().filter_map(|difference| {
        let change =
            difference.changes.iter().find(|(column, ..)| !FIXED.contains(&column.as_str()))?;
        Some((&certificate(register, difference.record).id, change))
    });
    let (id, (column, _, says)) = mendable.next()?;
    let mended = match column.as_str() {
        "name" => shell::option("--name", says),
        column => shell::option("--set", &format!("{column}={says}")),
    };
    let reissue = shell::command("reissue", id, &format!("{mended} --reason \"…\""));
    Some(format!("to mend a certificate: {reissue}; to tell two people apart: a column key"))
}

/// The columns whose values never change.
const FIXED: [&str; 2] = ["id", "date"];

/// What to do to the roster, so that it finds the certificate that a namesake has.
pub(super) fn right_key(namesake: &Namesake) -> String {
    let row = namesake.row;
    match &namesake.key {
        Some(key) => format!("write the key {key} in row {row}"),
        None => format!("empty the key in row {row}"),
    }
}

/// Says that two certificates may be one person's.
pub(super) fn warning(namesake: &Namesake, remedy: &str) -> String {
    let Namesake { row, name, known, key, .. } = namesake;
    let key = key.as_ref().map_or("no key".to_owned(), |key| format!("the key {key}"));
    format!(
        "warning: row {row}, {name}: {known} is of the same name and has {key}; if it is the same \
         person, {remedy}"
    )
}

/// The folder that has all of the files; nothing where there is none.
fn common_folder<'a>(paths: impl Iterator<Item = &'a str>) -> Option<String> {
    let folders = paths.map(|path| {
        let mut parts: Vec<&str> = path.split('/').collect();
        parts.pop();
        parts
    });
    let shared = |a: Vec<&'a str>, b: Vec<&'a str>| {
        a.into_iter().zip(b).take_while(|(a, b)| a == b).map(|(a, _)| a).collect()
    };
    folders.reduce(shared).map(|parts| parts.join("/"))
}

pub(in crate::cli) fn certificates(count: usize) -> String {
    counted(count, "certificate")
}

/// A certificate of the register.
pub(super) fn certificate(register: &Register, place: usize) -> &Certificate {
    &register.records()[place].entry.certificate
}

/// A certificate in a few words.
#[derive(Serialize)]
pub(in crate::cli) struct Brief<'a> {
    id: &'a str,
    name: &'a str,
    category: &'a str,
    year: u16,
    path: &'a str,
}

impl<'a> Brief<'a> {
    pub fn of(certificate: &'a Certificate) -> Self {
        let Certificate { id, name, category, year, path, .. } = certificate;
        Self { id, name, category, year: *year, path }
    }
}

/// Certificates of the register in a few words.
pub(in crate::cli) fn briefs<'a>(places: &[usize], register: &'a Register) -> Vec<Brief<'a>> {
    places.iter().map(|place| Brief::of(certificate(register, *place))).collect()
}

/// What differs, for programs.
pub(in crate::cli) fn differences(plan: &Plan, register: &Register) -> Vec<Value> {
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

/// What differs, a line a column: what the certificate says, and what the roster says.
pub(in crate::cli) fn describe(difference: &Difference, register: &Register) -> Vec<String> {
    let id = &certificate(register, difference.record).id;
    let row = difference.row;
    let line = |(column, has, says): &(String, String, String)| match column.as_str() {
        "id" => format!(
            "{id}  the register has this id for the person of row {row}, which says {says:?}; an \
                 id never changes: correct the row, or for another person add a column key"
        ),
        "date" => format!(
            "{id}  is of {has}, and row {row} says {says}; a certificate keeps its date: correct \
                 the row"
        ),
        column => format!("{id}  {column}: {has:?} → {says:?}  (row {row})"),
    };
    difference.changes.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_that_has_all_of_the_files() {
        for (paths, folder) in [
            (&["out/A", "out/B"][..], Some("out")),
            (&["a/2020/v/1", "a/2020/w/2"], Some("a/2020")),
            (&["a/b/1"], Some("a/b")),
            (&["1", "2"], Some("")),
            (&["a/1", "b/1"], Some("")),
            (&[], None),
        ] {
            assert_eq!(common_folder(paths.iter().copied()).as_deref(), folder);
        }
    }
}
