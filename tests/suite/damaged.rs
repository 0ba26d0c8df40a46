//! Rosters that have been damaged, by dice that fall the same on every machine.

use std::io::{Cursor, Read, Write};
use std::path::Path;

use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::dice::Dice;

impl Dice {
    /// The bytes with a few changes: one set, cut, inserted, or a part repeated.
    pub fn damage(&mut self, bytes: &mut Vec<u8>) {
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
pub fn parts(archive: &[u8]) -> Vec<(String, Vec<u8>)> {
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

pub fn zipped(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        writer.start_file(name.as_str(), SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

pub fn sample(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite/rosters").join(name))
        .unwrap()
}

pub fn texts() -> Vec<Vec<u8>> {
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

/// A sample workbook with a text in one of its parts replaced.
pub fn changed(name: &str, part: &str, from: &str, to: &str) -> Vec<u8> {
    let mut parts = parts(&sample(name));
    let (_, bytes) = parts.iter_mut().find(|(name, _)| name == part).unwrap();
    let text = String::from_utf8(bytes.clone()).unwrap();
    assert!(text.contains(from), "{part}: {text}");
    *bytes = text.replacen(from, to, 1).into_bytes();
    zipped(&parts)
}

/// Damaged rosters of every kind, and bytes that are none, without end.
pub fn rosters() -> impl Iterator<Item = Vec<u8>> {
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let texts = texts();
    let books = [parts(&sample("roster.xlsx")), parts(&sample("roster.ods"))];
    let compound = sample("roster.xls");
    (0..).map(move |case: usize| {
        let mut bytes = match case % 16 {
            0 => (0..dice.below(200)).map(|_| dice.below(256) as u8).collect(),
            1 => zipped(&books[0]),
            2 => zipped(&books[1]),
            3 | 4 => compound.clone(),
            5 | 6 => {
                let mut parts = books[case % 2].clone();
                let place = dice.below(parts.len());
                dice.damage(&mut parts[place].1);
                return zipped(&parts);
            }
            _ => texts[dice.below(texts.len())].clone(),
        };
        dice.damage(&mut bytes);
        bytes
    })
}
