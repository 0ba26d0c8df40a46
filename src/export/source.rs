//! Where the files of a set come from: the one there is if it is sound, else drawn anew.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rayon::prelude::*;
use sha2::{Digest, Sha256};

use super::{ExportError, Item};
use crate::certificate::Format;
use crate::disk;
use crate::fonts::Fonts;
use crate::issuance::{self, IssuanceError, Watch};
use crate::issuer::Issuer;
use crate::render::{Press, PressError};

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
    /// A press a template, opened when the first certificate needs it: a template that is
    /// gone or damaged troubles nobody whose files are there.
    presses: Mutex<BTreeMap<String, Arc<Press>>>,
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

    /// Brings one file.
    ///
    /// # Errors
    /// When it is missing or damaged and cannot be drawn as it was.
    pub fn piece(&self, item: &Item<'_>) -> Result<Piece, ExportError> {
        let Item { record, format, .. } = item;
        let bytes = match issuance::sound(record, *format, self.folder) {
            Some(bytes) => bytes,
            None => self.drawn(item)?,
        };
        let sha256 = disk::hex(Sha256::new_with_prefix(&bytes));
        Ok(Piece { bytes, sha256 })
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
        let mut ready = Vec::new();
        // An empty batch comes last, while the last full one is taken.
        for batch in items.chunks(batch).chain([&[][..]]) {
            if watch.stops() {
                return Err(ExportError::Interrupted);
            }
            let bring = |item| prepare(item, self.piece(item)?);
            let bring_all = || batch.par_iter().map(bring).collect::<Result<Vec<P>, _>>();
            let take_all = || -> Result<(), ExportError> {
                for prepared in ready.drain(..) {
                    take(prepared)?;
                    watch.drawn();
                }
                Ok(())
            };
            let (brought, taken) = rayon::join(bring_all, take_all);
            taken?;
            ready = brought?;
        }
        Ok(())
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

    fn drawn(&self, item: &Item<'_>) -> Result<Vec<u8>, ExportError> {
        let Item { record, format, .. } = item;
        let Some(template) = &record.entry.template else {
            let id = record.entry.certificate.id.clone();
            return Err(IssuanceError::Adopted { id }.into());
        };
        let press = self.press_of(&template.name)?;
        (self.prepare)(&press, &[*format])?;
        let mut drawn = issuance::draw_again(record, &[*format], &press)?;
        Ok(drawn.remove(format).map(|drawn| drawn.bytes).unwrap_or_default())
    }

    /// The press with a template, opened once; its backgrounds are not drawn yet.
    fn press_of(&self, template: &str) -> Result<Arc<Press>, ExportError> {
        // A press is put in whole or not at all.
        let mut presses = self.presses.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(press) = presses.get(template) {
            return Ok(press.clone());
        }
        let press = Arc::new(self.press(BTreeSet::from([template]), &[])?);
        presses.insert(template.to_owned(), press.clone());
        Ok(press)
    }
}
