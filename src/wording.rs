//! Text that may stand in the register and on certificates: one spelling for one text, nothing
//! that hides, and nothing that is private.

use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory};
use unicode_script::{Script, UnicodeScript};

/// Characters a text may have: more is no name, and would take long to set.
pub const LONGEST: usize = 500;

/// Bytes a text may have for as many characters: a letter may carry [`MOST_MARKS`], each of four.
const MOST_BYTES: usize = LONGEST * (1 + MOST_MARKS) * 4;

/// Why a text may not be published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// A line break, as an unclosed quote in a roster brings it.
    #[error("it has a line break; is a quote not closed?")]
    LineBreak,
    /// A control character.
    #[error("it has U+{0:04X}, a control character")]
    Control(u32),
    /// A mark or joiner where no letter carries it, or one too many.
    #[error("it has U+{0:04X} where no letter can carry it")]
    Misplaced(u32),
    /// A sign that a character was lost.
    #[error("it has U+FFFD, which a wrong encoding leaves where a character was")]
    Damaged,
    /// An e-mail address.
    #[error("it has an e-mail address, which would stand in the public register")]
    Email,
    /// Far too long.
    #[error("it has {0} characters, and more than {LONGEST} are too many")]
    TooLong(usize),
}

/// The text without the spaces around it.
///
/// # Errors
/// When it is so long that it need not be looked at.
pub fn trimmed(text: &str) -> Result<&str, Unfit> {
    let text = text.trim();
    if text.len() > MOST_BYTES { Err(Unfit::TooLong(text.chars().count())) } else { Ok(text) }
}

/// The text in its one spelling: composed (Unicode NFC), without what cannot be seen and means
/// nothing, with single spaces.
///
/// # Errors
/// What may not be published, and why.
pub fn publishable(text: &str) -> Result<String, Unfit> {
    let text: String = trimmed(text)?.nfc().filter(|c| !means_nothing(*c)).collect();
    let separates = |c: char| matches!(c, '\u{2028}' | '\u{2029}');
    if let Some(control) = text.chars().find(|c| c.is_control() || separates(*c)) {
        return Err(match control {
            '\n' | '\r' | '\u{2028}' | '\u{2029}' => Unfit::LineBreak,
            other => Unfit::Control(other.into()),
        });
    }
    if text.contains(char::REPLACEMENT_CHARACTER) {
        return Err(Unfit::Damaged);
    }
    if let Some(misplaced) = misplaced(&text) {
        return Err(Unfit::Misplaced(misplaced.into()));
    }
    let characters = text.chars().count();
    if characters > LONGEST {
        return Err(Unfit::TooLong(characters));
    }
    if has_email(&text) {
        return Err(Unfit::Email);
    }
    Ok(text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Variation selectors 15 and 16, zero-width space, byte order mark and direction marks: they
/// ask for another look or none at all.
#[must_use]
pub fn means_nothing(c: char) -> bool {
    matches!(c, '\u{fe0e}' | '\u{fe0f}' | '\u{200b}' | '\u{feff}' | '\u{200e}' | '\u{200f}')
}

/// Marks that one letter may carry after composition; the scripts of the world need fewer.
const MOST_MARKS: usize = 4;

/// The first mark that stands alone or on a heap, or joiner that joins nothing.
fn misplaced(text: &str) -> Option<char> {
    let mut marks = 0;
    let mut before: Option<char> = None;
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        if is_joiner(c) {
            let joins = before.is_some_and(|before| is_joined(before.script()));
            if !joins || characters.peek().is_none_or(|next| next.is_whitespace()) {
                return Some(c);
            }
            continue;
        }
        if c.general_category_group() == GeneralCategoryGroup::Mark {
            marks += 1;
            let stands_alone = before.is_none_or(char::is_whitespace);
            if stands_alone || marks > MOST_MARKS || c == GRAPHEME_JOINER {
                return Some(c);
            }
        } else {
            marks = 0;
            before = Some(c);
        }
    }
    None
}

/// A mark that nobody sees and no name needs.
const GRAPHEME_JOINER: char = '\u{34f}';

/// Joiner and non-joiner: Persian and the Indic scripts are written with them.
#[must_use]
pub fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}')
}

/// Scripts whose letters join or form conjuncts: all but those whose letters stand alone.
fn is_joined(script: Script) -> bool {
    use Script::{
        Armenian, Bopomofo, Common, Cyrillic, Georgian, Greek, Han, Hangul, Hebrew, Hiragana,
        Inherited, Katakana, Lao, Latin, Thai,
    };
    !matches!(
        script,
        Armenian
            | Bopomofo
            | Common
            | Cyrillic
            | Georgian
            | Greek
            | Han
            | Hangul
            | Hebrew
            | Hiragana
            | Inherited
            | Katakana
            | Lao
            | Latin
            | Thai
    )
}

/// Whether something in the text has the shape of an e-mail address.
#[must_use]
pub fn has_email(text: &str) -> bool {
    if !text.contains(['@', '＠', '﹫']) {
        return false;
    }
    // Full-width signs are typed by mistake, and read as the others.
    let text: String = text.nfkc().collect();
    text.split_whitespace().any(|word| {
        let parts = word.split_once('@');
        parts.is_some_and(|(user, host)| !user.is_empty() && host.contains(['.', '。']))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_text_has_one_spelling() {
        for text in [
            "Jose\u{301} Li",
            " Jos\u{e9}  Li ",
            "Jos\u{e9}\u{a0}Li",
            "Jos\u{e9}\u{200b} Li\u{feff}",
        ] {
            assert_eq!(publishable(text).unwrap(), "Jos\u{e9} Li");
        }
    }

    #[test]
    fn what_may_not_be_published_is_refused() {
        assert_eq!(publishable("a\nb"), Err(Unfit::LineBreak));
        assert_eq!(publishable("a\u{7}b"), Err(Unfit::Control(7)));
        assert_eq!(publishable("Zo\u{fffd}"), Err(Unfit::Damaged));
        assert_eq!(publishable("\u{301}Ann"), Err(Unfit::Misplaced(0x301)));
        assert_eq!(publishable("Ann\u{200d}a"), Err(Unfit::Misplaced(0x200d)));
        assert_eq!(
            publishable("n\u{303}\u{303}\u{303}\u{303}\u{303}\u{303}"),
            Err(Unfit::Misplaced(0x303))
        );
        assert!(publishable("می\u{200c}خواهم").is_ok());
        assert_eq!(publishable("Ann <ann@example.org>"), Err(Unfit::Email));
        assert_eq!(publishable(&"x".repeat(501)), Err(Unfit::TooLong(501)));
        assert_eq!(publishable("ann＠example．org"), Err(Unfit::Email));
        assert!(publishable("@ann").is_ok());
    }
}
