//! What a template.toml may say. A field may leave out what the drawing says of it already.

use serde::Deserialize;
use toml::Spanned;

use super::artwork::Artwork;
use super::field::{CodeField, Origin, PictureField, TextField, Value};
use super::style::{Align, Box, Color, Correction, Valign};
use super::{Mistake, Paper};

/// A template.toml.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub background: String,
    pub background_page: Option<u32>,
    #[serde(default)]
    pub page: PageTable,
    #[serde(default)]
    pub text: Vec<TextTable>,
    #[serde(default)]
    pub picture: Vec<PictureTable>,
    #[serde(default)]
    pub qr: Vec<CodeTable>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PageTable {
    pub paper: Option<Paper>,
    pub width: Option<f32>,
    pub pixels: Option<u32>,
    pub dpi: Option<f32>,
}

/// A text field, as far as it is described in one place.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TextTable {
    pub field: Spanned<String>,
    #[serde(skip)]
    pub origin: Option<Origin>,
    pub value: Option<Value>,
    #[serde(rename = "box")]
    pub place: Option<Box>,
    pub align: Option<Align>,
    pub valign: Option<Valign>,
    pub fonts: Option<Vec<String>>,
    pub size: Option<f32>,
    pub min_size: Option<f32>,
    pub color: Option<Color>,
    pub letter_spacing: Option<f32>,
    pub line_height: Option<f32>,
    pub wrap: Option<bool>,
    pub two_character_gap: Option<f32>,
    pub rotation: Option<f32>,
    pub uppercase: Option<bool>,
    pub kerning: Option<bool>,
    pub hanging: Option<bool>,
}

/// A picture field, as far as it is described in one place.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PictureTable {
    pub field: Spanned<String>,
    #[serde(skip)]
    pub origin: Option<Origin>,
    pub file: Option<String>,
    #[serde(rename = "box")]
    pub place: Option<Box>,
    pub align: Option<Align>,
    pub valign: Option<Valign>,
}

/// A QR code, as far as it is described in one place.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CodeTable {
    pub field: Spanned<String>,
    #[serde(skip)]
    pub origin: Option<Origin>,
    pub value: Option<Value>,
    #[serde(rename = "box")]
    pub place: Option<Box>,
    pub quiet_zone: Option<u32>,
    pub dark: Option<Color>,
    pub light: Option<Color>,
    pub error_correction: Option<Correction>,
}

/// Space from baseline to baseline where a field does not say it, in em.
const LINE_HEIGHT: f32 = 1.5;

/// Modules left free around a code where its field does not say it (ISO/IEC 18004).
const QUIET_ZONE: u32 = 4;

impl File {
    /// Tells each field where it was described.
    pub fn tell_origins(&mut self, description: &str) {
        let origin = |field: &Spanned<String>| {
            let line = description[..field.span().start].lines().count().max(1);
            Some(Origin { file: super::FILE.to_owned(), line })
        };
        self.text.iter_mut().for_each(|table| table.origin = origin(&table.field));
        self.picture.iter_mut().for_each(|table| table.origin = origin(&table.field));
        self.qr.iter_mut().for_each(|table| table.origin = origin(&table.field));
    }
}

/// A field as far as it is described in one place.
pub(super) trait Table {
    /// What messages call it.
    fn name(&self) -> &str;

    /// The field: what is said here, and for the rest what `drawn` says of it.
    fn over(self, drawn: Self) -> Self;
}

impl Table for TextTable {
    fn name(&self) -> &str {
        self.field.get_ref()
    }

    fn over(self, drawn: Self) -> Self {
        let at_most = |least: f32| least.min(self.size.unwrap_or(least));
        Self {
            field: self.field,
            origin: self.origin,
            value: self.value.or(drawn.value),
            place: self.place.or(drawn.place),
            align: self.align.or(drawn.align),
            // Where a drawn line stands in a drawn box says nothing of another box.
            valign: self.valign.or(drawn.valign.filter(|_| self.place.is_none())),
            fonts: self.fonts.or(drawn.fonts),
            size: self.size.or(drawn.size),
            min_size: self.min_size.or(drawn.min_size.map(at_most)),
            color: self.color.or(drawn.color),
            letter_spacing: self.letter_spacing.or(drawn.letter_spacing),
            line_height: self.line_height.or(drawn.line_height),
            wrap: self.wrap.or(drawn.wrap),
            two_character_gap: self.two_character_gap.or(drawn.two_character_gap),
            rotation: self.rotation.or(drawn.rotation),
            uppercase: self.uppercase.or(drawn.uppercase),
            kerning: self.kerning.or(drawn.kerning),
            hanging: self.hanging.or(drawn.hanging),
        }
    }
}

impl Table for PictureTable {
    fn name(&self) -> &str {
        self.field.get_ref()
    }

