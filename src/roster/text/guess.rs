//! Which encoding bytes without a mark are in: each candidate reads them, and the one whose
//! reading looks most like a roster comes first.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{
    BIG5, EUC_JP, EUC_KR, Encoding, GBK, MACINTOSH, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE,
    WINDOWS_1250, WINDOWS_1252,
};
use unicode_script::{Script, UnicodeScript};

use super::sound::nonsense_in_words;
use super::weigh::weigh;

/// Always tried, whatever the statistics say: they need more than a few names. GBK reads the
/// four-byte characters of GB18030 too.
const CANDIDATES: [&Encoding; 6] = [GBK, BIG5, SHIFT_JIS, WINDOWS_1252, EUC_KR, EUC_JP];

/// Named where another encoding is refused, as their letters are signs in Windows-1252: Polish
/// and Czech, and the Western languages on a Mac of old.
const FURTHER: [&Encoding; 2] = [WINDOWS_1250, MACINTOSH];

/// What the statistics count for, next to what [`weigh`] finds.
const STATISTICS: i64 = 4;

/// Bytes that are not plain ASCII before another encoding than the candidates is believed in.
const ENOUGH: usize = 24;

/// Bytes that are not plain ASCII of a text that may be UTF-8 by chance.
const FEW: usize = 12;

/// Rosters are hardly ever in EUC-JP, which looks much like the encodings of its neighbours.
const RARE: i64 = 8;

/// Bytes that are looked at, of the lines that are not plain ASCII.
const SAMPLE: usize = 16 << 10;

/// Bytes before the first that is not plain ASCII in a line that is cut.
const PLAIN: usize = 64;

/// Both orders of UTF-16, the likelier first.
pub fn utf_16(bytes: &[u8]) -> [&'static Encoding; 2] {
    let sample = &bytes[..bytes.len().min(SAMPLE)];
    let weight = |encoding: &'static Encoding| {
        let (text, _) = encoding.decode_without_bom_handling(sample);
        let plain = text.chars().filter(char::is_ascii).count();
        weigh(&text, encoding) + i64::try_from(plain).unwrap_or(i64::MAX)
    };
    if weight(UTF_16LE) >= weight(UTF_16BE) { [UTF_16LE, UTF_16BE] } else { [UTF_16BE, UTF_16LE] }
}

/// The encodings of one or two bytes a character that read the sample as something likely, the
/// likeliest first.
pub fn legacy(bytes: &[u8]) -> Vec<&'static Encoding> {
    let sample = sample(bytes);
    let mut weighed = weighed(&sample);
    weighed.retain(|(weight, _)| *weight >= 0);
    weighed.into_iter().map(|(_, encoding)| encoding).collect()
}

/// The encoding that sound UTF-8 may be in just as well: two characters of GBK are UTF-8 by
/// chance once in some two hundred names, and more hardly ever.
pub fn rival(bytes: &[u8]) -> Option<&'static Encoding> {
    let telling = bytes.iter().filter(|byte| !byte.is_ascii()).count();
    if telling == 0 || telling > FEW {
        return None;
    }
    let (text, has_errors) = GBK.decode_without_bom_handling(bytes);
    // Chance makes Chinese characters, and no Chinese names of them.
    let is_name = weigh(&text, GBK) > i64::try_from(telling).unwrap_or(i64::MAX);
    (!has_errors && is_name).then_some(GBK)
}

/// All encodings that read the sample without an error, the likeliest first.
pub fn readable(bytes: &[u8]) -> Vec<&'static Encoding> {
    let mut readable = Vec::new();
    if std::str::from_utf8(bytes).is_ok() {
        readable.push(UTF_8);
    }
    let sample = sample(bytes);
    readable.extend(weighed(&sample).into_iter().map(|(_, encoding)| encoding));
    let western = FURTHER.into_iter().filter(|encoding| !readable.contains(encoding));
    let further: Vec<_> =
        western.filter(|encoding| has_letters_for_signs(&sample, encoding)).collect();
    readable.extend(further);
    readable
}

