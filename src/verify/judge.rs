//! One file, looked at.

use super::known::Drawing;
use super::{Finding, Known, Subject, Verdict};
use crate::certificate::Format;
use crate::render::{self, Metadata, png};

/// Says how a file stands, from its bytes alone: what it is called means nothing.
#[must_use]
pub fn judge(bytes: &[u8], known: &Known) -> Verdict {
    let unknown = |why| Verdict { finding: Finding::Unknown(why), certificate: None };
    let Some(format) = render::format_of(bytes) else {
        return unknown("it is neither a PNG nor a PDF");
    };
    let said = Metadata::read(bytes).filter(|said| !said.number.is_empty());
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
            None if digest.is_none() => unknown("it is damaged"),
            None => unknown("it is not one of these"),
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

fn verdict(finding: Finding, subject: &Subject) -> Verdict {
    Verdict { finding, certificate: Some(subject.clone()) }
}
