//! Rows that a person's own fields lie on, tokenised once for all but what they touch.
//!
//! A certificate tokenises anew, and in haste, what it touches and what would be copied from
//! there; of all else the bits stay as they are.

use std::ops::Range;

use super::checksum::Checksum;
use super::deflate::bits::Bits;
use super::deflate::expected::Expected;
use super::deflate::hasty::Lately;
use super::deflate::huffman::Codes;
use super::deflate::token::{FARTHEST, LONGEST};
use super::deflate::{self, Rows};
use super::digest::{self, TILE, TileDigest, tiles};
use super::filter::Filter;
use super::marks::Marks;
use super::plan::Piece;
use crate::render::ink::{Ink, Strip};

/// How often each literal is expected besides those of the ground: letters bring bytes that it
/// has not.
const LITERALS: u32 = 8;

/// Changes so near each other, in bytes, count as one.
const GAP: usize = 16;

/// A piece made ready for a person's own fields.
#[derive(Debug)]
pub struct Woven {
    rows: Range<usize>,
    width: usize,
    /// Without what is a person's own.
    rgb: Vec<u8>,
    filter: Filter,
    filtered: Vec<u8>,
    codes: Codes,
    tokens: Vec<Placed>,
    bits: Vec<u8>,
    checksum: Checksum,
    digests: Vec<TileDigest>,
}

/// A token in its place.
#[derive(Debug, Clone, Copy)]
struct Placed {
    /// Of its first byte among the filtered ones.
    start: u32,
    /// Of its first bit.
    bit: u32,
    /// How far back it copies from; 0 for a literal.
    distance: u16,
}

/// Room to work in, kept from one certificate to the next.
#[derive(Debug, Default)]
pub struct Scratch {
    rgb: Vec<u8>,
    filtered: Vec<u8>,
    changes: Vec<Range<usize>>,
    marks: Marks,
    lately: Lately,
}

