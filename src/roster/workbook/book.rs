//! The three kinds of workbook behind one face: their sheets, and the rows of one.

use std::io::Cursor;

use calamine::{Data, Ods, Range, Reader, SheetVisible, Xls, Xlsx};

use super::cell::{Cell, shown};
use super::damaged;
use super::sheet::Stop;
use crate::roster::Problem;
use crate::roster::table::MOST_COLUMNS;

/// A workbook.
pub enum Book<'a> {
    Xlsx(Box<Xlsx<Cursor<&'a [u8]>>>),
    Xls(Box<Xls<Cursor<&'a [u8]>>>),
    Ods(Box<Ods<Cursor<&'a [u8]>>>),
}

/// A sheet that has cells.
pub struct Sheet {
    pub name: String,
    pub visible: bool,
}

/// Takes a row: its number as the program shows it, and its cells.
type Visit<'v> = dyn FnMut(u64, Vec<Cell>) -> Result<(), Stop> + 'v;

impl<'a> Book<'a> {
    pub fn xlsx(bytes: &'a [u8]) -> Result<Self, Vec<Problem>> {
        Xlsx::new(Cursor::new(bytes)).map(|book| Self::Xlsx(Box::new(book))).map_err(unreadable)
    }

    pub fn xls(bytes: &'a [u8]) -> Result<Self, Vec<Problem>> {
        Xls::new(Cursor::new(bytes)).map(|book| Self::Xls(Box::new(book))).map_err(unreadable)
    }

    pub fn ods(bytes: &'a [u8]) -> Result<Self, Vec<Problem>> {
        Ods::new(Cursor::new(bytes)).map(|book| Self::Ods(Box::new(book))).map_err(unreadable)
    }

    /// The sheets, in the order of their tabs.
    pub fn sheets(&self) -> Vec<Sheet> {
        let sheets = match self {
            Self::Xlsx(book) => book.sheets_metadata(),
            Self::Xls(book) => book.sheets_metadata(),
            Self::Ods(book) => book.sheets_metadata(),
        };
        sheets
            .iter()
            .map(|sheet| Sheet {
                name: sheet.name.clone(),
                visible: sheet.visible == SheetVisible::Visible,
            })
            .collect()
    }

    /// Goes through the rows of a sheet that have cells, until `visit` stops it.
    pub fn visit(&mut self, sheet: &str, visit: &mut Visit<'_>) -> Result<(), Stop> {
        match self {
            Self::Xlsx(book) => cell_by_cell(book, sheet, visit),
            Self::Xls(book) => whole(&book.worksheet_range(sheet).map_err(unreadable)?, visit),
            Self::Ods(book) => whole(&book.worksheet_range(sheet).map_err(unreadable)?, visit),
        }
    }
}

/// XLSX is read as it stands in the file: calamine's own table of a sheet has a place for every
/// cell between the first and the last, be there a billion.
fn cell_by_cell(
    book: &mut Xlsx<Cursor<&[u8]>>,
    sheet: &str,
    visit: &mut Visit<'_>,
) -> Result<(), Stop> {
    let mut reader = match book.worksheet_cells_reader(sheet) {
        Ok(reader) => reader,
        // A sheet that is a chart.
        Err(calamine::XlsxError::NotAWorksheet(_)) => return Ok(()),
        Err(error) => return Err(unreadable(error).into()),
    };
    let mut row = 0;
    let mut cells: Vec<Cell> = Vec::new();
    while let Some(cell) = reader.next_cell().map_err(unreadable)? {
        let (line, column) = cell.get_position();
        if line != row && !cells.is_empty() {
            visit(u64::from(row) + 1, std::mem::take(&mut cells))?;
        }
        row = line;
        let value = shown(cell.get_value().clone().into());
        if value.is_empty() {
            continue;
        }
        let place = (column as usize).min(MOST_COLUMNS);
        if cells.len() <= place {
            cells.resize(place + 1, Cell::default());
        }
        cells[place] = value;
    }
    if cells.is_empty() { Ok(()) } else { visit(u64::from(row) + 1, cells) }
}

fn whole(range: &Range<Data>, visit: &mut Visit<'_>) -> Result<(), Stop> {
    let first = range.start().map_or(0, |(row, _)| u64::from(row)) + 1;
    for (line, row) in (first..).zip(range.rows()) {
        visit(line, row.iter().take(MOST_COLUMNS + 1).map(|cell| shown(cell.clone())).collect())?;
    }
    Ok(())
}

fn unreadable(error: impl std::fmt::Display) -> Vec<Problem> {
    vec![damaged(&error.to_string())]
}
