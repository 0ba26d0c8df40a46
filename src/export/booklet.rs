//! A year's set as one PDF for the print shop: a page a certificate, in order.

use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use indexmap::IndexMap;
use rayon::prelude::*;

use super::honor_roll::Words;
use super::{Export, ExportError, HandedOut, Only, Printing};
use crate::certificate::{Certificate, Format};
use crate::disk::{self, DiskError};
use crate::issuance::IssuanceError;
use crate::register::Record;
use crate::render::pdf::{self, Contents, Entry, Glyphs, Section};
use crate::render::{Metadata, Press, PressError, RenderError};
use crate::template::Paper;
use crate::typeset::Page;

/// A booklet, on a press with all its templates.
struct Booklet<'a> {
    export: &'a Export<'a>,
    press: Press,
}

/// A certificate, and the template that shows it.
type Shown<'a> = (&'a Record, &'a str);

/// Certificates that are set and painted together.
const BATCH: usize = 64;

/// As much as is read of a booklet from its end, in bytes: behind what it says of itself stands a
/// line of some 20 bytes for each of its parts, of which a certificate has four.
const END: u64 = 64 << 20;

/// The least side that paper must have for an index to stand on it, in mm.
const INDEX_SIDE: f32 = 148.0;

/// The paper that an index stands on else: A4.
const INDEX_PAPER: Paper = Paper { width_mm: 210.0, height_mm: 297.0 };

/// Sets the certificates anew, and binds them: each on a page of its template's size, once it is
/// sure that the register has it as it was issued. The file is new, or takes the place of an
/// earlier booklet of the same certificates or of fewer, or of anything where `force` is said.
pub(super) fn write(
    export: &Export<'_>,
    target: &Path,
    printing: Printing,
) -> Result<HandedOut, ExportError> {
    super::check_file(target, export.force)?;
    let stamps = export.set.standing().filter_map(|record| record.entry.template.as_ref());
    let templates = stamps.map(|stamp| stamp.name.as_str()).collect();
    let booklet = Booklet { export, press: export.source.press(templates, &[Format::Pdf])? };
    booklet.bind(target, printing)
}

