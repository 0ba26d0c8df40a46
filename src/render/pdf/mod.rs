//! A page as PDF 1.7: the background as vectors beneath, live text above, so that it can be
//! selected, copied and searched.
//!
//! printpdf writes pages and embeds [`faces`], [`ground`] brings the template's background and
//! pictures as forms, and [`document`] says what it is. The bytes depend on nothing but the page.

mod booklet;
mod code;
mod content;
mod cut;
mod document;
mod edge;
mod faces;
mod form;
mod ground;
mod index;
mod objects;
mod outline;
mod picture;
mod text;

use sha2::Sha256;

use super::{Metadata, RenderError};
use crate::certificate::Certificate;
use crate::fonts::Fonts;
use crate::template::{Artwork, Paper, Template};
use crate::typeset::Page;
use document::Document;
use faces::Faces;

pub use booklet::{Booklet, Leaf, Materials};
pub use cut::Cuts;
pub use edge::{Edge, MOST_BLEED};
pub use faces::Glyphs;
pub use ground::Ground;
pub use index::index;
pub use outline::{Contents, Entry, Section};

/// PDF points in a millimetre.
const POINT: f64 = 72.0 / 25.4;

/// What millimetres and back may lose of a length, in pt.
const ROUNDING: f64 = 0.01;

/// Where a page in template units lies on its paper, in pt from the lower left corner.
#[derive(Debug, Clone, Copy)]
struct Sheet {
    scale: f32,
    width: f64,
    height: f64,
}

impl Sheet {
    fn of(template: &Template) -> Self {
        let points = |mm: f32| f64::from(mm) * POINT;
        let mut sheet = Self {
            scale: 0.0,
            width: points(template.paper.width_mm),
            height: points(template.paper.height_mm),
        };
        if let Artwork::Page(page) = &template.background
            && (page.width - sheet.width).abs() < ROUNDING
            && (page.height - sheet.height).abs() < ROUNDING
        {
            // To the last digit, so that nothing on the page moves.
            (sheet.width, sheet.height) = (page.width, page.height);
        }
        sheet.scale = sheet.width as f32 / template.width;
        sheet
    }

    /// A sheet without a template, in mm.
    fn plain(paper: Paper) -> Self {
        let (width, height) = (f64::from(paper.width_mm), f64::from(paper.height_mm));
        Self { scale: POINT as f32, width: width * POINT, height: height * POINT }
    }

    fn x(&self, units: f32) -> f32 {
        units * self.scale
    }

    fn y(&self, units: f32) -> f32 {
        self.height as f32 - units * self.scale
    }

    /// All of it: left, bottom, width and height.
    fn whole(&self) -> [f32; 4] {
        [0.0, 0.0, self.width as f32, self.height as f32]
    }
}

/// Writes a page as a document of its own; gives back its bytes and their digest.
///
/// # Errors
/// When a font cannot be embedded.
pub fn write(
    page: &Page,
    template: &Template,
    ground: &Ground,
    certificate: &Certificate,
    fonts: &Fonts,
    cuts: &Cuts,
) -> Result<(Vec<u8>, Sha256), RenderError> {
    let wrong = |message: String| RenderError { template: template.name.clone(), message };
    let sheet = Sheet::of(template);
    let mut file = ground.file.clone();
    let mut glyphs = Glyphs::default();
    glyphs.add(&page.lines);
    let faces = Faces::embed(glyphs, fonts, cuts, &mut file).map_err(&wrong)?;
    let content = content::over(ground.paint(sheet), page, sheet, &faces, fonts);
    let content = content::written(content).map_err(|error| wrong(error.to_string()))?;
    let content = file.push_stream(b"", &content);

    let pages = file.reserve();
    let resources = format!("<< {} >>", faces.resources(&ground.names(0)));
    let mut page = page_entries(pages, content, &resources, sheet, Edge::default());
    page.extend(ground.page_entries(0));
    let page = file.push(&dictionary(&page));
    file.put(pages, format!("<< /Type /Pages /Kids [{page} 0 R] /Count 1 >>").as_bytes());
    let document = Document {
        metadata: &Metadata::of(certificate),
        pages,
        entries: ground.catalog_entries(0),
    };
    Ok(document.finish(file))
}

/// The entries of a page's dictionary: `parent` is its tree, `content` what it shows.
fn page_entries(parent: u32, content: u32, resources: &str, sheet: Sheet, edge: Edge) -> Vec<u8> {
    format!(
        "/Type /Page /Parent {parent} 0 R /Contents {content} 0 R /Resources {resources} {}",
        edge.boxes(sheet)
    )
    .into_bytes()
}

/// A dictionary of these entries.
fn dictionary(entries: &[u8]) -> Vec<u8> {
    [b"<< ", entries, b">>"].concat()
}
