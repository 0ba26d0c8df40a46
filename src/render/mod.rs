//! Painting a set page: as pixels, as PNG, as PDF. Nothing is decided here; a painter puts
//! each glyph where [`typeset`](crate::typeset) has put it.

mod claims;
mod effort;
mod genuine;
mod ink;
mod layer;
mod marks;
mod metadata;
mod page;
pub mod pdf;
mod picture;
pub mod pixels;
mod plate;
pub mod png;
mod press;
mod svg;
mod xmp;

use sha2::{Digest, Sha256};

use crate::certificate::Format;
use crate::disk::hex_digest;
use crate::template::{PictureField, STRETCH, Template};

pub use genuine::{Falsehood, falsehood, is_unread};
pub use metadata::{Difference, Metadata, format_of, is_encrypted, title};
pub use page::THREAD as PAGE_THREAD;
pub use press::{Drawn, Press, PressError};

/// What makes files, as they say themselves.
const SOFTWARE: &str = concat!("Accolade ", env!("CARGO_PKG_VERSION"));

/// What an artwork is drawn on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Under {
    /// White paper: what is see-through mixes with it at once, and loses nothing by rounding.
    Paper,
    /// Nothing: what is see-through stays so.
    Nothing,
}

/// A length in whole pixels.
fn whole(pixels: f32) -> u32 {
    (pixels.round() as u32).max(1)
}

impl RenderError {
    fn of_background(template: &Template, message: &str) -> Self {
        let message =
            format!("its background, {}, will not do: {message}", template.background_file);
        Self { template: template.name.clone(), message }
    }

    fn of_picture(template: &Template, picture: &PictureField, message: &str) -> Self {
        let PictureField { origin, field, file, .. } = picture;
        let message = format!("{origin}, field {field:?}, {file}: {message}");
        Self { template: template.name.clone(), message }
    }
}

/// Makes sure that a background of this width and height fills the paper without being seen
/// to be stretched.
fn check_proportions(template: &Template, width: f32, height: f32) -> Result<(), RenderError> {
    let stretch = (height / width) / (template.height / template.width);
    if (stretch - 1.0).abs() <= STRETCH {
        return Ok(());
    }
    Err(RenderError {
        template: template.name.clone(),
        message: format!(
            "its background of {width} x {height} has not the proportions of its paper, {} x {} mm",
            template.paper.width_mm, template.paper.height_mm
        ),
    })
}

/// The digest of a certificate's file, as the register keeps it: of the pixels for PNG, of the
/// bytes for PDF. Nothing when it cannot be read.
#[must_use]
pub fn digest(format: Format, bytes: &[u8]) -> Option<String> {
    match format {
        Format::Png => pixels::Frame::read_png(bytes).map(|frame| png::digest(&frame)),
        Format::Pdf => Some(hex_digest("sha256", Sha256::new_with_prefix(bytes))),
    }
}

/// Why a template's background cannot be drawn, or a page not be written.
#[derive(Debug, Clone, thiserror::Error)]
#[error("template {template}: {message}")]
pub struct RenderError {
    /// The template.
    pub template: String,
    /// What is wrong.
    pub message: String,
}
