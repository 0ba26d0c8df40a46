//! Files that are read: whole, up to a limit, and never a pipe that might have no end.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use super::DiskError;

/// Reads a whole file of at most `limit` bytes.
///
/// # Errors
/// When it cannot be read or is larger.
pub fn read(path: &Path, limit: u64) -> Result<Vec<u8>, DiskError> {
    open(path).and_then(|file| read_all(file, limit)).map_err(DiskError::on("read", path))
}

/// Opens a file to read it. What is no file, such as a pipe, would be waited for without end, and
/// is refused; a folder is the system's to refuse.
///
/// # Errors
/// When it cannot be opened, or is no file.
pub fn open(path: &Path) -> io::Result<File> {
    let check = |found: fs::Metadata| {
        let is_one = found.is_file() || found.is_dir();
        if is_one { Ok(()) } else { Err(io::Error::other("it is no file")) }
    };
    // To open a pipe is to wait for it; and once it is open, it is sure which it was.
    check(fs::metadata(path)?)?;
    let file = File::open(path)?;
    check(file.metadata()?)?;
    Ok(file)
}

/// Reads to the end, of at most `limit` bytes.
///
/// # Errors
/// When it cannot be read or is larger.
pub fn read_all(file: impl io::Read, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    io::Read::read_to_end(&mut io::Read::take(file, limit + 1), &mut bytes)?;
    if bytes.len() as u64 > limit {
        return Err(io::Error::new(
            io::ErrorKind::FileTooLarge,
            format!("it is larger than the limit of {} MiB", limit >> 20),
        ));
    }
    Ok(bytes)
}

/// Reads a whole file of at most `limit` bytes that lies in a folder; links that lead out of it
/// are not followed.
///
/// # Errors
/// When it cannot be read, is larger, or lies elsewhere.
pub fn read_inside(folder: &Path, file: &str, limit: u64) -> Result<Vec<u8>, DiskError> {
    let path = folder.join(file);
    let real = |path: &Path| path.canonicalize().map_err(DiskError::on("read", path));
    if !real(&path)?.starts_with(real(folder)?) {
        let message = "it is a link that leads out of its folder";
        let error = io::Error::other(message);
        return Err(DiskError::on("read", &path)(error));
    }
    read(&path, limit)
}

/// Reads a whole text file of at most `limit` bytes.
///
/// # Errors
/// When it cannot be read, is larger, or is not UTF-8.
pub fn read_text(path: &Path, limit: u64) -> Result<String, DiskError> {
    String::from_utf8(read(path, limit)?).map_err(|error| {
        DiskError::on("read", path)(io::Error::new(
            io::ErrorKind::InvalidData,
            format!("it is not UTF-8 (byte {})", error.utf8_error().valid_up_to() + 1),
        ))
    })
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_file_is_not_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        for path in [&*pipe, Path::new("/dev/zero"), folder.path()] {
            assert!(read(path, 9).is_err(), "{}", path.display());
        }
    }
}
