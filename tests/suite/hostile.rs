//! Drawings that mean harm, or have been broken: each ends in a clear error, soon.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use crate::harness::Folder;

/// How long an error may take.
const SOON: Duration = Duration::from_secs(2);

/// Asserts that a drawing is refused with these words, soon, and no number spent.
fn is_refused(svg: &str, words: &str) {
    let folder = Folder::issuer().with("roster.csv", "name\nAnn\n");
    folder.write("templates/classic/template.toml", "background = \"x.svg\"\n");
    folder.write("templates/classic/x.svg", svg);
    let begun = Instant::now();
    let ran = folder.run("issue roster.csv --category volunteer --year 2020");
    let taken = begun.elapsed();
    assert_eq!(ran.code, Some(1), "{words}: {}", ran.stderr);
    assert!(ran.stderr.contains(words), "{words}: {}", ran.stderr);
    assert!(taken < SOON, "{words}: {taken:?}");
    assert!(!folder.file("register.jsonl").exists(), "{words}: a number is spent");
}

fn page(content: &str) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" \
         viewBox=\"0 0 297 210\">{content}</svg>"
    )
}

/// Groups of two uses each, so many levels deep.
fn doubled(levels: usize) -> String {
    let mut groups = "<defs><g id=\"g0\"><rect width=\"9\" height=\"9\"/></g>".to_owned();
    for level in 1..=levels {
        let below = format!("<use xlink:href=\"#g{}\"/>", level - 1);
        write!(groups, "<g id=\"g{level}\">{below}{below}</g>").unwrap();
    }
    format!("{groups}</defs><use xlink:href=\"#g{levels}\"/>")
}

/// Bytes in base 64 (RFC 4648), without padding.
fn base64(bytes: &[u8]) -> String {
    let digits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for part in bytes.chunks(3) {
        let bits = part.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte));
        let bits = bits << (8 * (3 - part.len()));
        for digit in 0..=part.len() {
            text.push(char::from(digits[(bits >> (18 - 6 * digit)) as usize & 63]));
        }
    }
    text
}

fn embedded(mime: &str, bytes: &[u8]) -> String {
    page(&format!(
        "<image width=\"99\" height=\"99\" xlink:href=\"data:{mime};base64,{}\"/>",
        base64(bytes)
    ))
}

/// A PNG that says it is 60,000 pixels wide and high.
fn picture_bomb() -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(1, 1).write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    let mut bomb = bytes.into_inner();
    bomb[16..24].copy_from_slice(&[0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60]);
    let checksum = crate::backgrounds::flate_crc(&bomb[12..29]).to_be_bytes();
    bomb[29..33].copy_from_slice(&checksum);
    bomb
}

#[test]
fn entities_are_not_expanded() {
    let mut entities = "<!ENTITY e0 \"ha\">".to_owned();
    for level in 1..12 {
        let below = format!("&e{};", level - 1).repeat(10);
        write!(entities, "<!ENTITY e{level} \"{below}\">").unwrap();
    }
    let svg = page("<text>&e11;</text>");
    is_refused(
        &format!("<!DOCTYPE svg [{entities}]>{svg}"),
        "x.svg: its DOCTYPE declares entities",
    );
    let outside = "<!DOCTYPE svg [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>";
    is_refused(&format!("{outside}{}", page("<text>&e;</text>")), "declares entities");
}

#[test]
fn nesting_has_an_end() {
    let nested = format!("{}{}", "<g>".repeat(500_000), "</g>".repeat(500_000));
    is_refused(&page(&nested), "deep within each other");
    let mut chain = String::new();
    for number in 1..5_000 {
        let next = number + 1;
        write!(chain, "<g id=\"g{number}\"><use xlink:href=\"#g{next}\"/></g>").unwrap();
    }
    is_refused(&page(&chain), "deep within each other");
    let layers = format!("{}{}", "<g opacity=\".5\">".repeat(99), "</g>".repeat(99));
    is_refused(
        &page(&layers.replace("</g></g>", "</g><path d=\"M0 0h9v9\"/></g>")),
        "groups within",
    );
}

