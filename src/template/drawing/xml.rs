//! The XML of a drawing: read without any entity, and refused where it would grow beyond
//! measure, before a painter sees it.

use std::collections::HashMap;

use super::css::{self, Rules};
use resvg::usvg::roxmltree::{Document, Node, NodeId, ParsingOptions};

/// The most elements a drawing may have, each counted as often as it is used.
const MOST_ELEMENTS: u64 = 200_000;

/// How deep elements may stand within each other, those they use included.
const DEEPEST: usize = 256;

/// The namespace of SVG elements.
const SVG: &str = "http://www.w3.org/2000/svg";

/// The text of an SVG file, with blanks for its DOCTYPE, so that places in it stay the same.
pub fn text(bytes: &[u8]) -> Result<String, String> {
    if bytes.starts_with(&[0x1f, 0x8b]) {
        return Err("it is compressed (SVGZ); save it as plain SVG".to_owned());
    }
    let text = std::str::from_utf8(bytes)
        .map_err(|error| format!("it is not UTF-8 (byte {})", error.valid_up_to() + 1))?;
    let Some(at) = doctype(text) else { return Ok(text.to_owned()) };
    let end = end_of_doctype(&text[at..]).map_or(text.len(), |length| at + length);
    if text[at..end].contains("<!ENTITY") {
        return Err("its DOCTYPE declares entities, and none is expanded; save it as plain SVG \
                    (in Illustrator without its editing capabilities)"
            .to_owned());
    }
    let blank = |c: char| if c == '\n' { "\n".to_owned() } else { " ".repeat(c.len_utf8()) };
    let blanks: String = text[at..end].chars().map(blank).collect();
    Ok(format!("{}{blanks}{}", &text[..at], &text[end..]))
}

/// Where a DOCTYPE begins: after nothing but the XML declaration, comments and space.
fn doctype(text: &str) -> Option<usize> {
    let mut rest = text.trim_start_matches('\u{feff}').trim_start();
    loop {
        let end = match rest {
            _ if rest.starts_with("<?") => "?>",
            _ if rest.starts_with("<!--") => "-->",
            _ if rest.starts_with("<!DOCTYPE") => return Some(text.len() - rest.len()),
            _ => return None,
        };
        rest = rest.split_once(end)?.1.trim_start();
    }
}

/// The length of a DOCTYPE, with what stands in its brackets.
fn end_of_doctype(text: &str) -> Option<usize> {
    let (mut inside, mut quote) = (false, None);
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some(open), _) if open == c => quote = None,
            (None, '"' | '\'') => quote = Some(c),
            (None, '[') => inside = true,
            (None, ']') => inside = false,
            (None, '>') if !inside => return Some(at + 1),
            _ => {}
        }
    }
    None
}

/// Parses the text of an SVG file, and counts what it amounts to.
pub fn parse(text: &str) -> Result<Document<'_>, String> {
    let options =
        ParsingOptions { nodes_limit: 5 * MOST_ELEMENTS as u32, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text, options)
        .map_err(|error| format!("it is not sound XML: {error}"))?;
    if !is_svg(document.root_element(), "svg") {
        return Err("its first element is not <svg>".to_owned());
    }
    let rules = Rules::of(&document)?;
    let mut counts = Counts { ids: HashMap::new(), known: HashMap::new(), rules };
    for node in document.descendants() {
        if let Some(id) = node.attribute("id") {
            counts.ids.entry(id).or_insert(node);
        }
    }
    let (elements, depth) = counts.of(document.root_element(), 0)?;
    if elements > MOST_ELEMENTS {
        return Err(format!("it has more than {MOST_ELEMENTS} elements, once all are drawn"));
    }
    if depth > DEEPEST {
        return Err(too_deep());
    }
    Ok(document)
}

/// Whether this is an element of SVG with this name.
pub fn is_svg(node: Node, name: &str) -> bool {
    node.is_element()
        && node.tag_name().name() == name
        && node.tag_name().namespace().is_none_or(|namespace| namespace == SVG)
}

