//! The year's set is handed out: the folder, what it says of itself, and what it refuses.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::harness::{Folder, Ran};

const ROSTER: &str = "\
name,category,city
沈旭,志愿者,上海
Ann O’Neil,volunteer,Cork
马宏菊,volunteer,济南
张城（元乙）,lecturer,杭州
";

/// Four certificates, of which the second is revoked and the first has lost a file.
fn issued() -> Folder {
    let folder = Folder::issuer().with("roster.csv", ROSTER);
    folder.done("issue roster.csv --year 2020 --date 2021-02-01");
    folder.done("revoke V20200002 --reason twice");
    folder
}

fn hex(bytes: impl AsRef<[u8]>) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"))
}

/// The files below a folder that is itself in one: name and bytes.
fn below(folder: &Folder, place: &str) -> BTreeMap<PathBuf, String> {
    let files = folder.files().into_iter();
    files
        .filter_map(|(path, digest)| Some((path.strip_prefix(place).ok()?.to_owned(), digest)))
        .collect()
}

#[test]
fn a_folder_has_what_was_lost_and_leaves_out_what_was_revoked() {
    let folder = issued();
    let lost = folder.file("certificate/2020/volunteer/V20200001.png");
    let bytes = std::fs::read(&lost).unwrap();
    std::fs::remove_file(lost).unwrap();
    folder.done("export 2020 --to out");
    assert_eq!(std::fs::read(folder.file("out/volunteer/V20200001.png")).unwrap(), bytes);
    let names: Vec<String> = below(&folder, "out")
        .keys()
        .map(|path| path.to_str().unwrap().replace('\\', "/"))
        .collect();
    assert_eq!(
        names,
        [
            "SHA256SUMS",
            "lecturer/张城（元乙）.pdf",
            "lecturer/张城（元乙）.png",
            "manifest.json",
            "volunteer/V20200001.pdf",
            "volunteer/V20200001.png",
            "volunteer/V20200003.pdf",
            "volunteer/V20200003.png",
        ]
    );
}

#[test]
fn a_manifest_says_all_of_a_set_and_sums_agree() {
    let folder = issued();
    folder.done("export 2020 --to out");
    let manifest: Value = serde_json::from_str(&folder.read("out/manifest.json")).unwrap();
    assert_eq!(manifest["manifest"], "accolade");
    assert_eq!(manifest["issuer"], "云原生社区");
    assert_eq!(manifest["year"], 2020);
    assert_eq!(manifest["register"]["sha256"], hex(folder.read("register.jsonl")));
    assert_eq!(manifest["register"]["lines"], folder.read("register.jsonl").lines().count());
    let certificates = manifest["certificates"].as_array().unwrap();
    let states: Vec<_> = certificates.iter().map(|c| (&c["id"], &c["status"])).collect();
    assert_eq!(states[1], (&"V20200002".into(), &"revoked".into()));
    assert_eq!(certificates[1]["files"], Value::Array(Vec::new()));
    let mut sums = vec![format!("{}  manifest.json", hex(folder.read("out/manifest.json")))];
    for file in certificates.iter().flat_map(|c| c["files"].as_array().unwrap()) {
        let path = file["path"].as_str().unwrap();
        let bytes = std::fs::read(folder.file("out").join(path)).unwrap();
        assert_eq!(file["sha256"], hex(&bytes), "{path}");
        assert_eq!(file["bytes"], bytes.len(), "{path}");
        let pixels = file["pixels"].as_str();
        assert_eq!(pixels.is_some_and(|p| p.starts_with("pixels-sha256:")), path.ends_with("png"));
        sums.push(format!("{}  {path}", hex(&bytes)));
    }
    sums.sort_by(|a, b| a[66..].cmp(&b[66..]));
    assert_eq!(folder.read("out/SHA256SUMS"), sums.join("\n") + "\n");
}

