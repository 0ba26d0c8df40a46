//! The digest of pixels, which survives being compressed again.

use sha2::{Digest, Sha256};

use super::super::pixels::Frame;
use crate::disk::hex_digest;

/// Pixels on a side of a tile, across and down; those at the right and lower edge may be smaller.
pub const TILE: (usize, usize) = (64, 16);

/// The SHA-256 of a tile, or of those of a band's tiles.
pub type Part = [u8; 32];

/// The digest of a picture: SHA-256 over its width and height in pixels, each a big-endian number
/// of 32 bits, and a SHA-256 for every band of 16 rows, from top to bottom; that is over the
/// SHA-256 of every tile of the band, 64 pixels wide, from left to right; and that is over three
/// bytes a pixel, row by row.
///
/// It is over pixels rather than bytes, since robots compress published files again; and over
/// tiles, since what a person changes on a page are few of them.
#[must_use]
pub fn digest(frame: &Frame) -> String {
    of_bands((frame.width, frame.height), bands(&frame.rgb, frame.width as usize))
}

/// The digest of a picture from those of its bands.
pub fn of_bands((width, height): (u32, u32), bands: impl IntoIterator<Item = Part>) -> String {
    let mut whole = Sha256::new();
    whole.update(width.to_be_bytes());
    whole.update(height.to_be_bytes());
    for band in bands {
        whole.update(band);
    }
    hex_digest("pixels-sha256", whole)
}

/// The digests of the bands of some rows, of which the first begins a band.
pub fn bands(rows: &[u8], width: usize) -> impl Iterator<Item = Part> {
    let bands = rows.chunks(width * 3 * TILE.1);
    bands.map(move |band| of_tiles(&tiles(band, width).collect::<Vec<_>>()))
}

/// The digest of a band from those of its tiles.
pub fn of_tiles(tiles: &[Part]) -> Part {
    Sha256::digest(tiles.as_flattened()).into()
}

/// The digests of the tiles of a band, from left to right.
pub fn tiles(band: &[u8], width: usize) -> impl Iterator<Item = Part> {
    (0..width.div_ceil(TILE.0)).map(move |place| tile(band, width, place))
}

/// The digest of a tile of a band, by its place from the left.
pub fn tile(band: &[u8], width: usize, place: usize) -> Part {
    let columns = place * TILE.0 * 3..((place + 1) * TILE.0).min(width) * 3;
    let mut hash = Sha256::new();
    for row in band.chunks_exact(width * 3) {
        hash.update(&row[columns.clone()]);
    }
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pixel_and_both_sides_count() {
        let frame = Frame {
            width: 130,
            height: 35,
            rgb: (0..130 * 35 * 3).map(|n| (n % 253) as u8).collect(),
        };
        let whole = digest(&frame);
        assert_eq!(tiles(&frame.rgb, 130).count(), 3);
        for at in (0..frame.rgb.len()).step_by(97) {
            let mut other = frame.clone();
            other.rgb[at] ^= 1;
            assert_ne!(digest(&other), whole, "{at}");
        }
        let turned = Frame { width: 35, height: 130, rgb: frame.rgb.clone() };
        assert_ne!(digest(&turned), whole);
    }
}
