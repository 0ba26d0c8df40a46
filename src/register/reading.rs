//! How the register is read: a block of lines at a time, so that a large one need not fit into
//! memory twice.

use std::fs::File;
use std::io::{self, BufRead, Read};
use std::path::Path;

use rayon::prelude::*;
use serde::Deserialize;

use super::FILE;
use super::apply::Effect;
use super::event::{Header, VERSION};
use super::journal::RegisterError;
use super::line::Line;
use super::state::Register;
use crate::disk::{self, DiskError};

/// The largest register that is read, in bytes: some ten million certificates.
pub const LARGEST: u64 = 8 << 30;

/// The longest line that is read, in bytes.
const LONGEST: usize = 1 << 24;

/// How much of the file is read at once, in bytes: lines enough for all processors.
const BLOCK: u64 = 1 << 20;

/// What the file says.
#[derive(Debug, Default)]
pub(super) struct Reading {
    pub register: Register,
    /// How many bytes are whole lines.
    pub whole: u64,
    /// A last line that was never finished.
    pub torn: Option<Vec<u8>>,
    /// Whether the last line is whole but for its line break: an editor has taken it away.
    pub unbroken: bool,
    pub findings: Vec<Finding>,
}

/// What is to be said of a line of the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The line, from 1.
    pub line: usize,
    /// What it comes of.
    pub cause: Cause,
    /// What is wrong with it.
    pub message: String,
}

/// What a finding comes of, and so what mends it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// Damage: the line cannot be read, or says what cannot be.
    Damage,
    /// A crash: the last line was never finished, and is set aside by the next command that
    /// writes.
    Crash,
    /// A merge that has given a number to two people; [`Register::conflicts`] has those that
    /// are not settled.
    Conflict,
    /// A merge that has brought back somebody who was forgotten.
    Remembered,
}

/// Reads the register of an issuer's folder; one that is not there yet is empty. Without
/// `lenient`, damage is an error; with it, damaged lines are found and left out.
pub(super) fn read(folder: &Path, lenient: bool) -> Result<Reading, RegisterError> {
    let path = folder.join(FILE);
    let file = match File::open(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Reading::default()),
        file => file.map_err(DiskError::on("read", &path))?,
    };
    let size = file.metadata().map_err(DiskError::on("read", &path))?.len();
    if size > LARGEST {
        let error = io::Error::new(
            io::ErrorKind::FileTooLarge,
            format!("it is larger than the limit of {} MiB", LARGEST >> 20),
        );
        return Err(DiskError::on("read", &path)(error).into());
    }
    parse(file, lenient, &path)
}

/// Reads a register that is no file, such as one that git keeps.
///
/// # Errors
/// When a line of it cannot be read.
pub fn read_bytes(bytes: &[u8]) -> Result<Register, RegisterError> {
    Ok(parse(bytes, false, Path::new(FILE))?.register)
}

/// Reads lines; `path` is for messages.
pub(super) fn parse(
    mut input: impl Read,
    lenient: bool,
    path: &Path,
) -> Result<Reading, RegisterError> {
    let mut reading = Reading::default();
    let mut line = 0;
    let mut block = Vec::new();
    loop {
        let more = input.by_ref().take(BLOCK).read_to_end(&mut block);
        let is_last = more.map_err(DiskError::on("read", path))? == 0;
        let end = if is_last { block.len() } else { whole_lines(&block) };
        if end == 0 && block.len() > LONGEST {
            let message = format!("it is longer than {} MiB", LONGEST >> 20);
            return Err(RegisterError::Line { line: line + 1, message });
        }
        let lines = split(&block[..end]);
        let read: Vec<_> = lines.par_iter().map(|bytes| read_event(bytes)).collect();
        for (bytes, read) in lines.into_iter().zip(read) {
            line += 1;
            let said = match line {
                1 => check_header(bytes).map(|()| None),
                _ => read.and_then(|line| line.map_or(Ok(None), |line| reading.take_in(line))),
            };
            let (cause, message) = match said {
                Ok(None) => (None, String::new()),
                Ok(Some((cause, message))) => (Some(cause), message),
                Err(fault) if !bytes.ends_with(b"\n") && fault.is_of_a_crash(bytes) => {
                    reading.torn = Some(bytes.to_owned());
                    (Some(Cause::Crash), Fault::Unfinished.to_string())
                }
                Err(fault) if lenient && !matches!(fault, Fault::Newer(_)) => {
                    (Some(Cause::Damage), fault.to_string())
                }
                Err(fault) => {
                    return Err(RegisterError::Line { line, message: fault.to_string() });
                }
            };
            reading.findings.extend(cause.map(|cause| Finding { line, cause, message }));
            if reading.torn.is_none() {
                reading.whole += bytes.len() as u64;
                reading.unbroken = !bytes.ends_with(b"\n");
            }
        }
        block.drain(..end);
        if is_last {
            return Ok(reading);
        }
    }
}

