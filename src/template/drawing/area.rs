//! The boxes of a drawing: where a marked element stands, seen or not.

use resvg::usvg::{self, Node, Rect, Transform, tiny_skia_path::Point};

/// A box that may be turned: its corners on the page.
pub type Corners = [(f32, f32); 4];

/// Shows all that is hidden, since a box need not be seen to be one.
const SHOW: &str = "* { display: inline !important; visibility: visible !important; \
                    opacity: 1 !important; fill: #000 !important; stroke: none !important; \
                    clip-path: none !important; mask: none !important; filter: none !important }";

/// The drawing in which boxes are measured.
pub fn parse(svg: &str) -> Result<usvg::Tree, usvg::Error> {
    let options =
        usvg::Options { style_sheet: Some(SHOW.to_owned()), ..super::text::blind_options() };
    usvg::Tree::from_str(svg, &options)
}

/// Where the element of this id stands, if it has a size.
pub fn corners(tree: &usvg::Tree, id: &str, to_page: Transform) -> Option<Corners> {
    let (bounds, transform) = match tree.node_by_id(id)? {
        Node::Path(path) => (path.bounding_box(), path.abs_transform()),
        node => (node.abs_bounding_box(), Transform::identity()),
    };
    (bounds.width() > 0.0 && bounds.height() > 0.0)
        .then(|| moved(bounds, transform.post_concat(to_page)))
}

/// The corners of a rectangle, brought elsewhere.
pub fn moved(rect: Rect, transform: Transform) -> Corners {
    let mut corners = [
        Point::from_xy(rect.left(), rect.top()),
        Point::from_xy(rect.right(), rect.top()),
        Point::from_xy(rect.right(), rect.bottom()),
        Point::from_xy(rect.left(), rect.bottom()),
    ];
    transform.map_points(&mut corners);
    corners.map(|point| (point.x, point.y))
}
