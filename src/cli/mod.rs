//! The command line: one file a command, its arguments beside its function. Commands read the
//! clock and the terminal; nothing below them does.

mod adopt;
mod aligned;
mod cache;
mod check;
mod export;
mod forget;
mod hints;
mod honor_roll;
mod init;
mod interrupt;
mod issue;
mod jobs;
mod key;
mod limits;
mod list;
mod manual;
mod moving;
mod present;
mod preview;
mod problems;
mod progress;
mod register;
mod reissue;
mod restore;
mod revoke;
mod rows;
mod select;
mod show;
mod sign;
mod signing;
mod standing;
mod template;
mod verify;
mod watch;
mod watchdog;

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::error::ErrorKind;
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};

use crate::certificate;
use crate::disk::LockError;
use crate::fonts::{FontError, Fonts};
use crate::issuer::{Category, Issuer};
use crate::register::{Journal, RegisterError, journal};
use crate::render::{self, Press, PressError};
use crate::roster;
use crate::text::Text;

/// Done, and nothing to complain about.
const DONE: u8 = 0;
/// The input or the data is at fault.
const AT_FAULT: u8 = 1;
/// The command line is at fault.
const USAGE: u8 = 2;
/// The answer to what was asked is no.
const NO: u8 = 3;

/// Issues numbered certificates from a roster, as PNG and PDF.
///
/// A folder holds it all: accolade.toml says who issues what, register.jsonl keeps every
/// certificate ever issued, certificate/ has the files.
#[derive(Debug, Parser)]
#[command(name = "accolade", version, after_help = EXAMPLES, propagate_version = true)]
#[command(subcommand_required = true, arg_required_else_help = true)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Examples:
  accolade init my-community                          a folder to begin with
  accolade -C my-community preview roster.csv         how they will look
  accolade -C my-community issue roster.csv --dry-run what would happen
  accolade -C my-community issue roster.csv           numbers, PNGs and PDFs
  accolade -C my-community list                       what has been issued

Exit codes: 0 done, 1 the input or the data is at fault, 2 wrong usage,
3 something is not as it should be (check, verify, register verify), 130 stopped by ctrl-c

Environment: ACCOLADE_CACHE names the folder where templates are kept that were made ready,
ACCOLADE_KEY_PASSPHRASE has the passphrase of a key; NO_COLOR is heeded";

/// What every command takes.
#[derive(Debug, Args)]
#[command(next_help_heading = "Everywhere")]
struct Global {
    /// Work in this folder rather than the present one; said again, seen from the one before.
    #[arg(short = 'C', global = true, value_name = "DIR")]
    folders: Vec<PathBuf>,
    /// All of them, one below the other.
    #[arg(skip)]
    folder: PathBuf,
    /// Print the result as JSON.
    #[arg(long, global = true)]
    json: bool,
    /// Look for fonts in this folder too, before fonts/ and those in the program.
    #[arg(long, global = true, value_name = "DIR")]
    font_dir: Vec<PathBuf>,
    /// Say nothing but the result and what went wrong.
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    quiet: bool,
    /// Say more: every file that is written.
    #[arg(short, long, global = true)]
    verbose: bool,
    /// Wait so long for another accolade that is writing the register.
    #[arg(long, global = true, value_name = "SECONDS", default_value_t = 60)]
    wait: u64,
    /// What was typed, for others that have to wait for this one.
    #[arg(skip)]
    typed: String,
}

#[derive(Debug, Subcommand)]
enum Command {
    Init(init::Init),
    Preview(preview::Preview),
    Issue(issue::Issue),
    Adopt(adopt::Adopt),
    Reissue(reissue::Reissue),
    Move(moving::Move),
    Restore(restore::Restore),
    Revoke(revoke::Revoke),
    Forget(forget::Forget),
    List(list::List),
    Show(show::Show),
    Export(export::Export),
    HonorRoll(honor_roll::HonorRoll),
    Verify(verify::Verify),
    Sign(sign::Sign),
    Key(key::Key),
    Check(check::Check),
    Register(register::Register),
    Template(template::Template),
    Completions(manual::Completions),
    Man(manual::Man),
}

