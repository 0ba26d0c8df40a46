//! UTF-8 that was read as Windows-1252 or Latin-1, in the whole of a text or in a part of it.

use super::Damage;
use super::bytes::western;

const MESSAGE: &str = "it is UTF-8 that was read as Windows-1252";

/// Signs that nobody writes behind an accented letter. Those that people do write there (closing
/// quotes, dashes, marks of footnotes and of trade) tell nothing by themselves.
const SIGNS: &str = "¡¢£¤¥¦¨©¬¯±µ¸¼½¾¿ˆ˜‰‚„€ƒ";

/// Signs that people write behind a word.
const CLOSING: &str = "’”»“‘›…–—•·†‡™®°ªº¹²³§¶ \u{a0}";

/// Letters that stand behind other letters, as in Tomáš.
const LETTERS: &str = "ŠšŽžŒœŸ";

/// Looks for it.
pub fn damage(text: &str) -> Option<Damage> {
    if !text.contains(|c| ('\u{c2}'..='\u{f4}').contains(&c)) {
        return None;
    }
    let characters: Vec<char> = text.chars().collect();
    let mut was = String::with_capacity(text.len());
    let mut told = false;
    let mut run = Run::default();
    let mut at = 0;
    while let Some(c) = characters.get(at) {
        if let Some(sequence) = Sequence::at(&characters, at) {
            told |= sequence.tells || run.joins(at);
            run.take(at, &sequence);
            was.push(sequence.was);
            at += sequence.length;
            continue;
        }
        told |= is_stray(&characters, at);
        run.pass(*c);
        was.push(*c);
        at += 1;
    }
    if !told {
        return None;
    }
    if was.contains(char::REPLACEMENT_CHARACTER) {
        return Some(Damage::lost("its characters were lost before it was read as Windows-1252"));
    }
    let lossless = run.finish();
    let was = (was != text).then_some(was);
    Some(Damage { message: MESSAGE, lossless: lossless && was.is_some(), was, doubtful: false })
}

/// What one character of the original became.
struct Sequence {
    was: char,
    /// How many characters it became.
    length: usize,
    /// Whether all of them are there.
    whole: bool,
    /// Whether nobody writes them so.
    tells: bool,
}

impl Sequence {
    fn at(characters: &[char], at: usize) -> Option<Self> {
        let length = match western(characters[at])? {
            0xc2..=0xdf => 2,
            0xe0..=0xef => 3,
            0xf0..=0xf4 => 4,
            _ => return None,
        };
        let before = at.checked_sub(1).map(|at| characters[at]);
        if length == 2
            && let Some(cut) = Self::without_space(characters, at, before)
        {
            return Some(cut);
        }
        let rest = characters.get(at + 1..at + length)?;
        // A no-break space is a byte of many characters, and is soon made a plain one.
        let whole = !rest.contains(&' ');
        if !whole && (length == 2 || rest.iter().all(|c| *c == ' ')) {
            return None;
        }
        let byte = |c: &char| if *c == ' ' { Some(0xa0) } else { western(*c) };
        let bytes: Vec<u8> = characters[at..at + length].iter().map(byte).collect::<Option<_>>()?;
        let was = std::str::from_utf8(&bytes).ok()?.chars().next().filter(|c| !c.is_control())?;
        let after = characters.get(at + length).copied();
        Some(Self { was, length, whole, tells: tells(was, rest, before, after) })
    }

    /// A letter whose no-break space was trimmed, or made a plain one: `NoÃ`, `Å koda`.
    fn without_space(characters: &[char], at: usize, before: Option<char>) -> Option<Self> {
        let c = characters[at];
        let was = char::from_u32((u32::from(c) & 0x1f) << 6 | 0x20)?;
        let after = characters.get(at + 1).copied();
        let is_end = after.is_none_or(|c| c.is_ascii() && !c.is_ascii_alphanumeric());
        if !matches!(c, 'Â'..='Å') || !is_end {
            return None;
        }
        if before.is_some_and(char::is_lowercase) {
            return Some(Self { was, length: 1, whole: false, tells: true });
        }
        let begins = before.is_none_or(|c| matches!(c, ' ' | '-')) && after == Some(' ');
        let word = characters.iter().skip(at + 2).take_while(|c| c.is_lowercase()).count();
        (begins && word >= 3).then_some(Self { was, length: 2, whole: false, tells: true })
    }
}

