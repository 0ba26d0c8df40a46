//! Previewing: certificates to look at before any is issued, and nothing else.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use image::{Rgb, RgbImage};
use serde_json::Value;

use crate::harness::{Folder, Ran};

const SHEET: &str = "preview/contact-sheet.png";
const PROOF: &str = "preview/proof.png";

const LONG: &str = "Maria Fernanda Gonçalves de Albuquerque";

const ROSTER: &str = "name,category,city\n\
    陈一,volunteer,\n\
    王小明,volunteer,\n\
    Maria Fernanda Gonçalves de Albuquerque,volunteer,\n\
    欧阳小明,volunteer,\n\
    王小小,lecturer,\n";

/// A white page of 600 x 424 with a name in a turned box and a code.
const PLAIN: &str = r##"
background = "plain.svg"
[page]
paper = "A4 landscape"
width = 300
pixels = 600
[[text]]
field = "recipient"
value = "{name}"
box = [60, 60, 100, 30]
size = 20
color = "#000000"
rotation = 90
[[qr]]
field = "code"
value = "{url}"
box = [200, 100, 60, 60]
"##;

const PAGE: &str = r#"<svg xmlns="http://www.w3.org/2000/svg" width="297" height="210"/>"#;

fn with_plain(folder: Folder) -> Folder {
    folder.with("templates/plain/template.toml", PLAIN).with("templates/plain/plain.svg", PAGE)
}

fn picture(folder: &Folder, file: &str) -> RgbImage {
    image::open(folder.file(file)).unwrap().into_rgb8()
}

/// What a preview with `--json` says, however it ends.
fn report(ran: &Ran) -> Value {
    serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}\n{}", ran.stderr))
}

fn names(report: &Value) -> Vec<&str> {
    report["cells"].as_array().unwrap().iter().map(|cell| cell["name"].as_str().unwrap()).collect()
}

/// The files there are now and were not before; none of those before may have changed.
fn new_files(folder: &Folder, act: impl FnOnce()) -> BTreeSet<PathBuf> {
    let before = folder.files();
    act();
    let mut after = folder.files();
    for (file, digest) in &before {
        assert_eq!(after.remove(file).as_ref(), Some(digest), "{}", file.display());
    }
    after.into_keys().collect()
}

#[test]
fn a_fresh_folder_previews_its_roster_and_names_of_nobody() {
    let pictures: BTreeSet<PathBuf> = [SHEET, PROOF].map(PathBuf::from).into();
    for (lang, arguments) in [("en", "preview roster.csv"), ("zh", "preview")] {
        let folder = Folder::empty();
        folder.done(&format!("init --lang {lang}"));
        let written = new_files(&folder, || {
            let ran = folder.done(arguments);
            assert!(ran.stdout.contains("longest"), "{}", ran.stdout);
        });
        assert_eq!(written, pictures);
        assert!(!folder.file("register.jsonl").exists());
        assert_eq!(picture(&folder, SHEET).width(), 2000);
        let proof = picture(&folder, PROOF).dimensions();
        assert!([(2000, 1414), (1587, 2244)].contains(&proof), "{proof:?}");
    }
}

#[test]
fn the_hardest_name_comes_first() {
    let folder = Folder::issuer().with("roster.csv", ROSTER);
    let report = folder.json("preview roster.csv --year 2020 --date 2021-02-01");
    let found = names(&report);
    assert_eq!(found, [LONG, "陈一", "欧阳小明", "王小明", "王小小"]);
    let first = &report["cells"][0];
    assert_eq!((&first["row"], &first["why"]), (&4.into(), &"longest".into()));
    assert!(first["size"].as_f64() < first["full_size"].as_f64(), "{first}");
    assert_eq!(report["cells"][1]["why"], "shortest");
    assert_eq!(report["left_out"], 0);
}

#[test]
fn a_large_roster_shows_its_hardest_and_counts_the_rest() {
    let people = |n: usize| format!("王小{}\n", char::from_u32(0x4e00 + n as u32).unwrap());
    let roster = format!("name\n{}محمد\n", (0..60).map(people).collect::<String>());
    let folder = Folder::issuer().with("roster.csv", roster);
    let report = folder.json("preview roster.csv --category volunteer");
    assert_eq!(names(&report).len(), 24);
    assert_eq!(report["left_out"], 37);
    assert!(names(&report)[..3].contains(&"محمد"));
    let ran = folder.done("preview roster.csv --category volunteer");
    assert!(ran.stderr.contains("37 easier ones left out"), "{}", ran.stderr);
}

