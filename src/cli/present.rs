//! Results and errors as people and programs read them: what is wrong, where, and what to
//! type next.

use std::io::{self, Write};

use anyhow::Error;
use serde::Serialize;
use serde_json::json;

use crate::disk::DiskError;
use crate::export::ExportError;
use crate::issuance::IssuanceError;
use crate::issuer::IssuerError;
use crate::preview::PreviewError;
use crate::register::RegisterError;
use crate::render::PressError;
use crate::roster::{Problem, RosterError};
use crate::template::TemplateError;
use crate::typeset::Trouble;

/// Problems of a roster that are shown one by one; the rest is counted.
const SHOWN: usize = 20;

/// Prints a line of the result.
pub(super) fn line(text: &str) -> io::Result<()> {
    writeln!(anstream::stdout(), "{}", printable(text))
}

/// Text without what would command the terminal rather than be read on it.
pub(super) fn printable(text: &str) -> String {
    let commands = |c: char| c.is_control() && c != '\n';
    text.chars().map(|c| if commands(c) { '\u{fffd}' } else { c }).collect()
}

/// Prints the result as JSON.
pub(super) fn json(value: &impl Serialize) -> anyhow::Result<()> {
    writeln!(anstream::stdout(), "{}", serde_json::to_string_pretty(value)?)?;
    Ok(())
}

/// Whether nobody reads the result any more, as when it is piped into `head`.
pub(super) fn is_closed_pipe(error: &Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|e| e.kind() == io::ErrorKind::BrokenPipe)
}

/// The result, which is printed, says already what is wrong: only the exit code is left.
#[derive(Debug, thiserror::Error)]
#[error("the result says what is wrong")]
pub(super) struct Told;

/// Says what went wrong: on stderr, and as JSON on stdout where that was asked for.
pub(super) fn error(error: &Error, as_json: bool) {
    let causes: Vec<String> = error.chain().skip(1).map(ToString::to_string).collect();
    let problems = problems(error);
    let hint = hint(error);
    if as_json {
        let report = json!({
            "error": error.to_string(),
            "causes": causes,
            "problems": problems,
            "hint": hint,
        });
        // Where even this cannot be written, the exit code has to do.
        let _ = json(&report);
    }
    let red = anstyle::AnsiColor::Red.on_default().bold();
    let cyan = anstyle::AnsiColor::Cyan.on_default().bold();
    anstream::eprintln!("{red}error:{red:#} {}", printable(&error.to_string()));
    for cause in causes {
        anstream::eprintln!("  because: {}", printable(&cause));
    }
    for problem in problems.iter().take(SHOWN) {
        anstream::eprintln!("  {}", printable(&problem.to_string()));
    }
    if problems.len() > SHOWN {
        anstream::eprintln!("  and {} more; --json lists all", problems.len() - SHOWN);
    }
    if let Some(hint) = hint {
        anstream::eprintln!("{cyan}hint:{cyan:#} {hint}");
    }
}

fn problems(error: &Error) -> &[Problem] {
    match (error.downcast_ref(), error.downcast_ref()) {
        (Some(RosterError::Problems { problems, .. }), _)
        | (_, Some(PreviewError::Refused(problems))) => problems,
        _ => &[],
    }
}

/// What to type next, for the first error in the chain that knows.
fn hint(error: &Error) -> Option<String> {
    error.chain().find_map(|cause| {
        None.or_else(|| cause.downcast_ref().and_then(of_issuer))
            .or_else(|| cause.downcast_ref().and_then(of_register))
            .or_else(|| cause.downcast_ref().and_then(of_issuance))
            .or_else(|| cause.downcast_ref().and_then(of_press))
            .or_else(|| cause.downcast_ref().and_then(of_roster))
            .or_else(|| cause.downcast_ref().and_then(of_export))
            .or_else(|| cause.downcast_ref().and_then(of_preview))
            .or_else(|| cause.downcast_ref().and_then(of_disk))
    })
}

