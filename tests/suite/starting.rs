//! From a picture or drawing to a template: what `template new` writes is sound as it stands,
//! and with every example in it.

use image::ImageFormat;

use crate::harness::{Folder, repository};

/// A picture of one colour.
pub fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let picture = image::RgbImage::from_pixel(width, height, image::Rgb([250, 245, 230]));
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn drawing(name: &str) -> Vec<u8> {
    std::fs::read(repository().join(format!("tests/suite/drawings/{name}.svg"))).unwrap()
}

/// The text with every example in it.
fn uncommented(text: &str) -> String {
    let is_toml = |line: &str| {
        let key = line.split(" = ").next().unwrap_or_default();
        line.starts_with("[[")
            || (line.contains(" = ") && key.chars().all(|c| c.is_ascii_lowercase() || c == '_'))
    };
    let line = |line: &str| match line.strip_prefix("# ") {
        Some(inside) if is_toml(inside) => format!("{inside}\n"),
        _ => format!("{line}\n"),
    };
    text.lines().map(line).collect()
}

/// A category that stands on the new template.
fn use_it(folder: &Folder) {
    let config =
        folder.read("accolade.toml").replace("template = \"classic\"", "template = \"new\"");
    folder.write("accolade.toml", config);
}

#[test]
fn what_is_written_is_sound_as_it_stands_and_with_every_example() {
    for (file, bytes, background, live) in [
        ("a.png", picture(1600, 1131, ImageFormat::Png), "background.png", true),
        ("b", picture(700, 990, ImageFormat::Jpeg), "background.jpg", true),
        ("wide.png", picture(1200, 300, ImageFormat::Png), "background.png", true),
        ("i.svg", drawing("inkscape"), "background.svg", false),
        ("f.svg", drawing("figma"), "background.svg", false),
        ("l.txt", drawing("illustrator"), "background.svg", false),
    ] {
        let folder = Folder::issuer().with(file, &bytes).with("roster.csv", "name\nAnn Lee\n");
        let said = folder.done(&format!("template new new --from {file}"));
        assert!(said.stdout.contains(background), "{}", said.stdout);
        for next in ["template check new", "preview --template new", "template = \"new\""] {
            assert!(said.stderr.contains(next), "{file}: {}", said.stderr);
        }
        assert_eq!(
            std::fs::read(folder.file(&format!("templates/new/{background}"))).unwrap(),
            bytes
        );
        let text = folder.read("templates/new/template.toml");
        assert_eq!(text.contains("\n[[text]]"), live, "{file}: {text}");
        folder.done("template check new");
        use_it(&folder);
        folder.done("issue roster.csv --category volunteer --year 2020");
        folder.write("templates/new/template.toml", uncommented(&text));
        folder.write("templates/new/signature.png", picture(60, 20, ImageFormat::Png));
        folder.done("template check new");
        assert!(uncommented(&text).matches("[[").count() >= 4, "{file}: {text}");
    }
}

#[test]
fn fields_of_a_drawing_are_told() {
    let folder = Folder::issuer().with("i.svg", drawing("inkscape"));
    let told = folder.json("template new new --from i.svg");
    assert_eq!(told["fields"], serde_json::json!(["name", "id", "title", "qr"]));
    assert_eq!(told["template"], "new");
    assert_eq!(told["files"].as_array().unwrap().len(), 2);
}

#[test]
fn a_font_that_is_not_here_is_replaced_and_said() {
    let svg = String::from_utf8(drawing("figma")).unwrap().replace("Abril Fatface", "Comic Sans");
    let folder = Folder::issuer().with("f.svg", svg);
    folder.done("template new new --from f.svg");
    assert!(folder.read("templates/new/template.toml").contains("its font is not here"));
    folder.done("template check new");
}

#[test]
fn nothing_of_others_is_overwritten_and_no_odd_name_taken() {
    let folder = Folder::issuer().with("a.png", picture(1414, 1000, ImageFormat::Png));
    folder.done("template new new --from a.png");
    let refused = |arguments: &str, words: &str| {
        let before = folder.files();
        let ran = folder.run(arguments);
        assert_eq!(ran.code, Some(1), "{arguments}");
        assert!(ran.stderr.contains(words), "{arguments}: {}", ran.stderr);
        assert_eq!(folder.files(), before, "{arguments}");
    };
    refused("template new new --from a.png", "--force");
    refused("template new ../new --from a.png", "cannot name a folder");
    refused("template new con --from a.png", "cannot name a folder");
    refused("template new other --from nowhere.png", "nowhere.png");
    refused("template new other --from accolade.toml", "PNG, JPEG, SVG and PDF");
    folder.write("templates/new/template.toml", "mine");
    folder.done("template new new --from a.png --force");
    folder.done("template check new");
    let nowhere = Folder::empty().with("a.png", picture(1414, 1000, ImageFormat::Png));
    assert!(nowhere.run("template new new --from a.png").stderr.contains("accolade init"));
}
