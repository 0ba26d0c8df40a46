//! What a template.toml may say, and what it must hold.

use indexmap::IndexMap;
use serde::{Deserialize, Deserializer, de};
use toml::Spanned;

use super::background::{LARGEST_SIDE, MOST_PIXELS};
use super::{Paper, Template};
use crate::pattern::Pattern;

/// A template.toml.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub background: String,
    pub page: PageTable,
    #[serde(default)]
    pub text: Vec<TextField>,
    #[serde(default)]
    pub qr: Vec<CodeField>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PageTable {
    pub paper: Paper,
    pub width: Option<f32>,
    pub pixels: Option<u32>,
}

/// Where the fields of a template.toml begin.
#[derive(Deserialize)]
pub(super) struct Places {
    #[serde(default)]
    text: Vec<Place>,
    #[serde(default)]
    qr: Vec<Place>,
}

#[derive(Deserialize)]
struct Place {
    field: Spanned<String>,
}

impl Places {
    /// Tells each field its line in the description.
    pub fn tell(&self, description: &str, file: &mut File) {
        let line = |place: &Place| description[..place.field.span().start].lines().count().max(1);
        for (field, place) in file.text.iter_mut().zip(&self.text) {
            field.line = line(place);
        }
        for (field, place) in file.qr.iter_mut().zip(&self.qr) {
            field.line = line(place);
        }
    }
}

/// A line or paragraph of text.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TextField {
    /// What messages call it.
    pub field: String,
    /// The line of template.toml that names it.
    #[serde(skip)]
    pub line: usize,
    /// What it says.
    pub value: Value,
    /// Where it must fit.
    #[serde(rename = "box")]
    pub place: Box,
    /// Where its lines stand between the sides of the box.
    #[serde(default)]
    pub align: Align,
    /// Where its lines stand between top and bottom of the box.
    #[serde(default)]
    pub valign: Valign,
    /// Faces by name, the first that has what a script needs is used.
    #[serde(default)]
    pub fonts: Vec<String>,
    /// The size of the type, in template units to the em.
    pub size: f32,
    /// The size it may shrink to, for a person whose text would not fit; `size` when left out.
    pub min_size: Option<f32>,
    /// The colour.
    pub color: Color,
    /// Space added between characters, in em.
    #[serde(default)]
    pub letter_spacing: f32,
    /// From baseline to baseline, in em.
    #[serde(default = "default_line_height")]
    pub line_height: f32,
    /// Whether it may take more than one line.
    #[serde(default)]
    pub wrap: bool,
    /// Space between the characters of a name of two Han characters, in em (两字姓名).
    #[serde(default)]
    pub two_character_gap: f32,
}

/// A QR code.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeField {
    /// What messages call it.
    pub field: String,
    /// The line of template.toml that names it.
    #[serde(skip)]
    pub line: usize,
    /// Its payload.
    pub value: Value,
    /// Where it must fit, its quiet zone included.
    #[serde(rename = "box")]
    pub place: Box,
    /// Modules left free around it; ISO/IEC 18004 asks for 4, readers are content with 2.
    #[serde(default = "default_quiet_zone")]
    pub quiet_zone: u32,
    /// The colour of its modules.
    #[serde(default)]
    pub dark: Color,
    /// The colour of what lies around them.
    #[serde(default = "white")]
    pub light: Color,
    /// How much of it may be damaged.
    #[serde(default)]
    pub error_correction: Correction,
}

fn default_line_height() -> f32 {
    1.5
}

fn default_quiet_zone() -> u32 {
    4
}

fn white() -> Color {
    Color { red: 255, green: 255, blue: 255 }
}

/// What a field says: the same in every language, or one pattern for each.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// The same in every language.
    Always(Pattern),
    /// By language tag; the first is for all languages that are not there.
    ByLanguage(IndexMap<String, Pattern>),
}

impl Value {
    /// What it says in a language: under the whole tag, else under its first part, else under
    /// the first language there is.
    #[must_use]
    pub fn in_language(&self, tag: &str) -> Option<&Pattern> {
        match self {
            Self::Always(pattern) => Some(pattern),
            Self::ByLanguage(patterns) => patterns
                .get(tag)
                .or_else(|| patterns.get(tag.split('-').next().unwrap_or(tag)))
                .or_else(|| patterns.values().next()),
        }
    }

    /// The names of all placeholders in it, in any language.
    pub fn placeholders(&self) -> impl Iterator<Item = &str> {
        self.patterns().into_iter().flat_map(Pattern::placeholders)
    }

