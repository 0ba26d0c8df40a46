//! Issuing: what is given out, what is left alone, and what comes back.

use crate::harness::Folder;

const ROSTER: &str = "姓名,category,city,email\n\
    沈旭,volunteer,上海,shen@example.org\n\
    欧阳小明,志愿者,,\n\
    张城（元乙）,lecturer,,\n";

#[test]
fn a_fresh_folder_runs_at_once() {
    for lang in ["en", "zh"] {
        let folder = Folder::empty();
        folder.done(&format!("init --lang {lang}"));
        folder.done("issue roster.csv --year 2020 --date 2021-02-01");
        assert_eq!(folder.list().len(), 4);
        assert!(folder.file("certificate/2020/volunteer/V20200001.png").is_file());
        let again = folder.run("init");
        assert_eq!(again.code, Some(1));
        assert!(again.stderr.contains("register.jsonl"), "{}", again.stderr);
    }
}

#[test]
fn a_repository_gets_a_folder_to_begin_with_and_keeps_its_own_lines() {
    let folder = Folder::empty().with(".gitignore", "/mine\n*roster*.csv").with(".git/HEAD", "");
    folder.done("init");
    let ignored = folder.read(".gitignore");
    assert!(ignored.starts_with("/mine\n*roster*.csv\n"), "{ignored}");
    assert_eq!(ignored.matches("*roster*.csv").count(), 1, "{ignored}");
    assert!(ignored.contains("\n.register.lock\n.register.holder\n"), "{ignored}");
    assert!(folder.read(".gitattributes").contains("merge=union"));
    let files = folder.files();
    assert!(folder.run("init").stderr.contains("--force"));
    folder.done("init --force");
    assert_eq!(folder.files(), files);
    folder.done("issue roster.csv --year 2020 --format pdf");
    let files = folder.files();
    for arguments in ["init", "init --force", "init --force --lang zh"] {
        let ran = folder.run(arguments);
        assert_eq!(ran.code, Some(1), "{arguments}");
        assert!(ran.stderr.contains("has a register.jsonl"), "{}", ran.stderr);
    }
    assert_eq!(folder.files(), files);
}

#[test]
fn a_language_that_a_template_has_not_is_set_in_english() {
    let draw = |language: &str| {
        let folder =
            Folder::issuer().with("roster.csv", "name,category\nAnn,volunteer\nBo,lecturer\n");
        let config = folder.read("accolade.toml").replace("zh-CN", language);
        folder.write("accolade.toml", config);
        folder.done("issue roster.csv --year 2020 --date 2021-02-01 --format png");
        ["volunteer/V20200001", "lecturer/Bo"]
            .map(|id| image::open(folder.file(&format!("certificate/2020/{id}.png"))).unwrap())
    };
    let english = draw("en");
    assert!(draw("de") == english);
    assert!(draw("zh-TW") != english);
}

#[test]
fn long_texts_of_an_issuer_find_their_place() {
    let folder = Folder::issuer();
    let config = folder.read("accolade.toml");
    let config = config.replace("云原生社区", "International Federation of Open Source Friends");
    let title = "Outstanding Long-Term Volunteer of the Documentation and Translation Group";
    let config = config.replace("优秀志愿者", title).replace("优秀讲师", &format!("{title} Too"));
    folder.write("accolade.toml", config);
    let name = "Maximiliane Bartholomäa Wilhelmina von Hohenzollern";
    folder.write("roster.csv", format!("name,category\n{name},volunteer\n{name},lecturer\n"));
    folder.done("issue roster.csv --year 2020 --format pdf");
}

#[test]
fn the_closing_line_says_where_the_files_are() {
    for (output, place) in
        [("out/{id}", "out"), ("{year}/{id}/x", "2020"), ("a/{category}/{id}", "a")]
    {
        let folder = Folder::issuer().with("roster.csv", ROSTER);
        let config = folder.read("accolade.toml");
        folder.write("accolade.toml", format!("output = \"{output}\"\n{config}"));
        let ran = folder.done("issue roster.csv --year 2020 --format pdf");
        let line = format!("issued 3 certificates in {}, in", folder.file(place).display());
        assert!(ran.stderr.contains(&line), "{}", ran.stderr);
    }
}

