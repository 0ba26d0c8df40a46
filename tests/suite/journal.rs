//! The register among several processes.

use std::collections::BTreeSet;
use std::fs::File;

use serde_json::Value;

use crate::crash::{ISSUE, issuer};

#[test]
fn who_has_to_wait_is_told_for_whom() {
    let folder = issuer(1);
    let lock = File::create(folder.file(".register.lock")).unwrap();
    lock.lock().unwrap();
    folder.write(".register.holder", "process 7 (accolade issue \u{1b}[31mother.csv)");
    let ran = folder.run(&format!("{ISSUE} --wait 1"));
    assert_eq!(ran.code, Some(1));
    for words in [
        "waiting for process 7 (accolade issue \u{fffd}[31mother.csv) to finish",
        "process 7 (accolade issue \u{fffd}[31mother.csv) is writing, and holds",
        "--wait 600",
    ] {
        assert!(ran.stderr.contains(words), "{}", ran.stderr);
    }
    let ran = folder.run(&format!("{ISSUE} --wait 0"));
    assert_eq!(ran.code, Some(1));
    assert!(!ran.stderr.contains("waiting"), "{}", ran.stderr);
    assert!(!folder.file("register.jsonl").exists());
    drop(lock);
    folder.done(ISSUE);
    assert!(!folder.file(".register.holder").exists());
}

#[test]
fn eight_processes_at_once_give_no_number_twice() {
    let folder = issuer(0);
    let rosters: Vec<String> = (0..8).map(|n| format!("roster{n}.csv")).collect();
    for (n, roster) in rosters.iter().enumerate() {
        let names: Vec<String> = (0..40).map(|person| format!("P{n} {person}\n")).collect();
        folder.write(roster, format!("name\n{}", names.concat()));
    }
    std::thread::scope(|scope| {
        for roster in &rosters {
            let issue = format!("{} --format pdf --wait 600", ISSUE.replace("roster.csv", roster));
            let folder = &folder;
            scope.spawn(move || folder.done(&issue));
        }
    });
    let register = folder.read("register.jsonl");
    let lines: Vec<Value> =
        register.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let ids: Vec<&str> = lines[1..].iter().map(|line| line["id"].as_str().unwrap()).collect();
    let expected: Vec<String> = (1..=320).map(|n| format!("V2020{n:04}")).collect();
    assert_eq!(ids, expected);
    let names: BTreeSet<&str> = lines[1..].iter().map(|l| l["name"].as_str().unwrap()).collect();
    assert_eq!(names.len(), 320);
    let files = std::fs::read_dir(folder.file("certificate/2020/volunteer")).unwrap();
    assert_eq!(files.count(), 320);
}
