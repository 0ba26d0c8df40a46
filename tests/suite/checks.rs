//! Rosters as people keep them: headers of their own, damaged names, namesakes; and the plan
//! that a dry run makes of them.

use serde_json::{Value, json};

use crate::harness::{Folder, Ran};

const ISSUE: &str = "issue roster.csv --category volunteer --year 2020 --format pdf";

fn issuer(roster: &str) -> Folder {
    Folder::issuer().with("roster.csv", roster)
}

/// Runs it and expects a refusal that says these words, and spends no number.
fn refused(folder: &Folder, arguments: &str, words: &[&str]) -> Ran {
    let ran = folder.run(arguments);
    assert_eq!(ran.code, Some(1), "{arguments}\n{}", ran.stderr);
    for word in words {
        assert!(ran.stderr.contains(word), "{arguments}: no {word:?} in\n{}", ran.stderr);
    }
    assert!(!folder.file("register.jsonl").exists());
    ran
}

/// The IDs, names and keys that would be given.
fn new(folder: &Folder, arguments: &str) -> Vec<String> {
    let plan = folder.json(&format!("{arguments} --dry-run"));
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let rows = plan["new"].as_array().unwrap().iter();
    rows.map(|row| format!("{} {}", text(&row["id"]), text(&row["name"]))).collect()
}

#[test]
fn columns_are_known_by_the_names_people_use() {
    for header in [
        "Full name,Certificate No.,E-mail address,Role",
        "  姓 名 ,证书编号,邮箱,奖项",
        "ＮＡＭＥ*,编号：,电子邮箱,類別",
        "1、获奖人（必填）,2、编号,3、邮箱,4、类别",
    ] {
        let folder = issuer(&format!("{header}\n沈旭,V20200007,shen@example.org,志愿者\n"));
        assert_eq!(new(&folder, "issue roster.csv --year 2020"), ["V20200007 沈旭"], "{header}");
    }
}

#[test]
fn of_two_columns_that_could_be_the_name_one_is_said() {
    let folder = issuer("name,姓名\nShen Xu,沈旭\n");
    let words = ["\"name\" and \"姓名\"", "--map name=姓名"];
    refused(&folder, ISSUE, &words);
    assert_eq!(new(&folder, &format!("{ISSUE} --map name=姓名")), ["V20200001 沈旭"]);
    assert_eq!(new(&folder, &format!("{ISSUE} --map name=Name")), ["V20200001 Shen Xu"]);
    refused(&folder, &format!("{ISSUE} --map name=who"), &["\"who\"", "name, 姓名"]);
    refused(&folder, &format!("{ISSUE} --map name=name --map name=姓名"), &["once"]);
    for (map, word) in [("title=name", "name, category, id"), ("name", "name=姓名")] {
        let ran = folder.run(&format!("{ISSUE} --map {map}"));
        assert_eq!(ran.code, Some(2));
        assert!(ran.stderr.contains(word), "{}", ran.stderr);
    }
}

#[test]
fn damaged_names_are_never_issued() {
    for (name, message, was) in [
        ("å¼\u{a0}å‡¯", "Windows-1252", "张凯"),
        ("å¼ å‡¯", "a part is lost", "张凯"),
        ("JosÃ©", "Windows-1252", "José"),
        ("寮犲嚡", "read as GBK", "张凯"),
        ("锟斤拷锟斤拷", "GBK was read as UTF-8", "retype"),
        ("&#24352;&#20975;", "HTML", "张凯"),
        ("Zo\u{fffd}", "U+FFFD", "correct"),
        ("张凯 JosÃ©", "Windows-1252", "张凯 José"),
        ("å¼ å‡¯（元乙）", "a part is lost", "张凯（元乙）"),
        ("josã©", "Windows-1252", "retype"),
        ("锟脚匡拷", "GBK was read as UTF-8", "retype"),
        ("鐜嬪皬鏄", "read as GBK", "a part is lost"),
        ("Jos茅 Garc铆a", "read as GBK", "José García"),
        ("ÀîÃ÷", "GBK that was read as Windows-1252", "李明"),
        ("³¯§ÓµØ", "Big5 that was read", "陳志華"),
        ("Ann&nbsp;Lee", "HTML", "write \"Ann Lee\""),
        ("Jos&eacute", "HTML", "José"),
        ("???", "question marks", "UTF-8"),
    ] {
        let folder = issuer(&format!("name\nAnn\n{name}\n"));
        refused(&folder, ISSUE, &["row 3, name", message, was]);
    }
}

