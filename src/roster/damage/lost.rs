//! What decoders and compilers write where they know no character; nothing can be told of it.

use super::Damage;
use super::bytes::{encoded, is_han};

use encoding_rs::GBK;

/// U+FFFD as UTF-8, which such text is full of.
const REPLACEMENT: [u8; 3] = [0xef, 0xbf, 0xbd];

/// Looks for it.
pub fn damage(text: &str) -> Option<Damage> {
    const SIGNS: [&str; 6] = ["烫烫烫", "屯屯屯", "锘\u{fffd}", "嚙踝蕭", "嚙踐", "嚙賢"];
    let message = "its characters were lost when GBK was read as UTF-8";
    if SIGNS.iter().any(|sign| text.contains(sign)) || has_torture(text) {
        return Some(Damage::lost(message));
    }
    if !text.contains('锟') {
        return None;
    }
    // Two bytes of U+FFFD make 锟, and the third begins another character.
    let parts = text.split(|c: char| encoded(c.encode_utf8(&mut [0; 4]), GBK).is_none());
    let bytes: Vec<Vec<u8>> = parts.filter_map(|part| encoded(part, GBK)).collect();
    let found = bytes.iter().flat_map(|bytes| bytes.windows(3));
    let count = found.filter(|three| *three == REPLACEMENT).count();
    let may_be_name = count == 1 && may_be_name(text);
    // Behind a family name it is one of a given name; alone it may be.
    let is_lost = count > 0 && (!may_be_name || text.starts_with('锟'));
    is_lost.then(|| Damage { doubtful: may_be_name, ..Damage::lost(message) })
}

/// Whether it has 拷, two bytes of U+FFFD, other than in the few words that are written with it.
fn has_torture(text: &str) -> bool {
    text.match_indices('拷').any(|(at, sign)| {
        let after = text[at + sign.len()..].chars().next();
        !after.is_some_and(|c| "贝貝打问問掠".contains(c))
    })
}

/// Whether 锟, which is a character of given names, stands before another one of them.
fn may_be_name(text: &str) -> bool {
    let after = text.split('锟').nth(1).and_then(|after| after.chars().next());
    let short = text.chars().count() <= 4 && text.chars().all(is_han);
    short && after.is_some_and(|c| "健建江姜将蒋降郊交杰捷洁结介界今金津锦进晋".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_lost_is_told_as_lost() {
        for text in [
            "锟斤拷锟斤拷",
            "烫烫烫",
            "屯屯屯",
            "锘\u{fffd}张凯",
            "锟脚匡拷",
            "匡拷",
            "锟窖",
            "锟接匡拷",
            "张斤拷",
            "锟斤拷 Lee ñ",
            "嚙踝蕭嚙踝蕭",
        ] {
            assert!(damage(text).is_some_and(|damage| !damage.doubtful), "{text}");
        }
        assert!(damage("锟捷").unwrap().doubtful);
    }

    #[test]
    fn a_name_with_one_of_the_characters_is_sound() {
        for text in ["李锟", "王锟鹏", "王锟杰", "锟", "拷贝", "烫金"] {
            assert_eq!(damage(text), None, "{text}");
        }
    }
}