/// The lines, each with its line break.
fn split(mut bytes: &[u8]) -> Vec<&[u8]> {
    let mut lines = Vec::new();
    let mut rest = bytes;
    // Faster than to look at every byte; and what is in memory can be read.
    while let Ok(length @ 1..) = rest.skip_until(b'\n') {
        lines.push(&bytes[..length]);
        bytes = rest;
    }
    lines
}

/// The length of the lines that end in a line break.
fn whole_lines(bytes: &[u8]) -> usize {
    bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |place| place + 1)
}

/// What can be wrong with a line.
#[derive(Debug, thiserror::Error)]
enum Fault {
    #[error("it ends in the middle")]
    Unfinished,
    #[error("{0}")]
    Wrong(String),
    #[error("it was written by a newer version of accolade (format {0}, this one reads {VERSION})")]
    Newer(u32),
}

impl Fault {
    /// Whether a crash leaves such a last line: one that ends in the middle, or, where power was
    /// lost before its bytes had reached the disk, one that has NULs in their place.
    fn is_of_a_crash(&self, line: &[u8]) -> bool {
        matches!(self, Self::Unfinished) || line.ends_with(&[0])
    }
}

/// Reads a line of JSON; tells one that a crash has cut off from one that says something else.
fn read_line<'a, T: Deserialize<'a>>(line: &'a [u8]) -> Result<T, Fault> {
    let text = std::str::from_utf8(line).map_err(|error| match error.error_len() {
        Some(_) => Fault::Wrong(format!("it is not UTF-8 (byte {})", error.valid_up_to() + 1)),
        None => Fault::Unfinished,
    })?;
    serde_json::from_str(text).map_err(|error| {
        if error.is_eof() { Fault::Unfinished } else { Fault::Wrong(said(&error)) }
    })
}

/// What the parser says, without the line, which it counts from the one it was given.
fn said(error: &serde_json::Error) -> String {
    let message = error.to_string();
    match message.rsplit_once(" at line 1 column ") {
        Some((message, "0")) => message.to_owned(),
        Some((message, column)) => format!("{message} (byte {column})"),
        None => message,
    }
}

fn check_header(line: &[u8]) -> Result<(), Fault> {
    let header: Header = read_line(line).map_err(|fault| match fault {
        Fault::Wrong(error) => {
            Fault::Wrong(format!("this is not the first line of a register ({error})"))
        }
        other => other,
    })?;
    if header.register != Header::current().register {
        return Err(Fault::Wrong(format!("it is a register of {:?}, not ours", header.register)));
    }
    if header.version > VERSION {
        return Err(Fault::Newer(header.version));
    }
    Ok(())
}

/// Whether a line says nothing of any certificate: it is empty, or a header that a merge has
/// brought from another branch.
pub(super) fn is_silent(line: &[u8]) -> bool {
    let line = line.trim_ascii();
    line.is_empty() || (line.starts_with(b"{\"register\"") && check_header(line).is_ok())
}

/// Reads a line that tells of an event; nothing where it is silent.
fn read_event(line: &[u8]) -> Result<Option<Line<'_>>, Fault> {
    if is_silent(line) { Ok(None) } else { read_line(line).map(Some) }
}