#[test]
fn a_question_mark_in_a_name_is_warned_of_and_not_in_other_columns() {
    let folder = issuer("name,city\n张?,Where?\n");
    let expected = ["row 2, name", "a question mark", "1 warning"];
    let ran = refused(&folder, &format!("{ISSUE} --strict"), &expected);
    assert!(!ran.stderr.contains("row 2, city"), "{}", ran.stderr);
    folder.done(ISSUE);
}

#[test]
fn damaged_headers_are_told_and_mended_as_names_are() {
    let misread = |text: &str| text.bytes().map(char::from).collect::<String>();
    let roster = misread("姓名\n张凯\n");
    let folder = issuer(&roster);
    let words =
        ["is damaged: it is UTF-8 that was read", "would read \"姓名\"", "--repair-encoding"];
    refused(&folder, ISSUE, &words);
    let ran = folder.done(&format!("{ISSUE} --repair-encoding"));
    assert!(ran.stderr.contains("it is mended, and reads \"姓名\""), "{}", ran.stderr);
    assert_eq!(folder.list()[0].1, "张凯");
    // Beside the names it is a warning; where the names are lost, nothing tells them.
    let folder = issuer(&format!("name,{}\nAnn,\n", misread("城市")));
    let ran = folder.done(&format!("{ISSUE} --dry-run"));
    assert!(ran.stderr.contains("would read \"城市\""), "{}", ran.stderr);
    let folder = issuer("\u{fffd}\u{fffd}\nAnn\n");
    refused(&folder, ISSUE, &["is damaged: its characters were lost"]);
}

#[test]
fn a_text_that_may_be_in_another_encoding_stops_a_strict_run() {
    let folder = issuer("name\n");
    folder.write("roster.csv", encoding_rs::GBK.encode("name\n叶耀\n").0);
    let ran = refused(&folder, &format!("{ISSUE} --strict"), &["--encoding gbk", "叶耀"]);
    assert!(ran.stderr.contains("strict"), "{}", ran.stderr);
    folder.done(&format!("{ISSUE} --strict --encoding gbk"));
    // Where it is no word of any script, no run takes it for UTF-8.
    let folder = issuer("name\n");
    folder.write("roster.csv", encoding_rs::GBK.encode("name\n施志\n").0);
    refused(&folder, ISSUE, &["GBK that was read as UTF-8", "施志"]);
}

#[test]
fn damage_is_mended_where_nothing_was_lost_and_it_is_asked_for() {
    let folder = issuer("name\nå¼\u{a0}å‡¯\nJosÃ©\n寮犲嚡明\nMu&ntilde;oz\n");
    refused(&folder, &format!("{ISSUE} --strict --repair-encoding"), &["strict"]);
    folder.write("roster.csv", "name\nå¼\u{a0}å‡¯\nJosÃ©\nMu&ntilde;oz\n");
    let ran = folder.done(&format!("{ISSUE} --repair-encoding"));
    assert!(ran.stderr.contains("it is mended, and reads \"张凯\""), "{}", ran.stderr);
    let names: Vec<_> = folder.list().into_iter().map(|(_, name, _)| name).collect();
    assert_eq!(names, ["张凯", "José", "Muñoz"]);
    // What has lost a byte stays an error.
    let folder = issuer("name\nå¼ å‡¯\n");
    refused(&folder, &format!("{ISSUE} --repair-encoding"), &["a part is lost"]);
}

#[test]
fn slips_are_warned_of_and_stop_a_strict_run() {
    let roster = "name\nＡｎｎ\nBob  Lee\nСarl\n张A\n";
    let folder = issuer(roster);
    let expected = ["full width", "more than one space", "U+0421", "3 warnings", "strict"];
    let ran = refused(&folder, &format!("{ISSUE} --strict"), &expected);
    assert!(!ran.stderr.contains("张A"), "{}", ran.stderr);
    let ran = folder.done(ISSUE);
    assert!(ran.stderr.contains("row 3, name  Bob  Lee"), "{}", ran.stderr);
    assert_eq!(folder.list()[1].1, "Bob Lee");
    let plan = folder.json(&format!("{ISSUE} --dry-run"));
    assert_eq!(plan["warnings"].as_array().unwrap().len(), 3);
    assert_eq!(plan["warnings"][1]["severity"], "warning");
    assert!(!folder.done(&format!("{ISSUE} --quiet")).stderr.contains("full width"));
}

