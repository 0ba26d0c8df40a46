//! A category of accolade.toml: its table read, and every mistake in it named.

use serde::Deserialize;

use super::{IssuerError, require, value};
use crate::disk;
use crate::id::Numbering;
use crate::pattern::Pattern;
use crate::text::Text;

/// A kind of certificate.
#[derive(Debug, Clone)]
pub struct Category {
    /// What it is called in files and folders.
    pub key: Text,
    /// The title awarded.
    pub title: Pattern,
    /// The sentence between name and title; may be empty.
    pub citation: Pattern,
    /// How its certificates are known.
    pub numbering: Numbering,
    /// The template that draws it.
    pub template: Text,
    /// Other names for it in rosters.
    pub aliases: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CategoryTable {
    title: Pattern,
    prefix: Option<String>,
    digits: Option<usize>,
    id: Option<String>,
    template: Text,
    #[serde(default)]
    aliases: Vec<String>,
    citation: Option<Pattern>,
}

impl Category {
    /// Its key, title and aliases.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        [self.key.as_str(), self.title.source()]
            .into_iter()
            .chain(self.aliases.iter().map(String::as_str))
    }
}

/// The category that a table makes; `citation` is that of all that have none of their own.
pub(super) fn category(
    key: String,
    table: CategoryTable,
    citation: Option<&Pattern>,
) -> Result<Category, IssuerError> {
    let place = |entry: &str| format!("[category.{key}] {entry}");
    if disk::safe_name(&key) != key {
        return Err(value(place("").trim(), "its name is to name a folder, and cannot"));
    }
    require(&place("title"), table.title.source())?;
    let numbering = match (table.id.as_deref(), table.prefix) {
        (None, Some(prefix)) => {
            let digits = table.digits.unwrap_or(4);
            if !(1..=9).contains(&digits) {
                return Err(value(place("digits"), "it must be 1 to 9"));
            }
            let odd = |c: char| !(c.is_alphanumeric() || "-_".contains(c));
            if prefix.contains(odd) || prefix.ends_with(|c: char| c.is_numeric()) {
                return Err(value(
                    place("prefix"),
                    format!(
                        "{prefix:?} will not do: letters, digits, - and _, no digit at the end"
                    ),
                ));
            }
            Numbering::Serial { prefix, digits }
        }
        (Some("{name}"), None) if table.digits.is_none() => Numbering::Name,
        (Some("{name}"), _) => {
            return Err(value(
                place("id"),
                "people known by {name} have no prefix and no digits; leave them out, or leave id out",
            ));
        }
        (Some(other), _) => {
            return Err(value(
                place("id"),
                format!(
                    "{other:?} will not do: id is \"{{name}}\", or left out for prefix and digits"
                ),
            ));
        }
        (None, None) => {
            return Err(value(
                place("prefix"),
                "it is missing: write prefix = \"V\" for V20200001, or id = \"{name}\" for people known by name",
            ));
        }
    };
    let citation = table.citation.or_else(|| citation.cloned());
    Ok(Category {
        title: table.title,
        citation: citation.unwrap_or_else(|| "".parse().expect("an empty pattern is sound")),
        numbering,
        template: table.template,
        aliases: table.aliases,
        key: key.into(),
    })
}
