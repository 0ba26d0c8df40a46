//! Two branches that both issued, merged: every number given twice is named, and settled.

use std::process::Command;

use serde_json::Value;

use crate::harness::Folder;

/// A folder where one person has a certificate, and pages are written.
fn begun() -> Folder {
    let folder = Folder::issuer().with("a.csv", "name,category\n沈旭,volunteer\n");
    issue(&folder, "a.csv");
    folder
}

fn issue(folder: &Folder, roster: &str) {
    folder.done(&format!("issue {roster} --year 2020 --date 2021-02-01 --format pdf"));
}

/// Another folder with the same register and files.
fn branch(folder: &Folder) -> Folder {
    let other = Folder::empty();
    for path in folder.files().keys() {
        let name = path.to_str().unwrap();
        other.write(name, std::fs::read(folder.file(name)).unwrap());
    }
    other
}

/// Takes in another branch as `merge=union` does: its lines come after our own, and of files that
/// both have `theirs` says whose are kept.
fn merge(ours: &Folder, other: &Folder, theirs: bool) {
    let (a, b) = (ours.read("register.jsonl"), other.read("register.jsonl"));
    let shared = a.lines().zip(b.lines()).take_while(|(a, b)| a == b).count();
    let lines: Vec<&str> = a.lines().chain(b.lines().skip(shared)).collect();
    for path in other.files().keys() {
        let name = path.to_str().unwrap();
        if theirs || !ours.file(name).exists() {
            ours.write(name, std::fs::read(other.file(name)).unwrap());
        }
    }
    ours.write("register.jsonl", lines.join("\n") + "\n");
}

fn remedies(folder: &Folder) -> Vec<String> {
    let ran = folder.run("check --json");
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    let found = report["findings"].as_array().unwrap();
    assert_eq!(ran.code, Some(if found.is_empty() { 0 } else { 3 }), "{}", ran.stderr);
    found.iter().map(|row| row["remedy"].as_str().unwrap().to_owned()).collect()
}

fn numbers(folder: &Folder) -> Vec<(String, String)> {
    folder.list().into_iter().map(|(id, name, _)| (id, name)).collect()
}

fn expected<const N: usize>(rows: [(&str, &str); N]) -> Vec<(String, String)> {
    rows.map(|(id, name)| (id.to_owned(), name.to_owned())).to_vec()
}

#[test]
fn a_number_given_on_two_branches_is_named_and_settled() {
    for theirs in [false, true] {
        let ours = begun();
        let other = branch(&ours);
        ours.write("b.csv", "name,category\n崔浩,volunteer\n杨宙,volunteer\n");
        issue(&ours, "b.csv");
        other.write("c.csv", "name,category\n王福印,volunteer\n");
        issue(&other, "c.csv");
        merge(&ours, &other, theirs);

        assert_eq!(remedies(&ours), ["accolade register renumber"]);
        let ran = ours.run("check");
        assert!(ran.stdout.starts_with("V20200002: "), "{}", ran.stdout);
        for name in ["崔浩", "王福印"] {
            assert!(ran.stdout.contains(name), "{}", ran.stdout);
        }
        ours.write("d.csv", "name,category\n李震,volunteer\n");
        let ran = ours.run("issue d.csv --year 2020 --format pdf --date 2021-02-02");
        assert_eq!(ran.code, Some(1));
        assert!(ran.stderr.contains("accolade register renumber"), "{}", ran.stderr);

        for command in ["honor-roll 2020", "export 2020 --to out"] {
            let ran = ours.run(command);
            assert_eq!(ran.code, Some(1), "{command}");
            assert!(ran.stderr.contains("accolade register renumber"), "{}", ran.stderr);
        }

        let before = ours.files();
        let ran = ours.done("register renumber --dry-run");
        assert_eq!(ran.stdout, "V20200002 of 王福印 would be V20200004; 崔浩 keeps V20200002\n");
        assert_eq!(ours.files(), before);
        let lines = ours.read("register.jsonl");
        ours.done("register renumber");
        assert!(ours.read("register.jsonl").starts_with(&lines));
        assert_eq!(
            numbers(&ours),
            expected([
                ("V20200001", "沈旭"),
                ("V20200002", "崔浩"),
                ("V20200003", "杨宙"),
                ("V20200004", "王福印")
            ])
        );
        assert_eq!(remedies(&ours), [""; 0]);
        assert!(ours.file("certificate/2020/volunteer/V20200004.pdf").is_file());
        assert_eq!(ours.done("register renumber").stdout, "");
        issue(&ours, "b.csv");
        issue(&ours, "d.csv");
        assert_eq!(numbers(&ours).len(), 5);
    }
}

