//! Characters as the bytes of an encoding.

use encoding_rs::{Encoding, GBK, WINDOWS_1252};
use unicode_script::{Script, UnicodeScript};

/// The bytes of a text in an encoding that has all of it.
pub fn encoded(text: &str, encoding: &'static Encoding) -> Option<Vec<u8>> {
    let (bytes, _, lossy) = encoding.encode(text);
    (!lossy).then(|| bytes.into_owned())
}

/// The byte that Windows-1252 or Latin-1 reads as this character.
pub fn western(c: char) -> Option<u8> {
    match u8::try_from(u32::from(c)) {
        Ok(byte) => Some(byte),
        Err(_) => encoded(c.encode_utf8(&mut [0; 4]), WINDOWS_1252)?.first().copied(),
    }
}

/// The one or two bytes of a character in GBK.
pub fn in_gbk(c: char) -> Option<Vec<u8>> {
    encoded(c.encode_utf8(&mut [0; 4]), GBK)
}

/// Whether a character is one of the 7,445 of GB 2312, those in daily use.
pub fn is_in_gb2312(c: char) -> bool {
    matches!(in_gbk(c).as_deref(), Some([0xa1..=0xf7, 0xa1..=0xfe]))
}

pub fn is_han(c: char) -> bool {
    c.script() == Script::Han
}
