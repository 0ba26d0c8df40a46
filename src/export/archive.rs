//! A year's set as a ZIP (APPNOTE 6.3.10): a folder a category, a file a certificate, and what the
//! set says of itself. Its list is sorted by name; what it says of itself comes last in the file,
//! since nobody knows it before the rest is written.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

use chrono::{Datelike, NaiveDate};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, System, ZipArchive, ZipWriter};

use super::before::has_digest;
use super::manifest::{self, ListedFile, Manifest, PAPERS};
use super::{Export, ExportError, HandedOut, Paper};
use crate::certificate::Format;
use crate::disk::{self, DiskError};

/// Writes a set to a ZIP: one that is new, or takes the place of an earlier export of the year,
/// or of anything where `force` is said.
pub(super) fn write(export: &Export<'_>, target: &Path) -> Result<HandedOut, ExportError> {
    super::check_file(target, export.force)?;
    if !export.force && target.exists() {
        check_replaces(export, target)?;
    }
    let wrong = || DiskError::on("write", target);
    let part = disk::part_of(target).map_err(wrong())?;
    let mut zip = ZipWriter::new(Sink::new(part.reopen().map_err(wrong())?));
    let mut files = Vec::new();
    export.source.each(
        &export.set.items,
        export.watch,
        |item, piece| Ok((item, ListedFile::of(item, &piece), piece.bytes)),
        |(item, listed, bytes)| {
            let date = item.record.entry.certificate.date;
            add(&mut zip, &item.path, method(item.format), date, &bytes).map_err(wrong())?;
            files.push(listed);
            Ok(())
        },
    )?;
    let dates = export.set.items.iter().map(|item| item.record.entry.certificate.date);
    let latest = dates.max().unwrap_or_default();
    for paper in export.papers(files)? {
        let Paper { name, bytes } = paper;
        add(&mut zip, name, CompressionMethod::Deflated, latest, &bytes).map_err(wrong())?;
    }
    let mut sink = zip.finish().map_err(io::Error::from).map_err(wrong())?;
    sink.check().and_then(|()| sort_list(&mut sink.file)).map_err(wrong())?;
    sink.finish().map_err(wrong())?;
    part.persist(target).map_err(|error| wrong()(error.error))?;
    Ok(export.set.handed_out())
}

/// What is replaced must be an earlier export of the year, with every file as it was put there.
fn check_replaces(export: &Export<'_>, target: &Path) -> Result<(), ExportError> {
    let not_ours = || ExportError::NotOurs(target.to_owned());
    let mut zip = read(target).ok_or_else(not_ours)?;
    let earlier = manifest_of(&mut zip).filter(|earlier| export.is_earlier(earlier));
    let earlier = earlier.ok_or_else(not_ours)?;
    let listed: BTreeMap<&str, &ListedFile> =
        earlier.files().map(|file| (file.path.as_str(), file)).collect();
    for at in 0..zip.len() {
        let entry = zip.by_index(at).map_err(|_| not_ours())?;
        let name = entry.name().map_err(|_| not_ours())?.into_owned();
        let ours = match listed.get(&*name) {
            Some(listed) => {
                entry.size() == listed.bytes && has_digest(entry, listed).unwrap_or(false)
            }
            None => PAPERS.contains(&&*name),
        };
        if !ours {
            return Err(ExportError::NotOurs(target.join(name)));
        }
    }
    export.check_keeps(&earlier, target)
}

/// What an archive says of itself.
fn manifest_of(zip: &mut ZipArchive<impl Read + Seek>) -> Option<Manifest> {
    let bytes = disk::read_all(zip.by_name(manifest::FILE).ok()?, manifest::LARGEST).ok()?;
    Manifest::parse(&bytes).ok()
}

/// Whether a file is an archive that has one of this name.
pub(super) fn has(file: &Path, name: &str) -> bool {
    read(file).is_some_and(|zip| zip.index_for_name(name).is_some())
}

fn read(file: &Path) -> Option<ZipArchive<impl Read + Seek>> {
    ZipArchive::new(io::BufReader::new(disk::open(file).ok()?)).ok()
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

/// What suits a format: PNGs are deflated as they are.
fn method(format: Format) -> CompressionMethod {
    match format {
        Format::Png => CompressionMethod::Stored,
        Format::Pdf => CompressionMethod::Deflated,
    }
}

/// Adds a file. It goes straight to the archive: buffers that grow and shrink for every file, as
/// those of files prepared on many threads do, leave the memory in splinters that add up to most
/// of the archive's size.
fn add(
    zip: &mut ZipWriter<Sink>,
    name: &str,
    method: CompressionMethod,
    date: NaiveDate,
    bytes: &[u8],
) -> io::Result<()> {
    zip.start_file(name, options(method, date))?;
    zip.write_all(bytes)?;
    zip.get_ref().map_or(Ok(()), Sink::check)
}

/// Sorts the list of an archive, from which readers show its files, by their names (4.3.12).
fn sort_list(file: &mut File) -> io::Result<()> {
    /// The bytes of an entry before its name, and where among them its lengths are told.
    const HEAD: usize = 46;
    const LENGTHS: [usize; 3] = [28, 30, 32];
    let start = ZipArchive::new(io::BufReader::new(&mut *file))?.central_directory_start();
    let mut list = Vec::new();
    file.seek(SeekFrom::Start(start))?;
    file.read_to_end(&mut list)?;
    let mut rest = &*list;
    // What was written a moment ago is as it should be; were it not, less of it would be sorted.
    let entries = std::iter::from_fn(|| {
        let entry = rest.strip_prefix(b"PK\x01\x02").map(|_| rest)?;
        let length = |at| Some(usize::from(u16::from_le_bytes(*entry.get(at..)?.first_chunk()?)));
        let [name, extra, comment] = LENGTHS.map(length);
        let (entry, after) = entry.split_at_checked(HEAD + name? + extra? + comment?)?;
        rest = after;
        Some((&entry[HEAD..HEAD + name?], entry))
    });
    let mut entries: Vec<_> = entries.collect();
    entries.sort_unstable();
    file.seek(SeekFrom::Start(start))?;
    entries.iter().try_for_each(|(_, entry)| file.write_all(entry))
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
    use super::*;

    #[test]
    fn more_entries_than_sixteen_bits_count_are_read_back_in_order() {
        let folder = tempfile::tempdir().unwrap();
        let part = disk::temporary_file(folder.path()).unwrap();
        let mut zip = ZipWriter::new(Sink::new(part.reopen().unwrap()));
        let date = NaiveDate::default();
        for number in 0..70_000 {
            let name = format!("志愿者/V{number:06}.png");
            add(&mut zip, &name, CompressionMethod::Stored, date, b"").unwrap();
        }
        add(&mut zip, "MANIFEST", CompressionMethod::Deflated, date, b"all").unwrap();
        let mut sink = zip.finish().unwrap();
        sort_list(&mut sink.file).unwrap();
        sink.finish().unwrap();
        let mut zip = ZipArchive::new(io::BufReader::new(part.reopen().unwrap())).unwrap();
        assert_eq!(zip.len(), 70_001);
        assert_eq!(io::read_to_string(zip.by_index(0).unwrap()).unwrap(), "all");
        assert_eq!(zip.by_index(70_000).unwrap().name().unwrap(), "志愿者/V069999.png");
    }
}
