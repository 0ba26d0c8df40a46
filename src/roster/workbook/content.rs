//! How many cells an ODS unfolds to: it says of rows, cells and spaces how often each is
//! repeated, and calamine writes them all out.

use quick_xml::events::{BytesStart, Event};

use super::too_much;
use crate::roster::Problem;

/// Memory for a cell: its value and its formula, each once as read and once in its place.
const CELL: u64 = 144;

/// Counts the cells of a `content.xml`.
#[derive(Debug, Default)]
pub struct Census {
    room: u64,
    /// Of the sheet: its rows down to the last with anything in it, and the empty ones below.
    rows: u64,
    empty_rows: u64,
    /// The widest row, and the text of all.
    width: u64,
    text: u64,
    /// Of the row: how often it is repeated, its cells up to the last with anything in it, the
    /// empty ones after, and its text.
    repeated: u64,
    cells: u64,
    empty_cells: u64,
    row_text: u64,
    /// Of the cell: how often it is repeated, and its text.
    cell_repeated: u64,
    cell_text: u64,
    is_filled: bool,
}

impl Census {
    /// Counts up to this many bytes of memory.
    pub fn new(room: u64) -> Self {
        Self { room, ..Self::default() }
    }

    /// Takes the next event; empty elements come as two.
    pub fn count(&mut self, event: &Event<'_>) -> Result<(), Vec<Problem>> {
        match event {
            Event::Start(start) => self.begin(start),
            Event::End(end) => match end.name().as_ref() {
                "table:table-cell" | "table:covered-table-cell" => self.end_cell(),
                "table:table-row" => self.end_row(),
                _ => {}
            },
            Event::Text(text) => self.add_text(text.len() as u64),
            Event::GeneralRef(_) => self.add_text(4),
            _ => {}
        }
        let cells = self.rows.saturating_mul(self.width).saturating_mul(CELL);
        let row = self.cells.saturating_mul(CELL);
        let memory =
            cells.saturating_add(row).saturating_add(self.text).saturating_add(self.row_text);
        if memory > self.room { Err(vec![too_much()]) } else { Ok(()) }
    }

    fn begin(&mut self, start: &BytesStart<'_>) {
        match start.name().as_ref() {
            // The sheets before stay in memory.
            "table:table" => {
                let kept = self.rows.saturating_mul(self.width).saturating_mul(CELL);
                *self = Self::new(self.room.saturating_sub(kept.saturating_add(self.text)));
            }
            "table:table-row" => self.repeated = times(start, "table:number-rows-repeated"),
            "table:table-cell" | "table:covered-table-cell" => {
                self.cell_repeated = times(start, "table:number-columns-repeated");
                (self.cell_text, self.is_filled) = (0, false);
                for attribute in start.attributes().with_checks(false).flatten() {
                    let key = attribute.key.as_ref();
                    if key.starts_with("office:") || key == "table:formula" {
                        self.add_text(attribute.value.len() as u64);
                    }
                }
            }
            "text:s" => self.add_text(times(start, "text:c")),
            "text:tab" | "text:line-break" | "text:p" => self.add_text(1),
            _ => {}
        }
    }

    fn add_text(&mut self, length: u64) {
        self.cell_text = self.cell_text.saturating_add(length);
        self.is_filled = true;
        // Each once as a value, and at worst once as a formula.
        let text = length.saturating_mul(self.cell_repeated.max(1)).saturating_mul(2);
        self.row_text = self.row_text.saturating_add(text);
    }

    fn end_cell(&mut self) {
        if self.is_filled {
            let cells = self.empty_cells.saturating_add(self.cell_repeated);
            self.cells = self.cells.saturating_add(cells);
            self.empty_cells = 0;
        } else {
            self.empty_cells = self.empty_cells.saturating_add(self.cell_repeated);
        }
    }

    fn end_row(&mut self) {
        if self.cells == 0 {
            self.empty_rows = self.empty_rows.saturating_add(self.repeated);
        } else {
            let rows = self.empty_rows.saturating_add(self.repeated);
            self.rows = self.rows.saturating_add(rows);
            self.width = self.width.max(self.cells);
            let text = self.row_text.saturating_mul(self.repeated);
            self.text = self.text.saturating_add(text);
            self.empty_rows = 0;
        }
        (self.cells, self.empty_cells, self.row_text) = (0, 0, 0);
    }
}

/// How often something is repeated; what cannot be read is as often as can be.
fn times(start: &BytesStart<'_>, key: &str) -> u64 {
    let mut attributes = start.attributes();
    let said =
        attributes.with_checks(false).flatten().find(|attribute| attribute.key.as_ref() == key);
    said.map_or(1, |times| times.value.trim().parse().unwrap_or(u64::MAX))
}
