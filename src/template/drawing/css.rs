//! What the style sheets of a drawing bring into its elements: masks, clips, patterns, markers.

use std::collections::HashMap;

use resvg::usvg::roxmltree::{Document, Node};

/// The most rules that may bring something in.
const MOST_RULES: usize = 2_000;

/// Rules with links in them, by a class that what they apply to must have, if any.
#[derive(Default)]
pub struct Rules<'a> {
    rules: HashMap<&'a str, Vec<Rule<'a>>>,
}

struct Rule<'a> {
    /// The last part of its selector, such as `path.st0`; what stands before it is taken to
    /// apply.
    selector: &'a str,
    /// The ids it links.
    links: Vec<&'a str>,
}

impl<'a> Rules<'a> {
    /// Reads the style sheets of a document.
    pub fn of(document: &'a Document) -> Result<Self, String> {
        let (mut rules, mut count) = (Self::default(), 0);
        let sheets = document.descendants().filter(|node| node.tag_name().name() == "style");
        for rule in sheets.filter_map(|sheet| sheet.text()).flat_map(|text| text.split('}')) {
            let Some((before, declarations)) = rule.rsplit_once('{') else { continue };
            let links: Vec<&str> = links(declarations).collect();
            if links.is_empty() {
                continue;
            }
            let selectors = before.rsplit(['{', '}']).next().unwrap_or_default().split(',');
            for selector in selectors {
                count += 1;
                if count > MOST_RULES {
                    return Err(format!("its styles have more than {MOST_RULES} rules with links"));
                }
                let selector = selector.trim().rsplit([' ', '>', '+', '~', '\n', '/']).next();
                let selector = selector.unwrap_or_default();
                let key =
                    parts(selector).find_map(|part| part.strip_prefix('.')).unwrap_or_default();
                let rule = Rule { selector, links: links.clone() };
                rules.rules.entry(key).or_default().push(rule);
            }
        }
        Ok(rules)
    }

    /// The ids that rules bring into an element.
    pub fn links(&self, node: Node<'a, '_>) -> Vec<&'a str> {
        let classes = node.attribute("class").unwrap_or_default().split_whitespace();
        let keyed = classes.filter_map(|class| self.rules.get(class));
        let rules = keyed.chain(self.rules.get("")).flatten();
        rules
            .filter(|rule| applies(rule.selector, node))
            .flat_map(|rule| rule.links.clone())
            .collect()
    }
}

/// The ids that a declaration or attribute links.
pub fn links(text: &str) -> impl Iterator<Item = &str> {
    text.split("url(").skip(1).filter_map(|rest| {
        let rest = rest.trim_start_matches(['"', '\'', ' ']).strip_prefix('#')?;
        rest.split([')', '"', '\'', ' ']).next()
    })
}

/// The parts of a selector's end: `path`, `.st0`, `#id`.
fn parts(selector: &str) -> impl Iterator<Item = &str> {
    let selector = selector.split([':', '[']).next().unwrap_or_default();
    let mut rest = selector;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let end = rest[first.len_utf8()..].find(['.', '#']).map(|at| at + first.len_utf8());
        let (part, after) = rest.split_at(end.unwrap_or(rest.len()));
        rest = after;
        Some(part)
    })
}

fn applies(selector: &str, node: Node) -> bool {
    let has = |class: &str| {
        node.attribute("class").is_some_and(|own| own.split_whitespace().any(|own| own == class))
    };
    parts(selector).all(|part| match (part.strip_prefix('.'), part.strip_prefix('#')) {
        (Some(class), _) => has(class),
        (_, Some(id)) => node.attribute("id") == Some(id),
        _ => part == "*" || part == node.tag_name().name(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_bring_in_what_they_link() {
        let svg = "<svg><style>.a,g path.b:hover{mask:url(#m)} @media print{*{fill:url('#p')}} \
                   .c{fill:red} #i{clip-path:url(#c)}</style><path class=\"x b\"/><g class=\"b\"/>\
                   <rect class=\"a\" id=\"i\"/></svg>";
        let document = Document::parse(svg).unwrap();
        let rules = Rules::of(&document).unwrap();
        let links = |name| {
            let mut nodes = document.descendants();
            rules.links(nodes.find(|node| node.has_tag_name(name)).unwrap())
        };
        assert_eq!(links("path"), ["m", "p"]);
        assert_eq!(links("g"), ["p"]);
        assert_eq!(links("rect"), ["m", "p", "c"]);
    }
}
