//! Files: written whole or not at all, under names that every system accepts, with errors
//! that name the path.

mod lock;
mod reading;

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Component, Path, PathBuf};

use sha2::{Digest, Sha256};

pub use lock::{Files as LockFiles, Lock, LockError};
pub use reading::{open, read, read_all, read_inside, read_text};

/// A file or folder that could not be read or written.
#[derive(Debug, thiserror::Error)]
#[error("cannot {action} {}", path.display())]
pub struct DiskError {
    /// What was tried: `read`, `write`, `create`, `lock` …
    pub action: &'static str,
    /// Where.
    pub path: PathBuf,
    /// What the system said.
    #[source]
    pub source: io::Error,
}

impl DiskError {
    /// For `map_err`: says what was tried, and where.
    pub fn on(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self { action, path, source }
    }

    /// Whether the file or folder is not there at all.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        self.source.kind() == io::ErrorKind::NotFound
    }
}

/// Replaces or creates a file: readers see the old bytes or the new ones, never a part, and
/// the new ones are on the disk when this returns. Creates the folders above it.
///
/// # Errors
/// When a folder or the file cannot be written; nothing half-written is left.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), DiskError> {
    write_whole_as(UNFINISHED.0, path, bytes)
}

/// Like [`write_whole`], by way of a file whose name begins so: what [`sweep_as`] finds.
///
/// # Errors
/// When a folder or the file cannot be written; nothing half-written is left.
pub fn write_whole_as(begins: &str, path: &Path, bytes: &[u8]) -> Result<(), DiskError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    create_folder(folder)?;
    let within = || {
        let mut file = temporary_file_as(begins, folder)?;
        file.write_all(bytes)?;
        file.as_file().sync_data()?;
        file.persist(path)?;
        Ok(())
    };
    within().map_err(DiskError::on("write", path))
}

/// Like [`write_whole`], for what is too much to be held: `write` is handed the file to write to,
/// which is the path's own [`part_of`].
///
/// # Errors
/// When a folder or the file cannot be written, or `write` fails; nothing half-written is left.
pub fn write_bit_by_bit<E: From<DiskError>>(
    path: &Path,
    write: impl FnOnce(&mut dyn io::Write) -> Result<(), E>,
) -> Result<(), E> {
    let folder = path.parent().unwrap_or(Path::new("."));
    create_folder(folder)?;
    let on = || DiskError::on("write", path);
    let mut file = io::BufWriter::new(part_of(path).map_err(on())?);
    write(&mut file)?;
    let file = file.into_inner().map_err(|error| on()(error.into_error()))?;
    file.as_file().sync_data().map_err(on())?;
    file.persist(path).map_err(|error| on()(error.error))?;
    Ok(())
}

/// Removes what [`write_whole`] was about to write to a folder when the program was killed.
/// Nobody else may be writing there.
///
/// # Errors
/// When the folder cannot be read, or a file in it not removed. One that is not there is clean.
pub fn sweep(folder: &Path) -> Result<(), DiskError> {
    sweep_as(UNFINISHED.0, folder)
}

/// Removes what [`write_whole_as`] was about to write under names that begin so.
///
/// # Errors
/// Those of [`sweep`].
pub fn sweep_as(begins: &str, folder: &Path) -> Result<(), DiskError> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries.map_err(DiskError::on("read", folder))?,
    };
    for entry in entries {
        let entry = entry.map_err(DiskError::on("read", folder))?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with(begins) && name.ends_with(UNFINISHED.1) {
            remove_file(&entry.path())?;
        }
    }
    Ok(())
}

/// Whether a file or folder of this name is one that a crash has left half-written.
#[must_use]
pub fn is_unfinished(name: &str) -> bool {
    name.starts_with(UNFINISHED.0) && name.ends_with(UNFINISHED.1)
}

/// How the names of files begin and end that are not finished.
const UNFINISHED: (&str, &str) = (".accolade-", ".part");

/// Creates a folder and those above it; one that is there already will do.
///
/// # Errors
/// When it cannot be created, or something else stands in its place.
pub fn create_folder(folder: &Path) -> Result<(), DiskError> {
    fs::create_dir_all(folder).map_err(DiskError::on("create", folder))
}

/// Makes sure that files can be written to a folder, creating it and those above it, so that
/// an obstacle is found before anything depends on it.
///
/// # Errors
/// When the folder cannot be created, or no file in it.
pub fn check_writable(folder: &Path) -> Result<(), DiskError> {
    create_folder(folder)?;
    temporary_file(folder).map(drop).map_err(DiskError::on("write to", folder))
}

/// A folder for what is not whole yet, within another; it is removed with all that is in it
/// when it is dropped.
///
/// # Errors
/// When it cannot be made.
pub fn temporary_folder(folder: &Path) -> Result<tempfile::TempDir, DiskError> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(UNFINISHED.0).suffix(UNFINISHED.1);
    builder.tempdir_in(folder).map_err(DiskError::on("write to", folder))
}

/// A temporary file that becomes a normal one: readable as the user's umask says, where the
/// library would keep it to its owner. It is removed when it is dropped and has no name yet.
///
/// # Errors
/// When it cannot be made.
pub fn temporary_file(folder: &Path) -> io::Result<tempfile::NamedTempFile> {
    temporary_file_as(UNFINISHED.0, folder)
}

fn temporary_file_as(begins: &str, folder: &Path) -> io::Result<tempfile::NamedTempFile> {
    build_file(tempfile::Builder::new().prefix(begins), folder)
}

