//! The faces: the issuer's own first, then those in the binary. No system font is looked at.

pub mod drawn;
mod face;

use std::path::{Path, PathBuf};

use face::{Data, plain};
use sha2::{Digest, Sha256};

use crate::disk::{self, DiskError};

pub use face::Face;

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

    /// The faces in these folders, by file name, ahead of those in the binary.
    ///
    /// # Errors
    /// When a folder or a font in it cannot be read.
    pub fn of(folders: &[PathBuf]) -> Result<Self, FontError> {
        let mut faces = Vec::new();
        for folder in folders {
            for path in font_files(folder)? {
                let data = Data::Own(disk::read(&path, LARGEST)?.into());
                let stem = path.file_stem().unwrap_or_default().to_string_lossy();
                let damaged = |message| FontError::Damaged { path: path.clone(), message };
                faces.extend(Face::all(&data, &stem).map_err(damaged)?);
            }
        }
        faces.extend(Self::bundled().faces);
        Ok(Self { faces })
    }

    /// The digest of the issuer's own fonts, which come before those in the binary.
    #[must_use]
    pub fn own_digest(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        for (bytes, index) in self.faces.iter().filter(|face| face.is_own()).map(Face::data) {
            hash.update(index.to_be_bytes());
            hash.update((bytes.len() as u64).to_be_bytes());
            hash.update(bytes);
        }
        hash.finalize().into()
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
        // A face's own name comes before that of a family, which others have too.
        let own = self.faces.iter().position(|face| face.is_called(&name));
        own.or_else(|| self.faces.iter().position(|face| face.is_named(&name))).map(FaceId)
    }

    /// The face of a family that comes nearest to a weight (100 to 900) and slant.
    #[must_use]
    pub fn of_family(&self, family: &str, weight: f32, italic: bool) -> Option<FaceId> {
        let family = plain(family);
        let distance = |face: &Face| {
            let slant = if face.italic == italic { 0.0 } else { 1000.0 };
            slant + (face.weight - weight).abs()
        };
        let of_family =
            self.faces.iter().enumerate().filter(|(_, face)| face.is_of_family(&family));
        let nearest = of_family.min_by(|(_, a), (_, b)| distance(a).total_cmp(&distance(b)));
        nearest.map(|(place, _)| FaceId(place))
    }

    /// The names of all faces, for messages.
    #[must_use]
    pub fn names(&self) -> String {
        self.faces.iter().map(|face| face.name.as_str()).collect::<Vec<_>>().join(", ")
    }
}

/// The font files in a folder, by name.
fn font_files(folder: &Path) -> Result<Vec<PathBuf>, FontError> {
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
        let folders = [fonts.clone()];
        let found = Fonts::of(&folders).unwrap();
        assert_eq!(found.named("ours"), Some(FaceId(0)));
        std::fs::write(fonts.join("broken.otf"), "no font").unwrap();
        let error = Fonts::of(&folders).unwrap_err();
        assert!(error.to_string().contains("broken.otf"), "{error}");
        assert!(Fonts::of(&[folder.path().join("nowhere")]).is_err());
    }

    #[test]
    fn the_nearest_weight_of_a_family_is_found() {
        let fonts = Fonts::bundled();
        let name = |family, weight| {
            fonts.of_family(family, weight, false).map(|id| fonts.face(id).name.clone())
        };
        assert_eq!(name("Noto Sans CJK SC", 800.0).unwrap(), "Noto Sans CJK SC Black");
        assert_eq!(name("noto sans cjk sc", 400.0).unwrap(), "Noto Sans CJK SC");
        assert_eq!(name("Noto Serif", 400.0).unwrap(), "Noto Serif Black");
        assert_eq!(name("Comic Sans", 400.0), None);
    }
}
