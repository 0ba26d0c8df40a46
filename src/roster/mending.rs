//! Headers that a wrong decoding damaged: told, and mended where nothing was lost and it is asked
//! for. A column whose header is damaged is not known, and would be left out without a word.

use super::damage::{self, Damage};
use super::text::{quoted, shortened};
use super::{Choices, Problem};

/// How often a header is mended that was damaged more than once.
const MOST_MENDED: u32 = 3;

/// Mends headers, and tells each that is damaged; one that is mended as a warning.
pub fn headers(headers: &mut [String], choices: &Choices) -> Vec<Problem> {
    headers.iter_mut().filter_map(|header| mended(header, choices)).collect()
}

fn mended(header: &mut String, choices: &Choices) -> Option<Problem> {
    let told = quoted(&shortened(header));
    let mut left = if choices.repair_encoding { MOST_MENDED } else { 0 };
    let mut found = None;
    if header.contains(char::REPLACEMENT_CHARACTER) {
        let message = format!("the header {told} is damaged: its characters were lost");
        return Some(Problem::of_file(message, remedy(None, false)));
    }
    while let Some(damage) = damage::of(header).filter(|damage| !damage.doubtful) {
        let message = format!("the header {told} is damaged: {}", damage.message);
        let tell = |remedy: String| Some(Problem::of_file(message, remedy));
        let Damage { was, lossless, .. } = damage;
        match was {
            Some(was) if lossless && left > 0 => {
                left -= 1;
                let mended = tell(format!("it is mended, and reads {}", quoted(&was)));
                found = mended.map(Problem::as_warning);
                *header = was;
            }
            was => {
                found = tell(remedy(was.as_deref(), lossless));
                break;
            }
        }
    }
    found
}

fn remedy(was: Option<&str>, lossless: bool) -> String {
    match was.map(quoted) {
        Some(was) if lossless => {
            format!("it would read {was}: say --repair-encoding, or save the roster anew")
        }
        Some(was) => format!("a part is lost; it may have been {was}: correct it"),
        None => "correct it, or save the roster anew".to_owned(),
    }
}
