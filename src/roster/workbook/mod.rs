//! Workbooks (XLSX, XLS, ODS) to a table. calamine reads them, after [`zipped`], [`compound`]
//! and [`biff`] have looked whether they are whole and how much they unfold to, which it takes
//! on trust.
//!
//! Decided: a merged cell counts for its first row and column, hidden rows and columns count
//! like the others, hidden sheets only when they are named.

mod biff;
mod book;
mod cell;
mod compound;
mod content;
mod sheet;
mod zipped;

use super::Problem;
use super::table::Table;
use book::Book;
use sheet::{Rows, Stop};

/// What a workbook is kept in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A ZIP archive: XLSX or ODS.
    Zip,
    /// A compound file: XLS.
    Compound,
}

/// The thread that calamine runs on. Should a damaged workbook make it panic all the same,
/// that ends this thread and no other, and the workbook is refused.
pub const THREAD: &str = "workbook";

/// The kind of workbook that bytes are, if they are one.
pub fn kind(bytes: &[u8]) -> Option<Kind> {
    let zip = bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06");
    let compound = bytes.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1");
    if zip { Some(Kind::Zip) } else { compound.then_some(Kind::Compound) }
}

/// Reads a sheet: the one that is said by name or number, else the first with a column of
/// names. Says which it is where there are several.
pub fn read(
    bytes: &[u8],
    kind: Kind,
    said: Option<&str>,
) -> Result<(Table, Option<String>), Vec<Problem>> {
    let work = || {
        let book = match kind {
            Kind::Zip if zipped::check(bytes)? => Book::ods(bytes),
            Kind::Zip => Book::xlsx(bytes),
            Kind::Compound => {
                biff::check(&compound::stream(bytes)?, bytes.len())?;
                Book::xls(bytes)
            }
        };
        table(&mut book?, bytes.len(), said)
    };
    let thread = std::thread::Builder::new().name(THREAD.to_owned());
    std::thread::scope(|scope| {
        let running = thread.spawn_scoped(scope, work).ok();
        running.and_then(|running| running.join().ok()).unwrap_or_else(|| Err(vec![damaged("")]))
    })
}

fn table(
    book: &mut Book<'_>,
    size: usize,
    said: Option<&str>,
) -> Result<(Table, Option<String>), Vec<Problem>> {
    let sheets = book.sheets();
    let names = || sheets.iter().map(|sheet| sheet.name.as_str()).collect::<Vec<_>>().join(", ");
    let note = |name: &str| {
        let several = sheets.len() > 1 && said.is_none();
        several.then(|| format!("read the sheet {name} of {}; --sheet takes another", names()))
    };
    if let Some(said) = said {
        let by_name = sheets.iter().find(|sheet| sheet.name == said);
        let by_number = || said.parse().ok().and_then(|n: usize| sheets.get(n.checked_sub(1)?));
        let sheet = by_name.or_else(by_number).ok_or_else(|| {
            let message = format!("it has no sheet {said:?}");
            vec![Problem::of_file(message, format!("use one of: {}", names()))]
        })?;
        return Ok((rows(book, &sheet.name, size, false)?, None));
    }
    let visible: Vec<_> = sheets.iter().filter(|sheet| sheet.visible).collect();
    for sheet in &visible {
        match rows(book, &sheet.name, size, true) {
            Ok(table) => return Ok((table, note(&sheet.name))),
            Err(Stop::NoNames) => {}
            Err(Stop::Problems(problems)) => return Err(problems),
        }
    }
    // No sheet has names: the first with anything in it shows its headers.
    let mut problems = vec![damaged("it has no sheet")];
    for sheet in visible {
        match rows(book, &sheet.name, size, false) {
            Ok(table) => return Ok((table, note(&sheet.name))),
            Err(stop) => problems = stop.into(),
        }
    }
    Err(problems)
}

fn rows(book: &mut Book<'_>, name: &str, size: usize, only_names: bool) -> Result<Table, Stop> {
    let mut rows = Rows::new(size, only_names);
    book.visit(name, &mut |line, cells| rows.push(line, cells))?;
    rows.finish()
}

/// Why a workbook cannot be read, where it is damaged or something else altogether.
fn damaged(why: &str) -> Problem {
    let why = if why.is_empty() { "it is damaged" } else { why };
    Problem::of_file(
        format!("it is no workbook that can be read: {why}"),
        "open it where it comes from, and save it anew as XLSX, or as CSV in UTF-8",
    )
}

/// A workbook that would take far more memory than its size lets expect.
fn too_much() -> Problem {
    Problem::of_file(
        "it unfolds to far more than its size",
        "keep the rows and columns of the roster only, and save it anew",
    )
}

/// Bytes of memory that a workbook of `size` bytes may unfold to.
fn room(size: usize) -> u64 {
    const ROOM: u64 = 64 << 20;
    const TIMES: u64 = 8;
    ROOM + TIMES * size as u64
}
