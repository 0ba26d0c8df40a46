//! Rows to recipients, with every problem of every row found in one pass.

use std::collections::HashSet;

use rayon::prelude::*;

use super::columns::Columns;
use super::row::Reader;
use super::table::Table;
use super::{Defaults, Problem, twice};
use crate::certificate::Recipient;
use crate::issuer::Issuer;

/// The people of a roster.
#[derive(Debug, Clone, Default)]
pub struct Checked {
    /// Who is to have a certificate, in the order of the rows; rows that cannot be read are
    /// left out.
    pub people: Vec<Recipient>,
    /// What stops the run, in the order of the rows.
    pub problems: Vec<Problem>,
    /// What may be meant and may be a slip, in the order of the rows.
    pub warnings: Vec<Problem>,
}

impl Checked {
    /// All people, where nothing stops the run.
    ///
    /// # Errors
    /// All that is wrong or odd, in the order of the rows.
    pub fn whole(mut self) -> Result<Self, Vec<Problem>> {
        if self.problems.is_empty() {
            return Ok(self);
        }
        self.problems.append(&mut self.warnings);
        self.problems.sort_by_key(|problem| problem.row);
        Err(self.problems)
    }
}

/// Makes a recipient of every row that can be read.
pub fn recipients(
    table: Table,
    columns: &Columns,
    issuer: &Issuer,
    defaults: &Defaults,
) -> Checked {
    let reader = Reader { columns, issuer, defaults };
    let is_empty = table.rows.is_empty() && table.problems.is_empty();
    // What stands in a column that nobody reads troubles nobody.
    let is_read = |problem: &Problem| match &problem.column {
        Some(header) => columns.is_read(header),
        None => true,
    };
    let of_table = table.problems.into_iter().filter(is_read);
    let (people, found): (Vec<Option<Recipient>>, Vec<Vec<Problem>>) =
        table.rows.into_par_iter().map(|row| reader.recipient(&row)).unzip();
    let mut people: Vec<Recipient> = people.into_iter().flatten().collect();
    let mut problems: Vec<Problem> = of_table.chain(found.into_iter().flatten()).collect();
    if defaults.choices.allow_namesakes {
        twice::tell_apart(&mut people, issuer);
    }
    let twice = [twice::people(&people, issuer), twice::ids(&people)].concat();
    let rows: HashSet<u64> = twice.iter().filter_map(|problem| problem.row).collect();
    people.retain(|person| !rows.contains(&person.row));
    problems.extend(twice);
    if !defaults.choices.allow_namesakes {
        problems.extend(twice::half_keyed(&people));
    }
    problems.sort_by_key(|problem| problem.row);
    // What is wrong with the whole file was found in every row.
    problems.dedup();
    if is_empty {
        problems.push(Problem::of_file("it has headers and no people", "add a row for each"));
    }
    let stops = |problem: &Problem| problem.is_error() || defaults.choices.strict;
    let (problems, warnings) = problems.into_iter().partition(stops);
    Checked { people, problems, warnings }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::super::{Choices, parse};
    use super::*;
    use crate::text::Text;

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
