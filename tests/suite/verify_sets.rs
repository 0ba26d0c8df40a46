//! Folders and ZIPs of certificates, as they are handed on: whole, changed, and made to do harm.

use std::io::{Cursor, Write};
use std::time::{Duration, Instant};

use sha2::Digest;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::harness::Folder;
use crate::verify::{compress_again, issued, verdicts};

fn bad(folder: &Folder, file: &str) -> Vec<(String, String)> {
    let mut bad = verdicts(folder, file);
    bad.retain(|(_, verdict)| verdict != "current");
    bad
}

#[test]
fn a_set_is_verified_file_by_file_also_when_it_was_compressed_again() {
    let folder = issued();
    folder.done("export 2020 --to set");
    folder.done("export 2020 --to set.zip");
    for set in ["set", "set.zip"] {
        assert_eq!(verdicts(&folder, set).len(), 6);
        assert_eq!(bad(&folder, set), []);
    }
    // As some programs fill up what they write.
    let zeros = vec![0; 5000];
    folder.write("filled.zip", [std::fs::read(folder.file("set.zip")).unwrap(), zeros].concat());
    assert_eq!(bad(&folder, "filled.zip"), []);
    // What was never handed out has no manifest, and pages beside it.
    folder.done("honor-roll 2020 --write");
    assert_eq!(bad(&folder, "certificate"), []);
    folder.write("certificate/2020/page.pdf", "no certificate");
    assert_eq!(bad(&folder, "certificate").len(), 1);
    let png = folder.file("set/volunteer/V20200001.png");
    compress_again(&png, &png, |_| {});
    folder.write("set/.DS_Store", "the desktop's");
    // Nobody looks into an archive so that a desktop would leave it there.
    let mut archive = ZipWriter::new_append(
        std::fs::OpenOptions::new().read(true).write(true).open(folder.file("set.zip")).unwrap(),
    )
    .unwrap();
    archive.start_file("volunteer/desktop.ini", SimpleFileOptions::default()).unwrap();
    archive.finish().unwrap();
    let [(file, verdict)] = &bad(&folder, "set.zip")[..] else { panic!("one file more") };
    assert_eq!((file.as_str(), verdict.as_str()), ("volunteer/desktop.ini", "unknown"));
    let ran = folder.done("verify set");
    assert!(ran.stdout.ends_with("set: 6 files, all current and unaltered\n"), "{}", ran.stdout);
    folder.done("verify set/manifest.json");
}

#[test]
fn a_set_that_was_changed_says_where() {
    let folder = issued();
    folder.done("export 2020 --to set");
    let at = |name: &str| folder.file(&format!("set/{name}"));
    let expect = |name: &str, verdict: &str| {
        assert_eq!(bad(&folder, "set"), [(name.to_owned(), verdict.to_owned())]);
    };
    let (one, two) = ("volunteer/V20200001.pdf", "volunteer/V20200002.pdf");
    let (first, second) = (std::fs::read(at(one)).unwrap(), std::fs::read(at(two)).unwrap());

    std::fs::write(at(one), &second).unwrap();
    expect(one, "altered");
    std::fs::remove_file(at(one)).unwrap();
    expect(one, "missing");
    std::fs::write(at(one), &first).unwrap();

    std::fs::write(at("volunteer/copy.pdf"), &first).unwrap();
    expect("volunteer/copy.pdf", "altered");
    std::fs::remove_file(at("volunteer/copy.pdf")).unwrap();

    let sums = folder.read("set/SHA256SUMS");
    folder.write("set/SHA256SUMS", sums.replace('a', "b"));
    expect("SHA256SUMS", "altered");
    folder.write("set/SHA256SUMS", &sums);

    let manifest = folder.read("set/manifest.json");
    std::fs::remove_file(at("SHA256SUMS")).unwrap();
    folder.write("set/manifest.json", manifest.replace("Ann Lee", "Ann Eel"));
    expect("manifest.json", "altered");
    folder.write("set/manifest.json", &manifest[..manifest.len() / 2]);
    expect("manifest.json", "unreadable");
    folder.write("set/manifest.json", &manifest);
    assert_eq!(bad(&folder, "set"), []);

    // A set is of its time.
    folder.done("revoke V20200003 --reason withdrawn");
    let names: Vec<String> = bad(&folder, "set").into_iter().map(|(_, verdict)| verdict).collect();
    assert_eq!(names, ["revoked", "revoked"]);
    assert_eq!(bad(&folder, "set/manifest.json").len(), 1);
    folder.write("empty/.DS_Store", "");
    let ran = folder.run("verify empty");
    assert!(ran.code == Some(3) && ran.stdout.contains("no certificate in it"), "{}", ran.stdout);
}

