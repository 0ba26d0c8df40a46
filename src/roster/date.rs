//! A date as people write it in a roster or on the command line.

use chrono::{Datelike, NaiveDate};

use crate::id::YEARS;

/// Why a text is no date of issue. Each says what is wrong; [`BadDate::remedy`] what would do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadDate {
    /// It is written otherwise.
    #[error("it is not a date")]
    Form,
    /// There is no such day in the calendar.
    #[error("there is no such day")]
    Day,
    /// Its year has not four digits.
    #[error("its year is not {} to {}", YEARS.start(), YEARS.end())]
    Year,
}

impl BadDate {
    /// What to do about it.
    #[must_use]
    pub fn remedy(self) -> &'static str {
        match self {
            Self::Form => "write it as 2021-02-01",
            Self::Day | Self::Year => "correct it",
        }
    }
}

/// Reads a date such as `2021-02-01`.
///
/// # Errors
/// When it is none, or none that a certificate can have.
pub fn date(text: &str) -> Result<NaiveDate, BadDate> {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return Err(BadDate::Form) };
    let number = |part: &str, most: usize| {
        let digits = (1..=most).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        digits.then(|| part.parse::<u32>().ok()).flatten()
    };
    let (Some(year), Some(month), Some(day)) = (number(year, 4), number(month, 2), number(day, 2))
    else {
        return Err(BadDate::Form);
    };
    let date = i32::try_from(year).ok().and_then(|y| NaiveDate::from_ymd_opt(y, month, day));
    let date = date.ok_or(BadDate::Day)?;
    let within = u16::try_from(date.year()).is_ok_and(|year| YEARS.contains(&year));
    if within { Ok(date) } else { Err(BadDate::Year) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_that_are_none_say_why() {
        assert_eq!(date("2021-02-01"), Ok(NaiveDate::from_ymd_opt(2021, 2, 1).unwrap()));
        assert_eq!(date("2021-2-1"), date("2021-02-01"));
        for (text, fault) in [
            ("2021-02-30", BadDate::Day),
            ("2021-13-01", BadDate::Day),
            ("0001-01-01", BadDate::Year),
            ("1.2.2021", BadDate::Form),
            ("2021-02", BadDate::Form),
            ("12021-01-01", BadDate::Form),
            ("-2021-01-01", BadDate::Form),
            ("", BadDate::Form),
        ] {
            assert_eq!(date(text), Err(fault), "{text}");
        }
    }
}
