//! A look at the records of an XLS (MS-XLS) before they are read: how many cells the sheets
//! span, and how much text they come to.

use super::{damaged, room, too_much};
use crate::roster::Problem;

const FORMULA: u16 = 0x0006;
const END: u16 = 0x000a;
const NAME: u16 = 0x0018;
const CONTINUE: u16 = 0x003c;
const SHEET: u16 = 0x0085;
const STRINGS: u16 = 0x00fc;
const SHARED_TEXT: u16 = 0x00fd;
const SEVERAL_NUMBERS: u16 = 0x00bd;
const DIMENSIONS: u16 = 0x0200;
const BEGIN: u16 = 0x0809;

/// The other records that are a cell.
const CELLS: [u16; 6] = [0x0203, 0x0204, 0x00d6, 0x0205, 0x0207, 0x027e];

/// Memory for a cell in the table of a sheet, which is kept twice, and for one as it is read.
const PLACE: u64 = 88;
const CELL: u64 = 40;

/// Sheets a workbook may have: each is read from its beginning.
const MOST_SHEETS: usize = 256;

/// The rows and columns that an XLS can have.
const ROWS: u32 = 1 << 16;
const COLUMNS: u32 = 1 << 8;

/// Looks through the stream of the workbook in a file of `size` bytes.
pub fn check(stream: &[u8], size: usize) -> Result<(), Vec<Problem>> {
    let whole = Records { stream };
    let mut sheets = Vec::new();
    let mut strings = Vec::new();
    // What a token of a formula may be written out to: a name, a sheet.
    let mut longest_name = 32;
    for record in whole {
        match record.kind {
            SHEET => sheets.push(number(record.data, 0).ok_or_else(broken)? as usize),
            STRINGS => strings = lengths(&record).ok_or_else(broken)?,
            NAME => {
                longest_name = longest_name.max(record.data.get(3).map_or(0, |n| u64::from(*n)));
            }
            END => break,
            // Is it protected, in which code page, from which year on are its days counted.
            0x002f | 0x0042 | 0x0022 if record.data.len() < 2 => return Err(broken()),
            _ => {}
        }
    }
    if sheets.len() > MOST_SHEETS {
        return Err(vec![too_much()]);
    }
    let mut left = room(size);
    for start in sheets {
        let stream = stream.get(start..).ok_or_else(broken)?;
        let memory = memory(Records { stream }, &strings, longest_name).ok_or_else(broken)?;
        left = left.checked_sub(memory).ok_or_else(|| vec![too_much()])?;
    }
    Ok(())
}

fn broken() -> Vec<Problem> {
    vec![damaged("")]
}

/// The memory that a sheet takes; nothing when its records are too short.
fn memory(records: Records<'_>, strings: &[u64], longest_name: u64) -> Option<u64> {
    let (mut text, mut cells, mut depth) = (0_u64, 0_u64, 0_usize);
    let mut span: Option<[u32; 4]> = None;
    for record in records {
        let data = record.data;
        match record.kind {
            BEGIN => depth += 1,
            END if depth <= 1 => break,
            END => depth -= 1,
            // What is said of the span makes room for it at once.
            DIMENSIONS => {
                let (end, last) = if data.len() == 10 { (2, 6) } else { (4, 10) };
                let rows = if data.len() == 10 { short(data, end)? } else { number(data, end)? };
                let columns = short(data, last)?;
                let (first, begin) = if data.len() == 10 {
                    (short(data, 0)?, short(data, 4)?)
                } else {
                    (number(data, 0)?, short(data, 8)?)
                };
                if rows > ROWS || columns > COLUMNS || first > rows || begin > columns {
                    return None;
                }
                text = text.saturating_add(
                    u64::from(rows - first) * u64::from(columns - begin) * CELL / 8,
                );
            }
            SHARED_TEXT | SEVERAL_NUMBERS | FORMULA => {
                let several = (data.len() / 6) as u32;
                let (row, column) = (short(data, 0)?, short(data, 2)?);
                let last = if record.kind == SEVERAL_NUMBERS { column + several } else { column };
                grow(&mut span, row, column, last);
                cells += if record.kind == SEVERAL_NUMBERS { u64::from(several) } else { 1 };
                if record.kind == SHARED_TEXT {
                    let string = number(data, 6)? as usize;
                    text = text.saturating_add(strings.get(string).copied().unwrap_or(0) * 2);
                } else if record.kind == FORMULA {
                    text = text.saturating_add(data.len() as u64 * longest_name / 4);
                }
            }
            kind if CELLS.contains(&kind) => {
                if kind != 0x0207 {
                    let column = short(data, 2)?;
                    grow(&mut span, short(data, 0)?, column, column);
                }
                cells += 1;
                text = text.saturating_add(data.len() as u64 * 6);
            }
            _ => {}
        }
    }
    let [top, bottom, left, right] = span.unwrap_or_default();
    let places = u64::from(bottom - top + 1) * u64::from(right - left + 1);
    Some(places.saturating_mul(PLACE).saturating_add(cells * CELL).saturating_add(text))
}

