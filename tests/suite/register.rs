//! The register looked over: every bad line is named, and what is sound is said.

use serde_json::Value;

use crate::harness::Folder;

#[test]
fn every_bad_line_is_named() {
    let folder = Folder::issuer()
        .with("roster.csv", "name,category\nAnn,volunteer\nBob,volunteer\nCid,volunteer\n");
    folder.done("issue roster.csv --year 2020 --date 2021-02-01 --format pdf");
    let ran = folder.done("register verify");
    assert_eq!(ran.stdout, "all is sound: 3 events of 3 certificates\n");

    let register = folder.read("register.jsonl");
    let mut lines: Vec<&str> = register.lines().collect();
    lines[1] = "{\"event\":\"issued\"}";
    lines[2] = "<<<<<<< HEAD";
    folder.write("register.jsonl", lines.join("\n") + "\n{\"event\":\"iss");
    let before = folder.files();
    let ran = folder.run("register verify");
    assert_eq!(ran.code, Some(3));
    let places: Vec<_> = ran.stdout.lines().map(|line| line.split(": ").next().unwrap()).collect();
    let bad = [2, 3, 5].map(|line| format!("register.jsonl, line {line}"));
    assert_eq!(places, bad);
    assert!(ran.stderr.contains("1 event of 1 certificate"), "{}", ran.stderr);
    let said: Value = serde_json::from_str(&folder.run("register verify --json").stdout).unwrap();
    assert_eq!(said["bad"].as_array().unwrap().len(), 3);

    // Whose line is bad is no stranger: their files are not found fault with.
    let report: Value = serde_json::from_str(&folder.run("check --json").stdout).unwrap();
    let findings = report["findings"].as_array().unwrap();
    assert_eq!(findings.iter().map(|f| f["place"].as_str().unwrap()).collect::<Vec<_>>(), bad);
    assert_eq!(folder.files(), before);

    let ran = folder.run("issue roster.csv --year 2020");
    assert_eq!(ran.code, Some(1));
    assert!(ran.stderr.contains("accolade register verify"), "{}", ran.stderr);
}