#[test]
fn a_manifest_is_held_against_the_register_word_by_word() {
    let folder = issued();
    folder.done("revoke V20200003 --reason withdrawn");
    folder.done("export 2020 --to set");
    std::fs::remove_file(folder.file("set/SHA256SUMS")).unwrap();
    let manifest = folder.read("set/manifest.json");
    let state: serde_json::Value = serde_json::from_str(&manifest).unwrap();
    let sha256 = state["register"]["sha256"].as_str().unwrap();
    for (from, to, words) in [
        ("\n  \"issuer\": \"云原生社区\"", "\n  \"issuer\": \"Eve\"", "its manifest names, Eve"),
        ("\n  \"url\": \"https://example.org", "\n  \"url\": \"https://e.org", "not the issuer's"),
        ("\n  \"url\": \"https://example.org\"", "\n  \"url\": \"https://\"", "not the issuer's"),
        ("\n  \"year\": 2020", "\n  \"year\": 2021", "is of 2021, and lists one of 2020"),
        (sha256, &"0".repeat(64), "of no state of this register"),
        ("\"lines\": 5", "\"lines\": 4", "of no state of this register"),
        ("\"status\": \"current\"", "\"status\": \"revoked\"", "listed as revoked"),
        ("\"status\": \"current\"", "\"status\": \"forgotten\"", "listed as forgotten"),
        ("2021-02-01", "2021-02-02", "it says something else of itself"),
        ("\"id\": \"V20200001\"", "\"id\": \"V20209999\"", "there is no such certificate"),
        ("\"category\": \"volunteer\"", "\"category\": \"evil\"", "there is no such certificate"),
        // One that was revoked, and never issued.
        ("\"id\": \"V20200003\"", "\"id\": \"V20209999\"", "there is no such certificate"),
        ("\"files\": [", "\"files\": [], \"were\": [", "no file of it is listed"),
    ] {
        assert!(manifest.contains(from), "{from}");
        folder.write("set/manifest.json", manifest.replacen(from, to, 1));
        for file in ["set", "set/manifest.json"] {
            let ran = folder.run(&format!("verify {file}"));
            assert_eq!(ran.code, Some(3), "{to}: {}{}", ran.stdout, ran.stderr);
            assert!(ran.stdout.contains(words), "{to}: {}", ran.stdout);
        }
    }
    folder.write("set/manifest.json", &manifest);
    assert!(!folder.done("verify set").stderr.contains("state of the register"));
    // It never had so many.
    let none = digest_of(&folder.read("register.jsonl"), 1);
    let early = manifest.replace(sha256, &none).replace("\"lines\": 5", "\"lines\": 1");
    folder.write("set/manifest.json", early);
    let ran = folder.run("verify set");
    assert!(ran.stdout.contains("more than the register had then"), "{}", ran.stdout);
    folder.write("set/manifest.json", &manifest);

    folder.write("late.csv", "name,category\n崔浩,volunteer\n");
    folder.done("issue late.csv --year 2021 --date 2022-02-01");
    let ran = folder.done("verify set");
    assert!(ran.stderr.contains("of an earlier state of the register"), "{}", ran.stderr);
    // Whom one year forgets, another does not miss.
    folder.done("export 2021 --to later");
    folder.done("forget V20200002 --yes");
    let ran = folder.done("verify later");
    assert!(ran.stderr.contains("somebody was forgotten since"), "{}", ran.stderr);
}

/// The SHA-256 of the first lines of a text.
fn digest_of(text: &str, lines: usize) -> String {
    let first: String = text.split_inclusive('\n').take(lines).collect();
    let digest = sha2::Sha256::digest(first);
    digest.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat()
}

/// A ZIP of these files; then, as no writer would make it, one text is written over another.
fn zip(files: &[(&str, &[u8])], change: (&str, &str)) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    let mut bytes = zip.finish().unwrap().into_inner();
    assert_eq!(change.0.len(), change.1.len());
    for at in 0..bytes.len() {
        if !change.0.is_empty() && bytes[at..].starts_with(change.0.as_bytes()) {
            bytes[at..at + change.1.len()].copy_from_slice(change.1.as_bytes());
        }
    }
    bytes
}

