//! The digests of a certificate's files: a short list, since a register has very many of them.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde::{Serialize, Serializer};

use crate::certificate::Format;
use crate::text::Text;

/// A digest a format, in the order of [`Format`].
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Files(Box<[(Format, Text)]>);

impl Files {
    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The digest of the file in a format.
    #[must_use]
    pub fn get(&self, format: &Format) -> Option<&Text> {
        self.iter().find(|(other, _)| *other == format).map(|(_, digest)| digest)
    }

    /// Whether there is a file in a format.
    #[must_use]
    pub fn contains_key(&self, format: &Format) -> bool {
        self.get(format).is_some()
    }

    /// The formats there are.
    pub fn keys(&self) -> impl Iterator<Item = &Format> {
        self.0.iter().map(|(format, _)| format)
    }

    /// All of them: format and digest.
    pub fn iter(&self) -> impl Iterator<Item = (&Format, &Text)> {
        self.0.iter().map(|(format, digest)| (format, digest))
    }
}

impl<T: Into<Text>> FromIterator<(Format, T)> for Files {
    /// Of digests of one format, the first counts.
    fn from_iter<I: IntoIterator<Item = (Format, T)>>(files: I) -> Self {
        let mut files: Vec<_> =
            files.into_iter().map(|(format, text)| (format, text.into())).collect();
        files.sort_by_key(|(format, _)| *format);
        files.dedup_by_key(|(format, _)| *format);
        Self(files.into())
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
        let mut files: Vec<(Format, Text)> = Vec::with_capacity(2);
        while let Some(file) = map.next_entry()? {
            files.push(file);
        }
        Ok(files.into_iter().collect())
    }
}