#[test]
fn the_same_roster_issues_nothing_the_second_time() {
    let folder = Folder::issuer().with("roster.csv", ROSTER);
    let first = folder.done("issue roster.csv --year 2020 --date 2021-02-01");
    assert!(first.stderr.contains("issued 3 certificates"), "{}", first.stderr);
    let files = folder.files();
    let second = folder.done("issue roster.csv --year 2020");
    assert!(second.stderr.contains("issued 0"), "{}", second.stderr);
    assert_eq!(folder.files(), files);
}

#[test]
fn a_lost_file_comes_back_byte_for_byte() {
    let folder = Folder::issuer().with("roster.csv", ROSTER);
    folder.done("issue roster.csv --year 2020 --date 2021-02-01");
    let files = folder.files();
    for lost in ["volunteer/V20200001.png", "volunteer/V20200002.pdf", "lecturer/张城（元乙）.pdf"]
    {
        std::fs::remove_file(folder.file(&format!("certificate/2020/{lost}"))).unwrap();
    }
    folder.done("issue roster.csv --year 2020");
    assert_eq!(folder.files(), files);
}

#[test]
fn two_folders_have_the_same_bytes() {
    let make = || {
        let folder = Folder::issuer().with("roster.csv", ROSTER);
        folder.done("issue roster.csv --year 2020 --date 2021-02-01");
        folder.files()
    };
    assert_eq!(make(), make());
}

#[test]
fn a_lost_file_stays_lost_when_its_template_has_changed() {
    let folder = Folder::empty();
    folder.done("init");
    folder.done("issue roster.csv --year 2020 --date 2021-02-01");
    std::fs::remove_file(folder.file("certificate/2020/volunteer/V20200001.png")).unwrap();
    let template = folder.read("templates/classic/template.toml");
    folder.write("templates/classic/template.toml", template.replace("size = 88", "size = 80"));
    let ran = folder.run("issue roster.csv --year 2020");
    assert_eq!(ran.code, Some(1));
    assert!(ran.stderr.contains("--redesign"), "{}", ran.stderr);
    assert!(!folder.file("certificate/2020/volunteer/V20200001.png").exists());
}

#[test]
fn a_template_with_other_line_breaks_is_the_same_template() {
    let folder = Folder::empty();
    folder.done("init");
    folder.done("issue roster.csv --year 2020 --date 2021-02-01");
    let file = "certificate/2020/volunteer/V20200001.pdf";
    let before = std::fs::read(folder.file(file)).unwrap();
    std::fs::remove_file(folder.file(file)).unwrap();
    let template = folder.read("templates/classic/template.toml");
    folder.write("templates/classic/template.toml", template.replace('\n', "\r\n"));
    folder.done("issue roster.csv --year 2020");
    assert_eq!(std::fs::read(folder.file(file)).unwrap(), before);
}

#[test]
fn a_dry_run_shows_the_numbers_and_writes_nothing() {
    let folder = Folder::issuer().with("roster.csv", ROSTER);
    let files = folder.files();
    let ran = folder.done("issue roster.csv --year 2020 --dry-run");
    for line in ["+ V20200001  沈旭", "+ V20200002  欧阳小明", "+ 张城（元乙）"] {
        assert!(ran.stdout.contains(line), "{}", ran.stdout);
    }
    assert_eq!(folder.files(), files);
    assert!(!folder.file(".register.lock").exists());
}

#[test]
fn numbers_go_on_in_roster_order_and_given_ones_are_adopted() {
    let folder = Folder::issuer();
    folder.write("a.csv", "name,id\nAnn,V20200003\nBob,\n");
    folder.done("issue a.csv --category volunteer --year 2020 --format pdf");
    folder.write("b.csv", "name,id\nCid,V20209999\nDan,\n");
    folder.done("issue b.csv --category 志愿者 --year 2020 --format pdf");
    folder.write("c.csv", "name\nEve\n");
    folder.done("issue c.csv --category volunteer --date 2021-02-01 --format pdf");
    let ids: Vec<_> =
        folder.list().into_iter().map(|(id, name, _)| format!("{id} {name}")).collect();
    assert_eq!(
        ids,
        ["V20200003 Ann", "V20200004 Bob", "V20209999 Cid", "V202010000 Dan", "V20210001 Eve"]
    );
}

