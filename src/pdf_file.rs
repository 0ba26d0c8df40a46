//! The file structure of PDF (ISO 32000-1, 7.5): objects one after the other, a
//! cross-reference table of where they are, and a trailer.
//!
//! Objects are written as they are handed over, down to the last digit: a page whose numbers
//! were rounded on the way would no longer look the same to the pixel.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;

/// The version, and four bytes that tell everyone the file is not text.
const HEADER: &[u8] = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n";

/// How hard streams are compressed, 0 to 9.
const LEVEL: u32 = 6;

/// A PDF on its way: objects numbered from 1.
#[derive(Debug, Clone)]
pub struct PdfFile {
    bytes: Vec<u8>,
    /// Where each object begins.
    offsets: Vec<usize>,
}

impl Default for PdfFile {
    fn default() -> Self {
        Self { bytes: HEADER.to_vec(), offsets: Vec::new() }
    }
}

impl PdfFile {
    /// The number the next object will have.
    #[must_use]
    pub fn next(&self) -> u32 {
        self.offsets.len() as u32 + 1
    }

    /// All that has been written so far.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Adds an object, as it is to be written; gives back its number.
    pub fn push(&mut self, object: &[u8]) -> u32 {
        let number = self.next();
        self.offsets.push(self.bytes.len());
        self.bytes.extend_from_slice(format!("{number} 0 obj\n").as_bytes());
        self.bytes.extend_from_slice(object);
        self.bytes.extend_from_slice(b"\nendobj\n");
        number
    }

    /// Adds a stream, compressed; `entries` are those of its dictionary that say what it is.
    pub fn push_stream(&mut self, entries: &[u8], content: &[u8]) -> u32 {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::new(LEVEL));
        // Writing to memory cannot fail.
        let _ = encoder.write_all(content);
        let packed = encoder.finish().unwrap_or_default();
        self.push(&stream(&[entries, b" /Filter /FlateDecode"].concat(), &packed))
    }

    /// The finished file. `entries` are those of the trailer: at least `/Root`.
    #[must_use]
    pub fn finish(mut self, entries: &str) -> Vec<u8> {
        let start = self.bytes.len();
        let size = self.next();
        let places: Vec<_> =
            self.offsets.iter().map(|offset| format!("{offset:010} 00000 n \n")).collect();
        let table = format!(
            "xref\n0 {size}\n0000000000 65535 f \n{}trailer\n<< /Size {size} {entries} >>\n\
             startxref\n{start}\n%%EOF\n",
            places.concat()
        );
        self.bytes.extend_from_slice(table.as_bytes());
        self.bytes
    }
}

/// A stream object: its dictionary's entries, its length, its data as they are.
#[must_use]
pub fn stream(entries: &[u8], data: &[u8]) -> Vec<u8> {
    let mut object = Vec::with_capacity(entries.len() + data.len() + 64);
    object.extend_from_slice(b"<< ");
    object.extend_from_slice(entries);
    object.extend_from_slice(format!(" /Length {} >>\nstream\n", data.len()).as_bytes());
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
            lopdf::Document::load_mem(&file.finish(&format!("/Root {root} 0 R"))).unwrap();
        let page = document.get_pages()[&1];
        assert_eq!(document.get_page_content(page), b"0 0 m\n");
    }

    #[test]
    fn odd_names_and_strings_are_written_so_that_they_can_be_read() {
        let mut out = Vec::new();
        write_name(b"A B#\xff", &mut out);
        write_string(b"(a\\", &mut out);
        assert_eq!(out, b"/A#20B#23#FF<28615C>");
    }
}
