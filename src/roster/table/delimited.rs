//! Values parted by commas, semicolons, tabs or full-width commas, with quoted fields (RFC 4180).

use std::borrow::Cow;
use std::cmp::Reverse;

use csv::{Position, Reader, ReaderBuilder, StringRecord, Trim};

use super::{Builder, HEAD, Table, is_line_end, quotes};
use crate::roster::{Problem, columns};

/// What may part values, the likelier first.
const DELIMITERS: [char; 4] = [',', ';', '\t', '，'];

/// Control characters that stand in for a delimiter of more than one byte: any that the text
/// does not have itself.
const STAND_INS: [char; 4] = ['\u{1f}', '\u{1e}', '\u{1d}', '\u{1c}'];

/// Reads text with a line of headers, perhaps below a title: the first with a column of names
/// within the first few lines, else the first of all.
pub fn read(text: &str) -> Result<Table, Vec<Problem>> {
    let (delimiter, start) = match said(text) {
        Some((delimiter, length)) => (delimiter, length),
        None => (likeliest(text), 0),
    };
    let (first, text) = (1 + u64::from(start > 0), &text[start..]);
    let mut table = parted(text, delimiter, first)?;
    table.problems.extend(quotes::check(text, delimiter, table.headers.len(), first));
    Ok(table)
}

/// Reads text whose cells are parted by a delimiter.
fn parted(text: &str, delimiter: char, first: u64) -> Result<Table, Vec<Problem>> {
    if delimiter.is_ascii() {
        return records(text, delimiter as u8, first, &|cell| unwrapped(cell).into());
    }
    let Some(stand_in) = STAND_INS.into_iter().find(|c| !text.contains(*c)) else {
        return Err(vec![Problem::of_file("it has control characters", "save it as CSV in UTF-8")]);
    };
    let swapped = text.replace(delimiter, stand_in.encode_utf8(&mut [0; 4]));
    // Within quotes it was no delimiter.
    let meant = delimiter.to_string();
    records(&swapped, stand_in as u8, first, &|cell| {
        let cell = unwrapped(cell);
        if cell.contains(stand_in) { cell.replace(stand_in, &meant).into() } else { cell.into() }
    })
}

/// A cell without the formula that keeps a spreadsheet from making a number of it: `="007"`.
fn unwrapped(cell: &str) -> &str {
    let inner = cell.strip_prefix("=\"").and_then(|cell| cell.strip_suffix('"'));
    inner.filter(|inner| !inner.contains('"')).unwrap_or(cell)
}

/// What a cell says once it has been parted from the others.
type Restore<'r> = dyn for<'c> Fn(&'c str) -> Cow<'c, str> + 'r;

/// Reads the records of a text whose first line has this number.
fn records(
    text: &str,
    delimiter: u8,
    first: u64,
    restore: &Restore<'_>,
) -> Result<Table, Vec<Problem>> {
    let mut reader = reader(text, delimiter);
    let mut above = headers(text, delimiter, restore).unwrap_or_default();
    let mut record = StringRecord::new();
    let mut builder: Option<Builder> = None;
    let mut spaced = false;
    let mut lines = Lines { bytes: text.as_bytes(), at: 0, line: first };
    while reader.read_record(&mut record).map_err(|error| vec![unreadable(&error)])? {
        let line = lines.of(record.position().map_or(0, Position::byte) as usize);
        if let Some(builder) = &mut builder {
            let cells = record.iter().enumerate();
            let cells = cells.map(|(place, cell)| unspaced(cell, spaced && place > 0));
            builder.push(line, cells.map(restore))?;
        } else if above > 0 {
            above -= 1;
        } else {
            spaced = record.len() > 1 && record.iter().skip(1).all(|cell| cell.starts_with(' '));
            let headers: Vec<_> = record.iter().map(restore).collect();
            let remedy = "quote a cell that has a comma in it: \"a, b\"";
            builder = Some(Builder::new(headers.iter().map(AsRef::as_ref), text.len(), remedy)?);
        }
    }
    builder.map_or_else(|| Builder::new([], 0, ""), Ok).map(Builder::finish)
}

fn reader(text: &str, delimiter: u8) -> Reader<&[u8]> {
    let mut builder = ReaderBuilder::new();
    builder.flexible(true).has_headers(false).trim(Trim::None).delimiter(delimiter);
    builder.from_reader(text.as_bytes())
}

/// How many records stand above the first that has a header for the names, if one has within the
/// first few.
fn headers(text: &str, delimiter: u8, restore: &Restore<'_>) -> Option<usize> {
    let mut reader = reader(text, delimiter);
    let mut record = StringRecord::new();
    for above in 0..HEAD {
        if !reader.read_record(&mut record).ok()? {
            return None;
        }
        if record.iter().any(|cell| columns::is_name(restore(cell).trim())) {
            return Some(above);
        }
    }
    None
}

/// A cell without the space that people type after a comma: where all headers have it, it is
/// the delimiter's.
fn unspaced(cell: &str, spaced: bool) -> &str {
    cell.strip_prefix(' ').filter(|_| spaced).unwrap_or(cell)
}

/// The delimiter that a first line `sep=;` says, as Excel writes and reads it, and the length
/// of that line.
fn said(text: &str) -> Option<(char, usize)> {
    let rest = text.strip_prefix("sep=")?;
    let delimiter = rest.chars().next().filter(|c| DELIMITERS.contains(c))?;
    let end = &rest[delimiter.len_utf8()..];
    let newline = ["\r\n", "\n"].into_iter().find(|newline| end.starts_with(newline))?;
    Some((delimiter, text.len() - end.len() + newline.len()))
}

/// The delimiter that parts a header for the names from others; where several do or none, the one
/// that the first line has most of, outside quotes.
fn likeliest(text: &str) -> char {
    let mut counts = [0_usize; DELIMITERS.len()];
    let mut is_quoted = false;
    for c in text.trim_start_matches(['\r', '\n']).chars() {
        match c {
            '"' => is_quoted = !is_quoted,
            '\r' | '\n' if !is_quoted => break,
            c if !is_quoted => {
                if let Some(place) = DELIMITERS.iter().position(|delimiter| *delimiter == c) {
                    counts[place] += 1;
                }
            }
            _ => {}
        }
    }
    let mut places: Vec<usize> = (0..DELIMITERS.len()).collect();
    // The sort is stable: of those that are as frequent, the likelier stays first.
    places.sort_by_key(|place| Reverse(counts[*place]));
    let parts_names = |delimiter: &char| {
        let mark = if delimiter.is_ascii() { *delimiter } else { STAND_INS[0] };
        let head = start(text).replace(*delimiter, mark.encode_utf8(&mut [0; 4]));
        headers(&head, mark as u8, &|cell| cell.into()).is_some()
    };
    let mut by_count = places.iter().map(|place| DELIMITERS[*place]);
    by_count.clone().find(parts_names).or_else(|| by_count.next()).unwrap_or(DELIMITERS[0])
}

/// The beginning of a text, long enough for the lines that may have the headers.
fn start(text: &str) -> &str {
    const LENGTH: usize = 1 << 16;
    &text[..text.floor_char_boundary(LENGTH)]
}

/// Counts lines from one record to the next. The reader's own count is behind by one where
/// lines end in CR LF: it looks at the LF with the next record.
struct Lines<'a> {
    bytes: &'a [u8],
    at: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line of the record that is read from this byte on; records come in order.
    fn of(&mut self, start: usize) -> u64 {
        let blank = |byte: &u8| matches!(byte, b'\r' | b'\n');
        let blanks = self.bytes[start..].iter().take_while(|byte| blank(byte)).count();
        let next = start + blanks;
        let ends = (self.at..next).filter(|at| is_line_end(self.bytes, *at));
        self.line += ends.count() as u64;
        self.at = next;
        self.line
    }
}

