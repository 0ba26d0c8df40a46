//! Bits in the order of DEFLATE (RFC 1951, 3.1.1): from the least of each byte to the greatest.

/// Bits one after the other, the last byte perhaps unfinished.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bits {
    bytes: Vec<u8>,
    /// Bits that do not fill a byte yet, from the least.
    waiting: u64,
    /// How many of them there are: fewer than 8 between two calls.
    count: u32,
}

impl Bits {
    /// None, after these bytes.
    pub fn after(bytes: Vec<u8>) -> Self {
        Self { bytes, waiting: 0, count: 0 }
    }

    /// How many bits there are.
    pub fn len(&self) -> usize {
        self.bytes.len() * 8 + self.count as usize
    }

    /// Adds the lowest bits of a value, which has no others; 48 at most.
    pub fn push(&mut self, value: u64, count: u32) {
        self.waiting |= value << self.count;
        self.count += count;
        let whole = (self.count / 8) as usize;
        self.bytes.extend_from_slice(&self.waiting.to_le_bytes()[..whole]);
        self.waiting = self.waiting.checked_shr(whole as u32 * 8).unwrap_or(0);
        self.count %= 8;
    }

    /// Fills the last byte up with zeros.
    pub fn pad(&mut self) {
        self.push(0, (8 - self.count) % 8);
    }

    /// The bytes; the last one is filled up with zeros.
    pub fn finish(mut self) -> Vec<u8> {
        self.pad();
        self.bytes
    }

    /// Adds the bits from one place to another of bytes that [`Bits::finish`] gave.
    pub fn copy(&mut self, bytes: &[u8], mut from: usize, to: usize) {
        const STEP: usize = 48;
        let is_aligned = from % 8 == self.count as usize;
        while from < to {
            if is_aligned && self.count == 0 {
                self.bytes.extend_from_slice(&bytes[from / 8..to / 8]);
                from = from.max(to / 8 * 8);
            }
            let count = (to - from).min(if is_aligned { 8 - from % 8 } else { STEP });
            let at = from / 8;
            let mut word = [0; 8];
            let there = (bytes.len() - at).min(8);
            word[..there].copy_from_slice(&bytes[at..at + there]);
            let value = u64::from_le_bytes(word) >> (from % 8);
            self.push(value & ((1 << count) - 1), count as u32);
            from += count;
        }
    }
}

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
        for (lead, from, to) in [(0, 0, 320), (3, 5, 319), (7, 1, 2), (1, 64, 97), (5, 9, 9)] {
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
