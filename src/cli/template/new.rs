//! `accolade template new`: a picture, drawing or page made into a template to begin with.

use std::path::{Path, PathBuf};

use anyhow::bail;
use clap::Args;
use serde_json::json;

use super::super::{Global, present};
use crate::disk;
use crate::issuer::{self, Issuer};
use crate::shell;
use crate::template::{self, FILE, LARGEST_ARTWORK};

const EXAMPLES: &str = "\
Examples:
  accolade template new spring --from ~/Downloads/certificate.svg
  accolade template new 春季 --from certificate.png
  accolade template new autumn --from handout.pdf --page 2

In an SVG, text such as {name} or NO. {id} becomes a field where it is drawn; a rectangle with
the id name-box is the room that {name} has, one with the id qr becomes the QR code.";

/// Make a template from a picture, drawing or page: PNG, JPEG, SVG or PDF.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct New {
    /// What the template is to be called.
    name: String,
    /// The picture, drawing or page; it is copied.
    #[arg(long, value_name = "FILE")]
    from: PathBuf,
    /// Which page of a PDF, from 1.
    #[arg(long, value_name = "NUMBER")]
    page: Option<u32>,
    /// Overwrite a template that is there already.
    #[arg(long)]
    force: bool,
}

impl New {
    pub(super) fn run(self, global: &Global) -> anyhow::Result<()> {
        let Self { name, from, page, force } = self;
        // A template beside no accolade.toml would be of no use to anyone.
        let issuer = Issuer::read(&global.folder)?;
        if disk::safe_name(&name) != name {
            bail!("{name:?} cannot name a folder; {:?} can", disk::safe_name(&name));
        }
        let place = Path::new("templates").join(&name);
        if !force && global.path(&place).exists() {
            bail!(
                "{} is there already; choose another name, or overwrite it with --force",
                place.display()
            );
        }
        let from = global.path(&from);
        let background = disk::read(&from, LARGEST_ARTWORK)?;
        let file = from.file_name().unwrap_or_default().to_string_lossy();
        let start = template::start(&name, &background, page, &file, &global.fonts()?)?;
        let files = [place.join(&start.background), place.join(FILE)];
        disk::write_whole(&global.path(&files[0]), &background)?;
        disk::write_whole(&global.path(&files[1]), start.description.as_bytes())?;
        let names: Vec<_> = files.iter().map(|path| path.display().to_string()).collect();
        if global.json {
            return present::json(&json!({
                "template": name,
                "files": names,
                "fields": start.fields,
            }));
        }
        for file in names {
            present::line(&file)?;
        }
        if !start.fields.is_empty() {
            global.say(&format!("fields in the drawing: {}", start.fields.join(", ")));
        }
        let category = issuer.categories.first().map_or("volunteer", |first| first.key.as_str());
        global.say(&format!(
            "next: {}\nthen: accolade preview {}\n\
             to use it: template = \"{name}\" in {}, for instance below [category.{category}]",
            shell::command("template check", &name, ""),
            shell::option("--template", &name),
            issuer::FILE
        ));
        Ok(())
    }
}