#[test]
fn a_later_export_takes_the_place_of_an_earlier_one() {
    let folder = issued();
    folder.done("export 2020 --to out");
    let first = below(&folder, "out");
    folder.done("export 2020 --to out");
    assert_eq!(below(&folder, "out"), first, "twice the same bytes");
    folder.write("out/.DS_Store", "the desktop's");
    folder.done("revoke 张城（元乙） --reason moved");
    folder.done("export 2020 --to out");
    assert!(!folder.file("out/lecturer").exists(), "what was revoked is taken out");
    assert!(folder.file("out/.DS_Store").exists());
}

#[test]
fn an_export_of_less_does_not_take_the_place_of_one_of_more() {
    let folder = issued();
    // One of more takes that of one of less.
    for target in ["more", "more.zip", "more.pdf"] {
        folder.done(&format!("export 2020 --to {target} --category volunteer"));
        folder.done(&format!("export 2020 --to {target}"));
    }
    for target in ["out", "out.zip", "out.pdf"] {
        folder.done(&format!("export 2020 --to {target}"));
        let before = folder.files();
        for part in ["--category volunteer", "--format pdf", "--shard 0/2"] {
            if target == "out.pdf" && part == "--format pdf" {
                continue;
            }
            let narrow = format!("export 2020 --to {target} {part}");
            let ran = folder.run(&narrow);
            assert_eq!(ran.code, Some(1), "{narrow}");
            assert!(ran.stderr.contains("--force"), "{}", ran.stderr);
            assert_eq!(folder.files(), before, "{narrow}");
        }
    }
    let ran = folder.run("export 2020 --to out --category volunteer --format pdf");
    let words = "out has more than what is to be exported: volunteer/V20200001.png and 3 more";
    assert!(ran.stderr.contains(words), "{}", ran.stderr);
    folder.done("export 2020 --to out --category volunteer --format pdf --force");
    assert_eq!(below(&folder, "out").len(), 4);
    // The same again, after a revocation, and more than there was.
    folder.done("revoke V20200003 --reason moved");
    folder.done("export 2020 --to out --category volunteer --format pdf");
    assert_eq!(below(&folder, "out").len(), 3);
    folder.done("export 2020 --to out");
    assert!(folder.file("out/lecturer").exists());
    // Numbers that are added leave the others in their parts.
    folder.done("export 2020 --to part --shard 1/2");
    folder.write("more.csv", "name,category\nKai,volunteer\nMia,volunteer\nUma,volunteer\n");
    folder.done("issue more.csv --year 2020 --date 2021-02-01");
    let before = below(&folder, "part");
    folder.done("export 2020 --to part --shard 1/2");
    let after = below(&folder, "part");
    assert!(before.keys().all(|name| after.contains_key(name)) && before.len() < after.len());
    let manifest: Value = serde_json::from_str(&folder.read("part/manifest.json")).unwrap();
    assert_eq!(manifest["only"], serde_json::json!({ "shard": "1/2" }));
    let manifest: Value = serde_json::from_str(&folder.read("out/manifest.json")).unwrap();
    assert_eq!(manifest.get("only"), None);
}

#[test]
fn the_issuers_own_folders_are_no_place_for_an_export() {
    let folder = issued().with(".git/HEAD", "").with("new/roster.csv", "");
    let before = folder.files();
    for (target, words) in [
        (".", "is the issuer's own folder"),
        ("out/..", "is the issuer's own folder"),
        ("templates", "own folder templates"),
        ("templates/out.zip", "own folder templates"),
        ("out/../fonts/2020", "own folder fonts"),
        (".git", "own folder .git"),
        ("certificate", "own folder certificate"),
        ("certificate/2020/all.pdf", "own folder certificate"),
        ("register.jsonl", "a folder, a .zip or one .pdf"),
        ("roster.csv", "a folder, a .zip or one .pdf"),
        ("accolade.toml", "a folder, a .zip or one .pdf"),
    ] {
        for force in ["", " --force"] {
            let ran = folder.run(&format!("export 2020 --to {target}{force}"));
            assert_eq!(ran.code, Some(1), "{target}");
            for words in [words, "hint:"] {
                assert!(ran.stderr.contains(words), "{target}: {}", ran.stderr);
            }
            assert_eq!(folder.files(), before, "{target}");
        }
        assert!(!folder.file("templates").exists() && !folder.file("out").exists(), "{target}");
    }
    folder.done("export 2020 --to out/../handed/out");
}

