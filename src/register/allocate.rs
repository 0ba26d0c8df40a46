//! Which number comes next. A number once given is never given again, whatever happened to
//! its certificate.

use std::collections::{HashMap, HashSet};

use super::state::Register;
use crate::id::{Number, Numbering};

/// Gives out the numbers of one issue.
#[derive(Debug)]
pub struct Allocator<'a> {
    taken: HashSet<&'a str>,
    highest: HashMap<(&'a Numbering, u16), u32>,
}

/// A number that has an owner already.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0} has been given before, and a number is never given twice")]
pub struct Taken(pub String);

impl<'a> Allocator<'a> {
    /// Starts from what the register has given out. `numberings` are those in use; an ID counts
    /// for the one whose pattern it fits, whatever its category was called at the time.
    #[must_use]
    pub fn new(register: &'a Register, numberings: impl Iterator<Item = &'a Numbering>) -> Self {
        let mut allocator = Self { taken: HashSet::new(), highest: HashMap::new() };
        let numberings: Vec<_> = numberings.collect();
        for id in register.ids() {
            for numbering in &numberings {
                if let Some(number) = numbering.parse(id) {
                    allocator.taken.insert(id);
                    allocator.reach(numbering, number);
                }
            }
        }
        allocator
    }

    /// Sets a given number aside, so that no other gets it.
    ///
    /// # Errors
    /// When it has an owner already.
    pub fn adopt(&mut self, numbering: &'a Numbering, id: &'a str) -> Result<(), Taken> {
        if !self.taken.insert(id) {
            return Err(Taken(id.to_owned()));
        }
        if let Some(number) = numbering.parse(id) {
            self.reach(numbering, number);
        }
        Ok(())
    }

    /// The next number of a category and year: one above the highest ever given, so that a gap
    /// that somebody left on purpose stays one. Nothing where people are known by name, and
    /// nothing after the last serial there is.
    pub fn next(&mut self, numbering: &'a Numbering, year: u16) -> Option<String> {
        let highest = self.highest.entry((numbering, year)).or_default();
        *highest = highest.checked_add(1)?;
        let id = numbering.id(Number { year, serial: *highest })?;
        numbering.parse(&id).map(|_| id)
    }

    fn reach(&mut self, numbering: &'a Numbering, number: Number) {
        let highest = self.highest.entry((numbering, number.year)).or_default();
        *highest = number.serial.max(*highest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_go_on_after_the_highest_and_past_9999() {
        let volunteer = Numbering::Serial { prefix: "V".into(), digits: 4 };
        let register = Register::default();
        let mut allocator = Allocator::new(&register, std::iter::once(&volunteer));
        assert_eq!(allocator.next(&volunteer, 2020).unwrap(), "V20200001");
        allocator.adopt(&volunteer, "V20209998").unwrap();
        assert_eq!(allocator.adopt(&volunteer, "V20209998"), Err(Taken("V20209998".to_owned())));
        assert_eq!(allocator.next(&volunteer, 2020).unwrap(), "V20209999");
        assert_eq!(allocator.next(&volunteer, 2020).unwrap(), "V202010000");
        assert_eq!(allocator.next(&volunteer, 2021).unwrap(), "V20210001");
        allocator.adopt(&volunteer, "V2021999999999").unwrap();
        assert_eq!(allocator.next(&volunteer, 2021), None);
    }
}
