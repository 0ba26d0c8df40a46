//! A drawing, parsed with the house's own fonts and without a look at any other file; what it
//! lacks, or has too much of, is refused.

use std::sync::{Arc, Mutex};

use resvg::usvg::{self, ImageKind};

use super::effort;
use crate::fonts::Fonts;
use crate::fonts::drawn::{self, Lacking};
use crate::template::{Artwork, Drawing, Picture, PictureKind};

/// Characters of a link that a message shows.
const LINK_SHOWN: usize = 80;

/// How deep drawings may be embedded in each other.
const MOST_EMBEDDED: usize = 1;

/// Parses a drawing.
pub(super) fn parse(drawing: &str, fonts: &Fonts) -> Result<usvg::Tree, String> {
    let notes = Notes::default();
    let tree = usvg::Tree::from_str(drawing, &notes.options(fonts, 0))
        .map_err(|error| format!("it cannot be read as SVG: {error}"))?;
    if let Some(message) = notes.message(fonts) {
        return Err(format!("it {message}"));
    }
    effort::check(&tree)?;
    Ok(tree)
}

/// What the parser came upon, which would tell nobody: it leaves out what it cannot use.
#[derive(Clone, Default)]
struct Notes {
    lacking: Arc<Mutex<Lacking>>,
    /// The first picture that cannot be used, as the end of a sentence.
    picture: Arc<Mutex<Option<String>>>,
}

impl Notes {
    /// Options that note what there is not; for a drawing embedded so many times.
    fn options<'a>(&self, fonts: &'a Fonts, embedded: usize) -> usvg::Options<'a> {
        let (linked, inner) = (self.clone(), self.clone());
        usvg::Options {
            font_family: drawn::UNNAMED.to_owned(),
            font_resolver: drawn::resolver(fonts, &self.lacking, false),
            image_href_resolver: usvg::ImageHrefResolver {
                resolve_data: Box::new(move |_, data, _| inner.embedded(&data, fonts, embedded)),
                resolve_string: Box::new(move |link, _| {
                    let link: String = link.chars().take(LINK_SHOWN).collect();
                    linked.note(format!(
                        "links the picture {link:?}, and no other file is read; embed it (a data: \
                         URI)"
                    ));
                    None
                }),
            },
            ..usvg::Options::default()
        }
    }

    /// A picture that stands in the drawing itself, measured before anything of it is decoded.
    fn embedded(&self, data: &[u8], fonts: &Fonts, embedded: usize) -> Option<ImageKind> {
        let unusable = |message: String| self.note(format!("has a picture in it: {message}"));
        match Artwork::read(data.to_vec(), None).map_err(unusable).ok()? {
            Artwork::Picture(Picture { bytes, kind, .. }) => Some(match kind {
                PictureKind::Png => ImageKind::PNG(Arc::new(bytes)),
                PictureKind::Jpeg => ImageKind::JPEG(Arc::new(bytes)),
            }),
            Artwork::Drawing(_) if embedded == MOST_EMBEDDED => {
                self.note("has drawings within drawings within it; flatten them".to_owned());
                None
            }
            Artwork::Page(_) => {
                self.note("has a PDF in it; turn it into a drawing or picture".to_owned());
                None
            }
            Artwork::Drawing(Drawing { svg, .. }) => {
                let tree = usvg::Tree::from_str(&svg, &self.options(fonts, embedded + 1));
                tree.map_err(|error| unusable(error.to_string())).ok().map(ImageKind::SVG)
            }
        }
    }

    fn note(&self, message: String) {
        if let Ok(mut picture) = self.picture.lock() {
            picture.get_or_insert(message);
        }
    }

    /// What is to be said of it, after "it".
    fn message(&self, fonts: &Fonts) -> Option<String> {
        let picture = self.picture.lock().ok().and_then(|mut picture| picture.take());
        picture.or_else(|| {
            let lacking = self.lacking.lock().ok()?;
            if let Some(families) = &lacking.families {
                return Some(format!(
                    "has text in the font {families:?}, and there are only: {}; put it into the \
                     folder fonts/, or turn the text into outlines",
                    fonts.names()
                ));
            }
            let character = lacking.character?;
            Some(format!(
                "has the character U+{:04X} {character}, and no font has it; put one that does \
                 into the folder fonts/, or turn the text into outlines",
                u32::from(character)
            ))
        })
    }
}
