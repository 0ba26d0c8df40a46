//! Where the files of a set come from: PNGs are drawn anew, PDFs are those there are; else the
//! other way round.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sha2::{Digest, Sha256};

use super::{ExportError, Item};
use crate::certificate::Format;
use crate::disk;
use crate::fonts::Fonts;
use crate::issuance::{self, Found, IssuanceError, Watch};
use crate::issuer::Issuer;
use crate::register::Record;
use crate::render::{Difference, Falsehood, Press, PressError};

/// Files to each thread that are in memory together.
const EACH: usize = 4;

/// Draws the backgrounds of a press, or gives up.
pub type Prepare = dyn Fn(&Press, &[Format]) -> Result<(), PressError> + Sync;

/// Brings the files of certificates.
pub struct Source<'a> {
    folder: &'a Path,
    public: &'a [String],
    fonts: Arc<Fonts>,
    /// The folder of what is kept from one run to the next.
    cache: Option<PathBuf>,
    prepare: &'a Prepare,
    /// A press a template, opened when the first certificate needs it; none where it cannot be
    /// used: a template that is gone or damaged troubles nobody whose files are there.
    presses: Mutex<BTreeMap<String, Option<Arc<Press>>>>,
}

/// A file of a certificate, as it was issued.
#[derive(Debug)]
pub struct Piece {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// The SHA-256 of its bytes, as 64 hexadecimal digits.
    pub sha256: String,
}

impl<'a> Source<'a> {
    /// The files in an issuer's folder, and fonts and a cache to draw what is missing.
    #[must_use]
    pub fn new(
        folder: &'a Path,
        issuer: &'a Issuer,
        fonts: Fonts,
        cache: Option<PathBuf>,
        prepare: &'a Prepare,
    ) -> Self {
        let (public, fonts) = (&issuer.public, Arc::new(fonts));
        Self { folder, public, fonts, cache, prepare, presses: Mutex::default() }
    }

    /// Brings one file. A PNG that is there may have been compressed again: it is drawn anew where
    /// it can be, so that what is handed out has always the same bytes, and that takes no longer.
    ///
    /// # Errors
    /// When it is missing or damaged and cannot be drawn as it was, or the register is no longer
    /// what it was drawn from.
    pub fn piece(&self, item: &Item<'_>) -> Result<Piece, ExportError> {
        let Item { record, format, .. } = item;
        let again = if *format == Format::Png { self.drawn_if_it_can_be(item) } else { None };
        let bytes = match again {
            Some(bytes) => bytes,
            None => match issuance::found(record, *format, self.folder) {
                Found::Sound(bytes) => bytes,
                Found::Contradicted(differences) => {
                    return Err(contradicted(record, *format, differences).into());
                }
                Found::Missing | Found::Damaged | Found::Changed(_) => self.drawn(item)?,
            },
        };
        let sha256 = disk::hex(Sha256::new_with_prefix(&bytes));
        Ok(Piece { bytes, sha256 })
    }

    /// Makes sure that a press draws a certificate as it was issued: any of its files comes out so,
    /// the quickest first. A press is opened with its template, and made ready for PDF.
    ///
    /// # Errors
    /// When none does, since the register is no longer what it was drawn from, or the press is
    /// another.
    pub fn check(&self, record: &Record, press: &Press) -> Result<(), ExportError> {
        let files = &record.entry.files;
        let mut formats = [Format::Pdf, Format::Png].into_iter().filter(|f| files.contains_key(f));
        let mut differs = Ok(());
        for format in formats.clone() {
            if format == Format::Png {
                (self.prepare)(press, &[format])?;
            }
            match issuance::draw_again(record, &[format], press) {
                Err(error @ IssuanceError::Differs { .. }) => differs = Err(error.into()),
                drawn => return drawn.map(drop).map_err(ExportError::from),
            }
        }
        let contradicted = formats.find_map(|format| {
            let found = issuance::found(record, format, self.folder);
            let Found::Contradicted(differences) = found else { return None };
            Some(contradicted(record, format, differences).into())
        });
        contradicted.map_or(differs, Err)
    }