fn too_deep() -> String {
    format!("its elements stand more than {DEEPEST} deep within each other")
}

/// How many elements each element amounts to, and how deep they go, once it is drawn.
struct Counts<'a, 'input> {
    ids: HashMap<&'a str, Node<'a, 'input>>,
    /// Nothing for an element whose count is under way: one that uses itself is not drawn.
    known: HashMap<NodeId, (u64, usize)>,
    rules: Rules<'a>,
}

impl<'a, 'input> Counts<'a, 'input> {
    fn of(&mut self, node: Node<'a, 'input>, depth: usize) -> Result<(u64, usize), String> {
        if let Some(known) = self.known.get(&node.id()) {
            return Ok(*known);
        }
        if depth > DEEPEST {
            return Err(too_deep());
        }
        self.known.insert(node.id(), (0, 0));
        let (mut elements, mut deepest) = (1_u64, 0);
        let links = links(node).chain(self.rules.links(node));
        let used: Vec<_> = links.filter_map(|id| self.ids.get(id).copied()).collect();
        for part in node.children().filter(Node::is_element).chain(used) {
            let (more, deep) = self.of(part, depth + 1)?;
            elements = elements.saturating_add(more);
            deepest = deepest.max(deep);
        }
        self.known.insert(node.id(), (elements, deepest + 1));
        Ok((elements, deepest + 1))
    }
}

/// The elements that an element brings in: used, or as mask, marker, pattern and the like.
fn links<'a>(node: Node<'a, '_>) -> impl Iterator<Item = &'a str> {
    node.attributes().flat_map(|attribute| {
        let value = attribute.value();
        let used = (attribute.name() == "href").then(|| value.trim().strip_prefix('#')).flatten();
        used.into_iter().chain(css::links(value))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amounts(svg: &str) -> Result<usize, String> {
        let text = text(svg.as_bytes())?;
        Ok(parse(&text)?.descendants().count())
    }

    #[test]
    fn a_doctype_is_blanked_out_and_one_with_entities_refused() {
        let plain = "<?xml version=\"1.0\"?><!-- <!DOCTYPE no> -->\n\
                     <!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" \"a>b\">\n<svg/>";
        let read = text(plain.as_bytes()).unwrap();
        assert_eq!(read.len(), plain.len());
        assert!(read.ends_with("\n<svg/>") && !read.contains("PUBLIC"), "{read}");
        let bomb = "<!DOCTYPE svg [<!ENTITY a \"b\">]><svg>&a;</svg>";
        assert!(text(bomb.as_bytes()).unwrap_err().contains("entities"));
    }

    #[test]
    fn what_is_used_counts_as_often_as_it_is_used() {
        use std::fmt::Write as _;
        let mut bomb = "<svg><defs><g id=\"g0\"><path/></g>".to_owned();
        for level in 1..40 {
            let below = level - 1;
            let twice = format!("<use href=\"#g{below}\"/>").repeat(2);
            write!(bomb, "<g id=\"g{level}\">{twice}</g>").unwrap();
        }
        bomb.push_str("</defs></svg>");
        assert!(amounts(&bomb).unwrap_err().contains("elements"));
        assert!(amounts("<svg><g id=\"a\"><use href=\"#a\"/></g></svg>").is_ok());
        assert!(amounts("<svg><path id=\"p\"/><use href=\"#p\"/></svg>").is_ok());
    }

    #[test]
    fn what_stands_too_deep_is_refused() {
        let nested = |depth| format!("<svg>{}{}</svg>", "<g>".repeat(depth), "</g>".repeat(depth));
        assert!(amounts(&nested(200)).is_ok());
        for depth in [300, 2_000, 200_000] {
            assert!(amounts(&nested(depth)).unwrap_err().contains("deep"), "{depth}");
        }
    }
}
