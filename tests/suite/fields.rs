//! What fields do: an empty column stays empty, kerning and hanging are a template's choice, a
//! picture fits its box, and a turned field stands turned in PNG and PDF alike.

use image::{ImageFormat, Rgb, RgbImage, RgbaImage};

use crate::harness::Folder;

/// A white page of 1000 x 700 units, a pixel each, with these fields.
fn folder(fields: &str) -> Folder {
    let folder = Folder::issuer().with("roster.csv", "name,city\nAnn,\n");
    let mut page = std::io::Cursor::new(Vec::new());
    RgbImage::from_pixel(1000, 700, WHITE).write_to(&mut page, ImageFormat::Png).unwrap();
    folder.write("templates/classic/page.png", page.into_inner());
    folder.write(
        "templates/classic/template.toml",
        format!("background = \"page.png\"\n[page]\npaper = \"200 x 140\"\n{fields}"),
    );
    folder
}

const WHITE: Rgb<u8> = Rgb([255, 255, 255]);

fn issue(folder: &Folder) -> RgbImage {
    folder.done("issue roster.csv --category volunteer --year 2020 --date 2021-02-01");
    image::open(folder.file("certificate/2020/volunteer/V20200001.png")).unwrap().into_rgb8()
}

/// Left, top, right and bottom of what is not white.
fn ink(picture: &RgbImage) -> [u32; 4] {
    let inked = picture.enumerate_pixels().filter(|(.., pixel)| pixel.0.iter().any(|c| *c < 128));
    inked.fold([u32::MAX, u32::MAX, 0, 0], |[left, top, right, bottom], (x, y, _)| {
        [left.min(x), top.min(y), right.max(x), bottom.max(y)]
    })
}

fn text(value: &str, more: &str) -> String {
    format!(
        "[[text]]\nfield = \"text\"\nvalue = \"{value}\"\nbox = [300, 300, 400, 100]\nsize = 60\n\
         fonts = [\"Noto Sans CJK SC\"]\n{more}\n"
    )
}

#[test]
fn a_public_column_may_be_empty() {
    let folder = folder(&text("{city}", ""));
    assert_eq!(ink(&issue(&folder)), [u32::MAX, u32::MAX, 0, 0]);
    folder.write("roster.csv", "name,city\nBob,Rome\n");
    folder.done("issue roster.csv --category volunteer --year 2020 --date 2021-02-01");
    let second = folder.file("certificate/2020/volunteer/V20200002.png");
    assert_ne!(ink(&image::open(second).unwrap().into_rgb8())[2], 0);
}

#[test]
fn brackets_hang_and_letters_are_kerned_unless_the_template_says_not() {
    let left = |value: &str, more: &str| ink(&issue(&folder(&text(value, more))))[0];
    // A closing bracket is half blank, and half of that blank moves the line: 15 of 60 units.
    let (hanging, standing) = (left("张城（元乙）", ""), left("张城（元乙）", "hanging = false"));
    assert!((13..=17).contains(&hanging.abs_diff(standing)), "{hanging}, {standing}");
    let latin = "fonts = [\"Abril Fatface\"]\n";
    let of = |more: &str| {
        let fields = text("AVAVAVAV", more).replace("fonts = [\"Noto Sans CJK SC\"]\n", latin);
        let [left, _, right, _] = ink(&issue(&folder(&fields)));
        right - left
    };
    assert!(of("") + 10 < of("kerning = false"), "{} {}", of(""), of("kerning = false"));
}

#[test]
fn a_field_is_turned_around_the_middle_of_its_box() {
    let straight = ink(&issue(&folder(&text("{name}", ""))));
    let turned = ink(&issue(&folder(&text("{name}", "rotation = 90"))));
    // Clockwise around 500, 350: what was to the right is below.
    let [left, top, right, bottom] = straight;
    let expected = [850 - bottom, left - 150, 850 - top, right - 150];
    for (found, expected) in turned.iter().zip(expected) {
        assert!(found.abs_diff(expected) <= 2, "{turned:?}, not {expected:?}");
    }
    let pdf = folder(&text("{name}", "rotation = 30"));
    issue(&pdf);
    let capitals = ink(&issue(&folder(&text("{name}", "uppercase = true"))));
    assert!(capitals[2] - capitals[0] > right - left);
}

#[test]
fn a_picture_fits_its_box_and_lets_the_ground_shine_through() {
    let picture =
        RgbaImage::from_fn(40, 20, |x, _| image::Rgba([200, 0, 0, if x < 20 { 255 } else { 0 }]));
    let mut png = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut png, ImageFormat::Png).unwrap();
    let field = "[[picture]]\nfield = \"seal\"\nfile = \"seal.png\"\nbox = [100, 100, 200, 200]\n\
                 valign = \"bottom\"\n";
    let folder = folder(field);
    folder.write("templates/classic/seal.png", png.into_inner());
    let drawn = issue(&folder);
    // 200 wide and 100 high, on the bottom of its box; its right half cannot be seen.
    for (x, y, color) in [
        (105, 205, Rgb([200, 0, 0])),
        (195, 295, Rgb([200, 0, 0])),
        (105, 190, WHITE),
        (205, 250, WHITE),
        (105, 305, WHITE),
    ] {
        assert_eq!(*drawn.get_pixel(x, y), color, "at {x}, {y}");
    }
    let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 40 20\"><path d=\"M0 0H20V20H0z\" \
               fill=\"#c80000\"/></svg>";
    folder.write("templates/classic/seal.png", svg);
    folder.done("reissue V20200001 --redesign");
    let again = image::open(folder.file("certificate/2020/volunteer/V20200001.png")).unwrap();
    assert_eq!(*again.into_rgb8().get_pixel(150, 250), Rgb([200, 0, 0]));
    let pdf = std::fs::read(folder.file("certificate/2020/volunteer/V20200001.pdf")).unwrap();
    assert!(pdf.windows(9).any(|window| window == b"/Picture0"));
    folder.write("templates/classic/seal.png", "no picture");
    let ran = folder.run("template check classic");
    for word in ["template.toml, line", "field \"seal\"", "seal.png", "none of PNG"] {
        assert!(ran.stderr.contains(word), "{word}: {}", ran.stderr);
    }
}

#[test]
fn a_picture_keeps_every_row_though_its_paper_is_half_a_pixel_shorter() {
    let folder = folder("");
    let mut page = std::io::Cursor::new(Vec::new());
    RgbImage::from_fn(1587, 2245, |_, y| if y == 2244 { Rgb([9, 8, 7]) } else { WHITE })
        .write_to(&mut page, ImageFormat::Png)
        .unwrap();
    folder.write("templates/classic/page.png", page.into_inner());
    folder.write(
        "templates/classic/template.toml",
        "background = \"page.png\"\n[page]\npaper = \"A4\"\n",
    );
    let drawn = issue(&folder);
    assert_eq!(drawn.dimensions(), (1587, 2245));
    assert_eq!(*drawn.get_pixel(5, 2244), Rgb([9, 8, 7]));
}
