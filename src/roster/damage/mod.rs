//! Text that a wrong decoding damaged: what it was, as far as that can be told.

mod bytes;
mod gbk;
mod legacy;
mod lost;
mod western;

use super::entities;

/// What happened to a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damage {
    /// What is wrong, as a sentence.
    pub message: &'static str,
    /// What it was, as far as can be told.
    pub was: Option<String>,
    /// Whether nothing was lost, so that it may be mended.
    pub lossless: bool,
    /// Whether it might be meant as it stands.
    pub doubtful: bool,
}

impl Damage {
    /// Nothing can be told of what it was.
    fn lost(message: &'static str) -> Self {
        Self { message, was: None, lossless: false, doubtful: false }
    }
}

/// Looks for damage.
pub fn of(text: &str) -> Option<Damage> {
    // Most texts are plain; all that can be damaged has one of these.
    if text.is_ascii() && !text.contains('&') {
        return None;
    }
    lost::damage(text)
        .or_else(|| legacy::as_western(text))
        .or_else(|| western::damage(text))
        .or_else(|| legacy::as_utf8(text))
        .or_else(|| gbk::damage(text))
        .or_else(|| written_as_entities(text))
}

fn written_as_entities(text: &str) -> Option<Damage> {
    let was = entities::resolved(text)?;
    let message = "it has characters written as HTML";
    Some(Damage { message, was: Some(was), lossless: true, doubtful: false })
}

#[cfg(test)]
mod tests {
    use encoding_rs::{Encoding, WINDOWS_1252};

    use super::*;

    fn misread(text: &str, encoding: &'static Encoding) -> String {
        encoding.decode_without_bom_handling(text.as_bytes()).0.into_owned()
    }

    #[test]
    fn utf8_read_as_windows_1252_is_told_and_can_be_mended() {
        for name in ["张凯", "José", "Łukasz Żółkiewski", "Nguyễn", "Иванов", "محمد", "Ann·Å"]
        {
            let western = misread(name, WINDOWS_1252);
            let latin: String = name.bytes().map(char::from).collect();
            for damaged in [western, latin] {
                let damage = of(&damaged).unwrap_or_else(|| panic!("{damaged}"));
                assert_eq!((damage.was.as_deref(), damage.lossless), (Some(name), true));
            }
        }
        // The no-break space has become a plain one: told, and not mended.
        let damage = of("å¼ å‡¯").unwrap();
        assert_eq!((damage.was.as_deref(), damage.lossless), (Some("张凯"), false));
    }

    #[test]
    fn sound_names_are_left_alone() {
        let corpus = include_str!("../../../tests/suite/hard-names.csv");
        let roster = include_str!("../../../tests/suite/published-2020.csv");
        let cells = |text: &str, column: usize| -> Vec<String> {
            let mut reader = csv::Reader::from_reader(text.as_bytes());
            reader.records().map(|row| row.unwrap()[column].to_owned()).collect()
        };
        let own = ["李锟", "濮存昕", "联通", "Ó’Brien", "“JOSÉ”", "LÉ’ON", "Lee李", "张A", "AT&T"];
        let names = [cells(corpus, 0), cells(roster, 2), own.map(str::to_owned).to_vec()].concat();
        for name in names {
            assert_eq!(of(&name), None, "{name}");
        }
    }
}
