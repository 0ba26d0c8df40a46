//! Rosters that have been damaged or mean harm: each is read or refused, soon, without panic.

use std::time::{Duration, Instant};

use accolade::roster::{self, Said};

use crate::damaged::{changed, parts, rosters, sample, zipped};

/// Reads so many damaged rosters of every kind.
fn reads(cases: usize) {
    let mut slowest = Duration::ZERO;
    for bytes in rosters().take(cases) {
        let begun = Instant::now();
        let _ = roster::open(&bytes, &Said::default());
        slowest = slowest.max(begun.elapsed());
    }
    assert!(slowest < Duration::from_secs(2), "{slowest:?}");
    eprintln!("{cases} cases, the slowest in {slowest:?}");
}

#[test]
fn damaged_rosters_are_read_or_refused() {
    reads(3000);
}

#[test]
#[ignore = "needs minutes: a million cases"]
fn a_million_damaged_rosters() {
    reads(1_000_000);
}

/// Asserts that bytes are refused with these words, soon.
fn is_refused(bytes: &[u8], words: &str) {
    let begun = Instant::now();
    let problems = roster::open(bytes, &Said::default()).unwrap_err();
    assert!(problems[0].message.contains(words), "{words}: {}", problems[0]);
    assert!(begun.elapsed() < Duration::from_secs(2), "{words}: {:?}", begun.elapsed());
}

#[test]
fn workbooks_that_unfold_are_refused() {
    let content = |from: &str, to: &str| changed("roster.ods", "content.xml", from, to);
    let cell = "<table:table-cell ";
    for key in ["table:number-columns-repeated", "table:number-rows-repeated"] {
        let from = if key.contains("rows") { "<table:table-row>" } else { cell };
        let to = format!("{} {key}=\"16000000\">", from.trim_end().trim_end_matches('>'));
        let to = if key.contains("rows") { to } else { to.replace('>', " ") };
        is_refused(&content(from, &to), "unfolds");
    }
    is_refused(&content("<text:p>", "<text:p><text:s text:c=\"4000000000\"/>"), "unfolds");
    is_refused(&content("</office:document-content>", ""), "ends too early");
    let mut strings = parts(&sample("roster.xlsx"));
    let promise = b"<sst uniqueCount=\"99999999999\"></sst>".to_vec();
    strings.push(("xl/sharedStrings.xml".to_owned(), promise));
    is_refused(&zipped(&strings), "unfolds");
    let blank = " ".repeat(80 << 20);
    let bomb = changed("roster.xlsx", "xl/workbook.xml", "<sheets>", &format!("{blank}<sheets>"));
    assert!(bomb.len() < 1 << 20);
    is_refused(&bomb, "unfolds");
    is_refused(&zipped(&[("a.txt".to_owned(), vec![0; 9])]), "no workbook");
}
