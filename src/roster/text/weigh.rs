//! How much a text looks like a roster: headers and names that people have weigh for it, what
//! a wrong encoding makes of them against it.

use encoding_rs::{BIG5, EUC_JP, EUC_KR, Encoding, GBK, SHIFT_JIS, UTF_16BE, UTF_16LE};
use unicode_script::{Script, UnicodeScript};

use super::names::{HEADERS, is_common};

/// The cells of a text, whatever parts them.
pub fn cells(text: &str) -> impl Iterator<Item = &str> {
    let parts = |c: char| matches!(c, ',' | ';' | '\t' | '，' | '|' | '"' | '\r' | '\n');
    text.split(parts).map(str::trim).filter(|cell| !cell.is_empty())
}

/// The weight of a text that was read in this encoding; below nothing for what is no roster.
pub fn weigh(text: &str, encoding: &'static Encoding) -> i64 {
    const HEADER: i64 = 12;
    let mut weight = cells(text).filter(|cell| HEADERS.contains(cell)).map(|_| HEADER).sum::<i64>();
    let mut before = None;
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        if !c.is_ascii() {
            weight += weigh_character(c, before, characters.peek().copied(), encoding);
        }
        before = Some(c);
    }
    weight
}

fn weigh_character(
    c: char,
    before: Option<char>,
    after: Option<char>,
    encoding: &'static Encoding,
) -> i64 {
    let beside = |is: fn(&char) -> bool| {
        [before, after].into_iter().flatten().filter(is).map(|_| 1).sum::<i64>()
    };
    let is_letter = |c: &char| c.is_ascii_alphabetic();
    match c {
        '\u{3000}'..='\u{303f}' | '\u{ff01}'..='\u{ff5e}' | '·' | '’' => return 1,
        '\u{ff61}'..='\u{ff9f}' => return -1 - 2 * beside(is_letter),
        '\u{80}'..='\u{9f}' | '\u{e000}'..='\u{f8ff}' | '\u{fffd}' => return -20,
        _ => {}
    }
    match c.script() {
        Script::Han => {
            // A double byte that swallowed a letter of a western name stands between letters.
            common(c) + level(c, encoding) - 2 * beside(is_letter)
        }
        Script::Hiragana | Script::Katakana if [SHIFT_JIS, EUC_JP].contains(&encoding) => {
            2 - 2 * beside(is_letter)
        }
        Script::Hiragana | Script::Katakana if [GBK, BIG5].contains(&encoding) => -2,
        Script::Hangul => common(c) + level(c, encoding) - 2 * beside(is_letter),
        Script::Latin => 2 * beside(is_letter).min(1) - 3 * beside(|c| !c.is_ascii()),
        Script::Common | Script::Inherited | Script::Bopomofo => -2,
        _ if encoding.is_single_byte() => {
            let jumps = before.is_some_and(char::is_lowercase) && c.is_uppercase();
            if jumps { -3 } else { 1 }
        }
        _ => -1,
    }
}

/// What a character of many names counts for.
fn common(c: char) -> i64 {
    if is_common(c) { 3 } else { 0 }
}

/// Where an encoding keeps a character: its makers put the common ones first.
fn level(c: char, encoding: &'static Encoding) -> i64 {
    if [UTF_16LE, UTF_16BE].contains(&encoding) {
        let levels = [GBK, BIG5, SHIFT_JIS, EUC_KR].map(|encoding| level(c, encoding));
        return levels.into_iter().max().unwrap_or_default();
    }
    let mut buffer = [0; 4];
    let (bytes, ..) = encoding.encode(c.encode_utf8(&mut buffer));
    let [lead, trail] = *bytes else { return -2 };
    match (encoding.name(), lead) {
        ("GBK", 0xb0..=0xd7) if trail >= 0xa1 => 1,
        ("Big5", 0xa4..=0xc6) | ("Shift_JIS", 0x88..=0x97) | ("EUC-JP", 0xb0..=0xcf) => 1,
        // EUC-KR has its syllables in the order of the alphabet, common or not.
        ("GBK", 0xd8..=0xf7) | ("EUC-KR", 0xb0..=0xc8) if trail >= 0xa1 => 0,
        ("Big5", 0xc9..=0xf9) | ("Shift_JIS", 0x98..=0xea) | ("EUC-JP", _) => -1,
        _ => -2,
    }
}
