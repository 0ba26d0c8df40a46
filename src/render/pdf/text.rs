//! Lines of text: each face embedded with the glyphs that are used, each glyph placed where
//! it was set and tied to the characters it shows.

use std::collections::BTreeMap;

use printpdf::{
    Codepoint, DictItem, FontId, Op, ParsedFont, PdfDocument, PdfFont, PdfFontHandle, Pt, TextItem,
    TextMatrix,
};
use skrifa::instance::{LocationRef, Size};
use skrifa::{GlyphId, MetadataProvider};
use subsetter::GlyphRemapper;

use super::{Sheet, fill_color};
use crate::typeset::{FaceId, Fonts, Glyph, Line, Page, Run};

/// Units of an em that PDF counts in.
const EM: f32 = 1000.0;

/// The faces of a page, embedded in its document.
pub(super) struct Faces {
    embedded: BTreeMap<FaceId, Embedded>,
}

struct Embedded {
    id: FontId,
    glyphs: GlyphRemapper,
}

impl Faces {
    /// Embeds what a page uses of each face.
    pub fn embed(page: &Page, fonts: &Fonts, document: &mut PdfDocument) -> Result<Self, String> {
        let mut used: BTreeMap<FaceId, GlyphRemapper> = BTreeMap::new();
        for run in page.lines.iter().flat_map(|line| &line.runs) {
            let glyphs = used.entry(run.face).or_default();
            for glyph in &run.glyphs {
                glyphs.remap(glyph.id);
            }
        }
        let mut embedded = BTreeMap::new();
        for (number, (face, glyphs)) in used.into_iter().enumerate() {
            let id = FontId(format!("F{number}"));
            let font = subset(face, &glyphs, number, fonts)?;
            document.resources.fonts.map.insert(id.clone(), font);
            embedded.insert(face, Embedded { id, glyphs });
        }
        Ok(Self { embedded })
    }

    /// Shows a line. Where the glyphs alone would not tell what it says, the text stands
    /// beside them (`ActualText`, ISO 32000-1, 14.9.4).
    pub fn line(&self, line: &Line, sheet: Sheet, fonts: &Fonts) -> Vec<Op> {
        let mut ops = Vec::new();
        if !line.plain {
            ops.push(Op::BeginMarkedContentWithProperties {
                tag: "Span".to_owned(),
                properties: DictItem::Dict {
                    map: BTreeMap::from([("ActualText".to_owned(), utf16(&line.text))]),
                },
            });
        }
        ops.extend([Op::StartTextSection, fill_color(line.color)]);
        for run in &line.runs {
            ops.extend(self.run(run, line.size, sheet, fonts));
        }
        ops.push(Op::EndTextSection);
        if !line.plain {
            ops.push(Op::EndMarkedContent);
        }
        ops
    }

    fn run(&self, run: &Run, size: f32, sheet: Sheet, fonts: &Fonts) -> Vec<Op> {
        // `embed` has seen every face of the page.
        let Some(embedded) = self.embedded.get(&run.face) else { return Vec::new() };
        let font = fonts.face(run.face).font();
        let metrics = font.glyph_metrics(Size::unscaled(), LocationRef::default());
        let units_per_em = fonts.face(run.face).units_per_em;
        // The very number that printpdf writes as the glyph's width, cut to an integer.
        let advance = |glyph: &Glyph| {
            let width = metrics.advance_width(GlyphId::from(glyph.id)).unwrap_or_default();
            (width * EM / units_per_em).trunc()
        };
        let size = size * sheet.scale;
        let mut ops = vec![Op::SetFont {
            font: PdfFontHandle::External(embedded.id.clone()),
            size: Pt(size),
        }];
        for level in run.glyphs.chunk_by(|a, b| a.y.to_bits() == b.y.to_bits()) {
            let (x, y) = (sheet.x(level[0].x), sheet.y(level[0].y));
            let mut pen = 0.0;
            let glyphs = level.iter().enumerate().map(|(at, glyph)| {
                pen += advance(glyph);
                let next = level.get(at + 1).map_or(pen, |next| (sheet.x(next.x) - x) / size * EM);
                // A number in a TJ array moves the pen back, in thousandths of an em.
                let back = ((pen - next) * 10.0).round() / 10.0;
                pen -= back;
                let id = embedded.glyphs.get(glyph.id).unwrap_or_default();
                Codepoint { gid: id, offset: back, cid: Some(glyph.text.clone()) }
            });
            let items = vec![TextItem::GlyphIds(glyphs.collect())];
            ops.push(Op::SetTextMatrix { matrix: TextMatrix::Raw([1.0, 0.0, 0.0, 1.0, x, y]) });
            ops.push(Op::ShowText { items });
        }
        ops
    }
}

/// A face with only the glyphs that are used, named as a subset is (ISO 32000-1, 9.6.4).
fn subset(
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

/// A text string of PDF: UTF-16 with a byte order mark.
fn utf16(text: &str) -> DictItem {
    let units = std::iter::once(0xfeff).chain(text.encode_utf16());
    DictItem::String { data: units.flat_map(u16::to_be_bytes).collect(), literal: false }
}
