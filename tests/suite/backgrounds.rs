//! Backgrounds that people bring: their pixels stay as they are, and their own data goes into
//! the PDF.

use image::{ImageFormat, Rgb, RgbImage};

use crate::harness::Folder;

/// The size of the test picture, in pixels.
const SIZE: (u32, u32) = (594, 420);

/// A template with one line of text, at 100, 100, over a background.
const TEMPLATE: &str = r##"
background = "picture"
[page]
paper = "A4 landscape"
[[text]]
field = "recipient"
value = "{name}"
box = [100, 100, 200, 60]
size = 40
color = "#ffffff"
"##;

fn picture() -> RgbImage {
    RgbImage::from_fn(SIZE.0, SIZE.1, |x, y| {
        Rgb([(x * 7 % 256) as u8, (y * 5 % 256) as u8, ((x + y) % 256) as u8])
    })
}

fn encoded(format: ImageFormat) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture().write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// Issues one certificate on this background.
fn issued(background: &[u8]) -> Folder {
    let folder = Folder::issuer().with("roster.csv", "name\nAnn\n");
    folder.write("templates/classic/template.toml", TEMPLATE);
    folder.write("templates/classic/picture", background);
    folder.done("issue roster.csv --category volunteer --year 2020 --date 2021-02-01");
    folder
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[test]
fn pixels_outside_the_fields_stay_as_they_are() {
    let folder = issued(&encoded(ImageFormat::Png));
    let drawn = image::open(folder.file("certificate/2020/volunteer/V20200001.png")).unwrap();
    let (drawn, picture) = (drawn.into_rgb8(), picture());
    assert_eq!(drawn.dimensions(), SIZE);
    let inside = |x, y| (100..300).contains(&x) && (100..160).contains(&y);
    let mut inked = 0;
    for (x, y, pixel) in drawn.enumerate_pixels() {
        if inside(x, y) {
            inked += u32::from(pixel != picture.get_pixel(x, y));
        } else {
            assert_eq!(pixel, picture.get_pixel(x, y), "at {x}, {y}");
        }
    }
    assert!(inked > 200, "the name is not there");
}

#[test]
fn a_jpeg_passes_into_the_pdf_as_it_is() {
    let jpeg = encoded(ImageFormat::Jpeg);
    let folder = issued(&jpeg);
    let pdf = std::fs::read(folder.file("certificate/2020/volunteer/V20200001.pdf")).unwrap();
    assert!(contains(&pdf, &jpeg));
}

#[test]
fn a_pngs_own_rows_pass_into_the_pdf() {
    let png = encoded(ImageFormat::Png);
    let folder = issued(&png);
    let pdf = std::fs::read(folder.file("certificate/2020/volunteer/V20200001.pdf")).unwrap();
    let at = png.windows(4).position(|name| name == b"IDAT").unwrap();
    assert!(contains(&pdf, &png[at + 4..at + 200]));
}

#[test]
fn a_picture_bomb_is_refused_unread() {
    let mut bomb = encoded(ImageFormat::Png);
    // Width and height stand in bytes 16 to 23, their checksum in 29 to 32.
    bomb[16..24].copy_from_slice(&[0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60]);
    let mut crc = flate_crc(&bomb[12..29]).to_be_bytes().to_vec();
    bomb.splice(29..33, crc.drain(..));
    let folder = Folder::issuer().with("roster.csv", "name\nAnn\n");
    folder.write("templates/classic/template.toml", TEMPLATE);
    folder.write("templates/classic/picture", bomb);
    let ran = folder.run("issue roster.csv --category volunteer --year 2020");
    assert_eq!(ran.code, Some(1));
    assert!(ran.stderr.contains("60000 x 60000 pixels are too many"), "{}", ran.stderr);
}

/// The checksum of a PNG chunk (ISO/IEC 15948, annex D).
pub fn flate_crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ if crc & 1 == 1 { 0xedb8_8320 } else { 0 }
        })
    })
}
