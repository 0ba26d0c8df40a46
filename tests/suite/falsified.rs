//! Files that hands have changed where the digest of their pixels does not see it: every command
//! that trusts a file finds them, and what can be drawn anew is.

use serde_json::Value;

use crate::harness::Folder;
use crate::verify::{compress_again, issued, saying};

const V1: &str = "certificate/2020/volunteer/V20200001.png";
const V2: &str = "certificate/2020/volunteer/V20200002.png";

/// A PNG with one more chunk behind the one that comes first (ISO/IEC 15948, 5.3).
fn with_chunk(picture: &[u8], kind: [u8; 4], data: &[u8]) -> Vec<u8> {
    let (first, rest) = picture.split_at(8 + 12 + 13);
    let body = [&kind, data].concat();
    let length = (data.len() as u32).to_be_bytes();
    let sum = crc32fast::hash(&body).to_be_bytes();
    [first, &length, &body, &sum, rest].concat()
}

/// A file with one text in place of another of the same length.
pub fn replaced(file: &[u8], from: &str, to: &str) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let mut file = file.to_owned();
    let places: Vec<usize> =
        (0..file.len()).filter(|at| file[*at..].starts_with(from.as_bytes())).collect();
    assert!(!places.is_empty(), "{from}");
    for at in places {
        file[at..at + to.len()].copy_from_slice(to.as_bytes());
    }
    file
}

/// What `check` finds: kind, place, message and remedy.
fn findings(folder: &Folder) -> Vec<[String; 4]> {
    let report: Value = serde_json::from_str(&folder.run("check --json").stdout).unwrap();
    let text = |row: &Value, key: &str| row[key].as_str().unwrap().to_owned();
    let rows = report["findings"].as_array().unwrap().iter();
    let row = |row| ["kind", "place", "message", "remedy"].map(|key| text(row, key));
    rows.map(row).collect()
}

/// Whatever hands have made of the first picture is found, is handed out as it was issued, and
/// comes back.
fn expect_changed(folder: &Folder, picture: &[u8], words: &str) {
    let issued = std::fs::read(folder.file(V1)).unwrap();
    folder.write(V1, picture);
    let [[kind, place, message, remedy]] = findings(folder).try_into().unwrap();
    assert_eq!((kind.as_str(), place.as_str()), ("damaged", V1));
    assert!(message.contains(words), "{message}");
    assert_eq!(remedy, "accolade restore V20200001");
    let ran = folder.run(&format!("verify {V1}"));
    assert!(ran.code == Some(3) && ran.stdout.contains(words), "{}", ran.stdout);
    folder.done("export 2020 --to set");
    assert!(std::fs::read(folder.file("set/volunteer/V20200001.png")).unwrap() == issued);
    folder.done("restore V20200001");
    assert!(std::fs::read(folder.file(V1)).unwrap() == issued);
    assert!(findings(folder).is_empty());
}

#[test]
fn a_picture_that_shows_something_else_than_its_pixels_is_drawn_anew() {
    let folder = issued();
    let picture = std::fs::read(folder.file(V1)).unwrap();
    let turned = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x03\0\0\0\0\0\0";
    let turned_packet = "XML:com.adobe.xmp\0\0\0\0\0<x xmlns:t='http://ns.adobe.com/tiff/1.0/' \
                         t:Orientation='3'/>";
    for (kind, data) in [
        (*b"tRNS", &[0, 255, 0, 255, 0, 255][..]),
        (*b"acTL", &[0, 0, 0, 1, 0, 0, 0, 0]),
        (*b"gAMA", &100_000_u32.to_be_bytes()),
        (*b"eXIf", turned),
        (*b"pHYs", &[0, 0, 0, 1, 0, 0, 0, 8, 0]),
        (*b"prVw", &[0; 5000]),
        (*b"iTXt", turned_packet.as_bytes()),
    ] {
        let words = "it shows something else than its pixels";
        expect_changed(&folder, &with_chunk(&picture, kind, data), words);
    }
    // What stands behind the end no program shows, and what is said of sRGB changes nothing.
    let behind =
        [&with_chunk(&picture, *b"gAMA", &45_455_u32.to_be_bytes()), &b"more"[..]].concat();
    folder.write(V1, behind);
    assert!(findings(&folder).is_empty());
    folder.done(&format!("verify {V1}"));
}

