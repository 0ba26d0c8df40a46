//! Pages of PDFs that people bring as background: whatever their making, they come out upright
//! and whole, and what cannot be used is refused soon.

use std::time::{Duration, Instant};

use accolade::pdf_file::{PdfFile, stream};
use image::{Rgb, RgbImage};

use crate::harness::Folder;

const RED: Rgb<u8> = Rgb([255, 0, 0]);
const GREEN: Rgb<u8> = Rgb([0, 255, 0]);
const WHITE: Rgb<u8> = Rgb([255, 255, 255]);

/// A red square at the page's lower left, a green one at its upper right, by a form.
const CONTENT: &[u8] = b"1 0 0 rg 0 0 30 30 re f /Green Do";

/// A PDF of pages that inherit all but their content; `inherited` and `own` are entries.
fn pdf(inherited: &str, own: &[&str]) -> Vec<u8> {
    let mut file = PdfFile::default();
    let green = b"0 1 0 rg 270 170 30 30 re f";
    let form = file.push_stream(b"/Type /XObject /Subtype /Form /BBox [0 0 300 200]", green);
    let content = file.push_stream(b"", CONTENT);
    let pages = file.next() + own.len() as u32;
    let mut kids = Vec::new();
    for entries in own {
        let page = file.push(
            format!("<< /Type /Page /Parent {pages} 0 R /Contents {content} 0 R {entries} >>")
                .as_bytes(),
        );
        kids.push(format!("{page} 0 R"));
    }
    file.push(
        format!(
            "<< /Type /Pages /Kids [{}] /Count {} /Resources << /XObject << /Green {form} 0 R >> \
             >> {inherited} >>",
            kids.join(" "),
            own.len()
        )
        .as_bytes(),
    );
    finish(file, pages)
}

fn finish(mut file: PdfFile, pages: u32) -> Vec<u8> {
    let root = file.push(format!("<< /Type /Catalog /Pages {pages} 0 R >>").as_bytes());
    file.finish(&format!("/Root {root} 0 R")).0
}

fn folder(background: &[u8], more: &str) -> Folder {
    let folder = Folder::issuer().with("roster.csv", "name\nAnn\n");
    let template = format!("background = \"page.pdf\"\n{more}\n[page]\ndpi = 72\n{FIELD}");
    folder.write("templates/classic/template.toml", template);
    folder.write("templates/classic/page.pdf", background);
    folder
}

const FIELD: &str = "[[text]]\nfield = \"name\"\nvalue = \"{name}\"\nbox = [40, 40, 80, 30]\n\
                     size = 24\ncolor = \"#0000ff\"\n";

const ISSUE: &str = "issue roster.csv --category volunteer --year 2020 --date 2021-02-01";

/// Issues one certificate on this background: its picture, and its PDF.
fn issued(background: &[u8], more: &str) -> (RgbImage, Vec<u8>) {
    let folder = folder(background, more);
    folder.done(ISSUE);
    let file =
        |ending: &str| folder.file(&format!("certificate/2020/volunteer/V20200001.{ending}"));
    (image::open(file("png")).unwrap().into_rgb8(), std::fs::read(file("pdf")).unwrap())
}

fn contains(bytes: &[u8], part: &str) -> bool {
    bytes.windows(part.len()).any(|window| window == part.as_bytes())
}

#[test]
fn pages_come_out_upright_in_what_is_seen_of_them() {
    let media = "/MediaBox [0 0 300.25 200.125]";
    let shifted = "/MediaBox [-50 -50 300 200] /CropBox [0 0 300 200]";
    // Where red and green lie then: left or right, top or bottom.
    for (inherited, own, size, red, green) in [
        (media, "", (300, 200), (false, true), (true, false)),
        (media, "/Rotate 90", (200, 300), (false, false), (true, true)),
        (media, "/Rotate 180", (300, 200), (true, false), (false, true)),
        (media, "/Rotate -90", (200, 300), (true, true), (false, false)),
        (shifted, "", (300, 200), (false, true), (true, false)),
        (shifted, "/Rotate 270", (200, 300), (true, true), (false, false)),
        ("", "/MediaBox [300 200 0 0]", (300, 200), (false, true), (true, false)),
    ] {
        let (picture, pdf) = issued(&pdf(inherited, &[own]), "");
        let what = format!("{inherited} {own}");
        assert_eq!(picture.dimensions(), size, "{what}");
        let corner = |(right, bottom): (bool, bool)| {
            let x = if right { size.0 - 10 } else { 10 };
            let y = if bottom { size.1 - 10 } else { 10 };
            *picture.get_pixel(x, y)
        };
        assert_eq!(corner(red), RED, "{what}");
        assert_eq!(corner(green), GREEN, "{what}");
        assert_eq!(*picture.get_pixel(size.0 / 2, size.1 / 2), WHITE, "{what}");
        assert!(picture.pixels().any(|pixel| pixel.0 == [0, 0, 255]), "{what}: no name");
        if !own.is_empty() || inherited == shifted {
            continue;
        }
        assert!(contains(&pdf, "/MediaBox [0 0 300.25 200.125]"), "{what}");
    }
}

