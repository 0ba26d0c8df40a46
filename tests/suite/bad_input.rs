//! Whatever is wrong is said once, with place and remedy, and nothing is written.

use crate::harness::Folder;

/// Runs the command, and expects it to fail with these words on stderr and leave every file as
/// it was.
fn refused(folder: &Folder, arguments: &str, words: &[&str]) {
    let before = folder.files();
    let ran = folder.run(arguments);
    assert_eq!(ran.code, Some(1), "{arguments}\n{}{}", ran.stdout, ran.stderr);
    for word in words {
        assert!(ran.stderr.contains(word), "{arguments}: no {word:?} in\n{}", ran.stderr);
    }
    assert!(ran.stderr.starts_with("error: "), "{}", ran.stderr);
    assert_eq!(folder.files(), before, "{arguments} wrote something");
}

/// How often a word is said.
fn count(text: &str, word: &str) -> usize {
    text.matches(word).count()
}

fn refused_roster(roster: &str, words: &[&str]) {
    let folder = Folder::issuer().with("roster.csv", roster);
    refused(&folder, "issue roster.csv --year 2020 --format pdf", words);
    refused(&folder, "issue roster.csv --year 2020 --dry-run", words);
}

#[test]
fn rosters_that_cannot_be_issued() {
    let nothing_spent = "no number was spent";
    for (roster, words) in [
        ("wer,category\nAnn,volunteer\n", &["no column has the names", "wer", "姓名"][..]),
        ("name,category\n ,volunteer\nAnn,volunteer\n", &["row 2, name", "missing"]),
        ("name,category\nAnn,guest\n", &["row 2, category", "guest", "volunteer, lecturer"]),
        ("name,category\nAnn,\n", &["row 2, category", "--category"]),
        ("name\nAnn\nBob\n", &["1 problem", "no column has the categories", "volunteer, lecturer"]),
        ("name,category,date\nAnn,volunteer,1.2.21\n", &["row 2, date", "2021-02-01"]),
        ("name,category,date\nAnn,volunteer,2021-02-30\n", &["row 2, date", "no such day"]),
        ("name,category,date\nAnn,volunteer,0001-01-01\n", &["1 problem", "row 2, date", "1000"]),
        ("name,category,year\nAnn,volunteer,20\n", &["row 2, year", "four digits"]),
        ("name,category,id\nAnn,volunteer,V2020001\n", &["row 2, id", "V2020001", "4 digits"]),
        ("name,category,id\nAnn,volunteer,C20200001\n", &["row 2, id"]),
        ("name,category\nAnn,volunteer\nAnn,volunteer\n", &["row 3", "row 2", "column key"]),
        ("姓名,类别\n张城,lecturer\n张城,lecturer\n", &["row 3", "张城（元乙）"]),
        (
            "name,category\nA\u{7}b,volunteer\n",
            &["row 2, name", "U+0007, a control character  retype it\n"],
        ),
        ("name,category\nA😀,volunteer\n", &["row 2", "U+1F600", "fonts/"]),
        ("name,category\nA.b@example.org,volunteer\n", &["row 2, name", "e-mail"]),
        ("name,category\nAnn,lecturer\nann,lecturer\n", &["row 3", "share the file"]),
        ("name,name,category\nAnn,Bob,volunteer\n", &["two columns"]),
        ("name,category\n", &["no people"]),
        ("name,category\n\"Ann\nBob,volunteer\"\n", &["row 2"]),
        ("name,category\n\"Ann\nBob\",volunteer\n", &["row 2, name", "quote"]),
        ("", &["empty"]),
    ] {
        refused_roster(roster, &[words, &["roster.csv", nothing_spent]].concat());
    }
    let long = format!("name,category\n{},volunteer\n", "Maximiliane ".repeat(20).trim_end());
    refused_roster(&long, &["row 2", "does not fit", "min_size"]);
}

#[test]
fn a_number_that_is_taken() {
    let folder = Folder::issuer().with("roster.csv", "name,id\nAnn,V20200001\n");
    folder.done("issue roster.csv --category volunteer --year 2020 --format pdf");
    folder.write("roster.csv", "name,id\nBob,\nCid,V20200001\n");
    refused(
        &folder,
        "issue roster.csv --category volunteer --year 2020",
        &["row 3, id", "V20200001 has been given before", "next free number"],
    );
}

