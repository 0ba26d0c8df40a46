//! Names that would lead elsewhere, or meet in one file: no path leaves its folder, and nobody
//! overwrites anybody.

use std::path::Path;

use crate::harness::{Folder, Ran, template};

/// Names of people, as a roster may have them, that are no names of files everywhere.
fn hostile() -> Vec<String> {
    let plain = [
        "../../etc/passwd",
        "..\\..\\windows\\x",
        "/etc/passwd",
        "C:\\x",
        "CON",
        "nul.txt",
        "a/b",
        ".hidden",
        "..",
        "dot.",
        "what? \"this\" <is> *it*|",
        "-rf",
        "~",
        "$HOME",
        "%2e%2e%2f",
        "README",
    ];
    plain.into_iter().map(str::to_owned).collect()
}

/// An issuer three folders down, so that whatever leads out of its folder is seen.
fn issuer(names: &[String]) -> Folder {
    let folder = Folder::empty();
    let config = Folder::issuer().read("accolade.toml");
    folder.write("a/b/issuer/accolade.toml", config);
    roster(&folder, names);
    folder
}

fn roster(folder: &Folder, names: &[String]) {
    let quoted = names.iter().map(|name| format!("\"{}\"\n", name.replace('"', "\"\"")));
    let roster = format!("name\n{}", quoted.collect::<String>());
    folder.write("a/b/issuer/roster.csv", roster);
}

fn run(folder: &Folder, arguments: &str) -> Ran {
    folder.run(&format!("-C a/b/issuer {arguments}"))
}

const ISSUE: &str =
    "issue roster.csv --category lecturer --year 2020 --date 2021-02-01 --format pdf";

/// The files below the folder, but for those of the issuer and those in these places.
fn astray(folder: &Folder, places: &[&str]) -> Vec<String> {
    let files = folder.files();
    let own = ["accolade.toml", "roster.csv", "register.jsonl"];
    let own = own.map(|file| format!("a/b/issuer/{file}"));
    let astray = files.keys().filter(|path| {
        let parent = path.parent().unwrap();
        let expected = places.iter().any(|place| parent == Path::new(place));
        !expected && !own.iter().any(|own| *path == Path::new(own))
    });
    astray.map(|path| path.to_str().unwrap().to_owned()).collect()
}

#[test]
fn no_name_leaves_its_folder() {
    let names = hostile();
    let folder = issuer(&names);
    let ran = run(&folder, ISSUE);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let places = ["a/b/issuer/certificate/2020/lecturer"];
    assert_eq!(astray(&folder, &places), [""; 0]);
    assert_eq!(folder.files().len(), 3 + names.len());

    let ran = run(&folder, "export 2020 --to ../out");
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let places = [places[0], "a/b/out/lecturer"];
    assert_eq!(astray(&folder, &places), ["a/b/out/SHA256SUMS", "a/b/out/manifest.json"]);
    assert_eq!(folder.files().len(), 3 + 2 * names.len() + 2);

    let ran = run(&folder, "honor-roll 2020 --write");
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let own = [places[0], places[1], "a/b/out", "a/b/issuer/certificate/2020"];
    assert_eq!(astray(&folder, &own), [""; 0]);
    let page = folder.read("a/b/issuer/certificate/2020/lecturer/README.md");
    assert_eq!(page.matches("\n- [").count(), names.len(), "{page}");
    for link in page.split("](").skip(1).map(|rest| rest.split(')').next().unwrap()) {
        assert!(!link.contains(['/', '\\', ':', '<', '"']), "{link}");
    }
    let ran = run(&folder, "check");
    assert_eq!(ran.code, Some(0), "{}", ran.stdout);
}

