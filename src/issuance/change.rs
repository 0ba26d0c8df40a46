//! Changes to a certificate that has been issued: drawn again under its number, or taken back.

use std::collections::BTreeMap;
use std::path::Path;

use super::{IssuanceError, plan, work};
use crate::certificate::{Certificate, Format, Status};
use crate::disk;
use crate::id::Numbering;
use crate::issuer::Issuer;
use crate::register::{Entry, Event, Journal};
use crate::render::Press;

/// What is to change on a certificate that is drawn again.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    /// The name it should bear.
    pub name: Option<String>,
    /// Public columns that should say something else; empty takes one away.
    pub fields: BTreeMap<String, String>,
    /// Whether the template may be another than the one that drew it.
    pub redesign: bool,
    /// Why, for the register.
    pub reason: Option<String>,
}

/// Draws a certificate again, changed or not: same number, same date of issue, one more line
/// in the register. `record` is its place there.
///
/// # Errors
/// When it was taken back, its template has changed, the change cannot be, or it cannot be
/// drawn or written.
pub fn reissue(
    record: usize,
    changes: Changes,
    formats: &[Format],
    issuer: &Issuer,
    press: &Press,
    folder: &Path,
    journal: &mut Journal,
) -> Result<Certificate, IssuanceError> {
    let before = &journal.register().records()[record];
    let (old, revision) = (before.entry.certificate.clone(), before.revision + 1);
    if let Status::Revoked { reason } = &before.status {
        return Err(IssuanceError::Revoked { id: old.id, reason: reason.clone() });
    }
    let template = before.entry.template.clone();
    if !changes.redesign && press.template_digest(&template.name)? != template.digest {
        return Err(IssuanceError::Redesigned { id: old.id, template: template.name });
    }
    let certificate = changed(&old, &changes, issuer)?;
    let place = (&certificate.category, certificate.year, certificate.known_by());
    if journal.register().of_person(place.0, place.1, place.2).is_some_and(|other| other != record)
    {
        return Err(IssuanceError::Change(format!(
            "{} {} has another certificate for {}",
            place.0, place.1, place.2
        )));
    }
    let (entry, files) = work::draw(certificate.clone(), &template.name, formats, press).map_err(
        |error| match error {
            IssuanceError::Press(source) => IssuanceError::Unset { id: old.id.clone(), source },
            other => other,
        },
    )?;
    let formerly = (entry.certificate.id != old.id).then(|| old.id.clone());
    let reason = changes.reason;
    journal.append(vec![Event::Reissued { entry, revision, formerly, reason }])?;
    work::write(folder, &certificate.path, &files)?;
    if certificate.path != old.path {
        remove(&old, folder)?;
    }
    Ok(certificate)
}

/// The certificate with its changes. Where people are known by name, a mended name is a new ID
/// with a new address and new files.
fn changed(
    old: &Certificate,
    changes: &Changes,
    issuer: &Issuer,
) -> Result<Certificate, IssuanceError> {
    let mut certificate = old.clone();
    for (column, value) in &changes.fields {
        if !issuer.public.contains(column) {
            return Err(IssuanceError::Change(format!(
                "{column:?} is no public column; public = [...] in accolade.toml lists them"
            )));
        }
        if value.is_empty() {
            certificate.fields.remove(column);
        } else {
            certificate.fields.insert(column.clone(), value.clone());
        }
    }
    let Some(name) = &changes.name else { return Ok(certificate) };
    if name.trim().is_empty() {
        return Err(IssuanceError::Change("the name is empty".to_owned()));
    }
    name.trim().clone_into(&mut certificate.name);
    let by_name = issuer
        .category(&old.category)
        .is_some_and(|category| category.numbering == Numbering::Name);
    if by_name && certificate.name != old.name {
        let unfilled = |error: crate::pattern::Unfilled| IssuanceError::Change(error.to_string());
        certificate.id.clone_from(&certificate.name);
        certificate.url = plan::fill(&issuer.certificate_url, &certificate, plan::percent_encode)
            .map_err(unfilled)?;
        certificate.path =
            plan::fill(&issuer.output, &certificate, disk::safe_name).map_err(unfilled)?;
    }
    Ok(certificate)
}

/// Takes a certificate back: its number stays spent, its files leave the folder unless they
/// are to be kept. `record` is its place in the register.
///
/// # Errors
/// When it was taken back before, or register or files cannot be written.
pub fn revoke(
    record: usize,
    reason: String,
    keep: bool,
    folder: &Path,
    journal: &mut Journal,
) -> Result<Certificate, IssuanceError> {
    let before = &journal.register().records()[record];
    let Entry { certificate, .. } = before.entry.clone();
    if let Status::Revoked { reason } = &before.status {
        return Err(IssuanceError::Revoked { id: certificate.id, reason: reason.clone() });
    }
    let (id, category, year) =
        (certificate.id.clone(), certificate.category.clone(), certificate.year);
    journal.append(vec![Event::Revoked { id, category, year, reason }])?;
    if !keep {
        remove(&certificate, folder)?;
    }
    Ok(certificate)
}

fn remove(certificate: &Certificate, folder: &Path) -> Result<(), disk::DiskError> {
    [Format::Png, Format::Pdf]
        .into_iter()
        .try_for_each(|format| disk::remove_file(&work::file(folder, &certificate.path, format)))
}
