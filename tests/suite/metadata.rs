//! What files say of themselves, and what becomes of it on their way through other programs.

use std::io::Cursor;

use serde_json::Value;

use crate::harness::Folder;

fn issued() -> Folder {
    let folder = Folder::issuer();
    folder.write("roster.csv", "name,category\n沈旭,volunteer\n<A & B>,volunteer\n张慧,lecturer\n");
    folder.done("issue roster.csv --year 2020 --date 2021-02-01");
    folder
}

const PNG: &str = "certificate/2020/volunteer/V20200001.png";
const PDF: &str = "certificate/2020/volunteer/V20200001.pdf";

#[test]
fn a_file_found_years_later_explains_itself() {
    let folder = issued();
    let elsewhere = Folder::empty();
    for (file, name, id) in [
        (PNG, "沈旭", "V20200001"),
        (PDF, "沈旭", "V20200001"),
        ("certificate/2020/volunteer/V20200002.png", "<A & B>", "V20200002"),
        ("certificate/2020/lecturer/张慧.pdf", "张慧", "张慧"),
    ] {
        let bytes = std::fs::read(folder.file(file)).unwrap();
        let ending = file.rsplit('.').next().unwrap();
        elsewhere.write(&format!("found.{ending}"), bytes);
        let shown = elsewhere.done(&format!("show found.{ending}"));
        for said in ["says of itself", name, id, "2021-02-01", "云原生社区", "https://example.org"]
        {
            assert!(shown.stdout.contains(said), "no {said} in {}", shown.stdout);
        }
        assert!(shown.stderr.contains("no register here"), "{}", shown.stderr);
        let shown = folder.json(&format!("show {file}"));
        assert_eq!(shown["says"]["name"], name);
        assert_eq!(shown["says"]["year"], 2020);
        assert_eq!(shown["register"]["says"]["status"], "current");
        assert_eq!(shown["register"]["says"]["certificate"]["id"], id);
    }
    // What is no path is an ID, as ever.
    assert!(folder.done("show V20200001").stdout.contains("template"));
}

#[test]
fn the_register_has_the_last_word() {
    let folder = issued();
    let old = std::fs::read(folder.file(PNG)).unwrap();
    folder.write("old.png", &old);
    folder.done("reissue V20200001 --name 崔皓 --reason typo");
    let shown = folder.done("show old.png").stdout;
    assert!(shown.contains("崔皓 (the file says 沈旭)"), "{shown}");
    folder.done("revoke V20200001 --reason twice");
    let shown = folder.done("show old.png").stdout;
    assert!(shown.contains("revoked: twice"), "{shown}");

    let lecturer = std::fs::read(folder.file("certificate/2020/lecturer/张慧.png")).unwrap();
    folder.write("before.png", lecturer);
    folder.done("reissue 张慧 --name 张惠 --reason typo");
    let shown = folder.done("show before.png").stdout;
    assert!(shown.contains("张惠 (the file says 张慧)"), "{shown}");

    let other = Folder::issuer();
    other.write("old.png", old);
    let shown = other.done("show old.png").stdout;
    assert!(shown.contains("says nothing of V20200001"), "{shown}");
    assert_eq!(other.json("show old.png")["register"]["says"], Value::Null);
}

#[test]
fn a_picture_written_anew_keeps_its_words_or_loses_them() {
    let folder = issued();
    let bytes = std::fs::read(folder.file(PNG)).unwrap();
    let mut reader = png::Decoder::new(Cursor::new(&bytes)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut pixels).unwrap();
    let info = reader.info();

    let mut again = Vec::new();
    let mut encoder = png::Encoder::new(&mut again, info.width, info.height);
    encoder.set_color(info.color_type);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&pixels).unwrap();
    for text in &info.utf8_text {
        let mut text = text.clone();
        text.compress_text().unwrap();
        writer.write_text_chunk(&text).unwrap();
    }
    writer.finish().unwrap();
    folder.write("kept.png", again);
    assert_eq!(folder.json("show kept.png")["says"]["name"], "沈旭");

    let picture = image::load_from_memory(&bytes).unwrap();
    picture.save(folder.file("lost.png")).unwrap();
    let ran = folder.run("show lost.png");
    assert_eq!(ran.code, Some(1));
    assert!(ran.stderr.contains("says nothing of itself"), "{}", ran.stderr);
}

#[test]
fn what_is_no_certificate_is_called_so() {
    let folder = issued();
    let png = std::fs::read(folder.file(PNG)).unwrap();
    let pdf = std::fs::read(folder.file(PDF)).unwrap();
    let flood = [&b"%PDF-1.7\n"[..], &b"<?xpacket begin<?xpacket end".repeat(500_000)].concat();
    let deep = format!("%PDF-1.7\n<?xpacket begin{}<?xpacket end", "<a>".repeat(40_000));
    let names = "xmlns:a='urn:accolade:certificate:1' ".repeat(3_000);
    let names = format!("%PDF-1.7\n<?xpacket begin?><a {names}><?xpacket end");
    for (file, content, message) in [
        ("text.png", &b"no picture"[..], "neither a PNG nor a PDF"),
        ("empty.pdf", b"", "neither a PNG nor a PDF"),
        ("short.png", &png[..60], "says nothing"),
        ("short.pdf", &pdf[..400], "says nothing"),
        ("flood.pdf", &flood, "says nothing"),
        ("deep.pdf", deep.as_bytes(), "says nothing"),
        ("names.pdf", names.as_bytes(), "says nothing"),
    ] {
        folder.write(file, content);
        let ran = folder.run(&format!("show {file}"));
        assert_eq!(ran.code, Some(1), "{file}");
        assert!(ran.stderr.contains(message), "{file}: {}", ran.stderr);
        assert!(!ran.stderr.contains("panicked"), "{file}: {}", ran.stderr);
    }
    let ran = folder.run("show nowhere.png");
    assert!(ran.stderr.contains("cannot read") && ran.stderr.contains("nowhere.png"));
    std::fs::create_dir(folder.file("folder.pdf")).unwrap();
    assert_eq!(folder.run("show folder.pdf").code, Some(1));
    if cfg!(unix) {
        let ran = folder.run("show /dev/zero");
        assert!(ran.code == Some(1) && ran.stderr.contains("it is no file"), "{}", ran.stderr);
    }
}

#[test]
fn words_that_command_a_terminal_are_not_obeyed() {
    let folder = issued();
    let mut png = std::fs::read(folder.file(PNG)).unwrap();
    let packet = png.windows(14).position(|part| part == b"accolade:name>").unwrap();
    // Within the packet; the sums over chunks are not looked at.
    png[packet + 14..packet + 20].copy_from_slice(b"\x1b[31m!");
    folder.write("red.png", &png);
    let shown = folder.done("show red.png").stdout;
    assert!(shown.contains("\u{fffd}[31m!"), "{shown}");
    // Nor do they turn what stands around them, or begin a line of their own.
    png[packet + 14..packet + 20].copy_from_slice("\u{202e}ab\n".as_bytes());
    folder.write("turned.png", &png);
    for command in ["show", "verify"] {
        let said = folder.run(&format!("{command} turned.png")).stdout;
        assert!(!said.contains('\u{202e}'), "{said}");
        assert!(said.contains("ab"), "{said}");
    }
}