#[test]
fn a_picture_that_opens_as_a_page_or_an_archive_too_is_drawn_anew() {
    let folder = issued();
    let picture = std::fs::read(folder.file(V1)).unwrap();
    let page = std::fs::read(folder.file(V2.replace(".png", ".pdf").as_str())).unwrap();
    let words = "it is a file of another kind as well";
    expect_changed(&folder, &with_chunk(&picture, *b"prVt", &page), words);
    expect_changed(&folder, &[&picture[..], &page].concat(), words);
    folder.done("export 2020 --to set.zip --format pdf");
    let archive = std::fs::read(folder.file("set.zip")).unwrap();
    std::fs::remove_file(folder.file("set.zip")).unwrap();
    let set = |picture: &[u8]| {
        expect_changed(&folder, picture, words);
        std::fs::remove_dir_all(folder.file("set")).unwrap();
    };
    std::fs::remove_dir_all(folder.file("set")).unwrap();
    set(&[&picture[..], &archive].concat());
    set(&with_chunk(&picture, *b"tEXt", &[&b"Comment\0"[..], &archive].concat()));
}

/// The text of a picture in another kind of chunk, or another text.
fn text(kind: [u8; 4], keyword: &str, text: &[u8]) -> Vec<u8> {
    let between: &[u8] = if &kind == b"iTXt" { &[0; 5] } else { &[0] };
    let mut packed = text.to_vec();
    if &kind == b"zTXt" {
        let mut zlib = flate2::write::ZlibEncoder::new(vec![0], flate2::Compression::fast());
        std::io::Write::write_all(&mut zlib, text).unwrap();
        packed = zlib.finish().unwrap();
    }
    [keyword.as_bytes(), between, &packed].concat()
}

#[test]
fn a_false_word_is_found_wherever_it_stands_in_a_picture() {
    let folder = issued();
    let picture = std::fs::read(folder.file(V1)).unwrap();
    let at = picture.windows(15).position(|part| part == b"<?xpacket begin").unwrap();
    let end = picture.windows(13).position(|part| part == b"<?xpacket end").unwrap();
    let ours = String::from_utf8(picture[at..end + 19].to_vec()).unwrap();
    let eve = ours.replace("沈旭", "Eve");
    let wide: Vec<u8> = eve.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let padded = [eve.as_bytes(), &b" ".repeat(128 << 10)].concat();
    let digits: Vec<String> = eve.bytes().map(|byte| format!("{byte:02x}")).collect();
    let raw = format!("\nxmp\n    {}\n{}\n", eve.len(), digits.concat());
    let second =
        ours.replace("</accolade:name>", "</accolade:name><accolade:name>Eve</accolade:name>");
    let tongues = ours.replace(
        "</rdf:Alt></dc:title>",
        "<rdf:li xml:lang='en'>Eve</rdf:li></rdf:Alt></dc:title>",
    );
    let bare = "<x xmlns:d='http://purl.org/dc/elements/1.1/' d:identifier='V20200009'/>";
    let (packet, unread) = ("XML:com.adobe.xmp", "it says more of itself than can be read");
    for (kind, keyword, content, words) in [
        (*b"iTXt", packet, second.as_bytes(), "it says the name "),
        (*b"iTXt", packet, tongues.as_bytes(), "it says the title "),
        (*b"iTXt", packet, bare.as_bytes(), "it says the number "),
        (*b"iTXt", packet, &padded, unread),
        (*b"iTXt", packet, &wide, unread),
        (*b"iTXt", packet, &eve.as_bytes()[..900], unread),
        (*b"iTXt", packet, ours.replace(">2020<", ">MMXIX<").as_bytes(), unread),
        (*b"zTXt", packet, eve.as_bytes(), "it says the name "),
        (*b"zTXt", packet, &padded, unread),
        (*b"tEXt", packet, eve.as_bytes(), "it says the name "),
        (*b"zTXt", "Raw profile type xmp", raw.as_bytes(), "it says the name "),
        (*b"iTXt", "Title", "优秀志愿者 · Eve · V20200001".as_bytes(), "it says the title "),
        (*b"tEXt", "Title", b"Eve", "it says the title "),
        (*b"zTXt", "author", b"another", "it says the issuer "),
    ] {
        let changed = with_chunk(&picture, kind, &text(kind, keyword, content));
        folder.write(V1, changed);
        let ran = folder.run(&format!("verify {V1}"));
        assert!(ran.code == Some(3) && ran.stdout.contains(words), "{keyword}: {}", ran.stdout);
        let ran = folder.run(&format!("show {V1}"));
        let told = format!("{}{}", ran.stdout, ran.stderr).contains("more of itself");
        assert_eq!(told, words == unread, "{keyword}: {}", ran.stdout);
    }
    // The last of very many counts as the first does.
    let packet = |said: &str| text(*b"iTXt", packet, said.as_bytes());
    let mut many = with_chunk(&picture, *b"iTXt", &packet(&eve));
    for _ in 0..64 {
        many = with_chunk(&many, *b"iTXt", &packet(&ours));
    }
    folder.write(V1, &picture);
    expect_changed(&folder, &many, unread);
    // What is so may be said however often, and others may have their say.
    let mut fine = picture;
    for (kind, keyword, content) in [
        (*b"zTXt", "XML:com.adobe.xmp", ours.as_bytes()),
        (*b"tEXt", "Author", "云原生社区".as_bytes()),
        (*b"tEXt", "Comment", b"hello"),
        (
            *b"iTXt",
            "XML:com.adobe.xmp",
            b"<x xmlns:t='http://ns.adobe.com/tiff/1.0/' t:Orientation='1'/>",
        ),
    ] {
        fine = with_chunk(&fine, kind, &text(kind, keyword, content));
    }
    folder.write(V1, fine);
    folder.done(&format!("verify {V1}"));
    assert!(findings(&folder).is_empty());
}

