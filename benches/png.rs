//! What a certificate's PNG takes, part by part: to be set, to be drawn and written as a whole, and
//! to be written to a file.
//!
//! `cargo bench --bench png`

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

/// Calls a function for one certificate after the other.
fn each(bencher: divan::Bencher, f: impl Fn(&Certificate) + Sync) {
    let certificates: Vec<_> = (1..=100).map(certificate).collect();
    let next = std::sync::atomic::AtomicUsize::new(0);
    bencher.bench(|| {
        let number = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        f(&certificates[number % certificates.len()]);
    });
}

#[divan::bench(args = TEMPLATES)]
fn typeset(bencher: divan::Bencher, template: &str) {
    let press = press(template);
    each(bencher, |certificate| drop(press.set(certificate, template).unwrap()));
}

#[divan::bench(args = TEMPLATES)]
fn draw(bencher: divan::Bencher, template: &str) {
    let press = press(template);
    press.draw(&certificate(0), template, &[Format::Png]).unwrap();
    each(bencher, |certificate| {
        drop(press.draw(certificate, template, &[Format::Png]).unwrap());
    });
}

/// The same pixels in one go: what splicing saves.
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
