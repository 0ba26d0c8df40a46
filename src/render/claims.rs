//! All that a PNG claims of a certificate, wherever it stands: since the digest is of the pixels
//! alone, hands may have changed each of its words.

use std::borrow::Cow;
use std::io::Read;

use flate2::read::ZlibDecoder;

use super::xmp::{self, Packet};
use super::{Metadata, png};

/// The keyword of a packet in a PNG (ISO 16684-3).
pub(super) const PACKET: &str = "XML:com.adobe.xmp";

/// The keyword of the title in a PNG (ISO/IEC 15948, 11.3.4.2).
pub(super) const TITLE: &str = "Title";

/// The keyword of who made the picture, which is the issuer.
pub(super) const AUTHOR: &str = "Author";

/// How the keyword of a packet or of Exif data begins that `ImageMagick` has put into digits.
const RAW: &[u8] = b"Raw profile type ";

/// How Exif data begins where it stands in another format's segment.
const EXIF: &[u8] = b"Exif\0\0";

/// How many claims of a file are looked at.
const MOST: usize = 64;

/// What a PNG claims, before and behind its pixels, one by one; nothing for what cannot be read,
/// and so may claim anything, and for all that is too much.
pub(super) fn of_png(file: &[u8]) -> impl Iterator<Item = Option<Packet>> {
    let claims = png::chunks(file).filter(|(kind, data)| may_claim(*kind, data));
    claims
        .take(MOST + 1)
        .enumerate()
        .map(|(at, (kind, data))| if at < MOST { read(kind, data) } else { None })
}

/// Whether a chunk is a text that claims something.
fn may_claim(kind: [u8; 4], data: &[u8]) -> bool {
    let (keyword, _) = parted(data);
    let is = |known: &str| keyword.eq_ignore_ascii_case(known.as_bytes());
    matches!(&kind, b"tEXt" | b"zTXt" | b"iTXt")
        && (keyword.starts_with(RAW) || [PACKET, TITLE, AUTHOR].into_iter().any(is))
}

fn read(kind: [u8; 4], data: &[u8]) -> Option<Packet> {
    let (keyword, rest) = parted(data);
    let text = text(kind, rest.strip_prefix(b"\0")?)?;
    if let Some(kind) = keyword.strip_prefix(RAW) {
        return profile(kind, &text);
    }
    if keyword.eq_ignore_ascii_case(PACKET.as_bytes()) {
        return xmp::parse(&text);
    }
    // Some programs write UTF-8 where Latin-1 has its place.
    let text = match std::str::from_utf8(&text) {
        Ok(text) => text.to_owned(),
        Err(_) => text.iter().map(|byte| char::from(*byte)).collect(),
    };
    let says = if keyword.eq_ignore_ascii_case(TITLE.as_bytes()) {
        Metadata { title: text, ..Metadata::default() }
    } else {
        Metadata { issuer: text, ..Metadata::default() }
    };
    Some(Packet { says, ..Packet::default() })
}

/// The keyword of a text, and what stands behind it, with the zero between.
fn parted(data: &[u8]) -> (&[u8], &[u8]) {
    data.split_at(data.iter().position(|byte| *byte == 0).unwrap_or(data.len()))
}

/// The text behind a keyword (11.3.4), which may have been compressed.
fn text(kind: [u8; 4], data: &[u8]) -> Option<Cow<'_, [u8]>> {
    let (is_compressed, text) = match &kind {
        b"tEXt" => (false, data),
        b"zTXt" => (true, data.split_first()?.1),
        _ => {
            let ([compressed, _method], data) = data.split_first_chunk()?;
            // Language and translated keyword, each with a zero behind it.
            (*compressed != 0, data.splitn(3, |byte| *byte == 0).nth(2)?)
        }
    };
    if !is_compressed {
        return Some(Cow::Borrowed(text));
    }
    let mut unpacked = Vec::new();
    let limit = xmp::LARGEST as u64 + 1;
    ZlibDecoder::new(text).take(limit).read_to_end(&mut unpacked).ok()?;
    (unpacked.len() <= xmp::LARGEST).then_some(Cow::Owned(unpacked))
}

/// A profile in digits: on lines of their own its kind and its length, then itself. What is no
/// packet and no Exif data says nothing of a certificate.
fn profile(kind: &[u8], text: &[u8]) -> Option<Packet> {
    let mut lines = text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    let digits: Vec<u8> = lines.by_ref().skip(2).flatten().copied().collect();
    let bytes = digits.chunks(2).map(|two| {
        let two = std::str::from_utf8(two).ok()?;
        u8::from_str_radix(two.trim(), 16).ok()
    });
    let bytes: Vec<u8> = bytes.collect::<Option<_>>()?;
    match kind {
        b"xmp" => xmp::parse(&bytes),
        b"exif" | b"APP1" => {
            let exif = bytes.strip_prefix(EXIF)?;
            Some(Packet { is_turned: png::is_turned(exif), ..Packet::default() })
        }
        _ => Some(Packet::default()),
    }
}