#[test]
fn doubling_has_an_end() {
    is_refused(&page(&doubled(40)), "x.svg: it has more than 200000 elements");
    is_refused(&page(&doubled(18)), "elements, once all are drawn");
    let mut masks = String::new();
    for level in 1..40 {
        let shape = format!("<path mask=\"url(#m{})\" d=\"M0 0h9v9z\"/>", level - 1);
        write!(masks, "<mask id=\"m{level}\">{shape}{shape}</mask>").unwrap();
    }
    let classes: String = masks.replace("mask=\"url(#m", "class=\"c").replace(")\" d=", "\" d=");
    let style: String =
        (0..40).fold(String::new(), |css, n| css + &format!(".c{n}{{mask:url(#m{n})}}"));
    let styled = format!("<style>{style}</style>{classes}<path class=\"c39\" d=\"M0 0h9v9z\"/>");
    is_refused(&page(&styled), "elements");
    is_refused(&page(&format!("{masks}<path mask=\"url(#m39)\" d=\"M0 0h9v9z\"/>")), "elements");
}

#[test]
fn no_other_file_is_read() {
    for link in ["file:///etc/hostname", "../../accolade.toml", "https://example.org/a.png"] {
        let image = format!("<image width=\"9\" height=\"9\" xlink:href=\"{link}\"/>");
        is_refused(&page(&image), "no other file is read");
    }
}

#[test]
fn embedded_pictures_are_measured_first() {
    is_refused(&embedded("image/png", &picture_bomb()), "60000 x 60000 pixels are too many");
    is_refused(&embedded("image/jpeg", &picture_bomb()), "60000 x 60000 pixels are too many");
    is_refused(&embedded("image/png", b"no picture"), "it is none of");
}

#[test]
fn embedded_drawings_are_held_to_the_same() {
    is_refused(&embedded("image/svg+xml", page(&doubled(40)).as_bytes()), "200000 elements");
    let inner = embedded("image/png", &picture_bomb());
    is_refused(&embedded("image/svg+xml", inner.as_bytes()), "60000 x 60000");
    let outside = page("<image width=\"9\" height=\"9\" xlink:href=\"file:///etc/hostname\"/>");
    is_refused(&embedded("image/svg+xml", outside.as_bytes()), "no other file is read");
    let mut nested = page("<path d=\"M0 0h9v9\"/>");
    for _ in 0..20 {
        nested = embedded("image/svg+xml", nested.as_bytes());
    }
    is_refused(&nested, "drawings within drawings");
}

#[test]
fn what_is_no_drawing_is_said() {
    is_refused("<svg viewBox=\"0 0 297 210\"><g></svg>", "x.svg: it is not sound XML");
    is_refused("<svg/>", "how large");
    is_refused("<?xml version=\"1.0\"?><html><svg/></html>", "not <svg>");
}

#[test]
fn filters_and_masks_have_an_end() {
    let noise = "<filter id=\"f\"><feTurbulence numOctaves=\"99999\" baseFrequency=\"0.1\"/></filter>\
                 <rect width=\"297\" height=\"210\" filter=\"url(#f)\"/>";
    is_refused(&page(noise), "cover the page too often");
    let veil = "<g opacity=\"0.9\"><rect width=\"297\" height=\"210\"/><circle r=\"9\"/></g>";
    is_refused(&page(&veil.repeat(5000)), "cover the page too often");
    let fills = "<rect width=\"297\" height=\"210\"/>".repeat(5000);
    is_refused(&page(&fills), "cover the page too often");
    let ring = "<filter id=\"f\"><feMorphology operator=\"dilate\" radius=\"90\"/></filter>\
                <rect width=\"297\" height=\"210\" filter=\"url(#f)\"/>";
    is_refused(&page(ring), "cover the page too often");
}

#[cfg(unix)]
#[test]
fn links_that_lead_out_of_the_template_are_not_followed() {
    let folder = Folder::issuer().with("roster.csv", "name\nAnn\n").with("secret.svg", page(""));
    folder.write("templates/classic/template.toml", "background = \"x.svg\"\n");
    let link = folder.file("templates/classic/x.svg");
    std::os::unix::fs::symlink("../../secret.svg", &link).unwrap();
    let ran = folder.run("issue roster.csv --category volunteer --year 2020");
    assert_eq!(ran.code, Some(1));
    assert!(ran.stderr.contains("leads out of its folder"), "{}", ran.stderr);
    std::fs::remove_file(&link).unwrap();
    folder.write("templates/classic/inside.svg", page(""));
    std::os::unix::fs::symlink("inside.svg", &link).unwrap();
    folder.done("issue roster.csv --category volunteer --year 2020");
}
