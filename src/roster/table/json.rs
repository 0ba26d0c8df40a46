//! JSON: an array of objects, an object that has one, or an object a line (JSON Lines).

use std::collections::HashMap;

use indexmap::IndexMap;
use serde_json::value::RawValue;
use serde_json::{Deserializer, Error};

use super::{Builder, Table};
use crate::roster::Problem;

const REMEDY: &str = "make it an array of objects: [{\"name\": \"Ann\"}]";

type Object<'a> = IndexMap<String, &'a RawValue>;

/// Reads one object a person; a value counts as it is written, so that 007 and 1.50 keep
/// their zeros in quotes and 20200001 stays a whole number.
pub fn read(text: &str) -> Result<Table, Vec<Problem>> {
    let values: Vec<&RawValue> = Deserializer::from_str(text)
        .into_iter()
        .collect::<Result<_, _>>()
        .map_err(|error| unreadable(&error))?;
    let objects = match values.as_slice() {
        [only] => inside(only).map_err(|error| unreadable(&error))?,
        _ => values,
    };
    let mut lines = Lines { text, at: 0, line: 1 };
    let mut builder: Option<Builder> = None;
    let mut places = HashMap::new();
    for raw in objects {
        let line = lines.of(raw);
        let Ok(object) = serde_json::from_str::<Object>(raw.get()) else {
            let message = "it has something else than an object for each person";
            return Err(vec![Problem::at(line, message, REMEDY)]);
        };
        if object.is_empty() {
            continue;
        }
        let builder = match &mut builder {
            Some(builder) => builder,
            none => none.insert(Builder::new(
                object.keys().map(String::as_str),
                text.len(),
                "give every value a name",
            )?),
        };
        push(builder, &mut places, line, &object)?;
    }
    builder.map_or_else(|| Builder::new([], 0, "").and_then(Builder::finish), Builder::finish)
}

/// The objects in the one value of a file: those of the array it is or has, else itself.
fn inside(value: &RawValue) -> Result<Vec<&RawValue>, Error> {
    if value.get().starts_with('[') {
        return serde_json::from_str(value.get());
    }
    let Ok(object) = serde_json::from_str::<Object>(value.get()) else {
        return Ok(vec![value]);
    };
    let mut arrays = object.values().filter(|value| value.get().starts_with('['));
    match (arrays.next(), arrays.next()) {
        (Some(array), None) => serde_json::from_str(array.get()),
        _ => Ok(vec![value]),
    }
}

fn push(
    builder: &mut Builder,
    places: &mut HashMap<String, usize>,
    line: u64,
    object: &Object<'_>,
) -> Result<(), Vec<Problem>> {
    let mut cells: Vec<String> = Vec::new();
    for (header, value) in object {
        let place = match places.get(header) {
            Some(place) => *place,
            None => *places.entry(header.clone()).or_insert(builder.column(header)?),
        };
        if cells.len() <= place {
            cells.resize(place + 1, String::new());
        }
        match cell(value.get()) {
            Some(cell) => cells[place] = cell,
            None => builder.problem(
                Problem::at(line, "it is neither text nor a number", "write it as one text")
                    .in_column(header),
            ),
        }
    }
    builder.push(line, cells.iter().map(String::as_str))
}

/// A value as text; nothing for lists and objects.
fn cell(json: &str) -> Option<String> {
    match json.as_bytes().first()? {
        b'"' => serde_json::from_str(json).ok(),
        b'[' | b'{' => None,
        b'n' => Some(String::new()),
        _ => Some(json.to_owned()),
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
        table.rows.iter().map(|row| (row.line, row.cells.join("/"))).collect()
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
            ("[{\"name\": [\"Ann\"]}]", "neither text"),
            ("[{\"name\": \"Ann\"", "sound JSON"),
            ("[]", "empty"),
            ("{}", "empty"),
            (&"[".repeat(1_000_000), "sound JSON"),
        ] {
            assert!(read(text).unwrap_err()[0].message.contains(word), "{word}");
        }
        let nested = format!("[{{\"a\": {}{}}}]", "[".repeat(100_000), "]".repeat(100_000));
        assert!(read(&nested).is_err());
        let growing: String =
            (0..2000).fold(String::new(), |text, n| text + &format!("{{\"a{n}\": 1}}\n"));
        assert!(read(&growing).unwrap_err()[0].message.contains("columns"));
    }
}
