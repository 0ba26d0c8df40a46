//! Pixels as PNG (ISO/IEC 15948).
//!
//! Certificates of a template differ in a few rows, and in a small part of those. So a file is
//! spliced: [`plan`] tells from the template which rows nobody writes on, and [`ground`] compresses
//! those once; rows that fields lie on are [`woven`], so that ink can come on them without their
//! being compressed anew. [`cache`] keeps both for the next time. A [`sheet`] has what is shared by
//! a category and date; what is a person's own comes on it, and makes a file. [`filter`],
//! [`deflate`], [`checksum`] and [`chunk`] are the format's own parts, such that they can be
//! joined; [`digest()`] is that of the pixels, [`shown`] tells whether they are what is seen, and
//! [`guise`] whether everybody sees a picture.

mod cache;
mod checksum;
mod chunk;
mod deflate;
mod digest;
mod filter;
mod ground;
mod guise;
mod plan;
mod sheet;
mod shown;
mod woven;

use std::io::{BufRead, Seek};

use png::{
    BitDepth, ColorType, Decoder, DeflateCompression, Encoder, EncodingError, Filter,
    PixelDimensions, Unit,
};

use super::pixels::Frame;

pub(super) use cache::{Cache, Key};
pub(super) use chunk::head;
pub use digest::digest;
pub(super) use ground::Ground;
pub(super) use guise::poses;
pub(super) use plan::Plan;
pub(super) use sheet::{Forme, Sheet};
pub use shown::shows_more;
pub(super) use shown::{chunks, is_turned};
pub(super) use woven::Scratch;

/// The keyword under which a PNG says what made it.
pub const SOFTWARE: &str = "Software";

/// The level of compression of pictures that are no certificates.
const LEVEL: u8 = 3;

/// Encodes a picture that is no certificate; `pixels_per_metre` is what it says of its size on
/// paper, `software` what made it.
///
/// # Errors
/// When the picture has no pixels, or the software a name beyond Latin-1.
pub fn encode(
    frame: &Frame,
    filter: Filter,
    pixels_per_metre: u32,
    software: &str,
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
    encoder.add_text_chunk(SOFTWARE.to_owned(), software.to_owned())?;
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
