//! How much memory a roster takes to be read and checked: measured, so that no few bytes can
//! ask for much. The test has a program of its own, since it counts whatever its process holds.

#[path = "../suite/damaged.rs"]
mod damaged;
#[path = "../suite/dice.rs"]
mod dice;

use accolade::issuer::Issuer;
use accolade::roster::{self, Choices, Defaults, Said};
use chrono::NaiveDate;
use peak_alloc::PeakAlloc;

use damaged::{changed, rosters};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// What a roster may take, by its size: ten times as much.
const TIMES: usize = 10;

/// What each of its lines may take beyond that: a person, or a few problems.
const LINE: usize = 2 << 10;

/// What any text may take beyond that.
const ALLOWANCE: usize = 1 << 20;

/// What any workbook may take: one cell far down a sheet makes it long, and is found in
/// workbooks of people who mean no harm.
const WORKBOOK: usize = 80 << 20;

const ISSUER: &str = r#"
[issuer]
name = "Community"
url = "https://example.org"
[category.volunteer]
title = "Volunteer"
prefix = "V"
template = "classic"
"#;

/// The most bytes that were held at once while a roster was read and checked.
fn peak(bytes: &[u8]) -> usize {
    let issuer = Issuer::parse(ISSUER).unwrap();
    let defaults = Defaults {
        category: Some("volunteer".into()),
        year: Some(2020),
        date: NaiveDate::from_ymd_opt(2021, 2, 1),
        choices: Choices::default(),
    };
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    let opened = roster::open(bytes, &Said::default());
    drop(opened.and_then(|opened| opened.recipients(&issuer, &defaults)));
    MEMORY.peak_usage().saturating_sub(before)
}

fn is_within_bounds(what: &str, bytes: &[u8]) {
    let is_book = bytes.starts_with(b"PK") || bytes.starts_with(b"\xd0\xcf\x11\xe0");
    let lines = bytes.split(|byte| *byte == b'\n').count();
    let allowed = if is_book { WORKBOOK } else { LINE * lines + ALLOWANCE };
    let held = peak(bytes);
    let size = bytes.len();
    assert!(held <= TIMES * size + allowed, "{what}: {held} bytes for {size} in {lines} lines");
}

#[test]
fn few_bytes_take_little_memory() {
    // What is made once, such as the threads.
    peak(b"name\nAnn\nBob\n");
    for (case, bytes) in rosters().take(3000).enumerate() {
        is_within_bounds(&format!("damaged roster {case}"), &bytes);
    }
    let rows = |headers: &str, row: &str, count| [headers, "\n", &row.repeat(count)].concat();
    let wide = format!("name{}", ",a".repeat(900));
    for (what, text) in [
        ("one name a thousand times a thousand", rows("name", "张三\n", 1 << 20)),
        ("a problem in every cell", rows("name,year,date,id", "\u{7},y,y,y\n", 1 << 16)),
        ("short rows under many headers", rows(&wide, "x\n", 100_000)),
        ("empty cells", rows(&wide, &format!("{}x\n", ",".repeat(900)), 5000)),
        ("a long cell", rows("name", &"x".repeat(32 << 20), 1)),
        ("long cells", rows("name", &format!("{}\n", "é".repeat(9000)), 400)),
        ("a long header", rows(&"n".repeat(8 << 20), "x\n", 2)),
        ("quotes", rows("name", &"\"".repeat(1 << 20), 1)),
        ("nothing but lines", rows("name", "\n", 1 << 22)),
        ("bars", rows("name|b\n-|-", &"|".repeat(1 << 20), 1)),
        ("open brackets", "[".repeat(1 << 22)),
        ("numbers in an array", format!("[{}0]", "0,".repeat(1 << 20))),
        ("numbers", "0 ".repeat(1 << 20)),
        ("empty objects", format!("[{}{{}}]", "{},".repeat(1 << 20))),
        ("spaces", " ".repeat(1 << 22)),
        ("NUL", "\0".repeat(1 << 22)),
    ] {
        is_within_bounds(what, text.as_bytes());
    }
    let spaces = format!("{}<sheets>", " ".repeat(80 << 20));
    let content = |from: &str, to: &str| changed("roster.ods", "content.xml", from, to);
    for (what, book) in [
        ("a part full of spaces", changed("roster.xlsx", "xl/workbook.xml", "<sheets>", &spaces)),
        ("a cell full of spaces", content("<text:p>", "<text:p><text:s text:c=\"9000000\"/>")),
        (
            "a row repeated",
            content(
                "<table:table-row>",
                "<table:table-row table:number-rows-repeated=\"1000000\">",
            ),
        ),
    ] {
        is_within_bounds(what, &book);
    }
}
