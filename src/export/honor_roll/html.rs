//! The roll as a web page that stands by itself.

use super::link::Base;
use super::people::{Person, Roll, Section};
use super::words::Words;

/// Enough to be read with pleasure; whoever has a style of their own takes what is in `main`.
const STYLE: &str = "body{font-family:system-ui,sans-serif;line-height:1.5;margin:2rem auto;\
                     max-width:48rem;padding:0 1rem}table{border-collapse:collapse}th,td{\
                     border-bottom:1px solid #ccc;padding:.3rem 1.2rem .3rem 0;text-align:start}";

impl Roll {
    /// The roll as an HTML document (UTF-8), links as from `page` or on `base`.
    #[must_use]
    pub fn html(&self, of_category: bool, page: &str, base: &Base) -> String {
        let words = Words::of(&self.language);
        let title = escaped(&self.heading(of_category));
        let mut main = format!("<h1>{title}</h1>\n");
        let filled = |section: &&Section| of_category || !section.people.is_empty();
        for section in self.sections.iter().filter(filled) {
            if !of_category {
                let heading = words.heading(&section.title, self.year);
                main.extend(["<h2>", &escaped(&heading), "</h2>\n"]);
            }
            main += &people(section, words, |file| base.link(file, page));
        }
        format!(
            "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n\
             <style>{STYLE}</style>\n</head>\n<body>\n<main>\n{main}</main>\n</body>\n</html>\n",
            escaped(&self.language),
        )
    }
}

fn people(section: &Section, words: Words, link: impl Fn(&str) -> String) -> String {
    if section.people.is_empty() {
        return format!("<p>{}</p>\n", words.nobody);
    }
    let linked = |text: &str, person: &Person| match &person.file {
        Some(file) => format!("<a href=\"{}\">{}</a>", escaped(&link(file)), isolated(text)),
        None => isolated(text),
    };
    let cell = |tag: &str, content: &str| format!("<{tag}>{content}</{tag}>");
    if section.numbered {
        let head = [words.number, words.name].into_iter();
        let head = head.chain(section.columns.iter().map(String::as_str));
        let head: String = head.map(|text| cell("th", &escaped(text))).collect();
        let row = |person: &Person| {
            let cells = person.cells.iter().map(|text| cell("td", &isolated(text)));
            let first = [linked(&person.id, person), isolated(&person.name)];
            let first = first.map(|content| cell("td", &content));
            format!("<tr>{}</tr>\n", first.into_iter().chain(cells).collect::<String>())
        };
        let rows: String = section.people.iter().map(row).collect();
        return format!(
            "<table>\n<thead>\n<tr>{head}</tr>\n</thead>\n<tbody>\n{rows}</tbody>\n</table>\n"
        );
    }
    let item = |person: &Person| {
        let cells = person.cells.iter().filter(|cell| !cell.is_empty());
        let texts = std::iter::once(linked(&person.name, person)).chain(cells.map(|c| isolated(c)));
        format!("<li>{}</li>\n", texts.collect::<Vec<_>>().join(" · "))
    };
    format!("<ul>\n{}</ul>\n", section.people.iter().map(item).collect::<String>())
}

/// A text whose direction is its own affair.
fn isolated(text: &str) -> String {
    format!("<bdi>{}</bdi>", escaped(text))
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars().filter(|c| !super::is_unseen(*c)) {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_becomes_a_tag_or_leaves_an_attribute() {
        assert_eq!(escaped("<b a='\"'>&"), "&lt;b a=&#39;&quot;&#39;&gt;&amp;");
        assert_eq!(isolated("a\u{202e}b"), "<bdi>ab</bdi>");
    }
}
