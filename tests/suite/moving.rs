//! Moving somebody to another category: what became of V20200007 and V20200008 in 2020.

use crate::harness::Folder;

/// The community of the example with some of its people, issued.
fn issued() -> Folder {
    let folder = Folder::example().with(
        "some.csv",
        "category,name,城市站\nvolunteer,沈旭,\nvolunteer,杨宙,\ncity-manager,郭旭东,上海站\n\
         lecturer,张慧,\n",
    );
    folder.done("issue some.csv --year 2020 --date 2021-02-01 --format pdf");
    folder
}

const MOVE: &str = "move V20200002 city-manager --reason promoted --format pdf";

#[test]
fn one_line_takes_one_back_and_issues_the_other() {
    let folder = issued();
    let lines = folder.read("register.jsonl");
    let before = folder.files();
    let dry = folder.done(&format!("{MOVE} --dry-run"));
    assert_eq!(dry.stdout, "- V20200002  杨宙  (volunteer)\n+ M20200002  杨宙  (city-manager)\n");
    assert_eq!(folder.files(), before);

    let ran = folder.done(MOVE);
    assert_eq!(ran.stdout, "certificate/2020/city-manager/M20200002.pdf\n");
    assert!(ran.stderr.contains("moved 杨宙 from V20200002 to M20200002"), "{}", ran.stderr);
    let register = folder.read("register.jsonl");
    let line = register.strip_prefix(lines.as_str()).unwrap();
    assert_eq!(line.lines().count(), 1);
    assert!(folder.file("certificate/2020/city-manager/M20200002.pdf").is_file());
    assert!(!folder.file("certificate/2020/volunteer/V20200002.pdf").exists());

    let old = folder.json("show V20200002");
    let new = folder.json("show M20200002");
    assert_eq!((&old["status"], &old["reason"]), (&"revoked".into(), &"promoted".into()));
    assert_eq!(
        old["moved_to"],
        serde_json::json!({ "id": "M20200002", "category": "city-manager" })
    );
    assert_eq!(
        new["moved_from"],
        serde_json::json!({ "id": "V20200002", "category": "volunteer" })
    );
    assert_eq!(new["certificate"]["date"], "2021-02-01");
    assert_eq!(new["certificate"]["title"], "优秀城市站站长");
    let shown = folder.done("show V20200002").stdout;
    assert!(shown.contains("status     moved to M20200002: promoted"), "{shown}");
    let shown = folder.done("show M20200002").stdout;
    assert!(shown.contains("moved from V20200002 (volunteer)"), "{shown}");
    let listed = folder.done("list");
    assert!(listed.stdout.contains("moved to M20200002"), "{}", listed.stdout);
    assert!(listed.stderr.contains("4 certificates, and 1 revoked"), "{}", listed.stderr);
    assert_eq!(folder.json("list 2020")[2]["moved_to"]["id"], "M20200002");
}

#[test]
fn neither_place_issues_the_person_again_and_the_number_stays_spent() {
    let folder = issued();
    folder.done(MOVE);
    let dry = folder.done("issue some.csv --year 2020 --dry-run");
    assert!(dry.stdout.contains("! V20200002  杨宙  (moved to M20200002, not issued again)"));
    folder.write("some.csv", "category,name\nvolunteer,New\ncity-manager,杨宙\n");
    folder.done("issue some.csv --year 2020 --format pdf");
    let ids: Vec<_> =
        folder.list().into_iter().map(|(id, name, _)| format!("{id} {name}")).collect();
    assert!(ids.contains(&"V20200003 New".to_owned()), "{ids:?}");
    assert_eq!(ids.iter().filter(|id| id.ends_with("杨宙")).count(), 2, "{ids:?}");
}

#[test]
fn there_and_back_again_spends_a_number_each_way() {
    let folder = issued();
    folder.done(MOVE);
    let ran = folder.run("move V20200002 contributor --reason again");
    assert!(ran.stderr.contains("V20200002 was moved to M20200002"), "{}", ran.stderr);
    folder.done("move M20200002 volunteer --reason mistaken --format pdf --keep");
    assert!(folder.file("certificate/2020/city-manager/M20200002.pdf").is_file());
    assert_eq!(folder.json("show V20200003")["moved_from"]["id"], "M20200002");
    // To a category where people are known by name, and out of it.
    folder.done("move V20200003 lecturer --reason talks --format pdf");
    assert!(folder.file("certificate/2020/lecturer/杨宙.pdf").is_file());
    let shown = folder.json("show 杨宙");
    assert_eq!(shown["certificate"]["title"], "2020年度优秀讲师");
    folder.done("move 杨宙 contributor --reason code --format pdf");
    assert_eq!(folder.json("show C20200001")["certificate"]["name"], "杨宙");
}

#[test]
fn an_adopted_certificate_is_moved_like_any() {
    let folder = issued();
    folder.write("old.csv", "id,name\nV20200009,Ann\n");
    folder.write("certificate/2020/volunteer/V20200009.pdf", "%PDF-1.7\n");
    folder.done("adopt old.csv --category volunteer --date 2021-02-01");
    folder.done("move V20200009 contributor --reason code --format pdf");
    assert!(!folder.file("certificate/2020/volunteer/V20200009.pdf").exists());
    let shown = folder.json("show C20200001");
    assert_eq!((&shown["adopted"], &shown["template"]["name"]), (&false.into(), &"classic".into()));
}

#[test]
fn what_cannot_be_moved_is_refused_and_changes_nothing() {
    let folder = issued();
    folder.write("more.csv", "category,name\ncity-manager,沈旭\n");
    folder.done("issue more.csv --year 2020 --format pdf");
    folder.done("revoke M20200001 --reason left");
    folder.write("certificate/2020/sig-owner/S20200001.pdf", "not ours");
    let before = folder.files();
    for (arguments, words) in [
        (&["move", "V20200001", "city-manager", "--reason", "x"][..], "has M20200002"),
        (&["move", "V20200001", "volunteer", "--reason", "x"], "in volunteer already"),
        (&["move", "V20200001", "chair", "--reason", "x"], "no such category"),
        (&["move", "V20200001", "contributor", "--reason", " "], "reason is empty"),
        (&["move", "V20200001", "contributor", "--reason", "by a@example.org"], "e-mail"),
        (&["move", "M20200001", "contributor", "--reason", "x"], "was revoked"),
        (&["move", "V20200099", "contributor", "--reason", "x"], "not in the register"),
        (&["move", "V20200001", "sig-owner", "--reason", "x"], "not in the register"),
    ] {
        let ran = folder.run_with(arguments);
        assert_eq!(ran.code, Some(1), "{arguments:?}\n{}", ran.stderr);
        assert!(ran.stderr.contains(words), "{arguments:?}\n{}", ran.stderr);
        assert_eq!(folder.files(), before, "{arguments:?}");
    }
}

#[test]
fn of_several_of_one_name_year_and_category_say_who_is_moved() {
    let folder = issued();
    folder.done("issue some.csv --year 2021 --date 2022-02-01 --format pdf");
    let ran = folder.run("move 张慧 volunteer --reason retired --format pdf");
    assert!(ran.stderr.contains("--year 2020 --category lecturer"), "{}", ran.stderr);
    folder
        .done("move 张慧 volunteer --year 2020 --category lecturer --reason retired --format pdf");
    let states = folder.list();
    assert!(states.iter().any(|(id, name, _)| id == "V20200003" && name == "张慧"), "{states:?}");
}
