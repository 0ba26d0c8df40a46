//! What a set is handed out as, where it must not go, and the lock on where it goes.

use std::ffi::{OsStr, OsString};
use std::path::{Component, Path, PathBuf};
use std::time::Duration;

use super::{ExportError, Set};
use crate::disk::{Lock, LockError, LockFiles};
use crate::render::pdf::Edge;

/// What a set is handed out as.
#[derive(Debug, Clone, PartialEq)]
pub enum Target {
    /// A folder: a folder a category, a file a certificate.
    Folder(PathBuf),
    /// The same in a ZIP.
    Archive(PathBuf),
    /// One PDF, a page a certificate.
    Booklet(PathBuf, Printing),
}

/// How a booklet is printed.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Printing {
    /// What is printed around its pages.
    pub edge: Edge,
    /// Whether an index follows.
    pub index: bool,
}

impl Target {
    /// What a path means, by its ending: `.zip`, `.pdf`, else a folder.
    ///
    /// # Errors
    /// When it is a file of another kind, or has the ending of one and is no folder that is there.
    pub fn of(path: PathBuf, printing: Printing) -> Result<Self, ExportError> {
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
        match ending.as_deref() {
            Some("zip") => Ok(Self::Archive(path)),
            Some("pdf") => Ok(Self::Booklet(path, printing)),
            _ if path.is_dir() => Ok(Self::Folder(path)),
            Some(ending) if OF_FILES.contains(&ending) => Err(ExportError::Shape(path)),
            _ if path.exists() => Err(ExportError::Shape(path)),
            _ => Ok(Self::Folder(path)),
        }
    }

    /// Where it goes.
    #[must_use]
    pub fn path(&self) -> &Path {
        match self {
            Self::Folder(path) | Self::Archive(path) | Self::Booklet(path, _) => path,
        }
    }

    /// The folder that must be there for it.
    pub(super) fn folder(&self) -> &Path {
        let above = self.path().parent().filter(|above| *above != Path::new(""));
        match self {
            Self::Folder(path) => path,
            Self::Archive(_) | Self::Booklet(..) => above.unwrap_or(Path::new(".")),
        }
    }

    /// Keeps others from writing to it meanwhile.
    pub(super) fn take_lock(&self, who: &str) -> Result<Lock, LockError> {
        let file = self.path().file_name().filter(|_| !matches!(self, Self::Folder(_)));
        Ok(Lock::take(lock(self.folder(), file), who, Duration::ZERO)?.for_once())
    }
}

/// The lock on a folder, `.accolade.lock` in it, or on a file in it, `.accolade-NAME.lock`. No
/// set that is handed out has one.
pub(super) fn lock(folder: &Path, file: Option<&OsStr>) -> LockFiles {
    let mut name = OsString::from("accolade");
    if let Some(file) = file {
        name.push("-");
        name.push(file);
    }
    LockFiles::of(folder, &name)
}

/// Endings of files that a folder is not likely to have been meant by.
const OF_FILES: [&str; 18] = [
    "7z", "bz2", "csv", "gz", "html", "jpeg", "jpg", "json", "jsonl", "md", "png", "rar", "svg",
    "tar", "tgz", "toml", "xz", "zst",
];

/// Folders of the issuer's, besides those of certificates.
const OWN: [&str; 5] = ["templates", "fonts", ".git", ".hg", ".svn"];

/// The target must not be the issuer's folder, nor lie among what is kept in it.
pub(super) fn check_place(set: &Set<'_>, folder: &Path, target: &Path) -> Result<(), ExportError> {
    let (home, goes) = (real(folder), real(target));
    if goes == home {
        return Err(ExportError::Home(target.to_owned()));
    }
    let mut own = set.folders.iter().copied().chain(OWN);
    match own.find(|top| goes.starts_with(real(&home.join(top)))) {
        Some(own) => Err(ExportError::Inside { target: target.to_owned(), own: own.to_owned() }),
        None => Ok(()),
    }
}

/// A path without links, as far as it is there, and without `..`.
fn real(path: &Path) -> PathBuf {
    let here = |path| if path == Path::new("") { Path::new(".") } else { path };
    let found = path.ancestors().find_map(|above| Some((above, here(above).canonicalize().ok()?)));
    let Some((above, mut real)) = found else { return path.to_owned() };
    for part in path.strip_prefix(above).unwrap_or(Path::new("")).components() {
        match part {
            Component::ParentDir => _ = real.pop(),
            Component::Normal(name) => real.push(name),
            _ => {}
        }
    }
    real
}
