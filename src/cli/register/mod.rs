//! `accolade register`: the register looked over, and settled after a merge.

mod renumber;
mod upstream;
mod verify;

use clap::{Args, Subcommand};

use super::Global;

/// Look over the register, or settle it after a merge.
#[derive(Debug, Args)]
pub(super) struct Register {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List every line of the register that cannot be read or says what cannot be.
    #[command(after_help = verify::EXAMPLES)]
    Verify,
    Renumber(renumber::Renumber),
}

impl Register {
    pub(super) fn run(self, global: &Global) -> anyhow::Result<()> {
        match self.command {
            Command::Verify => verify::run(global),
            Command::Renumber(command) => command.run(global),
        }
    }
}
