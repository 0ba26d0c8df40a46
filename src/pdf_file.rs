//! The file structure of PDF (ISO 32000-1, 7.5): objects one after the other, a
//! cross-reference table of where they are, and a trailer.
//!
//! Objects are written as they are handed over, down to the last digit: a page whose numbers
//! were rounded on the way would no longer look the same to the pixel.

use std::io::{self, Write};

use flate2::Compression;
use flate2::write::ZlibEncoder;
use sha2::{Digest, Sha256};

/// The version, and four bytes that tell everyone the file is not text.
const HEADER: &[u8] = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n";

/// How hard streams are compressed, 0 to 9.
const LEVEL: u32 = 6;

/// A PDF on its way: objects numbered from 1.
#[derive(Debug, Clone)]
pub struct PdfFile {
    bytes: Vec<u8>,
    /// Where each object begins; nowhere yet, if it is only reserved.
    offsets: Vec<Option<u64>>,
    /// How many bytes have been handed on before these.
    handed_on: u64,
    /// How many of the bytes have been digested, and the digest from the file's beginning.
    digested: (usize, Sha256),
}

impl Default for PdfFile {
    fn default() -> Self {
        Self {
            bytes: HEADER.to_vec(),
            offsets: Vec::new(),
            handed_on: 0,
            digested: (0, Sha256::new()),
        }
    }
}

impl PdfFile {
    /// The number the next object will have.
    #[must_use]
    pub fn next(&self) -> u32 {
        self.offsets.len() as u32 + 1
    }

    /// Adds an object, as it is to be written; gives back its number.
    pub fn push(&mut self, object: &[u8]) -> u32 {
        let number = self.reserve();
        self.put(number, object);
        number
    }

    /// Keeps a number for an object that others refer to before it can be written.
    pub fn reserve(&mut self) -> u32 {
        self.offsets.push(None);
        self.offsets.len() as u32
    }

    /// Adds the object that a number was kept for.
    pub fn put(&mut self, number: u32, object: &[u8]) {
        if let Some(offset) = self.offsets.get_mut(number as usize - 1) {
            *offset = Some(self.handed_on + self.bytes.len() as u64);
        }
        self.bytes.extend_from_slice(format!("{number} 0 obj\n").as_bytes());
        self.bytes.extend_from_slice(object);
        self.bytes.extend_from_slice(b"\nendobj\n");
    }

    /// Adds a stream, compressed; `entries` are those of its dictionary that say what it is.
    pub fn push_stream(&mut self, entries: &[u8], content: &[u8]) -> u32 {
        self.push(&packed_stream(entries, &packed(content)))
    }

    /// Adds all objects of another file that has handed on none; gives back how much higher
    /// their numbers are from now on.
    pub fn append(&mut self, other: &Self) -> u32 {
        let by = self.offsets.len() as u32;
        let begins = other.offsets.iter().flatten().map(|offset| *offset as usize);
        let ends = begins.clone().skip(1).chain([other.bytes.len()]);
        for (begin, end) in begins.zip(ends) {
            let object = other.bytes.get(begin..end).unwrap_or_default();
            // Between the lines of number and end, which are written anew.
            let object = object.strip_suffix(b"\nendobj\n").unwrap_or(object);
            let first = object.iter().position(|byte| *byte == b'\n').map_or(0, |at| at + 1);
            self.push(&shifted(&object[first..], by));
        }
        by
    }

    /// Digests what has been written so far, so that no copy of the file does it again.
    pub fn digest(&mut self) -> &Sha256 {
        let (done, digest) = &mut self.digested;
        digest.update(&self.bytes[*done..]);
        *done = self.bytes.len();
        digest
    }

    /// A digest of all objects so far, as a file's identifier is written (14.4).
    #[must_use]
    pub fn identifier(&mut self) -> String {
        let digest = self.digest().clone().finalize();
        let mut id = Vec::new();
        write_string(&digest[..16], &mut id);
        id.iter().copied().map(char::from).collect()
    }

