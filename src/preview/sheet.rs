//! The contact sheet: certificates side by side, a section for each template, so that upright
//! and lying ones each have a grid that suits them. Lengths are in pixels.

use rayon::prelude::*;

use super::{Attempt, Cell, Section, Why};
use crate::render::pixels::Frame;
use crate::render::{Press, PressError};
use crate::template::{Align, Box, Color};
use crate::typeset::{Label, label};

const WIDTH: u32 = 2000;
const MARGIN: u32 = 48;
/// Between certificates of a row.
const GAP: u32 = 28;
/// Below a certificate: its name and a note, and the space to the next row.
const CAPTION: u32 = 80;
/// Above the certificates of a template: its name.
const HEADING: u32 = 64;
/// Between two sections.
const PAUSE: u32 = 16;
/// Pixels of a certificate, about, whatever its shape.
const AREA: f32 = 140_000.0;

const GROUND: Color = Color { red: 244, green: 244, blue: 242 };
const EDGE: Color = Color { red: 205, green: 205, blue: 200 };
const INK: Color = Color { red: 28, green: 30, blue: 34 };
const GREY: Color = Color { red: 112, green: 114, blue: 118 };
const RED: Color = Color { red: 196, green: 24, blue: 36 };
const PALE_RED: Color = Color { red: 255, green: 240, blue: 240 };

/// How the certificates of a section stand.
struct Grid {
    columns: u32,
    width: u32,
    height: u32,
}

impl Grid {
    /// For certificates of these proportions, width by height.
    fn of(proportions: f32) -> Self {
        let room = WIDTH - 2 * MARGIN;
        let ideal = (AREA * proportions).sqrt();
        let columns = ((room + GAP) as f32 / (ideal + GAP as f32)).round().max(1.0) as u32;
        let width = ((room + GAP) / columns - GAP).max(1);
        Self { columns, width, height: ((width as f32 / proportions).round() as u32).max(1) }
    }

    fn rows(&self, count: usize) -> u32 {
        (count as u32).div_ceil(self.columns)
    }
}