fn of_disk(error: &DiskError) -> Option<String> {
    use io::ErrorKind::{
        AlreadyExists, NotADirectory, PermissionDenied, ReadOnlyFilesystem, StorageFull,
    };
    let shown = error.path.display();
    match error.source.kind() {
        PermissionDenied | ReadOnlyFilesystem => {
            Some(format!("make {shown} writable for you, then run the same command again"))
        }
        AlreadyExists | NotADirectory => Some(format!(
            "something that is no folder stands at {shown} or above it: move it away, then run the \
             same command again"
        )),
        StorageFull => Some("make room on the disk, then run the same command again".to_owned()),
        _ => None,
    }
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
            Some("mend accolade.toml; nothing was written and no number was spent".to_owned())
        }
    }
}

fn of_register(error: &RegisterError) -> Option<String> {
    match error {
        RegisterError::Busy(_) => Some("try again when it is done".to_owned()),
        RegisterError::Line { line, .. } => Some(format!(
            "the register is only ever appended to: `git log -p register.jsonl` shows who changed \
             line {line}"
        )),
        RegisterError::Disk(disk) => of_disk(disk),
    }
}

fn of_issuance(error: &IssuanceError) -> Option<String> {
    match error {
        IssuanceError::Redesigned { id, template } => Some(format!(
            "bring templates/{template} back as it was, or draw it anew: accolade reissue {id} \
             --redesign"
        )),
        IssuanceError::Differs { id } => {
            Some(format!("to have it as it comes out now: accolade reissue {id}"))
        }
        IssuanceError::Press(press) => of_press(press),
        IssuanceError::Register(register) => of_register(register),
        IssuanceError::Disk(disk) => of_disk(disk),
        IssuanceError::Revoked { .. } => Some(
            "a number is never given again; to certify the person anew, tell the two apart: by a \
             column key, or where people are known by name by an alias"
                .to_owned(),
        ),
        _ => None,
    }
}

fn of_press(error: &PressError) -> Option<String> {
    match error {
        PressError::Template(TemplateError::Unknown(_)) => {
            Some("the bundled ones are classic and aurora; accolade.toml names them".to_owned())
        }
        PressError::Typeset(error) => of_trouble(&error.trouble),
        _ => None,
    }
}

/// What to do about a field that cannot be set.
pub(super) fn of_trouble(trouble: &Trouble) -> Option<String> {
    match trouble {
        Trouble::Unfilled(column) => Some(format!(
            "if {column:?} is a column of the roster, make it public in accolade.toml: public = \
             [{column:?}]"
        )),
        Trouble::NoFace(_) => Some("put a font that has it into the folder fonts/".to_owned()),
        Trouble::TooLong { .. } => Some(
            "shorten it, or give the field a larger box or a smaller min_size in template.toml"
                .to_owned(),
        ),
        Trouble::UnknownFont { .. } => {
            Some("correct the name, or put the font into the folder fonts/".to_owned())
        }
        Trouble::Unprintable(_) | Trouble::CodeTooFine(_) => None,
    }
}

fn of_roster(error: &RosterError) -> Option<String> {
    match error {
        RosterError::Problems { .. } => Some(
            "nothing was written and no number was spent; mend the roster and run it again"
                .to_owned(),
        ),
        RosterError::Disk(disk) if disk.is_missing() => {
            Some("the path of a roster is seen from the folder of -C".to_owned())
        }
        RosterError::Disk(_) => None,
    }
}

fn of_preview(error: &PreviewError) -> Option<String> {
    match error {
        PreviewError::Press(press) => of_press(press),
        PreviewError::Disk(disk) => of_disk(disk),
        PreviewError::NotOurs(_) => {
            Some("move it away, or choose another folder with --to".to_owned())
        }
        PreviewError::Refused(_) => {
            Some("the pictures are drawn all the same, with these names in red".to_owned())
        }
        PreviewError::Encode(_) => None,
    }
}

fn of_export(error: &ExportError) -> Option<String> {
    Some(match error {
        ExportError::Nothing(_) => "`accolade list` shows which years there are".to_owned(),
        ExportError::Inside(_) => "choose a folder outside, such as --to ../2020".to_owned(),
        ExportError::NotOurs(_) => "choose a new folder, or say --force".to_owned(),
        ExportError::Issuance(error) => return of_issuance(error),
        ExportError::Disk(disk) => return of_disk(disk),
    })
}
