//! How the register is read and written: whole lines, appended under a lock and synced before
//! any certificate leaves the house.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::event::{Event, Header, VERSION};
use super::state::Register;
use crate::disk::{self, DiskError};

/// The name of the register in an issuer's folder.
pub const FILE: &str = "register.jsonl";

/// The empty file that is locked while the register is written. It is one of its own because
/// Windows would keep others from reading a file that is locked.
pub const LOCK: &str = ".register.lock";

/// Where the last line goes that a crash has left unfinished.
pub const TORN: &str = "register.torn";

/// The largest register that is read, in bytes: some ten million certificates.
const LARGEST: u64 = 8 << 30;

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
    },
    /// Someone else is writing.
    #[error("another accolade is writing the register, and holds {}", .0.display())]
    Busy(PathBuf),
}

/// The right to write the register: one process has it at a time.
#[derive(Debug)]
pub struct Journal {
    register: Register,
    path: PathBuf,
    length: u64,
    torn: Option<String>,
    _lock: File,
}

/// Reads the register of an issuer's folder; one that is not there yet is empty. A last line
/// that was never finished counts as never written.
///
/// # Errors
/// When the file or a line of it cannot be read.
pub fn read(folder: &Path) -> Result<Register, RegisterError> {
    match disk::read(&folder.join(FILE), LARGEST) {
        Ok(bytes) => Ok(parse(&bytes)?.register),
        Err(error) if error.is_missing() => Ok(Register::default()),
        Err(error) => Err(error.into()),
    }
}

impl Journal {
    /// Takes the lock, waiting so long for another process to give it back, and reads the
    /// register, setting aside a torn last line.
    ///
    /// # Errors
    /// When another process keeps the lock, or the register cannot be read or written.
    pub fn open(folder: &Path, wait: Duration) -> Result<Self, RegisterError> {
        let lock = lock(&folder.join(LOCK), wait)?;
        let path = folder.join(FILE);
        let bytes = match disk::read(&path, LARGEST) {
            Err(error) if error.is_missing() => Vec::new(),
            bytes => bytes?,
        };
        let Parsed { register, whole, torn } = parse(&bytes)?;
        let mut journal = Self { register, path, length: whole as u64, torn, _lock: lock };
        if let Some(torn) = &journal.torn {
            disk::write_whole(&folder.join(TORN), torn.as_bytes())?;
            journal.cut()?;
        } else if bytes.last().is_some_and(|byte| *byte != b'\n') {
            // The last line is whole but for its line break: an editor has taken it away.
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
            self.register.apply(event).map_err(|message| RegisterError::Line {
                line: self.register.events() + 1,
                message,
            })?;
        }
        self.write(&lines)
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

/// How long to sleep before the lock is tried again.
const PAUSE: Duration = Duration::from_millis(20);

fn lock(path: &Path, wait: Duration) -> Result<File, RegisterError> {
    let file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)
        .map_err(DiskError::on("open", path))?;
    let mut waited = Duration::ZERO;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) if waited < wait => {
                std::thread::sleep(PAUSE);
                waited += PAUSE;
            }
            Err(TryLockError::WouldBlock) => {
                return Err(RegisterError::Busy(path.to_owned()));
            }
            Err(TryLockError::Error(error)) => {
                return Err(DiskError::on("lock", path)(error).into());
            }
        }
    }
}

/// Adds a value as a line of JSON.
fn line(value: &impl Serialize, lines: &mut Vec<u8>) {
    serde_json::to_writer(&mut *lines, value)
        .map_err(io::Error::from)
        .expect("writing to memory cannot fail, and an event has only strings for keys");
    lines.push(b'\n');
}

/// What the bytes of a register say.
struct Parsed {
    register: Register,
    /// How many bytes are whole lines.
    whole: usize,
    torn: Option<String>,
}

fn parse(bytes: &[u8]) -> Result<Parsed, RegisterError> {
    let mut register = Register::default();
    let mut whole = 0;
    for (index, line) in bytes.split_inclusive(|byte| *byte == b'\n').enumerate() {
        let result = if index == 0 { check_header(line) } else { apply(line, &mut register) };
        match result {
            Ok(()) => whole += line.len(),
            Err(Fault::Unfinished) if !line.ends_with(b"\n") => {
                let torn = String::from_utf8_lossy(line).into_owned();
                return Ok(Parsed { register, whole, torn: Some(torn) });
            }
            Err(fault) => {
                return Err(RegisterError::Line { line: index + 1, message: fault.to_string() });
            }
        }
    }
    Ok(Parsed { register, whole, torn: None })
}

/// What can be wrong with a line.
#[derive(Debug, thiserror::Error)]
enum Fault {
    #[error("it ends in the middle")]
    Unfinished,
    #[error("{0}")]
    Wrong(String),
}

