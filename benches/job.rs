//! The whole job, as a user runs it: the example's 86 people, from the roster to files and register.

use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

fn main() {
    divan::main();
}

/// An issuer's folder of its own, with the example's configuration and roster.
fn issuer() -> TempDir {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/cloudnative-2020");
    let folder = tempfile::tempdir().unwrap();
    for file in ["accolade.toml", "roster.csv"] {
        std::fs::copy(example.join(file), folder.path().join(file)).unwrap();
    }
    folder
}

fn issue(folder: &Path, cache: &Path, formats: &[&str]) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_accolade"));
    command.env("ACCOLADE_CACHE", cache).arg("-C").arg(folder);
    command.args(["-q", "issue", "roster.csv", "--year", "2020", "--date", "2021-02-01"]);
    for format in formats {
        command.args(["--format", format]);
    }
    assert!(command.stdout(Stdio::null()).status().unwrap().success());
}

/// With templates that are ready, as from the second run on.
#[divan::bench(args = [&["png"][..], &["pdf"], &["png", "pdf"]], sample_count = 10, sample_size = 1)]
fn warm(bencher: divan::Bencher, formats: &[&str]) {
    let cache = tempfile::tempdir().unwrap();
    issue(issuer().path(), cache.path(), formats);
    bencher.with_inputs(issuer).bench_refs(|folder| issue(folder.path(), cache.path(), formats));
}

/// With templates that are made ready first.
#[divan::bench(args = [&["png"][..], &["pdf"]], sample_count = 3, sample_size = 1)]
fn cold(bencher: divan::Bencher, formats: &[&str]) {
    let folders = || (issuer(), tempfile::tempdir().unwrap());
    bencher
        .with_inputs(folders)
        .bench_refs(|(folder, cache)| issue(folder.path(), cache.path(), formats));
}
