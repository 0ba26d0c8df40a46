//! An export where an earlier one is: what is replaced, what was changed since, and what an export
//! that was killed has left halfway.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::Path;

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::harness::Folder;

/// Four certificates in PDF, handed out in `out`.
fn handed_out() -> Folder {
    let roster = "name,category\n沈旭,volunteer\nAnn,volunteer\n马宏菊,volunteer\nBob,lecturer\n";
    let folder = Folder::issuer().with("roster.csv", roster);
    folder.done("issue roster.csv --year 2020 --date 2021-02-01 --format pdf");
    folder.done("export 2020 --to out");
    folder
}

/// The files of one of its folders.
fn below(folder: &Folder, place: &str) -> BTreeMap<String, String> {
    let files = folder.files().into_iter().filter_map(|(path, digest)| {
        let path = path.strip_prefix(place).ok()?.to_str()?.replace('\\', "/");
        Some((path, digest))
    });
    files.collect()
}

fn refused(folder: &Folder, arguments: &str, place: &str) {
    let before = folder.files();
    let ran = folder.run(arguments);
    assert_eq!(ran.code, Some(1), "{arguments}");
    for words in [place, "is not of this export", "--force"] {
        assert!(ran.stderr.contains(words), "{}", ran.stderr);
    }
    assert_eq!(folder.files(), before);
}

#[test]
fn what_somebody_has_changed_since_is_not_replaced() {
    let folder = handed_out();
    let place = "out/volunteer/V20200001.pdf";
    let issued = fs::read(folder.file(place)).unwrap();
    let annotated = [&issued[..], b"% well done"].concat();
    // Of the same size too.
    let mut other = issued.clone();
    *other.last_mut().unwrap() ^= 1;
    for changed in [annotated, other] {
        folder.write(place, changed);
        refused(&folder, "export 2020 --to out", "V20200001.pdf");
    }
    folder.done("export 2020 --to out --force");
    assert!(fs::read(folder.file(place)).unwrap() == issued);
}

#[test]
fn what_a_manifest_lists_is_no_export_of_ours_unless_it_is_that_very_file() {
    let folder = handed_out();
    let work = "years of work";
    let digest = accolade::disk::hex(Sha256::new_with_prefix(work));
    // A digest that is right makes a certificate of nothing that is not called like one.
    for (name, sha256) in [("thesis.pdf", "0".repeat(64)), ("thesis.doc", digest)] {
        folder.write(&format!("out/volunteer/{name}"), work);
        let mut manifest: Value = serde_json::from_str(&folder.read("out/manifest.json")).unwrap();
        let files = manifest["certificates"][0]["files"].as_array_mut().unwrap();
        let place = format!("volunteer/{name}");
        files.push(serde_json::json!({ "path": place, "bytes": 13, "sha256": sha256 }));
        folder.write("out/manifest.json", manifest.to_string());
        refused(&folder, "export 2020 --to out", name);
        if name == "thesis.pdf" {
            std::fs::remove_file(folder.file("out/volunteer/thesis.pdf")).unwrap();
        }
    }
    folder.done("export 2020 --to out --force");
    assert_eq!(folder.read("out/volunteer/thesis.doc"), "years of work");
}

/// Moves a file, over what is there.
fn moved(folder: &Folder, from: &str, to: &str, name: &str) {
    let to = folder.file(to).join(name);
    fs::create_dir_all(to.parent().unwrap()).unwrap();
    fs::rename(folder.file(from).join(name), to).unwrap();
}

fn copied(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().flatten() {
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copied(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

/// As when the program was killed between any two steps of its last part.
#[test]
fn what_a_killed_export_has_moved_only_in_part_is_ours() {
    const PART: &str = "out/.accolade-Xy12.part";
    let folder = handed_out();
    fs::rename(folder.file("out"), folder.file("earlier")).unwrap();
    // One file is another, and a picture beside it, one category is gone, one person is new.
    folder.done("reissue V20200001 --name 沈日");
    folder.done("revoke Bob --reason moved");
    folder.write("more.csv", "name,category\nUma,volunteer\n");
    folder.done("issue more.csv --year 2020 --date 2021-02-01 --format pdf");
    folder.done("export 2020 --to later");
    let later = below(&folder, "later");
    let names: Vec<&str> = later.keys().map(String::as_str).collect();
    let (papers, files): (Vec<&str>, Vec<&str>) =
        names.into_iter().partition(|name| !name.contains('/'));
    assert_eq!((papers.as_slice(), files.len()), (&["SHA256SUMS", "manifest.json"][..], 5));
    for earlier in ["earlier", "nothing"] {
        for steps in 0..=files.len() + 1 + papers.len() {
            let _ = fs::remove_dir_all(folder.file("out"));
            fs::create_dir_all(folder.file("nothing")).unwrap();
            copied(&folder.file(earlier), &folder.file("out"));
            copied(&folder.file("later"), &folder.file(PART));
            for name in files.iter().take(steps) {
                moved(&folder, PART, "out", name);
            }
            if steps > files.len() {
                let _ = fs::remove_dir_all(folder.file("out/lecturer"));
            }
            for name in papers.iter().take(steps.saturating_sub(files.len() + 1)) {
                moved(&folder, PART, "out", name);
            }
            if steps == 2 {
                // The next one was killed too, and earlier.
                fs::create_dir_all(folder.file("out/.accolade-Zz34.part/volunteer")).unwrap();
            }
            folder.done("export 2020 --to out");
            assert_eq!(below(&folder, "out"), later, "{earlier}, {steps}");
            let entries = fs::read_dir(folder.file("out")).unwrap();
            assert_eq!(entries.count(), papers.len() + 1, "{earlier}, {steps}");
        }
    }
}

#[test]
fn an_archive_that_somebody_has_changed_is_not_replaced() {
    let folder = handed_out();
    folder.done("export 2020 --to out.zip");
    let archive = folder.file("out.zip");
    let exported = fs::read(&archive).unwrap();
    let place = "volunteer/V20200001.pdf";
    // A file that was added, and one of the same name and size that says something else.
    for (name, flip) in [("notes.txt", 0), (place, 1)] {
        let mut old = zip::ZipArchive::new(std::io::Cursor::new(&exported)).unwrap();
        let mut zip = zip::ZipWriter::new(fs::File::create(&archive).unwrap());
        for at in 0..old.len() {
            let entry = old.by_index(at).unwrap();
            if entry.name().unwrap() != name {
                zip.raw_copy_file(entry).unwrap();
            }
        }
        let mut bytes = fs::read(folder.file("out").join(place)).unwrap();
        *bytes.last_mut().unwrap() ^= flip;
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(&bytes).unwrap();
        zip.finish().unwrap();
        refused(&folder, "export 2020 --to out.zip", name);
    }
    folder.done("export 2020 --to out.zip --force");
    assert!(fs::read(&archive).unwrap() == exported);
    folder.done("export 2020 --to out.zip");
}
