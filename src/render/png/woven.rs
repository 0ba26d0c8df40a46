//! Rows that a person's own fields lie on, tokenised once for all but the tiles they touch.
//!
//! The rows are cut into columns that say nothing of each other, so that the bits of a column
//! stay the same whatever is written beside it. A certificate tokenises the columns it touches,
//! and copies the bits of the others.

use std::ops::Range;

use super::checksum::Checksum;
use super::deflate::SYNC;
use super::deflate::bits::Bits;
use super::deflate::huffman::{Codes, Expected, Token};
use super::deflate::tokens::Column;
use super::digest::{self, TILE, TileDigest, tiles};
use super::filter::Filter;
use super::plan::Piece;
use crate::render::ink::{Ink, Strip};

/// How often each literal is expected on a certificate, for each tile that may be touched:
/// letters bring bytes that the ground has not.
const LITERALS: u32 = 2;

/// A piece made ready for a person's own fields.
#[derive(Debug)]
pub struct Woven {
    rows: Range<usize>,
    width: usize,
    /// Without what is a person's own.
    rgb: Vec<u8>,
    filter: Filter,
    filtered: Vec<u8>,
    /// Where the columns begin, in tiles; and where the last one ends.
    cuts: Vec<usize>,
    codes: Codes,
    bits: Vec<u8>,
    /// Where the bits of each row's columns begin, row by row; and where the last ones end.
    places: Vec<usize>,
    checksum: Checksum,
    digests: Vec<TileDigest>,
}

/// Room to work in, kept from one certificate to the next.
#[derive(Debug, Default)]
pub struct Scratch {
    rgb: Vec<u8>,
    filtered: Vec<u8>,
}

impl Woven {
    /// Makes a piece ready: its pixels, with what is shared painted on them.
    pub fn new(piece: &Piece, width: usize, rgb: Vec<u8>, filter: Filter) -> Self {
        let filtered = filter.rows(&rgb, width, true);
        let stride = width * 3 + 1;
        let count = width.div_ceil(TILE.0);
        let mut cuts = vec![0];
        cuts.extend(piece.reach.clone().filter(|tile| *tile > 0));
        cuts.extend([piece.reach.end, count]);
        cuts.dedup();

        let columns: Vec<Range<usize>> =
            cuts.windows(2).map(|cut| bytes(cut[0]..cut[1], width)).collect();
        let mut expected = Expected::new(LITERALS * piece.reach.len() as u32);
        let mut tokens: Vec<Vec<Token>> = vec![Vec::new(); piece.rows.len() * columns.len()];
        for (band, rows) in filtered.chunks(stride * TILE.1).enumerate() {
            for (place, column) in columns.iter().enumerate() {
                let column = Column { rows, stride, bytes: column.clone() };
                column.thorough(|row, token| {
                    expected.count(token);
                    tokens[(band * TILE.1 + row) * columns.len() + place].push(token);
                });
            }
        }
        let codes = Codes::of(&expected);
        let mut bits = Bits::default();
        codes.begin(&mut bits);
        let mut places = Vec::with_capacity(tokens.len() + 1);
        for tokens in tokens {
            places.push(bits.len());
            for token in tokens {
                codes.push(token, &mut bits);
            }
        }
        places.push(bits.len());
        Self {
            rows: piece.rows.clone(),
            width,
            filter,
            cuts,
            codes,
            bits: bits.finish(),
            places,
            checksum: Checksum::of(&filtered),
            digests: rgb.chunks(width * 3 * TILE.1).flat_map(|band| tiles(band, width)).collect(),
            filtered,
            rgb,
        }
    }

    /// Adds the piece with a person's ink on it to a file, compressed, and the digests of its
    /// tiles to others.
    pub fn write(
        &self,
        inks: &[Ink],
        file: &mut Vec<u8>,
        digests: &mut Vec<TileDigest>,
        scratch: &mut Scratch,
    ) -> Checksum {
        let mut bits = Bits::after(std::mem::take(file));
        bits.copy(&self.bits, 0, self.places[0]);
        let mut checksum = self.checksum;
        let first_digest = digests.len();
        digests.extend(&self.digests);
        let touched = self.touched(inks);
        let across = self.width.div_ceil(TILE.0);
        for (band, touched) in touched.chunks(across).enumerate() {
            let digests = &mut digests[first_digest + band * across..];
            self.band(band, touched, inks, &mut bits, &mut checksum, digests, scratch);
        }
        self.codes.end(&mut bits);
        // The head of a stored block.
        bits.push(0, 3);
        *file = bits.finish();
        file.extend(SYNC);
        checksum
    }