/// Reads the command line, does what it says, and reports; gives back the exit code.
#[must_use]
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    limits::heed();
    // What makes a reader of strangers' files panic is refused in words of our own.
    let panics = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let thread = std::thread::current();
        if ![Some(roster::WORKBOOK_THREAD), Some(render::PAGE_THREAD)].contains(&thread.name()) {
            panics(panic);
        }
    }));
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let mut cli = match Cli::try_parse_from(&arguments) {
        Ok(cli) => cli,
        Err(usage) => usage.exit(),
    };
    if let Err(message) = cli.global.enter() {
        Cli::command().error(ErrorKind::ValueValidation, message).exit();
    }
    cli.global.typed = typed(&arguments);
    let global = &cli.global;
    let result = match cli.command {
        Command::Init(command) => command.run(global),
        Command::Preview(command) => command.run(global),
        Command::Issue(command) => command.run(global),
        Command::Adopt(command) => command.run(global),
        Command::Reissue(command) => command.run(global),
        Command::Move(command) => command.run(global),
        Command::Restore(command) => command.run(global),
        Command::Revoke(command) => command.run(global),
        Command::Forget(command) => command.run(global),
        Command::List(command) => command.run(global),
        Command::Show(command) => command.run(global),
        Command::Export(command) => command.run(global),
        Command::HonorRoll(command) => command.run(global),
        Command::Verify(command) => command.run(global),
        Command::Sign(command) => command.run(global),
        Command::Key(command) => command.run(global),
        Command::Check(command) => command.run(global),
        Command::Register(command) => command.run(global),
        Command::Template(command) => command.run(global),
        Command::Completions(command) => command.run(),
        Command::Man(command) => command.run(),
    };
    match result {
        Ok(()) => ExitCode::from(DONE),
        Err(error) if present::is_closed_pipe(&error) => ExitCode::from(DONE),
        Err(error) if error.is::<present::No>() => ExitCode::from(NO),
        Err(error) if error.is::<present::Told>() => ExitCode::from(AT_FAULT),
        Err(error) => {
            present::error(&error, global.json);
            ExitCode::from(match error {
                error if interrupt::is_reason_of(&error) => interrupt::INTERRUPTED,
                error if error.is::<present::Usage>() => USAGE,
                _ => AT_FAULT,
            })
        }
    }
}

/// A command line as it was typed, but for what is too long to be read.
fn typed(arguments: &[OsString]) -> String {
    let arguments = arguments.iter().skip(1).map(|argument| argument.to_string_lossy());
    let words: Vec<_> = std::iter::once("accolade".into()).chain(arguments).collect();
    words.join(" ").chars().take(LONGEST_COMMAND).collect()
}

/// The characters of a command line that others are shown.
const LONGEST_COMMAND: usize = 120;

impl Global {
    /// Finds the folder that every -C together means.
    fn enter(&mut self) -> Result<(), String> {
        // The first as it was typed: messages show it so.
        let below = |above: PathBuf, next: &PathBuf| above.join(next);
        let mut folders = self.folders.iter();
        let first = folders.next().cloned().unwrap_or_else(|| ".".into());
        self.folder = folders.fold(first, below);
        if !self.folder.is_file() {
            return Ok(());
        }
        let parent = self.folder.parent().filter(|parent| *parent != Path::new(""));
        Err(format!(
            "-C wants a folder, and {} is a file: say -C {}",
            self.folder.display(),
            parent.unwrap_or(Path::new(".")).display()
        ))
    }

    /// A path as the user means it: seen from the folder.
    fn path(&self, path: &Path) -> PathBuf {
        // Said as the user said it, rather than `./../file`.
        let is_seen_from_here = path.starts_with("..") || path.starts_with(".");
        if is_seen_from_here && self.folder == Path::new(".") {
            return path.to_owned();
        }
        self.folder.join(path)
    }

