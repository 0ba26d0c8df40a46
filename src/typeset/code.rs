//! QR codes (ISO/IEC 18004), their modules a whole number of pixels wide so that they are
//! sharp in PNG and stand in the same place in PDF.

use fast_qr::{ECL, QRBuilder};

use super::Trouble;
use crate::template::{Box, CodeField, Color, Correction, Template};

/// The least width of a module, in pixels, that a reader makes out reliably.
const FINEST_MODULE: u32 = 2;

/// A QR code in its place, lengths in template units.
#[derive(Debug, Clone, PartialEq)]
pub struct Code {
    /// The light ground: the field's whole box.
    pub ground: Box,
    /// The left edge of its modules.
    pub left: f32,
    /// The upper edge of its modules.
    pub top: f32,
    /// The width of a module.
    pub module: f32,
    /// Modules on a side.
    pub size: usize,
    /// Whether each module is dark, row by row.
    pub dark: Vec<bool>,
    /// The colour of the dark modules.
    pub dark_color: Color,
    /// The colour of the ground.
    pub light_color: Color,
}

impl Code {
    /// The runs of dark modules: row, first column, number of columns.
    pub fn runs(&self) -> impl Iterator<Item = (usize, usize, usize)> {
        self.dark.chunks(self.size).enumerate().flat_map(|(row, modules)| {
            let mut column = 0;
            std::iter::from_fn(move || {
                column += modules[column..].iter().position(|dark| *dark)?;
                let first = column;
                column += modules[first..].iter().take_while(|dark| **dark).count();
                Some((row, first, column - first))
            })
        })
    }
}

/// What the number of a code's modules depends on: the length of its payload, and which of the
/// sets of characters it is written in (ISO/IEC 18004, 7.3).
pub(super) fn fineness(payload: &str) -> String {
    let alphanumeric = |byte: u8| {
        byte.is_ascii_digit() || byte.is_ascii_uppercase() || b" $%*+-./:".contains(&byte)
    };
    let set = if payload.bytes().all(|byte| byte.is_ascii_digit()) {
        "digits"
    } else if payload.bytes().all(alphanumeric) {
        "alphanumeric"
    } else {
        "bytes"
    };
    format!("{} {set}", payload.len())
}

/// Makes the code for a payload and puts it in the middle of its box.
pub(super) fn place(
    payload: &str,
    field: &CodeField,
    template: &Template,
) -> Result<Code, Trouble> {
    let too_fine = || Trouble::CodeTooFine(payload.to_owned());
    let level = match field.error_correction {
        Correction::L => ECL::L,
        Correction::M => ECL::M,
        Correction::Q => ECL::Q,
        Correction::H => ECL::H,
    };
    let code = QRBuilder::new(payload).ecl(level).build().map_err(|_| too_fine())?;
    let modules = code.size as u32 + 2 * field.quiet_zone;
    let pixels = |units: f32| units * template.scale;
    let across = pixels(field.place.width.min(field.place.height)).floor() as u32;
    let module = across / modules;
    if module < FINEST_MODULE {
        return Err(too_fine());
    }
    let units = |pixels: f32| pixels / template.scale;
    let middle = |edge: f32, length: f32| {
        units((pixels(edge + length / 2.0) - (code.size as u32 * module) as f32 / 2.0).round())
    };
    let dark = (0..code.size).flat_map(|row| code[row].iter().take(code.size)).map(|m| m.value());
    Ok(Code {
        ground: field.place,
        left: middle(field.place.left, field.place.width),
        top: middle(field.place.top, field.place.height),
        module: units(module as f32),
        size: code.size,
        dark: dark.collect(),
        dark_color: field.dark,
        light_color: field.light,
    })
}
