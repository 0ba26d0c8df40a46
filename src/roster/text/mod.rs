//! Bytes to text: by the mark at the beginning, by what the user says, or by a guess that is
//! said; what decodes to nonsense is refused.

mod guess;
mod names;
mod remedy;
mod sound;
mod weigh;

use std::borrow::Cow;
use std::fmt::Write as _;

use encoding_rs::{Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE};

use super::Problem;
pub use names::is_common;
use remedy::{MARK, nonsense, nothing_fits};
use sound::{nonsense_in_words, sound, without_padding};
pub use weigh::weigh;

/// The labels that are named where one is needed; the Encoding Standard of the WHATWG, whose
/// labels are all understood, has more.
pub const LABELS: [&str; 13] = [
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
    "macintosh",
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
    let is_utf_16 = |encoding: &&Encoding| [UTF_16LE, UTF_16BE].contains(encoding);
    let bytes =
        if said.is_some_and(|said| is_utf_16(&said)) { bytes } else { without_padding(bytes) };
    let marked = Encoding::for_bom(bytes).map(|(encoding, _)| encoding);
    if let Some(said) = said {
        // Whoever says UTF-16 means the one that the mark says.
        let encoding = marked.filter(|marked| is_utf_16(&said) && is_utf_16(marked));
        // A mark that programs put before bytes of any kind.
        let bytes = bytes.strip_prefix(MARK).filter(|_| said != UTF_8).unwrap_or(bytes);
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
    if !has_nul && guess::is_cut_utf_8(bytes) {
        return Err(nothing_fits(bytes));
    }
    let candidates = if has_nul { guess::utf_16(bytes).to_vec() } else { guess::legacy(bytes) };
    let mut refusal = None;
    for encoding in candidates {
        match guessed(bytes, encoding) {
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
    sound(bytes, encoding).map_err(|found| nonsense(bytes, encoding, found, false))
}

/// Decodes in an encoding that is a guess, and refuses what that guess makes unlikely too.
fn guessed<'a>(bytes: &'a [u8], encoding: &'static Encoding) -> Result<Cow<'a, str>, Problem> {
    let text = read(bytes, encoding)?;
    match nonsense_in_words(&text).filter(|_| encoding.is_single_byte()) {
        Some(found) => Err(nonsense(bytes, encoding, found, true)),
        None => Ok(text),
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
    fn what_pads_a_file_is_left_out() {
        for padding in [&b"\x1a"[..], b"\0", b"\x1a\0\0\0", &[0; 512]] {
            let padded = [&encoded("name\n王伟\n", GBK)[..], padding].concat();
            assert_eq!(guessed(&padded), ("name\n王伟\n".to_owned(), Some("GBK")));
            let padded = [b"name\nAnn\n", padding].concat();
            assert_eq!(guessed(&padded), ("name\nAnn\n".to_owned(), None));
            assert_eq!(decode(&padded, Some(UTF_8)).unwrap().content, "name\nAnn\n");
        }
        let low = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
        assert_eq!(guessed(&low("name\nAnn\n\0\0\u{1a}")).0, "name\nAnn\n");
        assert_eq!(guessed(&[&b"\xff\xfe"[..], &low("姓\n")].concat()).0, "姓\n");
    }

    #[test]
    fn a_file_with_a_damaged_line_says_which_and_in_what_encoding() {
        let refused = |bytes: &[u8]| decode(bytes, None).unwrap_err().to_string();
        let gbk = encoded("姓名\n张凯\n李明\n", GBK);
        let marked = [MARK, &gbk].concat();
        let said = refused(&marked);
        assert!(said.contains("line 1") && said.contains("--encoding gbk (姓名)"), "{said}");
        assert_eq!(decode(&marked, Some(GBK)).unwrap().content, "姓名\n张凯\n李明\n");
        let cut = "姓名\n张凯\n李明".as_bytes();
        let said = refused(&cut[..cut.len() - 1]);
        assert!(said.contains("line 3 makes no sense as UTF-8"), "{said}");
        assert!(said.contains("ends within a character") && said.contains("姓名"), "{said}");
        let mut damaged = gbk;
        damaged[7] = 0xff;
        let said = refused(&damaged);
        assert!(said.contains("line 2 makes no sense as GBK") && said.contains("姓名"), "{said}");
        let mut damaged = "姓名\n张凯\n李明\n".as_bytes().to_vec();
        damaged[8] = 0xff;
        let said = refused(&damaged);
        assert!(said.contains("line 2 makes no sense as UTF-8"), "{said}");
    }

    #[test]
    fn a_guess_that_makes_nonsense_of_words_is_refused_and_may_be_said() {
        for (bytes, label, name) in [
            (&b"name\nSe\x87n O\xd5Brien\n"[..], "macintosh", "Seán O’Brien"),
            (b"name\nJos\x8e M\x9fller\n", "macintosh", "José Müller"),
            (b"name\nAnna B\xb9k\n", "windows-1250", "Anna Bąk"),
        ] {
            let said = decode(bytes, None).unwrap_err().to_string();
            assert!(said.contains(&format!("--encoding {label} ({name})")), "{said}");
            let text = decode(bytes, Some(encoding(label).unwrap())).unwrap().content;
            assert_eq!(text, format!("name\n{name}\n"));
        }
    }

    #[test]
    fn one_line_of_any_length_is_weighed_in_part() {
        let begun = std::time::Instant::now();
        let _ = decode(&vec![0x81; 8 << 20], None);
        let long = "陳怡君".repeat(100_000);
        assert_eq!(guessed(&encoded(&long, BIG5)), (long, Some("Big5")));
        assert!(begun.elapsed().as_secs() < 5, "{:?}", begun.elapsed());
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
