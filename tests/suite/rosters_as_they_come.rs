//! Rosters as they come: quotes that are not closed, titles above the headers, sums below the
//! people, dates in every form; whoever stands in them gets a certificate, and nobody else.

use crate::harness::{Folder, Ran};

const ISSUE: &str = "issue roster.csv --category volunteer --year 2020 --format pdf";

fn dry(roster: &str) -> Ran {
    let folder = Folder::issuer().with("roster.csv", roster);
    folder.run(&format!("{ISSUE} --date 2021-02-01 --dry-run"))
}

/// Refused, with these words.
fn refused(roster: &str, words: &[&str]) {
    let ran = dry(roster);
    assert_eq!(ran.code, Some(1), "{roster}\n{}{}", ran.stdout, ran.stderr);
    for word in words {
        assert!(ran.stderr.contains(word), "{roster}: no {word:?} in\n{}", ran.stderr);
    }
}

/// Read, so that so many get a certificate; gives back what was said.
fn read(roster: &str, people: usize) -> String {
    let ran = dry(roster);
    assert_eq!(ran.code, Some(0), "{roster}\n{}", ran.stderr);
    assert!(ran.stdout.contains(&format!("+ {people} new")), "{roster}\n{}", ran.stdout);
    ran.stderr
}

#[test]
fn nobody_is_swallowed_by_a_quote() {
    refused("姓名,city,备注\n张凯,x,\"第一行\n李明,x,y\n", &["row 2", "a quote is never closed"]);
    refused("姓名,备注\n张凯,\"第一行\n李明,\"x\"\n", &["row 2", "text follows a quoted cell"]);
    let said = read("姓名,city,备注\n张凯,x,\"a\n李明,x,y\nb\"\n", 1);
    assert!(said.contains("look like rows"), "{said}");
    assert!(!read("姓名,备注\n张凯,\"第一行\n第二行\"\n李明,\n", 2).contains("warning"));
}

#[test]
fn a_title_and_empty_lines_may_stand_above_the_headers() {
    let said = read("2020年度优秀志愿者名单,,\n,,\n姓名,city,备注\n张凯,上海,\n", 1);
    assert!(!said.contains("warning"), "{said}");
    read("名单\n姓名\tcity（如有,请填,谢谢）\n张凯\t上海\n", 1);
    read("姓名 Name,City 城市\n张凯,上海\n", 1);
}

#[test]
fn sums_and_headers_said_again_are_nobody() {
    refused("姓名,city\n张凯,上海\n姓名,city\n", &["row 3", "the headers over again"]);
    for nobody in ["合计", "Total", "以下空白", "#N/A", "无", "-"] {
        refused(&format!("姓名,city\n张凯,上海\n{nobody},1\n"), &["row 3", "the name of nobody"]);
    }
    assert!(read("姓名,city\n张凯、李明,上海\n", 1).contains("several people"));
}

#[test]
fn a_public_column_is_known_in_any_case() {
    let folder = Folder::issuer().with("roster.csv", "name,City\nAnn,Rome\n");
    folder.done(&format!("{ISSUE} --date 2021-02-01"));
    assert!(folder.read("register.jsonl").contains(r#""city":"Rome""#));
}

#[test]
fn dates_are_read_in_every_form_that_leaves_no_doubt() {
    for date in ["2021/2/1", "2021年2月1日", "2021.02.01", "20210201", "2021-02-01 00:00:00"] {
        let folder = Folder::issuer().with("roster.csv", format!("name,date\nAnn,{date}\n"));
        folder.done(ISSUE);
        assert!(folder.read("register.jsonl").contains(r#""date":"2021-02-01""#), "{date}");
    }
    refused("name,date\nAnn,01/02/2021\n", &["not a date"]);
}

#[test]
fn a_row_with_another_date_is_a_difference() {
    let folder = Folder::issuer().with("roster.csv", "name\nAnn\n");
    folder.done(&format!("{ISSUE} --date 2021-02-01"));
    folder.write("roster.csv", "name,date\nAnn,2021-05-05\n");
    let ran = folder.done(&format!("{ISSUE} --dry-run"));
    assert!(ran.stdout.contains("~ 1 differs"), "{}", ran.stdout);
    assert!(ran.stdout.contains("keeps its date"), "{}{}", ran.stdout, ran.stderr);
    // The date of the run is that of new certificates, and says nothing of old ones.
    folder.write("roster.csv", "name\nAnn\n");
    let ran = folder.done(&format!("{ISSUE} --date 2022-01-01 --dry-run"));
    assert!(ran.stdout.contains("= 1 unchanged"), "{}", ran.stdout);
}

#[test]
fn rows_of_every_kind_are_told_of_in_one_pass() {
    let roster = "name,city\nAnn,Rome,x\n,Oslo\n<b>,\u{fffd}\n";
    refused(roster, &["row 2", "3 cells", "row 3", "name is missing", "row 4, city"]);
    let folder = Folder::issuer().with("roster.json", r#"[{"name": "Ann", "tags": ["a"]}]"#);
    folder.done(&ISSUE.replace("csv", "json"));
    folder.write("roster.json", r#"[{"name": ["Ann"]}]"#);
    assert_eq!(folder.run(&ISSUE.replace("csv", "json")).code, Some(1));
}

#[test]
fn digits_that_a_spreadsheet_has_eaten_are_no_key() {
    refused("name,工号\nAnn,1.1E+17\nBob,####\n", &["row 2", "row 3", "shortened the number"]);
    let said = read("name,工号\nAnn,=\"007\"\nBob,7\n", 2);
    assert!(!said.contains("warning"), "{said}");
    assert!(read("name,key\nAnn,a\nAnn,\n", 2).contains("a key in row 2, and none here"));
}

#[test]
fn another_table_is_told_of_and_an_example_is_none() {
    let markdown = "```\n| name |\n|--|\n| 样例 |\n```\n\n| name | city |\n|--|--|\n| Ann | x |\n\n\
                    | name | city |\n|--|--|\n| Bob | x |\n";
    assert!(read(markdown, 1).contains("row 11"));
}

#[test]
fn a_category_is_known_by_the_title_that_is_printed() {
    let config = Folder::issuer().read("accolade.toml").replace("优秀讲师", "{year}年度优秀讲师");
    let roster = "姓名,类别\n张凯,2020年度优秀讲师\n";
    let folder = Folder::empty().with("accolade.toml", config).with("roster.csv", roster);
    let ran = folder.done("issue roster.csv --year 2020 --format pdf --dry-run");
    assert!(ran.stdout.contains("+ 1 new"), "{}", ran.stdout);
}
