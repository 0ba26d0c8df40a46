//! A drawing, picture or page as a layer of pixels, to be laid over others.

use image::RgbaImage;
use image::imageops::{self, FilterType};
use resvg::{tiny_skia, usvg};

use super::{Under, page, picture, svg, whole};
use crate::fonts::Fonts;
use crate::template::{Artwork, Picture};

/// Pixels that may be see-through.
pub(super) struct Layer {
    /// Pixels across.
    pub width: u32,
    /// Four bytes a pixel: red, green and blue, each multiplied by alpha, and alpha.
    pub rgba: Vec<u8>,
}

impl Layer {
    /// Draws an artwork at a size in pixels. Where that is no whole number, the last row or
    /// column of pixels shows as much more or less of it, and nothing is stretched.
    pub fn of(
        artwork: &Artwork,
        size: (f32, f32),
        under: Under,
        fonts: &Fonts,
    ) -> Result<Self, String> {
        let rgba = match artwork {
            Artwork::Drawing(drawing) => draw(&drawing.svg, size, under, fonts)?,
            Artwork::Picture(picture) => scale(picture, size)?.into_raw(),
            Artwork::Page(page) => page::draw(page, size, under)?,
        };
        Ok(Self { width: whole(size.0), rgba })
    }
}

fn draw(
    svg: &str,
    (width, height): (f32, f32),
    under: Under,
    fonts: &Fonts,
) -> Result<Vec<u8>, String> {
    let tree = svg::parse(svg, fonts)?;
    let mut pixmap = tiny_skia::Pixmap::new(whole(width), whole(height))
        .ok_or_else(|| format!("a picture of {width} x {height} pixels is too large"))?;
    if under == Under::Paper {
        pixmap.fill(tiny_skia::Color::WHITE);
    }
    let transform =
        usvg::Transform::from_scale(width / tree.size().width(), height / tree.size().height());
    resvg::render(&tree, transform, &mut pixmap.as_mut());
    Ok(pixmap.take())
}

/// A picture at a size in pixels; untouched where that is its own.
fn scale(picture: &Picture, (width, height): (f32, f32)) -> Result<RgbaImage, String> {
    let (width, height) = (whole(width), whole(height));
    let image = picture::upright(picture)?;
    // The sharper filter overshoots, which would draw a rim around what is cut out.
    let filter =
        if image.color().has_alpha() { FilterType::Triangle } else { FilterType::Lanczos3 };
    let mut image = image.into_rgba8();
    for pixel in image.pixels_mut() {
        let [red, green, blue, alpha] = pixel.0;
        let part = |color: u8| ((u32::from(color) * u32::from(alpha) + 127) / 255) as u8;
        pixel.0 = [part(red), part(green), part(blue), alpha];
    }
    if image.dimensions() == (width, height) {
        return Ok(image);
    }
    Ok(imageops::resize(&image, width, height, filter))
}
