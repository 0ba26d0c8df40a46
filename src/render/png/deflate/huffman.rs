//! Prefix codes for tokens (RFC 1951, 3.2), fitted to how often each symbol is expected.

use super::bits::Bits;

/// Symbols for literals, the end of a block, and lengths.
pub const LITERALS: usize = 286;
/// Symbols for distances.
pub const DISTANCES: usize = 30;
/// The symbol for the end of a block.
const END: usize = 256;
/// The longest code of a literal, length or distance.
const LONGEST: u8 = 15;
/// Symbols for the lengths of codes, in the order a block names them.
const ORDER: [usize; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
/// The longest code of a length of a code.
const LONGEST_OF_LENGTH: u8 = 7;

/// A piece of compressed data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token {
    /// A byte as it is.
    Literal(u8),
    /// A copy of what stands so many bytes back.
    Match {
        /// 3 to 258 bytes.
        length: u16,
        /// 1 to 32768 bytes back.
        distance: u16,
    },
}

/// How often each symbol is expected; each at least once, so that all have a code.
#[derive(Debug, Clone)]
pub struct Expected {
    literals: [u32; LITERALS],
    distances: [u32; DISTANCES],
}

impl Expected {
    /// Each literal so often, each other symbol once.
    pub fn new(literals: u32) -> Self {
        let mut expected = Self { literals: [1; LITERALS], distances: [1; DISTANCES] };
        expected.literals[..END].fill(literals);
        expected
    }

    /// One more token.
    pub fn count(&mut self, token: Token) {
        match token {
            Token::Literal(byte) => self.literals[usize::from(byte)] += 1,
            Token::Match { length, distance } => {
                self.literals[of_length(length).symbol] += 1;
                self.distances[of_distance(distance).symbol] += 1;
            }
        }
    }
}

/// The codes of a block.
#[derive(Debug, Clone)]
pub struct Codes {
    literals: Code,
    distances: Code,
}

/// A code for each symbol: its bits, in the order they are written, and their number.
#[derive(Debug, Clone)]
struct Code(Vec<(u16, u8)>);

impl Codes {
    /// The codes that suit what is expected.
    pub fn of(expected: &Expected) -> Self {
        Self {
            literals: Code::of(&expected.literals, LONGEST),
            distances: Code::of(&expected.distances, LONGEST),
        }
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
        for (symbol, again) in told {
            code.push(symbol, bits);
            if symbol == AGAIN {
                bits.push(again, 2);
            }
        }
    }

    /// Adds a token.
    pub fn push(&self, token: Token, bits: &mut Bits) {
        match token {
            Token::Literal(byte) => self.literals.push(usize::from(byte), bits),
            Token::Match { length, distance } => {
                for (code, part) in
                    [(&self.literals, of_length(length)), (&self.distances, of_distance(distance))]
                {
                    code.push(part.symbol, bits);
                    bits.push(part.extra, part.count);
                }
            }
        }
    }

    /// Ends the block.
    pub fn end(&self, bits: &mut Bits) {
        self.literals.push(END, bits);
    }
}

/// The symbol for 3 to 6 repeats of a code's length.
const AGAIN: usize = 16;

/// The lengths of codes, as a block tells them: symbols, and for [`AGAIN`] how many repeats
/// more than 3.
fn told(lengths: &[u8]) -> Vec<(usize, u64)> {
    let mut told = Vec::new();
    for same in lengths.chunk_by(|a, b| a == b) {
        told.push((usize::from(same[0]), 0));
        let mut left = same.len() - 1;
        while left > 0 {
            let again = left.min(6);
            if again < 3 {
                told.extend(std::iter::repeat_n((usize::from(same[0]), 0), again));
            } else {
                told.push((AGAIN, again as u64 - 3));
            }
            left -= again;
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
                code[symbol] = (next.reverse_bits() >> (16 - bits), bits);
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

/// A length or distance as its symbol and the bits after it.
struct Part {
    symbol: usize,
    extra: u64,
    count: u32,
}

/// Lengths: groups of four symbols, each group with one bit more than the one before (3.2.5).
fn of_length(length: u16) -> Part {
    if length == 258 {
        return Part { symbol: 285, extra: 0, count: 0 };
    }
    let past = u32::from(length) - 3;
    let count = past.max(4).ilog2() - 2;
    let symbol = 257 + (count * 4 + (past >> count)) as usize;
    Part { symbol, extra: u64::from(past & ((1 << count) - 1)), count }
}

/// Distances: groups of two symbols.
fn of_distance(distance: u16) -> Part {
    let past = u32::from(distance) - 1;
    let count = past.max(2).ilog2() - 1;
    let symbol = (count * 2 + (past >> count)) as usize;
    Part { symbol, extra: u64::from(past & ((1 << count) - 1)), count }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_and_distances_have_the_standards_symbols() {
        for (length, symbol, count) in
            [(3, 257, 0), (10, 264, 0), (11, 265, 1), (19, 269, 2), (257, 284, 5), (258, 285, 0)]
        {
            let part = of_length(length);
            assert_eq!((part.symbol, part.count), (symbol, count), "{length}");
        }
        for (distance, symbol, count) in
            [(1, 0, 0), (4, 3, 0), (5, 4, 1), (9, 6, 2), (6001, 24, 11), (32767, 29, 13)]
        {
            let part = of_distance(distance);
            assert_eq!((part.symbol, part.count), (symbol, count), "{distance}");
        }
    }

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
