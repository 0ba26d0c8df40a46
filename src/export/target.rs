//! What a set is handed out as, and where it must not go.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::{ExportError, Set};
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
    #[must_use]
    pub fn of(path: PathBuf, printing: Printing) -> Self {
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
        match ending.as_deref() {
            Some("zip") => Self::Archive(path),
            Some("pdf") => Self::Booklet(path, printing),
            _ => Self::Folder(path),
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
}

/// The target must not lie among the certificates themselves.
pub(super) fn check_place(set: &Set<'_>, folder: &Path, target: &Path) -> Result<(), ExportError> {
    let real = |path: &Path| path.canonicalize().ok();
    let Some(target_real) = target.ancestors().find_map(real) else { return Ok(()) };
    let paths = set.records.iter().map(|record| &record.entry.certificate.path);
    let tops: BTreeSet<&str> = paths.filter_map(|path| path.split('/').next()).collect();
    for top in tops {
        if real(&folder.join(top)).is_some_and(|top| target_real.starts_with(top)) {
            return Err(ExportError::Inside(target.to_owned()));
        }
    }
    Ok(())
}
