//! JSON: an array of objects, an object that has one, or an object a line (JSON Lines).

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use indexmap::IndexMap;
use serde::Deserializer as _;
use serde::de::{SeqAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Deserializer, Error};

use super::{Builder, Table};
use crate::roster::Problem;

const REMEDY: &str = "make it an array of objects: [{\"name\": \"Ann\"}]";

type Object<'a> = IndexMap<String, &'a RawValue>;

/// Reads one object a person; a value counts as it is written, so that 007 and 1.50 keep
/// their zeros in quotes and 20200001 stays a whole number.
pub fn read(text: &str) -> Result<Table, Vec<Problem>> {
    let mut people = People::of(text);
    let mut values = Deserializer::from_str(text).into_iter::<&RawValue>();
    let first = values.next().transpose().map_err(|error| unreadable(&error))?;
    let second = values.next().transpose().map_err(|error| unreadable(&error))?;
    match (first, second) {
        (Some(only), None) => people.take_inside(only)?,
        (first, second) => {
            for value in first.into_iter().chain(second).map(Ok).chain(values) {
                people.take(value.map_err(|error| unreadable(&error))?)?;
            }
        }
    }
    people.finish()
}

/// The people of a text, taken in one by one: an array of a few bytes a person would take far
/// more memory.
struct People<'a> {
    lines: Lines<'a>,
    builder: Option<Builder>,
    places: HashMap<String, usize>,
    /// What ended an array before its end.
    refusal: Option<Vec<Problem>>,
}

impl<'a> People<'a> {
    fn of(text: &'a str) -> Self {
        let lines = Lines { text, at: 0, line: 1 };
        Self { lines, builder: None, places: HashMap::new(), refusal: None }
    }

    /// Takes in the one value of a file: the objects of the array it is or has, else itself.
    fn take_inside(&mut self, value: &'a RawValue) -> Result<(), Vec<Problem>> {
        if value.get().starts_with('[') {
            return self.take_array(value);
        }
        let Ok(object) = serde_json::from_str::<Object>(value.get()) else {
            return self.take(value);
        };
        let mut arrays = object.values().filter(|value| value.get().starts_with('['));
        match (arrays.next(), arrays.next()) {
            (Some(array), None) => self.take_array(array),
            _ => self.take(value),
        }
    }

    fn take_array(&mut self, array: &'a RawValue) -> Result<(), Vec<Problem>> {
        let read = Deserializer::from_str(array.get()).deserialize_seq(&mut *self);
        self.refusal.take().map_or(Ok(()), Err)?;
        read.map_err(|error| unreadable(&error))
    }

    /// Takes in a person.
    fn take(&mut self, value: &RawValue) -> Result<(), Vec<Problem>> {
        let line = self.lines.of(value);
        let Ok(object) = serde_json::from_str::<Object>(value.get()) else {
            let message = "it has something else than an object for each person";
            return Err(vec![Problem::at(line, message, REMEDY)]);
        };
        if object.is_empty() {
            return Ok(());
        }
        let builder = match &mut self.builder {
            Some(builder) => builder,
            none => none.insert(Builder::new(
                object.keys().map(String::as_str),
                self.lines.text.len(),
                "give every value a name",
            )?),
        };
        push(builder, &mut self.places, line, &object)
    }

    fn finish(self) -> Result<Table, Vec<Problem>> {
        let none = || Builder::new([], 0, "");
        self.builder.map_or_else(none, Ok).map(Builder::finish)
    }
}

impl<'a> Visitor<'a> for &mut People<'a> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of objects")
    }

    fn visit_seq<A: SeqAccess<'a>>(self, mut array: A) -> Result<(), A::Error> {
        while self.refusal.is_none()
            && let Some(value) = array.next_element::<&RawValue>()?
        {
            self.refusal = self.take(value).err();
        }
        Ok(())
    }
}

