//! One file, or one entry of a manifest, looked at.

use super::known::{Certificate, Drawing};
use super::{Finding, Known, Subject, Verdict};
use crate::export::manifest::{self, Listed, Says};
use crate::render::{self, Falsehood, Metadata};

/// Says how a file stands, from its bytes alone: what it is called means nothing.
#[must_use]
pub fn judge(bytes: &[u8], known: &Known) -> Verdict {
    let unknown = |why| Verdict { finding: Finding::Unknown(why), certificate: None };
    let Some(format) = render::format_of(bytes) else {
        return unknown("it is neither a PNG nor a PDF");
    };
    let said = Metadata::read(bytes);
    let is_booklet = said.as_ref().is_some_and(|said| said.number.is_empty());
    let digest = render::digest(format, bytes);
    let drawn = digest.as_ref().and_then(|digest| known.drawn(digest, said.as_ref()));
    let Some((at, certificate, drawing)) = drawn else {
        return match said.as_ref().and_then(|said| known.said(said)) {
            Some(certificate) if !certificate.formats.contains(&format) => {
                // An earlier manifest has no digests of what was revoked.
                let finding = match &certificate.standing {
                    Finding::Current => Finding::Unknown("there is no file of its kind here"),
                    other => other.clone(),
                };
                verdict(finding, &certificate.subject)
            }
            Some(certificate) => {
                verdict(altered("it is not as it was issued"), &certificate.subject)
            }
            None if is_booklet => unknown("it is no certificate of one person"),
            None if digest.is_none() => unknown("it is damaged"),
            None if render::is_encrypted(bytes) => {
                unknown("it is encrypted, and no certificate is issued so")
            }
            None => unknown("no certificate looks like it"),
        };
    };
    let subject = &certificate.subject;
    // It may have said something else then, and been another number; and of somebody who was
    // forgotten, nothing is known that it could be held against.
    let is_last = drawing == Drawing::Last && !subject.name.is_empty();
    let expected = match said {
        // Of what other hands have made, any words may be.
        None if certificate.adopted => Metadata::default(),
        said if is_last => known.says(at, &said.unwrap_or_default()),
        said => said.unwrap_or_default(),
    };
    let falsehood = render::falsehood(format, bytes, &expected);
    match falsehood {
        // Other hands may make what is see-through, and have much to say of it.
        Some(Falsehood::Shows | Falsehood::Unread) if certificate.adopted => {}
        None => {}
        Some(falsehood) => return verdict(altered(&falsehood.to_string()), subject),
    }
    if drawing == Drawing::Earlier && certificate.standing == Finding::Current {
        return verdict(Finding::Superseded, subject);
    }
    verdict(certificate.standing.clone(), subject)
}

/// Says how a certificate stands that a manifest lists as current, or lists as another and a
/// register has as current; of others it says nothing.
#[must_use]
pub fn listed(listed: &Listed, known: &Known) -> Option<Verdict> {
    let subject = Subject::from(listed);
    let called = known.called(&subject);
    let unknown = || Some(verdict(Finding::Unknown("there is no such certificate"), &subject));
    if listed.status != manifest::CURRENT {
        if known.register().is_some() && called.is_none() && !known.has_forgotten {
            return unknown();
        }
        // What was taken back stays so; another manifest may be the earlier one.
        let stands = |(_, certificate): (_, &Certificate)| certificate.standing == Finding::Current;
        let is_false = known.register().is_some() && called.is_some_and(stands);
        let how = format!("it stands, and is listed as {}", listed.status);
        return is_false.then(|| verdict(altered(&how), &subject));
    }
    let Some((at, certificate)) = called else { return unknown() };
    let drawings: Option<Vec<Drawing>> =
        listed.files.iter().map(|file| known.drawing(at, &file.digest())).collect();
    let finding = match drawings {
        // Nothing is known of the files of somebody whom an earlier manifest calls revoked.
        _ if certificate.formats.is_empty() => certificate.standing.clone(),
        None => altered("such a file was never issued"),
        Some(drawings) if drawings.is_empty() => altered("no file of it is listed"),
        Some(_) if certificate.standing != Finding::Current => certificate.standing.clone(),
        Some(drawings) if drawings.contains(&Drawing::Earlier) => Finding::Superseded,
        Some(_) if certificate.subject.name != subject.name => altered("it has another name"),
        Some(_) if differs(listed.says.as_ref(), known.more(at).as_ref()) => {
            altered("it says something else of itself")
        }
        Some(_) => Finding::Current,
    };
    Some(verdict(finding, &subject))
}

/// Whether two know otherwise of a certificate; earlier manifests know nothing.
fn differs(one: Option<&Says>, other: Option<&Says>) -> bool {
    one.zip(other).is_some_and(|(one, other)| one != other)
}

fn altered(how: &str) -> Finding {
    Finding::Altered(how.to_owned())
}

fn verdict(finding: Finding, subject: &Subject) -> Verdict {
    Verdict { finding, certificate: Some(subject.clone()) }
}
