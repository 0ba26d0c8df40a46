//! The background as a form `XObject`: made once a template, added to every document.

use std::collections::BTreeMap;

use lopdf::{Dictionary, Document, Object, ObjectId, Stream, dictionary};
use resvg::usvg::WriteOptions;

use crate::fonts::Fonts;
use crate::render::{RenderError, picture, svg};
use crate::template::{Artwork, Template};

/// A form `XObject` and all that it refers to.
#[derive(Debug, Clone)]
pub struct Background {
    /// The width of its box.
    pub(super) width: f32,
    /// The height of its box.
    pub(super) height: f32,
    /// Its objects, numbered from 1 up.
    objects: BTreeMap<ObjectId, Object>,
    form: ObjectId,
    last: u32,
}

impl Background {
    /// Turns a template's background into vectors of PDF.
    ///
    /// # Errors
    /// When it cannot be read, or has what cannot be turned.
    pub fn of(template: &Template, fonts: &Fonts) -> Result<Self, RenderError> {
        let wrong = |message: String| RenderError { template: template.name.clone(), message };
        let cannot = |what: &dyn std::fmt::Display| {
            wrong(format!("its background cannot be turned into PDF: {what}"))
        };
        let drawing = match &template.background {
            Artwork::Drawing(drawing) => drawing,
            Artwork::Picture(background) => {
                let document = picture::document(background, template)?;
                return Self::from_first_page(document).map_err(|error| cannot(&error));
            }
        };
        // Written out and read again, since the converter rides on an older parser: text has
        // become paths on the way, shaped by the newer one.
        let plain = svg::parse(&drawing.svg, template, fonts)?.to_string(&WriteOptions::default());
        let tree = svg2pdf::usvg::Tree::from_str(&plain, &svg2pdf::usvg::Options::default())
            .map_err(|error| cannot(&error))?;
        let options = svg2pdf::ConversionOptions { embed_text: false, ..Default::default() };
        let pdf = svg2pdf::to_pdf(&tree, options, svg2pdf::PageOptions::default())
            .map_err(|error| cannot(&error))?;
        let document = Document::load_mem(&pdf).map_err(|error| cannot(&error))?;
        Self::from_first_page(document).map_err(|error| cannot(&error))
    }

    /// Wraps the first page of a document into a form `XObject`.
    fn from_first_page(mut document: Document) -> lopdf::Result<Self> {
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
        let mut form = dictionary! {
            "Type" => "XObject",
            "Subtype" => "Form",
            "BBox" => media_box.clone(),
            "Resources" => page.get(b"Resources")?.clone(),
        };
        if let Ok(group) = page.get(b"Group") {
            form.set("Group", group.clone());
        }
        let mut stream = Stream::new(form, content);
        stream.compress()?;
        let form = document.add_object(stream);
        // What only the old document needed falls away: nothing but the form is kept.
        document.trailer = Dictionary::from_iter([("Root", Object::Reference(form))]);
        document.prune_objects();
        document.renumber_objects();
        let form = document.trailer.get(b"Root")?.as_reference()?;
        // The converter writes resources in no fixed order.
        document.objects.values_mut().for_each(sort);
        let last = document.objects.keys().map(|(number, _)| *number).max().unwrap_or_default();
        Ok(Self { width, height, objects: document.objects, form, last })
    }

    /// Adds its objects to a document, behind those that are there; gives back the form's id.
    pub(super) fn add_to(&self, document: &mut Document) -> ObjectId {
        let base = document.max_id;
        let moved = |(number, generation): ObjectId| (number + base, generation);
        for (id, object) in &self.objects {
            let mut object = object.clone();
            shift(&mut object, &moved);
            document.objects.insert(moved(*id), object);
        }
        document.max_id = base + self.last;
        moved(self.form)
    }
}

/// Puts the keys of every dictionary in an object into alphabetical order.
fn sort(object: &mut Object) {
    match object {
        Object::Array(items) => items.iter_mut().for_each(sort),
        Object::Dictionary(dictionary) => sort_dictionary(dictionary),
        Object::Stream(stream) => sort_dictionary(&mut stream.dict),
        _ => {}
    }
}

fn sort_dictionary(dictionary: &mut Dictionary) {
    let mut entries: Vec<_> = std::mem::take(dictionary).into_iter().collect();
    entries.sort_by(|(a, _), (b, _)| a.cmp(b));
    for (_, value) in &mut entries {
        sort(value);
    }
    *dictionary = entries.into_iter().collect();
}

/// Renumbers every reference in an object.
fn shift(object: &mut Object, moved: &impl Fn(ObjectId) -> ObjectId) {
    match object {
        Object::Reference(id) => *id = moved(*id),
        Object::Array(items) => items.iter_mut().for_each(|item| shift(item, moved)),
        Object::Dictionary(dictionary) => shift_dictionary(dictionary, moved),
        Object::Stream(stream) => shift_dictionary(&mut stream.dict, moved),
        _ => {}
    }
}

fn shift_dictionary(dictionary: &mut Dictionary, moved: &impl Fn(ObjectId) -> ObjectId) {
    dictionary.iter_mut().for_each(|(_, value)| shift(value, moved));
}
