//! A date as people write it in a roster or on the command line.

use chrono::{Datelike, NaiveDate};
use unicode_normalization::UnicodeNormalization;

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

/// Reads a date such as `2021-02-01`, `2021/2/1`, `2021.2.1`, `20210201` or `2021年2月1日`, with or
/// without a time of the day. Where the year does not come first, day and month cannot be told
/// apart.
///
/// # Errors
/// When it is none, or none that a certificate can have.
pub fn date(text: &str) -> Result<NaiveDate, BadDate> {
    let text: String = text.nfkc().collect();
    let text = without_time(text.trim()).ok_or(BadDate::Form)?;
    let parts: Vec<&str> = match text.strip_suffix('日').or(text.strip_suffix('号')) {
        Some(date) => date.split(['年', '月']).map(str::trim).collect(),
        None if text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit()) => {
            vec![&text[..4], &text[4..6], &text[6..]]
        }
        None => {
            let mark = ['-', '/', '.'].into_iter().find(|mark| text.contains(*mark));
            text.split(mark.unwrap_or('-')).collect()
        }
    };
    let [year, month, day] = parts.as_slice() else { return Err(BadDate::Form) };
    if year.len() < 4 {
        return Err(BadDate::Form);
    }
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

/// A text without the time that follows its date: `2021-02-01 00:00:00`, `2021-02-01T10:30:00Z`.
fn without_time(text: &str) -> Option<&str> {
    let Some((date, time)) = text.split_once([' ', 'T']) else { return Some(text) };
    if !time.contains(':') {
        // Spaces within a date: 2021年 2月 1日.
        return Some(text);
    }
    let is_time = |c: char| c.is_ascii_digit() || matches!(c, ':' | '.' | '+' | '-' | 'Z' | ' ');
    time.trim().chars().all(is_time).then_some(date)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_that_are_none_say_why() {
        assert_eq!(date("2021-02-01"), Ok(NaiveDate::from_ymd_opt(2021, 2, 1).unwrap()));
        for text in [
            "2021-2-1",
            "2021/2/1",
            "2021.02.01",
            "20210201",
            "2021年2月1日",
            "2021 年 2 月 1 日",
            "２０２１-２-１",
            "2021-02-01 00:00:00",
            "2021-02-01T10:30:00.000Z",
            "2021/2/1 8:05",
        ] {
            assert_eq!(date(text), date("2021-02-01"), "{text}");
        }
        for (text, fault) in [
            ("2021-02-30", BadDate::Day),
            ("2021-13-01", BadDate::Day),
            ("0001-01-01", BadDate::Year),
            ("1.2.2021", BadDate::Form),
            ("01/02/2021", BadDate::Form),
            ("2021-02/01", BadDate::Form),
            ("2021年2月", BadDate::Form),
            ("2021-02-01 noon:", BadDate::Form),
            ("2021-02", BadDate::Form),
            ("12021-01-01", BadDate::Form),
            ("-2021-01-01", BadDate::Form),
            ("", BadDate::Form),
        ] {
            assert_eq!(date(text), Err(fault), "{text}");
        }
    }
}
