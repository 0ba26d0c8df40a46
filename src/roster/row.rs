//! A row to a recipient, with all that is wrong with it.

use chrono::{Datelike, NaiveDate};

use super::columns::Columns;
use super::headers::Meaning;
use super::published::Cell;
use super::table::Row;
use super::{Defaults, Problem, date};
use crate::certificate::{Fields, Recipient};
use crate::id::{Number, Numbering, YEARS};
use crate::issuer::{Category, Issuer};
use crate::text::Text;
use crate::wording;

/// What stands in the column of names and is nobody's, in small letters: sums below the people,
/// errors of formulas, and marks for nothing.
const NOBODY: [&str; 20] = [
    "合计",
    "总计",
    "总数",
    "小计",
    "共计",
    "以下空白",
    "无",
    "total",
    "subtotal",
    "grand total",
    "sum",
    "n/a",
    "#n/a",
    "#ref!",
    "#name?",
    "#value!",
    "-",
    "--",
    "—",
    "/",
];

/// Whether a number is written as spreadsheets shorten long ones: `2.02E+07`, `####`.
fn is_shortened(text: &str) -> bool {
    if text.starts_with("##") && text.bytes().all(|b| b == b'#') {
        return true;
    }
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    text.split_once("E+").is_some_and(|(number, power)| {
        digits(power) && number.split_once('.').is_some_and(|(a, b)| digits(a) && digits(b))
    })
}

/// Reads rows.
pub struct Reader<'a> {
    pub columns: &'a Columns,
    pub issuer: &'a Issuer,
    pub defaults: &'a Defaults,
}

