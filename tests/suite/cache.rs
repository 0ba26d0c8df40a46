//! What is kept of a template from one run to the next: anybody may delete, damage or share it,
//! and certificates come out the same.

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::harness::{Folder, Ran};

const PNG: &str = "certificate/2020/volunteer/V20200001.png";

const ISSUE: &str =
    "issue roster.csv --category volunteer --year 2020 --date 2021-02-01 --format png";

/// A template that is prepared at once, with rows of every kind.
const TEMPLATE: &str = r##"
background = "background.svg"
[page]
paper = "100 x 80"
pixels = 400
[[text]]
field = "recipient"
value = "{name}"
box = [10, 10, 80, 10]
size = 8
color = "#203040"
[[text]]
field = "title"
value = "{title}"
box = [10, 50, 80, 10]
size = 8
color = "#203040"
"##;

const BACKGROUND: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 80">
<linearGradient id="g"><stop stop-color="#fff"/><stop offset="1" stop-color="#cde"/></linearGradient>
<rect width="100" height="80" fill="url(#g)"/><circle cx="50" cy="40" r="38" fill="#ffddaa"/>
<text x="20" y="36" font-family="Noto Sans CJK SC" font-size="9">云原生 Ag</text></svg>"##;

fn folder() -> Folder {
    Folder::issuer()
        .with("roster.csv", "name\nAnn\n")
        .with("templates/classic/template.toml", TEMPLATE)
        .with("templates/classic/background.svg", BACKGROUND)
}

/// Issues one certificate with a cache of this folder; gives back the PNG.
fn issued(cache: &Path) -> Vec<u8> {
    let folder = folder();
    issue(&folder, cache)
}

fn issue(folder: &Folder, cache: &Path) -> Vec<u8> {
    let ran = folder.command(ISSUE).env("ACCOLADE_CACHE", cache).output().unwrap();
    let ran = Ran::of(ran);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    std::fs::read(folder.file(PNG)).unwrap()
}

fn only_file(cache: &Path) -> PathBuf {
    let mut files = std::fs::read_dir(cache).unwrap();
    let file = files.next().unwrap().unwrap().path();
    assert!(files.next().is_none(), "more than one file in the cache");
    file
}

#[test]
fn a_kept_template_that_is_not_as_it_should_be_is_drawn_anew() {
    let cache = tempfile::tempdir().unwrap();
    let png = issued(cache.path());
    let file = only_file(cache.path());
    let good = std::fs::read(&file).unwrap();
    assert!(issued(cache.path()) == png, "otherwise with what was kept than without");

    let name = file.file_name().unwrap().to_str().unwrap();
    let digested = |content: &[u8]| {
        let digest = Sha256::new_with_prefix(name).chain_update(content).finalize();
        [&digest[..], content].concat()
    };
    assert!(digested(&good[32..]) == good);
    let mut flipped = good.clone();
    flipped[good.len() / 2] ^= 1;
    let longer = [&good[32..], b"more"].concat();
    for bad in [
        Vec::new(),
        b"short".to_vec(),
        good[..good.len() - 1].to_vec(),
        flipped,
        // Whole by their digests, and yet not what they should be.
        digested(b""),
        digested(&[0; 1000]),
        digested(&[0xff; 1000]),
        digested(&good[32..good.len() / 2]),
        digested(&longer),
    ] {
        std::fs::write(&file, &bad).unwrap();
        assert!(issued(cache.path()) == png, "{} bytes that are wrong", bad.len());
        assert!(std::fs::read(&file).unwrap() == good, "{} bytes were not replaced", bad.len());
    }
    std::fs::remove_file(&file).unwrap();
    assert!(issued(cache.path()) == png);
    assert!(std::fs::read(&file).unwrap() == good);
}

#[test]
fn what_is_kept_changes_with_its_version_alone() {
    let cache = tempfile::tempdir().unwrap();
    issued(cache.path());
    let kept = std::fs::read(only_file(cache.path())).unwrap();
    let digest = accolade::disk::hex_digest("sha256", Sha256::new_with_prefix(&kept[32..]));
    // Where this is no longer so, what an earlier build has kept would be taken for this one's:
    // raise VERSION in src/render/png/cache.rs, and say the new digest here.
    assert_eq!(digest, "sha256:e62897687b40d4499b5b2a8b0285681fe1cb33d13f4555f8046c0a81a3dd9ad3");
}

#[test]
fn a_template_that_has_changed_is_not_taken_for_the_one_that_was_kept() {
    let cache = tempfile::tempdir().unwrap();
    let png = issued(cache.path());
    let first = only_file(cache.path());
    let good = std::fs::read(&first).unwrap();
    let changed = folder();
    changed.write("templates/classic/background.svg", BACKGROUND.replace("#ffddaa", "#aaddff"));
    assert!(issue(&changed, cache.path()) != png);
    let mut files = std::fs::read_dir(cache.path()).unwrap().map(|file| file.unwrap().path());
    let second = files.find(|file| *file != first).unwrap();
    // Nor one that somebody has put in its place.
    std::fs::copy(second, &first).unwrap();
    assert!(issued(cache.path()) == png);
    assert!(std::fs::read(first).unwrap() == good);
}

#[test]
fn two_may_prepare_the_same_template_at_once() {
    let cache = tempfile::tempdir().unwrap();
    let pngs: Vec<Vec<u8>> = std::thread::scope(|scope| {
        let started: Vec<_> = (0..3).map(|_| scope.spawn(|| issued(cache.path()))).collect();
        started.into_iter().map(|issued| issued.join().unwrap()).collect()
    });
    assert!(pngs.iter().all(|png| *png == pngs[0]));
    only_file(cache.path());
}

#[test]
fn where_nothing_can_be_kept_certificates_are_drawn_all_the_same() {
    let scratch = tempfile::tempdir().unwrap();
    let png = issued(&scratch.path().join("new/and/deep"));
    let file = scratch.path().join("file");
    std::fs::write(&file, "no folder").unwrap();
    for cache in [&file, &file.join("below")] {
        assert!(issued(cache) == png);
    }
    assert_eq!(std::fs::read(&file).unwrap(), b"no folder");

    // With no folder of the user's own.
    let folder = folder();
    let mut issue = folder.command(ISSUE);
    issue.env_remove("ACCOLADE_CACHE").env("HOME", &file).env("XDG_CACHE_HOME", "");
    issue.env("LOCALAPPDATA", "");
    assert_eq!(issue.output().unwrap().status.code(), Some(0));
    assert!(std::fs::read(folder.file(PNG)).unwrap() == png);
}

#[test]
fn how_many_draw_at_once_changes_nothing() {
    let people: Vec<String> = (1..=70).map(|n| format!("Person {n},volunteer\n")).collect();
    let people = people.concat();
    let files = |jobs: &str| {
        let folder =
            Folder::issuer().with("roster.csv", format!("name,category\n{people}沈旭,lecturer\n"));
        folder.done(&format!("issue roster.csv --year 2020 --date 2021-02-01 --format png{jobs}"));
        let files = folder.files();
        for name in ["V20200001", "V20200070"] {
            std::fs::remove_file(folder.file(&format!("certificate/2020/volunteer/{name}.png")))
                .unwrap();
        }
        folder.done(&format!("restore{jobs}"));
        assert_eq!(folder.files(), files);
        files
    };
    let all = files("");
    assert_eq!(files(" --jobs 1"), all);
    assert_eq!(files(" --jobs 5"), all);
    let folder = Folder::issuer();
    for wrong in ["0", "-1", "many"] {
        assert_eq!(folder.run(&format!("restore --jobs {wrong}")).code, Some(2));
    }
}
