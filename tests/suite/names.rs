//! Names that are hard to set: each is set whole and inside its box, or refused for the right
//! reason. `hb-shape` is asked whether the glyphs are right.

use std::path::Path;
use std::process::Command;

use accolade::certificate::{Certificate, Fields};
use accolade::fonts::Fonts;
use accolade::render::Press;
use accolade::template::{self, Template};
use accolade::typeset::{self, Line, Page};
use accolade::wording::publishable;

use crate::harness::{Folder, Ran, repository};

/// A certificate for this name, as typesetting gets it.
fn certificate(name: &str) -> Certificate {
    Certificate {
        id: "V20200001".into(),
        category: "volunteer".into(),
        year: 2020,
        name: name.into(),
        key: None,
        date: "2021-02-01".parse().unwrap(),
        title: "优秀志愿者".into(),
        citation: "感谢".into(),
        issuer: "云原生社区".into(),
        signatory: "".into(),
        language: "zh-CN".into(),
        url: "https://example.org/1".into(),
        fields: Fields::default(),
        path: "certificate/1".into(),
    }
}

/// Sets a name as an issue would: what may be published first, then the page.
fn set(name: &str, template: &Template, fonts: &Fonts) -> Result<Page, String> {
    let name = publishable(name).map_err(|unfit| unfit.to_string())?;
    if name.is_empty() {
        return Err("the name is missing".to_owned());
    }
    typeset::set(&certificate(&name), template, fonts, &[]).map_err(|error| error.to_string())
}

#[test]
fn hard_names_are_set_whole_or_refused_for_the_right_reason() {
    let fonts = Fonts::bundled();
    let templates = ["classic", "aurora"]
        .map(|name| template::load(Path::new("/nowhere"), name, &fonts).unwrap());
    let mut reader = csv::Reader::from_reader(include_str!("hard-names.csv").as_bytes());
    let mut wrong = Vec::new();
    let mut count = 0;
    for row in reader.records() {
        let row = row.unwrap();
        let (name, expected, why) = (&row[0], &row[1], &row[2]);
        count += 1;
        for template in &templates {
            match (set(name, template, &fonts), expected) {
                (Ok(page), "set") => wrong.extend(misplaced(name, &page, template)),
                (Err(error), "refused") if error.contains(why) => {}
                (Ok(_), _) => wrong.push(format!("{name}: set, and should be refused: {why}")),
                (Err(error), _) => wrong.push(format!("{name} ({expected}, {why}): {error}")),
            }
        }
    }
    assert!(count >= 120, "only {count} names");
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// What is wrong with the lines that have the name: glyphs that are missing or leave the box.
fn misplaced(name: &str, page: &Page, template: &Template) -> Vec<String> {
    let field = template.texts.iter().find(|text| text.field == "recipient").unwrap();
    let place = field.place;
    let Some(lines) = lines_of(name, page) else { return vec![format!("{name}: nothing is set")] };
    let mut wrong = Vec::new();
    let first = lines[0].size;
    if first < field.min_size {
        wrong.push(format!("{name}: too small"));
    }
    if first * ((lines.len() - 1) as f32 * field.line_height + 1.0) > place.height + 0.1 {
        wrong.push(format!("{name}: too many lines"));
    }
    for line in lines {
        for glyph in line.runs.iter().flat_map(|run| &run.glyphs) {
            if glyph.id == 0 {
                wrong.push(format!("{name}: a glyph is missing for {:?}", glyph.text));
            }
            // Marks may hang over by a little, letters not.
            let slack = line.size * 0.6;
            if !(place.left - slack..=place.left + place.width + slack).contains(&glyph.x) {
                wrong.push(format!("{name}: {:?} stands at {}", glyph.text, glyph.x));
            }
        }
    }
    wrong
}

/// The lines that say the name together.
fn lines_of<'p>(name: &str, page: &'p Page) -> Option<&'p [Line]> {
    let said = publishable(name).unwrap().replace(' ', "");
    let together = |lines: &[Line]| -> String {
        lines.iter().map(|line| line.text.replace(' ', "")).collect()
    };
    (0..page.lines.len())
        .flat_map(|start| (start + 1..=page.lines.len()).map(move |end| start..end))
        .map(|range| &page.lines[range])
        .find(|lines| together(lines) == said)
}

