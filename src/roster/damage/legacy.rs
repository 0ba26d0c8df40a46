//! Text in an encoding of two bytes a character that was read as one of another kind: Chinese or
//! Korean read as Windows-1252, and Chinese that is UTF-8 by chance.

use encoding_rs::{BIG5, EUC_KR, Encoding, GBK};
use unicode_script::{Script, UnicodeScript};

use super::Damage;
use super::bytes::{is_han, western};
use crate::roster::text::{is_common, weigh};

/// Looks for words that were read as Windows-1252: they are of capitals and signs alone.
pub fn as_western(text: &str) -> Option<Damage> {
    if !text.chars().any(|c| ('\u{a1}'..='\u{ff}').contains(&c)) {
        return None;
    }
    let mut found: Option<Damage> = None;
    let mut was = String::new();
    for word in text.split_inclusive(char::is_whitespace) {
        let bare = word.trim_end();
        let Some((read, encoding, lossless)) = east_asian(bare) else {
            was.push_str(word);
            continue;
        };
        was.push_str(&read);
        was.push_str(&word[bare.len()..]);
        let message = match encoding {
            encoding if encoding == GBK => "it is GBK that was read as Windows-1252",
            encoding if encoding == BIG5 => "it is Big5 that was read as Windows-1252",
            _ => "it is EUC-KR that was read as Windows-1252",
        };
        let lossless = lossless && found.as_ref().is_none_or(|other| other.lossless);
        found = Some(Damage { message, was: None, lossless, doubtful: false });
    }
    found.map(|damage| Damage { was: Some(was), ..damage })
}

