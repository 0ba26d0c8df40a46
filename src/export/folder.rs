//! A year's set as a folder: a folder a category, a file a certificate.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::certificate::Format;
use crate::disk::{self, DiskError};
use crate::issuance::{self, IssuanceError};
use crate::issuer::Issuer;
use crate::register::{Record, Register, RegisterError};
use crate::render::Press;
use crate::text::Text;

/// Which certificates to hand out, and as what.
#[derive(Debug, Clone)]
pub struct Selection {
    /// The year.
    pub year: u16,
    /// One category only, by its key.
    pub category: Option<Text>,
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
            record.stands() && self.category.as_ref().is_none_or(|wanted| wanted == category)
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
    /// Two would be one file, where they are handed out.
    #[error("{0} and {1} would share the file {file}", file = .2.display())]
    SameFile(String, String, PathBuf),
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

/// Copies the selected certificates to a folder, drawing anew what is missing or damaged; gives back how
/// many files there are. Without `force` the folder must be new, empty, or an earlier export
/// of the year; certificates revoked since then are taken out of it.
///
/// # Errors
/// When there is nothing, the target will not do, or a file cannot be read, drawn or written.
pub fn to_folder(
    selection: &Selection,
    register: &Register,
    issuer: &Issuer,
    press: &Press,
    places: Places<'_>,
    force: bool,
) -> Result<usize, ExportError> {
    let Places { folder, target } = places;
    let records = selection.of(register, issuer);
    if records.is_empty() {
        return Err(ExportError::Nothing(selection.year));
    }
    match register.conflicts() {
        none if none.is_empty() => {}
        conflicts => return Err(IssuanceError::from(RegisterError::Conflicts(conflicts)).into()),
    }
    check_place(&records, folder, target)?;
    let mut files: BTreeMap<PathBuf, (&Record, Format)> = BTreeMap::new();
    // Systems that fold case take `Ann` and `ann` for one.
    let mut owners: HashMap<String, &str> = HashMap::new();
    for record in &records {
        let id = record.entry.certificate.id.as_str();
        for format in selection.formats(record) {
            let file = exported(target, record, format);
            let folded = file.to_string_lossy().to_lowercase();
            if let Some(other) = owners.insert(folded, id) {
                return Err(ExportError::SameFile(other.to_owned(), id.to_owned(), file));
            }
            files.insert(file, (record, format));
        }
    }
    let years = register.in_order(issuer, Some(selection.year)).into_iter();
    let revoked = years.filter(|record| !record.stands());
    let revoked: Vec<PathBuf> = revoked
        .flat_map(|record| record.entry.files.keys().map(|f| exported(target, record, *f)))
        .filter(|file| !files.contains_key(file))
        .collect();
    if !force {
        let ours: BTreeSet<&Path> = files.keys().chain(&revoked).map(PathBuf::as_path).collect();
        check_content(target, &ours)?;
    }
    // What cannot be drawn is found before anything is written; it is drawn again later, since
    // a whole year would be much to hold.
    let found: Vec<Result<(), ExportError>> = files
        .par_iter()
        .map(|(_, (record, format))| content(record, *format, press, folder).map(drop))
        .collect();
    found.into_iter().collect::<Result<(), _>>()?;
    files.par_iter().try_for_each(|(file, (record, format))| {
        let bytes = content(record, *format, press, folder)?;
        Ok::<_, ExportError>(disk::write_whole(file, &bytes)?)
    })?;
    revoked.iter().try_for_each(|file| disk::remove_file(file))?;
    Ok(files.len())
}

/// From where to where certificates are copied.
#[derive(Debug, Clone, Copy)]
pub struct Places<'a> {
    /// The issuer's folder.
    pub folder: &'a Path,
    /// Where they go.
    pub target: &'a Path,
}

/// The file of a certificate in an export.
fn exported(target: &Path, record: &Record, format: Format) -> PathBuf {
    let certificate = &record.entry.certificate;
    let name = format!("{}.{format}", disk::safe_name(&certificate.id));
    target.join(disk::safe_name(&certificate.category)).join(name)
}

/// The file of a certificate as it was issued: the one there is if it is whole, else drawn
/// anew.
fn content(
    record: &Record,
    format: Format,
    press: &Press,
    folder: &Path,
) -> Result<Vec<u8>, ExportError> {
    if let Some(bytes) = issuance::sound(record, format, folder) {
        return Ok(bytes);
    }
    let mut drawn = issuance::draw_again(record, &[format], press)?;
    Ok(drawn.remove(&format).map(|drawn| drawn.bytes).unwrap_or_default())
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

/// Whatever lies in the target must be a file of this export or of an earlier one.
fn check_content(target: &Path, ours: &BTreeSet<&Path>) -> Result<(), ExportError> {
    let mut waiting = vec![target.to_owned()];
    while let Some(folder) = waiting.pop() {
        let entries = match std::fs::read_dir(&folder) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            entries => entries.map_err(DiskError::on("read", &folder))?,
        };
        for entry in entries {
            let path = entry.map_err(DiskError::on("read", &folder))?.path();
            if path.is_dir() && ours.iter().any(|file| file.starts_with(&path)) {
                waiting.push(path);
            } else if !ours.contains(path.as_path()) {
                return Err(ExportError::NotOurs(path));
            }
        }
    }
    Ok(())
}
