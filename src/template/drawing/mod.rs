//! A drawing: an SVG document, its size, and the fields it says.
//!
//! [`xml`] reads it, with [`css`], [`marks`] finds the elements that are fields, [`copy`] makes the copies of
//! it that are measured and painted, [`text`] and [`area`] read back what the painter's own
//! parser makes of text and boxes, [`place`] turns both into a field's box, and [`fields`] puts
//! all of it together.

mod area;
mod copy;
mod css;
mod fields;
mod marks;
mod place;
mod text;
mod xml;

use resvg::usvg::{self, roxmltree::Document};

pub(super) use fields::{Fields, fields};

/// How far the proportions of a viewBox may differ from those of the drawing.
const SAME: f32 = 0.01;

/// A drawing that has been looked over.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawing {
    /// The document, without a DOCTYPE.
    pub svg: String,
    /// Its width in its own units: those of its viewBox, else pixels (CSS: 96 to the inch).
    pub width: f32,
    /// Its height in its own units.
    pub height: f32,
}

impl Drawing {
    /// Reads an SVG file.
    ///
    /// # Errors
    /// When it is no SVG in UTF-8, does not say how large it is, declares entities, or would
    /// be too much to draw.
    pub fn read(bytes: &[u8]) -> Result<Self, String> {
        let svg = xml::text(bytes)?;
        let (width, height) = size(&svg, &xml::parse(&svg)?)?;
        Ok(Self { svg, width, height })
    }
}

/// A drawing's width and height in its own units.
fn size(svg: &str, document: &Document) -> Result<(f32, f32), String> {
    let root = document.root_element();
    let says = |name: &str| root.attribute(name).is_some_and(|value| !value.ends_with('%'));
    if !(says("viewBox") || says("width") && says("height")) {
        return Err(
            "it does not say how large it is; give its <svg> a viewBox, or width and height"
                .to_owned(),
        );
    }
    let empty = copy::empty(svg, root);
    let tree = usvg::Tree::from_str(&empty, &usvg::Options::default())
        .map_err(|error| format!("it cannot be read as SVG: {error}"))?;
    let (width, height) = (tree.size().width(), tree.size().height());
    let view: Vec<f32> = root
        .attribute("viewBox")
        .into_iter()
        .flat_map(|view| view.split([' ', ',', '\n', '\t']).filter_map(|side| side.parse().ok()))
        .collect();
    match view[..] {
        [_, _, across, down] if ((across / down) / (width / height) - 1.0).abs() <= SAME => {
            Ok((across, down))
        }
        _ => Ok((width, height)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawing_has_the_size_of_its_view_box_else_its_own() {
        let size = |attributes: &str| {
            let svg = format!("<svg xmlns=\"http://www.w3.org/2000/svg\" {attributes}><g/></svg>");
            Drawing::read(svg.as_bytes()).map(|drawing| (drawing.width, drawing.height))
        };
        assert_eq!(
            size(r#"width="297mm" height="210mm" viewBox="0 0 2970,2100""#),
            Ok((2970.0, 2100.0))
        );
        assert_eq!(size(r#"width="96" height="1in""#), Ok((96.0, 96.0)));
        assert_eq!(size(r#"viewBox="0 0 842 595""#), Ok((842.0, 595.0)));
        assert_eq!(size(r#"width="100" height="50" viewBox="0 0 7 7""#), Ok((100.0, 50.0)));
        assert!(size("").unwrap_err().contains("how large"));
        assert!(size(r#"width="100%" height="100%""#).is_err());
    }
}