#[test]
fn every_problem_is_told_in_one_pass() {
    let rows: Vec<String> = (0..25).map(|n| format!("沈旭{n},nobody,\n")).collect();
    let roster = format!("姓名,类别,city\n{}", rows.concat());
    let folder = issuer(&roster);
    let ran = refused(&folder, "issue roster.csv", &["25 problems", "and 5 more", "row 21, 类别"]);
    assert!(!ran.stderr.contains("row 22"), "{}", ran.stderr);
    let ran = folder.run("issue roster.csv --json");
    let said: Value = serde_json::from_str(&ran.stdout).unwrap();
    let problems = said["problems"].as_array().unwrap();
    assert_eq!(problems.len(), 25);
    let problem = &problems[24];
    assert_eq!(problem["file"], "roster.csv");
    assert_eq!(problem["row"], 26);
    assert_eq!(problem["column"], "类别");
    assert_eq!(problem["value"], "nobody");
    assert_eq!(problem["severity"], "error");
    assert!(problem["message"].is_string() && problem["remedy"].is_string());
}

#[test]
fn namesakes_get_a_number_each_and_none_the_second_time() {
    let folder = issuer("name,city\nAnn,Rome\nBob,\nAnn,Oslo\nAnn,Bonn\n");
    refused(
        &folder,
        ISSUE,
        &["row 4", "row 5", "first in row 2", "--allow-namesakes", "column key"],
    );
    let issue = format!("{ISSUE} --allow-namesakes");
    folder.done(&issue);
    let keys: Vec<Value> = (1..=4)
        .map(|n| folder.json(&format!("show V2020000{n}"))["certificate"]["key"].clone())
        .collect();
    assert_eq!(keys, [Value::Null, Value::Null, json!("Ann#2"), json!("Ann#3")]);
    let register = folder.read("register.jsonl");
    let ran = folder.done(&issue);
    assert!(ran.stderr.contains("issued 0"), "{}", ran.stderr);
    assert!(!ran.stderr.contains("warning") && !ran.stderr.contains("differs"), "{}", ran.stderr);
    assert_eq!(folder.read("register.jsonl"), register);
}

#[test]
fn neither_one_key_nor_one_name_without_numbers_makes_two_people() {
    let folder = issuer("name,key\nAnn,1\nAnne,1\n");
    refused(&folder, &format!("{ISSUE} --allow-namesakes"), &["1 is in volunteer 2020 twice"]);
    let folder = issuer("name,category\nAnn,lecturer\nAnn,lecturer\n");
    refused(&folder, "issue roster.csv --allow-namesakes", &["twice", "alias"]);
    // In two categories it is one person, twice honoured.
    let folder = issuer("name,category\nAnn,lecturer\nAnn,volunteer\n");
    folder.done("issue roster.csv --year 2020 --format pdf --strict");
}

#[test]
fn a_dry_run_is_a_plan() {
    let folder = issuer("name,key\n沈旭,1\nBob,2\nCid,3\n");
    folder.done(ISSUE);
    folder.done("revoke V20200003 --reason left");
    folder.write("roster.csv", "name,key\n沈旭,1\nBobby,2\nCid,3\n康志华,4\nDan,5\n");
    let files = folder.files();
    let ran = folder.done(&format!("{ISSUE} --dry-run"));
    assert_eq!(
        ran.stdout,
        "+ 2 new (V20200004 康志华 …)\n\
         = 1 unchanged\n\
         ~ 1 differs (V20200002 Bob)\n\
         ! 1 withdrawn\n\
         + V20200004  康志华  (volunteer)\n\
         + V20200005  Dan  (volunteer)\n\
         ~ V20200002  name: \"Bob\" → \"Bobby\"  (row 3)\n\
         ! V20200003  Cid  (revoked, not issued again)\n"
    );
    assert!(ran.stderr.contains("accolade reissue V20200002 --name Bobby"), "{}", ran.stderr);
    assert_eq!(folder.files(), files);
}
