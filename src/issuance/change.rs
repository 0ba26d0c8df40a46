//! Changes to a certificate that has been issued: drawn again under its number, or taken back.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::work::{self, Watch};
use super::{IssuanceError, plan};
use crate::certificate::{Certificate, Format, Status};
use crate::disk;
use crate::id::Numbering;
use crate::issuer::Issuer;
use crate::register::{Entry, Event, Journal, Record, Register};
use crate::render::Press;
use crate::text::Text;
use crate::wording::publishable;

/// All that a certificate can have been written in.
const FORMATS: [Format; 2] = [Format::Png, Format::Pdf];

/// What is to change on a certificate that is drawn again.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    /// The name it should bear.
    pub name: Option<String>,
    /// Public columns that should say something else; empty takes one away.
    pub fields: BTreeMap<String, String>,
    /// Whether the template may be another than the one that drew it.
    pub redesign: bool,
    /// Why, for the register.
    pub reason: Option<String>,
}

/// Draws a certificate again, changed or not: same number, same date of issue, one more line
/// in the register. `record` is its place there.
///
/// # Errors
/// When it was taken back, other hands made it, its template has changed, the change cannot be, or it cannot be
/// drawn or written.
pub fn reissue(
    record: usize,
    changes: &Changes,
    formats: &[Format],
    issuer: &Issuer,
    press: &Press,
    folder: &Path,
    journal: &mut Journal,
) -> Result<Certificate, IssuanceError> {
    let before = &journal.register().records()[record];
    let (old, revision) = (before.entry.certificate.clone(), before.revision + 1);
    check_remembered(before)?;
    check_stands(record, journal.register())?;
    let reason = changes.reason.as_deref().map(fit_reason).transpose()?;
    let (others, stamp) = (before.entry.others.clone(), before.entry.template.clone());
    let template = template(&before.entry, issuer)?.clone();
    if !changes.redesign {
        let Some(stamp) = stamp else { return Err(IssuanceError::Adopted { id: old.id }) };
        if stamp.digest != press.template_digest(&template)? {
            return Err(IssuanceError::Redesigned { id: old.id, template });
        }
    }
    let certificate = changed(&old, changes, issuer)?;
    check_alone(record, &certificate, journal.register())?;
    // A file of a format that is not asked for must not keep the old name.
    let formats: BTreeSet<Format> =
        formats.iter().copied().chain(before.entry.files.keys().copied()).collect();
    let formats: Vec<Format> = formats.into_iter().collect();
    let (mut entry, files) = work::draw(certificate.clone(), &template, &formats, press)
        .map_err(|error| error.of(&old.id))?;
    entry.others = others;
    work::check_folders(std::iter::once(&certificate), folder)?;
    let formerly = (entry.certificate.id != old.id).then(|| old.id.clone());
    journal.append(vec![Event::Reissued { entry, revision, formerly, reason }])?;
    // Where a file system folds case, the old file may be the new one: so it goes first.
    if certificate.path != old.path {
        remove(&old, folder)?;
    }
    work::write_synced(folder, &certificate.path, &files)?;
    Ok(certificate)
}

/// The template that draws a certificate again: the one that drew it, or where other hands made
/// it the one of its category.
///
/// # Errors
/// When it was made by other hands, and its category is no longer there.
pub fn template<'a>(entry: &'a Entry, issuer: &'a Issuer) -> Result<&'a Text, IssuanceError> {
    if let Some(stamp) = &entry.template {
        return Ok(&stamp.name);
    }
    let category = &entry.certificate.category;
    let category = issuer.category(category).ok_or_else(|| no_category(category))?;
    Ok(&category.template)
}

pub(super) fn no_category(key: &str) -> IssuanceError {
    IssuanceError::Change(format!("accolade.toml has no category {key:?} any more"))
}

/// Draws certificates in formats they have not been written in, each by a reissue that changes
/// nothing else. `records` are their places in the register.
///
/// # Errors
/// Those of [`reissue`].
pub fn complete(
    records: &[usize],
    formats: &[Format],
    issuer: &Issuer,
    press: &Press,
    folder: &Path,
    journal: &mut Journal,
    watch: &dyn Watch,
) -> Result<(), IssuanceError> {
    for (done, record) in records.iter().enumerate() {
        if watch.stops() {
            return Err(IssuanceError::Interrupted { done, of: records.len() });
        }
        let lacking = lacking(&journal.register().records()[*record], formats);
        let names: Vec<_> = lacking.iter().map(ToString::to_string).collect();
        let reason = Some(format!("{} added", names.join(" and ")));
        let changes = Changes { reason, ..Changes::default() };
        reissue(*record, &changes, formats, issuer, press, folder, journal)?;
        watch.drawn();
    }
    Ok(())
}

/// The formats a certificate has never been written in; none for one that other hands made, or
/// that has not been drawn at all.
#[must_use]
pub fn lacking(record: &Record, formats: &[Format]) -> Vec<Format> {
    if record.entry.template.is_none() || !record.is_drawn() {
        return Vec::new();
    }
    let has = |format: &Format| record.entry.files.contains_key(format);
    formats.iter().copied().filter(|format| !has(format)).collect()
}

