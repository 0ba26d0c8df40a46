//! A template with what is drawn but once.

use std::cell::RefCell;
use std::iter::repeat;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::ink::{self, Ink};
use super::pdf::Ground;
use super::pixels::{self, Frame};
use super::png::{self, Cache, Plan, Scratch, Sheet};
use super::{Drawn, Metadata, RenderError, SOFTWARE, claims, xmp};
use crate::certificate::{Certificate, Format};
use crate::fonts::Fonts;
use crate::template::Template;
use crate::typeset::{Code, Line, Page};

/// Millimetres in a metre, for what a PNG says of its size.
const METRE: f32 = 1000.0;

/// Sheets that are held at most. Certificates of a category and date mostly stand beside each
/// other, but a roster may have its dates in any order.
const SHEETS: usize = 16;

/// Bytes that sheets may take together, but for the latest.
const SHEETS_WEIGHT: usize = 80 << 20;

/// A template with what is drawn but once.
#[derive(Debug)]
pub(super) struct Plate {
    pub template: Template,
    plan: Plan,
    cache: Option<Cache>,
    frame: OnceLock<Result<Frame, RenderError>>,
    ground: OnceLock<Result<png::Ground, RenderError>>,
    /// The latest used comes last.
    sheets: Mutex<Vec<Arc<Shared>>>,
    vectors: OnceLock<Result<Ground, RenderError>>,
}

/// What certificates of a category and date show alike.
#[derive(Debug)]
struct Shared {
    lines: Vec<Line>,
    /// With their places among the fields.
    codes: Vec<(usize, Code)>,
    inked: OnceLock<Result<Inked, RenderError>>,
}

/// The same as ink, and on a sheet.
#[derive(Debug)]
struct Inked {
    inks: Vec<Ink>,
    /// The place among the fields of what each ink is of.
    fields: Vec<usize>,
    sheet: Sheet,
}

impl Plate {
    pub fn new(template: Template, cache: Option<Cache>) -> Self {
        Self {
            plan: Plan::of(&template),
            template,
            cache,
            frame: OnceLock::new(),
            ground: OnceLock::new(),
            sheets: Mutex::default(),
            vectors: OnceLock::new(),
        }
    }

    /// Background and pictures as pixels.
    pub fn frame(&self, fonts: &Fonts) -> Result<&Frame, RenderError> {
        let drawn = self.frame.get_or_init(|| pixels::ground(&self.template, fonts));
        drawn.as_ref().map_err(Clone::clone)
    }

    /// Background and pictures in the parts that PNGs are made of.
    pub fn ground(&self, fonts: &Fonts) -> Result<&png::Ground, RenderError> {
        let prepared = self.ground.get_or_init(|| {
            let own_fonts = fonts.own_digest();
            let key = png::Key { template: &self.template.digest, fonts: &own_fonts };
            let kept = self.cache.as_ref().and_then(|cache| cache.get(&key, &self.plan));
            if let Some(ground) = kept {
                return Ok(ground);
            }
            let ground = png::Ground::new(&self.plan, self.frame(fonts)?);
            self.cache.iter().for_each(|cache| cache.put(&key, &ground));
            Ok(ground)
        });
        prepared.as_ref().map_err(Clone::clone)
    }

    /// Background and pictures as part of a PDF.
    pub fn vectors(&self, fonts: &Fonts) -> Result<&Ground, RenderError> {
        let drawn = self.vectors.get_or_init(|| Ground::of(&self.template, fonts));
        drawn.as_ref().map_err(Clone::clone)
    }

    /// Draws a set page as PNG.
    pub fn png(
        &self,
        page: &Page,
        certificate: &Certificate,
        fonts: &Fonts,
    ) -> Result<Drawn, RenderError> {
        thread_local! {
            static SCRATCH: RefCell<Scratch> = RefCell::default();
        }
        let forme = png::Forme {
            plan: &self.plan,
            ground: self.ground(fonts)?,
            frame: || self.frame(fonts),
        };
        let is_own = self.is_own(page, certificate);
        let shared = self.shared(page, &is_own);
        let inked = shared.inked.get_or_init(|| {
            let codes = shared.codes.iter().map(|(field, code)| (*field, code));
            let (inks, fields) = self.inks(shared.lines.iter(), codes, fonts);
            Ok(Inked { sheet: forme.sheet(&inks)?, inks, fields })
        });
        let inked = inked.as_ref().map_err(Clone::clone)?;
        let (own, own_fields) =
            self.inks(lines(page, &is_own, true), self.codes(page, &is_own, true), fonts);

        let metadata = Metadata::of(certificate);
        let texts = [
            (claims::TITLE, metadata.title.as_str()),
            (claims::AUTHOR, &metadata.issuer),
            (png::SOFTWARE, SOFTWARE),
            (claims::PACKET, &xmp::write(&metadata, Format::Png)),
        ];
        let across = self.plan.size.0 as f32;
        let pixels_per_metre = (across / self.template.paper.width_mm * METRE).round() as u32;
        let mut bytes = png::head(self.plan.size, pixels_per_metre, &texts);
        let digest = if inked.comes_over(&own, &own_fields) {
            // It has been painted below.
            let mut frame = self.frame(fonts)?.clone();
            frame.paint(page, &self.template, fonts);
            forme.write_painted(&frame, &mut bytes)
        } else {
            let write = |scratch: &mut _| forme.write(&inked.sheet, &own, &mut bytes, scratch);
            SCRATCH.with_borrow_mut(write)?
        };
        Ok(Drawn { bytes, digest })
    }

