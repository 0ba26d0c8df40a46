//! The `accolade` program: all of it is in the library; here is only the exit code.

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// Files come and go by the thousand beside what stays: glibc's allocator leaves holes between
/// them that add up to gigabytes, and this one does not.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    accolade::cli::run(std::env::args_os())
}
