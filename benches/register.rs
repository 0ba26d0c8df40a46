//! How long a register of a million certificates takes to read, and how much memory it takes:
//! less than 3 s and less than 1 GiB are wanted. And how long a batch takes to be appended.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::time::Duration;

use accolade::register::{Event, FILE, Journal, journal};

fn main() {
    divan::main();
    // Linux knows how much memory a process has ever had; the others are asked by other means.
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    for peak in status.lines().filter_map(|line| line.strip_prefix("VmHWM:")) {
        println!("peak memory: {}", peak.trim());
    }
}

/// A register of so many certificates, some of which were drawn again or taken back.
fn write(folder: &Path, events: usize) {
    let mut file = BufWriter::new(File::create(folder.join(FILE)).unwrap());
    writeln!(file, r#"{{"register":"accolade","version":1}}"#).unwrap();
    for number in 1..=events {
        // Every hundredth event is a change to the certificate before it.
        let (event, of) = match number % 100 {
            50 => ("reissued", number - 1),
            0 => ("revoked", number - 1),
            _ => ("issued", number),
        };
        let (year, serial) = (2000 + of % 20, of / 20 + 1);
        let id = format!("V{year}{serial:04}");
        if event == "revoked" {
            writeln!(
                file,
                r#"{{"event":"revoked","id":"{id}","category":"volunteer","year":{year},"reason":"entered twice"}}"#
            )
            .unwrap();
            continue;
        }
        let digest = (0..4).fold(String::new(), |mut text, part| {
            let mixed = (number as u64 + part).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            write!(text, "{mixed:016x}").unwrap();
            text
        });
        let revision = if event == "reissued" { r#","revision":1"# } else { "" };
        writeln!(
            file,
            r#"{{"event":"{event}","id":"{id}","category":"volunteer","year":{year},"name":"志愿者 {of}","date":"{year}-12-31","title":"优秀志愿者","citation":"感谢您在{year}年对云原生社区做出的贡献","issuer":"云原生社区","signatory":"宋净超","language":"zh-CN","url":"https://cloudnative.to/certificate/{id}","fields":{{"城市站":"上海站"}},"path":"certificate/{year}/volunteer/{id}","template":{{"name":"classic","digest":"sha256:2b7e151628aed2a6abf7158809cf4f3c762e7160f38b4da56a784d9045190cfe"}},"files":{{"png":"pixels-sha256:{digest}","pdf":"sha256:{digest}"}}{revision}}}"#
        )
        .unwrap();
    }
}

#[divan::bench(sample_count = 3, sample_size = 1)]
fn a_million_events(bencher: divan::Bencher) {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), 1_000_000);
    let size = std::fs::metadata(folder.path().join(FILE)).unwrap().len();
    bencher
        .counter(divan::counter::BytesCount::new(size))
        .bench(|| journal::read(folder.path()).unwrap());
}

/// A batch as runs append them: one write, on the disk when it returns.
#[divan::bench(sample_count = 50, sample_size = 1)]
fn append_of_32(bencher: divan::Bencher) {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), 32);
    let register = journal::read(folder.path()).unwrap();
    let issued = |record: &accolade::register::Record| Event::Issued(record.entry.clone());
    let batch: Vec<Event> = register.records().iter().map(issued).collect();
    bencher
        .with_inputs(|| {
            let folder = tempfile::tempdir().unwrap();
            let journal = Journal::open(folder.path(), "bench", Duration::ZERO).unwrap();
            (folder, journal, batch.clone())
        })
        .bench_local_values(|(folder, mut journal, batch)| {
            journal.append(batch).unwrap();
            folder
        });
}
