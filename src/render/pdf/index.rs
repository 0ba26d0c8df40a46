//! The index of a booklet: number, name and page of everyone, category by category. It says
//! nothing but the issuer's own words, and so it is in the issuer's language. Lengths are in mm.

use super::outline::{Contents, Entry};
use crate::fonts::Fonts;
use crate::template::{Align, Box, Color, Paper};
use crate::typeset::{Label, Page, label};

/// Between the paper's edge and what stands on it.
const MARGIN: f32 = 16.0;
/// Between columns.
const GAP: f32 = 8.0;
/// The least width of a column.
const COLUMN: f32 = 72.0;
/// From line to line.
const LINE: f32 = 5.2;
/// For the page's title.
const HEADING: f32 = 14.0;
/// For what follows the name.
const PAGE_NUMBER: f32 = 11.0;
/// The size of type.
const SIZE: f32 = 3.1;
/// The most of a column that numbers take.
const WIDEST_NUMBER: f32 = 0.4;

const INK: Color = Color { red: 28, green: 30, blue: 34 };
const GREY: Color = Color { red: 112, green: 114, blue: 118 };

/// A line of a column.
enum Row<'a> {
    /// A category.
    Title(&'a str),
    /// A certificate, and its page from 1.
    Entry(&'a Entry, usize),
    /// Between two categories.
    Blank,
}

/// Sets the index of a booklet on sheets of paper.
#[must_use]
pub fn index(contents: &Contents, paper: Paper, fonts: &Fonts) -> Vec<Page> {
    let room = (paper.width_mm - 2.0 * MARGIN, paper.height_mm - 2.0 * MARGIN - HEADING);
    let columns = ((room.0 + GAP) / (COLUMN + GAP)).floor().max(1.0);
    let width = (room.0 + GAP) / columns - GAP;
    let rows = (room.1 / LINE).floor().max(1.0) as usize;
    let number = number_width(contents, fonts).min(width * WIDEST_NUMBER);

    let parts = columns_of(contents, rows);
    let pages = parts.chunks(columns as usize).map(|parts| {
        let mut page = Page { lines: Vec::new(), codes: Vec::new() };
        let mut set = |text: &str, place: Box, size: f32, color: Color, align: Align| {
            let look = Label { place, size, color, align, wrap: false };
            page.lines.extend(label(text, &look, fonts));
        };
        let heading = Box { left: MARGIN, top: MARGIN, width: room.0, height: HEADING * 0.6 };
        set(&contents.title, heading, SIZE * 1.6, INK, Align::Left);
        for (place, part) in parts.iter().enumerate() {
            let left = MARGIN + place as f32 * (width + GAP);
            for (line, row) in part.iter().enumerate() {
                let top = MARGIN + HEADING + line as f32 * LINE;
                let part = |from: f32, to: f32| Box {
                    left: left + from,
                    top,
                    width: to - from,
                    height: LINE,
                };
                match row {
                    Row::Title(title) => set(title, part(0.0, width), SIZE * 1.1, INK, Align::Left),
                    Row::Entry(entry, page) => {
                        let name = if entry.id == entry.name { 0.0 } else { number };
                        if name > 0.0 {
                            set(&entry.id, part(0.0, number - 2.0), SIZE, GREY, Align::Left);
                        }
                        let end = width - PAGE_NUMBER;
                        set(&entry.name, part(name, end), SIZE, INK, Align::Left);
                        set(&page.to_string(), part(end, width), SIZE, GREY, Align::Right);
                    }
                    Row::Blank => {}
                }
            }
        }
        page
    });
    pages.collect()
}

/// How wide the numbers are, with some room behind them.
fn number_width(contents: &Contents, fonts: &Fonts) -> f32 {
    let entries = contents.sections.iter().flat_map(|section| &section.entries);
    let numbers = entries.filter(|entry| entry.id != entry.name).map(|entry| &entry.id);
    let Some(longest) = numbers.max_by_key(|id| id.chars().count()) else { return 0.0 };
    let place = Box { left: 0.0, top: 0.0, width: 1000.0, height: LINE };
    let look = Label { place, size: SIZE, color: GREY, align: Align::Left, wrap: false };
    label(longest, &look, fonts).first().map_or(0.0, |line| line.width * 1.1) + 4.0
}

/// All rows, column by column; no category's title stands alone at the end of one.
fn columns_of(contents: &Contents, rows: usize) -> Vec<Vec<Row<'_>>> {
    let mut columns = vec![Vec::new()];
    let mut page = 0;
    for section in &contents.sections {
        let begin = [Row::Blank, Row::Title(&section.title)];
        let column = columns.last_mut();
        match column {
            Some(column) if column.is_empty() => column.extend(begin.into_iter().skip(1)),
            Some(column) if column.len() + 3 <= rows => column.extend(begin),
            _ => columns.push(begin.into_iter().skip(1).collect()),
        }
        for entry in &section.entries {
            page += 1;
            match columns.last_mut() {
                Some(column) if column.len() < rows => column.push(Row::Entry(entry, page)),
                _ => columns.push(vec![Row::Entry(entry, page)]),
            }
        }
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::pdf::Section;

    #[test]
    fn everyone_is_listed_once_and_no_title_stands_alone() {
        let entry = |n: usize| Entry { id: format!("V{n}"), name: format!("Ann {n}") };
        let section = |count: usize| Section {
            key: "k".to_owned(),
            title: "Title".to_owned(),
            entries: (1..=count).map(entry).collect(),
        };
        for count in 0..40 {
            let sections = vec![section(count), section(3), section(1)];
            let contents = Contents { title: "T".to_owned(), sections, ..Contents::default() };
            let columns = columns_of(&contents, 10);
            let pages: Vec<usize> = columns
                .iter()
                .flatten()
                .filter_map(|row| match row {
                    Row::Entry(_, page) => Some(*page),
                    _ => None,
                })
                .collect();
            assert_eq!(pages, (1..=count + 4).collect::<Vec<_>>());
            for column in &columns {
                assert!(column.len() <= 10 && !matches!(column.first(), Some(Row::Blank)));
                assert!(count == 0 || !matches!(column.last(), Some(Row::Title(_))));
            }
        }
    }
}
