//! Prefix codes for tokens (RFC 1951, 3.2), fitted to how often each symbol is expected.

use super::bits::Bits;
use super::expected::{DISTANCES, END, Expected, LITERALS};
use super::token::{self, Coded, Match, Token, of_distance, of_length};

/// The longest code of a literal, length or distance.
const LONGEST: u8 = 15;
/// Symbols for the lengths of codes, in the order a block names them.
const ORDER: [usize; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
/// The longest code of a length of a code.
const LONGEST_OF_LENGTH: u8 = 7;

/// The codes of a block.
#[derive(Debug, Clone)]
pub struct Codes {
    literals: Code,
    distances: Code,
    /// By length, each with the bits after its symbol.
    lengths: Code,
}

/// A code for each symbol: its bits, in the order they are written, and their number.
#[derive(Debug, Clone)]
struct Code(Vec<(u32, u8)>);

impl Codes {
    /// The codes that suit what is expected.
    pub fn of(expected: &Expected) -> Self {
        let literals = Code::of(&expected.literals, LONGEST);
        let lengths = (0..=token::LONGEST).map(|length| match length {
            0..token::SHORTEST => (0, 0),
            length => literals.coded(of_length(length as u16)),
        });
        let lengths = Code(lengths.collect());
        Self { literals, distances: Code::of(&expected.distances, LONGEST), lengths }
    }

    /// Begins a block that is not the last one of its stream, with these codes (3.2.7).
    pub fn begin(&self, bits: &mut Bits) {
        let lengths = self.literals.0.iter().chain(&self.distances.0).map(|(_, length)| *length);
        let lengths: Vec<u8> = lengths.collect();
        let told = told(&lengths);
        let mut often = [0; ORDER.len()];
        for (symbol, _) in &told {
            often[*symbol] += 1;
        }
        let code = Code::of(&often, LONGEST_OF_LENGTH);
        bits.push(0, 1);
        bits.push(0b10, 2);
        bits.push(LITERALS as u64 - 257, 5);
        bits.push(DISTANCES as u64 - 1, 5);
        bits.push(ORDER.len() as u64 - 4, 4);
        for symbol in ORDER {
            bits.push(u64::from(code.0[symbol].1), 3);
        }
        for (symbol, more) in told {
            code.push(symbol, bits);
            bits.push(
                more,
                RUNS.iter().find(|run| run.symbol == symbol).map_or(0, |run| run.count),
            );
        }
    }

    /// Adds a token.
    pub fn push(&self, token: Token, bits: &mut Bits) {
        match token {
            Token::Literal(byte) => self.literals.push(usize::from(byte), bits),
            Token::Match(Match { length, distance }) => {
                self.lengths.push(length.into(), bits);
                let (code, count) = self.distances.coded(of_distance(distance));
                bits.push(code.into(), count.into());
            }
        }
    }

    /// Ends the block.
    pub fn end(&self, bits: &mut Bits) {
        self.literals.push(END, bits);
    }
}

/// A symbol for a run of equal lengths of codes.
struct Run {
    symbol: usize,
    /// Whether it is of lengths of 0, rather than of whatever length stands before it.
    zeros: bool,
    least: usize,
    most: usize,
    /// Bits that say how many more than the least.
    count: u32,
}

/// The longer ones first.
const RUNS: [Run; 3] = [
    Run { symbol: 18, zeros: true, least: 11, most: 138, count: 7 },
    Run { symbol: 17, zeros: true, least: 3, most: 10, count: 3 },
    Run { symbol: 16, zeros: false, least: 3, most: 6, count: 2 },
];

/// The lengths of codes, as a block tells them: symbols, and what follows on those of runs.
fn told(lengths: &[u8]) -> Vec<(usize, u64)> {
    let mut told = Vec::new();
    for same in lengths.chunk_by(|a, b| a == b) {
        let (length, mut left) = (usize::from(same[0]), same.len());
        let mut is_first = true;
        while left > 0 {
            let fits = |run: &&Run| {
                left >= run.least && if run.zeros { length == 0 } else { length != 0 && !is_first }
            };
            let Some(run) = RUNS.iter().find(fits) else {
                told.push((length, 0));
                left -= 1;
                is_first = false;
                continue;
            };
            let count = left.min(run.most);
            told.push((run.symbol, (count - run.least) as u64));
            left -= count;
        }
    }
    told
}

impl Code {
    /// The code of a number of symbols by how often they are expected; what is never expected
    /// has none.
    fn of(often: &[u32], longest: u8) -> Self {
        let mut often = often.to_vec();
        let lengths = loop {
            let lengths = lengths(&often);
            if lengths.iter().all(|length| *length <= longest) {
                break lengths;
            }
            // Evener numbers give shorter codes; once all are equal no code has more than 9 bits.
            often.iter_mut().filter(|count| **count > 0).for_each(|count| *count = *count / 2 + 1);
        };
        let mut code = vec![(0, 0); lengths.len()];
        let mut next = 0u16;
        for bits in 1..=longest {
            for (symbol, _) in lengths.iter().enumerate().filter(|(_, length)| **length == bits) {
                code[symbol] = (u32::from(next.reverse_bits() >> (16 - bits)), bits);
                next += 1;
            }
            next <<= 1;
        }
        Self(code)
    }

    fn push(&self, symbol: usize, bits: &mut Bits) {
        let (code, count) = self.0[symbol];
        bits.push(u64::from(code), u32::from(count));
    }

    /// The code of a symbol and the bits after it, 28 in all at most.
    fn coded(&self, coded: Coded) -> (u32, u8) {
        let ((code, count), (extra, more)) = (self.0[coded.symbol], coded.extra);
        (code | extra << count, count + more)
    }
}

/// How many bits each symbol gets in Huffman's code; one that is alone gets one.
fn lengths(often: &[u32]) -> Vec<u8> {
    /// A symbol, or two nodes as one.
    struct Node {
        often: u64,
        parent: usize,
    }
    let mut leaves: Vec<usize> = (0..often.len()).filter(|symbol| often[*symbol] > 0).collect();
    leaves.sort_by_key(|symbol| (often[*symbol], *symbol));
    let mut lengths = vec![0; often.len()];
    if let [alone] = *leaves {
        lengths[alone] = 1;
        return lengths;
    }
    let of_leaf = |symbol: &usize| Node { often: often[*symbol].into(), parent: 0 };
    let mut nodes: Vec<Node> = leaves.iter().map(of_leaf).collect();
    // Joined nodes come in order, so that the least is at the head of either queue.
    let (mut leaf, mut joined) = (0, leaves.len());
    for _ in 1..leaves.len() {
        let parent = nodes.len();
        let mut sum = 0;
        for _ in 0..2 {
            let first = leaf < leaves.len()
                && (joined == nodes.len() || nodes[leaf].often <= nodes[joined].often);
            let least = if first { &mut leaf } else { &mut joined };
            sum += nodes[*least].often;
            nodes[*least].parent = parent;
            *least += 1;
        }
        nodes.push(Node { often: sum, parent: 0 });
    }
    let mut depth = vec![0u8; nodes.len()];
    for node in (0..nodes.len().saturating_sub(1)).rev() {
        depth[node] = depth[nodes[node].parent].saturating_add(1);
    }
    leaves.iter().zip(depth).for_each(|(symbol, depth)| lengths[*symbol] = depth);
    lengths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_complete_and_none_is_too_long() {
        let mut fibonacci = vec![1, 1];
        while fibonacci.len() < 40 {
            fibonacci.push(fibonacci[fibonacci.len() - 1] + fibonacci[fibonacci.len() - 2]);
        }
        for often in [vec![1, 1], vec![5; 286], fibonacci, vec![0, 3, 0, 9, 1]] {
            let code = Code::of(&often, LONGEST);
            let used = code.0.iter().filter(|(_, bits)| *bits > 0);
            let filled: u32 = used.map(|(_, bits)| 1 << (LONGEST - bits)).sum();
            assert_eq!(filled, 1 << LONGEST);
            assert!(
                often.iter().zip(&code.0).all(|(often, (_, bits))| (*often > 0) == (*bits > 0))
            );
        }
    }
}