    /// Which fields are a person's own: those the plan knows of, and texts such as a citation that
    /// speaks to somebody by name.
    fn is_own(&self, page: &Page, certificate: &Certificate) -> Vec<bool> {
        let mut is_own = self.plan.own.clone();
        for line in &page.lines {
            is_own[line.field] |= [&certificate.name, &certificate.id]
                .iter()
                .any(|said| !said.is_empty() && line.text.contains(&***said));
        }
        is_own
    }

    /// The QR codes of a page that are a person's own, or those that are shared, with their places
    /// among the fields.
    fn codes<'p>(
        &self,
        page: &'p Page,
        is_own: &[bool],
        wanted: bool,
    ) -> impl Iterator<Item = (usize, &'p Code)> {
        let codes = (self.template.texts.len()..).zip(&page.codes);
        codes.filter(move |(field, _)| is_own[*field] == wanted)
    }

    /// The ink of lines and codes, and the place among the fields of what each is of.
    fn inks<'p>(
        &self,
        lines: impl Iterator<Item = &'p Line>,
        codes: impl Iterator<Item = (usize, &'p Code)>,
        fonts: &Fonts,
    ) -> (Vec<Ink>, Vec<usize>) {
        let scale = self.template.scale;
        let lines = lines.map(|line| (ink::line(line, scale, fonts), line.field));
        let codes = codes.map(|(field, code)| (ink::code(code, scale), field));
        let inks = lines.chain(codes).flat_map(|(inks, field)| inks.into_iter().zip(repeat(field)));
        inks.unzip()
    }

    /// What a page shares with others, from among what was shared lately.
    fn shared(&self, page: &Page, is_own: &[bool]) -> Arc<Shared> {
        let mut sheets = self.sheets.lock().unwrap_or_else(PoisonError::into_inner);
        let is_same = |shared: &Arc<Shared>| {
            let codes = shared.codes.iter().map(|(field, code)| (*field, code));
            lines(page, is_own, false).eq(&shared.lines)
                && self.codes(page, is_own, false).eq(codes)
        };
        let known = sheets.iter().position(is_same).map(|place| sheets.remove(place));
        let shared = known.unwrap_or_else(|| {
            let codes = self.codes(page, is_own, false).map(|(field, code)| (field, code.clone()));
            Arc::new(Shared {
                lines: lines(page, is_own, false).cloned().collect(),
                codes: codes.collect(),
                inked: OnceLock::new(),
            })
        });
        while sheets.len() >= SHEETS
            || sheets.iter().map(|s| s.weight()).sum::<usize>() > SHEETS_WEIGHT
        {
            sheets.remove(0);
        }
        sheets.push(Arc::clone(&shared));
        shared
    }
}

/// The lines of a page that are a person's own, or those that are shared.
fn lines<'p>(page: &'p Page, is_own: &[bool], wanted: bool) -> impl Iterator<Item = &'p Line> {
    page.lines.iter().filter(move |line| is_own[line.field] == wanted)
}

impl Shared {
    /// About the bytes that it takes, once it has been inked.
    fn weight(&self) -> usize {
        self.inked
            .get()
            .and_then(|inked| inked.as_ref().ok())
            .map_or(0, |inked| inked.sheet.weight())
    }
}

impl Inked {
    /// Whether some of it is to be painted over a person's own.
    fn comes_over(&self, own: &[Ink], own_fields: &[usize]) -> bool {
        self.inks.iter().zip(&self.fields).any(|(ink, field)| {
            let before = own.iter().zip(own_fields).filter(|(_, own)| *own < field);
            before.into_iter().any(|(own, _)| own.meets(ink))
        })
    }
}
