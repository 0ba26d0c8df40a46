//! Text cut by script, each script with one face that has all of it.
//!
//! A face is never chosen glyph by glyph: when one Han character of a name is missing from a
//! face, the whole name moves to the next face that has all of them.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};
use unicode_script::{Script, UnicodeScript};

use super::{CodePoint, Trouble};
use crate::fonts::{FaceId, Fonts};
use crate::wording::{is_joiner, means_nothing};

/// A part of a text in one script and one face.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Segment {
    /// Its bytes in the text.
    pub range: Range<usize>,
    /// Its script.
    pub script: Script,
    /// The face that has all of the text's characters in that script.
    pub face: FaceId,
}

/// Composed (Unicode NFC), without what only asks for another look or no look at all; whatever
/// else is invisible or a control is refused, but for line breaks in what the template says.
pub(super) fn clean(text: &str) -> Result<String, Trouble> {
    let clean: String = text.nfc().filter(|c| !means_nothing(*c)).collect();
    match clean.chars().find(|c| is_invisible(*c) && !is_joiner(*c) && *c != '\n') {
        Some(refused) => Err(Trouble::Unprintable(CodePoint(refused))),
        None => Ok(clean),
    }
}

/// Controls, format characters, separators of lines, and code points that are no characters.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(
        c.general_category(),
        GeneralCategory::Control
            | GeneralCategory::Format
            | GeneralCategory::Surrogate
            | GeneralCategory::Unassigned
            | GeneralCategory::LineSeparator
            | GeneralCategory::ParagraphSeparator
    )
}

/// Cuts a text by script and finds a face for each, in the order of `preferred`, then in the
/// order of all fonts. Where no face has both the letters of a script and the punctuation or
/// digits among them, those get a face of their own.
pub(super) fn segments(
    text: &str,
    preferred: &[FaceId],
    fonts: &Fonts,
) -> Result<Vec<Segment>, Trouble> {
    let scripts = by_script(text);
    let mut faces: Vec<(Script, Faces)> = Vec::new();
    let mut segments: Vec<Segment> = Vec::with_capacity(scripts.len());
    for (range, script) in &scripts {
        let family = family(*script);
        let known = faces.iter().find(|(known, _)| *known == family).map(|(_, faces)| *faces);
        let chosen = if let Some(known) = known {
            known
        } else {
            let all = scripts
                .iter()
                .filter(|(_, other)| self::family(*other) == family)
                .flat_map(|(range, _)| text[range.clone()].chars());
            let chosen = Faces::choose(&all.collect::<String>(), preferred, fonts)?;
            faces.push((family, chosen));
            chosen
        };
        for (at, c) in text[range.clone()].char_indices() {
            let start = range.start + at;
            let face = chosen.face(c, fonts);
            match segments.last_mut() {
                Some(last)
                    if last.face == face && last.script == *script && last.range.end == start =>
                {
                    last.range.end += c.len_utf8();
                }
                _ => segments.push(Segment {
                    range: start..start + c.len_utf8(),
                    script: *script,
                    face,
                }),
            }
        }
    }
    Ok(segments)
}

/// The faces of a script in a text.
#[derive(Debug, Clone, Copy)]
struct Faces {
    letters: FaceId,
    /// For the punctuation and digits that the letters' face has not.
    others: FaceId,
}

impl Faces {
    fn choose(text: &str, preferred: &[FaceId], fonts: &Fonts) -> Result<Self, Trouble> {
        let whole = match face_for(text, preferred, fonts) {
            Ok(face) => return Ok(Self { letters: face, others: face }),
            Err(trouble) => trouble,
        };
        let is_other = |c: &char| c.script() == Script::Common && !is_joiner(*c);
        let letters: String = text.chars().filter(|c| !is_other(c)).collect();
        if letters.is_empty() {
            return Err(whole);
        }
        let letters = face_for(&letters, preferred, fonts)?;
        let lacking = |c: &char| is_other(c) && !has(fonts, letters, *c);
        let others: String = text.chars().filter(lacking).collect();
        Ok(Self { letters, others: face_for(&others, preferred, fonts)? })
    }

    fn face(self, c: char, fonts: &Fonts) -> FaceId {
        let other = self.letters != self.others
            && c.script() == Script::Common
            && !is_joiner(c)
            && !has(fonts, self.letters, c);
        if other { self.others } else { self.letters }
    }
}

fn has(fonts: &Fonts, face: FaceId, c: char) -> bool {
    fonts.face(face).characters().map(c).is_some_and(|glyph| glyph.to_u32() != 0)
}

/// The first face that has every character.
fn face_for(text: &str, preferred: &[FaceId], fonts: &Fonts) -> Result<FaceId, Trouble> {
    let mut fewest: Option<Vec<CodePoint>> = None;
    for face in preferred.iter().copied().chain(fonts.ids()) {
        let characters = fonts.face(face).characters();
        let mut missing: Vec<CodePoint> = Vec::new();
        for c in text.chars().filter(|c| !is_joiner(*c) && *c != '\n') {
            let known = missing.contains(&CodePoint(c));
            if !known && characters.map(c).is_none_or(|glyph| glyph.to_u32() == 0) {
                missing.push(CodePoint(c));
            }
        }
        if missing.is_empty() {
            return Ok(face);
        }
        if fewest.as_ref().is_none_or(|least| missing.len() < least.len()) {
            fewest = Some(missing);
        }
    }
    Err(Trouble::NoFace(fewest.unwrap_or_default()))
}

