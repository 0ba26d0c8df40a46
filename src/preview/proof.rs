//! The proof: one certificate in full, with the box of every field outlined and named.

use crate::render::pixels::Frame;
use crate::render::{Press, PressError};
use crate::template::{Align, Box, Color, Template};
use crate::typeset::{Label, Page, label};

/// The colour of boxes that hold text.
const TEXT: Color = Color { red: 230, green: 0, blue: 126 };

/// The colour of boxes that hold pictures.
const PICTURE: Color = Color { red: 0, green: 130, blue: 230 };

/// The colour of boxes that hold QR codes.
const CODE: Color = Color { red: 0, green: 150, blue: 70 };

/// A box of the template, in pixels.
struct Outline {
    corners: [(f32, f32); 4],
    color: Color,
    name: String,
}

/// Draws a set page, or the bare template, with its boxes.
pub(super) fn draw(
    page: Option<&Page>,
    template: &str,
    press: &Press,
) -> Result<Frame, PressError> {
    let mut frame = press.picture(page, template)?;
    let outlines = outlines(press.template(template)?, page);
    let longer = frame.width.max(frame.height) as f32;
    // An even number of pixels, so that a line lies half on either side of an edge.
    let thickness = 2.0 * (longer / 1200.0).round().max(1.0);
    for outline in &outlines {
        frame.outline(&outline.corners, thickness + 2.0, Color::WHITE);
        frame.outline(&outline.corners, thickness, outline.color);
    }
    let size = (longer * 0.011).max(11.0);
    let mut tabs: Vec<Box> = Vec::new();
    for outline in &outlines {
        let place = Box { left: 0.0, top: 0.0, width: longer, height: size * 1.5 };
        let (color, align) = (Color::WHITE, Align::Left);
        let look = Label { place, size, color, align, wrap: false };
        let written = label(&outline.name, &look, press.fonts());
        let width = written.first().map_or(0.0, |line| line.width) + size;
        let paper = (frame.width as f32, frame.height as f32);
        let tab = tab(&outline.corners, (width, place.height), thickness, paper, &tabs);
        frame.fill(tab, 1.0, outline.color);
        let place = Box { left: tab.left + size / 2.0, top: tab.top, ..place };
        for line in label(&outline.name, &Label { place, ..look }, press.fonts()) {
            frame.line(&line, 1.0, press.fonts());
        }
        tabs.push(tab);
    }
    Ok(frame)
}

/// All boxes, each with its name; text with the size it is set at.
fn outlines(template: &Template, page: Option<&Page>) -> Vec<Outline> {
    let outline = |place: Box, rotation: f32, color, name: String| Outline {
        corners: place.corners(rotation).map(|(x, y)| (x * template.scale, y * template.scale)),
        color,
        name,
    };
    let pictures = template
        .pictures
        .iter()
        .map(|picture| outline(picture.place, 0.0, PICTURE, picture.field.clone()));
    let texts = template.texts.iter().enumerate().map(|(place, text)| {
        let mut lines = page.into_iter().flat_map(|page| &page.lines);
        let size = lines.find(|line| line.field == place).map(|line| line.size);
        let name = match size {
            Some(size) if size < text.size => {
                format!("{} · {size:.0} of {:.0}", text.field, text.size)
            }
            Some(size) => format!("{} · {size:.0}", text.field),
            None => text.field.clone(),
        };
        outline(text.place, text.rotation, TEXT, name)
    });
    let codes =
        template.codes.iter().map(|code| outline(code.place, 0.0, CODE, code.field.clone()));
    pictures.chain(texts).chain(codes).collect()
}

/// Where the name of a box stands: outside it where there is room, and on no other name.
fn tab(
    corners: &[(f32, f32); 4],
    (width, height): (f32, f32),
    thickness: f32,
    paper: (f32, f32),
    taken: &[Box],
) -> Box {
    let (xs, ys) = (corners.map(|(x, _)| x), corners.map(|(_, y)| y));
    let half = thickness / 2.0;
    let left = xs.into_iter().fold(f32::INFINITY, f32::min) - half;
    let right = xs.into_iter().fold(f32::NEG_INFINITY, f32::max) + half;
    let top = ys.into_iter().fold(f32::INFINITY, f32::min) - half;
    let bottom = ys.into_iter().fold(f32::NEG_INFINITY, f32::max) + half;
    let at = |left: f32, top: f32| Box { left, top, width, height };
    let candidates = [
        at(left, top - height),
        at(right - width, top - height),
        at(left, bottom),
        at(right - width, bottom),
        at(left, top),
        at(right - width, top),
        at(left, bottom - height),
        at(right - width, bottom - height),
    ];
    let on_paper = |tab: &Box| {
        tab.left >= 0.0
            && tab.top >= 0.0
            && tab.left + tab.width <= paper.0
            && tab.top + tab.height <= paper.1
    };
    let free = |tab: &Box| !taken.iter().any(|other| overlap(tab, other));
    let best = candidates.iter().find(|tab| on_paper(tab) && free(tab));
    let place = best.or_else(|| candidates.iter().find(|tab| on_paper(tab)));
    *place.unwrap_or(&candidates[4])
}

fn overlap(a: &Box, b: &Box) -> bool {
    a.left < b.left + b.width
        && b.left < a.left + a.width
        && a.top < b.top + b.height
        && b.top < a.top + a.height
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_boxes_stand_on_the_paper_and_not_on_each_other() {
        let corners = [(10.0, 5.0), (90.0, 5.0), (90.0, 40.0), (10.0, 40.0)];
        let mut taken = Vec::new();
        for _ in 0..4 {
            let tab = tab(&corners, (30.0, 10.0), 2.0, (100.0, 100.0), &taken);
            assert!(tab.left >= 0.0 && tab.top >= 0.0 && tab.left + tab.width <= 100.0);
            assert!(!taken.iter().any(|other| overlap(&tab, other)));
            taken.push(tab);
        }
        // The box stands too near the upper edge for a name above it.
        assert!(taken[0].top > 40.0);
    }
}
