//! Filters: what a row says of the pixels before it rather than of itself (ISO/IEC 15948, 9.2).

use std::ops::Range;

use super::deflate::{self, Rows};
use super::digest::TILE;

/// How a run of rows is filtered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filter {
    /// Not at all.
    None = 0,
    /// By the pixel to the left.
    Sub = 1,
    /// By the pixel above.
    Up = 2,
    /// By whichever of the pixels to the left, above, and left above foretells it best.
    Paeth = 4,
}

impl Filter {
    /// All of them; adaptive choices row by row do worse on flat art.
    pub const ALL: [Self; 4] = [Self::None, Self::Sub, Self::Up, Self::Paeth];

    /// The filter of a run's first row, which must say nothing of the row above it.
    fn first(self) -> Self {
        if self == Self::None { Self::None } else { Self::Sub }
    }

    /// Filters some bytes of a row of a run: pixel bytes from `columns`, to the same place in
    /// `out`, one byte later, since the filter's own number comes first. What lies to the left of
    /// them is looked at, and nothing else.
    pub fn columns(self, row: &[u8], above: Option<&[u8]>, columns: Range<usize>, out: &mut [u8]) {
        let filter = if above.is_some() { self } else { self.first() };
        let above = above.unwrap_or(row);
        if columns.start == 0 {
            out[0] = filter as u8;
        }
        let left = |row: &[u8], at: usize| if at < 3 { 0 } else { row[at - 3] };
        let target = &mut out[columns.start + 1..=columns.end];
        match filter {
            Self::None => target.copy_from_slice(&row[columns]),
            Self::Up => {
                for ((target, here), above) in
                    target.iter_mut().zip(&row[columns.clone()]).zip(&above[columns])
                {
                    *target = here.wrapping_sub(*above);
                }
            }
            Self::Sub => {
                for (target, at) in target.iter_mut().zip(columns) {
                    *target = row[at].wrapping_sub(left(row, at));
                }
            }
            Self::Paeth => {
                for (target, at) in target.iter_mut().zip(columns) {
                    let foretold = paeth(left(row, at), above[at], left(above, at));
                    *target = row[at].wrapping_sub(foretold);
                }
            }
        }
    }

    /// How many pixels to the right and below may be filtered otherwise when one changes.
    pub fn reach(self) -> (usize, usize) {
        match self {
            Self::None => (0, 0),
            // The first row is filtered by the pixel to the left.
            Self::Sub | Self::Up | Self::Paeth => (1, 1),
        }
    }

    /// Filters a run of whole rows.
    pub fn rows(self, rgb: &[u8], width: usize) -> Vec<u8> {
        let row = width * 3;
        let mut filtered = vec![0; rgb.len() / row * (row + 1)];
        for (at, out) in filtered.chunks_exact_mut(row + 1).enumerate() {
            let above = at.checked_sub(1).map(|above| &rgb[above * row..at * row]);
            self.columns(&rgb[at * row..(at + 1) * row], above, 0..row, out);
        }
        filtered
    }

    /// The filter under which some rows become smallest, by trial of some of them. Where letters are
    /// to come on them, another than none must be worth much: it hides what letters have in common.
    pub fn best(rgb: &[u8], width: usize, for_letters: bool) -> Self {
        let stride = width * 3 + 1;
        let sample = rgb.chunks(width * 3 * TILE.1).step_by(SAMPLE).collect::<Vec<_>>().concat();
        let size = |filter: &Self| {
            let bytes = &*filter.rows(&sample, width);
            let size = deflate::good(Rows { bytes, stride }).len();
            if for_letters && *filter != Self::None { size * 9 / 8 } else { size }
        };
        Self::ALL.into_iter().min_by_key(size).unwrap_or(Self::None)
    }
}

/// One band of rows in so many is tried. (To try all at a lower level chooses otherwise than the
/// best level would.)
const SAMPLE: usize = 8;

/// Paeth's prediction (9.4).
fn paeth(left: u8, above: u8, left_above: u8) -> u8 {
    let [a, b, c] = [left, above, left_above].map(i16::from);
    let to_left = (b - c).abs();
    let to_above = (a - c).abs();
    let to_both = (a + b - 2 * c).abs();
    if to_left <= to_above && to_left <= to_both {
        left
    } else if to_above <= to_both {
        above
    } else {
        left_above
    }
}