/// Reads a line of JSON; tells one that a crash has cut off from one that says something else.
fn read_line<T: DeserializeOwned>(line: &[u8]) -> Result<T, Fault> {
    serde_json::from_slice(line).map_err(|error| {
        let cut = std::str::from_utf8(line).is_err_and(|error| error.error_len().is_none());
        if error.is_eof() || cut { Fault::Unfinished } else { Fault::Wrong(error.to_string()) }
    })
}

fn check_header(line: &[u8]) -> Result<(), Fault> {
    let header: Header = read_line(line).map_err(|fault| match fault {
        Fault::Wrong(error) => {
            Fault::Wrong(format!("this is not the first line of a register ({error})"))
        }
        unfinished @ Fault::Unfinished => unfinished,
    })?;
    if header.register != Header::current().register {
        return Err(Fault::Wrong(format!("it is a register of {:?}, not ours", header.register)));
    }
    if header.version > VERSION {
        return Err(Fault::Wrong(format!(
            "it was written by a newer version of accolade (format {}, this one reads {VERSION})",
            header.version
        )));
    }
    Ok(())
}

fn apply(line: &[u8], register: &mut Register) -> Result<(), Fault> {
    if line.trim_ascii().is_empty() {
        return Ok(());
    }
    let event: Event = read_line(line)?;
    if let Event::Issued(entry) | Event::Reissued { entry, .. } = &event
        && !disk::stays_inside(&entry.certificate.path)
    {
        let path = &entry.certificate.path;
        return Err(Fault::Wrong(format!("the path {path:?} leads out of the folder")));
    }
    register.apply(event).map_err(Fault::Wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "{\"register\":\"accolade\",\"version\":1}\n";

    fn event(id: &str) -> String {
        format!(
            "{{\"event\":\"issued\",\"id\":\"{id}\",\"category\":\"volunteer\",\"year\":2020,\
             \"name\":\"{id}\",\"date\":\"2021-02-01\",\"title\":\"t\",\"issuer\":\"i\",\
             \"language\":\"en\",\"url\":\"u\",\"path\":\"a/{id}\",\"later\":true,\
             \"template\":{{\"name\":\"classic\",\"digest\":\"d\"}},\"files\":{{}}}}\n"
        )
    }

    #[test]
    fn a_register_cut_anywhere_reads_as_a_prefix() {
        let text = format!("{HEADER}{}{}", event("V20200001"), event("V20200002"));
        for end in 0..=text.len() {
            let parsed = parse(&text.as_bytes()[..end]).unwrap();
            let lines = text[..end].matches('\n').count();
            let unbroken = usize::from(end > 0 && text[end..].starts_with('\n'));
            let expected = (lines + unbroken).saturating_sub(1);
            assert_eq!(parsed.register.records().len(), expected, "cut at {end}");
        }
    }

    #[test]
    fn damage_elsewhere_names_its_line() {
        let twice = format!("{HEADER}{}{}", event("V20200001"), event("V20200001"));
        let outside = format!("{HEADER}{}", event("V20200001").replace("a/V", "../V"));
        let newer = HEADER.replace(":1", ":2");
        let stranger = HEADER.replace("accolade", "someone");
        let notes = "my notes".to_owned();
        let later = format!("{HEADER}{{\"event\":\"moved\"}}");
        let torn_inside = format!("{HEADER}{{\"event\"\n{}", event("V20200001"));
        for (text, line) in [
            (twice, 3),
            (outside, 2),
            (newer.trim_end().to_owned(), 1),
            (newer, 1),
            (stranger, 1),
            (notes, 1),
            (later, 2),
            (torn_inside, 2),
        ] {
            match parse(text.as_bytes()) {
                Err(RegisterError::Line { line: found, .. }) => assert_eq!(found, line),
                _ => panic!("not refused: {text}"),
            }
        }
    }

    #[test]
    fn a_torn_line_is_cut_off_and_the_next_goes_in_its_place() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE);
        std::fs::write(&path, format!("{HEADER}{}{{\"event\":\"iss", event("V20200001"))).unwrap();
        let mut journal = Journal::open(folder.path(), Duration::ZERO).unwrap();
        assert_eq!(journal.torn(), Some("{\"event\":\"iss"));
        let next = serde_json::from_str(&event("V20200002")).unwrap();
        journal.append(vec![next]).unwrap();
        drop(journal);
        assert_eq!(read(folder.path()).unwrap().records().len(), 2);
    }

    #[test]
    fn one_process_writes_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::open(folder.path(), Duration::ZERO).unwrap();
        assert!(matches!(
            Journal::open(folder.path(), Duration::ZERO),
            Err(RegisterError::Busy(_))
        ));
        drop(journal);
        Journal::open(folder.path(), Duration::ZERO).unwrap();
    }
}
