//! `accolade show`: all that the register says of one certificate.

use clap::Args;
use serde_json::json;

use super::select::Selected;
use super::{Global, present};
use crate::certificate::Status;
use crate::issuer::Issuer;
use crate::register::{Record, journal};

const EXAMPLES: &str = "\
Examples:
  accolade show V20200001
  accolade show 张慧 --category lecturer --json";

/// Show all that the register says of one certificate.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Show {
    #[command(flatten)]
    selected: Selected,
}

impl Show {
    pub(super) fn run(self, global: &Global) -> anyhow::Result<()> {
        Issuer::read(&global.folder)?;
        let register = journal::read(&global.folder)?;
        let record = &register.records()[self.selected.find(&register)?];
        let (status, reason) = match &record.status {
            Status::Current => ("current", None),
            Status::Revoked { reason } => ("revoked", Some(reason)),
        };
        if global.json {
            return present::json(&json!({
                "certificate": record.entry.certificate,
                "status": status,
                "reason": reason,
                "revision": record.revision,
                "template": record.entry.template,
                "files": record.entry.files,
            }));
        }
        let status = match reason {
            Some(reason) => format!("{status}: {reason}"),
            None => status.to_owned(),
        };
        for (label, value) in rows(record, status) {
            if !value.is_empty() {
                present::line(&format!("{label:<10} {value}"))?;
            }
        }
        Ok(())
    }
}

fn rows(record: &Record, status: String) -> Vec<(String, String)> {
    let certificate = &record.entry.certificate;
    let template = match &record.entry.template {
        Some(template) => format!("{} {}", template.name, template.digest),
        None => "none: other hands made it".to_owned(),
    };
    let mut rows: Vec<(String, String)> = [
        ("id", certificate.id.clone()),
        ("name", certificate.name.clone()),
        ("key", certificate.key.clone().unwrap_or_default()),
        ("title", certificate.title.clone()),
        ("category", certificate.category.clone()),
        ("year", certificate.year.to_string()),
        ("date", certificate.date.to_string()),
        ("status", status),
        (
            "revision",
            if record.revision == 0 { String::new() } else { record.revision.to_string() },
        ),
        ("issuer", certificate.issuer.clone()),
        ("signatory", certificate.signatory.clone()),
        ("url", certificate.url.clone()),
        ("template", template),
    ]
    .map(|(label, value)| (label.to_owned(), value))
    .into();
    rows.extend(certificate.fields.clone());
    rows.extend(record.entry.files.iter().map(|(format, digest)| {
        (format.to_string(), format!("{}.{format}  {digest}", certificate.path))
    }));
    rows
}
