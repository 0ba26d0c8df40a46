//! Decodes, and tells nonsense: what nobody writes.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8};

/// What ends a file that an old program padded: NULs, and the end of a text in CP/M and DOS.
const PADDING: [char; 2] = ['\0', '\u{1a}'];

/// The line of a nonsense, counted from 1, and what is wrong with it.
pub type Nonsense = (usize, String);

/// The bytes without what pads them. In UTF-16 a NUL is a part of a character.
pub fn without_padding(bytes: &[u8]) -> &[u8] {
    let end = bytes.iter().rposition(|byte| !PADDING.contains(&char::from(*byte)));
    let rest = &bytes[..end.map_or(0, |end| end + 1)];
    if rest.contains(&0) || rest.starts_with(b"\xff\xfe") || rest.starts_with(b"\xfe\xff") {
        bytes
    } else {
        rest
    }
}

/// Decodes; or says on which line there is what.
pub fn sound<'a>(bytes: &'a [u8], encoding: &'static Encoding) -> Result<Cow<'a, str>, Nonsense> {
    let (mut text, has_errors) = encoding.decode_without_bom_handling(bytes);
    let padding = text.len() - text.trim_end_matches(PADDING).len();
    let marked = text.starts_with('\u{feff}');
    match &mut text {
        Cow::Borrowed(text) => {
            let end = text.len() - padding;
            *text = &text[if marked { '\u{feff}'.len_utf8() } else { 0 }..end];
        }
        Cow::Owned(text) => {
            text.truncate(text.len() - padding);
            if marked {
                text.drain(..'\u{feff}'.len_utf8());
            }
        }
    }
    let nonsense = |c: char| match c {
        '\u{80}'..='\u{9f}' | '\u{e000}'..='\u{f8ff}' | '\u{f0000}'.. => encoding != UTF_8,
        '\u{fffd}' => has_errors || encoding != UTF_8,
        '\0' => true,
        _ => false,
    };
    if let Some((at, c)) = text.char_indices().find(|(_, c)| nonsense(*c)) {
        let is_last = at + c.len_utf8() == text.len();
        let what = match c {
            '\u{fffd}' if is_last => "it ends within a character".to_owned(),
            '\u{fffd}' => "it has bytes that mean nothing there".to_owned(),
            c => format!("it has U+{:04X}, which nobody writes", u32::from(c)),
        };
        return Err((line(&text, at), what));
    }
    Ok(text)
}

/// What a guess of an encoding of one byte a character makes of another one: signs within words,
/// and capitals where small letters should be.
pub fn nonsense_in_words(text: &str) -> Option<Nonsense> {
    const SIGNS: &str = "†‡‰ˆ˜‹›„‚€™¡¢£¤¥¦§¨©«¬®¯°±²³¹µ¶¸»¼½¾¿";
    let mut before: Option<char> = None;
    let mut characters = text.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        if !c.is_ascii() && before.is_some_and(char::is_alphabetic) {
            let after = characters.peek().map(|(_, c)| *c);
            let within = after.is_some_and(char::is_alphabetic);
            let is_small = |c: Option<char>| c.is_some_and(char::is_lowercase);
            let is_capital = after.is_some_and(char::is_uppercase);
            let odd = match c {
                'Š' | 'Ž' | 'Œ' | 'Ÿ' => is_small(after) || is_small(before) && !is_capital,
                c => within && SIGNS.contains(c),
            };
            if odd {
                let word = text[..at].chars().rev().take_while(|c| c.is_alphanumeric()).count();
                let start = text[..at].char_indices().rev().nth(word - 1).map_or(0, |(at, _)| at);
                let word: String = text[start..].chars().take_while(|c| !c.is_control()).collect();
                let what = format!("nobody writes {c} as in {}", super::shortened(word.trim()));
                return Some((line(text, at), what));
            }
        }
        before = Some(c);
    }
    None
}

fn line(text: &str, at: usize) -> usize {
    1 + text[..at].matches('\n').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_within_words_are_nonsense() {
        for text in ["Se‡n", "JosŽ", "MŸller", "name\nB¹k", "MŠrz"] {
            assert!(nonsense_in_words(text).is_some(), "{text}");
        }
        for text in ["Žofie Šimek", "TOMÁŠ", "Ann† Bob¹", "Œuvre", "Ann–Bob", "O’Brien", "R&D™"]
        {
            assert_eq!(nonsense_in_words(text), None, "{text}");
        }
    }
}