    /// Brings file by file: every thread there is reads or draws some and prepares them, while
    /// those before them are taken one by one, in order.
    ///
    /// # Errors
    /// The first that cannot be brought, prepared or taken; that an end was asked for.
    pub fn each<'i, 'r, P: Send>(
        &self,
        items: &'i [Item<'r>],
        watch: &dyn Watch,
        prepare: impl Fn(&'i Item<'r>, Piece) -> Result<P, ExportError> + Sync,
        mut take: impl FnMut(P) -> Result<(), ExportError> + Send,
    ) -> Result<(), ExportError> {
        let batch = rayon::current_num_threads() * EACH;
        let bring = |item| prepare(item, self.piece(item)?);
        let take = |ready: Vec<P>| {
            ready.into_iter().try_for_each(|prepared| {
                take(prepared)?;
                watch.drawn();
                Ok(())
            })
        };
        let all = issuance::overlapped(items, batch, || watch.stops(), bring, take)?;
        if all { Ok(()) } else { Err(ExportError::Interrupted) }
    }

    /// Opens a press with these templates.
    ///
    /// # Errors
    /// When one of them cannot be used, or its background not be drawn.
    pub fn press(
        &self,
        templates: BTreeSet<&str>,
        formats: &[Format],
    ) -> Result<Press, ExportError> {
        let (fonts, cache) = (self.fonts.clone(), self.cache.as_deref());
        let press = Press::open(self.folder, templates, fonts, self.public, cache)?;
        (self.prepare)(&press, formats)?;
        Ok(press)
    }

    /// Draws a file as it was issued.
    fn drawn(&self, item: &Item<'_>) -> Result<Vec<u8>, ExportError> {
        let Item { record, format, .. } = item;
        let Some(template) = &record.entry.template else {
            let id = record.entry.certificate.id.clone();
            return Err(IssuanceError::Adopted { id }.into());
        };
        let press = match self.press_of(&template.name) {
            Some(press) => press,
            // Opened once more, to say what is wrong.
            None => Arc::new(self.press(BTreeSet::from([template.name.as_str()]), &[])?),
        };
        (self.prepare)(&press, &[*format])?;
        let mut drawn = issuance::draw_again(record, &[*format], &press)?;
        Ok(drawn.remove(format).map(|drawn| drawn.bytes).unwrap_or_default())
    }

    /// The same, where its template is as it was and nothing stands in the way.
    fn drawn_if_it_can_be(&self, item: &Item<'_>) -> Option<Vec<u8>> {
        let template = item.record.entry.template.as_ref()?;
        let press = self.press_of(&template.name)?;
        let stands = press.template_digest(&template.name).is_ok_and(|now| template.digest == now);
        if !stands {
            return None;
        }
        let drawn = self.drawn(item);
        if matches!(drawn, Err(ExportError::Issuance(IssuanceError::Press(PressError::Render(_)))))
        {
            // No other certificate of it need be tried.
            self.presses().insert(template.name.to_string(), None);
        }
        drawn.ok()
    }

    /// The press with a template, opened once; its backgrounds are not drawn yet.
    fn press_of(&self, template: &str) -> Option<Arc<Press>> {
        let mut presses = self.presses();
        if let Some(press) = presses.get(template) {
            return press.clone();
        }
        let press = self.press(BTreeSet::from([template]), &[]).ok().map(Arc::new);
        presses.insert(template.to_owned(), press.clone());
        press
    }

    fn presses(&self) -> MutexGuard<'_, BTreeMap<String, Option<Arc<Press>>>> {
        // A press is put in whole or not at all.
        self.presses.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn contradicted(record: &Record, format: Format, differences: Vec<Difference>) -> IssuanceError {
    let id = record.entry.certificate.id.clone();
    IssuanceError::Contradicted { id, format, message: Falsehood::Says(differences).to_string() }
}
