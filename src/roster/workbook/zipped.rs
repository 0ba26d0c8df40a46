//! A look into the archive of an XLSX or ODS before it is read: how large its parts are in
//! truth, whether their XML ends as it began, and how many cells they say they have.

use std::io::{self, BufReader, Cursor, Read};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use super::content::Census;
use super::{damaged, room, too_much};
use crate::roster::Problem;

/// Bytes that may stand between two tags: a cell holds 32,767 characters at most.
const LONGEST: usize = 1 << 20;

/// Tags within tags; a sheet has less than ten.
const DEEPEST: usize = 256;

/// Looks through all parts; says whether they are those of an ODS.
pub fn check(bytes: &[u8]) -> Result<bool, Vec<Problem>> {
    let broken = |error: &dyn std::fmt::Display| vec![damaged(&error.to_string())];
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| broken(&error))?;
    let is_ods = archive.index_for_name("content.xml").is_some();
    if archive.file_names().flatten().any(|name| name.eq_ignore_ascii_case("xl/workbook.bin")) {
        return Err(vec![damaged("it is an XLSB")]);
    }
    let mut left = room(bytes.len());
    for place in 0..archive.len() {
        let part = archive.by_index(place).map_err(|error| broken(&error))?;
        let name = part.name().map_err(|error| broken(&error))?.to_lowercase();
        let is_xml =
            name.rsplit('.').next().is_some_and(|ending| ["xml", "rels"].contains(&ending));
        let mut measured = Measured { part, left, run: 0, is_xml };
        let census = (is_ods && name == "content.xml").then(|| Census::new(room(bytes.len())));
        let checked = if is_xml {
            check_xml(&mut measured, census)
        } else {
            io::copy(&mut measured, &mut io::sink()).map(drop).map_err(|error| broken(&error))
        };
        if measured.left == 0 || measured.run > LONGEST {
            return Err(vec![too_much()]);
        }
        checked?;
        left = measured.left;
    }
    Ok(is_ods)
}

fn check_xml(part: impl Read, mut census: Option<Census>) -> Result<(), Vec<Problem>> {
    let mut reader = Reader::from_reader(BufReader::new(part));
    reader.config_mut().expand_empty_elements = true;
    let mut buffer = Vec::new();
    let (mut depth, mut elements, mut promised) = (0_usize, 0_u64, 0_u64);
    loop {
        buffer.clear();
        let event = reader.read_event_into(&mut buffer);
        let event = event.map_err(|error| vec![damaged(&error.to_string())])?;
        match &event {
            Event::Start(start) => {
                depth += 1;
                elements += 1;
                promised = promised.max(unique_strings(start));
            }
            Event::End(_) => depth = depth.saturating_sub(1),
            Event::Eof => break,
            _ => {}
        }
        if depth > DEEPEST {
            return Err(vec![damaged("its XML is nested too deep")]);
        }
        if let Some(census) = &mut census {
            census.count(&event)?;
        }
    }
    if depth > 0 {
        return Err(vec![damaged("its XML ends too early")]);
    }
    // Room is made for as many strings as are promised, before one is read.
    if promised > elements { Err(vec![too_much()]) } else { Ok(()) }
}

/// How many strings the table of shared strings says it has.
fn unique_strings(start: &BytesStart<'_>) -> u64 {
    if start.local_name().as_ref() != "sst" {
        return 0;
    }
    let mut attributes = start.attributes();
    let promised = attributes
        .with_checks(false)
        .flatten()
        .find(|attribute| attribute.key.as_ref() == "uniqueCount");
    promised.map_or(0, |count| count.value.trim().parse().unwrap_or(0))
}

/// Counts what is read down to nothing, and the bytes since the last tag began.
struct Measured<R> {
    part: R,
    left: u64,
    run: usize,
    is_xml: bool,
}

impl<R: Read> Read for Measured<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.part.read(buffer)?;
        self.left = self.left.saturating_sub(length as u64);
        if self.is_xml {
            for piece in buffer[..length].split_inclusive(|byte| *byte == b'<') {
                self.run += piece.len();
                if self.run > LONGEST {
                    return Err(io::Error::other("its XML has no tags"));
                }
                if piece.ends_with(b"<") {
                    self.run = 0;
                }
            }
        }
        if self.left == 0 { Err(io::Error::other("it is too large")) } else { Ok(length) }
    }
}