/// Whether nobody writes the characters behind a first one so, which together were another.
fn tells(was: char, rest: &[char], before: Option<char>, after: Option<char>) -> bool {
    let is = |set: &str, c: &char| set.contains(*c) || *c == '\u{a0}' && set == CLOSING;
    let in_word = after.is_some_and(char::is_alphabetic);
    let [first, others @ ..] = rest else { return false };
    let is_year = *first == '©' && rest.contains(&' ');
    if *first != ' ' && !is_year && rest.iter().any(|c| is(SIGNS, c)) {
        return true;
    }
    match others.first() {
        // A capital before a closing quote stands for a letter that Western names have.
        None if was <= '\u{17f}' => {
            let ends = !in_word || *first == '\u{a0}' && after.is_some_and(char::is_uppercase);
            !(is(CLOSING, first) && ends && before.is_some_and(char::is_uppercase))
        }
        None => false,
        Some(second) => {
            let closes = is(CLOSING, first) && is(CLOSING, second) && !in_word;
            *first != ' ' && !is_year && !is(LETTERS, first) && !closes
        }
    }
}

/// Whether a letter and a sign stand there that nobody writes together, though a part of what
/// they were is missing or was made small.
fn is_stray(characters: &[char], at: usize) -> bool {
    let Some(next) = characters.get(at + 1) else { return false };
    match characters[at] {
        'à'..='å' | 'Â'..='Ö' | 'Ø'..='ß' => SIGNS.contains(*next),
        'æ'..='ô' => *next != '©' && SIGNS.contains(*next),
        _ => false,
    }
}

/// A run of characters that have a byte each: it can be mended where all its bytes are those of
/// characters of the original.
#[derive(Default)]
struct Run {
    end: usize,
    mended: bool,
    others: bool,
    /// Whether a run before could not be mended, or lost a part.
    lossy: bool,
}

impl Run {
    /// Whether a sequence here follows another one closely, which nothing sound does.
    fn joins(&self, at: usize) -> bool {
        self.mended && self.end == at
    }

    fn take(&mut self, at: usize, sequence: &Sequence) {
        self.mended = true;
        self.end = at + sequence.length;
        self.lossy |= !sequence.whole;
    }

    fn pass(&mut self, c: char) {
        if western(c).is_none() {
            self.lossy |= self.mended && self.others;
            (self.mended, self.others) = (false, false);
        } else if !c.is_ascii() {
            self.others = true;
        }
    }

    /// Whether all runs can be mended.
    fn finish(mut self) -> bool {
        self.pass('\u{fffd}');
        !self.lossy
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_told_and_mended_where_it_is_whole() {
        for (text, was, lossless) in [
            ("张凯 JosÃ©", "张凯 José", true),
            ("JosÃ© Ł", "José Ł", true),
            ("JosÃ‰ 李", "JosÉ 李", true),
            ("å¼\u{a0}å‡¯（元乙）", "张凯（元乙）", true),
            ("å¼ å‡¯（元乙）", "张凯（元乙）", false),
            ("Ada å¼ å‡¯", "Ada 张凯", false),
            ("Å koda", "Škoda", false),
            ("NoÃ", "Noà", false),
            ("NoÃ Lee", "Noà Lee", false),
            ("José JosÃ©", "José José", false),
            ("å¼ å‡", "张å‡", false),
            ("å¼?å‡¯", "å¼?凯", false),
            ("Nguyá»…n Thá»‹", "Nguyễn Thị", true),
        ] {
            let damage = damage(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!((damage.was.as_deref(), damage.lossless), (Some(was), lossless), "{text}");
        }
        assert_eq!(damage("josã©").unwrap().was, None);
        assert_eq!(damage("ï¿½ï¿½").unwrap().was, None);
    }

    #[test]
    fn letters_before_signs_that_people_write_are_sound() {
        for text in [
            "Tomáš Lukáš",
            "Aleš Kříž",
            "KŘÍŽ JÍŠ",
            "„Lukáš“",
            "„Tomáš…“",
            "LÉ’ON RENÉ’S",
            "José†",
            "“IRMÔ",
            "IRMÃ MARIA",
            "IRMÃ\u{a0}MARIA",
            "René ‘Bob’ André “Al”",
            "José¹",
            "RENÉ·MARC",
            "Café®",
            "José© 2020",
            "“Café’”",
            "Å. Hansen",
            "Ole Å Hansen",
            "Så",
            "MAÇÃ",
            "Pål Å",
            "JOSÉ\u{a0}GARCÍA",
            "Zoë—Ann",
            "VÂN Â",
            "“TẤN Â”",
            "«Voilà»…",
            "Ó’ Briain",
            "å",
            "ÅÄÖ",
        ] {
            assert_eq!(damage(text), None, "{text}");
        }
    }
}