impl Reader<'_> {
    /// The person of a row, unless something is wrong with it, and all its problems.
    pub fn recipient(&self, row: &Row) -> (Option<Recipient>, Vec<Problem>) {
        if self.columns.are_said_by(row) {
            let message = "it says the headers over again";
            return (None, vec![Problem::at(row.line, message, "delete the row")]);
        }
        let mut warnings = Vec::new();
        let mut errors = Vec::new();
        let mut keep = |problem: Problem| errors.push(problem);
        let name = self.name(row, &mut warnings).map_err(&mut keep).ok();
        let category = self.category(row).map_err(&mut keep).ok();
        let date = self.date(row).map_err(&mut keep).ok();
        let number = category.and_then(|category| self.number(row, category));
        let year = self.year(row, number, date.as_ref()).map_err(&mut keep).ok();
        let key = self.key(row, &mut warnings).map_err(&mut keep).ok();
        let fields = self.fields(row, &mut warnings).map_err(&mut keep).ok();
        let person = || {
            let (name, category, year, key) = (name?, category?, year?, key?);
            let id = self.id(row, category, year, &name).map_err(&mut keep).ok()?;
            let key = (!key.is_empty() && key != name).then_some(key);
            let (category, date, fields) = (category.key.clone(), date?, fields?);
            let dated = self.word(row, Meaning::Date).is_ok_and(|cell| !cell.is_empty());
            Some(Recipient { row: row.line, category, year, date, dated, name, key, id, fields })
        };
        let person = person();
        warnings.append(&mut errors);
        (person, warnings)
    }

    fn name(&self, row: &Row, warnings: &mut Vec<Problem>) -> Result<Text, Problem> {
        let name = self.text_of(row, Meaning::Name, warnings)?;
        if name.is_empty() {
            return Err(self.problem(
                row,
                Meaning::Name,
                "the name is missing",
                "fill it in, or delete the row",
            ));
        }
        if NOBODY.contains(&name.to_lowercase().as_str()) {
            let message = "it is the name of nobody";
            let remedy = "delete the row, or write the name";
            return Err(self.problem(row, Meaning::Name, message, remedy));
        }
        if name.contains(['，', '、', '；']) {
            let message = "it may be several cells, or several people";
            let remedy = "give each a cell of their own, if they are";
            warnings.push(self.problem(row, Meaning::Name, message, remedy).as_warning());
        }
        Ok(name)
    }

    /// What tells the person from a namesake.
    fn key(&self, row: &Row, warnings: &mut Vec<Problem>) -> Result<Text, Problem> {
        let key = self.text_of(row, Meaning::Key, warnings)?;
        if is_shortened(&key) {
            let message = "a spreadsheet has shortened the number, and its last digits are lost";
            let remedy = "format the column as text where it comes from, and save it anew";
            return Err(self.problem(row, Meaning::Key, message, remedy));
        }
        Ok(key)
    }

    fn category(&self, row: &Row) -> Result<&Category, Problem> {
        let keys = || {
            let keys: Vec<_> = self.issuer.categories.iter().map(|c| c.key.as_str()).collect();
            keys.join(", ")
        };
        let cell = self.word(row, Meaning::Category)?;
        let called = if cell.is_empty() { self.defaults.category.as_deref() } else { Some(cell) };
        if called.is_none() && !self.columns.has(Meaning::Category) {
            return Err(Problem::of_file(
                "no column has the categories, and there is no --category",
                format!("add a column category (类别), or say --category with one of: {}", keys()),
            ));
        }
        let Some(called) = called else {
            return Err(self.problem(
                row,
                Meaning::Category,
                "the category is missing",
                format!("fill the column, or say --category with one of: {}", keys()),
            ));
        };
        self.issuer.category_called(called).ok_or_else(|| {
            self.problem(
                row,
                Meaning::Category,
                format!("accolade.toml has no category {called:?}"),
                format!("use one of: {}; or add it to the aliases of one", keys()),
            )
        })
    }

    fn date(&self, row: &Row) -> Result<NaiveDate, Problem> {
        let cell = self.word(row, Meaning::Date)?;
        if cell.is_empty() {
            return self.defaults.date.ok_or_else(|| self.without_date(row));
        }
        date(cell).map_err(|bad| {
            self.problem(row, Meaning::Date, format!("{cell:?}: {bad}"), bad.remedy())
        })
    }

    fn without_date(&self, row: &Row) -> Problem {
        const REMEDY: &str =
            "say --date with the date that the certificates bear: --date 2021-02-01";
        if self.columns.has(Meaning::Date) {
            return self.problem(row, Meaning::Date, "the date is missing", REMEDY);
        }
        Problem::of_file("no column has the dates of issue, and there is no --date", REMEDY)
    }

    /// What a number given before says, if it is one of the category.
    fn number(&self, row: &Row, category: &Category) -> Option<Number> {
        category.numbering.parse(self.word(row, Meaning::Id).ok()?)
    }

    fn year(
        &self,
        row: &Row,
        number: Option<Number>,
        date: Option<&NaiveDate>,
    ) -> Result<u16, Problem> {
        let cell = self.word(row, Meaning::Year)?;
        // Where the date is a problem, that is told already.
        let of_date = || date.map_or(Some(*YEARS.start()), |date| date.year().try_into().ok());
        let year = match cell {
            "" => self.defaults.year.or(number.map(|number| number.year)).or_else(of_date),
            cell => cell.parse().ok(),
        };
        year.filter(|year| YEARS.contains(year)).ok_or_else(|| {
            self.problem(
                row,
                Meaning::Year,
                format!("{cell:?} is not a year"),
                "write it with four digits",
            )
        })
    }

    /// A number given before, if it fits the category.
    fn id(
        &self,
        row: &Row,
        category: &Category,
        year: u16,
        name: &str,
    ) -> Result<Option<Text>, Problem> {
        let id = self.word(row, Meaning::Id)?;
        if id.is_empty() {
            return Ok(None);
        }
        let refuse =
            |message: String, remedy: &str| Err(self.problem(row, Meaning::Id, message, remedy));
        match &category.numbering {
            Numbering::Name if id == name => Ok(None),
            Numbering::Name => refuse(
                format!("{id:?} is given, but {} certificates are known by name", category.key),
                "leave the id empty",
            ),
            numbering @ Numbering::Serial { .. } => match numbering.parse(id) {
                None => refuse(
                    format!("{id:?} is not an id of {}: {numbering}", category.key),
                    "correct it, or leave it empty for the next free number",
                ),
                Some(number) if number.year != year => refuse(
                    format!("{id:?} is of {}, the row of {year}", number.year),
                    "correct one of them, or say --year",
                ),
                Some(_) => Ok(Some(id.into())),
            },
        }
    }

    fn fields(&self, row: &Row, warnings: &mut Vec<Problem>) -> Result<Fields, Problem> {
        let field = |(header, place): &(Text, usize)| {
            let cell = Cell { line: row.line, header, meaning: None, text: row.cell(*place) };
            Ok((header.clone(), cell.published(&self.defaults.choices, warnings)?))
        };
        self.columns.public.iter().map(field).collect()
    }

    fn text_of(
        &self,
        row: &Row,
        meaning: Meaning,
        warnings: &mut Vec<Problem>,
    ) -> Result<Text, Problem> {
        let text = self.columns.cell(meaning, row);
        let header = self.columns.header(meaning);
        let cell = Cell { line: row.line, header, meaning: Some(meaning), text };
        cell.published(&self.defaults.choices, warnings)
    }

    /// A cell that is read and not printed, without the spaces around it.
    fn word<'r>(&self, row: &'r Row, meaning: Meaning) -> Result<&'r str, Problem> {
        wording::trimmed(self.columns.cell(meaning, row))
            .map_err(|unfit| self.problem(row, meaning, unfit.to_string(), "correct the cell"))
    }

    fn problem(
        &self,
        row: &Row,
        meaning: Meaning,
        message: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Problem {
        Problem::at(row.line, message, remedy)
            .in_column(self.columns.header(meaning))
            .with_value(self.columns.cell(meaning, row))
    }
}
