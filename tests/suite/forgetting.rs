//! Forgetting a person who asks for it: what leaves the register and the folder, and what
//! remains.

use crate::harness::Folder;

fn issued() -> Folder {
    let folder = Folder::issuer();
    let config = folder.read("accolade.toml").replace("优秀志愿者", "{city}优秀志愿者");
    folder.write("accolade.toml", config);
    folder.write(
        "roster.csv",
        "name,category,city,key\n沈旭,volunteer,上海,shenxu\nAnn,volunteer,Rome,\n\
         张诚,lecturer,,\n沈旭,lecturer,,\n",
    );
    folder.done("issue roster.csv --year 2020 --date 2021-02-01 --format pdf");
    folder
}

/// Everything that lies in the folder, but for the roster, as one text.
fn everything(folder: &Folder) -> String {
    let mut all = String::new();
    for path in folder.files().into_keys().filter(|path| path.extension() != Some("csv".as_ref())) {
        all.push_str(path.to_str().unwrap());
        all.push_str(&String::from_utf8_lossy(
            &std::fs::read(folder.file(path.to_str().unwrap())).unwrap(),
        ));
    }
    all
}

#[test]
fn name_key_and_columns_leave_every_line_and_the_number_stays() {
    let folder = issued();
    folder.done("reissue V20200001 --name 沈旭旭 --set city=北京 --reason 沈旭请求 --format pdf");
    let before = folder.json("show V20200001");
    let lines = folder.read("register.jsonl");
    let ran = folder.done("forget V20200001 --yes");
    assert_eq!(ran.stdout, "V20200001\n");
    for said in ["history of git", "rosters", "exports"] {
        assert!(ran.stderr.contains(said), "{}", ran.stderr);
    }
    let register = folder.read("register.jsonl");
    let theirs: Vec<&str> = register.lines().filter(|line| line.contains("V20200001")).collect();
    assert_eq!(theirs.len(), 3);
    for word in ["沈旭", "shenxu", "上海", "北京"] {
        assert!(!theirs.iter().any(|line| line.contains(word)), "{word}\n{register}");
    }
    // Nobody else's line has changed.
    let others = |text: &str| -> Vec<String> {
        text.lines().filter(|line| !line.contains("V20200001")).map(str::to_owned).collect()
    };
    assert_eq!(others(&register), others(&lines));
    assert!(!folder.file("certificate/2020/volunteer/V20200001.pdf").exists());

    let shown = folder.json("show V20200001");
    assert_eq!((&shown["forgotten"], &shown["status"]), (&true.into(), &"current".into()));
    for same in ["files", "template", "revision"] {
        assert_eq!(shown[same], before[same], "{same}");
    }
    let listed = folder.done("list");
    assert!(listed.stdout.lines().next().unwrap().ends_with("forgotten"), "{}", listed.stdout);
    assert!(
        listed.stderr.contains("3 certificates, and 1 revoked or forgotten"),
        "{}",
        listed.stderr
    );
    folder.write("more.csv", "name\nNew\n");
    folder.done("issue more.csv --category volunteer --year 2020 --format pdf");
    assert_eq!(folder.list()[2].0, "V20200003");
    let ran = folder.done("export 2020 --to out");
    assert!(ran.stderr.contains("4 certificates"), "{}", ran.stderr);
}

#[test]
fn a_lecturer_is_forgotten_under_every_name() {
    let folder = issued();
    folder.done("reissue 张诚 --name 张城 --format pdf");
    folder.run_with(&["revoke", "张城", "--reason", "张城 asked for it"]);
    let ran = folder.done("forget 张城 --yes");
    assert_eq!(ran.stdout, "forgotten-1\n");
    let all = everything(&folder);
    for word in ["张城", "张诚", "%E5%BC%A0"] {
        assert!(!all.contains(word), "{word}");
    }
    let shown = folder.json("show forgotten-1");
    assert_eq!((&shown["status"], &shown["reason"]), (&"revoked".into(), &"".into()));
    // A second one gets another.
    let ran = folder.done("forget 沈旭 --category lecturer --yes");
    assert_eq!(ran.stdout, "forgotten-2\n");
    assert!(
        ran.stderr.contains("of the same name, and left as they are: V20200001"),
        "{}",
        ran.stderr
    );
    // The roster still has them: they would be issued anew, and the command has said so.
    folder.done("issue roster.csv --year 2020 --format pdf");
    assert_eq!(folder.list().len(), 6);
}