#[test]
fn certificates_of_other_years_are_no_place_for_an_export_either() {
    let folder = issued();
    let config = folder.read("accolade.toml");
    folder.write("accolade.toml", format!("output = \"{{year}}/{{category}}/{{id}}\"\n{config}"));
    folder.write("late.csv", "name,category\nKai,volunteer\n");
    folder.done("issue late.csv --year 2021 --date 2022-02-01");
    let before = folder.files();
    for target in ["2021", "2021/x", "2021/x.zip --force", "2021/x.pdf"] {
        let ran = folder.run(&format!("export 2020 --to {target}"));
        assert_eq!(ran.code, Some(1), "{target}");
        assert!(ran.stderr.contains("own folder 2021"), "{target}: {}", ran.stderr);
        assert_eq!(folder.files(), before, "{target}");
    }
}

#[test]
#[cfg(unix)]
fn links_are_neither_followed_out_of_a_target_nor_replaced_unasked() {
    use std::os::unix::fs::symlink;
    let folder = issued();
    folder.done("export 2020 --to out");
    std::fs::rename(folder.file("out/volunteer"), folder.file("elsewhere")).unwrap();
    symlink("../elsewhere", folder.file("out/volunteer")).unwrap();
    folder.done("export 2020 --to real.zip");
    symlink("real.zip", folder.file("link.zip")).unwrap();
    folder.done("export 2020 --to book.pdf");
    symlink("book.pdf", folder.file("link.pdf")).unwrap();
    let before = folder.files();
    for (target, words) in [
        ("out --force", "out/volunteer is a link that leads elsewhere"),
        ("link.zip", "is not of this export"),
        ("link.pdf", "is not of this export"),
    ] {
        let ran = folder.run(&format!("export 2020 --to {target}"));
        assert_eq!(ran.code, Some(1), "{target}");
        assert!(ran.stderr.contains(words) && ran.stderr.contains("hint:"), "{}", ran.stderr);
        assert_eq!(folder.files(), before, "{target}");
    }
}

#[test]
fn what_is_there_and_was_not_asked_for_is_said() {
    let folder = Folder::issuer().with("roster.csv", "name,category\nKai,volunteer\n");
    folder.done("issue roster.csv --year 2020 --format png");
    for arguments in ["--to out --format pdf", "--to out.zip --category lecturer"] {
        let ran = folder.run(&format!("export 2020 {arguments}"));
        assert_eq!(ran.code, Some(1), "{arguments}");
        let words = ["no current certificate of 2020", "1 of the year are of others", "--format"];
        assert!(words.iter().all(|words| ran.stderr.contains(words)), "{}", ran.stderr);
    }
}

#[test]
fn a_folder_is_not_called_as_an_archive_of_another_kind_would_be() {
    let folder = issued();
    for target in ["2020.tar", "2020.tar.gz", "2020.7Z", "new/2020.rar", "2020.png"] {
        let ran = folder.run(&format!("export 2020 --to {target}"));
        assert_eq!(ran.code, Some(1), "{target}");
        assert!(ran.stderr.contains("a folder, a .zip or one .pdf"), "{}", ran.stderr);
        assert!(!folder.file(target).exists());
    }
    folder.done("export 2020 --to out/v1.2");
    std::fs::create_dir(folder.file("real.tar")).unwrap();
    folder.done("export 2020 --to real.tar");
}

