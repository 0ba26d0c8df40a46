//! The roll for programs.

use std::collections::BTreeMap;

use serde::Serialize;

use super::link::Base;
use super::people::{Person, Roll, Section};

/// The roll as JSON says it.
#[derive(Debug, Serialize)]
pub struct Json<'a> {
    year: u16,
    categories: Vec<Category<'a>>,
}

#[derive(Debug, Serialize)]
struct Category<'a> {
    #[serde(rename = "category")]
    key: &'a str,
    title: &'a str,
    columns: &'a [String],
    people: Vec<Entry<'a>>,
}

#[derive(Debug, Serialize)]
struct Entry<'a> {
    id: &'a str,
    name: &'a str,
    fields: BTreeMap<&'a str, &'a str>,
    file: Option<&'a str>,
    link: Option<String>,
}

impl Roll {
    /// The roll as a value for JSON: each file as a path below the issuer's folder, and as a
    /// link when there is a base for it.
    #[must_use]
    pub fn json<'a>(&'a self, base: &Base) -> Json<'a> {
        let entry = |section: &'a Section, person: &'a Person| Entry {
            id: &person.id,
            name: &person.name,
            fields: section
                .columns
                .iter()
                .zip(&person.cells)
                .filter(|(_, cell)| !cell.is_empty())
                .map(|(column, cell)| (column.as_str(), cell.as_str()))
                .collect(),
            file: person.file.as_deref(),
            link: person.file.as_ref().filter(|_| *base != Base::Page).map(|f| base.link(f, "")),
        };
        let category = |section: &'a Section| Category {
            key: &section.category,
            title: &section.title,
            columns: &section.columns,
            people: section.people.iter().map(|person| entry(section, person)).collect(),
        };
        Json { year: self.year, categories: self.sections.iter().map(category).collect() }
    }
}
