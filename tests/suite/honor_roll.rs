//! The year's people, thanked in public: pages that come out as they were published, prose that
//! is left alone, and names that stay names.

use crate::harness::Folder;
use crate::replay::{published, replayed};

const BEGIN: &str = "<!-- accolade honor-roll begin -->";
const END: &str = "<!-- accolade honor-roll end -->";

/// Three people in two categories, in PDF.
fn issued() -> Folder {
    let folder = Folder::issuer().with(
        "roster.csv",
        "name,category,city\n崔浩,volunteer,Rome\n沈旭,volunteer,\n张诚,lecturer,\n",
    );
    folder.done("issue roster.csv --year 2020 --date 2021-02-01 --format pdf");
    folder
}

const PAGE: &str = "certificate/2020/volunteer/README.md";

/// What stands in the cells of a Markdown table, and what is linked there.
fn rows(page: &str) -> Vec<Vec<String>> {
    let lines = page.lines().filter(|line| line.starts_with('|'));
    let cells = |line: &str| {
        let inside = line.trim().trim_matches('|');
        inside.split('|').map(|cell| cell.trim().to_owned()).collect()
    };
    lines.map(cells).collect()
}

/// The text and target of `[text](target)`.
fn linked(cell: &str) -> (&str, &str) {
    let inside = cell.strip_prefix('[').unwrap().strip_suffix(')').unwrap();
    inside.split_once("](").unwrap()
}

/// The file that a link leads to, from a folder.
fn target(folder: &Folder, place: &str, link: &str) -> std::path::PathBuf {
    let path = percent_encoding::percent_decode_str(link).decode_utf8().unwrap();
    folder.file(&format!("{place}/{path}"))
}

#[test]
fn the_published_pages_come_out_cell_by_cell() {
    let folder = replayed();
    let ran = folder.done("honor-roll 2020 --write");
    assert_eq!(ran.stdout.lines().count(), 6, "{}", ran.stdout);
    let mut found = Vec::new();
    for (category, heading) in [
        ("lecturer", "# 2020年度优秀讲师"),
        ("sig-owner", "# 2020年度优秀SIG组织者"),
        ("volunteer", "# 2020年度优秀志愿者"),
        ("contributor", "# 2020年度优秀贡献者"),
        ("city-manager", "# 2020年度优秀城市站站长"),
    ] {
        let place = format!("certificate/2020/{category}");
        let page = folder.read(&format!("{place}/README.md"));
        assert_eq!(page.lines().next(), Some(heading));
        if category == "lecturer" {
            for line in page.lines().filter_map(|line| line.strip_prefix("- ")) {
                let (name, link) = linked(line);
                assert!(target(&folder, &place, link).is_file(), "{link}");
                found.push([category, name, name, ""].map(str::to_owned));
            }
            continue;
        }
        let table = rows(&page);
        let head = ["编号", "姓名", "城市站"];
        let head = if category == "city-manager" { &head[..] } else { &head[..2] };
        assert_eq!(table[0], head);
        for row in &table[2..] {
            let (id, link) = linked(&row[0]);
            assert!(target(&folder, &place, link).is_file(), "{link}");
            let city = row.get(2).map_or("", String::as_str);
            found.push([category, id, &row[1], city].map(str::to_owned));
        }
    }
    assert_eq!(found, published());

    let year = folder.read("certificate/2020/README.md");
    assert!(year.starts_with("# 2020年度荣誉榜\n"), "{year}");
    assert_eq!(year.matches("](").count(), 86);
    assert_eq!(year.matches("\n## ").count(), 5);
    for link in year.split("](").skip(1).map(|rest| rest.split(')').next().unwrap()) {
        assert!(target(&folder, "certificate/2020", link).is_file(), "{link}");
    }
}

#[test]
fn columns_are_padded_as_wide_as_they_look() {
    let folder = issued();
    let ran = folder.done("honor-roll 2020 --category volunteer");
    let expected = "# 2020年度优秀志愿者\n\n\
                    | 编号                       | 姓名 | city |\n\
                    | :------------------------- | :--: | :--: |\n\
                    | [V20200001](V20200001.pdf) | 崔浩 | Rome |\n\
                    | [V20200002](V20200002.pdf) | 沈旭 |      |\n";
    assert_eq!(ran.stdout, expected);
}

