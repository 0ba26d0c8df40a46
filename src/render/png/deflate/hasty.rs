//! Tokens in haste, for what is compressed for one certificate alone.

use std::ops::Range;

use super::token::{FARTHEST, LONGEST, SHORTEST, Token, common};

/// From what length on a match is good enough.
const ENOUGH: usize = 24;

/// Where four bytes have stood lately, of those with one hash.
#[derive(Debug, Default)]
pub struct Lately {
    places: Vec<u32>,
}

impl Lately {
    const BITS: u32 = 12;

    /// Forgets all.
    pub fn clear(&mut self) {
        self.places.clear();
        self.places.resize(1 << Self::BITS, u32::MAX);
    }

    /// Notes what stands at a place; gives back where the same may have stood before, if that is
    /// not too far away.
    fn replace(&mut self, here: &[u8], at: usize) -> Option<usize> {
        let mixed = u32::from_le_bytes(*here.first_chunk()?).wrapping_mul(0x9e37_79b1);
        let slot = self.places.get_mut((mixed >> (32 - Self::BITS)) as usize)?;
        let before = std::mem::replace(slot, at as u32) as usize;
        (before < at && at - before <= FARTHEST).then_some(before)
    }

    /// Tokenises a part of some rows: it looks one pixel to the left, one row (of `stride` bytes)
    /// up, and at one other place of a part that it has tokenised since all was forgotten.
    pub fn tokenise(
        &mut self,
        bytes: &[u8],
        part: Range<usize>,
        stride: usize,
        mut emit: impl FnMut(Token),
    ) {
        let has_above = stride <= FARTHEST && part.start >= stride;
        let mut at = part.start;
        while at < part.end {
            let here = &bytes[at..part.end];
            let left = if at >= 3 { common(here, &bytes[at - 3..]) } else { 0 };
            let (mut length, mut distance) = (left, 3);
            if has_above && left < LONGEST {
                let above = common(here, &bytes[at - stride..]);
                // Its distance takes some ten bits more.
                if above > left + 1 {
                    (length, distance) = (above, stride);
                }
            }
            if let Some(place) = self.replace(here, at)
                && length < ENOUGH
            {
                let other = common(here, &bytes[place..]);
                if other > length.max(SHORTEST) {
                    (length, distance) = (other, at - place);
                }
            }
            let token = if length < SHORTEST {
                Token::Literal(here[0])
            } else {
                Token::of_match(length, distance)
            };
            emit(token);
            at += token.length();
        }
    }
}