#[test]
fn a_name_that_cannot_be_set_is_reported_and_the_pictures_are_drawn() {
    let roster = format!("{ROSTER}Bob 😀,volunteer,\n");
    let folder = Folder::issuer().with("roster.csv", roster);
    let ran = folder.run("preview roster.csv");
    assert_eq!(ran.code, Some(1));
    for word in
        ["error: roster.csv will not do as it is: 1 problem", "row 7", "U+1F600", "fonts/", "hint:"]
    {
        assert!(ran.stderr.contains(word), "no {word:?} in {}", ran.stderr);
    }
    let ran = folder.run("preview roster.csv --json");
    assert_eq!((ran.code, ran.stderr.contains("error")), (Some(1), false));
    let report = report(&ran);
    assert_eq!(report["problems"][0]["row"], 7);
    assert_eq!(report["problems"][0]["file"], "roster.csv");
    assert_eq!(report["cells"][0]["why"], "refused");
    assert_eq!(report["cells"][0]["size"], Value::Null);
    // The cell is outlined in red, from its upper left corner on.
    let sheet = picture(&folder, SHEET);
    let red = sheet.enumerate_pixels().find(|(.., pixel)| **pixel == Rgb([196, 24, 36]));
    assert!(red.is_some_and(|(x, y, _)| x < 60 && y < 120), "{red:?}");
    assert!(folder.file(PROOF).is_file());
}

#[test]
fn rows_that_cannot_be_read_are_left_out_and_told() {
    let rows = "A\u{7}nn,volunteer,\n Cid,volunteer,\nDora,guest,\nDora,volunteer,\ndora,lecturer,\nDora,lecturer,\n";
    let folder = Folder::issuer().with("roster.csv", format!("{ROSTER}{rows}"));
    let ran = folder.run("preview roster.csv --json");
    assert_eq!(ran.code, Some(1));
    let report = report(&ran);
    let at = |list: &str| -> Vec<(Value, Value)> {
        let found = report[list].as_array().unwrap().iter();
        found.map(|problem| (problem["row"].clone(), problem["file"].clone())).collect()
    };
    let expected = |rows: &[u64]| -> Vec<(Value, Value)> {
        rows.iter().map(|row| ((*row).into(), "roster.csv".into())).collect()
    };
    assert_eq!(at("problems"), expected(&[7, 9, 12]));
    assert_eq!(at("warnings"), expected(&[8]));
    let drawn = report["cells"].as_array().unwrap().iter();
    let rows: Vec<u64> = drawn.filter_map(|cell| cell["row"].as_u64()).collect();
    assert!(rows.contains(&8) && rows.contains(&11), "{rows:?}");
    assert!(!rows.contains(&7) && !rows.contains(&12), "{rows:?}");
    // Nobody is left: then there is nothing to draw.
    folder.write("roster.csv", "name,category\nAnn,guest\n");
    let ran = folder.run("preview roster.csv");
    assert!(ran.stderr.starts_with("error: roster.csv will not do as it is"), "{}", ran.stderr);
}

#[test]
fn a_template_on_the_command_line_draws_everybody() {
    let folder = with_plain(Folder::issuer().with("roster.csv", ROSTER));
    let report = folder.json("preview roster.csv --template aurora");
    let cells = report["cells"].as_array().unwrap();
    assert_eq!(cells.len(), 5);
    assert!(cells.iter().all(|cell| cell["template"] == "aurora"));
    // A template that no category has yet will do.
    let ran = folder.run("preview --template plain --json");
    let cells = self::report(&ran)["cells"].clone();
    assert!(cells.as_array().unwrap().iter().all(|cell| cell["template"] == "plain"));
    assert!(cells[0].get("row").is_none(), "{}", cells[0]);
    let ran = folder.run("preview --template plane");
    assert_eq!(ran.code, Some(1));
    assert!(ran.stderr.contains("plane"), "{}", ran.stderr);
}

