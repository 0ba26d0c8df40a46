//! Which column has what: by its header, or as `--map` says.

use super::Problem;
use super::headers::{Meaning, fold};
use super::table::Row;
use crate::issuer::Issuer;
use crate::text::Text;

/// Where everything stands in a row.
#[derive(Debug)]
pub struct Columns {
    headers: Vec<String>,
    known: Vec<(Meaning, usize)>,
    /// The public columns: header and place.
    pub public: Vec<(Text, usize)>,
}

impl Columns {
    /// Finds the columns among the headers; `map` says what some of them mean, by header.
    pub fn of(
        headers: &[String],
        map: &[(Meaning, String)],
        issuer: &Issuer,
    ) -> Result<Self, Vec<Problem>> {
        let mut known = mapped(headers, map)?;
        let by_map = known.len();
        let mut public: Vec<(Text, usize)> = Vec::new();
        let mut problems = Vec::new();
        for (place, header) in headers.iter().enumerate() {
            let is_mapped = known[..by_map].iter().any(|(_, other)| *other == place);
            if let Some(meaning) = Meaning::of(header).filter(|_| !is_mapped) {
                match known.iter().position(|(other, _)| *other == meaning) {
                    Some(other) if other < by_map => {}
                    Some(other) => problems.push(either(meaning, &headers[known[other].1], header)),
                    None => known.push((meaning, place)),
                }
            }
            if let Some(column) = public_column(header, headers, issuer) {
                if public.iter().any(|(other, _)| **other == *column) {
                    problems.push(called_twice(header));
                }
                public.push((column.into(), place));
            }
        }
        if !known.iter().any(|(meaning, _)| *meaning == Meaning::Name) {
            problems.push(Problem::of_file(
                format!("no column has the names; its headers are: {}", headers.join(", ")),
                "call the column with the names: name (or 姓名), or say --map name=HEADER",
            ));
        }
        if problems.is_empty() {
            Ok(Self { headers: headers.to_vec(), known, public })
        } else {
            Err(problems)
        }
    }

    /// The cell with this meaning; empty when there is no such column.
    pub fn cell<'row>(&self, meaning: Meaning, row: &'row Row) -> &'row str {
        self.place(meaning).map_or("", |place| row.cell(place))
    }

    /// What the column is called in this roster, or would be called.
    pub fn header(&self, meaning: Meaning) -> &str {
        self.place(meaning).map_or_else(|| meaning.word(), |place| &self.headers[place])
    }

    /// Whether there is a column with this meaning.
    pub fn has(&self, meaning: Meaning) -> bool {
        self.place(meaning).is_some()
    }

    /// Whether anything in the column with this header is read.
    pub fn is_read(&self, header: &str) -> bool {
        let read = self.known.iter().map(|(_, place)| *place);
        let mut read = read.chain(self.public.iter().map(|(_, place)| *place));
        read.any(|place| self.headers[place] == header)
    }

    /// Whether a row says its headers over again.
    pub fn are_said_by(&self, row: &Row) -> bool {
        let said = |(place, header): (usize, &String)| row.cell(place).trim() == header;
        self.headers.len() > 1 && self.headers.iter().enumerate().all(said)
    }

    fn place(&self, meaning: Meaning) -> Option<usize> {
        self.known.iter().find(|(other, _)| *other == meaning).map(|(_, place)| *place)
    }
}

/// The public column that a header is of: the one called so, else the one that is called so in
/// letters of another case or width.
fn public_column<'a>(header: &str, headers: &[String], issuer: &'a Issuer) -> Option<&'a str> {
    let mut public = issuer.public.iter();
    public.find(|column| *column == header).map(String::as_str).or_else(|| {
        let alike = |column: &&String| {
            !headers.contains(column) && !fold(header).is_empty() && fold(header) == fold(column)
        };
        issuer.public.iter().find(alike).map(String::as_str)
    })
}

/// Whether a header is that of the names.
pub fn is_name(header: &str) -> bool {
    Meaning::of(header) == Some(Meaning::Name)
}

/// Whether a header is that of the names, by itself or as `map` says.
pub fn is_of_names(header: &str, map: &[(Meaning, String)]) -> bool {
    let mut mapped = map.iter().filter(|(meaning, _)| *meaning == Meaning::Name).peekable();
    if mapped.peek().is_none() {
        return is_name(header);
    }
    mapped.any(|(_, wanted)| header.trim() == wanted.trim() || fold(header) == fold(wanted))
}

/// The columns that `--map` names.
fn mapped(
    headers: &[String],
    map: &[(Meaning, String)],
) -> Result<Vec<(Meaning, usize)>, Vec<Problem>> {
    let mut known: Vec<(Meaning, usize)> = Vec::new();
    let mut problems = Vec::new();
    for (meaning, wanted) in map {
        let word = meaning.word();
        let places = |same: &dyn Fn(&str) -> bool| -> Vec<usize> {
            (0..headers.len()).filter(|place| same(&headers[*place])).collect()
        };
        let mut found = places(&|header| header == wanted.trim());
        if found.is_empty() {
            found = places(&|header| !fold(header).is_empty() && fold(header) == fold(wanted));
        }
        match found.as_slice() {
            [] => problems.push(Problem::of_file(
                format!("no column is called {wanted:?}; its headers are: {}", headers.join(", ")),
                format!("say --map {word}=… with one of them"),
            )),
            [place] if known.iter().any(|(other, at)| other == meaning || at == place) => {
                problems.push(Problem::of_file(
                    format!("--map {word}={wanted} says again what another --map says"),
                    "say --map once for each meaning and each column",
                ));
            }
            [place] => known.push((*meaning, *place)),
            [first, ..] => problems.push(called_twice(&headers[*first])),
        }
    }
    if problems.is_empty() { Ok(known) } else { Err(problems) }
}

fn called_twice(header: &str) -> Problem {
    Problem::of_file(format!("two columns are called {header:?}"), "rename one of them")
}

/// Two columns that could have the same meaning.
fn either(meaning: Meaning, one: &str, other: &str) -> Problem {
    let word = meaning.word();
    let remedy = if one == other {
        "rename the one that is not".to_owned()
    } else {
        let quoted = |header: &str| {
            let option = format!("{word}={header}");
            if option.contains(char::is_whitespace) { format!("{option:?}") } else { option }
        };
        format!("say which: --map {} or --map {}", quoted(one), quoted(other))
    };
    Problem::of_file(format!("two columns could be the {word}: {one:?} and {other:?}"), remedy)
}
