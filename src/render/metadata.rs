//! What a file says of itself, so that one found years later explains itself: in PNG and PDF the
//! same words, which anyone can write and the register alone makes true.

use std::borrow::Cow;
use std::fmt;

use chrono::NaiveDate;
use serde::Serialize;

use super::{claims, xmp};
use crate::certificate::{Certificate, Format};

/// What a certificate's file says of itself, or a year's booklet; what it does not say is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Metadata {
    /// All of it in a line.
    pub title: String,
    /// The number, or the name where a category is not numbered.
    pub number: String,
    /// The recipient's name.
    pub name: String,
    /// The title awarded.
    pub award: String,
    /// The category's key.
    pub category: String,
    /// The year the certificate is for.
    pub year: Option<u16>,
    /// Who issues it.
    pub issuer: String,
    /// Its language, a BCP 47 tag.
    pub language: String,
    /// Where it can be verified.
    pub url: String,
    /// The date of issue.
    pub date: Option<NaiveDate>,
}

/// How a PNG begins (ISO/IEC 15948, 5.2).
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

/// How a PDF begins, and how far from its beginning readers look for that (ISO 32000-1, annex H).
const PDF: (&[u8], usize) = (b"%PDF-", 1024);

/// How many packets of a file are looked into; pictures in a PDF have packets too.
const MOST_PACKETS: usize = 64;

impl Metadata {
    /// What the files of a certificate say.
    #[must_use]
    pub fn of(certificate: &Certificate) -> Self {
        Self {
            title: title(&certificate.title, &certificate.name, &certificate.id),
            number: certificate.id.to_string(),
            name: certificate.name.to_string(),
            award: certificate.title.to_string(),
            category: certificate.category.to_string(),
            year: Some(certificate.year),
            issuer: certificate.issuer.to_string(),
            language: certificate.language.to_string(),
            url: certificate.url.to_string(),
            date: Some(certificate.date),
        }
    }

    /// Reads what a PNG or PDF says of itself; nothing when it says nothing of a certificate, as
    /// when a program has written it anew without. It takes as long as the file is large.
    #[must_use]
    pub fn read(file: &[u8]) -> Option<Self> {
        match format_of(file)? {
            Format::Png => {
                let packets = claims::of_png(file).flatten();
                packets.filter(|packet| packet.is_ours).map(|packet| packet.says).next()
            }
            Format::Pdf => in_pdf(file).next(),
        }
    }

    /// What is said otherwise than it is known; what is not said, or not known, is no difference.
    #[must_use]
    pub fn differences(&self, known: &Self) -> Vec<Difference> {
        let differ =
            |known: &Self| {
                let pairs = self.fields().into_iter().zip(known.fields());
                let differ = pairs.filter(|((_, said), (_, known))| {
                    !said.is_empty() && !known.is_empty() && said != known
                });
                let difference =
                    |((field, said), (_, known)): ((_, Cow<'_, str>), (_, Cow<'_, str>))| {
                        Difference { field, said: said.into_owned(), known: known.into_owned() }
                    };
                differ.map(difference).collect::<Vec<_>>()
            };
        let found = differ(known);
        if found.is_empty() {
            return found;
        }
        // A packet cannot hold every character.
        let held = xmp::read(xmp::write(known, Format::Png).as_bytes());
        held.map_or(found, |held| differ(&held))
    }

    /// All that is said, the most telling first.
    fn fields(&self) -> [(&'static str, Cow<'_, str>); 10] {
        let year = self.year.map(|year| year.to_string()).unwrap_or_default();
        let date = self.date.map(|date| date.to_string()).unwrap_or_default();
        [
            ("number", Cow::from(&self.number)),
            ("name", Cow::from(&self.name)),
            ("award", Cow::from(&self.award)),
            ("category", Cow::from(&self.category)),
            ("year", Cow::from(year)),
            ("issuer", Cow::from(&self.issuer)),
            ("url", Cow::from(&self.url)),
            ("date", Cow::from(date)),
            ("title", Cow::from(&self.title)),
            ("language", Cow::from(&self.language)),
        ]
    }
}

/// What a file says otherwise than it should.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What it says it of, such as `name`.
    pub field: &'static str,
    /// What it says.
    pub said: String,
    /// What it should say.
    pub known: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { field, said, known } = self;
        write!(f, "it says the {field} {said:?}, and it is {known:?}")
    }
}

