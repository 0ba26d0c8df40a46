//! What to type next when something went wrong.

mod handing_out;

use std::io;
use std::path::{Path, PathBuf};

use anyhow::Error;

use handing_out::{of_export, of_honor_roll, of_trust};

use crate::disk::{DiskError, LockError};
use crate::fonts::FontError;
use crate::issuance::IssuanceError;
use crate::issuer::IssuerError;
use crate::preview::PreviewError;
use crate::register::RegisterError;
use crate::render::{PressError, RenderError};
use crate::roster::RosterError;
use crate::shell::command;
use crate::template::TemplateError;
use crate::typeset::Trouble;

/// What to type next, for the first error in the chain that knows.
pub(super) fn of(error: &Error) -> Option<String> {
    error.chain().find_map(|cause| {
        None.or_else(|| cause.downcast_ref().and_then(of_issuer))
            .or_else(|| cause.downcast_ref().and_then(of_register))
            .or_else(|| cause.downcast_ref().and_then(of_issuance))
            .or_else(|| cause.downcast_ref().and_then(of_press_before_work))
            .or_else(|| cause.downcast_ref().and_then(of_font))
            .or_else(|| cause.downcast_ref().and_then(of_roster))
            .or_else(|| cause.downcast_ref().and_then(of_export))
            .or_else(|| cause.downcast_ref().and_then(of_trust))
            .or_else(|| cause.downcast_ref().and_then(of_honor_roll))
            .or_else(|| cause.downcast_ref().and_then(of_preview))
            .or_else(|| cause.downcast_ref().and_then(of_disk))
    })
}

fn of_disk(error: &DiskError) -> Option<String> {
    use io::ErrorKind::{
        AlreadyExists, FileTooLarge, NotADirectory, PermissionDenied, QuotaExceeded,
        ReadOnlyFilesystem, StorageFull,
    };
    let shown = error.path.display();
    if error.path.is_dir() && ["read", "write", "open"].contains(&error.action) {
        return Some(format!(
            "a folder stands at {shown}, where a file should be: move it away, then run the same \
             command again"
        ));
    }
    match error.source.kind() {
        PermissionDenied if error.action == "read" => {
            Some(format!("make {shown} readable for you, then run the same command again"))
        }
        PermissionDenied | ReadOnlyFilesystem => Some(format!(
            "make {} writable for you, then run the same command again",
            what_refuses(&error.path).display()
        )),
        AlreadyExists | NotADirectory => Some(format!(
            "something that is no folder stands at {shown} or above it: move it away, then run the \
             same command again"
        )),
        FileTooLarge if error.action == "write" => Some(
            "the system allows no larger file here, see `ulimit -f`: allow it, then run the same \
             command again"
                .to_owned(),
        ),
        StorageFull | QuotaExceeded => {
            Some("make room on the disk, then run the same command again".to_owned())
        }
        _ => None,
    }
}

/// What must be made writable for a file or folder to be written: itself, if it is there and
/// would not be written to, else the nearest folder above it that is there.
fn what_refuses(path: &Path) -> PathBuf {
    let refuses = |place: &Path| {
        std::fs::metadata(place).is_ok_and(|found| found.is_dir() || found.permissions().readonly())
    };
    let here = |place| if place == Path::new("") { Path::new(".") } else { place };
    path.ancestors().map(here).find(|place| refuses(place)).unwrap_or(path).to_owned()
}

fn of_issuer(error: &IssuerError) -> Option<String> {
    match error {
        IssuerError::Disk(disk) if disk.is_missing() => Some(
            "this is no issuer's folder yet: `accolade init DIR` makes one, `accolade -C DIR …` \
             works in one that is elsewhere"
                .to_owned(),
        ),
        IssuerError::Disk(disk) => of_disk(disk),
        IssuerError::Syntax(_) | IssuerError::Value { .. } => {
            Some(format!("mend accolade.toml; {NOTHING_DONE}"))
        }
    }
}

