//! Quotes that swallow what is not theirs: one that is never closed, or closed by the opening
//! quote of a later row, makes one cell of many rows, and people would be left out unseen.

use super::is_line_end;
use crate::roster::Problem;

const REMEDY: &str = "close the quote where the cell ends; write a quote within it twice: \"\"";

/// Looks through text whose cells are parted by a delimiter, under so many headers; its first
/// line has this number.
pub fn check(text: &str, delimiter: char, headers: usize, first: u64) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut line = first;
    let mut rest = text;
    // Whether a cell begins here.
    let mut begins = true;
    while let Some(at) = rest.find(['"', '\r', '\n', delimiter]) {
        let (begun, from) = (begins && at == 0, &rest[at..]);
        if !from.starts_with('"') {
            line += u64::from(is_line_end(from.as_bytes(), 0));
            begins = true;
            rest = &from[from.chars().next().map_or(1, char::len_utf8)..];
        } else if !begun {
            // In the midst of a cell it is a letter like others.
            begins = false;
            rest = &from[1..];
        } else {
            let Some(inner) = quoted(&from[1..]) else {
                problems.push(Problem::at(line, "a quote is never closed", REMEDY));
                break;
            };
            let after = &from[inner.len() + 2..];
            if !after.is_empty() && !after.starts_with(['\r', '\n', delimiter]) {
                problems.push(Problem::at(line, "text follows a quoted cell", REMEDY));
            } else if has_rows(inner, delimiter, headers) {
                let message = "a quoted cell has lines in it that look like rows";
                problems.push(Problem::at(line, message, REMEDY).as_warning());
            }
            line += ends(inner);
            begins = false;
            rest = after;
        }
    }
    problems
}

/// What stands before the closing quote.
fn quoted(text: &str) -> Option<&str> {
    let mut end = 0;
    loop {
        end += text[end..].find('"')?;
        if !text[end + 1..].starts_with('"') {
            return Some(&text[..end]);
        }
        end += 2;
    }
}

/// Whether a line in the midst of a cell has as many cells as there are headers.
fn has_rows(inner: &str, delimiter: char, headers: usize) -> bool {
    let lines: Vec<&str> = inner.lines().collect();
    let between = lines.get(1..lines.len().saturating_sub(1)).unwrap_or_default();
    headers > 2 && between.iter().any(|line| line.matches(delimiter).count() + 1 == headers)
}

fn ends(text: &str) -> u64 {
    (0..text.len()).filter(|at| is_line_end(text.as_bytes(), *at)).count() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<(u64, bool)> {
        let problems = check(text, ',', 3, 1);
        problems.iter().map(|p| (p.row.unwrap(), p.is_error())).collect()
    }

    #[test]
    fn quotes_that_swallow_rows_are_found() {
        assert_eq!(rows("n,c,r\n张凯,v,\"a\n李明,v,x\n"), [(2, true)]);
        assert_eq!(rows("n,c,r\na,v,\"x\nb,v,y\nc,v,\"z\"\n"), [(2, true)]);
        assert_eq!(rows("n,c,r\r\na,v,\"x\r\nb,v,y\r\nc,v,z\"\r\n"), [(2, false)]);
        assert_eq!(rows("n,c,r\r\"a\rb\",v,x\rc,\"v\"w,x\r"), [(4, true)]);
    }

    #[test]
    fn quotes_as_they_should_be_are_left_alone() {
        for text in [
            "n,c,r\n\"a, b\",\"say \"\"x\"\"\",\"\"\n",
            "n,c,r\na \"b\" c,v,5\" disk\n",
            "n,c,r\na,v,\"first line\nsecond, line\nthird\"\n",
            "",
        ] {
            assert_eq!(rows(text), [], "{text}");
        }
    }
}
