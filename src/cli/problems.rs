//! What is wrong with a roster, as a table: where, what stands there, what is wrong with it,
//! and what to do.

use serde_json::{Value, json};

use super::aligned::{aligned, cut};
use super::present::one_line;
use crate::roster::{Problem, Severity};

/// Problems that are shown one by one; the rest is counted.
const SHOWN: usize = 20;

/// The width of a value that is shown, in places of a terminal.
const WIDEST: usize = 28;

/// The lines of the table, errors before warnings.
pub(super) fn table(problems: &[Problem]) -> Vec<String> {
    let of = |severity: Severity| problems.iter().filter(move |p| p.severity == severity);
    let found: Vec<&Problem> =
        of(Severity::Error).chain(of(Severity::Warning)).take(SHOWN).collect();
    let mixed = found.iter().any(|p| p.severity != found[0].severity);
    let row = |problem: &&Problem| {
        let sign = match problem.severity {
            Severity::Error if mixed => "error",
            Severity::Warning if mixed => "warning",
            _ => "",
        };
        let Problem { value, message, remedy, .. } = problem;
        let value = cut(&one_line(value.as_deref().unwrap_or_default()), WIDEST);
        [sign.to_owned(), one_line(&problem.place()), value, one_line(message), one_line(remedy)]
    };
    let head = ["", "row, column", "value", "problem", "remedy"].map(str::to_owned);
    let mut rows: Vec<[String; 5]> = found.iter().map(row).collect();
    // A column that nobody fills needs no head.
    let needed = |column: usize| rows.iter().any(|row| !row[column].is_empty());
    let head =
        std::array::from_fn(
            |column| {
                if needed(column) { head[column].clone() } else { String::new() }
            },
        );
    rows.insert(0, head);
    let mut lines = aligned(&rows);
    if problems.len() > SHOWN {
        lines.push(format!("and {} more; --json lists all", problems.len() - SHOWN));
    }
    lines
}

/// Problems for programs, each with its file where it is known.
pub(super) fn for_programs(problems: &[Problem], file: Option<&str>) -> Vec<Value> {
    let with_file = |problem: &Problem| {
        let mut value = json!(problem);
        if let (Some(file), Some(fields)) = (file, value.as_object_mut()) {
            fields.insert("file".to_owned(), json!(file));
        }
        value
    };
    problems.iter().map(with_file).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_come_first_and_a_long_list_is_counted() {
        let mut problems: Vec<Problem> =
            (2..30).map(|row| Problem::at(row, "odd", "look").as_warning()).collect();
        problems.push(Problem::at(30, "wrong", "mend").in_column("姓名").with_value("张\n三"));
        let lines = table(&problems);
        assert_eq!(lines.len(), 22);
        assert_eq!(lines[0], "         row, column   value  problem  remedy");
        assert_eq!(lines[1], "error    row 30, 姓名  张⏎三  wrong    mend");
        assert_eq!(lines[2], "warning  row 2                odd      look");
        assert_eq!(lines[21], "and 9 more; --json lists all");
    }
}
