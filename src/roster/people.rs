//! Rows to recipients, with every problem of every row found in one pass.

use std::borrow::Cow;

use chrono::{Datelike, NaiveDate};

use super::columns::Columns;
use super::damage::{self, Damage};
use super::headers::Meaning;
use super::table::{Row, Table};
use super::{Defaults, Problem, Severity, date, oddities, twice};
use crate::certificate::{Fields, Recipient};
use crate::id::{Number, Numbering, YEARS};
use crate::issuer::{Category, Issuer};
use crate::text::Text;
use crate::wording::{Unfit, publishable};

/// A roster that can be issued.
#[derive(Debug, Clone, Default)]
pub struct Checked {
    /// Who is to have a certificate, in the order of the rows.
    pub people: Vec<Recipient>,
    /// What may be meant and may be a slip, in the order of the rows.
    pub warnings: Vec<Problem>,
}

/// Makes a recipient of every row.
pub fn recipients(
    table: Table,
    columns: &Columns,
    issuer: &Issuer,
    defaults: &Defaults,
) -> Result<Checked, Vec<Problem>> {
    let reader = Reader { columns, issuer, defaults };
    let mut problems = Vec::new();
    let is_empty = table.rows.is_empty();
    let mut people = Vec::with_capacity(table.rows.len());
    for row in table.rows {
        match reader.recipient(&row, &mut problems) {
            Ok(recipient) => people.push(recipient),
            Err(found) => problems.extend(found),
        }
    }
    if defaults.choices.allow_namesakes {
        twice::tell_apart(&mut people, issuer);
    }
    problems.extend(twice::people(&people, issuer));
    problems.extend(twice::ids(&people));
    problems.sort_by_key(|problem| problem.row);
    // What is wrong with the whole file was found in every row.
    problems.dedup();
    if is_empty {
        problems.push(Problem::of_file("it has headers and no people", "add a row for each"));
    }
    let stops = |problem: &Problem| problem.severity == Severity::Error || defaults.choices.strict;
    if problems.iter().any(stops) {
        return Err(problems);
    }
    Ok(Checked { people, warnings: problems })
}

/// How often a text is mended that was damaged more than once.
const MOST_MENDED: u32 = 3;

struct Reader<'a> {
    columns: &'a Columns,
    issuer: &'a Issuer,
    defaults: &'a Defaults,
}

impl Reader<'_> {
    fn recipient(&self, row: &Row, warnings: &mut Vec<Problem>) -> Result<Recipient, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut keep = |problem: Problem| problems.push(problem);
        let name = self.name(row, warnings).map_err(&mut keep);
        let category = self.category(row).map_err(&mut keep);
        let date = self.date(row).map_err(&mut keep);
        let number = category.as_ref().ok().and_then(|category| self.number(row, category));
        let year = self.year(row, number, date.as_ref().ok()).map_err(&mut keep);
        let key = self.text_of(row, Meaning::Key, warnings).map_err(&mut keep);
        let fields = self.fields(row, warnings).map_err(&mut keep);
        let (Ok(name), Ok(category), Ok(date), Ok(year), Ok(key), Ok(fields)) =
            (name, category, date, year, key, fields)
        else {
            return Err(problems);
        };
        let id = self.id(row, category, year, &name).map_err(|problem| vec![problem])?;
        let key = (!key.is_empty() && key != name).then_some(key);
        Ok(Recipient {
            row: row.line,
            category: category.key.clone(),
            year,
            date,
            name,
            key,
            id,
            fields,
        })
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
        Ok(name)
    }

    fn category(&self, row: &Row) -> Result<&Category, Problem> {
        let keys = || {
            let keys: Vec<_> = self.issuer.categories.iter().map(|c| c.key.as_str()).collect();
            keys.join(", ")
        };
        let cell = self.columns.cell(Meaning::Category, &row.cells);
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
        let cell = self.columns.cell(Meaning::Date, &row.cells);
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
        category.numbering.parse(self.columns.cell(Meaning::Id, &row.cells))
    }

    fn year(
        &self,
        row: &Row,
        number: Option<Number>,
        date: Option<&NaiveDate>,
    ) -> Result<u16, Problem> {
        let cell = self.columns.cell(Meaning::Year, &row.cells);
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
        let id = self.columns.cell(Meaning::Id, &row.cells);
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
            let text = self.public_text(row, header, &row.cells[*place], warnings)?;
            Ok((header.clone(), text))
        };
        self.columns.public.iter().map(field).collect()
    }

    fn text_of(
        &self,
        row: &Row,
        meaning: Meaning,
        warnings: &mut Vec<Problem>,
    ) -> Result<Text, Problem> {
        let cell = self.columns.cell(meaning, &row.cells);
        self.public_text(row, self.columns.header(meaning), cell, warnings)
    }

    /// A cell that the register will show to everyone.
    fn public_text(
        &self,
        row: &Row,
        header: &str,
        cell: &str,
        warnings: &mut Vec<Problem>,
    ) -> Result<Text, Problem> {
        let problem = |message: String, remedy: String| {
            Problem::at(row.line, message, remedy).in_column(header).with_value(cell)
        };
        let mut text = Cow::Borrowed(cell);
        // What was damaged twice is mended twice; a text without end is not.
        let mut left = if self.defaults.choices.repair_encoding { MOST_MENDED } else { 0 };
        while let Some(Damage { message, was, lossless, doubtful }) = damage::of(&text) {
            match was {
                Some(was) if lossless && left > 0 => {
                    left -= 1;
                    let remedy = format!("it is mended, and reads {was:?}");
                    warnings.push(problem(message.to_owned(), remedy).as_warning());
                    text = Cow::Owned(was);
                }
                was => {
                    let found = problem(message.to_owned(), remedy(was.as_deref(), lossless));
                    if !doubtful {
                        return Err(found);
                    }
                    warnings.push(found.as_warning());
                    break;
                }
            }
        }
        let fit = publishable(&text).map_err(|unfit| {
            let remedy = match unfit {
                Unfit::Email if header == self.columns.header(Meaning::Key) => {
                    "the register shows keys: use a user name or a staff number"
                }
                Unfit::Email => "use something that may be published",
                Unfit::Control(_) | Unfit::Misplaced(_) => "retype it",
                _ => "correct the cell",
            };
            problem(unfit.to_string(), remedy.to_owned())
        })?;
        let odd = oddities::of(&text).into_iter();
        warnings.extend(odd.map(|(message, remedy)| problem(message, remedy).as_warning()));
        Ok(fit.into())
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
            .with_value(self.columns.cell(meaning, &row.cells))
    }
}