#[test]
fn names_that_would_meet_in_one_file_are_refused_before_anything_is_written() {
    let long = "万".repeat(85);
    for [first, second] in [
        ["a/b", "a\\b"],
        ["a/b", "a_b"],
        ["Ann", "ANN"],
        ["CON", "_con"],
        [".x", "_.x"],
        ["dot.", "dot_"],
        ["Straße?", "straße*"],
        [&format!("{long}一"), &format!("{long}二")],
    ] {
        let folder = issuer(&[first.to_owned(), second.to_owned()]);
        let before = folder.files();
        let ran = run(&folder, ISSUE);
        assert_eq!(ran.code, Some(1), "{first} {second}");
        assert!(ran.stderr.contains("row 3"), "{first} {second}\n{}", ran.stderr);
        assert!(ran.stderr.contains("share the file"), "{first} {second}\n{}", ran.stderr);
        assert_eq!(folder.files(), before);

        // One after the other is no better.
        roster(&folder, &[first.to_owned()]);
        if run(&folder, ISSUE).code != Some(0) {
            // Too long to be set.
            continue;
        }
        let before = folder.files();
        roster(&folder, &[second.to_owned()]);
        let roster = folder.files();
        let ran = run(&folder, ISSUE);
        assert_eq!(ran.code, Some(1), "{first} {second}");
        assert!(ran.stderr.contains("share the file"), "{first} {second}\n{}", ran.stderr);
        assert_eq!(folder.files(), roster);
        assert_eq!(folder.files().len(), before.len());
    }
}

#[test]
fn a_name_of_255_bytes_has_a_file_that_every_system_takes() {
    let config = Folder::issuer().read("accolade.toml");
    let short = "[issuer]\ncertificate_url = \"https://example.org/{year}\"";
    let config = config.replace("[issuer]", short);
    let names = ["x".repeat(255), "沈".repeat(85)];
    let folder = issuer(&names);
    // A template with a line for them: a long name is set small.
    for (file, content) in template("aurora") {
        let line = |line: &str| {
            if line.starts_with("min_size") { "min_size = 1".to_owned() } else { line.to_owned() }
        };
        let content = content.lines().map(line).collect::<Vec<_>>().join("\n");
        folder.write(&format!("a/b/issuer/templates/small/{file}"), content);
    }
    folder.write("a/b/issuer/accolade.toml", config.replace("\"aurora\"", "\"small\""));
    let ran = run(&folder, ISSUE);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let files = std::fs::read_dir(folder.file("a/b/issuer/certificate/2020/lecturer")).unwrap();
    let lengths: Vec<usize> = files.map(|file| file.unwrap().file_name().len()).collect();
    assert_eq!(lengths.len(), 2);
    assert!(lengths.iter().all(|length| *length <= 204), "{lengths:?}");
}

#[test]
fn what_turns_the_text_around_it_is_refused_or_harmless() {
    for name in ["a\u{202e}gpj.exe", "\u{2066}x\u{2069}", "a\u{200f}b"] {
        let folder = issuer(&[name.to_owned()]);
        let ran = run(&folder, ISSUE);
        if ran.code == Some(0) {
            run(&folder, "honor-roll 2020 --write");
        }
        let turns = |text: &str| text.contains(['\u{202e}', '\u{2066}', '\u{2069}', '\u{200f}']);
        let files = folder.files();
        assert!(!files.keys().any(|path| turns(path.to_str().unwrap())), "{name:?}");
        let page =
            std::fs::read_to_string(folder.file("a/b/issuer/certificate/2020/lecturer/README.md"));
        assert!(!page.is_ok_and(|page| turns(&page)), "{name:?}");
    }
}

#[test]
fn an_export_does_not_put_two_into_one_file_either() {
    let folder = issuer(&[]);
    let config = folder.read("a/b/issuer/accolade.toml");
    let config = format!("output = \"certificate/{{key}}/{{id}}\"\n{config}");
    folder.write("a/b/issuer/accolade.toml", config);
    folder.write("a/b/issuer/roster.csv", "name,key\na/b,k1\na_b,k2\n");
    let ran = run(&folder, ISSUE);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let before = folder.files();
    let ran = run(&folder, "export 2020 --to ../out");
    assert_eq!(ran.code, Some(1));
    for word in ["a/b", "a_b", "alias"] {
        assert!(ran.stderr.contains(word), "{}", ran.stderr);
    }
    assert_eq!(folder.files(), before);
}
