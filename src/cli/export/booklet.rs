//! A year's set as one PDF for the print shop.

use anyhow::bail;
use clap::Args;
use serde_json::json;

use super::{Global, present, progress};
use crate::certificate::Format;
use crate::export::{self, Booklet, Places, Selection};
use crate::issuer::Issuer;
use crate::register::Register;
use crate::render::pdf::{Edge, MOST_BLEED};

/// Millimetres in an inch.
const INCH: f32 = 25.4;

/// How a booklet is to be printed.
#[derive(Debug, Args)]
#[command(next_help_heading = "For one PDF, --to FILE.pdf")]
pub(super) struct Printing {
    /// Let the artwork reach this far over the edge of the page, such as 3mm or 0.125in.
    #[arg(long, value_name = "LENGTH", value_parser = millimetres)]
    bleed: Option<f32>,
    /// Print marks that show where to cut.
    #[arg(long)]
    crop_marks: bool,
    /// Add an index: number, name and page of everyone.
    #[arg(long)]
    index: bool,
}

/// Reads a length: `3`, `3mm`, `0.3 cm`, `0.125in`.
fn millimetres(text: &str) -> Result<f32, String> {
    let units = [("mm", 1.0), ("cm", 10.0), ("in", INCH), ("", 1.0)];
    let text = text.trim();
    let found = units.iter().find_map(|(unit, millimetres)| {
        Some(text.strip_suffix(unit)?.trim().parse::<f32>().ok()? * millimetres)
    });
    match found {
        Some(length) if (0.0..=MOST_BLEED).contains(&length) => Ok(length),
        Some(_) => Err(format!("a bleed is 0 to {MOST_BLEED} mm wide")),
        None => Err("write a length such as 3mm or 0.125in".to_owned()),
    }
}

impl Printing {
    /// Makes sure that nothing is asked for which only a booklet has.
    pub fn check_unused(&self) -> anyhow::Result<()> {
        if self.bleed.is_some() || self.crop_marks || self.index {
            bail!("--bleed, --crop-marks and --index are for one PDF: say --to FILE.pdf");
        }
        Ok(())
    }

    /// Binds the booklet, and says what came of it.
    pub fn run(
        self,
        selection: &Selection,
        register: &Register,
        issuer: &Issuer,
        places: Places<'_>,
        force: bool,
        global: &Global,
    ) -> anyhow::Result<()> {
        if selection.formats.is_some() {
            bail!("--format is for a folder of files; {} is one PDF", places.target.display());
        }
        let records = selection.of(register, issuer);
        let press = global.press(export::templates(&records).collect(), issuer)?;
        Global::prepare(&press, &[Format::Pdf])?;
        let edge = Edge { bleed_mm: self.bleed.unwrap_or_default(), crop_marks: self.crop_marks };
        let (press, index) = (&press, self.index);
        let booklet = Booklet { selection, register, issuer, press, places, edge, index, force };
        let work = progress::Work::begin(records.len(), global);
        let bound = booklet.bind(&work)?;
        drop(work);
        if global.json {
            return present::json(&json!({
                "year": selection.year,
                "certificates": bound.certificates,
                "index_pages": bound.index_pages,
                "left_out": bound.left_out,
                "to": places.target,
            }));
        }
        present::line(&places.target.display().to_string())?;
        global.say(&match bound.index_pages {
            0 => format!("{} certificates", bound.certificates),
            pages => format!("{} certificates, {pages} pages of index", bound.certificates),
        });
        if bound.left_out > 0 {
            let made = "that other hands had made are left out: no template can show them";
            global.say(&format!("{} certificates {made}", bound.left_out));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_read() {
        for (text, length) in [("3", 3.0), ("3mm", 3.0), (" 0.3 cm ", 3.0), ("0.125in", 3.175)] {
            assert_eq!(millimetres(text), Ok(length), "{text}");
        }
        for text in ["", "mm", "3 pt", "-1", "NaN", "21", "inf", "1e9in"] {
            assert!(millimetres(text).is_err(), "{text}");
        }
    }
}
