//! A page in Markdown as far as an honour roll needs it: its headings, tables and lists, in
//! their order (`CommonMark` 0.31, 4.2, 4.3 and 5.2).

use std::iter::Peekable;

use super::super::table::markdown::{self, Lines};

/// A part of a page.
#[derive(Debug, PartialEq, Eq)]
pub enum Block<'a> {
    /// A heading.
    Heading {
        /// Its line, from 1.
        line: u64,
        /// 1 to 6; a line that is all bold counts as 7.
        level: usize,
        /// Its text, without links and emphasis.
        text: String,
    },
    /// A table.
    Table(Lines<'a>),
    /// The items of a list, without what is listed below them, each with its line.
    List(Vec<(u64, String)>),
}

/// The level of a bold line that serves as a heading.
const BOLD: usize = 7;

/// Parts a page; what is commented out or shown as code has no part in it.
pub fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    // How far the items of the list in hand are indented.
    let mut indented = 0;
    let mut lines = (1..).zip(text.lines()).peekable();
    while let Some((number, line)) = lines.next() {
        if let Some(end) = hidden(line) {
            lines.by_ref().find(|(_, line)| line.contains(end));
        } else if let Some(table) = markdown::begun((number, line), &mut lines) {
            blocks.push(Block::Table(table));
        } else if let Some((level, text)) = heading(line, &mut lines) {
            blocks.push(Block::Heading { line: number, level, text: markdown::plain(text) });
        } else if let Some((indent, text)) = item(line) {
            if !matches!(blocks.last(), Some(Block::List(_))) {
                blocks.push(Block::List(Vec::new()));
                indented = indent;
            }
            if let (Some(Block::List(items)), true) = (blocks.last_mut(), indent < indented + 2) {
                items.push((number, markdown::plain(text)));
            }
        }
    }
    blocks
}

/// How what begins with this line ends, if nobody reads it on the page as text.
fn hidden(line: &str) -> Option<&'static str> {
    let line = line.trim_start();
    let fence = ["```", "~~~"].into_iter().find(|fence| line.starts_with(fence));
    fence.or_else(|| (line.starts_with("<!--") && !line.contains("-->")).then_some("-->"))
}

/// The level and text of a heading; takes the line below that makes one of a line of text.
fn heading<'a>(
    line: &'a str,
    lines: &mut Peekable<impl Iterator<Item = (u64, &'a str)>>,
) -> Option<(usize, &'a str)> {
    let text = line.trim();
    let level = text.bytes().take_while(|byte| *byte == b'#').count();
    if (1..BOLD).contains(&level) {
        let text = text[level..].strip_prefix([' ', '\t'])?;
        return Some((level, text.trim().trim_end_matches('#').trim_end()));
    }
    let is_bold = |text: &str| text.len() > 4 && text.starts_with("**") && text.ends_with("**");
    if is_bold(text) && !text[2..text.len() - 2].contains("**") {
        return Some((BOLD, text));
    }
    if text.is_empty() || text.starts_with('|') || item(line).is_some() {
        return None;
    }
    let is_of = |line: &str, sign: u8| line.len() > 1 && line.bytes().all(|byte| byte == sign);
    let (_, below) =
        lines.next_if(|(_, below)| is_of(below.trim(), b'=') || is_of(below.trim(), b'-'))?;
    Some((1 + usize::from(below.contains('-')), text))
}

/// How far an item of a list is indented, and its text.
fn item(line: &str) -> Option<(usize, &str)> {
    let text = line.trim_start();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let marks: &[char] = if digits == 0 { &['-', '*', '+'] } else { &['.', ')'] };
    let rest = text.get(digits..)?.strip_prefix(marks)?;
    let inner = rest.strip_prefix([' ', '\t'])?.trim();
    let has_text = inner.contains(|c: char| !"-*_ ".contains(c));
    (digits < 10 && has_text).then_some((line.len() - text.len(), inner))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_its_headings_tables_and_lists() {
        let page = "# Honour **roll** #\n\n- one\n  - below it\n* [two](x_(1).png)\n\n\
            10. three\n\nVolunteers\n---\n\n**Bold**\nnot **bold** **either**\n\
            ```\n# code\n```\n<!--\n- commented\n-->\n<!-- marker -->\n\
            name | city\n--- | ---\nAnn | Rome\n\n- - -\n#tag\n";
        let text = |text: &str| text.to_owned();
        let heading = |line, level, name| Block::Heading { line, level, text: text(name) };
        assert_eq!(
            blocks(page),
            [
                heading(1, 1, "Honour **roll**"),
                Block::List(vec![(3, text("one")), (5, text("two")), (7, text("three"))]),
                heading(9, 2, "Volunteers"),
                heading(12, BOLD, "Bold"),
                Block::Table(vec![(21, "name | city"), (23, "Ann | Rome")]),
            ]
        );
    }
}
