//! The program killed at any moment: no number is lost or given twice, and the next run ends as
//! if nothing had been.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::harness::Folder;

/// How many people a roster has that takes a while to issue.
pub const PEOPLE: usize = 300;

pub const ISSUE: &str = "issue roster.csv --category volunteer --year 2020 --date 2021-02-01";

/// An issuer with so many volunteers, whose template is quick to draw.
pub fn issuer(people: usize) -> Folder {
    let names: Vec<String> = (1..=people).map(|n| format!("P{n}\n")).collect();
    let folder = Folder::issuer().with("roster.csv", format!("name\n{}", names.concat()));
    let mut page = std::io::Cursor::new(Vec::new());
    let white = image::RgbImage::from_pixel(120, 80, image::Rgb([255, 255, 255]));
    white.write_to(&mut page, image::ImageFormat::Png).unwrap();
    folder.write("templates/classic/page.png", page.into_inner());
    folder.write(
        "templates/classic/template.toml",
        "background = \"page.png\"\n[page]\npaper = \"120 x 80\"\n[[text]]\nfield = \"recipient\"\n\
         value = \"{name}\"\nbox = [10, 20, 100, 40]\nsize = 20\nfonts = [\"Abril Fatface\"]\n",
    );
    folder
}

/// A run that nothing has disturbed.
pub struct Undisturbed {
    pub files: BTreeMap<PathBuf, String>,
    took: Duration,
}

/// What an issue to all [`PEOPLE`] comes to.
pub fn undisturbed() -> &'static Undisturbed {
    static RUN: OnceLock<Undisturbed> = OnceLock::new();
    RUN.get_or_init(|| {
        let folder = issuer(PEOPLE);
        let begun = Instant::now();
        folder.done(ISSUE);
        Undisturbed { files: folder.files(), took: begun.elapsed() }
    })
}

/// Kills so many runs, each at a moment of its own. A run goes on where those before were
/// killed; when one gets to its end, the next begins anew.
fn crash(kills: usize) {
    let Undisturbed { files, took } = undisturbed();
    let mut folder = issuer(PEOPLE);
    let (mut killed, mut ended) = (0, 0);
    // Steps of the golden ratio come near every moment, and to none twice.
    let mut moment = 0.0_f64;
    while killed < kills || ended == 0 {
        moment = (moment + 0.618_033_988_749_895).fract();
        let delay = if killed < kills { took.mul_f64(moment) } else { Duration::from_mins(10) };
        let mut child =
            folder.command(ISSUE).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let begun = Instant::now();
        let status = loop {
            if let Some(status) = child.try_wait().unwrap() {
                break Some(status);
            }
            if begun.elapsed() >= delay {
                child.kill().unwrap();
                child.wait().unwrap();
                break None;
            }
            std::thread::sleep(Duration::from_micros(500));
        };
        check_lines(&folder);
        match status {
            None => killed += 1,
            Some(status) => {
                assert!(status.success(), "after {killed} kills: {status}");
                // What was cut off is kept for people to look at, and is the only trace.
                let _ = std::fs::remove_file(folder.file("register.torn"));
                assert_eq!(folder.files(), *files, "after {killed} kills");
                folder = issuer(PEOPLE);
                ended += 1;
            }
        }
    }
    eprintln!("killed {killed} times, ended well {ended} times");
}

/// Every line of the register is whole, but perhaps the last, and the numbers go on without a
/// gap in the order of the roster.
fn check_lines(folder: &Folder) {
    let register = std::fs::read_to_string(folder.file("register.jsonl")).unwrap_or_default();
    let whole = register.rfind('\n').map_or("", |end| &register[..=end]);
    for (number, line) in whole.lines().enumerate().skip(1) {
        let line: Value = serde_json::from_str(line).unwrap();
        assert_eq!(line["id"], format!("V2020{number:04}"));
        assert_eq!(line["name"], format!("P{number}"));
    }
}

#[test]
fn a_few_kills_lose_nothing() {
    crash(8);
}

#[test]
#[ignore = "needs some minutes"]
fn two_hundred_kills_lose_nothing() {
    crash(200);
}
