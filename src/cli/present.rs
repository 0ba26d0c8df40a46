//! Results and errors as people and programs read them: what is wrong, and where; what to type
//! next, [`hints`] knows.

use std::io::{self, Write};

use anyhow::Error;
use serde::Serialize;
use serde_json::json;

use super::{hints, problems};
use crate::preview::PreviewError;
use crate::roster::{Problem, RosterError};

/// Prints a line of the result.
pub(super) fn line(text: &str) -> io::Result<()> {
    writeln!(anstream::stdout(), "{}", printable(text))
}

/// Prints a result of many lines as it is: a file for others to read.
pub(super) fn text(text: &str) -> anyhow::Result<()> {
    anstream::stdout().write_all(text.as_bytes())?;
    Ok(())
}

/// Prints a line of the result in a colour, where there are colours.
pub(super) fn styled(style: anstyle::Style, text: &str) -> io::Result<()> {
    writeln!(anstream::stdout(), "{style}{}{style:#}", printable(text))
}

/// Says what is odd about a roster that can be issued.
pub(super) fn warnings(file: &str, found: &[Problem]) {
    if found.is_empty() {
        return;
    }
    let yellow = anstyle::AnsiColor::Yellow.on_default().bold();
    let count = if found.len() == 1 { "one thing" } else { "some things" };
    anstream::eprintln!("{yellow}warning:{yellow:#} {}: {count} to look at", printable(file));
    for line in problems::table(found) {
        anstream::eprintln!("  {line}");
    }
}

/// Says what may do harm, although it is done.
pub(super) fn warning(message: &str) {
    let yellow = anstyle::AnsiColor::Yellow.on_default().bold();
    anstream::eprintln!("{yellow}warning:{yellow:#} {}", printable(message));
}

/// Says why something was left undone, although nothing went wrong.
pub(super) fn note(message: &str) {
    let cyan = anstyle::AnsiColor::Cyan.on_default().bold();
    anstream::eprintln!("{cyan}note:{cyan:#} {}", printable(message));
}

/// Text without what would command the terminal rather than be read on it, or turn what stands
/// around it (UAX #9: embeddings, overrides and isolates).
pub(super) fn printable(text: &str) -> String {
    let turns = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let commands = |c: char| (c.is_control() && c != '\n') || turns(c);
    text.chars().map(|c| if commands(c) { '\u{fffd}' } else { c }).collect()
}

/// The same on one line.
pub(super) fn one_line(text: &str) -> String {
    let breaks = ['\n', '\r', '\t', '\u{2028}', '\u{2029}'];
    printable(&text.replace(breaks, "⏎"))
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

/// The result answers what was asked, and the answer is no.
#[derive(Debug, thiserror::Error)]
#[error("the result says what is not as it should be")]
pub(super) struct No;

/// The command line asks for what does not go together.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct Usage(pub String);

/// Says what went wrong: on stderr, and as JSON on stdout where that was asked for.
pub(super) fn error(error: &Error, as_json: bool) {
    let causes: Vec<String> = error.chain().skip(1).map(ToString::to_string).collect();
    let (found, file) = problems_of(error);
    let hint = hints::of(error);
    if as_json {
        let report = json!({
            "error": error.to_string(),
            "causes": causes,
            "problems": problems::for_programs(found, file),
            "hint": hint,
        });
        // Where even this cannot be written, the exit code has to do.
        let _ = json(&report);
    }
    let red = anstyle::AnsiColor::Red.on_default().bold();
    anstream::eprintln!("{red}error:{red:#} {}", printable(&error.to_string()));
    for cause in causes {
        anstream::eprintln!("  because: {}", printable(&cause));
    }
    if !found.is_empty() {
        for line in problems::table(found) {
            anstream::eprintln!("  {line}");
        }
    }
    if let Some(text) = hint {
        self::hint(&text);
    }
}

/// Says what to type next.
pub(super) fn hint(text: &str) {
    let cyan = anstyle::AnsiColor::Cyan.on_default().bold();
    anstream::eprintln!("{cyan}hint:{cyan:#} {}", printable(text));
}

/// What is wrong with a roster, and its file.
fn problems_of(error: &Error) -> (&[Problem], Option<&str>) {
    match (error.downcast_ref(), error.downcast_ref()) {
        (Some(RosterError::Problems { problems, file }), _)
        | (_, Some(PreviewError::Refused { problems, file })) => (problems, Some(file)),
        _ => (&[], None),
    }
}
