//! One part of many, for a scheduler that spreads work over processes.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Which part, from 0, and of how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Shard {
    index: usize,
    of: usize,
}

impl Shard {
    /// Whether it has the certificate at a place of the register: every N-th, so that parts are
    /// alike, and whose part it is stays the same whatever happens to the others.
    #[must_use]
    pub fn has(self, place: usize) -> bool {
        place % self.of == self.index
    }
}

/// As it is written: `0/4`.
impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.of)
    }
}

impl From<Shard> for String {
    fn from(shard: Shard) -> Self {
        shard.to_string()
    }
}

impl TryFrom<String> for Shard {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is no part: write 0/4 for the first of four, to 3/4");
        let (index, of) = text.split_once('/').ok_or_else(wrong)?;
        let number = |text: &str| text.parse::<usize>().map_err(|_| wrong());
        let (index, of) = (number(index)?, number(of)?);
        if index < of { Ok(Self { index, of }) } else { Err(wrong()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_are_the_whole() {
        let part = |text: &str| {
            let shard = text.parse::<Shard>().unwrap();
            (0..10).filter(|place| shard.has(*place)).collect::<Vec<usize>>()
        };
        assert_eq!(part("0/1"), (0..10).collect::<Vec<_>>());
        assert_eq!(
            [part("0/3"), part("1/3"), part("2/3")],
            [vec![0, 3, 6, 9], vec![1, 4, 7], vec![2, 5, 8]]
        );
        assert!(part("11/12").is_empty());
        assert_eq!("2/3".parse::<Shard>().unwrap().to_string(), "2/3");
        for wrong in ["", "1", "3/3", "4/3", "0/0", "-1/3", "1/x"] {
            assert!(wrong.parse::<Shard>().is_err(), "{wrong}");
        }
    }
}
