//! What a page lays over its ground: masks of glyphs and plain boxes, each in its place, ready to
//! be laid over any run of rows.

use std::ops::Range;

use skrifa::MetadataProvider;
use skrifa::instance::{LocationRef, Size};
use skrifa::outline::{DrawSettings, OutlinePen};
use zeno::{Command, Mask, Placement, Vector};

use crate::fonts::Fonts;
use crate::template::{Box, Color};
use crate::typeset::{Code, Glyph, Line};

/// One colour in one place, in pixels from the picture's upper left corner.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Ink {
    left: i32,
    top: i32,
    width: u32,
    height: u32,
    color: Color,
    /// How far each pixel is covered, row by row; all of them wholly when there is none.
    mask: Option<Vec<u8>>,
}

/// Rows of a picture, to be painted on.
pub(super) struct Strip<'a> {
    /// Pixels across.
    pub width: usize,
    /// The first row's place in the picture.
    pub top: usize,
    /// Three bytes a pixel, row by row.
    pub rgb: &'a mut [u8],
}

/// The ink of a line; `scale` is pixels to the line's unit.
pub(super) fn line(line: &Line, scale: f32, fonts: &Fonts) -> Vec<Ink> {
    let mut inks = Vec::new();
    for run in &line.runs {
        let face = fonts.face(run.face);
        let outlines = face.font().outline_glyphs();
        let of_glyph = |glyph| self::glyph(glyph, line, &outlines, scale);
        inks.extend(run.glyphs.iter().filter_map(of_glyph));
    }
    inks
}

fn glyph(
    glyph: &Glyph,
    line: &Line,
    outlines: &skrifa::outline::OutlineGlyphCollection<'_>,
    scale: f32,
) -> Option<Ink> {
    let outline = outlines.get(skrifa::GlyphId::from(glyph.id))?;
    let (x, y) = line.turn.apply((glyph.x, glyph.y));
    let mut path = Path {
        origin: Vector::new(x * scale, y * scale),
        turn: line.turn.degrees.to_radians().sin_cos(),
        commands: Vec::new(),
    };
    let settings = DrawSettings::unhinted(Size::new(line.size * scale), LocationRef::default());
    // A glyph without an outline, or a damaged one, leaves no ink.
    if outline.draw(settings, &mut path).is_err() || path.commands.is_empty() {
        return None;
    }
    let (mask, place) = Mask::new(path.commands.as_slice()).render();
    Some(Ink::of_mask(mask, place, line.color))
}

/// The ink of a QR code; `scale` is pixels to its unit.
pub(super) fn code(code: &Code, scale: f32) -> Vec<Ink> {
    let runs = code.runs().map(|(row, column, count)| Box {
        left: code.left + column as f32 * code.module,
        top: code.top + row as f32 * code.module,
        width: count as f32 * code.module,
        height: code.module,
    });
    let dark = runs.map(|run| Ink::of_box(run, scale, code.dark_color));
    std::iter::once(Ink::of_box(code.ground, scale, code.light_color)).chain(dark).collect()
}

impl Ink {
    /// The pixels whose middle lies in a box; `scale` is pixels to the box's unit.
    pub fn of_box(area: Box, scale: f32, color: Color) -> Self {
        let edge = |units: f32| (units * scale).round() as i32;
        let (left, top) = (edge(area.left), edge(area.top));
        let length = |from: i32, to: f32| u32::try_from(edge(to).saturating_sub(from)).unwrap_or(0);
        let width = length(left, area.left + area.width);
        let height = length(top, area.top + area.height);
        Self { left, top, width, height, color, mask: None }
    }

    pub fn of_mask(mask: Vec<u8>, place: Placement, color: Color) -> Self {
        let Placement { left, top, width, height } = place;
        Self { left, top, width, height, color, mask: Some(mask) }
    }

    /// The rows it lies on, of a picture so high.
    pub fn rows(&self, height: usize) -> Range<usize> {
        within(self.top, self.height, 0..height)
    }

    /// The columns it lies on, of a picture so wide.
    pub fn columns(&self, width: usize) -> Range<usize> {
        within(self.left, self.width, 0..width)
    }

    /// Whether other ink lies within the box around it.
    pub fn covers(&self, other: &Self) -> bool {
        let within = |start: i32, length: u32, other_start: i32, other_length: u32| {
            start <= other_start
                && i64::from(other_start) + i64::from(other_length)
                    <= i64::from(start) + i64::from(length)
        };
        within(self.left, self.width, other.left, other.width)
            && within(self.top, self.height, other.top, other.height)
    }

