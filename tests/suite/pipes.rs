//! Pipes where files should be: nobody waits for them.
#![cfg(unix)]

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::harness::{Folder, Ran};

fn pipe(folder: &Folder, place: &str) {
    let path = folder.file(place);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let _ = std::fs::remove_file(&path);
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

/// Runs the binary, which would wait for ever if it waited at all.
fn run(folder: &Folder, arguments: &str) -> Ran {
    let command = &mut folder.command(arguments);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let (mut child, begun) = (command.spawn().unwrap(), Instant::now());
    while child.try_wait().unwrap().is_none() {
        if begun.elapsed() > Duration::from_mins(1) {
            child.kill().unwrap();
            panic!("accolade {arguments} waits for a pipe");
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    Ran::of(child.wait_with_output().unwrap())
}

#[test]
fn no_command_waits_for_a_pipe() {
    let folder = Folder::issuer().with("roster.csv", "name,category\n沈旭,volunteer\n");
    folder.done("issue roster.csv --year 2020 --date 2021-02-01 --format pdf");
    for (place, arguments, code) in [
        ("x.zip", "export 2020 --to x.zip", 1),
        ("x.pdf", "export 2020 --to x.pdf", 1),
        ("out/manifest.json", "export 2020 --to out", 1),
        ("certificate/2020/volunteer/README.md", "honor-roll 2020 --write", 1),
        ("key", "sign --key key", 1),
        ("signers", "verify certificate --signers signers", 1),
        ("register.jsonl.sig", "check", 3),
        // What is lost is drawn anew.
        ("certificate/2020/volunteer/V20200001.pdf", "export 2020 --to set", 0),
        ("register.jsonl", "list", 1),
        ("accolade.toml", "check", 1),
    ] {
        pipe(&folder, place);
        let ran = run(&folder, arguments);
        assert_eq!(ran.code, Some(code), "{place}: {}{}", ran.stdout, ran.stderr);
        assert!(!folder.file(".accolade-x.zip.lock").exists());
    }
}

#[test]
fn a_roster_may_come_through_a_pipe() {
    let folder = Folder::issuer();
    let accolade = env!("CARGO_BIN_EXE_accolade");
    let script = format!(
        "printf 'name,category\\nAnn,volunteer\\n' | '{accolade}' -C '{}' issue /dev/stdin --dry-run",
        folder.path().display()
    );
    let ran = Ran::of(Command::new("sh").args(["-c", &script]).output().unwrap());
    assert!(ran.code == Some(0) && ran.stdout.contains("Ann"), "{}{}", ran.stdout, ran.stderr);
}
