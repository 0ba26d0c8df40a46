//! Rosters as people keep them: every encoding and every kind of file gives the same people.

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};

use accolade::certificate::{Fields, Recipient};
use accolade::issuer::Issuer;
use accolade::roster::{self, Choices, Defaults, Said};
use accolade::text::Text;
use chrono::NaiveDate;
use encoding_rs::{GB18030, UTF_8, UTF_16BE, UTF_16LE};

use crate::harness::{Folder, Ran, repository};

fn example(file: &str) -> String {
    std::fs::read_to_string(repository().join("examples/cloudnative-2020").join(file)).unwrap()
}

/// The headers and rows of the year 2020: those of the roster, then those that came late.
fn year_2020() -> Vec<Vec<String>> {
    let rows = |text: &str| -> Vec<Vec<String>> {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
    };
    let mut all = rows(&example("roster.csv"));
    let late = rows(&example("late.csv"));
    let place = |header: &String| late[0].iter().position(|other| other == header);
    let places: Vec<_> = all[0].iter().map(place).collect();
    for row in &late[1..] {
        all.push(places.iter().map(|p| p.map_or(String::new(), |p| row[p].clone())).collect());
    }
    assert_eq!(all.len(), 1 + 89);
    all
}

/// The same rows as each kind of text.
fn kinds(rows: &[Vec<String>]) -> Vec<(&'static str, String)> {
    let joined = |delimiter: &str, line: &str| {
        rows.iter().map(|row| row.join(delimiter) + line).collect::<String>()
    };
    let mut markdown = String::from("# 2020\n\n感谢 | 感谢\n\n");
    let mut json_lines = String::new();
    for (number, row) in rows.iter().enumerate() {
        writeln!(markdown, "| {} |", row.join(" | ")).unwrap();
        if number == 0 {
            writeln!(markdown, "|{}", " :--- |".repeat(row.len())).unwrap();
            continue;
        }
        let object: serde_json::Map<_, _> =
            rows[0].iter().cloned().zip(row.iter().map(|cell| cell.clone().into())).collect();
        writeln!(json_lines, "{}", serde_json::Value::Object(object)).unwrap();
    }
    let quoted = rows.iter().map(|row| ["\"", &row.join("\",\""), "\"\n"].concat()).collect();
    let array = format!("[\n{}]", json_lines.trim_end().replace("}\n", "},\n"));
    vec![
        ("commas", joined(",", "\r\n")),
        ("semicolons", joined(";", "\n")),
        ("tabs", joined("\t", "\n")),
        ("full-width commas", joined("，", "\n")),
        ("quotes", quoted),
        ("Markdown", markdown),
        ("JSON", array.clone()),
        ("JSON in an object", format!("{{\"year\": 2020, \"people\": {array}}}")),
        ("JSON Lines", json_lines),
    ]
}

/// The same text in each encoding that has its characters: with the name that is guessed.
fn encodings(text: &str) -> Vec<(Option<&'static str>, Vec<u8>)> {
    let units = |order: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(order).collect::<Vec<_>>();
    let (low, high) = (units(u16::to_le_bytes), units(u16::to_be_bytes));
    let marked = |mark: &[u8], bytes: &[u8]| [mark, bytes].concat();
    vec![
        (None, text.as_bytes().to_vec()),
        (None, marked(b"\xef\xbb\xbf", text.as_bytes())),
        (None, marked(b"\xff\xfe", &low)),
        (None, marked(b"\xfe\xff", &high)),
        (Some("UTF-16LE"), low),
        (Some("UTF-16BE"), high),
        (Some("GBK"), GB18030.encode(text).0.into_owned()),
    ]
}

type Person = (Text, Text, Option<Text>, Fields);

fn people(bytes: &[u8], said: &Said) -> (Vec<Person>, Vec<String>) {
    let issuer = Issuer::parse(&example("accolade.toml")).unwrap();
    let date = NaiveDate::from_ymd_opt(2021, 2, 1);
    let defaults = Defaults { category: None, year: Some(2020), date, choices: Choices::default() };
    let opened = roster::open(bytes, said).unwrap();
    let notes = opened.notes.clone();
    let recipients = opened.recipients(&issuer, &defaults).unwrap().whole().unwrap();
    let person = |person: Recipient| (person.category, person.name, person.key, person.fields);
    (recipients.people.into_iter().map(person).collect(), notes)
}

