//! Text that stands beside certificates rather than on them, such as captions. It is set as
//! well as can be and never refused: nobody keeps it.

use indexmap::IndexMap;

use super::page::{self, Line};
use super::{CodePoint, Trouble};
use crate::fonts::Fonts;
use crate::template::{Align, Box, Color, Origin, TextField, Valign, Value};

/// How a label is set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Label {
    /// Where it must fit, in units of the page it is for.
    pub place: Box,
    /// The size of its type, in the same units to the em.
    pub size: f32,
    /// Its colour.
    pub color: Color,
    /// Where it stands between the sides of its box.
    pub align: Align,
    /// Whether it may take more than one line.
    pub wrap: bool,
}

/// The faces of labels.
const FACES: [&str; 2] = ["Noto Sans Regular", "Noto Sans CJK SC"];

/// How far a label shrinks before it is cut short.
const LEAST: f32 = 0.8;

/// Stands for what no font has.
const LOST: char = '?';

/// Ends what was cut short.
const CUT: char = '…';

/// Sets a label: what no font has becomes a question mark, and what is too long is cut short.
/// Where there is no room for anything, there are no lines.
#[must_use]
pub fn label(text: &str, label: &Label, fonts: &Fonts) -> Vec<Line> {
    let field = field(label);
    let mut text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    // Each turn either takes characters away for good or leaves fewer of them.
    loop {
        match page::lines(&text, &field, fonts) {
            Ok(lines) => return lines,
            Err(Trouble::NoFace(missing)) if !missing.contains(&CodePoint(LOST)) => {
                text = text.replace(|c| missing.contains(&CodePoint(c)), "?");
            }
            Err(Trouble::Unprintable(CodePoint(hidden))) => text = text.replace(hidden, ""),
            Err(Trouble::TooLong { .. }) => {
                let kept = text.trim_end_matches(CUT).chars().count() * 7 / 8;
                if kept == 0 {
                    return Vec::new();
                }
                let kept: String = text.chars().take(kept).collect();
                text = format!("{}{CUT}", kept.trim_end());
            }
            Err(_) => return Vec::new(),
        }
    }
}

fn field(label: &Label) -> TextField {
    TextField {
        field: "label".to_owned(),
        origin: Origin { file: String::new(), line: 1 },
        value: Value::ByLanguage(IndexMap::new()),
        place: label.place,
        align: label.align,
        valign: Valign::Middle,
        fonts: FACES.map(str::to_owned).into(),
        size: label.size,
        min_size: label.size * LEAST,
        color: label.color,
        letter_spacing: 0.0,
        line_height: 1.4,
        wrap: label.wrap,
        two_character_gap: 0.0,
        rotation: 0.0,
        uppercase: false,
        kerning: true,
        hanging: true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_a_label_says_it_is_set_or_cut_short() {
        let fonts = Fonts::bundled();
        let place = Box { left: 0.0, top: 0.0, width: 200.0, height: 30.0 };
        let of = |text: &str, width: f32| {
            let place = Box { width, ..place };
            let (size, color, align) = (20.0, Color::default(), Align::Left);
            let lines = label(text, &Label { place, size, color, align, wrap: false }, &fonts);
            lines.into_iter().map(|line| line.text).collect::<Vec<_>>()
        };
        assert_eq!(of("沈旭 محمد", 200.0), ["沈旭 محمد"]);
        assert_eq!(of("A😀\u{202e}b\n", 200.0), ["A?b "]);
        let long = of(&"Ann ".repeat(100), 200.0);
        assert!(long[0].starts_with("Ann Ann") && long[0].ends_with('…'), "{long:?}");
        assert_eq!(of("Ann", 1.0), [""; 0]);
        assert_eq!(of("", 200.0), [""; 0]);
    }
}
