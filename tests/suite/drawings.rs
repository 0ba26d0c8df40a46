//! Drawings that say their own fields, as Inkscape, Figma and Illustrator write them: what is
//! issued on them stands where a viewer draws it.

use image::RgbImage;
use resvg::{tiny_skia, usvg};

use crate::harness::{Folder, Ran, repository};

/// A part of the page, in thousandths of its width: left, top, right, bottom.
type Part = [u32; 4];

fn drawing(name: &str) -> String {
    let path = repository().join(format!("tests/suite/drawings/{name}.svg"));
    std::fs::read_to_string(path).unwrap()
}

/// An issuer whose volunteers stand on this drawing, with more said in template.toml.
fn issuer(svg: impl AsRef<[u8]>, more: &str) -> Folder {
    let folder = Folder::issuer().with("roster.csv", "name\n{name}\n");
    folder.write("templates/classic/template.toml", format!("background = \"x.svg\"\n{more}"));
    folder.write("templates/classic/x.svg", svg);
    folder
}

const ISSUE: &str = "issue roster.csv --category volunteer --year 2020 --date 2021-02-01";

fn issued(folder: &Folder) -> RgbImage {
    folder.done(ISSUE);
    image::open(folder.file("certificate/2020/volunteer/V20200001.png")).unwrap().into_rgb8()
}

/// The drawing as a viewer shows it, its placeholders replaced, in a picture of this size.
fn viewed(svg: &str, (width, height): (u32, u32)) -> RgbImage {
    let mut options = usvg::Options::default();
    for entry in std::fs::read_dir(repository().join("fonts")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "ttf") {
            options.fontdb_mut().load_font_data(std::fs::read(path).unwrap());
        }
    }
    options.fontdb_mut().set_sans_serif_family("Noto Sans");
    let tree = usvg::Tree::from_str(svg, &options).unwrap();
    let mut pixmap = tiny_skia::Pixmap::new(width, height).unwrap();
    pixmap.fill(tiny_skia::Color::WHITE);
    let scale = tiny_skia::Transform::from_scale(
        width as f32 / tree.size().width(),
        height as f32 / tree.size().height(),
    );
    resvg::render(&tree, scale, &mut pixmap.as_mut());
    RgbImage::from_fn(width, height, |x, y| {
        let pixel = pixmap.pixel(x, y).unwrap();
        image::Rgb([pixel.red(), pixel.green(), pixel.blue()])
    })
}

/// The edges of what is printed in a part of a picture, found to a fraction of a pixel by how
/// dark the outermost ones are against the ground in the part's corner.
fn ink(picture: &RgbImage, [left, top, right, bottom]: Part) -> [f32; 4] {
    let at = |thousandths: u32| thousandths * picture.width() / 1000;
    let ground = picture.get_pixel(at(left), at(top)).0;
    let mut edges = [f32::MAX, f32::MAX, f32::MIN, f32::MIN];
    for y in at(top)..at(bottom) {
        for x in at(left)..at(right) {
            let pixel = picture.get_pixel(x, y).0;
            let off: u32 = pixel.iter().zip(ground).map(|(a, b)| u32::from(a.abs_diff(b))).sum();
            if off > 96 {
                let (x, y) = (x as f32, y as f32);
                edges = [edges[0].min(x), edges[1].min(y), edges[2].max(x), edges[3].max(y)];
            }
        }
    }
    assert!(edges[0] < edges[2], "nothing is printed in {left}, {top}, {right}, {bottom}");
    edges
}

/// Asserts that what is issued stands in these parts where a viewer draws it.
fn stands_as_drawn(name: &str, replaced: &[(&str, &str)], parts: &[Part]) -> RgbImage {
    let mut svg = drawing(name);
    let picture = issued(&issuer(&svg, ""));
    for (placeholder, value) in replaced {
        svg = svg.replace(placeholder, value);
    }
    let view = viewed(&svg, picture.dimensions());
    for part in parts {
        let (ours, theirs) = (ink(&picture, *part), ink(&view, *part));
        let apart = ours.iter().zip(theirs).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(apart <= 1.5, "{name}, {part:?}: {ours:?} and not {theirs:?}");
    }
    picture
}

#[test]
fn inkscape_layers_flowed_text_and_hidden_boxes() {
    let picture = stands_as_drawn(
        "inkscape",
        &[("{id}", "V20200001")],
        &[[200, 270, 800, 390], [60, 300, 100, 640]],
    );
    // The paragraph flows in its rectangle anew; the hidden square has become a code.
    let paragraph = ink(&picture, [120, 395, 860, 520]);
    let at = |unit: f32| unit * picture.width() as f32 / 297.0;
    assert!((paragraph[0] - at(40.0)).abs() < 6.0, "{paragraph:?}");
    assert!(paragraph[3] < at(150.0), "{paragraph:?}");
    let code = ink(&picture, [826, 500, 924, 595]);
    assert!(code[2] - code[0] > at(20.0), "{code:?}");
}

