//! How certificates are numbered: the pattern of an ID, its parsing, and its order.

use std::fmt;

/// Years that an ID can hold: four digits.
pub const YEARS: std::ops::RangeInclusive<u16> = 1000..=9999;

/// The longest serial that is read: nine digits, so that it always fits a `u32`.
const LONGEST_SERIAL: usize = 9;

/// How the certificates of a category are known.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Numbering {
    /// Prefix, year and serial: `V20200001`. The serial is padded to `digits` digits and grows
    /// beyond them when the year needs more.
    Serial {
        /// What stands before the year.
        prefix: String,
        /// The least number of digits of a serial, 1 to 9.
        digits: usize,
    },
    /// By the recipient's name, without a number.
    Name,
}

/// What a numbered ID says: the order of its fields is the order of IDs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Number {
    /// The year the certificate is for.
    pub year: u16,
    /// Counted from 1 in each category and year.
    pub serial: u32,
}

impl Numbering {
    /// The ID with this number, or nothing where people are known by name.
    #[must_use]
    pub fn id(&self, number: Number) -> Option<String> {
        match self {
            Self::Serial { prefix, digits } => Some(format!(
                "{prefix}{:04}{:0width$}",
                number.year,
                number.serial,
                width = *digits
            )),
            Self::Name => None,
        }
    }

    /// The number in an ID of this category, or nothing when the ID does not fit: another
    /// prefix, no year, serial 0, too few digits, or zeros before a serial that has grown.
    #[must_use]
    pub fn parse(&self, id: &str) -> Option<Number> {
        let Self::Serial { prefix, digits } = self else { return None };
        let (year, serial) = id.strip_prefix(prefix.as_str())?.split_at_checked(4)?;
        let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let grown = serial.len() > *digits;
        if !all_digits(year)
            || !all_digits(serial)
            || serial.len() < *digits
            || serial.len() > LONGEST_SERIAL
            || (grown && serial.starts_with('0'))
        {
            return None;
        }
        let number = Number { year: year.parse().ok()?, serial: serial.parse().ok()? };
        (YEARS.contains(&number.year) && number.serial > 0).then_some(number)
    }
}

impl fmt::Display for Numbering {
    /// What an ID looks like, for messages.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Serial { prefix, digits } => {
                write!(f, "{prefix}, the year and {digits} digits, such as {prefix}2020")?;
                write!(f, "{:0width$}", 1, width = *digits)
            }
            Self::Name => f.write_str("the recipient's name"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn volunteer() -> Numbering {
        Numbering::Serial { prefix: "V".into(), digits: 4 }
    }

    #[test]
    fn serial_9999_is_followed_by_10000_and_sorts_before_it() {
        let last = Number { year: 2020, serial: 9999 };
        let next = Number { serial: 10000, ..last };
        assert_eq!(volunteer().id(last).unwrap(), "V20209999");
        assert_eq!(volunteer().id(next).unwrap(), "V202010000");
        assert!(volunteer().parse("V20209999") < volunteer().parse("V202010000"));
        assert!(volunteer().parse("V202010000") < volunteer().parse("V20210001"));
    }

    #[test]
    fn ids_round_trip() {
        for serial in [1, 7, 86, 9999, 10000, 123_456, 999_999_999] {
            let number = Number { year: 2020, serial };
            let id = volunteer().id(number).unwrap();
            assert_eq!(volunteer().parse(&id), Some(number), "{id}");
        }
    }

    #[test]
    fn ill_formed_ids_are_refused() {
        for id in [
            "",
            "V",
            "V2020",
            "V2020001",
            "V202000001",
            "V20200000",
            "C20200001",
            "v20200001",
            "V2020OOO1",
            "V20200001 ",
            "V00000001",
            "V20201234567890",
            "V202０0001",
        ] {
            assert_eq!(volunteer().parse(id), None, "{id}");
        }
    }
}
