//! The register among several processes, crashes and full disks.

use std::fs::File;

use crate::harness::Folder;

/// An issuer with a roster of so many volunteers, and templates that are quick to draw.
fn issuer(people: usize) -> Folder {
    let names: Vec<String> = (1..=people).map(|n| format!("P{n}\n")).collect();
    Folder::issuer().with("roster.csv", format!("name\n{}", names.concat()))
}

const ISSUE: &str = "issue roster.csv --category volunteer --year 2020 --date 2021-02-01";

#[test]
fn who_has_to_wait_is_told_for_whom() {
    let folder = issuer(1);
    let lock = File::create(folder.file(".register.lock")).unwrap();
    lock.lock().unwrap();
    folder.write(".register.holder", "process 7 (accolade issue \u{1b}[31mother.csv)");
    let issue = format!("{ISSUE} --format pdf");
    let ran = folder.run(&format!("{issue} --wait 1"));
    assert_eq!(ran.code, Some(1));
    for words in [
        "waiting for process 7 (accolade issue \u{fffd}[31mother.csv) to finish",
        "process 7 (accolade issue \u{fffd}[31mother.csv) is writing the register",
        "--wait 600",
    ] {
        assert!(ran.stderr.contains(words), "{}", ran.stderr);
    }
    let ran = folder.run(&format!("{issue} --wait 0"));
    assert_eq!(ran.code, Some(1));
    assert!(!ran.stderr.contains("waiting"), "{}", ran.stderr);
    assert!(!folder.file("register.jsonl").exists());
    drop(lock);
    folder.done(&issue);
    assert!(!folder.file(".register.holder").exists());
}
