//! UTF-8 that was read as GBK: the bytes of two Han characters make three others. What was read
//! so may be a part of a text, and the last byte of an odd number of them makes no character.

use encoding_rs::GBK;
use unicode_script::{Script, UnicodeScript};

use super::Damage;
use super::bytes::{encoded, in_gbk, is_han, is_in_gb2312};

/// Looks for it.
pub fn damage(text: &str) -> Option<Damage> {
    if !may_be_misread(text) {
        return None;
    }
    // What GBK does not have was not read as such, and what stands beside it may have been.
    let is_foreign = |c: char| c == '\u{fffd}' || !c.is_ascii() && in_gbk(c).is_none();
    let parts_words = |c: char| c.is_whitespace() || matches!(c, '（' | '）' | '·' | '、');
    let reading = Reading::of(text, is_foreign)
        .or_else(|| Reading::of(text, |c| is_foreign(c) || parts_words(c)))?;
    Some(Damage {
        message: "it is UTF-8 that was read as GBK",
        // A character of its own may stand in a word once by chance.
        doubtful: reading.certain == 0 && reading.doubtful < 2,
        was: Some(reading.was),
        lossless: reading.lossless,
    })
}

/// Whether a text has what all such text has, seen soon: most have not.
fn may_be_misread(text: &str) -> bool {
    let (bytes, ..) = GBK.encode(text);
    let mut rest = &*bytes;
    let (mut begins, mut rare) = (false, false);
    while let [lead, after @ ..] = rest {
        rest = after;
        if let ([trail, after @ ..], false) = (after, lead.is_ascii()) {
            begins |= matches!((lead, trail), (0xc2..=0xf4, 0x80..=0xbf));
            rare |= !matches!((lead, trail), (0xa1..=0xf7, 0xa1..=0xfe));
            rest = after;
        } else {
            rare |= lead.is_ascii_alphabetic();
        }
    }
    begins && rare
}

/// Whether a character is two bytes that UTF-8 begins with.
fn begins(c: char) -> bool {
    !c.is_ascii() && matches!(in_gbk(c).as_deref(), Some([0xc2..=0xf4, 0x80..=0xbf]))
}

/// A text as it may have been.
struct Reading {
    was: String,
    lossless: bool,
    /// How many of its characters were misread without doubt, and with it.
    certain: usize,
    doubtful: usize,
}

impl Reading {
    /// Reads the parts of a text; nothing where none of them was misread.
    fn of(text: &str, is_between: impl Fn(char) -> bool) -> Option<Self> {
        let mut all = Self { was: String::new(), lossless: true, certain: 0, doubtful: 0 };
        for part in text.split_inclusive(&is_between) {
            let between = part.chars().next_back().filter(|c| is_between(*c));
            let misread = &part[..part.len() - between.map_or(0, char::len_utf8)];
            if let Some(reading) = Self::of_part(misread) {
                all.was.push_str(&reading.was);
                all.was.extend(between.filter(|c| *c != '\u{fffd}'));
                all.lossless &= reading.lossless && between != Some('\u{fffd}');
                all.certain += reading.certain;
                all.doubtful += reading.doubtful;
            } else {
                all.was.push_str(part);
            }
        }
        (all.certain + all.doubtful > 0).then_some(all)
    }

    fn of_part(part: &str) -> Option<Self> {
        if !part.chars().find(|c| !c.is_ascii()).is_some_and(begins) {
            return None;
        }
        let (was, lossless) = read(&encoded(part, GBK)?)?;
        let wide: Vec<char> = was.chars().filter(|c| !c.is_ascii()).collect();
        let is_latin = |c: &char| c.script() == Script::Latin;
        if !wide.is_empty() && wide.iter().all(is_latin) {
            let (certain, doubtful) = stands_in_words(part).filter(|_| lossless)?;
            return Some(Self { was, lossless, certain, doubtful });
        }
        let is_plain = |c: &char| is_latin(c) || is_in_gb2312(*c) || matches!(c, '·' | '•');
        let rare = part.chars().any(|c| is_han(c) && !is_in_gb2312(c));
        let cut = !lossless && !wide.iter().any(|c| is_han(*c));
        let misread = rare && !cut && !wide.is_empty() && wide.iter().all(is_plain);
        misread.then_some(Self { was, lossless, certain: 1, doubtful: 0 })
    }
}

