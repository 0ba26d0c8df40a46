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
const LONGEST: usize = 20;

/// How a template's rows are shared out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Pixels across and down.
    pub size: (u32, u32),
    /// From top to bottom.
    pub pieces: Vec<Piece>,
    /// Of each field of text, whether it is a person's own.
    pub own_texts: Vec<bool>,
    /// Of each QR code, whether it is a person's own.
    pub own_codes: Vec<bool>,
}

/// A run of bands, compressed by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Its rows of pixels; they begin with a band of tiles.
    pub rows: Range<usize>,
    /// Who writes on it.
    pub whose: Whose,
    /// Columns of tiles that a person's own fields may reach.
    pub reach: Range<usize>,
}

/// Whose fields lie on some rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Whose {
    /// Nobody's: they are the same on every certificate.
    Nobodys,
    /// Fields that say the same for a category and date.
    Shared,
    /// Fields that say something else for everybody.
    Own,
}

impl Plan {
    /// The plan of a template.
    pub fn of(template: &Template) -> Self {
        let size = template.pixels();
        let (width, height) = (size.0 as usize, size.1 as usize);
        let mut areas: Vec<(bool, Area)> = Vec::new();
        for text in &template.texts {
            let area = Area::of(text.place, text.rotation, OVER * text.size);
            areas.push((is_own(&text.value, area, &areas), area));
        }
        for code in &template.codes {
            let area = Area::of(code.place, 0.0, 0.0);
            areas.push((is_own(&code.value, area, &areas), area));
        }
        let own: Vec<bool> = areas.iter().map(|(own, _)| *own).collect();
        let (own_texts, own_codes) = own.split_at(template.texts.len());

        let bands = height.div_ceil(TILE.1);
        let mut whose = vec![Whose::Nobodys; bands];
        let mut reach = vec![width.div_ceil(TILE.0)..0; bands];
        for (own, area) in &areas {
            let rows = tiles((area.top, area.bottom), template.scale, TILE.1, bands);
            let columns = (area.left, area.right);
            let columns = tiles(columns, template.scale, TILE.0, width.div_ceil(TILE.0));
            for band in rows {
                whose[band] = whose[band].max(if *own { Whose::Own } else { Whose::Shared });
                if *own {
                    let reached = &mut reach[band];
                    *reached = reached.start.min(columns.start)..reached.end.max(columns.end);
                }
            }
        }
        let mut pieces: Vec<Piece> = Vec::new();
        for (band, (whose, reach)) in whose.into_iter().zip(reach).enumerate() {
            let rows = band * TILE.1..((band + 1) * TILE.1).min(height);
            match pieces.last_mut() {
                Some(last) if last.whose == whose && last.rows.len() < LONGEST * TILE.1 => {
                    last.rows.end = rows.end;
                    last.reach = last.reach.start.min(reach.start)..last.reach.end.max(reach.end);
                }
                _ => pieces.push(Piece { rows, whose, reach }),
            }
        }
        Self { size, pieces, own_texts: own_texts.to_vec(), own_codes: own_codes.to_vec() }
    }
}

/// Whether a field is a person's own. One that is painted over another's own counts as such too:
/// what is shared is painted first.
fn is_own(value: &Value, area: Area, before: &[(bool, Area)]) -> bool {
    let says_own = value.placeholders().any(|name| !SHARED.contains(&name));
    says_own || before.iter().any(|(own, other)| *own && other.meets(area))
}

/// Where the ink of a field may be, in template units.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Area {
    left: f32,
    top: f32,
    right: f32,
    bottom: f32,
}

impl Area {
    /// Around a box that is turned around its middle.
    fn of(place: Box, degrees: f32, over: f32) -> Self {
        let (sin, cos) = degrees.to_radians().sin_cos();
        let (x, y) = place.middle();
        let (across, down) = (place.width / 2.0 + over, place.height / 2.0 + over);
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
}

/// The tiles between two edges, of so many.
fn tiles((from, to): (f32, f32), scale: f32, tile: usize, tiles: usize) -> Range<usize> {
    // A pixel more on either side, for what is rounded.
    let first = ((from * scale - 1.0).max(0.0) as usize / tile).min(tiles);
    let last = ((to * scale + 1.0).max(0.0) as usize).div_ceil(tile).min(tiles);
    first..last.max(first)
}
