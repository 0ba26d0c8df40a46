//! Outside judges: programs that know nothing of us look at what we make.
//!
//! `cargo test --release -- --ignored` runs them, where poppler-utils, qpdf, pngcheck and
//! zbar-tools are installed.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::harness::{Folder, Ran};
use crate::replay::replayed;

/// One person of each kind of name that the two templates meet.
const NAMES: [(&str, &str); 10] = [
    ("volunteer", "沈旭"),
    ("volunteer", "欧阳小明"),
    ("volunteer", "Żółć José Nguyễn"),
    ("volunteer", "José 陈"),
    ("volunteer", "Анна Κώστας"),
    ("volunteer", "محمد علي"),
    ("volunteer", "כהן לוי"),
    ("lecturer", "张城（元乙）"),
    ("lecturer", "Ann O’Neil-Smith"),
    ("lecturer", "沈"),
];

fn issued() -> (Folder, Vec<(PathBuf, String)>) {
    let folder = Folder::issuer();
    let rows = NAMES.map(|(category, name)| format!("{name},{category}\n"));
    folder.write("roster.csv", format!("name,category\n{}", rows.concat()));
    folder.done("issue roster.csv --year 2020 --date 2021-02-01");
    let list = folder.json("list");
    let files = list.as_array().unwrap().iter().map(|row| {
        let path = folder.file(row["path"].as_str().unwrap());
        (path, row["name"].as_str().unwrap().to_owned())
    });
    let files = files.collect();
    (folder, files)
}

fn ask(program: &str, arguments: &[&str], file: &Path) -> Ran {
    let output = Command::new(program).args(arguments).arg(file).output();
    Ran::of(output.unwrap_or_else(|error| panic!("{program} is needed: {error}")))
}

#[test]
#[ignore = "needs poppler-utils"]
fn pdftotext_finds_name_and_number() {
    let (_folder, files) = issued();
    for (file, name) in files {
        let output = Command::new("pdftotext").arg(with(&file, "pdf")).arg("-").output();
        let text = Ran::of(output.unwrap()).stdout;
        let id = file.file_stem().unwrap().to_str().unwrap();
        for part in [name.as_str(), id, "云原生社区", "感谢您在2020年的贡献", "2021年2月1日"]
        {
            assert!(text.contains(part), "no {part} in {text}");
        }
        let said = ask("pdfinfo", &[], &with(&file, "pdf")).stdout;
        for part in ["Author:          云原生社区", &name, "841.89", "595.276", "Mon Feb  1", "1.7"]
        {
            assert!(said.contains(part), "no {part} in {said}");
        }
        let fonts = ask("pdffonts", &[], &with(&file, "pdf")).stdout;
        for font in fonts.lines().skip(2) {
            // A subset says so by six letters before its name.
            let tag = font.split('+').next().unwrap_or_default();
            let is_subset = tag.len() == 6 && tag.bytes().all(|b| b.is_ascii_uppercase());
            assert!(is_subset && font.contains("yes yes yes"), "{fonts}");
        }
    }
}

#[test]
#[ignore = "needs poppler-utils and qpdf"]
fn pdfinfo_finds_the_packet_and_qpdf_keeps_it() {
    let (folder, files) = issued();
    for (file, name) in files {
        let pdf = with(&file, "pdf");
        let id = file.file_stem().unwrap().to_str().unwrap();
        let said = ask("pdfinfo", &["-meta"], &pdf).stdout;
        for part in [
            format!("<accolade:number>{id}</accolade:number>"),
            format!("<accolade:name>{name}</accolade:name>"),
            "<accolade:year>2020</accolade:year>".to_owned(),
        ] {
            assert!(said.contains(&part), "no {part} in {said}");
        }
        let again = folder.file("again.pdf");
        let written = Command::new("qpdf")
            .args(["--object-streams=generate", "--linearize"])
            .args([&pdf, &again])
            .status();
        assert!(written.unwrap().success());
        assert_eq!(folder.json("show again.pdf")["says"]["number"], id);
    }
}

