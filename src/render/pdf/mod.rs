//! A page as PDF 1.7: the background as vectors beneath, live text above, so that it can be
//! selected, copied and searched.
//!
//! printpdf writes page and text, [`background`] brings the template's vectors, and
//! [`metadata`] says what the document is. The bytes depend on nothing but the page.

mod background;
mod code;
mod metadata;
mod text;

use lopdf::{Dictionary, Object, ObjectId};
use printpdf::{DictItem, Mm, Op, PdfDocument, PdfPage, PdfSaveOptions};

use super::RenderError;
use crate::certificate::Certificate;
use crate::fonts::Fonts;
use crate::template::{Color, Template};
use crate::typeset::Page;

pub use background::Background;

/// The background's name among a page's resources.
const BACKGROUND: &str = "Background";

/// PDF points in a millimetre.
const POINT: f32 = 72.0 / 25.4;

/// Where a page in template units lies on its paper, in pt from the lower left corner.
#[derive(Debug, Clone, Copy)]
struct Sheet {
    scale: f32,
    width: f32,
    height: f32,
}

impl Sheet {
    fn of(template: &Template) -> Self {
        let width = template.paper.width_mm * POINT;
        let height = template.paper.height_mm * POINT;
        Self { scale: width / template.width, width, height }
    }

    fn x(&self, units: f32) -> f32 {
        units * self.scale
    }

    fn y(&self, units: f32) -> f32 {
        self.height - units * self.scale
    }
}

/// Writes a page as a document of its own.
///
/// # Errors
/// When a font cannot be embedded.
pub fn write(
    page: &Page,
    template: &Template,
    background: &Background,
    certificate: &Certificate,
    fonts: &Fonts,
) -> Result<Vec<u8>, RenderError> {
    let wrong = |message: String| RenderError { template: template.name.clone(), message };
    let sheet = Sheet::of(template);
    let mut document = PdfDocument::new("");
    let faces = text::Faces::embed(page, fonts, &mut document).map_err(&wrong)?;
    let mut ops = paint_background(background, sheet);
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
    place(background, &mut document).map_err(|error| wrong(error.to_string()))?;
    metadata::describe(&mut document, certificate).map_err(|error| wrong(error.to_string()))?;
    "1.7".clone_into(&mut document.version);
    document.compress();
    metadata::identify(&mut document);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).map_err(|error| wrong(error.to_string()))?;
    Ok(bytes)
}

/// Stretches the background over the sheet.
fn paint_background(background: &Background, sheet: Sheet) -> Vec<Op> {
    let stretch = [sheet.width / background.width, sheet.height / background.height];
    vec![
        Op::SaveGraphicsState,
        operator("cm", &[stretch[0], 0.0, 0.0, stretch[1], 0.0, 0.0]),
        Op::Unknown { key: "Do".to_owned(), value: vec![DictItem::Name(BACKGROUND.into())] },
        Op::RestoreGraphicsState,
    ]
}

/// Adds the background's objects, and its name to the page's resources.
fn place(background: &Background, document: &mut lopdf::Document) -> lopdf::Result<()> {
    let form = background.add_to(document);
    let page =
        *document.get_pages().get(&1).ok_or_else(|| lopdf::Error::DictKey("Page".to_owned()))?;
    let resources = reference(document.get_dictionary(page)?, b"Resources")?;
    let xobjects = reference(document.get_dictionary(resources)?, b"XObject")?;
    document.get_object_mut(xobjects)?.as_dict_mut()?.set(BACKGROUND, Object::Reference(form));
    Ok(())
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
