//! A page as pixels: 8-bit sRGB, glyphs blended over the background by coverage.

use super::ink::{self, Ink, Strip};
use super::layer::Layer;
use super::{RenderError, Under, check_proportions};
use crate::fonts::Fonts;
use crate::template::{Artwork, Box, Color, Template};
use crate::typeset::{Line, Page};

/// A picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Three bytes a pixel: red, green, blue; row by row from the top.
    pub rgb: Vec<u8>,
}

/// Draws what is the same for everybody: a template's background, over white, and its
/// pictures.
///
/// # Errors
/// When one of them cannot be read, or is larger than memory allows.
pub fn ground(template: &Template, fonts: &Fonts) -> Result<Frame, RenderError> {
    let (width, height) = template.pixels();
    let mut frame =
        Frame { width, height, rgb: vec![u8::MAX; width as usize * height as usize * 3] };
    let (across, down) = template.background.size();
    check_proportions(template, across, down)?;
    let pixels = |units: f32| units * template.scale;
    let size = match template.background {
        Artwork::Picture(_) => (width as f32, height as f32),
        _ => (pixels(template.width), pixels(template.height)),
    };
    let background = Layer::of(&template.background, size, Under::Paper, fonts)
        .map_err(|message| RenderError::of_background(template, &message))?;
    frame.lay(&background, (0, 0));
    for picture in &template.pictures {
        let spot = picture.spot();
        let size = (pixels(spot.width), pixels(spot.height));
        let layer = Layer::of(&picture.artwork, size, Under::Nothing, fonts)
            .map_err(|message| RenderError::of_picture(template, picture, &message))?;
        frame.lay(&layer, (pixels(spot.left).round() as i32, pixels(spot.top).round() as i32));
    }
    Ok(frame)
}

impl Frame {
    /// Reads a PNG; nothing when it is damaged.
    #[must_use]
    pub fn read_png(bytes: &[u8]) -> Option<Self> {
        let image = image::load_from_memory_with_format(bytes, image::ImageFormat::Png).ok()?;
        let (width, height, rgb) = (image.width(), image.height(), image.into_rgb8().into_raw());
        Some(Self { width, height, rgb })
    }

    /// Lays a layer over the picture, its upper left corner at a pixel.
    fn lay(&mut self, layer: &Layer, (left, top): (i32, i32)) {
        let rows = layer.rgba.chunks_exact(layer.width.max(1) as usize * 4);
        for (y, row) in (top..).zip(rows) {
            for (x, pixel) in (left..).zip(row.chunks_exact(4)) {
                let Some(under) = self.pixel(x, y) else { continue };
                let rest = u32::from(u8::MAX - pixel[3]);
                for (under, over) in under.iter_mut().zip(pixel) {
                    let shining_through = (u32::from(*under) * rest + 127) / 255;
                    *under = (u32::from(*over) + shining_through).min(255) as u8;
                }
            }
        }
    }

    /// The three bytes of a pixel; nothing outside the picture.
    fn pixel(&mut self, x: i32, y: i32) -> Option<&mut [u8]> {
        let (x, y) = (u32::try_from(x).ok()?, u32::try_from(y).ok()?);
        if x >= self.width || y >= self.height {
            return None;
        }
        let at = (y as usize * self.width as usize + x as usize) * 3;
        self.rgb.get_mut(at..at + 3)
    }

    /// The rows of the whole picture.
    fn strip(&mut self) -> Strip<'_> {
        Strip { width: self.width as usize, top: 0, rgb: &mut self.rgb }
    }

    /// Paints a page over the picture of its background.
    pub fn paint(&mut self, page: &Page, template: &Template, fonts: &Fonts) {
        for line in &page.lines {
            self.line(line, template.scale, fonts);
        }
        for code in &page.codes {
            self.lay_all(&ink::code(code, template.scale));
        }
    }

    /// Paints a line of text; `scale` is pixels to the line's unit.
    pub fn line(&mut self, line: &Line, scale: f32, fonts: &Fonts) {
        self.lay_all(&ink::line(line, scale, fonts));
    }

    /// Fills the pixels whose middle lies in a box; `scale` is pixels to the box's unit.
    pub fn fill(&mut self, area: Box, scale: f32, color: Color) {
        self.lay_all(&[Ink::of_box(area, scale, color)]);
    }

    /// Lays ink over the picture.
    pub(super) fn lay_all(&mut self, inks: &[Ink]) {
        let mut strip = self.strip();
        for ink in inks {
            ink.lay(&mut strip);
        }
    }
}
