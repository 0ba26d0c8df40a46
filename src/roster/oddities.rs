//! What may be meant, and more often is a slip: spaces, letters of full width, and letters of
//! one script that pass for those of another.

use unicode_normalization::UnicodeNormalization;
use unicode_script::{Script, UnicodeScript};

use super::text::{quoted, shortened};

/// Something odd about a text: what it is, and what to do about it.
pub type Oddity = (String, String);

/// All that is odd about a text.
pub fn of(text: &str) -> Vec<Oddity> {
    [spaces(text), full_width(text), look_alikes(text)].into_iter().flatten().collect()
}

/// Spaces that are left out: before, behind, and more than one between words.
fn spaces(text: &str) -> Option<Oddity> {
    let doubled = || {
        let mut pairs = text.chars().zip(text.chars().skip(1));
        pairs.any(|(a, b)| a.is_whitespace() && b.is_whitespace())
    };
    let around = text.starts_with(char::is_whitespace) || text.ends_with(char::is_whitespace);
    if text.trim().is_empty() || !(around || doubled()) {
        return None;
    }
    let single = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let what = if around { "spaces around it" } else { "more than one space between words" };
    Some((format!("it has {what}"), format!("it is read as {}", quoted(&shortened(&single)))))
}

/// Latin letters and digits as wide as Han characters.
fn full_width(text: &str) -> Option<Oddity> {
    let is_wide = |c: char| matches!(c, '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ');
    text.contains(is_wide).then(|| {
        let narrow = |c: char| if is_wide(c) { c.nfkc().next().unwrap_or(c) } else { c };
        let plain: String = text.chars().map(narrow).collect();
        let plain = plain.replace('\u{3000}', " ");
        (
            "it has letters of full width".to_owned(),
            format!("if they are not meant, write {}", quoted(&plain)),
        )
    })
}

/// Scripts whose letters look like each other's.
const ALIKE: [Script; 5] =
    [Script::Latin, Script::Cyrillic, Script::Greek, Script::Armenian, Script::Cherokee];

/// A word with letters of two scripts that look alike.
fn look_alikes(text: &str) -> Option<Oddity> {
    if text.is_ascii() {
        return None;
    }
    text.split(|c: char| !c.is_alphanumeric()).find_map(|word| {
        let letters: Vec<(char, Script)> =
            word.chars().map(|c| (c, c.script())).filter(|(_, s)| ALIKE.contains(s)).collect();
        let count = |script: Script| letters.iter().filter(|(_, other)| *other == script).count();
        let of_word = ALIKE.into_iter().max_by_key(|script| count(*script))?;
        let (odd, script) = letters.iter().find(|(_, script)| *script != of_word)?;
        Some((
            format!(
                "{odd} in {} is a {} letter, U+{:04X}, among {} ones",
                quoted(word),
                script.full_name(),
                u32::from(*odd),
                of_word.full_name()
            ),
            "retype the word, if it is not meant".to_owned(),
        ))
    })
}

/// Question marks where a name has letters, as saving in an encoding without them leaves: what
/// is wrong, and whether nothing else is left.
pub fn question_marks(name: &str) -> Option<(&'static str, bool)> {
    let is_mark = |c: char| matches!(c, '?' | '？');
    if !name.contains(is_mark) {
        return None;
    }
    let alone = name.chars().all(|c| is_mark(c) || c.is_whitespace());
    Some(if alone {
        ("it has question marks alone, which a wrong encoding leaves where a name was", true)
    } else {
        ("it has a question mark, which a wrong encoding leaves where a letter was", false)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_told() {
        for (text, word) in [
            (" Ann", "around"),
            ("Ann  Lee", "between words"),
            ("Ｊｏｈｎ　Ｌｅｅ", "\"John Lee\""),
            ("Аnn", "U+0410"),
            ("Ann Lеe", "Cyrillic letter, U+0435, among Latin"),
            ("Ελeνη", "Latin letter, U+0065, among Greek"),
        ] {
            let found = of(text);
            assert_eq!(found.len(), 1, "{text}: {found:?}");
            assert!(format!("{found:?}").replace('\\', "").contains(word), "{text}: {found:?}");
        }
    }

    #[test]
    fn question_marks_are_told() {
        for (name, alone) in [("???", true), ("?? ?", true), ("张?", false), ("Jos? Garc?a", false)]
        {
            assert_eq!(question_marks(name).map(|(_, alone)| alone), Some(alone), "{name}");
        }
        assert_eq!(question_marks("José"), None);
    }

    #[test]
    fn what_belongs_together_is_not_odd() {
        for text in
            ["张A", "カタカナ漢字", "Anna 안나 アンナ", "Ελένη Elena Елена", "R2-D2", "", " "]
        {
            assert_eq!(of(text), [], "{text}");
        }
    }
}
