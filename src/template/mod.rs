//! From template.toml and its background to a [`Template`]: the page, and the fields on it.
//!
//! All lengths are in template units: the template says how many of them the page is wide.
//! Its origin is the page's upper left corner, and y grows downwards.

mod background;
mod bundled;
mod paper;
mod schema;

use std::path::Path;

use sha2::{Digest, Sha256};

use crate::disk::{self, DiskError};

pub use background::{Background, Picture, PictureKind};
pub use bundled::{BUNDLED, Bundled};
pub use paper::Paper;
pub use schema::{Align, Box, CodeField, Color, Correction, TextField, Valign, Value};

/// The name of the file in a template's folder.
pub const FILE: &str = "template.toml";

/// The largest template.toml, in bytes.
const LARGEST_FILE: u64 = 1 << 20;

/// The largest background, in bytes.
const LARGEST_BACKGROUND: u64 = 64 << 20;

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
    /// What lies under the fields.
    pub background: Background,
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

/// The template of this name: the issuer's own, in `templates/` below `folder`, else the bundled
/// one.
///
/// # Errors
/// When there is none, or it cannot be used.
pub fn load(folder: &Path, name: &str) -> Result<Template, TemplateError> {
    if disk::safe_name(name) != name {
        return Err(TemplateError::Unknown(name.to_owned()));
    }
    let own = folder.join("templates").join(name);
    if own.exists() {
        let description = disk::read_text(&own.join(FILE), LARGEST_FILE)?;
        return assemble(name, &description, |background| {
            Ok(disk::read(&own.join(background), LARGEST_BACKGROUND)?)
        });
    }
    let bundled = BUNDLED
        .iter()
        .find(|bundled| bundled.name == name)
        .ok_or_else(|| TemplateError::Unknown(name.to_owned()))?;
    assemble(name, bundled.description, |_| Ok(bundled.background.as_bytes().to_vec()))
}

fn assemble(
    name: &str,
    description: &str,
    background: impl FnOnce(&str) -> Result<Vec<u8>, TemplateError>,
) -> Result<Template, TemplateError> {
    let wrong = |place: String, message: String| TemplateError::Value {
        template: name.to_owned(),
        place,
        message,
    };
    let syntax = |error: toml::de::Error| wrong(FILE.to_owned(), error.to_string());
    let mut file: schema::File = toml::from_str(description).map_err(syntax)?;
    let places: schema::Places = toml::from_str(description).map_err(syntax)?;
    places.tell(description, &mut file);
    if !disk::stays_inside(&file.background) {
        return Err(wrong(
            format!("{FILE}, background"),
            format!("{:?} must lie in the template's own folder", file.background),
        ));
    }
    let background = background(&file.background)?;
    let digest = digest(&[description.as_bytes(), &background]);
    let background =
        Background::read(background).map_err(|message| wrong(file.background.clone(), message))?;
    let paper = file.page.paper;
    let width = file.page.width.or(background.width()).ok_or_else(|| {
        let message = "say how many units the page is wide, such as width = 2000";
        wrong(format!("{FILE}, [page] width"), message.to_owned())
    })?;
    let height = width * paper.height_mm / paper.width_mm;
    let pixels = file.page.pixels.unwrap_or(width.round() as u32);
    let template = Template {
        name: name.to_owned(),
        digest,
        paper,
        width,
        height,
        scale: pixels as f32 / width,
        background,
        texts: file.text,
        codes: file.qr,
    };
    schema::check(&template)
        .map_err(|(place, message)| wrong(format!("{FILE}, {place}"), message))?;
    Ok(template)
}

impl Template {
    /// Its width and height in pixels.
    #[must_use]
    pub fn pixels(&self) -> (u32, u32) {
        let pixels = |units: f32| ((units * self.scale).round() as u32).max(1);
        (pixels(self.width), pixels(self.height))
    }
}

/// SHA-256 over the length and bytes of each file. Line breaks count as `\n`, since git may
/// have turned them into `\r\n` on the way.
fn digest(files: &[&[u8]]) -> String {
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
