//! A cell that the register will show to everyone: mended, in its one spelling, or refused.

use std::borrow::Cow;

use super::damage::{self, Damage};
use super::headers::Meaning;
use super::text::quoted;
use super::{Choices, Problem, oddities};
use crate::text::Text;
use crate::wording::{self, Unfit};

/// How often a text is mended that was damaged more than once.
const MOST_MENDED: u32 = 3;

/// A cell and where it stands.
pub struct Cell<'a> {
    /// The line of its row.
    pub line: u64,
    /// The header of its column.
    pub header: &'a str,
    /// What the column means; nothing for one that is public under its header.
    pub meaning: Option<Meaning>,
    /// What it says.
    pub text: &'a str,
}

impl Cell<'_> {
    /// What is published of it.
    pub fn published(
        &self,
        choices: &Choices,
        warnings: &mut Vec<Problem>,
    ) -> Result<Text, Problem> {
        let unfit = |unfit: Unfit| {
            let remedy = match unfit {
                Unfit::Email if self.meaning == Some(Meaning::Key) => {
                    "the register shows keys: use a user name or a staff number"
                }
                Unfit::Email => "use something that may be published",
                Unfit::Control(_) | Unfit::Misplaced(_) => "retype it",
                _ => "correct the cell",
            };
            self.problem(unfit.to_string(), remedy.to_owned())
        };
        wording::trimmed(self.text).map_err(unfit)?;
        let text = self.mended(choices, warnings)?;
        let fit = wording::publishable(&text).map_err(unfit)?;
        self.question_marks(&text, warnings)?;
        let odd = oddities::of(&text).into_iter();
        warnings.extend(odd.map(|(message, remedy)| self.problem(message, remedy).as_warning()));
        Ok(fit.into())
    }

    /// The text without the damage that a wrong decoding did to it, where it is to be mended.
    fn mended(
        &self,
        choices: &Choices,
        warnings: &mut Vec<Problem>,
    ) -> Result<Cow<'_, str>, Problem> {
        let mut text = Cow::Borrowed(self.text);
        // What was damaged twice is mended twice; a text without end is not.
        let mut left = if choices.repair_encoding { MOST_MENDED } else { 0 };
        while let Some(Damage { message, was, lossless, doubtful }) = damage::of(&text) {
            match was {
                Some(was) if lossless && left > 0 => {
                    left -= 1;
                    let remedy = format!("it is mended, and reads {}", quoted(&was));
                    warnings.push(self.problem(message.to_owned(), remedy).as_warning());
                    text = Cow::Owned(was);
                }
                was => {
                    let remedy = remedy(was.as_deref(), lossless);
                    let found = self.problem(message.to_owned(), remedy);
                    if !doubtful {
                        return Err(found);
                    }
                    warnings.push(found.as_warning());
                    break;
                }
            }
        }
        Ok(text)
    }

    /// Tells question marks in a name; in other texts they may be meant.
    fn question_marks(&self, text: &str, warnings: &mut Vec<Problem>) -> Result<(), Problem> {
        if self.meaning != Some(Meaning::Name) {
            return Ok(());
        }
        if let Some((message, alone)) = oddities::question_marks(text) {
            let remedy = "retype it, and save the roster as CSV in UTF-8";
            let found = self.problem(message.to_owned(), remedy.to_owned());
            if alone {
                return Err(found);
            }
            warnings.push(found.as_warning());
        }
        Ok(())
    }

    fn problem(&self, message: String, remedy: String) -> Problem {
        Problem::at(self.line, message, remedy).in_column(self.header).with_value(self.text)
    }
}

/// What to do about a damaged text.
fn remedy(was: Option<&str>, lossless: bool) -> String {
    match (was, lossless) {
        (Some(was), true) => {
            let was = quoted(was);
            format!("write {was}, or say --repair-encoding; better still, save the roster anew")
        }
        (Some(was), false) => format!("a part is lost; it may have been {was:?}: retype it"),
        (None, _) => "retype it from where it came from".to_owned(),
    }
}
