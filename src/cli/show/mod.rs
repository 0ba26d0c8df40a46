//! `accolade show`: all that the register says of one certificate, or what a file says of itself.

mod file;

use clap::Args;
use serde_json::{Value, json};

use super::select::Selected;
use super::{Global, present, standing};
use crate::issuer::Issuer;
use crate::register::{Record, journal};

const ID: &str =
    "The number, such as V20200001, the name where people are known by name, or a PNG or PDF";

const EXAMPLES: &str = "\
Examples:
  accolade show V20200001
  accolade show 张慧 --category lecturer --json
  accolade show Downloads/V20200001.png

A PNG or PDF says of itself whose it is and where that can be verified, and the register here, if
there is one, what it says of that number. Anyone can write anything into a file: the register
counts.";

/// Show all that the register says of one certificate, or what a PNG or PDF says of itself.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
#[command(mut_arg("id", |id| id.help(ID)))]
pub(super) struct Show {
    #[command(flatten)]
    selected: Selected,
}

impl Show {
    pub(super) fn run(self, global: &Global) -> anyhow::Result<()> {
        if let Some(path) = file::meant(&self.selected.id, global) {
            return file::show(&path, global);
        }
        Issuer::read(&global.folder)?;
        let register = journal::read(&global.folder)?;
        let record = &register.records()[self.selected.find(&register)?];
        let [moved_from, moved_to] =
            [record.moved_from, record.moved_to].map(|place| standing::other(place, &register));
        let (status, reason) = standing::pair(record);
        if global.json {
            return present::json(&json!({
                "certificate": record.entry.certificate,
                "status": status,
                "reason": reason,
                "revision": record.revision,
                "adopted": record.entry.template.is_none(),
                "forgotten": record.forgotten,
                "moved_from": moved_from,
                "moved_to": moved_to,
                "template": record.entry.template,
                "files": record.entry.files,
            }));
        }
        let status = standing::sentence(record, &register);
        let moved_from = match (&moved_from["id"], &moved_from["category"]) {
            (Value::String(id), Value::String(category)) => format!("{id} ({category})"),
            _ => String::new(),
        };
        for (label, value) in rows(record, status, moved_from) {
            if !value.is_empty() {
                present::line(&format!("{label:<10} {value}"))?;
            }
        }
        Ok(())
    }
}

fn rows(record: &Record, status: String, moved_from: String) -> Vec<(String, String)> {
    let certificate = &record.entry.certificate;
    let template = match &record.entry.template {
        Some(template) => format!("{} {}", template.name, template.digest),
        None => "none: other hands made it".to_owned(),
    };
    let mut rows: Vec<(String, String)> = [
        ("id", certificate.id.to_string()),
        ("name", certificate.name.to_string()),
        ("key", certificate.key.as_deref().unwrap_or_default().to_owned()),
        ("title", certificate.title.to_string()),
        ("category", certificate.category.to_string()),
        ("year", certificate.year.to_string()),
        ("date", certificate.date.to_string()),
        ("status", status),
        ("moved from", moved_from),
        (
            "revision",
            if record.revision == 0 { String::new() } else { record.revision.to_string() },
        ),
        ("issuer", certificate.issuer.to_string()),
        ("signatory", certificate.signatory.to_string()),
        ("url", certificate.url.to_string()),
        ("template", template),
    ]
    .map(|(label, value)| (label.to_owned(), value))
    .into();
    let fields = certificate.fields.iter();
    rows.extend(fields.map(|(header, value)| (header.to_string(), value.to_string())));
    rows.extend(record.entry.files.iter().map(|(format, digest)| {
        (format.to_string(), format!("{}.{format}  {digest}", certificate.path))
    }));
    rows
}