/// A word as its bytes read in the likeliest of the encodings, and whether no other is as likely.
fn east_asian(word: &str) -> Option<(String, &'static Encoding, bool)> {
    let bytes: Vec<u8> = word.chars().map(western).collect::<Option<_>>()?;
    // Big5 has letters for second bytes; the others have none.
    let has_letters = bytes.iter().any(u8::is_ascii_alphanumeric);
    let has_signs = bytes.iter().any(|byte| (0xa1..=0xbf).contains(byte));
    if bytes.len() < 4 || has_letters && !has_signs {
        return None;
    }
    // A row of letters of one script is UTF-8 that was read so.
    if std::str::from_utf8(&bytes).is_ok_and(|text| !is_mixed(text)) {
        return None;
    }
    let mut read: Vec<(i64, String, &'static Encoding)> = [GBK, BIG5, EUC_KR]
        .into_iter()
        .filter(|encoding| !has_letters || *encoding == BIG5)
        .filter_map(|encoding| {
            let (text, has_errors) = encoding.decode_without_bom_handling(&bytes);
            let fits = !has_errors && are_usual(&text, &bytes, encoding);
            fits.then(|| (weigh(&text, encoding), text.into_owned(), encoding))
        })
        .collect();
    read.sort_by_key(|(weight, ..)| std::cmp::Reverse(*weight));
    let second = read.get(1).map_or(i64::MIN, |(weight, ..)| *weight);
    let (weight, text, encoding) = read.into_iter().next()?;
    Some((text, encoding, weight > second))
}

/// Whether a text is of two or more characters in daily use, some of which names have.
fn are_usual(text: &str, bytes: &[u8], encoding: &'static Encoding) -> bool {
    let is_mark = |c: char| matches!(c, '（' | '）' | '·' | '、' | '，' | '(' | ')');
    let letters = || text.chars().filter(|c| !is_mark(*c));
    let of_script = |c: char| match c.script() {
        Script::Han => encoding != EUC_KR,
        Script::Hangul => encoding == EUC_KR,
        _ => false,
    };
    if letters().count() < 2 || !letters().all(of_script) {
        return false;
    }
    // The makers of each encoding put the common ones first.
    let mut rest = bytes;
    let mut first_level = true;
    while let [lead, trail, ..] = *rest {
        let (usual, first) = match encoding {
            encoding if encoding == BIG5 => (0xa1..=0xc6, 0xa4..=0xc6),
            encoding if encoding == GBK => (0xa1..=0xf7, 0xb0..=0xd7),
            _ => (0xa1..=0xc8, 0xb0..=0xc8),
        };
        if lead.is_ascii() {
            rest = &rest[1..];
            continue;
        }
        if !usual.contains(&lead) || encoding != BIG5 && trail < 0xa1 {
            return false;
        }
        first_level &= lead < 0xa4 || first.contains(&lead);
        rest = &rest[2..];
    }
    let common = letters().filter(|c| is_common(*c)).count();
    let letter_bytes = bytes.iter().any(u8::is_ascii_alphabetic);
    common > 0 || first_level && !letter_bytes && encoding != EUC_KR
}

/// Looks for GBK that was read as UTF-8: a pair of its bytes may be a letter there, and a row of
/// them is one of letters and marks of scripts that nobody mixes.
pub fn as_utf8(text: &str) -> Option<Damage> {
    let is_pair = |c: char| ('\u{80}'..='\u{7ff}').contains(&c);
    if text.is_empty() || !text.chars().all(is_pair) {
        return None;
    }
    let (was, has_errors) = GBK.decode_without_bom_handling(text.as_bytes());
    let is_name = !has_errors && was.chars().all(is_han) && was.chars().any(is_common);
    (is_name && is_mixed(text)).then(|| Damage {
        message: "it is GBK that was read as UTF-8",
        was: Some(was.into_owned()),
        lossless: true,
        doubtful: false,
    })
}

/// Whether a text has letters of more than one script, of phonetics, or marks without letters.
fn is_mixed(text: &str) -> bool {
    let first = text.chars().find_map(|c| match c.script() {
        Script::Common | Script::Inherited | Script::Unknown => None,
        script => Some(script),
    });
    let fits = |c: char| {
        let phonetic = ('\u{250}'..='\u{2ff}').contains(&c);
        c.is_alphabetic() && !phonetic && Some(c.script()) == first
    };
    !text.chars().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_and_korean_read_as_windows_1252_is_told_and_can_be_mended() {
        for (text, was) in [
            ("ÀîÃ÷", "李明"),
            ("ÍõÎå", "王五"),
            ("¿µÖ¾»ª", "康志华"),
            ("³¯§ÓµØ", "陳志華"),
            ("ÕÅ³Ç£¨ÔªÒÒ£©", "张城（元乙）"),
            ("Ann ÀîÃ÷", "Ann 李明"),
            ("ªL§Ó»¨", "林志豪"),
            ("±èÃ¶¼ö", "김철수"),
            ("Ð»Þ±", "谢薇"),
        ] {
            let damage = as_western(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!((damage.was.as_deref(), damage.lossless), (Some(was), true), "{text}");
        }
    }

    #[test]
    fn words_of_accented_letters_are_sound() {
        for text in [
            "ÅÄÖ",
            "ÄÖÜß",
            "Åsa Öström",
            "Øø Åå",
            "É.",
            "«É»",
            "Ó Ú",
            "ÉÉ",
            "½ ¾",
            "Ænæs",
            "Ð®Ð½Ð°",
        ] {
            assert_eq!(as_western(text), None, "{text}");
        }
    }

    #[test]
    fn gbk_that_is_utf8_by_chance_is_told_where_it_makes_no_word() {
        for name in ["施志", "谢薇"] {
            let bytes = GBK.encode(name).0.into_owned();
            let text = String::from_utf8(bytes).unwrap();
            assert_eq!(as_utf8(&text).and_then(|damage| damage.was).as_deref(), Some(name));
        }
        for text in ["Ли", "Ян", "Ελένη", "محمد", "דוד", "Éé", "李", ""] {
            assert_eq!(as_utf8(text), None, "{text}");
        }
    }
}
