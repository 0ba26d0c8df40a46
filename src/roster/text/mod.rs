//! Bytes to text: by the mark at the beginning, by what the user says, or by a guess that is
//! said; what decodes to nonsense is refused.

mod guess;
mod names;
mod weigh;

use std::borrow::Cow;
use std::fmt::Write as _;

use encoding_rs::{Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE};

use super::Problem;
pub use names::is_common;
pub use weigh::weigh;

/// The labels that are named where one is needed; the Encoding Standard of the WHATWG, whose
/// labels are all understood, has more.
pub const LABELS: [&str; 12] = [
    "utf-8",
    "utf-16le",
    "utf-16be",
    "gb18030",
    "gbk",
    "big5",
    "shift_jis",
    "euc-jp",
    "euc-kr",
    "windows-1252",
    "windows-1251",
    "windows-1250",
];

/// A file as text.
#[derive(Debug)]
pub struct Text<'a> {
    /// The text, without a byte order mark.
    pub content: Cow<'a, str>,
    /// The encoding it is read in, where that is a guess.
    pub guessed: Option<&'static Encoding>,
    /// Another encoding it may be in as well, and how it would be read.
    pub rival: Option<(&'static Encoding, String)>,
}

impl<'a> Text<'a> {
    /// A text whose encoding leaves no doubt.
    fn sure(content: Cow<'a, str>) -> Self {
        Self { content, guessed: None, rival: None }
    }
}

/// The encoding that a label means.
///
/// # Errors
/// A list of good labels, when the Encoding Standard does not have it.
pub fn encoding(label: &str) -> Result<&'static Encoding, String> {
    Encoding::for_label_no_replacement(label.as_bytes())
        .ok_or_else(|| format!("no encoding has that name; try one of: {}", LABELS.join(", ")))
}

/// Reads bytes as text, in the encoding that was said, or else in the one they are in.
pub fn decode<'a>(bytes: &'a [u8], said: Option<&'static Encoding>) -> Result<Text<'a>, Problem> {
    let marked = Encoding::for_bom(bytes).map(|(encoding, _)| encoding);
    if let Some(said) = said {
        // Whoever says UTF-16 means the one that the mark says.
        let is_utf_16 = |encoding: &&Encoding| [UTF_16LE, UTF_16BE].contains(encoding);
        let encoding = marked.filter(|marked| is_utf_16(&said) && is_utf_16(marked));
        return read(bytes, encoding.unwrap_or(said)).map(Text::sure);
    }
    if let Some(marked) = marked {
        return read(bytes, marked).map(Text::sure);
    }
    // No text but UTF-16 has a NUL in it.
    let has_nul = bytes.contains(&0);
    if !has_nul && let Ok(text) = std::str::from_utf8(bytes) {
        let rival = guess::rival(bytes).and_then(|encoding| {
            let other = read(bytes, encoding).ok()?;
            Some((encoding, shortened(sample(&other)?)))
        });
        return Ok(Text { rival, ..Text::sure(Cow::Borrowed(text)) });
    }
    let candidates = if has_nul { guess::utf_16(bytes).to_vec() } else { guess::legacy(bytes) };
    let mut refusal = None;
    for encoding in candidates {
        match read(bytes, encoding) {
            Ok(text) => {
                let beyond = encoding == GBK && GBK.encode(&text).2;
                let guessed = Some(if beyond { GB18030 } else { encoding });
                return Ok(Text { guessed, ..Text::sure(text) });
            }
            Err(problem) => refusal = refusal.or(Some(problem)),
        }
    }
    Err(refusal.unwrap_or_else(|| nothing_fits(bytes)))
}

/// The text of the first cell that is not plain ASCII, to judge an encoding by.
pub fn sample(text: &str) -> Option<&str> {
    weigh::cells(text).find(|cell| !cell.is_ascii())
}

/// Decodes, and refuses what nobody writes.
fn read<'a>(bytes: &'a [u8], encoding: &'static Encoding) -> Result<Cow<'a, str>, Problem> {
    match sound(bytes, encoding) {
        Ok(text) => Ok(text),
        Err((line, what)) => Err(Problem::of_file(
            format!("line {line} makes no sense as {}: {what}", encoding.name()),
            remedy(bytes, encoding),
        )),
    }
}

