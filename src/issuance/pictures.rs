//! The pictures of certificates that other hands have made: found by number or by name, and
//! digested as they are.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use unicode_normalization::UnicodeNormalization;

use super::{IssuanceError, found, work};
use crate::certificate::{Certificate, Format};
use crate::disk::{self, DiskError};
use crate::issuer::Issuer;
use crate::register::Register;
use crate::render;

const FORMATS: [Format; 2] = [Format::Png, Format::Pdf];

/// The pictures that lie in a folder and below it.
#[derive(Debug, Clone, Default)]
pub struct Pictures {
    /// By path below the issuer's folder, parted by `/` and without the ending, in which formats.
    found: BTreeMap<String, BTreeSet<Format>>,
    /// Files that look like pictures, and whose names no certificate can have.
    odd: Vec<String>,
    /// The paths with each name, composed (Unicode NFC): some systems keep names decomposed.
    by_name: HashMap<String, Vec<String>>,
}

impl Pictures {
    /// Looks for pictures in a folder that lies in the issuer's. What is hidden is left alone,
    /// and links to folders are not followed.
    ///
    /// # Errors
    /// When the folder lies elsewhere, or cannot be read.
    pub fn of(pictures: &Path, folder: &Path) -> Result<Self, IssuanceError> {
        let real = |path: &Path| path.canonicalize().map_err(DiskError::on("read", path));
        let outside = || IssuanceError::Outside(pictures.to_owned());
        let (top, inside) = (real(folder)?, real(pictures)?);
        let inside = inside.strip_prefix(top).map_err(|_| outside())?;
        let parts = inside.iter().map(|part| part.to_str().ok_or_else(outside));
        let top = parts.collect::<Result<Vec<_>, _>>()?.join("/");
        let mut found = Self::default();
        let mut waiting = vec![top];
        while let Some(place) = waiting.pop() {
            let here = folder.join(&place);
            let entries: Vec<_> = std::fs::read_dir(&here)
                .and_then(Iterator::collect)
                .map_err(DiskError::on("read", &here))?;
            for entry in entries {
                let name = entry.file_name();
                let shown = name.to_string_lossy();
                let path = if place.is_empty() {
                    shown.clone().into_owned()
                } else {
                    format!("{place}/{shown}")
                };
                let kind = entry.file_type().map_err(DiskError::on("read", &entry.path()))?;
                if shown.starts_with('.') {
                    continue;
                }
                if kind.is_dir() {
                    waiting.extend(name.to_str().map(|_| path));
                } else {
                    found.add(path, name.to_str().is_some());
                }
            }
        }
        found.odd.sort();
        Ok(found)
    }

    /// Looks for the files of certificates where the issuer's `output` puts them.
    pub fn in_their_places<'a>(
        certificates: impl Iterator<Item = &'a Certificate>,
        folder: &Path,
    ) -> Self {
        let mut found = Self::default();
        for certificate in certificates {
            for format in FORMATS {
                let is_there = work::file(folder, &certificate.path, format).is_file();
                if is_there {
                    found.add(format!("{}.{format}", certificate.path), true);
                }
            }
        }
        found
    }

    /// Takes in a file, if it is a picture by its ending.
    fn add(&mut self, file: String, is_text: bool) {
        let Some((path, ending)) = file.rsplit_once('.') else { return };
        let Some(format) = FORMATS.into_iter().find(|f| ending.eq_ignore_ascii_case(f.extension()))
        else {
            return;
        };
        if !is_text || ending != format.extension() || !disk::stays_inside(path) {
            self.odd.push(file);
            return;
        }
        let name = path.rsplit('/').next().unwrap_or(path).nfc().collect();
        let paths: &mut Vec<String> = self.by_name.entry(name).or_default();
        if !paths.iter().any(|other| other == path) {
            paths.push(path.to_owned());
        }
        self.found.entry(path.to_owned()).or_default().insert(format);
    }

    /// The paths that a certificate's files may have, when they are called by this text. A
    /// folder with the name of a category has its certificates and no others.
    pub fn called(&self, text: &str, category: &str, issuer: &Issuer) -> Vec<&str> {
        let composed = |text: &str| text.nfc().collect::<String>();
        let names = BTreeSet::from([composed(text), composed(&disk::safe_name(text))]);
        let paths = names.iter().filter_map(|name| self.by_name.get(name)).flatten();
        let is_of = |path: &str, key: &str| path.split('/').rev().skip(1).any(|part| part == key);
        let mut paths: Vec<&str> = paths.map(String::as_str).collect();
        if paths.iter().any(|path| is_of(path, category)) {
            paths.retain(|path| is_of(path, category));
        } else {
            let is_others = |path: &str| issuer.categories.iter().any(|c| is_of(path, &c.key));
            paths.retain(|path| !is_others(path));
        }
        paths
    }

    /// The digests of the files with a path.
    ///
    /// # Errors
    /// Which file will not do, and why.
    pub fn digests(&self, path: &str, folder: &Path) -> Result<BTreeMap<Format, String>, String> {
        let formats = self.found.get(path).into_iter().flatten();
        let digest = |format: &Format| {
            let file = format!("{path}.{format}");
            let bytes = disk::read_inside(folder, &file, found::LARGEST)
                .map_err(|error| format!("{file}: {}", error.source))?;
            let (kind, is_one) = match format {
                Format::Png => ("PNG", true),
                Format::Pdf => ("PDF", bytes.starts_with(b"%PDF-")),
            };
            let digest = render::digest(*format, &bytes).filter(|_| is_one);
            Ok((*format, digest.ok_or_else(|| format!("{file} is no {kind} that can be read"))?))
        };
        formats.map(digest).collect()
    }

    /// The files that neither these paths nor any certificate of the register has.
    pub fn unclaimed(&self, claimed: &BTreeSet<String>, register: &Register) -> Vec<String> {
        let known: BTreeSet<&str> = register
            .records()
            .iter()
            .map(|record| record.entry.certificate.path.as_str())
            .chain(claimed.iter().map(String::as_str))
            .collect();
        let strangers = self.found.iter().filter(|(path, _)| !known.contains(path.as_str()));
        let files = strangers.flat_map(|(path, formats)| {
            formats.iter().map(move |format| format!("{path}.{format}"))
        });
        files.chain(self.odd.iter().cloned()).collect()
    }
}
