//! The people of a page put into one table, whatever the columns of its tables are called.

use super::super::Problem;
use super::super::headers::Meaning;
use super::super::table::markdown::{self, Lines};
use super::super::table::{Builder, Table};
use super::Says;
use crate::issuer::Issuer;

/// Takes in tables and lists.
pub struct Gatherer<'a> {
    issuer: &'a Issuer,
    size: usize,
    builder: Option<Builder>,
    /// The columns whose meaning is known.
    known: Vec<(Meaning, usize)>,
}

impl<'a> Gatherer<'a> {
    /// For a page of `size` bytes.
    pub fn new(issuer: &'a Issuer, size: usize) -> Self {
        Self { issuer, size, builder: None, known: Vec::new() }
    }

    /// Takes in a table.
    pub fn table(&mut self, lines: &Lines<'_>, says: &Says) -> Result<(), Vec<Problem>> {
        let Some(((line, headers), rows)) = lines.split_first() else { return Ok(()) };
        let mut places = Vec::new();
        for header in markdown::cells(headers) {
            let place = if header.trim().is_empty() { None } else { Some(self.column(&header)?) };
            if place.is_some() && places.contains(&place) {
                let message = format!("this table has two columns such as {header:?}");
                return Err(vec![Problem::at(*line, message, "rename one of them")]);
            }
            places.push(place);
        }
        for (line, row) in rows {
            let mut cells = Vec::new();
            for (at, cell) in markdown::cells(row).into_iter().enumerate() {
                match places.get(at) {
                    Some(Some(place)) => put(&mut cells, *place, cell),
                    _ if cell.trim().is_empty() => {}
                    _ => {
                        let message = format!("it has {cell:?} under no header");
                        let remedy = "write a bar within a cell as \\|";
                        return Err(vec![Problem::at(*line, message, remedy)]);
                    }
                }
            }
            self.row(*line, cells, says)?;
        }
        Ok(())
    }

    /// Takes in a list of names, with or without numbers.
    pub fn list(&mut self, items: &[(u64, String)], says: &Says) -> Result<(), Vec<Problem>> {
        for (line, item) in items {
            let (id, name) = self.parted(item);
            let mut cells = Vec::new();
            put(&mut cells, self.column(Meaning::Name.word())?, name.to_owned());
            if let Some(id) = id {
                put(&mut cells, self.column(Meaning::Id.word())?, id.to_owned());
            }
            self.row(*line, cells, says)?;
        }
        Ok(())
    }

    /// All people; nothing when there have been none.
    pub fn finish(self) -> Option<Table> {
        let table = self.builder.map(Builder::finish);
        table.filter(|table| !(table.rows.is_empty() && table.problems.is_empty()))
    }

    /// Takes in a row, with what its section says and the row does not.
    fn row(&mut self, line: u64, mut cells: Vec<String>, says: &Says) -> Result<(), Vec<Problem>> {
        if cells.iter().all(|cell| cell.trim().is_empty()) {
            return Ok(());
        }
        let numbered = self.known(Meaning::Id).and_then(|id| cells.get(id));
        let numbered = numbered.is_some_and(|id| self.is_id(id.trim()));
        let year = says.year.filter(|_| !numbered).map(|year| year.to_string());
        for (meaning, said) in [(Meaning::Category, says.category.clone()), (Meaning::Year, year)] {
            let Some(said) = said else { continue };
            let place = self.column(meaning.word())?;
            if cells.get(place).is_none_or(|cell| cell.trim().is_empty()) {
                put(&mut cells, place, said);
            }
        }
        match &mut self.builder {
            Some(builder) => builder.push(line, cells.iter().map(String::as_str)),
            None => Ok(()),
        }
    }

    /// Where the column with this header goes: columns of one meaning are one.
    fn column(&mut self, header: &str) -> Result<usize, Vec<Problem>> {
        let meaning = Meaning::of(header);
        if let Some(place) = meaning.and_then(|meaning| self.known(meaning)) {
            return Ok(place);
        }
        let place = match &mut self.builder {
            Some(builder) => builder.column(header)?,
            none => {
                *none = Some(Builder::new([header], self.size, "")?);
                0
            }
        };
        self.known.extend(meaning.map(|meaning| (meaning, place)));
        Ok(place)
    }

    fn known(&self, meaning: Meaning) -> Option<usize> {
        self.known.iter().find(|(other, _)| *other == meaning).map(|(_, place)| *place)
    }

    fn is_id(&self, text: &str) -> bool {
        let mut categories = self.issuer.categories.iter();
        categories.any(|category| category.numbering.parse(text).is_some())
    }

    /// The number at either end of an item, and the name: `V20200001: 沈旭`, `沈旭（V20200001）`.
    fn parted<'t>(&self, item: &'t str) -> (Option<&'t str>, &'t str) {
        let between = |c: char| !(c.is_alphanumeric() || c == '-' || c == '_');
        let trimmed = item.trim();
        if let Some((id, name)) = trimmed.split_once(between)
            && self.is_id(id)
        {
            return (Some(id), name.trim_start_matches(|c| between(c) || c == '-'));
        }
        let closed = trimmed.trim_end_matches(between);
        if let Some((name, id)) = closed.rsplit_once(between)
            && self.is_id(id)
        {
            return (Some(id), name.trim_end_matches(|c| between(c) || c == '-'));
        }
        (None, trimmed)
    }
}

/// Puts a text into a row that may be too short for it.
fn put(cells: &mut Vec<String>, place: usize, text: String) {
    if cells.len() <= place {
        cells.resize(place + 1, String::new());
    }
    cells[place] = text;
}
