//! Text with `{placeholders}`: parsed once, filled for every certificate.
//!
//! `{name}` stands for a value, `{date:%Y-%m-%d}` for a date in strftime notation, `{{` and
//! `}}` for the braces themselves.

use std::borrow::Cow;
use std::fmt::{self, Write};
use std::str::FromStr;

use chrono::NaiveDate;
use chrono::format::StrftimeItems;
use serde::{Deserialize, Deserializer, de};

/// A piece of text with placeholders in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    source: String,
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    Placeholder { name: String, format: Option<String> },
}

/// Why a pattern could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// A brace without its partner.
    #[error("`{0}` has a brace without its partner; write {{{{ or }}}} for a brace that stays")]
    LoneBrace(String),
    /// `{}`.
    #[error("`{0}` has an empty placeholder")]
    Empty(String),
    /// A format that strftime does not know, or one on something that is no date.
    #[error("`{0}` has a date format that strftime does not know: `{1}`")]
    DateFormat(String, String),
}

/// A placeholder that nothing fills.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("nothing fills the placeholder {{{0}}}")]
pub struct Unfilled(pub String);

impl Pattern {
    /// The pattern as it was written.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The names between the braces, in order, without their formats.
    pub fn placeholders(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Placeholder { name, .. } => Some(name.as_str()),
            Piece::Text(_) => None,
        })
    }

    /// The text with every placeholder replaced by what `value` gives for its name and format.
    ///
    /// # Errors
    /// The first placeholder for which `value` gives nothing.
    pub fn fill<'v>(
        &self,
        mut value: impl FnMut(&str, Option<&str>) -> Option<Cow<'v, str>>,
    ) -> Result<String, Unfilled> {
        let mut filled = String::with_capacity(self.source.len());
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => filled.push_str(text),
                Piece::Placeholder { name, format } => filled.push_str(
                    &value(name, format.as_deref()).ok_or_else(|| Unfilled(name.clone()))?,
                ),
            }
        }
        Ok(filled)
    }
}

impl FromStr for Pattern {
    type Err = PatternError;

    fn from_str(source: &str) -> Result<Self, PatternError> {
        let lone = || PatternError::LoneBrace(source.to_owned());
        let mut pieces = Vec::new();
        let mut text = String::new();
        let mut rest = source;
        while let Some(at) = rest.find(['{', '}']) {
            text.push_str(&rest[..at]);
            let brace = &rest[at..=at];
            rest = &rest[at + 1..];
            if let Some(after) = rest.strip_prefix(brace) {
                text.push_str(brace);
                rest = after;
                continue;
            }
            if brace == "}" {
                return Err(lone());
            }
            let end = rest.find(['{', '}']).ok_or_else(lone)?;
            if rest[end..].starts_with('{') {
                return Err(lone());
            }
            if !text.is_empty() {
                pieces.push(Piece::Text(std::mem::take(&mut text)));
            }
            pieces.push(placeholder(source, &rest[..end])?);
            rest = &rest[end + 1..];
        }
        text.push_str(rest);
        if !text.is_empty() {
            pieces.push(Piece::Text(text));
        }
        Ok(Self { source: source.to_owned(), pieces })
    }
}

fn placeholder(source: &str, inner: &str) -> Result<Piece, PatternError> {
    let (name, format) = match inner.split_once(':') {
        Some((name, format)) => (name, Some(format)),
        None => (inner, None),
    };
    if name.trim().is_empty() {
        return Err(PatternError::Empty(source.to_owned()));
    }
    if let Some(format) = format
        && (name.trim() != "date" || !formats_a_date(format))
    {
        return Err(PatternError::DateFormat(source.to_owned(), format.to_owned()));
    }
    Ok(Piece::Placeholder { name: name.trim().to_owned(), format: format.map(str::to_owned) })
}

/// Whether strftime can fill the format from a date alone, without a time of day or a zone.
fn formats_a_date(format: &str) -> bool {
    let items = StrftimeItems::new(format);
    write!(String::new(), "{}", NaiveDate::default().format_with_items(items)).is_ok()
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.source)
    }
}

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(pattern: &str) -> Result<String, Unfilled> {
        let pattern: Pattern = pattern.parse().expect("a sound pattern");
        pattern.fill(|name, format| match (name, format) {
            ("name", None) => Some("沈旭".into()),
            ("date", Some(format)) => Some(format!("<{format}>").into()),
            _ => None,
        })
    }

    #[test]
    fn placeholders_are_filled_and_doubled_braces_stay() {
        assert_eq!(filled("{{{name}}} am {date:%Y年}").unwrap(), "{沈旭} am <%Y年>");
        assert_eq!(filled("{nobody}"), Err(Unfilled("nobody".into())));
    }

    #[test]
    fn broken_patterns_are_refused() {
        for broken in [
            "{name",
            "name}",
            "{}",
            "{date:%Q}",
            "{date:%H}",
            "{date:%Z}",
            "{name:%Y}",
            "{a{b}",
            "{",
        ] {
            assert!(broken.parse::<Pattern>().is_err(), "{broken}");
        }
    }
}
