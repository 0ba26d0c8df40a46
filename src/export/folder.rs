//! A year's set as a folder: a folder a category, a file a certificate.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::certificate::{Format, Status};
use crate::disk::{self, DiskError};
use crate::issuance::{self, IssuanceError};
use crate::issuer::Issuer;
use crate::register::{Record, Register};
use crate::render::Press;

/// The largest file of a certificate, in bytes.
const LARGEST: u64 = 512 << 20;

/// Which certificates to hand out, and as what.
#[derive(Debug, Clone)]
pub struct Selection {
    /// The year.
    pub year: u16,
    /// One category only, by its key.
    pub category: Option<String>,
    /// Some formats only.
    pub formats: Option<Vec<Format>>,
}

impl Selection {
    /// The certificates that are current and selected, in order.
    #[must_use]
    pub fn of<'r>(&self, register: &'r Register, issuer: &Issuer) -> Vec<&'r Record> {
        let mut records = register.in_order(issuer, Some(self.year));
        records.retain(|record| {
            let category = &record.entry.certificate.category;
            record.status == Status::Current
                && self.category.as_ref().is_none_or(|wanted| wanted == category)
        });
        records
    }

    fn formats<'a>(&'a self, record: &'a Record) -> impl Iterator<Item = Format> {
        let wanted = |format: &Format| self.formats.as_ref().is_none_or(|f| f.contains(format));
        record.entry.files.keys().copied().filter(wanted)
    }
}

/// Why a year's set cannot be handed out.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// There is nothing to hand out.
    #[error("no current certificate of {0} to export")]
    Nothing(u16),
    /// The target is where certificates are kept.
    #[error("{} lies in the issuer's own folder of certificates", .0.display())]
    Inside(PathBuf),
    /// The target has something that is not of this set.
    #[error("{} is not of this export, and might be overwritten or mixed up with it", .0.display())]
    NotOurs(PathBuf),
    /// A file cannot be read or written.
    #[error(transparent)]
    Disk(#[from] DiskError),
    /// A missing certificate cannot be drawn anew.
    #[error(transparent)]
    Issuance(#[from] IssuanceError),
}

/// Copies the selected certificates to a folder, drawing anew what is missing; gives back how
/// many files there are. Without `force` the folder must be new, empty, or an earlier export
/// of the same set.
///
/// # Errors
/// When there is nothing, the target will not do, or a file cannot be read, drawn or written.
pub fn to_folder(
    selection: &Selection,
    records: &[&Record],
    press: &Press,
    folder: &Path,
    target: &Path,
    force: bool,
) -> Result<usize, ExportError> {
    if records.is_empty() {
        return Err(ExportError::Nothing(selection.year));
    }
    let mut files: BTreeMap<PathBuf, (&Record, Format)> = BTreeMap::new();
    for record in records {
        let certificate = &record.entry.certificate;
        for format in selection.formats(record) {
            let name = format!("{}.{format}", disk::safe_name(&certificate.id));
            let file = target.join(disk::safe_name(&certificate.category)).join(name);
            files.insert(file, (record, format));
        }
    }
    check_place(records, folder, target)?;
    if !force {
        check_content(target, &files)?;
    }
    for (file, (record, format)) in &files {
        disk::write_whole(file, &content(record, *format, press, folder)?)?;
    }
    Ok(files.len())
}

fn content(
    record: &Record,
    format: Format,
    press: &Press,
    folder: &Path,
) -> Result<Vec<u8>, ExportError> {
    let path = folder.join(format!("{}.{format}", record.entry.certificate.path));
    match disk::read(&path, LARGEST) {
        Err(error) if error.is_missing() => {
            let mut drawn = issuance::draw_again(record, &[format], press)?;
            Ok(drawn.remove(&format).map(|drawn| drawn.bytes).unwrap_or_default())
        }
        other => Ok(other?),
    }
}

/// The target must not lie among the certificates themselves.
fn check_place(records: &[&Record], folder: &Path, target: &Path) -> Result<(), ExportError> {
    let real = |path: &Path| path.canonicalize().ok();
    let Some(target_real) = target.ancestors().find_map(real) else { return Ok(()) };
    let tops = records.iter().filter_map(|record| record.entry.certificate.path.split('/').next());
    for top in tops {
        if real(&folder.join(top)).is_some_and(|top| target_real.starts_with(top)) {
            return Err(ExportError::Inside(target.to_owned()));
        }
    }
    Ok(())
}

/// Whatever lies in the target must be a file of this very export.
fn check_content(
    target: &Path,
    files: &BTreeMap<PathBuf, (&Record, Format)>,
) -> Result<(), ExportError> {
    let mut waiting = vec![target.to_owned()];
    while let Some(folder) = waiting.pop() {
        let entries = match std::fs::read_dir(&folder) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            entries => entries.map_err(DiskError::on("read", &folder))?,
        };
        for entry in entries {
            let path = entry.map_err(DiskError::on("read", &folder))?.path();
            if path.is_dir() && files.keys().any(|file| file.starts_with(&path)) {
                waiting.push(path);
            } else if !files.contains_key(&path) {
                return Err(ExportError::NotOurs(path));
            }
        }
    }
    Ok(())
}
