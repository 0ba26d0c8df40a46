//! The proof before the print: every new certificate set, none drawn, so that a name that no
//! font has is found before a number is spent.

use std::collections::HashMap;

use rayon::prelude::*;

use super::{IssuanceError, Planned};
use crate::render::{Press, PressError};
use crate::roster::Problem;
use crate::typeset::{Proved, Trouble};

/// Sets every certificate. Gives back what is wrong with single rows; what is wrong with a
/// template is wrong for all, and an error.
///
/// # Errors
/// A template that can set nobody.
pub fn proof(new: &[Planned], press: &Press) -> Result<Vec<Problem>, IssuanceError> {
    let mut proved: HashMap<&str, Proved> = HashMap::new();
    for planned in new {
        proved.entry(&planned.template).or_default();
    }
    let found: Vec<Option<Result<Problem, PressError>>> = new
        .par_iter()
        .map(|planned| {
            let Planned { certificate, template, .. } = planned;
            let error = press.prove(certificate, template, proved.get(template.as_str())?).err()?;
            Some(problem(planned, error))
        })
        .collect();
    Ok(found.into_iter().flatten().collect::<Result<_, _>>()?)
}

/// The problem of a row, with what to do about it.
///
/// # Errors
/// The error itself where it is not the row's.
pub fn problem(planned: &Planned, error: PressError) -> Result<Problem, PressError> {
    let PressError::Typeset(trouble) = &error else { return Err(error) };
    let remedy = match trouble.trouble.as_ref() {
        Trouble::Unfilled(_) | Trouble::UnknownFont { .. } => return Err(error),
        Trouble::Unprintable(_) => "retype it without what cannot be seen",
        Trouble::NoFace(_) => "correct it, or put a font that has it into the folder fonts/",
        Trouble::TooLong { .. } => {
            "shorten it, or give the field a larger box or a smaller min_size in template.toml"
        }
        Trouble::CodeTooFine(_) => "shorten certificate_url in accolade.toml, or enlarge the box",
    };
    let name = &planned.certificate.name;
    Ok(Problem::at(planned.row, format!("{name}, {trouble}"), remedy))
}
