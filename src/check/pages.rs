//! Whether honour rolls are up to date, and lead to files that are there.

use std::collections::{BTreeSet, HashSet};
use std::path::Path;

use super::{Kind, Report, links};
use crate::disk;
use crate::export::honor_roll::{self, Page, Standing};
use crate::issuer::Issuer;
use crate::register::Register;

/// The largest page whose links are followed, in bytes.
const LARGEST: u64 = 512 << 20;

pub(super) fn check(register: &Register, issuer: &Issuer, folder: &Path, report: &mut Report) {
    let records = register.records().iter();
    let years: BTreeSet<u16> = records.map(|record| record.entry.certificate.year).collect();
    // A certificate whose file is missing has been told of, and need not be told of again.
    let standing = register.records().iter().filter(|record| record.stands());
    let told: HashSet<&str> = standing.map(|r| r.entry.certificate.path.as_str()).collect();
    for year in years {
        let Ok(pages) = honor_roll::pages(register, issuer, year, None) else { continue };
        for page in pages {
            of_page(&page, year, folder, &told, report);
        }
    }
}

fn of_page(page: &Page, year: u16, folder: &Path, told: &HashSet<&str>, report: &mut Report) {
    let write = format!("accolade honor-roll {year} --write");
    let mut find = |message: String, remedy: &str| {
        report.find(Kind::HonorRoll, page.path.clone(), message, remedy.to_owned());
    };
    let text = match page.standing(folder, None) {
        // Nobody has to have one.
        Ok(Standing::Missing(_)) => return,
        Ok(Standing::Stale(text)) => {
            find("it is not up to date".to_owned(), &write);
            // Links that will be gone need not be mended.
            Some(text)
        }
        Ok(Standing::Current | Standing::Unmarked(_)) => None,
        Err(error) => {
            find(error.to_string(), "mend the page");
            None
        }
    };
    let read = || disk::read_text(&folder.join(&page.path), LARGEST).ok();
    let Some(text) = text.or_else(read) else { return };
    report.pages += 1;
    let mut dead = BTreeSet::new();
    for link in links::relative(&text) {
        let target = links::resolve(&page.path, &link.path);
        let certificate = target.rsplit_once('.').map_or(target.as_str(), |(path, _)| path);
        if !folder.join(&target).exists() && !told.contains(certificate) {
            dead.insert((link.line, link.path));
        }
    }
    for (line, path) in dead {
        report.find(
            Kind::Link,
            format!("{}, line {line}", page.path),
            format!("{path:?} leads to no file"),
            format!("correct it; what is between markers, {write} rewrites"),
        );
    }
}