#[test]
fn who_was_moved_is_forgotten_in_both_places() {
    let folder = issued();
    folder.done("move V20200002 lecturer --reason talks --format pdf");
    folder.done("forget V20200002 --yes");
    let register = folder.read("register.jsonl");
    assert!(!register.contains("Ann") && !register.contains("Rome"), "{register}");
    assert!(!folder.file("certificate/2020/lecturer/Ann.pdf").exists());
    let shown = folder.json("show forgotten-1");
    assert_eq!(shown["moved_from"]["id"], "V20200002");
    assert_eq!(folder.json("show V20200002")["moved_to"]["id"], "forgotten-1");
    folder.done("list");
    let shown = folder.done("show V20200002").stdout;
    assert!(shown.contains("moved to forgotten-1, forgotten"), "{shown}");
}

#[test]
fn nothing_happens_unless_it_is_meant() {
    let folder = issued();
    let before = folder.files();
    let dry = folder.done("forget V20200001 --dry-run");
    assert_eq!(dry.stdout, "- V20200001  沈旭  (volunteer 2020)\n");
    assert!(dry.stderr.contains("forget 沈旭 --category lecturer --year 2020"), "{}", dry.stderr);
    let ran = folder.run("forget V20200001");
    assert_eq!(ran.code, Some(1));
    assert!(ran.stderr.contains("--yes"), "{}", ran.stderr);
    assert_eq!(folder.files(), before);
    folder.done("forget V20200001 --yes");
    let before = folder.files();
    for command in [
        "forget V20200001 --yes",
        "reissue V20200001 --name Bob",
        "move V20200001 lecturer --reason x",
    ] {
        let ran = folder.run(command);
        assert_eq!(ran.code, Some(1), "{command}");
        assert!(ran.stderr.contains("was forgotten"), "{command}\n{}", ran.stderr);
        assert_eq!(folder.files(), before, "{command}");
    }
    // Its number can still be taken back.
    folder.done("revoke V20200001 --reason void");
}

#[test]
fn a_merge_that_brings_the_person_back_is_seen_and_mended() {
    let folder = issued();
    let lines = folder.read("register.jsonl");
    folder.done("forget V20200001 --yes");
    let forgotten = folder.read("register.jsonl");
    let mut union = forgotten.clone();
    for line in lines.lines().filter(|line| !forgotten.contains(*line)) {
        union.push_str(line);
        union.push('\n');
    }
    folder.write("register.jsonl", union);
    let ran = folder.run("check");
    assert_eq!(ran.code, Some(3));
    assert!(ran.stdout.contains("accolade forget"), "{}", ran.stdout);
    folder.done("forget V20200001 --yes");
    assert!(!folder.read("register.jsonl").contains("shenxu"));
    assert_eq!(folder.done("check").code, Some(0));
}

#[test]
fn a_name_that_a_merge_brings_back_is_found_and_forgotten_again() {
    let folder = issued();
    let lines = folder.read("register.jsonl");
    let theirs = lines.lines().find(|line| line.contains("\"id\":\"张诚\"")).unwrap();
    folder.done("forget 张诚 --yes");
    // The other branch had its line still, and a merge keeps the lines of both.
    folder.write("register.jsonl", folder.read("register.jsonl") + theirs + "\n");
    let ran = folder.run("check");
    assert_eq!(ran.code, Some(3), "{}", ran.stdout);
    assert!(ran.stdout.contains("it was forgotten as forgotten-1"), "{}", ran.stdout);
    assert!(ran.stdout.contains("accolade forget 张诚"), "{}", ran.stdout);
    folder.done("forget 张诚 --yes");
    assert!(!folder.read("register.jsonl").contains("张诚"));
    folder.done("check");
}

#[test]
fn what_a_crash_has_left_of_the_register_goes_and_so_do_files_it_does_not_know() {
    let folder = issued();
    folder.write(".accolade-register-x.part", "沈旭");
    folder.write("certificate/2020/volunteer/V20200001.png", "沈旭");
    folder.done("forget V20200001 --yes");
    assert!(!folder.file(".accolade-register-x.part").exists());
    for ending in ["png", "pdf"] {
        assert!(!folder.file(&format!("certificate/2020/volunteer/V20200001.{ending}")).exists());
    }
}
