//! What must hold in a template, whatever it is drawn on.

use std::collections::HashSet;

use super::artwork::check_pixels;
use super::field::{Origin, TextField, Value};
use super::style::Box;
use super::{FILE, Mistake, Template};

/// Modules on a side of the smallest QR code (ISO/IEC 18004, version 1).
const SMALLEST_CODE: u32 = 21;

/// The first thing that does not hold.
pub(super) fn check(template: &Template) -> Result<(), Mistake> {
    check_page(template)?;
    check_names(template)?;
    for text in &template.texts {
        let wrong = |message: &str| Mistake::of_field(&text.origin, &text.field, message);
        check_measures(text, template.height).map_err(wrong)?;
        check_value(&text.value).map_err(wrong)?;
        check_box(template, text.place, text.rotation)
            .map_err(|message| Mistake::of_field(&text.origin, &text.field, message))?;
    }
    let place = |origin: &Origin, field: &str, place: Box| {
        check_box(template, place, 0.0).map_err(|message| Mistake::of_field(origin, field, message))
    };
    for picture in &template.pictures {
        place(&picture.origin, &picture.field, picture.place)?;
    }
    for code in &template.codes {
        let wrong = |message: &str| Mistake::of_field(&code.origin, &code.field, message);
        if code.quiet_zone > 100 {
            return Err(wrong("quiet_zone is at most 100 modules"));
        }
        let least = (SMALLEST_CODE + 2 * code.quiet_zone) as f32 / template.scale;
        if code.place.width.min(code.place.height) < least {
            return Err(wrong(&format!("no QR code fits a box of less than {least:.0} units")));
        }
        check_value(&code.value).map_err(wrong)?;
        place(&code.origin, &code.field, code.place)?;
    }
    Ok(())
}

/// Each field has a name of its own, so that messages name one.
fn check_names(template: &Template) -> Result<(), Mistake> {
    let texts = template.texts.iter().map(|field| (&field.origin, &field.field));
    let pictures = template.pictures.iter().map(|field| (&field.origin, &field.field));
    let codes = template.codes.iter().map(|field| (&field.origin, &field.field));
    let mut seen = HashSet::new();
    for (origin, field) in texts.chain(pictures).chain(codes) {
        if !seen.insert(field) {
            return Err(Mistake::of_field(origin, field, "another field has this name"));
        }
    }
    Ok(())
}

fn check_page(template: &Template) -> Result<(), Mistake> {
    let wrong = |key: &str, message: String| {
        Err(Mistake { place: format!("{FILE}, [page] {key}"), message })
    };
    let width = template.width;
    if !(1.0..=100_000.0).contains(&width) {
        return wrong("width", format!("{width} is not 1 to 100000 units"));
    }
    let (across, down) = template.pixels();
    check_pixels(across, down).or_else(|message| wrong("pixels", message))
}

fn check_measures(text: &TextField, height: f32) -> Result<(), &'static str> {
    let TextField { size, min_size, .. } = *text;
    if !(size > 0.0 && min_size > 0.0 && min_size <= size) {
        return Err("size and min_size must be above 0, and min_size at most size");
    }
    if size > height {
        return Err("size must be less than the page is high");
    }
    if min_size > text.place.height {
        return Err("its box is lower than its type; give it more height, or a smaller min_size");
    }
    if !text.wrap && text.value.patterns().iter().any(|value| value.source().contains('\n')) {
        return Err("its value has a line break; say wrap = true");
    }
    if !(0.5..=10.0).contains(&text.line_height) {
        return Err("line_height is 0.5 to 10 em");
    }
    if !(-0.5..=10.0).contains(&text.letter_spacing) {
        return Err("letter_spacing is -0.5 to 10 em");
    }
    if !(0.0..=10.0).contains(&text.two_character_gap) {
        return Err("two_character_gap is 0 to 10 em");
    }
    if !(-360.0..=360.0).contains(&text.rotation) {
        return Err("rotation is -360 to 360 degrees");
    }
    Ok(())
}

/// How far, of the page's width, a box may stand over the page's edge: what rounding brings.
const SLACK: f32 = 1e-4;

fn check_box(template: &Template, field: Box, rotation: f32) -> Result<(), String> {
    let (width, height) = (template.width, template.height);
    let slack = width * SLACK;
    let on_page = |(x, y): (f32, f32)| {
        (-slack..=width + slack).contains(&x) && (-slack..=height + slack).contains(&y)
    };
    let is_box = field.width > 0.0 && field.height > 0.0;
    if is_box && field.corners(rotation).into_iter().all(on_page) {
        return Ok(());
    }
    let Box { left, top, width: across, height: down } = field;
    let turned = if rotation == 0.0 { String::new() } else { format!(", turned by {rotation}°,") };
    Err(format!(
        "its box [{left}, {top}, {across}, {down}]{turned} is not on the page of {width} x {height}"
    ))
}

fn check_value(value: &Value) -> Result<(), &'static str> {
    if value.patterns().is_empty() { Err("its value has no language") } else { Ok(()) }
}
