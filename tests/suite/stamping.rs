//! Pages of unrelated programs are stamped, and nothing on them moves: poppler draws each
//! before and after, and no pixel outside the field has changed.

use std::path::{Path, PathBuf};
use std::process::Command;

use image::RgbImage;

use crate::harness::Folder;

/// Where the name is stamped, in pt: left, top, width, height.
const FIELD: [u32; 4] = [150, 200, 200, 40];

/// Dots to the inch at which pages are compared.
const RESOLUTIONS: [u32; 2] = [96, 150];

/// A page with gradients, transparency, clipping, curves and text.
const DRAWING: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" width="297mm" height="210mm" viewBox="0 0 2000 1414">
<defs><radialGradient id="a"><stop offset="0" stop-color="#246"/><stop offset="1" stop-color="#012"/></radialGradient>
<linearGradient id="b" x2="1" y2="1"><stop offset="0" stop-color="#fd8"/><stop offset="1" stop-color="#a62" stop-opacity=".3"/></linearGradient>
<clipPath id="c"><circle cx="1500" cy="1000" r="300"/></clipPath></defs>
<rect width="2000" height="1414" fill="url(#a)"/>
<path d="M40 40H1960V1374H40Z M71.3 71.3H1928.7V1342.7H71.3Z" fill="none" stroke="url(#b)" stroke-width="7.3"/>
<g opacity=".5"><circle cx="1500" cy="1000" r="400" fill="#c33"/><circle cx="1700" cy="1000" r="300" fill="#3c3"/></g>
<g clip-path="url(#c)"><rect x="1200" y="800" width="700" height="217.7" fill="#fff" fill-opacity=".7"/></g>
<text x="300" y="1200" font-size="90" font-family="serif" fill="#fff">Certificate</text>
</svg>"##;

const TYPST: &str = r##"#set page(width: 297mm, height: 210mm, margin: 0pt, fill: gradient.linear(rgb("#123"), rgb("#a53"), angle: 33deg))
#place(dx: 500pt, dy: 40pt, circle(radius: 60pt, fill: rgb(255, 255, 255, 120)))
#place(dx: 300pt, dy: 300pt, text(40pt, fill: white)[Certificate])
#place(dx: 100pt, dy: 400pt, rect(width: 500pt, height: 50pt, stroke: 2.3pt + yellow))
"##;

