//! How much a drawing asks of those who draw it: layers within each other take memory, layers
//! and filters over the whole page take time. A drawing of a few lines can ask for hours.

use resvg::usvg::filter::Kind;
use resvg::usvg::{ClipPath, Group, ImageKind, Mask, Node, Tree};

/// How many transparent, clipped or masked layers may lie within each other: each takes as much
/// memory as what it covers.
const MOST_LAYERS: usize = 16;

/// How often the whole page may be covered by layers, filters and paths, all of them together.
/// Each layer takes some 10 ms.
const MOST_COVERED: f32 = 150.0;

/// How large the tile of a pattern may be, in pages.
const LARGEST_TILE: f32 = 16.0;

/// What it takes to fill the page with a path, of what a layer over it takes.
const FILL: f32 = 0.05;

/// Refuses a drawing that asks for too much.
pub(super) fn check(tree: &Tree) -> Result<(), String> {
    if layers(tree.root()) > MOST_LAYERS {
        return Err(format!(
            "it has more than {MOST_LAYERS} transparent, clipped or masked groups within each other"
        ));
    }
    let page = tree.size().width() * tree.size().height();
    let tiles = tree.patterns().iter().map(|pattern| pattern.rect());
    if tiles.map(|tile| tile.width() * tile.height()).any(|area| area > LARGEST_TILE * page) {
        return Err("a pattern in it is far larger than the page; make it smaller".to_owned());
    }
    if covered(tree.root(), page) > MOST_COVERED {
        return Err(String::from(
            "its shapes, groups and filters cover the page too often; simplify it, or turn it into a \
             picture",
        ));
    }
    Ok(())
}

/// How many layers lie within each other.
fn layers(group: &Group) -> usize {
    let inner = inside(group).map(layers).max().unwrap_or_default();
    inner + usize::from(group.should_isolate())
}

/// How often the page is covered by what a group and its groups are painted on.
fn covered(group: &Group, page: f32) -> f32 {
    let part = |width: f32, height: f32| (width * height / page).min(1.0);
    let paths = group.children().iter().map(|node| match node {
        Node::Path(path) => {
            let bounds = path.abs_stroke_bounding_box();
            FILL * part(bounds.width(), bounds.height())
        }
        _ => 0.0,
    });
    let groups = inside(group).map(|inner| covered(inner, page));
    let inner: f32 = paths.chain(groups).sum();
    if !group.should_isolate() {
        return inner;
    }
    let bounds = group.abs_layer_bounding_box();
    let part = part(bounds.width(), bounds.height());
    let primitives = group.filters().iter().flat_map(|filter| filter.primitives());
    let filters: f32 = primitives.map(|primitive| passes(primitive.kind())).sum();
    let masks = [group.mask().map(Mask::root), group.clip_path().map(ClipPath::root)];
    let masks: f32 = masks.into_iter().flatten().map(|mask| part + covered(mask, page)).sum();
    inner + masks + part * (1.0 + filters)
}

/// How often a filter goes over what it is applied to.
fn passes(kind: &Kind) -> f32 {
    match kind {
        Kind::Turbulence(noise) => noise.num_octaves() as f32,
        Kind::ConvolveMatrix(convolve) => {
            convolve.matrix().columns() as f32 * convolve.matrix().rows() as f32
        }
        Kind::Morphology(morphology) => {
            1.0 + morphology.radius_x().get() * morphology.radius_y().get() / 8.0
        }
        _ => 1.0,
    }
}

/// The groups right below a group, those of embedded drawings among them.
fn inside(group: &Group) -> impl Iterator<Item = &Group> {
    group.children().iter().filter_map(|node| match node {
        Node::Group(group) => Some(&**group),
        Node::Image(image) => match image.kind() {
            ImageKind::SVG(tree) => Some(tree.root()),
            _ => None,
        },
        Node::Path(_) | Node::Text(_) => None,
    })
}
