//! Files among the certificates that the register does not know.

use std::collections::{BTreeSet, HashSet};
use std::path::Path;

use unicode_normalization::UnicodeNormalization;

use super::{Kind, Report};
use crate::certificate::Format;
use crate::disk;
use crate::issuer::Issuer;
use crate::register::Register;

/// What systems put into folders by themselves.
const OF_THE_SYSTEM: [&str; 2] = ["thumbs.db", "desktop.ini"];

pub(super) fn check(register: &Register, issuer: &Issuer, folder: &Path, report: &mut Report) {
    let mut known = HashSet::new();
    let mut parents = BTreeSet::new();
    for record in register.records() {
        let path = record.entry.certificate.path.as_str();
        let counts = record.stands() && record.is_drawn();
        let drawn = record.entry.files.keys().copied().filter(|_| counts);
        // What was taken back has been told of, kept or not; and so has what is being drawn.
        let kept = [Format::Png, Format::Pdf].into_iter().filter(|_| !counts);
        for format in drawn.chain(kept) {
            known.insert(spelling(&format!("{path}.{format}")));
        }
        parents.insert(path.rsplit_once('/').map_or("", |(parent, _)| parent).to_owned());
    }
    let top = top(issuer.output.source());
    let mut strangers = BTreeSet::new();
    if !top.is_empty() {
        walk(folder, top, &known, &mut strangers);
    }
    let (unfinished, mut strangers): (BTreeSet<String>, BTreeSet<String>) =
        strangers.into_iter().partition(|place| is_unfinished(place));
    for place in unfinished {
        report.note(
            Kind::Unfinished,
            place,
            "it was being written when a run was killed, or is now".to_owned(),
            "accolade restore, when nothing else is drawing".to_owned(),
        );
    }
    // Certificates that lie elsewhere, as from before accolade.toml was changed, have neighbours
    // too; of those only what looks like a certificate is one.
    for parent in parents.iter().filter(|parent| !below(parent, top)) {
        let listed = list(folder, parent).into_iter();
        let files = listed.filter(|(_, is_folder)| !is_folder).map(|(place, _)| place);
        let alike = files.filter(|place| is_like_a_certificate(place));
        strangers.extend(alike.filter(|place| !known.contains(&spelling(place))));
    }
    for place in strangers {
        report.find(
            Kind::Stranger,
            place,
            "the register does not know it".to_owned(),
            "move it away".to_owned(),
        );
    }
}

/// How many files lie where certificates are written, or, where the first folder is the year, in
/// folders called by one: without a register there is nothing else to go by.
pub(super) fn certificates(issuer: &Issuer, folder: &Path) -> usize {
    let top = top(issuer.output.source());
    let is_year = |place: &str| place.parse().is_ok_and(|year: u16| (1000..=9999).contains(&year));
    let tops: Vec<String> = match top {
        "" => list(folder, "").into_iter().map(|(place, _)| place).filter(|p| is_year(p)).collect(),
        top => vec![top.to_owned()],
    };
    let mut found = BTreeSet::new();
    for top in tops {
        walk(folder, &top, &HashSet::new(), &mut found);
    }
    found.into_iter().filter(|place| is_like_a_certificate(place)).count()
}

fn is_like_a_certificate(place: &str) -> bool {
    let ending = place.rsplit_once('.').map_or("", |(_, ending)| ending);
    [Format::Png, Format::Pdf].iter().any(|format| format.extension() == ending)
}

/// The folders before the first placeholder of the pattern: all below is for certificates.
fn top(output: &str) -> &str {
    let constant = output.split('{').next().unwrap_or_default();
    constant.rsplit_once('/').map_or("", |(top, _)| top)
}

fn below(path: &str, top: &str) -> bool {
    !top.is_empty()
        && path.strip_prefix(top).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Goes through all folders; pages are the community's, and what is hidden is nobody's business.
fn walk(folder: &Path, top: &str, known: &HashSet<String>, strangers: &mut BTreeSet<String>) {
    let mut waiting = vec![top.to_owned()];
    while let Some(parent) = waiting.pop() {
        for (place, is_folder) in list(folder, &parent) {
            if is_folder {
                waiting.push(place);
            } else if !is_page(&place) && !known.contains(&spelling(&place)) {
                strangers.insert(place);
            }
        }
    }
}

fn is_unfinished(place: &str) -> bool {
    disk::is_unfinished(place.rsplit('/').next().unwrap_or(place))
}

fn is_page(place: &str) -> bool {
    place.to_lowercase().ends_with(".md")
}

/// What lies in a folder, by path below the issuer's, and whether it is a folder itself; a link
/// is a file.
pub(super) fn list(folder: &Path, parent: &str) -> Vec<(String, bool)> {
    let Ok(entries) = std::fs::read_dir(folder.join(parent)) else { return Vec::new() };
    let entries = entries.flatten().filter_map(|entry| {
        let name = entry.file_name().to_string_lossy().into_owned();
        let hidden = name.starts_with('.') && !disk::is_unfinished(&name);
        let aside = hidden || OF_THE_SYSTEM.contains(&name.to_lowercase().as_str());
        let place = if parent.is_empty() { name } else { format!("{parent}/{name}") };
        (!aside).then(|| (place, entry.file_type().is_ok_and(|kind| kind.is_dir())))
    });
    entries.collect()
}

/// One spelling for one name: some systems take names apart into letters and marks.
fn spelling(place: &str) -> String {
    place.nfc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_for_certificates_lies_before_the_first_placeholder() {
        assert_eq!(top("certificate/{year}/{category}/{id}"), "certificate");
        assert_eq!(top("a/b/no-{id}"), "a/b");
        assert_eq!(top("{year}/{id}"), "");
        assert!(below("a/b/c", "a/b") && below("a/b", "a/b"));
        assert!(!below("a/bc", "a/b") && !below("a", ""));
    }
}