fn unreadable(error: &csv::Error) -> Problem {
    Problem::of_file(error.to_string(), "save it as CSV in UTF-8")
}

#[cfg(test)]
mod tests {
    use super::super::Row;
    use super::*;

    fn rows(text: &str) -> Vec<(u64, Vec<String>)> {
        let table = read(text).unwrap();
        let cells = |row: &Row| row.cells().map(str::to_owned).collect();
        table.rows.iter().map(|row| (row.line, cells(row))).collect()
    }

    #[test]
    fn rows_keep_their_lines_past_blanks_and_quoted_breaks() {
        let text = "name,city\n沈旭,\"a\nb\"\n\n, ,\n 任增刚 \n";
        assert_eq!(read(text).unwrap().headers, ["name", "city"]);
        let expected =
            [(2, vec!["沈旭".to_owned(), "a\nb".to_owned()]), (6, vec![" 任增刚 ".to_owned()])];
        assert_eq!(rows(text), expected);
    }

    #[test]
    fn a_space_that_follows_every_comma_is_none_of_the_cells() {
        let cells = |text: &str| rows(text).remove(0).1;
        assert_eq!(cells("name, city, age\n Ann, Rome,  7\n"), [" Ann", "Rome", " 7"]);
        assert_eq!(cells("name,city\nAnn, Rome\n"), ["Ann", " Rome"]);
    }

    #[test]
    fn an_unquoted_comma_and_an_empty_file_are_problems() {
        assert_eq!(read("name\na,b\n").unwrap().problems[0].row, Some(2));
        assert!(read("").is_err());
        assert!(read("\n\n").is_err());
        assert!(read(",,\nAnn,,\n").is_err());
        assert_eq!(rows(",,\nname,,\nAnn,,\n"), [(3, vec!["Ann".to_owned()])]);
        assert!(read(&"a,".repeat(2000)).unwrap_err()[0].message.contains("columns"));
    }

    #[test]
    fn a_title_may_stand_above_the_headers() {
        let text = "社区2020年名单,,\n\n制表,2021,\n姓名,city,\nAnn,=\"007\",\n";
        assert_eq!(read(text).unwrap().headers, ["姓名", "city"]);
        assert_eq!(rows(text), [(5, vec!["Ann".to_owned(), "007".to_owned()])]);
        assert_eq!(read("a,b\nAnn,x\n").unwrap().headers, ["a", "b"]);
    }

    #[test]
    fn the_headers_show_what_parts_the_values() {
        let cells = [(2, vec!["沈, 旭".to_owned(), "a，b;\tc".to_owned()])];
        for text in [
            "name,city\n\"沈, 旭\",\"a，b;\tc\"\n",
            "name;city\n沈, 旭;\"a，b;\tc\"\n",
            "name\tcity\n沈, 旭\t\"a，b;\tc\"\n",
            "name，city\n沈, 旭，\"a，b;\tc\"\n",
            "\"na,,,me\";city\n沈, 旭;\"a，b;\tc\"\n",
            "name\tcity (a,b,c)\n沈, 旭\t\"a，b;\tc\"\n",
        ] {
            assert_eq!(rows(text), cells, "{text}");
        }
        assert_eq!(rows("sep=;\r\nna,,me;city\r\nAnn;x\r\n")[0].0, 3);
    }
}
