//! Pixels as PNG, and the digest of pixels that survives being compressed again.

use png::{BitDepth, ColorType, Compression, Encoder, Filter, PixelDimensions, Unit};
use sha2::{Digest, Sha256};

use super::pixels::Frame;
use crate::disk::hex_digest;

/// Rows that are digested together, so that a band which never changes need be digested once.
const BAND: usize = 16;

/// Encodes a picture; `pixels_per_metre` is what it says of its size on paper.
///
/// # Errors
/// When the picture has no pixels.
pub fn encode(frame: &Frame, pixels_per_metre: u32) -> Result<Vec<u8>, png::EncodingError> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, frame.width, frame.height);
    encoder.set_color(ColorType::Rgb);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_compression(Compression::Balanced);
    encoder.set_filter(Filter::Adaptive);
    encoder.set_pixel_dims(Some(PixelDimensions {
        xppu: pixels_per_metre,
        yppu: pixels_per_metre,
        unit: Unit::Meter,
    }));
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&frame.rgb)?;
    writer.finish()?;
    Ok(bytes)
}

/// The digest of a picture: SHA-256 over its width and height and the SHA-256 of every 16
/// rows. It is over pixels rather than bytes, since robots compress published files again.
#[must_use]
pub fn digest(frame: &Frame) -> String {
    let mut whole = Sha256::new();
    whole.update(frame.width.to_be_bytes());
    whole.update(frame.height.to_be_bytes());
    for band in frame.rgb.chunks(frame.width as usize * 3 * BAND) {
        whole.update(Sha256::digest(band));
    }
    hex_digest("pixels-sha256", whole)
}
