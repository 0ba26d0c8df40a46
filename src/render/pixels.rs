//! A page as pixels: 8-bit sRGB, glyphs blended over the background by coverage.

use resvg::{tiny_skia, usvg};
use skrifa::MetadataProvider;
use skrifa::instance::{LocationRef, Size};
use skrifa::outline::{DrawSettings, OutlinePen};
use zeno::{Command, Mask, Vector};

use super::{RenderError, picture, svg};
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

/// Draws a template's background, over white.
///
/// # Errors
/// When it cannot be read, or is larger than memory allows.
pub fn background(template: &Template, fonts: &Fonts) -> Result<Frame, RenderError> {
    let drawing = match &template.background {
        Artwork::Drawing(drawing) => drawing,
        Artwork::Picture(background) => {
            let image = picture::pixels(background, template)?;
            let (width, height) = image.dimensions();
            return Ok(Frame { width, height, rgb: image.into_raw() });
        }
    };
    let tree = svg::parse(&drawing.svg, template, fonts)?;
    let (width, height) = template.pixels();
    let mut pixmap = tiny_skia::Pixmap::new(width, height).ok_or_else(|| RenderError {
        template: template.name.clone(),
        message: format!("a picture of {width} x {height} pixels is too large"),
    })?;
    pixmap.fill(tiny_skia::Color::WHITE);
    let transform = usvg::Transform::from_scale(
        template.width * template.scale / tree.size().width(),
        template.height * template.scale / tree.size().height(),
    );
    resvg::render(&tree, transform, &mut pixmap.as_mut());
    // Over white every pixel is opaque, so that premultiplied is plain.
    let rgb = pixmap.data().chunks_exact(4).flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]);
    Ok(Frame { width, height, rgb: rgb.collect() })
}

impl Frame {
    /// Reads a PNG; nothing when it is damaged.
    #[must_use]
    pub fn read_png(bytes: &[u8]) -> Option<Self> {
        let image = image::load_from_memory_with_format(bytes, image::ImageFormat::Png).ok()?;
        let (width, height, rgb) = (image.width(), image.height(), image.into_rgb8().into_raw());
        Some(Self { width, height, rgb })
    }

    /// Paints a page over the picture of its background.
    pub fn paint(&mut self, page: &Page, template: &Template, fonts: &Fonts) {
        for line in &page.lines {
            for run in &line.runs {
                let face = fonts.face(run.face);
                let size = line.size * template.scale;
                for glyph in &run.glyphs {
                    self.glyph(glyph, line, face, size, template.scale);
                }
            }
        }
        for code in &page.codes {
            self.code(code, template.scale);
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
        let rows = mask.chunks_exact(place.width.max(1) as usize);
        for (y, coverage) in (place.top..).zip(rows) {
            for (x, coverage) in (place.left..).zip(coverage) {
                self.blend(x, y, line.color, *coverage);
            }
        }
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

    /// Fills the pixels whose middle lies in a box.
    fn fill(&mut self, area: Box, scale: f32, color: Color) {
        let edge = |units: f32| (units * scale).round() as i32;
        for y in edge(area.top)..edge(area.top + area.height) {
            for x in edge(area.left)..edge(area.left + area.width) {
                self.blend(x, y, color, u8::MAX);
            }
        }
    }

    /// Mixes a colour into a pixel; outside the picture nothing happens.
    fn blend(&mut self, x: i32, y: i32, color: Color, coverage: u8) {
        let (Ok(x), Ok(y)) = (u32::try_from(x), u32::try_from(y)) else { return };
        if x >= self.width || y >= self.height || coverage == 0 {
            return;
        }
        let at = (y as usize * self.width as usize + x as usize) * 3;
        for (under, over) in
            self.rgb[at..at + 3].iter_mut().zip([color.red, color.green, color.blue])
        {
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
