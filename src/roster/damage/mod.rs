//! Text that a wrong decoding damaged: what it was, as far as that can be told.

mod bytes;
mod western;

use encoding_rs::GBK;
use unicode_script::{Script, UnicodeScript};

use super::entities;
use bytes::{encoded, in_gbk, is_han, is_in_gb2312};

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
    lost(text)
        .or_else(|| western::damage(text))
        .or_else(|| read_as_gbk(text))
        .or_else(|| written_as_entities(text))
}

/// What decoders and compilers write where they know no character; nothing can be told of it.
fn lost(text: &str) -> Option<Damage> {
    const SIGNS: [&str; 4] = ["锟斤拷", "烫烫烫", "屯屯屯", "锘\u{fffd}"];
    let found = SIGNS.iter().any(|sign| text.contains(sign));
    found.then(|| Damage::lost("its characters were lost when GBK was read as UTF-8"))
}

/// UTF-8 that was read as GBK: the bytes of two Han characters make three others.
fn read_as_gbk(text: &str) -> Option<Damage> {
    let message = "it is UTF-8 that was read as GBK";
    // UTF-8 begins with one of these bytes, and goes on with one of those.
    let first = text.chars().find(|c| !c.is_ascii())?;
    if !matches!(in_gbk(first)?[..], [0xc2..=0xf4, 0x80..=0xbf]) {
        return None;
    }
    // The last byte of an odd number of bytes makes no character.
    let whole = text.trim_end_matches(['\u{fffd}', '?']);
    let bytes = encoded(whole, GBK)?;
    let (was, lossless) = match std::str::from_utf8(&bytes) {
        Ok(was) => (was, whole.len() == text.len()),
        Err(error) if whole.len() < text.len() && error.error_len().is_none() => {
            (std::str::from_utf8(&bytes[..error.valid_up_to()]).ok()?, false)
        }
        Err(_) => return None,
    };
    let damage = |doubtful| Damage { message, was: Some(was.to_owned()), lossless, doubtful };
    let wide: Vec<char> = was.chars().filter(|c| !c.is_ascii()).collect();
    let is_latin = |c: &char| c.script() == Script::Latin;
    if !wide.is_empty() && wide.iter().all(is_latin) {
        return stands_in_words(text).map(damage);
    }
    let is_plain = |c: &char| is_latin(c) || is_in_gb2312(*c) || matches!(c, '·' | '•');
    let rare = text.chars().any(|c| is_han(c) && !is_in_gb2312(c));
    (rare && !wide.is_empty() && wide.iter().all(is_plain)).then(|| damage(false))
}

/// Whether Han characters stand in Latin words as accented letters do (`M眉ller`): `false`
/// where each does without doubt, `true` where one might be a name of its own (`Jos茅`).
fn stands_in_words(text: &str) -> Option<bool> {
    let characters: Vec<char> = text.chars().collect();
    let at = |place: Option<usize>| place.and_then(|place| characters.get(place)).copied();
    let mut doubtful = false;
    for (place, _) in characters.iter().enumerate().filter(|(_, c)| is_han(**c)) {
        let before = at(place.checked_sub(1)).filter(char::is_ascii_alphabetic);
        let after = at(Some(place + 1)).filter(char::is_ascii_lowercase);
        match (before, after) {
            (Some(_), Some(_)) => {}
            (None, Some(_)) => doubtful = true,
            (Some(letter), None) if letter.is_ascii_lowercase() => doubtful = true,
            _ => return None,
        }
    }
    Some(doubtful)
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
    fn utf8_read_as_gbk_is_told_and_can_be_mended_where_no_byte_was_lost() {
        for name in ["张凯", "欧阳小明", "Ada 张凯"] {
            let damage = of(&misread(name, GBK)).unwrap_or_else(|| panic!("{name}"));
            assert_eq!((damage.was.as_deref(), damage.lossless), (Some(name), true));
        }
        assert_eq!(misread("张凯", GBK), "寮犲嚡");
        let damage = of(&misread("王小明", GBK)).unwrap();
        assert_eq!((damage.was.as_deref(), damage.lossless), (Some("王小"), false));
        assert!(!of(&misread("Müller", GBK)).unwrap().doubtful);
        assert!(of(&misread("José", GBK)).unwrap().doubtful);
    }

    #[test]
    fn what_is_lost_is_told_as_lost() {
        for text in ["锟斤拷锟斤拷", "烫烫烫", "屯屯屯", "锘\u{fffd}张凯"] {
            assert_eq!(of(text).unwrap().was, None, "{text}");
        }
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
