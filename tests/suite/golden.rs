//! Golden pictures: what the two templates look like, pixel for pixel, within 1 a channel.
//!
//! The previews beside the templates are two of them. `ACCOLADE_GOLDEN=write cargo test
//! --release golden` draws them all anew; look at them before they are committed.

use std::path::PathBuf;

use image::{Rgb, RgbImage};

use crate::harness::{Folder, repository};

/// How far a channel may be off.
const TOLERANCE: u8 = 1;

/// Draws one person on a template at a smaller size, and compares.
fn golden(template: &str, pixels: u32, category: &str, name: &str, picture: &str) {
    let folder = Folder::example();
    for file in ["template.toml", "background.svg"] {
        let path = format!("templates/{template}/{file}");
        let content = std::fs::read_to_string(repository().join(&path)).unwrap();
        folder.write(&path, resized(&content, pixels));
    }
    folder.write("one.csv", format!("name,key\n{name},one\n"));
    let category = format!("--category {category}");
    folder.done(&format!("issue one.csv {category} --year 2020 --date 2021-02-01 --format png"));
    let path = folder.json("list")[0]["path"].as_str().unwrap().to_owned();
    compare(&folder.file(&format!("{path}.png")), &repository().join(picture));
}

/// A template.toml, or background, for another number of pixels across.
fn resized(content: &str, pixels: u32) -> String {
    let line = |line: &str| match line.strip_prefix("pixels = ") {
        Some(_) => format!("pixels = {pixels}\n"),
        None => format!("{line}\n"),
    };
    content.lines().map(line).collect()
}

fn compare(actual: &PathBuf, golden: &PathBuf) {
    if std::env::var_os("ACCOLADE_GOLDEN").is_some_and(|value| value == "write") {
        std::fs::copy(actual, golden).unwrap();
        return;
    }
    let open = |path: &PathBuf| image::open(path).unwrap().into_rgb8();
    let (actual, expected) = (open(actual), open(golden));
    assert_eq!(actual.dimensions(), expected.dimensions());
    let off =
        |a: &Rgb<u8>, b: &Rgb<u8>| a.0.iter().zip(b.0).any(|(a, b)| a.abs_diff(b) > TOLERANCE);
    let wrong = actual.pixels().zip(expected.pixels()).filter(|(a, b)| off(a, b)).count();
    if wrong == 0 {
        return;
    }
    // Expected, actual, difference, side by side.
    let (width, height) = actual.dimensions();
    let strip = RgbImage::from_fn(width * 3, height, |x, y| match x / width {
        0 => *expected.get_pixel(x, y),
        1 => *actual.get_pixel(x - width, y),
        _ if off(actual.get_pixel(x % width, y), expected.get_pixel(x % width, y)) => {
            Rgb([255, 0, 0])
        }
        _ => Rgb([255, 255, 255]),
    });
    let shown = repository().join("target/golden").join(golden.file_name().unwrap());
    std::fs::create_dir_all(shown.parent().unwrap()).unwrap();
    strip.save(&shown).unwrap();
    panic!("{wrong} pixels of {} are off: see {}", golden.display(), shown.display());
}

#[test]
fn classic_with_two_characters() {
    golden("classic", 1000, "volunteer", "沈旭", "templates/classic/preview.png");
}

#[test]
fn aurora_with_an_alias() {
    golden("aurora", 720, "lecturer", "张城（元乙）", "templates/aurora/preview.png");
}

#[test]
fn classic_with_a_long_name() {
    let name = "Maria Fernanda Gonçalves de Albuquerque";
    golden("classic", 1000, "city-manager", name, "tests/suite/golden/classic-long.png");
}

#[test]
fn aurora_with_one_character() {
    golden("aurora", 720, "lecturer", "沈", "tests/suite/golden/aurora-short.png");
}

#[test]
fn classic_from_right_to_left() {
    golden("classic", 1000, "volunteer", "محمد الأمين", "tests/suite/golden/classic-arabic.png");
}
