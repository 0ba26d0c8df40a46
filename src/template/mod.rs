//! From template.toml and its background to a [`Template`]: the page, and the fields on it.
//!
//! All lengths are in template units: the template says how many of them the page is wide.
//! Its origin is the page's upper left corner, and y grows downwards.

mod artwork;
mod bundled;
mod check;
mod description;
mod drawing;
mod field;
mod paper;
mod pdf;
mod start;
mod style;

use std::path::Path;

use sha2::{Digest, Sha256};

use crate::disk::{self, DiskError};
use crate::fonts::Fonts;
use crate::settings;
use description::{PageTable, Table, merge};

pub use artwork::{Artwork, Picture, PictureKind};
pub use bundled::{BUNDLED, Bundled};
pub use drawing::Drawing;
pub use field::{CodeField, Origin, PictureField, TextField, Value};
pub use paper::{Paper, STRETCH};
pub use pdf::PdfPage;
pub use start::{Start, start};
pub use style::{Align, Box, Color, Correction, Valign};

/// The name of the file in a template's folder.
pub const FILE: &str = "template.toml";

/// The largest template.toml, in bytes.
const LARGEST_FILE: u64 = 1 << 20;

/// The largest background or picture, in bytes.
pub const LARGEST_ARTWORK: u64 = 64 << 20;

/// Pixels to the inch of a page that no template and no picture has given a size in pixels.
const DPI: f32 = 200.0;

/// How fine a template may ask its PNGs to be, in pixels to the inch.
const DPI_RANGE: std::ops::RangeInclusive<f32> = 10.0..=2400.0;

/// Millimetres in an inch.
const INCH: f32 = 25.4;

/// A template, ready to be set and drawn.
#[derive(Debug, Clone)]
pub struct Template {
    /// The name accolade.toml and the register know it by.
    pub name: String,
    /// The digest over its files, `sha256:` and 64 hexadecimal digits.
    pub digest: String,
    /// The sheet it is printed on.
    pub paper: Paper,
    /// The page's width in template units.
    pub width: f32,
    /// The page's height in template units: the paper's proportion of its width.
    pub height: f32,
    /// Pixels a template unit has in PNG.
    pub scale: f32,
    /// The file of its background, for messages.
    pub background_file: String,
    /// What lies under the fields.
    pub background: Artwork,
    /// Its pictures, painted over the background, the same for everybody.
    pub pictures: Vec<PictureField>,
    /// Its text fields, in painting order.
    pub texts: Vec<TextField>,
    /// Its QR codes, painted after the texts.
    pub codes: Vec<CodeField>,
}

/// Why a template cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// There is no such template.
    #[error("there is no template {0:?}, neither in templates/ nor bundled")]
    Unknown(String),
    /// A file of it cannot be read.
    #[error(transparent)]
    Disk(#[from] DiskError),
    /// Something in its template.toml is wrong.
    #[error("template {template}, {place}: {message}")]
    Value {
        /// The template's name.
        template: String,
        /// The file, with the line or field where it is known.
        place: String,
        /// What is wrong.
        message: String,
    },
}

/// Something wrong in a template: where, and what.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Mistake {
    place: String,
    message: String,
}

impl Mistake {
    fn of_field(origin: &Origin, field: &str, message: impl Into<String>) -> Self {
        Self { place: format!("{origin}, field {field:?}"), message: message.into() }
    }

    fn of_key(key: &str, message: impl Into<String>) -> Self {
        Self { place: format!("{FILE}, {key}"), message: message.into() }
    }
}

/// The template of this name: the issuer's own, in `templates/` below `folder`, else the bundled
/// one.
///
/// # Errors
/// When there is none, or it cannot be used.
pub fn load(folder: &Path, name: &str, fonts: &Fonts) -> Result<Template, TemplateError> {
    if disk::safe_name(name) != name {
        return Err(TemplateError::Unknown(name.to_owned()));
    }
    let own = folder.join("templates").join(name);
    if own.exists() {
        let description = disk::read_text(&own.join(FILE), LARGEST_FILE)?;
        let open = |file: &str| disk::read_inside(&own, file, LARGEST_ARTWORK);
        return assemble(name, &description, fonts, open);
    }
    let bundled = BUNDLED
        .iter()
        .find(|bundled| bundled.name == name)
        .ok_or_else(|| TemplateError::Unknown(name.to_owned()))?;
    assemble(name, bundled.description, fonts, |_| Ok(bundled.background.as_bytes().to_vec()))
}

