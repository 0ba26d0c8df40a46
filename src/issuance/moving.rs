//! Moving a person to another category: their certificate is taken back, and another issued
//! under the next number there. One line of the register says both.

use std::path::Path;

use super::change::{check_remembered, check_stands, needed_reason, remove};
use super::plan::{self, Numbered, Planned};
use super::{IssuanceError, work};
use crate::certificate::{Certificate, Fields, Format, Recipient};
use crate::issuer::{Category, Issuer};
use crate::register::{Allocator, Event, Journal, Origin, Register};
use crate::render::Press;
use crate::roster::Problem;

/// What moving a person would do.
#[derive(Debug, Clone)]
pub struct Move {
    /// The certificate that is taken back.
    pub from: Certificate,
    /// The certificate that takes its place.
    pub to: Planned,
    reason: String,
}

/// Finds out how a person can be moved: the new certificate has the next number of its category
/// in the same year, the same date of issue, and the texts of accolade.toml as they are now.
/// `record` is the place of the old one in the register.
///
/// # Errors
/// When the old one was taken back, or there can be no new one.
pub fn plan_move(
    record: usize,
    category: &Category,
    reason: &str,
    issuer: &Issuer,
    register: &Register,
) -> Result<Move, IssuanceError> {
    let reason = needed_reason(reason)?;
    let before = &register.records()[record];
    check_stands(record, register)?;
    check_remembered(before)?;
    let from = before.entry.certificate.clone();
    let Certificate { year, date, name, key, .. } = &from;
    let known_by = from.known_by();
    if from.category == category.key {
        let message = format!("{} is in {} already", from.id, category.key);
        return Err(IssuanceError::Change(message));
    }
    let theirs = register.of_person(&category.key, *year, known_by);
    if let Some(other) = theirs.map(|place| &register.records()[place]).filter(|r| r.stands()) {
        let id = &other.entry.certificate.id;
        let message = format!("{known_by} has {id} in {} {year} already", category.key);
        return Err(IssuanceError::Change(message));
    }
    let is_public = |column: &str| issuer.public.iter().any(|public| public == column);
    let public = from.fields.iter().filter(|(column, _)| is_public(column));
    let recipient = Recipient {
        row: 0,
        category: category.key.clone(),
        year: *year,
        date: *date,
        dated: true,
        name: name.clone(),
        key: key.clone(),
        id: None,
        fields: public.map(|(column, value)| (column.clone(), value.clone())).collect::<Fields>(),
    };
    let numberings = issuer.categories.iter().map(|category| &category.numbering);
    let mut allocator = Allocator::new(register, numberings);
    let to = Numbered::of(&recipient, issuer, register, &mut allocator)
        .and_then(|numbered| numbered.planned(issuer))
        .map_err(impossible)?;
    match plan::paths_twice(std::slice::from_ref(&to), register).pop() {
        Some(problem) => Err(impossible(problem)),
        None => Ok(Move { from, to, reason }),
    }
}

/// Moves a person. The files of the old certificate leave the folder unless they are to be kept.
///
/// # Errors
/// When the new certificate cannot be drawn, or register or files cannot be written.
pub fn carry_out(
    moving: Move,
    keep: bool,
    formats: &[Format],
    press: &Press,
    folder: &Path,
    journal: &mut Journal,
) -> Result<(), IssuanceError> {
    let Move { from, to, reason } = moving;
    let Planned { certificate, template, .. } = &to;
    if let Some(stranger) = work::strangers(std::slice::from_ref(&to), folder).pop() {
        return Err(impossible(stranger));
    }
    let (entry, files) = work::draw(certificate.clone(), template, formats, press)
        .map_err(|error| error.of(&certificate.id))?;
    work::check_folders(std::iter::once(certificate), folder)?;
    let origin = Origin { id: from.id.clone(), category: from.category.clone() };
    journal.append(vec![Event::Moved { entry, from: origin, reason }])?;
    if !keep {
        remove(&from, folder)?;
    }
    work::write_synced(folder, &certificate.path, &files)?;
    Ok(())
}

/// What a row of a roster would be told, of a certificate that comes from none.
fn impossible(Problem { message, remedy, .. }: Problem) -> IssuanceError {
    IssuanceError::Change(format!("{message}; {remedy}"))
}
