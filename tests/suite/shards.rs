//! One roster drawn by several processes: numbers are given once, and the parts make up the whole.

use std::process::Stdio;

use serde_json::Value;

use crate::crash::{ISSUE, issuer};
use crate::harness::{Folder, Ran};

const PEOPLE: usize = 50;

const PARTS: [&str; 4] = ["0/4", "1/4", "2/4", "3/4"];

/// The files of certificates, with their digests.
fn certificates(folder: &Folder) -> Vec<(String, String)> {
    let files = folder.files().into_iter();
    let named = files.map(|(path, digest)| (path.to_str().unwrap().replace('\\', "/"), digest));
    named.filter(|(path, _)| path.starts_with("certificate/")).collect()
}

fn listed(folder: &Folder) -> Value {
    folder.json("list")
}

/// What one process makes of it.
fn whole() -> Folder {
    let folder = issuer(PEOPLE);
    folder.done(ISSUE);
    folder
}

#[test]
fn four_processes_at_once_draw_what_one_would() {
    let whole = whole();
    let folder = issuer(PEOPLE);
    let running: Vec<_> = PARTS
        .map(|part| {
            let mut command = folder.command(&format!("{ISSUE} --shard {part}"));
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        })
        .into_iter()
        .collect();
    for process in running {
        let ran = Ran::of(process.wait_with_output().unwrap());
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    }
    assert_eq!(certificates(&folder), certificates(&whole));
    assert_eq!(listed(&folder), listed(&whole));
    folder.done("check");
    let register = folder.read("register.jsonl");
    let told = |event: &str| register.matches(&format!("\"event\":\"{event}\"")).count();
    assert_eq!((told("issued"), told("drawn")), (PEOPLE, PEOPLE));
    // Who says it again finds nothing to do.
    folder.done(&format!("{ISSUE} --shard 1/4"));
    folder.done(ISSUE);
    assert_eq!(folder.read("register.jsonl"), register);
}

#[test]
fn separate_folders_are_united_line_by_line() {
    let whole = whole();
    let first = issuer(PEOPLE);
    let ran = first.done(&format!("{ISSUE} --only-numbers"));
    assert!(ran.stderr.contains("gave 50 numbers"), "{}", ran.stderr);
    assert_eq!(certificates(&first), []);
    let ran = first.run("check");
    assert_eq!(ran.code, Some(3));
    assert!(ran.stdout.contains("50 certificates have numbers"), "{}", ran.stdout);
    assert!(ran.stdout.trim_end().ends_with("; accolade restore"), "{}", ran.stdout);

    let numbers = first.read("register.jsonl");
    let mut lines = numbers.clone();
    for part in PARTS {
        let folder = issuer(PEOPLE).with("register.jsonl", &numbers);
        folder.done(&format!("{ISSUE} --shard {part}"));
        for (path, _) in certificates(&folder) {
            first.write(&path, std::fs::read(folder.file(&path)).unwrap());
        }
        lines += folder.read("register.jsonl").strip_prefix(&numbers).unwrap();
    }
    first.write("register.jsonl", &lines);
    assert_eq!(certificates(&first), certificates(&whole));
    assert_eq!(listed(&first), listed(&whole));
    first.done("check");
    // All lines of all of them, one behind the other, say the same.
    first.write("register.jsonl", lines.clone() + &lines);
    assert_eq!(listed(&first), listed(&whole));
    first.done("check");
}

#[test]
fn what_no_part_has_drawn_is_finished_by_the_next_command() {
    let whole = whole();
    for finish in ["restore", ISSUE] {
        let folder = issuer(PEOPLE);
        folder.done(&format!("{ISSUE} --shard 3/4"));
        assert_eq!(certificates(&folder).len(), 2 * PEOPLE.div_ceil(4) - 2);
        folder.done(finish);
        assert_eq!(certificates(&folder), certificates(&whole));
        assert_eq!(listed(&folder), listed(&whole));
        folder.done("check");
    }
}

