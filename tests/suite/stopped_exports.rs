//! An export that is stopped by ctrl-c, or killed at once.
#![cfg(unix)]

use std::process::{Command, Stdio};

use crate::crash::{ISSUE, issuer};
use crate::harness::{Folder, Ran};

/// So many that nobody can hand them out all before a signal comes.
const MANY: usize = 500;

/// A year whose files are all gone, so that each is drawn anew.
fn issued() -> Folder {
    let folder = issuer(MANY);
    folder.done(&format!("{ISSUE} --format pdf"));
    std::fs::remove_dir_all(folder.file("certificate")).unwrap();
    folder
}

/// Begins an export and sends it a signal as soon as there is a part of it. A shell waits for
/// that, so that none has to be started when the time has come.
fn stopped(folder: &Folder, target: &str, signal: &str) -> Ran {
    let command = &mut folder.command(&format!("export 2020 --to {target}"));
    let child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let place = folder.file(if target.contains('.') { "." } else { target });
    let (id, place) = (child.id(), place.display());
    let script = format!(
        "while set -- '{place}'/.accolade-*.part; [ ! -e \"$1\" ]; do kill -0 {id} || exit; done
         kill -{signal} {id}"
    );
    assert!(Command::new("sh").args(["-c", &script]).status().unwrap().success());
    Ran::of(child.wait_with_output().unwrap())
}

/// Tries until the signal has come in time: a booklet is soon done.
fn stopped_in_time(folder: &Folder, target: &str, signal: &str) -> Ran {
    for _ in 0..100 {
        let ran = stopped(folder, target, signal);
        if ran.code != Some(0) {
            return ran;
        }
        std::fs::remove_file(folder.file(target)).unwrap();
    }
    panic!("{target} is done before a signal can come");
}

#[test]
fn ctrl_c_leaves_nothing_of_an_export() {
    let folder = issued();
    let before = folder.files();
    for target in ["out", "out.zip", "out.pdf"] {
        let ran = stopped_in_time(&folder, target, "INT");
        assert_eq!(ran.code, Some(130), "{target}: {}", ran.stderr);
        assert!(ran.stderr.contains("stopped as asked; nothing was written"), "{}", ran.stderr);
        assert_eq!(folder.files(), before, "{target}");
        assert!(!folder.file(target).exists());
    }
}

/// A script in the background is deaf to ctrl-c, and what it starts too.
#[test]
fn the_system_is_heard_where_ctrl_c_is_not() {
    let folder = issued();
    let before = folder.files();
    let export = folder.command("export 2020 --to out.zip");
    let script = format!(
        "trap '' INT
         \"$@\" & id=$!
         while set -- '{place}'/.accolade-*.part; [ ! -e \"$1\" ]; do kill -0 $id || exit; done
         kill -TERM $id; wait $id",
        place = folder.path().display()
    );
    let ran = Command::new("sh")
        .args(["-c", &script, "sh"])
        .arg(export.get_program())
        .args(export.get_args())
        .output();
    let ran = Ran::of(ran.unwrap());
    assert_eq!(ran.code, Some(130), "{}", ran.stderr);
    assert!(ran.stderr.contains("nothing was written"), "{}", ran.stderr);
    assert_eq!(folder.files(), before);
}

#[test]
fn what_a_killed_export_has_left_the_next_one_takes_away() {
    let folder = issued();
    folder.write("other/.accolade-out.zip.part", "of another place");
    for target in ["out", "out.zip", "out.pdf"] {
        folder.done(&format!("export 2020 --to {target}"));
    }
    let whole = folder.files();
    for target in ["out", "out.zip", "out.pdf"] {
        let _ = std::fs::remove_file(folder.file(target));
        let ran = stopped_in_time(&folder, target, "KILL");
        assert_eq!(ran.code, None, "{target}: {}", ran.stderr);
        assert_ne!(folder.files(), whole, "{target}");
        folder.done(&format!("export 2020 --to {target}"));
        assert_eq!(folder.files(), whole, "{target}");
    }
}
