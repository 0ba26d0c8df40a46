//! Bits in the order of DEFLATE (RFC 1951, 3.1.1): from the least of each byte to the greatest.

use std::ops::Range;

/// Bits one after the other.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bits {
    bytes: Vec<u8>,
    /// Bits that are not among the bytes yet, from the least.
    waiting: u64,
    /// How many of them there are: fewer than [`WORD`] between two calls.
    count: u32,
}

/// Bits that are moved together.
const WORD: u32 = u32::BITS;

impl Bits {
    /// None, after these bytes.
    pub fn after(bytes: Vec<u8>) -> Self {
        Self { bytes, waiting: 0, count: 0 }
    }

    /// How many bits there are.
    pub fn len(&self) -> usize {
        self.bytes.len() * 8 + self.count as usize
    }

    /// Adds the lowest bits of a value, which has no others; 32 at most.
    pub fn push(&mut self, value: u64, count: u32) {
        self.waiting |= value << self.count;
        self.count += count;
        if self.count >= WORD {
            self.bytes.extend_from_slice(&(self.waiting as u32).to_le_bytes());
            self.waiting >>= WORD;
            self.count -= WORD;
        }
    }

    /// Fills the last byte up with zeros, and leaves no bits waiting.
    fn pad(&mut self) {
        let bytes = self.count.div_ceil(8) as usize;
        self.bytes.extend_from_slice(&self.waiting.to_le_bytes()[..bytes]);
        (self.waiting, self.count) = (0, 0);
    }

    /// The bytes; the last one is filled up with zeros.
    pub fn finish(mut self) -> Vec<u8> {
        self.pad();
        self.bytes
    }

    /// Adds the bits from one place to another of bytes that [`Bits::finish`] gave.
    pub fn copy(&mut self, bytes: &[u8], from: usize, to: usize) {
        let mut from = from;
        if to - from >= LONG {
            // Up to a whole byte, from where whole words can be copied.
            let next = from + (8 - self.count as usize % 8) % 8;
            self.push_from(bytes, from..next);
            self.pad();
            from = next + self.copy_words(&bytes[next / 8..to / 8], next % 8);
        }
        while from < to {
            let next = to.min(from + WORD as usize);
            self.push_from(bytes, from..next);
            from = next;
        }
    }

    /// Adds words of bytes, from a bit of the first byte on, as long as another byte follows; gives
    /// back how many bits those are. None are waiting.
    fn copy_words(&mut self, bytes: &[u8], from: usize) -> usize {
        let (words, _) = bytes[..bytes.len() - 1].as_chunks();
        let start = self.bytes.len();
        self.bytes.resize(start + size_of_val(words), 0);
        let (targets, _) = self.bytes[start..].as_chunks_mut();
        let after = bytes[8..].iter().step_by(8);
        for ((target, word), after) in targets.iter_mut().zip(words).zip(after) {
            let word = u128::from(u64::from_le_bytes(*word)) | u128::from(*after) << 64;
            *target = ((word >> from) as u64).to_le_bytes();
        }
        size_of_val(words) * 8
    }

    /// Adds some bits of bytes, no more than [`WORD`].
    fn push_from(&mut self, bytes: &[u8], bits: Range<usize>) {
        let bytes = &bytes[bits.start / 8..];
        let word = bytes.first_chunk().map_or_else(
            || bytes.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte)),
            |word| u64::from_le_bytes(*word),
        );
        let value = word >> (bits.start % 8) & ((1 << bits.len()) - 1);
        self.push(value, bits.len() as u32);
    }
}

/// From how many bits on it pays to copy whole words.
const LONG: usize = 256;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_fill_bytes_from_the_least() {
        let mut bits = Bits::default();
        bits.push(0b1, 1);
        bits.push(0b10, 2);
        bits.push(0b1_0101_0110, 9);
        assert_eq!(bits.len(), 12);
        assert_eq!(bits.finish(), [0b1011_0101, 0b0000_1010]);
    }

    #[test]
    fn any_part_of_bits_can_be_copied_to_any_place() {
        let source: Vec<u8> = (0..40u8).map(|n| n.wrapping_mul(73)).collect();
        let bit = |bytes: &[u8], at: usize| bytes[at / 8] >> (at % 8) & 1;
        let short = [(7, 1, 2), (1, 64, 97), (5, 9, 9)];
        let of_lead =
            |lead| (0..9).flat_map(move |from| (300..=320).map(move |to| (lead, from, to)));
        for (lead, from, to) in (0..8).flat_map(of_lead).chain(short) {
            let mut bits = Bits::default();
            bits.push(0, lead);
            bits.copy(&source, from, to);
            assert_eq!(bits.len(), lead as usize + to - from);
            let copied = bits.finish();
            for at in from..to {
                assert_eq!(bit(&source, at), bit(&copied, lead as usize + at - from));
            }
        }
    }
}
