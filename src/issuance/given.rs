//! Numbers that are given before anything is drawn, so that several processes can share the
//! drawing of a very large roster.
//!
//! A number is given by an `issued` line without files, and a `drawn` line follows when they have
//! been written. Until then the certificate is nobody's loss: whoever comes next draws it.

use std::path::Path;

use rayon::prelude::*;

use super::change::remove;
use super::work::{self, Watch};
use super::{IssuanceError, Planned};
use crate::certificate::Format;
use crate::register::{Entry, Event, Files, Journal, Record, TemplateStamp};
use crate::render::Press;

/// Certificates whose drawing is told to the register together.
const TOLD: usize = 1024;

/// Gives all numbers of a roster at once, and draws nothing. The templates as they are now are the
/// ones that will draw.
///
/// # Errors
/// When a template cannot be read, or the register not be written.
pub fn give(new: &[Planned], press: &Press, journal: &mut Journal) -> Result<(), IssuanceError> {
    let issued = |planned: &Planned| -> Result<Event, IssuanceError> {
        let Planned { template, certificate, .. } = planned;
        let digest = press.template_digest(template)?.into();
        let template = Some(TemplateStamp { name: template.clone(), digest });
        let certificate = certificate.clone();
        Ok(Event::Issued(Entry { certificate, template, files: Files::default(), others: None }))
    };
    journal.append(new.iter().map(issued).collect::<Result<_, _>>()?)?;
    Ok(())
}

/// Draws certificates that have their numbers, writes their files, and hands what the register is
/// to be told to `tell`, many at a time. It needs no lock: two that draw the same write the same.
///
/// # Errors
/// When a template has changed since the numbers were given, a certificate cannot be drawn or
/// written, `tell` fails, or it is to stop; what was drawn before is told.
pub fn draw_given(
    given: &[Record],
    formats: &[Format],
    press: &Press,
    folder: &Path,
    watch: &dyn Watch,
    mut tell: impl FnMut(Vec<Event>) -> Result<(), IssuanceError>,
) -> Result<(), IssuanceError> {
    for (number, batch) in given.chunks(TOLD).enumerate() {
        let drawn: Vec<Option<Result<Event, IssuanceError>>> = batch
            .par_iter()
            .map(|record| (!watch.stops()).then(|| draw(record, formats, press, folder, watch)))
            .collect();
        let paths = batch.iter().map(|record| record.entry.certificate.path.as_str());
        work::sync_folders(paths, folder)?;
        let drawn: Vec<_> = drawn.into_iter().flatten().collect();
        let (events, failed): (Vec<_>, Vec<_>) = drawn.into_iter().partition(Result::is_ok);
        let done = number * TOLD + events.len();
        tell(events.into_iter().flatten().collect())?;
        if let Some(Err(error)) = failed.into_iter().next() {
            return Err(error);
        }
        if watch.stops() && done < given.len() {
            return Err(IssuanceError::Interrupted { done, of: given.len() });
        }
    }
    Ok(())
}

fn draw(
    record: &Record,
    formats: &[Format],
    press: &Press,
    folder: &Path,
    watch: &dyn Watch,
) -> Result<Event, IssuanceError> {
    let Entry { certificate, .. } = &record.entry;
    let template = work::template_as_it_was(record, press)?;
    let (entry, files) = work::draw(certificate.clone(), template, formats, press)
        .map_err(|error| error.of(&certificate.id))?;
    work::write(folder, &certificate.path, &files)?;
    watch.drawn();
    let (id, category) = (certificate.id.clone(), certificate.category.clone());
    Ok(Event::Drawn { id, category, year: certificate.year, files: entry.files })
}

/// Tells the register what has been drawn, but for what somebody else has drawn meanwhile. Who was
/// taken back or forgotten meanwhile has no files.
///
/// # Errors
/// When register or files cannot be written.
pub fn tell_drawn(
    mut events: Vec<Event>,
    folder: &Path,
    journal: &mut Journal,
) -> Result<(), IssuanceError> {
    let register = journal.register();
    let mut gone = Vec::new();
    events.retain(|event| {
        let Event::Drawn { id, category, year, .. } = event else { return true };
        let place = register.place(category, *year, id).ok();
        let record = place.map(|place| &register.records()[place]);
        gone.extend(record.filter(|r| !r.stands()).map(|r| r.entry.certificate.clone()));
        record.is_some_and(|record| record.stands() && !record.is_drawn())
    });
    journal.append(events)?;
    gone.iter().try_for_each(|certificate| remove(certificate, folder))?;
    Ok(())
}
