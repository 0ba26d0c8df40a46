//! What ink changes of the rows that it comes on: pixels, digests of tiles, filtered bytes.

use std::ops::Range;

use super::super::checksum::Checksum;
use super::super::deflate::token::LONGEST;
use super::super::digest::{self, TILE};
use super::{Scratch, Woven, parts};
use crate::render::ink::{Ink, Strip};

/// Changes so near each other, in bytes, count as one.
const GAP: usize = 16;

impl Woven {
    /// Finds what inks change, and puts it into the scratch: pixels, filtered bytes, and which of
    /// those they are.
    pub(super) fn change(
        &self,
        inks: &[Ink],
        scratch: &mut Scratch,
        bands: &mut [digest::Part],
        checksum: &mut Checksum,
    ) {
        self.changes(inks, &mut scratch.changes);
        if let (Some(first), Some(last)) = (scratch.changes.first(), scratch.changes.last()) {
            let changed = first.start / self.stride()..last.end.div_ceil(self.stride());
            self.paint(&changed, inks, scratch, bands);
        }
        self.find_tokens(scratch);
        self.filter_anew(scratch, checksum);
    }

    /// The filtered bytes that inks may change, in order.
    fn changes(&self, inks: &[Ink], changes: &mut Vec<Range<usize>>) {
        let stride = self.stride();
        changes.clear();
        let (right, below) = self.filter.reach();
        let mut last: Option<&Ink> = None;
        for ink in inks {
            // The modules of a QR code lie within its ground.
            if last.is_some_and(|last| last.covers(ink)) {
                continue;
            }
            last = Some(ink);
            let columns = ink.columns(self.width);
            let columns = columns.start * 3..(columns.end + right).min(self.width) * 3;
            let bottom = self.top + self.rgb.len() / (self.width * 3);
            let rows = ink.rows(bottom);
            if columns.is_empty() || rows.is_empty() || rows.end <= self.top {
                continue;
            }
            let first = rows.start.saturating_sub(self.top);
            let end = (rows.end + below).min(bottom) - self.top;
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
        bands: &mut [digest::Part],
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
        enlarge(&mut scratch.rgb, self.rgb.len());
        let rgb = &mut scratch.rgb[bytes(top..end)];
        let ground = self.rgb[bytes(top..end)].chunks_exact(row);
        for (target, ground) in rgb.chunks_exact_mut(row).zip(ground) {
            target[columns.clone()].copy_from_slice(&ground[columns.clone()]);
        }
        let top_row = self.top + top * TILE.1;
        let mut strip = Strip { width: self.width, top: top_row, rgb };
        for ink in inks {
            ink.lay(&mut strip);
        }
        for (band, tiles) in (top..end).zip(tiles) {
            let rgb = &scratch.rgb[bytes(band..band + 1)];
            let mut digests = self.tiles[band].clone();
            for tile in tiles {
                digests[tile] = digest::tile(rgb, self.width, tile);
            }
            bands[band] = digest::of_tiles(&digests);
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

    /// Finds the tokens that stand where something changes, or copy from there.
    fn find_tokens(&self, scratch: &mut Scratch) {
        let Scratch { changes, anew, bits, .. } = scratch;
        let before = |at: usize| self.tokens.partition_point(|token| (token.start as usize) < at);
        bits.clear();
        bits.resize(self.tokens.len().div_ceil(64), 0);
        let mut mark = |token: u32| bits[token as usize / 64] |= 1 << (token % 64);
        for change in changes {
            (before(change.start + 1) as u32 - 1..before(change.end) as u32).for_each(&mut mark);
            self.sources.from(change).iter().copied().for_each(&mut mark);
        }
        anew.clear();
        for (place, word) in (0..).step_by(64).zip(bits) {
            while *word != 0 {
                anew.push(place + word.trailing_zeros());
                *word &= *word - 1;
            }
        }
    }

    /// Filters what has changed, and puts beside it what tokens are chosen by.
    fn filter_anew(&self, scratch: &mut Scratch, checksum: &mut Checksum) {
        let (row, stride) = (self.width * 3, self.stride());
        let Scratch { rgb, filtered, changes, anew, .. } = scratch;
        enlarge(filtered, self.filtered.len());
        // Parts come in order, and what one has copied the next need not.
        let mut copied = [0, 0];
        for tokens in parts(anew) {
            let Range { start, end } = self.bytes(&tokens);
            // The row above; the pixel to the left, and what a match may go on with.
            let above = start.saturating_sub(stride)..end.saturating_sub(stride);
            let here = start.saturating_sub(3)..(end + LONGEST).min(self.filtered.len());
            for (range, copied) in [above, here].into_iter().zip(&mut copied) {
                let range = range.start.max(*copied)..range.end;
                if !range.is_empty() {
                    *copied = range.end;
                    filtered[range.clone()].copy_from_slice(&self.filtered[range]);
                }
            }
        }
        for change in changes {
            let y = change.start / stride;
            let pixels = change.start - y * stride - 1..change.end - y * stride - 1;
            let of = |y: usize| &rgb[y * row..(y + 1) * row];
            let out = &mut filtered[y * stride..(y + 1) * stride];
            self.filter.columns(of(y), y.checked_sub(1).map(of), pixels, out);
            let (old, new) = (&self.filtered[change.clone()], &filtered[change.clone()]);
            *checksum = checksum.replacing(old, new, self.filtered.len() - change.end);
        }
    }
}

/// Makes room for so many bytes, whatever is in them.
fn enlarge(room: &mut Vec<u8>, size: usize) {
    if room.len() < size {
        room.resize(size, 0);
    }
}