#[test]
#[ignore = "needs poppler-utils and qpdf"]
fn the_year_in_one_pdf_is_sound_and_has_everyone() {
    let folder = replayed();
    let list = folder.json("list 2020");
    let current = list.as_array().unwrap().iter().filter(|row| row["status"] == "current");
    let said = |row: &serde_json::Value, key: &str| row[key].as_str().unwrap().to_owned();
    let people: Vec<_> = current.map(|row| (said(row, "id"), said(row, "name"))).collect();
    for options in ["", " --bleed 3mm --crop-marks --index"] {
        folder.done(&format!("export 2020 --to year.pdf{options}"));
        let year = folder.file("year.pdf");
        let ran = ask("qpdf", &["--check"], &year);
        assert_eq!(ran.code, Some(0), "{}{}", ran.stdout, ran.stderr);
        assert!(ran.stderr.is_empty(), "{}", ran.stderr);
        let destinations = ask("pdfinfo", &["-dests"], &year).stdout;
        let output = Command::new("pdftotext").arg(&year).arg("-").output();
        let text = Ran::of(output.unwrap()).stdout;
        let pages: Vec<&str> = text.split('\u{c}').collect();
        for ((id, name), page) in people.iter().zip(&pages) {
            assert!(destinations.contains(&format!("\"{id}\"")), "{id} {destinations}");
            assert!(page.contains(name), "no {name} in {page}");
        }
        if let Some(index) = pages.get(86).filter(|_| !options.is_empty()) {
            for (id, name) in &people {
                assert!(index.contains(id) && index.contains(name), "no {name} in {index}");
            }
        }
    }
}

/// Bleed is added around the page, and nothing on it moves.
#[test]
#[ignore = "needs poppler-utils"]
fn within_its_bleed_a_page_is_as_it_was_issued() {
    let (folder, files) = issued();
    folder.done("export 2020 --to year.pdf --bleed 0.25in");
    let dpi = 72;
    let draw = |pdf: &Path, page: usize| {
        let (page, drawn) = (page.to_string(), folder.file("page"));
        let status = Command::new("pdftoppm")
            .args(["-r", &dpi.to_string(), "-png", "-singlefile", "-f", &page])
            .args([pdf, &drawn])
            .status();
        assert!(status.unwrap().success());
        image::open(drawn.with_extension("png")).unwrap().into_rgb8()
    };
    for (place, (file, name)) in files.iter().enumerate().step_by(6) {
        let alone = draw(&with(file, "pdf"), 1);
        let printed = draw(&folder.file("year.pdf"), place + 1);
        let bleed = dpi / 4;
        assert_eq!(printed.width(), alone.width() + 2 * bleed);
        let inside =
            image::imageops::crop_imm(&printed, bleed, bleed, alone.width(), alone.height());
        let inside = inside.to_image();
        let differences = alone.as_raw().iter().zip(inside.as_raw()).map(|(a, b)| a.abs_diff(*b));
        let mean = differences.map(f64::from).sum::<f64>() / alone.as_raw().len() as f64;
        assert!(mean < 1.0, "{name}: {mean}");
        // Nowhere does paper show in the bleed.
        let corners = [(0, 0), (printed.width() - 1, 0), (0, printed.height() - 1)];
        for (x, y) in corners {
            assert_ne!(printed.get_pixel(x, y).0, [255; 3], "{name}");
        }
    }
}

#[test]
#[ignore = "needs imagemagick"]
fn imagemagick_keeps_the_words_or_leaves_them_out() {
    let (folder, files) = issued();
    for (file, name) in files {
        let again = folder.file("again.png");
        let written = Command::new("convert").args([&with(&file, "png"), &again]).status();
        assert!(written.unwrap().success());
        let ran = folder.run("show again.png");
        let kept = ran.code == Some(0) && ran.stdout.contains(&name);
        assert!(kept || ran.stderr.contains("says nothing of itself"), "{}", ran.stderr);
    }
}

#[test]
#[ignore = "needs qpdf"]
fn qpdf_finds_nothing_wrong() {
    let (_folder, files) = issued();
    for (file, _) in files {
        let ran = ask("qpdf", &["--check"], &with(&file, "pdf"));
        assert_eq!(ran.code, Some(0), "{}{}", ran.stdout, ran.stderr);
        assert!(ran.stderr.is_empty(), "{}", ran.stderr);
    }
}

#[test]
#[ignore = "needs pngcheck"]
fn pngcheck_finds_nothing_wrong() {
    let (_folder, files) = issued();
    for (file, _) in files {
        let ran = ask("pngcheck", &["-q"], &with(&file, "png"));
        assert_eq!(ran.code, Some(0), "{}{}", ran.stdout, ran.stderr);
    }
}

