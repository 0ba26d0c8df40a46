//! Drawing and writing, batch by batch: the register first, the files after it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::batches::overlapped;
use super::found::missing;
use super::{IssuanceError, Planned};
use crate::certificate::{Certificate, Format};
use crate::disk::{self, DiskError};
use crate::register::{Entry, Event, Journal, Record, TemplateStamp};
use crate::render::{Drawn, Press};
use crate::roster::Problem;

/// Certificates that are drawn together, while as many are written.
const BATCH: usize = 32;

/// The files of a certificate, drawn and not yet written.
pub(super) type Files = BTreeMap<Format, Drawn>;

/// Who watches the work.
pub trait Watch: Sync {
    /// One more certificate has been drawn.
    fn drawn(&self);

    /// Whether to stop as soon as what is in hand is done.
    fn stops(&self) -> bool;
}

/// Makes sure that the files of certificates can be written.
///
/// # Errors
/// The first folder that cannot be created or written to.
pub fn check_folders<'a>(
    certificates: impl Iterator<Item = &'a Certificate>,
    folder: &Path,
) -> Result<(), DiskError> {
    let paths = certificates.map(|certificate| certificate.path.as_str());
    folders(paths, folder).iter().try_for_each(|folder| disk::check_writable(folder))
}

/// Files that stand where new certificates are to go, in whatever format. The register comes
/// first, so that none of them is ours: they belong to a register that was lost, or were made by
/// hand, and their numbers may be somebody's.
#[must_use]
pub fn strangers(new: &[Planned], folder: &Path) -> Vec<Problem> {
    let stranger = |planned: &Planned| {
        let path = &planned.certificate.path;
        let format = [Format::Png, Format::Pdf]
            .into_iter()
            .find(|format| file(folder, path, *format).exists())?;
        Some(Problem::at(
            planned.row,
            format!("{path}.{format} is there already, and not in the register"),
            "bring register.jsonl back, or move the file away",
        ))
    };
    new.par_iter().filter_map(stranger).collect()
}

/// Issues certificates: their numbers are spent when this returns, or when it stops halfway,
/// up to the batch in hand.
///
/// # Errors
/// When a certificate cannot be drawn, register or files cannot be written, or it is to stop.
pub fn issue(
    new: &[Planned],
    formats: &[Format],
    press: &Press,
    folder: &Path,
    journal: &mut Journal,
    watch: &dyn Watch,
) -> Result<(), IssuanceError> {
    let paths = new.iter().map(|planned| planned.certificate.path.as_str());
    sweep(paths, folder)?;
    let mut done = 0;
    let drawing = |planned: &Planned| {
        let drawn = draw(planned.certificate.clone(), &planned.template, formats, press);
        watch.drawn();
        drawn
    };
    let writing = |drawn: Vec<(Entry, Files)>| {
        let batch = &new[done..done + drawn.len()];
        done += drawn.len();
        let (entries, files): (Vec<_>, Vec<_>) = drawn.into_iter().unzip();
        journal.append(entries.into_iter().map(Event::Issued).collect())?;
        batch
            .par_iter()
            .zip(&files)
            .try_for_each(|(planned, files)| write(folder, &planned.certificate.path, files))?;
        sync_folders(batch.iter().map(|planned| planned.certificate.path.as_str()), folder)?;
        Ok(())
    };
    if overlapped(new, BATCH, || watch.stops(), drawing, writing)? {
        return Ok(());
    }
    Err(IssuanceError::Interrupted { done, of: new.len() })
}

/// The folders of some certificates' files.
fn folders<'a>(paths: impl Iterator<Item = &'a str>, folder: &Path) -> BTreeSet<PathBuf> {
    paths.filter_map(|path| folder.join(path).parent().map(Path::to_owned)).collect()
}

/// Lets the folders of some certificates' files keep what was written.
pub(super) fn sync_folders<'a>(
    paths: impl Iterator<Item = &'a str>,
    folder: &Path,
) -> Result<(), DiskError> {
    let folders = folders(paths, folder);
    folders.iter().filter(|folder| folder.is_dir()).try_for_each(|folder| disk::sync_folder(folder))
}