#[test]
fn who_was_issued_on_both_branches_is_named() {
    let ours = begun();
    let other = branch(&ours);
    ours.write("b.csv", "name,category\n崔浩,volunteer\n王福印,volunteer\n");
    issue(&ours, "b.csv");
    other.write("c.csv", "name,category\n杨宙,volunteer\n李震,volunteer\n王福印,volunteer\n");
    issue(&other, "c.csv");
    merge(&ours, &other, false);
    ours.done("register renumber");
    let [remedy] = remedies(&ours).try_into().unwrap();
    assert_eq!(remedy, "accolade revoke V20200004 --reason 'issued twice, see V20200003'");
    ours.run_with(&["revoke", "V20200004", "--reason", "issued twice, see V20200003"]);
    assert_eq!(remedies(&ours), [""; 0]);
}

#[test]
fn one_roster_issued_on_both_branches_is_no_conflict() {
    let ours = begun();
    ours.write("b.csv", "name,category\n崔浩,volunteer\n");
    let other = branch(&ours);
    issue(&ours, "b.csv");
    issue(&other, "b.csv");
    let twice = ours.read("register.jsonl") + other.read("register.jsonl").as_str();
    ours.write("register.jsonl", twice);
    assert_eq!(remedies(&ours), [""; 0]);
    assert_eq!(ours.list().len(), 2);
}

#[test]
fn where_people_are_known_by_name_the_second_bearer_gets_files_of_their_own() {
    let ours = Folder::issuer().with("a.csv", "name,key\n张慧,k1\n");
    let other = branch(&ours);
    ours.done("issue a.csv --category lecturer --year 2020 --date 2021-02-01 --format pdf");
    other.write("a.csv", "name,key\n张慧,k2\n");
    other.done("issue a.csv --category lecturer --year 2020 --date 2021-02-01 --format pdf");
    merge(&ours, &other, false);
    assert_eq!(remedies(&ours), ["accolade register renumber"]);
    ours.done("register renumber");
    assert_eq!(numbers(&ours), expected([("张慧", "张慧"), ("张慧-2", "张慧")]));
    assert!(ours.file("certificate/2020/lecturer/张慧-2.pdf").is_file());
    assert_eq!(remedies(&ours), [""; 0]);
}

#[test]
fn who_was_taken_back_gives_up_the_number_too_and_leaves_no_file() {
    let ours = begun();
    let other = branch(&ours);
    ours.write("b.csv", "name,category\n崔浩,volunteer\n");
    issue(&ours, "b.csv");
    other.write("c.csv", "name,category\n王福印,volunteer\n");
    issue(&other, "c.csv");
    ours.done("revoke V20200002 --reason mistaken");
    merge(&ours, &other, true);
    ours.done("register renumber");
    let states: Vec<_> =
        ours.list().into_iter().map(|(id, name, status)| [id, name, status]).collect();
    assert!(states.contains(&["V20200003", "王福印", "current"].map(str::to_owned)), "{states:?}");
    assert!(states.contains(&["V20200002", "崔浩", "revoked"].map(str::to_owned)), "{states:?}");
    assert!(!ours.file("certificate/2020/volunteer/V20200002.pdf").exists());
    assert_eq!(remedies(&ours), [""; 0]);
}