/// To `sha256sum` and to systems that fold case.
#[test]
fn names_that_could_be_misread_are_read_all_the_same() {
    let settings = "[category.\"manifest.json\"]\ntitle = \"M\"\nid = \"{name}\"\n\
                    template = \"classic\"\n[category.Sha256sums]\ntitle = \"S\"\n\
                    prefix = \"S\"\ntemplate = \"classic\"\n";
    let folder = Folder::issuer();
    folder.write("accolade.toml", folder.read("accolade.toml") + settings);
    folder.write(
        "roster.csv",
        "name,category\n-rf,lecturer\n*star,lecturer\nBack\\slash,lecturer\n'quoted',lecturer\n\
         Ann,manifest.json\nBob,Sha256sums\n",
    );
    folder.done("issue roster.csv --year 2020 --date 2021-02-01 --format pdf");
    folder.done("export 2020 --to out");
    folder.done("export 2020 --to out.zip");
    let sums = folder.read("out/SHA256SUMS");
    let mut names = Vec::new();
    for line in sums.lines() {
        let (digest, name) = line.split_once("  ").unwrap();
        assert!(!name.starts_with(['*', ' ', '-']) && !name.contains('\\'), "{name}");
        assert_eq!(hex(std::fs::read(folder.file("out").join(name)).unwrap()), digest, "{name}");
        names.push(name);
    }
    assert!(
        names.contains(&"_manifest.json/Ann.pdf") && names.contains(&"_Sha256sums/S20200001.pdf")
    );
    let places: Vec<String> = names.iter().map(|name| name.to_lowercase()).collect();
    for (at, place) in places.iter().enumerate() {
        let above = format!("{place}/");
        assert!(!places.iter().any(|other| other.starts_with(&above)), "{place}");
        assert!(!places[..at].contains(place), "{place}");
    }
    for set in ["out", "out.zip"] {
        folder.done(&format!("verify {set}"));
    }
}

#[test]
fn two_exports_do_not_write_to_one_place() {
    let folder = issued();
    for (target, lock) in [
        ("out", "out/.accolade"),
        ("out.zip", ".accolade-out.zip"),
        ("out.pdf", ".accolade-out.pdf"),
    ] {
        folder.done(&format!("export 2020 --to {target}"));
        folder.write(&format!("{lock}.holder"), "process 7 (accolade export 2020)");
        let file = std::fs::File::create(folder.file(&format!("{lock}.lock"))).unwrap();
        file.lock().unwrap();
        let before = folder.files();
        let ran = folder.run(&format!("export 2020 --to {target}"));
        assert_eq!(ran.code, Some(1), "{target}");
        let words = "process 7 (accolade export 2020) is writing, and holds ";
        assert!(ran.stderr.contains(words), "{}", ran.stderr);
        assert!(ran.stderr.contains("hint: try again"), "{}", ran.stderr);
        assert_eq!(folder.files(), before);
        // Another place is free.
        folder.done(&format!("export 2020 --to other-{target}"));
        // One that was killed has left its files, and nobody holds the lock.
        drop(file);
        folder.done(&format!("export 2020 --to {target}"));
        for ending in ["lock", "holder"] {
            assert!(!folder.file(&format!("{lock}.{ending}")).exists());
        }
    }
}

#[test]
fn what_is_not_ours_is_left_alone() {
    let folder = issued();
    folder.write("own/volunteer/V20200001.png", "made by hand");
    folder.write("own/notes.txt", "mine");
    folder.done("export 2020 --to year");
    folder.write("year/volunteer/notes.txt", "mine");
    let before = folder.files();
    for (target, year) in
        [("certificate/out", 2020), (".", 2020), ("elsewhere", 2019), ("own", 2020), ("year", 2020)]
    {
        let ran = folder.run(&format!("export {year} --to {target}"));
        assert_eq!(ran.code, Some(1), "{target}");
        assert!(ran.stderr.contains("hint:"), "{}", ran.stderr);
    }
    assert_eq!(folder.files(), before);
    folder.done("export 2020 --to own --force");
    assert_eq!(folder.read("own/notes.txt"), "mine");
    assert!(std::fs::read(folder.file("own/volunteer/V20200001.png")).unwrap().len() > 9999);
}

