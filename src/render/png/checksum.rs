//! Adler-32 (RFC 1950, 9), which can be had for a whole from those of its parts.

const BASE: u64 = 65521;

/// The checksum of some bytes, and how many they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checksum {
    /// 1 and the sum of the bytes.
    sum: u64,
    /// The sum of all sums.
    sums: u64,
    length: u64,
}

impl Checksum {
    /// Of no bytes.
    pub const NONE: Self = Self { sum: 1, sums: 0, length: 0 };

    pub fn of(bytes: &[u8]) -> Self {
        Self::from_parts(simd_adler32::adler32(&bytes), bytes.len() as u64)
    }

    /// From a written checksum and the number of its bytes.
    pub fn from_parts(value: u32, length: u64) -> Self {
        Self { sum: (value & 0xffff).into(), sums: (value >> 16).into(), length }
    }

    /// How many bytes they are.
    pub fn length(self) -> u64 {
        self.length
    }

    /// As it is written.
    pub fn value(self) -> u32 {
        (self.sums << 16 | self.sum) as u32
    }

    /// With more bytes after them.
    pub fn and(self, next: Self) -> Self {
        Self {
            sum: (self.sum + next.sum + BASE - 1) % BASE,
            sums: (self.sums + next.sums + next.length % BASE * (self.sum + BASE - 1)) % BASE,
            length: self.length + next.length,
        }
    }

    /// With some of them replaced by as many others, after which so many follow.
    pub fn replacing(self, old: &[u8], new: &[u8], after: usize) -> Self {
        let (old, new) = (Self::of(old), Self::of(new));
        let change = new.sum + BASE - old.sum;
        let change_of_sums = new.sums + BASE - old.sums + after as u64 % BASE * change;
        Self { sum: (self.sum + change) % BASE, sums: (self.sums + change_of_sums) % BASE, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_is_summed_from_its_parts_and_what_is_replaced_in_it() {
        let bytes: Vec<u8> = (0..200_000u32).map(|n| (n.wrapping_mul(n) >> 7) as u8).collect();
        let whole = Checksum::of(&bytes);
        for at in [0, 1, 70_000, 200_000] {
            let (before, after) = bytes.split_at(at);
            assert_eq!(Checksum::NONE.and(Checksum::of(before)).and(Checksum::of(after)), whole);
        }
        let mut other = bytes.clone();
        other[50..7050].fill(255);
        let after = bytes.len() - 7050;
        assert_eq!(whole.replacing(&bytes[50..7050], &[255; 7000], after), Checksum::of(&other));
        assert_eq!(Checksum::from_parts(whole.value(), whole.length()), whole);
    }
}
