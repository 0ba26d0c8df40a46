//! The certificates that are known, by the digests of their files.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use super::{Finding, Subject};
use crate::certificate::{Format, Status};
use crate::export::manifest::{self, Listed, ListedFile, Manifest, Says};
use crate::register::{Files, Record, Register};
use crate::render::{self, Metadata};
use crate::text::Text;

/// The certificates of a register, or of a manifest.
#[derive(Debug, Default)]
pub struct Known {
    certificates: Vec<Certificate>,
    /// Where they are from a register: all that it says of them, at the same places.
    register: Option<Register>,
    /// Which certificates have had a file of this digest, and whether they still have.
    by_digest: HashMap<Text, Vec<(usize, Drawing)>>,
    by_id: HashMap<Text, Vec<usize>>,
    /// What issuers are called, or were when they issued; where nothing is known, none.
    pub(super) issuers: BTreeSet<Text>,
    /// Their home pages, or what lies below those.
    pub(super) addresses: BTreeSet<Text>,
    /// Whether its register has forgotten people: of them it may know nothing any more.
    pub(super) has_forgotten: bool,
    /// The folder of the register.
    pub(super) folder: Option<PathBuf>,
}

/// A certificate that is known.
#[derive(Debug)]
pub(super) struct Certificate {
    pub subject: Subject,
    /// How an unaltered file of it stands.
    pub standing: Finding,
    /// What more its files say, where that is from a manifest and known.
    pub says: Option<Says>,
    /// Whether other hands have made it, so that nothing is known of it but its digest.
    pub adopted: bool,
    /// The formats of which files are known: a manifest has those that were handed out, and
    /// earlier ones none of what was revoked.
    pub formats: BTreeSet<Format>,
}

/// Which drawing of a certificate a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Drawing {
    Last,
    Earlier,
}

impl Known {
    /// What the register of a folder knows, with every drawing there ever was.
    #[must_use]
    pub fn of_register(register: Register, folder: &Path) -> Self {
        let mut known = Self { folder: Some(folder.to_owned()), ..Self::default() };
        for record in register.records() {
            let certificate = &record.entry.certificate;
            let subject = Subject {
                id: certificate.id.clone(),
                name: certificate.name.clone(),
                category: certificate.category.clone(),
                year: certificate.year,
            };
            known.issuers.insert(certificate.issuer.clone());
            known.addresses.insert(certificate.url.clone());
            known.has_forgotten |= record.forgotten;
            known.add(Certificate {
                subject,
                standing: standing(record, &register),
                says: None,
                adopted: record.entry.template.is_none(),
                formats: record.entry.files.keys().copied().collect(),
            });
        }
        for (at, record) in register.records().iter().enumerate() {
            known.has(at, &record.entry.files, Drawing::Last);
        }
        for (at, files) in register.drawn_before() {
            known.has(at, files, Drawing::Earlier);
        }
        Self { register: Some(register), ..known }
    }

    /// And what the issuer is called now, and its home page.
    #[must_use]
    pub fn of_issuer(mut self, name: &Text, home: &str) -> Self {
        self.issuers.insert(name.clone());
        self.addresses.insert(home.into());
        self
    }

    /// What a manifest knows.
    #[must_use]
    pub fn of_manifest(manifest: &Manifest) -> Self {
        let mut known = Self::default();
        known.issuers.insert(manifest.issuer.clone());
        known.addresses.insert(manifest.url.clone());
        for listed in &manifest.certificates {
            let subject = Subject::from(listed);
            let standing = match listed.status.as_str() {
                manifest::CURRENT => Finding::Current,
                manifest::FORGOTTEN => Finding::Forgotten,
                _ => Finding::Revoked { reason: String::new(), moved_to: None },
            };
            let files = listed.files.iter().map(ListedFile::digest);
            let last = files.map(|digest| (digest, Drawing::Last));
            let earlier = listed.earlier.iter().map(|digest| (digest.clone(), Drawing::Earlier));
            let digests: Vec<(Text, Drawing)> = last.chain(earlier).collect();
            let formats = digests.iter().map(|(digest, _)| format_of(digest)).collect();
            let says = listed.says.clone();
            let at = known.add(Certificate { subject, standing, says, adopted: false, formats });
            for (digest, drawing) in digests {
                known.by_digest.entry(digest).or_default().push((at, drawing));
            }
        }
        known
    }

    fn add(&mut self, certificate: Certificate) -> usize {
        let at = self.certificates.len();
        self.by_id.entry(certificate.subject.id.clone()).or_default().push(at);
        self.certificates.push(certificate);
        at
    }

    fn has(&mut self, at: usize, files: &Files, drawing: Drawing) {
        for (_, digest) in files.iter() {
            self.by_digest.entry(digest.clone()).or_default().push((at, drawing));
        }
    }

