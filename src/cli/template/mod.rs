//! `accolade template`: templates made, and looked over before anyone stands on them.

mod check;
mod new;

use clap::{Args, Subcommand};

use super::Global;

/// Make and look over templates.
#[derive(Debug, Args)]
#[command(arg_required_else_help = true)]
pub(super) struct Template {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    New(new::New),
    Check(check::Check),
}

impl Template {
    pub(super) fn run(self, global: &Global) -> anyhow::Result<()> {
        match self.command {
            Command::New(new) => new.run(global),
            Command::Check(check) => check.run(global),
        }
    }
}
