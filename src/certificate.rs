//! The people and papers this tool is about: [`Recipient`], [`Certificate`], [`Status`], and
//! the [`Format`]s a certificate is written in.

mod fields;

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::text::{Text, Texts};

pub use fields::Fields;

/// A row of the roster that is to have a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// The line of the roster the row begins on, counted from 1 with the header; for messages.
    pub row: u64,
    /// The category's key in accolade.toml.
    pub category: Text,
    /// The year the certificate is for.
    pub year: u16,
    /// The date of issue.
    pub date: NaiveDate,
    /// Whether the row itself says the date.
    pub dated: bool,
    /// The name, as it is to be printed.
    pub name: Text,
    /// What tells this person from a namesake, when the roster says so.
    pub key: Option<Text>,
    /// A number given before, to be adopted.
    pub id: Option<Text>,
    /// The other columns that the issuer has made public, by header.
    pub fields: Fields,
}

impl Recipient {
    /// What this person is known by within a category and year: the key, else the name.
    #[must_use]
    pub fn known_by(&self) -> &Text {
        self.key.as_ref().unwrap_or(&self.name)
    }
}

/// All that a certificate shows, as the register keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// The number, or the name where a category is not numbered.
    pub id: Text,
    /// The category's key in accolade.toml.
    pub category: Text,
    /// The year the certificate is for.
    pub year: u16,
    /// The recipient's name.
    pub name: Text,
    /// What tells the recipient from a namesake, if that is not the name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<Text>,
    /// The date of issue.
    pub date: NaiveDate,
    /// The title awarded.
    pub title: Text,
    /// The sentence between name and title.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub citation: Text,
    /// Who issues it.
    pub issuer: Text,
    /// Who signs it.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub signatory: Text,
    /// The language of the certificate, a BCP 47 tag such as `zh-CN`.
    pub language: Text,
    /// Where the certificate can be verified: the payload of its QR code.
    pub url: Text,
    /// The recipient's public columns, by header.
    #[serde(default, skip_serializing_if = "Fields::is_empty")]
    pub fields: Fields,
    /// Its files below the issuer's folder, without the ending, parted by `/`.
    pub path: Text,
}

fn is_empty(text: &Text) -> bool {
    text.is_empty()
}

/// The placeholders every certificate fills; public columns come on top.
pub const PLACEHOLDERS: [&str; 11] = [
    "id",
    "name",
    "title",
    "citation",
    "issuer",
    "signatory",
    "date",
    "year",
    "category",
    "url",
    "key",
];

impl Certificate {
    /// What the recipient is known by within the category and year: the key, else the name.
    #[must_use]
    pub fn known_by(&self) -> &Text {
        self.key.as_ref().unwrap_or(&self.name)
    }

    /// The value of a placeholder; `format` is a strftime format for `date`.
    #[must_use]
    pub fn value(&self, placeholder: &str, format: Option<&str>) -> Option<Cow<'_, str>> {
        let text: &str = match placeholder {
            "id" => &self.id,
            "name" => &self.name,
            "title" => &self.title,
            "citation" => &self.citation,
            "issuer" => &self.issuer,
            "signatory" => &self.signatory,
            "date" => {
                let date = self.date.format(format.unwrap_or("%Y-%m-%d"));
                return Some(date.to_string().into());
            }
            "year" => return Some(self.year.to_string().into()),
            "category" => &self.category,
            "url" => &self.url,
            "key" => self.known_by(),
            column => self.fields.get(column)?,
        };
        Some(text.into())
    }

    /// Holds what many certificates say once.
    pub fn share(&mut self, texts: &mut Texts) {
        for text in [
            &mut self.category,
            &mut self.title,
            &mut self.citation,
            &mut self.issuer,
            &mut self.signatory,
            &mut self.language,
        ] {
            *text = texts.shared(text);
        }
        self.fields.share(texts);
    }
}

/// Whether a certificate stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// Issued and not taken back.
    Current,
    /// Taken back; its number stays spent.
    Revoked {
        /// Why, in the issuer's words.
        reason: String,
    },
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Current => "current",
            Self::Revoked { .. } => "revoked",
        })
    }
}

/// A kind of file a certificate is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// A picture, at the template's size in pixels.
    Png,
    /// A page, with live text.
    Pdf,
}

impl Format {
    /// The ending of its files.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Pdf => "pdf",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.extension())
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "png" => Ok(Self::Png),
            "pdf" => Ok(Self::Pdf),
            other => Err(format!("no such format: {other}; there are png and pdf")),
        }
    }
}
