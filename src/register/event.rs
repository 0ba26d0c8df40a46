//! What a line of the register says.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::files::Files;
use crate::certificate::Certificate;
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "event", rename_all = "lowercase")]
pub enum Event {
    /// A certificate was given its number and drawn; without files, it is yet to be drawn.
    Issued(Entry),
    /// A certificate that had its number was drawn.
    Drawn {
        /// Its ID.
        id: Text,
        /// Its category.
        category: Text,
        /// Its year.
        year: u16,
        /// The digest of each file.
        files: Files,
    },
    /// A certificate that other hands had made was taken over, with its number and its files.
    Adopted(Entry),
    /// It was drawn again under the same number.
    Reissued {
        /// What it shows from now on.
        #[serde(flatten)]
        entry: Entry,
        /// How often it has been drawn again, from 1.
        revision: u32,
        /// The ID it had, where people are known by name and the name has been mended.
        #[serde(skip_serializing_if = "Option::is_none")]
        formerly: Option<Text>,
        /// Why, in the issuer's words.
        #[serde(skip_serializing_if = "Option::is_none")]
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
    /// Its person was moved to another category: it was taken back, and another one issued.
    /// One line says both, so that a crash cannot part them.
    Moved {
        /// The new certificate.
        #[serde(flatten)]
        entry: Entry,
        /// The one that was taken back, of the same year.
        from: Origin,
        /// Why, in the issuer's words.
        reason: String,
    },
    /// It was given another number, since a merge had given its own to two people. It is known
    /// by that number and its person together.
    Renumbered {
        /// What it shows from now on: the new number.
        #[serde(flatten)]
        entry: Entry,
        /// The number that two people had.
        formerly: Text,
        /// Why, in the issuer's words.
        #[serde(skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// Its person was forgotten: every line before has been rewritten without name, key and
    /// fields.
    Forgotten {
        /// Its ID.
        id: Text,
        /// Its category.
        category: Text,
        /// Its year.
        year: u16,
    },
}

impl Event {
    /// The certificate that the event draws, if it draws one.
    #[must_use]
    pub fn entry(&self) -> Option<&Entry> {
        match self {
            Self::Issued(entry)
            | Self::Adopted(entry)
            | Self::Reissued { entry, .. }
            | Self::Moved { entry, .. }
            | Self::Renumbered { entry, .. } => Some(entry),
            Self::Drawn { .. } | Self::Revoked { .. } | Self::Forgotten { .. } => None,
        }
    }

    /// The ID of the certificate that it is about.
    #[must_use]
    pub fn id(&self) -> &Text {
        match self {
            Self::Issued(entry)
            | Self::Adopted(entry)
            | Self::Reissued { entry, .. }
            | Self::Moved { entry, .. }
            | Self::Renumbered { entry, .. } => &entry.certificate.id,
            Self::Drawn { id, .. } | Self::Revoked { id, .. } | Self::Forgotten { id, .. } => id,
        }
    }
}

/// A certificate as it was drawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// All that it shows.
    #[serde(flatten)]
    pub certificate: Certificate,
    /// The template that drew it; nothing where other hands made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template: Option<TemplateStamp>,
    /// The digest of each file: of the decoded pixels for PNG, of the bytes for PDF.
    pub files: Files,
    /// What else the line says. It means nothing to this program, and is carried on when the
    /// certificate is drawn again.
    #[serde(flatten)]
    pub others: Others,
}

/// Fields that this program does not know: in a box, since there are hardly ever any.
pub type Others = Option<Box<Map<String, Value>>>;

/// Which template, in which state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateStamp {
    /// Its name.
    pub name: Text,
    /// The digest over its files.
    pub digest: Text,
}

/// Where a certificate was moved from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// Its ID there.
    pub id: Text,
    /// Its category there.
    pub category: Text,
}