#[test]
fn a_unit_of_its_own_is_honoured() {
    let (picture, pdf) = issued(&pdf("/MediaBox [0 0 300 200]", &["/UserUnit 2"]), "");
    assert_eq!(picture.dimensions(), (600, 400));
    assert_eq!(*picture.get_pixel(50, 350), RED);
    assert!(contains(&pdf, "/MediaBox [0 0 600 400]"));
}

#[test]
fn of_several_pages_the_template_names_one() {
    let two = pdf("/MediaBox [0 0 300 200]", &["", "/Rotate 90"]);
    let (picture, _) = issued(&two, "background_page = 2");
    assert_eq!(picture.dimensions(), (200, 300));
    is_refused(&two, "", "it has 2 pages; say which is meant: background_page = 1");
    is_refused(&two, "background_page = 3", "it has no page 3; its last is 2");
    is_refused(&two, "background_page = 0", "it has no page 0");
}

#[test]
fn a_certificate_can_be_the_background_of_another() {
    let first = folder(&pdf("/MediaBox [0 0 300 200]", &[""]), "");
    first.done(ISSUE);
    let certificate = first.file("certificate/2020/volunteer/V20200001.pdf");
    let (before, _) = issued(&pdf("/MediaBox [0 0 300 200]", &[""]), "");
    let (after, _) = issued(&std::fs::read(certificate).unwrap(), "");
    // The name stands twice on each other; around it nothing has changed.
    let inside = |x, y| (40..120).contains(&x) && (40..70).contains(&y);
    for (x, y, pixel) in after.enumerate_pixels().filter(|(x, y, _)| !inside(*x, *y)) {
        assert_eq!(pixel, before.get_pixel(x, y), "at {x}, {y}");
    }
    assert!(after.pixels().any(|pixel| pixel.0 == [0, 0, 255]));
}

