//! Rows cut into columns, each column tokenised as if it stood alone: what it says stays true
//! whatever comes to stand beside it.

use std::ops::Range;

use super::huffman::Token;

/// The shortest match there is, and the shortest that pays when it is far away.
const SHORTEST: usize = 3;
/// Bytes that a match may have at most.
const LONGEST: usize = 258;
/// How far back a match may reach.
const FARTHEST: usize = 1 << 15;
/// How many earlier places are tried for one.
const TRIES: usize = 48;
/// From how far back three bytes alone are not worth a match.
const FAR: usize = 1 << 10;

/// A column of some rows.
#[derive(Debug, Clone)]
pub struct Column<'a> {
    /// All bytes of the rows.
    pub rows: &'a [u8],
    /// Bytes of a row.
    pub stride: usize,
    /// Which bytes of each row.
    pub bytes: Range<usize>,
}

impl Column<'_> {
    /// The column's bytes in a row.
    fn row(&self, row: usize) -> &[u8] {
        &self.rows[row * self.stride..][self.bytes.clone()]
    }

    /// Tokenises a row in haste: it looks one row up, and one pixel to the left.
    pub fn quick(&self, row: usize, mut emit: impl FnMut(Token)) {
        let here = self.row(row);
        let above = (row > 0 && self.stride <= FARTHEST).then(|| self.row(row - 1));
        let mut at = 0;
        while at < here.len() {
            let up = above.map_or(0, |above| common(&here[at..], &above[at..]));
            let left = if at >= 3 { common(&here[at..], &here[at - 3..]) } else { 0 };
            let (length, distance) = if up >= left { (up, self.stride) } else { (left, 3) };
            at += push(&here[at..], length, distance, &mut emit);
        }
    }

    /// Tokenises every row with care.
    pub fn thorough(&self, mut emit: impl FnMut(usize, Token)) {
        let mut places = Places::new(self.rows.len() / self.stride * self.bytes.len());
        for row in 0..self.rows.len() / self.stride {
            let here = self.row(row);
            let mut at = 0;
            let mut ahead = None;
            while at < here.len() {
                let (length, distance) =
                    ahead.take().unwrap_or_else(|| self.longest(&places, row, at));
                places.add(self, row, at);
                if (SHORTEST..LONGEST / 4).contains(&length) && at + 1 < here.len() {
                    // One byte later there may be something better.
                    let next = self.longest(&places, row, at + 1);
                    if next.0 > length + 1 {
                        emit(row, Token::Literal(here[at]));
                        at += 1;
                        ahead = Some(next);
                        continue;
                    }
                }
                let step = push(&here[at..], length, distance, |token| emit(row, token));
                (at + 1..at + step).for_each(|at| places.add(self, row, at));
                at += step;
            }
        }
    }

    /// The longest match for what stands at a place, and how far back it is.
    fn longest(&self, places: &Places, row: usize, at: usize) -> (usize, usize) {
        let here = &self.row(row)[at..];
        let mut best = (0, 0);
        let mut consider = |other_row: usize, other: usize| {
            let distance = (row - other_row) * self.stride + at - other;
            if distance > FARTHEST {
                return false;
            }
            let length = common(here, &self.row(other_row)[other..]);
            let pays = length > SHORTEST || distance < FAR || distance == self.stride;
            if length > best.0 && pays {
                best = (length, distance);
            }
            true
        };
        // Right above is the likeliest, and its distance the cheapest.
        if row > 0 {
            consider(row - 1, at);
        }
        let width = self.bytes.len();
        for place in places.like(here).take(TRIES) {
            if !consider(place / width, place % width) {
                break;
            }
        }
        best
    }
}

/// Emits a match if it is one, else the first byte; gives back how many bytes that are.
fn push(here: &[u8], length: usize, distance: usize, mut emit: impl FnMut(Token)) -> usize {
    if length < SHORTEST {
        emit(Token::Literal(here[0]));
        return 1;
    }
    emit(Token::Match { length: length as u16, distance: distance as u16 });
    length
}

/// How many bytes two texts have in common at their beginnings, as far as a match may reach.
fn common(a: &[u8], b: &[u8]) -> usize {
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

/// Where each three bytes have stood before, the latest place first.
struct Places {
    latest: Vec<u32>,
    before: Vec<u32>,
}

impl Places {
    const NONE: u32 = u32::MAX;
    const BITS: u32 = 13;

    fn new(bytes: usize) -> Self {
        Self { latest: vec![Self::NONE; 1 << Self::BITS], before: vec![Self::NONE; bytes] }
    }

    fn slot(bytes: &[u8]) -> Option<usize> {
        let [a, b, c, ..] = *bytes else { return None };
        let mixed = u32::from_le_bytes([a, b, c, 0]).wrapping_mul(0x9e37_79b1);
        Some((mixed >> (32 - Self::BITS)) as usize)
    }

    fn add(&mut self, column: &Column<'_>, row: usize, at: usize) {
        let Some(slot) = Self::slot(&column.row(row)[at..]) else { return };
        let place = row * column.bytes.len() + at;
        self.before[place] = std::mem::replace(&mut self.latest[slot], place as u32);
    }

    fn like(&self, bytes: &[u8]) -> impl Iterator<Item = usize> {
        let known = |place: u32| Some(place as usize).filter(|_| place != Self::NONE);
        let first = Self::slot(bytes).and_then(|slot| known(self.latest[slot]));
        std::iter::successors(first, move |place| known(self.before[*place]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What tokens say, laid out in a column of rows of their own.
    fn read(column: &Column<'_>, tokens: &[(usize, Token)]) -> Vec<u8> {
        let mut rows = vec![0; column.rows.len()];
        let mut ends = vec![column.bytes.start; column.rows.len() / column.stride];
        for (row, token) in tokens {
            let at = row * column.stride + ends[*row];
            match token {
                Token::Literal(byte) => rows[at] = *byte,
                Token::Match { length, distance } => {
                    for at in at..at + usize::from(*length) {
                        let source = at - usize::from(*distance);
                        assert!(column.bytes.contains(&(source % column.stride)));
                        rows[at] = rows[source];
                    }
                }
            }
            ends[*row] +=
                if let Token::Match { length, .. } = token { usize::from(*length) } else { 1 };
        }
        assert!(ends.iter().all(|end| *end == column.bytes.end));
        rows
    }

    #[test]
    fn a_column_is_told_without_a_look_at_what_is_beside_it() {
        let stride = 700;
        let noise = |n: usize| ((n.wrapping_mul(0x9e37_79b9) >> 13) % 251) as u8;
        let texture = |at: usize| {
            let (x, y) = (at % stride, at / stride);
            if (x / 40 + y / 3) % 3 == 0 { noise(at) } else { noise(x % 7) }
        };
        let rows: Vec<u8> = (0..stride * 16).map(texture).collect();
        for bytes in [0..193, 193..700, 5..6, 0..700] {
            let column = Column { rows: &rows, stride, bytes: bytes.clone() };
            let mut careful = Vec::new();
            column.thorough(|row, token| careful.push((row, token)));
            let mut hasty = Vec::new();
            (0..16).for_each(|row| column.quick(row, |token| hasty.push((row, token))));
            assert!(careful.len() <= hasty.len());
            for tokens in [careful, hasty] {
                let told = read(&column, &tokens);
                let same = |row: usize| {
                    let place = row * stride + bytes.start..row * stride + bytes.end;
                    told[place.clone()] == rows[place]
                };
                assert!((0..16).all(same));
            }
        }
    }
}