/// What to do about a damaged text.
fn remedy(was: Option<&str>, lossless: bool) -> String {
    match (was, lossless) {
        (Some(was), true) => {
            format!("write {was:?}, or say --repair-encoding; better still, save the roster anew")
        }
        (Some(was), false) => format!("a part is lost; it may have been {was:?}: retype it"),
        (None, _) => "retype it from where it came from".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Choices, parse};
    use super::*;

    const ISSUER: &str = r#"
        public = ["city"]
        [issuer]
        name = "Community"
        url = "https://example.org"
        [category.volunteer]
        title = "优秀志愿者"
        prefix = "V"
        template = "classic"
        aliases = ["志愿者"]
        [category.lecturer]
        title = "优秀讲师"
        id = "{name}"
        template = "aurora"
    "#;

    fn read(text: &str) -> Result<Vec<Recipient>, Vec<String>> {
        let defaults = Defaults {
            category: None,
            year: Some(2020),
            date: NaiveDate::from_ymd_opt(2021, 2, 1),
            choices: Choices::default(),
        };
        parse(text, &Issuer::parse(ISSUER).unwrap(), &defaults)
            .map(|checked| checked.people)
            .map_err(|problems| problems.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn categories_are_known_by_key_title_or_alias() {
        let text =
            "姓名,类别,city,email\n沈旭,Volunteer,x,a@b.cn\n任增刚,优秀志愿者,,\n刘德涵,志愿者,,\n";
        let people = read(text).unwrap();
        assert!(people.iter().all(|person| person.category == "volunteer"));
        assert_eq!(people[0].fields.get("city").map(Text::as_str), Some("x"));
        assert!(people[0].fields.get("email").is_none());
    }

    #[test]
    fn every_problem_is_found_in_one_pass() {
        let text = "name,category,date,id,key\n\
            ,volunteer,,,\n\
            a,stranger,1.2.2021,,\n\
            b,volunteer,,V2020001,\n\
            c,volunteer,,V20190001,\n\
            d,volunteer,,,d@example.org\n\
            e,volunteer,,V20200009,\n\
            f,volunteer,,V20200009,\n\
            e,volunteer,,,\n\
            g,lecturer,,,1\n\
            g,lecturer,,,2\n";
        let problems = read(text).unwrap_err();
        let expected = [
            (2, "name is missing"),
            (3, "no category"),
            (3, "not a date"),
            (4, "not an id"),
            (5, "of 2019"),
            (6, "e-mail"),
            (8, "given in row 7"),
            (9, "twice"),
            (11, "g（…）"),
        ];
        assert_eq!(problems.len(), expected.len(), "{problems:#?}");
        for (problem, (row, word)) in problems.iter().zip(expected) {
            assert!(problem.starts_with(&format!("row {row}")), "{problem}");
            assert!(problem.contains(word), "{problem}");
        }
    }

    #[test]
    fn decomposed_and_composed_spelling_are_one_name() {
        let people = read("name,category\nJose\u{301},volunteer\n").unwrap();
        assert_eq!(people[0].name, "Jos\u{e9}");
    }
}
