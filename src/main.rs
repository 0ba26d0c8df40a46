//! The `accolade` program: all of it is in the library; here is only the exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    accolade::cli::run(std::env::args_os())
}
