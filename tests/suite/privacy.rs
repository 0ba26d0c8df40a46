//! What is private stays in the roster: e-mail addresses, and columns that the issuer has not
//! made public.

use std::path::Path;

use crate::harness::Folder;

/// Private texts that stand in the rosters here.
const PRIVATE: [&str; 4] = ["example.org>", "ann@example", "+86 138", "Baker Street"];

const ROSTER: &str = "name,category,city,email,phone,address,key\n\
    Ann,volunteer,Rome,ann@example.org,+86 138 0000,221B Baker Street,ann\n\
    Bob,lecturer,Milan,ann@example.com,+86 138 0001,221B Baker Street,\n";

/// Looks into every file but the rosters, inflating what is deflated in the PDFs.
fn check(folder: &Folder) {
    for path in folder.files().into_keys() {
        let is_roster = path.extension().is_some_and(|ending| ending == "csv" || ending == "md");
        if is_roster || path == Path::new("accolade.toml") {
            continue;
        }
        let mut bytes = std::fs::read(folder.path().join(&path)).unwrap();
        if let Ok(mut pdf) = lopdf::Document::load_mem(&bytes) {
            pdf.decompress();
            pdf.save_to(&mut bytes).unwrap();
        }
        let text = String::from_utf8_lossy(&bytes);
        for private in PRIVATE {
            assert!(!text.contains(private), "{} has {private}", path.display());
        }
    }
}

#[test]
fn no_address_and_no_private_column_leaves_the_roster() {
    let folder = Folder::issuer().with("roster.csv", ROSTER);
    folder.done("issue roster.csv --year 2020 --date 2021-02-01");
    check(&folder);
    folder.done("reissue V20200001 --set city=Paris --reason moved");
    folder.done("move V20200001 lecturer --reason talks");
    folder.done("preview roster.csv");
    folder.done("export 2020 --to out");
    check(&folder);
    assert!(folder.read("register.jsonl").contains("Paris"));
}

#[test]
fn nor_does_it_by_being_adopted() {
    let roll = "# 优秀志愿者\n\n| 编号 | 姓名 | email | phone | city |\n|--|--|--|--|--|\n\
        | V20200001 | Ann | [mail](mailto:ann@example.org) | +86 138 | Rome |\n";
    let roster = "id,name,email,address\nV20200002,Bob,ann@example.org,221B Baker Street\n";
    let folder = Folder::issuer().with("roll.md", roll).with("old.csv", roster);
    folder.done("adopt roll.md --date 2021-02-01");
    folder.done("adopt old.csv --date 2021-02-01 --category volunteer");
    check(&folder);
    assert_eq!(folder.json("show V20200001")["certificate"]["fields"]["city"], "Rome");
}

#[test]
fn an_address_where_it_would_be_published_is_refused() {
    let folder = Folder::issuer().with("roster.csv", ROSTER);
    folder.done("issue roster.csv --year 2020 --date 2021-02-01 --format pdf");
    let before = folder.files();
    for (file, roster) in [
        ("key.csv", "name,category,key\nCid,volunteer,cid@example.org\n"),
        ("mapped.csv", "name,category,mail\nCid,volunteer,cid@example.org\n"),
        ("name.csv", "name,category\nCid <cid@example.org>,volunteer\n"),
        ("wide.csv", "name,category\nCid cid＠example.org,volunteer\n"),
        ("city.csv", "name,category,city\nCid,volunteer,cid@example.org\n"),
    ] {
        folder.write(file, roster);
        let map = if file == "mapped.csv" { " --map key=mail" } else { "" };
        for command in ["issue", "adopt"] {
            let ran = folder.run(&format!("{command} {file} --year 2020 --date 2021-02-01{map}"));
            assert_eq!(ran.code, Some(1), "{file}");
            assert!(ran.stderr.contains("e-mail address"), "{file}\n{}", ran.stderr);
        }
        if file == "key.csv" {
            let ran = folder.run("issue key.csv --year 2020");
            assert!(ran.stderr.contains("a user name or a staff number"), "{}", ran.stderr);
        }
        std::fs::remove_file(folder.file(file)).unwrap();
    }
    for arguments in [
        &["reissue", "V20200001", "--name", "ann@example.org"][..],
        &["reissue", "V20200001", "--set", "city=ann@example.org"],
        &["reissue", "V20200001", "--set", "phone=1"],
        &["reissue", "V20200001", "--reason", "ann@example.org wrote"],
        &["revoke", "V20200001", "--reason", "ann@example.org wrote"],
        &["move", "V20200001", "lecturer", "--reason", "ann@example.org wrote"],
    ] {
        let ran = folder.run_with(arguments);
        assert_eq!(ran.code, Some(1), "{arguments:?}");
    }
    assert_eq!(folder.files(), before);
}

#[test]
fn a_column_that_is_public_no_more_goes_no_further() {
    let folder = Folder::issuer().with("roster.csv", ROSTER);
    folder.done("issue roster.csv --year 2020 --date 2021-02-01 --format pdf");
    let config = folder.read("accolade.toml").replace("public = [\"city\"]", "");
    folder.write("accolade.toml", config);
    folder.done("reissue V20200001 --reason privacy");
    folder.done("move Bob volunteer --reason privacy --format pdf");
    for id in ["V20200001", "V20200002"] {
        let shown = folder.json(&format!("show {id}"));
        assert_eq!(shown["certificate"].get("fields"), None, "{shown}");
    }
}

#[test]
fn an_address_in_the_texts_of_accolade_toml_is_refused_by_its_key() {
    let folder = Folder::issuer().with("roster.csv", "name,category\nAnn,volunteer\n");
    let config = folder.read("accolade.toml");
    for (key, text) in [
        ("[issuer] signatory", config.replace("\"Founder\"", "\"Ann <ann@example.org>\"")),
        ("[category.volunteer] citation", config.replace("感谢您", "感谢 ann@example.org ")),
        ("[category.volunteer] title", config.replace("\"优秀志愿者\"", "\"a@b.org\"")),
    ] {
        folder.write("accolade.toml", text);
        let ran = folder.run("issue roster.csv --year 2020 --date 2021-02-01");
        assert_eq!(ran.code, Some(1));
        assert!(ran.stderr.contains(&format!("accolade.toml, {key}")), "{}", ran.stderr);
        assert!(ran.stderr.contains("e-mail address"), "{}", ran.stderr);
    }
    assert!(!folder.file("register.jsonl").exists());
}
