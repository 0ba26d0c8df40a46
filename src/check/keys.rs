//! Private keys in the issuer's folder, which is there for others to see.

use std::collections::BTreeSet;
use std::path::Path;

use super::strangers::list;
use super::{Kind, Report};
use crate::disk;
use crate::trust;

/// The largest file that is looked into, in bytes.
const LARGEST: u64 = 1 << 16;

pub(super) fn check(folder: &Path, report: &mut Report) {
    let mut keys = BTreeSet::new();
    let mut waiting = vec![String::new()];
    while let Some(parent) = waiting.pop() {
        let listed = list(folder, &parent);
        let folders = listed.iter().filter(|(_, is_folder)| *is_folder);
        waiting.extend(folders.map(|(place, _)| place.clone()));
        let files: BTreeSet<String> = listed
            .into_iter()
            .filter(|(_, is_folder)| !is_folder)
            .map(|(place, _)| place)
            .collect();
        let may_be = files.iter().filter(|place| may_be_key(place, &files));
        keys.extend(may_be.filter(|place| is_key(folder, place)).cloned());
    }
    for place in keys {
        report.find(
            Kind::Key,
            place,
            "whoever gets to see this private key can sign in the issuer's name".to_owned(),
            "move it out of this folder; if others have seen it, make another: accolade key new"
                .to_owned(),
        );
    }
}

/// Keys are called so; not every file has to be read.
fn may_be_key(place: &str, files: &BTreeSet<String>) -> bool {
    let ending = Path::new(place).extension();
    ending.is_none_or(|ending| ending == "key" || ending == "pem")
        || files.contains(&format!("{place}.pub"))
}

fn is_key(folder: &Path, place: &str) -> bool {
    disk::read_inside(folder, place, LARGEST).is_ok_and(|bytes| trust::is_private(&bytes))
}
