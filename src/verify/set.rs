//! A folder or ZIP of certificates, looked at: every file in it, and whether what it says of
//! itself agrees.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use zip::ZipArchive;

use super::{Finding, Known, LARGEST, Verdict, judge};
use crate::disk::{self, DiskError};
use crate::export::LITTER;
use crate::export::manifest::{self, Manifest, PAPERS};
use crate::trust::{Signers, TrustError};

/// Files to each thread that are in memory together.
const EACH: usize = 4;

/// A set that has been opened.
pub struct Opened {
    place: Place,
    /// The names of its files, sorted, parted by `/`.
    names: Vec<String>,
}

enum Place {
    Folder(PathBuf),
    Archive(PathBuf, Box<ZipArchive<BufReader<File>>>),
}

/// Whether a file is a set rather than a certificate: a folder, or a ZIP by how it begins.
///
/// # Errors
/// When it cannot be read.
pub fn is_one(file: &Path) -> Result<bool, DiskError> {
    let found = fs::metadata(file).map_err(DiskError::on("read", file))?;
    if found.is_dir() {
        return Ok(true);
    }
    if !found.is_file() {
        // A pipe might never end.
        return Err(DiskError::on("read", file)(io::Error::other("it is no file")));
    }
    let mut mark = Vec::new();
    let begin = File::open(file)
        .and_then(|file| io::Read::read_to_end(&mut io::Read::take(file, 4), &mut mark));
    begin.map_err(DiskError::on("read", file))?;
    // The first entry, or the end of an archive that has none (APPNOTE 4.3).
    Ok(mark == b"PK\x03\x04" || mark == b"PK\x05\x06")
}

impl Opened {
    /// Opens a set.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn open(file: &Path) -> Result<Self, DiskError> {
        if file.is_dir() {
            let mut names = Vec::new();
            walk(file, "", &mut names)?;
            names.sort_unstable();
            return Ok(Self { place: Place::Folder(file.to_owned()), names });
        }
        let open = || {
            let zip = ZipArchive::new(BufReader::new(File::open(file)?))?;
            let names = zip.file_names().map(|name| Ok(name?.into_owned()));
            let names: Vec<String> = names.collect::<io::Result<_>>()?;
            Ok((zip, names))
        };
        let (zip, mut names) = open().map_err(DiskError::on("read", file))?;
        names.retain(|name| !name.ends_with('/'));
        names.sort_unstable();
        Ok(Self { place: Place::Archive(file.to_owned(), Box::new(zip)), names })
    }

    /// Its manifest. With `signers`, one of them must have signed it.
    ///
    /// # Errors
    /// When there is none, it cannot be read, or its signature does not count.
    pub fn manifest(&mut self, signers: Option<&Signers>) -> Result<Manifest, TrustError> {
        let bytes = self.read(manifest::FILE, manifest::LARGEST)?;
        if let Some(signers) = signers {
            let signature = self.read(manifest::SIGNATURE, manifest::LARGEST)?;
            signers.verify(&bytes, &signature)?;
        }
        Manifest::parse(&bytes).map_err(|error| TrustError::Signature(error.to_string()))
    }

    /// Says how every file stands, sorted by name; `done` is told of each.
    ///
    /// # Errors
    /// When one cannot be read.
    pub fn judge(
        mut self,
        known: &Known,
        done: &(dyn Fn(usize) + Sync),
    ) -> Result<Vec<(String, Verdict)>, DiskError> {
        let papers = self.papers()?;
        let names: Vec<String> =
            self.names.iter().filter(|name| is_judged(name)).cloned().collect();
        let mut verdicts = Vec::new();
        for batch in names.chunks(rayon::current_num_threads() * EACH) {
            let mut files = Vec::new();
            for name in batch {
                files.push((name, self.read(name, LARGEST)?));
            }
            verdicts.par_extend(files.into_par_iter().map(|(name, bytes)| {
                let verdict = judge(&bytes, known);
                done(1);
                (name.clone(), verdict)
            }));
        }
        verdicts.extend(papers);
        verdicts.sort_by(|a, b| a.0.cmp(&b.0));
        Ok(verdicts)
    }

    /// How many files [`Opened::judge`] looks at.
    #[must_use]
    pub fn count(&self) -> usize {
        self.names.iter().filter(|name| is_judged(name)).count()
    }

    /// What is wrong with what the set says of itself: files that are listed and not there, and
    /// a list of digests that is not the manifest's.
    fn papers(&mut self) -> Result<Vec<(String, Verdict)>, DiskError> {
        let has =
            |name: &str| self.names.binary_search_by(|other| other.as_str().cmp(name)).is_ok();
        let wrong = |name: &str, finding| (name.to_owned(), Verdict { finding, certificate: None });
        if !has(manifest::FILE) {
            return Ok(Vec::new());
        }
        let has_sums = has(manifest::SUMS);
        let bytes = self.read(manifest::FILE, manifest::LARGEST)?;
        let Ok(manifest) = Manifest::parse(&bytes) else {
            let finding = Finding::Altered("it is no manifest of accolade");
            return Ok(vec![wrong(manifest::FILE, finding)]);
        };
        let mut found = Vec::new();
        let names: BTreeSet<&str> = self.names.iter().map(String::as_str).collect();
        let missing = manifest.files().filter(|file| !names.contains(file.path.as_str()));
        found.extend(missing.map(|file| wrong(&file.path, Finding::Missing)));
        if has_sums
            && self.read(manifest::SUMS, manifest::LARGEST)? != manifest::sums(&manifest, &bytes)
        {
            found.push(wrong(manifest::SUMS, Finding::Altered("it is not the manifest's")));
        }
        Ok(found)
    }

    fn read(&mut self, name: &str, limit: u64) -> Result<Vec<u8>, DiskError> {
        match &mut self.place {
            Place::Folder(folder) => disk::read_inside(folder, name, limit),
            Place::Archive(file, zip) => {
                let place = file.join(name);
                let mut read = || disk::read_all(zip.by_name(name)?, limit);
                read().map_err(DiskError::on("read", &place))
            }
        }
    }
}

/// Whether a file of a set is looked at as a certificate.
fn is_judged(name: &str) -> bool {
    let last = name.rsplit('/').next().unwrap_or(name);
    !PAPERS.contains(&name) && !LITTER.contains(&last)
}

/// The files below a folder; links are listed, and not followed.
fn walk(folder: &Path, above: &str, names: &mut Vec<String>) -> Result<(), DiskError> {
    for entry in fs::read_dir(folder).map_err(DiskError::on("read", folder))? {
        let entry = entry.map_err(DiskError::on("read", folder))?;
        let name = format!("{above}{}", entry.file_name().to_string_lossy());
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            walk(&entry.path(), &format!("{name}/"), names)?;
        } else {
            names.push(name);
        }
    }
    Ok(())
}