    /// Hands on what has been written so far, so that a long file need not be held.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn hand_on(&mut self, out: &mut dyn Write) -> io::Result<()> {
        self.digest();
        out.write_all(&self.bytes)?;
        self.handed_on += self.bytes.len() as u64;
        self.bytes.clear();
        self.digested.0 = 0;
        Ok(())
    }

    /// The finished file, or what is left of it to be handed on, and the digest of all of it.
    /// `entries` are those of the trailer: at least `/Root`.
    #[must_use]
    pub fn finish(mut self, entries: &str) -> (Vec<u8>, Sha256) {
        let start = self.handed_on + self.bytes.len() as u64;
        let size = self.next();
        let place = |offset: &Option<u64>| match offset {
            Some(offset) => format!("{offset:010} 00000 n \n"),
            None => "0000000000 00000 f \n".to_owned(),
        };
        let places: Vec<_> = self.offsets.iter().map(place).collect();
        let table = format!(
            "xref\n0 {size}\n0000000000 65535 f \n{}trailer\n<< /Size {size} {entries} >>\n\
             startxref\n{start}\n%%EOF\n",
            places.concat()
        );
        self.bytes.extend_from_slice(table.as_bytes());
        self.digest();
        (self.bytes, self.digested.1)
    }
}

/// What stands between an object's dictionary and its data.
const STREAM: &[u8] = b"\nstream\n";

/// What stands behind a number that refers to an object.
const REFERENCE: &[u8] = b" 0 R";

/// What is to be written, with every number that refers to an object (7.3.10) so much higher.
/// It has been written by this program: no name has a space, no string is anything but digits.
#[must_use]
pub fn shifted(object: &[u8], by: u32) -> Vec<u8> {
    let find = |bytes: &[u8], mark: &[u8]| bytes.windows(mark.len()).position(|at| at == mark);
    let (mut rest, data) = object.split_at(find(object, STREAM).unwrap_or(object.len()));
    let mut out = Vec::with_capacity(object.len() + 16);
    while let Some(at) = find(rest, REFERENCE) {
        let (before, after) = rest.split_at(at);
        let digits = before.iter().rev().take_while(|byte| byte.is_ascii_digit());
        let (before, number) = before.split_at(at - digits.count());
        out.extend_from_slice(before);
        match std::str::from_utf8(number).unwrap_or_default().parse::<u32>() {
            Ok(number) => out.extend_from_slice((number + by).to_string().as_bytes()),
            Err(_) => out.extend_from_slice(number),
        }
        out.extend_from_slice(REFERENCE);
        rest = &after[REFERENCE.len()..];
    }
    out.extend_from_slice(rest);
    out.extend_from_slice(data);
    out
}

/// Data as `FlateDecode` has them (7.4.4).
#[must_use]
pub fn packed(content: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::new(LEVEL));
    // Writing to memory cannot fail.
    let _ = encoder.write_all(content);
    encoder.finish().unwrap_or_default()
}

/// A stream object of data that are [packed] already.
#[must_use]
pub fn packed_stream(entries: &[u8], packed: &[u8]) -> Vec<u8> {
    stream(&[entries, b" /Filter /FlateDecode"].concat(), packed)
}

/// A stream object: its dictionary's entries, its length, its data as they are.
#[must_use]
pub fn stream(entries: &[u8], data: &[u8]) -> Vec<u8> {
    let mut object = Vec::with_capacity(entries.len() + data.len() + 64);
    object.extend_from_slice(b"<< ");
    object.extend_from_slice(entries);
    object.extend_from_slice(format!(" /Length {} >>", data.len()).as_bytes());
    object.extend_from_slice(STREAM);
    object.extend_from_slice(data);
    object.extend_from_slice(b"\nendstream");
    object
}

/// Writes a name, what is odd in it as `#` and two digits (7.3.5).
pub fn write_name(name: &[u8], out: &mut Vec<u8>) {
    out.push(b'/');
    for byte in name {
        if byte.is_ascii_graphic() && !b"#/%()<>[]{}".contains(byte) {
            out.push(*byte);
        } else {
            out.extend_from_slice(format!("#{byte:02X}").as_bytes());
        }
    }
}

