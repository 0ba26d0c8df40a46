//! What to type where bytes make no sense in an encoding: those that do read them, each with a
//! sample; and where none does, the line that is damaged in the likeliest one.

use encoding_rs::{Encoding, UTF_8};

use super::sound::{Nonsense, sound};
use super::{guess, sample, shortened};
use crate::roster::Problem;

/// The mark of UTF-8.
pub const MARK: &[u8] = b"\xef\xbb\xbf";

/// The problem that bytes have some nonsense in an encoding. One that was refused as a guess may
/// still be said.
pub fn nonsense(
    bytes: &[u8],
    encoding: &'static Encoding,
    (line, what): Nonsense,
    was_guess: bool,
) -> Problem {
    let refused = (!was_guess).then_some(encoding);
    let message = format!("line {line} makes no sense as {}: {what}", encoding.name());
    Problem::of_file(message, remedy(bytes, refused))
}

/// The problem that bytes make sense in no encoding.
pub fn nothing_fits(bytes: &[u8]) -> Problem {
    let likely = guess::likely_but_damaged(bytes);
    let damaged = likely.and_then(|encoding| Some((encoding, sound(bytes, encoding).err()?)));
    let Some((encoding, (line, what))) = damaged else {
        return Problem::of_file(
            "it is no text in any encoding that was tried",
            remedy(bytes, Some(UTF_8)),
        );
    };
    let name = encoding.name();
    let message = format!("line {line} makes no sense as {name}, which it looks like: {what}");
    let (text, _) = encoding.decode_without_bom_handling(bytes);
    let rest = super::weigh::cells(&text)
        .find(|cell| !cell.is_ascii() && !cell.contains(char::REPLACEMENT_CHARACTER))
        .map_or(String::new(), |cell| format!(" (the rest reads: {} …)", shortened(cell)));
    Problem::of_file(message, format!("mend that line, or save it anew as CSV in UTF-8{rest}"))
}

/// What to type so that another encoding is used.
fn remedy(bytes: &[u8], refused: Option<&'static Encoding>) -> String {
    // A mark does not make bytes UTF-8, and is no part of them in another encoding.
    let bytes = bytes.strip_prefix(MARK).unwrap_or(bytes);
    let others: Vec<String> = guess::readable(bytes)
        .into_iter()
        .filter(|encoding| Some(*encoding) != refused)
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
