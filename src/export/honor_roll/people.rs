//! Who stands on an honour roll: the current certificates of a year, as the register has them.

use std::borrow::Cow;

use super::HonorRollError;
use super::words::Words;
use crate::certificate::{Certificate, Format};
use crate::id::Numbering;
use crate::issuer::Issuer;
use crate::register::{Record, Register};

/// Whom a year thanks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roll {
    /// The year.
    pub year: u16,
    /// The language of its words, a BCP 47 tag.
    pub language: String,
    /// A part for each category that has had certificates, in accolade.toml's order.
    pub sections: Vec<Section>,
}

/// The people of one category.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// The category's key.
    pub category: String,
    /// The title awarded.
    pub title: String,
    /// Whether its people have numbers; else they are known by name.
    pub numbered: bool,
    /// The public columns that somebody has something in, in accolade.toml's order.
    pub columns: Vec<String>,
    /// In the order of their numbers, else of their issue. Nobody, when all were taken back.
    pub people: Vec<Person>,
}

/// A line of the roll.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The number, or the name where the category is not numbered.
    pub id: String,
    /// The name.
    pub name: String,
    /// What stands in each of the section's columns; may be empty.
    pub cells: Vec<String>,
    /// The file to look at, below the issuer's folder: the picture, else the PDF, else none.
    pub file: Option<String>,
}

impl Roll {
    /// The roll of a year, or of one category in it.
    ///
    /// # Errors
    /// When nobody has had a certificate; those that were taken back count.
    pub fn of(
        register: &Register,
        issuer: &Issuer,
        year: u16,
        category: Option<&str>,
    ) -> Result<Self, HonorRollError> {
        let mut sections: Vec<(&str, Vec<&Certificate>, Vec<&Record>)> = Vec::new();
        for record in register.in_order(issuer, Some(year)) {
            let certificate = &record.entry.certificate;
            let key = certificate.category.as_str();
            if category.is_some_and(|wanted| wanted != key) {
                continue;
            }
            let place =
                sections.iter().position(|(other, ..)| *other == key).unwrap_or_else(|| {
                    sections.push((key, Vec::new(), Vec::new()));
                    sections.len() - 1
                });
            let (_, all, current) = &mut sections[place];
            all.push(certificate);
            if record.stands() {
                current.push(record);
            }
        }
        if sections.is_empty() {
            return Err(HonorRollError::Nobody(year, category.map(str::to_owned)));
        }
        let sections = sections
            .into_iter()
            .map(|(key, all, current)| section(key, &all, &current, issuer))
            .collect();
        Ok(Self { year, language: issuer.language.to_string(), sections })
    }

    /// What stands above the roll: of its one category where `of_category`, else of the year.
    pub(super) fn heading(&self, of_category: bool) -> String {
        let words = Words::of(&self.language);
        match self.sections.as_slice() {
            [section] if of_category => words.heading(&section.title, self.year),
            _ => words.year_heading(self.year),
        }
    }
}

fn section(key: &str, all: &[&Certificate], current: &[&Record], issuer: &Issuer) -> Section {
    let numbering = issuer.category(key).map(|category| &category.numbering);
    let filled = |column: &&String| {
        current.iter().any(|record| record.entry.certificate.fields.get(column).is_some())
    };
    let columns: Vec<String> = issuer.public.iter().filter(filled).cloned().collect();
    Section {
        category: key.to_owned(),
        title: title(key, all, issuer),
        numbered: match numbering {
            Some(numbering) => *numbering != Numbering::Name,
            None => all.iter().any(|certificate| certificate.id != certificate.name),
        },
        people: current.iter().map(|record| person(record, &columns)).collect(),
        columns,
    }
}

fn person(record: &Record, columns: &[String]) -> Person {
    let certificate = &record.entry.certificate;
    let value =
        |column: &String| certificate.fields.get(column).map_or(String::new(), ToString::to_string);
    let has = |format: &Format| record.entry.files.contains_key(format);
    let shown = [Format::Png, Format::Pdf].into_iter().find(has);
    Person {
        id: certificate.id.to_string(),
        name: certificate.name.to_string(),
        cells: columns.iter().map(value).collect(),
        file: shown.map(|format| format!("{}.{format}", certificate.path)),
    }
}

/// What its certificates award; where they differ, what the category is called.
fn title(key: &str, all: &[&Certificate], issuer: &Issuer) -> String {
    let titles = all.iter().map(|certificate| certificate.title.as_str());
    let mut different = titles.filter(|title| !title.is_empty()).collect::<Vec<_>>();
    different.sort_unstable();
    different.dedup();
    if let [one] = different.as_slice() {
        return (*one).to_owned();
    }
    let year = all.first().map(|certificate| certificate.year.to_string());
    let known = |name: &str| match name {
        "year" => year.clone(),
        "category" => Some(key.to_owned()),
        _ => None,
    };
    let pattern = issuer.category(key).map(|category| &category.title);
    pattern
        .and_then(|title| title.fill(|name, _| known(name).map(Cow::Owned)).ok())
        .unwrap_or(key.to_owned())
}