    fn patterns(&self) -> Vec<&Pattern> {
        match self {
            Self::Always(pattern) => vec![pattern],
            Self::ByLanguage(patterns) => patterns.values().collect(),
        }
    }
}

/// A box on the page, in template units.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(from = "[f32; 4]")]
pub struct Box {
    /// From the page's left edge.
    pub left: f32,
    /// From the page's upper edge.
    pub top: f32,
    /// Its width.
    pub width: f32,
    /// Its height.
    pub height: f32,
}

impl From<[f32; 4]> for Box {
    fn from([left, top, width, height]: [f32; 4]) -> Self {
        Self { left, top, width, height }
    }
}

/// Where lines stand between the sides of their box.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Align {
    /// At the left side.
    Left,
    /// In the middle.
    #[default]
    Center,
    /// At the right side.
    Right,
}

/// Where lines stand between top and bottom of their box. What counts is the height of
/// capitals in the field's first face, so that a line stands alike whatever it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Valign {
    /// Capitals touch the top.
    Top,
    /// Capitals stand in the middle.
    #[default]
    Middle,
    /// The baseline lies on the bottom.
    Bottom,
}

/// How much of a QR code may be damaged (ISO/IEC 18004): about 7, 15, 25 or 30 per cent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[allow(missing_docs)]
pub enum Correction {
    L,
    #[default]
    M,
    Q,
    H,
}

/// A colour in sRGB.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[allow(missing_docs)]
pub struct Color {
    pub red: u8,
    pub green: u8,
    pub blue: u8,
}

impl<'de> Deserialize<'de> for Color {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let digits = text.strip_prefix('#').filter(|digits| {
            digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
        });
        let part = |at: usize| digits.and_then(|d| u8::from_str_radix(&d[at..at + 2], 16).ok());
        match (part(0), part(2), part(4)) {
            (Some(red), Some(green), Some(blue)) => Ok(Self { red, green, blue }),
            _ => Err(de::Error::custom(format!("{text:?} is no colour; write it as \"#e6c87a\""))),
        }
    }
}

/// What must hold in a template; else the place and what is wrong there.
pub(super) fn check(template: &Template) -> Result<(), (String, String)> {
    let (width, height) = (template.width, template.height);
    let wrong = |place: &str, message: String| Err((place.to_owned(), message));
    if !(1.0..=100_000.0).contains(&width) {
        return wrong("[page] width", format!("{width} is not 1 to 100000 units"));
    }
    let (across, down) = template.pixels();
    if across.max(down) > LARGEST_SIDE || u64::from(across) * u64::from(down) > MOST_PIXELS {
        return wrong("[page] pixels", format!("{across} x {down} pixels are too many"));
    }
    for text in &template.texts {
        let place = format!("line {}, field {:?}", text.line, text.field);
        let min_size = text.min_size.unwrap_or(text.size);
        if !(text.size > 0.0 && text.size <= height && min_size > 0.0 && min_size <= text.size) {
            return wrong(
                &place,
                "size and min_size must be above 0, and min_size at most size".into(),
            );
        }
        if !(0.5..=10.0).contains(&text.line_height)
            || !(-0.5..=10.0).contains(&text.letter_spacing)
            || !(0.0..=10.0).contains(&text.two_character_gap)
        {
            return wrong(&place, "line_height is 0.5 to 10 em, spaces are at most 10 em".into());
        }
        check_box(template, &place, text.place)?;
        check_value(&place, &text.value)?;
    }
    for code in &template.codes {
        let place = format!("line {}, field {:?}", code.line, code.field);
        if code.quiet_zone > 100 {
            return wrong(&place, "quiet_zone is at most 100 modules".into());
        }
        check_box(template, &place, code.place)?;
        check_value(&place, &code.value)?;
    }
    Ok(())
}

fn check_box(template: &Template, place: &str, field: Box) -> Result<(), (String, String)> {
    let (width, height) = (template.width, template.height);
    let inside = field.left >= 0.0
        && field.top >= 0.0
        && field.width > 0.0
        && field.height > 0.0
        && field.left + field.width <= width
        && field.top + field.height <= height;
    if inside {
        return Ok(());
    }
    let Box { left, top, width: across, height: down } = field;
    Err((
        place.to_owned(),
        format!(
            "its box [{left}, {top}, {across}, {down}] is not on the page of {width} x {height}"
        ),
    ))
}

fn check_value(place: &str, value: &Value) -> Result<(), (String, String)> {
    if value.patterns().is_empty() {
        return Err((place.to_owned(), "its value has no language".to_owned()));
    }
    Ok(())
}