#[test]
fn only_public_columns_reach_the_register() {
    let folder = Folder::issuer().with("roster.csv", ROSTER);
    folder.done("issue roster.csv --year 2020 --format pdf");
    let register = folder.read("register.jsonl");
    assert!(register.contains("上海"));
    assert!(!register.contains("shen@example.org"));
    assert!(!register.contains("email"));
}

#[test]
fn a_row_that_says_something_else_is_reported_and_not_issued() {
    let folder = Folder::issuer().with("roster.csv", "name,key,city\nAnn,1,Rome\n");
    folder.done("issue roster.csv --category volunteer --year 2020 --format pdf");
    let register = folder.read("register.jsonl");
    folder.write("roster.csv", "name,key,city\nAnna,1,Rome\n");
    let ran = folder.done("issue roster.csv --category volunteer --year 2020 --format pdf");
    let remedy = "accolade reissue V20200001 --name Anna";
    assert!(ran.stderr.contains(remedy), "{}", ran.stderr);
    folder.write("roster.csv", "name,key,id\nAnn,1,V20200007\n");
    let ran = folder.done("issue roster.csv --category volunteer --year 2020 --format pdf");
    assert!(ran.stderr.contains("an id never changes"), "{}", ran.stderr);
    assert!(!ran.stderr.contains("accolade reissue"), "{}", ran.stderr);
    assert_eq!(folder.read("register.jsonl"), register);
}

#[test]
fn a_key_that_came_later_is_warned_of() {
    let folder = Folder::issuer().with("roster.csv", "name\nAnn\nBob\n");
    let issue = "issue roster.csv --category volunteer --year 2020 --format pdf --allow-namesakes";
    folder.done(issue);
    // Whoever stands in the roster without a key is another person.
    folder.write("roster.csv", "name,key\nAnn,\nAnn,2\nBob,1\n");
    let same = "row 4, Bob: V20200002 is of the same name and has no key";
    let dry = folder.done(&format!("{issue} --dry-run"));
    assert!(dry.stderr.contains(same), "{}", dry.stderr);
    assert!(dry.stderr.contains("empty the key in row 4"), "{}", dry.stderr);
    assert_eq!(dry.stderr.matches("warning").count(), 1, "{}", dry.stderr);
    let ran = folder.done(issue);
    assert!(ran.stderr.contains(same), "{}", ran.stderr);
    assert!(ran.stderr.contains("accolade revoke V20200004"), "{}", ran.stderr);
    assert_eq!(folder.list().len(), 4);
    assert!(!folder.done(issue).stderr.contains("warning"));
}

#[test]
fn a_key_that_is_gone_is_warned_of() {
    let folder = Folder::issuer().with("roster.csv", "name,key\nAnn,\nBob,1\n");
    let issue = "issue roster.csv --category volunteer --year 2020 --format pdf";
    folder.done(issue);
    folder.write("roster.csv", "name\nAnn\nBob\n");
    let dry = folder.done(&format!("{issue} --dry-run"));
    assert!(dry.stderr.contains("write the key 1 in row 3"), "{}", dry.stderr);
}

#[test]
fn lists_have_public_columns_and_ids_are_guessed() {
    let folder = Folder::issuer().with("roster.csv", ROSTER);
    folder.done("issue roster.csv --year 2020 --format pdf");
    assert_eq!(folder.json("list")[0]["fields"]["city"], "上海");
    let ran = folder.run("show v20200001");
    assert_eq!(ran.code, Some(1));
    assert!(ran.stderr.contains("did you mean V20200001?"), "{}", ran.stderr);
}

