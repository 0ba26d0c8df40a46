//! What to do about a file or folder that would not.

use std::io;
use std::path::{Path, PathBuf};

use crate::disk::DiskError;

/// What to type next.
pub(super) fn of_disk(error: &DiskError) -> Option<String> {
    use io::ErrorKind::{
        AlreadyExists, FileTooLarge, NotADirectory, PermissionDenied, QuotaExceeded,
        ReadOnlyFilesystem, StorageFull,
    };
    let shown = error.path.display();
    if error.path.is_dir() && ["read", "write", "open"].contains(&error.action) {
        return Some(format!(
            "a folder stands at {shown}, where a file should be: move it away, then run the same \
             command again"
        ));
    }
    match error.source.kind() {
        PermissionDenied if error.action == "read" => {
            Some(format!("make {shown} readable for you, then run the same command again"))
        }
        PermissionDenied | ReadOnlyFilesystem => Some(format!(
            "make {} writable for you, then run the same command again",
            what_refuses(&error.path).display()
        )),
        AlreadyExists | NotADirectory => Some(format!(
            "something that is no folder stands at {shown} or above it: move it away, then run the \
             same command again"
        )),
        FileTooLarge if error.action == "write" => Some(
            "the system allows no larger file here, see `ulimit -f`: allow it, then run the same \
             command again"
                .to_owned(),
        ),
        StorageFull | QuotaExceeded => {
            Some("make room on the disk, then run the same command again".to_owned())
        }
        _ => None,
    }
}

/// What must be made writable for a file or folder to be written: itself, if it is there and
/// would not be written to, else the nearest folder above it that is there.
fn what_refuses(path: &Path) -> PathBuf {
    let refuses = |place: &Path| {
        std::fs::metadata(place).is_ok_and(|found| found.is_dir() || found.permissions().readonly())
    };
    let here = |place| if place == Path::new("") { Path::new(".") } else { place };
    path.ancestors().map(here).find(|place| refuses(place)).unwrap_or(path).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_to_be_made_writable_is_one_that_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let denied = |path: PathBuf| {
            let source = io::Error::from(io::ErrorKind::PermissionDenied);
            of_disk(&DiskError { action: "create", path, source }).unwrap()
        };
        let expected = format!("make {} writable", folder.path().display());
        assert!(denied(folder.path().join("certificate/2020/volunteer")).starts_with(&expected));
        let file = folder.path().join("register.jsonl");
        std::fs::write(&file, "").unwrap();
        assert!(denied(file).starts_with(&expected));
        assert!(denied("nowhere/at/all".into()).starts_with("make . writable"));
    }
}