#[test]
fn files_that_are_missing_or_no_text() {
    let folder = Folder::issuer().with("binary.csv", b"name\n\xff\xfe\x00\n");
    refused(&folder, "issue nobody.csv", &["nobody.csv", "hint:"]);
    refused(&folder, "issue binary.csv", &["binary.csv", "UTF-8"]);
    refused(&Folder::empty(), "issue roster.csv", &["accolade.toml", "accolade init"]);
    refused(&Folder::empty(), "list", &["accolade.toml", "accolade init"]);
}

#[test]
fn a_config_that_cannot_be() {
    let good = Folder::issuer().read("accolade.toml");
    for (from, to, words) in [
        ("prefix = \"V\"", "prefx = \"V\"", &["prefx", "line 11"][..]),
        ("prefix = \"V\"", "", &["[category.volunteer] prefix", "missing"]),
        ("prefix = \"V\"", "prefix = \"V2\"", &["[category.volunteer] prefix", "V2"]),
        ("id = \"{name}\"", "prefix = \"V\"", &["volunteer", "clash"]),
        ("template = \"aurora\"", "template = \"auror\"", &["auror", "classic and aurora"]),
        ("citation = \"感", "citation = \"{nobody}感", &["{nobody}", "public"]),
        ("{year}", "{year", &["brace"]),
        ("[issuer]", "output = \"../{id}\"\n[issuer]", &["output"]),
        ("[issuer]", "output = \"{year}/all\"\n[issuer]", &["output", "{id}"]),
        ("[issuer]", "formats = [\"gif\"]\n[issuer]", &["gif"]),
        ("[issuer]", "[issuer", &["accolade.toml"]),
        ("https://example.org", "not a url", &["[issuer] url", "not a url", "https://example.org"]),
        ("https://example.org", "https:///x", &["[issuer] url", "no host"]),
        (
            "language",
            "certificate_url = \"{id}.example.org\"\nlanguage",
            &["[issuer] certificate_url", "{id}.example.org"],
        ),
    ] {
        let broken = good.replace(from, to);
        assert_ne!(broken, good, "{from}");
        let folder = Folder::issuer().with("accolade.toml", broken);
        folder.write("roster.csv", "name,category\nAnn,lecturer\n");
        refused(&folder, "issue roster.csv", words);
    }
}

#[test]
fn a_template_that_cannot_be() {
    let folder = Folder::empty();
    folder.done("init");
    let file = "templates/classic/template.toml";
    let good = folder.read(file);
    for (from, to, words) in [
        ("box = [280, 500", "box = [2800, 500", &["recipient", "not on the page"][..]),
        ("size = 88", "size = \"88\"", &["template.toml"]),
        ("size = 88", "size = 0", &["recipient"]),
        ("\"background.svg", "\"../../secret.svg", &["background"]),
        ("\"background.svg", "\"nothing.svg", &["nothing.svg"]),
        ("{name}", "{nickname}", &["nickname", "public"]),
        ("Noto Serif Black", "Comic Sans", &["Comic Sans", "Abril Fatface"]),
        ("#ffffff", "white", &["white", "#e6c87a"]),
        ("\"A4 landscape", "\"A4 portrait", &["proportions"]),
        ("\"A4 landscape", "\"B9", &["B9"]),
        ("pixels = 2000", "pixels = 60000", &["too many"]),
        ("pixels = 2000", "pixels = 0", &["pixels", "at least one"]),
        ("pixels = 2000", "dpi = -5", &["dpi", "10 to 2400"]),
        ("pixels = 2000", "dpi = nan", &["dpi", "10 to 2400"]),
        ("value = \"NO. {id}\"", "value = \"NO.\\n{id}\"", &["number", "wrap = true"]),
        ("{date:%-d %B %Y}", "{date:%Q}", &["date format"]),
        ("field = \"number\"", "field = \"issuer\"", &["issuer", "another field"]),
        (
            "background = \"background.svg\"",
            "background = \"background.svg\"\nbackground_page = 2",
            &["only a PDF"],
        ),
        ("letter_spacing", "leter_spacing", &["leter_spacing"]),
    ] {
        let broken = good.replacen(from, to, 1);
        assert_ne!(broken, good, "{from}");
        folder.write(file, &broken);
        let words = [words, &["hint: "]].concat();
        refused(&folder, "issue roster.csv --year 2020", &words);
        if !broken.contains("nickname") && !broken.contains("Comic") {
            refused(&folder, "template check classic", &words);
        }
    }
    folder.write(file, good.replace("{name}", "{nickname}").replace("Abril Fatface", "Abril"));
    let line = good.lines().position(|line| line == "field = \"recipient\"").unwrap() + 1;
    let place = format!("template classic, template.toml, line {line}, field \"recipient\"");
    refused(&folder, "template check", &[&place, "{nickname}", "\"Abril\""]);
    folder.write(file, good);
    assert_eq!(folder.done("template check").stdout, "aurora is sound\nclassic is sound\n");
    folder.write("templates/classic/background.svg", "<svg");
    let remedy = "accolade template check classic; nothing was written";
    refused(&folder, "issue roster.csv --year 2020", &["classic", "background", remedy]);
    folder.write("templates/classic/background.svg", "no picture");
    refused(&folder, "issue roster.csv --year 2020", &["background.svg", remedy]);
}