#[test]
fn figma_text_that_has_lost_its_alignment() {
    stands_as_drawn(
        "figma",
        &[("{date:%Y-%m-%d}", "2021-02-01")],
        &[[200, 250, 800, 350], [90, 590, 400, 640]],
    );
    // A short name stays in the middle, where the drawn one is.
    let folder = issuer(drawing("figma"), "");
    folder.write("roster.csv", "name\nAnn\n");
    let picture = issued(&folder);
    let name = ink(&picture, [200, 250, 800, 350]);
    let off = f32::midpoint(name[0], name[2]) - picture.width() as f32 / 2.0;
    assert!(off.abs() < 4.0, "{name:?}");
    // Nobody has signed: where the signature is to be, there is nothing.
    let at =
        |x: u32, y: u32| picture.get_pixel(x * picture.width() / 1123, y * picture.width() / 1123);
    assert_eq!(at(880, 660), at(880, 500));
}

#[test]
fn illustrator_classes_matrices_and_kerned_pieces() {
    stands_as_drawn(
        "illustrator",
        // Viewers know families, and take the nearest face.
        &[
            ("{id}", "V20200001"),
            ("'NotoSerif-Black'", "'Noto Serif'"),
            ("'NotoSans-Regular'", "'Noto Sans'"),
        ],
        &[[200, 270, 800, 335], [90, 80, 260, 190]],
    );
}

#[test]
fn template_toml_completes_and_overrides_what_is_drawn() {
    let more = "[[text]]\nfield = \"name\"\nvalue = \"Dr. {name}\"\ncolor = \"#ff0000\"\n";
    let picture = issued(&issuer(drawing("illustrator"), more));
    let red = |x: u32, y: u32| {
        let [red, green, blue] = picture.get_pixel(x, y).0;
        red > 200 && green < 60 && blue < 60
    };
    let (width, height) = picture.dimensions();
    assert!((0..width).any(|x| (height / 3..height / 2).any(|y| red(x, y))));
}

fn refused(svg: &str) -> Ran {
    let folder = issuer(svg, "[page]\npaper = \"A4 landscape\"\n");
    let ran = folder.run(ISSUE);
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    assert!(!folder.file("register.jsonl").exists(), "a number is spent");
    ran
}

/// A page with this on it, from its second line on.
fn page(content: &str) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" \
         viewBox=\"0 0 297 210\">\n{content}\n</svg>"
    )
}

#[test]
fn a_drawn_field_that_cannot_be_set_is_named_with_file_and_line() {
    for (content, parts) in [
        ("<text y=\"90\">{name</text>", vec!["x.svg, line 2", "brace"]),
        ("\n<text y=\"90\">{date:%Q}</text>", vec!["x.svg, line 3", "date format"]),
        (
            "<text y=\"90\" font-family=\"Comic Sans\">{name}</text>",
            vec!["x.svg, line 2, field \"name\"", "Comic Sans", "Abril Fatface"],
        ),
        (
            "<text x=\"9\" y=\"90\" font-family=\"serif\" font-size=\"20\" transform=\"skewX(20)\">{name}</text>",
            vec!["x.svg, line 2", "slanted"],
        ),
        (
            "<text x=\"9\" y=\"90\" font-family=\"Comic Sans\">Dear all</text>",
            vec!["Comic Sans", "Abril Fatface"],
        ),
        ("<text x=\"9\" y=\"90\" font-family=\"serif\">Dear \u{1f600}</text>", vec!["U+1F600"]),
    ] {
        let ran = refused(&page(content));
        for part in parts {
            assert!(ran.stderr.contains(part), "{content}: {}", ran.stderr);
        }
    }
}

#[test]
fn an_unknown_font_gives_way_to_one_that_template_toml_names() {
    let svg =
        page("<text x=\"148\" y=\"90\" font-size=\"20\" font-family=\"Comic Sans\">{name}</text>");
    issued(&issuer(svg, "[[text]]\nfield = \"name\"\nfonts = [\"Noto Serif Black\"]\n"));
    let list = page(
        "<text x=\"9\" y=\"90\" font-family=\"Comic Sans, sans-serif\">Dear {name}</text><text \
                     x=\"9\" y=\"60\" font-family=\"Comic Sans, sans-serif\">Dear all</text>",
    );
    issued(&issuer(list, ""));
}