/// Takes away what a crash has left half-written beside some certificates' files. Nobody else may
/// be writing there.
///
/// # Errors
/// When a folder cannot be read, or a file in it not be removed.
pub fn sweep<'a>(paths: impl Iterator<Item = &'a str>, folder: &Path) -> Result<(), DiskError> {
    folders(paths, folder).iter().try_for_each(|folder| disk::sweep(folder))
}

/// Draws a certificate; gives back what the register is to say of it, and its files.
pub(super) fn draw(
    certificate: Certificate,
    template: &str,
    formats: &[Format],
    press: &Press,
) -> Result<(Entry, BTreeMap<Format, Drawn>), IssuanceError> {
    let files = press.draw(&certificate, template, formats)?;
    let digest = press.template_digest(template)?;
    let digests = files.iter().map(|(format, drawn)| (*format, drawn.digest.clone())).collect();
    let template = Some(TemplateStamp { name: template.into(), digest: digest.into() });
    Ok((Entry { certificate, template, files: digests, others: None }, files))
}

/// Writes the files of a certificate.
pub(super) fn write(
    folder: &Path,
    path: &str,
    files: &BTreeMap<Format, Drawn>,
) -> Result<(), DiskError> {
    files.iter().try_for_each(|(format, drawn)| {
        disk::write_whole(&file(folder, path, *format), &drawn.bytes)
    })
}

/// Writes the files of one certificate, and lets their folder keep them.
pub(super) fn write_synced(
    folder: &Path,
    path: &str,
    files: &BTreeMap<Format, Drawn>,
) -> Result<(), DiskError> {
    write(folder, path, files)?;
    folder.join(path).parent().map_or(Ok(()), disk::sync_folder)
}

/// The file of a certificate in a format.
pub(super) fn file(folder: &Path, path: &str, format: Format) -> PathBuf {
    folder.join(format!("{path}.{format}"))
}

/// Draws a certificate as it was issued, byte for byte.
///
/// # Errors
/// When other hands made it, its template has changed, or anything else makes it come out
/// otherwise.
pub fn draw_again(
    record: &Record,
    formats: &[Format],
    press: &Press,
) -> Result<BTreeMap<Format, Drawn>, IssuanceError> {
    let Entry { certificate, files, .. } = &record.entry;
    let drawn = press.draw(certificate, template_as_it_was(record, press)?, formats)?;
    if drawn
        .iter()
        .any(|(format, drawn)| files.get(format).is_none_or(|digest| *digest != *drawn.digest))
    {
        return Err(IssuanceError::Differs { id: certificate.id.clone() });
    }
    Ok(drawn)
}

/// The name of the template that draws a certificate as it was issued.
///
/// # Errors
/// When other hands made it, or the template has changed since.
pub(super) fn template_as_it_was<'a>(
    record: &'a Record,
    press: &Press,
) -> Result<&'a str, IssuanceError> {
    let id = || record.entry.certificate.id.clone();
    let Some(TemplateStamp { name, digest }) = &record.entry.template else {
        return Err(IssuanceError::Adopted { id: id() });
    };
    if *digest != *press.template_digest(name)? {
        return Err(IssuanceError::Redesigned { id: id(), template: name.clone() });
    }
    Ok(name)
}

/// Draws again what is missing of issued certificates, and writes it.
///
/// # Errors
/// When one would not come out as it was or cannot be written, or it is to stop.
pub fn restore(
    records: &[&Record],
    press: &Press,
    folder: &Path,
    watch: &dyn Watch,
) -> Result<(), IssuanceError> {
    sweep(records.iter().map(|record| record.entry.certificate.path.as_str()), folder)?;
    let done = AtomicUsize::new(0);
    records.par_iter().try_for_each(|record| {
        if watch.stops() {
            let done = done.load(Ordering::Relaxed);
            return Err(IssuanceError::Interrupted { done, of: records.len() });
        }
        let files = draw_again(record, &missing(record, folder), press)?;
        write(folder, &record.entry.certificate.path, &files)?;
        done.fetch_add(1, Ordering::Relaxed);
        watch.drawn();
        Ok(())
    })
}
