//! What is to be done: which people of a roster get which number, and who has theirs already.

use std::collections::{HashMap, HashSet};

use rayon::prelude::*;

use super::namesake::{self, Namesake};
use crate::certificate::{Certificate, Recipient, Status};
use crate::disk;
use crate::id::Numbering;
use crate::issuer::{Category, Issuer};
use crate::pattern::{Pattern, Unfilled};
use crate::register::{Allocator, Register};
use crate::roster::Problem;
use crate::text::{Text, Texts};

/// What a roster would change.
#[derive(Debug, Default)]
pub struct Plan {
    /// Who gets a certificate, in roster order.
    pub new: Vec<Planned>,
    /// Whose certificate stands as the roster says: places in the register's records.
    pub unchanged: Vec<usize>,
    /// Whose certificate says something else than the roster.
    pub differs: Vec<Difference>,
    /// Whose certificate was taken back: places in the register's records.
    pub withdrawn: Vec<usize>,
    /// Who might have a certificate already, from a time when the roster had no keys.
    pub namesakes: Vec<Namesake>,
}

/// A certificate to be issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// The line of the roster it comes from.
    pub row: u64,
    /// The template that is to draw it.
    pub template: Text,
    /// What it will show.
    pub certificate: Certificate,
}

/// A row that says something else than the certificate its person has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The line of the roster.
    pub row: u64,
    /// The place of the certificate in the register's records.
    pub record: usize,
    /// What differs: column, what the certificate says, what the roster says.
    pub changes: Vec<(String, String, String)>,
}

/// Makes the plan for a roster.
///
/// # Errors
/// Every row whose number is taken or whose file another certificate has.
pub fn plan(
    recipients: &[Recipient],
    issuer: &Issuer,
    register: &Register,
) -> Result<Plan, Vec<Problem>> {
    let mut plan = Plan::default();
    let mut newcomers = Vec::new();
    for recipient in recipients {
        let known_by = recipient.known_by();
        match register.of_person(&recipient.category, recipient.year, known_by) {
            None => newcomers.push(recipient),
            Some(record) => plan.sort_in(recipient, record, register),
        }
    }
    let mut problems = Vec::new();
    let mut refused = HashSet::new();
    let mut allocator =
        Allocator::new(register, issuer.categories.iter().map(|category| &category.numbering));
    for recipient in &newcomers {
        if let (Some(id), Some(category)) = (&recipient.id, issuer.category(&recipient.category))
            && let Err(taken) = allocator.adopt(&category.numbering, id)
        {
            refused.insert(recipient.row);
            problems.push(
                Problem::at(
                    recipient.row,
                    taken.to_string(),
                    "correct it, or leave it empty for the next free number",
                )
                .in_column("id"),
            );
        }
    }
    newcomers.retain(|person| !refused.contains(&person.row));
    let mut number = |recipient| Numbered::of(recipient, issuer, register, &mut allocator);
    let numbered: Vec<Result<Numbered, Problem>> = newcomers.into_iter().map(&mut number).collect();
    let planned: Vec<Result<Planned, Problem>> =
        numbered.into_par_iter().map(|numbered| numbered?.planned(issuer)).collect();
    plan.new.reserve_exact(planned.len());
    let mut texts = Texts::default();
    for planned in planned {
        match planned {
            Ok(mut planned) => {
                let Certificate { title, citation, .. } = &mut planned.certificate;
                for text in [title, citation] {
                    *text = texts.shared(text);
                }
                plan.new.push(planned);
            }
            Err(problem) => problems.push(problem),
        }
    }
    plan.namesakes = namesake::namesakes(&plan, register);
    problems.extend(paths_twice(&plan.new, register));
    problems.sort_by_key(|problem| problem.row);
    if problems.is_empty() { Ok(plan) } else { Err(problems) }
}

impl Plan {
    /// Whose certificate stands, whether or not the roster says the same.
    pub fn standing(&self) -> impl Iterator<Item = usize> {
        let differing = self.differs.iter().map(|difference| difference.record);
        self.unchanged.iter().copied().chain(differing)
    }

    /// Sorts in a person who has a certificate.
    fn sort_in(&mut self, recipient: &Recipient, record: usize, register: &Register) {
        let known = &register.records()[record];
        let changes = changes(recipient, &known.entry.certificate);
        match (&known.status, changes.is_empty()) {
            (Status::Revoked { .. }, _) => self.withdrawn.push(record),
            (Status::Current, true) => self.unchanged.push(record),
            (Status::Current, false) => {
                self.differs.push(Difference { row: recipient.row, record, changes });
            }
        }
    }
}

fn changes(recipient: &Recipient, certificate: &Certificate) -> Vec<(String, String, String)> {
    let mut changes = Vec::new();
    let mut compare = |column: &str, has: &str, says: &str| {
        if has != says {
            changes.push((column.to_owned(), has.to_owned(), says.to_owned()));
        }
    };
    compare("name", &certificate.name, &recipient.name);
    if let Some(id) = &recipient.id {
        compare("id", &certificate.id, id);
    }
    if recipient.dated {
        compare("date", &certificate.date.to_string(), &recipient.date.to_string());
    }
    for (column, says) in recipient.fields.iter() {
        compare(column, certificate.fields.get(column).map_or("", |has| has), says);
    }
    changes
}

/// Someone who has been given an ID.
pub(super) struct Numbered<'a> {
    recipient: &'a Recipient,
    category: &'a Category,
    id: Text,
}

