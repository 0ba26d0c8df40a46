//! Whether files are certificates that were issued, stand, and are unaltered: one by one, by
//! the register and by a manifest.

use std::path::Path;

use image::{ImageFormat, Rgb};
use serde_json::Value;

use crate::harness::Folder;

const V1: &str = "certificate/2020/volunteer/V20200001";
const V2: &str = "certificate/2020/volunteer/V20200002";
const V3: &str = "certificate/2020/volunteer/V20200003";

pub fn issued() -> Folder {
    let folder = Folder::issuer();
    folder.write(
        "roster.csv",
        "name,category\n沈旭,volunteer\nAnn Lee,volunteer\n马宏菊,volunteer\n",
    );
    folder.done("issue roster.csv --year 2020 --date 2021-02-01");
    folder
}

/// What `verify` says of each file, with its exit code: 0 or 3.
pub fn verdicts(folder: &Folder, arguments: &str) -> Vec<(String, String)> {
    let ran = folder.run(&format!("verify {arguments} --json"));
    let report: Value = serde_json::from_str(&ran.stdout)
        .unwrap_or_else(|error| panic!("{arguments}: {error}\n{}{}", ran.stdout, ran.stderr));
    let all = report.as_array().unwrap();
    let good = all.iter().all(|looked| looked["good"] == true);
    assert_eq!(ran.code, Some(if good { 0 } else { 3 }), "{arguments}: {}", ran.stdout);
    let files = all.iter().flat_map(|looked| looked["files"].as_array().unwrap());
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    files.map(|file| (text(&file["file"]), text(&file["verdict"]))).collect()
}

fn verdict(folder: &Folder, file: &str) -> String {
    let all = verdicts(folder, file);
    assert_eq!(all.len(), 1);
    all[0].1.clone()
}

fn copy(folder: &Folder, from: &str, to: &str) {
    std::fs::copy(folder.file(from), folder.file(to)).unwrap();
}

/// Writes a PNG anew, as programs do that compress it again: without what it says of itself.
pub fn compress_again(from: &Path, to: &Path, change: impl FnOnce(&mut image::RgbImage)) {
    let mut picture = image::open(from).unwrap().into_rgb8();
    change(&mut picture);
    picture.save_with_format(to, ImageFormat::Png).unwrap();
}

/// A PNG that says of itself what another one says (ISO/IEC 15948, 5.3: chunks).
pub fn saying(picture: &[u8], other: &[u8]) -> Vec<u8> {
    /// The signature, and the chunk that comes first.
    const HEADER: usize = 8 + 12 + 13;
    let (mut at, mut texts) = (HEADER, Vec::new());
    while at < other.len() {
        let length = u32::from_be_bytes(other[at..at + 4].try_into().unwrap()) as usize;
        let chunk = &other[at..at + 12 + length];
        if &chunk[4..8] == b"iTXt" {
            texts.extend_from_slice(chunk);
        }
        at += chunk.len();
    }
    assert!(!texts.is_empty());
    [&picture[..HEADER], &texts, &picture[HEADER..]].concat()
}

#[test]
fn a_certificate_is_known_whatever_it_is_called_and_however_it_is_compressed() {
    let folder = issued();
    let ran = folder.done(&format!("verify {V1}.png"));
    assert!(ran.stdout.ends_with("V20200001, 沈旭: current and unaltered\n"), "{}", ran.stdout);
    copy(&folder, &format!("{V1}.pdf"), "downloaded");
    assert_eq!(verdict(&folder, "downloaded"), "current");
    compress_again(&folder.file(&format!("{V1}.png")), &folder.file("again.png"), |_| {});
    assert_ne!(
        std::fs::read(folder.file("again.png")).unwrap(),
        std::fs::read(folder.file(&format!("{V1}.png"))).unwrap()
    );
    assert_eq!(verdict(&folder, "again.png"), "current");
}

#[test]
fn a_file_is_called_what_the_user_calls_it() {
    let folder = issued();
    copy(&folder, "register.jsonl", "certificate/register.jsonl");
    for (place, file) in [(".", format!("./{V1}.png")), ("certificate", format!("../{V1}.png"))] {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_accolade"));
        let ran = command.current_dir(folder.file(place)).args(["verify", &file]).output();
        let said = String::from_utf8(ran.unwrap().stdout).unwrap();
        assert!(said.starts_with(&format!("{file}: V20200001")), "{said}");
    }
}

