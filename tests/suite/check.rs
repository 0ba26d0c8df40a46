//! `accolade check`: what is wrong is named with what mends it, and what it says does mend it.

use serde_json::Value;

use crate::harness::{Folder, template};

/// Three people in two categories, with pages, and nothing wrong.
fn well() -> Folder {
    let folder = Folder::issuer().with(
        "roster.csv",
        "name,category,city\n崔浩,volunteer,Rome\n沈旭,volunteer,\n张诚,lecturer,\n",
    );
    folder.done("issue roster.csv --year 2020 --date 2021-02-01");
    folder.done("honor-roll 2020 --write");
    folder
}

const FIRST: &str = "certificate/2020/volunteer/V20200001";
const PAGE: &str = "certificate/2020/volunteer/README.md";

/// What `check` finds: kind, place and remedy. The exit code says whether there is any.
fn findings(folder: &Folder) -> Vec<[String; 3]> {
    let ran = folder.run("check --json");
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    let found = rows(&report["findings"]);
    assert_eq!(ran.code, Some(if found.is_empty() { 0 } else { 3 }), "{}", ran.stderr);
    assert_eq!(report["well"], found.is_empty());
    let lines = folder.run("check").stdout;
    if found.is_empty() {
        assert!(lines.starts_with("all is well: "), "{lines}");
    } else {
        assert_eq!(lines.lines().count(), found.len(), "{lines}");
    }
    found
}

fn rows(found: &Value) -> Vec<[String; 3]> {
    let text = |row: &Value, key: &str| row[key].as_str().unwrap().to_owned();
    let rows = found.as_array().unwrap().iter();
    rows.map(|row| ["kind", "place", "remedy"].map(|key| text(row, key))).collect()
}

fn notes(folder: &Folder) -> Vec<[String; 3]> {
    rows(&folder.json("check")["notes"])
}

/// Does what a remedy says.
fn mend(folder: &Folder, remedy: &str) {
    let command = remedy.strip_prefix("accolade ").unwrap_or_else(|| panic!("{remedy}"));
    folder.done(command);
}

#[test]
fn all_is_well_and_nothing_is_written() {
    let folder = well();
    let before = folder.files();
    assert!(findings(&folder).is_empty());
    let ran = folder.done("check");
    assert_eq!(ran.stdout, "all is well: 3 certificates, 6 files, 3 honour rolls\n");
    assert_eq!(folder.files(), before);
}

#[test]
fn what_is_lost_or_damaged_comes_back_by_the_command_it_names() {
    let folder = well();
    let before = folder.files();
    std::fs::remove_file(folder.file(&format!("{FIRST}.pdf"))).unwrap();
    std::fs::remove_file(folder.file("certificate/2020/lecturer/张诚.png")).unwrap();
    let mut picture = image::open(folder.file(&format!("{FIRST}.png"))).unwrap().into_rgb8();
    picture.get_pixel_mut(1000, 700).0[0] ^= 1;
    picture.save(folder.file(&format!("{FIRST}.png"))).unwrap();
    let found = findings(&folder);
    let kinds: Vec<_> =
        found.iter().map(|[kind, place, _]| (kind.as_str(), place.clone())).collect();
    let expected = [
        ("damaged", format!("{FIRST}.png")),
        ("missing", format!("{FIRST}.pdf")),
        ("missing", "certificate/2020/lecturer/张诚.png".to_owned()),
    ];
    assert_eq!(kinds, expected);
    for [.., remedy] in found {
        mend(&folder, &remedy);
    }
    assert!(findings(&folder).is_empty());
    assert_eq!(folder.files(), before);
    std::fs::remove_dir_all(folder.file("certificate/2020/volunteer")).unwrap();
    folder.done("restore");
    folder.done("honor-roll 2020 --write");
    assert_eq!(folder.files(), before);
}

#[test]
fn a_picture_that_was_compressed_again_is_as_it_was() {
    let folder = well();
    let picture = image::open(folder.file(&format!("{FIRST}.png"))).unwrap();
    picture.save(folder.file(&format!("{FIRST}.png"))).unwrap();
    assert!(findings(&folder).is_empty());
}

