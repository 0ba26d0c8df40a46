//! A page as PDF 1.7: the background as vectors beneath, live text above, so that it can be
//! selected, copied and searched.
//!
//! printpdf writes page and text, [`ground`] brings the template's background and pictures as
//! forms, and [`metadata`] says what the document is. The bytes depend on nothing but the page.

mod code;
mod form;
mod ground;
mod metadata;
mod objects;
mod picture;
mod text;

use std::collections::BTreeMap;

use lopdf::{Dictionary, Document, ObjectId};
use printpdf::{DictItem, Mm, Op, PdfDocument, PdfPage, PdfSaveOptions};

use super::RenderError;
use crate::certificate::Certificate;
use crate::fonts::Fonts;
use crate::template::{Artwork, Color, Template};
use crate::typeset::Page;

pub use ground::Ground;

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

/// Writes a page as a document of its own.
///
/// # Errors
/// When a font cannot be embedded.
pub fn write(
    page: &Page,
    template: &Template,
    ground: &Ground,
    certificate: &Certificate,
    fonts: &Fonts,
) -> Result<Vec<u8>, RenderError> {
    let wrong = |message: String| RenderError { template: template.name.clone(), message };
    let sheet = Sheet::of(template);
    let mut document = PdfDocument::new("");
    let faces = text::Faces::embed(page, fonts, &mut document).map_err(&wrong)?;
    let mut ops = ground.paint(sheet);
    for line in &page.lines {
        ops.extend(faces.line(line, sheet, fonts));
    }
    for code in &page.codes {
        ops.extend(code::paint(code, sheet));
    }
    let (width, height) = (Mm(template.paper.width_mm), Mm(template.paper.height_mm));
    document.with_pages(vec![PdfPage::new(width, height, ops)]);
    // `secure` would leave out the operators that printpdf has no name for.
    let options = PdfSaveOptions { secure: false, ..PdfSaveOptions::default() };
    let mut document = document.to_lopdf_document(&options, &mut Vec::new());
    finish(&mut document, ground, sheet, certificate).map_err(|error| wrong(error.to_string()))
}

/// Joins a certificate's document to its ground, and writes the file.
fn finish(
    document: &mut Document,
    ground: &Ground,
    sheet: Sheet,
    certificate: &Certificate,
) -> lopdf::Result<Vec<u8>> {
    metadata::describe(document, certificate)?;
    document.compress();
    let mut file = ground.file.clone();
    objects::renumber(document, &file);
    let page =
        *document.get_pages().get(&1).ok_or_else(|| lopdf::Error::DictKey("Page".to_owned()))?;
    let resources = reference(document.get_dictionary(page)?, b"Resources")?;
    let xobjects = reference(document.get_dictionary(resources)?, b"XObject")?;
    ground.name(document.get_object_mut(xobjects)?.as_dict_mut()?);
    let dictionary = document.get_object_mut(page)?.as_dict_mut()?;
    let mut entries = ground.page_entries();
    for key in ["MediaBox", "CropBox", "TrimBox"] {
        dictionary.remove(key.as_bytes());
        let [width, height] = [sheet.width, sheet.height];
        entries.extend_from_slice(format!("/{key} [0 0 {width} {height}] ").as_bytes());
    }
    let (root, info) =
        (reference(&document.trailer, b"Root")?, reference(&document.trailer, b"Info")?);
    let extra = BTreeMap::from([(page, entries), (root, ground.catalog_entries())]);
    objects::append(document, &extra, &mut file);
    let id = metadata::identifier(file.bytes());
    Ok(file.finish(&format!("/Root {} 0 R /Info {} 0 R /ID [{id} {id}]", root.0, info.0)))
}

fn reference(dictionary: &Dictionary, key: &[u8]) -> lopdf::Result<ObjectId> {
    dictionary.get(key)?.as_reference()
}

/// An operator with numbers before it (ISO 32000-1, annex A).
fn operator(name: &str, numbers: &[f32]) -> Op {
    Op::Unknown {
        key: name.to_owned(),
        value: numbers.iter().copied().map(DictItem::Real).collect(),
    }
}

/// Sets the colour of what is filled from here on.
fn fill_color(color: Color) -> Op {
    let part = |value: u8| f32::from(value) / f32::from(u8::MAX);
    operator("rg", &[part(color.red), part(color.green), part(color.blue)])
}
