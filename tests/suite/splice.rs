//! Every PNG that is spliced from ready parts has the very pixels of one that is drawn in one go.

use std::io::{Cursor, Write};
use std::path::Path;
use std::process::Command;

use accolade::certificate::{Certificate, Format};
use accolade::disk::hex_digest;
use accolade::fonts::Fonts;
use accolade::render::{Press, pixels::Frame, png};

use flate2::Compression;
use flate2::write::ZlibEncoder;
use sha2::{Digest, Sha256};

use crate::harness::{Folder, Ran};

const NAMES: [&str; 8] = [
    "沈旭",
    "欧阳小明",
    "Żółć José Nguyễn",
    "محمد علي",
    "कृष्ण",
    "ปัญญา",
    "I",
    "Ann O’Neil-Smith the Younger",
];

/// A certificate of somebody; every third is of another category, with another
/// citation, and every other is spoken to by name in it.
fn certificate(number: usize, name: &str) -> Certificate {
    let to = if number.is_multiple_of(2) { format!("{name}：") } else { String::new() };
    let title = if number.is_multiple_of(3) { "优秀讲师" } else { "优秀志愿者" };
    serde_json::from_value(serde_json::json!({
        "id": format!("V2020{number:04}"),
        "category": "volunteer",
        "year": 2020,
        "name": name,
        "date": "2021-02-01",
        "title": title,
        "citation": format!("{to}感谢您在2020年对云原生社区做出的贡献，{title}"),
        "issuer": "云原生社区",
        "signatory": "宋净超",
        "language": "zh-CN",
        "url": format!("https://example.org/certificate/2020/V2020{number:04}"),
        "path": format!("certificate/2020/volunteer/V2020{number:04}"),
    }))
    .unwrap()
}

/// A picture as a decoder sees it that lets nothing pass.
fn decoded(bytes: &[u8]) -> Frame {
    let mut decoder = ::png::Decoder::new(Cursor::new(bytes));
    decoder.ignore_checksums(false);
    let mut reader = decoder.read_info().unwrap();
    let mut rgb = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut rgb).unwrap();
    reader.finish().unwrap();
    assert_eq!((info.color_type, info.bit_depth), (::png::ColorType::Rgb, ::png::BitDepth::Eight));
    Frame { width: info.width, height: info.height, rgb }
}

fn press(folder: &Path, template: &str) -> Press {
    Press::open(folder, [template].into(), Fonts::bundled(), &[], None).unwrap()
}

/// Draws certificates on a template, and compares each with its page drawn in one go.
fn prove(folder: &Path, template: &str, names: &[&str]) {
    let press = press(folder, template);
    for (number, name) in names.iter().enumerate() {
        let certificate = certificate(number, name);
        let page = press.set(&certificate, template).unwrap();
        let direct = press.picture(Some(&page), template).unwrap();
        let mut drawn = press.draw(&certificate, template, &[Format::Png]).unwrap();
        let drawn = drawn.remove(&Format::Png).unwrap();
        assert!(decoded(&drawn.bytes) == direct, "{name} on {template}");
        assert_eq!(drawn.digest, png::digest(&direct), "{name} on {template}");
    }
}

/// A template of one's own, over a picture of this size, with these fields.
fn own(folder: &Folder, size: (u32, u32), picture: &[u8], fields: &str) {
    // No paper is smaller than 20 mm.
    let length = |pixels: u32| f64::from(pixels) * 20.0 / f64::from(size.0.min(size.1));
    let paper = format!("\"{:.4} x {:.4}\"", length(size.0), length(size.1));
    let description = format!(
        "background = \"picture\"\n[page]\npaper = {paper}\nwidth = {}\npixels = {}\n{fields}",
        size.0, size.0
    );
    folder.write("templates/own/template.toml", description);
    folder.write("templates/own/picture", picture);
}

fn text(value: &str, place: [u32; 4], more: &str) -> String {
    let color = if value == "{name}" { "#a01020" } else { "#10a020" };
    format!(
        "[[text]]\nfield = \"{value}\"\nvalue = \"{value}\"\nbox = {place:?}\nmin_size = 1\ncolor = \"{color}\"\n{more}\n"
    )
}

