//! A page as pixels: 8-bit sRGB, glyphs blended over the background by coverage.

use skrifa::MetadataProvider;
use skrifa::instance::{LocationRef, Size};
use skrifa::outline::{DrawSettings, OutlinePen};
use zeno::{Command, Mask, Placement, Vector};

use super::layer::Layer;
use super::{RenderError, Under, check_proportions};
use crate::fonts::{Face, Fonts};
use crate::template::{Artwork, Box, Color, Template};
use crate::typeset::{Code, Glyph, Line, Page};

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

    /// Paints a page over the picture of its background.
    pub fn paint(&mut self, page: &Page, template: &Template, fonts: &Fonts) {
        for line in &page.lines {
            self.line(line, template.scale, fonts);
        }
        for code in &page.codes {
            self.code(code, template.scale);
        }
    }

    /// Paints a line of text; `scale` is pixels to the line's unit.
    pub fn line(&mut self, line: &Line, scale: f32, fonts: &Fonts) {
        for run in &line.runs {
            let face = fonts.face(run.face);
            for glyph in &run.glyphs {
                self.glyph(glyph, line, face, line.size * scale, scale);
            }
        }
    }

    fn glyph(&mut self, glyph: &Glyph, line: &Line, face: &Face, size: f32, scale: f32) {
        let outlines = face.font().outline_glyphs();
        let Some(outline) = outlines.get(skrifa::GlyphId::from(glyph.id)) else { return };
        let (x, y) = line.turn.apply((glyph.x, glyph.y));
        let mut path = Path {
            origin: Vector::new(x * scale, y * scale),
            turn: line.turn.degrees.to_radians().sin_cos(),
            commands: Vec::new(),
        };
        let settings = DrawSettings::unhinted(Size::new(size), LocationRef::default());
        // A glyph without an outline, or a damaged one, leaves no ink.
        if outline.draw(settings, &mut path).is_err() || path.commands.is_empty() {
            return;
        }
        let (mask, place) = Mask::new(path.commands.as_slice()).render();
        self.cover(&mask, place, line.color);
    }

    fn code(&mut self, code: &Code, scale: f32) {
        self.fill(code.ground, scale, code.light_color);
        for (row, column, count) in code.runs() {
            let run = Box {
                left: code.left + column as f32 * code.module,
                top: code.top + row as f32 * code.module,
                width: count as f32 * code.module,
                height: code.module,
            };
            self.fill(run, scale, code.dark_color);
        }
    }

    /// Fills the pixels whose middle lies in a box; `scale` is pixels to the box's unit.
    pub fn fill(&mut self, area: Box, scale: f32, color: Color) {
        let edge = |units: f32| (units * scale).round() as i32;
        for y in edge(area.top)..edge(area.top + area.height) {
            for x in edge(area.left)..edge(area.left + area.width) {
                self.blend(x, y, color, u8::MAX);
            }
        }
    }

    /// Lays a colour over the picture, as far as a mask covers it.
    pub(super) fn cover(&mut self, mask: &[u8], place: Placement, color: Color) {
        let rows = mask.chunks_exact(place.width.max(1) as usize);
        for (y, coverage) in (place.top..).zip(rows) {
            for (x, coverage) in (place.left..).zip(coverage) {
                self.blend(x, y, color, *coverage);
            }
        }
    }

    /// Mixes a colour into a pixel; outside the picture nothing happens.
    fn blend(&mut self, x: i32, y: i32, color: Color, coverage: u8) {
        if coverage == 0 {
            return;
        }
        let Some(pixel) = self.pixel(x, y) else { return };
        for (under, over) in pixel.iter_mut().zip([color.red, color.green, color.blue]) {
            let (mix, rest) = (u32::from(coverage), u32::from(u8::MAX - coverage));
            *under = ((u32::from(over) * mix + u32::from(*under) * rest + 127) / 255) as u8;
        }
    }
}

/// An outline on its way from the font, whose y grows upwards, to the picture.
struct Path {
    origin: Vector,
    /// Sine and cosine of how far it is turned, clockwise.
    turn: (f32, f32),
    commands: Vec<Command>,
}

impl Path {
    fn point(&self, x: f32, y: f32) -> Vector {
        let (sin, cos) = self.turn;
        Vector::new(self.origin.x + x * cos + y * sin, self.origin.y + x * sin - y * cos)
    }
}

impl OutlinePen for Path {
    fn move_to(&mut self, x: f32, y: f32) {
        self.commands.push(Command::MoveTo(self.point(x, y)));
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.commands.push(Command::LineTo(self.point(x, y)));
    }

    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        self.commands.push(Command::QuadTo(self.point(cx, cy), self.point(x, y)));
    }

    fn curve_to(&mut self, ax: f32, ay: f32, bx: f32, by: f32, x: f32, y: f32) {
        let (a, b) = (self.point(ax, ay), self.point(bx, by));
        self.commands.push(Command::CurveTo(a, b, self.point(x, y)));
    }

    fn close(&mut self) {
        self.commands.push(Command::Close);
    }
}