#[test]
fn boxes_are_outlined_where_the_template_says() {
    let folder = with_plain(Folder::issuer()).with("roster.csv", "name\nAl\n");
    folder.done("preview roster.csv --category volunteer --template plain");
    let proof = picture(&folder, PROOF);
    assert_eq!(proof.dimensions(), (600, 424));
    // A box [60, 60, 100, 30] turned by 90 degrees around (110, 75) is [95, 25, 30, 100].
    let (text, code) = (Rgb([230, 0, 126]), Rgb([0, 150, 70]));
    for (x, y, color) in [
        (190, 200, text),
        (249, 200, text),
        (200, 249, text),
        (240, 50, text),
        (400, 300, code),
        (519, 300, code),
        (450, 319, code),
    ] {
        assert_eq!(proof.get_pixel(x, y), &color, "at {x}, {y}");
    }
    // Nothing is left of the box as it stood before it was turned.
    assert_eq!(proof.get_pixel(120, 150), &Rgb([255, 255, 255]));
    assert_eq!(proof.get_pixel(320, 150), &Rgb([255, 255, 255]));
}

#[test]
fn nothing_is_overwritten_but_an_earlier_preview() {
    let folder = Folder::issuer().with("roster.csv", ROSTER);
    folder.write(PROOF, "mine");
    let before = folder.files();
    let ran = folder.run("preview roster.csv");
    assert_eq!(ran.code, Some(1));
    assert!(ran.stderr.contains("proof.png is there already"), "{}", ran.stderr);
    assert!(ran.stderr.contains("--to"), "{}", ran.stderr);
    assert_eq!(folder.files(), before);
    folder.done("preview roster.csv --to looks/new");
    let files = folder.files();
    folder.done("preview roster.csv --to looks/new");
    assert_eq!(folder.files(), files);
    assert!(folder.file("looks/new/proof.png").is_file());
}

#[test]
fn what_stops_an_issue_stops_a_preview() {
    let folder = Folder::issuer().with("roster.csv", "name,category\nAnn,guest\n");
    let before = folder.files();
    for (arguments, word) in [
        ("preview roster.csv", "row 2, category"),
        ("preview nowhere.csv", "nowhere.csv"),
        ("preview --category guest", "volunteer, lecturer"),
    ] {
        let ran = folder.run(arguments);
        assert_eq!(ran.code, Some(1), "{arguments}");
        assert!(ran.stderr.contains(word), "{arguments}: {}", ran.stderr);
    }
    assert_eq!(folder.files(), before);
    let ran = Folder::empty().run("preview");
    assert!(ran.stderr.contains("accolade init"), "{}", ran.stderr);
}

/// A run that is ended with the test, however that goes.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_watched_template_is_drawn_again_when_it_changes_even_after_a_mistake() {
    let folder = with_plain(Folder::issuer()).with("roster.csv", "name\nAl\n");
    let arguments = ["preview", "roster.csv", "--category", "volunteer", "--template", "plain"];
    let mut running = Running(
        Command::new(env!("CARGO_BIN_EXE_accolade"))
            .arg("-C")
            .arg(folder.path())
            .args(arguments)
            .arg("--watch")
            .stdout(Stdio::null())
            .stderr(std::fs::File::create(folder.file("said")).unwrap())
            .spawn()
            .unwrap(),
    );
    let wait = |what: &str, done: &dyn Fn() -> bool| {
        let started = Instant::now();
        while !done() {
            assert!(started.elapsed() < Duration::from_mins(1), "{what}: {}", folder.read("said"));
            std::thread::sleep(Duration::from_millis(50));
        }
    };
    let watching = |times: usize| folder.read("said").matches("watching").count() >= times;
    let edge = |x: u32| {
        let proof = image::open(folder.file(PROOF)).ok().map(image::DynamicImage::into_rgb8);
        proof.is_some_and(|proof| proof.get_pixel(x, 300) == &Rgb([0, 150, 70]))
    };
    wait("the first picture", &|| watching(1) && edge(400));
    folder.write("templates/plain/template.toml", &PLAIN[..PLAIN.len() / 2]);
    wait("the mistake", &|| folder.read("said").contains("error:") && watching(2));
    folder.write("templates/plain/template.toml", PLAIN.replace("[200, 100", "[220, 100"));
    wait("the second picture", &|| edge(440));
    folder.write("roster.csv", "name\nAlexandra\n");
    wait("the roster", &|| folder.read("said").contains("roster.csv has changed"));
    assert!(running.0.try_wait().unwrap().is_none(), "{}", folder.read("said"));
}
