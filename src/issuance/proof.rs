//! The proof before the print: every new certificate set, none drawn, so that a name that no
//! font has is found before a number is spent.

use std::collections::HashMap;

use rayon::prelude::*;

use super::{IssuanceError, Planned};
use crate::issuer::{Category, Issuer};
use crate::pattern::Pattern;
use crate::render::{Press, PressError};
use crate::roster::Problem;
use crate::typeset::{Proved, Trouble, TypesetError};

/// A text that is the same for everybody and cannot be set: no row is at fault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {error}; {remedy}")]
pub struct CommonFault {
    /// Where the text comes from: the keys of accolade.toml, or the template.
    pub place: String,
    /// What is wrong.
    pub error: TypesetError,
    /// What to do about it.
    pub remedy: &'static str,
}

/// Sets every certificate. Gives back what is wrong with single rows; what is wrong for all is
/// an error.
///
/// # Errors
/// A template that can set nobody, or texts of accolade.toml that it cannot set.
pub fn proof(
    new: &[Planned],
    issuer: &Issuer,
    press: &Press,
) -> Result<Vec<Problem>, IssuanceError> {
    let mut proved: HashMap<&str, Proved> = HashMap::new();
    for Planned { template, .. } in new {
        if !proved.contains_key(template.as_str()) {
            proved.insert(template, press.proved(template)?);
        }
    }
    let found: Vec<(&Planned, PressError)> = new
        .par_iter()
        .filter_map(|planned| {
            let Planned { certificate, template, .. } = planned;
            let error = press.prove(certificate, template, proved.get(template.as_str())?).err()?;
            Some((planned, error))
        })
        .collect();
    let mut problems = Vec::new();
    let mut common: Vec<CommonFault> = Vec::new();
    for (planned, error) in found {
        let (error, remedy) = of_row(error)?;
        let Some(category) = issuer.category(&planned.certificate.category) else { continue };
        let placeholders = press.placeholders(&error.template, &error.field)?;
        if let Some(place) = common_place(&placeholders, category, issuer) {
            let known = |fault: &CommonFault| {
                (&fault.place, &fault.error.template, &fault.error.field)
                    == (&place, &error.template, &error.field)
            };
            if !common.iter().any(known) {
                common.push(CommonFault { place, error, remedy });
            }
        } else {
            problems.push(told(planned, &error, remedy));
        }
    }
    if common.is_empty() { Ok(problems) } else { Err(IssuanceError::Common(common)) }
}

/// The problem of a row, with what to do about it.
///
/// # Errors
/// The error itself where it is not the row's.
pub fn problem(planned: &Planned, error: PressError) -> Result<Problem, PressError> {
    let (error, remedy) = of_row(error)?;
    Ok(told(planned, &error, remedy))
}

fn told(planned: &Planned, error: &TypesetError, remedy: &str) -> Problem {
    Problem::at(planned.row, format!("{}, {error}", planned.certificate.name), remedy)
}

/// An error that a text is at fault for, with what to do about it; else the error itself.
fn of_row(error: PressError) -> Result<(TypesetError, &'static str), PressError> {
    let PressError::Typeset(error) = error else { return Err(error) };
    match remedy(&error.trouble) {
        Some(remedy) => Ok((error, remedy)),
        None => Err(PressError::Typeset(error)),
    }
}

/// What to do about a text; nothing where the template is at fault.
fn remedy(trouble: &Trouble) -> Option<&'static str> {
    Some(match trouble {
        Trouble::Unfilled(_) | Trouble::UnknownFont { .. } => return None,
        Trouble::Unprintable(_) => "retype it without what cannot be seen",
        Trouble::NoFace(_) => {
            "correct it, or put a font that has it into fonts/ or a folder named with --font-dir"
        }
        Trouble::TooLong { .. } => {
            "shorten it, or give the field a larger box or a smaller min_size in template.toml"
        }
        Trouble::CodeTooFine(_) => "shorten certificate_url in accolade.toml, or enlarge the box",
    })
}

/// Where a field's text comes from, when no row has a part in it.
fn common_place(placeholders: &[&str], category: &Category, issuer: &Issuer) -> Option<String> {
    let mut keys: Vec<String> = Vec::new();
    for placeholder in placeholders {
        let key = match *placeholder {
            "issuer" => "[issuer] name".to_owned(),
            "signatory" => "[issuer] signatory".to_owned(),
            "title" if is_common(&category.title, &[]) => {
                format!("[category.{}] title", category.key)
            }
            "citation" if is_common(&category.citation, &[]) => {
                format!("the citation of {}", category.key)
            }
            // Numbers are about as long as each other.
            "url" if is_common(&issuer.certificate_url, &["id"]) => {
                "[issuer] certificate_url".to_owned()
            }
            date if WHEN_AND_WHAT.contains(&date) => continue,
            _ => return None,
        };
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    Some(match keys.as_slice() {
        [] => "whoever it is for".to_owned(),
        keys => format!("accolade.toml, {}", keys.join(" and ")),
    })
}

/// Placeholders that say nothing of a person.
const WHEN_AND_WHAT: [&str; 3] = ["date", "year", "category"];

fn is_common(pattern: &Pattern, besides: &[&str]) -> bool {
    pattern.placeholders().all(|name| WHEN_AND_WHAT.contains(&name) || besides.contains(&name))
}