    /// What an unaltered file of the certificate at a place says of itself, that says `said`: a
    /// register has all of it, a manifest some, and of what other hands have made little is known.
    pub(super) fn says(&self, at: usize, said: &Metadata) -> Metadata {
        let certificate = &self.certificates[at];
        match &self.register {
            Some(register) if !certificate.adopted => {
                Metadata::of(&register.records()[at].entry.certificate)
            }
            _ => {
                let Subject { id, name, category, year } = &certificate.subject;
                let name = if certificate.adopted { &said.name } else { name.as_str() };
                let known = Metadata {
                    number: id.to_string(),
                    name: name.to_owned(),
                    category: category.to_string(),
                    year: Some(*year),
                    ..said.clone()
                };
                let Some(says) = &certificate.says else { return known };
                Metadata {
                    title: render::title(&says.title, name, id),
                    award: says.title.to_string(),
                    issuer: says.issuer.to_string(),
                    language: says.language.to_string(),
                    url: says.url.to_string(),
                    date: Some(says.date),
                    ..known
                }
            }
        }
    }

    /// What the files of the certificate at a place say besides what it is known by.
    pub(super) fn more(&self, at: usize) -> Option<Says> {
        let of = |register: &Register| Says::of(&register.records()[at].entry.certificate);
        self.register.as_ref().map(of).or_else(|| self.certificates[at].says.clone())
    }

    /// The register, where it is from one.
    pub(super) fn register(&self) -> Option<&Register> {
        self.register.as_ref()
    }

    /// The certificate of a file, and its place. Where several look the same, as without a number
    /// on them, it is the one the file says it is, else the one that stands best.
    pub(super) fn drawn(
        &self,
        digest: &str,
        said: Option<&Metadata>,
    ) -> Option<(usize, &Certificate, Drawing)> {
        let all = self.by_digest.get(digest)?.iter();
        let best = all.min_by_key(|(at, drawing)| {
            let certificate = &self.certificates[*at];
            let is_said = said.is_some_and(|said| certificate.is_said_by(said));
            let stands = certificate.standing == Finding::Current;
            (!is_said, *drawing == Drawing::Earlier, !stands, *at)
        })?;
        Some((best.0, &self.certificates[best.0], best.1))
    }

    /// The certificate that has the number, category and year of another, and its place; in a
    /// register, else the one that had them before.
    pub(super) fn called(&self, subject: &Subject) -> Option<(usize, &Certificate)> {
        let Subject { id, category, year, .. } = subject;
        let is_meant = |at: &&usize| {
            let other = &self.certificates[**at].subject;
            (&other.category, &other.year) == (category, year)
        };
        let now = self.by_id.get(id).and_then(|all| all.iter().find(is_meant)).copied();
        let before = || self.register.as_ref()?.place(category, *year, id).ok();
        let at = now.or_else(before)?;
        Some((at, &self.certificates[at]))
    }

    /// Which drawing of the certificate at a place has a digest.
    pub(super) fn drawing(&self, at: usize, digest: &str) -> Option<Drawing> {
        let own = self.by_digest.get(digest)?.iter().filter(|(of, _)| *of == at);
        own.map(|(_, drawing)| *drawing).min_by_key(|drawing| *drawing == Drawing::Earlier)
    }

    /// The certificate that a file says it is.
    pub(super) fn said(&self, said: &Metadata) -> Option<&Certificate> {
        let all = self.by_id.get(said.number.as_str())?.iter();
        all.map(|at| &self.certificates[*at]).find(|certificate| certificate.is_said_by(said))
    }
}

impl Certificate {
    pub(super) fn is_said_by(&self, said: &Metadata) -> bool {
        let Subject { id, category, year, .. } = &self.subject;
        **id == *said.number && **category == *said.category && said.year == Some(*year)
    }
}

impl From<&Listed> for Subject {
    fn from(listed: &Listed) -> Self {
        Self {
            id: listed.id.clone(),
            name: listed.name.clone(),
            category: listed.category.clone(),
            year: listed.year,
        }
    }
}

/// The format of a file, by what its digest is of.
fn format_of(digest: &str) -> Format {
    if digest.starts_with("pixels") { Format::Png } else { Format::Pdf }
}

fn standing(record: &Record, register: &Register) -> Finding {
    match &record.status {
        Status::Revoked { reason } => {
            let moved_to = record.moved_to.map(|to| &register.records()[to].entry.certificate.id);
            Finding::Revoked { reason: reason.clone(), moved_to: moved_to.cloned() }
        }
        Status::Current if record.forgotten => Finding::Forgotten,
        Status::Current => Finding::Current,
    }
}