/// Draws the sheet; the cells are those of all sections, in order.
pub(super) fn draw(
    sections: &[Section<'_>],
    cells: &[Cell],
    attempts: &[Attempt],
    press: &Press,
) -> Result<Frame, PressError> {
    let grids: Vec<Grid> = sections
        .iter()
        .map(|section| Grid::of(section.template.width / section.template.height))
        .collect();
    let places: Vec<(usize, &Grid)> = sections
        .iter()
        .zip(&grids)
        .flat_map(|(section, grid)| section.chosen.iter().map(move |(place, _)| (*place, grid)))
        .collect();
    let pictures: Vec<Frame> = places
        .par_iter()
        .zip(cells)
        .map(|((place, grid), cell)| picture(&attempts[*place], cell, grid, press))
        .collect::<Result<_, _>>()?;

    let heights = sections.iter().zip(&grids).map(|(section, grid)| {
        HEADING + grid.rows(section.chosen.len()) * (grid.height + CAPTION) + PAUSE
    });
    let mut sheet = Frame::plain(WIDTH, heights.sum::<u32>() + MARGIN, GROUND);
    let mut certificates = pictures.into_iter().zip(cells);
    let mut top = MARGIN / 2;
    for (section, grid) in sections.iter().zip(&grids) {
        let count = section.chosen.len();
        heading(section, top, &mut sheet, press);
        top += HEADING;
        for (place, (picture, cell)) in (0..).zip(certificates.by_ref().take(count)) {
            let left = MARGIN + place % grid.columns * (grid.width + GAP);
            let top = top + place / grid.columns * (grid.height + CAPTION);
            certificate(&picture, cell, (left, top), &mut sheet, press);
        }
        top += grid.rows(count) * (grid.height + CAPTION) + PAUSE;
    }
    Ok(sheet)
}

/// A certificate, small; or, where the name cannot be set, the reason.
fn picture(
    attempt: &Attempt,
    cell: &Cell,
    grid: &Grid,
    press: &Press,
) -> Result<Frame, PressError> {
    let (width, height) = (grid.width, grid.height);
    match attempt {
        Attempt::Set { page, .. } => {
            Ok(press.picture(Some(page), &cell.template)?.resized(width, height))
        }
        Attempt::Refused { reason, .. } => {
            let mut empty = Frame::plain(width, height, PALE_RED);
            let (right, bottom) = (width as f32, height as f32);
            let place = Box {
                left: right * 0.08,
                top: bottom * 0.08,
                width: right * 0.84,
                height: bottom * 0.84,
            };
            let look = Label { place, size: 20.0, color: RED, align: Align::Center, wrap: true };
            write(reason, &look, &mut empty, press);
            Ok(empty)
        }
    }
}

fn heading(section: &Section<'_>, top: u32, sheet: &mut Frame, press: &Press) {
    let (shown, total) = (section.chosen.len(), section.total);
    let count = if shown == total { format!("{total}") } else { format!("{shown} of {total}") };
    let place = Box {
        left: MARGIN as f32,
        top: top as f32,
        width: (WIDTH - 2 * MARGIN) as f32,
        height: HEADING as f32,
    };
    let look = Label { place, size: 30.0, color: INK, align: Align::Left, wrap: false };
    write(&section.template.name, &look, sheet, press);
    let look = Label { size: 20.0, color: GREY, align: Align::Right, ..look };
    write(&count, &look, sheet, press);
}

/// Lays a certificate on the sheet, with its edge and its caption.
fn certificate(
    picture: &Frame,
    cell: &Cell,
    (left, top): (u32, u32),
    sheet: &mut Frame,
    press: &Press,
) {
    sheet.paste(picture, left, top);
    let (x, y) = (left as f32, top as f32);
    let (right, bottom) = (x + picture.width as f32, y + picture.height as f32);
    let corners = [(x, y), (right, y), (right, bottom), (x, bottom)];
    match cell.size {
        Some(_) => sheet.outline(&outside(corners, 0.5), 1.0, EDGE),
        None => sheet.outline(&corners, 4.0, RED),
    }
    let place = Box { left: x, top: bottom + 6.0, width: picture.width as f32, height: 28.0 };
    let color = if cell.size.is_some() { INK } else { RED };
    let look = Label { place, size: 20.0, color, align: Align::Left, wrap: false };
    write(&cell.name, &look, sheet, press);
    let place = Box { top: bottom + 33.0, height: 22.0, ..place };
    write(&note(cell), &Label { place, size: 15.0, color: GREY, ..look }, sheet, press);
}

/// Corners of an upright box, so much further out.
fn outside([a, b, c, d]: [(f32, f32); 4], by: f32) -> [(f32, f32); 4] {
    [(a.0 - by, a.1 - by), (b.0 + by, b.1 - by), (c.0 + by, c.1 + by), (d.0 - by, d.1 + by)]
}

/// `row 12 · longest · 52 of 88`.
fn note(cell: &Cell) -> String {
    let mut parts: Vec<String> = cell.row.map(|row| format!("row {row}")).into_iter().collect();
    parts.push(match cell.why {
        Why::Refused => "cannot be set".to_owned(),
        Why::Longest => "longest".to_owned(),
        Why::Shortest => "shortest".to_owned(),
        Why::Rarest => "rarest characters".to_owned(),
    });
    if let (Some(size), Some(full_size)) = (cell.size, cell.full_size)
        && size < full_size
    {
        parts.push(format!("{size:.0} of {full_size:.0}"));
    }
    parts.join(" · ")
}

fn write(text: &str, look: &Label, sheet: &mut Frame, press: &Press) {
    for line in label(text, look, press.fonts()) {
        sheet.line(&line, 1.0, press.fonts());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sheets_of_paper_fill_their_rows() {
        for (proportions, columns) in [(297.0 / 210.0, 4), (210.0 / 297.0, 6)] {
            let grid = Grid::of(proportions);
            assert_eq!(grid.columns, columns);
            assert_eq!(crate::preview::MOST as u32 % columns, 0);
            assert!(columns * (grid.width + GAP) <= WIDTH - 2 * MARGIN + GAP);
        }
    }

    #[test]
    fn ribbons_have_room() {
        for proportions in [0.01, 100.0] {
            let grid = Grid::of(proportions);
            assert!(grid.columns > 0 && grid.width > 0 && grid.height > 0);
            assert!(grid.width <= WIDTH && grid.height < 10_000);
        }
    }
}