#[test]
fn every_encoding_and_kind_gives_the_same_people() {
    let rows = year_2020();
    let (expected, _) = people(kinds(&rows)[0].1.as_bytes(), &Said::default());
    assert_eq!(expected.len(), 89);
    for (kind, text) in kinds(&rows) {
        for (guessed, bytes) in encodings(&text) {
            let (found, notes) = people(&bytes, &Said::default());
            assert!(found == expected, "{kind}, {guessed:?}");
            match guessed {
                None => assert!(notes.is_empty(), "{kind}: {notes:?}"),
                Some(name) => {
                    let said = format!("read as {name}: 刘硕然 …");
                    assert!(notes[0].starts_with(&said), "{kind}: {notes:?}");
                }
            }
        }
        let said = Said { encoding: Some(GB18030), sheet: None };
        assert!(people(&GB18030.encode(&text).0, &said).0 == expected, "{kind}");
    }
    for wrong in [UTF_8, UTF_16LE, UTF_16BE] {
        let said = Said { encoding: Some(wrong), sheet: None };
        let bytes = GB18030.encode(&kinds(&rows)[0].1).0.into_owned();
        let refused = roster::open(&bytes, &said).unwrap_err();
        assert!(refused[0].remedy.contains("--encoding gbk"), "{refused:?}");
    }
}

#[test]
fn one_row_is_enough_to_tell_simplified_chinese() {
    for row in &year_2020()[1..] {
        let name = &row[1];
        if name.is_ascii() {
            continue;
        }
        for header in ["name", "姓名"] {
            let bytes = GB18030.encode(&format!("{header}\n{name}\n")).0.into_owned();
            let notes = roster::open(&bytes, &Said::default()).unwrap().notes;
            assert!(notes[0].starts_with("read as GBK: "), "{name}: {notes:?}");
        }
    }
}

/// Issues nothing, and lists who would get a certificate.
fn planned(folder: &Folder, arguments: &str) -> Vec<String> {
    let plan = folder.json(&format!("issue {arguments} --year 2020 --dry-run"));
    let new = plan["new"].as_array().unwrap().iter();
    new.map(|person| person["name"].as_str().unwrap().to_owned()).collect()
}

fn workbook(ending: &str) -> Vec<u8> {
    std::fs::read(repository().join(format!("tests/suite/rosters/roster.{ending}"))).unwrap()
}

/// The workbooks have two sheets, 说明 without names and 名单 with a title above its headers.
/// openpyxl, xlwt and odfpy wrote them: `workbooks_of_independent_writers` does it anew.
#[test]
fn workbooks_are_read_as_people_see_them() {
    for ending in ["xlsx", "xls", "ods"] {
        let folder = Folder::issuer().with("people", workbook(ending));
        reads_the_workbook(&folder, "people");
        let refused = folder.run("issue people --sheet 3 --dry-run");
        assert!(refused.stderr.contains("use one of: 说明, 名单"), "{}", refused.stderr);
        let no_names = folder.run("issue people --sheet 说明 --dry-run");
        assert!(no_names.stderr.contains("no column has the names"), "{}", no_names.stderr);
    }
    let folder = Folder::issuer().with("roster.csv", "name\nAnn\n");
    let refused = folder.run("issue roster.csv --sheet 1 --dry-run");
    assert!(refused.stderr.contains("leave out --sheet"), "{}", refused.stderr);
}

/// Writes the workbooks that stand beside this file.
const WRITER: &str = r"
import datetime, openpyxl, xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P
day = datetime.date
heads = ['姓名', '类别', '工号', '日期', 'city']
people = [['沈旭', 'volunteer', 20200001, day(2021, 2, 1), '上海站'],
          ['任增刚', '优秀志愿者', 20200002, day(2021, 2, 1), ''],
          ['刘德涵', 'lecturer', 7.5, day(2020, 12, 31), '北京站']]
sheets = {'说明': [['read me first']], '名单': [['2020年度名单'], heads] + people}
book = openpyxl.Workbook()
book.remove(book.active)
for name, rows in sheets.items():
    sheet = book.create_sheet(name)
    for row in rows:
        sheet.append(row)
