//! Handing out a year's set: [`Selection`] says which files of which certificates, [`Source`]
//! brings each of them, and a [`Target`] is the shape they are handed out in.
//!
//! Every file is read and digested once, by as many threads as there are, and only a handful
//! are in memory at a time. A set is made beside the place it goes to, under a lock, and moved
//! there when it is whole: what fails leaves nothing.
//!
//! [`honor_roll`] thanks the people of a year in public.

mod archive;
mod before;
mod booklet;
mod folder;
pub mod honor_roll;
mod made;
pub mod manifest;
mod selection;
mod source;
mod target;

use std::io;
use std::path::{Path, PathBuf};

use crate::disk::{DiskError, LockError};
use crate::issuance::{IssuanceError, Watch};
use crate::issuer::Issuer;
use crate::register::Stamp;
use crate::render::PressError;
use crate::text::Text;
use crate::trust::{Signer, TrustError};

use made::Made;
use manifest::{ListedFile, Manifest};

pub use before::LITTER;
pub use selection::{Item, Only, Selection, Set};
pub use source::{Piece, Prepare, Source};
pub use target::{Printing, Target};

/// A set, and how it is to be handed out.
pub struct Export<'a> {
    /// The set.
    pub set: &'a Set<'a>,
    /// Who brings its files.
    pub source: &'a Source<'a>,
    /// Who issued it.
    pub issuer: &'a Issuer,
    /// The register it is made from.
    pub register: Stamp,
    /// Who signs its manifest, if anybody does.
    pub signer: Option<&'a Signer>,
    /// Whether it may take the place of what is not ours.
    pub force: bool,
    /// Told of every file, or page; an end that it asks for leaves nothing.
    pub watch: &'a dyn Watch,
    /// Who exports, for another that would write to the same place meanwhile.
    pub who: &'a str,
}

/// What has been handed out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HandedOut {
    /// Certificates.
    pub certificates: usize,
    /// Files with certificates; a booklet is one.
    pub files: usize,
    /// Pages of a booklet's index.
    pub index_pages: usize,
    /// Certificates that a booklet has not: other hands had made them, and no template can show
    /// them.
    pub left_out: usize,
}

/// A file that stands in a set besides certificates.
struct Paper {
    name: &'static str,
    bytes: Vec<u8>,
}

impl Export<'_> {
    /// Hands the set out.
    ///
    /// # Errors
    /// When the target will not do, another export is writing it, or a file cannot be read, drawn
    /// or written; then the target is as it was.
    pub fn run(&self, target: &Target, folder: &Path) -> Result<HandedOut, ExportError> {
        target::check_place(self.set, folder, target.path())?;
        let made = Made::folder(target.folder())?;
        let _lock = target.take_lock(self.who)?;
        let handed_out = match target {
            Target::Folder(path) => folder::write(self, path)?,
            Target::Archive(path) => archive::write(self, path)?,
            Target::Booklet(path, printing) => booklet::write(self, path, *printing)?,
        };
        made.keep();
        Ok(handed_out)
    }

    /// Whether a manifest is of an earlier export of the issuer's year.
    fn is_earlier(&self, manifest: &Manifest) -> bool {
        manifest.is_of(self.issuer, self.set.year)
    }

    /// An export of some of the year does not take the place of one that has more of it. What was
    /// asked for before may be asked for again.
    fn check_keeps(&self, earlier: &Manifest, target: &Path) -> Result<(), ExportError> {
        if earlier.only == self.set.only {
            return Ok(());
        }
        let besides = |file: &&ListedFile| self.set.besides.contains(&file.path);
        let mut lost = earlier.files().filter(besides).map(|file| file.path.clone());
        match lost.next() {
            None => Ok(()),
            Some(first) => {
                let more = lost.count();
                Err(ExportError::Fewer { target: target.to_owned(), first, more })
            }
        }
    }

    /// What the set says of itself; `files` are those of its items, in the same order.
    fn papers(&self, files: Vec<ListedFile>) -> Result<Vec<Paper>, ExportError> {
        let manifest = Manifest::of(self.set, files, self.issuer, self.register.clone());
        let bytes = manifest.to_bytes();
        let sums = manifest::sums(&manifest, &bytes);
        let signature = self.signer.map(|signer| signer.sign(&bytes)).transpose()?;
        let signature =
            signature.map(|text| Paper { name: manifest::SIGNATURE, bytes: text.into() });
        let papers =
            [Paper { name: manifest::SUMS, bytes: sums }, Paper { name: manifest::FILE, bytes }];
        Ok(papers.into_iter().chain(signature).collect())
    }
}

