//! A year in one PDF: what the print shop gets.

use std::path::Path;

use lopdf::{Dictionary, Document, Object, ObjectId};

use crate::harness::Folder;
use crate::replay::replayed;

fn small() -> Folder {
    let folder = Folder::issuer();
    folder.write("roster.csv", "name,category\n沈旭,volunteer\nAnn,volunteer\nAnn,lecturer\n");
    folder.done("issue roster.csv --year 2020 --date 2021-02-01 --format pdf");
    folder
}

fn open(path: &Path) -> Document {
    Document::load(path).unwrap()
}

fn text(object: &Object) -> String {
    lopdf::decode_text_string(object).unwrap()
}

fn dictionary(document: &Document, entry: &[u8], of: &Dictionary) -> Dictionary {
    document.dereference(of.get(entry).unwrap()).unwrap().1.as_dict().unwrap().clone()
}

/// The bookmarks below one, each with how many are below it in turn, and its page.
fn bookmarks(document: &Document, above: &Dictionary) -> Vec<(String, Dictionary, ObjectId)> {
    let mut found = Vec::new();
    let mut next = above.get(b"First").cloned();
    while let Ok(reference) = next {
        let bookmark = document.dereference(&reference).unwrap().1.as_dict().unwrap().clone();
        let page = bookmark.get(b"Dest").unwrap().as_array().unwrap()[0].as_reference().unwrap();
        next = bookmark.get(b"Next").cloned();
        found.push((text(bookmark.get(b"Title").unwrap()), bookmark, page));
    }
    found
}

/// A box of a page: left, bottom, width, height, in mm.
fn box_of(document: &Document, page: ObjectId, name: &[u8]) -> Option<[f32; 4]> {
    let found = document.get_dictionary(page).unwrap().get(name).ok()?.as_array().unwrap();
    let [left, bottom, right, top] =
        std::array::from_fn(|at| found[at].as_float().unwrap() / 72.0 * 25.4);
    Some([left, bottom, right - left, top - bottom].map(|mm| (mm * 10.0).round() / 10.0))
}

#[test]
fn the_year_2020_is_one_small_file_in_order() {
    let folder = replayed();
    let said = folder.json("export 2020 --to out/2020.pdf --index");
    assert_eq!((&said["certificates"], &said["index_pages"]), (&86.into(), &1.into()));
    let path = folder.file("out/2020.pdf");
    assert!(path.metadata().unwrap().len() < 1_500_000);
    let document = open(&path);
    let pages: Vec<ObjectId> = document.get_pages().into_values().collect();
    assert_eq!(pages.len(), 87);

    // Backgrounds and faces are there once for all.
    let of = |kind: &[u8], value: &[u8]| {
        let found = document.objects.values().filter_map(|object| match object {
            Object::Stream(stream) => Some(&stream.dict),
            other => other.as_dict().ok(),
        });
        found
            .filter(|dictionary| dictionary.get(kind).and_then(Object::as_name).ok() == Some(value))
            .count()
    };
    assert_eq!(of(b"Type", b"FontDescriptor"), 5);
    let forms = of(b"Subtype", b"Form");
    assert!(forms < 60, "{forms}");

    let catalog = document.catalog().unwrap();
    let outlines = bookmarks(&document, &dictionary(&document, b"Outlines", catalog));
    let titles: Vec<&str> = outlines.iter().map(|(title, ..)| title.as_str()).collect();
    assert_eq!(
        titles,
        ["2020年度优秀讲师", "优秀SIG组织者", "优秀志愿者", "优秀贡献者", "优秀城市站站长", "目录"]
    );
    let certificates: Vec<_> =
        outlines.iter().flat_map(|(_, bookmark, _)| bookmarks(&document, bookmark)).collect();
    assert_eq!(certificates.len(), 86);
    let list = folder.json("list 2020");
    let current = list.as_array().unwrap().iter().filter(|row| row["status"] == "current");
    for ((row, (title, _, at)), page) in current.zip(&certificates).zip(&pages) {
        assert_eq!(at, page);
        assert!(title.starts_with(row["name"].as_str().unwrap()), "{title} {row}");
        assert!(title.ends_with(row["id"].as_str().unwrap()), "{title} {row}");
        let upright = row["category"] == "lecturer";
        let [width, height] = if upright { [210.0, 297.0] } else { [297.0, 210.0] };
        for name in [&b"MediaBox"[..], b"TrimBox", b"CropBox"] {
            assert_eq!(box_of(&document, *page, name), Some([0.0, 0.0, width, height]));
        }
    }

    let names = dictionary(&document, b"Dests", &dictionary(&document, b"Names", catalog));
    let names = names.get(b"Names").unwrap().as_array().unwrap();
    assert_eq!(names.len(), 2 * 86);
    let keys: Vec<&[u8]> = names.iter().step_by(2).map(|key| key.as_str().unwrap()).collect();
    assert!(keys.is_sorted() && keys.contains(&&b"V20200001"[..]));

    let shown = folder.done("show out/2020.pdf").stdout;
    assert!(shown.contains("云原生社区 · 2020") && !shown.contains("register"), "{shown}");
    let first = std::fs::read(&path).unwrap();
    folder.done("export 2020 --to out/2020.pdf --index");
    assert_eq!(std::fs::read(&path).unwrap(), first);
    assert_eq!(std::fs::read_dir(folder.file("out")).unwrap().count(), 1);
}