/// A picture with a gradient, a texture and flat parts, in a kind of PNG.
fn picture((width, height): (u32, u32), kind: ::png::ColorType, depth: ::png::BitDepth) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = ::png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(kind);
    encoder.set_depth(depth);
    if kind == ::png::ColorType::Indexed {
        encoder.set_palette((0..=255).flat_map(|n: u8| [n, n / 2, 255 - n]).collect::<Vec<u8>>());
    }
    let row =
        kind.samples() * if depth == ::png::BitDepth::Sixteen { 2 } else { 1 } * width as usize;
    let pixel = |at: usize| {
        let (x, y) = (at % row, at / row);
        match (x / 200 + y / 60) % 3 {
            0 => (x + 3 * y) as u8,
            1 => (x * x + y * 7 + (x ^ y)) as u8,
            _ => 200,
        }
    };
    let data: Vec<u8> = (0..row * height as usize).map(pixel).collect();
    encoder.write_header().unwrap().write_image_data(&data).unwrap();
    bytes
}

/// A picture in the seven passes of an interlaced PNG (ISO/IEC 15948, 8.2).
fn interlaced((width, height): (u32, u32)) -> Vec<u8> {
    let mut rows = Vec::new();
    for (left, top, across, down) in [
        (0, 0, 8, 8),
        (4, 0, 8, 8),
        (0, 4, 4, 8),
        (2, 0, 4, 4),
        (0, 2, 2, 4),
        (1, 0, 2, 2),
        (0, 1, 1, 2),
    ] {
        for y in (top..height).step_by(down) {
            rows.push(0);
            let columns = (left..width).step_by(across);
            rows.extend(columns.flat_map(|x| [x as u8, y as u8, (x * y / 99) as u8]));
        }
    }
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(&rows).unwrap();
    let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 2, 0, 0, 1]].concat();
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    for (kind, content) in
        [(b"IHDR", header), (b"IDAT", packed.finish().unwrap()), (b"IEND", Vec::new())]
    {
        file.extend((content.len() as u32).to_be_bytes());
        let content = [&kind[..], &content].concat();
        file.extend(&content);
        file.extend(crc32fast::hash(&content).to_be_bytes());
    }
    file
}

#[test]
fn both_bundled_templates_come_out_as_they_are_drawn() {
    prove(Path::new("/nowhere"), "classic", &NAMES);
    prove(Path::new("/nowhere"), "aurora", &NAMES);
}

#[test]
fn pictures_of_any_kind_come_out_as_they_are_drawn() {
    use ::png::{BitDepth, ColorType};
    let size = (597, 421);
    let fields = [
        text("{name}", [100, 100, 300, 60], "size = 30\nrotation = 8"),
        text("{title}", [40, 190, 300, 40], "size = 30"),
        text("NO. {id}", [300, 300, 280, 40], "size = 30\nalign = \"right\""),
        "[[qr]]\nfield = \"code\"\nvalue = \"{url}\"\nbox = [30, 250, 120, 120]\nquiet_zone = 2\n"
            .to_owned(),
    ];
    for (kind, depth) in [
        (ColorType::Rgb, BitDepth::Eight),
        (ColorType::Rgb, BitDepth::Sixteen),
        (ColorType::Indexed, BitDepth::Eight),
        (ColorType::Rgba, BitDepth::Eight),
        (ColorType::Grayscale, BitDepth::Eight),
    ] {
        let folder = Folder::empty();
        own(&folder, size, &picture(size, kind, depth), &fields.concat());
        prove(folder.path(), "own", &NAMES);
    }
    let folder = Folder::empty();
    own(&folder, size, &interlaced(size), &fields.concat());
    prove(folder.path(), "own", &NAMES);
}

#[test]
fn pages_of_odd_sizes_come_out_as_they_are_drawn() {
    use ::png::{BitDepth, ColorType};
    // Low, high, as large as a tile and one pixel larger, and too wide for a match to reach a row up.
    for size in [(2, 2), (16, 300), (64, 16), (65, 17), (300, 15), (12_000, 120)] {
        let folder = Folder::empty();
        let (width, height): (u32, u32) = size;
        let fields =
            text("{name}", [0, 0, width, height], &format!("size = {}", 9.min(height - 1)));
        own(&folder, size, &picture(size, ColorType::Rgb, BitDepth::Eight), &fields);
        prove(folder.path(), "own", &["I", "沈"]);
    }
}

