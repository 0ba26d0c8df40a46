//! What stands around the drawing of a certificate's PNG: how long it would take in one go, how
//! long its template takes to be prepared, and its file to be written.

use std::path::Path;

use accolade::certificate::{Certificate, Format};
use accolade::fonts::Fonts;
use accolade::render::{Press, png};

fn main() {
    divan::main();
}

const TEMPLATES: [&str; 2] = ["classic", "aurora"];

fn press(template: &str) -> Press {
    let cache = tempfile::tempdir().unwrap();
    let templates = [template].into();
    let fonts = Fonts::bundled();
    Press::open(Path::new("/nowhere"), templates, fonts, &[], Some(cache.path())).unwrap()
}

fn certificate(number: usize) -> Certificate {
    let names = ["沈旭", "欧阳小明", "José Nguyễn", "Анна Κώστας", "Ann O’Neil-Smith"];
    let path = format!("certificate/2020/volunteer/V2020{number:05}");
    serde_json::from_value(serde_json::json!({
        "id": format!("V2020{number:05}"),
        "category": "volunteer",
        "year": 2020,
        "name": names[number % names.len()],
        "date": "2021-02-01",
        "title": "优秀志愿者",
        "citation": "感谢您在2020年对云原生社区做出的贡献",
        "issuer": "云原生社区",
        "signatory": "宋净超",
        "language": "zh-CN",
        "url": format!("https://example.org/{path}"),
        "path": path,
    }))
    .unwrap()
}

/// A certificate's pixels compressed and digested in one go: what splicing saves.
#[divan::bench(args = TEMPLATES, sample_count = 10, sample_size = 1)]
fn draw_in_one_go(bencher: divan::Bencher, template: &str) {
    let press = press(template);
    let page = press.set(&certificate(0), template).unwrap();
    bencher.bench(|| {
        let frame = press.picture(Some(&page), template).unwrap();
        let bytes = png::encode(&frame, ::png::Filter::NoFilter, 6734, &[]).unwrap();
        (bytes, png::digest(&frame))
    });
}

#[divan::bench(args = TEMPLATES)]
fn write(bencher: divan::Bencher, template: &str) {
    let mut drawn = press(template).draw(&certificate(0), template, &[Format::Png]).unwrap();
    let bytes = drawn.remove(&Format::Png).unwrap().bytes;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("certificate.png");
    bencher.bench(|| accolade::disk::write_whole(&file, &bytes).unwrap());
}

/// What is done once for a template, when nothing of it is kept.
#[divan::bench(args = TEMPLATES, sample_count = 3, sample_size = 1)]
fn prepare(bencher: divan::Bencher, template: &str) {
    bencher.with_inputs(|| press(template)).bench_values(|press| {
        press.prepare(&[Format::Png]).unwrap();
        press
    });
}
