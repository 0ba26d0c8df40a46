//! A folder or ZIP of certificates, looked at: every file in it, and whether what it says of
//! itself agrees.

use std::collections::HashMap;
use std::path::Path;

use rayon::prelude::*;
use sha2::{Digest, Sha256};

use super::place::Place;
use super::{Finding, Known, LARGEST, Verdict, judge, listed};
use crate::certificate::Format;
use crate::disk::{self, DiskError};
use crate::export::LITTER;
use crate::export::manifest::{self, ListedFile, Manifest, ManifestError, PAPERS};
use crate::render;
use crate::trust::{Signers, TrustError};

/// Files to each thread that are in memory together.
const EACH: usize = 4;

/// What they may have together before they are looked at, in bytes.
const HELD: usize = 64 << 20;

/// A set that has been opened.
pub struct Set {
    place: Place,
    manifest: Option<Said>,
}

/// What a set says of itself.
struct Said {
    bytes: Vec<u8>,
    manifest: Result<Manifest, ManifestError>,
}

/// Why a set cannot be looked at.
#[derive(Debug, thiserror::Error)]
pub enum SetError {
    /// It cannot be read.
    #[error(transparent)]
    Disk(#[from] DiskError),
    /// It is damaged, or made to do harm.
    #[error("{0}")]
    Refused(String),
}

impl Set {
    /// Opens a set.
    ///
    /// # Errors
    /// When it cannot be read, or is made to do harm.
    pub fn open(path: &Path) -> Result<Self, SetError> {
        let mut place = Place::open(path)?;
        let mut manifest = None;
        if place.has(manifest::FILE) {
            let bytes = place.read(manifest::FILE, manifest::LARGEST).map_err(|error| {
                SetError::Refused(format!(
                    "its {} cannot be read: {}",
                    manifest::FILE,
                    error.source
                ))
            })?;
            manifest = Some(Said { manifest: Manifest::parse(&bytes), bytes });
        }
        Ok(Self { place, manifest })
    }

    /// Its manifest, where it has one that can be read.
    #[must_use]
    pub fn manifest(&self) -> Option<&Manifest> {
        self.manifest.as_ref()?.manifest.as_ref().ok()
    }

    /// Whether it has a signature.
    #[must_use]
    pub fn is_signed(&self) -> bool {
        self.place.has(manifest::SIGNATURE)
    }

    /// Which issuer has signed its manifest, which is the one it names.
    ///
    /// # Errors
    /// When it has none that can be read, or none who may sign for its issuer has signed it.
    pub fn signer(&mut self, signers: &Signers) -> Result<String, TrustError> {
        let none = |message: &str| TrustError::Signature(message.to_owned());
        let said = self.manifest.as_ref().ok_or_else(|| none("it has no manifest"))?;
        if !self.place.has(manifest::SIGNATURE) {
            return Err(none("its manifest is not signed"));
        }
        let manifest = said.manifest.as_ref().map_err(|error| none(&error.to_string()))?;
        let signature = self.place.read(manifest::SIGNATURE, manifest::LARGEST)?;
        signers.verify(Some(&manifest.url), &said.bytes, &signature)
    }

    /// How many files [`Set::judge`] looks at.
    #[must_use]
    pub fn count(&self) -> usize {
        judged(&self.place).count()
    }

    /// Says how every file stands, sorted by name, and what is wrong with the papers beside them.
    /// Where there is no manifest, PNGs and PDFs alone are looked at;
    /// `done` is told of each.
    #[must_use]
    pub fn judge(mut self, known: &Known, done: &(dyn Fn() + Sync)) -> Vec<(String, Verdict)> {
        let mut verdicts = self.papers(known);
        let Self { place, manifest } = &mut self;
        let manifest = manifest.as_ref().and_then(|said| said.manifest.as_ref().ok());
        let files: Option<HashMap<&str, &ListedFile>> = manifest
            .map(|manifest| manifest.files().map(|file| (file.path.as_str(), file)).collect());
        let names: Vec<String> = judged(place).map(str::to_owned).collect();
        let (mut names, mut waiting) = (names.into_iter().peekable(), Vec::new());
        let mut held = 0;
        while let Some(name) = names.next() {
            let file = place.read(&name, LARGEST);
            held += file.as_ref().map_or(0, Vec::len);
            waiting.push((name, file));
            let full = waiting.len() == rayon::current_num_threads() * EACH || held > HELD;
            if full || names.peek().is_none() {
                verdicts.par_extend(waiting.par_drain(..).filter_map(|(name, file)| {
                    done();
                    let verdict = match file {
                        // Without a manifest it may be in any company, such as a page's.
                        Ok(bytes) if files.is_none() && !is_picture(&name, &bytes) => return None,
                        Ok(bytes) => judge_listed(&name, &bytes, known, files.as_ref()),
                        Err(error) => of(Finding::Unreadable(error.source.to_string())),
                    };
                    Some((name, verdict))
                }));
                held = 0;
            }
        }
        verdicts.sort_by(|a, b| a.0.cmp(&b.0));
        verdicts
    }

