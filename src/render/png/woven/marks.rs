//! Which of many bytes have changed, about.

use std::ops::Range;

/// Bytes that share a mark.
const MARK: usize = 32;
/// Marks in a word.
const WORD: usize = 64;

/// A bit for every [`MARK`] bytes, so that one is asked quickly.
#[derive(Debug, Default)]
pub struct Marks {
    words: Vec<u64>,
}

impl Marks {
    /// Marks these of so many bytes, and no others.
    pub fn set(&mut self, ranges: &[Range<usize>], length: usize) {
        self.words.clear();
        // A word more, so that two can be looked at together.
        self.words.resize(length / MARK / WORD + 2, 0);
        for range in ranges {
            for mark in range.start / MARK..=(range.end - 1) / MARK {
                self.words[mark / WORD] |= 1 << (mark % WORD);
            }
        }
    }

    /// Whether some of these bytes are marked, or others that share a mark with them; at least one
    /// byte, at most as many as a token has.
    pub fn meet(&self, bytes: Range<usize>) -> bool {
        let (first, last) = (bytes.start / MARK, (bytes.end - 1) / MARK);
        let words = &self.words[first / WORD..];
        let words = u128::from(words[0]) | u128::from(words[1]) << WORD;
        words >> (first % WORD) & ((2 << (last - first)) - 1) != 0
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::deflate::token::LONGEST;
    use super::*;

    #[test]
    fn marks_are_met_where_they_are() {
        let mut marks = Marks::default();
        for changed in [0..1, 31..32, 2040..2060, 4095..4200, 9999..10_000] {
            marks.set(std::slice::from_ref(&changed), 10_000);
            for start in 0..10_000 - LONGEST {
                let bytes = start..start + LONGEST;
                let meets = bytes.start < changed.end && changed.start < bytes.end;
                let near = bytes.start < changed.end + MARK && changed.start < bytes.end + MARK;
                let met = marks.meet(bytes);
                assert!((!meets || met) && (near || !met), "{changed:?} from {start}");
            }
        }
    }
}