#[test]
#[ignore = "needs zbar-tools and poppler-utils"]
fn zbarimg_reads_the_code_from_png_and_pdf() {
    let (folder, files) = issued();
    for (file, _) in files {
        let id = file.file_stem().unwrap().to_str().unwrap();
        let selected = folder.run_with(&["show", id, "--json"]).stdout;
        let shown: serde_json::Value = serde_json::from_str(&selected).unwrap();
        let url = shown["certificate"]["url"].as_str().unwrap();
        let page = folder.file("page");
        let drawn = Command::new("pdftoppm")
            .args(["-r", "150", "-png", "-singlefile"])
            .args([&with(&file, "pdf"), &page])
            .status();
        assert!(drawn.unwrap().success());
        for picture in [with(&file, "png"), page.with_extension("png")] {
            let read = ask("zbarimg", &["-q", "--raw"], &picture).stdout;
            assert_eq!(read.trim(), url, "{}", picture.display());
        }
    }
}

/// The page drawn by poppler at the PNG's size differs from our own drawing by no more than
/// the edges: on average, and nowhere as a whole letter would.
#[test]
#[ignore = "needs poppler-utils"]
fn the_pdf_looks_like_the_png() {
    let (folder, files) = issued();
    for (file, name) in files {
        let ours = image::open(with(&file, "png")).unwrap().into_rgb8();
        let size =
            ["-scale-to-x", &ours.width().to_string(), "-scale-to-y", &ours.height().to_string()]
                .map(str::to_owned);
        let page = folder.file("page");
        let drawn = Command::new("pdftoppm")
            .args(size)
            .args(["-png", "-singlefile"])
            .args([&with(&file, "pdf"), &page])
            .status();
        assert!(drawn.unwrap().success());
        let theirs = image::open(page.with_extension("png")).unwrap().into_rgb8();
        assert_eq!(ours.dimensions(), theirs.dimensions());
        let differences = ours.as_raw().iter().zip(theirs.as_raw()).map(|(a, b)| a.abs_diff(*b));
        let mean = differences.map(f64::from).sum::<f64>() / ours.as_raw().len() as f64;
        assert!(mean < 2.5, "{name}: {mean}");
        // Averaged over 8 x 8 pixels, edges vanish and a misplaced letter does not.
        let small = |picture: &image::RgbImage| {
            let (width, height) = (picture.width() / 8, picture.height() / 8);
            image::imageops::thumbnail(picture, width, height)
        };
        let (ours, theirs) = (small(&ours), small(&theirs));
        let worst = ours.as_raw().iter().zip(theirs.as_raw()).map(|(a, b)| a.abs_diff(*b)).max();
        assert!(worst < Some(64), "{name}: {worst:?}");
    }
}

/// A set as a ZIP, and the names that are to be read in it.
fn archived() -> (Folder, PathBuf, Vec<String>) {
    let (folder, _) = issued();
    folder.done("export 2020 --to out.zip");
    let file = folder.file("out.zip");
    let zip = zip::ZipArchive::new(std::fs::File::open(&file).unwrap()).unwrap();
    let names = zip.file_names().map(|name| name.unwrap().into_owned()).collect();
    (folder, file, names)
}

#[test]
#[ignore = "needs unzip"]
fn unzip_finds_nothing_wrong_and_every_name() {
    let (folder, file, names) = archived();
    let ran = ask("unzip", &["-t"], &file);
    assert_eq!(ran.code, Some(0), "{}", ran.stdout);
    let mut unzip = Command::new("unzip");
    unzip.arg("-qq").arg(&file).arg("-d").arg(folder.file("un")).env("LC_ALL", "C.UTF-8");
    assert!(unzip.status().unwrap().success());
    for name in names {
        assert!(folder.file("un").join(&name).is_file(), "{name}");
    }
    let mut sums = Command::new("sha256sum");
    sums.args(["-c", "--strict", "SHA256SUMS"]).current_dir(folder.file("un"));
    let ran = Ran::of(sums.output().unwrap());
    assert_eq!(ran.code, Some(0), "{}{}", ran.stdout, ran.stderr);
}

