//! The lines of the register's file, read a block at a time: all processors read its lines, and a
//! large register need not fit into memory twice.

use std::io::{BufRead, Read};
use std::path::Path;

use rayon::prelude::*;
use serde::Deserialize;

use super::event::{Event, Header, VERSION};
use super::journal::RegisterError;
use super::line::{Line, Unknown};
use crate::disk::{self, DiskError};
use crate::text::Texts;

/// The longest line that is read, in bytes.
const LONGEST: usize = 1 << 24;

/// How much of the file is read at once, in bytes: lines enough for all processors.
const BLOCK: u64 = 1 << 20;

/// How many lines one processor reads one after the other; what they share is held once.
const TOGETHER: usize = 256;

/// A line that has been read.
pub(super) struct Told {
    /// Which, from 1.
    pub line: usize,
    /// How many bytes it has, with its line break.
    pub length: usize,
    /// The line itself where it has no line break.
    pub rest: Option<Vec<u8>>,
    /// What it tells of; nothing where it is silent.
    pub event: Result<Option<Event>, Fault>,
}

/// The lines of a register, as many at once as all processors can read.
pub(super) struct Blocks<'a, R> {
    input: R,
    path: &'a Path,
    /// What has been read and not been told yet: a part of a line.
    rest: Vec<u8>,
    /// How many lines have been told.
    lines: usize,
    is_over: bool,
}

impl<'a, R: Read + Send> Blocks<'a, R> {
    pub fn of(input: R, path: &'a Path) -> Self {
        Self { input, path, rest: Vec::new(), lines: 0, is_over: false }
    }

    /// The next lines; nothing after the last.
    pub fn next(&mut self) -> Result<Option<Vec<Told>>, RegisterError> {
        if self.is_over {
            return Ok(None);
        }
        let more = self.input.by_ref().take(BLOCK).read_to_end(&mut self.rest);
        self.is_over = more.map_err(DiskError::on("read", self.path))? == 0;
        let end = if self.is_over { self.rest.len() } else { whole_lines(&self.rest) };
        if end == 0 && self.rest.len() > LONGEST {
            let message = format!("it is longer than {} MiB", LONGEST >> 20);
            return Err(RegisterError::Line { line: self.lines + 1, message, newer: false });
        }
        let lines = split(&self.rest[..end]);
        let first = self.lines + 1;
        let told = lines.par_chunks(TOGETHER).enumerate().flat_map_iter(|(chunk, lines)| {
            let mut texts = Texts::default();
            let numbers = first + chunk * TOGETHER..;
            let told = numbers.zip(lines).map(|(line, bytes)| Told {
                line,
                length: bytes.len(),
                rest: (!bytes.ends_with(b"\n")).then(|| bytes.to_vec()),
                event: match line {
                    1 => check_header(bytes).map(|()| None),
                    _ => read_event(bytes, &mut texts),
                },
            });
            told.collect::<Vec<_>>()
        });
        let told: Vec<Told> = told.collect();
        self.lines += told.len();
        self.rest.drain(..end);
        Ok(Some(told))
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
pub(super) enum Fault {
    #[error("it ends in the middle")]
    Unfinished,
    #[error("{0}")]
    Wrong(String),
    #[error(
        "it was written by a newer version of accolade (format {0}, this one reads {VERSION}); \
         upgrade accolade"
    )]
    Newer(u32),
    #[error(transparent)]
    Unknown(Unknown),
}

impl Fault {
    /// Whether a crash leaves such a last line: one that ends in the middle, or, where power was
    /// lost before its bytes had reached the disk, one that has NULs in their place.
    pub fn is_of_a_crash(&self, line: &[u8]) -> bool {
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

/// Reads a line that tells of an event; nothing where it is silent. What many lines say is held
/// once.
fn read_event(bytes: &[u8], texts: &mut Texts) -> Result<Option<Event>, Fault> {
    if is_silent(bytes) {
        return Ok(None);
    }
    let line: Line<'_> = read_line(bytes)?;
    line.check_known().map_err(Fault::Unknown)?;
    let event = line.into_event(texts).map_err(Fault::Wrong)?;
    match event.entry().map(|entry| &entry.certificate.path) {
        Some(path) if !disk::stays_inside(path) => {
            Err(Fault::Wrong(format!("the path {path:?} leads out of the folder")))
        }
        _ => Ok(Some(event)),
    }
}
