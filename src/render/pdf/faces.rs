//! Faces embedded with the glyphs that are used, once for all pages of a document.

use std::collections::BTreeMap;

use lopdf::{Object, dictionary};
use printpdf::{
    Codepoint, FontId, Op, ParsedFont, PdfDocument, PdfFont, PdfFontHandle, Pt, TextItem,
};
use subsetter::GlyphRemapper;

use super::objects;
use crate::fonts::{FaceId, Fonts};
use crate::pdf_file::PdfFile;
use crate::typeset::Line;

/// The glyphs that pages use of each face, and what each of them shows.
#[derive(Debug, Clone, Default)]
pub struct Glyphs(BTreeMap<FaceId, BTreeMap<u16, String>>);

impl Glyphs {
    /// Adds those of a page's lines.
    pub fn add(&mut self, lines: &[Line]) {
        for run in lines.iter().flat_map(|line| &line.runs) {
            let face = self.0.entry(run.face).or_default();
            for glyph in &run.glyphs {
                known(face, glyph.id, &glyph.text);
            }
        }
    }

    /// Adds those of later pages.
    pub fn join(&mut self, later: Self) {
        for (face, glyphs) in later.0 {
            let face = self.0.entry(face).or_default();
            for (id, text) in glyphs {
                known(face, id, &text);
            }
        }
    }
}

/// A glyph shows what it shows where it first shows anything.
fn known(face: &mut BTreeMap<u16, String>, id: u16, text: &str) {
    let shown = face.entry(id).or_default();
    if shown.is_empty() {
        text.clone_into(shown);
    }
}

/// Faces embedded in a file.
#[derive(Debug)]
pub(super) struct Faces {
    embedded: BTreeMap<FaceId, Embedded>,
    /// The number of the dictionary that names them to pages.
    dictionary: u32,
}

/// A face in a file.
#[derive(Debug)]
pub(super) struct Embedded {
    /// What pages call it.
    pub id: FontId,
    subset: GlyphRemapper,
    shown: BTreeMap<u16, String>,
}

impl Faces {
    /// Embeds what is used of each face at the end of a file.
    pub fn embed(used: &Glyphs, fonts: &Fonts, file: &mut PdfFile) -> Result<Self, String> {
        let mut document = PdfDocument::new("");
        let mut embedded = BTreeMap::new();
        let mut ops = Vec::new();
        for (number, (face, shown)) in used.0.iter().enumerate() {
            let mut subset = GlyphRemapper::new();
            let glyphs = shown.iter().map(|(id, text)| Codepoint {
                gid: subset.remap(*id),
                offset: 0.0,
                cid: Some(text.clone()),
            });
            let items = vec![TextItem::GlyphIds(glyphs.collect())];
            let id = FontId(format!("Face{number}"));
            // The library embeds what a page shows.
            ops.push(Op::SetFont { font: PdfFontHandle::External(id.clone()), size: Pt(1.0) });
            ops.push(Op::ShowText { items });
            let font = cut(*face, &subset, number, fonts)?;
            document.resources.fonts.map.insert(id.clone(), font);
            embedded.insert(*face, Embedded { id, subset, shown: shown.clone() });
        }
        let dictionary = append(document, ops, file).map_err(|error| error.to_string())?;
        Ok(Self { embedded, dictionary })
    }

    /// The resources of pages that show these faces, and forms by these names.
    pub fn resources(&self, names: &str) -> String {
        format!("/Font {} 0 R /XObject << {names} >>", self.dictionary)
    }

    /// A face, if any page uses it.
    pub fn get(&self, face: FaceId) -> Option<&Embedded> {
        self.embedded.get(&face)
    }

    /// Whether the glyphs of a line alone tell a reader its text.
    pub fn tell(&self, line: &Line) -> bool {
        line.plain
            && line.runs.iter().all(|run| {
                let face = self.embedded.get(&run.face);
                let tells = |face: &Embedded| {
                    run.glyphs.iter().all(|glyph| face.shown.get(&glyph.id) == Some(&glyph.text))
                };
                face.is_some_and(tells)
            })
    }
}

impl Embedded {
    /// The number a glyph has in the file.
    pub fn glyph(&self, id: u16) -> u16 {
        self.subset.get(id).unwrap_or_default()
    }
}

/// Writes the fonts of a document whose page shows all their glyphs; gives back the number of
/// the dictionary that names them.
fn append(document: PdfDocument, ops: Vec<Op>, file: &mut PdfFile) -> lopdf::Result<u32> {
    let (mut document, page) = super::content::page(document, ops)?;
    let (resources, fonts) = (b"Resources", b"Font");
    let resources = document.get_dictionary(page)?.get(resources)?.as_reference()?;
    let fonts = document.get_dictionary(resources)?.get(fonts)?.clone();
    document.trailer = dictionary! { "Root" => fonts };
    document.compress();
    objects::renumber(&mut document, file);
    objects::append(&document, file);
    match document.trailer.get(b"Root")? {
        Object::Reference((number, _)) => Ok(*number),
        _ => Err(lopdf::Error::DictKey("Font".to_owned())),
    }
}

/// A face with only the glyphs that are used, named as a subset is (ISO 32000-1, 9.6.4).
fn cut(
    face: FaceId,
    glyphs: &GlyphRemapper,
    number: usize,
    fonts: &Fonts,
) -> Result<PdfFont, String> {
    let face = fonts.face(face);
    let (data, index) = face.data();
    let bytes = subsetter::subset(data, index, glyphs)
        .map_err(|error| format!("{} cannot be embedded: {error}", face.name))?;
    let mut parsed = ParsedFont::from_bytes(&bytes, 0, &mut Vec::new())
        .ok_or_else(|| format!("{} cannot be embedded", face.name))?;
    let letter = char::from(b'A' + (number % 26) as u8);
    let name: String = face.name.chars().filter(char::is_ascii_alphanumeric).collect();
    parsed.font_name = Some(format!("ACCLD{letter}+{name}"));
    Ok(PdfFont::new(parsed))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::{Align, Box, Color};
    use crate::typeset::{Label, label};

    #[test]
    fn a_glyph_that_shows_two_characters_tells_but_one() {
        let fonts = Fonts::bundled();
        let place = Box { left: 0.0, top: 0.0, width: 100.0, height: 10.0 };
        let (color, align) = (Color::default(), Align::Left);
        let look = Label { place, size: 5.0, color, align, wrap: false };
        let line = label("一二", &look, &fonts).remove(0);
        // The radical looks the same, and some faces have one glyph for both.
        let mut radical = line.clone();
        radical.runs[0].glyphs[0].text = "\u{2f00}".to_owned();
        let (mut glyphs, mut later) = (Glyphs::default(), Glyphs::default());
        glyphs.add(std::slice::from_ref(&line));
        later.add(std::slice::from_ref(&radical));
        glyphs.join(later);
        let faces = Faces::embed(&glyphs, &fonts, &mut PdfFile::default()).unwrap();
        assert!(faces.tell(&line) && !faces.tell(&radical));
    }
}
