//! The roll in Markdown: tables whose source reads as well as the page, lists where people are
//! known by name, and names that are nothing but names.

use unicode_width::UnicodeWidthStr;

use super::link::Base;
use super::people::{Person, Roll, Section};
use super::words::Words;

impl Roll {
    /// The roll as a page that lies at `page`, below the issuer's folder, links on `base`. Of a
    /// roll of several categories each has a heading.
    #[must_use]
    pub fn markdown(&self, of_category: bool, page: &str, base: &Base) -> String {
        let heading = self.markdown_heading(of_category);
        format!("{heading}\n{}", self.markdown_body(of_category, page, base))
    }

    /// Its first heading.
    pub(super) fn markdown_heading(&self, of_category: bool) -> String {
        format!("# {}\n", escaped(&self.heading(of_category)))
    }

    /// The rest of it.
    pub(super) fn markdown_body(&self, of_category: bool, page: &str, base: &Base) -> String {
        let words = Words::of(&self.language);
        let written = |section: &Section| {
            let people = people(section, words, |file| base.link(file, page));
            if of_category {
                return people;
            }
            format!("## {}\n\n{people}", escaped(&words.heading(&section.title, self.year)))
        };
        let filled = |section: &&Section| of_category || !section.people.is_empty();
        let written: Vec<String> = self.sections.iter().filter(filled).map(written).collect();
        if written.is_empty() {
            return format!("{}\n", words.nobody);
        }
        written.join("\n")
    }
}

fn people(section: &Section, words: Words, link: impl Fn(&str) -> String) -> String {
    if section.people.is_empty() {
        return format!("{}\n", words.nobody);
    }
    let linked = |text: &str, person: &Person| match &person.file {
        Some(file) => format!("[{}]({})", escaped(text), link(file)),
        None => escaped(text),
    };
    if section.numbered {
        let head = [words.number, words.name].map(str::to_owned).into_iter();
        let head = head.chain(section.columns.iter().map(|column| escaped(column))).collect();
        let rows = section.people.iter().map(|person| {
            let first = [linked(&person.id, person), escaped(&person.name)];
            first.into_iter().chain(person.cells.iter().map(|cell| escaped(cell))).collect()
        });
        return table(&std::iter::once(head).chain(rows).collect::<Vec<_>>());
    }
    let item = |person: &Person| {
        let cells = person.cells.iter().filter(|cell| !cell.is_empty());
        let texts = std::iter::once(linked(&person.name, person)).chain(cells.map(|c| escaped(c)));
        format!("- {}\n", texts.collect::<Vec<_>>().join(" · "))
    };
    section.people.iter().map(item).collect()
}

/// The narrowest column: a delimiter needs as much.
const NARROWEST: usize = 3;

/// Rows below a head as a table, padded as wide as they look: a Han character takes two places.
/// It stands as common formatters would have it, so that they leave it alone.
fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.first().map_or(0, Vec::len);
    let width = |column: usize| {
        let cells = rows.iter().map(|row| row[column].width());
        cells.max().unwrap_or_default().max(NARROWEST)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let line = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths).enumerate().map(|(at, (cell, width))| {
            let left = if at == 0 { 0 } else { (width - cell.width()) / 2 };
            let right = width - cell.width() - left;
            format!("| {}{cell}{} ", " ".repeat(left), " ".repeat(right))
        });
        cells.chain(["|\n".to_owned()]).collect::<String>()
    };
    let delimiters = widths.iter().enumerate().map(|(at, width)| match at {
        0 => format!("| :{} ", "-".repeat(width - 1)),
        _ => format!("| :{}: ", "-".repeat(width - 2)),
    });
    let delimiters = delimiters.chain(["|\n".to_owned()]).collect::<String>();
    let (head, people) = rows.split_at(1.min(rows.len()));
    head.iter().map(line).chain([delimiters]).chain(people.iter().map(line)).collect()
}

/// A text that Markdown, the HTML in it and what site generators read into it take for a text.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    for (at, c) in text.char_indices() {
        let leads = at == 0 || (at == digits && digits > 0);
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '|' => escaped.push_str("&#124;"),
            '{' => escaped.push_str("&#123;"),
            '}' => escaped.push_str("&#125;"),
            '\\' => escaped.push_str("&#92;"),
            c if super::is_unseen(c) => {}
            '`' | '*' | '_' | '[' | ']' | '~' | '$' | '!' | ':' | '#' => escaped.extend(['\\', c]),
            '-' | '+' | '=' | '.' | ')' if leads => escaped.extend(['\\', c]),
            '.' if escaped.ends_with("www") => escaped.push_str("\\."),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_nothing_but_names() {
        for (name, written) in [
            ("沈旭", "沈旭"),
            ("张城（元乙）", "张城（元乙）"),
            ("Jean-Luc O'Neil Jr.", "Jean-Luc O'Neil Jr."),
            ("a|b", "a&#124;b"),
            ("<img src=x>", "&lt;img src=x&gt;"),
            ("[x](y)", "\\[x\\](y)"),
            ("*a* _b_ `c`", "\\*a\\* \\_b\\_ \\`c\\`"),
            ("AT&T", "AT&amp;T"),
            ("a\\", "a&#92;"),
            ("{{ x }}", "&#123;&#123; x &#125;&#125;"),
            ("http://a.b www.c.d", "http\\://a.b www\\.c.d"),
            ("1. Ann", "1\\. Ann"),
            ("2) Ann", "2\\) Ann"),
            ("- Ann", "\\- Ann"),
            ("a\u{202e}b\nc\t", "abc"),
        ] {
            assert_eq!(escaped(name), written);
        }
    }

    #[test]
    fn columns_stand_below_each_other_in_the_source() {
        let row = |cells: [&str; 3]| cells.map(str::to_owned).to_vec();
        let text = table(&[
            row(["编号", "姓名", "x"]),
            row(["[V1](V1.png)", "沈旭", "上海站"]),
            row(["V2", "Ann Lee", ""]),
        ]);
        assert_eq!(
            text,
            "| 编号         |  姓名   |   x    |\n\
             | :----------- | :-----: | :----: |\n\
             | [V1](V1.png) |  沈旭   | 上海站 |\n\
             | V2           | Ann Lee |        |\n"
        );
    }
}
