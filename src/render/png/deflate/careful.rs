//! Tokens chosen with care, for what is compressed once and kept.

use std::ops::Range;

use super::chain::{self, Chain};
use super::expected::{Costs, Expected};
use super::token::{FARTHEST, LONGEST, Match, SHORTEST, Token, common};

/// How many earlier places of the same pixel, and of the same two pixels and more, are looked at.
const TRIES: (usize, usize) = (16, 32);
/// How many of the same run of pixels, with the same end.
const RUNS: usize = 8;
/// So much less is looked at where little is to be won: within a pixel, and within a match of
/// [`GOOD`] bytes.
const LESS: usize = 4;
/// A match that will hardly be bettered by one that begins within it.
const GOOD: usize = 32;
/// From how far back three bytes alone are not worth a match, before anything is known of costs.
const FAR: u16 = 1 << 10;
/// Of a long match, so many of the shortest and of the longest lengths are considered.
const ENDS: usize = 9;

/// Tokenises bytes from beginning to end, part by part.
pub struct Careful<'a> {
    bytes: &'a [u8],
    /// Bytes of a row.
    stride: usize,
    pixel: Chain,
    pixels: Chain,
    runs: Chain,
    /// What tokens cost in the part before.
    costs: Option<Costs>,
}

impl<'a> Careful<'a> {
    /// Begins with rows of so many bytes.
    pub fn new(bytes: &'a [u8], stride: usize) -> Self {
        let [pixel, pixels, runs] = std::array::from_fn(|_| Chain::none());
        Self { bytes, stride, pixel, pixels, runs, costs: None }
    }

    /// Tokenises the next part, `before` being what its block has already: of all ways to tell it,
    /// one that takes about the fewest bits, if tokens cost what they did in the part before.
    pub fn tokenise(&mut self, part: Range<usize>, before: &Expected) -> Vec<Token> {
        let found = self.matches(part.clone());
        let bytes = &self.bytes[part];
        let costs = self.costs.take().unwrap_or_else(|| {
            let first = before.clone().with(&longest(bytes, &found)).costs();
            before.clone().with(&cheapest(bytes, &found, &first)).costs()
        });
        let tokens = cheapest(bytes, &found, &costs);
        self.costs = Some(before.clone().with(&tokens).costs());
        tokens
    }

    /// The matches worth a thought at each place of a part.
    fn matches(&mut self, part: Range<usize>) -> Found {
        let mut found = Found { ends: Vec::with_capacity(part.len()), matches: Vec::new() };
        let (mut skipped, mut last) = (part.start, 0);
        let runs = chain::runs(&self.bytes[part.clone()]);
        for (at, run) in part.clone().zip(runs) {
            let here = &self.bytes[at..part.end];
            let pixel = chain::first::<3>(here);
            let pixels = chain::first::<8>(here);
            let run = chain::of_run(here, run);
            if at >= skipped {
                let is_pixel = at % self.stride % 3 == 1;
                let less = if is_pixel && last < GOOD { 1 } else { LESS };
                let likely = self.pixel.like(pixel).take(TRIES.0 / less);
                let likely = likely.chain(self.pixels.like(pixels).take(TRIES.1 / less));
                let likely = likely.chain(self.runs.like(run).take(RUNS));
                // What stands right above is likely, and may be too many tries away.
                let likely = likely.chain(at.checked_sub(self.stride));
                let mut longest = SHORTEST - 1;
                for source in likely {
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
                last = longest;
                // Within the longest there is, nothing better can begin.
                if longest == LONGEST {
                    skipped = at + LONGEST;
                }
            }
            found.ends.push(found.matches.len());
            self.pixel.add(pixel, at);
            self.pixels.add(pixels, at);
            self.runs.add(run, at);
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

/// How one comes to a place at the least cost: by a match, or by a literal, whose distance is 0.
#[derive(Clone, Copy)]
struct Step {
    cost: u32,
    by: Match,
}

/// The way through some bytes that costs least.
fn cheapest(bytes: &[u8], found: &Found, costs: &Costs) -> Vec<Token> {
    let nowhere = Step { cost: u32::MAX, by: Match { length: 1, distance: 0 } };
    let mut steps = vec![nowhere; bytes.len() + 1];
    steps[0].cost = 0;
    for (at, byte) in bytes.iter().enumerate() {
        let here = steps[at].cost;
        let literal = here + costs.literals[usize::from(*byte)];
        if literal < steps[at + 1].cost {
            steps[at + 1] = Step { cost: literal, ..nowhere };
        }
        let mut shortest = SHORTEST;
        for Match { length, distance } in found.at(at) {
            let longest = usize::from(*length);
            let cost = here + costs.distance(*distance);
            let tail = longest.saturating_sub(ENDS).max(shortest);
            let mut consider = |lengths: Range<usize>| {
                let targets = &mut steps[at + lengths.start..at + lengths.end];
                let prices = &costs.lengths[lengths.clone()];
                for ((length, target), price) in lengths.zip(targets).zip(prices) {
                    if cost + price < target.cost {
                        let by = Match { length: length as u16, distance: *distance };
                        *target = Step { cost: cost + price, by };
                    }
                }
            };
            consider(shortest..tail.min(shortest + ENDS));
            consider(tail..longest + 1);
            shortest = longest + 1;
        }
    }
    let mut tokens = Vec::new();
    let mut at = bytes.len();
    while at > 0 {
        let by = steps[at].by;
        at -= usize::from(by.length);
        tokens.push(if by.distance == 0 { Token::Literal(bytes[at]) } else { Token::Match(by) });
    }
    tokens.reverse();
    tokens
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
