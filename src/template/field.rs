//! The fields of a template: text, pictures and QR codes, each in its box.

use std::fmt;

use indexmap::IndexMap;
use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer};

use super::artwork::Artwork;
use super::style::{Align, Box, Color, Correction, Valign};
use crate::pattern::Pattern;

/// A line or paragraph of text.
#[allow(clippy::struct_excessive_bools, reason = "each is a key of template.toml")]
#[derive(Debug, Clone, PartialEq)]
pub struct TextField {
    /// What messages call it.
    pub field: String,
    /// Where it was described, for messages.
    pub origin: Origin,
    /// What it says.
    pub value: Value,
    /// Where it must fit, before it is turned.
    pub place: Box,
    /// Where its lines stand between the sides of the box.
    pub align: Align,
    /// Where its lines stand between top and bottom of the box.
    pub valign: Valign,
    /// Faces by name, the first that has what a script needs is used.
    pub fonts: Vec<String>,
    /// The size of the type, in template units to the em.
    pub size: f32,
    /// The size it may shrink to, for a person whose text would not fit.
    pub min_size: f32,
    /// The colour.
    pub color: Color,
    /// Space added between characters, in em.
    pub letter_spacing: f32,
    /// From baseline to baseline, in em.
    pub line_height: f32,
    /// Whether it may take more than one line.
    pub wrap: bool,
    /// Space between the characters of a name of two Han characters, in em (两字姓名).
    pub two_character_gap: f32,
    /// Degrees clockwise by which box and text are turned around the middle of the box.
    pub rotation: f32,
    /// Whether it is set in capitals.
    pub uppercase: bool,
    /// Whether letters move closer where the face says so.
    pub kerning: bool,
    /// Whether full-width brackets and punctuation hang over the ends of a line, so that what
    /// the eye sees is in the middle.
    pub hanging: bool,
}

/// A picture: a signature, a seal, a logo.
#[derive(Debug, Clone)]
pub struct PictureField {
    /// What messages call it.
    pub field: String,
    /// Where it was described, for messages.
    pub origin: Origin,
    /// The file, for messages.
    pub file: String,
    /// What is in it.
    pub artwork: Artwork,
    /// Where it must fit, as large as its proportions allow.
    pub place: Box,
    /// Where it stands between the sides of the box.
    pub align: Align,
    /// Where it stands between top and bottom of the box.
    pub valign: Valign,
}

impl PictureField {
    /// Where the picture comes to lie: as large as its box and its proportions allow.
    #[must_use]
    pub fn spot(&self) -> Box {
        let (across, down) = self.artwork.size();
        let scale = (self.place.width / across).min(self.place.height / down);
        let (width, height) = (across * scale, down * scale);
        let (room, below) = (self.place.width - width, self.place.height - height);
        let left = match self.align {
            Align::Left => 0.0,
            Align::Center => room / 2.0,
            Align::Right => room,
        };
        let top = match self.valign {
            Valign::Top => 0.0,
            Valign::Middle => below / 2.0,
            Valign::Bottom => below,
        };
        Box { left: self.place.left + left, top: self.place.top + top, width, height }
    }
}

/// A QR code.
#[derive(Debug, Clone, PartialEq)]
pub struct CodeField {
    /// What messages call it.
    pub field: String,
    /// Where it was described, for messages.
    pub origin: Origin,
    /// Its payload.
    pub value: Value,
    /// Where it must fit, its quiet zone included.
    pub place: Box,
    /// Modules left free around it; ISO/IEC 18004 asks for 4, readers are content with 2.
    pub quiet_zone: u32,
    /// The colour of its modules.
    pub dark: Color,
    /// The colour of what lies around them.
    pub light: Color,
    /// How much of it may be damaged.
    pub error_correction: Correction,
}

/// What a field says: the same in every language, or one pattern for each.
#[derive(Debug, Clone, PartialEq)]
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

    pub(super) fn patterns(&self) -> Vec<&Pattern> {
        match self {
            Self::Always(pattern) => vec![pattern],
            Self::ByLanguage(patterns) => patterns.values().collect(),
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = Value;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a text such as \"{name}\", or one for each language")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Value, E> {
                text.parse().map(Value::Always).map_err(E::custom)
            }

            fn visit_map<M: de::MapAccess<'de>>(self, map: M) -> Result<Value, M::Error> {
                let languages = de::value::MapAccessDeserializer::new(map);
                IndexMap::deserialize(languages).map(Value::ByLanguage)
            }
        }
        deserializer.deserialize_any(Either)
    }
}

/// A file of the template, and the line in it: where a field was described.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin {
    /// The file's name in the template's folder.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, line {}", self.file, self.line)
    }
}
