//! Rosters that have been damaged or mean harm: each is read or refused, soon, without panic.

use std::io::{Cursor, Read, Write};
use std::time::{Duration, Instant};

use accolade::roster::{self, Said};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::harness::{Dice, repository};

impl Dice {
    /// The bytes with a few changes: one set, cut, inserted, or a part repeated.
    fn damage(&mut self, bytes: &mut Vec<u8>) {
        const TELLING: &[u8] = b"\0\xff\x80\n\r\",;\t|{}[]<>&:0-";
        for _ in 0..=self.below(4) {
            let at = self.below(bytes.len());
            match self.below(6) {
                0 if !bytes.is_empty() => bytes[at] = self.below(256) as u8,
                1 if !bytes.is_empty() => bytes[at] ^= 1 << self.below(8),
                2 => bytes.truncate(at),
                3 => bytes.insert(at, TELLING[self.below(TELLING.len())]),
                4 => {
                    let end = (at + self.below(64)).min(bytes.len());
                    let part = bytes[at..end].to_vec();
                    bytes.splice(at..at, part);
                }
                _ => {
                    let end = (at + self.below(16)).min(bytes.len());
                    bytes.drain(at..end);
                }
            }
        }
    }
}

/// The parts of an archive.
fn parts(archive: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = ZipArchive::new(Cursor::new(archive)).unwrap();
    (0..archive.len())
        .map(|place| {
            let mut part = archive.by_index(place).unwrap();
            let mut bytes = Vec::new();
            part.read_to_end(&mut bytes).unwrap();
            (part.name().unwrap().into_owned(), bytes)
        })
        .collect()
}

fn zipped(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        writer.start_file(name.as_str(), SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn sample(name: &str) -> Vec<u8> {
    std::fs::read(repository().join("tests/suite/rosters").join(name)).unwrap()
}

fn texts() -> Vec<Vec<u8>> {
    let text = "姓名,类别,城市\n沈旭,volunteer,\"上海, 站\"\n任增刚,,\n";
    let utf_16 = |order: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(order).collect();
    vec![
        text.into(),
        utf_16(u16::to_le_bytes),
        utf_16(u16::to_be_bytes),
        encoding_rs::GB18030.encode(text).0.into_owned(),
        encoding_rs::BIG5.encode("姓名;類別\n陳怡君;志工\n").0.into_owned(),
        encoding_rs::SHIFT_JIS.encode("氏名\t区分\n佐藤さくら\t講師\n").0.into_owned(),
        encoding_rs::WINDOWS_1252.encode("sep=;\r\nname;city\r\nJosé;Köln\r\n").0.into_owned(),
        "a\n\n| 姓名 | b |\n| :-- | --: |\n| [沈旭](x) | c \\| d |\n".into(),
        "[{\"姓名\": \"沈旭\", \"key\": 20200001}, {\"name\": null}]".into(),
        "{\"a\": [{\"name\": \"\\u6c88\"}]}\n{\"name\": 1.5e3}\n".into(),
    ]
}

/// Reads so many damaged rosters of every kind.
fn reads(cases: usize) {
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let texts = texts();
    let books = [parts(&sample("roster.xlsx")), parts(&sample("roster.ods"))];
    let compound = sample("roster.xls");
    let mut slowest = Duration::ZERO;
    for case in 0..cases {
        let mut bytes = match case % 16 {
            0 => (0..dice.below(200)).map(|_| dice.below(256) as u8).collect(),
            1 => zipped(&books[0]),
            2 => zipped(&books[1]),
            3 | 4 => compound.clone(),
            5 | 6 => {
                let mut parts = books[case % 2].clone();
                let place = dice.below(parts.len());
                dice.damage(&mut parts[place].1);
                zipped(&parts)
            }
            _ => texts[dice.below(texts.len())].clone(),
        };
        if !matches!(case % 16, 5 | 6) {
            dice.damage(&mut bytes);
        }
        let begun = Instant::now();
        let _ = roster::open(&bytes, &Said::default());
        slowest = slowest.max(begun.elapsed());
    }
    assert!(slowest < Duration::from_secs(2), "{slowest:?}");
    eprintln!("{cases} cases, the slowest in {slowest:?}");
}

#[test]
fn damaged_rosters_are_read_or_refused() {
    reads(3000);
}

#[test]
#[ignore = "needs minutes: a million cases"]
fn a_million_damaged_rosters() {
    reads(1_000_000);
}

/// Asserts that bytes are refused with these words, soon.
fn is_refused(bytes: &[u8], words: &str) {
    let begun = Instant::now();
    let problems = roster::open(bytes, &Said::default()).unwrap_err();
    assert!(problems[0].message.contains(words), "{words}: {}", problems[0]);
    assert!(begun.elapsed() < Duration::from_secs(2), "{words}: {:?}", begun.elapsed());
}

/// A sample workbook with a text in one of its parts replaced.
fn changed(name: &str, part: &str, from: &str, to: &str) -> Vec<u8> {
    let mut parts = parts(&sample(name));
    let (_, bytes) = parts.iter_mut().find(|(name, _)| name == part).unwrap();
    let text = String::from_utf8(bytes.clone()).unwrap();
    assert!(text.contains(from), "{part}: {text}");
    *bytes = text.replacen(from, to, 1).into_bytes();
    zipped(&parts)
}

#[test]
fn workbooks_that_unfold_are_refused() {
    let content = |from: &str, to: &str| changed("roster.ods", "content.xml", from, to);
    let cell = "<table:table-cell ";
    for key in ["table:number-columns-repeated", "table:number-rows-repeated"] {
        let from = if key.contains("rows") { "<table:table-row>" } else { cell };
        let to = format!("{} {key}=\"16000000\">", from.trim_end().trim_end_matches('>'));
        let to = if key.contains("rows") { to } else { to.replace('>', " ") };
        is_refused(&content(from, &to), "unfolds");
    }
    is_refused(&content("<text:p>", "<text:p><text:s text:c=\"4000000000\"/>"), "unfolds");
    is_refused(&content("</office:document-content>", ""), "ends too early");
    let mut strings = parts(&sample("roster.xlsx"));
    let promise = b"<sst uniqueCount=\"99999999999\"></sst>".to_vec();
    strings.push(("xl/sharedStrings.xml".to_owned(), promise));
    is_refused(&zipped(&strings), "unfolds");
    let blank = " ".repeat(80 << 20);
    let bomb = changed("roster.xlsx", "xl/workbook.xml", "<sheets>", &format!("{blank}<sheets>"));
    assert!(bomb.len() < 1 << 20);
    is_refused(&bomb, "unfolds");
    is_refused(&zipped(&[("a.txt".to_owned(), vec![0; 9])]), "no workbook");
}