#[test]
fn two_people_of_one_name_have_a_destination_each() {
    let folder = small();
    let settings = folder.read("accolade.toml");
    let speaker = "[category.speaker]\ntitle = \"Speaker of {city}\"\nid = \"{name}\"\n";
    folder.write("accolade.toml", format!("{settings}{speaker}template = \"aurora\"\n"));
    folder.write("more.csv", "name,category,city\nAnn,speaker,Paris\nBob,speaker,Rome\n");
    folder.done("issue more.csv --year 2020 --date 2021-02-01 --format pdf");
    folder.done("export 2020 --to year.pdf");
    let document = open(&folder.file("year.pdf"));
    let catalog = document.catalog().unwrap();
    let names = dictionary(&document, b"Dests", &dictionary(&document, b"Names", catalog));
    let names = names.get(b"Names").unwrap().as_array().unwrap();
    let names: Vec<String> = names.iter().step_by(2).map(text).collect();
    assert_eq!(names, ["Ann", "Bob", "V20200001", "V20200002", "speaker/Ann"]);
    // Titles that differ from person to person are none of the category.
    let outlines = bookmarks(&document, &dictionary(&document, b"Outlines", catalog));
    let titles: Vec<&str> = outlines.iter().map(|(title, ..)| title.as_str()).collect();
    assert_eq!(titles, ["优秀志愿者", "优秀讲师", "speaker"]);
}

#[test]
fn the_print_shop_gets_bleed_and_marks() {
    let folder = small();
    for (options, paper, bleed, trim) in [
        ("", [0.0, 0.0, 297.0, 210.0], None, [0.0, 0.0, 297.0, 210.0]),
        (
            "--bleed 3mm",
            [0.0, 0.0, 303.0, 216.0],
            Some([0.0, 0.0, 303.0, 216.0]),
            [3.0, 3.0, 297.0, 210.0],
        ),
        ("--crop-marks", [0.0, 0.0, 311.0, 224.0], None, [7.0, 7.0, 297.0, 210.0]),
        (
            "--bleed 0.2in --crop-marks --index",
            [0.0, 0.0, 317.2, 230.2],
            Some([5.0, 5.0, 307.2, 220.2]),
            [10.1, 10.1, 297.0, 210.0],
        ),
    ] {
        folder.done(format!("export 2020 --to year.pdf --category volunteer {options}").trim());
        let document = open(&folder.file("year.pdf"));
        let pages = document.get_pages();
        assert_eq!(pages.len(), if options.contains("index") { 3 } else { 2 });
        for page in pages.into_values() {
            let found = |name: &[u8]| box_of(&document, page, name);
            assert_eq!(found(b"MediaBox"), Some(paper), "{options}");
            assert_eq!(found(b"CropBox"), Some(paper), "{options}");
            assert_eq!(found(b"BleedBox"), bleed, "{options}");
            assert_eq!(found(b"TrimBox"), Some(trim), "{options}");
        }
    }
}

