//! Lines of text: each face embedded with the glyphs that are used, each glyph placed where
//! it was set and tied to the characters it shows.

use std::collections::BTreeMap;

use printpdf::{
    Codepoint, DictItem, FontId, Op, ParsedFont, PdfDocument, PdfFont, PdfFontHandle, Pt, TextItem,
    TextMatrix,
};
use skrifa::instance::{LocationRef, Size};
use skrifa::metrics::GlyphMetrics;
use skrifa::{GlyphId, MetadataProvider};
use subsetter::GlyphRemapper;

use super::{Sheet, fill_color};
use crate::fonts::{FaceId, Fonts};
use crate::typeset::{Glyph, Line, Page, Run, Turn};

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
    /// beside them (`ActualText`, ISO 32000-1, 14.9.4): beside the whole line, or beside each
    /// cluster where readers turn what runs from right to left around themselves.
    pub fn line(&self, line: &Line, sheet: Sheet, fonts: &Fonts) -> Vec<Op> {
        let mut ops = vec![Op::StartTextSection, fill_color(line.color)];
        for run in &line.runs {
            // `embed` has seen every face of the page.
            let Some(embedded) = self.embedded.get(&run.face) else { continue };
            let shown = ShownRun::of(run, embedded, line, sheet, fonts);
            let size = Pt(shown.size);
            ops.push(Op::SetFont { font: PdfFontHandle::External(embedded.id.clone()), size });
            if line.reversed {
                for cluster in run.glyphs.chunk_by(|_, next| next.text.is_empty()) {
                    ops.extend(shown.show_cluster(cluster));
                }
            } else {
                ops.extend(shown.show(&run.glyphs));
            }
        }
        ops.push(Op::EndTextSection);
        if line.plain || line.reversed { ops } else { beside(&line.text, ops) }
    }
}

/// Operators with the text beside them that they show.
fn beside(text: &str, ops: Vec<Op>) -> Vec<Op> {
    let begin = Op::BeginMarkedContentWithProperties {
        tag: "Span".to_owned(),
        properties: DictItem::Dict {
            map: BTreeMap::from([("ActualText".to_owned(), utf16(text))]),
        },
    };
    std::iter::once(begin).chain(ops).chain([Op::EndMarkedContent]).collect()
}

/// A run on its way to the page.
struct ShownRun<'a> {
    embedded: &'a Embedded,
    sheet: Sheet,
    /// In pt to the em.
    size: f32,
    metrics: GlyphMetrics<'a>,
    units_per_em: f32,
    turn: Turn,
}

impl<'a> ShownRun<'a> {
    fn of(run: &Run, embedded: &'a Embedded, line: &Line, sheet: Sheet, fonts: &'a Fonts) -> Self {
        let face = fonts.face(run.face);
        let metrics = face.font().glyph_metrics(Size::unscaled(), LocationRef::default());
        Self {
            embedded,
            sheet,
            size: line.size * sheet.scale,
            metrics,
            units_per_em: face.units_per_em,
            turn: line.turn,
        }
    }

    /// Shows a cluster with its text beside its widest glyph, and nothing beside its marks:
    /// readers take the first glyph's beginning and the last one's end for those of the text.
    fn show_cluster(&self, cluster: &[Glyph]) -> Vec<Op> {
        let text: String = cluster.iter().map(|glyph| glyph.text.as_str()).collect();
        let wider = |a: &&Glyph, b: &&Glyph| self.advance(a).total_cmp(&self.advance(b));
        let Some(widest) = cluster.iter().max_by(wider) else { return Vec::new() };
        let mut ops = beside(&text, self.show(std::slice::from_ref(widest)));
        let marks = cluster.iter().filter(|glyph| !std::ptr::eq(*glyph, widest));
        ops.extend(marks.flat_map(|mark| beside("", self.show(std::slice::from_ref(mark)))));
        ops
    }

    /// Shows glyphs of the run, each where it was set.
    fn show(&self, glyphs: &[Glyph]) -> Vec<Op> {
        let levels = glyphs.chunk_by(|a, b| a.y.to_bits() == b.y.to_bits());
        levels.flat_map(|level| self.show_level(level)).collect()
    }

    /// Shows glyphs that stand on one baseline.
    fn show_level(&self, level: &[Glyph]) -> [Op; 2] {
        let first = level.first().map(|glyph| (glyph.x, glyph.y)).unwrap_or_default();
        let x = self.sheet.x(first.0);
        let mut pen = 0.0;
        let glyphs = level.iter().enumerate().map(|(at, glyph)| {
            pen += self.advance(glyph);
            let next =
                level.get(at + 1).map_or(pen, |next| (self.sheet.x(next.x) - x) / self.size * EM);
            // A number in a TJ array moves the pen back, in thousandths of an em.
            let back = ((pen - next) * 10.0).round() / 10.0;
            pen -= back;
            let id = self.embedded.glyphs.get(glyph.id).unwrap_or_default();
            Codepoint { gid: id, offset: back, cid: Some(glyph.text.clone()) }
        });
        let items = vec![TextItem::GlyphIds(glyphs.collect())];
        // Clockwise on the page, and PDF's y grows upwards.
        let (sin, cos) = self.turn.degrees.to_radians().sin_cos();
        let (left, top) = self.turn.apply(first);
        let (x, y) = (self.sheet.x(left), self.sheet.y(top));
        let matrix = TextMatrix::Raw([cos, -sin, sin, cos, x, y]);
        [Op::SetTextMatrix { matrix }, Op::ShowText { items }]
    }

    /// A glyph's width: the very number that printpdf writes, cut to an integer.
    fn advance(&self, glyph: &Glyph) -> f32 {
        let width = self.metrics.advance_width(GlyphId::from(glyph.id)).unwrap_or_default();
        (width * EM / self.units_per_em).trunc()
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
