//! How often each symbol of a block is expected, and what tokens cost by that.

use super::token::{LONGEST, Match, Token, of_distance, of_length};

/// Symbols for literals, the end of a block, and lengths.
pub const LITERALS: usize = 286;
/// Symbols for distances.
pub const DISTANCES: usize = 30;
/// The symbol for the end of a block.
pub const END: usize = 256;

/// Costs are in parts of a bit: whole numbers, so that they are the same on every machine.
const BIT: u32 = 1 << PARTS;
const PARTS: u32 = 8;

/// About what it costs a block to tell the code of a symbol.
const OF_CODE: u32 = 4 * BIT;

/// How often each symbol is expected.
#[derive(Debug, Clone)]
pub struct Expected {
    /// Literals, the end of a block, and lengths.
    pub literals: [u32; LITERALS],
    /// Distances.
    pub distances: [u32; DISTANCES],
}

/// What tokens cost.
pub struct Costs {
    /// By byte.
    pub literals: [u32; 256],
    /// By length, from 3.
    pub lengths: [u32; LONGEST + 1],
    distances: [u32; DISTANCES],
}

impl Expected {
    /// Nothing but the end of a block; decoders are happier with two distances.
    pub fn nothing() -> Self {
        let mut expected = Self { literals: [0; LITERALS], distances: [0; DISTANCES] };
        expected.literals[END] = 1;
        expected.distances[..2].fill(1);
        expected
    }

    /// Anything: each symbol once, each literal so often.
    pub fn anything(literals: u32) -> Self {
        let mut expected = Self { literals: [1; LITERALS], distances: [1; DISTANCES] };
        expected.literals[..END].fill(literals);
        expected
    }

    /// With these tokens.
    pub fn with(mut self, tokens: &[Token]) -> Self {
        for token in tokens {
            match token {
                Token::Literal(byte) => self.literals[usize::from(*byte)] += 1,
                Token::Match(Match { length, distance }) => {
                    self.literals[of_length(*length).symbol] += 1;
                    self.distances[of_distance(*distance).symbol] += 1;
                }
            }
        }
        self
    }

    /// About what a block costs in which this is so, but for the bits after symbols.
    pub fn size(&self) -> u64 {
        let of = |often: &[u32]| -> u64 {
            let all = log2(often.iter().sum());
            let used = often.iter().filter(|often| **often > 0);
            used.map(|often| u64::from(*often) * u64::from(all - log2(*often)) + u64::from(OF_CODE))
                .sum()
        };
        of(&self.literals) + of(&self.distances)
    }

    /// What tokens cost in the code that suits best.
    pub fn costs(&self) -> Costs {
        fn of<const N: usize>(often: &[u32; N]) -> [u32; N] {
            let all = log2(often.iter().sum());
            // What has not come yet may come half a time.
            often.map(|often| if often == 0 { all + BIT } else { all - log2(often) })
        }
        let (literals, mut distances) = (of(&self.literals), of(&self.distances));
        let mut lengths = [0; LONGEST + 1];
        for (length, cost) in (0..).zip(&mut lengths).skip(3) {
            let coded = of_length(length);
            *cost = literals[coded.symbol] + u32::from(coded.extra.1) * BIT;
        }
        for (symbol, cost) in (0..).zip(&mut distances) {
            *cost += (symbol / 2_u32).saturating_sub(1) * BIT;
        }
        Costs { literals: std::array::from_fn(|byte| literals[byte]), lengths, distances }
    }
}

/// The binary logarithm of a number from 1, in parts of [`BIT`], rounded down.
fn log2(number: u32) -> u32 {
    let whole = number.ilog2();
    // From 1 to 2, in parts of 2^31. Squared, its logarithm is twice what it was.
    let mut rest = u64::from(number) << (31 - whole);
    (0..PARTS).fold(whole, |log, _| {
        rest = (rest * rest) >> 31;
        let bit = (rest >> 32) as u32;
        rest >>= bit;
        log << 1 | bit
    })
}

impl Costs {
    /// What a match costs for its distance.
    pub fn distance(&self, distance: u16) -> u32 {
        self.distances[of_distance(distance).symbol]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logarithms_are_those_of_numbers() {
        for number in (1..2000).chain([65_535, 1 << 20, 123_456_789, u32::MAX]) {
            let known = f64::from(number).log2() * f64::from(BIT);
            let found = f64::from(log2(number));
            assert!(found <= known + 1e-6 && known < found + 1.0, "{number}: {found} and {known}");
        }
    }
}
