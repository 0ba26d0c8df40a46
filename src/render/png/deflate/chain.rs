//! Where the same has stood before: the places that a match may copy from.

use super::token::FARTHEST;

/// Places by what stands there. Of those farther back than a match may reach only some are known.
pub struct Chain {
    latest: Vec<u32>,
    /// By the lowest bits of a place, what stood before it.
    before: Vec<u32>,
}

impl Chain {
    const NONE: u32 = u32::MAX;
    const BITS: u32 = 15;

    /// No places.
    pub fn none() -> Self {
        Self { latest: vec![Self::NONE; 1 << Self::BITS], before: vec![Self::NONE; FARTHEST] }
    }

    fn slot(key: u64) -> usize {
        (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (u64::BITS - Self::BITS)) as usize
    }

    /// Adds a place, later than those before.
    pub fn add(&mut self, key: Option<u64>, at: usize) {
        let Some(key) = key else { return };
        self.before[at % FARTHEST] =
            std::mem::replace(&mut self.latest[Self::slot(key)], at as u32);
    }

    /// Earlier places of the same key, and of others by mistake.
    pub fn like(&self, key: Option<u64>) -> impl Iterator<Item = usize> {
        let known = |place: u32| Some(place as usize).filter(|_| place != Self::NONE);
        let first = key.and_then(|key| known(self.latest[Self::slot(key)]));
        // A place that has been written over stands before none that is earlier.
        std::iter::successors(first, move |place| {
            known(self.before[place % FARTHEST]).filter(|before| before < place)
        })
    }
}

/// The key of so many bytes, 8 at most.
pub fn first<const BYTES: u32>(bytes: &[u8]) -> Option<u64> {
    let bytes = u64::from_le_bytes(*bytes.first_chunk()?);
    Some(bytes << (u64::BITS - 8 * BYTES))
}

/// How many bytes a run has at least, beyond its first pixel.
const RUN: u8 = 6;

/// The key of a run of one colour, of so many bytes beyond a pixel, and of what ends it. In flat
/// art nearly all places begin like very many others, and match far only with those few.
pub fn of_run(bytes: &[u8], length: u8) -> Option<u64> {
    let [red, green, blue] = *bytes.first_chunk()?;
    let next: &[u8; 3] = bytes.get(usize::from(length) + 3..)?.first_chunk()?;
    let key = [red, green, blue, length, next[0], next[1], next[2], 0];
    (length >= RUN).then(|| u64::from_le_bytes(key))
}

/// By place, how many bytes from there on are those of the pixel after.
pub fn runs(bytes: &[u8]) -> Vec<u8> {
    let mut runs = vec![0_u8; bytes.len()];
    for at in (3..bytes.len()).rev() {
        if bytes[at - 3] == bytes[at] {
            runs[at - 3] = runs[at - 2].saturating_add(1);
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_end_where_the_next_pixel_differs() {
        assert_eq!(runs(&[1, 2, 3, 1, 2, 3, 1, 2, 9]), [5, 4, 3, 2, 1, 0, 0, 0, 0]);
        assert_eq!(runs(&[7; 600])[..3], [255; 3]);
        assert_eq!((runs(&[1, 2]), runs(&[])), (vec![0; 2], vec![]));
    }

    #[test]
    fn runs_are_known_by_their_length_and_end() {
        let run = |pixels: usize, end: u8| [vec![5; pixels * 3], vec![end, 6, 7]].concat();
        let key = |bytes: &[u8]| of_run(bytes, runs(bytes)[0]);
        assert_eq!(key(&run(9, 1)), key(&run(9, 1)));
        assert!(key(&run(9, 1)).is_some() && key(&run(9, 1)) != key(&run(8, 1)));
        assert!(key(&run(9, 1)) != key(&run(9, 2)));
        // Of none, of one without an end, and of the end of all bytes nothing is known.
        assert_eq!((key(&run(2, 1)), key(&[5; 30]), of_run(&[], 0)), (None, None, None));
    }

    #[test]
    fn places_are_found_once_each_the_latest_first() {
        let mut chain = Chain::none();
        assert_eq!(chain.like(Some(3)).next(), None);
        for at in [2, 40, FARTHEST + 2, FARTHEST + 30] {
            chain.add(Some(3), at);
            chain.add(None, at + 1);
        }
        let found: Vec<usize> = chain.like(Some(3)).collect();
        assert_eq!(found, [FARTHEST + 30, FARTHEST + 2, 40, 2]);
        assert_eq!(chain.like(None).next(), None);
    }
}
