//! A drawing: an SVG document, parsed with the house's own fonts and without a look at
//! any other file.

use std::sync::{Arc, Mutex};

use resvg::usvg;

use crate::fonts::Fonts;

/// Characters of a link that a message shows.
const LINK_SHOWN: usize = 80;

/// Parses a drawing.
pub(super) fn parse(drawing: &[u8], fonts: &Fonts) -> Result<usvg::Tree, String> {
    let outside: Arc<Mutex<Option<String>>> = Arc::default();
    let seen = Arc::clone(&outside);
    let mut options = usvg::Options {
        image_href_resolver: usvg::ImageHrefResolver {
            resolve_data: usvg::ImageHrefResolver::default_data_resolver(),
            resolve_string: Box::new(move |link, _| {
                if let Ok(mut seen) = seen.lock() {
                    seen.get_or_insert_with(|| link.chars().take(LINK_SHOWN).collect());
                }
                None
            }),
        },
        ..usvg::Options::default()
    };
    if drawing.windows(5).any(|bytes| bytes == b"<text") {
        let database = options.fontdb_mut();
        for id in fonts.ids() {
            let (data, _) = fonts.face(id).data();
            database.load_font_source(usvg::fontdb::Source::Binary(Arc::new(data.to_vec())));
        }
    }
    let tree = usvg::Tree::from_data(drawing, &options)
        .map_err(|error| format!("it cannot be read as SVG: {error}"))?;
    if let Some(link) = outside.lock().ok().and_then(|mut outside| outside.take()) {
        return Err(format!(
            "it links the picture {link:?}, and no other file is read; embed it (a data: URI)"
        ));
    }
    Ok(tree)
}
