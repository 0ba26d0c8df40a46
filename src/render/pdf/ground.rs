//! What is the same on every certificate of a template: its background and its pictures, as
//! forms in their places, and the beginning of every file.

use printpdf::Op;

use super::Sheet;
use super::content::{self, operator};
use super::form::Form;
use crate::fonts::Fonts;
use crate::pdf_file::{PdfFile, shifted};
use crate::render::{RenderError, check_proportions};
use crate::template::{Box, Template};

/// Background and pictures, made ready for PDF.
#[derive(Debug, Clone)]
pub struct Ground {
    /// A file with the forms and all they refer to.
    pub(super) file: PdfFile,
    background: Form,
    pictures: Vec<(Form, Box)>,
}

/// The background's name among a page's resources.
const BACKGROUND: &str = "Background";

/// How far a scale may be from 1 to count as 1: what rounding brings.
const ROUNDING: f32 = 1e-5;

impl Ground {
    /// Turns a template's background and pictures into forms.
    ///
    /// # Errors
    /// When one of them cannot be read, or has what cannot be turned into PDF.
    pub fn of(template: &Template, fonts: &Fonts) -> Result<Self, RenderError> {
        let (across, down) = template.background.size();
        check_proportions(template, across, down)?;
        let mut file = PdfFile::default();
        let background = Form::add(&template.background, fonts, &mut file)
            .map_err(|message| RenderError::of_background(template, &message))?;
        let mut pictures = Vec::with_capacity(template.pictures.len());
        for picture in &template.pictures {
            let form = Form::add(&picture.artwork, fonts, &mut file)
                .map_err(|message| RenderError::of_picture(template, picture, &message))?;
            pictures.push((form, picture.spot()));
        }
        file.digest();
        Ok(Self { file, background, pictures })
    }

    /// Paints it on a sheet.
    pub(super) fn paint(&self, sheet: Sheet) -> Vec<Op> {
        let mut ops = show(BACKGROUND, &self.background, sheet.whole());
        for (number, (form, spot)) in self.pictures.iter().enumerate() {
            let place = [
                sheet.x(spot.left),
                sheet.y(spot.top + spot.height),
                spot.width * sheet.scale,
                spot.height * sheet.scale,
            ];
            ops.extend(show(&picture_name(number), form, place));
        }
        ops
    }

    /// The names it is painted by, with the numbers of what they name; these are so much higher
    /// in the pages' file than in its own.
    pub(super) fn names(&self, by: u32) -> String {
        let forms = self.pictures.iter().map(|(form, _)| form).enumerate();
        let pictures = forms.map(|(number, form)| (picture_name(number), form.number));
        let background = (BACKGROUND.to_owned(), self.background.number);
        let names = std::iter::once(background).chain(pictures);
        names.map(|(name, form)| format!("/{name} {} 0 R", form + by)).collect::<Vec<_>>().join(" ")
    }

    /// What pages take over from the background: entries of their dictionaries.
    pub(super) fn page_entries(&self, by: u32) -> Vec<u8> {
        entry("Group", self.background.group.as_deref(), by)
    }

    /// What the document takes over from the background: entries of its catalogue.
    pub(super) fn catalog_entries(&self, by: u32) -> Vec<u8> {
        entry("OCProperties", self.background.layers.as_deref(), by)
    }
}

fn entry(key: &str, value: Option<&[u8]>, by: u32) -> Vec<u8> {
    let entry = |value| [b"/", key.as_bytes(), b" ", &shifted(value, by), b" "].concat();
    value.map(entry).unwrap_or_default()
}

fn picture_name(number: usize) -> String {
    format!("Picture{number}")
}

/// Stretches a form over a place: left, bottom, width and height in pt.
fn show(name: &str, form: &Form, [left, bottom, width, height]: [f32; 4]) -> Vec<Op> {
    let (across, up) = (width / form.width, height / form.height);
    let stays = left == 0.0
        && bottom == 0.0
        && (across - 1.0).abs() < ROUNDING
        && (up - 1.0).abs() < ROUNDING;
    let mut ops = content::show(name);
    if !stays {
        ops.insert(1, operator("cm", &[across, 0.0, 0.0, up, left, bottom]));
    }
    ops
}
