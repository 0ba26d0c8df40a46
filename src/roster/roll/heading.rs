//! What a heading says of the people under it: their category and their year.

use unicode_normalization::UnicodeNormalization;
use unicode_script::{Script, UnicodeScript};

use crate::issuer::{Category, Issuer};

/// Years that a heading can mean; other numbers of four digits are something else.
const YEARS: std::ops::RangeInclusive<u16> = 1900..=2099;

/// The category that a heading names by key, title or alias: the longest name in it counts.
/// Nothing where it names none, or two alike.
pub fn category<'a>(heading: &str, issuer: &'a Issuer) -> Option<&'a Category> {
    let heading = Words::of(heading);
    let longest = |category: &'a Category| {
        let names = category.names().map(without_placeholders).map(|name| Words::of(&name));
        let length = names.filter(|name| heading.has(name)).map(|name| name.0.len()).max()?;
        Some((length, category))
    };
    let mut named: Vec<(usize, &Category)> = issuer.categories.iter().filter_map(longest).collect();
    named.sort_by_key(|(length, _)| std::cmp::Reverse(*length));
    match named.as_slice() {
        [(one, category), rest @ ..] if rest.first().is_none_or(|(other, _)| other < one) => {
            Some(category)
        }
        _ => None,
    }
}

/// The first year in a heading.
pub fn year(heading: &str) -> Option<u16> {
    let heading: String = heading.nfkc().collect();
    let mut numbers = heading.split(|c: char| !c.is_ascii_digit());
    numbers.find_map(|number| number.parse().ok().filter(|year| YEARS.contains(year)))
}

/// A title such as `{year}年度优秀讲师` without what differs from one certificate to another.
fn without_placeholders(title: &str) -> String {
    let mut parts = title.split('{');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + part.split_once('}').map_or(part, |(_, rest)| rest))
}

/// Whether a script writes words without anything between them.
fn is_run_together(script: Script) -> bool {
    matches!(script, Script::Han | Script::Hiragana | Script::Katakana | Script::Thai)
}

/// The letters and digits of a text, each with whether a word of its own can begin there.
struct Words(Vec<(char, bool)>);

impl Words {
    fn of(text: &str) -> Self {
        let mut words = Vec::new();
        let mut begins = true;
        for c in text.nfkc().flat_map(char::to_lowercase) {
            if c.is_alphanumeric() {
                let parted = !is_run_together(c.script());
                words.push((c, begins || !parted));
                begins = !parted;
            } else {
                begins = true;
            }
        }
        Self(words)
    }

    /// Whether a name stands in it as words of their own, or as their plural.
    fn has(&self, name: &Self) -> bool {
        let length = name.0.len();
        let begins = |at: usize| self.0.get(at).is_none_or(|(_, begins)| *begins);
        let same = |at: usize| {
            let here = self.0[at..].iter().zip(&name.0);
            here.filter(|((here, _), (there, _))| here == there).count() == length
        };
        let ends = |at: usize| {
            let plural = self.0.get(at).is_some_and(|(c, _)| *c == 's') && begins(at + 1);
            begins(at) || plural
        };
        length > 0 && (0..self.0.len()).any(|at| begins(at) && same(at) && ends(at + length))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ISSUER: &str = r#"
        [issuer]
        name = "Community"
        url = "https://example.org"
        [category.sig]
        title = "优秀SIG组织者"
        prefix = "S"
        template = "classic"
        [category.volunteer]
        title = "Outstanding Volunteer"
        prefix = "V"
        template = "classic"
        aliases = ["志愿者", "Helper of the Year"]
        [category.lecturer]
        title = "{year}年度优秀讲师"
        id = "{name}"
        template = "aurora"
    "#;

    #[test]
    fn a_heading_names_a_category_and_a_year() {
        let issuer = Issuer::parse(ISSUER).unwrap();
        for (heading, key, of_year) in [
            ("2020年度优秀 SIG 组织者", Some("sig"), Some(2020)),
            ("2020年度优秀讲师", Some("lecturer"), Some(2020)),
            ("２０２０年度优秀志愿者", Some("volunteer"), Some(2020)),
            ("Outstanding Volunteers, class of 1999", Some("volunteer"), Some(1999)),
            ("The volunteers", Some("volunteer"), None),
            ("Our design of 12020 signs", None, None),
            ("Volunteers and SIG", Some("volunteer"), None),
            ("Top 1000", None, None),
            ("", None, None),
        ] {
            assert_eq!(category(heading, &issuer).map(|c| c.key.as_str()), key, "{heading}");
            assert_eq!(year(heading), of_year, "{heading}");
        }
    }
}
