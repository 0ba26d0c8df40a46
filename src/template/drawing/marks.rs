//! Which elements of a drawing are fields, or say something of one: by what they say, and by
//! the names that Inkscape, Figma and Illustrator give them.

use std::ops::Range;

use resvg::usvg::roxmltree::{Document, Node, NodeId};

use super::super::Mistake;
use super::xml::is_svg;
use crate::pattern::Pattern;

/// An element that is a field, or says something of one.
pub struct Mark {
    /// What it is.
    pub kind: Kind,
    /// The element.
    pub node: NodeId,
    /// Where it stands in the document.
    pub range: Range<usize>,
    /// Its line in the document, from 1.
    pub line: usize,
}

/// What a marked element is.
#[derive(Debug, PartialEq)]
pub enum Kind {
    /// Text with braces in it; and the rectangle it flows in, as Inkscape has it: left, top,
    /// width and height in the text's own units.
    Text(Option<[f32; 4]>),
    /// The box of the text field of this name.
    Box(String),
    /// The box of a QR code.
    Code,
    /// The box of a signature.
    Signature,
}

/// Elements whose content is not drawn where it stands.
const ELSEWHERE: [&str; 6] = ["defs", "symbol", "clipPath", "mask", "pattern", "marker"];

/// Elements that a program may name as a box.
const SHAPES: [&str; 8] =
    ["rect", "g", "image", "circle", "ellipse", "path", "polygon", "polyline"];

/// Finds them, in the document's order; `file` is its name.
pub fn find(document: &Document, file: &str) -> Result<Vec<Mark>, Mistake> {
    let mut marks = Vec::new();
    let mut within = 0..0;
    for node in document.descendants().filter(Node::is_element) {
        // What stands in a marked element goes with it.
        if within.contains(&node.range().start) {
            continue;
        }
        // Lines are counted from the top each time, and most elements are no fields.
        let line = || document.text_pos_at(node.range().start).row as usize;
        let kind = kind(node, document)
            .map_err(|message| Mistake { place: format!("{file}, line {}", line()), message })?;
        if let Some(kind) = kind {
            within = node.range();
            marks.push(Mark { kind, node: node.id(), range: node.range(), line: line() });
        }
    }
    Ok(marks)
}

fn kind(node: Node, document: &Document) -> Result<Option<Kind>, String> {
    let name = node.tag_name().name();
    if is_svg(node, "text") {
        let text = said(node);
        if !text.contains(['{', '}']) {
            return Ok(None);
        }
        if let Some(around) =
            node.ancestors().find(|node| ELSEWHERE.iter().any(|name| is_svg(*node, name)))
        {
            return Err(format!(
                "the text {:?} stands in a <{}>, which is drawn elsewhere; put it on the page itself",
                text.trim(),
                around.tag_name().name()
            ));
        }
        return Ok(Some(Kind::Text(flow(node, document))));
    }
    if matches!(name, "flowRoot" | "foreignObject") && said(node).contains(['{', '}']) {
        return Err(format!(
            "the text {:?} stands in a <{name}>, which few programs draw; make it plain text (in \
             Inkscape: Text, Convert to Text)",
            said(node).trim()
        ));
    }
    if !SHAPES.iter().any(|shape| is_svg(node, shape)) {
        return Ok(None);
    }
    let names: Vec<String> = names(node).collect();
    if name == "path"
        && let Some(name) = names.iter().find(|name| is_placeholder(name))
    {
        return Err(format!(
            "the text {name:?} has been turned into outlines; export it as text (in Figma without \
             \"Outline text\", in Illustrator with type as SVG)"
        ));
    }
    Ok(names.iter().find_map(|name| match name.as_str() {
        "qr" => Some(Kind::Code),
        "signature" => Some(Kind::Signature),
        name => {
            let field = name.strip_suffix("-box").or_else(|| name.strip_suffix("_box"))?;
            Some(Kind::Box(field.trim_matches(['{', '}']).to_owned()))
        }
    }))
}

fn is_placeholder(name: &str) -> bool {
    name.contains('{')
        && name.parse::<Pattern>().is_ok_and(|pattern| pattern.placeholders().next().is_some())
}

/// What a text element says, as it is written.
pub fn said(node: Node) -> String {
    let text = node.descendants().filter(|node| {
        let about = |name| node.ancestors().any(|above| is_svg(above, name));
        node.is_text() && !about("title") && !about("desc")
    });
    text.filter_map(|node| node.text()).collect()
}

