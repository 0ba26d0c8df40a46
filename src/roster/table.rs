//! CSV text to a table of headers and rows.

use super::Problem;

/// A roster as rows of text under headers.
#[derive(Debug)]
pub struct Table {
    /// The headers, trimmed.
    pub headers: Vec<String>,
    /// The rows that have anything in them.
    pub rows: Vec<Row>,
}

/// One row.
#[derive(Debug)]
pub struct Row {
    /// The line it begins on, counted from 1.
    pub line: u64,
    /// Its cells, trimmed; as many as there are headers.
    pub cells: Vec<String>,
}

/// Reads comma-separated values with a header line, quoted fields and a byte order mark or none.
pub fn from_csv(text: &str) -> Result<Table, Vec<Problem>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader =
        csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let headers: Vec<String> = reader
        .headers()
        .map_err(|error| vec![unreadable(&error)])?
        .iter()
        .map(str::to_owned)
        .collect();
    if headers.iter().all(String::is_empty) {
        return Err(vec![Problem::of_file(
            "it is empty",
            "begin it with a line of headers such as: name,category",
        )]);
    }
    let mut rows = Vec::new();
    let mut problems = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| vec![unreadable(&error)])?;
        let line = record.position().map_or(0, csv::Position::line);
        if record.iter().all(str::is_empty) {
            continue;
        }
        if record.len() > headers.len() && record.iter().skip(headers.len()).any(|c| !c.is_empty())
        {
            problems.push(Problem::at(
                line,
                format!("it has {} cells under {} headers", record.len(), headers.len()),
                "quote a cell that has a comma in it: \"a, b\"",
            ));
            continue;
        }
        let mut cells: Vec<String> = record.iter().map(str::to_owned).collect();
        cells.resize(headers.len(), String::new());
        rows.push(Row { line, cells });
    }
    if problems.is_empty() { Ok(Table { headers, rows }) } else { Err(problems) }
}

fn unreadable(error: &csv::Error) -> Problem {
    let remedy = "save it as CSV in UTF-8";
    match error.position() {
        Some(position) => Problem::at(position.line(), error.to_string(), remedy),
        None => Problem::of_file(error.to_string(), remedy),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_keep_their_lines_past_blanks_and_quoted_breaks() {
        let table = from_csv("\u{feff}name,city\n沈旭,\"a\nb\"\n\n,,\n 任增刚 \n").unwrap();
        assert_eq!(table.headers, ["name", "city"]);
        let rows: Vec<_> = table.rows.iter().map(|row| (row.line, row.cells.clone())).collect();
        assert_eq!(
            rows,
            [
                (2, vec!["沈旭".to_owned(), "a\nb".to_owned()]),
                (6, vec!["任增刚".to_owned(), String::new()])
            ]
        );
    }

    #[test]
    fn an_unquoted_comma_and_an_empty_file_are_problems() {
        assert_eq!(from_csv("name\na,b\n").unwrap_err()[0].row, Some(2));
        assert!(from_csv("").is_err());
    }
}