#[test]
fn a_failure_leaves_nothing() {
    let folder = issued();
    std::fs::remove_file(folder.file("certificate/2020/volunteer/V20200003.png")).unwrap();
    let register = folder.read("register.jsonl");
    folder
        .write("register.jsonl", register.replace("\"digest\":\"sha256:", "\"digest\":\"sha256:0"));
    let before = folder.files();
    for target in ["new", "new/below/it"] {
        let ran = folder.run(&format!("export 2020 --to {target}"));
        assert_eq!(ran.code, Some(1));
        assert!(ran.stderr.contains("--redesign"), "{}", ran.stderr);
        assert!(!Path::new(&folder.file("new")).exists());
    }
    assert_eq!(folder.files(), before);
}

#[test]
fn an_archive_has_what_the_folder_has_and_the_same_bytes_every_time() {
    let folder = issued();
    folder.done("export 2020 --to out");
    folder.done("export 2020 --to out.zip");
    let bytes = std::fs::read(folder.file("out.zip")).unwrap();
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(&bytes)).unwrap();
    let mut names = Vec::new();
    for index in 0..zip.len() {
        let mut entry = zip.by_index(index).unwrap();
        let mut content = Vec::new();
        std::io::Read::read_to_end(&mut entry, &mut content).unwrap();
        let name = entry.name().unwrap().into_owned();
        assert_eq!(content, std::fs::read(folder.file("out").join(&name)).unwrap(), "{name}");
        let method = entry.compression().to_string();
        assert_eq!(method, if name.ends_with("png") { "Stored" } else { "Deflated" }, "{name}");
        assert_eq!(entry.last_modified().unwrap().to_string(), "2021-02-01 00:00:00");
        names.push(name);
    }
    assert_eq!(names.len(), below(&folder, "out").len());
    assert!(names.is_sorted(), "{names:?}");
    for again in ["out.zip", "again.ZIP", "new/below/out.zip"] {
        folder.done(&format!("export 2020 --to {again}"));
        assert!(std::fs::read(folder.file(again)).unwrap() == bytes, "{again}");
    }
}

#[test]
fn a_file_that_is_not_ours_is_not_replaced_by_an_archive() {
    let folder = issued().with("own.zip", "mine").with("folder.zip/notes.txt", "mine");
    folder.write("roster.csv", "name,category\nKai,volunteer\n");
    folder.done("issue roster.csv --year 2021");
    folder.done("export 2021 --to 2021.zip");
    let before = folder.files();
    for target in ["own.zip", "folder.zip", "2021.zip", "certificate/2020.zip"] {
        let ran = folder.run(&format!("export 2020 --to {target}"));
        assert_eq!(ran.code, Some(1), "{target}");
        assert!(ran.stderr.contains("hint:"), "{}", ran.stderr);
        assert_eq!(folder.files(), before);
    }
    folder.done("export 2020 --to own.zip --force");
    assert!(zip::ZipArchive::new(std::fs::File::open(folder.file("own.zip")).unwrap()).is_ok());
}

/// As on a disk that is full: no file may grow beyond 100 KiB.
#[test]
#[cfg(unix)]
fn a_disk_that_is_full_keeps_no_part_of_an_export() {
    let folder = issued();
    let before = folder.files();
    for target in ["out.zip", "new/out.zip", "out", "out.pdf", "new/out.pdf"] {
        let script = format!(
            "ulimit -f 200; exec {} -C {} export 2020 --to {target}",
            env!("CARGO_BIN_EXE_accolade"),
            folder.path().display()
        );
        let ran = Ran::of(std::process::Command::new("sh").args(["-c", &script]).output().unwrap());
        assert_eq!(ran.code, Some(1));
        assert!(ran.stderr.starts_with("error: cannot write"), "{}", ran.stderr);
        assert_eq!(folder.files(), before);
        assert!(!folder.file("new").exists());
    }
}
