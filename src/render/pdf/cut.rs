//! A face with only the glyphs that are used, as objects of a PDF; those that many certificates
//! have in common, such as a title's, are cut once.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use lopdf::{Object, dictionary};
use printpdf::{
    Codepoint, FontId, Op, ParsedFont, PdfDocument, PdfFont, PdfFontHandle, Pt, TextItem,
};
use sha2::{Digest, Sha256};
use subsetter::GlyphRemapper;

use super::{content, objects};
use crate::fonts::{Face, FaceId, Fonts};
use crate::pdf_file::PdfFile;

/// How many cut faces are kept. Each takes some 10 to 60 KB.
const MOST: usize = 256;

/// A face with only the glyphs that are used.
#[derive(Debug)]
pub(super) struct Cut {
    /// Its objects, in a file of their own.
    pub file: PdfFile,
    /// The number of the font among them.
    pub font: u32,
    /// Which glyph of the face has become which.
    pub subset: GlyphRemapper,
    /// What each glyph of the face shows.
    pub shown: BTreeMap<u16, String>,
}

/// Faces that were cut before, with the glyphs they were cut down to.
#[derive(Debug, Default)]
pub struct Cuts(Mutex<HashMap<Wanted, Arc<Cut>>>);

/// A face, the glyphs wanted of it and what they show.
type Wanted = (FaceId, BTreeMap<u16, String>);

impl Cuts {
    /// A face cut down to these glyphs.
    pub(super) fn cut(
        &self,
        face: FaceId,
        shown: BTreeMap<u16, String>,
        fonts: &Fonts,
    ) -> Result<Arc<Cut>, String> {
        let wanted = (face, shown);
        let known = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(cut) = known().get(&wanted) {
            return Ok(Arc::clone(cut));
        }
        // Two threads may cut the same; either's will do, since they come out alike.
        let cut = Arc::new(Cut::of(fonts.face(face), wanted.1.clone())?);
        let mut known = known();
        if known.len() == MOST {
            known.clear();
        }
        known.insert(wanted, Arc::clone(&cut));
        Ok(cut)
    }
}

impl Cut {
    fn of(face: &Face, shown: BTreeMap<u16, String>) -> Result<Self, String> {
        let mut subset = GlyphRemapper::new();
        let glyphs = shown.iter().map(|(id, text)| Codepoint {
            gid: subset.remap(*id),
            offset: 0.0,
            cid: Some(text.clone()),
        });
        let items = vec![TextItem::GlyphIds(glyphs.collect())];
        let cannot =
            |why: &dyn std::fmt::Display| format!("{} cannot be embedded: {why}", face.name);
        let (data, index) = face.data();
        let data = subsetter::subset(data, index, &subset).map_err(|error| cannot(&error))?;
        let parsed = ParsedFont::from_bytes(&data, 0, &mut Vec::new());
        let mut parsed = parsed.ok_or_else(|| cannot(&"its subset cannot be read"))?;
        parsed.font_name = Some(name(face, &shown));
        let (file, font) = written(parsed, items).map_err(|error| cannot(&error))?;
        Ok(Self { file, font, subset, shown })
    }
}

/// The objects of a font, and its number among them.
fn written(font: ParsedFont, items: Vec<TextItem>) -> lopdf::Result<(PdfFile, u32)> {
    let id = FontId("Face".to_owned());
    let mut document = PdfDocument::new("");
    document.resources.fonts.map.insert(id.clone(), PdfFont::new(font));
    // The library embeds what a page shows.
    let set = Op::SetFont { font: PdfFontHandle::External(id.clone()), size: Pt(1.0) };
    let (mut document, page) = content::page(document, vec![set, Op::ShowText { items }])?;
    let resources = document.get_dictionary(page)?.get(b"Resources")?.as_reference()?;
    let fonts = document.get_dictionary(resources)?.get(b"Font")?;
    let (_, fonts) = document.dereference(fonts)?;
    let font = fonts.as_dict()?.get(id.0.as_bytes())?.clone();
    document.trailer = dictionary! { "Root" => font };
    document.compress();
    let mut file = PdfFile::default();
    objects::renumber(&mut document, &file);
    objects::append(&document, &mut file);
    match document.trailer.get(b"Root")? {
        Object::Reference((number, _)) => Ok((file, *number)),
        _ => Err(lopdf::Error::DictKey("Font".to_owned())),
    }
}

/// The name of a subset: a tag of six letters that no other subset in a file has, and the
/// face's own (ISO 32000-1, 9.6.4).
fn name(face: &Face, shown: &BTreeMap<u16, String>) -> String {
    let mut digest = Sha256::new_with_prefix(face.name.as_bytes());
    for glyph in shown.keys() {
        digest.update(glyph.to_be_bytes());
    }
    let digest = digest.finalize();
    let tag = digest.iter().take(6).map(|byte| char::from(b'A' + byte % 26));
    tag.chain(['+']).chain(face.name.chars().filter(char::is_ascii_alphanumeric)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_cut_before_is_not_cut_again() {
        let fonts = Fonts::bundled();
        let cuts = Cuts::default();
        let face = fonts.named("Noto Serif").unwrap();
        let cut =
            |glyph: u16| cuts.cut(face, BTreeMap::from([(glyph, "A".to_owned())]), &fonts).unwrap();
        let first = cut(36);
        assert!(Arc::ptr_eq(&first, &cut(36)) && !Arc::ptr_eq(&first, &cut(37)));
        for glyph in 38..38 + MOST as u16 {
            cut(glyph);
        }
        assert!(!Arc::ptr_eq(&first, &cut(36)), "no more than {MOST} are kept");
    }
}
