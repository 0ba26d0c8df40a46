//! Setting a certificate: every glyph, its face and its place decided once, in template units,
//! for every painter alike.
//!
//! [`check`] finds what is wrong with a template for everybody, [`itemise`] cuts text by script
//! and gives each part one face, [`shape`] turns it into glyphs, [`fit`] finds size and lines,
//! [`code`] makes QR codes, and [`page`] puts all of it in place. [`label()`] sets what stands
//! beside certificates rather than on them.

mod check;
pub mod code;
mod fit;
mod itemise;
mod label;
pub mod page;
mod shape;

use std::fmt;

pub use check::{Fault, check};
pub use code::Code;
pub use label::{Label, label};
pub use page::{Glyph, Line, Page, Proved, Run, Turn, prove, set};

/// Why a certificate cannot be set. It names the field; the caller knows the person and row.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("template {template}, field {field:?}: {trouble}")]
pub struct TypesetError {
    /// The template.
    pub template: String,
    /// The template's field.
    pub field: String,
    /// What is the matter with it.
    pub trouble: Box<Trouble>,
}

/// What can be the matter with a field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// A placeholder that neither the certificate nor a public column fills.
    #[error("nothing fills {{{0}}}")]
    Unfilled(String),
    /// A character that has no picture and changes others.
    #[error("{0} cannot be printed")]
    Unprintable(CodePoint),
    /// No one face has all the characters of a script.
    #[error("no font has {}", list(.0))]
    NoFace(Vec<CodePoint>),
    /// The text does not fit its box at the least size.
    #[error("{text:?} does not fit its box, not even at size {min_size}")]
    TooLong {
        /// The text.
        text: String,
        /// The field's least size, in template units.
        min_size: String,
    },
    /// More bytes than a QR code that fits the box can hold.
    #[error("{0:?} makes a QR code too fine for its box")]
    CodeTooFine(String),
    /// A face the template names and no folder has.
    #[error("there is no font {name:?}; there are: {known}")]
    UnknownFont {
        /// The name.
        name: String,
        /// The names there are.
        known: String,
    },
}

/// A character as messages show it: `U+20BB7 𠮷`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodePoint(pub char);

impl fmt::Display for CodePoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "U+{:04X}", u32::from(self.0))?;
        if self.0.is_control() || itemise::is_invisible(self.0) {
            return Ok(());
        }
        write!(f, " {}", self.0)
    }
}

fn list(characters: &[CodePoint]) -> String {
    characters.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
