//! The honour roll: whom the community thanks for a year, category by category, as a page for
//! people or a table for programs.
//!
//! [`Roll`] is who stands on it; there is a writer for each format ([`Roll::markdown`],
//! [`Roll::html`], [`Roll::csv`], [`Roll::json`]); a [`Page`] is a Markdown file that has a roll
//! between two markers, and prose around them that is left alone.

mod csv;
mod html;
mod json;
mod link;
mod markdown;
mod page;
mod people;
mod words;

pub use link::{Base, BaseError};
pub use page::{BEGIN, END, Page, Standing, pages};
pub use people::{Person, Roll, Section};
pub(super) use words::Words;

use crate::disk::DiskError;

/// Why there is no honour roll.
#[derive(Debug, thiserror::Error)]
pub enum HonorRollError {
    /// Nobody has had a certificate.
    #[error("no certificate of {0} has been issued{in_category}", in_category = .1.as_ref().map(|key| format!(" in {key}")).unwrap_or_default())]
    Nobody(u16, Option<String>),
    /// A page's markers are not a begin and an end.
    #[error("{path}: {message}")]
    Markers {
        /// The page, below the issuer's folder.
        path: String,
        /// What is wrong with them.
        message: String,
    },
    /// A page is a link, and would be replaced by a file.
    #[error("{0} is a link: the page that it leads to is left alone")]
    Linked(String),
    /// A page cannot be read or written.
    #[error(transparent)]
    Disk(#[from] DiskError),
}

/// What nobody sees in a name and what would turn the text around it: control characters, and
/// the marks and overrides of direction.
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}' | '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}