impl<'a> Numbered<'a> {
    pub fn of(
        recipient: &'a Recipient,
        issuer: &'a Issuer,
        register: &Register,
        allocator: &mut Allocator<'a>,
    ) -> Result<Self, Problem> {
        let at_row = |message: String, remedy: &str| Problem::at(recipient.row, message, remedy);
        let Recipient { category: key, year, name, .. } = recipient;
        let category = issuer.category(key).ok_or_else(|| {
            at_row(format!("accolade.toml has no category {key:?}"), "add it, or use another")
        })?;
        let id = match (&recipient.id, &category.numbering) {
            (Some(id), _) => id.clone(),
            (None, Numbering::Name) => {
                if register.place(key, *year, name).is_ok() {
                    let message = format!("{key} {year} has had a certificate for {name}");
                    let remedy = "for another person, use an alias such as 张城（元乙）";
                    return Err(at_row(message, remedy));
                }
                name.clone()
            }
            (None, numbering) => {
                allocator.next(numbering, *year).map(Text::from).ok_or_else(|| {
                    at_row(format!("{key} {year} has no number left"), "serials end at 999999999")
                })?
            }
        };
        Ok(Self { recipient, category, id })
    }

    pub fn planned(self, issuer: &Issuer) -> Result<Planned, Problem> {
        let Self { recipient, category, id } = self;
        let certificate = certificate(recipient, id, category, issuer).map_err(|unfilled| {
            let remedy = "add the column to the roster, or leave the placeholder out";
            Problem::at(recipient.row, unfilled.to_string(), remedy)
        })?;
        Ok(Planned { row: recipient.row, template: category.template.clone(), certificate })
    }
}

/// All that the certificate will show.
fn certificate(
    recipient: &Recipient,
    id: Text,
    category: &Category,
    issuer: &Issuer,
) -> Result<Certificate, Unfilled> {
    let mut certificate = Certificate {
        id,
        category: category.key.clone(),
        year: recipient.year,
        name: recipient.name.clone(),
        key: recipient.key.clone(),
        date: recipient.date,
        title: Text::default(),
        citation: Text::default(),
        issuer: issuer.name.clone(),
        signatory: issuer.signatory.clone(),
        language: issuer.language.clone(),
        url: Text::default(),
        fields: recipient.fields.filled(),
        path: Text::default(),
    };
    refill(&mut certificate, category, issuer, |_| true)?;
    Ok(certificate)
}

/// Fills anew each text of a certificate whose pattern has a placeholder that `changed` knows;
/// the others stay as they were first filled, whatever accolade.toml says today.
pub(super) fn refill(
    certificate: &mut Certificate,
    category: &Category,
    issuer: &Issuer,
    changed: impl Fn(&str) -> bool,
) -> Result<(), Unfilled> {
    let concerned = |pattern: &Pattern| {
        let constant = pattern.placeholders().next().is_none();
        (constant && changed("")) || pattern.placeholders().any(&changed)
    };
    if concerned(&category.title) {
        certificate.title = fill(&category.title, certificate, str::to_owned)?;
    }
    if concerned(&category.citation) {
        certificate.citation = fill(&category.citation, certificate, str::to_owned)?;
    }
    if concerned(&issuer.certificate_url) {
        certificate.url = fill(&issuer.certificate_url, certificate, percent_encode)?;
    }
    if concerned(&issuer.output) {
        certificate.path = fill(&issuer.output, certificate, disk::safe_name)?;
    }
    Ok(())
}

/// Fills a pattern from a certificate, each value made fit for its place. A public column that
/// this roster leaves empty, or has not, is empty.
fn fill(
    pattern: &Pattern,
    certificate: &Certificate,
    make_fit: impl Fn(&str) -> String,
) -> Result<Text, Unfilled> {
    let value = |name: &str, format: Option<&str>| {
        Some(make_fit(&certificate.value(name, format).unwrap_or_default()).into())
    };
    pattern.fill(value).map(Text::from)
}

/// A value as a part of a URL's path (RFC 3986).
pub(super) fn percent_encode(value: &str) -> String {
    use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
    const KEPT: AsciiSet = NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
    utf8_percent_encode(value, &KEPT).to_string()
}

/// Two certificates in one file. Systems that fold case take `Ann` and `ann` for one.
pub(super) fn paths_twice(new: &[Planned], register: &Register) -> Vec<Problem> {
    let mut owners: HashMap<String, (Text, u16)> = register
        .records()
        .iter()
        .map(|record| &record.entry.certificate)
        .map(|known| (known.path.to_lowercase(), (known.id.clone(), known.year)))
        .collect();
    let mut problems = Vec::new();
    for planned in new {
        let certificate = &planned.certificate;
        let path = certificate.path.to_lowercase();
        let Certificate { id, year, path: file, .. } = certificate;
        let Some((owner, its_year)) = owners.insert(path, (id.clone(), *year)) else { continue };
        problems.push(if its_year == *year {
            Problem::at(
                planned.row,
                format!("{id} would share the file {file} with {owner}"),
                "give one of them an alias, or put more into output = \"…\" in accolade.toml",
            )
        } else {
            Problem::at(
                planned.row,
                format!("{id} of {year} would share the file {file} with {owner} of {its_year}"),
                "put {year} into output = \"…\" in accolade.toml",
            )
        });
    }
    problems
}