impl Booklet<'_> {
    fn bind(&self, target: &Path, printing: Printing) -> Result<HandedOut, ExportError> {
        let Self { export, press } = self;
        let sections = self.sections()?;
        let shown: Vec<Shown<'_>> = sections.values().flatten().copied().collect();
        let Some((_, first)) = shown.first() else {
            return Err(ExportError::Adopted(export.set.year));
        };
        let mut contents = self.contents(&sections);
        let metadata = self.metadata(&shown, &contents.title);
        if !export.force {
            let Only { category, shard, .. } = &export.set.only;
            check_ours(target, &metadata, category.is_none() && shard.is_none())?;
        }
        let paper = match press.template(first)?.paper {
            paper if paper.width_mm.min(paper.height_mm) < INDEX_SIDE => INDEX_PAPER,
            paper => paper,
        };
        let mut glyphs = self.glyphs(&shown)?;
        let mut index = Vec::new();
        if printing.index {
            index = pdf::index(&contents, paper, press.fonts());
            for page in &index {
                glyphs.add(&page.lines);
            }
        }
        contents.index_pages = index.len();
        let mut booklet = press.booklet(glyphs, paper, printing.edge)?;

        disk::write_bit_by_bit(target, |out| {
            let written = || DiskError::on("write", target);
            for batch in shown.chunks(BATCH) {
                if export.watch.stops() {
                    return Err(ExportError::Interrupted);
                }
                let leaves: Vec<Result<_, ExportError>> = batch
                    .par_iter()
                    .map(|shown| {
                        let page = self.set(*shown)?;
                        export.source.check(shown.0, press)?;
                        let leaf = booklet.paint(&page, Some(shown.1)).map_err(unpainted)?;
                        export.watch.drawn();
                        Ok(leaf)
                    })
                    .collect();
                for leaf in leaves {
                    booklet.bind(&leaf?, out).map_err(written())?;
                }
            }
            for page in &index {
                let leaf = booklet.paint(page, None).map_err(unpainted)?;
                booklet.bind(&leaf, out).map_err(written())?;
            }
            booklet.finish(&contents, &metadata, out).map_err(written())?;
            Ok::<(), ExportError>(())
        })?;
        Ok(HandedOut {
            certificates: shown.len(),
            files: 1,
            index_pages: index.len(),
            left_out: export.set.standing().count() - shown.len(),
        })
    }

    /// The certificates that a template shows, by category.
    fn sections(&self) -> Result<IndexMap<&str, Vec<Shown<'_>>>, IssuanceError> {
        let mut sections: IndexMap<&str, Vec<Shown<'_>>> = IndexMap::new();
        for record in self.export.set.standing() {
            let certificate = &record.entry.certificate;
            // What other hands made, no template can show.
            let Some(stamp) = &record.entry.template else { continue };
            if stamp.digest != self.press.template_digest(&stamp.name)? {
                let (id, template) = (certificate.id.clone(), stamp.name.clone());
                return Err(IssuanceError::Redesigned { id, template });
            }
            sections.entry(&certificate.category).or_default().push((record, &stamp.name));
        }
        Ok(sections)
    }

    fn contents(&self, sections: &IndexMap<&str, Vec<Shown<'_>>>) -> Contents {
        let index = Words::of(&self.export.issuer.language).index.to_owned();
        let sections: Vec<Section> = sections
            .iter()
            .map(|(key, shown)| {
                let certificates = shown.iter().map(|(record, _)| &record.entry.certificate);
                let entry = |certificate: &Certificate| Entry {
                    id: certificate.id.to_string(),
                    name: certificate.name.to_string(),
                };
                let mut titles = certificates.clone().map(|certificate| &certificate.title);
                let title = titles.next().filter(|title| titles.all(|other| other == *title));
                Section {
                    key: (*key).to_owned(),
                    // Titles that differ from person to person are none of the category.
                    title: title.map_or(*key, |title| title.as_str()).to_owned(),
                    entries: certificates.map(entry).collect(),
                }
            })
            .collect();
        let mut title = format!("{} · {}", self.export.issuer.name, self.export.set.year);
        if let (Some(_), [section]) = (&self.export.set.only.category, sections.as_slice()) {
            title = format!("{title} · {}", section.title);
        }
        if let Some(shard) = self.export.set.only.shard {
            title = format!("{title} · {shard}");
        }
        Contents { title, sections, index, index_pages: 0 }
    }

    /// What the booklet says of itself: it is of the year, and of no one.
    fn metadata(&self, shown: &[Shown<'_>], title: &str) -> Metadata {
        let Export { issuer, set, .. } = self.export;
        Metadata {
            title: title.to_owned(),
            category: set.only.category.as_deref().unwrap_or_default().to_owned(),
            year: Some(set.year),
            issuer: issuer.name.to_string(),
            language: issuer.language.to_string(),
            url: issuer.url.clone(),
            date: shown.iter().map(|(record, _)| record.entry.certificate.date).max(),
            ..Metadata::default()
        }
    }

    /// The glyphs of all pages: faces stand before the pages that they are on.
    fn glyphs(&self, shown: &[Shown<'_>]) -> Result<Glyphs, ExportError> {
        let used: Vec<Result<Glyphs, ExportError>> = shown
            .par_chunks(BATCH)
            .map(|batch| {
                if self.export.watch.stops() {
                    return Err(ExportError::Interrupted);
                }
                let mut glyphs = Glyphs::default();
                for shown in batch {
                    glyphs.add(&self.set(*shown)?.lines);
                }
                Ok(glyphs)
            })
            .collect();
        let mut glyphs = Glyphs::default();
        for used in used {
            glyphs.join(used?);
        }
        Ok(glyphs)
    }

    fn set(&self, (record, template): Shown<'_>) -> Result<Page, IssuanceError> {
        let certificate = &record.entry.certificate;
        let unset = |source| IssuanceError::Unset { id: certificate.id.clone(), source };
        self.press.set(certificate, template).map_err(unset)
    }
}

fn unpainted(error: RenderError) -> IssuanceError {
    IssuanceError::Press(PressError::Render(error))
}

/// Only a booklet of the same issuer and year is replaced: of the same category and part, which its
/// title has, or any by that of the whole year.
fn check_ours(target: &Path, metadata: &Metadata, whole: bool) -> Result<(), ExportError> {
    if target.symlink_metadata().is_err() {
        return Ok(());
    }
    let found = ends(target).ok().and_then(|ends| Metadata::read(&ends));
    let ours = found.is_some_and(|found| {
        found.number.is_empty()
            && (found.year, &found.issuer) == (metadata.year, &metadata.issuer)
            && (whole || (&found.category, &found.title) == (&metadata.category, &metadata.title))
    });
    if ours { Ok(()) } else { Err(ExportError::NotOurs(target.to_owned())) }
}

/// The beginning of a file, by which its kind is known, and its end.
fn ends(file: &Path) -> io::Result<Vec<u8>> {
    const BEGINNING: u64 = 1024;
    let mut file = disk::open(file)?;
    let size = file.metadata()?.len();
    let mut ends = Vec::new();
    (&mut file).take(BEGINNING).read_to_end(&mut ends)?;
    file.seek(SeekFrom::Start(size.saturating_sub(END).max(ends.len() as u64)))?;
    file.take(END).read_to_end(&mut ends)?;
    Ok(ends)
}