/// Decodes; or says on which line there is what.
fn sound<'a>(
    bytes: &'a [u8],
    encoding: &'static Encoding,
) -> Result<Cow<'a, str>, (usize, String)> {
    let (text, has_errors) = encoding.decode_without_bom_handling(bytes);
    let nonsense = |c: char| match c {
        '\u{80}'..='\u{9f}' | '\u{e000}'..='\u{f8ff}' | '\u{f0000}'.. => encoding != UTF_8,
        '\u{fffd}' => has_errors || encoding != UTF_8,
        '\0' => true,
        _ => false,
    };
    if let Some((at, c)) = text.char_indices().find(|(_, c)| nonsense(*c)) {
        let line = 1 + text[..at].matches('\n').count();
        let what = match c {
            '\u{fffd}' => "it has bytes that mean nothing there".to_owned(),
            c => format!("it has U+{:04X}, which nobody writes", u32::from(c)),
        };
        return Err((line, what));
    }
    Ok(match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.strip_prefix('\u{feff}').unwrap_or(text)),
        Cow::Owned(mut text) => {
            if text.starts_with('\u{feff}') {
                text.drain(..'\u{feff}'.len_utf8());
            }
            Cow::Owned(text)
        }
    })
}

fn nothing_fits(bytes: &[u8]) -> Problem {
    Problem::of_file("it is no text in any encoding that was tried", remedy(bytes, UTF_8))
}

/// What to type so that another encoding is used: those that do read it, each with a sample.
fn remedy(bytes: &[u8], refused: &'static Encoding) -> String {
    let others: Vec<String> = guess::readable(bytes)
        .into_iter()
        .filter(|encoding| *encoding != refused)
        .filter_map(|encoding| Some((encoding, sound(bytes, encoding).ok()?)))
        .map(|(encoding, text)| {
            let label = encoding.name().to_lowercase();
            match sample(&text) {
                Some(cell) => format!("--encoding {label} ({})", shortened(cell)),
                None => format!("--encoding {label}"),
            }
        })
        .collect();
    if others.is_empty() {
        "save it as CSV in UTF-8, or say --encoding".to_owned()
    } else {
        format!("save it as CSV in UTF-8, or say one of: {}", others.join(", "))
    }
}

/// A text in quotes, with single plain spaces, and with a name for what cannot be seen.
pub fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.split_whitespace().collect::<Vec<_>>().join(" ").chars() {
        // Debug knows what can be seen; a mark is, where there is a letter to carry it.
        let unseen = c.is_control() || format!("a{c}").escape_debug().nth(1) == Some('\\');
        if unseen && !matches!(c, '"' | '\'' | '\\') {
            let _ = write!(quoted, "[U+{:04X}]", u32::from(c));
        } else {
            quoted.push(c);
        }
    }
    quoted.push('"');
    quoted
}

/// The beginning of a cell, for messages.
pub fn shortened(cell: &str) -> String {
    const SHOWN: usize = 24;
    let mut characters = cell.chars();
    let shown: String = characters.by_ref().take(SHOWN).collect();
    if characters.next().is_some() { format!("{shown}…") } else { shown }
}

#[cfg(test)]
mod tests {
    use encoding_rs::{BIG5, SHIFT_JIS, WINDOWS_1252};

    use super::*;

    fn guessed(bytes: &[u8]) -> (String, Option<&'static str>) {
        let text = decode(bytes, None).unwrap();
        (text.content.into_owned(), text.guessed.map(Encoding::name))
    }

    fn encoded(text: &str, encoding: &'static Encoding) -> Vec<u8> {
        let (bytes, _, has_errors) = encoding.encode(text);
        assert!(!has_errors, "{} has not all of {text}", encoding.name());
        bytes.into_owned()
    }

