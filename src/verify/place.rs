//! The files of a folder or ZIP, which a stranger may have made: none is read that lies
//! elsewhere, that is there twice, or that would unpack to more than is good for anybody.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use unicode_normalization::UnicodeNormalization;
use zip::ZipArchive;
use zip::result::ZipError;

use super::SetError;
use crate::disk::{self, DiskError};

/// The most files that a set may have.
const MOST: usize = 1 << 20;

/// How many times its size a file of a ZIP may unpack to, and how many bytes in any case. PNGs
/// and PDFs gain little, and a manifest some ten times.
const UNPACKED: (u64, u64) = (100, 1 << 20);

/// How many bytes the end of an archive is looked for in: its last record, and the zeros that fill
/// up what `bsdtar` writes.
const END: u64 = 22 + 10_240;

/// Where the files of a set are.
pub(super) struct Place {
    shape: Shape,
    /// The names of the files, parted by `/`: in Unicode's composed form (NFC), as manifests have
    /// them, and as they are there.
    names: BTreeMap<String, String>,
}

enum Shape {
    Folder(PathBuf),
    Archive(PathBuf, Box<ZipArchive<BufReader<File>>>),
}

/// Whether a file is a set rather than a certificate: a folder, or a ZIP by how it begins.
///
/// # Errors
/// When it cannot be read.
pub fn is_set(file: &Path) -> Result<bool, DiskError> {
    if file.is_dir() {
        return Ok(true);
    }
    let mut mark = Vec::new();
    disk::open(file)
        .and_then(|file| file.take(4).read_to_end(&mut mark))
        .map_err(DiskError::on("read", file))?;
    // The first entry, or the end of an archive that has none (APPNOTE 4.3).
    Ok(mark == b"PK\x03\x04" || mark == b"PK\x05\x06")
}

impl Place {
    /// Whether it is a folder, which others look into.
    pub fn is_folder(&self) -> bool {
        matches!(self.shape, Shape::Folder(_))
    }

    /// Opens a folder or ZIP.
    pub fn open(path: &Path) -> Result<Self, SetError> {
        let mut place = if path.is_dir() {
            Self { shape: Shape::Folder(path.to_owned()), names: BTreeMap::new() }
        } else {
            let zip = open_archive(path)?;
            Self { shape: Shape::Archive(path.to_owned(), Box::new(zip)), names: BTreeMap::new() }
        };
        for name in place.listing()? {
            let composed = name.nfc().collect();
            if let Some(other) = place.names.insert(composed, name) {
                return Err(SetError::Refused(format!("it has {other} twice")));
            }
        }
        Ok(place)
    }

    /// The names of the files, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.keys().map(String::as_str)
    }

    pub fn has(&self, name: &str) -> bool {
        self.names.contains_key(name)
    }

    /// Reads a file of at most `limit` bytes.
    pub fn read(&mut self, name: &str, limit: u64) -> Result<Vec<u8>, DiskError> {
        let name = self.names.get(name).map_or(name, String::as_str);
        match &mut self.shape {
            Shape::Folder(folder) => disk::read_inside(folder, name, limit),
            Shape::Archive(path, zip) => {
                let mut read = || {
                    let file = zip.by_name(name)?;
                    let unpacked = file.compressed_size().saturating_mul(UNPACKED.0) + UNPACKED.1;
                    disk::read_all(file, limit.min(unpacked))
                };
                read().map_err(DiskError::on("read", &path.join(name)))
            }
        }
    }

    fn listing(&self) -> Result<Vec<String>, SetError> {
        let mut names = Vec::new();
        match &self.shape {
            Shape::Folder(folder) => walk(folder, "", &mut names)?,
            Shape::Archive(_, zip) => {
                for name in zip.file_names() {
                    let name = name?.into_owned();
                    if !disk::stays_inside(&name) {
                        return Err(SetError::Refused(format!("{name:?} leads out of it")));
                    }
                    if !name.ends_with('/') {
                        names.push(name);
                    }
                }
            }
        }
        Ok(names)
    }
}

/// Opens an archive of which every reader makes the same, be it by the list at its end or by what
/// stands before each file.
fn open_archive(path: &Path) -> Result<ZipArchive<BufReader<File>>, SetError> {
    let mut file = BufReader::new(disk::open(path).map_err(DiskError::on("read", path))?);
    let ends = ends(&mut file).map_err(DiskError::on("read", path))?;
    let mut zip = ZipArchive::new(file)?;
    if !ends || zip.offset() > 0 {
        return Err(SetError::Refused("it is an archive and something else as well".to_owned()));
    }
    check_count(zip.len())?;
    if zip.has_duplicate_names() {
        return Err(SetError::Refused("it has files of the same name".to_owned()));
    }
    if zip.has_overlapping_entries()? {
        return Err(SetError::Refused("its files lie one upon the other".to_owned()));
    }
    zip.validate_header_consistency().map_err(|error| {
        SetError::Refused(format!("its list of files is not of the files in it: {error}"))
    })?;
    Ok(zip)
}

/// Whether a file ends with an archive's last record, without a comment (APPNOTE 4.3.16).
fn ends(file: &mut BufReader<File>) -> io::Result<bool> {
    let length = file.seek(SeekFrom::End(0))?;
    file.seek(SeekFrom::Start(length.saturating_sub(END)))?;
    let end = disk::read_all(file, END)?;
    let record = end.windows(4).rposition(|four| four == b"PK\x05\x06");
    let comment = record.and_then(|at| end.get(at + 20..));
    Ok(comment.is_some_and(|comment| comment.len() >= 2 && comment.iter().all(|byte| *byte == 0)))
}

/// The files below a folder; links are listed, and not followed.
fn walk(folder: &Path, above: &str, names: &mut Vec<String>) -> Result<(), SetError> {
    for entry in fs::read_dir(folder).map_err(DiskError::on("read", folder))? {
        let entry = entry.map_err(DiskError::on("read", folder))?;
        let name = format!("{above}{}", entry.file_name().to_string_lossy());
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            walk(&entry.path(), &format!("{name}/"), names)?;
        } else {
            names.push(name);
            check_count(names.len())?;
        }
    }
    Ok(())
}

fn check_count(files: usize) -> Result<(), SetError> {
    if files > MOST {
        return Err(SetError::Refused(format!("it has more than {MOST} files")));
    }
    Ok(())
}

impl From<ZipError> for SetError {
    fn from(error: ZipError) -> Self {
        Self::Refused(error.to_string())
    }
}
