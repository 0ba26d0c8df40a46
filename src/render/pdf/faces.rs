//! Faces embedded with the glyphs that are used, once for all pages of a document.

use std::collections::BTreeMap;
use std::sync::Arc;

use printpdf::FontId;

use super::cut::{Cut, Cuts};
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
    cut: Arc<Cut>,
}

impl Faces {
    /// Embeds what is used of each face at the end of a file.
    pub fn embed(
        used: Glyphs,
        fonts: &Fonts,
        cuts: &Cuts,
        file: &mut PdfFile,
    ) -> Result<Self, String> {
        let mut embedded = BTreeMap::new();
        let mut names = Vec::new();
        for (number, (face, shown)) in used.0.into_iter().enumerate() {
            let cut = cuts.cut(face, shown, fonts)?;
            let id = FontId(format!("Face{number}"));
            let by = file.append(&cut.file);
            names.push(format!("/{} {} 0 R", id.0, cut.font + by));
            embedded.insert(face, Embedded { id, cut });
        }
        let dictionary = file.push(format!("<< {} >>", names.join(" ")).as_bytes());
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
                    let shown = &face.cut.shown;
                    run.glyphs.iter().all(|glyph| shown.get(&glyph.id) == Some(&glyph.text))
                };
                face.is_some_and(tells)
            })
    }
}

impl Embedded {
    /// The number a glyph has in the file.
    pub fn glyph(&self, id: u16) -> u16 {
        self.cut.subset.get(id).unwrap_or_default()
    }
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
        let faces =
            Faces::embed(glyphs, &fonts, &Cuts::default(), &mut PdfFile::default()).unwrap();
        assert!(faces.tell(&line) && !faces.tell(&radical));
    }
}
