//! HTML entities that a web form left in a text: `&#24352;`, `&amp;`, `&eacute;`.

use unicode_normalization::UnicodeNormalization;

/// The longest entity that is looked for, between `&` and `;`, in bytes.
const LONGEST: usize = 10;

/// The text with what its entities stand for; nothing when it has none.
pub fn resolved(text: &str) -> Option<String> {
    let mut resolved = String::with_capacity(text.len());
    let mut rest = text;
    let mut found = false;
    while let Some(at) = rest.find('&') {
        resolved.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        let end = after.bytes().take(LONGEST + 1).position(|byte| byte == b';');
        if let Some((character, end)) = end.and_then(|end| Some((character(&after[..end])?, end))) {
            found = true;
            resolved.push(character);
            rest = &after[end + 1..];
        } else {
            resolved.push('&');
            rest = after;
        }
    }
    resolved.push_str(rest);
    found.then_some(resolved)
}

/// What an entity stands for.
fn character(entity: &str) -> Option<char> {
    if let Some(number) = entity.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16),
            None => number.parse(),
        };
        return char::from_u32(code.ok()?).filter(|c| !c.is_control());
    }
    NAMED.iter().find(|(name, _)| *name == entity).map(|(_, c)| *c).or_else(|| accented(entity))
}

const NAMED: [(&str, char); 22] = [
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("nbsp", '\u{a0}'),
    ("middot", '·'),
    ("lsquo", '‘'),
    ("rsquo", '’'),
    ("szlig", 'ß'),
    ("aelig", 'æ'),
    ("AElig", 'Æ'),
    ("oelig", 'œ'),
    ("OElig", 'Œ'),
    ("oslash", 'ø'),
    ("Oslash", 'Ø'),
    ("eth", 'ð'),
    ("ETH", 'Ð'),
    ("thorn", 'þ'),
    ("THORN", 'Þ'),
    ("iexcl", '¡'),
    ("shy", '\u{ad}'),
];

/// A letter with the mark its entity names: `eacute` is e and acute.
fn accented(entity: &str) -> Option<char> {
    const MARKS: [(&str, char); 8] = [
        ("grave", '\u{300}'),
        ("acute", '\u{301}'),
        ("circ", '\u{302}'),
        ("tilde", '\u{303}'),
        ("uml", '\u{308}'),
        ("ring", '\u{30a}'),
        ("caron", '\u{30c}'),
        ("cedil", '\u{327}'),
    ];
    let letter = entity.chars().next().filter(char::is_ascii_alphabetic)?;
    let (_, mark) = MARKS.iter().find(|(name, _)| *name == &entity[1..])?;
    let mut composed = [letter, *mark].into_iter().nfc();
    composed.next().filter(|_| composed.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entities_are_resolved_and_an_ampersand_is_none() {
        for (text, expected) in [
            ("&#24352;&#x51EF;", Some("张凯")),
            ("Jos&eacute; Mu&ntilde;oz", Some("José Muñoz")),
            ("Ann &amp; Bob", Some("Ann & Bob")),
            ("Andr&aring;s &Scaron;", Some("Andrås Š")),
            ("Ann & Bob", None),
            ("AT&T; Ann", None),
            ("&;&#;&#x;&#xD800;&#9;&#99999999;", None),
            ("&张;", None),
            ("&&amp;", Some("&&")),
        ] {
            assert_eq!(resolved(text).as_deref(), expected, "{text}");
        }
    }
}
