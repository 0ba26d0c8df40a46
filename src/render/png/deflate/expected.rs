//! How often each symbol of a block is expected, and what tokens cost by that.

use super::token::{LONGEST, Match, Token, of_distance, of_length};

/// Symbols for literals, the end of a block, and lengths.
pub const LITERALS: usize = 286;
/// Symbols for distances.
pub const DISTANCES: usize = 30;
/// The symbol for the end of a block.
pub const END: usize = 256;

/// About how many bits a block needs to tell the code of a symbol.
const OF_CODE: f32 = 4.0;
/// How often a symbol is taken to come that has not come yet, for what it would cost.
const RARE: f32 = 0.5;

/// How often each symbol is expected.
#[derive(Debug, Clone)]
pub struct Expected {
    /// Literals, the end of a block, and lengths.
    pub literals: [u32; LITERALS],
    /// Distances.
    pub distances: [u32; DISTANCES],
}

/// What tokens cost, in bits.
pub struct Costs {
    /// By byte.
    pub literals: [f32; 256],
    /// By length, from 3.
    pub lengths: [f32; LONGEST + 1],
    distances: [f32; DISTANCES],
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

    /// About how many bits a block has in which this is so, but for those after the symbols.
    pub fn size(&self) -> f32 {
        let of = |often: &[u32]| -> f32 {
            let sum = often.iter().sum::<u32>() as f32;
            let used = often.iter().filter(|often| **often > 0).map(|often| *often as f32);
            used.map(|often| often * (sum / often).log2() + OF_CODE).sum()
        };
        of(&self.literals) + of(&self.distances)
    }

    /// What tokens cost in the code that suits best.
    pub fn costs(&self) -> Costs {
        fn bits<const N: usize>(often: &[u32; N]) -> [f32; N] {
            let sum: u32 = often.iter().sum();
            often.map(|often| (sum as f32 / (often as f32).max(RARE)).log2())
        }
        let (literals, mut distances) = (bits(&self.literals), bits(&self.distances));
        let mut lengths = [0.0; LONGEST + 1];
        for (length, cost) in (0..).zip(&mut lengths).skip(3) {
            let coded = of_length(length);
            *cost = literals[coded.symbol] + coded.extra.1 as f32;
        }
        for (symbol, cost) in distances.iter_mut().enumerate() {
            *cost += (symbol / 2).saturating_sub(1) as f32;
        }
        Costs { literals: std::array::from_fn(|byte| literals[byte]), lengths, distances }
    }
}

impl Costs {
    /// What a match costs for its distance.
    pub fn distance(&self, distance: u16) -> f32 {
        self.distances[of_distance(distance).symbol]
    }
}