#[test]
fn a_font_that_is_none_and_folders_in_place_of_files() {
    let folder = Folder::issuer().with("roster.csv", "name,category\nAnn,volunteer\n");
    folder.write("fonts/Ours.ttf", "no font");
    refused(&folder, "issue roster.csv", &["Ours.ttf", "hint: ", "no number was spent"]);
    std::fs::remove_dir_all(folder.file("fonts")).unwrap();
    std::fs::create_dir_all(folder.file("templates/classic/template.toml")).unwrap();
    refused(&folder, "issue roster.csv", &["template.toml", "a folder stands at"]);
    std::fs::create_dir_all(folder.file("people.csv")).unwrap();
    refused(&folder, "issue people.csv", &["people.csv", "a folder stands at"]);
    refused(&folder, "issue roster.csv --font-dir nowhere", &["nowhere", "--font-dir"]);
}

#[test]
fn a_category_that_there_is_not_is_told_once() {
    let folder = Folder::issuer().with("roster.csv", "name\nAnn\nBob\n");
    let words = ["--category \"nope\"", "volunteer, lecturer"];
    refused(&folder, "issue roster.csv --category nope", &words);
    let ran = folder.run("issue roster.csv --category nope");
    assert_eq!(count(&ran.stderr, "nope"), 1, "{}", ran.stderr);
    refused(&folder, "list --category nope", &words);
}

#[test]
fn what_is_the_same_for_everybody_is_told_once_and_not_as_a_rows_fault() {
    let good = Folder::issuer().read("accolade.toml");
    let long = "sehr langes Wort ".repeat(40);
    for (from, to, place) in [
        ("云原生社区", long.as_str(), "accolade.toml, [issuer] name: "),
        ("Founder", &long, "accolade.toml, [issuer] signatory: "),
        ("优秀志愿者", &long, "accolade.toml, [category.volunteer] title: "),
        ("感谢您在", &long.repeat(4), "accolade.toml, the citation of volunteer: "),
        ("example.org", &format!("example.org/{}", "a".repeat(900)), "[issuer] certificate_url: "),
    ] {
        let folder = Folder::issuer().with("accolade.toml", good.replacen(from, to, 1));
        folder.write("roster.csv", "name,category\nAnn,volunteer\nBob,volunteer\n");
        refused(&folder, "issue roster.csv --year 2020", &[place, "no number was spent"]);
        let ran = folder.run("issue roster.csv --year 2020");
        assert_eq!(count(&ran.stderr, "field \""), 1, "{}", ran.stderr);
        assert_eq!(count(&ran.stderr, "row "), 0, "{}", ran.stderr);
    }
}

#[test]
fn folders_and_days_that_cannot_be_meant() {
    let folder = Folder::issuer().with("roster.csv", "name,category\nAnn,volunteer\n");
    let ran = folder.run("-C accolade.toml list");
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("-C wants a folder"), "{}", ran.stderr);
    let ran = folder.run("issue roster.csv --date 2021-02-30");
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("no such day"), "{}", ran.stderr);
    folder.write("a/b/accolade.toml", folder.read("accolade.toml"));
    folder.done("-C a -C b list");
    refused(&folder, "-C a list", &["accolade init"]);
}

#[test]
fn two_years_that_share_a_file() {
    let folder = Folder::issuer().with("roster.csv", "name,category\nAnn,lecturer\n");
    let config = folder.read("accolade.toml");
    folder.write("accolade.toml", format!("output = \"{{category}}/{{id}}\"\n{config}"));
    folder.done("issue roster.csv --year 2020 --format pdf");
    let words = ["Ann of 2021 would share the file lecturer/Ann with Ann of 2020", "put {year}"];
    refused(&folder, "issue roster.csv --year 2021 --format pdf", &words);
}

