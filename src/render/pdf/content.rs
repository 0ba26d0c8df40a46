//! What stands on a page, as a content stream (ISO 32000-1, 7.8.2): the same for a certificate by
//! itself and in a booklet.

use lopdf::{Document, ObjectId};
use printpdf::{DictItem, Mm, Op, PdfDocument, PdfPage, PdfSaveOptions};

use super::faces::Faces;
use super::{Sheet, code, text};
use crate::fonts::Fonts;
use crate::template::Color;
use crate::typeset::Page;

/// Paints a page over what lies under it.
pub(super) fn over(
    mut ops: Vec<Op>,
    page: &Page,
    sheet: Sheet,
    faces: &Faces,
    fonts: &Fonts,
) -> Vec<Op> {
    for line in &page.lines {
        ops.extend(text::line(line, faces, sheet, fonts));
    }
    for code in &page.codes {
        ops.extend(code::paint(code, sheet));
    }
    ops
}

/// Operators as they are written.
pub(super) fn written(ops: Vec<Op>) -> lopdf::Result<Vec<u8>> {
    // What fonts there are makes no difference to the numbers of glyphs.
    let (document, page) = page(PdfDocument::new(""), ops)?;
    Ok(document.get_page_content(page))
}

/// A document with one page that shows these.
pub(super) fn page(mut document: PdfDocument, ops: Vec<Op>) -> lopdf::Result<(Document, ObjectId)> {
    document.with_pages(vec![PdfPage::new(Mm(1.0), Mm(1.0), ops)]);
    // `secure` would leave out the operators that printpdf has no name for.
    let options = PdfSaveOptions { secure: false, ..PdfSaveOptions::default() };
    let document = document.to_lopdf_document(&options, &mut Vec::new());
    let page = document.get_pages().get(&1).copied();
    Ok((document, page.ok_or_else(|| lopdf::Error::DictKey("Page".to_owned()))?))
}

/// An operator with numbers before it (ISO 32000-1, annex A).
pub(super) fn operator(name: &str, numbers: &[f32]) -> Op {
    Op::Unknown {
        key: name.to_owned(),
        value: numbers.iter().copied().map(DictItem::Real).collect(),
    }
}

/// Shows a form or picture of the page's resources.
pub(super) fn show(name: &str) -> Vec<Op> {
    let name = DictItem::Name(name.as_bytes().into());
    let show = Op::Unknown { key: "Do".to_owned(), value: vec![name] };
    vec![Op::SaveGraphicsState, show, Op::RestoreGraphicsState]
}

/// What shows within a box alone: left, bottom, width and height.
pub(super) fn within(area: [f32; 4], ops: Vec<Op>) -> Vec<Op> {
    let begin =
        [Op::SaveGraphicsState, operator("re", &area), operator("W", &[]), operator("n", &[])];
    begin.into_iter().chain(ops).chain([Op::RestoreGraphicsState]).collect()
}

/// What is no part of what a page says, and is not read out (14.8.2.2).
pub(super) fn aside(ops: Vec<Op>) -> Vec<Op> {
    let begin =
        Op::Unknown { key: "BMC".to_owned(), value: vec![DictItem::Name(b"Artifact".into())] };
    std::iter::once(begin).chain(ops).chain([operator("EMC", &[])]).collect()
}

/// Sets the colour of what is filled from here on.
pub(super) fn fill_color(color: Color) -> Op {
    let part = |value: u8| f32::from(value) / f32::from(u8::MAX);
    operator("rg", &[part(color.red), part(color.green), part(color.blue)])
}