fn of_register(error: &RegisterError) -> Option<String> {
    match error {
        RegisterError::Lock(LockError::Busy { .. }) => {
            Some("try again when it is done, or wait longer for it: --wait 600".to_owned())
        }
        RegisterError::Line { newer: true, .. } => {
            Some("upgrade accolade, then run the same command again".to_owned())
        }
        RegisterError::Line { line, .. } => Some(format!(
            "`accolade register verify` lists every bad line; the register is only ever appended \
             to, and `git log -p register.jsonl` shows who changed line {line}"
        )),
        RegisterError::Conflicts(_) => {
            Some("`accolade register renumber` gives the later one the next free number".to_owned())
        }
        RegisterError::Refused(_) => None,
        RegisterError::Lock(LockError::Disk(disk)) | RegisterError::Disk(disk) => of_disk(disk),
    }
}

fn of_issuance(error: &IssuanceError) -> Option<String> {
    match error {
        IssuanceError::Redesigned { template, id } => {
            Some(of_redesigned(template, &command("reissue", id, "--redesign")))
        }
        IssuanceError::Adopted { id } => Some(format!(
            "bring its file back, or have it drawn anew by the template of its category: {}",
            command("reissue", id, "--redesign")
        )),
        IssuanceError::Undrawable(error) => match &**error {
            IssuanceError::Redesigned { template, .. } => {
                Some(of_redesigned(template, RENUMBER_ANEW))
            }
            _ => Some(format!("draw it by the template of its category: {RENUMBER_ANEW}")),
        },
        IssuanceError::Differs { id } => {
            let reissue = command("reissue", id, "");
            Some(format!(
                "`git log -p register.jsonl` shows whether its line was changed: bring back what \
                 stood there; only if none was, have it as it comes out now: {reissue}"
            ))
        }
        IssuanceError::Contradicted { .. } => Some(
            "`accolade check` lists every line that was changed, and `git log -p register.jsonl` \
             shows by whom: bring back what stood there"
                .to_owned(),
        ),
        IssuanceError::Published(_) => Some(
            "the one whose line comes first keeps it when you say --force; tell the others, whose \
             certificates get new numbers"
                .to_owned(),
        ),
        IssuanceError::Press(press) => of_press(press),
        IssuanceError::Register(register) => of_register(register),
        IssuanceError::Disk(disk) => of_disk(disk),
        IssuanceError::Revoked { .. } => Some(
            "a number is never given again; to certify the person anew, tell the two apart: by a \
             column key, or where people are known by name by an alias"
                .to_owned(),
        ),
        IssuanceError::Common(_) => Some(NOTHING_DONE.to_owned()),
        IssuanceError::Interrupted { .. } => {
            Some("the same command again goes on where this one has stopped".to_owned())
        }
        IssuanceError::Moved { to, .. } => {
            Some(format!("`{}` has what counts now", command("show", to, "")))
        }
        IssuanceError::Outside(_) => Some(
            "move the pictures into the folder of accolade.toml, such as to certificate/2020, and \
             say --pictures certificate/2020"
                .to_owned(),
        ),
        _ => None,
    }
}

/// What draws a certificate under its new number with the template as it is now.
const RENUMBER_ANEW: &str = "accolade register renumber --redesign";

fn of_redesigned(template: &str, anew: &str) -> String {
    format!("bring templates/{template} back as it was, or draw it anew: {anew}")
}

/// True of whatever is read before any work begins: accolade.toml, fonts, templates, rosters.
const NOTHING_DONE: &str = "nothing was written and no number was spent";

fn of_font(error: &FontError) -> Option<String> {
    match error {
        FontError::Disk(disk) if disk.is_missing() => Some(
            "the folder of --font-dir is seen from the folder of -C; it must be there".to_owned(),
        ),
        FontError::Disk(disk) => of_disk(disk),
        FontError::Damaged { path, .. } => Some(format!(
            "put a whole TrueType or OpenType font at {}, or take it away; {NOTHING_DONE}",
            path.display()
        )),
    }
}

