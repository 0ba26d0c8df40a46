//! The faces: the issuer's own first, then those in the binary. No system font is looked at.

use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use harfrust::ShaperData;
use skrifa::charmap::Charmap;
use skrifa::instance::{LocationRef, Size};
use skrifa::string::StringId;
use skrifa::{FontRef, MetadataProvider};

use crate::disk::{self, DiskError};

/// The faces in the binary, in the order they are tried for what a field's own faces lack.
const BUNDLED: [&[u8]; 10] = [
    include_bytes!("../../fonts/NotoSerif-Black.ttf"),
    include_bytes!("../../fonts/NotoSerifCJKsc-Black-Subset.otf"),
    include_bytes!("../../fonts/NotoSans-Regular.ttf"),
    include_bytes!("../../fonts/NotoSansCJKsc-Regular-Subset.otf"),
    include_bytes!("../../fonts/NotoSansCJKsc-Black-Subset.otf"),
    include_bytes!("../../fonts/NotoNaskhArabic-Bold.ttf"),
    include_bytes!("../../fonts/NotoSerifHebrew-Bold.ttf"),
    include_bytes!("../../fonts/NotoSerifThai-Bold.ttf"),
    include_bytes!("../../fonts/NotoSansDevanagari-Bold.ttf"),
    include_bytes!("../../fonts/AbrilFatface-Regular.ttf"),
];

/// The largest font file that is read, in bytes.
const LARGEST: u64 = 64 << 20;

/// Endings of font files in an issuer's folder.
const ENDINGS: [&str; 4] = ["ttf", "otf", "ttc", "otc"];

/// Which face, in a [`Fonts`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FaceId(pub usize);

/// All faces there are.
#[derive(Debug)]
pub struct Fonts {
    faces: Vec<Face>,
}

/// A font that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FontError {
    /// It cannot be read.
    #[error(transparent)]
    Disk(#[from] DiskError),
    /// It is no font, or a damaged one.
    #[error("{} is not a font that can be used: {message}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        message: String,
    },
}

/// One face of a font file.
pub struct Face {
    data: Data,
    index: u32,
    names: Vec<String>,
    /// The name it is shown and embedded by.
    pub name: String,
    /// Font units to the em.
    pub units_per_em: f32,
    /// The height of capitals, in em.
    pub cap_height: f32,
    shaper: OnceLock<ShaperData>,
}

/// The bytes of a font file, shared by its faces.
#[derive(Clone)]
enum Data {
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

impl Fonts {
    /// The faces in the binary.
    #[must_use]
    pub fn bundled() -> Self {
        let faces = BUNDLED.iter().flat_map(|data| {
            // Every bundled font is read by a test.
            Face::all(&Data::Bundled(data), "").unwrap_or_default()
        });
        Self { faces: faces.collect() }
    }

    /// The faces in `folder/fonts`, by file name, ahead of those in the binary.
    ///
    /// # Errors
    /// When a font there cannot be read.
    pub fn of(folder: &Path) -> Result<Self, FontError> {
        let mut faces = Vec::new();
        for path in font_files(&folder.join("fonts"))? {
            let data = Data::Own(disk::read(&path, LARGEST)?.into());
            let stem = path.file_stem().unwrap_or_default().to_string_lossy();
            let damaged = |message| FontError::Damaged { path: path.clone(), message };
            faces.extend(Face::all(&data, &stem).map_err(damaged)?);
        }
        faces.extend(Self::bundled().faces);
        Ok(Self { faces })
    }

    /// The face.
    #[must_use]
    pub fn face(&self, id: FaceId) -> &Face {
        &self.faces[id.0]
    }

    /// All faces, in order.
    pub fn ids(&self) -> impl Iterator<Item = FaceId> {
        (0..self.faces.len()).map(FaceId)
    }

    /// The face of this name: full, PostScript or family name or file name, whatever the case,
    /// spaces and hyphens.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<FaceId> {
        let name = plain(name);
        self.faces.iter().position(|face| face.names.contains(&name)).map(FaceId)
    }

    /// The names of all faces, for messages.
    #[must_use]
    pub fn names(&self) -> String {
        self.faces.iter().map(|face| face.name.as_str()).collect::<Vec<_>>().join(", ")
    }
}

impl Face {
    /// Every face in a font file.
    fn all(data: &Data, stem: &str) -> Result<Vec<Self>, String> {
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
        let names = [full.clone(), postscript, name(StringId::FAMILY_NAME), Some(stem.to_owned())]
            .into_iter()
            .flatten()
            .filter(|name| !name.is_empty())
            .map(|name| plain(&name))
            .collect();
        let units_per_em = f32::from(metrics.units_per_em);
        // Some faces give no height of capitals, or 0; most capitals are 0.7 em high.
        let cap_height = metrics.cap_height.filter(|height| *height > 0.0);
        let (name, cap_height) = (
            full.unwrap_or_else(|| stem.to_owned()),
            cap_height.map_or(0.7, |height| height / units_per_em),
        );
        Ok(Self { index, names, name, units_per_em, cap_height, shaper: OnceLock::new(), data })
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
    pub(super) fn shaper(&self) -> &ShaperData {
        self.shaper.get_or_init(|| ShaperData::new(&self.font()))
    }
}

impl std::fmt::Debug for Face {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Face").field(&self.name).finish()
    }
}

/// A font's name without what people write differently.
fn plain(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, ' ' | '-' | '_')).flat_map(char::to_lowercase).collect()
}

fn font_files(folder: &Path) -> Result<Vec<PathBuf>, FontError> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let on = || DiskError::on("read", folder);
    let mut files = std::fs::read_dir(folder)
        .and_then(|entries| {
            entries.map(|entry| entry.map(|e| e.path())).collect::<Result<Vec<_>, _>>()
        })
        .map_err(on())?;
    files.retain(|path| {
        path.extension().is_some_and(|ending| {
            ENDINGS.contains(&ending.to_string_lossy().to_lowercase().as_str())
        })
    });
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bundled_font_is_read_and_found_by_its_names() {
        let fonts = Fonts::bundled();
        assert_eq!(fonts.faces.len(), BUNDLED.len());
        for name in ["Abril Fatface", "NotoSerif-Black", "noto serif cjk sc black"] {
            assert!(fonts.named(name).is_some(), "{name}: {}", fonts.names());
        }
        assert_eq!(fonts.named("Comic Sans"), None);
    }

    #[test]
    fn an_issuers_font_comes_first_and_a_damaged_one_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let fonts = folder.path().join("fonts");
        std::fs::create_dir(&fonts).unwrap();
        std::fs::write(fonts.join("Ours.ttf"), BUNDLED[9]).unwrap();
        std::fs::write(fonts.join("OFL.txt"), "no font").unwrap();
        let found = Fonts::of(folder.path()).unwrap();
        assert_eq!(found.named("ours"), Some(FaceId(0)));
        std::fs::write(fonts.join("broken.otf"), "no font").unwrap();
        let error = Fonts::of(folder.path()).unwrap_err();
        assert!(error.to_string().contains("broken.otf"), "{error}");
    }
}
