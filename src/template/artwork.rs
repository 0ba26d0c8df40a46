//! What is painted the same for everybody, as background or picture: told by its content,
//! whatever its file is called, and measured before anything is decoded.

use std::io::Cursor;

use image::{ImageDecoder, ImageFormat, ImageReader, metadata::Orientation};

use super::{Drawing, Paper, PdfPage};

/// A drawing or picture of a template.
#[derive(Debug, Clone)]
pub enum Artwork {
    /// A drawing: an SVG document.
    Drawing(Drawing),
    /// A picture.
    Picture(Picture),
    /// A page of a PDF.
    Page(PdfPage),
}

/// A picture as its file has it.
#[derive(Debug, Clone)]
pub struct Picture {
    /// The file.
    pub bytes: Vec<u8>,
    /// What it is.
    pub kind: PictureKind,
    /// Pixels across, as it is seen.
    pub width: u32,
    /// Pixels down, as it is seen.
    pub height: u32,
    /// How it must be turned to be seen upright; cameras leave that to the reader.
    pub orientation: Orientation,
}

/// Kinds of picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PictureKind {
    /// PNG, of any colour type and depth.
    Png,
    /// JPEG.
    Jpeg,
}

/// The largest picture, in pixels a side; A3 at 300 dpi has 4961.
const LARGEST_SIDE: u32 = 20_000;

/// The most pixels a picture or page may have.
const MOST_PIXELS: u64 = 40_000_000;

impl Artwork {
    /// Tells what the bytes are. `page` is which page of a PDF is meant, from 1.
    ///
    /// # Errors
    /// When they are none of these, damaged, or too large to be drawn.
    pub fn read(bytes: Vec<u8>, page: Option<u32>) -> Result<Self, String> {
        if is_pdf(&bytes) {
            return PdfPage::read(bytes, page).map(Self::Page);
        }
        let kind = match image::guess_format(&bytes) {
            Ok(ImageFormat::Png) => PictureKind::Png,
            Ok(ImageFormat::Jpeg) => PictureKind::Jpeg,
            Ok(other) => return Err(format!("it is {other:?}; PNG, JPEG, SVG and PDF will do")),
            Err(_) if is_svg(&bytes) => return Drawing::read(&bytes).map(Self::Drawing),
            Err(_) => return Err("it is none of PNG, JPEG, SVG and PDF".to_owned()),
        };
        Picture::read(bytes, kind).map(Self::Picture)
    }

    /// The ending of its files.
    #[must_use]
    pub fn extension(&self) -> &'static str {
        match self {
            Self::Drawing(_) => "svg",
            Self::Picture(Picture { kind: PictureKind::Png, .. }) => "png",
            Self::Picture(Picture { kind: PictureKind::Jpeg, .. }) => "jpg",
            Self::Page(_) => "pdf",
        }
    }

    /// Its width and height in units of its own: those of a drawing, pixels of a picture, pt of
    /// a page.
    #[must_use]
    pub fn size(&self) -> (f32, f32) {
        match self {
            Self::Drawing(drawing) => (drawing.width, drawing.height),
            Self::Picture(picture) => (picture.width as f32, picture.height as f32),
            Self::Page(page) => (page.width as f32, page.height as f32),
        }
    }

    /// The paper it says it is made for.
    #[must_use]
    pub fn paper(&self) -> Option<Paper> {
        let (width, height) = self.size();
        match self {
            Self::Page(_) => Some(Paper::of_points(width, height)),
            _ => Paper::of_proportions(width, height),
        }
    }
}

/// Refuses a page of too many pixels.
pub(super) fn check_pixels(width: u32, height: u32) -> Result<(), String> {
    if width.max(height) <= LARGEST_SIDE && u64::from(width) * u64::from(height) <= MOST_PIXELS {
        return Ok(());
    }
    let most = MOST_PIXELS / 1_000_000;
    Err(format!(
        "{width} x {height} pixels are too many: at most {LARGEST_SIDE} a side, and {most} million in all"
    ))
}

impl Picture {
    fn read(bytes: Vec<u8>, kind: PictureKind) -> Result<Self, String> {
        let damaged = |error: image::ImageError| format!("it cannot be read: {error}");
        let reader = ImageReader::new(Cursor::new(&bytes)).with_guessed_format();
        let mut decoder =
            reader.map_err(|error| error.to_string())?.into_decoder().map_err(damaged)?;
        let (mut width, mut height) = decoder.dimensions();
        let orientation = decoder.orientation().map_err(damaged)?;
        drop(decoder);
        check_pixels(width, height)?;
        let turned = [
            Orientation::Rotate90,
            Orientation::Rotate270,
            Orientation::Rotate90FlipH,
            Orientation::Rotate270FlipH,
        ];
        if turned.contains(&orientation) {
            std::mem::swap(&mut width, &mut height);
        }
        Ok(Self { bytes, kind, width, height, orientation })
    }
}

/// Whether it begins as a PDF; readers look for its mark in the first 1024 bytes
/// (ISO 32000-1, annex H).
fn is_pdf(bytes: &[u8]) -> bool {
    bytes[..bytes.len().min(1024)].windows(5).any(|mark| mark == b"%PDF-")
}

/// Whether it is text that has an svg element.
fn is_svg(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(64 * 1024)]);
    text.contains("<svg") || text.contains(":svg")
}