impl Reading {
    /// Takes in the event of a line. Gives back what is to be said of it.
    fn take_in(&mut self, line: Line<'_>) -> Result<Option<(Cause, String)>, Fault> {
        let register = &mut self.register;
        let event = line.into_event(&mut register.texts).map_err(Fault::Wrong)?;
        if let Some(entry) = event.entry()
            && !disk::stays_inside(&entry.certificate.path)
        {
            let path = &entry.certificate.path;
            return Err(Fault::Wrong(format!("the path {path:?} leads out of the folder")));
        }
        let id = event.id().clone();
        Ok(match register.apply(event).map_err(Fault::Wrong)? {
            Effect::Happened | Effect::Repeated => None,
            Effect::Conflict(other) => {
                let name = &register.records()[other].entry.certificate.name;
                Some((Cause::Conflict, format!("{id} had been given to {name} before")))
            }
            Effect::Remembered => Some((
                Cause::Remembered,
                format!("{id} was forgotten, and its person stands in the register all the same"),
            )),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::event::Event;
    use super::super::journal::tests::{HEADER, event};
    use super::*;

    fn parse(text: &str, lenient: bool) -> Result<Reading, RegisterError> {
        super::parse(text.as_bytes(), lenient, Path::new(FILE))
    }

    #[test]
    fn a_register_cut_anywhere_reads_as_a_prefix() {
        let text = format!("{HEADER}{}{}", event("V20200001"), event("V20200002"));
        for end in 0..=text.len() {
            let reading = super::parse(&text.as_bytes()[..end], false, Path::new(FILE)).unwrap();
            let lines = text[..end].matches('\n').count();
            let unbroken = usize::from(end > 0 && text[end..].starts_with('\n'));
            let expected = (lines + unbroken).saturating_sub(1);
            assert_eq!(reading.register.records().len(), expected, "cut at {end}");
            let torn = reading.torn.map_or(0, |torn| torn.len());
            assert_eq!(reading.whole as usize + torn, end);
        }
    }

    #[test]
    fn what_power_that_was_lost_leaves_in_place_of_a_line_is_torn() {
        let text = format!("{HEADER}{}", event("V20200001"));
        for torn in ["\0\0\0\0", "{\"event\":\"iss\0\0\0"] {
            let reading = parse(&format!("{text}{torn}"), false).unwrap();
            assert_eq!(reading.torn.as_deref(), Some(torn.as_bytes()));
            assert_eq!((reading.whole as usize, reading.register.records().len()), (text.len(), 1));
        }
        assert!(parse(&format!("{text}\0\0\n"), false).is_err());
    }

    #[test]
    fn damage_elsewhere_names_its_line() {
        let outside = format!("{HEADER}{}", event("V20200001").replace("a/V", "../V"));
        let newer = HEADER.replace(":1", ":2");
        let stranger = HEADER.replace("accolade", "someone");
        let notes = "my notes".to_owned();
        let later = format!("{HEADER}{{\"event\":\"praised\"}}");
        let torn_inside = format!("{HEADER}{{\"event\"\n{}", event("V20200001"));
        let twice =
            format!("{HEADER}{}", event("V20200001").replace("\"id\"", "\"year\":1,\"id\""));
        let nobody = format!("{HEADER}{}", event("V20200001").replacen("\"name\"", "\"nome\"", 1));
        for (text, line, message) in [
            (outside, 2, "out of the folder"),
            (newer.trim_end().to_owned(), 1, "newer version of accolade"),
            (newer, 1, "newer version of accolade"),
            (stranger, 1, "someone"),
            (notes, 1, "not the first line"),
            (later, 2, "\"praised\" was written by a newer version of accolade"),
            (torn_inside, 2, "in the middle"),
            (twice, 2, "\"year\" stands there twice"),
            (nobody, 2, "it lacks \"name\""),
        ] {
            match parse(&text, false) {
                Err(RegisterError::Line { line: found, message: said }) => {
                    assert_eq!(found, line);
                    assert!(said.contains(message), "{said}");
                    assert!(!said.contains("at line"), "{said}");
                }
                _ => panic!("not refused: {text}"),
            }
        }
    }

    #[test]
    fn every_bad_line_is_found_and_the_good_ones_are_read() {
        let [a, b] = ["V20200001", "V20200002"].map(event);
        let bob = a.replace("\"name\":\"V20200001\"", "\"name\":\"Bob\"");
        let text = format!("{HEADER}{a}nonsense\n{HEADER}\n{b}{{}}\n{bob}{a}{{\"event\":");
        let reading = parse(&text, true).unwrap();
        let found: Vec<_> = reading.findings.iter().map(|f| (f.line, f.cause)).collect();
        let (damage, conflict, crash) = (Cause::Damage, Cause::Conflict, Cause::Crash);
        assert_eq!(found, [(3, damage), (7, damage), (8, conflict), (10, crash)]);
        assert_eq!(reading.findings[2].message, "V20200001 had been given to V20200001 before");
        assert_eq!(reading.register.records().len(), 3);
        assert_eq!(reading.register.conflicts().len(), 1);
    }

    #[test]
    fn fields_of_later_versions_are_kept() {
        let text = format!("{HEADER}{}", event("V20200001"));
        let reading = parse(&text, false).unwrap();
        let entry = &reading.register.records()[0].entry;
        assert_eq!(entry.others.as_ref().unwrap()["later"], true);
        let line = serde_json::to_string(&Event::Issued(entry.clone())).unwrap();
        assert!(line.ends_with(",\"later\":true}"), "{line}");
    }
}