fn of_template(error: &TemplateError) -> Option<String> {
    match error {
        TemplateError::Unknown(_) => {
            Some("the bundled ones are classic and aurora; accolade.toml names them".to_owned())
        }
        TemplateError::Value { template, .. } => {
            let check = command("template check", template, "");
            Some(format!("mend it, then {check}; {NOTHING_DONE}"))
        }
        TemplateError::Disk(disk) if disk.is_missing() => {
            Some(format!("bring it back, or correct what template.toml says of it; {NOTHING_DONE}"))
        }
        TemplateError::Disk(disk) if disk.source.kind() == io::ErrorKind::InvalidData => {
            Some(format!("save it as text in UTF-8; {NOTHING_DONE}"))
        }
        TemplateError::Disk(disk) => of_disk(disk),
    }
}

/// Outside of issuing and exporting, which have errors of their own, the press is only opened
/// and made ready, or draws what is written after it.
fn of_press_before_work(error: &PressError) -> Option<String> {
    let hint = of_press(error)?;
    match error {
        PressError::Render(_) => Some(format!("{hint}; {NOTHING_DONE}")),
        _ => Some(hint),
    }
}

fn of_press(error: &PressError) -> Option<String> {
    match error {
        PressError::Template(error) => of_template(error),
        PressError::Typeset(error) => of_trouble(&error.trouble),
        PressError::Render(RenderError { template, .. }) => {
            Some(format!("mend it, then {}", command("template check", template, "")))
        }
    }
}

/// What to do about a field that cannot be set.
pub(super) fn of_trouble(trouble: &Trouble) -> Option<String> {
    match trouble {
        Trouble::Unfilled(column) => Some(format!(
            "if {column:?} is a column of the roster, make it public in accolade.toml: public = \
             [{column:?}]"
        )),
        Trouble::NoFace(_) => {
            Some("put a font that has it into fonts/ or a folder named with --font-dir".to_owned())
        }
        Trouble::TooLong { .. } => Some(
            "shorten it, or give the field a larger box or a smaller min_size in template.toml"
                .to_owned(),
        ),
        Trouble::UnknownFont { .. } => Some(
            "correct the name, or put the font into fonts/ or a folder named with --font-dir"
                .to_owned(),
        ),
        Trouble::Unprintable(_) | Trouble::CodeTooFine(_) => None,
    }
}

fn of_roster(error: &RosterError) -> Option<String> {
    match error {
        RosterError::Problems { .. } => {
            Some(format!("{NOTHING_DONE}; mend it and run the same command again"))
        }
        RosterError::Disk(disk) if disk.is_missing() => {
            Some("the path of a roster is seen from the folder of -C".to_owned())
        }
        RosterError::Disk(disk) => of_disk(disk),
    }
}

fn of_preview(error: &PreviewError) -> Option<String> {
    match error {
        PreviewError::Press(press) => of_press(press),
        PreviewError::Disk(disk) => of_disk(disk),
        PreviewError::NotOurs(_) => {
            Some("move it away, or choose another folder with --to".to_owned())
        }
        PreviewError::Refused { .. } => Some(
            "the pictures are drawn all the same: without rows that cannot be read, and with names \
             that cannot be set in red"
                .to_owned(),
        ),
        PreviewError::Encode(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_to_be_made_writable_is_one_that_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let denied = |path: PathBuf| {
            let source = io::Error::from(io::ErrorKind::PermissionDenied);
            of_disk(&DiskError { action: "create", path, source }).unwrap()
        };
        let expected = format!("make {} writable", folder.path().display());
        assert!(denied(folder.path().join("certificate/2020/volunteer")).starts_with(&expected));
        let file = folder.path().join("register.jsonl");
        std::fs::write(&file, "").unwrap();
        assert!(denied(file).starts_with(&expected));
        assert!(denied("nowhere/at/all".into()).starts_with("make . writable"));
    }
}
