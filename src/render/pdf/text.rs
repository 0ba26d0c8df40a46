//! Lines of text: each glyph placed where it was set, and the text beside it where glyphs alone
//! would not tell it.

use std::collections::BTreeMap;

use printpdf::{Codepoint, DictItem, Op, PdfFontHandle, Pt, TextItem, TextMatrix};
use skrifa::instance::{LocationRef, Size};
use skrifa::metrics::GlyphMetrics;
use skrifa::{GlyphId, MetadataProvider};

use super::Sheet;
use super::content::fill_color;
use super::faces::{Embedded, Faces};
use crate::fonts::Fonts;
use crate::pdf_file::text_string;
use crate::typeset::{Glyph, Line, Run, Turn};

/// Units of an em that PDF counts in.
const EM: f32 = 1000.0;

/// Shows a line. Where the glyphs alone would not tell what it says, the text stands
/// beside them (`ActualText`, ISO 32000-1, 14.9.4): beside the whole line, or beside each
/// cluster where readers turn what runs from right to left around themselves.
pub(super) fn line(line: &Line, faces: &Faces, sheet: Sheet, fonts: &Fonts) -> Vec<Op> {
    let mut ops = vec![Op::StartTextSection, fill_color(line.color)];
    for run in &line.runs {
        // Every face that a page uses has been embedded.
        let Some(embedded) = faces.get(run.face) else { continue };
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
    if line.reversed || faces.tell(line) { ops } else { beside(&line.text, ops) }
}

/// Operators with the text beside them that they show.
fn beside(text: &str, ops: Vec<Op>) -> Vec<Op> {
    let begin = Op::BeginMarkedContentWithProperties {
        tag: "Span".to_owned(),
        properties: DictItem::Dict {
            map: BTreeMap::from([("ActualText".to_owned(), string(text))]),
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
            let id = self.embedded.glyph(glyph.id);
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

/// A text string of PDF.
fn string(text: &str) -> DictItem {
    DictItem::String { data: text_string(text), literal: false }
}