#[test]
fn who_was_taken_back_or_forgotten_before_being_drawn_is_not_drawn() {
    let folder = issuer(4);
    folder.done(&format!("{ISSUE} --only-numbers"));
    folder.done("revoke V20200001 --reason twice");
    folder.done("forget V20200002 --yes");
    folder.done("reissue V20200003 --name Ann --reason typo");
    folder.done("restore");
    folder.done("check");
    let paths: Vec<_> = certificates(&folder).into_iter().map(|(path, _)| path).collect();
    let expected = ["3.pdf", "3.png", "4.pdf", "4.png"]
        .map(|end| format!("certificate/2020/volunteer/V2020000{end}"));
    assert_eq!(paths, expected);
}

#[test]
fn a_set_is_handed_out_in_parts_that_are_the_whole() {
    let folder = issuer(7);
    folder.done(&format!("{ISSUE} --only-numbers"));
    let ran = folder.run("export 2020 --to ../set");
    assert_eq!(ran.code, Some(1));
    assert!(ran.stderr.contains("V20200001 and 6 more have not been drawn"), "{}", ran.stderr);
    assert!(ran.stderr.contains("accolade restore"), "{}", ran.stderr);
    folder.done("restore");
    let files = |name: &str, options: &str| {
        folder.done(&format!("export 2020 --to {name}{options}"));
        let of = |(path, digest): (std::path::PathBuf, String)| {
            let path = path.strip_prefix(name).ok()?.to_str()?.replace('\\', "/");
            path.starts_with("volunteer/").then_some((path, digest))
        };
        folder.files().into_iter().filter_map(of).collect::<Vec<_>>()
    };
    let whole = files("whole", "");
    let mut parts: Vec<_> = PARTS
        .iter()
        .flat_map(|part| files(&part.replace('/', "-of-"), &format!(" --shard {part}")))
        .collect();
    parts.sort();
    assert_eq!(whole.len(), 14);
    assert_eq!(parts, whole);
}

#[test]
fn whose_part_a_certificate_is_stays_the_same_when_another_is_taken_back() {
    let folder = issuer(8);
    folder.done(&format!("{ISSUE} --shard 0/2"));
    folder.done("revoke V20200001 --reason twice");
    folder.done(&format!("{ISSUE} --shard 1/2"));
    folder.done("check");
}

#[test]
fn a_part_without_a_certificate_is_no_failure() {
    let folder = issuer(2);
    folder.done(&format!("{ISSUE} --shard 5/6"));
    folder.done("restore");
    let ran = folder.done("export 2020 --to part --shard 5/6");
    assert!(ran.stderr.contains("part 5/6 has no certificate of 2020"), "{}", ran.stderr);
    assert!(!folder.file("part").exists());
    assert_eq!(folder.json("export 2020 --to part --shard 5/6")["certificates"], 0);
    assert_eq!(folder.run("export 2021 --to part --shard 5/6").code, Some(1));
}

#[test]
fn what_a_killed_part_has_left_is_told_of_and_swept() {
    let folder = issuer(2);
    folder.done(&format!("{ISSUE} --shard 0/2"));
    let left = "certificate/2020/volunteer/.accolade-x.part";
    folder.write(left, "half");
    folder.done(&format!("{ISSUE} --shard 1/2"));
    assert!(folder.file(left).exists(), "another part might have been writing it");
    let notes = folder.json("check")["notes"].clone();
    assert_eq!((&notes[0]["kind"], &notes[0]["place"]), (&"unfinished".into(), &left.into()));
    folder.done("restore");
    assert!(!folder.file(left).exists());
    assert_eq!(folder.json("check")["notes"], Value::Array(Vec::new()));
}

#[test]
fn a_part_that_was_drawn_in_fewer_formats_is_told_of() {
    let folder = issuer(PEOPLE);
    let again = format!("{ISSUE} --shard 0/2");
    folder.done(&format!("{again} --format png"));
    let ran = folder.done(&again);
    assert!(ran.stderr.contains("in fewer formats"), "{}", ran.stderr);
    folder.done(ISSUE);
    assert!(!folder.done(&again).stderr.contains("in fewer formats"));
    assert_eq!(certificates(&folder), certificates(&whole()));
}

#[test]
fn a_part_that_is_none_is_refused() {
    let folder = issuer(1);
    for wrong in ["4/4", "1", "x/4"] {
        let ran = folder.run(&format!("{ISSUE} --shard {wrong}"));
        assert_eq!(ran.code, Some(2));
        assert!(ran.stderr.contains("0/4 for the first of four"), "{}", ran.stderr);
    }
}
