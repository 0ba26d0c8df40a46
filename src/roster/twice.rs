//! Who and what stands in a roster twice: people in a category and year, and given numbers.

use std::collections::HashMap;

use super::Problem;
use crate::certificate::Recipient;
use crate::id::Numbering;
use crate::issuer::Issuer;
use crate::text::Text;

/// Gives the second of some namesakes the key `name#2`, the third `name#3`, in the order of the
/// rows; the first stays known by the name, as before there was a second. So the same roster
/// finds the same certificates again, as long as namesakes keep their order. Rows with a key
/// are left as they are, and so is who is known by name: there, nothing could tell them apart.
pub fn tell_apart(people: &mut [Recipient], issuer: &Issuer) {
    let mut seen: HashMap<(Text, u16, Text), u32> = HashMap::new();
    for person in people {
        if person.key.is_some() || is_known_by_name(person, issuer) {
            continue;
        }
        let who = (person.category.clone(), person.year, person.name.clone());
        let count = seen.entry(who).or_default();
        *count += 1;
        if *count > 1 {
            person.key = Some(format!("{}#{count}", person.name).into());
        }
    }
}

/// The same person twice in a category and year.
pub fn people(people: &[Recipient], issuer: &Issuer) -> Vec<Problem> {
    let mut seen = HashMap::new();
    let mut problems = Vec::new();
    for person in people {
        let by_name = is_known_by_name(person, issuer);
        let known_by = if by_name { &person.name } else { person.known_by() };
        let who = (&person.category, person.year, known_by);
        let first = *seen.entry(who).or_insert(person.row);
        if first == person.row {
            continue;
        }
        let who = format!(
            "{known_by} is in {} {} twice, first in row {first}",
            person.category, person.year
        );
        let remedy = if by_name {
            format!(
                "delete one; for two people, tell them apart by an alias such as 张城（元乙）: {}（…）",
                person.name
            )
        } else if person.key.is_some() {
            "delete one; for two people, give each a key of their own".to_owned()
        } else {
            "delete one; for two people, add a column key that tells them apart, or say \
             --allow-namesakes"
                .to_owned()
        };
        problems.push(Problem::at(person.row, who, remedy).with_value(known_by));
    }
    problems
}

/// People of one name of whom one has a key and another has none: they may be one person, whose
/// key is missing once.
pub fn half_keyed(people: &[Recipient]) -> Vec<Problem> {
    let of = |person: &Recipient| (person.category.clone(), person.year, person.name.clone());
    let keyed: HashMap<_, u64> = people
        .iter()
        .filter(|person| person.key.is_some())
        .map(|person| (of(person), person.row))
        .collect();
    let half = |person: &Recipient| {
        let other = keyed.get(&of(person)).filter(|_| person.key.is_none())?;
        let message = format!("{} has a key in row {other}, and none here", person.name);
        let remedy = "delete one; for two people, give each a key";
        Some(Problem::at(person.row, message, remedy).with_value(&person.name).as_warning())
    };
    people.iter().filter_map(half).collect()
}

/// The same given number twice.
pub fn ids(people: &[Recipient]) -> Vec<Problem> {
    let mut seen = HashMap::new();
    let mut problems = Vec::new();
    for person in people {
        let Some(id) = &person.id else { continue };
        let first = *seen.entry(id).or_insert(person.row);
        if first != person.row {
            let message = format!("{id} is given in row {first} too");
            let remedy = "correct one of them, or leave it empty for the next free number";
            problems.push(Problem::at(person.row, message, remedy).with_value(id));
        }
    }
    problems
}

fn is_known_by_name(person: &Recipient, issuer: &Issuer) -> bool {
    let category = issuer.category(&person.category);
    category.is_some_and(|category| category.numbering == Numbering::Name)
}
