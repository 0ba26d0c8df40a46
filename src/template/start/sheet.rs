//! The page that is described, its lengths, and the tables written for it.

use std::fmt::Write as _;

use super::super::style::{Align, Box, Valign};

/// The page that is described, in its own units.
pub struct Sheet {
    pub width: f32,
    pub height: f32,
}

/// A field to be written: its table, and the lines in it.
pub struct Block {
    pub about: String,
    pub table: &'static str,
    pub lines: Vec<String>,
    /// Whether it counts, or stands there to be tried.
    pub live: bool,
}

impl Sheet {
    /// A box in parts of the page.
    pub fn part(&self, [left, top, width, height]: [f32; 4]) -> String {
        let (across, down) = (self.width, self.height);
        self.place(Box {
            left: left * across,
            top: top * down,
            width: width * across,
            height: height * down,
        })
    }

    /// A box, kept on the page in spite of rounding.
    pub fn place(&self, Box { left, top, width, height }: Box) -> String {
        let [left, top] = [left, top].map(|side| self.round(side));
        let width = self.round(width).min(self.width - left);
        let height = self.round(height).min(self.height - top);
        format!("box = [{left}, {top}, {}, {}]", fine(width), fine(height))
    }

    /// A size of type, of the page's shorter side.
    pub fn size(&self, part: f32) -> f32 {
        self.round(part * self.width.min(self.height))
    }

    /// A length as fine as it can be seen: a thousandth of the page.
    pub fn round(&self, length: f32) -> f32 {
        let steps = match self.width {
            1000.0.. => 1.0,
            100.0.. => 10.0,
            _ => 1000.0,
        };
        (length * steps).round() / steps
    }
}

impl Block {
    pub fn write(&self, text: &mut String) {
        let mark = if self.live { "" } else { "# " };
        // Writing to a String cannot fail.
        let _ = write!(text, "\n# {}\n{mark}[[{}]]\n", self.about, self.table);
        for line in &self.lines {
            let _ = writeln!(text, "{mark}{line}");
        }
    }
}

/// A box to a thousandth of a unit, since a drawn text must still fit it.
pub fn as_drawn(Box { left, top, width, height }: Box) -> String {
    let [left, top, width, height] = [left, top, width, height].map(fine);
    format!("box = [{left}, {top}, {width}, {height}]")
}

/// A length to a thousandth.
pub fn fine(length: f32) -> f32 {
    (length * 1000.0).round() / 1000.0
}

pub fn word(align: Align) -> &'static str {
    match align {
        Align::Left => "left",
        Align::Center => "center",
        Align::Right => "right",
    }
}

pub fn row(valign: Valign) -> &'static str {
    match valign {
        Valign::Top => "top",
        Valign::Middle => "middle",
        Valign::Bottom => "bottom",
    }
}
