//! How the register is read: what its lines come to, and what is to be said of them.

use std::io::{self, Read};
use std::path::Path;

use super::FILE;
use super::apply::Effect;
use super::blocks::{Blocks, Fault, Told};
use super::event::Event;
use super::journal::RegisterError;
use super::state::Register;
use crate::disk::{self, DiskError};

/// The largest register that is read, in bytes: some ten million certificates.
pub const LARGEST: u64 = 8 << 30;

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
    /// A merge that has brought two reissues of one revision; [`Register::divergences`] has those
    /// that are not settled.
    Divergence,
    /// A merge that has brought back somebody who was forgotten: their place among the records.
    Remembered(usize),
    /// A newer version of this program, which knows what the line says.
    Newer,
}

/// Reads the register of an issuer's folder; one that is not there yet is empty. Without
/// `lenient`, damage is an error; with it, damaged lines are found and left out.
pub(super) fn read(folder: &Path, lenient: bool) -> Result<Reading, RegisterError> {
    let path = folder.join(FILE);
    let file = match disk::open(&path) {
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

/// Whether these are the bytes of a register, by how they begin.
#[must_use]
pub fn is_register(bytes: &[u8]) -> bool {
    bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes).starts_with(b"{\"register\"")
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
    input: impl Read + Send,
    lenient: bool,
    path: &Path,
) -> Result<Reading, RegisterError> {
    let mut reading = Reading::default();
    let mut blocks = Blocks::of(input, path);
    let mut block = blocks.next()?;
    while let Some(lines) = block {
        // One block is read while the one before it is taken in.
        let (next, taken_in) =
            rayon::join(|| blocks.next(), || reading.take_in_all(lines, lenient));
        taken_in?;
        block = next?;
    }
    Ok(reading)
}

impl Reading {
    fn take_in_all(&mut self, lines: Vec<Told>, lenient: bool) -> Result<(), RegisterError> {
        for Told { line, length, rest, event } in lines {
            let is_broken_off = rest.is_some();
            let said = event.and_then(|event| event.map_or(Ok(None), |event| self.take_in(event)));
            let (cause, message) = match (said, rest) {
                (Ok(None), _) => (None, String::new()),
                (Ok(Some((cause, message))), _) => (Some(cause), message),
                (Err(fault), Some(rest)) if fault.is_of_a_crash(&rest) => {
                    self.torn = Some(rest);
                    (Some(Cause::Crash), Fault::Unfinished.to_string())
                }
                (Err(Fault::Unknown(event)), _) if lenient => {
                    (Some(Cause::Newer), Fault::Unknown(event).to_string())
                }
                (Err(fault), _) if lenient && !matches!(fault, Fault::Newer(_)) => {
                    (Some(Cause::Damage), fault.to_string())
                }
                (Err(fault), _) => {
                    let newer = matches!(fault, Fault::Newer(_) | Fault::Unknown(_));
                    return Err(RegisterError::Line { line, message: fault.to_string(), newer });
                }
            };
            self.findings.extend(cause.map(|cause| Finding { line, cause, message }));
            if self.torn.is_none() {
                self.whole += length as u64;
                self.unbroken = is_broken_off;
            }
        }
        Ok(())
    }
}

impl Reading {
    /// Takes in an event. Gives back what is to be said of it.
    fn take_in(&mut self, event: Event) -> Result<Option<(Cause, String)>, Fault> {
        let register = &mut self.register;
        let id = event.id().clone();
        Ok(match register.apply(event).map_err(Fault::Wrong)? {
            Effect::Happened | Effect::Repeated => None,
            Effect::Diverged => {
                Some((Cause::Divergence, format!("{id} had been reissued otherwise before")))
            }
            Effect::Conflict(other) => {
                let name = &register.records()[other].entry.certificate.name;
                Some((Cause::Conflict, format!("{id} had been given to {name} before")))
            }
            Effect::Remembered(record) => Some((
                Cause::Remembered(record),
                format!("{id} was forgotten, and its person stands in the register all the same"),
            )),
        })
    }
}

#[cfg(test)]
mod tests {
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
                Err(RegisterError::Line { line: found, message: said, .. }) => {
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
    fn lines_keep_their_order_and_numbers_from_block_to_block() {
        let id = |number: usize| format!("V2020{number:05}");
        let mut lines: Vec<String> = (1..=9000).map(|number| event(&id(number))).collect();
        lines[4999] = "nonsense\n".to_owned();
        let text = format!("{HEADER}{}{{\"event\":", lines.concat());
        let reading = parse(&text, true).unwrap();
        let found: Vec<_> = reading.findings.iter().map(|f| (f.line, f.cause)).collect();
        assert_eq!(found, [(5001, Cause::Damage), (9002, Cause::Crash)]);
        assert_eq!(reading.whole as usize, text.len() - "{\"event\":".len());
        let ids = reading.register.records().iter().map(|r| r.entry.certificate.id.to_string());
        assert!(ids.eq((1..=9000).filter(|number| *number != 5000).map(id)));
        assert!(matches!(parse(&text, false), Err(RegisterError::Line { line: 5001, .. })));
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