/// Whether a set is there that is signed.
#[must_use]
pub fn is_signed(target: &Target) -> bool {
    match target {
        Target::Folder(path) => path.join(manifest::SIGNATURE).exists(),
        Target::Archive(path) => archive::has(path, manifest::SIGNATURE),
        Target::Booklet(..) => false,
    }
}

/// No file takes the place of a folder; nor of a link, which is no export of ours.
fn check_file(target: &Path, force: bool) -> Result<(), ExportError> {
    if target.is_dir() {
        return Err(DiskError::on("write", target)(io::ErrorKind::IsADirectory.into()).into());
    }
    if !force && target.is_symlink() {
        return Err(ExportError::NotOurs(target.to_owned()));
    }
    Ok(())
}

/// Why a year's set cannot be handed out.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// There is nothing to hand out.
    #[error("no current certificate of {year} to export{}", match others {
        0 => String::new(),
        n => format!(", in this category and format: {n} of the year are of others"),
    })]
    Nothing {
        /// The year.
        year: u16,
        /// How many certificates of the year stand that were not selected.
        others: usize,
    },
    /// No template can show any of them: other hands had made them.
    #[error(
        "no certificate of {0} has a template, by which one PDF shows it: other hands had made them"
    )]
    Adopted(u16),
    /// The target lies where the issuer has certificates, templates, fonts or versions.
    #[error("{} lies in the issuer's own folder {own}", target.display())]
    Inside {
        /// The target.
        target: PathBuf,
        /// The folder.
        own: String,
    },
    /// The target is the folder of accolade.toml.
    #[error("{} is the issuer's own folder", .0.display())]
    Home(PathBuf),
    /// The target is a file of another kind, or is called like one.
    #[error("{}: a year is handed out as a folder, a .zip or one .pdf", .0.display())]
    Shape(PathBuf),
    /// An export of more would become one of less.
    #[error(
        "{} has more than what is to be exported: {first}{} would be removed",
        target.display(),
        match more { 0 => String::new(), n => format!(" and {n} more") }
    )]
    Fewer {
        /// The target.
        target: PathBuf,
        /// The first file that would go.
        first: String,
        /// How many more would.
        more: usize,
    },
    /// Another export is writing to the target.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// A certificate has a number, and no files yet.
    #[error("{id}{} not been drawn yet", match more { 0 => " has".to_owned(), n => format!(" and {n} more have") })]
    NotDrawn {
        /// The first of them.
        id: Text,
        /// How many more there are.
        more: usize,
    },
    /// Two would be one file, where they are handed out.
    #[error("{0} and {1} would share the file {2}")]
    SameFile(String, String, String),
    /// The target is, or has, something that is not of this set.
    #[error("{} is not of this export, and might be overwritten or mixed up with it", .0.display())]
    NotOurs(PathBuf),
    /// A folder of the target is a link, and what was written there would go elsewhere.
    #[error("{} is a link that leads elsewhere", .0.display())]
    Linked(PathBuf),
    /// Somebody has asked for an end.
    #[error("stopped as asked; nothing was written")]
    Interrupted,
    /// A file cannot be read or written.
    #[error(transparent)]
    Disk(#[from] DiskError),
    /// Its manifest cannot be signed.
    #[error(transparent)]
    Trust(#[from] TrustError),
    /// A missing certificate cannot be drawn anew.
    #[error(transparent)]
    Issuance(#[from] IssuanceError),
}

impl From<PressError> for ExportError {
    fn from(error: PressError) -> Self {
        Self::Issuance(error.into())
    }
}