    /// Whether it may lie on a pixel that other ink lies on.
    pub fn meets(&self, other: &Self) -> bool {
        let overlap = |start: i32, length: u32, other_start: i32, other_length: u32| {
            let (start, other_start) = (i64::from(start), i64::from(other_start));
            start < other_start + i64::from(other_length) && other_start < start + i64::from(length)
        };
        overlap(self.left, self.width, other.left, other.width)
            && overlap(self.top, self.height, other.top, other.height)
    }

    /// Lays it over some rows; outside of them nothing happens.
    pub fn lay(&self, strip: &mut Strip<'_>) {
        let row = strip.width * 3;
        let height = strip.rgb.len().checked_div(row).unwrap_or(0);
        let columns = self.columns(strip.width);
        if columns.is_empty() {
            return;
        }
        for y in within(self.top, self.height, strip.top..strip.top + height) {
            let from = (y - strip.top) * row;
            let under = &mut strip.rgb[from + columns.start * 3..from + columns.end * 3];
            let Some(mask) = &self.mask else {
                let color = [self.color.red, self.color.green, self.color.blue];
                under.as_chunks_mut().0.fill(color);
                continue;
            };
            let mask = &mask[inside(y, self.top) * self.width as usize..];
            let mask = &mask[inside(columns.start, self.left)..];
            for (pixel, coverage) in under.as_chunks_mut().0.iter_mut().zip(mask) {
                mix(pixel, self.color, *coverage);
            }
        }
    }
}

/// The part of a length that lies within a range.
fn within(start: i32, length: u32, range: Range<usize>) -> Range<usize> {
    let clamped = |at: i64| usize::try_from(at).unwrap_or(0).clamp(range.start, range.end);
    clamped(start.into())..clamped(i64::from(start) + i64::from(length))
}

/// How far a place lies behind the start of a length that it lies within.
fn inside(at: usize, start: i32) -> usize {
    let far = start.unsigned_abs() as usize;
    if start < 0 { at + far } else { at - far }
}

/// Mixes a colour into a pixel.
fn mix(pixel: &mut [u8; 3], color: Color, coverage: u8) {
    if coverage == 0 {
        return;
    }
    let (mix, rest) = (u32::from(coverage), u32::from(u8::MAX - coverage));
    for (under, over) in pixel.iter_mut().zip([color.red, color.green, color.blue]) {
        *under = ((u32::from(over) * mix + u32::from(*under) * rest + 127) / 255) as u8;
    }
}

/// An outline on its way from the font, whose y grows upwards, to the picture.
struct Path {
    origin: Vector,
    /// Sine and cosine of how far it is turned, clockwise.
    turn: (f32, f32),
    commands: Vec<Command>,
}

impl Path {
    fn point(&self, x: f32, y: f32) -> Vector {
        let (sin, cos) = self.turn;
        Vector::new(self.origin.x + x * cos + y * sin, self.origin.y + x * sin - y * cos)
    }
}

impl OutlinePen for Path {
    fn move_to(&mut self, x: f32, y: f32) {
        self.commands.push(Command::MoveTo(self.point(x, y)));
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.commands.push(Command::LineTo(self.point(x, y)));
    }

    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        self.commands.push(Command::QuadTo(self.point(cx, cy), self.point(x, y)));
    }

    fn curve_to(&mut self, ax: f32, ay: f32, bx: f32, by: f32, x: f32, y: f32) {
        let (a, b) = (self.point(ax, ay), self.point(bx, by));
        self.commands.push(Command::CurveTo(a, b, self.point(x, y)));
    }

    fn close(&mut self) {
        self.commands.push(Command::Close);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ink_over_any_edge_is_cut_off_there() {
        let color = Color { red: 1, green: 2, blue: 3 };
        for (left, top) in (-6..12).flat_map(|left| (-6..14).map(move |top| (left, top))) {
            for mask in [None, Some(vec![255; 12])] {
                let ink = Ink { left, top, width: 4, height: 3, color, mask };
                let mut rgb = vec![0; 8 * 5 * 3];
                ink.lay(&mut Strip { width: 8, top: 4, rgb: &mut rgb });
                for (at, pixel) in (0..).zip(rgb.chunks_exact(3)) {
                    let (x, y) = (at % 8, 4 + at / 8);
                    let is_inked = (left..left + 4).contains(&x) && (top..top + 3).contains(&y);
                    assert_eq!(pixel == [1, 2, 3], is_inked, "{left}, {top}: {x}, {y}");
                }
            }
        }
    }
}
