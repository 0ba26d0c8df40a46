//! The words of a template.toml: boxes, alignment, colours, and how much of a code may be
//! damaged.

use serde::{Deserialize, Deserializer, de};

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

impl Box {
    /// The point in its middle.
    #[must_use]
    pub fn middle(&self) -> (f32, f32) {
        (self.left + self.width / 2.0, self.top + self.height / 2.0)
    }

    /// Its corners, clockwise from the upper left one, after it has been turned around its
    /// middle by so many degrees clockwise.
    #[must_use]
    pub fn corners(&self, degrees: f32) -> [(f32, f32); 4] {
        let (sin, cos) = degrees.to_radians().sin_cos();
        let (x, y) = self.middle();
        let (across, down) = (self.width / 2.0, self.height / 2.0);
        [(-across, -down), (across, -down), (across, down), (-across, down)]
            .map(|(right, below)| (x + right * cos - below * sin, y + right * sin + below * cos))
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

impl Color {
    /// Paper.
    pub const WHITE: Self = Self { red: 255, green: 255, blue: 255 };
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_turns_around_its_middle() {
        let place = Box { left: 10.0, top: 20.0, width: 40.0, height: 20.0 };
        let corners = place.corners(90.0).map(|(x, y)| (x.round(), y.round()));
        assert_eq!(corners, [(40.0, 10.0), (40.0, 50.0), (20.0, 50.0), (20.0, 10.0)]);
    }
}
