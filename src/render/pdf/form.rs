//! A drawing or picture as a form `XObject` (ISO 32000-1, 8.10) in a file.

use lopdf::{Document, ObjectId, Stream, dictionary};
use resvg::usvg::WriteOptions;

use super::{objects, picture};
use crate::fonts::Fonts;
use crate::pdf_file::PdfFile;
use crate::render::svg;
use crate::template::Artwork;

/// A form in a file.
#[derive(Debug, Clone)]
pub(super) struct Form {
    /// Its number among the file's objects.
    pub number: u32,
    /// Width of what it shows, from 0.
    pub width: f32,
    /// Height of what it shows, from 0.
    pub height: f32,
    /// The transparency group of the page it was, as it is to be written (11.6.6).
    pub group: Option<Vec<u8>>,
    /// The layers of the document it was in, as they are to be written (8.11.4).
    pub layers: Option<Vec<u8>>,
}

impl Form {
    /// Turns an artwork into vectors of PDF, or hands its pixels over as they are, at the end
    /// of a file. A page of a PDF can only be the first in it.
    pub fn add(artwork: &Artwork, fonts: &Fonts, file: &mut PdfFile) -> Result<Self, String> {
        let mut document = match artwork {
            Artwork::Drawing(drawing) => drawn(&drawing.svg, fonts)?,
            Artwork::Picture(background) => picture::document(background)?,
            Artwork::Page(page) => {
                if file.next() != 1 {
                    return Err("a page of a PDF can be the background, no picture".to_owned());
                }
                file.clone_from(&page.file);
                return Ok(Self {
                    number: page.form,
                    width: page.width as f32,
                    height: page.height as f32,
                    group: page.group.clone(),
                    layers: page.layers.clone(),
                });
            }
        };
        let added = from_first_page(&mut document, file);
        added.map_err(|error| format!("it cannot be taken over: {error}"))
    }
}

/// Wraps the first page of a document into a form at the end of a file.
fn from_first_page(document: &mut Document, file: &mut PdfFile) -> lopdf::Result<Form> {
    let missing = || lopdf::Error::DictKey("Page".to_owned());
    let page = *document.get_pages().get(&1).ok_or_else(missing)?;
    let content = document.get_page_content(page);
    let page = document.get_dictionary(page)?.clone();
    let media_box = page.get(b"MediaBox")?.as_array()?.clone();
    let side = |low: usize, high: usize| -> lopdf::Result<f32> {
        let at = |index: usize| media_box.get(index).ok_or_else(missing)?.as_float();
        Ok(at(high)? - at(low)?)
    };
    let (width, height) = (side(0, 2)?, side(1, 3)?);
    let form = dictionary! {
        "Type" => "XObject",
        "Subtype" => "Form",
        "BBox" => media_box.clone(),
        "Resources" => page.get(b"Resources")?.clone(),
    };
    let mut stream = Stream::new(form, content);
    stream.compress()?;
    let form = document.add_object(stream);
    // What only the old document needed falls away: nothing but the form is kept.
    document.trailer = dictionary! { "Root" => form };
    if let Ok(group) = page.get(b"Group") {
        document.trailer.set("Group", group.clone());
    }
    objects::renumber(document, file);
    objects::append(document, file);
    let (number, _): ObjectId = document.trailer.get(b"Root")?.as_reference()?;
    let group = document.trailer.get(b"Group").ok().map(objects::written);
    Ok(Form { number, width, height, group, layers: None })
}

/// A drawing as vectors. It is written out and read again, since the converter rides on an
/// older parser: text has become paths on the way, shaped by the newer one.
fn drawn(drawing: &str, fonts: &Fonts) -> Result<Document, String> {
    let cannot = |what: &dyn std::fmt::Display| format!("it cannot be turned into PDF: {what}");
    let plain = svg::parse(drawing, fonts)?.to_string(&WriteOptions::default());
    let tree = svg2pdf::usvg::Tree::from_str(&plain, &svg2pdf::usvg::Options::default())
        .map_err(|error| cannot(&error))?;
    let options = svg2pdf::ConversionOptions { embed_text: false, ..Default::default() };
    let pdf = svg2pdf::to_pdf(&tree, options, svg2pdf::PageOptions::default())
        .map_err(|error| cannot(&error))?;
    Document::load_mem(&pdf).map_err(|error| cannot(&error))
}