/// No other certificate may be the person's, or have the ID or the files.
fn check_alone(
    record: usize,
    certificate: &Certificate,
    register: &Register,
) -> Result<(), IssuanceError> {
    let Certificate { category, year, id, path, .. } = certificate;
    let known_by = certificate.known_by();
    let another = |place: Option<usize>| place.is_some_and(|place| place != record);
    if another(register.of_person(category, *year, known_by))
        || another(register.place(category, *year, id).ok())
    {
        return Err(IssuanceError::Change(format!(
            "{category} {year} has another certificate for {known_by}"
        )));
    }
    let lower = path.to_lowercase();
    let mut others = register.records().iter().enumerate().filter(|(place, _)| *place != record);
    match others.find(|(_, other)| other.entry.certificate.path.to_lowercase() == lower) {
        Some((_, twin)) => Err(IssuanceError::Change(format!(
            "{id} would share the file {path} with {}",
            twin.entry.certificate.id
        ))),
        None => Ok(()),
    }
}

/// The certificate with its changes, and with every text filled anew that depends on them.
/// Where people are known by name, a mended name is a new ID with a new address and new files.
fn changed(
    old: &Certificate,
    changes: &Changes,
    issuer: &Issuer,
) -> Result<Certificate, IssuanceError> {
    let category = issuer.category(&old.category).ok_or_else(|| no_category(&old.category))?;
    let mut certificate = old.clone();
    let mut touched: BTreeSet<&str> = BTreeSet::new();
    // A column that is public no more goes no further.
    let gone = |column: &&str| !issuer.public.iter().any(|public| public == *column);
    for column in old.fields.iter().map(|(column, _)| column.as_str()).filter(gone) {
        touched.insert(column);
        certificate.fields = certificate.fields.with(column, Text::default());
    }
    for (column, value) in &changes.fields {
        if !issuer.public.contains(column) {
            return Err(IssuanceError::Change(format!(
                "{column:?} is no public column; accolade.toml has public = {:?}",
                issuer.public
            )));
        }
        touched.insert(column);
        certificate.fields = certificate.fields.with(column, fit(value)?);
    }
    if let Some(name) = &changes.name {
        certificate.name = fit(name)?;
        if certificate.name.is_empty() {
            return Err(IssuanceError::Change("the name is empty".to_owned()));
        }
        if certificate.name != old.name {
            touched.extend(["name", "key"]);
            if category.numbering == Numbering::Name {
                certificate.id = certificate.name.clone();
                touched.insert("id");
            }
        }
    }
    plan::refill(&mut certificate, category, issuer, |placeholder| touched.contains(placeholder))
        .map_err(|unfilled| IssuanceError::Change(unfilled.to_string()))?;
    Ok(certificate)
}

/// Takes a certificate back: its number stays spent, its files leave the folder unless they
/// are to be kept. `record` is its place in the register. Said of one that was taken back
/// before, whose files are still there, it takes these away and writes nothing.
///
/// # Errors
/// When it was taken back before, or register or files cannot be written.
pub fn revoke(
    record: usize,
    reason: &str,
    keep: bool,
    folder: &Path,
    journal: &mut Journal,
) -> Result<Certificate, IssuanceError> {
    let reason = needed_reason(reason)?;
    let before = &journal.register().records()[record];
    let certificate = before.entry.certificate.clone();
    let lies_there = |format| work::file(folder, &certificate.path, format).exists();
    if !before.stands() && !keep && FORMATS.into_iter().any(lies_there) {
        remove(&certificate, folder)?;
        return Ok(certificate);
    }
    check_stands(record, journal.register())?;
    let (id, category, year) =
        (certificate.id.clone(), certificate.category.clone(), certificate.year);
    journal.append(vec![Event::Revoked { id, category, year, reason }])?;
    if !keep {
        remove(&certificate, folder)?;
    }
    Ok(certificate)
}

/// A text in its one spelling, if it may be published.
fn fit(text: &str) -> Result<Text, IssuanceError> {
    publishable(text).map(Text::from).map_err(|unfit| IssuanceError::Unfit(text.to_owned(), unfit))
}

/// A reason as the register may keep it: that is as public as the names in it.
fn fit_reason(reason: &str) -> Result<String, IssuanceError> {
    fit(reason).map(|reason| reason.to_string())
}

/// A reason, where there must be one.
///
/// # Errors
/// When it is empty, or may not be published.
pub(super) fn needed_reason(reason: &str) -> Result<String, IssuanceError> {
    let reason = fit_reason(reason)?;
    if reason.is_empty() {
        return Err(IssuanceError::Change("the reason is empty".to_owned()));
    }
    Ok(reason)
}

/// Makes sure that a certificate has not been taken back.
pub(super) fn check_stands(record: usize, register: &Register) -> Result<(), IssuanceError> {
    let records = register.records();
    let Record { entry, status, moved_to, .. } = &records[record];
    let id = entry.certificate.id.clone();
    match (status, moved_to) {
        (Status::Current, _) => Ok(()),
        (Status::Revoked { .. }, Some(to)) => {
            Err(IssuanceError::Moved { id, to: records[*to].entry.certificate.id.clone() })
        }
        (Status::Revoked { reason }, None) => {
            Err(IssuanceError::Revoked { id, reason: reason.clone() })
        }
    }
}

/// Makes sure that it is still known whose certificate it is.
pub(super) fn check_remembered(record: &Record) -> Result<(), IssuanceError> {
    let id = || record.entry.certificate.id.clone();
    if record.forgotten { Err(IssuanceError::Forgotten { id: id() }) } else { Ok(()) }
}

/// Takes the files of a certificate out of the folder, of every format, for good.
pub(super) fn remove(certificate: &Certificate, folder: &Path) -> Result<(), disk::DiskError> {
    for format in FORMATS {
        disk::remove_file(&work::file(folder, &certificate.path, format))?;
    }
    let place = folder.join(&*certificate.path);
    place.parent().filter(|folder| folder.is_dir()).map_or(Ok(()), disk::sync_folder)
}