/// Puts a template together; `open` reads a file of its folder.
fn assemble(
    name: &str,
    description: &str,
    fonts: &Fonts,
    open: impl Fn(&str) -> Result<Vec<u8>, DiskError>,
) -> Result<Template, TemplateError> {
    let wrong = |Mistake { place, message }| TemplateError::Value {
        template: name.to_owned(),
        place,
        message,
    };
    let mut file: description::File = settings::read(description)
        .map_err(|message| wrong(Mistake { place: FILE.to_owned(), message }))?;
    file.tell_origins(description);
    check_inside(&file.background)
        .map_err(|message| wrong(Mistake::of_key("background", message)))?;
    let background = open(&file.background)?;
    let mut digested = vec![description.as_bytes().to_vec(), background.clone()];
    let background = Artwork::read(background, file.background_page)
        .map_err(|message| wrong(Mistake { place: file.background.clone(), message }))?;
    if file.background_page.is_some() && !matches!(background, Artwork::Page(_)) {
        let message = format!("only a PDF has pages, and {} is none", file.background);
        return Err(wrong(Mistake::of_key("background_page", message)));
    }
    let (width, paper) = size(&file.page, &background).map_err(wrong)?;
    let height = width * paper.height_mm / paper.width_mm;
    let background = complete(&mut file, background, (width, height), fonts).map_err(wrong)?;

    let mut pictures = Vec::with_capacity(file.picture.len());
    for table in file.picture {
        let picture = table.complete(|path| {
            check_inside(path)?;
            let bytes = open(path).map_err(|error| format!("{error}: {}", error.source))?;
            digested.push(bytes.clone());
            Artwork::read(bytes, None).map_err(|message| format!("{path}: {message}"))
        });
        pictures.push(picture.map_err(wrong)?);
    }
    let template = Template {
        name: name.to_owned(),
        digest: digest(&digested),
        paper,
        width,
        height,
        scale: pixels(&file.page, &background, paper).map_err(wrong)? / width,
        background_file: file.background,
        background,
        pictures,
        texts: file
            .text
            .into_iter()
            .map(description::TextTable::complete)
            .collect::<Result<_, _>>()
            .map_err(wrong)?,
        codes: file
            .qr
            .into_iter()
            .map(description::CodeTable::complete)
            .collect::<Result<_, _>>()
            .map_err(wrong)?,
    };
    check::check(&template).map_err(wrong)?;
    Ok(template)
}

/// Completes what is described by what the background says of its fields; gives back what is
/// left of it to be painted.
fn complete(
    file: &mut description::File,
    background: Artwork,
    page: (f32, f32),
    fonts: &Fonts,
) -> Result<Artwork, Mistake> {
    let Artwork::Drawing(drawing) = background else { return Ok(background) };
    let mut drawn = drawing::fields(&drawing, &file.background, page, fonts)?;
    for (name, mistake) in drawn.unset {
        let other = |text: &description::TextTable| text.name() == name && text.fonts.is_some();
        if !file.text.iter().any(other) {
            return Err(mistake);
        }
    }
    // A box drawn for a signature stays empty until a picture is there to sign with.
    drawn.pictures.retain(|drawn| file.picture.iter().any(|own| own.name() == drawn.name()));
    file.text = merge(drawn.texts, std::mem::take(&mut file.text));
    file.picture = merge(drawn.pictures, std::mem::take(&mut file.picture));
    file.qr = merge(drawn.codes, std::mem::take(&mut file.qr));
    Ok(Artwork::Drawing(drawn.drawing))
}

/// No file is read but those in the template's own folder.
fn check_inside(file: &str) -> Result<(), String> {
    if disk::stays_inside(file) {
        return Ok(());
    }
    Err(format!("{file:?} must lie in the template's own folder"))
}

/// How wide the page is in template units, and on what paper it lies.
fn size(page: &PageTable, background: &Artwork) -> Result<(f32, Paper), Mistake> {
    let paper = page.paper.or_else(|| background.paper()).ok_or_else(|| {
        Mistake::of_key(
            "[page] paper",
            "say what it is printed on, such as paper = \"A4 landscape\"",
        )
    })?;
    Ok((page.width.unwrap_or(background.size().0), paper))
}

/// How many pixels the page is wide in PNG.
fn pixels(page: &PageTable, background: &Artwork, paper: Paper) -> Result<f32, Mistake> {
    let at = |dpi: f32| (paper.width_mm / INCH * dpi).round();
    match (page.pixels, page.dpi, background) {
        (Some(0), ..) => Err(Mistake::of_key("[page] pixels", "a page has at least one")),
        (Some(pixels), ..) => Ok(pixels as f32),
        (None, Some(dpi), _) if DPI_RANGE.contains(&dpi) => Ok(at(dpi)),
        (None, Some(dpi), _) => Err(Mistake::of_key(
            "[page] dpi",
            format!("{dpi} is not {} to {}", DPI_RANGE.start(), DPI_RANGE.end()),
        )),
        (None, None, Artwork::Picture(picture)) => Ok(picture.width as f32),
        (None, None, _) => Ok(at(DPI)),
    }
}

impl Template {
    /// Its width and height in pixels.
    #[must_use]
    pub fn pixels(&self) -> (u32, u32) {
        let pixels = |units: f32| ((units * self.scale).round() as u32).max(1);
        let (across, down) = (pixels(self.width), pixels(self.height));
        match &self.background {
            // The paper's proportions may be half a pixel off; a picture keeps all its rows.
            Artwork::Picture(picture)
                if picture.width == across && picture.height.abs_diff(down) == 1 =>
            {
                (across, picture.height)
            }
            _ => (across, down),
        }
    }
}

/// SHA-256 over the length and bytes of each file. Line breaks count as `\n`, since git may
/// have turned them into `\r\n` on the way.
fn digest(files: &[Vec<u8>]) -> String {
    let mut hash = Sha256::new();
    for file in files {
        let breaks: Vec<u8> = file
            .iter()
            .enumerate()
            .filter(|(at, byte)| !(**byte == b'\r' && file.get(at + 1) == Some(&b'\n')))
            .map(|(_, byte)| *byte)
            .collect();
        hash.update((breaks.len() as u64).to_be_bytes());
        hash.update(&breaks);
    }
    disk::hex_digest("sha256", hash)
}
