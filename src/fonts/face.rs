//! One face: its bytes, the names it is known by, and the measures that setting needs.

use std::ops::Deref;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use harfrust::{Direction, Feature, Script, ShapePlan, ShapePlanKey, Shaper, ShaperData};
use skrifa::attribute::Style;
use skrifa::charmap::Charmap;
use skrifa::instance::{LocationRef, Size};
use skrifa::string::StringId;
use skrifa::{FontRef, MetadataProvider};

/// One face of a font file.
pub struct Face {
    data: Data,
    index: u32,
    /// Its own name, made [`plain`].
    own: String,
    /// All names it is known by, each made [`plain`].
    names: Vec<String>,
    /// Those of them that name its family.
    families: Vec<String>,
    /// The name it is shown and embedded by.
    pub name: String,
    /// How bold it is: 100 to 900, 400 for normal.
    pub weight: f32,
    /// Whether it slants.
    pub italic: bool,
    /// Font units to the em.
    pub units_per_em: f32,
    /// The height of capitals, in em.
    pub cap_height: f32,
    shaper: OnceLock<ShaperData>,
    plans: RwLock<Vec<Arc<ShapePlan>>>,
}

/// The bytes of a font file, shared by its faces.
#[derive(Clone)]
pub(super) enum Data {
    Bundled(&'static [u8]),
    Own(Arc<[u8]>),
}

impl Deref for Data {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Self::Bundled(bytes) => bytes,
            Self::Own(bytes) => bytes,
        }
    }
}

impl Face {
    /// Every face in a font file; `stem` is its file name without the ending.
    pub(super) fn all(data: &Data, stem: &str) -> Result<Vec<Self>, String> {
        let count = match skrifa::raw::FileRef::new(data).map_err(|error| error.to_string())? {
            skrifa::raw::FileRef::Font(_) => 1,
            skrifa::raw::FileRef::Collection(fonts) => fonts.len(),
        };
        (0..count).map(|index| Self::read(data.clone(), index, stem)).collect()
    }

    fn read(data: Data, index: u32, stem: &str) -> Result<Self, String> {
        let font = FontRef::from_index(&data, index).map_err(|error| error.to_string())?;
        let metrics = font.metrics(Size::unscaled(), LocationRef::default());
        if metrics.units_per_em == 0 {
            return Err("it has no em".to_owned());
        }
        let name = |id| font.localized_strings(id).english_or_first().map(|name| name.to_string());
        let postscript = name(StringId::POSTSCRIPT_NAME);
        let full = name(StringId::FULL_NAME).or_else(|| postscript.clone());
        let plain_names = |names: [Option<String>; 2]| {
            let names = names.into_iter().flatten().filter(|name| !name.is_empty());
            names.map(|name| plain(&name)).collect::<Vec<_>>()
        };
        let families =
            plain_names([name(StringId::FAMILY_NAME), name(StringId::TYPOGRAPHIC_FAMILY_NAME)]);
        let mut names = plain_names([full.clone(), postscript]);
        names.extend(families.iter().cloned());
        names.extend(plain_names([Some(stem.to_owned()), None]));
        let (weight, italic) = {
            let attributes = font.attributes();
            (attributes.weight.value(), attributes.style != Style::Normal)
        };
        let units_per_em = f32::from(metrics.units_per_em);
        // Some faces give no height of capitals, or 0; most capitals are 0.7 em high.
        let cap_height = metrics.cap_height.filter(|height| *height > 0.0);
        let cap_height = cap_height.map_or(0.7, |height| height / units_per_em);
        let name = full.unwrap_or_else(|| stem.to_owned());
        Ok(Self {
            index,
            own: plain(&name),
            names,
            families,
            name,
            weight,
            italic,
            units_per_em,
            cap_height,
            shaper: OnceLock::new(),
            plans: RwLock::default(),
            data,
        })
    }

    /// Whether this is its own name, once made [`plain`].
    pub(super) fn is_called(&self, plain: &str) -> bool {
        self.own == plain
    }

    /// Whether this is a name of it, once made [`plain`].
    pub(super) fn is_named(&self, plain: &str) -> bool {
        self.names.iter().any(|name| name == plain)
    }

    /// Whether this is a name of its family, once made [`plain`].
    pub(super) fn is_of_family(&self, plain: &str) -> bool {
        self.families.iter().any(|name| name == plain)
    }

    /// Whether it is the issuer's, rather than in the binary.
    pub(super) fn is_own(&self) -> bool {
        matches!(self.data, Data::Own(_))
    }

    /// The bytes of its file, and which face of the file it is.
    #[must_use]
    pub fn data(&self) -> (&[u8], u32) {
        (&self.data, self.index)
    }

    /// The parsed font.
    ///
    /// # Panics
    /// Never: the same bytes were parsed when the face was read.
    #[must_use]
    pub fn font(&self) -> FontRef<'_> {
        FontRef::from_index(&self.data, self.index).expect("a face that was read before")
    }

    /// Which characters it has.
    #[must_use]
    pub fn characters(&self) -> Charmap<'_> {
        self.font().charmap()
    }

    /// What the shaper needs to know of it, found out once.
    #[must_use]
    pub fn shaper(&self) -> &ShaperData {
        self.shaper.get_or_init(|| ShaperData::new(&self.font()))
    }

    /// How the shaper goes about text of a script, direction and features: found out once for
    /// each, since that takes longer than to set a name.
    #[must_use]
    pub fn plan(
        &self,
        shaper: &Shaper<'_>,
        script: Script,
        direction: Direction,
        features: &[Feature],
    ) -> Arc<ShapePlan> {
        let key = ShapePlanKey::new(Some(script), direction).features(features);
        let known = |plans: &Vec<Arc<ShapePlan>>| {
            plans.iter().find(|plan| key.matches(plan)).map(Arc::clone)
        };
        let plans = self.plans.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(plan) = known(&plans) {
            return plan;
        }
        drop(plans);
        let plan = Arc::new(ShapePlan::new(shaper, direction, Some(script), None, features));
        let mut plans = self.plans.write().unwrap_or_else(PoisonError::into_inner);
        plans.push(Arc::clone(&plan));
        plan
    }
}

impl std::fmt::Debug for Face {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Face").field(&self.name).finish()
    }
}

/// A font's name without what people write differently.
pub(super) fn plain(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, ' ' | '-' | '_')).flat_map(char::to_lowercase).collect()
}
