//! Tables in Markdown (GitHub Flavored Markdown, 4.10), whatever stands around them.

use std::iter::Peekable;

use super::{Builder, MOST_COLUMNS, Table};
use crate::roster::{Problem, columns};

/// A table's lines, each with its number: headers, then rows.
pub type Lines<'a> = Vec<(u64, &'a str)>;

/// Finds the first table that has a column of names, or the first of all; and the lines that
/// other tables with names begin on. What stands in a fenced block is an example.
pub fn find(text: &str) -> Option<(Lines<'_>, Vec<u64>)> {
    let (mut first, mut found, mut others) = (None, None, Vec::new());
    let mut fenced = false;
    let mut lines = (1..).zip(text.lines()).peekable();
    while let Some(headers) = lines.next() {
        let is_fence = ["```", "~~~"].iter().any(|mark| headers.1.trim_start().starts_with(mark));
        fenced ^= is_fence;
        if fenced || is_fence {
            continue;
        }
        let Some(table) = begun(headers, &mut lines) else { continue };
        if !cells(headers.1).iter().any(|header| columns::is_name(header.trim())) {
            first = first.or(Some(table));
        } else if found.is_none() {
            found = Some(table);
        } else {
            others.push(headers.0);
        }
    }
    Some((found.or(first)?, others))
}

/// The table that has this line for its headers, if it is one; its other lines are taken.
pub fn begun<'a>(
    headers: (u64, &'a str),
    lines: &mut Peekable<impl Iterator<Item = (u64, &'a str)>>,
) -> Option<Lines<'a>> {
    lines.next_if(|(_, below)| headers.1.contains('|') && aligns(below, headers.1))?;
    let mut table = vec![headers];
    while let Some(row) = lines.next_if(|(_, line)| line.contains('|')) {
        table.push(row);
    }
    Some(table)
}

/// Reads the lines of a table; the text it stands in has `size` bytes.
pub fn read(lines: &Lines<'_>, size: usize) -> Result<Table, Vec<Problem>> {
    let mut rows = lines.iter().map(|(number, line)| (*number, cells(line)));
    let (_, headers) = rows.next().unwrap_or_default();
    let remedy = "write a bar within a cell as \\|";
    let mut builder = Builder::new(headers.iter().map(String::as_str), size, remedy)?;
    for (number, cells) in rows {
        builder.push(number, cells.iter().map(String::as_str))?;
    }
    Ok(builder.finish())
}

/// Whether a line is the one below the headers: `| :--- | ---: |`, a cell for each of them.
fn aligns(line: &str, headers: &str) -> bool {
    let line = line.trim();
    let is_made_of = line.bytes().all(|byte| matches!(byte, b'|' | b'-' | b':' | b' ' | b'\t'));
    if !is_made_of || !line.contains('|') {
        return false;
    }
    let parts = cells(line);
    let dashes = |part: &String| {
        let part = part.trim().trim_start_matches(':').trim_end_matches(':');
        !part.is_empty() && part.bytes().all(|byte| byte == b'-')
    };
    parts.len() == cells(headers).len() && parts.iter().all(dashes)
}

/// The cells of a line, as they would be read on the page.
pub fn cells(line: &str) -> Vec<String> {
    let line = line.trim();
    let line = line.strip_prefix('|').unwrap_or(line);
    let mut cells = vec![String::new()];
    let mut characters = line.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '\\' if characters.next_if_eq(&'|').is_some() => push(&mut cells, '|'),
            // More need not be looked at to see that they are too many.
            '|' if cells.len() > MOST_COLUMNS => break,
            '|' => cells.push(String::new()),
            c => push(&mut cells, c),
        }
    }
    if cells.len() > 1 && cells.last().is_some_and(|last| last.trim().is_empty()) {
        cells.pop();
    }
    cells.iter().map(|cell| plain(cell.trim())).collect()
}

fn push(cells: &mut [String], c: char) {
    if let Some(cell) = cells.last_mut() {
        cell.push(c);
    }
}

/// A text without its links and its emphasis: `[M20200001](https://…)`, `**沈旭**`.
pub fn plain(text: &str) -> String {
    let text = unlinked(text);
    for marks in ["**", "__", "`", "*", "_"] {
        let inner = text.strip_prefix(marks).and_then(|text| text.strip_suffix(marks));
        if let Some(inner) = inner.filter(|inner| !inner.is_empty() && !inner.contains(marks)) {
            return inner.to_owned();
        }
    }
    text
}

/// A text with what its links show in place of the links.
fn unlinked(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, label, after)) = link(rest) {
        shown.push_str(before);
        shown.push_str(&plain(label));
        rest = after;
    }
    shown + rest
}

/// What stands before the first link of a text, what it shows, and what stands behind it.
fn link(text: &str) -> Option<(&str, &str, &str)> {
    let middle = text.find("](")?;
    let start = text[..middle].rfind('[')?;
    let target = &text[middle + 2..];
    let mut open = 1_usize;
    let closes = |c: char| {
        open = if c == '(' { open + 1 } else { open - usize::from(c == ')') };
        open == 0
    };
    let end = target.find(closes)?;
    Some((&text[..start], &text[start + 1..middle], &target[end + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROLL: &str = "# 2020年度优秀城市站站长\n\n感谢 | 感谢\n\n\
        | 编号 | 姓名 | 城市站 |\n| :--- | :----: | ---: |\n\
        | [M20200001](https://example.org/M20200001.png) | **沈旭** | 上海站 \\| 大连站 |\n\
        |  | 任增刚 |\n\n| 其他 |\n| --- |\n| x |\n";

    #[test]
    fn the_text_around_a_table_is_ignored() {
        let table = read(&find(ROLL).unwrap().0, ROLL.len()).unwrap();
        assert_eq!(table.headers, ["编号", "姓名", "城市站"]);
        let rows = table.joined();
        assert_eq!(
            rows,
            [(7, "M20200001/沈旭/上海站 | 大连站".to_owned()), (8, "/任增刚/".to_owned()),]
        );
    }

    #[test]
    fn a_table_with_names_goes_before_one_without() {
        let text = "a | b\n--|--\nx | y\n\nname | b\n--|--\nAnn | y\n";
        assert_eq!(find(text).unwrap().0[0], (5, "name | b"));
        assert_eq!(find("name | b\n-- \nAnn | y"), None);
        assert_eq!(find("name,a|b\n-,-\n"), None);
    }
}