const PAGE: &str = r#"<html><style>@page{size:A4 landscape;margin:0}
body{margin:0;width:297mm;height:209mm;background:linear-gradient(45deg,#123,#486);font-family:sans-serif;color:#fff}
div{position:absolute;left:600px;top:400px;width:200px;height:120px;border-radius:30px;background:rgba(255,255,255,.3);box-shadow:0 0 20px #000;mix-blend-mode:screen}
</style><body><h1 style="padding:40px">Certificate <a href="https://example.org">link</a></h1><div>hello</div></body></html>"#;

/// Runs a program and expects it to be done.
fn ask(program: &str, arguments: &[&str]) {
    let output = Command::new(program).args(arguments).output();
    let output = output.unwrap_or_else(|error| panic!("{program} is needed: {error}"));
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
}

/// Draws the only page of a PDF.
fn drawn(pdf: &Path, dpi: u32) -> RgbImage {
    let page = pdf.with_extension(format!("{dpi}"));
    let resolution = dpi.to_string();
    let options = ["-r", &resolution, "-cropbox", "-png", "-singlefile"];
    let files = [pdf.to_str().unwrap(), page.to_str().unwrap()];
    ask("pdftoppm", &[&options[..], &files[..]].concat());
    image::open(format!("{}.png", page.display())).unwrap().into_rgb8()
}

/// Stamps a page, and compares it with what it was.
fn stamped(folder: &Folder, page: &Path) {
    let [left, top, width, height] = FIELD;
    folder.write("templates/classic/page.pdf", std::fs::read(page).unwrap());
    folder.write(
        "templates/classic/template.toml",
        format!(
            "background = \"page.pdf\"\n[[text]]\nfield = \"name\"\nvalue = \"{{name}}\"\nbox = [{left}, \
             {top}, {width}, {height}]\nsize = 30\ncolor = \"#ffffff\"\n"
        ),
    );
    let _ = std::fs::remove_file(folder.file("register.jsonl"));
    let _ = std::fs::remove_dir_all(folder.file("certificate"));
    folder.done("issue roster.csv --category volunteer --year 2020 --date 2021-02-01 --format pdf");
    let certificate = folder.file("certificate/2020/volunteer/V20200001.pdf");
    ask("qpdf", &["--check", certificate.to_str().unwrap()]);
    for dpi in RESOLUTIONS {
        let (before, after) = (drawn(page, dpi), drawn(&certificate, dpi));
        assert_eq!(before.dimensions(), after.dimensions(), "{}", page.display());
        let pixels = |points: u32| points * dpi / 72;
        let inside = |x: u32, y: u32| {
            (pixels(left)..=pixels(left + width)).contains(&x)
                && (pixels(top - height)..=pixels(top + 2 * height)).contains(&y)
        };
        let mut inked = 0;
        for (x, y, pixel) in after.enumerate_pixels() {
            if inside(x, y) {
                inked += u32::from(pixel != before.get_pixel(x, y));
            } else {
                assert_eq!(pixel, before.get_pixel(x, y), "{} at {x}, {y}", page.display());
            }
        }
        assert!(inked > 500, "{}: no name", page.display());
    }
}

fn folder() -> Folder {
    Folder::issuer().with("roster.csv", "name\n包仁义 Ann\n")
}

fn path(folder: &Folder, name: &str) -> (PathBuf, String) {
    let path = folder.file(name);
    let text = path.to_str().unwrap().to_owned();
    (path, text)
}

#[test]
#[ignore = "needs librsvg2-bin, poppler-utils and qpdf"]
fn pages_of_cairo_stay_as_they_are() {
    let folder = folder().with("drawing.svg", DRAWING);
    let (page, text) = path(&folder, "cairo.pdf");
    ask("rsvg-convert", &["-f", "pdf", "-o", &text, folder.file("drawing.svg").to_str().unwrap()]);
    stamped(&folder, &page);
    // The same page as other programs save it.
    for (name, options) in [
        ("turned", &["--rotate=+90"][..]),
        ("upside", &["--rotate=180"]),
        ("packed", &["--object-streams=generate", "--linearize"]),
        ("locked", &["--encrypt", "", "owner", "256", "--"]),
    ] {
        let (other, other_text) = path(&folder, &format!("{name}.pdf"));
        ask("qpdf", &[options, &[&text, &other_text]].concat());
        stamped(&folder, &other);
    }
    let (_, secret) = path(&folder, "templates/classic/page.pdf");
    ask("qpdf", &["--encrypt", "secret", "owner", "256", "--", &text, &secret]);
    let ran = folder.run("template check classic");
    assert!(ran.stderr.contains("encrypted with a password"), "{}", ran.stderr);
}

#[test]
#[ignore = "needs python3 with typst, poppler-utils and qpdf"]
fn pages_of_typst_stay_as_they_are() {
    let folder = folder().with("page.typ", TYPST);
    let (page, text) = path(&folder, "typst.pdf");
    let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let compile = "import sys, typst; typst.compile(sys.argv[1], output=sys.argv[2])";
    ask(&python, &["-c", compile, folder.file("page.typ").to_str().unwrap(), &text]);
    stamped(&folder, &page);
}

#[test]
#[ignore = "needs chromium, poppler-utils and qpdf"]
fn pages_of_chromium_stay_as_they_are() {
    let folder = folder().with("page.html", PAGE);
    let (page, text) = path(&folder, "chromium.pdf");
    let print = format!("--print-to-pdf={text}");
    let profile = format!("--user-data-dir={}", folder.file("profile").display());
    let address = format!("file://{}", folder.file("page.html").display());
    let quiet = ["--disable-background-networking", "--disable-sync", "--no-first-run"];
    let alone = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic"];
    let rest = ["--disable-component-update", "--no-pdf-header-footer", &print, &profile, &address];
    ask("chromium", &[&alone[..], &quiet[..], &rest[..]].concat());
    stamped(&folder, &page);
}
