//! What a certificate takes once its template is ready: setting, pixels, PNG, PDF; what stands
//! around that; and a hundred thousand of them, counted rather than written, for time that stays
//! linear and memory that stays flat.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use ::png::Filter;
use accolade::certificate::{Certificate, Format};
use accolade::fonts::Fonts;
use accolade::render::{Press, png};
use rayon::prelude::*;

const TEMPLATES: [&str; 2] = ["classic", "aurora"];

fn main() {
    if std::env::args().any(|argument| argument == "--many") {
        many();
    } else {
        divan::main();
    }
}

fn press() -> &'static Press {
    static PRESS: OnceLock<Press> = OnceLock::new();
    PRESS.get_or_init(|| {
        let press = open(TEMPLATES.into());
        press.prepare(&[Format::Png, Format::Pdf]).unwrap();
        press
    })
}

/// A press with templates of the program, none of which is ready, or kept anywhere.
fn open(templates: BTreeSet<&str>) -> Press {
    Press::open(Path::new("/nowhere"), templates, Fonts::bundled(), &[], None).unwrap()
}

/// A certificate of somebody whose name is made of common characters.
fn certificate(number: usize) -> Certificate {
    const FAMILY: &str = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张";
    const GIVEN: &str = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂文辉玲华旭";
    let pick = |from: &str, at: usize| from.chars().nth(at % from.chars().count()).unwrap();
    let name: String =
        [pick(FAMILY, number), pick(GIVEN, number / 7), pick(GIVEN, number / 211)].iter().collect();
    serde_json::from_value(serde_json::json!({
        "id": format!("V2020{number:06}"),
        "category": "volunteer",
        "year": 2020,
        "name": name,
        "date": "2021-02-01",
        "title": "优秀志愿者",
        "citation": "感谢您在2020年对云原生社区做出的贡献，特发此证，以资鼓励！",
        "issuer": "云原生社区",
        "signatory": "宋净超",
        "language": "zh-CN",
        "url": format!("https://cloudnative.to/certificate/2020/V2020{number:06}"),
        "path": format!("certificate/2020/volunteer/V2020{number:06}"),
    }))
    .unwrap()
}

#[divan::bench(args = TEMPLATES)]
fn set(bencher: divan::Bencher, template: &str) {
    let mut number = 0;
    bencher
        .with_inputs(|| {
            number += 1;
            certificate(number)
        })
        .bench_local_refs(|certificate| press().set(certificate, template).unwrap());
}

#[divan::bench(args = TEMPLATES, sample_count = 20, sample_size = 1)]
fn pixels(bencher: divan::Bencher, template: &str) {
    let page = press().set(&certificate(1), template).unwrap();
    bencher.bench(|| press().picture(Some(&page), template).unwrap());
}

#[divan::bench(args = TEMPLATES)]
fn png_file(bencher: divan::Bencher, template: &str) {
    draw(bencher, template, Format::Png);
}

#[divan::bench(args = TEMPLATES)]
fn pdf_file(bencher: divan::Bencher, template: &str) {
    draw(bencher, template, Format::Pdf);
}

/// Setting and drawing, as a file.
fn draw(bencher: divan::Bencher, template: &str, format: Format) {
    let mut number = 0;
    bencher
        .with_inputs(|| {
            number += 1;
            certificate(number)
        })
        .bench_local_refs(|certificate| press().draw(certificate, template, &[format]).unwrap());
}

/// A certificate's pixels compressed and digested in one go: what splicing saves.
#[divan::bench(args = TEMPLATES, sample_count = 10, sample_size = 1)]
fn png_in_one_go(bencher: divan::Bencher, template: &str) {
    let page = press().set(&certificate(1), template).unwrap();
    bencher.bench(|| {
        let frame = press().picture(Some(&page), template).unwrap();
        let bytes = png::encode(&frame, Filter::NoFilter, 6734, "bench").unwrap();
        (bytes, png::digest(&frame))
    });
}

#[divan::bench(args = TEMPLATES)]
fn write(bencher: divan::Bencher, template: &str) {
    let mut drawn = press().draw(&certificate(1), template, &[Format::Png]).unwrap();
    let bytes = drawn.remove(&Format::Png).unwrap().bytes;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("certificate.png");
    bencher.bench(|| accolade::disk::write_whole(&file, &bytes).unwrap());
}

/// What is done once for a template, when nothing of it is kept.
#[divan::bench(args = TEMPLATES, sample_count = 3, sample_size = 1)]
fn prepare(bencher: divan::Bencher, template: &str) {
    bencher.with_inputs(|| open([template].into())).bench_values(|press| {
        press.prepare(&[Format::Png]).unwrap();
        press
    });
}

/// How many are drawn in one go; as in a run, that many are in memory together.
const BATCH: usize = 32;

/// Ten thousand and a hundred thousand certificates in both formats, on all processors.
fn many() {
    let formats = [Format::Png, Format::Pdf];
    for count in [10_000, 100_000] {
        let (begun, bytes) = (Instant::now(), AtomicUsize::new(0));
        for first in (0..count).step_by(BATCH) {
            let batch: Vec<_> = (first..(first + BATCH).min(count))
                .into_par_iter()
                .map(|number| press().draw(&certificate(number), "classic", &formats).unwrap())
                .collect();
            let files = batch.iter().flat_map(|files| files.values());
            bytes.fetch_add(files.map(|file| file.bytes.len()).sum(), Ordering::Relaxed);
        }
        let each = begun.elapsed().as_secs_f64() * 1e3 / count as f64;
        let gigabytes = bytes.into_inner() as f64 / 1e9;
        println!("{count} certificates: {each:.3} ms each, {gigabytes:.1} GB");
    }
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    for peak in status.lines().filter_map(|line| line.strip_prefix("VmHWM:")) {
        println!("peak memory: {}", peak.trim());
    }
}
