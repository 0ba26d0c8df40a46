//! Which tokens copy from where.

use std::ops::Range;

use super::super::deflate::token::Token;

/// Bytes that are not told from each other.
const BLOCK: usize = 64;

/// By block of bytes, the places of the tokens that copy from it.
#[derive(Debug)]
pub struct Sources {
    /// Where those of each block end.
    ends: Vec<u32>,
    tokens: Vec<u32>,
}

impl Sources {
    /// Of tokens that say so many bytes.
    pub fn of(tokens: &[Token], length: usize) -> Self {
        // First how many there are of each block, then where they begin, and in the end where
        // they end.
        let mut ends = vec![0; length / BLOCK + 1];
        for (_, block) in copies(tokens) {
            ends[block] += 1;
        }
        let mut count = 0;
        for end in &mut ends {
            count += std::mem::replace(end, count);
        }
        let mut sources = vec![0; count as usize];
        for (token, block) in copies(tokens) {
            sources[ends[block] as usize] = token;
            ends[block] += 1;
        }
        Self { ends, tokens: sources }
    }

    /// The places of tokens that copy from these bytes, and of some that copy from near them; some
    /// of them more than once.
    pub fn from(&self, bytes: &Range<usize>) -> &[u32] {
        let (first, last) = (bytes.start / BLOCK, (bytes.end - 1) / BLOCK);
        let start = first.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.tokens[start as usize..self.ends[last] as usize]
    }
}

/// The place of each token that copies, with each block that it copies from.
fn copies(tokens: &[Token]) -> impl Iterator<Item = (u32, usize)> {
    let mut start = 0;
    (0..).zip(tokens).flat_map(move |(place, token)| {
        let source = start - usize::from(token.distance());
        start += token.length();
        let end = if token.distance() == 0 { 0 } else { (source + token.length()).div_ceil(BLOCK) };
        (source / BLOCK..end).map(move |block| (place, block))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_token_is_found_by_what_it_copies() {
        let tokens: Vec<Token> = (0..500)
            .map(|n| match n {
                0..100 => Token::Literal(7),
                n => Token::of_match(3 + n * 7 % 256, 1 + n * 31 % 2000 % (3 * n - 200)),
            })
            .collect();
        let length: usize = tokens.iter().map(|token| token.length()).sum();
        let sources = Sources::of(&tokens, length);
        for changed in [0..1, 63..64, 64..65, 90..2000, length - 1..length] {
            let mut start = 0;
            for (place, token) in (0..).zip(&tokens) {
                let back = usize::from(token.distance());
                let source = start - back..start - back + token.length();
                let copies = back > 0 && source.start < changed.end && changed.start < source.end;
                assert!(!copies || sources.from(&changed).contains(&place));
                start += token.length();
            }
        }
    }
}