#[test]
fn what_no_template_can_show_is_left_out() {
    let folder = small();
    folder.write("roll.csv", "id,name,category\nV20200009,Ada,volunteer\n");
    folder.done("adopt roll.csv --year 2020 --date 2020-12-31");
    let ran = folder.done("export 2020 --to year.pdf");
    assert!(ran.stderr.contains("other hands"), "{}", ran.stderr);
    assert_eq!(open(&folder.file("year.pdf")).get_pages().len(), 3);
    folder.done("revoke V20200002 --reason twice");
    assert_eq!(folder.json("export 2020 --to year.pdf")["certificates"], 2);
}

#[test]
fn nothing_else_is_overwritten_and_nothing_is_left_half_written() {
    let folder = small();
    folder.write("other.pdf", "%PDF-1.7\n");
    let certificate = "certificate/2020/lecturer/Ann.pdf";
    std::fs::copy(folder.file(certificate), folder.file("ann.pdf")).unwrap();
    folder.done("export 2020 --to volunteers.pdf --category volunteer");
    let before = folder.files();
    for (arguments, code, message) in [
        ("2020 --to other.pdf", 1, "not of this export"),
        ("2020 --to ann.pdf", 1, "not of this export"),
        ("2020 --to volunteers.pdf --category lecturer", 1, "not of this export"),
        ("2020 --to certificate/2020.pdf", 1, "own folder"),
        ("2021 --to 2021.pdf", 1, "no current certificate"),
        ("2020 --to 2020.pdf --format png", 2, "--format"),
        ("2020 --to 2020.pdf --key k", 2, "as --key means too"),
        ("2020 --to out --bleed 3mm", 2, "--to FILE.pdf"),
        ("2020 --to out --index", 2, "--to FILE.pdf"),
    ] {
        let ran = folder.run(&format!("export {arguments}"));
        assert_eq!(ran.code, Some(code), "{arguments}");
        assert!(ran.stderr.contains(message), "{arguments}: {}", ran.stderr);
        assert_eq!(folder.files(), before, "{arguments}");
    }
    // No file takes the place of a folder, whatever is said.
    std::fs::create_dir(folder.file("folder.pdf")).unwrap();
    for force in ["", " --force"] {
        let ran = folder.run(&format!("export 2020 --to folder.pdf{force}"));
        assert_eq!(ran.code, Some(1));
        assert!(ran.stderr.contains("hint: a folder stands at"), "{}", ran.stderr);
        assert!(!ran.stderr.contains("--force"), "{}", ran.stderr);
    }
    for (bleed, words) in [
        ("wide", "such as 3mm"),
        ("-3mm", "a bleed is 0 to 20 mm wide"),
        ("-3", "with its unit"),
        ("3", "with its unit, such as 3mm"),
        ("3000mm", "a bleed is 0 to 20 mm wide"),
    ] {
        let ran = folder.run(&format!("export 2020 --to x.pdf --bleed {bleed}"));
        assert_eq!(ran.code, Some(2), "{bleed}");
        assert!(ran.stderr.contains(words), "{bleed}: {}", ran.stderr);
    }
    folder.done("export 2020 --to other.pdf --force");
    folder.done("export 2020 --to other.pdf --bleed 3,5mm");

    // A template that has changed would show what was never issued.
    folder.done("init new --lang en");
    let template = folder.read("new/templates/classic/template.toml");
    let background = folder.read("new/templates/classic/background.svg");
    folder.write("templates/classic/template.toml", template + "\n");
    folder.write("templates/classic/background.svg", background);
    let ran = folder.run("export 2020 --to 2020.pdf");
    assert!(ran.stderr.contains("has changed since V20200001 was issued"), "{}", ran.stderr);
    assert!(!folder.file("2020.pdf").exists());
}

/// Ten thousand pages of pictures are larger than what anyone would read to know whose they are.
#[test]
fn a_booklet_of_any_size_is_known_by_its_end() {
    use std::io::{Seek, SeekFrom, Write};
    let folder = small();
    folder.done("export 2020 --to year.pdf");
    let small = std::fs::read(folder.file("year.pdf")).unwrap();
    let mut file = std::fs::File::create(folder.file("year.pdf")).unwrap();
    file.write_all(&small[..64]).unwrap();
    file.seek(SeekFrom::Start(300 << 20)).unwrap();
    file.write_all(&small[64..]).unwrap();
    drop(file);
    folder.done("export 2020 --to year.pdf");
    assert!(std::fs::read(folder.file("year.pdf")).unwrap() == small);
}
