//! The public columns of a recipient: a few, and most often none, so that a short list serves.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::text::{Text, Texts};

/// Values by header, in the order of the headers, each header once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fields(Box<[(Text, Text)]>);

impl Fields {
    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The value under a header.
    #[must_use]
    pub fn get(&self, header: &str) -> Option<&Text> {
        self.place(header).ok().map(|place| &self.0[place].1)
    }

    /// All of them: header and value.
    pub fn iter(&self) -> impl Iterator<Item = (&Text, &Text)> {
        self.0.iter().map(|(header, value)| (header, value))
    }

    /// The same fields with this value under this header; an empty one is left out.
    #[must_use]
    pub fn with(&self, header: &str, value: Text) -> Self {
        let mut fields = self.0.to_vec();
        match (self.place(header), value.is_empty()) {
            (Ok(place), true) => drop(fields.remove(place)),
            (Ok(place), false) => fields[place].1 = value,
            (Err(_), true) => {}
            (Err(place), false) => fields.insert(place, (header.into(), value)),
        }
        Self(fields.into())
    }

    /// Those that have a value.
    #[must_use]
    pub fn filled(&self) -> Self {
        Self(self.0.iter().filter(|(_, value)| !value.is_empty()).cloned().collect())
    }

    /// Holds the headers once, however many have them.
    pub fn share(&mut self, texts: &mut Texts) {
        for (header, _) in &mut self.0 {
            *header = texts.shared(header);
        }
    }

    fn place(&self, header: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(other, _)| (**other).cmp(header))
    }
}

impl FromIterator<(Text, Text)> for Fields {
    /// Of values under one header, the last counts.
    fn from_iter<I: IntoIterator<Item = (Text, Text)>>(fields: I) -> Self {
        let mut fields: Vec<(Text, Text)> = fields.into_iter().collect();
        if !fields.is_sorted_by(|(a, _), (b, _)| a < b) {
            fields = BTreeMap::from_iter(fields).into_iter().collect();
        }
        Self(fields.into())
    }
}

impl Serialize for Fields {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        BTreeMap::deserialize(deserializer).map(Self::from_iter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(pairs: &[(&str, &str)]) -> Fields {
        pairs.iter().map(|(header, value)| (Text::from(*header), Text::from(*value))).collect()
    }

    #[test]
    fn fields_are_written_in_the_order_of_their_headers_and_read_back() {
        let json = r#"{"city":"上海","role":"host"}"#;
        let unsorted = fields(&[("role", "x"), ("city", "上海"), ("role", "host")]);
        assert_eq!(serde_json::to_string(&unsorted).unwrap(), json);
        assert_eq!(serde_json::from_str::<Fields>(json).unwrap(), unsorted);
    }

    #[test]
    fn a_value_is_added_changed_or_taken_away() {
        let none = Fields::default();
        let one = none.with("city", "上海".into());
        assert_eq!(one, fields(&[("city", "上海")]));
        assert_eq!(one.with("city", "北京".into()).get("city").map(|v| &**v), Some("北京"));
        assert_eq!(one.with("city", "".into()), none);
        assert_eq!(one.with("age", "".into()), one);
        assert_eq!(one.with("age", "1".into()), fields(&[("age", "1"), ("city", "上海")]));
    }
}
