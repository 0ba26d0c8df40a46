//! `accolade init`: a folder to begin with, that runs at once.

use std::path::{Path, PathBuf};

use anyhow::bail;
use clap::{Args, ValueEnum};
use serde_json::json;

use super::{Global, present};
use crate::disk;
use crate::template::BUNDLED;

const EXAMPLES: &str = "\
Examples:
  accolade init my-community
  accolade init 我们的社区 --lang zh

The folder has accolade.toml, the two templates, and a sample roster: issue it with
`accolade -C my-community issue roster.csv`, look at the certificates, then make it yours.";

/// Make a folder to begin with: config, templates, a sample roster.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Init {
    /// The folder; made if it is not there.
    #[arg(default_value = ".", hide_default_value = true)]
    dir: PathBuf,
    /// The language of the certificates.
    #[arg(long, value_enum, default_value_t = Lang::En)]
    lang: Lang,
    /// Overwrite files that are there already.
    #[arg(long)]
    force: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Lang {
    En,
    Zh,
}

impl Lang {
    fn config(self) -> &'static str {
        match self {
            Self::En => include_str!("init/accolade.en.toml"),
            Self::Zh => include_str!("init/accolade.zh.toml"),
        }
    }

    fn roster(self) -> &'static str {
        match self {
            Self::En => include_str!("init/roster.en.csv"),
            Self::Zh => include_str!("init/roster.zh.csv"),
        }
    }
}

impl Init {
    pub(super) fn run(self, global: &Global) -> anyhow::Result<()> {
        let folder = global.path(&self.dir);
        let mut files: Vec<(PathBuf, &str)> = vec![
            ("accolade.toml".into(), self.lang.config()),
            ("roster.csv".into(), self.lang.roster()),
            (".gitignore".into(), include_str!("init/gitignore")),
            (".gitattributes".into(), include_str!("init/gitattributes")),
        ];
        for template in BUNDLED {
            for (name, content) in template.files() {
                files.push((Path::new("templates").join(template.name).join(name), content));
            }
        }
        let there: Vec<String> = files
            .iter()
            .filter(|(path, _)| folder.join(path).exists())
            .map(|(path, _)| path.display().to_string())
            .collect();
        if !self.force && !there.is_empty() {
            bail!(
                "{} has {} already; choose another folder, or overwrite with --force",
                folder.display(),
                there.join(", ")
            );
        }
        for (path, content) in &files {
            disk::write_whole(&folder.join(path), content.as_bytes())?;
        }
        let names: Vec<_> = files.iter().map(|(path, _)| path.display().to_string()).collect();
        if global.json {
            return present::json(&json!({ "folder": folder, "files": names }));
        }
        for name in names {
            present::line(&name)?;
        }
        let shown = folder.display();
        global.say(&format!(
            "next: accolade -C {shown} issue roster.csv\nthen edit {}",
            folder.join("accolade.toml").display()
        ));
        Ok(())
    }
}
