//! Copies of a drawing: one without the elements that are fields, to be painted, and ones with
//! little else, to be measured.

use std::collections::HashSet;
use std::ops::Range;

use resvg::usvg::roxmltree::{Document, Node, NodeId};

use super::marks::Mark;

/// Elements that are drawn where they stand.
const DRAWN: [&str; 14] = [
    "g", "a", "switch", "svg", "use", "image", "text", "path", "rect", "circle", "ellipse", "line",
    "polyline", "polygon",
];

/// The attributes that say where a picture stands.
const MEASURES: [&str; 5] = ["x", "y", "width", "height", "transform"];

/// A change: what stands there, and what is to.
type Edit = (Range<usize>, String);

/// The drawing with nothing in it.
pub fn empty(svg: &str, root: Node) -> String {
    match (root.first_child(), root.last_child()) {
        (Some(first), Some(last)) => {
            edited(svg, vec![(first.range().start..last.range().end, String::new())])
        }
        _ => svg.to_owned(),
    }
}

/// The drawing without these elements.
pub fn without<'a>(svg: &str, marks: impl Iterator<Item = &'a Mark>) -> String {
    edited(svg, marks.map(|mark| (mark.range.clone(), String::new())).collect())
}

/// The drawing with these elements alone, and the ids they are found by.
pub fn only(svg: &str, document: &Document, marks: &[&Mark]) -> (String, Vec<String>) {
    let mut edits = Vec::new();
    let mut ids = Vec::with_capacity(marks.len());
    let mut taken: HashSet<&str> = HashSet::new();
    let mut kept: HashSet<NodeId> = HashSet::new();
    for (number, mark) in marks.iter().enumerate() {
        let Some(node) = document.get_node(mark.node) else { continue };
        kept.extend(node.ancestors().map(|node| node.id()));
        // An id of its own stays, since a style may hang on it.
        let own = node.attribute("id").filter(|id| !id.is_empty());
        let shared =
            |id: &str| document.descendants().filter(|n| n.attribute("id") == Some(id)).count() > 1;
        let id = match own.filter(|id| !shared(id) && taken.insert(id)) {
            Some(id) => id.to_owned(),
            None => format!("accolade-field-{number}"),
        };
        if node.tag_name().name() == "image" {
            edits.push((node.range(), frame(svg, node, &id)));
        } else if own != Some(&id) {
            edits.push(identity(svg, node, &id));
        }
        ids.push(id);
    }
    let marked: HashSet<NodeId> = marks.iter().map(|mark| mark.node).collect();
    cut_rest(document.root_element(), &kept, &marked, &mut edits);
    (edited(svg, edits), ids)
}

/// Cuts all that is drawn but the kept elements.
fn cut_rest(node: Node, kept: &HashSet<NodeId>, marked: &HashSet<NodeId>, edits: &mut Vec<Edit>) {
    for child in node.children().filter(Node::is_element) {
        if marked.contains(&child.id()) {
            continue;
        }
        if kept.contains(&child.id()) {
            cut_rest(child, kept, marked, edits);
        } else if DRAWN.contains(&child.tag_name().name()) {
            edits.push((child.range(), String::new()));
        }
    }
}

/// Gives an element an id.
fn identity(svg: &str, node: Node, id: &str) -> Edit {
    let attribute = format!("id=\"{id}\"");
    if let Some(own) = node.attribute_node("id") {
        return (own.range(), attribute);
    }
    let end = node.range().start + qualified_name(svg, node).len() + 1;
    (end..end, format!(" {attribute}"))
}

/// A rectangle in the place of a picture.
fn frame(svg: &str, node: Node, id: &str) -> String {
    let name = qualified_name(svg, node);
    let prefix = name.strip_suffix("image").unwrap_or_default();
    let measures = node.attributes().filter(|attribute| MEASURES.contains(&attribute.name()));
    let measures: Vec<&str> = measures.map(|attribute| &svg[attribute.range()]).collect();
    format!("<{prefix}rect id=\"{id}\" {}/>", measures.join(" "))
}

/// An element's name as it is written.
fn qualified_name<'a>(svg: &'a str, node: Node) -> &'a str {
    let tag = &svg[node.range().start + 1..];
    &tag[..tag.find(|c: char| c.is_whitespace() || matches!(c, '/' | '>')).unwrap_or(tag.len())]
}

/// The text with every change made.
fn edited(text: &str, mut edits: Vec<Edit>) -> String {
    edits.sort_by_key(|(range, _)| range.start);
    let mut edited = String::with_capacity(text.len());
    let mut at = 0;
    for (range, new) in edits {
        edited.push_str(&text[at..range.start]);
        edited.push_str(&new);
        at = range.end;
    }
    edited.push_str(&text[at..]);
    edited
}
