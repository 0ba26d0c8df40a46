//! Folders that are made on the way to something that may yet fail.

use std::fs;
use std::path::{Path, PathBuf};

use crate::disk::{self, DiskError};

/// Folders that were made and are not kept yet: removed again when this is dropped, where they
/// are empty.
pub(super) struct Made {
    folders: Vec<PathBuf>,
}

impl Made {
    /// Makes a folder and those above it.
    pub fn folder(folder: &Path) -> Result<Self, DiskError> {
        let missing = folder.ancestors().take_while(|folder| !folder.exists());
        let made = Self { folders: missing.map(Path::to_owned).collect() };
        disk::create_folder(folder)?;
        Ok(made)
    }

    /// They are needed now.
    pub fn keep(mut self) {
        self.folders.clear();
    }
}

impl Drop for Made {
    fn drop(&mut self) {
        for folder in &self.folders {
            // One that is not empty is not ours to remove.
            let _ = fs::remove_dir(folder);
        }
    }
}
