//! What a line of the register says.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::certificate::{Certificate, Format};
use crate::text::Text;

/// The version of the line format that this program writes, and the newest it reads.
pub const VERSION: u32 = 1;

/// The first line: what the file is, and how its lines are to be read.
#[derive(Debug, Serialize, Deserialize)]
pub struct Header {
    /// Always `accolade`.
    pub register: String,
    /// The version of the line format.
    pub version: u32,
}

impl Header {
    /// The header this program writes.
    #[must_use]
    pub fn current() -> Self {
        Self { register: "accolade".to_owned(), version: VERSION }
    }
}

/// Something that happened to a certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "lowercase")]
pub enum Event {
    /// A certificate was given its number and drawn.
    Issued(Entry),
    /// It was drawn again under the same number.
    Reissued {
        /// What it shows from now on.
        #[serde(flatten)]
        entry: Entry,
        /// How often it has been drawn again, from 1.
        revision: u32,
        /// The ID it had, where people are known by name and the name has been mended.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        formerly: Option<Text>,
        /// Why, in the issuer's words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// It was taken back. Its number stays spent.
    Revoked {
        /// Its ID.
        id: Text,
        /// Its category: people known by name may share one across categories.
        category: Text,
        /// Its year, for the same reason.
        year: u16,
        /// Why, in the issuer's words.
        reason: String,
    },
}

/// A certificate as it was drawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// All that it shows.
    #[serde(flatten)]
    pub certificate: Certificate,
    /// The template that drew it.
    pub template: TemplateStamp,
    /// The digest of each file: of the decoded pixels for PNG, of the bytes for PDF.
    pub files: BTreeMap<Format, String>,
}

/// Which template, in which state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateStamp {
    /// Its name.
    pub name: Text,
    /// The digest over its files.
    pub digest: Text,
}