#[test]
fn a_picture_that_says_what_is_not_so_is_drawn_anew() {
    let folder = issued();
    let [one, two] = [V1, V2].map(|file| std::fs::read(folder.file(file)).unwrap());
    let mut stripped = Vec::new();
    compress_again(&folder.file(V1), &folder.file("again.png"), |_| {});
    stripped.extend(std::fs::read(folder.file("again.png")).unwrap());
    let other = "it says the number \"V20200002\", and it is \"V20200001\"";
    expect_changed(&folder, &saying(&stripped, &two), other);
    for (from, to, field) in [
        ("沈旭", "沈日", "name"),
        ("优秀志愿者", "优秀讲师者", "award"),
        ("云原生社区", "云原生社团", "issuer"),
        ("https://example.org", "https://examp1e.org", "url"),
        ("2021-02-01T", "2021-02-02T", "date"),
        ("zh-CN", "zh-TW", "language"),
        (">volunteer<", ">organizer<", "category"),
        (" · V20200001<", " · V20200009<", "title"),
        // What other programs read of it.
        ("<dc:source>https://example.org", "<dc:source>https://examp1e.org", "url"),
        ("<dc:identifier>V20200001", "<dc:identifier>V20200009", "number"),
    ] {
        expect_changed(&folder, &replaced(&one, from, to), &format!("it says the {field} "));
    }
    // Nor may it keep its number to itself.
    let mut silent = replaced(&one, "accolade:number>", "accolade:numb3r>");
    silent = replaced(&silent, "dc:identifier>", "dc:identifi3r>");
    expect_changed(&folder, &replaced(&silent, "沈旭", "沈日"), "it says the name ");
    // Nor say one thing first, and another to whoever reads on.
    expect_changed(&folder, &saying(&saying(&stripped, &two), &one), "it says the number ");
    // One that says nothing of itself is as good.
    folder.write(V1, stripped);
    assert!(findings(&folder).is_empty());
}

#[test]
fn a_line_that_hands_have_changed_draws_nothing_and_is_not_handed_out() {
    for formats in ["png", "pdf", "png,pdf"] {
        let folder = Folder::issuer().with("roster.csv", "name,category\n沈旭,volunteer\n");
        folder.done(&format!("issue roster.csv --year 2020 --date 2021-02-01 --format {formats}"));
        let register = folder.read("register.jsonl");
        folder.write("register.jsonl", register.replace("\"name\":\"沈旭\"", "\"name\":\"Eve\""));
        let before = folder.files();
        let found = findings(&folder);
        assert_eq!(found.len(), formats.split(',').count());
        assert!(found.iter().all(|[kind, ..]| kind == "contradicted"), "{found:?}");
        folder.done("restore");
        assert_eq!(folder.files(), before);
        for target in ["set", "set.zip", "set.pdf"] {
            let ran = folder.run(&format!("export 2020 --to {target}"));
            assert_eq!(ran.code, Some(1), "{formats} to {target}");
            for words in ["it says the name \"沈旭\"", "git log -p register.jsonl"] {
                assert!(ran.stderr.contains(words), "{}", ran.stderr);
            }
            assert!(!folder.file(target).exists());
        }
    }
}