#[test]
fn a_damaged_file_is_drawn_again_and_never_handed_out() {
    let folder = Folder::issuer().with("roster.csv", ROSTER);
    folder.done("issue roster.csv --year 2020 --date 2021-02-01");
    let files = folder.files();
    let damaged = ["volunteer/V20200001.png", "volunteer/V20200002.pdf"];
    let damage = || {
        for file in damaged {
            let path = format!("certificate/2020/{file}");
            let mut bytes = std::fs::read(folder.file(&path)).unwrap();
            let half = bytes.len() / 2;
            bytes[half] ^= 0xff;
            folder.write(&path, bytes);
        }
    };
    damage();
    let ran = folder.done("issue roster.csv --year 2020");
    assert!(ran.stderr.contains("restored 2"), "{}", ran.stderr);
    assert_eq!(folder.files(), files);
    let sound = damaged
        .map(|file| std::fs::read(folder.file(&format!("certificate/2020/{file}"))).unwrap());
    damage();
    folder.done("export 2020 --to out");
    for (file, sound) in damaged.iter().zip(&sound) {
        assert!(std::fs::read(folder.file(&format!("out/{file}"))).unwrap() == *sound, "{file}");
    }
    let template = folder.path().join("templates/classic");
    std::fs::create_dir_all(&template).unwrap();
    for file in ["template.toml", "background.svg"] {
        let own = crate::harness::repository().join("templates/classic").join(file);
        std::fs::copy(own, template.join(file)).unwrap();
    }
    let toml = folder.read("templates/classic/template.toml").replace("size = 88", "size = 80");
    folder.write("templates/classic/template.toml", toml);
    let ran = folder.run("export 2020 --to other");
    assert_eq!(ran.code, Some(1));
    assert!(ran.stderr.contains("--redesign"), "{}", ran.stderr);
    assert!(!folder.file("other").exists());
}

#[test]
fn a_file_that_is_empty_or_from_before_a_reissue_is_drawn_again() {
    let folder = Folder::issuer().with("roster.csv", ROSTER);
    folder.done("issue roster.csv --year 2020 --date 2021-02-01");
    let file = "certificate/2020/volunteer/V20200001.png";
    let old = std::fs::read(folder.file(file)).unwrap();
    folder.done("reissue V20200001 --name 沈续");
    let files = folder.files();
    for stale in [old, Vec::new()] {
        folder.write(file, stale);
        let ran = folder.done("issue roster.csv --year 2020");
        assert!(ran.stderr.contains("restored 1"), "{}", ran.stderr);
        assert_eq!(folder.files(), files);
    }
}

#[test]
fn a_format_that_is_asked_for_later_is_added() {
    let folder = Folder::issuer().with("roster.csv", ROSTER);
    folder.done("issue roster.csv --year 2020 --date 2021-02-01 --format png");
    let ran = folder.done("issue roster.csv --year 2020");
    assert!(ran.stderr.contains("added formats to 3"), "{}", ran.stderr);
    assert!(folder.file("certificate/2020/volunteer/V20200001.pdf").is_file());
    let files = folder.files();
    folder.done("issue roster.csv --year 2020");
    assert_eq!(folder.files(), files);
}

#[test]
fn a_new_year_alone_issues_nothing_again() {
    let folder = Folder::issuer().with("roster.csv", ROSTER);
    folder.done("issue roster.csv --date 2019-02-01 --format pdf");
    let ran = folder.run("issue roster.csv --format pdf");
    assert_eq!(ran.code, Some(1));
    assert!(ran.stderr.contains("certificate of 2019"), "{}", ran.stderr);
    folder.done("issue roster.csv --year 2020 --format pdf");
    assert_eq!(folder.list().len(), 6);
}

#[test]
fn a_number_whose_file_is_there_in_another_format_is_not_given() {
    let folder = Folder::issuer().with("roster.csv", "name,category\nAnn,volunteer\n");
    folder.write("certificate/2020/volunteer/V20200001.pdf", "somebody's");
    let ran = folder.run("issue roster.csv --year 2020 --date 2021-02-01 --format png");
    assert_eq!(ran.code, Some(1));
    assert!(ran.stderr.contains("V20200001.pdf is there already"), "{}", ran.stderr);
    assert!(!folder.file("register.jsonl").exists());
}

#[test]
fn a_revocation_whose_files_stayed_is_finished_by_saying_it_again() {
    let folder = Folder::issuer().with("roster.csv", "name,category\nAnn,volunteer\n");
    folder.done("issue roster.csv --year 2020 --date 2021-02-01 --format pdf");
    folder.done("revoke V20200001 --reason left --keep");
    let (file, lines) =
        (folder.file("certificate/2020/volunteer/V20200001.pdf"), folder.read("register.jsonl"));
    assert!(file.exists());
    folder.done("revoke V20200001 --reason left");
    assert!(!file.exists());
    assert_eq!(folder.read("register.jsonl"), lines);
    assert_eq!(folder.run("revoke V20200001 --reason left").code, Some(1));
}