/// Brackets and quotes that come in pairs.
const PAIRS: [(char, char); 19] = [
    ('(', ')'),
    ('[', ']'),
    ('{', '}'),
    ('（', '）'),
    ('［', '］'),
    ('｛', '｝'),
    ('「', '」'),
    ('『', '』'),
    ('【', '】'),
    ('〔', '〕'),
    ('〖', '〗'),
    ('〈', '〉'),
    ('《', '》'),
    ('“', '”'),
    ('‘', '’'),
    ('«', '»'),
    ('‹', '›'),
    ('⟨', '⟩'),
    ('„', '“'),
];

/// Runs of one script (UAX 24, 5.1 and 5.2). Characters of no script of their own (digits,
/// spaces, brackets, marks) go with what stands before them, at the beginning with what comes
/// after; but a closing bracket goes with its opening one, so that the two are of one face.
fn by_script(text: &str) -> Vec<(Range<usize>, Script)> {
    let shared = |script: Script| matches!(script, Script::Common | Script::Inherited);
    let first = text.chars().map(|c| c.script()).find(|script| !shared(*script));
    let mut last = first.unwrap_or(Script::Common);
    let mut open: Vec<(char, Script)> = Vec::new();
    let mut runs: Vec<(Range<usize>, Script)> = Vec::new();
    for (at, c) in text.char_indices() {
        let closes = open.iter().rposition(|(closing, _)| *closing == c);
        let script = match (closes, c.script()) {
            (Some(pair), _) => {
                let (_, script) = open[pair];
                open.truncate(pair);
                script
            }
            (None, script) if shared(script) => last,
            (None, script) => script,
        };
        if closes.is_none()
            && let Some((_, closing)) = PAIRS.iter().find(|(opening, _)| *opening == c)
        {
            open.push((*closing, script));
        }
        last = script;
        let end = at + c.len_utf8();
        match runs.last_mut() {
            Some((range, same)) if *same == script => range.end = end,
            _ => runs.push((at..end, script)),
        }
    }
    runs
}

/// Scripts that are written together and want one face: Han, kana and Hangul.
fn family(script: Script) -> Script {
    match script {
        Script::Hiragana | Script::Katakana | Script::Bopomofo | Script::Hangul => Script::Han,
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faces(text: &str, preferred: &[&str]) -> Result<Vec<(String, String)>, Trouble> {
        let fonts = Fonts::bundled();
        let preferred: Vec<_> = preferred.iter().map(|name| fonts.named(name).unwrap()).collect();
        let text = clean(text)?;
        Ok(segments(&text, &preferred, &fonts)?
            .into_iter()
            .map(|s| (text[s.range].to_owned(), fonts.face(s.face).name.clone()))
            .collect())
    }

    #[test]
    fn one_face_a_script_and_brackets_go_with_their_name() {
        let serif = ["Noto Serif Black", "Noto Serif CJK SC Black"];
        let found = faces("José 张城（元乙）", &serif).unwrap();
        assert_eq!(
            found,
            [
                ("José ".to_owned(), "Noto Serif Black".to_owned()),
                ("张城（元乙）".to_owned(), "Noto Serif CJK SC Black".to_owned()),
            ]
        );
        let polish = faces("Z\u{307}o\u{301}łć", &["Noto Serif CJK SC Black"]).unwrap();
        assert_eq!(polish, [("Żółć".to_owned(), "Noto Serif Black".to_owned())]);
    }

    #[test]
    fn both_brackets_of_a_pair_are_of_one_face() {
        let serif = ["Noto Serif Black", "Noto Serif CJK SC Black"];
        let found = faces("Ann (安) Li", &serif).unwrap();
        let parts: Vec<&str> = found.iter().map(|(part, _)| part.as_str()).collect();
        assert_eq!(parts, ["Ann (", "安", ") Li"]);
        assert_eq!(found[0].1, found[2].1);
    }

    #[test]
    fn punctuation_that_a_scripts_face_lacks_gets_one_of_its_own() {
        let found = faces("ג'ורג' (2)", &["Noto Serif Black"]).unwrap();
        assert!(found.iter().any(|(part, face)| part == "ג" && face.contains("Hebrew")));
        assert!(found.iter().any(|(part, face)| part == "'" && face == "Noto Serif Black"));
    }

    #[test]
    fn one_missing_han_character_moves_the_whole_name() {
        // U+9FA6 stands in the serif subset alone.
        let found = faces("沈龦", &["Noto Sans CJK SC Black"]).unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].1, "Noto Serif CJK SC Black");
    }

    #[test]
    fn what_no_font_has_and_what_cannot_be_seen_is_refused() {
        assert_eq!(faces("A😀", &[]), Err(Trouble::NoFace(vec![CodePoint('😀')])));
        for c in ['\u{7}', '\u{202e}', '\u{e000}', '\u{2028}'] {
            assert!(faces(&format!("a{c}b"), &[]).is_err(), "{c:?}");
        }
        assert!(faces("\u{feff}沈\u{200b}旭\u{fe0f}", &[]).is_ok());
    }
}