/// What a page shows and a file does not say of itself.
#[test]
fn a_booklet_shows_what_was_issued_and_nothing_else() {
    for formats in ["png", "pdf"] {
        let folder = Folder::issuer().with("roster.csv", "name,category\n沈旭,volunteer\n");
        folder.done(&format!("issue roster.csv --year 2020 --date 2021-02-01 --format {formats}"));
        folder.done("export 2020 --to whole.pdf");
        let register = folder.read("register.jsonl");
        folder.write("register.jsonl", register.replace("感谢您", "感谢你"));
        let ran = folder.run("export 2020 --to set.pdf");
        assert_eq!(ran.code, Some(1), "{formats}");
        assert!(ran.stderr.contains("somebody has changed its line"), "{}", ran.stderr);
        assert!(!folder.file("set.pdf").exists());
    }
}

/// To issue it again would make what somebody has forged the truth.
#[test]
fn where_no_file_is_left_to_contradict_it_a_changed_line_is_the_first_to_be_looked_at() {
    let folder = issued();
    let register = folder.read("register.jsonl");
    folder.write("register.jsonl", register.replace("\"name\":\"沈旭\"", "\"name\":\"Eve\""));
    std::fs::remove_dir_all(folder.file("certificate")).unwrap();
    for command in ["restore", "export 2020 --to set", "export 2020 --to set.pdf"] {
        let ran = folder.run(command);
        assert_eq!(ran.code, Some(1), "{command}");
        assert!(ran.stderr.contains("somebody has changed its line"), "{}", ran.stderr);
        let (_, hint) = ran.stderr.split_once("hint: ").unwrap();
        assert!(hint.starts_with("`git log -p register.jsonl`"), "{hint}");
        assert!(hint.contains("only if none was"), "{hint}");
    }
}

/// A PNG alone cannot tell whether it was changed or the line was.
#[test]
fn where_no_page_tells_which_of_two_is_true_both_remedies_are_named() {
    let folder = Folder::issuer().with("roster.csv", "name,category\n沈旭,volunteer\n");
    folder.done("issue roster.csv --year 2020 --date 2021-02-01 --format png");
    let picture = std::fs::read(folder.file(V1)).unwrap();
    folder.write(V1, replaced(&picture, "沈旭", "沈日"));
    let [[kind, .., remedy]] = findings(&folder).try_into().unwrap();
    assert_eq!(kind, "contradicted");
    assert!(remedy.ends_with("if none was, delete the file, then accolade restore V20200001"));
    folder.done("export 2020 --to set");
    assert!(std::fs::read(folder.file("set/volunteer/V20200001.png")).unwrap() == picture);
    std::fs::remove_file(folder.file(V1)).unwrap();
    folder.done("restore V20200001");
    assert!(std::fs::read(folder.file(V1)).unwrap() == picture);
}

#[test]
fn whatever_was_issued_says_what_the_register_says() {
    let folder = Folder::issuer().with(
        "roster.csv",
        "name,category,city\n<A & \"B\">,volunteer,\nO\u{2019}Néill  Ó,volunteer,Rome\n沈旭,volunteer,\n\
         张慧,lecturer,\n马宏菊,volunteer,\n",
    );
    folder.done("issue roster.csv --year 2020 --date 2021-02-01");
    let config = folder.read("accolade.toml").replace("example.org", "example.com");
    folder.write("accolade.toml", config.replace("云原生社区", "社区"));
    folder.done("reissue V20200001 --name Ann");
    folder.done("move V20200003 lecturer --reason both");
    folder.done("forget V20200004 --yes");
    assert!(findings(&folder).is_empty());
    folder.done("verify certificate");
}

#[test]
fn the_same_register_gives_the_same_export_whatever_became_of_its_pictures() {
    let folder = issued();
    folder.done("export 2020 --to one.zip");
    compress_again(&folder.file(V1), &folder.file(V1), |_| {});
    std::fs::remove_file(folder.file(V2)).unwrap();
    folder.done("export 2020 --to two.zip");
    let bytes = |file: &str| std::fs::read(folder.file(file)).unwrap();
    assert!(bytes("one.zip") == bytes("two.zip"));
    // Where the template is another now, the file that is there is handed out.
    folder.done("restore");
    for (file, content) in crate::harness::template("classic") {
        folder.write(&format!("templates/classic/{file}"), content + "\n");
    }
    let again = bytes(V1);
    for broken in ["", "no template"] {
        if !broken.is_empty() {
            folder.write("templates/classic/template.toml", broken);
        }
        folder.done("export 2020 --to set");
        assert!(bytes("set/volunteer/V20200001.png") == again);
    }
    std::fs::remove_file(folder.file(V1)).unwrap();
    let ran = folder.run("export 2020 --to set");
    assert!(ran.code == Some(1) && ran.stderr.contains("classic"), "{}", ran.stderr);
}