#[test]
fn only_what_stands_between_the_markers_is_rewritten() {
    let folder = issued();
    folder.done("honor-roll 2020 --write");
    let page = folder.read(PAGE);
    assert!(page.contains(BEGIN) && page.contains(END), "{page}");
    let ran = folder.done("honor-roll 2020 --write");
    assert_eq!(ran.stdout, "");
    assert_eq!(folder.read(PAGE), page);

    let written = page.replace(BEGIN, &format!("（排名不分先后）\n\n{BEGIN}")) + "\n谢谢！";
    folder.write(PAGE, written.replace('\n', "\r\n"));
    folder.done("revoke V20200002 --reason twice");
    let ran = folder.done("honor-roll 2020 --write");
    assert!(ran.stdout.contains(PAGE), "{}", ran.stdout);
    let line = "| [V20200002](V20200002.pdf) | 沈旭 |      |\n";
    assert_eq!(folder.read(PAGE), written.replace(line, "").replace('\n', "\r\n"));
}

#[test]
#[cfg(unix)]
fn a_page_that_is_a_link_stays_one() {
    let folder = issued();
    folder.done("honor-roll 2020 --write");
    std::fs::rename(folder.file(PAGE), folder.file("page.md")).unwrap();
    std::os::unix::fs::symlink(folder.file("page.md"), folder.file(PAGE)).unwrap();
    folder.done("revoke V20200002 --reason twice");
    let before = folder.files();
    let ran = folder.run("honor-roll 2020 --write");
    assert_eq!(ran.code, Some(1));
    assert!(ran.stderr.contains("is a link") && ran.stderr.contains("hint:"), "{}", ran.stderr);
    assert_eq!(folder.files(), before);
}

/// As Notepad saves a page: with a mark of its encoding before the first line.
#[test]
fn a_mark_before_the_first_marker_is_kept() {
    let folder = issued();
    folder.write(PAGE, format!("\u{feff}{BEGIN}\n{END}\nThanks!\n"));
    folder.done("honor-roll 2020 --write");
    let page = folder.read(PAGE);
    assert!(page.starts_with(&format!("\u{feff}{BEGIN}\n")), "{page}");
    assert!(page.contains("崔浩") && page.ends_with("Thanks!\n"), "{page}");
    assert_eq!(folder.done("honor-roll 2020 --write").stdout, "");
}

#[test]
fn a_page_without_markers_is_left_alone_and_the_roll_is_printed() {
    let folder = issued();
    folder.write(PAGE, "# By hand\n");
    let ran = folder.run("honor-roll 2020 --write");
    assert_eq!(ran.code, Some(1));
    assert_eq!(folder.read(PAGE), "# By hand\n");
    assert!(ran.stdout.contains(&format!("{BEGIN}\n\n| 编号")), "{}", ran.stdout);
    assert!(ran.stderr.contains(PAGE) && ran.stderr.contains(BEGIN), "{}", ran.stderr);
    assert!(folder.file("certificate/2020/lecturer/README.md").is_file());

    folder.write(PAGE, format!("# By hand\n{BEGIN}\n"));
    let ran = folder.run("honor-roll 2020 --write");
    assert_eq!(ran.code, Some(1));
    assert!(ran.stderr.contains("below line 2"), "{}", ran.stderr);
    folder.write(PAGE, format!("# By hand\n{BEGIN}\n{END}\n"));
    folder.done("honor-roll 2020 --write");
    assert!(folder.read(PAGE).starts_with("# By hand\n"));
    assert!(folder.read(PAGE).contains("崔浩"));
}

