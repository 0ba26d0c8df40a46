//! What a set says of itself: manifest.json with every file, its digests, its certificate and
//! the state of the register, and SHA256SUMS for whoever has nothing but `sha256sum`.

use std::collections::HashSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Item, Only, Piece, Set};
use crate::certificate::{Certificate, Format, Status};
use crate::disk;
use crate::issuer::Issuer;
use crate::register::{Record, Stamp};
use crate::text::Text;

/// The name of the manifest in a set.
pub const FILE: &str = "manifest.json";

/// The name of its signature.
pub const SIGNATURE: &str = "manifest.json.sig";

/// The name of the list of digests.
pub const SUMS: &str = "SHA256SUMS";

/// All that stands in a set besides certificates.
pub const PAPERS: [&str; 3] = [SUMS, FILE, SIGNATURE];

/// The largest manifest that is read, in bytes: some half a million certificates.
pub const LARGEST: u64 = 256 << 20;

/// The status of a certificate that stands.
pub const CURRENT: &str = "current";

/// The status of one that was taken back.
pub const REVOKED: &str = "revoked";

/// The status of one whose person was forgotten: its name is empty.
pub const FORGOTTEN: &str = "forgotten";

/// What says that a manifest is one of ours.
const KIND: &str = "accolade";

/// The version that this program writes, and the newest it reads.
const VERSION: u32 = 1;

/// What a set says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Always `accolade`.
    #[serde(rename = "manifest")]
    kind: String,
    /// The version of the format.
    version: u32,
    /// The issuer's name.
    pub issuer: Text,
    /// The issuer's home page.
    pub url: Text,
    /// The year.
    pub year: u16,
    /// What of the year the set has; left out when that is all.
    #[serde(default, skip_serializing_if = "Only::is_all")]
    pub only: Only,
    /// The state of the register it was made from.
    pub register: Stamp,
    /// The certificates, by category as in accolade.toml, then by number.
    pub certificates: Vec<Listed>,
}

/// A certificate in a manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// The number, or the name where a category is not numbered.
    pub id: Text,
    /// The recipient's name.
    pub name: Text,
    /// The category's key.
    pub category: Text,
    /// The year it is for.
    pub year: u16,
    /// [`CURRENT`], [`REVOKED`] or [`FORGOTTEN`].
    pub status: String,
    /// What more its files say of themselves; nothing of somebody who was forgotten. Earlier
    /// programs wrote none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub says: Option<Says>,
    /// Its files; none unless it is current.
    pub files: Vec<ListedFile>,
    /// The digests, as the register has them, of files that were drawn of it and stand no more:
    /// all of its files, unless it is current. Earlier programs wrote none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<Text>,
}

/// What the files of a certificate say besides what a manifest has to know it by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Says {
    /// The title awarded.
    pub title: Text,
    /// The date of issue.
    pub date: NaiveDate,
    /// Its language, a BCP 47 tag.
    pub language: Text,
    /// Who issued it.
    pub issuer: Text,
    /// Where it can be verified.
    pub url: Text,
}

/// A file in a manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedFile {
    /// Its place in the set, parted by `/`.
    pub path: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// The SHA-256 of its bytes, as 64 hexadecimal digits.
    pub sha256: String,
    /// The digest of its pixels, as the register has it; of a PNG.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pixels: Option<Text>,
}

/// A manifest that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("it is no manifest of accolade: {0}")]
pub struct ManifestError(String);

impl ListedFile {
    /// What is said of a file.
    #[must_use]
    pub fn of(item: &Item<'_>, piece: &Piece) -> Self {
        let digest = item.record.entry.files.get(&item.format);
        Self {
            path: item.path.clone(),
            bytes: piece.bytes.len() as u64,
            sha256: piece.sha256.clone(),
            pixels: digest.filter(|_| item.format == Format::Png),
        }
    }

    /// Its digest as a register has it: of the pixels of a PNG, else of the bytes.
    #[must_use]
    pub fn digest(&self) -> Text {
        self.pixels.clone().unwrap_or_else(|| format!("sha256:{}", self.sha256).into())
    }
}