    /// Which tiles the inks touch, row by row. The pixel to the right of them counts: a filter
    /// may look at what lies to its left.
    fn touched(&self, inks: &[Ink]) -> Vec<bool> {
        let across = self.width.div_ceil(TILE.0);
        let mut touched = vec![false; self.digests.len()];
        for ink in inks {
            let rows = ink.rows(self.rows.end);
            let columns = ink.columns(self.width);
            if rows.end <= self.rows.start || rows.is_empty() || columns.is_empty() {
                continue;
            }
            let first = rows.start.saturating_sub(self.rows.start) / TILE.1;
            let last = (rows.end - self.rows.start).div_ceil(TILE.1);
            let columns = columns.start / TILE.0..(columns.end / TILE.0 + 1).min(across);
            for band in first..last {
                touched[band * across..][columns.clone()].fill(true);
            }
        }
        touched
    }

    #[allow(clippy::too_many_arguments)]
    fn band(
        &self,
        band: usize,
        touched: &[bool],
        inks: &[Ink],
        bits: &mut Bits,
        checksum: &mut Checksum,
        digests: &mut [TileDigest],
        scratch: &mut Scratch,
    ) {
        let rows = band * TILE.1..((band + 1) * TILE.1).min(self.rows.len());
        let columns = self.cuts.len() - 1;
        let bit = |row: usize, column: usize| self.places[row * columns + column];
        let Some(first) = touched.iter().position(|touched| *touched) else {
            bits.copy(&self.bits, bit(rows.start, 0), bit(rows.end, 0));
            return;
        };
        let last = touched.iter().rposition(|touched| *touched).unwrap_or(first);
        let is_touched = |cut: &[usize]| touched[cut[0]..cut[1]].contains(&true);
        let own: Vec<bool> = self.cuts.windows(2).map(is_touched).collect();
        let first_column = self.cuts.partition_point(|cut| *cut <= first) - 1;
        let end_column = self.cuts.partition_point(|cut| *cut <= last);
        let stride = self.width * 3 + 1;
        let across = self.cuts[first_column]..self.cuts[end_column];

        self.paint(&rows, &across, inks, scratch);
        for (tile, digest) in digests.iter_mut().enumerate().take(touched.len()) {
            if touched[tile] {
                *digest = digest::tile(&scratch.rgb, self.width, tile);
            }
        }
        let old = &self.filtered[rows.start * stride..rows.end * stride];
        scratch.filtered.resize(stride * TILE.1, 0);
        let Scratch { rgb, filtered } = scratch;
        let new = &mut filtered[..old.len()];
        for column in (0..columns).filter(|column| own[*column]) {
            let place = bytes(self.cuts[column]..self.cuts[column + 1], self.width);
            let pixels = pixels(self.cuts[column]..self.cuts[column + 1], self.width);
            for row in 0..rows.len() {
                let of = |row: usize| &rgb[row * self.width * 3..(row + 1) * self.width * 3];
                let above = row.checked_sub(1).map(of);
                let out = &mut new[row * stride..(row + 1) * stride];
                self.filter.columns(of(row), above, pixels.clone(), out);
                let range = row * stride + place.start..row * stride + place.end;
                let after = self.filtered.len() - rows.start * stride - range.end;
                *checksum = checksum.replacing(&old[range.clone()], &new[range], after);
            }
        }
        for (row, whole_row) in rows.clone().enumerate() {
            let mut column = 0;
            while column < columns {
                let same = own[column..].iter().take_while(|own| !**own).count();
                if same > 0 {
                    let ready = bit(whole_row, column)..bit(whole_row, column + same);
                    bits.copy(&self.bits, ready.start, ready.end);
                    column += same;
                    continue;
                }
                let bytes = bytes(self.cuts[column]..self.cuts[column + 1], self.width);
                let column_here = Column { rows: new, stride, bytes };
                column_here.quick(row, |token| self.codes.push(token, bits));
                column += 1;
            }
        }
    }

    /// Paints ink over some columns of tiles of a band; a pixel to their left is there too.
    fn paint(
        &self,
        rows: &Range<usize>,
        across: &Range<usize>,
        inks: &[Ink],
        scratch: &mut Scratch,
    ) {
        let row = self.width * 3;
        scratch.rgb.resize(row * rows.len(), 0);
        let columns = pixels(across.clone(), self.width);
        let columns = columns.start.saturating_sub(3)..columns.end;
        for (place, whole) in rows.clone().enumerate() {
            scratch.rgb[place * row..][columns.clone()]
                .copy_from_slice(&self.rgb[whole * row..][columns.clone()]);
        }
        let top = self.rows.start + rows.start;
        let mut strip = Strip { width: self.width, top, rgb: &mut scratch.rgb };
        for ink in inks {
            ink.lay(&mut strip);
        }
    }
}

/// The bytes of some tiles in a row of pixels.
fn pixels(tiles: Range<usize>, width: usize) -> Range<usize> {
    tiles.start * TILE.0 * 3..(tiles.end * TILE.0).min(width) * 3
}

/// The bytes of some tiles in a filtered row: the first of them has the filter's number too.
fn bytes(tiles: Range<usize>, width: usize) -> Range<usize> {
    let pixels = pixels(tiles, width);
    let start = if pixels.start == 0 { 0 } else { pixels.start + 1 };
    start..pixels.end + 1
}
