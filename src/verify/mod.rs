//! Whether a file is a certificate that was issued, stands, and is unaltered: told by the digest
//! of a PDF's bytes or of a PNG's pixels, which survive being compressed again. [`Known`] has
//! the digests, of a register or of a manifest; [`judge`] looks at one file, [`listed`] at what a
//! manifest says of each, [`whole()`] at what it says of all, and [`Set`] at a folder or ZIP.

mod judge;
mod known;
mod place;
mod set;
mod whole;

use crate::text::Text;

pub use judge::{judge, listed};
pub use known::Known;
pub use place::is_set;
pub use set::{Set, SetError};
pub use whole::{Whole, whole};

/// The largest file that is looked at, in bytes.
pub const LARGEST: u64 = 512 << 20;

/// What is to be said of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// How it stands.
    pub finding: Finding,
    /// The certificate that it is, or says it is.
    pub certificate: Option<Subject>,
}

/// How a file stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// It is as it was issued, and stands.
    Current,
    /// It is as it was issued, and was taken back.
    Revoked {
        /// Why, in the issuer's words; empty where that is not known.
        reason: String,
        /// The number of the certificate that took its place, where its person was moved.
        moved_to: Option<Text>,
    },
    /// It is as it was issued, and was drawn again since.
    Superseded,
    /// It is as it was issued, to somebody who has asked to be forgotten.
    Forgotten,
    /// It is not as it was issued.
    Altered(String),
    /// Nothing is known of it.
    Unknown(&'static str),
    /// It cannot be read, and why.
    Unreadable(String),
    /// A manifest lists it, and it is not there.
    Missing,
}

/// A certificate that a verdict is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// The number, or the name where a category is not numbered.
    pub id: Text,
    /// The recipient's name; empty for somebody who was forgotten.
    pub name: Text,
    /// The category's key.
    pub category: Text,
    /// The year it is for.
    pub year: u16,
}

impl Verdict {
    /// Whether it is as it should be.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.finding == Finding::Current
    }
}
