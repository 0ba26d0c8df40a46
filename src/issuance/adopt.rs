//! Taking over certificates that other hands have made: their numbers, and their pictures as
//! they are. Nothing is drawn.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use rayon::prelude::*;

use super::pictures::Pictures;
use super::plan::{self, Plan, Planned};
use crate::certificate::Recipient;
use crate::id::Numbering;
use crate::issuer::Issuer;
use crate::register::{Entry, Event, Journal, Register, RegisterError};
use crate::roster::Problem;

/// What a roster of old certificates would bring into the register.
#[derive(Debug, Default)]
pub struct Adoption {
    /// The certificates to be adopted, in roster order.
    pub entries: Vec<Entry>,
    /// What becomes of the other rows; it has no new ones.
    pub plan: Plan,
    /// Pictures that belong to none of them, and to none in the register.
    pub unclaimed: Vec<String>,
}

/// Finds out what there is to adopt. Pictures are looked for among those given, or without any
/// where the issuer's `output` puts them.
///
/// # Errors
/// Every row without its number, whose number is taken, or whose picture will not do.
pub fn adoption(
    recipients: &[Recipient],
    pictures: Option<&Pictures>,
    issuer: &Issuer,
    register: &Register,
    folder: &Path,
) -> Result<Adoption, Vec<Problem>> {
    let numberless = numberless(recipients, issuer, register);
    if !numberless.is_empty() {
        return Err(numberless);
    }
    let mut plan = plan::plan(recipients, issuer, register)?;
    let mut new = std::mem::take(&mut plan.new);
    let certificates = new.iter().map(|planned| &planned.certificate);
    let in_their_places = || Pictures::in_their_places(certificates, folder);
    let pictures: Cow<'_, Pictures> =
        pictures.map_or_else(|| Cow::Owned(in_their_places()), Cow::Borrowed);
    let claims = claims(&new, &pictures, issuer)?;
    for (planned, claim) in new.iter_mut().zip(&claims) {
        if let Some(path) = claim {
            planned.certificate.path = path.as_str().into();
        }
    }
    let mut problems = plan::paths_twice(&new, register);
    let digests: Vec<_> = claims
        .par_iter()
        .map(|claim| match claim {
            Some(path) => pictures.digests(path, folder),
            None => Ok(BTreeMap::new()),
        })
        .collect();
    let mut entries = Vec::new();
    for (planned, digests) in new.into_iter().zip(digests) {
        match digests {
            Ok(files) => entries.push(Entry {
                certificate: planned.certificate,
                template: None,
                files: files.into_iter().collect(),
                others: None,
            }),
            Err(message) => problems.push(Problem::at(
                planned.row,
                message,
                "bring it back as it was, or move it away",
            )),
        }
    }
    if !problems.is_empty() {
        problems.sort_by_key(|problem| problem.row);
        return Err(problems);
    }
    let claimed: BTreeSet<String> = claims.into_iter().flatten().collect();
    let unclaimed = pictures.unclaimed(&claimed, register);
    Ok(Adoption { entries, plan, unclaimed })
}

/// Writes what is to be adopted into the register, all of it or nothing.
///
/// # Errors
/// When the register cannot be written.
pub fn adopt(entries: &[Entry], journal: &mut Journal) -> Result<(), RegisterError> {
    journal.append(entries.iter().cloned().map(Event::Adopted).collect())
}

/// Rows that have no number where there should be one: only `issue` gives numbers.
fn numberless(recipients: &[Recipient], issuer: &Issuer, register: &Register) -> Vec<Problem> {
    let lacks = |person: &&Recipient| {
        let category = issuer.category(&person.category);
        let numbered = category.is_some_and(|category| category.numbering != Numbering::Name);
        let known = register.of_person(&person.category, person.year, person.known_by());
        numbered && person.id.is_none() && known.is_none()
    };
    let problem = |person: &Recipient| {
        Problem::at(
            person.row,
            format!("{} certificates have numbers, and this one has none", person.category),
            "add its number; who never had one gets it from accolade issue",
        )
        .with_value(&person.name)
    };
    recipients.iter().filter(lacks).map(problem).collect()
}

/// Which picture is whose, in the order of the new certificates: called by the ID, or else by
/// the name where that leaves no doubt.
fn claims(
    new: &[Planned],
    pictures: &Pictures,
    issuer: &Issuer,
) -> Result<Vec<Option<String>>, Vec<Problem>> {
    let mut claims = vec![None; new.len()];
    let mut owners: HashMap<String, &str> = HashMap::new();
    let by_id_then_name: [fn(&Planned) -> &str; 2] =
        [|planned| &planned.certificate.id, |planned| &planned.certificate.name];
    for called in by_id_then_name {
        let before: BTreeSet<String> = claims.iter().flatten().cloned().collect();
        let mut problems = Vec::new();
        for (planned, claim) in new.iter().zip(&mut claims).filter(|(_, claim)| claim.is_none()) {
            let Planned { row, certificate, .. } = planned;
            let mut paths = pictures.called(called(planned), &certificate.category, issuer);
            // What is called by somebody's number is not another's of the same name.
            paths.retain(|path| !before.contains(*path));
            let problem = match paths.as_slice() {
                [] => continue,
                [path] => match owners.insert((*path).to_owned(), &certificate.id) {
                    None => {
                        *claim = Some((*path).to_owned());
                        continue;
                    }
                    Some(other) => Problem::at(
                        *row,
                        format!("{path} could be the picture of {other} too"),
                        "call each picture by its number",
                    ),
                },
                several => Problem::at(
                    *row,
                    format!("it has several pictures: {}", several.join(", ")),
                    "put its PNG and PDF side by side and the others away, or name a folder within",
                ),
            };
            problems.push(problem.with_value(called(planned)));
        }
        if !problems.is_empty() {
            return Err(problems);
        }
    }
    Ok(claims)
}
