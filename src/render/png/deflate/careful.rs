//! Tokens chosen with care, for what is compressed once and kept.

use std::ops::Range;

use super::expected::{Costs, Expected};
use super::token::{FARTHEST, LONGEST, Match, SHORTEST, Token, common};

/// How many earlier places of the same pixel, and of the same two pixels and more, are looked at.
/// Three times as many save half a percent, and take twice as long.
const TRIES: (usize, usize) = (8, 64);
/// From how far back three bytes alone are not worth a match, before anything is known of costs.
const FAR: u16 = 1 << 10;
/// Of a long match, so many of the shortest and of the longest lengths are considered.
const ENDS: usize = 8;
/// How often tokens are chosen by what they would cost by the choice before.
const ROUNDS: usize = 3;

/// Tokenises bytes from beginning to end, part by part.
pub struct Careful<'a> {
    bytes: &'a [u8],
    /// Bytes of a row.
    stride: usize,
    pixel: Chain<3>,
    pixels: Chain<8>,
}

impl<'a> Careful<'a> {
    /// Begins with rows of so many bytes.
    pub fn new(bytes: &'a [u8], stride: usize) -> Self {
        Self { bytes, stride, pixel: Chain::none(), pixels: Chain::none() }
    }

    /// Tokenises the next part, `before` being what its block has already: of all ways to tell it,
    /// one that takes about the fewest bits.
    pub fn tokenise(&mut self, part: Range<usize>, before: &Expected) -> Vec<Token> {
        let found = self.matches(part.clone());
        let bytes = &self.bytes[part];
        let mut tokens = longest(bytes, &found);
        for _ in 0..ROUNDS {
            let costs = before.clone().with(&tokens).costs();
            tokens = cheapest(bytes, &found, &costs);
        }
        tokens
    }

    /// The matches worth a thought at each place of a part.
    fn matches(&mut self, part: Range<usize>) -> Found {
        let mut found = Found { ends: Vec::with_capacity(part.len()), matches: Vec::new() };
        let mut skipped = part.start;
        for at in part.clone() {
            let here = &self.bytes[at..part.end];
            if at >= skipped {
                let pixel = self.pixel.like(here).take(TRIES.0);
                let pixels = self.pixels.like(here).take(TRIES.1);
                // What stands right above is likely, and may be too many tries away.
                let above = at.checked_sub(self.stride);
                let mut longest = SHORTEST - 1;
                for source in pixel.chain(pixels).chain(above) {
                    if longest >= here.len() || longest >= LONGEST {
                        break;
                    }
                    let may_be_longer = here[longest] == self.bytes[source + longest];
                    if !may_be_longer || at - source > FARTHEST {
                        continue;
                    }
                    let length = common(here, &self.bytes[source..]);
                    if length > longest {
                        longest = length;
                        let (length, distance) = (length as u16, (at - source) as u16);
                        found.matches.push(Match { length, distance });
                    }
                }
                // Within the longest there is, nothing better can begin.
                if longest == LONGEST {
                    skipped = at + LONGEST;
                }
            }
            found.ends.push(found.matches.len());
            self.pixel.add(here, at);
            self.pixels.add(here, at);
        }
        found
    }
}

/// Matches by the place where they may stand, each longer than the one before.
struct Found {
    /// Where those of each place end.
    ends: Vec<usize>,
    matches: Vec<Match>,
}

impl Found {
    fn at(&self, place: usize) -> &[Match] {
        let start = place.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.matches[start..self.ends[place]]
    }
}

/// The way through some bytes that takes the longest match wherever it comes to.
fn longest(bytes: &[u8], found: &Found) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let pays = |found: &&Match| usize::from(found.length) > SHORTEST || found.distance < FAR;
        let longest = found.at(at).last().filter(pays);
        let token = longest.map_or(Token::Literal(bytes[at]), |found| Token::Match(*found));
        tokens.push(token);
        at += token.length();
    }
    tokens
}