    /// What is wrong with what the set says of itself: files that are listed and not there,
    /// certificates that are not as it says, and a list of digests that is not the manifest's.
    fn papers(&mut self, known: &Known) -> Vec<(String, Verdict)> {
        let Some(said) = &self.manifest else { return Vec::new() };
        let manifest = match &said.manifest {
            Ok(manifest) => manifest,
            Err(error) => {
                let finding = Finding::Unreadable(error.to_string());
                return vec![(manifest::FILE.to_owned(), of(finding))];
            }
        };
        let missing = manifest.files().filter(|file| !self.place.has(&file.path));
        let mut found: Vec<_> =
            missing.map(|file| (file.path.clone(), of(Finding::Missing))).collect();
        let false_ones = manifest.certificates.iter().filter_map(|certificate| {
            let verdict = listed(certificate, known)?;
            // What has changed since, the files themselves are told of.
            matches!(verdict.finding, Finding::Altered(_) | Finding::Unknown(_))
                .then(|| (manifest::FILE.to_owned(), verdict))
        });
        found.extend(false_ones);
        if self.place.has(manifest::SUMS) {
            let expected = manifest::sums(manifest, &said.bytes);
            let sums = self.place.read(manifest::SUMS, manifest::LARGEST);
            if sums.is_ok_and(|sums| sums != expected) {
                let finding = Finding::Altered("it is not the manifest's".to_owned());
                found.push((manifest::SUMS.to_owned(), of(finding)));
            }
        }
        found
    }
}

/// Says how a file of a set stands; with a manifest, it must be the one that is listed under its
/// name, if compressed again.
fn judge_listed(
    name: &str,
    bytes: &[u8],
    known: &Known,
    files: Option<&HashMap<&str, &ListedFile>>,
) -> Verdict {
    let verdict = judge(bytes, known);
    let Some(files) = files.filter(|_| verdict.is_good()) else { return verdict };
    let how = match files.get(name) {
        None => "the manifest does not list it",
        Some(file) if !is_it(file, bytes) => "the manifest has another file of this name",
        Some(_) => return verdict,
    };
    Verdict { finding: Finding::Altered(how.to_owned()), ..verdict }
}

fn is_it(file: &ListedFile, bytes: &[u8]) -> bool {
    let pixels = || render::digest(Format::Png, bytes);
    file.sha256 == disk::hex(Sha256::new_with_prefix(bytes))
        || file.pixels.as_ref().is_some_and(|known| pixels().as_deref() == Some(known.as_str()))
}

fn of(finding: Finding) -> Verdict {
    Verdict { finding, certificate: None }
}

/// Whether a file is, or is called, a PNG or PDF.
fn is_picture(name: &str, bytes: &[u8]) -> bool {
    let ending = Path::new(name).extension().unwrap_or_default();
    let called = ["png", "pdf"].iter().any(|known| ending.eq_ignore_ascii_case(known));
    called || render::format_of(bytes).is_some()
}

/// The files of a set that are looked at as certificates: all but papers, and what desktops leave in
/// folders, though not in archives.
fn judged(place: &Place) -> impl Iterator<Item = &str> {
    place.names().filter(|name| {
        let last = name.rsplit('/').next().unwrap_or(name);
        let is_litter = place.is_folder() && LITTER.contains(&last);
        !PAPERS.contains(name) && !is_litter
    })
}
