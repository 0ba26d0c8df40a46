//! One file, or one entry of a manifest, looked at.

use super::known::Drawing;
use super::{Finding, Known, Subject, Verdict};
use crate::certificate::{Format, Status};
use crate::export::manifest::Listed;
use crate::render::{self, Metadata, png};

/// Says how a file stands, from its bytes alone: what it is called means nothing.
#[must_use]
pub fn judge(bytes: &[u8], known: &Known) -> Verdict {
    let unknown = |why| Verdict { finding: Finding::Unknown(why), certificate: None };
    let Some(format) = render::format_of(bytes) else {
        return unknown("it is neither a PNG nor a PDF");
    };
    let said = Metadata::read(bytes);
    let is_booklet = said.as_ref().is_some_and(|said| said.number.is_empty());
    let said = said.filter(|_| !is_booklet);
    let digest = render::digest(format, bytes);
    let drawn = digest.as_ref().and_then(|digest| known.drawn(digest, said.as_ref()));
    let Some((certificate, drawing)) = drawn else {
        return match said.as_ref().and_then(|said| known.said(said)) {
            // A manifest has no digests of what was revoked.
            Some(certificate) if !certificate.has_files => {
                verdict(certificate.standing.clone(), &certificate.subject)
            }
            Some(certificate) => {
                verdict(Finding::Altered("it is not as it was issued"), &certificate.subject)
            }
            None if is_booklet => unknown("it is no certificate of one person"),
            None if digest.is_none() => unknown("it is damaged"),
            None => unknown("no certificate looks like it"),
        };
    };
    let subject = &certificate.subject;
    if format == Format::Png && !certificate.adopted && png::shows_more(bytes) {
        return verdict(Finding::Altered("it shows something else than its pixels"), subject);
    }
    if drawing == Drawing::Earlier {
        // It may have had another number then.
        let finding = match &certificate.standing {
            Finding::Current => Finding::Superseded,
            other => other.clone(),
        };
        return verdict(finding, subject);
    }
    if said.is_some_and(|said| !certificate.is_said_by(&said)) {
        return verdict(Finding::Altered("it says it is another"), subject);
    }
    verdict(certificate.standing.clone(), subject)
}

/// Says how a certificate stands that a manifest lists as current; of others it says nothing.
#[must_use]
pub fn listed(listed: &Listed, known: &Known) -> Option<Verdict> {
    if listed.status != Status::Current.to_string() {
        return None;
    }
    let subject = Subject::from(listed);
    let Some((at, certificate)) = known.called(&subject) else {
        return Some(verdict(Finding::Unknown("there is no such certificate"), &subject));
    };
    let drawings: Option<Vec<Drawing>> =
        listed.files.iter().map(|file| known.drawing(at, &file.digest())).collect();
    let finding = match drawings {
        // Nothing is known of the files of somebody whom a manifest calls revoked.
        _ if !certificate.has_files => certificate.standing.clone(),
        None => Finding::Altered("such a file was never issued"),
        Some(drawings) if drawings.contains(&Drawing::Earlier) => Finding::Superseded,
        Some(_) if certificate.standing != Finding::Current => certificate.standing.clone(),
        Some(_) if certificate.subject.name != subject.name => {
            Finding::Altered("it has another name")
        }
        Some(_) => Finding::Current,
    };
    Some(verdict(finding, &subject))
}

fn verdict(finding: Finding, subject: &Subject) -> Verdict {
    Verdict { finding, certificate: Some(subject.clone()) }
}
