//! The pieces that compressed data is made of (RFC 1951, 3.2.5).

/// The shortest match there is, in bytes.
pub const SHORTEST: usize = 3;
/// The longest match there is, in bytes.
pub const LONGEST: usize = 258;
/// How far back a match may reach, in bytes.
pub const FARTHEST: usize = 1 << 15;

/// A piece of compressed data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token {
    /// A byte as it is.
    Literal(u8),
    /// A copy of what stands farther back.
    Match(Match),
}

/// A copy of what stands farther back, of [`SHORTEST`] to [`LONGEST`] bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Match {
    /// Its length.
    pub length: u16,
    /// How far back its source begins, from 1 to [`FARTHEST`].
    pub distance: u16,
}

impl Token {
    /// A match, of numbers that are known to be in range.
    pub fn of_match(length: usize, distance: usize) -> Self {
        Self::Match(Match { length: length as u16, distance: distance as u16 })
    }

    /// How many bytes it stands for.
    pub fn length(self) -> usize {
        match self {
            Self::Literal(_) => 1,
            Self::Match(Match { length, .. }) => length.into(),
        }
    }

    /// How far back it copies from; 0 for a literal.
    pub fn distance(self) -> u16 {
        match self {
            Self::Literal(_) => 0,
            Self::Match(Match { distance, .. }) => distance,
        }
    }
}

/// What tokens say, if they say so many bytes and copy from nothing that they have not said.
pub fn said(tokens: &[Token], length: usize) -> Option<Vec<u8>> {
    let mut said = Vec::with_capacity(length);
    for token in tokens {
        match token {
            Token::Literal(byte) => said.push(*byte),
            Token::Match(Match { length: more, distance }) => {
                let (more, distance) = (usize::from(*more), usize::from(*distance));
                let is_right = (SHORTEST..=LONGEST).contains(&more) && distance <= FARTHEST;
                if !is_right || distance == 0 || distance > said.len() || said.len() > length {
                    return None;
                }
                for _ in 0..more {
                    said.push(said[said.len() - distance]);
                }
            }
        }
    }
    (said.len() == length).then_some(said)
}

/// A length or distance as its symbol and the bits after it.
#[derive(Debug, Clone, Copy)]
pub struct Coded {
    /// The symbol.
    pub symbol: usize,
    /// The bits after it, and how many there are.
    pub extra: (u32, u8),
}

/// Lengths: groups of four symbols, each group with one bit more than the one before.
pub fn of_length(length: u16) -> Coded {
    if usize::from(length) == LONGEST {
        return Coded { symbol: 285, extra: (0, 0) };
    }
    let past = u32::from(length) - 3;
    let bits = past.max(4).ilog2() - 2;
    let symbol = 257 + (bits * 4 + (past >> bits)) as usize;
    Coded { symbol, extra: (past & ((1 << bits) - 1), bits as u8) }
}

/// Distances: groups of two symbols.
pub fn of_distance(distance: u16) -> Coded {
    let past = u32::from(distance) - 1;
    let bits = past.max(2).ilog2() - 1;
    let symbol = (bits * 2 + (past >> bits)) as usize;
    Coded { symbol, extra: (past & ((1 << bits) - 1), bits as u8) }
}

/// How many bytes two texts have in common at their beginnings, as far as a match may go.
pub fn common(a: &[u8], b: &[u8]) -> usize {
    let most = a.len().min(b.len()).min(LONGEST);
    let (a, b) = (&a[..most], &b[..most]);
    let mut at = 0;
    for (a, b) in a.as_chunks().0.iter().zip(b.as_chunks().0) {
        let differs = u64::from_le_bytes(*a) ^ u64::from_le_bytes(*b);
        if differs != 0 {
            return at + (differs.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    at + a[at..].iter().zip(&b[at..]).take_while(|(a, b)| a == b).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_and_distances_have_the_standards_symbols() {
        for (length, symbol, bits) in
            [(3, 257, 0), (10, 264, 0), (11, 265, 1), (19, 269, 2), (257, 284, 5), (258, 285, 0)]
        {
            let coded = of_length(length);
            assert_eq!((coded.symbol, coded.extra.1), (symbol, bits), "{length}");
        }
        for (distance, symbol, bits) in [
            (1, 0, 0),
            (4, 3, 0),
            (5, 4, 1),
            (9, 6, 2),
            (6001, 24, 11),
            (6145, 25, 11),
            (32768, 29, 13),
        ] {
            let coded = of_distance(distance);
            assert_eq!((coded.symbol, coded.extra.1), (symbol, bits), "{distance}");
        }
    }

    #[test]
    fn what_is_common_ends_where_it_differs() {
        let a: Vec<u8> = (0..=255).cycle().take(400).collect();
        for at in [0, 1, 7, 8, 9, 100, 257] {
            let mut b = a.clone();
            b[at] ^= 1;
            assert_eq!(common(&a, &b), at);
        }
        assert_eq!((common(&a, &a), common(&a, &a[..5]), common(&[], &a)), (LONGEST, 5, 0));
    }
}
