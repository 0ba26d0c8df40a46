//! What a PNG or PDF says of itself, and what the register here says of that.

use std::path::{Path, PathBuf};

use anyhow::bail;
use serde_json::json;

use super::{Global, present, standing};
use crate::disk;
use crate::issuer::Issuer;
use crate::register::{Record, Register, journal};
use crate::render::{self, Metadata};

/// The largest file that is looked into, in bytes.
const LARGEST: u64 = 256 << 20;

/// The file that an argument means rather than a number; what is no file, such as a pipe, is
/// refused when it is read.
pub(super) fn meant(argument: &str, global: &Global) -> Option<PathBuf> {
    let path = global.path(Path::new(argument));
    let ending = path.extension().unwrap_or_default();
    let endings = ["png", "pdf"];
    (endings.iter().any(|known| ending.eq_ignore_ascii_case(known))
        || (path.exists() && !path.is_dir()))
    .then_some(path)
}

/// Shows what a file says of itself.
pub(super) fn show(path: &Path, global: &Global) -> anyhow::Result<()> {
    let (said, is_unread) = read(path)?;
    let register = register(global)?;
    let known = register.as_ref().and_then(|register| Some((record(&said, register)?, register)));
    if global.json {
        let known = known.map(|(record, register)| {
            let (status, reason) = standing::pair(record);
            json!({
                "certificate": record.entry.certificate,
                "status": status,
                "reason": reason,
                "revision": record.revision,
                "forgotten": record.forgotten,
                "moved_to": standing::other(record.moved_to, register),
            })
        });
        return present::json(&json!({
            "file": path,
            "says": said,
            "unread": is_unread,
            "register": register.map(|_| json!({ "says": known })),
        }));
    }
    present::line(&format!("{} says of itself:", path.display()))?;
    for (label, value) in rows(&said) {
        if !value.is_empty() {
            present::line(&format!("  {label:<10} {}", present::one_line(&value)))?;
        }
    }
    if is_unread {
        present::line("it says more of itself than can be read")?;
    }
    let number = &said.number;
    match (&register, known) {
        (None, _) => global.say("there is no register here that could say whether it is true"),
        (Some(_), None) if number.is_empty() => {}
        (Some(_), None) => {
            present::line(&present::one_line(&format!(
                "the register here says nothing of {number}, as it is named there"
            )))?;
        }
        (Some(_), Some((record, register))) => {
            let number = present::one_line(number);
            present::line(&format!("the register here says of {number}:"))?;
            for (label, value) in compared(record, register, &said) {
                present::line(&format!("  {label:<10} {}", present::one_line(&value)))?;
            }
        }
    }
    Ok(())
}

/// What it says, and whether it says more than can be read.
fn read(path: &Path) -> anyhow::Result<(Metadata, bool)> {
    let bytes = disk::read(path, LARGEST)?;
    let path = path.display();
    if render::format_of(&bytes).is_none() {
        bail!("{path} is neither a PNG nor a PDF; folders and ZIPs are for `accolade verify`");
    }
    let is_unread = render::is_unread(&bytes);
    match Metadata::read(&bytes) {
        Some(said) => Ok((said, is_unread)),
        None if is_unread => bail!("{path} says more of itself than can be read"),
        None if render::is_encrypted(&bytes) => bail!(
            "{path} is encrypted, and what it says of itself too: no certificate is issued so; \
             `qpdf --decrypt` makes a copy that can be read"
        ),
        None => bail!(
            "{path} says nothing of itself: it is no certificate, or a program has written it anew \
             without; the number on it can be asked for: accolade show NUMBER"
        ),
    }
}

/// The register of the folder, where there is an issuer.
fn register(global: &Global) -> anyhow::Result<Option<Register>> {
    match Issuer::read(&global.folder) {
        Err(crate::issuer::IssuerError::Disk(disk)) if disk.is_missing() => Ok(None),
        issuer => {
            issuer?;
            Ok(Some(journal::read(&global.folder)?))
        }
    }
}

/// The certificate that a file says it is, under whatever name it was issued then.
fn record<'r>(said: &Metadata, register: &'r Register) -> Option<&'r Record> {
    let place = register.place(&said.category, said.year?, &said.number).ok()?;
    register.records().get(place)
}

fn rows(said: &Metadata) -> [(&'static str, String); 8] {
    [
        ("number", said.number.clone()),
        ("name", said.name.clone()),
        ("title", if said.award.is_empty() { &said.title } else { &said.award }.clone()),
        ("category", said.category.clone()),
        ("year", said.year.map(|year| year.to_string()).unwrap_or_default()),
        ("date", said.date.map(|date| date.to_string()).unwrap_or_default()),
        ("issuer", said.issuer.clone()),
        ("url", said.url.clone()),
    ]
}

/// What the register says; where the file says otherwise, that too.
fn compared(record: &Record, register: &Register, said: &Metadata) -> Vec<(&'static str, String)> {
    let certificate = &record.entry.certificate;
    let beside = |known: &str, said: &str| {
        if known == said { known.to_owned() } else { format!("{known} (the file says {said})") }
    };
    let status = ("status", standing::sentence(record, register));
    if record.forgotten {
        return vec![status];
    }
    vec![
        status,
        ("name", beside(&certificate.name, &said.name)),
        ("title", beside(&certificate.title, &said.award)),
        ("issuer", beside(&certificate.issuer, &said.issuer)),
        ("url", beside(&certificate.url, &said.url)),
    ]
}
