//! A year's set as a folder: a folder a category, a file a certificate.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::manifest::{self, ListedFile, Manifest, PAPERS};
use super::{Export, ExportError, HandedOut, target};
use crate::disk::{self, DiskError, LockFiles};

/// What desktops leave in every folder that somebody looks into.
pub const LITTER: [&str; 3] = [".DS_Store", "Thumbs.db", "desktop.ini"];

/// Writes a set to a folder: one that is new, empty, or has an earlier export of the year, whose
/// files it takes the place of. Where `force` is said, other files may be there, and stay.
pub(super) fn write(export: &Export<'_>, target: &Path) -> Result<HandedOut, ExportError> {
    let earlier = earlier(target).filter(|earlier| export.is_earlier(earlier));
    let files = |earlier: &Manifest| {
        let names = earlier.files().map(|file| file.path.as_str()).chain(PAPERS);
        names.map(|name| target.join(name)).collect()
    };
    let before: BTreeSet<PathBuf> = earlier.as_ref().map(files).unwrap_or_default();
    if !export.force {
        check_content(target, &before)?;
        if let Some(earlier) = &earlier {
            export.check_keeps(earlier, target)?;
        }
    }
    sweep(target)?;
    let staging = disk::temporary_folder(target)?;
    let mut files = Vec::new();
    export.source.each(
        &export.set.items,
        export.watch,
        |item, piece| {
            put(staging.path(), &item.path, &piece.bytes)?;
            Ok(ListedFile::of(item, &piece))
        },
        |listed| {
            files.push(listed);
            Ok(())
        },
    )?;
    let papers = export.papers(files)?;
    for paper in &papers {
        put(staging.path(), paper.name, &paper.bytes)?;
    }
    let names = export.set.items.iter().map(|item| item.path.as_str());
    let names: Vec<&str> = names.chain(papers.iter().map(|paper| paper.name)).collect();
    for name in &names {
        let (from, to) = (staging.path().join(name), target.join(name));
        if let Some(folder) = to.parent() {
            disk::create_folder(folder)?;
        }
        fs::rename(from, &to).map_err(DiskError::on("write", &to))?;
    }
    let now: BTreeSet<PathBuf> = names.iter().map(|name| target.join(name)).collect();
    for gone in before.difference(&now) {
        disk::remove_file(gone)?;
        // A category that is empty now goes too.
        let _ = gone.parent().filter(|folder| *folder != target).map(fs::remove_dir);
    }
    Ok(export.set.handed_out())
}

/// The manifest of a folder that was exported earlier.
fn earlier(target: &Path) -> Option<Manifest> {
    let bytes = disk::read(&target.join(manifest::FILE), manifest::LARGEST).ok()?;
    Manifest::parse(&bytes).ok()
}

/// Removes what an export was about to write when the program was killed.
fn sweep(target: &Path) -> Result<(), DiskError> {
    let entries = fs::read_dir(target).map_err(DiskError::on("read", target))?;
    let folders = entries.flatten().filter(|entry| entry.file_type().is_ok_and(|t| t.is_dir()));
    for entry in folders.filter(|entry| disk::is_unfinished(&entry.file_name().to_string_lossy())) {
        fs::remove_dir_all(entry.path()).map_err(DiskError::on("remove", &entry.path()))?;
    }
    Ok(())
}

fn put(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), DiskError> {
    let path = folder.join(name);
    if let Some(folder) = path.parent() {
        disk::create_folder(folder)?;
    }
    fs::write(&path, bytes).map_err(DiskError::on("write", &path))
}

/// Whatever lies in the folder must be a file of an earlier export, or of this one's lock.
fn check_content(target: &Path, before: &BTreeSet<PathBuf>) -> Result<(), ExportError> {
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
            let ours = before.contains(&path) || path == lock || path == holder;
            let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
            let is_category = is_folder && before.iter().any(|file| file.starts_with(&path));
            if is_category {
                waiting.push(path);
            } else if !(ours || LITTER.contains(&&*name) || disk::is_unfinished(&name)) {
                return Err(ExportError::NotOurs(path));
            }
        }
    }
    Ok(())
}
