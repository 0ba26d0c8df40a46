//! What a year's set is handed out as, and how it is printed where that is one PDF.

use std::path::PathBuf;

use anyhow::bail;
use clap::Args;

use super::present;
use crate::export::{self, Target};
use crate::render::pdf::{Edge, MOST_BLEED};

/// Millimetres in an inch.
const INCH: f32 = 25.4;

/// How a booklet is to be printed.
#[derive(Debug, Args)]
#[command(next_help_heading = "For one PDF, --to FILE.pdf")]
pub(super) struct Printing {
    /// Let the artwork reach this far over the edge of the page, such as 3mm or 0.125in.
    #[arg(long, value_name = "LENGTH", value_parser = millimetres, allow_hyphen_values = true)]
    bleed: Option<f32>,
    /// Print marks that show where to cut.
    #[arg(long)]
    crop_marks: bool,
    /// Add an index: number, name and page of everyone.
    #[arg(long)]
    index: bool,
}

/// Reads a length with its unit: `3mm`, `3,5 mm`, `0.3 cm`, `0.125in`.
fn millimetres(text: &str) -> Result<f32, String> {
    let units = [("mm", 1.0), ("cm", 10.0), ("in", INCH)];
    let text = text.trim().replacen(',', ".", 1);
    let found = units.iter().find_map(|(unit, millimetres)| {
        Some(text.strip_suffix(unit)?.trim().parse::<f32>().ok()? * millimetres)
    });
    match found {
        Some(length) if (0.0..=MOST_BLEED).contains(&length) => Ok(length),
        Some(_) => Err(format!("a bleed is 0 to {MOST_BLEED} mm wide")),
        None => Err("write a length with its unit, such as 3mm or 0.125in".to_owned()),
    }
}

impl Printing {
    /// What a path means, printed as it is asked for.
    pub fn target(&self, to: PathBuf) -> anyhow::Result<Target> {
        let edge = Edge { bleed_mm: self.bleed.unwrap_or_default(), crop_marks: self.crop_marks };
        let target = Target::of(to, export::Printing { edge, index: self.index })?;
        let asked = self.bleed.is_some() || self.crop_marks || self.index;
        if asked && !matches!(target, Target::Booklet(..)) {
            let message = "--bleed, --crop-marks and --index are for one PDF: say --to FILE.pdf";
            bail!(present::Usage(message.to_owned()));
        }
        Ok(target)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_read() {
        for (text, length) in [("3,5mm", 3.5), ("3mm", 3.0), (" 0.3 cm ", 3.0), ("0.125in", 3.175)]
        {
            assert_eq!(millimetres(text), Ok(length), "{text}");
        }
        for text in ["", "mm", "3", "3 pt", "-1mm", "NaNmm", "21mm", "infcm", "1e9in", "1,000.5mm"]
        {
            assert!(millimetres(text).is_err(), "{text}");
        }
    }
}