/// Names whose letters join, stack and change places.
const SHAPED: [(&str, &str, &[&str]); 4] = [
    (
        "NotoNaskhArabic-Bold.ttf",
        "Noto Naskh Arabic Bold",
        &["محمد", "عبد الله بن عبد الكريم", "فاطمة الزهراء", "مُحَمَّد", "لا إله", "مریم کیانی"],
    ),
    (
        "NotoSansDevanagari-Bold.ttf",
        "Noto Sans Devanagari Bold",
        &["क्षितिज", "श्री विद्यार्थी द्वितीय", "कृष्णा", "अर्जुन", "द्वितीया", "हृषीकेश"],
    ),
    ("NotoSerifThai-Bold.ttf", "Noto Serif Thai Bold", &["กิตติศักดิ์", "น้ำผึ้ง", "ผู้ใหญ่"]),
    ("NotoSerifHebrew-Bold.ttf", "Noto Serif Hebrew Bold", &["שָׁלוֹם", "דוד בן־חיים"]),
];

#[test]
#[ignore = "needs libharfbuzz-bin"]
fn harfbuzz_shapes_the_same_glyphs() {
    for (file, face, names) in SHAPED {
        let folder = Folder::empty();
        // A unit of the font is a unit of the page, so that places can be compared.
        folder.write(
            "templates/plain/template.toml",
            format!(
                "background = \"plain.svg\"\n[page]\npaper = \"297 x 210\"\nwidth = 29700\n\
                 pixels = 100\n[[text]]\nfield = \"recipient\"\nvalue = \"{{name}}\"\n\
                 box = [0, 0, 20000, 2000]\nalign = \"left\"\nsize = 1000\ncolor = \"#000000\"\n\
                 fonts = [\"{face}\"]\n"
            ),
        );
        let plain = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 297 210\"/>";
        folder.write("templates/plain/plain.svg", plain);
        let fonts = Fonts::bundled();
        let template = template::load(folder.path(), "plain", &fonts).unwrap();
        for name in names {
            let page = set(name, &template, &fonts).unwrap();
            let ours: Vec<(u64, i64)> = page.lines[0]
                .runs
                .iter()
                .flat_map(|run| &run.glyphs)
                .map(|glyph| (u64::from(glyph.id), glyph.x.round() as i64))
                .collect();
            assert_eq!(ours, harfbuzz(file, name), "{name}");
        }
    }
}

/// The glyphs that `hb-shape` sets a name in, and where.
fn harfbuzz(file: &str, name: &str) -> Vec<(u64, i64)> {
    let name = publishable(name).unwrap();
    let output = Command::new("hb-shape")
        .args(["--output-format=json", "--no-glyph-names", "--font-funcs=ot"])
        .arg(format!("--font-file={}", repository().join("fonts").join(file).display()))
        .arg(format!("--text={name}"))
        .output();
    let said = Ran::of(output.unwrap_or_else(|error| panic!("hb-shape is needed: {error}"))).stdout;
    let glyphs: serde_json::Value = serde_json::from_str(&said).unwrap();
    let mut pen = 0;
    let glyphs = glyphs.as_array().unwrap().iter().map(|glyph| {
        let number = |key: &str| glyph[key].as_i64().unwrap_or_default();
        let place = (glyph["g"].as_u64().unwrap(), pen + number("dx"));
        pen += number("ax");
        place
    });
    glyphs.collect()
}

#[test]
fn the_press_of_an_empty_folder_has_both_templates() {
    let press = Press::open(
        Path::new("/nowhere"),
        ["classic", "aurora"].into(),
        Fonts::bundled(),
        &[],
        None,
    )
    .unwrap();
    for name in ["classic", "aurora"] {
        assert_eq!(press.check(name).unwrap(), []);
    }
}
