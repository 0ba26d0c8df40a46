//! HTML entities that a web form left in a text: `&#24352;`, `&amp;`, `&eacute;`.

use encoding_rs::WINDOWS_1252;
use html_escape::NAMED_ENTITIES;

/// The longest entity that is looked for, between `&` and `;`, in bytes.
const LONGEST: usize = 32;

/// The text with what its entities stand for; nothing when it has none.
pub fn resolved(text: &str) -> Option<String> {
    let mut resolved = String::with_capacity(text.len());
    let mut rest = text;
    let mut found = false;
    while let Some(at) = rest.find('&') {
        resolved.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        if let Some((characters, length)) = closed(after).or_else(|| open(after)) {
            found = true;
            resolved.push_str(&characters);
            rest = &after[length..];
        } else {
            resolved.push('&');
            rest = after;
        }
    }
    resolved.push_str(rest);
    found.then_some(resolved)
}

/// The entity that a text begins with and a semicolon ends: what it stands for, and its length.
fn closed(text: &str) -> Option<(String, usize)> {
    let end = text.bytes().take(LONGEST + 1).position(|byte| byte == b';')?;
    let entity = &text[..end];
    let characters = match entity.strip_prefix('#') {
        Some(number) => numbered(number)?.to_string(),
        None => named(entity)?.to_owned(),
    };
    Some((characters, end + 1))
}

/// How the names of letters with marks end.
const MARKS: [&str; 9] =
    ["grave", "acute", "circ", "tilde", "uml", "ring", "cedil", "slash", "zlig"];

/// One that no semicolon ends, as browsers take it: a number, or one of those that HTML has
/// always had, and that people mean nothing else by.
fn open(text: &str) -> Option<(String, usize)> {
    if let Some(number) = text.strip_prefix('#') {
        let digits = number.bytes().take_while(u8::is_ascii_digit).count();
        let character = numbered(number.get(..digits).filter(|_| digits > 1)?)?;
        return Some((character.to_string(), 1 + digits));
    }
    let letters = text.bytes().take_while(u8::is_ascii_alphanumeric).count();
    let word = &text[..letters];
    if ["amp", "AMP", "nbsp", "quot"].contains(&word) {
        return Some((named(word)?.to_owned(), letters));
    }
    let length = MARKS
        .iter()
        .find_map(|mark| word.get(1..)?.strip_prefix(mark).map(|rest| letters - rest.len()))?;
    Some((named(&word[..length])?.to_owned(), length))
}

/// What a number stands for; those of no character are bytes of Windows-1252 to browsers.
fn numbered(number: &str) -> Option<char> {
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16),
        None => number.parse(),
    };
    let c = match code.ok()? {
        byte @ 0x80..=0x9f => {
            WINDOWS_1252.decode_without_bom_handling(&[byte as u8]).0.chars().next()
        }
        code => char::from_u32(code),
    };
    c.filter(|c| !c.is_control())
}

/// What a name stands for in HTML.
fn named(name: &str) -> Option<&'static str> {
    let found = NAMED_ENTITIES.binary_search_by(|(other, _)| (*other).cmp(name.as_bytes()));
    let (_, characters) = NAMED_ENTITIES[found.ok()?];
    (!characters.contains(char::is_control)).then_some(characters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entities_are_resolved_and_an_ampersand_is_none() {
        for (text, expected) in [
            ("&#24352;&#x51EF;", Some("张凯")),
            ("&#24352&#20975", Some("张凯")),
            ("Ann&#146;s", Some("Ann’s")),
            ("Jos&eacute; Mu&ntilde;oz", Some("José Muñoz")),
            ("Jos&eacute", Some("José")),
            ("Garc&iacutea", Some("García")),
            ("Wei&szlig", Some("Weiß")),
            ("Ann &amp; Bob", Some("Ann & Bob")),
            ("Ann &amp Bob", Some("Ann & Bob")),
            ("&AMP; Co", Some("& Co")),
            ("古力&bull;娜扎", Some("古力•娜扎")),
            ("Ann&ndash;Bob", Some("Ann–Bob")),
            ("&Alpha;lpha", Some("Αlpha")),
            ("Andr&aring;s &Scaron;", Some("Andrås Š")),
            ("Ann & Bob", None),
            ("AT&T; Ann", None),
            ("Q&A R&D B&B", None),
            ("Copy&reg Rock&not", None),
            ("&Tab;&NewLine;", None),
            ("&;&#;&#x;&#xD800;&#9;&#99999999;", None),
            ("&张;", None),
            ("&#1", None),
            ("&&amp;", Some("&&")),
        ] {
            assert_eq!(resolved(text).as_deref(), expected, "{text}");
        }
    }
}