#[test]
fn a_file_the_register_does_not_know_is_found_and_pages_are_not() {
    let folder = well();
    for aside in [".DS_Store", "2020/NOTES.md", "2020/volunteer/.hidden.png", "Thumbs.db"] {
        folder.write(&format!("certificate/{aside}"), "x");
    }
    assert!(findings(&folder).is_empty());
    folder.write("certificate/2019/V20190001.png", "x");
    folder.write("certificate/2020/volunteer/V20200009.pdf", "x");
    let found = findings(&folder);
    let places: Vec<_> =
        found.iter().map(|[kind, place, _]| (kind.as_str(), place.as_str())).collect();
    assert_eq!(
        places,
        [
            ("stranger", "certificate/2019/V20190001.png"),
            ("stranger", "certificate/2020/volunteer/V20200009.pdf")
        ]
    );
}

#[test]
fn what_was_taken_back_and_kept_is_a_note() {
    let folder = well();
    folder.done("revoke V20200001 --reason twice --keep");
    folder.done("honor-roll 2020 --write");
    assert!(findings(&folder).is_empty());
    let places: Vec<_> = notes(&folder).into_iter().map(|[kind, place, _]| (kind, place)).collect();
    let note = |ending: &str| ("revoked".to_owned(), format!("{FIRST}.{ending}"));
    assert_eq!(places, [note("png"), note("pdf")]);
    assert_eq!(folder.run("check --strict").code, Some(3));
}

#[test]
fn a_changed_template_is_a_note_until_a_file_is_missing() {
    let folder = well();
    for (file, content) in template("classic") {
        folder.write(&format!("templates/ours/{file}"), content);
    }
    let config = folder.read("accolade.toml").replace("\"classic\"", "\"ours\"");
    folder.write("accolade.toml", &config);
    folder.write("late.csv", "name,category\nAnn,volunteer\n");
    folder.done("issue late.csv --year 2020 --date 2021-02-01 --format pdf");
    folder.done("honor-roll 2020 --write");
    let template = folder.read("templates/ours/template.toml");
    folder.write("templates/ours/template.toml", template + "\n# another\n");
    assert!(findings(&folder).is_empty());
    let [[kind, place, _]] = notes(&folder).try_into().unwrap();
    assert_eq!((kind.as_str(), place.as_str()), ("template", "templates/ours"));

    std::fs::remove_file(folder.file("certificate/2020/volunteer/V20200003.pdf")).unwrap();
    let [[kind, _, remedy]] = findings(&folder).try_into().unwrap();
    assert_eq!(kind, "missing");
    assert_eq!(remedy, "accolade reissue V20200003 --redesign");
    mend(&folder, &remedy);
    folder.done("honor-roll 2020 --write");
    assert!(findings(&folder).is_empty());

    std::fs::remove_dir_all(folder.file("templates/ours")).unwrap();
    let [[kind, place, _]] = findings(&folder).try_into().unwrap();
    assert_eq!((kind.as_str(), place.as_str()), ("template", "templates/ours"));
}

#[test]
fn a_roll_that_is_not_up_to_date_is_found() {
    let folder = well();
    folder.done("revoke V20200002 --reason twice");
    let found = findings(&folder);
    let places: Vec<_> =
        found.iter().map(|[kind, place, _]| (kind.as_str(), place.as_str())).collect();
    assert_eq!(places, [("honor-roll", PAGE), ("honor-roll", "certificate/2020/README.md")]);
    mend(&folder, &found[0][2]);
    assert!(findings(&folder).is_empty());
}

#[test]
fn links_that_lead_nowhere_are_found_in_pages_written_by_hand_too() {
    let folder = well();
    folder.write(
        PAGE,
        "# By hand\n[V20200001](V20200001.png) [V20200002](../V20200002.png)\n\
         [elsewhere](https://example.org/x.png) ![](README.md#top)\n",
    );
    let [[kind, place, _]] = findings(&folder).try_into().unwrap();
    assert_eq!((kind.as_str(), place), ("link", format!("{PAGE}, line 2")));
}

