//! What earlier exports of the year have left in a folder, and whether anything else is there.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use sha2::{Digest, Sha256};

use super::manifest::{self, ListedFile, Manifest, PAPERS};
use super::{Export, ExportError, target};
use crate::certificate::Format;
use crate::disk::{self, DiskError, LockFiles};

/// What desktops leave in every folder that somebody looks into.
pub const LITTER: [&str; 3] = [".DS_Store", "Thumbs.db", "desktop.ini"];

/// How much of a file is read at once, in bytes.
const CHUNK: usize = 1 << 16;

/// What earlier exports of the year have put into a folder.
#[derive(Debug, Default)]
pub(super) struct Before {
    /// Where their files were.
    listed: BTreeSet<PathBuf>,
    /// Those that are as they were put there.
    pub ours: BTreeSet<PathBuf>,
}

impl Before {
    /// The files of these manifests; every one that is there is read.
    pub fn of(manifests: impl Iterator<Item = Manifest>, target: &Path) -> Self {
        let manifests: Vec<Manifest> = manifests.collect();
        if manifests.is_empty() {
            return Self::default();
        }
        // Whatever a manifest says: an export puts certificates there, and nothing else.
        let files = manifests.iter().flat_map(Manifest::files).filter(|file| is_certificate(file));
        let files: Vec<_> = files.collect();
        let listed = files.par_iter().map(|file| target.join(&file.path)).collect();
        let same = files.par_iter().map(|file| (target.join(&file.path), file));
        let same = same.filter(|(path, file)| is_as_listed(path, file).unwrap_or(false));
        let mut ours: BTreeSet<PathBuf> = same.map(|(path, _)| path).collect();
        ours.extend(PAPERS.map(|name| target.join(name)));
        Self { listed, ours }
    }
}

/// Whether a file is called as one of a certificate.
fn is_certificate(listed: &ListedFile) -> bool {
    let ending = Path::new(&listed.path).extension().unwrap_or_default();
    [Format::Png, Format::Pdf].iter().any(|format| ending == format.extension())
}

/// Whether a file is the one that a manifest lists, and no link to it.
fn is_as_listed(path: &Path, listed: &ListedFile) -> io::Result<bool> {
    let found = path.symlink_metadata()?;
    if !found.is_file() || found.len() != listed.bytes {
        return Ok(false);
    }
    has_digest(disk::open(path)?, listed)
}

/// Whether what is read is, by its digest, the file that a manifest lists.
pub(super) fn has_digest(read: impl Read, listed: &ListedFile) -> io::Result<bool> {
    let (mut bytes, mut hash) = (BufReader::with_capacity(CHUNK, read), Sha256::new());
    loop {
        let part = bytes.fill_buf()?;
        if part.is_empty() {
            return Ok(disk::hex(hash) == listed.sha256);
        }
        hash.update(part);
        let read = part.len();
        bytes.consume(read);
    }
}

/// The manifest of an earlier export of the year in a folder.
pub(super) fn earlier(export: &Export<'_>, folder: &Path) -> Option<Manifest> {
    let bytes = disk::read(&folder.join(manifest::FILE), manifest::LARGEST).ok()?;
    Manifest::parse(&bytes).ok().filter(|manifest| export.is_earlier(manifest))
}

/// The folders of exports that were killed.
pub(super) fn unfinished(target: &Path) -> Result<Vec<PathBuf>, DiskError> {
    let entries = fs::read_dir(target).map_err(DiskError::on("read", target))?;
    let folders = entries.flatten().filter(|entry| entry.file_type().is_ok_and(|t| t.is_dir()));
    let unfinished =
        folders.filter(|entry| disk::is_unfinished(&entry.file_name().to_string_lossy()));
    Ok(unfinished.map(|entry| entry.path()).collect())
}

/// Whatever lies in the folder must be a file of an earlier export, as it was put there, or of
/// this one's lock.
pub(super) fn check_content(target: &Path, before: &Before) -> Result<(), ExportError> {
    let LockFiles { lock, holder } = target::lock(target, None);
    let mut waiting = vec![target.to_owned()];
    while let Some(folder) = waiting.pop() {
        let entries = match fs::read_dir(&folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            entries => entries.map_err(DiskError::on("read", &folder))?,
        };
        for entry in entries {
            let entry = entry.map_err(DiskError::on("read", &folder))?;
            let (path, name) = (entry.path(), entry.file_name());
            let name = name.to_string_lossy();
            let ours = before.ours.contains(&path) || path == lock || path == holder;
            let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
            let is_category = is_folder && before.listed.iter().any(|file| file.starts_with(&path));
            if is_category {
                waiting.push(path);
            } else if !(ours || LITTER.contains(&&*name) || disk::is_unfinished(&name)) {
                return Err(ExportError::NotOurs(path));
            }
        }
    }
    Ok(())
}
