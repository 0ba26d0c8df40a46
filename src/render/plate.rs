//! A template with what is drawn but once.

use std::cell::RefCell;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::ink::{self, Ink};
use super::pdf::Ground;
use super::pixels::{self, Frame};
use super::png::{self, Cache, Plan, Scratch, Sheet};
use super::{Drawn, Metadata, RenderError, SOFTWARE, metadata, xmp};
use crate::certificate::{Certificate, Format};
use crate::fonts::Fonts;
use crate::template::Template;
use crate::typeset::{Code, Line, Page};

/// Millimetres in a metre, for what a PNG says of its size.
const METRE: f32 = 1000.0;

/// Sheets that are held: certificates of a category and date stand beside each other, and come
/// from a few of them at once.
const SHEETS: usize = 4;

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
    codes: Vec<Code>,
    sheet: OnceLock<Result<Sheet, RenderError>>,
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
        let shared = self.shared(page);
        let sheet = shared.sheet.get_or_init(|| {
            forme.sheet(inks(shared.lines.iter(), shared.codes.iter(), self.template.scale, fonts))
        });
        let sheet = sheet.as_ref().map_err(Clone::clone)?;
        let (lines, codes) = (self.lines(page, true), self.codes(page, true));
        let own = inks(lines, codes, self.template.scale, fonts);

        let metadata = Metadata::of(certificate);
        let texts = [
            ("Title", metadata.title.as_str()),
            ("Author", &metadata.issuer),
            (png::SOFTWARE, SOFTWARE),
            (metadata::PACKET, &xmp::write(&metadata, Format::Png)),
        ];
        let across = self.plan.size.0 as f32;
        let pixels_per_metre = (across / self.template.paper.width_mm * METRE).round() as u32;
        let mut bytes = png::head(self.plan.size, pixels_per_metre, &texts);
        let digest =
            SCRATCH.with_borrow_mut(|scratch| forme.write(sheet, &own, &mut bytes, scratch))?;
        Ok(Drawn { bytes, digest })
    }

    /// The lines of a page that are a person's own, or those that are shared.
    fn lines<'p>(&self, page: &'p Page, own: bool) -> impl Iterator<Item = &'p Line> {
        page.lines.iter().filter(move |line| self.plan.own_texts[line.field] == own)
    }

    /// The QR codes of a page that are a person's own, or those that are shared.
    fn codes<'p>(&self, page: &'p Page, own: bool) -> impl Iterator<Item = &'p Code> {
        let codes = page.codes.iter().zip(&self.plan.own_codes);
        codes.filter(move |(_, is_own)| **is_own == own).map(|(code, _)| code)
    }

    /// What a page shares with others, from among what was shared lately.
    fn shared(&self, page: &Page) -> Arc<Shared> {
        let mut sheets = self.sheets.lock().unwrap_or_else(PoisonError::into_inner);
        let is_same = |shared: &Arc<Shared>| {
            self.lines(page, false).eq(&shared.lines) && self.codes(page, false).eq(&shared.codes)
        };
        let known = sheets.iter().position(is_same).map(|place| sheets.remove(place));
        let shared = known.unwrap_or_else(|| {
            Arc::new(Shared {
                lines: self.lines(page, false).cloned().collect(),
                codes: self.codes(page, false).cloned().collect(),
                sheet: OnceLock::new(),
            })
        });
        if sheets.len() == SHEETS {
            sheets.remove(0);
        }
        sheets.push(Arc::clone(&shared));
        shared
    }
}

/// The ink of lines and codes; `scale` is pixels to their unit.
fn inks<'p>(
    lines: impl Iterator<Item = &'p Line>,
    codes: impl Iterator<Item = &'p Code>,
    scale: f32,
    fonts: &Fonts,
) -> Vec<Ink> {
    let lines = lines.flat_map(|line| ink::line(line, scale, fonts));
    lines.chain(codes.flat_map(|code| ink::code(code, scale))).collect()
}