#[test]
fn ink_may_touch_every_row_and_leave_its_field() {
    use ::png::{BitDepth, ColorType};
    let size = (800, 600);
    let fields = [
        // Over all of the page, and shared fields over and under it.
        text("{title}", [200, 200, 400, 200], "size = 190\nrotation = 30"),
        text("{name}", [0, 0, 800, 600], "size = 590"),
        text("{issuer}", [100, 100, 600, 400], "size = 200"),
    ];
    let folder = Folder::empty();
    own(&folder, size, &picture(size, ColorType::Rgb, BitDepth::Eight), &fields.concat());
    prove(folder.path(), "own", &NAMES);

    // Shared ink over a person's, though their boxes lie apart.
    let fields = [
        text("{name}", [10, 300, 780, 8], "size = 90\nvalign = \"bottom\""),
        text("{title}", [10, 320, 780, 8], "size = 90\nvalign = \"bottom\""),
    ];
    let folder = Folder::empty();
    own(&folder, size, &picture(size, ColorType::Rgb, BitDepth::Eight), &fields.concat());
    prove(folder.path(), "own", &NAMES);

    // Thai and Vietnamese marks stand far above a box as high as the letters, a turned line stands out at its ends.
    let fields = [
        text("{name}", [10, 300, 780, 8], "size = 90\nvalign = \"bottom\""),
        text("{title}", [10, 500, 780, 8], "size = 90\nvalign = \"top\""),
    ];
    let folder = Folder::empty();
    own(&folder, size, &picture(size, ColorType::Rgb, BitDepth::Eight), &fields.concat());
    prove(folder.path(), "own", &NAMES);
}

/// What an image library says of files: the size and digest of the pixels of each.
const PILLOW: &str = r#"
import hashlib, sys
from PIL import Image
for file in sys.argv[1:]:
    image = Image.open(file)
    image.load()
    assert image.mode == "RGB", image.mode
    print(*image.size, ":" + hashlib.sha256(image.tobytes()).hexdigest())
"#;

#[test]
#[ignore = "needs pngcheck, and python3 with pillow (PYTHON names it)"]
fn pngcheck_and_pillow_read_what_is_spliced() {
    use ::png::{BitDepth, ColorType};
    let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let size = (597, 421);
    let fields = [
        text("{name}", [100, 100, 300, 60], "size = 30"),
        text("{title}", [40, 190, 300, 40], "size = 30"),
        "[[qr]]\nfield = \"code\"\nvalue = \"{url}\"\nbox = [30, 250, 120, 120]\nquiet_zone = 2\n"
            .to_owned(),
    ];
    let folder = Folder::empty();
    let mut files = Vec::new();
    let mut expected = Vec::new();
    let mut draw = |folder: &Folder, template: &str, kind: &str| {
        let press = press(folder.path(), template);
        for (number, name) in NAMES.iter().enumerate() {
            let certificate = certificate(number, name);
            let drawn = press.draw(&certificate, template, &[Format::Png]).unwrap();
            let file = folder.file(&format!("{kind}-{number}.png"));
            std::fs::write(&file, &drawn[&Format::Png].bytes).unwrap();
            files.push(file);
            let page = press.set(&certificate, template).unwrap();
            let Frame { width, height, rgb } = press.picture(Some(&page), template).unwrap();
            let digest = hex_digest("", Sha256::new_with_prefix(&rgb));
            expected.push(format!("{width} {height} {digest}\n"));
        }
    };
    draw(&folder, "classic", "classic");
    draw(&folder, "aurora", "aurora");
    let pictures = [
        ("rgb", picture(size, ColorType::Rgb, BitDepth::Eight)),
        ("deep", picture(size, ColorType::Rgb, BitDepth::Sixteen)),
        ("palette", picture(size, ColorType::Indexed, BitDepth::Eight)),
        ("interlaced", interlaced(size)),
    ];
    for (kind, picture) in pictures {
        own(&folder, size, &picture, &fields.concat());
        draw(&folder, "own", kind);
    }
    let said = Command::new(python).args(["-c", PILLOW]).args(&files).output();
    let said = Ran::of(said.unwrap());
    assert_eq!(said.code, Some(0), "{}", said.stderr);
    assert_eq!(said.stdout.replace('\r', ""), expected.concat());
    let checked = Ran::of(Command::new("pngcheck").arg("-q").args(&files).output().unwrap());
    assert_eq!(checked.code, Some(0), "{}{}", checked.stdout, checked.stderr);
}
