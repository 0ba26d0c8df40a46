//! Mending one certificate, and taking one back.

use std::path::PathBuf;

use crate::harness::Folder;

fn issued() -> Folder {
    let folder = Folder::issuer().with(
        "roster.csv",
        "name,category,city\n崔浩,volunteer,Rome\n沈旭,volunteer,\n张诚,lecturer,\n",
    );
    folder.done("issue roster.csv --year 2020 --date 2021-02-01");
    folder
}

/// The files that are new, gone or changed.
fn changed(folder: &Folder, act: impl FnOnce(&Folder)) -> Vec<String> {
    let before = folder.files();
    act(folder);
    let after = folder.files();
    let all: std::collections::BTreeSet<&PathBuf> = before.keys().chain(after.keys()).collect();
    all.into_iter()
        .filter(|path| before.get(*path) != after.get(*path))
        .map(|path| path.to_str().unwrap().replace('\\', "/"))
        .collect()
}

#[test]
fn a_mended_name_touches_one_certificate_and_one_line() {
    let folder = issued();
    let lines = folder.read("register.jsonl");
    let files = changed(&folder, |folder| {
        folder.done("reissue V20200001 --name 崔皓 --set city=Milan --reason typo");
    });
    assert_eq!(
        files,
        [
            "certificate/2020/volunteer/V20200001.pdf",
            "certificate/2020/volunteer/V20200001.png",
            "register.jsonl"
        ]
    );
    let register = folder.read("register.jsonl");
    let line = register.strip_prefix(lines.as_str()).unwrap();
    assert_eq!(line.lines().count(), 1);
    for part in ["\"reissued\"", "崔皓", "Milan", "typo", "2021-02-01", "\"revision\":1"] {
        assert!(line.contains(part), "{line}");
    }
    let shown = folder.json("show V20200001");
    assert_eq!(shown["certificate"]["name"], "崔皓");
}

#[test]
fn a_reissue_without_changes_restores_the_files() {
    let folder = issued();
    let before = folder.files();
    folder.write("certificate/2020/volunteer/V20200001.png", "damaged");
    let files = changed(&folder, |folder| {
        folder.done("reissue V20200001");
    });
    assert_eq!(files, ["certificate/2020/volunteer/V20200001.png", "register.jsonl"]);
    let png = PathBuf::from("certificate/2020/volunteer/V20200001.png");
    assert_eq!(folder.files()[&png], before[&png]);
}

#[test]
fn neither_spelling_of_a_mended_name_brings_a_second_number() {
    let folder = issued();
    folder.done("reissue V20200001 --name 崔皓");
    folder.done("issue roster.csv --year 2020");
    folder.write("roster.csv", "name,category\n崔皓,volunteer\n");
    let ran = folder.done("issue roster.csv --year 2020");
    assert!(ran.stderr.contains("issued 0"), "{}", ran.stderr);
    assert_eq!(folder.list().len(), 3);
}

#[test]
fn where_people_are_known_by_name_a_mended_name_moves_the_files() {
    let folder = issued();
    folder.done("reissue 张诚 --name 张城");
    assert!(folder.file("certificate/2020/lecturer/张城.pdf").is_file());
    assert!(!folder.file("certificate/2020/lecturer/张诚.pdf").exists());
    let shown = folder.json("show 张城");
    assert!(shown["certificate"]["url"].as_str().unwrap().ends_with("%E5%BC%A0%E5%9F%8E"));
    folder.done("issue roster.csv --year 2020");
    assert_eq!(folder.list().len(), 3);
}

#[test]
fn a_changed_template_wants_a_redesign() {
    let folder = Folder::empty();
    folder.done("init");
    folder.done("issue roster.csv --year 2020 --date 2021-02-01");
    let template = folder.read("templates/classic/template.toml");
    folder.write("templates/classic/template.toml", template.replace("size = 88", "size = 80"));
    let files = changed(&folder, |folder| {
        let ran = folder.run("reissue V20200001");
        assert_eq!(ran.code, Some(1));
        assert!(ran.stderr.contains("--redesign"), "{}", ran.stderr);
    });
    assert_eq!(files, [""; 0]);
    folder.done("reissue V20200001 --redesign");
}

#[test]
fn a_revoked_number_is_spent_for_good() {
    let folder = issued();
    let files = changed(&folder, |folder| {
        folder.done("revoke V20200002 --reason twice");
    });
    assert_eq!(
        files,
        [
            "certificate/2020/volunteer/V20200002.pdf",
            "certificate/2020/volunteer/V20200002.png",
            "register.jsonl"
        ]
    );
    folder.done("issue roster.csv --year 2020");
    folder.write("more.csv", "name\nNew\n");
    folder.done("issue more.csv --category volunteer --year 2020 --format pdf");
    let states: Vec<_> =
        folder.list().into_iter().map(|(id, _, status)| format!("{id} {status}")).collect();
    assert_eq!(
        states,
        ["V20200001 current", "V20200002 revoked", "V20200003 current", "张诚 current"]
    );
    for command in ["reissue V20200002", "revoke V20200002 --reason again"] {
        assert_eq!(folder.run(command).code, Some(1), "{command}");
    }
}