#[test]
fn an_archive_that_is_made_to_do_harm_does_none() {
    let folder = issued();
    let two: [(&str, &[u8]); 2] = [("a/one.png", b"1"), ("a/two.png", b"2")];
    let whole = zip(&two, ("", ""));
    let mut overlap = whole.clone();
    // Both are where the first is (APPNOTE 4.3.12, relative offset of local header).
    let central = |bytes: &[u8]| bytes.windows(4).rposition(|four| four == b"PK\x01\x02").unwrap();
    let place = central(&overlap) + 42;
    overlap[place..place + 4].fill(0);
    let zeros = vec![0; 200 << 20];
    let mut lying = whole.clone();
    let many = lying.windows(4).rposition(|four| four == b"PK\x05\x06").unwrap();
    lying[many + 8..many + 12].fill(0xfe);
    // Who reads the list at the end sees another file than who reads from the front.
    let mut renamed = whole.clone();
    let listed = central(&renamed) + 46;
    renamed[listed..listed + 9].copy_from_slice(b"a/six.png");
    let mut unlisted = zip(&two, ("", ""));
    let list = unlisted.windows(4).position(|four| four == b"PK\x01\x02").unwrap();
    let hidden = b"PK\x03\x04\x14\0\0\0\0\0\0\0!\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\0\0\0x";
    unlisted.splice(list..list, *hidden);
    let place = unlisted.len() - 6;
    unlisted[place] += hidden.len() as u8;
    for (name, bytes, words) in [
        ("renamed.zip", renamed, "not of the files in it"),
        ("unlisted.zip", unlisted, "not of the files in it"),
        ("before.zip", [whole.clone(), whole.clone()].concat(), "something else as well"),
        ("behind.zip", [&whole[..], b"<script>"].concat(), "something else as well"),
        ("up.zip", zip(&two, ("a/two.png", "../wo.png")), "leads out of it"),
        ("absolute.zip", zip(&two, ("a/two.png", "/etc/helo")), "leads out of it"),
        ("back.zip", zip(&two, ("a/two.png", "..\\wo.png")), "leads out of it"),
        ("drive.zip", zip(&two, ("a/two.png", "C:two.png")), "leads out of it"),
        ("twice.zip", zip(&two, ("a/two.png", "a/one.png")), "same name"),
        ("overlap.zip", overlap, "one upon the other"),
        ("bomb.zip", zip(&[("a.png", &zeros)], ("", "")), "larger than the limit"),
        ("lying.zip", lying, "not to be believed"),
        ("half.zip", whole[..whole.len() / 2].to_vec(), "not to be believed"),
        ("mark.zip", b"PK\x03\x04".to_vec(), "not to be believed"),
        ("empty.zip", zip(&[], ("", "")), "no certificate in it"),
    ] {
        folder.write(name, bytes);
        let before = folder.files();
        let begun = Instant::now();
        let ran = folder.run(&format!("verify {name}"));
        assert_eq!(ran.code, Some(3), "{name}: {}{}", ran.stdout, ran.stderr);
        assert!(ran.stdout.contains(words), "{name}: {}", ran.stdout);
        assert!(begun.elapsed() < Duration::from_secs(20), "{name}");
        assert_eq!(folder.files(), before);
        std::fs::remove_file(folder.file(name)).unwrap();
    }
}

#[test]
fn a_manifest_that_is_made_to_do_harm_does_none() {
    let folder = issued();
    folder.done("export 2020 --to set");
    let manifest = folder.read("set/manifest.json");
    let path = "volunteer/V20200001.png";
    let nested = format!("{{\"more\": {}", "[".repeat(1 << 20));
    for (text, words) in [
        (manifest.replace(path, "../../register.jsonl"), "leads out of its folder"),
        (manifest.replace(path, "/etc/passwd"), "leads out of its folder"),
        (manifest.replace(path, "volunteer\\\\a.png"), "leads out of its folder"),
        (manifest.replace("V20200002.png", "V20200001.png"), "twice"),
        (manifest.replace("\"version\": 1", "\"version\": 9"), "version 9"),
        (manifest.replace("\"accolade\"", "\"another\""), "another"),
        (nested, "EOF while parsing"),
        ("{}".to_owned(), "no manifest of accolade"),
    ] {
        folder.write("set/manifest.json", text);
        for file in ["set", "set/manifest.json"] {
            let ran = folder.run(&format!("verify {file}"));
            assert_eq!(ran.code, Some(3), "{words}: {}{}", ran.stdout, ran.stderr);
            assert!(ran.stdout.contains(words), "{words}: {}", ran.stdout);
        }
        // Nor is it believed to be of an earlier export.
        assert_eq!(folder.run("export 2020 --to set").code, Some(1), "{words}");
    }
}

/// A file of a set may be a link to anything.
#[test]
#[cfg(unix)]
fn links_that_lead_out_and_pipes_are_not_read() {
    let folder = issued();
    folder.done("export 2020 --to set");
    std::os::unix::fs::symlink("/etc/passwd", folder.file("set/link.png")).unwrap();
    std::os::unix::fs::symlink(folder.path(), folder.file("set/round")).unwrap();
    let pipe = std::process::Command::new("mkfifo").arg(folder.file("set/pipe")).status();
    assert!(pipe.unwrap().success());
    let bad: Vec<String> = bad(&folder, "set").into_iter().map(|(file, _)| file).collect();
    assert_eq!(bad, ["link.png", "pipe", "round"]);
}

#[test]
fn who_was_known_by_another_name_then_is_superseded_and_not_unknown() {
    let folder =
        Folder::issuer().with("roster.csv", "name,category\nGrace,lecturer\nBob,lecturer\n");
    folder.done("issue roster.csv --year 2020 --date 2021-02-01 --format pdf");
    folder.done("export 2020 --to out");
    folder.done("reissue Grace --name Graça --reason typo");
    let ran = folder.run("verify out");
    assert_eq!(ran.code, Some(3));
    assert!(ran.stdout.contains("superseded"), "{}", ran.stdout);
    assert!(!ran.stdout.contains("no such certificate"), "{}", ran.stdout);
    assert!(ran.stderr.contains("out is of an earlier state"), "{}", ran.stderr);
}
