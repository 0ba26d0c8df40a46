//! The files of certificates as they are found: as they were drawn, or what is wrong with them.

use std::path::Path;

use rayon::prelude::*;

use super::work::file;
use crate::certificate::Format;
use crate::disk;
use crate::register::{Entry, Record, Register};
use crate::render::{self, Difference, Falsehood, Metadata};

/// The largest file of a certificate, in bytes.
pub(super) const LARGEST: u64 = 512 << 20;

/// A certificate's file, as it is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// It is as it was drawn, if compressed again: its bytes.
    Sound(Vec<u8>),
    /// It is not there.
    Missing,
    /// It is not as it was drawn: its digest is another's, or it is from before a reissue that
    /// was cut short.
    Damaged,
    /// It has the digest that it should have, and yet was changed.
    Changed(Falsehood),
    /// It has the digest that it should have, and says otherwise than the register, whose line
    /// somebody has changed: never empty.
    Contradicted(Vec<Difference>),
}

/// Looks at a certificate's file; one that other hands have made is asked for its digest alone.
///
/// Where a file says otherwise than the register, either may have been changed. What a PDF says is
/// digested with it, so a PDF with the digest of the line speaks the truth, and the line does not:
/// it is *contradicted*. What a PNG says is not. Where the PDF beside it agrees with the line, the
/// PNG was *changed*; where it does not, or there is none, a line that was changed by hand is
/// likelier, and drawing from it would make matters worse: it is contradicted too.
#[must_use]
pub fn found(record: &Record, format: Format, folder: &Path) -> Found {
    let certificate = &record.entry.certificate;
    if !file(folder, &certificate.path, format).exists() {
        return Found::Missing;
    }
    let Some(bytes) = digested(record, format, folder) else { return Found::Damaged };
    if record.entry.template.is_none() {
        return Found::Sound(bytes);
    }
    let known = Metadata::of(certificate);
    let agrees =
        |pdf: Vec<u8>| Metadata::read(&pdf).is_some_and(|said| said.differences(&known).is_empty());
    match render::falsehood(format, &bytes, &known) {
        None => Found::Sound(bytes),
        Some(Falsehood::Says(differences))
            if format == Format::Pdf
                || !digested(record, Format::Pdf, folder).is_some_and(agrees) =>
        {
            Found::Contradicted(differences)
        }
        Some(falsehood) => Found::Changed(falsehood),
    }
}

/// The bytes of a certificate's file, if it is there and has the digest that it should have.
pub(super) fn digested(record: &Record, format: Format, folder: &Path) -> Option<Vec<u8>> {
    let Entry { certificate, files, .. } = &record.entry;
    let known = files.get(&format)?;
    let bytes = disk::read(&file(folder, &certificate.path, format), LARGEST).ok()?;
    (*known == *render::digest(format, &bytes)?).then_some(bytes)
}

/// The files of a certificate that are to be drawn again: those that are not there, or not as
/// they were drawn. One that a changed line of the register contradicts stays as it is.
#[must_use]
pub fn missing(record: &Record, folder: &Path) -> Vec<Format> {
    let is_missing = |format: &Format| {
        let found = found(record, *format, folder);
        !matches!(found, Found::Sound(_) | Found::Contradicted(_))
    };
    record.entry.files.keys().copied().filter(is_missing).collect()
}

/// Those of some certificates that have a file missing or damaged. `places` are theirs in the
/// register; every file is read.
#[must_use]
pub fn lost(places: &[usize], register: &Register, folder: &Path) -> Vec<usize> {
    let records = register.records();
    let lost = places.par_iter().filter(|place| !missing(&records[**place], folder).is_empty());
    lost.copied().collect()
}