#[test]
fn what_was_altered_is_seen_to_one_pixel_and_one_byte() {
    let folder = issued();
    let (png, pdf) = (folder.file(&format!("{V1}.png")), format!("{V1}.pdf"));
    compress_again(&png, &folder.file("pixel.png"), |picture| {
        let Rgb([red, ..]) = picture.get_pixel_mut(700, 500);
        *red ^= 1;
    });
    assert_eq!(verdict(&folder, "pixel.png"), "unknown");
    let mut bytes = std::fs::read(folder.file(&pdf)).unwrap();
    bytes.push(b'\n');
    folder.write("longer.pdf", &bytes);
    let ran = folder.run("verify longer.pdf");
    assert_eq!(ran.code, Some(3));
    assert!(ran.stdout.contains("V20200001, 沈旭: not to be believed"), "{}", ran.stdout);
    let bytes = std::fs::read(&png).unwrap();
    for (picture, says, word) in [
        ("pixel.png", V1, "altered"),
        (&format!("{V1}.png"), V2, "altered"),
        ("pixel.png", V2, "altered"),
    ] {
        let picture = std::fs::read(folder.file(picture)).unwrap();
        let says = std::fs::read(folder.file(&format!("{says}.png"))).unwrap();
        folder.write("says.png", saying(&picture, &says));
        assert_eq!(verdict(&folder, "says.png"), word);
    }
    for (name, bytes) in [
        ("text.txt", &b"V20200001"[..]),
        ("empty", b""),
        ("half.png", &bytes[..bytes.len() / 2]),
        ("half.pdf", &std::fs::read(folder.file(&pdf)).unwrap()[..4000]),
    ] {
        folder.write(name, bytes);
        assert!(["unknown", "altered"].contains(&verdict(&folder, name).as_str()), "{name}");
    }
}

#[test]
fn what_no_longer_stands_is_known_and_told_of() {
    let folder = issued();
    for (file, to) in [(V1, "revoked"), (V2, "superseded"), (V3, "forgotten")] {
        for ending in ["png", "pdf"] {
            copy(&folder, &format!("{file}.{ending}"), &format!("{to}.{ending}"));
        }
    }
    folder.done("revoke V20200001 --reason withdrawn");
    folder.done("reissue V20200002 --name Anne --reason misspelt");
    folder.done("forget V20200003 --yes");
    for word in ["revoked", "superseded", "forgotten"] {
        for ending in ["png", "pdf"] {
            assert_eq!(verdict(&folder, &format!("{word}.{ending}")), word, "{ending}");
        }
    }
    let ran = folder.run("verify revoked.png superseded.pdf forgotten.pdf");
    for words in ["revoked: withdrawn", "it was drawn again since", "its person was forgotten"] {
        assert!(ran.stdout.contains(words), "{}", ran.stdout);
    }
    assert!(!ran.stdout.contains("马宏菊"), "{}", ran.stdout);
    assert_eq!(verdict(&folder, &format!("{V2}.png")), "current");
}

