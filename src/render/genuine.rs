//! Whether a file is a certificate's through and through. A PDF is digested whole; of a PNG the
//! pixels alone are, so that it may be compressed again, and hands may have changed the rest.

use std::fmt;

use super::{Difference, Metadata, png};
use crate::certificate::Format;

/// What is wrong with a file that has a certificate's digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Falsehood {
    /// It is not its pixels that are seen.
    Shows,
    /// It says of itself what is not so of the certificate; never empty.
    Says(Vec<Difference>),
}

/// What is wrong with a file that has a certificate's digest, and that says of itself what it
/// should if that is `known`. A file that says nothing of itself is as good.
#[must_use]
pub fn falsehood(format: Format, bytes: &[u8], known: &Metadata) -> Option<Falsehood> {
    match format {
        Format::Png if png::shows_more(bytes) => Some(Falsehood::Shows),
        Format::Png => differences(Metadata::all(bytes), known),
        // It has been changed nowhere, and tells of changes by what it says last.
        Format::Pdf => differences(Metadata::read(bytes).into_iter(), known),
    }
}

fn differences(all: impl Iterator<Item = Metadata>, known: &Metadata) -> Option<Falsehood> {
    let mut differences = all.map(|said| said.differences(known));
    differences.find(|differences| !differences.is_empty()).map(Falsehood::Says)
}

impl fmt::Display for Falsehood {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shows => f.write_str("it shows something else than its pixels"),
            Self::Says(differences) => {
                let mut differences = differences.iter();
                differences.next().map_or(Ok(()), |first| first.fmt(f))?;
                differences.try_for_each(|other| write!(f, "; {other}"))
            }
        }
    }
}