/// Writes a string as hexadecimal digits (7.3.4.3).
pub fn write_string(string: &[u8], out: &mut Vec<u8>) {
    out.push(b'<');
    for byte in string {
        out.extend_from_slice(format!("{byte:02X}").as_bytes());
    }
    out.push(b'>');
}

/// Writes a text string (7.9.2.2): as it is where it is ASCII, else in UTF-16.
pub fn write_text(text: &str, out: &mut Vec<u8>) {
    write_string(&text_string(text), out);
}

/// The bytes of a text string.
#[must_use]
pub fn text_string(text: &str) -> Vec<u8> {
    if text.is_ascii() {
        return text.as_bytes().to_vec();
    }
    let units = std::iter::once(0xfeff).chain(text.encode_utf16());
    units.flat_map(u16::to_be_bytes).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_back() {
        let mut file = PdfFile::default();
        let content = file.push_stream(b"", b"0 0 m");
        let pages = content + 1;
        let page = format!(
            "<< /Type /Page /Parent {pages} 0 R /MediaBox [0 0 595.275591 9] /Contents {content} 0 R >>"
        );
        file.push(format!("<< /Type /Pages /Kids [{} 0 R] /Count 1 >>", pages + 1).as_bytes());
        file.push(page.as_bytes());
        let root = file.push(format!("<< /Type /Catalog /Pages {pages} 0 R >>").as_bytes());
        let document =
            lopdf::Document::load_mem(&file.finish(&format!("/Root {root} 0 R")).0).unwrap();
        let page = document.get_pages()[&1];
        assert_eq!(document.get_page_content(page), b"0 0 m\n");
    }

    #[test]
    fn a_file_that_is_handed_on_bit_by_bit_is_the_same() {
        let mut whole = PdfFile::default();
        let mut parts = PdfFile::default();
        let mut out = Vec::new();
        for file in [&mut whole, &mut parts] {
            let root = file.reserve();
            assert_eq!(file.reserve(), 2);
            file.push_stream(b"", b"0 0 m");
            file.put(root, b"<< /Type /Catalog >>");
        }
        parts.hand_on(&mut out).unwrap();
        for file in [&mut whole, &mut parts] {
            file.push(b"<< /A 1 0 R >>");
        }
        assert_eq!(whole.identifier(), parts.identifier());
        let (rest, digest) = parts.finish("/Root 1 0 R");
        out.extend(rest);
        assert_eq!(digest.finalize(), Sha256::digest(&out));
        assert_eq!(out, whole.finish("/Root 1 0 R").0);
        let document = lopdf::Document::load_mem(&out).unwrap();
        assert_eq!(document.objects.len(), 3);
    }

    #[test]
    fn an_appended_file_refers_to_itself() {
        let mut other = PdfFile::default();
        other.push(b"<< /A [1 0 R 20 0 R] /B <2020302052> /C [1 0 0 1] >>");
        other.push(&stream(b"/Next 1 0 R", b"1 0 R"));
        let mut file = PdfFile::default();
        file.push(b"null");
        assert_eq!(file.append(&other), 1);
        let written = String::from_utf8_lossy(&file.bytes).into_owned();
        let expected = "2 0 obj\n<< /A [2 0 R 21 0 R] /B <2020302052> /C [1 0 0 1] >>\nendobj\n\
                        3 0 obj\n<< /Next 2 0 R /Length 5 >>\nstream\n1 0 R\nendstream\nendobj\n";
        assert!(written.ends_with(expected), "{written}");
    }

    #[test]
    fn odd_names_and_strings_are_written_so_that_they_can_be_read() {
        let mut out = Vec::new();
        write_name(b"A B#\xff", &mut out);
        write_string(b"(a\\", &mut out);
        assert_eq!(out, b"/A#20B#23#FF<28615C>");
    }
}