#[cfg(unix)]
#[test]
fn a_folder_that_nothing_may_be_written_to() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::issuer().with("roster.csv", "name,category\nAnn,volunteer\n");
    folder.done("issue roster.csv --year 2020 --format pdf");
    std::fs::remove_file(folder.file(".register.lock")).unwrap();
    let mode = |mode| {
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(mode)).unwrap();
    };
    mode(0o555);
    // Nothing is to be written, so no lock is taken, not even where root could take one.
    folder.done("issue roster.csv --year 2020 --format pdf");
    assert!(!folder.file(".register.lock").exists());
    if std::fs::write(folder.file("probe"), "").is_err() {
        let hint = format!("make {} writable", folder.path().display());
        refused(&folder, "issue roster.csv --year 2021 --format pdf", &[&hint]);
    }
    mode(0o755);
}

#[test]
fn a_register_that_was_damaged() {
    let folder = Folder::issuer().with("roster.csv", "name,category\nAnn,volunteer\n");
    folder.done("issue roster.csv --year 2020 --format pdf");
    let register = folder.read("register.jsonl");
    folder.write("register.jsonl", register.replace("\"V20200001\"", "V20200001"));
    refused(&folder, "list", &["register.jsonl, line 2"]);
    refused(&folder, "issue roster.csv", &["line 2", "accolade register verify"]);
    let last = register.lines().last().unwrap();
    // A merge may bring a line twice, and a number for two people.
    folder.write("register.jsonl", format!("{register}{last}\n"));
    assert_eq!(folder.list().len(), 1);
    folder.write("register.jsonl", format!("{register}{}\n", last.replace("Ann", "Bob")));
    assert_eq!(folder.list().len(), 2);
    let words = ["V20200001 (volunteer 2020) to Ann and to Bob", "accolade register renumber"];
    refused(&folder, "reissue V20200001", &words);
}

#[test]
fn a_folder_that_cannot_be_written() {
    // A file in the place of a folder is in everyone's way, root's too.
    let folder = Folder::issuer().with("roster.csv", "name,category\nAnn,volunteer\n");
    folder.write("certificate", "in the way");
    refused(&folder, "issue roster.csv --year 2020", &["certificate", "hint:"]);
}

#[test]
fn names_lead_nowhere_and_problems_are_told_as_json() {
    let folder = Folder::issuer()
        .with("roster.csv", "name,category\n../../evil,lecturer\nCON,lecturer\n.x,lecturer\n");
    folder.done("issue roster.csv --year 2020 --format pdf");
    for file in ["_.._evil", "_CON", "_.x"] {
        let file = format!("certificate/2020/lecturer/{file}.pdf");
        assert!(folder.file(&file).is_file() || file.contains("evil"), "{file}");
    }
    assert!(folder.file("certificate/2020/lecturer/_.._.._evil.pdf").is_file());

    folder.write("roster.csv", "name,category\n,volunteer\n");
    let ran = folder.run("issue roster.csv --json");
    let said: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(said["problems"][0]["row"], 2);
    assert_eq!(said["problems"][0]["column"], "name");
    assert_eq!(folder.run("issue").code, Some(2));
    assert_eq!(folder.run("issue roster.csv --year MMXX").code, Some(2));
}

#[test]
fn a_file_that_the_register_does_not_know_is_not_overwritten() {
    let folder = Folder::issuer().with("roster.csv", "name,category\nAnn,volunteer\n");
    folder.done("issue roster.csv --year 2020 --format pdf");
    std::fs::remove_file(folder.file("register.jsonl")).unwrap();
    folder.write("roster.csv", "name,category\nBob,volunteer\n");
    let words = ["row 2", "V20200001.pdf", "register.jsonl"];
    refused(&folder, "issue roster.csv --year 2020", &words);
}

#[test]
fn a_background_that_links_another_file_or_is_none() {
    let folder = Folder::empty();
    folder.done("init");
    let file = "templates/classic/background.svg";
    let linking = folder.read(file).replace("</svg>", "<image href=\"../../secret.png\"/></svg>");
    for (background, words) in [
        (linking.as_str(), &["secret.png", "embed"][..]),
        ("GIF89a", &["background.svg", "PNG"]),
        ("no picture", &["background.svg", "PNG"]),
        ("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"0\" height=\"0\"/>", &["classic"]),
    ] {
        folder.write(file, background);
        refused(&folder, "issue roster.csv --year 2020", words);
        refused(&folder, "issue roster.csv --year 2020 --dry-run", words);
    }
}