/// What an element may be called: Figma writes the layer's name as id, Illustrator beside it,
/// Inkscape as label.
fn names<'a>(node: Node<'a, '_>) -> impl Iterator<Item = String> + use<'a> {
    let named = node.attributes().filter(|attribute| {
        matches!(attribute.name(), "id" | "data-name")
            || (attribute.name() == "label" && attribute.namespace().is_some())
    });
    named.map(|attribute| plain(attribute.value()))
}

/// A name as it was given: Illustrator writes `_x7B_` for what an id may not have, and `_1_`
/// behind a name that is taken.
fn plain(id: &str) -> String {
    let mut name = String::with_capacity(id.len());
    let mut rest = id;
    while let Some((before, after)) = rest.split_once("_x") {
        let character = after.split_once('_').and_then(|(digits, after)| {
            let character = char::from_u32(u32::from_str_radix(digits, 16).ok()?)?;
            Some((character, after))
        });
        name.push_str(before);
        if let Some((character, after)) = character {
            name.push(character);
            rest = after;
        } else {
            name.push_str("_x");
            rest = after;
        }
    }
    name.push_str(rest);
    if let Some((before, number)) = name.strip_suffix('_').and_then(|name| name.rsplit_once('_'))
        && !number.is_empty()
        && number.bytes().all(|digit| digit.is_ascii_digit())
    {
        name.truncate(before.len());
    }
    name
}

/// The rectangle that a text flows in.
fn flow(text: Node, document: &Document) -> Option<[f32; 4]> {
    let (_, inside) = text.attribute("style")?.split_once("shape-inside:")?;
    let id = inside.trim_start().strip_prefix("url(#")?.split_once(')')?.0;
    let rect = document
        .descendants()
        .find(|node| is_svg(*node, "rect") && node.attribute("id") == Some(id))?;
    let side = |name: &str| rect.attribute(name).unwrap_or("0").parse().ok();
    Some([side("x")?, side("y")?, side("width")?, side("height")?])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(content: &str) -> Result<Vec<Kind>, String> {
        let svg = format!("<svg xmlns:i=\"ink\">{content}</svg>");
        let document = Document::parse(&svg).unwrap();
        let marks = find(&document, "x.svg").map_err(|mistake| mistake.message)?;
        Ok(marks.into_iter().map(|mark| mark.kind).collect())
    }

    #[test]
    fn boxes_are_known_by_the_names_that_programs_give_them() {
        let boxed = |content| match kinds(content).unwrap().pop() {
            Some(Kind::Box(name)) => name,
            other => panic!("{content}: {other:?}"),
        };
        for content in [
            r#"<rect id="name-box"/>"#,
            r#"<rect id="name_box"/>"#,
            r#"<rect id="name-box_1_"/>"#,
            r#"<rect id="rect12" i:label="name-box"/>"#,
            r#"<path id="a" data-name="name-box"/>"#,
            r#"<rect id="_x7B_name_x7D_-box"/>"#,
        ] {
            assert_eq!(boxed(content), "name", "{content}");
        }
        assert_eq!(
            kinds(r#"<g id="qr"/><circle id="signature_2_"/>"#).unwrap(),
            [Kind::Code, Kind::Signature]
        );
        assert_eq!(kinds(r#"<rect id="frame"/><g id="box"/>"#).unwrap(), []);
    }

    #[test]
    fn text_that_is_no_field_is_told_apart_or_refused() {
        assert_eq!(kinds("<text>plain</text><text><title>{</title>a</text>").unwrap(), []);
        assert_eq!(kinds("<text><tspan>{na</tspan>me}</text>").unwrap(), [Kind::Text(None)]);
        for (content, part) in [
            ("<symbol><text>{name}</text></symbol>", "<symbol>"),
            ("<flowRoot><flowPara>{name}</flowPara></flowRoot>", "Convert to Text"),
            (r#"<path id="{name}"/>"#, "outlines"),
            (r#"<path id="_x7B_name_x7D_"/>"#, "outlines"),
        ] {
            assert!(kinds(content).unwrap_err().contains(part), "{content}");
        }
    }

    #[test]
    fn a_text_flows_in_its_rectangle() {
        let found = kinds(
            r#"<defs><rect id="r" x="1" y="2" width="30" height="4"/></defs>
               <text style="font-size:4px;shape-inside:url(#r)">{citation}</text>"#,
        );
        assert_eq!(found.unwrap(), [Kind::Text(Some([1.0, 2.0, 30.0, 4.0]))]);
    }
}