#[test]
fn a_signed_manifest_stands_in_for_the_register() {
    let folder = issued();
    folder.done("key new --no-passphrase --force --out key");
    folder.write("signers", folder.done("key show --key key").stdout);
    folder.done("key new --no-passphrase --force --out other");
    folder.write("others", folder.done("key show --key other").stdout);
    folder.done("revoke V20200002 --reason withdrawn");
    folder.done("export 2020 --to set --key key");
    folder.done("export 2020 --to set.zip --key key");
    copy(&folder, &format!("{V1}.png"), "one.png");
    std::fs::rename(folder.file("register.jsonl"), folder.file("elsewhere")).unwrap();

    for file in ["set", "set.zip", "set/manifest.json"] {
        let ran = folder.done(&format!("verify {file} --signers signers"));
        assert!(ran.stdout.ends_with("; signed by https://example.org\n"), "{}", ran.stdout);
        let ran = folder.run(&format!("verify {file} --signers others"));
        assert_eq!(ran.code, Some(3));
        assert!(ran.stdout.contains("of nobody who may sign"), "{}", ran.stdout);
    }
    folder.done("verify one.png set --manifest set/manifest.json --signers signers");
    for (arguments, words) in [
        ("one.png", "-C DIR"),
        ("one.png --manifest set/manifest.json --signers others", "nobody who may sign"),
        ("one.png --manifest one.png", "no manifest of accolade"),
        ("one.png --manifest set/manifest.json --signers one.png", "UTF-8"),
        ("one.png --signers roster.csv", "allowed signers, line 1"),
        ("one.png --manifest set", "say --manifest"),
        ("one.png --manifest set.zip", "take manifest.json and manifest.json.sig out of it"),
        ("one.png --manifest elsewhere", "is a register"),
    ] {
        let ran = folder.run(&format!("verify {arguments}"));
        assert_eq!(ran.code, Some(1), "{arguments}: {}", ran.stdout);
        assert!(ran.stderr.contains(words), "{arguments}: {}", ran.stderr);
    }
    let ran = folder.run("verify one.png --signers signers");
    assert!(ran.code == Some(1) && ran.stdout.contains("--manifest FILE"), "{}", ran.stdout);
    let manifest = folder.read("set/manifest.json");
    folder.write("set/manifest.json", manifest.replace("沈旭", "沈日"));
    let ran = folder.run("verify set --signers signers");
    assert_eq!(ran.code, Some(3));
    assert!(ran.stdout.contains("altered"), "{}", ran.stdout);
    std::fs::remove_file(folder.file("set/manifest.json.sig")).unwrap();
    for file in ["set", "set/manifest.json"] {
        let ran = folder.run(&format!("verify {file} --signers signers"));
        assert!(ran.code == Some(3) && ran.stdout.contains("not signed"), "{}", ran.stdout);
    }
}

#[test]
fn what_cannot_be_read_is_said_in_its_place_and_the_rest_is_judged() {
    let folder = issued();
    folder.write("text.txt", "no certificate");
    std::fs::create_dir(folder.file("empty")).unwrap();
    let mut arguments = format!("none.png {V1}.png text.txt {V2}.pdf");
    if cfg!(unix) {
        let pipe = std::process::Command::new("mkfifo").arg(folder.file("pipe")).status();
        assert!(pipe.unwrap().success());
        arguments.push_str(" pipe");
    }
    let ran = folder.run(&format!("verify {arguments}"));
    assert_eq!(ran.code, Some(3), "{}", ran.stderr);
    let lines: Vec<&str> = ran.stdout.lines().collect();
    for (at, words) in [
        (0, "none.png: cannot be judged: it cannot be read"),
        (1, "V20200001, 沈旭: current"),
        (2, "text.txt: not known here"),
        (3, "V20200002, Ann Lee: current"),
    ] {
        assert!(lines[at].contains(words), "{}", lines[at]);
    }
    if cfg!(unix) {
        assert!(lines[4].contains("pipe: cannot be judged: it cannot be read: it is no file"));
    }
    // Where nothing that was read is bad, it is no answer.
    let ran = folder.run(&format!("verify none.png {V1}.png --json"));
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert!(report[0]["unreadable"].as_str().unwrap().contains("cannot be read"), "{report}");
    assert_eq!(report[0]["good"], false);
    assert_eq!(report[1]["good"], true);
}

#[test]
fn a_person_who_was_moved_has_another_certificate_now() {
    let folder = issued();
    copy(&folder, &format!("{V1}.png"), "old.png");
    folder.done("move V20200001 lecturer --reason both");
    let ran = folder.run("verify old.png");
    assert!(ran.stdout.ends_with("V20200001, 沈旭: moved to 沈旭: both\n"), "{}", ran.stdout);
    assert_eq!(verdict(&folder, "certificate/2020/lecturer/沈旭.png"), "current");
    // Of a number whose person was forgotten since, no word is known.
    folder.done("forget V20200001 --yes");
    assert_ne!(verdict(&folder, "old.png"), "altered");
}

#[test]
fn an_encrypted_page_is_said_to_be_encrypted() {
    let folder = issued();
    let mut page = std::fs::read(folder.file(&format!("{V1}.pdf"))).unwrap();
    let from = page.windows(9).position(|part| part == b"<?xpacket").unwrap();
    page[from..from + 40].fill(b'x');
    page.extend(b"\ntrailer <</Encrypt 9 0 R>>\n");
    folder.write("locked.pdf", page);
    let ran = folder.run("verify locked.pdf");
    assert!(ran.code == Some(3) && ran.stdout.contains("it is encrypted"), "{}", ran.stdout);
    let ran = folder.run("show locked.pdf");
    assert!(ran.code == Some(1) && ran.stderr.contains("qpdf --decrypt"), "{}", ran.stderr);
}
