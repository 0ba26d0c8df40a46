//! How the register is read and written: whole lines, appended under a lock and synced before
//! any certificate leaves the house.

use std::ffi::OsStr;
use std::fs::{File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Serialize;
use serde_json::{Map, Value};

use super::FILE;
use super::apply::Effect;
use super::blocks;
use super::event::{Event, Header};
use super::reading::{self, Finding, Reading};
use super::state::{Conflict, Register};
use crate::disk::{self, DiskError, Lock, LockError, LockFiles};

/// Where the last line goes that a crash has left unfinished.
pub const TORN: &str = "register.torn";

/// The lock on the register of an issuer's folder: `.register.lock`.
fn lock(folder: &Path) -> LockFiles {
    LockFiles::of(folder, OsStr::new("register"))
}

/// Why the register cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    /// A file or folder would not.
    #[error(transparent)]
    Disk(#[from] DiskError),
    /// A line cannot be read.
    #[error("{FILE}, line {line}: {message}")]
    Line {
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        message: String,
        /// Whether a newer version of this program could read it.
        newer: bool,
    },
    /// A merge has given numbers to several people, and nothing is written before that is
    /// settled.
    #[error("a merge has given {}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Conflicts(Vec<Conflict>),
    /// A command would have written what cannot be.
    #[error("this does not go into the register: {0}")]
    Refused(String),
    /// Someone else is writing.
    #[error(transparent)]
    Lock(#[from] LockError),
}

/// The right to write the register: one process has it at a time.
#[derive(Debug)]
pub struct Journal {
    register: Register,
    path: PathBuf,
    length: u64,
    torn: Option<String>,
    _lock: Lock,
}

/// Reads the register of an issuer's folder; one that is not there yet is empty. A last line
/// that was never finished counts as never written, and numbers that a merge has given twice
/// are [`Register::conflicts`].
///
/// # Errors
/// When the file or a line of it cannot be read.
pub fn read(folder: &Path) -> Result<Register, RegisterError> {
    Ok(reading::read(folder, false)?.register)
}

/// Reads the register for somebody who looks for what is wrong with it: goes on after damaged
/// lines, and gives back all that is to be said, in the order of the lines.
///
/// # Errors
/// When the file cannot be read, or was written by a newer version.
pub fn verify(folder: &Path) -> Result<(Register, Vec<Finding>), RegisterError> {
    let reading = reading::read(folder, true)?;
    Ok((reading.register, reading.findings))
}

impl Journal {
    /// Takes the lock, waiting so long for another process to give it back, and reads the
    /// register, setting aside a torn last line. `who` is asking: others that have to wait will
    /// be told.
    ///
    /// # Errors
    /// When another process keeps the lock, the register cannot be read or written, or a merge
    /// has given a number twice.
    pub fn open(folder: &Path, who: &str, wait: Duration) -> Result<Self, RegisterError> {
        let journal = Self::open_to_settle(folder, who, wait)?;
        match journal.register.conflicts() {
            none if none.is_empty() => Ok(journal),
            conflicts => Err(RegisterError::Conflicts(conflicts)),
        }
    }

    /// The same, for somebody who is going to settle what a merge has brought.
    ///
    /// # Errors
    /// When another process keeps the lock, or the register cannot be read or written.
    pub fn open_to_settle(folder: &Path, who: &str, wait: Duration) -> Result<Self, RegisterError> {
        let lock = Lock::take(lock(folder), who, wait)?;
        let path = folder.join(FILE);
        sweep(&path)?;
        let Reading { register, whole, torn, unbroken, .. } = reading::read(folder, false)?;
        let torn_text = torn.as_deref().map(|torn| String::from_utf8_lossy(torn).into_owned());
        let mut journal = Self { register, path, length: whole, torn: torn_text, _lock: lock };
        if let Some(torn) = torn {
            set_aside(&folder.join(TORN), torn)?;
            journal.cut()?;
        } else if unbroken {
            journal.write(b"\n")?;
        }
        Ok(journal)
    }

    /// What the register says.
    #[must_use]
    pub fn register(&self) -> &Register {
        &self.register
    }

    /// The last line, where a crash had left it unfinished; it has been moved to [`TORN`].
    #[must_use]
    pub fn torn(&self) -> Option<&str> {
        self.torn.as_deref()
    }

    /// Appends events, all or none: when this returns they are on the disk.
    ///
    /// # Errors
    /// When an event cannot have happened, or the file cannot be written; then the register
    /// stays as it was.
    pub fn append(&mut self, events: Vec<Event>) -> Result<(), RegisterError> {
        let mut lines = Vec::new();
        if self.length == 0 {
            line(&Header::current(), &mut lines);
        }
        for event in &events {
            line(event, &mut lines);
        }
        for event in events {
            if let Some(message) = self.register.refusal(&event) {
                return Err(RegisterError::Refused(message));
            }
            let told = format!("{} has been told before", event.id());
            match self.register.apply(event) {
                Ok(Effect::Happened) => {}
                Ok(_) => return Err(RegisterError::Refused(told)),
                Err(message) => return Err(RegisterError::Refused(message)),
            }
        }
        self.write(&lines)
    }

    /// Lets `change` change the lines that are there, each an object whose order and unknown
    /// fields stay, and appends events: the file is replaced whole, or stays as it was.
    /// `change` says whether it has changed the line; the others stay as they are, byte for byte.
    ///
    /// # Errors
    /// When the lines no longer tell of the same certificates, or the file cannot be written.
    pub fn rewrite(
        &mut self,
        mut change: impl FnMut(&mut Map<String, Value>) -> bool,
        events: &[Event],
    ) -> Result<(), RegisterError> {
        let path = self.path.canonicalize().map_err(DiskError::on("read", &self.path))?;
        let old = disk::read(&path, u64::MAX - 1)?;
        let mut new = Vec::with_capacity(old.len());
        for (index, bytes) in old.split_inclusive(|byte| *byte == b'\n').enumerate() {
            if index == 0 || blocks::is_silent(bytes) {
                new.extend_from_slice(bytes);
                continue;
            }
            let mut object = serde_json::from_slice(bytes).map_err(|error| {
                RegisterError::Line { line: index + 1, message: error.to_string(), newer: false }
            })?;
            if change(&mut object) {
                line(&object, &mut new);
            } else {
                new.extend_from_slice(bytes);
            }
        }
        drop(old);
        for event in events {
            line(event, &mut new);
        }
        let reading = reading::parse(new.as_slice(), false, &path)?;
        let same = |a: &Register, b: &Register| {
            let states = |register: &Register| -> Vec<_> {
                register.records().iter().map(|r| (r.revision, r.status.to_string())).collect()
            };
            states(a) == states(b) && a.conflicts().len() == b.conflicts().len()
        };
        if reading.torn.is_some() || !same(&reading.register, &self.register) {
            let message = "the other certificates would not stay as they are".to_owned();
            return Err(RegisterError::Refused(message));
        }
        disk::write_whole_as(UNFINISHED, &path, &new)?;
        if let Some(folder) = path.parent() {
            disk::sync_folder(folder)?;
        }
        self.register = reading.register;
        self.length = new.len() as u64;
        Ok(())
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), RegisterError> {
        let new = self.length == 0;
        let written = self.open_file().and_then(|mut file| {
            file.seek(SeekFrom::Start(self.length))?;
            file.write_all(bytes)?;
            file.sync_data()
        });
        if let Err(error) = written {
            // Take back what did get written; should that fail too, the torn line is seen and
            // set aside when the register is next opened.
            let _ = self.cut();
            return Err(DiskError::on("write", &self.path)(error).into());
        }
        self.length += bytes.len() as u64;
        if let (true, Some(folder)) = (new, self.path.parent()) {
            disk::sync_folder(folder)?;
        }
        Ok(())
    }

    /// Takes off what stands behind the last whole line.
    fn cut(&self) -> Result<(), RegisterError> {
        self.open_file()
            .and_then(|file| {
                file.set_len(self.length)?;
                file.sync_data()
            })
            .map_err(DiskError::on("write", &self.path))?;
        Ok(())
    }

    fn open_file(&self) -> io::Result<File> {
        OpenOptions::new().write(true).create(true).truncate(false).open(&self.path)
    }
}

/// How the name of a register begins that is to take the place of another: certificates may be
/// written beside it by others meanwhile.
const UNFINISHED: &str = ".accolade-register-";

/// Takes away what a crash has left of a register that was to be replaced, where it lies: it may
/// have the names of those who were to be forgotten.
fn sweep(path: &Path) -> Result<(), DiskError> {
    let real = path.canonicalize();
    let folder = real.as_deref().unwrap_or(path).parent();
    folder.map_or(Ok(()), |folder| disk::sweep_as(UNFINISHED, folder))
}

/// Adds a torn line to those that were set aside before.
fn set_aside(path: &Path, mut torn: Vec<u8>) -> Result<(), DiskError> {
    torn.push(b'\n');
    OpenOptions::new()
        .append(true)
        .create(true)
        .open(path)
        .and_then(|mut file| {
            file.write_all(&torn)?;
            file.sync_data()
        })
        .map_err(DiskError::on("write", path))
}

/// Adds a value as a line of JSON.
fn line(value: &impl Serialize, lines: &mut Vec<u8>) {
    serde_json::to_writer(&mut *lines, value)
        .map_err(io::Error::from)
        .expect("writing to memory cannot fail, and an event has only strings for keys");
    lines.push(b'\n');
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub const HEADER: &str = "{\"register\":\"accolade\",\"version\":1}\n";

    pub fn event(id: &str) -> String {
        format!(
            "{{\"event\":\"issued\",\"id\":\"{id}\",\"category\":\"volunteer\",\"year\":2020,\
             \"name\":\"{id}\",\"date\":\"2021-02-01\",\"title\":\"t\",\"issuer\":\"i\",\
             \"language\":\"en\",\"url\":\"u\",\"path\":\"a/{id}\",\"later\":true,\
             \"template\":{{\"name\":\"classic\",\"digest\":\"d\"}},\"files\":{{}}}}\n"
        )
    }

    #[test]
    fn a_torn_line_is_set_aside_and_the_next_goes_in_its_place() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE);
        std::fs::write(&path, format!("{HEADER}{}", event("V20200001"))).unwrap();
        for (torn, next) in [("{\"event\":\"iss", "V20200002"), ("{\"ev", "V20200003")] {
            let mut file = OpenOptions::new().append(true).open(&path).unwrap();
            file.write_all(torn.as_bytes()).unwrap();
            let mut journal = Journal::open(folder.path(), "test", Duration::ZERO).unwrap();
            assert_eq!(journal.torn(), Some(torn));
            journal.append(vec![serde_json::from_str(&event(next)).unwrap()]).unwrap();
        }
        assert_eq!(read(folder.path()).unwrap().records().len(), 3);
        // None takes the place of an earlier one.
        let torn = std::fs::read_to_string(folder.path().join(TORN)).unwrap();
        assert_eq!(torn, "{\"event\":\"iss\n{\"ev\n");
    }

    #[test]
    fn one_process_writes_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::open(folder.path(), "Ann", Duration::ZERO).unwrap();
        match Journal::open(folder.path(), "Bob", Duration::ZERO) {
            Err(RegisterError::Lock(LockError::Busy { holder, .. })) => {
                assert_eq!(holder.as_deref(), Some("Ann"));
            }
            other => panic!("{other:?}"),
        }
        drop(journal);
        assert!(!lock(folder.path()).holder.exists());
        Journal::open(folder.path(), "Bob", Duration::ZERO).unwrap();
    }

    #[test]
    fn nothing_is_written_before_a_merge_is_settled() {
        let folder = tempfile::tempdir().unwrap();
        let bob = event("V20200001").replace("\"name\":\"V20200001\"", "\"name\":\"Bob\"");
        std::fs::write(folder.path().join(FILE), format!("{HEADER}{}{bob}", event("V20200001")))
            .unwrap();
        let refused = Journal::open(folder.path(), "test", Duration::ZERO).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "a merge has given V20200001 (volunteer 2020) to V20200001 and to Bob"
        );
        let mut journal = Journal::open_to_settle(folder.path(), "test", Duration::ZERO).unwrap();
        let renumbered = bob
            .replace("\"issued\"", "\"renumbered\"")
            .replace("\"id\":\"V20200001\"", "\"id\":\"V20200002\",\"formerly\":\"V20200001\"");
        journal.append(vec![serde_json::from_str(&renumbered).unwrap()]).unwrap();
        drop(journal);
        Journal::open(folder.path(), "test", Duration::ZERO).unwrap();
    }

    #[test]
    fn a_number_is_not_given_twice_by_a_command() {
        let folder = tempfile::tempdir().unwrap();
        let mut journal = Journal::open(folder.path(), "test", Duration::ZERO).unwrap();
        let issued = |id: &str| serde_json::from_str::<Event>(&event(id)).unwrap();
        journal.append(vec![issued("V20200001")]).unwrap();
        let before = std::fs::read(folder.path().join(FILE)).unwrap();
        drop(journal);
        for events in [vec![issued("V20200001")], vec![issued("V20200002"), issued("V20200002")]] {
            let mut journal = Journal::open(folder.path(), "test", Duration::ZERO).unwrap();
            assert!(matches!(journal.append(events), Err(RegisterError::Refused(_))));
        }
        assert_eq!(std::fs::read(folder.path().join(FILE)).unwrap(), before);
    }

    #[test]
    fn lines_are_rewritten_with_all_that_is_in_them() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE);
        let [a, b] = ["V20200001", "V20200002"].map(event);
        std::fs::write(&path, format!("{HEADER}{a}{HEADER}{}", b.replace(':', " : "))).unwrap();
        let mut journal = Journal::open(folder.path(), "test", Duration::ZERO).unwrap();
        let forgotten =
            Event::Forgotten { id: "V20200001".into(), category: "volunteer".into(), year: 2020 };
        let blank = |line: &mut Map<String, Value>| {
            let theirs = line["id"] == "V20200001";
            if theirs {
                line["name"] = Value::from("");
            }
            theirs
        };
        journal.rewrite(blank, std::slice::from_ref(&forgotten)).unwrap();
        assert!(journal.register().records()[0].forgotten);
        let blanked = a.replace("\"name\":\"V20200001\"", "\"name\":\"\"");
        let b = b.replace(':', " : ");
        let text = std::fs::read_to_string(&path).unwrap();
        let end = "{\"event\":\"forgotten\",\"id\":\"V20200001\",\"category\":\"volunteer\",\"year\":2020}\n";
        assert_eq!(text, format!("{HEADER}{blanked}{HEADER}{b}{end}"));
        assert!(journal.rewrite(|line| line.remove("id").is_some(), &[forgotten]).is_err());
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
        journal.append(vec![serde_json::from_str(&event("V20200003")).unwrap()]).unwrap();
        assert_eq!(read(folder.path()).unwrap().records().len(), 3);
    }
}