    /// The press with these templates, and with the fonts of --font-dir and of fonts/.
    fn press(&self, templates: BTreeSet<&str>, issuer: &Issuer) -> anyhow::Result<Press> {
        let cache = cache::folder();
        let fonts = self.fonts()?;
        Ok(Press::open(&self.folder, templates, fonts, &issuer.public, cache.as_deref())?)
    }

    /// Draws the backgrounds of a press, so that one that cannot be drawn is found before anything
    /// is written.
    fn prepare(press: &Press, formats: &[certificate::Format]) -> Result<(), PressError> {
        let _watchdog = watchdog::Watchdog::begin();
        press.prepare(formats)
    }

    /// The fonts there are, in the order they are tried.
    fn fonts(&self) -> Result<Fonts, FontError> {
        let own = Some(self.folder.join("fonts")).filter(|folder| folder.is_dir());
        let folders: Vec<PathBuf> =
            self.font_dir.iter().map(|folder| self.path(folder)).chain(own).collect();
        Fonts::of(&folders)
    }

    /// The right to write the register; waits for whoever has it.
    fn open_journal(&self) -> Result<Journal, RegisterError> {
        self.open_journal_by(Journal::open)
    }

    /// The same, to settle what a merge has brought.
    fn open_journal_to_settle(&self) -> Result<Journal, RegisterError> {
        self.open_journal_by(Journal::open_to_settle)
    }

    fn open_journal_by(
        &self,
        open: impl Fn(&Path, &str, Duration) -> Result<Journal, RegisterError>,
    ) -> Result<Journal, RegisterError> {
        let who = self.who();
        let journal = match open(&self.folder, &who, Duration::ZERO) {
            Err(RegisterError::Lock(LockError::Busy { holder, .. })) if self.wait > 0 => {
                let holder = holder.as_deref().unwrap_or("another accolade");
                self.say(&format!("waiting for {holder} to finish writing the register"));
                open(&self.folder, &who, Duration::from_secs(self.wait))
            }
            other => other,
        }?;
        if let Some(torn) = journal.torn() {
            self.say(&format!(
                "moved the register's unfinished last line to {}: {torn}",
                journal::TORN
            ));
        }
        Ok(journal)
    }

    /// What is writing, for others that have to wait for it.
    fn who(&self) -> String {
        format!("process {} ({})", std::process::id(), self.typed)
    }

    /// Says something that only the curious want to know.
    fn whisper(&self, message: &str) {
        if self.verbose {
            self.say(message);
        }
    }

    /// Says something on the side, unless it is to be quiet.
    fn say(&self, message: &str) {
        if !self.quiet {
            anstream::eprintln!("{}", present::printable(message));
        }
    }
}

/// A kind of file, as an option.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Png,
    Pdf,
}

impl From<Format> for certificate::Format {
    fn from(format: Format) -> Self {
        match format {
            Format::Png => Self::Png,
            Format::Pdf => Self::Pdf,
        }
    }
}

/// `1 page`, `2 pages`.
fn counted(count: usize, thing: &str) -> String {
    format!("{count} {thing}{}", if count == 1 { "" } else { "s" })
}

/// Each format once, in the order of [`certificate::Format`].
fn formats(formats: &[Format]) -> Vec<certificate::Format> {
    let mut formats: Vec<certificate::Format> = formats.iter().copied().map(Into::into).collect();
    formats.sort_unstable();
    formats.dedup();
    formats
}

/// The key of a category that was called by key, title or alias.
fn category_key(called: Option<&str>, issuer: &Issuer) -> anyhow::Result<Option<Text>> {
    let category = called.map(|called| category_called(called, "--category", issuer));
    Ok(category.transpose()?.map(|category| category.key.clone()))
}

/// The category that an argument calls by key, title or alias.
fn category_called<'a>(
    called: &str,
    argument: &str,
    issuer: &'a Issuer,
) -> anyhow::Result<&'a Category> {
    issuer.category_called(called).ok_or_else(|| {
        let keys: Vec<_> = issuer.categories.iter().map(|c| c.key.as_str()).collect();
        anyhow::anyhow!(
            "{argument} {called:?}: accolade.toml has no such category; it has {}",
            keys.join(", ")
        )
    })
}
