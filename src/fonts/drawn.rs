//! Faces for the text of drawings: an SVG's families, weight and slant to the faces there are,
//! handed to the parser as it asks for them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use resvg::usvg::fontdb::{Database, ID, Source};
use resvg::usvg::{Font, FontFamily, FontResolver, FontStyle};
use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory};

use super::{FaceId, Fonts};

/// What stands for a font the drawing has not named, as browsers have it: a serif face.
pub const UNNAMED: &str = "Noto Serif";

/// What stands for the families that CSS names by their kind (CSS Fonts 4, 2.1.3).
const SERIF: [&str; 2] = ["Noto Serif", "Noto Serif CJK SC"];
const SANS_SERIF: [&str; 2] = ["Noto Sans", "Noto Sans CJK SC"];

impl Fonts {
    /// Every face of a drawn font's list of families that there is, the nearest to its weight
    /// and slant.
    #[must_use]
    pub fn drawn(&self, font: &Font) -> Vec<FaceId> {
        let italic = font.style() != FontStyle::Normal;
        let families = font.families().iter().flat_map(known_as);
        let mut faces: Vec<FaceId> = Vec::new();
        for family in families {
            let face = self.of_family(family, f32::from(font.weight()), italic);
            // Illustrator names a face where a family should stand.
            if let Some(face) = face.or_else(|| self.named(family))
                && !faces.contains(&face)
            {
                faces.push(face);
            }
        }
        faces
    }

    /// The names of a drawn font's families, for messages.
    #[must_use]
    pub fn drawn_families(font: &Font) -> String {
        let shown = |family: &FontFamily| family.to_string().replace('"', "");
        font.families().iter().map(shown).collect::<Vec<_>>().join(", ")
    }
}

/// The names under which a family is looked for.
fn known_as(family: &FontFamily) -> Vec<&str> {
    match family {
        FontFamily::Named(name) => vec![name],
        FontFamily::SansSerif | FontFamily::Monospace => SANS_SERIF.to_vec(),
        FontFamily::Serif | FontFamily::Cursive | FontFamily::Fantasy => SERIF.to_vec(),
    }
}

/// What the text of a drawing lacks: each the first that was found.
#[derive(Debug, Default)]
pub struct Lacking {
    /// Families of which there is none.
    pub families: Option<String>,
    /// A character that no face has.
    pub character: Option<char>,
}

/// Finds faces for the parser; what there is not is noted in `lacking`. With `stand_in`, text
/// in an unknown font takes the first face there is rather than fall away.
#[must_use]
pub fn resolver<'a>(
    fonts: &'a Fonts,
    lacking: &Arc<Mutex<Lacking>>,
    stand_in: bool,
) -> FontResolver<'a> {
    let loaded: Arc<Mutex<BTreeMap<FaceId, Option<ID>>>> = Arc::default();
    let (fallen, noted) = (Arc::clone(&loaded), Arc::clone(lacking));
    let lacking = Arc::clone(lacking);
    FontResolver {
        select_font: Box::new(move |font, database| {
            let face = fonts.drawn(font).first().copied().or_else(|| {
                if let Ok(mut lacking) = lacking.lock() {
                    lacking.families.get_or_insert_with(|| Fonts::drawn_families(font));
                }
                fonts.ids().next().filter(|_| stand_in)
            })?;
            load(face, fonts, &loaded, database)
        }),
        select_fallback: Box::new(move |character, used, database| {
            let has = |face: &FaceId| fonts.face(*face).characters().map(character).is_some();
            let found = fonts
                .ids()
                .filter(has)
                .filter_map(|face| load(face, fonts, &fallen, database))
                .find(|id| !used.contains(id));
            if found.is_none()
                && is_seen(character)
                && let Ok(mut lacking) = noted.lock()
            {
                lacking.character.get_or_insert(character);
            }
            found
        }),
    }
}

/// Whether a character leaves a mark of its own on paper.
fn is_seen(character: char) -> bool {
    use GeneralCategoryGroup::{Mark, Other, Separator};
    !matches!(character.general_category_group(), Mark | Other | Separator)
}

/// Puts a face into the parser's database, once.
fn load(
    face: FaceId,
    fonts: &Fonts,
    loaded: &Mutex<BTreeMap<FaceId, Option<ID>>>,
    database: &mut Arc<Database>,
) -> Option<ID> {
    let mut loaded = loaded.lock().ok()?;
    *loaded.entry(face).or_insert_with(|| {
        let (data, index) = fonts.face(face).data();
        let source = Source::Binary(Arc::new(data.to_vec()));
        let database = Arc::make_mut(database);
        let ids = database.load_font_source(source);
        ids.into_iter().find(|id| database.face(*id).is_some_and(|face| face.index == index))
    })
}