fn push(
    builder: &mut Builder,
    places: &mut HashMap<String, usize>,
    line: u64,
    object: &Object<'_>,
) -> Result<(), Vec<Problem>> {
    let mut cells: Vec<Cow<'_, str>> = Vec::new();
    for (header, value) in object {
        let place = match places.get(header) {
            Some(place) => *place,
            None => *places.entry(header.clone()).or_insert(builder.column(header)?),
        };
        if cells.len() <= place {
            cells.resize(place + 1, Cow::Borrowed(""));
        }
        match cell(value.get()) {
            Some(cell) => cells[place] = cell,
            None => builder.problem(
                Problem::at(line, "it is neither text nor a number", "write it as one text")
                    .in_column(header),
            ),
        }
    }
    builder.push(line, cells)
}

/// A value as text; nothing for lists and objects.
fn cell(json: &str) -> Option<Cow<'_, str>> {
    match json.as_bytes().first()? {
        b'"' => serde_json::from_str::<String>(json).ok().map(Cow::Owned),
        b'[' | b'{' => None,
        b'n' => Some(Cow::Borrowed("")),
        _ => Some(Cow::Borrowed(json)),
    }
}

/// Counts lines from one value to the next.
struct Lines<'a> {
    text: &'a str,
    at: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line a value of the text begins on; values come in order.
    fn of(&mut self, value: &RawValue) -> u64 {
        let place = value.get().as_ptr() as usize - self.text.as_ptr() as usize;
        let between = self.text.get(self.at..place).unwrap_or_default();
        self.line += between.matches('\n').count() as u64;
        self.at = place;
        self.line
    }
}

fn unreadable(error: &Error) -> Vec<Problem> {
    vec![Problem::at(error.line() as u64, format!("it is not sound JSON: {error}"), REMEDY)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<(u64, String)> {
        let table = read(text).unwrap_or_else(|problems| panic!("{text}: {problems:?}"));
        table.joined()
    }

    #[test]
    fn objects_come_in_an_array_an_object_or_lines() {
        let expected = [(2, "沈旭/20200001/".to_owned()), (3, "Ann//true".to_owned())];
        for text in [
            "[\n{\"姓名\": \"\\u6c88旭\", \"key\": 20200001},\n{\"ok\":true, \"姓名\":\"Ann\", \"key\":null}]",
            "{\"count\": 2, \"people\": [\n{\"姓名\":\"沈旭\",\"key\":20200001},\n{\"姓名\":\"Ann\",\"ok\":true}]}",
            "\n{\"姓名\":\"沈旭\",\"key\":20200001}\n{\"姓名\":\"Ann\",\"ok\":true}\n",
        ] {
            assert_eq!(rows(text), expected, "{text}");
        }
        assert_eq!(rows("{\"name\": \"Ann\"}"), [(1, "Ann".to_owned())]);
        assert_eq!(
            rows("[{\"name\": 12345678901234567890123.50}]")[0].1,
            "12345678901234567890123.50"
        );
    }

    #[test]
    fn what_is_no_roster_is_refused() {
        for (text, word) in [
            ("[1, 2]", "object for each"),
            ("[{\"name\": \"Ann\"}, 3]", "object for each"),
            ("[{\"name\": \"Ann\"", "sound JSON"),
            ("[]", "empty"),
            ("{}", "empty"),
            (&"[".repeat(1_000_000), "sound JSON"),
        ] {
            assert!(read(text).unwrap_err()[0].message.contains(word), "{word}");
        }
        let nested = format!("[{{\"a\": {}{}}}]", "[".repeat(100_000), "]".repeat(100_000));
        for text in ["[{\"name\": [\"Ann\"]}]", &nested] {
            assert!(read(text).unwrap().problems[0].message.contains("neither text"));
        }
        let growing: String =
            (0..2000).fold(String::new(), |text, n| text + &format!("{{\"a{n}\": 1}}\n"));
        assert!(read(&growing).unwrap_err()[0].message.contains("columns"));
    }
}
