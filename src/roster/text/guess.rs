//! Which encoding bytes without a mark are in: each candidate reads them, and the one whose
//! reading looks most like a roster comes first.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{
    BIG5, EUC_JP, EUC_KR, Encoding, GBK, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252,
};

use super::weigh::weigh;

/// Always tried, whatever the statistics say: they need more than a few names. GBK reads the
/// four-byte characters of GB18030 too.
const CANDIDATES: [&Encoding; 6] = [GBK, BIG5, SHIFT_JIS, WINDOWS_1252, EUC_KR, EUC_JP];

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
    readable.extend(weighed(&sample(bytes)).into_iter().map(|(_, encoding)| encoding));
    readable
}

fn weighed(sample: &[u8]) -> Vec<(i64, &'static Encoding)> {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(sample, true);
    let likely = detector.guess(None, Utf8Detection::Deny);
    let mut candidates = CANDIDATES.to_vec();
    let telling = sample.iter().filter(|byte| !byte.is_ascii()).count();
    if !candidates.contains(&likely) && telling >= ENOUGH {
        candidates.push(likely);
    }
    let mut weighed: Vec<(i64, &'static Encoding)> = candidates
        .into_iter()
        .filter_map(|encoding| {
            let (text, has_errors) = encoding.decode_without_bom_handling(sample);
            let favour = if encoding == likely { STATISTICS } else { 0 };
            let rare = if encoding == EUC_JP { RARE } else { 0 };
            (!has_errors).then(|| (weigh(&text, encoding) + favour - rare, encoding))
        })
        .collect();
    // A stable sort: of two that weigh the same, the first candidate wins.
    weighed.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
    weighed
}

/// The lines that are not plain ASCII, as far as the sample goes. No encoding of the
/// candidates has a line feed within a character.
fn sample(bytes: &[u8]) -> Vec<u8> {
    let mut sample = Vec::new();
    for line in bytes.split_inclusive(|byte| *byte == b'\n').filter(|line| !line.is_ascii()) {
        if !sample.is_empty() && sample.len() + line.len() > SAMPLE {
            break;
        }
        sample.extend_from_slice(line);
    }
    sample
}
