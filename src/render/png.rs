//! Pixels as PNG, and the digest of pixels that survives being compressed again.

use std::io::{BufRead, Cursor, Seek};

use png::{
    BitDepth, ColorType, Decoder, DeflateCompression, Encoder, EncodingError, Filter,
    PixelDimensions, Unit,
};
use sha2::{Digest, Sha256};

use super::pixels::Frame;
use crate::disk::hex_digest;

/// The keyword under which a PNG says what made it.
pub const SOFTWARE: &str = "Software";

/// Rows that are digested together, so that a band which never changes need be digested once.
const BAND: usize = 16;

/// The level of compression: of flat art with gradients, level 3 makes 1.22 MB in 70 ms where
/// level 6 makes 1.10 MB in 145 ms, and the filter matters more than either.
const LEVEL: u8 = 3;

/// Filters worth a trial.
const FILTERS: [Filter; 5] =
    [Filter::NoFilter, Filter::Sub, Filter::Up, Filter::Paeth, Filter::Adaptive];

/// One band in so many is tried.
const SAMPLE: usize = 8;

/// The filter that suits a picture best, by trial on a sample of its rows.
///
/// # Errors
/// When the picture has no pixels.
pub fn best_filter(frame: &Frame) -> Result<Filter, EncodingError> {
    let row = frame.width as usize * 3;
    let bands = frame.rgb.chunks(row * BAND).step_by(SAMPLE);
    let rgb: Vec<u8> = bands.flatten().copied().collect();
    let sample = Frame { width: frame.width, height: (rgb.len() / row) as u32, rgb };
    let mut best = (usize::MAX, Filter::NoFilter);
    for filter in FILTERS {
        let size = encode(&sample, filter, 0, &[])?.len();
        if size < best.0 {
            best = (size, filter);
        }
    }
    Ok(best.1)
}

/// Encodes a picture; `pixels_per_metre` is what it says of its size on paper, `texts` are what
/// it says of itself, by keyword (ISO/IEC 15948, 11.3.4).
///
/// # Errors
/// When the picture has no pixels.
pub fn encode(
    frame: &Frame,
    filter: Filter,
    pixels_per_metre: u32,
    texts: &[(&str, &str)],
) -> Result<Vec<u8>, EncodingError> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, frame.width, frame.height);
    encoder.set_color(ColorType::Rgb);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_deflate_compression(DeflateCompression::Level(LEVEL));
    encoder.set_filter(filter);
    encoder.set_pixel_dims(Some(PixelDimensions {
        xppu: pixels_per_metre,
        yppu: pixels_per_metre,
        unit: Unit::Meter,
    }));
    for (keyword, text) in texts {
        let (keyword, text) = (keyword.to_string(), text.to_string());
        if text.is_ascii() {
            encoder.add_text_chunk(keyword, text)?;
        } else {
            encoder.add_itxt_chunk(keyword, text)?;
        }
    }
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&frame.rgb)?;
    writer.finish()?;
    Ok(bytes)
}

/// Which software a PNG says it was made by; only what stands before its pixels is read.
pub fn software(file: impl BufRead + Seek) -> Option<String> {
    let reader = Decoder::new(file).read_info().ok()?;
    let mut texts = reader.info().uncompressed_latin1_text.iter();
    texts.find(|text| text.keyword == SOFTWARE).map(|text| text.text.clone())
}

/// Whether a PNG shows something else than the pixels that are digested: where it is
/// see-through, or moves (ISO/IEC 15948, 11.3.3).
#[must_use]
pub fn shows_more(bytes: &[u8]) -> bool {
    let Ok(reader) = Decoder::new(Cursor::new(bytes)).read_info() else { return false };
    let info = reader.info();
    let may_be_see_through = info.trns.is_some()
        || matches!(info.color_type, ColorType::Rgba | ColorType::GrayscaleAlpha);
    let see_through = || {
        let image = image::load_from_memory_with_format(bytes, image::ImageFormat::Png);
        image.is_ok_and(|image| image.into_rgba8().pixels().any(|pixel| pixel.0[3] != u8::MAX))
    };
    info.animation_control.is_some() || (may_be_see_through && see_through())
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
