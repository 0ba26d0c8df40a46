//! The press: fonts and templates made ready once, certificates drawn one after the other.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::resume_unwind;
use std::path::Path;
use std::sync::Arc;
use std::thread::{self, ScopedJoinHandle};

use super::RenderError;
use super::pdf::{self, Booklet, Cuts, Edge, Glyphs, Materials};
use super::pixels::Frame;
use super::plate::Plate;
use super::png::Cache;
use crate::certificate::{Certificate, Format};
use crate::disk::hex_digest;
use crate::fonts::Fonts;
use crate::template::{self, Paper, Template, TemplateError};
use crate::typeset::{self, Fault, Page, Proved, TypesetError};

/// Draws certificates on the templates it was opened with.
#[derive(Debug)]
pub struct Press {
    fonts: Arc<Fonts>,
    /// Roster columns that may be empty on a certificate.
    public: Vec<String>,
    plates: BTreeMap<String, Plate>,
    cuts: Cuts,
}

/// A file of a certificate, not yet written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawn {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Its digest: of the pixels for PNG, of the bytes for PDF.
    pub digest: String,
}

/// Why the press cannot be opened, or a certificate not be drawn.
#[derive(Debug, thiserror::Error)]
pub enum PressError {
    /// A template cannot be used.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// A certificate cannot be set.
    #[error(transparent)]
    Typeset(#[from] TypesetError),
    /// A background cannot be drawn.
    #[error(transparent)]
    Render(#[from] RenderError),
}

impl Press {
    /// Opens the press with templates of an issuer's folder, and with the roster columns that it
    /// has made public. What is prepared of a template is kept in the folder `cache`.
    ///
    /// # Errors
    /// When one of them cannot be used.
    pub fn open(
        folder: &Path,
        templates: BTreeSet<&str>,
        fonts: impl Into<Arc<Fonts>>,
        public: &[String],
        cache: Option<&Path>,
    ) -> Result<Self, PressError> {
        let fonts = fonts.into();
        let cache = cache.map(Cache::in_folder);
        let plates = templates
            .into_iter()
            .map(|name| {
                let template = template::load(folder, name, &fonts)?;
                Ok((name.to_owned(), Plate::new(template, cache.clone())))
            })
            .collect::<Result<_, TemplateError>>()?;
        Ok(Self { fonts, public: public.to_vec(), plates, cuts: Cuts::default() })
    }

    /// Draws the backgrounds for these formats, so that a template that cannot be drawn is
    /// found before any number is spent.
    ///
    /// # Errors
    /// The first background that cannot be drawn.
    pub fn prepare(&self, formats: &[Format]) -> Result<(), PressError> {
        let prepare = |plate: &Plate| -> Result<(), PressError> {
            if formats.contains(&Format::Png) {
                plate.ground(&self.fonts)?;
            }
            if formats.contains(&Format::Pdf) {
                plate.vectors(&self.fonts)?;
            }
            Ok(())
        };
        // Threads of their own, so that whoever waits for them is kept by no other work.
        thread::scope(|scope| {
            let drawing: Vec<_> =
                self.plates.values().map(|plate| scope.spawn(|| prepare(plate))).collect();
            let mut drawn = drawing.into_iter().map(ScopedJoinHandle::join);
            drawn.try_for_each(|drawn| drawn.unwrap_or_else(|panic| resume_unwind(panic)))
        })
    }

    /// What is wrong with a template, whoever is to stand on it.
    ///
    /// # Errors
    /// When the press was opened without it.
    pub fn check(&self, template: &str) -> Result<Vec<Fault>, PressError> {
        Ok(typeset::check(&self.plate(template)?.template, &self.fonts, &self.public))
    }

    /// The placeholders of a template's field, whatever the language.
    ///
    /// # Errors
    /// When the press was opened without it.
    pub fn placeholders(&self, template: &str, field: &str) -> Result<Vec<&str>, PressError> {
        let template = &self.plate(template)?.template;
        let texts = template.texts.iter().map(|text| (&text.field, &text.value));
        let codes = template.codes.iter().map(|code| (&code.field, &code.value));
        let called = texts.chain(codes).filter(|(name, _)| *name == field);
        Ok(called.flat_map(|(_, value)| value.placeholders()).collect())
    }

    /// The digest of a template.
    ///
    /// # Errors
    /// When the press was opened without it.
    pub fn template_digest(&self, template: &str) -> Result<&str, PressError> {
        Ok(&self.plate(template)?.template.digest)
    }

    /// Sets a certificate without drawing it: if this works, drawing will.
    ///
    /// # Errors
    /// What cannot be set.
    pub fn set(&self, certificate: &Certificate, template: &str) -> Result<Page, PressError> {
        Ok(typeset::set(certificate, &self.plate(template)?.template, &self.fonts, &self.public)?)
    }

    /// The beginning of a proof of certificates on a template.
    ///
    /// # Errors
    /// When the press was opened without it.
    pub fn proved(&self, template: &str) -> Result<Proved, PressError> {
        Ok(Proved::none(&self.plate(template)?.template, &self.fonts))
    }

    /// Finds what [`Press::set`] would find wrong, without a page; `proved` is of this template
    /// alone.
    ///
    /// # Errors
    /// What cannot be set.
    pub fn prove(
        &self,
        certificate: &Certificate,
        template: &str,
        proved: &Proved,
    ) -> Result<(), PressError> {
        let template = &self.plate(template)?.template;
        Ok(typeset::prove(certificate, template, &self.fonts, &self.public, proved)?)
    }

    /// Begins a booklet of pages that use these glyphs, on the press's templates and on plain
    /// paper.
    ///
    /// # Errors
    /// When a background cannot be drawn, or a font not be embedded.
    pub fn booklet(
        &self,
        glyphs: Glyphs,
        paper: Paper,
        edge: Edge,
    ) -> Result<Booklet<'_>, PressError> {
        let mut templates = Vec::new();
        for plate in self.plates.values() {
            templates.push((&plate.template, plate.vectors(&self.fonts)?));
        }
        let materials = Materials { templates, paper, glyphs, fonts: &self.fonts, edge };
        Ok(Booklet::begin(materials)?)
    }

    /// Draws a set page as it comes out in PNG; without a page, the background alone.
    ///
    /// # Errors
    /// When the background cannot be drawn.
    pub fn picture(&self, page: Option<&Page>, template: &str) -> Result<Frame, PressError> {
        let plate = self.plate(template)?;
        let mut frame = plate.frame(&self.fonts)?.clone();
        if let Some(page) = page {
            frame.paint(page, &plate.template, &self.fonts);
        }
        Ok(frame)
    }

    /// A template the press was opened with.
    ///
    /// # Errors
    /// When the press was opened without it.
    pub fn template(&self, name: &str) -> Result<&Template, PressError> {
        Ok(&self.plate(name)?.template)
    }

    /// The fonts there are.
    #[must_use]
    pub fn fonts(&self) -> &Fonts {
        &self.fonts
    }

    /// Draws a certificate in each format.
    ///
    /// # Errors
    /// What cannot be set or drawn.
    pub fn draw(
        &self,
        certificate: &Certificate,
        template: &str,
        formats: &[Format],
    ) -> Result<BTreeMap<Format, Drawn>, PressError> {
        let plate = self.plate(template)?;
        let page = typeset::set(certificate, &plate.template, &self.fonts, &self.public)?;
        formats
            .iter()
            .map(|format| {
                let drawn = match format {
                    Format::Png => plate.png(&page, certificate, &self.fonts)?,
                    Format::Pdf => self.pdf(plate, &page, certificate)?,
                };
                Ok((*format, drawn))
            })
            .collect()
    }

    fn pdf(
        &self,
        plate: &Plate,
        page: &Page,
        certificate: &Certificate,
    ) -> Result<Drawn, RenderError> {
        let ground = plate.vectors(&self.fonts)?;
        let (bytes, digest) =
            pdf::write(page, &plate.template, ground, certificate, &self.fonts, &self.cuts)?;
        Ok(Drawn { digest: hex_digest("sha256", digest), bytes })
    }

    fn plate(&self, template: &str) -> Result<&Plate, TemplateError> {
        self.plates.get(template).ok_or_else(|| TemplateError::Unknown(template.to_owned()))
    }
}
