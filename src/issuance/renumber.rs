//! Numbers that a merge has given to two people: one keeps it, the others get the next free
//! ones, and all of them have files that are theirs.

use std::collections::BTreeSet;
use std::path::Path;

use super::change::{no_category, template};
use super::work::{self, Watch};
use super::{IssuanceError, found, plan};
use crate::certificate::{Certificate, Format};
use crate::disk;
use crate::issuer::Issuer;
use crate::register::{Allocator, Conflict, Entry, Event, Journal, Record, Register};
use crate::render::Press;
use crate::text::Text;

/// Somebody who is to have another number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renumbering {
    /// Whose certificate: its place among the register's records.
    pub record: usize,
    /// Who keeps the number, likewise.
    pub keeper: usize,
    /// The number that both have.
    pub formerly: Text,
    /// The certificate as it is to be.
    pub certificate: Certificate,
}

/// Who is to have another number: of those who share one, all but the first in the order of the
/// lines, unless another one's has been published already. `force` lets also published ones go.
///
/// # Errors
/// When several who share a number have been published, or there is no number left.
pub fn renumberings(
    register: &Register,
    issuer: &Issuer,
    published: Option<&Register>,
    force: bool,
) -> Result<Vec<Renumbering>, IssuanceError> {
    let numberings = issuer.categories.iter().map(|category| &category.numbering);
    let mut allocator = Allocator::new(register, numberings);
    let mut renumberings: Vec<Renumbering> = Vec::new();
    for conflict in register.conflicts() {
        let keeper = keeper(&conflict, register, published, force)?;
        for record in conflict.records.iter().copied().filter(|record| *record != keeper) {
            let mut certificate = register.records()[record].entry.certificate.clone();
            let key = &certificate.category;
            let category = issuer.category(key).ok_or_else(|| no_category(key))?;
            let taken = |id: &str| {
                register.place(key, certificate.year, id).is_ok()
                    || renumberings.iter().any(|other| other.certificate.id == id)
            };
            let next = allocator.next(&category.numbering, certificate.year);
            // People known by name have no next number; the name stays, and its second bearer's
            // files are called so.
            let alias = || (2..1000).map(|n| format!("{}-{n}", conflict.id)).find(|id| !taken(id));
            let id = next.or_else(alias).ok_or_else(|| {
                IssuanceError::Change(format!("{key} {} has no number left", certificate.year))
            })?;
            certificate.id = id.into();
            plan::refill(&mut certificate, category, issuer, |placeholder| placeholder == "id")
                .map_err(|unfilled| IssuanceError::Change(unfilled.to_string()))?;
            let formerly = conflict.id.clone();
            renumberings.push(Renumbering { record, keeper, formerly, certificate });
        }
    }
    Ok(renumberings)
}

/// Who keeps a number.
fn keeper(
    conflict: &Conflict,
    register: &Register,
    published: Option<&Register>,
    force: bool,
) -> Result<usize, IssuanceError> {
    let is_published = |record: &&usize| {
        let theirs = &register.records()[**record].entry.certificate;
        let Certificate { category, year, id, .. } = theirs;
        published.is_some_and(|published| {
            let places = published.all_of_person(category, *year, theirs.known_by());
            places.iter().any(|place| published.records()[*place].entry.certificate.id == *id)
        })
    };
    let published: Vec<usize> = conflict.records.iter().filter(is_published).copied().collect();
    match published.as_slice() {
        [_, _, ..] if !force => Err(IssuanceError::Published(conflict.clone())),
        [first, ..] => Ok(*first),
        [] => Ok(conflict.records[0]),
    }
}

/// Gives the numbers: draws each certificate under its new one, appends to the register, writes
/// the files, and draws anew those of whoever keeps a number, should they have been overwritten.
/// With `redesign`, templates may be others than those that drew them.
///
/// # Errors
/// When a certificate cannot be drawn, or register or files cannot be written.
pub fn renumber(
    renumberings: &[Renumbering],
    redesign: bool,
    issuer: &Issuer,
    press: &Press,
    folder: &Path,
    journal: &mut Journal,
    watch: &dyn Watch,
) -> Result<(), IssuanceError> {
    let certificates = || renumberings.iter().map(|renumbering| &renumbering.certificate);
    for certificate in certificates() {
        check_free(certificate, folder)?;
    }
    work::check_folders(certificates(), folder)?;
    for renumbering in renumberings {
        let Renumbering { record, keeper, formerly, certificate } = renumbering;
        let before = journal.register().records()[*record].clone();
        let (entry, files) = if before.stands() {
            drawn(&before, certificate.clone(), redesign, issuer, press)?
        } else {
            let entry = Entry { certificate: certificate.clone(), ..before.entry.clone() };
            (entry, work::Files::new())
        };
        let reason = Some("a merge had given it twice".to_owned());
        let formerly = formerly.clone();
        journal.append(vec![Event::Renumbered { entry, formerly, reason }])?;
        work::write_synced(folder, &certificate.path, &files)?;
        let keeper = &journal.register().records()[*keeper];
        if !keeper.stands() {
            remove_drawn(&before, folder)?;
        }
        watch.drawn();
    }
    // Whatever stops this, all numbers are given; what is lacking, `restore` can draw.
    let records = journal.register().records();
    let kept: BTreeSet<usize> = renumberings.iter().map(|other| other.keeper).collect();
    let kept: Vec<&Record> = kept
        .into_iter()
        .map(|place| &records[place])
        .filter(|record| record.stands() && !found::missing(record, folder).is_empty())
        .collect();
    work::restore(&kept, press, folder, watch)
}

fn drawn(
    before: &Record,
    certificate: Certificate,
    redesign: bool,
    issuer: &Issuer,
    press: &Press,
) -> Result<(Entry, work::Files), IssuanceError> {
    let id = || before.entry.certificate.id.clone();
    let template = template(&before.entry, issuer)?;
    if !redesign {
        let Some(stamp) = &before.entry.template else {
            return Err(undrawable(IssuanceError::Adopted { id: id() }));
        };
        if *press.template_digest(template)? != *stamp.digest {
            let template = template.to_owned();
            return Err(undrawable(IssuanceError::Redesigned { id: id(), template }));
        }
    }
    let formats: Vec<Format> = match before.entry.files.keys().copied().collect::<Vec<_>>() {
        none if none.is_empty() => issuer.formats.clone(),
        formats => formats,
    };
    let (mut entry, files) = work::draw(certificate, template, &formats, press)?;
    entry.others.clone_from(&before.entry.others);
    Ok((entry, files))
}

fn undrawable(error: IssuanceError) -> IssuanceError {
    IssuanceError::Undrawable(Box::new(error))
}

/// Nothing may stand where a certificate is to go: it would not be ours.
fn check_free(certificate: &Certificate, folder: &Path) -> Result<(), IssuanceError> {
    let formats = [Format::Png, Format::Pdf].into_iter();
    let mut files = formats.map(|format| format!("{}.{format}", certificate.path));
    match files.find(|file| folder.join(file).exists()) {
        None => Ok(()),
        Some(file) => Err(IssuanceError::Change(format!(
            "{file} is there already, and not in the register; move it away"
        ))),
    }
}

/// Takes away the files of a certificate that has moved to another number, where they are its.
fn remove_drawn(record: &Record, folder: &Path) -> Result<(), disk::DiskError> {
    let formats = record.entry.files.keys().copied();
    let theirs = formats.filter(|format| found::digested(record, *format, folder).is_some());
    let path = &record.entry.certificate.path;
    theirs.into_iter().try_for_each(|format| disk::remove_file(&work::file(folder, path, format)))
}
