//! A lock: one process writes at a time, and says to the others who it is.

use std::ffi::OsStr;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::DiskError;

/// As much as is read of what a process says of itself, in bytes.
const LARGEST: u64 = 4096;

/// How long to sleep before the lock is tried again.
const PAUSE: Duration = Duration::from_millis(20);

/// A lock, for as long as this lives. A process that is killed gives it back too.
#[derive(Debug)]
pub struct Lock {
    files: Files,
    for_once: bool,
    _file: File,
}

/// Why a lock cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another process has it.
    #[error("{} is writing, and holds {}", holder.as_deref().unwrap_or("another accolade"), lock.display())]
    Busy {
        /// The file that is locked.
        lock: PathBuf,
        /// Who it is, in its own words.
        holder: Option<String>,
    },
    /// Its files cannot be opened or locked.
    #[error(transparent)]
    Disk(#[from] DiskError),
}

/// The files of a lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Files {
    /// The empty file that is locked. It is one of its own because Windows would keep others from
    /// reading a file that is locked.
    pub lock: PathBuf,
    /// Where the process that holds the lock says who it is; it takes the file away at its end.
    pub holder: PathBuf,
}

impl Files {
    /// Those of a lock of this name: `.NAME.lock` and `.NAME.holder`.
    #[must_use]
    pub fn of(folder: &Path, name: &OsStr) -> Self {
        let file = |ending: &str| {
            let mut file = OsStr::new(".").to_owned();
            file.push(name);
            file.push(ending);
            folder.join(file)
        };
        Self { lock: file(".lock"), holder: file(".holder") }
    }
}

impl Lock {
    /// Takes a lock, waiting so long for another process; `who` is for those that will have to
    /// wait for this one.
    ///
    /// # Errors
    /// When another process keeps it, or its files cannot be opened or locked.
    pub fn take(files: Files, who: &str, wait: Duration) -> Result<Self, LockError> {
        let mut waited = Duration::ZERO;
        loop {
            // Anew every time: the one before may have been taken away by who held it.
            let file = OpenOptions::new()
                .write(true)
                .create(true)
                .truncate(false)
                .open(&files.lock)
                .map_err(DiskError::on("open", &files.lock))?;
            match file.try_lock() {
                Ok(()) if !files.lock.exists() => {}
                Ok(()) => {
                    // Writing does not depend on others knowing who writes.
                    let _ = say(&files.holder, who);
                    return Ok(Self { files, for_once: false, _file: file });
                }
                Err(TryLockError::WouldBlock) if waited < wait => {
                    std::thread::sleep(PAUSE);
                    waited += PAUSE;
                }
                Err(TryLockError::WouldBlock) => {
                    let holder = said(&files.holder);
                    return Err(LockError::Busy { lock: files.lock, holder });
                }
                Err(TryLockError::Error(error)) => {
                    return Err(DiskError::on("lock", &files.lock)(error).into());
                }
            }
        }
    }

    /// The same lock, which takes the file that is locked away as well at its end.
    #[must_use]
    pub fn for_once(mut self) -> Self {
        self.for_once = true;
        self
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // What is left behind is written over by the next one.
        let _ = super::remove_file(&self.files.holder);
        if self.for_once {
            let _ = super::remove_file(&self.files.lock);
        }
    }
}

/// Says who holds the lock, in a file of its own: in a folder of many, another may have put a link
/// to somewhere else in its place.
fn say(holder: &Path, who: &str) -> io::Result<()> {
    let _ = super::remove_file(holder);
    File::create_new(holder)?.write_all(who.as_bytes())
}

/// What the process that holds the lock says of itself, if it has got so far.
fn said(holder: &Path) -> Option<String> {
    let bytes = super::read(holder, LARGEST).ok()?;
    let text = String::from_utf8_lossy(&bytes).trim().to_owned();
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_for_once_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::of(folder.path(), OsStr::new("it"));
        for name in ["Ann", "Bob"] {
            let lock = Lock::take(files.clone(), name, Duration::ZERO).unwrap().for_once();
            match Lock::take(files.clone(), "Eve", Duration::from_millis(1)) {
                Err(LockError::Busy { holder, .. }) => assert_eq!(holder.as_deref(), Some(name)),
                other => panic!("{other:?}"),
            }
            drop(lock);
            assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
        }
    }
}
