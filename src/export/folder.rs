//! A year's set as a folder: a folder a category, a file a certificate.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use super::before::{Before, check_content, earlier, unfinished};
use super::manifest::{self, ListedFile};
use super::{Export, ExportError, HandedOut};
use crate::disk::{self, DiskError};

/// Writes a set to a folder: one that is new, empty, or has an earlier export of the year, whose
/// files it takes the place of. Where `force` is said, other files may be there, and stay.
///
/// Files are moved there one by one, each whole. Until the last is there, the new manifest lies
/// among those that are still to be moved, and the old one in its place: whenever the program is
/// killed, the next one knows by the two of them what is ours.
pub(super) fn write(export: &Export<'_>, target: &Path) -> Result<HandedOut, ExportError> {
    let replaced = earlier(export, target);
    let unfinished = unfinished(target)?;
    let begun = unfinished.iter().filter_map(|folder| earlier(export, folder));
    let before = Before::of(replaced.iter().cloned().chain(begun), target);
    if !export.force {
        check_content(target, &before)?;
        if let Some(replaced) = &replaced {
            export.check_keeps(replaced, target)?;
        }
    }
    check_links(export, target)?;
    // One that had got no further than to draw has nothing to say.
    let (begun, drawn): (Vec<_>, Vec<_>) =
        unfinished.into_iter().partition(|folder| folder.join(manifest::FILE).exists());
    remove(&drawn)?;
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
    disk::sync_folder(staging.path())?;

    let names: Vec<&str> = export.set.items.iter().map(|item| item.path.as_str()).collect();
    let mut folders = BTreeSet::from([target.to_owned()]);
    for name in &names {
        let to = target.join(name);
        if let Some(folder) = to.parent() {
            disk::create_folder(folder)?;
            folders.insert(folder.to_owned());
        }
        rename(&staging.path().join(name), &to)?;
    }
    let papers: Vec<&str> = papers.iter().map(|paper| paper.name).collect();
    let now = names.iter().chain(&papers).map(|name| target.join(name)).collect();
    for gone in before.ours.difference(&now) {
        disk::remove_file(gone)?;
        // A category that is empty now goes too.
        let _ = gone.parent().filter(|folder| *folder != target).map(fs::remove_dir);
    }
    folders.iter().try_for_each(|folder| disk::sync_folder(folder))?;
    for name in papers {
        rename(&staging.path().join(name), &target.join(name))?;
    }
    disk::sync_folder(target)?;
    remove(&begun)?;
    Ok(export.set.handed_out())
}

/// None of the folders that files go to may lead out of the target.
fn check_links(export: &Export<'_>, target: &Path) -> Result<(), ExportError> {
    let items = export.set.items.iter().map(|item| Path::new(&item.path));
    let folders: BTreeSet<&Path> = items.flat_map(|path| path.ancestors().skip(1)).collect();
    let below = folders.into_iter().filter(|folder| *folder != Path::new(""));
    match below.map(|folder| target.join(folder)).find(|folder| folder.is_symlink()) {
        Some(link) => Err(ExportError::Linked(link)),
        None => Ok(()),
    }
}

fn remove(folders: &[PathBuf]) -> Result<(), DiskError> {
    let remove =
        |folder: &PathBuf| fs::remove_dir_all(folder).map_err(DiskError::on("remove", folder));
    folders.iter().try_for_each(remove)
}

/// Writes a file that is on the disk when this returns.
fn put(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), DiskError> {
    let path = folder.join(name);
    if let Some(folder) = path.parent() {
        disk::create_folder(folder)?;
    }
    let write = || {
        let mut file = File::create_new(&path)?;
        file.write_all(bytes)?;
        file.sync_data()
    };
    write().map_err(DiskError::on("write", &path))
}

fn rename(from: &Path, to: &Path) -> Result<(), DiskError> {
    fs::rename(from, to).map_err(DiskError::on("write", to))
}
