//! The background: an SVG document, parsed with the house's own fonts and without a look at
//! any other file.

use std::sync::Arc;

use resvg::usvg;

use super::RenderError;
use crate::template::Template;
use crate::typeset::Fonts;

/// How far a background's proportions may differ from the paper's: less than anyone sees.
const TOLERANCE: f32 = 0.01;

/// Parses a template's background.
pub(super) fn parse(template: &Template, fonts: &Fonts) -> Result<usvg::Tree, RenderError> {
    let wrong = |message: String| RenderError { template: template.name.clone(), message };
    let mut options = usvg::Options {
        image_href_resolver: usvg::ImageHrefResolver {
            resolve_data: usvg::ImageHrefResolver::default_data_resolver(),
            resolve_string: Box::new(|_, _| None),
        },
        ..usvg::Options::default()
    };
    if template.background.windows(5).any(|bytes| bytes == b"<text") {
        let database = options.fontdb_mut();
        for id in fonts.ids() {
            let (data, _) = fonts.face(id).data();
            database.load_font_source(usvg::fontdb::Source::Binary(Arc::new(data.to_vec())));
        }
    }
    let tree = usvg::Tree::from_data(&template.background, &options)
        .map_err(|error| wrong(format!("its background cannot be read as SVG: {error}")))?;
    let (width, height) = (tree.size().width(), tree.size().height());
    let stretch = (height / width) / (template.height / template.width);
    if (stretch - 1.0).abs() > TOLERANCE {
        return Err(wrong(format!(
            "its background of {width} x {height} has not the proportions of its paper, {} x {} mm",
            template.paper.width_mm, template.paper.height_mm
        )));
    }
    Ok(tree)
}
