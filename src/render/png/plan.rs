//! Which rows of a template's PNG are the same for everybody, and which are not: known from the
//! template alone, so that a certificate's bytes do not depend on who else is drawn.

use std::ops::Range;

use super::digest::TILE;
use crate::template::{Box, Template, Value};

/// What every certificate of a category and date says alike.
const SHARED: [&str; 7] = ["title", "citation", "issuer", "signatory", "date", "year", "category"];

/// How far ink may stand over a field's box, in em: descenders, accents.
const OVER: f32 = 0.35;

/// Bands of the longest piece, so that pieces can be prepared side by side, each with the filter
/// that suits it.
const LONGEST: usize = 24;

/// The same for one that is written on: it is one block of one code.
const LONGEST_WRITTEN: usize = 12;

/// How a template's rows are shared out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Pixels across and down.
    pub size: (u32, u32),
    /// From top to bottom.
    pub pieces: Vec<Piece>,
    /// Whether each field is a person's own: texts, then QR codes, as they are painted.
    pub own: Vec<bool>,
}

/// A run of bands, compressed by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Its rows of pixels; they begin with a band of tiles.
    pub rows: Range<usize>,
    /// Whether any field lies on it; else it is the same on every certificate.
    pub is_written: bool,
}

impl Plan {
    /// The plan of a template.
    pub fn of(template: &Template) -> Self {
        let size = template.pixels();
        let height = size.1 as usize;
        let texts = template
            .texts
            .iter()
            .map(|text| (&text.value, Area::of(text.place, text.rotation), OVER * text.size));
        let codes = template.codes.iter().map(|code| (&code.value, Area::of(code.place, 0.0), 0.0));
        let fields: Vec<(&Value, Area, f32)> = texts.chain(codes).collect();
        let mut own: Vec<bool> = Vec::new();
        for (value, area, _) in &fields {
            let says_own = value.placeholders().any(|name| !SHARED.contains(&name));
            // What is shared is painted first. One that is to lie over a person's own must not be.
            let lies_over = own.iter().zip(&fields).any(|(own, (_, o, _))| *own && o.meets(*area));
            own.push(says_own || lies_over);
        }

        let mut is_written = vec![false; height.div_ceil(TILE.1)];
        for (_, area, over) in &fields {
            let bands = area.bands(*over, template.scale, is_written.len());
            is_written[bands].fill(true);
        }
        let mut pieces: Vec<Piece> = Vec::new();
        for (band, is_written) in is_written.into_iter().enumerate() {
            let rows = band * TILE.1..((band + 1) * TILE.1).min(height);
            let longest = if is_written { LONGEST_WRITTEN } else { LONGEST };
            match pieces.last_mut() {
                Some(last)
                    if last.is_written == is_written && last.rows.len() < longest * TILE.1 =>
                {
                    last.rows.end = rows.end;
                }
                _ => pieces.push(Piece { rows, is_written }),
            }
        }
        Self { size, pieces, own }
    }
}

/// Where a field is, in template units.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Area {
    left: f32,
    top: f32,
    right: f32,
    bottom: f32,
}

impl Area {
    /// Around a box that is turned around its middle.
    fn of(place: Box, degrees: f32) -> Self {
        let (sin, cos) = degrees.to_radians().sin_cos();
        let (x, y) = place.middle();
        let (across, down) = (place.width / 2.0, place.height / 2.0);
        let half_width = across * cos.abs() + down * sin.abs();
        let half_height = across * sin.abs() + down * cos.abs();
        Self {
            left: x - half_width,
            top: y - half_height,
            right: x + half_width,
            bottom: y + half_height,
        }
    }

    fn meets(self, other: Self) -> bool {
        self.left < other.right
            && other.left < self.right
            && self.top < other.bottom
            && other.top < self.bottom
    }

    /// The bands of rows, of so many, that ink lies on which stands over it by so much; `scale` is
    /// pixels to a template unit.
    fn bands(self, over: f32, scale: f32, bands: usize) -> Range<usize> {
        // A pixel more above and below, for what is rounded.
        let first = (((self.top - over) * scale - 1.0).max(0.0) as usize / TILE.1).min(bands);
        let end =
            (((self.bottom + over) * scale + 1.0).max(0.0) as usize).div_ceil(TILE.1).min(bands);
        first..end.max(first)
    }
}
