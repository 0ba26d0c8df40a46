//! The digest of pixels, which survives being compressed again.

use sha2::{Digest, Sha256};

use super::super::pixels::Frame;
use crate::disk::hex_digest;

/// Pixels on a side of a tile, across and down; those at the right and lower edge may be smaller.
pub const TILE: (usize, usize) = (64, 16);

/// The SHA-256 of a tile.
pub type TileDigest = [u8; 32];

/// The digest of a picture: SHA-256 over its width and height in pixels, each a big-endian
/// number of 32 bits, and the SHA-256 of every tile of 64 by 16 pixels, from left to right and
/// from top to bottom; a tile is three bytes a pixel, row by row. It is over pixels rather than bytes, since
/// robots compress published files again; over tiles, since what a person changes on a page
/// are few of them.
#[must_use]
pub fn digest(frame: &Frame) -> String {
    let width = frame.width as usize;
    let bands = frame.rgb.chunks(width * 3 * TILE.1);
    of_tiles((frame.width, frame.height), bands.flat_map(|band| tiles(band, width)))
}

/// The digest of a picture from those of its tiles.
pub fn of_tiles((width, height): (u32, u32), tiles: impl Iterator<Item = TileDigest>) -> String {
    let mut whole = Sha256::new();
    whole.update(width.to_be_bytes());
    whole.update(height.to_be_bytes());
    tiles.for_each(|tile| whole.update(tile));
    hex_digest("pixels-sha256", whole)
}

/// The digests of the tiles of a band of rows, from left to right.
pub fn tiles(band: &[u8], width: usize) -> impl Iterator<Item = TileDigest> {
    (0..width.div_ceil(TILE.0)).map(move |place| tile(band, width, place))
}

/// The digest of a tile of a band of rows, by its place from the left.
pub fn tile(band: &[u8], width: usize, place: usize) -> TileDigest {
    let columns = place * TILE.0 * 3..((place + 1) * TILE.0).min(width) * 3;
    let mut hash = Sha256::new();
    band.chunks_exact(width * 3).for_each(|row| hash.update(&row[columns.clone()]));
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
