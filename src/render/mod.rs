//! Painting a set page: as pixels, as PNG, as PDF. Nothing is decided here; a painter puts
//! each glyph where [`typeset`](crate::typeset) has put it.

pub mod pdf;
pub mod pixels;
pub mod png;
mod press;
mod svg;

pub use press::{Drawn, Press, PressError};

/// Why a template's background cannot be drawn, or a page not be written.
#[derive(Debug, Clone, thiserror::Error)]
#[error("template {template}: {message}")]
pub struct RenderError {
    /// The template.
    pub template: String,
    /// What is wrong.
    pub message: String,
}