/// The temporary file that becomes a certain one, `.accolade-NAME.part` beside it; it takes the
/// place of one that was left there when the program was killed. Nobody else may be writing it.
///
/// # Errors
/// When it cannot be made.
pub fn part_of(path: &Path) -> io::Result<tempfile::NamedTempFile> {
    let mut begins = OsStr::new(UNFINISHED.0).to_owned();
    begins.push(path.file_name().unwrap_or_default());
    let mut part = begins.clone();
    part.push(UNFINISHED.1);
    let folder = path.parent().unwrap_or(Path::new("."));
    remove_file(&folder.join(part)).map_err(|error| error.source)?;
    build_file(tempfile::Builder::new().prefix(&begins).rand_bytes(0), folder)
}

fn build_file(
    builder: &mut tempfile::Builder<'_, '_>,
    folder: &Path,
) -> io::Result<tempfile::NamedTempFile> {
    builder.suffix(UNFINISHED.1);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}

/// Makes the entries of a folder durable. Windows keeps them so by itself.
///
/// # Errors
/// When the folder cannot be opened or synced.
pub fn sync_folder(folder: &Path) -> Result<(), DiskError> {
    if cfg!(unix) {
        File::open(folder)
            .and_then(|folder| folder.sync_all())
            .map_err(DiskError::on("sync", folder))?;
    }
    Ok(())
}

/// Removes a file; one that is not there counts as removed.
///
/// # Errors
/// When it is there and cannot be removed.
pub fn remove_file(path: &Path) -> Result<(), DiskError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(DiskError::on("remove", path)(error))
        }
        _ => Ok(()),
    }
}

/// Device names that Windows takes for itself, with any ending.
const RESERVED: [&str; 22] = [
    "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8",
    "com9", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];

/// Bytes a file name may have before its ending; file systems end at 255.
const LONGEST_NAME: usize = 200;

/// The text as the name of a file or folder that Linux, macOS and Windows accept and that
/// leads nowhere else: what they forbid becomes `_`.
#[must_use]
pub fn safe_name(text: &str) -> String {
    let forbidden = |c: char| {
        c.is_control()
            || "/\\:*?\"<>|".contains(c)
            || matches!(c, '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    let mut name: String = text.chars().map(|c| if forbidden(c) { '_' } else { c }).collect();
    while name.len() > LONGEST_NAME {
        name.pop();
    }
    let end = name.trim_end_matches([' ', '.']).len();
    if end < name.len() {
        name.truncate(end);
        name.push('_');
    }
    let stem = name.split('.').next().unwrap_or_default().to_lowercase();
    if name.is_empty() || name.starts_with(['.', ' ']) || RESERVED.contains(&stem.as_str()) {
        name.insert(0, '_');
    }
    name
}

/// Whether a path parted by `/` stays below the folder it starts from, on every system.
#[must_use]
pub fn stays_inside(path: &str) -> bool {
    !path.is_empty()
        && !path.contains(['\\', ':', '\0'])
        && Path::new(path).components().all(|part| matches!(part, Component::Normal(_)))
}

/// A finished SHA-256 as it is written down: what it is, a colon, and 64 hexadecimal digits.
#[must_use]
pub fn hex_digest(kind: &str, hash: Sha256) -> String {
    format!("{kind}:{}", hex(hash))
}

/// A finished SHA-256 as 64 hexadecimal digits.
#[must_use]
pub fn hex(hash: Sha256) -> String {
    hash.finalize().iter().fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_nowhere_else() {
        for (text, name) in [
            ("V20200001", "V20200001"),
            ("张城（元乙）", "张城（元乙）"),
            ("../../etc/passwd", "_.._.._etc_passwd"),
            ("a/b", "a_b"),
            ("CON", "_CON"),
            ("nul.txt", "_nul.txt"),
            (".hidden", "_.hidden"),
            ("..", "_"),
            ("dot.", "dot_"),
            ("", "_"),
            ("a\u{202e}b", "a_b"),
        ] {
            assert_eq!(safe_name(text), name);
            assert!(stays_inside(&safe_name(text)));
        }
        assert!(safe_name(&"沈".repeat(255)).len() <= LONGEST_NAME);
    }

    #[test]
    fn paths_outside_are_seen() {
        for path in ["", "/etc", "../a", "a/../../b", "C:/a", "a\\b", "a/./../b"] {
            assert!(!stays_inside(path), "{path}");
        }
        assert!(stays_inside("certificate/2020/volunteer/V20200001"));
    }

    #[test]
    fn a_file_is_replaced_whole_and_nothing_else_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/b/c.txt");
        write_whole(&path, b"one").unwrap();
        write_whole(&path, b"two").unwrap();
        assert_eq!(read(&path, 3).unwrap(), b"two");
        assert!(read(&path, 2).is_err());
        write_bit_by_bit(&path, |file| {
            file.write_all(b"three").map_err(DiskError::on("write", Path::new("c.txt")))
        })
        .unwrap();
        let failed = write_bit_by_bit(&path, |_| {
            Err(DiskError::on("write", Path::new("c.txt"))(io::ErrorKind::StorageFull.into()))
        });
        assert!(failed.is_err());
        assert_eq!(read(&path, 5).unwrap(), b"three");
        let (file, _) = temporary_file(path.parent().unwrap()).unwrap().keep().unwrap();
        drop(file);
        sweep(path.parent().unwrap()).unwrap();
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }
}