    fn over(self, drawn: Self) -> Self {
        Self {
            field: self.field,
            origin: self.origin,
            file: self.file.or(drawn.file),
            place: self.place.or(drawn.place),
            align: self.align.or(drawn.align),
            valign: self.valign.or(drawn.valign),
        }
    }
}

impl Table for CodeTable {
    fn name(&self) -> &str {
        self.field.get_ref()
    }

    fn over(self, drawn: Self) -> Self {
        Self {
            field: self.field,
            origin: self.origin,
            value: self.value.or(drawn.value),
            place: self.place.or(drawn.place),
            quiet_zone: self.quiet_zone.or(drawn.quiet_zone),
            dark: self.dark.or(drawn.dark),
            light: self.light.or(drawn.light),
            error_correction: self.error_correction.or(drawn.error_correction),
        }
    }
}

/// Drawn fields, each completed by what is described under its name; then the other described
/// ones.
pub(super) fn merge<T: Table>(drawn: Vec<T>, mut described: Vec<T>) -> Vec<T> {
    let mut fields = Vec::with_capacity(drawn.len() + described.len());
    for field in drawn {
        match described.iter().position(|other| other.name() == field.name()) {
            Some(place) => fields.push(described.remove(place).over(field)),
            None => fields.push(field),
        }
    }
    fields.extend(described);
    fields
}

impl TextTable {
    pub fn complete(self) -> Result<TextField, Mistake> {
        let missing = Missing::new(self.origin.as_ref(), self.field.get_ref());
        let size = self.size.ok_or_else(|| missing.key("size", "size = 40"))?;
        Ok(TextField {
            value: self.value.ok_or_else(|| missing.key("value", "value = \"{name}\""))?,
            place: self.place.ok_or_else(|| missing.place())?,
            align: self.align.unwrap_or_default(),
            valign: self.valign.unwrap_or_default(),
            fonts: self.fonts.unwrap_or_default(),
            size,
            min_size: self.min_size.unwrap_or(size),
            color: self.color.unwrap_or_default(),
            letter_spacing: self.letter_spacing.unwrap_or_default(),
            line_height: self.line_height.unwrap_or(LINE_HEIGHT),
            wrap: self.wrap.unwrap_or_default(),
            two_character_gap: self.two_character_gap.unwrap_or_default(),
            rotation: self.rotation.unwrap_or_default(),
            uppercase: self.uppercase.unwrap_or_default(),
            kerning: self.kerning.unwrap_or(true),
            hanging: self.hanging.unwrap_or(true),
            origin: missing.origin,
            field: self.field.into_inner(),
        })
    }
}

impl PictureTable {
    /// `read` gives what is in a file of the template.
    pub fn complete(
        self,
        read: impl FnOnce(&str) -> Result<Artwork, String>,
    ) -> Result<PictureField, Mistake> {
        let missing = Missing::new(self.origin.as_ref(), self.field.get_ref());
        let file = self.file.ok_or_else(|| missing.key("file", "file = \"signature.png\""))?;
        let artwork = read(&file).map_err(|message| missing.mistake(message))?;
        Ok(PictureField {
            artwork,
            file,
            place: self.place.ok_or_else(|| missing.place())?,
            align: self.align.unwrap_or_default(),
            valign: self.valign.unwrap_or_default(),
            origin: missing.origin,
            field: self.field.into_inner(),
        })
    }
}

impl CodeTable {
    pub fn complete(self) -> Result<CodeField, Mistake> {
        let missing = Missing::new(self.origin.as_ref(), self.field.get_ref());
        Ok(CodeField {
            value: self.value.ok_or_else(|| missing.key("value", "value = \"{url}\""))?,
            place: self.place.ok_or_else(|| missing.place())?,
            quiet_zone: self.quiet_zone.unwrap_or(QUIET_ZONE),
            dark: self.dark.unwrap_or_default(),
            light: self.light.unwrap_or(Color::WHITE),
            error_correction: self.error_correction.unwrap_or_default(),
            origin: missing.origin,
            field: self.field.into_inner(),
        })
    }
}

/// What a field lacks.
struct Missing {
    origin: Origin,
    field: String,
}

impl Missing {
    fn new(origin: Option<&Origin>, field: &str) -> Self {
        // Every field is told its origin when it is read.
        let unknown = || Origin { file: super::FILE.to_owned(), line: 1 };
        Self { origin: origin.cloned().unwrap_or_else(unknown), field: field.to_owned() }
    }

    fn mistake(&self, message: String) -> Mistake {
        Mistake::of_field(&self.origin, &self.field, message)
    }

    fn key(&self, key: &str, example: &str) -> Mistake {
        self.mistake(format!("it has no {key}; add one, such as {example}"))
    }

    fn place(&self) -> Mistake {
        self.key("box", "box = [left, top, width, height]")
    }
}