impl Says {
    /// What the files of a certificate say.
    #[must_use]
    pub fn of(certificate: &Certificate) -> Self {
        Self {
            title: certificate.title.clone(),
            date: certificate.date,
            language: certificate.language.clone(),
            issuer: certificate.issuer.clone(),
            url: certificate.url.clone(),
        }
    }
}

impl Manifest {
    /// The manifest of a set; `files` are those of its items, in the same order.
    #[must_use]
    pub fn of(set: &Set<'_>, files: Vec<ListedFile>, issuer: &Issuer, register: Stamp) -> Self {
        let listed = |((record, earlier), status): ((&&Record, &Vec<Text>), &str)| {
            let certificate = &record.entry.certificate;
            Listed {
                id: certificate.id.clone(),
                name: certificate.name.clone(),
                category: certificate.category.clone(),
                year: certificate.year,
                status: status.to_owned(),
                says: (!record.forgotten).then(|| Says::of(certificate)),
                files: Vec::new(),
                earlier: earlier.clone(),
            }
        };
        let status = |record: &&Record| match &record.status {
            Status::Revoked { .. } => REVOKED,
            Status::Current if record.forgotten => FORGOTTEN,
            Status::Current => CURRENT,
        };
        let statuses = set.records.iter().map(status);
        let all = set.records.iter().zip(&set.earlier).zip(statuses);
        let mut certificates: Vec<Listed> = all.map(listed).collect();
        for (item, file) in set.items.iter().zip(files) {
            certificates[item.at].files.push(file);
        }
        Self {
            kind: KIND.to_owned(),
            version: VERSION,
            issuer: issuer.name.clone(),
            url: issuer.url.as_str().into(),
            year: set.year,
            only: set.only.clone(),
            register,
            certificates,
        }
    }

    /// Reads a manifest.
    ///
    /// # Errors
    /// When it is none, was written by a newer version, has a path that leads out of its set, or
    /// one twice.
    pub fn parse(bytes: &[u8]) -> Result<Self, ManifestError> {
        let manifest: Self =
            serde_json::from_slice(bytes).map_err(|error| ManifestError(error.to_string()))?;
        if manifest.kind != KIND {
            return Err(ManifestError(format!("it is one of {:?}", manifest.kind)));
        }
        if manifest.version > VERSION {
            let message = format!("version {}, and this one reads {VERSION}", manifest.version);
            return Err(ManifestError(message));
        }
        if let Some(file) = manifest.files().find(|file| !disk::stays_inside(&file.path)) {
            return Err(ManifestError(format!("{:?} leads out of its folder", file.path)));
        }
        let mut paths = HashSet::new();
        if let Some(file) = manifest.files().find(|file| !paths.insert(file.path.as_str())) {
            return Err(ManifestError(format!("it has {:?} twice", file.path)));
        }
        Ok(manifest)
    }

    /// Its bytes: JSON on many lines, so that two can be compared.
    ///
    /// # Panics
    /// Never: nothing in it is a map.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes =
            serde_json::to_vec_pretty(self).expect("strings and numbers can be written as JSON");
        bytes.push(b'\n');
        bytes
    }

    /// Whether it is of an earlier export of the same issuer and year.
    #[must_use]
    pub fn is_of(&self, issuer: &Issuer, year: u16) -> bool {
        self.issuer == issuer.name && self.year == year
    }

    /// Every file in it.
    pub fn files(&self) -> impl Iterator<Item = &ListedFile> {
        self.certificates.iter().flat_map(|certificate| &certificate.files)
    }
}

/// SHA256SUMS: a digest and a name a line, sorted by name, as `sha256sum -c` reads them; `bytes`
/// are those of the manifest. Names are safe: none has the backslash or line break that would
/// have to be escaped.
#[must_use]
pub fn sums(manifest: &Manifest, bytes: &[u8]) -> Vec<u8> {
    let of_manifest = disk::hex(Sha256::new_with_prefix(bytes));
    let files = manifest.files().map(|file| (file.path.as_str(), file.sha256.as_str()));
    let mut lines: Vec<_> = files.chain([(FILE, of_manifest.as_str())]).collect();
    lines.sort_unstable();
    lines.iter().flat_map(|(path, sha256)| [*sha256, "  ", *path, "\n"]).collect::<String>().into()
}
