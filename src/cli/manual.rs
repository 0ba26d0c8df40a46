//! `accolade completions` and `accolade man`: the command line told to shells and readers.

use std::io::{self, Write};

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::Cli;

/// Print completions for a shell.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  accolade completions bash > ~/.local/share/bash-completion/completions/accolade\n  accolade completions fish > ~/.config/fish/completions/accolade.fish"
)]
pub(super) struct Completions {
    /// The shell.
    shell: Shell,
}

impl Completions {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "accolade", &mut script);
        io::stdout().write_all(&script)?;
        Ok(())
    }
}

/// Print the manual page, of accolade or of one command.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  accolade man | man -l -\n  accolade man issue | man -l -")]
pub(super) struct Man {
    /// The command it is about.
    command: Option<String>,
}

impl Man {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let mut program = Cli::command();
        program.build();
        let command = match &self.command {
            None => program,
            Some(name) => program
                .find_subcommand(name)
                .cloned()
                .ok_or_else(|| anyhow::anyhow!("accolade has no command {name:?}"))?,
        };
        let mut page = Vec::new();
        clap_mangen::Man::new(command).render(&mut page)?;
        io::stdout().write_all(&page)?;
        Ok(())
    }
}
