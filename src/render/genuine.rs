//! Whether a file is a certificate's through and through. A PDF is digested whole; of a PNG the
//! pixels alone are, so that it may be compressed again, and hands may have changed the rest.

use std::fmt;

use super::{Difference, Metadata, claims, png};
use crate::certificate::Format;

/// What is wrong with a file that has a certificate's digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Falsehood {
    /// It is not its pixels that are seen.
    Shows,
    /// Other programs may take it for a file of another kind.
    Poses,
    /// It may say anything of itself: some of that cannot be read.
    Unread,
    /// It says of itself what is not so of the certificate; never empty.
    Says(Vec<Difference>),
}

/// What is wrong with a file that has a certificate's digest, and that says of itself what it
/// should if that is `known`. A file that says nothing of itself is as good.
#[must_use]
pub fn falsehood(format: Format, bytes: &[u8], known: &Metadata) -> Option<Falsehood> {
    match format {
        Format::Png if png::poses(bytes) => Some(Falsehood::Poses),
        Format::Png if png::shows_more(bytes) => Some(Falsehood::Shows),
        Format::Png => false_claim(bytes, known),
        // It has been changed nowhere, and tells of changes by what it says last.
        Format::Pdf => Metadata::read(bytes).and_then(|said| says(said.differences(known))),
    }
}

/// Whether a picture says more of itself than can be read.
#[must_use]
pub fn is_unread(bytes: &[u8]) -> bool {
    claims::of_png(bytes).any(|claim| claim.is_none())
}

fn false_claim(bytes: &[u8], known: &Metadata) -> Option<Falsehood> {
    let mut all: Vec<Difference> = Vec::new();
    for claim in claims::of_png(bytes) {
        let Some(claim) = claim else { return Some(Falsehood::Unread) };
        if claim.is_turned {
            return Some(Falsehood::Shows);
        }
        let new = claim.says.differences(known);
        all.extend(new.into_iter().filter(|one| !all.contains(one)).collect::<Vec<_>>());
    }
    says(all)
}

fn says(differences: Vec<Difference>) -> Option<Falsehood> {
    (!differences.is_empty()).then_some(Falsehood::Says(differences))
}

impl fmt::Display for Falsehood {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shows => f.write_str("it shows something else than its pixels"),
            Self::Poses => f.write_str("it is a file of another kind as well"),
            Self::Unread => f.write_str("it says more of itself than can be read"),
            Self::Says(differences) => {
                let mut differences = differences.iter();
                differences.next().map_or(Ok(()), |first| first.fmt(f))?;
                differences.try_for_each(|other| write!(f, "; {other}"))
            }
        }
    }
}