#[test]
fn what_other_hands_have_made_is_looked_after_too() {
    let folder = Folder::issuer().with(
        PAGE,
        "# 2020年度优秀志愿者\n\n| 编号 | 姓名 |\n| --- | --- |\n\
         | [V20200001](V20200001.png) | 沈旭 |\n| [V20200003](V20200003.png) | 崔浩 |\n",
    );
    let picture = image::RgbImage::from_pixel(40, 30, image::Rgb([9, 80, 120]));
    for id in ["V20200001", "V20200003"] {
        picture.save(folder.file(&format!("certificate/2020/volunteer/{id}.png"))).unwrap();
    }
    folder.done(&format!("adopt {PAGE} --date 2021-02-01"));
    assert!(findings(&folder).is_empty());
    std::fs::remove_file(folder.file(&format!("{FIRST}.png"))).unwrap();
    let [[kind, place, remedy]] = findings(&folder).try_into().unwrap();
    assert_eq!((kind.as_str(), place), ("missing", format!("{FIRST}.png")));
    let (bring_back, draw_anew) = remedy.split_once(", or ").unwrap();
    assert_eq!(bring_back, format!("git checkout -- {FIRST}.png"));
    mend(&folder, draw_anew);
    assert!(findings(&folder).is_empty());
}

#[test]
fn a_register_that_is_lost_or_cannot_be_read_is_found() {
    let folder = well();
    let register = folder.read("register.jsonl");
    let newer = register.replacen("\"version\":1", "\"version\":2", 1);
    let unknown = register.clone() + "{\"event\":\"praised\"}\n";
    for (text, place, remedy) in [
        (newer, "register.jsonl, line 1", "upgrade accolade"),
        (unknown, "register.jsonl, line 5", "upgrade accolade"),
        ("notes\n".to_owned(), "register.jsonl, line 1", "accolade register verify"),
    ] {
        folder.write("register.jsonl", text);
        let found = findings(&folder);
        let told = found.iter().find(|[kind, ..]| kind == "register").unwrap();
        assert_eq!(told[1], place);
        assert!(told[2].starts_with(remedy), "{}", told[2]);
    }
    std::fs::remove_file(folder.file("register.jsonl")).unwrap();
    let [[kind, place, remedy]] = findings(&folder).try_into().unwrap();
    assert_eq!((kind.as_str(), place.as_str()), ("register", "register.jsonl"));
    assert!(remedy.starts_with("git checkout HEAD -- register.jsonl"), "{remedy}");
    folder.write("register.jsonl", register);
    assert!(findings(&folder).is_empty());
    std::fs::remove_file(folder.file("register.jsonl")).unwrap();
    std::fs::create_dir(folder.file("register.jsonl")).unwrap();
    assert_eq!(findings(&folder).len(), 1);
}

#[test]
fn a_line_that_was_changed_by_hand_is_found_by_what_the_files_say() {
    let folder = well();
    let register = folder.read("register.jsonl");
    folder.write("register.jsonl", register.replace("\"name\":\"沈旭\"", "\"name\":\"Eve\""));
    let found = findings(&folder);
    let of = |kind: &str| found.iter().filter(|found| found[0] == kind).count();
    assert_eq!(of("contradicted"), 2);
    let ran = folder.run("check");
    assert!(ran.stdout.contains("\"沈旭\", and the register \"Eve\""), "{}", ran.stdout);
    // A picture that says nothing of itself is as good.
    let picture = image::open(folder.file(&format!("{FIRST}.png"))).unwrap();
    picture.save(folder.file(&format!("{FIRST}.png"))).unwrap();
    folder.write("register.jsonl", register);
    assert!(findings(&folder).is_empty());
}

#[test]
fn a_name_that_looks_like_an_option_is_none_in_a_remedy() {
    let folder = Folder::issuer().with("roster.csv", "name\n-rf\n");
    folder.done("issue roster.csv --category lecturer --year 2020 --date 2021-02-01 --format pdf");
    std::fs::remove_file(folder.file("certificate/2020/lecturer/-rf.pdf")).unwrap();
    let [[.., remedy]] = findings(&folder).try_into().unwrap();
    assert_eq!(remedy, "accolade restore -- -rf");
    mend(&folder, &remedy);
    assert!(findings(&folder).is_empty());
}