book['名单'].merge_cells('A1:E1')
book.save('roster.xlsx')
book = xlwt.Workbook()
dated = xlwt.easyxf(num_format_str='YYYY-MM-DD')
for name, rows in sheets.items():
    sheet = book.add_sheet(name)
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            sheet.write(r, c, value, dated) if isinstance(value, day) else sheet.write(r, c, value)
book.save('roster.xls')
def cell(value):
    kind = {'valuetype': 'string'}
    if isinstance(value, day):
        kind = {'valuetype': 'date', 'datevalue': value.isoformat()}
    elif not isinstance(value, str):
        kind = {'valuetype': 'float', 'value': str(value)}
    made = TableCell(**kind)
    made.addElement(P(text=str(value)))
    return made
book = OpenDocumentSpreadsheet()
for name, rows in sheets.items():
    table = Table(name=name)
    for row in rows:
        line = TableRow()
        for value in row:
            line.addElement(cell(value))
        table.addElement(line)
    line = TableRow(numberrowsrepeated=1048571)
    line.addElement(TableCell(numbercolumnsrepeated=16384))
    table.addElement(line)
    book.spreadsheet.addElement(table)
book.save('roster.ods')
";

#[test]
#[ignore = "needs python3 with openpyxl, xlwt and odfpy (PYTHON names it)"]
fn workbooks_of_independent_writers() {
    let folder = Folder::issuer().with("write.py", WRITER);
    let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let ran = Command::new(python).arg("write.py").current_dir(folder.path()).status().unwrap();
    assert!(ran.success());
    for ending in ["xlsx", "xls", "ods"] {
        let written = std::fs::read(folder.file(&format!("roster.{ending}"))).unwrap();
        let folder = Folder::issuer().with("people", written);
        reads_the_workbook(&folder, "people");
    }
}

fn reads_the_workbook(folder: &Folder, file: &str) {
    let ran = folder.done(&format!("issue {file} --format pdf --year 2020"));
    assert!(ran.stderr.contains("read the sheet 名单 of 说明, 名单"), "{}", ran.stderr);
    let shown = folder.json("show V20200001");
    assert_eq!(shown["certificate"]["name"], "沈旭");
    assert_eq!(shown["certificate"]["key"], "20200001");
    assert_eq!(shown["certificate"]["date"], "2021-02-01");
    assert_eq!(shown["certificate"]["fields"]["city"], "上海站");
    assert_eq!(folder.json("show 刘德涵")["certificate"]["key"], "7.5");
    for sheet in ["名单", "2"] {
        assert!(planned(folder, &format!("{file} --sheet {sheet}")).is_empty());
    }
}

#[test]
fn a_roster_comes_from_standard_input_and_is_previewed() {
    let folder = Folder::issuer();
    let mut running = Command::new(env!("CARGO_BIN_EXE_accolade"))
        .arg("-C")
        .arg(folder.path())
        .args(["issue", "-", "--category", "volunteer", "--year", "2020", "--dry-run"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    running.stdin.take().unwrap().write_all(&GB18030.encode("姓名\n沈旭\n").0).unwrap();
    let ran = Ran::of(running.wait_with_output().unwrap());
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(ran.stdout.contains("V20200001  沈旭"), "{}", ran.stdout);
    assert!(ran.stderr.contains("read as GBK: 沈旭 …"), "{}", ran.stderr);

    let folder = Folder::issuer().with("people.xls", workbook("xls"));
    folder.done("preview people.xls --year 2020");
    let wrong = folder.run("issue people.xls --encoding gbq --dry-run");
    assert_eq!(wrong.code, Some(2));
    assert!(wrong.stderr.contains("gb18030, gbk, big5"), "{}", wrong.stderr);
}

#[test]
fn ten_rows_of_big5_and_what_cannot_be_guessed() {
    let names = "陳怡君 林志豪 黃淑芬 張雅婷 李承翰 王冠廷 吳宗翰 蔡佩珊 許家瑋 鄭詩涵";
    let roster = format!("name\n{}\n", names.replace(' ', "\n"));
    let big5 = encoding_rs::BIG5.encode(&roster).0.into_owned();
    let folder = Folder::issuer().with("roster.csv", &big5);
    let arguments = "roster.csv --category volunteer";
    assert_eq!(planned(&folder, arguments).join(" "), names);
    // Said wrongly, it is refused rather than issued, and the right one is named.
    let ran = folder.run(&format!("issue {arguments} --encoding shift_jis --dry-run"));
    assert_eq!(ran.code, Some(1), "{}", ran.stdout);
    assert!(ran.stderr.contains("--encoding big5 (陳怡君)"), "{}", ran.stderr);
}