    #[test]
    fn a_few_cells_are_enough_for_a_guess() {
        for (text, encoding) in [
            ("姓名\n沈旭\n", GBK),
            ("name,city\n沈旭,上海\n", GBK),
            ("name\n王伟\n", GBK),
            ("姓名,類別\n陳怡君,志工\n林志豪,講師\n", BIG5),
            ("name\n張雅婷\n", BIG5),
            ("氏名,区分\n佐藤 さくら,講師\n", SHIFT_JIS),
            ("name\n山田太郎\n", SHIFT_JIS),
            ("name,city\nJürgen Müller,Köln\n", WINDOWS_1252),
            ("name\nJosé\nZoë\n", WINDOWS_1252),
            ("姓名,城市\n㐂䶮,\u{20087}\n", GB18030),
        ] {
            let read = guessed(&encoded(text, encoding));
            assert_eq!(read, (text.to_owned(), Some(encoding.name())));
        }
    }

    #[test]
    fn two_characters_of_gbk_that_are_sound_utf_8_are_told_and_no_others() {
        let rival = |bytes: &[u8]| decode(bytes, None).unwrap().rival;
        for name in ["谢薇", "叶耀", "郑颖", "姚源", "魏莹", "薛源"] {
            let bytes = encoded(&format!("name\n{name}\n"), GBK);
            assert!(std::str::from_utf8(&bytes).is_ok(), "{name}");
            assert_eq!(rival(&bytes), Some((GBK, name.to_owned())));
        }
        let corpus = include_str!("../../../tests/suite/hard-names.csv");
        let roster = include_str!("../../../tests/suite/published-2020.csv");
        for name in corpus.lines().chain(roster.lines()).flat_map(|line| line.split(',')) {
            assert_eq!(rival(format!("name\n{name}\n").as_bytes()), None, "{name}");
        }
    }

    #[test]
    fn utf_16_needs_no_mark() {
        for text in ["姓名\n沈旭\n", "name,city\n一开,最\n", "name\nAnn\n"] {
            let low: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            let high: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
            assert_eq!(guessed(&low), (text.to_owned(), Some("UTF-16LE")));
            assert_eq!(guessed(&high), (text.to_owned(), Some("UTF-16BE")));
            let marked = [&[0xff, 0xfe][..], &low].concat();
            assert_eq!(guessed(&marked), (text.to_owned(), None));
            let marked = [&[0xfe, 0xff][..], &high].concat();
            assert_eq!(decode(&marked, Some(UTF_16LE)).unwrap().content, text);
        }
        assert_eq!(guessed("\u{feff}name\n".as_bytes()), ("name\n".to_owned(), None));
    }

    #[test]
    fn nonsense_is_refused_and_another_encoding_named() {
        let big5 = encoded("姓名\n陳怡君\n林志豪\n張雅婷\n黃淑芬\n", BIG5);
        let refused = decode(&big5, Some(UTF_8)).unwrap_err();
        assert!(refused.message.contains("line 1"), "{refused}");
        assert!(refused.remedy.contains("--encoding big5 (姓名)"), "{refused}");
        for bytes in [&b"name\n\xff\xfe\x00\n"[..], b"name\nA\x81\xff\xff\n", b"\0\0\xff\xff"] {
            assert!(decode(bytes, None).is_err(), "{bytes:x?}");
        }
    }

    #[test]
    fn a_text_is_quoted_as_people_write_it() {
        for (text, expected) in [
            ("Ann\u{a0}Lee", "\"Ann Lee\""),
            (" Ann  O'Lee ", "\"Ann O'Lee\""),
            ("a\\b \"c\"", "\"a\\b \"c\"\""),
            ("n\u{303}o\u{ad}e\u{300}", "\"n\u{303}o[U+00AD]e\u{300}\""),
            ("क्षितिज", "\"क्षितिज\""),
        ] {
            assert_eq!(quoted(text), expected);
        }
    }

    #[test]
    fn labels_are_those_of_the_encoding_standard() {
        assert_eq!(encoding("SJIS").unwrap(), SHIFT_JIS);
        assert_eq!(encoding("gb2312").unwrap(), GBK);
        assert!(encoding("gbq").unwrap_err().contains("gb18030"));
        assert!(LABELS.iter().all(|label| encoding(label).is_ok()));
    }
}
