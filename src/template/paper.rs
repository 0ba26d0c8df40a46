//! Sheets of paper, by name or by size.

use std::fmt;

use serde::{Deserialize, Deserializer, de};

/// A sheet and how it lies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Paper {
    /// Width in mm.
    pub width_mm: f32,
    /// Height in mm.
    pub height_mm: f32,
}

/// Sheets known by name, upright, in mm (ISO 216; ANSI/ASME Y14.1 rounded to 0.1).
const SHEETS: [(&str, f32, f32); 6] = [
    ("A3", 297.0, 420.0),
    ("A4", 210.0, 297.0),
    ("A5", 148.0, 210.0),
    ("A6", 105.0, 148.0),
    ("Letter", 215.9, 279.4),
    ("Tabloid", 279.4, 431.8),
];

/// The longer side of A4, in mm.
const A4_LENGTH: f32 = 297.0;

/// The smallest and largest side of a sheet, in mm.
const SIDES: std::ops::RangeInclusive<f32> = 20.0..=2000.0;

/// How far proportions may differ from those of a sheet: less than anyone sees.
pub const STRETCH: f32 = 0.01;

impl Paper {
    /// Reads `A4`, `A4 landscape`, `Letter portrait` or `297 x 210` (mm).
    fn parse(text: &str) -> Option<Self> {
        let mut words = text.split_whitespace();
        let sheet = words.next()?;
        let turned = match words.next() {
            None | Some("portrait") => false,
            Some("landscape") => true,
            Some(_) => return Self::by_size(text),
        };
        if words.next().is_some() {
            return None;
        }
        match SHEETS.iter().find(|(name, ..)| name.eq_ignore_ascii_case(sheet)) {
            Some((_, width, height)) if turned => {
                Some(Self { width_mm: *height, height_mm: *width })
            }
            Some((_, width, height)) => Some(Self { width_mm: *width, height_mm: *height }),
            None => Self::by_size(text),
        }
    }

    /// The commonest sheet of these proportions: A4 or Letter, upright or not.
    pub(super) fn of_proportions(width: f32, height: f32) -> Option<Self> {
        let common = ["A4 portrait", "A4 landscape", "Letter portrait", "Letter landscape"];
        common.into_iter().filter_map(Self::parse).find(|paper| {
            let stretch = (height / width) / (paper.height_mm / paper.width_mm);
            (stretch - 1.0).abs() <= STRETCH
        })
    }

    /// A sheet of this size in pt.
    pub(super) fn of_points(width: f32, height: f32) -> Self {
        let mm = |points: f32| points / 72.0 * 25.4;
        Self { width_mm: mm(width), height_mm: mm(height) }
    }

    /// A sheet of these proportions: the commonest, else as long as A4 is.
    pub(super) fn proportioned(width: f32, height: f32) -> Self {
        Self::of_proportions(width, height).unwrap_or_else(|| {
            let (longer, shorter) = (width.max(height), width.min(height));
            let millimetres = (A4_LENGTH / longer).max(SIDES.start() / shorter);
            Self { width_mm: width * millimetres, height_mm: height * millimetres }
        })
    }

    fn by_size(text: &str) -> Option<Self> {
        let (width, height) = text.split_once('x')?;
        let side = |text: &str| {
            let side: f32 = text.trim().trim_end_matches("mm").trim().parse().ok()?;
            SIDES.contains(&side).then_some(side)
        };
        Some(Self { width_mm: side(width)?, height_mm: side(height)? })
    }
}

impl fmt::Display for Paper {
    /// As a template.toml has it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (width, height) = (self.width_mm, self.height_mm);
        let is = |across, down| (across, down) == (width, height);
        for (name, across, down) in SHEETS {
            if is(across, down) {
                return f.write_str(name);
            }
            if is(down, across) {
                return write!(f, "{name} landscape");
            }
        }
        let tenths = |side: f32| (side * 10.0).round() / 10.0;
        write!(f, "{} x {}", tenths(width), tenths(height))
    }
}

impl<'de> Deserialize<'de> for Paper {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| {
            de::Error::custom(format!(
                "no such paper: {text:?}; write \"A4 landscape\", \"Letter\" or \"297 x 210\" (mm)"
            ))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sheets_are_read() {
        let size = |text| Paper::parse(text).map(|paper| (paper.width_mm, paper.height_mm));
        assert_eq!(size("A4"), Some((210.0, 297.0)));
        assert_eq!(size("a4 landscape"), Some((297.0, 210.0)));
        assert_eq!(size("100 x 50"), Some((100.0, 50.0)));
        assert_eq!(size("100mm x 50 mm"), Some((100.0, 50.0)));
        let sheet = |width, height| Paper::of_proportions(width, height).map(|p| p.width_mm);
        assert_eq!(sheet(2000.0, 1414.0), Some(297.0));
        assert_eq!(sheet(816.0, 1056.0), Some(215.9));
        assert_eq!(sheet(1.0, 1.0), None);
        for (width, height) in [(2000.0, 1414.0), (816.0, 1056.0), (1.0, 1.0), (3.0, 90.0)] {
            let sheet = Paper::proportioned(width, height);
            let again = Paper::parse(&sheet.to_string()).unwrap();
            let stretch = (again.height_mm / again.width_mm) / (height / width);
            assert!((stretch - 1.0).abs() < STRETCH, "{sheet}");
        }
        for wrong in ["", "B9", "A4 sideways", "A4 landscape twice", "0 x 5", "NaN x 50", "1e9 x 5"]
        {
            assert_eq!(size(wrong), None, "{wrong}");
        }
    }
}
