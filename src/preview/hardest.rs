//! Which names are the hardest to set, and why.
//!
//! Four lists are made: names that cannot be set at all, the longest as set, the shortest, and
//! those of the rarest characters. The first of each is taken, then the second of each, and so
//! on; nobody is taken twice.

use std::collections::{BTreeSet, HashMap};
use std::fmt;

use serde::Serialize;
use unicode_script::{Script, UnicodeScript};

/// What makes a name hard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Why {
    /// It cannot be set.
    Refused,
    /// It fills its box more than others, or shrinks more than they do.
    Longest,
    /// It fills its box less than others.
    Shortest,
    /// It is of faces, scripts or characters that others do not need.
    Rarest,
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Refused => "refused",
            Self::Longest => "longest",
            Self::Shortest => "shortest",
            Self::Rarest => "rarest",
        })
    }
}

/// A name, as far as it matters how hard it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Name<'a> {
    /// The name.
    pub text: &'a str,
    /// How it was set; nothing when it cannot be.
    pub set: Option<Set>,
}

/// How a name was set.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Set {
    /// How much of its box it fills at the field's full size; above 1 it shrinks.
    pub fullness: f32,
    /// Whether it needs a face that its field does not ask for.
    pub borrows: bool,
}

/// In how many names of a roster each character and each script occurs.
#[derive(Debug, Default)]
pub struct Census {
    characters: HashMap<char, usize>,
    scripts: HashMap<Script, usize>,
}

impl Census {
    /// Counts.
    pub fn of<'a>(names: impl Iterator<Item = &'a str>) -> Self {
        let mut census = Self::default();
        for name in names {
            for c in characters(name) {
                *census.characters.entry(c).or_default() += 1;
            }
            for script in scripts(name) {
                *census.scripts.entry(script).or_default() += 1;
            }
        }
        census
    }

    /// How many names have the rarest of the name's scripts: the fewer, the harder.
    fn company(&self, name: &str) -> usize {
        let counts = scripts(name).into_iter().map(|script| self.scripts[&script]);
        counts.min().unwrap_or(usize::MAX)
    }

    /// How rare its characters are: 1 when no other name has any of them.
    fn rarity(&self, name: &str) -> f32 {
        let characters = characters(name);
        let sum: f32 = characters.iter().map(|c| 1.0 / self.characters[c] as f32).sum();
        sum / characters.len().max(1) as f32
    }
}

fn characters(name: &str) -> BTreeSet<char> {
    name.chars().filter(|c| !c.is_whitespace()).collect()
}

/// The scripts of a name's letters, each once.
fn scripts(name: &str) -> Vec<Script> {
    let mut scripts: Vec<Script> = name
        .chars()
        .map(|c| c.script())
        .filter(|script| !matches!(script, Script::Common | Script::Inherited | Script::Unknown))
        .collect();
    scripts.sort_by_key(|script| script.short_name());
    scripts.dedup();
    scripts
}

/// All names, the hardest first: their places, and why each stands where it does. Names of the
/// census must be those of the roster they are from.
#[must_use]
pub fn hardest_first(names: &[Name<'_>], census: &Census) -> Vec<(usize, Why)> {
    let (set, refused): (Vec<usize>, Vec<usize>) =
        (0..names.len()).partition(|place| names[*place].set.is_some());
    let how = |place: &usize| names[*place].set.unwrap_or_default();
    let (mut longest, mut shortest, mut rarest) = (set.clone(), set.clone(), set);
    longest.sort_by(|a, b| how(b).fullness.total_cmp(&how(a).fullness));
    shortest.sort_by(|a, b| how(a).fullness.total_cmp(&how(b).fullness));
    let rarity: Vec<_> = names.iter().map(|name| census.rarity(name.text)).collect();
    rarest.sort_by(|a, b| {
        how(b)
            .borrows
            .cmp(&how(a).borrows)
            .then_with(|| census.company(names[*a].text).cmp(&census.company(names[*b].text)))
            .then_with(|| rarity[*b].total_cmp(&rarity[*a]))
    });
    let mut lists = [
        (Why::Refused, refused.into_iter()),
        (Why::Longest, longest.into_iter()),
        (Why::Shortest, shortest.into_iter()),
        (Why::Rarest, rarest.into_iter()),
    ];
    let mut taken = vec![false; names.len()];
    let mut order = Vec::with_capacity(names.len());
    while order.len() < names.len() {
        for (why, list) in &mut lists {
            if let Some(place) = list.find(|place| !taken[*place]) {
                taken[place] = true;
                order.push((place, *why));
            }
        }
    }
    order
}

#[cfg(test)]
mod tests {
    use super::Why::{Longest, Rarest, Refused, Shortest};
    use super::*;

    fn order(names: &[(&'static str, Option<(f32, bool)>)]) -> Vec<(&'static str, Why)> {
        let census = Census::of(names.iter().map(|(text, _)| *text));
        let set = |(fullness, borrows)| Set { fullness, borrows };
        let known: Vec<Name<'_>> =
            names.iter().map(|(text, how)| Name { text, set: how.map(set) }).collect();
        let order = hardest_first(&known, &census);
        order.into_iter().map(|(place, why)| (names[place].0, why)).collect()
    }

    #[test]
    fn the_refused_the_longest_the_shortest_and_the_rarest_take_turns() {
        let found = order(&[
            ("王小明", Some((0.5, false))),
            ("王明", Some((0.2, false))),
            ("Ann 😀", None),
            ("王小小明明", Some((1.4, false))),
            ("Łucja", Some((0.6, false))),
            ("王小小明", Some((0.7, false))),
        ]);
        let expected = [
            ("Ann 😀", Refused),
            ("王小小明明", Longest),
            ("王明", Shortest),
            ("Łucja", Rarest),
            ("王小小明", Longest),
            ("王小明", Shortest),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn rare_is_first_a_borrowed_face_then_a_lonely_script_then_a_lonely_character() {
        let rarest = |names: &[(&'static str, Option<(f32, bool)>)]| {
            let found = order(names).into_iter().find(|(_, why)| *why == Rarest);
            found.map(|(name, _)| name)
        };
        let end = [("甲乙", Some((0.9, false))), ("甲", Some((0.1, false)))];
        let with = |more: &[(&'static str, Option<(f32, bool)>)]| rarest(&[&end, more].concat());
        let plain = ("甲乙乙", Some((0.5, false)));
        let lonely = ("甲丙", Some((0.5, false)));
        let latin = ("Ann", Some((0.5, false)));
        let borrowed = ("乙甲", Some((0.5, true)));
        assert_eq!(with(&[plain, lonely]), Some("甲丙"));
        assert_eq!(with(&[plain, lonely, latin]), Some("Ann"));
        assert_eq!(with(&[plain, lonely, latin, borrowed]), Some("乙甲"));
    }

    #[test]
    fn equals_stand_as_in_the_roster() {
        let same = |text| (text, Some((0.5, false)));
        let found = order(&[same("甲"), same("乙"), same("丙"), same("丁")]);
        assert_eq!(found, [("甲", Longest), ("乙", Shortest), ("丙", Rarest), ("丁", Longest)]);
        assert_eq!(order(&[]), []);
    }
}