impl Woven {
    /// Makes a piece ready: its pixels, with what is shared painted on them.
    pub fn new(piece: &Piece, width: usize, rgb: Vec<u8>, filter: Filter) -> Self {
        let filtered = filter.rows(&rgb, width);
        let found = deflate::tokens(Rows { bytes: &filtered, stride: width * 3 + 1 });
        let codes = Codes::of(&Expected::anything(LITERALS).with(&found));
        let mut bits = Bits::default();
        codes.begin(&mut bits);
        let mut tokens = Vec::with_capacity(found.len() + 1);
        let mut start = 0;
        for token in found {
            tokens.push(Placed { start, bit: bits.len() as u32, distance: token.distance() });
            start += token.length() as u32;
            codes.push(token, &mut bits);
        }
        tokens.push(Placed { start, bit: bits.len() as u32, distance: 0 });
        Self {
            rows: piece.rows.clone(),
            width,
            filter,
            codes,
            tokens,
            bits: bits.finish(),
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
        let first_digest = digests.len();
        digests.extend(&self.digests);
        let mut checksum = self.checksum;
        let mut bits = Bits::after(std::mem::take(file));
        self.changes(inks, &mut scratch.changes);
        if let (Some(first), Some(last)) = (scratch.changes.first(), scratch.changes.last()) {
            let stride = self.stride();
            let changed = first.start / stride..last.end.div_ceil(stride);
            self.paint(&changed, inks, scratch, &mut digests[first_digest..]);
            self.filter(&changed, scratch, &mut checksum);
        }
        self.tokenise(scratch, &mut bits);
        self.codes.end(&mut bits);
        *file = deflate::finish(bits);
        checksum
    }

    /// Bytes of a filtered row.
    fn stride(&self) -> usize {
        self.width * 3 + 1
    }

    /// The filtered bytes that inks may change, in order.
    fn changes(&self, inks: &[Ink], changes: &mut Vec<Range<usize>>) {
        let stride = self.stride();
        changes.clear();
        let (right, below) = self.filter.reach();
        for ink in inks {
            let columns = ink.columns(self.width);
            let columns = columns.start * 3..(columns.end + right).min(self.width) * 3;
            let rows = ink.rows(self.rows.end);
            if columns.is_empty() || rows.is_empty() || rows.end <= self.rows.start {
                continue;
            }
            let first = rows.start.saturating_sub(self.rows.start);
            let end = (rows.end + below).min(self.rows.end) - self.rows.start;
            let of = |row: usize| row * stride + 1 + columns.start..row * stride + 1 + columns.end;
            changes.extend((first..end).map(of));
        }
        changes.sort_unstable_by_key(|change| change.start);
        changes.dedup_by(|next, last| {
            let joins = next.start <= last.end + GAP && next.start / stride == last.start / stride;
            if joins {
                last.end = last.end.max(next.end);
            }
            joins
        });
    }

    /// Paints inks on some rows, and digests the tiles that may have changed.
    fn paint(
        &self,
        changed: &Range<usize>,
        inks: &[Ink],
        scratch: &mut Scratch,
        digests: &mut [TileDigest],
    ) {
        // Whole bands, and a row more above for the filter.
        let top = changed.start.saturating_sub(1) / TILE.1;
        let end = changed.end.div_ceil(TILE.1);
        let row = self.width * 3;
        let bytes = |bands: Range<usize>| {
            bands.start * TILE.1 * row..(bands.end * TILE.1 * row).min(self.rgb.len())
        };
        let tiles: Vec<Range<usize>> =
            (top..end).map(|band| self.tiles(band, &scratch.changes)).collect();
        let first = tiles.iter().map(|tiles| tiles.start).min().unwrap_or(0) * TILE.0;
        let last = tiles.iter().map(|tiles| tiles.end).max().unwrap_or(0) * TILE.0;
        // And a pixel more to the left.
        let columns = first.saturating_sub(1) * 3..last.min(self.width) * 3;
        scratch.rgb.resize(self.rgb.len(), 0);
        let rgb = &mut scratch.rgb[bytes(top..end)];
        let ground = self.rgb[bytes(top..end)].chunks_exact(row);
        for (target, ground) in rgb.chunks_exact_mut(row).zip(ground) {
            target[columns.clone()].copy_from_slice(&ground[columns.clone()]);
        }
        let top_row = self.rows.start + top * TILE.1;
        let mut strip = Strip { width: self.width, top: top_row, rgb };
        for ink in inks {
            ink.lay(&mut strip);
        }
        for (band, tiles) in (top..end).zip(tiles) {
            let rgb = &scratch.rgb[bytes(band..band + 1)];
            for tile in tiles {
                digests[band * self.width.div_ceil(TILE.0) + tile] =
                    digest::tile(rgb, self.width, tile);
            }
        }
    }

    /// The tiles of a band from the first to the last that may have changed; none when the range
    /// ends before it begins.
    fn tiles(&self, band: usize, changes: &[Range<usize>]) -> Range<usize> {
        let stride = self.stride();
        let tile = |at: usize| (at % stride - 1) / 3 / TILE.0;
        let bytes = band * TILE.1 * stride..(band + 1) * TILE.1 * stride;
        let first = changes.partition_point(|change| change.end <= bytes.start);
        let here = changes[first..].iter().take_while(|change| change.start < bytes.end);
        here.fold(self.width.div_ceil(TILE.0)..0, |all, change| {
            all.start.min(tile(change.start))..all.end.max(tile(change.end - 1) + 1)
        })
    }

    /// Filters what has changed on some rows.
    fn filter(&self, changed: &Range<usize>, scratch: &mut Scratch, checksum: &mut Checksum) {
        let (row, stride) = (self.width * 3, self.stride());
        // What is tokenised anew may begin a token before the first change, and looks one row up;
        // what copies from a change stands no farther behind it than a match reaches.
        let first = (changed.start * stride).saturating_sub(LONGEST + stride);
        let end = (changed.end * stride + FARTHEST + LONGEST).min(self.filtered.len());
        scratch.filtered.resize(self.filtered.len(), 0);
        scratch.filtered[first..end].copy_from_slice(&self.filtered[first..end]);
        for change in &scratch.changes {
            let y = change.start / stride;
            let pixels = change.start - y * stride - 1..change.end - y * stride - 1;
            let of = |y: usize| &scratch.rgb[y * row..(y + 1) * row];
            let out = &mut scratch.filtered[y * stride..(y + 1) * stride];
            self.filter.columns(of(y), y.checked_sub(1).map(of), pixels, out);
            let (old, new) = (&self.filtered[change.clone()], &scratch.filtered[change.clone()]);
            *checksum = checksum.replacing(old, new, self.filtered.len() - change.end);
        }
    }

    /// Adds the bits of all tokens: those that are ready, and others for what has changed.
    fn tokenise(&self, scratch: &mut Scratch, bits: &mut Bits) {
        let Scratch { filtered, changes, marks, lately, .. } = scratch;
        lately.clear();
        marks.set(changes, self.filtered.len());
        let has_changed = |token: usize| {
            let Placed { start, distance, .. } = self.tokens[token];
            let (start, end) = (start as usize, self.tokens[token + 1].start as usize);
            let back = usize::from(distance);
            marks.meet(start..end) || back > 0 && marks.meet(start - back..end - back)
        };
        let behind = |at: usize| self.tokens.partition_point(|token| (token.start as usize) < at);
        let (mut token, last) = match (changes.first(), changes.last()) {
            (Some(first), Some(last)) => (
                behind(first.start + 1) - 1,
                behind(last.end + FARTHEST).min(self.tokens.len() - 1),
            ),
            _ => (0, 0),
        };
        let mut ready = 0;
        while token < last {
            let first = token;
            while token < last && has_changed(token) {
                token += 1;
            }
            if token > first {
                let (from, to) = (self.tokens[first], self.tokens[token]);
                bits.copy(&self.bits, ready, from.bit as usize);
                let part = from.start as usize..to.start as usize;
                lately
                    .tokenise(filtered, part, self.stride(), |token| self.codes.push(token, bits));
                ready = to.bit as usize;
            }
            token += 1;
        }
        bits.copy(&self.bits, ready, self.tokens[self.tokens.len() - 1].bit as usize);
    }
}