#[test]
fn a_base_is_said_once_and_kept_by_the_page() {
    let folder = issued();
    let base = "https://raw.githubusercontent.com/us/community/3f1a";
    folder.done(&format!("honor-roll 2020 --write --base {base}/"));
    let link = format!("({base}/certificate/2020/volunteer/V20200001.pdf)");
    let lecturer = format!("({base}/certificate/2020/lecturer/%E5%BC%A0%E8%AF%9A.pdf)");
    let year = folder.read("certificate/2020/README.md");
    assert!(year.contains(&link) && year.contains(&lecturer), "{year}");
    assert_eq!(folder.done("honor-roll 2020 --write").stdout, "");
    folder.run_with(&["honor-roll", "2020", "--write", "--base", ""]);
    assert!(folder.read(PAGE).contains("(V20200001.pdf)"));
    for bad in ["example.org", "javascript:alert(1)"] {
        assert_eq!(folder.run(&format!("honor-roll 2020 --base {bad}")).code, Some(2));
    }
}

#[test]
fn names_stay_names_in_every_format() {
    let folder = Folder::issuer()
        .with("roster.csv", "name,category,city\n<b>|*x*,volunteer,=1+1\n@SUM(A1),lecturer,\n");
    folder.done("issue roster.csv --year 2020 --date 2021-02-01 --format pdf");
    let ran = folder.done("honor-roll 2020");
    assert!(ran.stdout.contains("| &lt;b&gt;&#124;\\*x\\* | \\=1+1 |"), "{}", ran.stdout);
    let html = folder.done("honor-roll 2020 --format html").stdout;
    assert!(html.contains("<bdi>&lt;b&gt;|*x*</bdi>"), "{html}");
    assert!(html.contains("href=\"lecturer/%40SUM%28A1%29.pdf\""), "{html}");
    let csv = folder.done("honor-roll 2020 --format csv").stdout;
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let cells: Vec<Vec<String>> =
        reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
    assert_eq!(cells[0][2..5], ["V20200001", "<b>|*x*", "'=1+1"].map(str::to_owned));
    assert_eq!(cells[1][2..5], ["'@SUM(A1)", "'@SUM(A1)", ""].map(str::to_owned));
    let json = folder.json("honor-roll 2020");
    assert_eq!(json["categories"][0]["people"][0]["name"], "<b>|*x*");
    assert_eq!(
        json["categories"][0]["people"][0]["file"],
        "certificate/2020/volunteer/V20200001.pdf"
    );
}

#[test]
fn pages_lie_where_the_issuer_wants_them() {
    let folder = issued();
    let config = folder.read("accolade.toml");
    let pages = "[honor_roll]\npage = \"thanks/{year}-{category}.md\"\ncombined = \"\"\n";
    folder.write("accolade.toml", format!("{config}{pages}"));
    let ran = folder.done("honor-roll 2020 --write");
    assert_eq!(ran.stdout, "thanks/2020-volunteer.md\nthanks/2020-lecturer.md\n");
    let page = folder.read("thanks/2020-volunteer.md");
    assert!(page.contains("(../certificate/2020/volunteer/V20200001.pdf)"), "{page}");
    folder.write("accolade.toml", format!("{config}{}", pages.replace("thanks/", "../")));
    let ran = folder.run("honor-roll 2020 --write");
    assert_eq!(ran.code, Some(1));
    assert!(ran.stderr.contains("[honor_roll] page"), "{}", ran.stderr);
}

#[test]
fn a_year_without_certificates_has_no_roll() {
    let folder = issued();
    for command in ["honor-roll 2019", "honor-roll 2019 --write"] {
        let ran = folder.run(command);
        assert_eq!(ran.code, Some(1));
        assert!(ran.stderr.contains("2019"), "{}", ran.stderr);
    }
}

#[test]
fn what_is_written_can_be_adopted() {
    let folder = replayed();
    folder.done("honor-roll 2020 --write");
    let config = folder.read("accolade.toml");
    let other = Folder::empty().with("accolade.toml", config);
    other.write("roll.md", folder.read("certificate/2020/README.md"));
    other.done("adopt roll.md --date 2021-02-01");
    let mut rows = other.list();
    let mut expected = folder.list();
    expected.retain(|(.., status)| status == "current");
    rows.sort();
    expected.sort();
    assert_eq!(rows, expected);
}