#[test]
fn what_cannot_be_reissued_is_refused_and_changes_nothing() {
    let folder = issued();
    folder.write("more.csv", "name\n张城\n");
    folder.done("issue more.csv --category lecturer --year 2020 --format pdf");
    for (arguments, word) in [
        (&["reissue", "V20200009"][..], "not in the register"),
        (&["reissue", "沈旭"], "V20200002"),
        (&["reissue", "V20200001", "--name", " "], "empty"),
        (&["reissue", "V20200001", "--name", "沈旭"], "another certificate"),
        (&["reissue", "张诚", "--name", "张城"], "another certificate"),
        (&["reissue", "V20200001", "--name", "A😀"], "U+1F600"),
        (&["reissue", "V20200001", "--set", "email=x"], "no public column"),
        (&["reissue", "V20200001", "--name", "me@example.org"], "e-mail"),
        (&["reissue", "V20200001", "--name", "a\nb"], "line break"),
        (&["revoke", "V20200001", "--reason", " "], "reason is empty"),
    ] {
        let files = changed(&folder, |folder| {
            let ran = folder.run_with(arguments);
            assert_eq!(ran.code, Some(1), "{arguments:?}");
            assert!(ran.stderr.contains(word), "{arguments:?}\n{}", ran.stderr);
        });
        assert_eq!(files, [""; 0], "{arguments:?}");
    }
}

#[test]
fn nobody_elses_certificate_is_overwritten() {
    let folder = Folder::issuer().with("roster.csv", "name,key\nAnn,k1\nBob,k2\na/b,k3\n");
    folder.done("issue roster.csv --category lecturer --year 2020 --format pdf");
    for name in ["Bob", "BOB", "a_b"] {
        let files = changed(&folder, |folder| {
            let ran = folder.run_with(&["reissue", "Ann", "--name", name]);
            assert_eq!(ran.code, Some(1), "{name}");
        });
        assert_eq!(files, [""; 0], "{name}");
    }
    folder.done("reissue Ann --name ANN");
    assert!(folder.file("certificate/2020/lecturer/ANN.pdf").is_file());
}

#[test]
fn every_text_that_depends_on_a_change_is_filled_anew_and_no_other() {
    let folder = Folder::issuer();
    let config = folder.read("accolade.toml");
    let config = config.replace("title = \"优秀志愿者\"", "title = \"Volunteer of {city}\"");
    folder.write("accolade.toml", &config);
    folder.write("roster.csv", "name,city\nJose\u{301},London\n");
    folder.done("issue roster.csv --category volunteer --year 2020 --format pdf");
    folder.write("accolade.toml", config.replace("感谢您", "多谢您"));
    folder.done("reissue V20200001 --set city=Paris");
    let shown = folder.json("show V20200001");
    assert_eq!(shown["certificate"]["title"], "Volunteer of Paris");
    assert_eq!(shown["certificate"]["citation"], "感谢您在2020年的贡献");
    folder.run_with(&["reissue", "V20200001", "--name", "Rene\u{301}e"]);
    assert_eq!(folder.json("show V20200001")["certificate"]["name"], "Ren\u{e9}e");
}

#[test]
fn a_reissue_in_one_format_leaves_no_other_with_the_old_name() {
    let folder = issued();
    let files = changed(&folder, |folder| {
        folder.done("reissue V20200001 --name 崔皓 --format png");
    });
    assert!(files.contains(&"certificate/2020/volunteer/V20200001.pdf".to_owned()), "{files:?}");
}

#[test]
fn what_other_hands_made_is_drawn_only_when_told() {
    let folder = Folder::issuer().with("roster.csv", "name,category\nAnn,volunteer\n");
    folder.done("issue roster.csv --year 2020 --date 2021-02-01 --format pdf");
    let register = folder.read("register.jsonl").replace("\"issued\"", "\"adopted\"");
    let (before, after) = register.split_once(",\"template\":{").unwrap();
    let (_, after) = after.split_once('}').unwrap();
    folder.write("register.jsonl", format!("{before}{after}"));
    let file = "certificate/2020/volunteer/V20200001.pdf";
    let ran = folder.done("issue roster.csv --year 2020");
    assert!(ran.stderr.contains("1 had theirs already"), "{}", ran.stderr);
    std::fs::remove_file(folder.file(file)).unwrap();
    let reissue = "accolade reissue V20200001 --redesign";
    for command in ["issue roster.csv --year 2020", "reissue V20200001", "export 2020 --to out"] {
        let ran = folder.run(command);
        assert_eq!(ran.code, Some(1), "{command}");
        assert!(ran.stderr.contains("adopted"), "{}", ran.stderr);
        assert!(ran.stderr.contains(reissue), "{}", ran.stderr);
        assert!(!folder.file(file).exists());
    }
    assert!(folder.done("show V20200001").stdout.contains("none: other hands made it"));
    folder.done("reissue V20200001 --redesign --format pdf");
    assert!(folder.file(file).exists());
    let shown = folder.json("show V20200001");
    assert_eq!((&shown["revision"], &shown["template"]["name"]), (&1.into(), &"classic".into()));
}

#[test]
fn revisions_are_counted_and_the_date_stays() {
    let folder = issued();
    for (revision, name) in [(1, "崔皓"), (2, "崔浩")] {
        folder.done(&format!("reissue V20200001 --name {name} --format pdf"));
        let shown = folder.json("show V20200001");
        assert_eq!(shown["revision"], revision);
        assert_eq!(shown["certificate"]["date"], "2021-02-01");
    }
}

#[test]
fn what_is_revoked_leaves_the_folder_unless_it_is_to_be_kept() {
    let folder = issued();
    folder.done("revoke V20200001 --reason twice");
    folder.done("revoke V20200002 --reason twice --keep");
    for format in ["png", "pdf"] {
        let file = |id: &str| folder.file(&format!("certificate/2020/volunteer/{id}.{format}"));
        assert!(!file("V20200001").exists());
        assert!(file("V20200002").is_file());
    }
}