#[test]
#[ignore = "needs libarchive-tools"]
fn bsdtar_reads_every_name() {
    let (_folder, file, names) = archived();
    let list = Command::new("bsdtar").env("LC_ALL", "C.UTF-8").arg("-tf").arg(&file).output();
    let ran = Ran::of(list.unwrap());
    let mut listed: Vec<&str> = ran.stdout.lines().collect();
    // It takes files as they lie there, and not as they are listed.
    listed.sort_unstable();
    assert_eq!(listed, names, "{}", ran.stderr);
}

#[test]
#[ignore = "needs python3"]
fn python_reads_every_name_and_finds_them_marked_as_utf_8() {
    let (_folder, file, names) = archived();
    let script = "\
import sys, zipfile
archive = zipfile.ZipFile(sys.argv[1])
assert archive.testzip() is None
for entry in archive.infolist():
    assert entry.flag_bits & 0x800 or entry.filename.isascii(), entry.filename
    print(entry.filename)
";
    let ran = ask_python(&["-c", script], &[&file]);
    assert_eq!(ran.stdout.lines().collect::<Vec<_>>(), names, "{}", ran.stderr);
}

#[test]
#[ignore = "needs imagemagick"]
fn what_imagemagick_writes_anew_still_verifies_and_what_it_paints_on_does_not() {
    let (folder, files) = issued();
    let again = folder.file("again.png");
    for (arguments, code) in [
        (&["-strip", "-quality", "95"][..], 0),
        (&["-interlace", "PNG"], 0),
        (&["-define", "png:color-type=6"], 0),
        (&["-depth", "16"], 0),
        (&["-fill", "white", "-draw", "point 700,500"], 3),
        (&["-resize", "50%"], 3),
        (&["-rotate", "180"], 3),
    ] {
        let (file, _) = &files[0];
        let mut convert = Command::new("convert");
        convert.arg(with(file, "png")).args(arguments).arg(&again);
        assert!(convert.status().unwrap().success());
        let ran = folder.run("verify again.png");
        assert_eq!(ran.code, Some(code), "{arguments:?}: {}", ran.stdout);
    }
}

#[test]
#[ignore = "needs pyoxipng"]
fn what_oxipng_makes_smaller_still_verifies() {
    let (folder, files) = issued();
    let script = "\
import sys, oxipng
oxipng.optimize(sys.argv[1], sys.argv[2], level=2, strip=oxipng.StripChunks.all())
";
    let (whole, small) = (with(&files[0].0, "png"), folder.file("small.png"));
    let ran = ask_python(&["-c", script], &[&whole, &small]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let size = |file: &Path| file.metadata().unwrap().len();
    assert!(size(&small) < size(&whole));
    folder.done("verify small.png");
}

#[test]
#[ignore = "needs pyoxipng and pillow"]
fn words_that_programs_keep_are_as_true_as_before() {
    let (folder, files) = issued();
    let script = "\
import sys, oxipng
from PIL import Image, PngImagePlugin
source, kept, written = sys.argv[1:]
oxipng.optimize(source, kept, level=1, strip=oxipng.StripChunks.none())
picture, texts = Image.open(source), PngImagePlugin.PngInfo()
for keyword, text in picture.text.items():
    texts.add_itxt(keyword, text, zip=True)
picture.convert('RGBA').save(written, pnginfo=texts, dpi=(300, 300))
";
    let (kept, written) = (folder.file("kept.png"), folder.file("written.png"));
    for (file, name) in files {
        let ran = ask_python(&["-c", script], &[&with(&file, "png"), &kept, &written]);
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        folder.done("verify kept.png written.png");
        for file in ["kept.png", "written.png"] {
            assert!(folder.done(&format!("show {file}")).stdout.contains(&name));
        }
    }
}

/// Runs Python: the one that has what the tests need.
fn ask_python(arguments: &[&str], files: &[&Path]) -> Ran {
    let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let mut python = Command::new(python);
    python.env("PYTHONUTF8", "1").args(arguments).args(files);
    Ran::of(python.output().unwrap_or_else(|error| panic!("python3 is needed: {error}")))
}

/// With an ending, where `with_extension` would take a name's own dot for one.
fn with(file: &Path, ending: &str) -> PathBuf {
    PathBuf::from(format!("{}.{ending}", file.display()))
}
