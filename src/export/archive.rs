//! A year's set as a ZIP (APPNOTE 6.3.10): a folder a category, a file a certificate, sorted, and
//! what the set says of itself behind them.

use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};
use std::path::Path;

use chrono::{Datelike, NaiveDate};
use zip::write::{PreparedZipFile, SimpleFileOptions};
use zip::{CompressionMethod, DateTime, System, ZipArchive, ZipWriter};

use super::manifest::{self, ListedFile, Manifest};
use super::{Export, ExportError, HandedOut};
use crate::certificate::Format;
use crate::disk::{self, DiskError};

/// What a file must shrink to for being deflated, in percent of its size.
const WORTHWHILE: u64 = 95;

/// Writes a set to a ZIP: one that is new, or takes the place of an earlier export of the year,
/// or of anything where `force` is said.
pub(super) fn write(export: &Export<'_>, target: &Path) -> Result<HandedOut, ExportError> {
    if target.is_dir() {
        return Err(DiskError::on("write", target)(io::ErrorKind::IsADirectory.into()).into());
    }
    if !export.force && target.exists() && !is_earlier(export, target) {
        return Err(ExportError::NotOurs(target.to_owned()));
    }
    let folder = target.parent().filter(|folder| *folder != Path::new(""));
    let folder = folder.unwrap_or(Path::new("."));
    let wrong = || DiskError::on("write", target);
    let part = disk::temporary_file(folder).map_err(wrong())?;
    let mut zip = ZipWriter::new(Sink::new(part.reopen().map_err(wrong())?));
    let mut files = Vec::new();
    export.source.each(
        &export.set.items,
        export.watch,
        |item, piece| {
            let listed = ListedFile::of(item, &piece);
            let date = item.record.entry.certificate.date;
            let entry = match item.format {
                Format::Png => stored(&item.path, &piece.bytes, date),
                Format::Pdf => packed(&item.path, &piece.bytes, date),
            };
            Ok((listed, entry.map_err(wrong())?))
        },
        |(listed, entry)| {
            add(&mut zip, entry).map_err(wrong())?;
            files.push(listed);
            Ok(())
        },
    )?;
    let dates = export.set.items.iter().map(|item| item.record.entry.certificate.date);
    let latest = dates.max().unwrap_or_default();
    for paper in export.papers(files)? {
        let entry = packed(paper.name, &paper.bytes, latest).map_err(wrong())?;
        add(&mut zip, entry).map_err(wrong())?;
    }
    let sink = zip.finish().map_err(io::Error::from).map_err(wrong())?;
    sink.finish().map_err(wrong())?;
    part.persist(target).map_err(|error| wrong()(error.error))?;
    Ok(export.set.handed_out())
}

/// Whether a file is an earlier export of the issuer's year.
fn is_earlier(export: &Export<'_>, file: &Path) -> bool {
    let manifest = || {
        let mut zip = ZipArchive::new(io::BufReader::new(File::open(file).ok()?)).ok()?;
        let bytes = disk::read_all(zip.by_name(manifest::FILE).ok()?, manifest::LARGEST).ok()?;
        Manifest::parse(&bytes).ok()
    };
    manifest().is_some_and(|earlier| earlier.is_of(export.issuer, export.set.year))
}

/// What every entry says of itself, on every system that makes the archive: a readable file of
/// Unix, since other readers take no notice, with its certificate's date.
fn options(method: CompressionMethod, date: NaiveDate) -> SimpleFileOptions {
    let year = u16::try_from(date.year()).unwrap_or_default();
    let (month, day) = (date.month() as u8, date.day() as u8);
    // ZIP's years are 1980 to 2107; the default is the first of them.
    let date = DateTime::from_date_and_time(year, month, day, 0, 0, 0).unwrap_or_default();
    let options = SimpleFileOptions::default().compression_method(method).last_modified_time(date);
    options.system(System::Unix).unix_permissions(0o644)
}

fn stored(name: &str, bytes: &[u8], date: NaiveDate) -> io::Result<PreparedZipFile> {
    let options = options(CompressionMethod::Stored, date);
    Ok(PreparedZipFile::from_data(name, options, bytes)?)
}

/// Deflated, if that gains anything.
fn packed(name: &str, bytes: &[u8], date: NaiveDate) -> io::Result<PreparedZipFile> {
    let options = options(CompressionMethod::Deflated, date);
    let packed = PreparedZipFile::from_data(name, options, bytes)?;
    let worthwhile = packed.compressed_size() * 100 < packed.uncompressed_size() * WORTHWHILE;
    if worthwhile { Ok(packed) } else { stored(name, bytes, date) }
}

fn add(zip: &mut ZipWriter<Sink>, entry: PreparedZipFile) -> io::Result<()> {
    zip.add_prepared_file(entry)?;
    zip.get_ref().map_or(Ok(()), Sink::check)
}

/// A file that keeps its first failure to itself. A ZIP writer that is given up ends its archive
/// all the same, and would complain on stderr of a disk that is full.
struct Sink {
    file: File,
    failure: Option<io::Error>,
}

impl Sink {
    fn new(file: File) -> Self {
        Self { file, failure: None }
    }

    /// The failure, if there was one.
    fn check(&self) -> io::Result<()> {
        let Some(failure) = &self.failure else { return Ok(()) };
        let code = failure.raw_os_error().map(io::Error::from_raw_os_error);
        Err(code.unwrap_or_else(|| failure.kind().into()))
    }

    fn finish(self) -> io::Result<()> {
        self.check()?;
        self.file.sync_data()
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.failure.is_none()
            && let Err(error) = self.file.write_all(bytes)
        {
            self.failure = Some(error);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Seek for Sink {
    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        self.file.seek(position)
    }
}

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

    use super::*;

    #[test]
    fn more_entries_than_sixteen_bits_count_are_read_back() {
        let folder = tempfile::tempdir().unwrap();
        let part = disk::temporary_file(folder.path()).unwrap();
        let mut zip = ZipWriter::new(Sink::new(part.reopen().unwrap()));
        let date = NaiveDate::default();
        for number in 0..70_000 {
            let entry = stored(&format!("志愿者/V{number:06}.png"), b"", date).unwrap();
            add(&mut zip, entry).unwrap();
        }
        zip.finish().unwrap().finish().unwrap();
        let mut zip = ZipArchive::new(io::BufReader::new(part.reopen().unwrap())).unwrap();
        assert_eq!(zip.len(), 70_000);
        assert_eq!(zip.by_index(69_999).unwrap().name().unwrap(), "志愿者/V069999.png");
    }

    #[test]
    fn what_deflating_does_not_shrink_is_stored() {
        let date = NaiveDate::default();
        let noise: Vec<u8> = (0..320_u32).flat_map(|n| Sha256::digest(n.to_le_bytes())).collect();
        assert_eq!(packed("a", &noise, date).unwrap().compressed_size(), noise.len() as u64);
        assert!(packed("a", &[0; 9999], date).unwrap().compressed_size() < 99);
    }
}