/// Whether a file is a PNG or a PDF, by how it begins.
#[must_use]
pub fn format_of(file: &[u8]) -> Option<Format> {
    let (mark, reach) = PDF;
    if file.starts_with(PNG) {
        return Some(Format::Png);
    }
    find(&file[..file.len().min(reach)], mark).map(|_| Format::Pdf)
}

/// Whether a PDF is encrypted, which ours never are: its trailer says so, and stands as it is
/// (ISO 32000-1, 7.5.5 and 7.5.8).
#[must_use]
pub fn is_encrypted(file: &[u8]) -> bool {
    format_of(file) == Some(Format::Pdf) && find_last(file, b"/Encrypt").is_some()
}

/// `优秀志愿者 · 沈旭 · V20200001`, the number only where there is one.
#[must_use]
pub fn title(award: &str, name: &str, id: &str) -> String {
    if id == name { format!("{award} · {name}") } else { format!("{award} · {name} · {id}") }
}

/// Looks for packets in a PDF, where they stand as they are: the last of a certificate counts,
/// since changes are appended.
fn in_pdf(file: &[u8]) -> impl Iterator<Item = Metadata> {
    let mut rest = file;
    let packets = std::iter::from_fn(move || {
        let end = find_last(rest, xmp::END)?;
        let begin = find_last(&rest[..end], xmp::BEGIN)?;
        let packet = &rest[begin..end];
        rest = &rest[..begin];
        Some(packet)
    });
    packets.take(MOST_PACKETS).filter_map(xmp::read)
}

fn find(bytes: &[u8], mark: &[u8]) -> Option<usize> {
    bytes.windows(mark.len()).position(|part| part == mark)
}

fn find_last(bytes: &[u8], mark: &[u8]) -> Option<usize> {
    bytes.windows(mark.len()).rposition(|part| part == mark)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::ZlibEncoder;

    use super::*;

    fn metadata(number: &str) -> Metadata {
        Metadata { number: number.to_owned(), title: "t".to_owned(), ..Metadata::default() }
    }

    fn chunk(kind: &[u8], data: &[u8]) -> Vec<u8> {
        [&(data.len() as u32).to_be_bytes(), kind, data, b"crc!"].concat()
    }

    #[test]
    fn a_packet_is_found_wherever_and_however_it_stands_in_a_png() {
        let written = xmp::write(&metadata("V1"), Format::Png);
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::best());
        zlib.write_all(written.as_bytes()).unwrap();
        let plain = [b"XML:com.adobe.xmp\0\0\0\0\0", written.as_bytes()].concat();
        let packed =
            [&b"XML:com.adobe.xmp\0\x01\0de\0words\0"[..], &zlib.finish().unwrap()].concat();
        for text in [plain, packed] {
            let pixels = chunk(b"IDAT", b"pixels");
            let other = chunk(b"iTXt", b"Title\0\0\0\0\0hello");
            let file =
                [PNG, &other, &pixels, &chunk(b"iTXt", &text), &chunk(b"IEND", b"")].concat();
            assert_eq!(Metadata::read(&file), Some(metadata("V1")));
            for end in 0..file.len() {
                // Cut short, it says all or nothing.
                assert!(Metadata::read(&file[..end]).is_none_or(|said| said == metadata("V1")));
            }
        }
    }

    #[test]
    fn the_last_packet_of_a_certificate_counts_in_a_pdf() {
        let packet = |number: &str| xmp::write(&metadata(number), Format::Pdf);
        let other = packet("V3").replace("urn:accolade", "urn:other");
        let file = format!("%PDF-1.7\n{}\n{}\n{other}\n<?xpacket end", packet("V1"), packet("V2"));
        assert_eq!(Metadata::read(file.as_bytes()), Some(metadata("V2")));
        assert_eq!(Metadata::read(b"%PDF-1.7\n<?xpacket begin"), None);
        assert_eq!(Metadata::read(packet("V1").as_bytes()), None);
    }

    #[test]
    fn a_packet_that_unpacks_without_end_is_not_read() {
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::best());
        zlib.write_all(&vec![b' '; 64 << 20]).unwrap();
        let text = [&b"XML:com.adobe.xmp\0\x01\0\0\0"[..], &zlib.finish().unwrap()].concat();
        assert_eq!(Metadata::read(&[PNG, &chunk(b"iTXt", &text)].concat()), None);
    }
}