fn grow(span: &mut Option<[u32; 4]>, row: u32, first: u32, last: u32) {
    let [top, bottom, left, right] = span.unwrap_or([row, row, first, last]);
    *span = Some([top.min(row), bottom.max(row), left.min(first), right.max(last)]);
}

/// The bytes of memory that each shared string takes.
fn lengths(record: &Record<'_>) -> Option<Vec<u64>> {
    let mut pieces = Pieces { now: record.data.get(8..)?, later: &record.more };
    let mut lengths = Vec::new();
    while pieces.is_any() {
        let characters = pieces.short()?;
        let flags = pieces.byte()?;
        let runs = if flags & 8 == 0 { 0 } else { pieces.short()? as usize * 4 };
        let phonetic = if flags & 4 == 0 { 0 } else { pieces.number()? as usize };
        pieces.skip_characters(characters as usize, flags & 1 == 1)?;
        pieces.skip(runs.checked_add(phonetic)?)?;
        lengths.push(u64::from(characters) * 3);
    }
    Some(lengths)
}

/// A record's data, and that of the records that continue it.
struct Pieces<'a, 'b> {
    now: &'a [u8],
    later: &'b [&'a [u8]],
}

impl Pieces<'_, '_> {
    fn is_any(&mut self) -> bool {
        while self.now.is_empty() {
            let Some((next, later)) = self.later.split_first() else { return false };
            (self.now, self.later) = (next, later);
        }
        true
    }

    fn byte(&mut self) -> Option<u8> {
        self.is_any();
        let (first, rest) = self.now.split_first()?;
        self.now = rest;
        Some(*first)
    }

    fn short(&mut self) -> Option<u32> {
        Some(u32::from(self.byte()?) | u32::from(self.byte()?) << 8)
    }

    fn number(&mut self) -> Option<u32> {
        Some(self.short()? | self.short()? << 16)
    }

    fn skip(&mut self, mut bytes: usize) -> Option<()> {
        while bytes > 0 {
            if !self.is_any() {
                return None;
            }
            let here = bytes.min(self.now.len());
            self.now = &self.now[here..];
            bytes -= here;
        }
        Some(())
    }

    /// Characters go on in the next record with a byte that says again how wide they are.
    fn skip_characters(&mut self, mut characters: usize, mut wide: bool) -> Option<()> {
        loop {
            let width = if wide { 2 } else { 1 };
            let here = characters.min(self.now.len() / width);
            self.now = &self.now[here * width..];
            characters -= here;
            if characters == 0 {
                return Some(());
            }
            self.now = &[];
            wide = self.byte()? & 1 == 1;
        }
    }
}

/// A record: its kind, its data, and the data of those that continue it.
struct Record<'a> {
    kind: u16,
    data: &'a [u8],
    more: Vec<&'a [u8]>,
}

/// The records of a stream, up to its end or to one that is not whole.
struct Records<'a> {
    stream: &'a [u8],
}

impl<'a> Records<'a> {
    fn one(&mut self) -> Option<(u16, &'a [u8])> {
        let kind = short(self.stream, 0)? as u16;
        let length = short(self.stream, 2)? as usize;
        let data = self.stream.get(4..4 + length)?;
        self.stream = &self.stream[4 + length..];
        Some((kind, data))
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Record<'a>;

    fn next(&mut self) -> Option<Record<'a>> {
        let (kind, data) = self.one()?;
        let mut more = Vec::new();
        while short(self.stream, 0) == Some(u32::from(CONTINUE)) {
            more.push(self.one()?.1);
        }
        Some(Record { kind, data, more })
    }
}

fn short(bytes: &[u8], place: usize) -> Option<u32> {
    let two = bytes.get(place..place + 2)?.try_into().ok()?;
    Some(u32::from(u16::from_le_bytes(two)))
}

fn number(bytes: &[u8], place: usize) -> Option<u32> {
    bytes.get(place..place + 4)?.try_into().ok().map(u32::from_le_bytes)
}
