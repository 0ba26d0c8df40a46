//! The lock on the register: one process writes at a time, and says to the others who it is.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::journal::RegisterError;
use crate::disk::{self, DiskError};

/// The empty file that is locked while the register is written. It is one of its own because
/// Windows would keep others from reading a file that is locked.
pub const LOCK: &str = ".register.lock";

/// Where the process that holds the lock says who it is; it takes the file away at its end.
pub const HOLDER: &str = ".register.holder";

/// As much as is read of what a process says of itself, in bytes.
const LARGEST: u64 = 4096;

/// How long to sleep before the lock is tried again.
const PAUSE: Duration = Duration::from_millis(20);

/// The lock, for as long as this lives. A process that is killed gives it back too.
#[derive(Debug)]
pub(super) struct Lock {
    holder: PathBuf,
    _file: File,
}

impl Lock {
    /// Takes the lock of an issuer's folder, waiting so long for another process; `who` is for
    /// those that will have to wait for this one.
    pub fn take(folder: &Path, who: &str, wait: Duration) -> Result<Self, RegisterError> {
        let (path, holder) = (folder.join(LOCK), folder.join(HOLDER));
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(DiskError::on("open", &path))?;
        let mut waited = Duration::ZERO;
        loop {
            match file.try_lock() {
                Ok(()) => {
                    // Writing does not depend on others knowing who writes.
                    let _ = std::fs::write(&holder, who);
                    return Ok(Self { holder, _file: file });
                }
                Err(TryLockError::WouldBlock) if waited < wait => {
                    std::thread::sleep(PAUSE);
                    waited += PAUSE;
                }
                Err(TryLockError::WouldBlock) => {
                    return Err(RegisterError::Busy { lock: path, holder: said(&holder) });
                }
                Err(TryLockError::Error(error)) => {
                    return Err(DiskError::on("lock", &path)(error).into());
                }
            }
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // What is left behind is written over by the next one.
        let _ = disk::remove_file(&self.holder);
    }
}

/// What the process that holds the lock says of itself, if it has got so far.
fn said(holder: &Path) -> Option<String> {
    let bytes = disk::read(holder, LARGEST).ok()?;
    let text = String::from_utf8_lossy(&bytes).trim().to_owned();
    (!text.is_empty()).then_some(text)
}