/// Whether an encoding has nothing but letters of words where Windows-1252 has signs.
fn has_letters_for_signs(sample: &[u8], encoding: &'static Encoding) -> bool {
    let text = encoding.decode_without_bom_handling(sample).0;
    let western = WINDOWS_1252.decode_without_bom_handling(sample).0;
    let is_sign =
        |c: char| c.script() != Script::Latin && !matches!(c, '‘' | '’' | '“' | '”' | '–' | '—');
    let wide = || text.chars().zip(western.chars()).filter(|(c, _)| !c.is_ascii());
    let differs =
        wide().any(|(c, other)| c.script() == Script::Latin && (is_sign(other) || capital(other)));
    differs && wide().all(|(c, _)| !is_sign(c)) && nonsense_in_words(&text).is_none()
}

/// Whether a character is one of the capitals that other encodings have small letters for.
fn capital(c: char) -> bool {
    matches!(c, 'Š' | 'Ž' | 'Œ' | 'Ÿ')
}

/// Whether bytes are UTF-8 that ends within a character: other encodings are so by chance, though
/// hardly ever with some characters of three bytes.
pub fn is_cut_utf_8(bytes: &[u8]) -> bool {
    let Err(error) = std::str::from_utf8(bytes) else { return false };
    let sound = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
    error.error_len().is_none() && sound.chars().filter(|c| *c > '\u{7ff}').nth(1).is_some()
}

/// The encoding that bytes look like, though they have errors in it.
pub fn likely_but_damaged(bytes: &[u8]) -> Option<&'static Encoding> {
    let sample = sample(bytes);
    let text = String::from_utf8_lossy(&sample);
    let errors = text.matches(char::REPLACEMENT_CHARACTER).count();
    let telling = text.chars().filter(|c| *c > '\u{7ff}').count();
    if telling > 2 * errors {
        return Some(UTF_8);
    }
    let weighed = CANDIDATES.into_iter().filter_map(|encoding| {
        let (text, has_errors) = decoded(&sample, encoding);
        let errors = text.matches(char::REPLACEMENT_CHARACTER).count();
        let few = has_errors && text.chars().filter(|c| !c.is_ascii()).count() > 3 * errors;
        let rest = text.replace(char::REPLACEMENT_CHARACTER, "");
        few.then(|| (weigh(&rest, encoding), encoding))
    });
    let (weight, encoding) = weighed.max_by_key(|(weight, _)| *weight)?;
    (weight > 0).then_some(encoding)
}

fn weighed(sample: &[u8]) -> Vec<(i64, &'static Encoding)> {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(sample, false);
    let likely = detector.guess(None, Utf8Detection::Deny);
    let mut candidates = CANDIDATES.to_vec();
    let telling = sample.iter().filter(|byte| !byte.is_ascii()).count();
    if !candidates.contains(&likely) && telling >= ENOUGH {
        candidates.push(likely);
    }
    let mut weighed: Vec<(i64, &'static Encoding)> = candidates
        .into_iter()
        .filter_map(|encoding| {
            let (text, has_errors) = decoded(sample, encoding);
            let favour = if encoding == likely { STATISTICS } else { 0 };
            let rare = if encoding == EUC_JP { RARE } else { 0 };
            (!has_errors).then(|| (weigh(&text, encoding) + favour - rare, encoding))
        })
        .collect();
    // A stable sort: of two that weigh the same, the first candidate wins.
    weighed.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
    weighed
}

/// A sample as text, and whether it has errors; one that was cut may end within a character.
fn decoded(sample: &[u8], encoding: &'static Encoding) -> (String, bool) {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let longest = decoder.max_utf8_buffer_length(sample.len()).unwrap_or_default();
    let mut text = String::with_capacity(longest);
    let is_whole = sample.len() < SAMPLE;
    let (_, _, has_errors) = decoder.decode_to_string(sample, &mut text, is_whole);
    (text, has_errors)
}

/// The lines that are not plain ASCII, as far as the sample goes. No encoding of the
/// candidates has a line feed within a character; a long line is cut, and what is plain at its
/// beginning left out.
fn sample(bytes: &[u8]) -> Vec<u8> {
    let mut sample = Vec::new();
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let Some(telling) = line.iter().position(|byte| !byte.is_ascii()) else { continue };
        let start = if line.len() > SAMPLE { telling.saturating_sub(PLAIN) } else { 0 };
        let line = &line[start..];
        if !sample.is_empty() && sample.len() + line.len() > SAMPLE {
            break;
        }
        sample.extend_from_slice(&line[..line.len().min(SAMPLE)]);
    }
    sample
}
