//! An issue that is stopped by ctrl-c, or by a disk that takes no more.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use crate::crash::{ISSUE, PEOPLE, issuer, undisturbed};
use crate::harness::{Folder, Ran};

/// So many that nobody can issue them all before a signal comes.
const MANY: usize = 2000;

/// The files of an issue to all of them that nobody stops.
fn finished() -> &'static BTreeMap<PathBuf, String> {
    static FILES: OnceLock<BTreeMap<PathBuf, String>> = OnceLock::new();
    FILES.get_or_init(|| {
        let folder = issuer(MANY);
        folder.done(ISSUE);
        folder.files()
    })
}

fn signal(child: &Child, name: &str) {
    let kill = format!("kill -{name} {}", child.id());
    assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
}

/// Sends a signal as soon as the register has its first lines. It is a shell that waits for
/// them, so that none has to be started when the time has come.
fn signal_after_lines(folder: &Folder, child: &Child, name: &str) {
    let (register, id) = (folder.file("register.jsonl"), child.id());
    let script = format!(
        "while [ ! -s '{}' ]; do kill -0 {id} || exit; done; kill -{name} {id}",
        register.display()
    );
    assert!(Command::new("sh").args(["-c", &script]).status().unwrap().success());
}

#[test]
fn ctrl_c_finishes_the_batch_in_hand_and_the_next_run_the_rest() {
    for name in ["INT", "TERM"] {
        let folder = issuer(MANY);
        let child =
            folder.command(ISSUE).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        signal_after_lines(&folder, &child, name);
        let ran = Ran::of(child.wait_with_output().unwrap());
        assert_eq!(ran.code, Some(130), "{}", ran.stderr);
        for words in
            ["finishing the batch in hand", "stopped as asked, after ", "the same command again"]
        {
            assert!(ran.stderr.contains(words), "{}", ran.stderr);
        }
        let issued = folder.list().len();
        assert!(issued.is_multiple_of(32) && issued < MANY, "{issued}");
        let files = std::fs::read_dir(folder.file("certificate/2020/volunteer")).unwrap();
        assert_eq!(files.count(), 2 * issued);
        assert!(!folder.file(".register.holder").exists());
        let ran = folder.done(ISSUE);
        let rest = format!("issued {} certificates", MANY - issued);
        assert!(ran.stderr.contains(&rest), "{}", ran.stderr);
        assert!(!ran.stderr.contains("restored"), "{}", ran.stderr);
        assert_eq!(folder.files(), *finished());
    }
}

#[test]
fn a_second_ctrl_c_ends_at_once_and_loses_nothing() {
    let folder = issuer(MANY);
    let mut child =
        folder.command(ISSUE).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    signal_after_lines(&folder, &child, "INT");
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    stderr.read_line(&mut line).unwrap();
    assert!(line.contains("once more"), "{line}");
    signal(&child, "INT");
    assert_eq!(child.wait().unwrap().code(), Some(130));
    folder.done(ISSUE);
    assert_eq!(folder.files(), *finished());
}

/// Runs the binary where no file may be larger than so many bytes.
fn run_limited(folder: &Folder, bytes: usize) -> Ran {
    // The unit is half a KiB by POSIX and a whole one in some shells.
    let script =
        format!("ulimit -f {}; [ $(ulimit -f) = unlimited ] && exit 9; exec \"$@\"", bytes / 512);
    let command = folder.command(ISSUE);
    let output = Command::new("sh")
        .args(["-c", &script, "sh"])
        .arg(command.get_program())
        .args(command.get_args())
        .output()
        .unwrap();
    Ran::of(output)
}

#[test]
fn a_register_that_cannot_grow_keeps_whole_lines() {
    let folder = issuer(PEOPLE);
    let ran = run_limited(&folder, 100 << 10);
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    for words in ["cannot write", "register.jsonl", "hint: "] {
        assert!(ran.stderr.contains(words), "{}", ran.stderr);
    }
    let register = folder.read("register.jsonl");
    assert!(register.ends_with("}\n"));
    let issued = folder.list().len();
    assert!(issued > 0 && issued < PEOPLE, "{issued}");
    assert_eq!(register.lines().count(), issued + 1);
    folder.done(ISSUE);
    assert_eq!(folder.files(), undisturbed().files);
}

#[test]
fn files_that_cannot_be_written_are_restored_by_the_next_run() {
    let folder = issuer(PEOPLE);
    // Large enough for the first lines of the register, and too small for a PDF.
    let ran = run_limited(&folder, 1 << 10);
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    for words in ["cannot write", "hint: "] {
        assert!(ran.stderr.contains(words), "{}", ran.stderr);
    }
    folder.done(ISSUE);
    assert_eq!(folder.files(), undisturbed().files);
}

#[cfg(target_os = "linux")]
#[test]
#[ignore = "needs root, to mount a small disk"]
fn a_full_disk_loses_nothing() {
    let folder = issuer(PEOPLE);
    for size in ["64k", "200k", "400k", "1m"] {
        let disk = Folder::empty();
        let mount = format!("mount -t tmpfs -o size={size} tmpfs {}", disk.path().display());
        assert!(Command::new("sh").args(["-c", &mount]).status().unwrap().success());
        let copy = format!("cp -r {}/. {}", folder.path().display(), disk.path().display());
        assert!(Command::new("sh").args(["-c", &copy]).status().unwrap().success());
        let ran = disk.run(ISSUE);
        assert_eq!(ran.code, Some(1), "{}", ran.stderr);
        assert!(ran.stderr.contains("make room on the disk"), "{}", ran.stderr);
        let grow = format!("mount -o remount,size=64m {}", disk.path().display());
        assert!(Command::new("sh").args(["-c", &grow]).status().unwrap().success());
        disk.done(ISSUE);
        let files = disk.files();
        let unmount = format!("umount {}", disk.path().display());
        assert!(Command::new("sh").args(["-c", &unmount]).status().unwrap().success());
        assert_eq!(files, undisturbed().files, "{size}");
    }
}