/// The way through some bytes that costs least.
fn cheapest(bytes: &[u8], found: &Found, costs: &Costs) -> Vec<Token> {
    // For each place, what it costs to come there, and the token by which one comes.
    let mut least = vec![f32::INFINITY; bytes.len() + 1];
    let mut steps = vec![Token::Literal(0); bytes.len() + 1];
    least[0] = 0.0;
    for (at, byte) in bytes.iter().enumerate() {
        let here = least[at];
        let mut step = |token: Token, cost: f32| {
            let to = at + token.length();
            if here + cost < least[to] {
                least[to] = here + cost;
                steps[to] = token;
            }
        };
        step(Token::Literal(*byte), costs.literals[usize::from(*byte)]);
        let mut shortest = SHORTEST;
        for Match { length, distance } in found.at(at) {
            let longest = usize::from(*length);
            let away = costs.distance(*distance);
            let tail = longest.saturating_sub(ENDS).max(shortest);
            for length in (shortest..tail.min(shortest + ENDS)).chain(tail..=longest) {
                let token = Token::of_match(length, usize::from(*distance));
                step(token, away + costs.lengths[length]);
            }
            shortest = longest + 1;
        }
    }
    let mut tokens = Vec::new();
    let mut at = bytes.len();
    while at > 0 {
        tokens.push(steps[at]);
        at -= steps[at].length();
    }
    tokens.reverse();
    tokens
}

/// Where so many bytes have stood before: the latest place first, as far back as a match may
/// reach.
struct Chain<const BYTES: u32> {
    latest: Vec<u32>,
    /// By the lowest bits of a place, what stood before it.
    before: Vec<u32>,
}

impl<const BYTES: u32> Chain<BYTES> {
    const NONE: u32 = u32::MAX;
    const BITS: u32 = 15;

    fn none() -> Self {
        Self { latest: vec![Self::NONE; 1 << Self::BITS], before: vec![Self::NONE; FARTHEST] }
    }

    fn slot(bytes: &[u8]) -> Option<usize> {
        let bytes = u64::from_le_bytes(*bytes.first_chunk()?) << (64 - 8 * BYTES);
        Some((bytes.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - Self::BITS)) as usize)
    }

    fn add(&mut self, here: &[u8], at: usize) {
        let Some(slot) = Self::slot(here) else { return };
        self.before[at % FARTHEST] = std::mem::replace(&mut self.latest[slot], at as u32);
    }

    /// Earlier places of the same bytes, and of others by mistake.
    fn like(&self, here: &[u8]) -> impl Iterator<Item = usize> {
        let known = |place: u32| Some(place as usize).filter(|_| place != Self::NONE);
        let first = Self::slot(here).and_then(|slot| known(self.latest[slot]));
        // A place that has been written over stands before none that is earlier.
        std::iter::successors(first, move |place| {
            known(self.before[place % FARTHEST]).filter(|before| before < place)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::hasty::Lately;
    use super::super::token::said;
    use super::*;

    #[test]
    fn tokens_say_what_stands_there_and_care_takes_fewer_of_them() {
        for stride in [7, 700, 40_000] {
            let noise = |n: usize| ((n.wrapping_mul(0x9e37_79b9) >> 13) % 251) as u8;
            let texture = |at: usize| {
                let (x, y) = (at % stride, at / stride);
                if (x / 40 + y / 3) % 3 == 0 { noise(at) } else { noise(x % 7) }
            };
            let bytes: Vec<u8> = (0..stride.max(3000) * 5).map(texture).collect();
            let mut careful = Careful::new(&bytes, stride);
            let mut few = Vec::new();
            for start in (0..bytes.len()).step_by(5000) {
                let part = start..(start + 5000).min(bytes.len());
                few.extend(careful.tokenise(part, &Expected::nothing()));
            }
            assert!(said(&few, bytes.len()).unwrap() == bytes);
            let mut many = Vec::new();
            let mut lately = Lately::default();
            lately.clear();
            for start in (0..bytes.len()).step_by(777) {
                let part = start..(start + 777).min(bytes.len());
                lately.tokenise(&bytes, part, stride, |token| many.push(token));
            }
            assert!(said(&many, bytes.len()).unwrap() == bytes);
            assert!(few.len() < many.len(), "{} and {}", few.len(), many.len());
        }
    }
}