/// Runs git in a folder, as somebody.
fn git(folder: &Folder, arguments: &[&str]) {
    let output = Command::new("git")
        .arg("-C")
        .arg(folder.path())
        .args(["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "core.autocrlf=false"])
        .args(arguments)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "git {arguments:?}\n{said}");
}

/// A repository as `init` makes it, with a person on `main` and another one on each of two
/// branches; `ours` is checked out.
fn repository() -> Folder {
    let folder = Folder::empty();
    folder.done("init . --lang zh");
    git(&folder, &["init", "--quiet", "--initial-branch", "main"]);
    let issue = |name: &str| {
        folder.write("one.csv", format!("姓名,类别\n{name},志愿者\n"));
        folder.done("issue one.csv --year 2020 --date 2021-02-01");
        folder.done("honor-roll 2020 --write");
        git(&folder, &["add", "--all"]);
        git(&folder, &["commit", "--quiet", "--message", name]);
    };
    issue("沈旭");
    git(&folder, &["checkout", "--quiet", "-b", "theirs"]);
    issue("王福印");
    git(&folder, &["checkout", "--quiet", "-b", "ours", "main"]);
    issue("崔浩");
    folder
}

#[test]
#[ignore = "needs git"]
fn two_branches_of_git_that_both_issued_are_merged_and_settled() {
    let folder = repository();
    git(&folder, &["merge", "--quiet", "-X", "ours", "--no-edit", "theirs"]);
    let ran = folder.run("check");
    assert_eq!(ran.code, Some(3));
    assert!(ran.stdout.contains("V20200002: a merge has given"), "{}", ran.stdout);
    folder.done("register renumber");
    folder.done("honor-roll 2020 --write");
    folder.done("check");
    assert_eq!(
        numbers(&folder),
        expected([("V20200001", "沈旭"), ("V20200002", "崔浩"), ("V20200003", "王福印")])
    );
}

#[test]
#[ignore = "needs git"]
fn what_is_published_keeps_its_number() {
    let folder = repository();
    git(&folder, &["merge", "--quiet", "-X", "ours", "--no-edit", "theirs"]);
    let ran = folder.done("register renumber --dry-run --upstream theirs");
    assert_eq!(ran.stdout, "V20200002 of 崔浩 would be V20200003; 王福印 keeps V20200002\n");
    git(&folder, &["commit", "--quiet", "--allow-empty", "--message", "merged"]);
    git(&folder, &["branch", "--quiet", "published"]);
    let ran = folder.run("register renumber --upstream published");
    assert_eq!(ran.code, Some(1));
    assert!(ran.stderr.contains("--force"), "{}", ran.stderr);
    for unknown in ["nowhere", "-x"] {
        let ran = folder.run_with(&["register", "renumber", &format!("--upstream={unknown}")]);
        assert_eq!(ran.code, Some(1));
        assert!(ran.stderr.contains(unknown), "{}", ran.stderr);
    }
    git(&folder, &["branch", "--quiet", "--set-upstream-to", "theirs"]);
    folder.done("register renumber");
    folder.done("honor-roll 2020 --write");
    folder.done("check");
    assert_eq!(
        numbers(&folder),
        expected([("V20200001", "沈旭"), ("V20200002", "王福印"), ("V20200003", "崔浩")])
    );
}

#[test]
fn two_reissues_of_one_certificate_are_named_until_the_next() {
    let ours = begun();
    let other = branch(&ours);
    ours.done("reissue V20200001 --name 沈旭旭 --reason typo --format pdf");
    other.done("reissue V20200001 --set city=Rome --reason moved --format pdf");
    merge(&ours, &other, true);

    let ran = ours.run("check");
    assert_eq!(ran.code, Some(3));
    let settle = "accolade reissue V20200001 --reason 'settled after a merge'";
    for said in ["V20200001: two branches", "revision 1", "沈旭旭", "Rome", settle] {
        assert!(ran.stdout.contains(said), "{said}: {}", ran.stdout);
    }
    assert_eq!(ours.run("register verify").code, Some(3));
    assert_eq!(numbers(&ours), expected([("V20200001", "沈旭")]));
    ours.write("b.csv", "name,category\n崔浩,volunteer\n");
    issue(&ours, "b.csv");

    let reason = ["--reason", "settled after a merge", "--name", "沈旭旭", "--format", "pdf"];
    let ran = ours.run_with(&[&["reissue", "V20200001"][..], &reason].concat());
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert_eq!(remedies(&ours), [""; 0]);
    assert_eq!(ours.json("show V20200001")["revision"], 2);
    assert_eq!(numbers(&ours), expected([("V20200001", "沈旭旭"), ("V20200002", "崔浩")]));
    ours.done("register verify");
}

#[test]
fn a_changed_template_is_told_of_with_the_command_that_renumbers_all_the_same() {
    let ours = begun();
    for (file, content) in crate::harness::template("classic") {
        ours.write(&format!("templates/classic/{file}"), content);
    }
    let other = branch(&ours);
    for (folder, name) in [(&ours, "崔浩"), (&other, "王福印")] {
        folder.write("b.csv", format!("name,category\n{name},volunteer\n"));
        issue(folder, "b.csv");
    }
    merge(&ours, &other, false);
    let template = ours.read("templates/classic/template.toml");
    ours.write("templates/classic/template.toml", template + "\n# another\n");
    let ran = ours.run("register renumber");
    assert_eq!(ran.code, Some(1));
    assert!(ran.stderr.contains("accolade register renumber --redesign"), "{}", ran.stderr);
    ours.done("register renumber --redesign");
    assert_eq!(remedies(&ours), [""; 0]);
}