/// Reads bytes as UTF-8 that has lost nothing but ends of characters, and whether it has lost any.
fn read(bytes: &[u8]) -> Option<(String, bool)> {
    let mut was = String::new();
    let mut lossless = true;
    for chunk in bytes.utf8_chunks() {
        // What was lost may have become a question mark.
        let valid = chunk.valid();
        was.push_str(if lossless { valid } else { valid.strip_prefix('?').unwrap_or(valid) });
        match chunk.invalid() {
            [] => {}
            [0xe0..=0xf4, _, ..] | [0xc2..=0xf4] => lossless = false,
            _ => return None,
        }
    }
    Some((was, lossless))
}

/// How many Han characters stand in Latin words as accented letters do: without doubt
/// (`M眉ller`), and as one might that is a name of its own (`Jos茅`).
fn stands_in_words(text: &str) -> Option<(usize, usize)> {
    let characters: Vec<char> = text.chars().collect();
    let at = |place: Option<usize>| place.and_then(|place| characters.get(place)).copied();
    let (mut certain, mut doubtful) = (0, 0);
    for (place, _) in characters.iter().enumerate().filter(|(_, c)| is_han(**c)) {
        let before = at(place.checked_sub(1)).filter(char::is_ascii_alphabetic);
        let after = at(Some(place + 1)).filter(char::is_ascii_lowercase);
        match (before, after) {
            (Some(_), Some(_)) => certain += 1,
            (None, Some(_)) => doubtful += 1,
            (Some(letter), None) if letter.is_ascii_lowercase() => doubtful += 1,
            _ => return None,
        }
    }
    Some((certain, doubtful))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn misread(text: &str) -> String {
        GBK.decode_without_bom_handling(text.as_bytes()).0.into_owned()
    }

    #[test]
    fn it_is_told_and_can_be_mended_where_no_byte_was_lost() {
        for name in ["张凯", "欧阳小明", "Ada 张凯"] {
            let damage = damage(&misread(name)).unwrap_or_else(|| panic!("{name}"));
            assert_eq!((damage.was.as_deref(), damage.lossless), (Some(name), true));
        }
        assert_eq!(misread("张凯"), "寮犲嚡");
        assert!(!damage(&misread("Müller")).unwrap().doubtful);
        assert!(damage(&misread("José")).unwrap().doubtful);
        assert!(!damage(&misread("José García")).unwrap().doubtful);
        assert!(!damage(&misread("José Müller")).unwrap().doubtful);
    }

    #[test]
    fn where_a_byte_was_lost_the_rest_is_told() {
        for (text, was) in [
            (misread("王小明").as_str(), "王小"),
            ("鐜嬪皬鏄", "王小"),
            ("鐜嬪皬鏄?", "王小"),
            ("搴峰織鍗", "康志"),
            ("楂樻", "高"),
            ("鐜嬪皬鏄 Lee", "王小 Lee"),
        ] {
            let damage = damage(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!((damage.was.as_deref(), damage.lossless), (Some(was), false), "{text}");
        }
    }

    #[test]
    fn a_part_is_told_beside_what_is_sound() {
        for (text, was) in [
            ("寮犲嚡 Łukasz", "张凯 Łukasz"),
            ("寮犲嚡（元乙）", "张凯（元乙）"),
            ("张凯 寮犲嚡", "张凯 张凯"),
            ("안나 寮犲嚡", "안나 张凯"),
        ] {
            let damage = damage(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!((damage.was.as_deref(), damage.lossless), (Some(was), true), "{text}");
        }
    }
}
