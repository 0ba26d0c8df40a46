//! The digests of a certificate's files: short, since a register has very many of them.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde::{Serialize, Serializer};

use super::line::Said;
use crate::certificate::Format;
use crate::text::Text;

/// A digest a format, in the order of [`Format`].
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Files(Box<[(Format, Digest)]>);

/// A digest. Those that this program makes are held as their 32 bytes, a quarter of their
/// letters.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Digest {
    /// The digest of pixels.
    Pixels([u8; 32]),
    /// The digest of bytes.
    Bytes([u8; 32]),
    /// Any other text that stands in its place.
    Other(Text),
}

const PIXELS: &str = "pixels-sha256:";
const BYTES: &str = "sha256:";

impl Files {
    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The digest of the file in a format.
    #[must_use]
    pub fn get(&self, format: &Format) -> Option<Text> {
        self.iter().find(|(other, _)| *other == format).map(|(_, digest)| digest)
    }

    /// Whether there is a file in a format.
    #[must_use]
    pub fn contains_key(&self, format: &Format) -> bool {
        self.keys().any(|other| other == format)
    }

    /// The formats there are.
    pub fn keys(&self) -> impl Iterator<Item = &Format> {
        self.0.iter().map(|(format, _)| format)
    }

    /// All of them: format and digest.
    pub fn iter(&self) -> impl Iterator<Item = (&Format, Text)> {
        self.0.iter().map(|(format, digest)| (format, digest.to_string().into()))
    }

    fn of(mut files: Vec<(Format, Digest)>) -> Self {
        files.sort_by_key(|(format, _)| *format);
        files.dedup_by_key(|(format, _)| *format);
        Self(files.into())
    }
}

impl<T: AsRef<str>> FromIterator<(Format, T)> for Files {
    /// Of digests of one format, the first counts.
    fn from_iter<I: IntoIterator<Item = (Format, T)>>(files: I) -> Self {
        Self::of(files.into_iter().map(|(format, text)| (format, text.as_ref().into())).collect())
    }
}

impl From<&str> for Digest {
    fn from(text: &str) -> Self {
        let of = |kind: &str| text.strip_prefix(kind).and_then(bytes);
        match (of(PIXELS), of(BYTES)) {
            (Some(digest), _) => Self::Pixels(digest),
            (_, Some(digest)) => Self::Bytes(digest),
            _ => Self::Other(text.into()),
        }
    }
}

/// The bytes of 64 digits, with letters as this program writes them.
fn bytes(digits: &str) -> Option<[u8; 32]> {
    let (pairs, []) = digits.as_bytes().as_chunks::<2>() else { return None };
    let pairs: &[[u8; 2]; 32] = pairs.try_into().ok()?;
    let digit = |letter: u8| match letter {
        b'0'..=b'9' => Some(letter - b'0'),
        b'a'..=b'f' => Some(letter - b'a' + 10),
        _ => None,
    };
    let mut bytes = [0; 32];
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        *byte = digit(*high)? << 4 | digit(*low)?;
    }
    Some(bytes)
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, digest) = match self {
            Self::Pixels(digest) => (PIXELS, digest),
            Self::Bytes(digest) => (BYTES, digest),
            Self::Other(text) => return f.write_str(text),
        };
        f.write_str(kind)?;
        digest.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Files {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

impl Serialize for Files {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl<'de> Deserialize<'de> for Files {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Pairs)
    }
}

struct Pairs;

impl<'de> Visitor<'de> for Pairs {
    type Value = Files;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("digests by format")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Files, M::Error> {
        let mut files = Vec::with_capacity(2);
        while let Some((format, Said(text))) = map.next_entry()? {
            files.push((format, Digest::from(&*text)));
        }
        Ok(Files::of(files))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_written_as_they_were_read() {
        let (small, large) = ("0123456789abcdef".repeat(4), "0123456789ABCDEF".repeat(4));
        for digest in [
            format!("pixels-sha256:{small}"),
            format!("sha256:{small}"),
            format!("sha256:{large}"),
            format!("sha256:{small}0"),
            format!("md5:{small}"),
            "sha256:".to_owned(),
            "十六".to_owned(),
            String::new(),
        ] {
            let json = format!(r#"{{"png":"{digest}","pdf":"x"}}"#);
            let files: Files = serde_json::from_str(&json).unwrap();
            assert_eq!(serde_json::to_string(&files).unwrap(), json);
            assert_eq!(files, [(Format::Pdf, "x"), (Format::Png, &digest)].into_iter().collect());
            assert_eq!(files.get(&Format::Png).unwrap(), *digest);
        }
    }
}