#[test]
fn what_is_hidden_stays_hidden_and_what_is_private_stays_behind() {
    let mut file = PdfFile::default();
    let layer = file.push(b"<< /Type /OCG /Name (Guides) >>");
    let content = file.push_stream(b"", b"/OC /Guides BDC 1 0 0 rg 0 0 300 200 re f EMC");
    let script = file.push(b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>");
    let pages = file.next() + 1;
    let page = file.push(
        format!(
            "<< /Type /Page /Parent {pages} 0 R /MediaBox [0 0 300 200] /Contents {content} 0 R \
             /AA << /O {script} 0 R >> /Resources << /Properties << /Guides {layer} 0 R >> >> >>"
        )
        .as_bytes(),
    );
    file.push(format!("<< /Type /Pages /Kids [{page} 0 R] /Count 1 >>").as_bytes());
    let root = file.push(
        format!(
            "<< /Type /Catalog /Pages {pages} 0 R /OpenAction {script} 0 R /OCProperties << /OCGs \
             [{layer} 0 R] /D << /OFF [{layer} 0 R] /Order [] >> >> >>"
        )
        .as_bytes(),
    );
    let (picture, pdf) = issued(&file.finish(&format!("/Root {root} 0 R")).0, "");
    assert_eq!(*picture.get_pixel(5, 5), WHITE);
    assert!(contains(&pdf, "/OFF"));
    assert!(!contains(&pdf, "JavaScript") && !contains(&pdf, "/AA"));
}

/// How long an error may take.
const SOON: Duration = Duration::from_secs(2);

/// Asserts that a background is refused with these words, soon, and no number spent.
fn is_refused(background: &[u8], more: &str, words: &str) {
    let folder = folder(background, more);
    let begun = Instant::now();
    let ran = folder.run(ISSUE);
    let taken = begun.elapsed();
    assert_eq!(ran.code, Some(1), "{words}: {}", ran.stderr);
    assert!(ran.stderr.contains(words), "{words}: {}", ran.stderr);
    assert!(taken < SOON, "{words}: {taken:?}");
    assert!(!folder.file("register.jsonl").exists(), "{words}: a number is spent");
}

#[test]
fn damaged_pages_are_refused() {
    let whole = pdf("/MediaBox [0 0 300 200]", &[""]);
    is_refused(b"%PDF-1.7\nnothing more", "", "damaged");
    is_refused(&pdf("/MediaBox [0 0 300 200]", &[]), "", "without a page");
    is_refused(&pdf("/MediaBox [0 0 1 1]", &[""]), "", "no page to print on");
    is_refused(&pdf("/MediaBox [0 0 99999999 200]", &[""]), "", "no page to print on");
    // What can be mended is, and nothing else happens than an error.
    for cut in (9..whole.len()).step_by(97) {
        let ran = folder(&whole[..cut], "").run(ISSUE);
        assert!(matches!(ran.code, Some(0 | 1)), "cut at {cut}: {}", ran.stderr);
    }
}

#[test]
fn what_leads_back_to_itself_comes_to_an_end() {
    // Pages that are their own kids, a page that is its own parent, a form that shows itself,
    // resources that are their own, a length that is its own.
    let mut kids = PdfFile::default();
    kids.push(b"<< /Type /Pages /Kids [1 0 R 1 0 R 1 0 R] /Count 3 >>");
    is_refused(&finish(kids, 1), "", "without a page");

    let mut parent = PdfFile::default();
    parent.push(b"<< /Type /Page /Parent 1 0 R >>");
    parent.push(b"<< /Type /Pages /Kids [1 0 R] /Count 1 >>");
    let begun = Instant::now();
    let ran = folder(&finish(parent, 2), "").run(ISSUE);
    assert!(matches!(ran.code, Some(0 | 1)) && begun.elapsed() < SOON, "{}", ran.stderr);

    for form in [
        stream(b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /A 1 0 R >> >>", b"/A Do /A Do"),
        stream(b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources 1 0 R", b"/A Do"),
        b"<< /Type /XObject /Subtype /Form /Length 1 0 R >>\nstream\n/A Do\nendstream".to_vec(),
        b"1 0 R".to_vec(),
        b"[1 0 R 1 0 R]".to_vec(),
    ] {
        let mut file = PdfFile::default();
        file.push(&form);
        let content = file.push_stream(b"", b"/A Do");
        file.push(
            format!(
                "<< /Type /Page /Parent 4 0 R /MediaBox [0 0 300 200] /Contents {content} 0 R \
                 /Resources << /XObject << /A 1 0 R >> /Font 3 0 R /Pattern << /P 1 0 R >> >> >>"
            )
            .as_bytes(),
        );
        file.push(b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>");
        let begun = Instant::now();
        let ran = folder(&finish(file, 4), "").run(ISSUE);
        let what = String::from_utf8_lossy(&form).into_owned();
        assert!(matches!(ran.code, Some(0 | 1)), "{what}: {:?} {}", ran.code, ran.stderr);
        assert!(begun.elapsed() < SOON, "{what}: {:?}", begun.elapsed());
    }
}

#[test]
fn what_would_unpack_without_end_is_refused() {
    let mut file = PdfFile::default();
    let content = file.push_stream(b"", &vec![b' '; 200 << 20]);
    let page =
        format!("<< /Type /Page /Parent 3 0 R /MediaBox [0 0 300 200] /Contents {content} 0 R >>");
    file.push(page.as_bytes());
    file.push(b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>");
    is_refused(&finish(file, 3), "", "unpacks to more than 160 MiB");

    let mut file = PdfFile::default();
    let image =
        b"/Type /XObject /Subtype /Image /Width 60000 /Height 60000 /ColorSpace /DeviceGray \
                  /BitsPerComponent 8 /Filter /DCTDecode";
    file.push(&stream(image, b"\xff\xd8\xff"));
    let content = file.push_stream(b"", b"/A Do");
    let page = format!(
        "<< /Type /Page /Parent 4 0 R /MediaBox [0 0 300 200] /Contents {content} 0 R /Resources << \
         /XObject << /A 1 0 R >> >> >>"
    );
    file.push(page.as_bytes());
    file.push(b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>");
    is_refused(&finish(file, 4), "", "60000 x 60000");
}

/// Forms that each show the one before twice, so many of them.
fn doubled(levels: u32) -> Vec<u8> {
    let mut file = PdfFile::default();
    file.push(&stream(b"/Type /XObject /Subtype /Form /BBox [0 0 300 200]", b"0 0 9 9 re f"));
    for level in 1..levels {
        let entries = format!(
            "/Type /XObject /Subtype /Form /BBox [0 0 300 200] /Resources << /XObject << /A {level} \
             0 R >> >>"
        );
        file.push(&stream(entries.as_bytes(), b"/A Do /A Do"));
    }
    let content = file.push_stream(b"", b"/A Do");
    let pages = content + 2;
    let page = format!(
        "<< /Type /Page /Parent {pages} 0 R /MediaBox [0 0 300 200] /Contents {content} 0 R \
         /Resources << /XObject << /A {levels} 0 R >> >> >>"
    );
    let number = file.push(page.as_bytes());
    file.push(format!("<< /Type /Pages /Kids [{number} 0 R] /Count 1 >>").as_bytes());
    finish(file, pages)
}

#[test]
fn doubling_has_an_end() {
    is_refused(&doubled(40), "", "too deep in each other");
    is_refused(&doubled(20), "", "more than 100000 drawings");
    assert_eq!(issued(&doubled(5), "").0.dimensions(), (300, 200));
}
