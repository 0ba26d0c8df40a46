//! `accolade check`: whether all is well, for people and for robots that guard a repository.

use std::sync::OnceLock;

use clap::Args;
use indicatif::ProgressBar;
use serde_json::json;

use super::{Global, counted, present, progress};
use crate::check::{self, Finding, Report};
use crate::issuer::Issuer;

const EXAMPLES: &str = "\
Examples:
  accolade check
  accolade check --json
  accolade check --strict      in a repository where notes count too

It reads the register, every file of every certificate, the templates, and the honour rolls with
their links; it writes nothing. Each line says what is wrong, and what mends it. Exit code 3 when
something is.";

/// Find whatever is not as the register says: numbers, files, templates, honour rolls.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Check {
    /// Let notes count as findings too.
    #[arg(long)]
    strict: bool,
}

impl Check {
    pub(super) fn run(self, global: &Global) -> anyhow::Result<()> {
        let issuer = Issuer::read(&global.folder)?;
        let fonts = global.fonts()?;
        let bar: OnceLock<ProgressBar> = OnceLock::new();
        let begun = |count: usize| {
            bar.get_or_init(|| progress::bar(count, global));
        };
        let done = || {
            if let Some(bar) = bar.get() {
                bar.inc(1);
            }
        };
        let mut report = check::check(&global.folder, &issuer, &fonts, begun, &done);
        if let Some(bar) = bar.get() {
            bar.finish_and_clear();
        }
        if self.strict {
            let notes = std::mem::take(&mut report.notes);
            report.findings.extend(notes);
        }
        print(&report, global)?;
        if report.findings.is_empty() { Ok(()) } else { Err(present::No.into()) }
    }
}

fn print(report: &Report, global: &Global) -> anyhow::Result<()> {
    let Report { findings, notes, certificates, files, pages } = report;
    if global.json {
        return present::json(&json!({
            "well": findings.is_empty(),
            "certificates": certificates,
            "files": files,
            "pages": pages,
            "findings": findings,
            "notes": notes,
        }));
    }
    for finding in findings {
        present::line(&line(finding))?;
    }
    for note in notes {
        global.say(&format!("note: {}", line(note)));
    }
    if findings.is_empty() {
        present::line(&format!(
            "all is well: {}, {}, {}",
            counted(*certificates, "certificate"),
            counted(*files, "file"),
            counted(*pages, "honour roll")
        ))?;
    } else {
        let count = findings.len();
        global.say(&format!(
            "{count} to mend, of {} and {}",
            counted(*certificates, "certificate"),
            counted(*files, "file")
        ));
    }
    Ok(())
}

fn line(finding: &Finding) -> String {
    let Finding { place, message, remedy, .. } = finding;
    format!("{place}: {message}; {remedy}").replace('\n', " ")
}
