//! `accolade init`: a folder to begin with, that runs at once.

use std::path::{Path, PathBuf};

use anyhow::bail;
use clap::{Args, ValueEnum};
use serde_json::json;

use super::{Global, present};
use crate::disk::{self, DiskError};
use crate::register;
use crate::shell;
use crate::template::BUNDLED;

const EXAMPLES: &str = "\
Examples:
  accolade init my-community
  accolade init 我们的社区 --lang zh

In a git repository, lines are added to .gitignore and .gitattributes, and none is taken away.

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
    /// Overwrite files that are there already, unless certificates were issued from them.
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
        let folder: PathBuf = global.path(&self.dir).components().collect();
        let mut files: Vec<(PathBuf, &str)> = vec![
            ("accolade.toml".into(), self.lang.config()),
            ("roster.csv".into(), self.lang.roster()),
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
        if !there.is_empty() && folder.join(register::FILE).exists() {
            bail!(
                "{} has a {}: certificates were issued from its {}, and not even --force overwrites \
                 that; choose another folder",
                folder.display(),
                register::FILE,
                there.join(", ")
            );
        }
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
        let mut names: Vec<_> = files.iter().map(|(path, _)| path.display().to_string()).collect();
        for (name, lines) in [
            (".gitignore", include_str!("init/gitignore")),
            (".gitattributes", include_str!("init/gitattributes")),
        ] {
            if add_lines(&folder.join(name), lines)? {
                names.push(name.to_owned());
            }
        }
        if global.json {
            return present::json(&json!({ "folder": folder, "files": names }));
        }
        for name in names {
            present::line(&name)?;
        }
        let shown = shell::word(&folder.display().to_string());
        global.say(&format!(
            "next: accolade -C {shown} issue roster.csv\nthen edit {}",
            folder.join("accolade.toml").display()
        ));
        Ok(())
    }
}

/// The largest .gitignore or .gitattributes that is added to, in bytes.
const LARGEST: u64 = 1 << 20;

/// Adds those of the lines that a file lacks, each below its comment; says whether there were
/// any.
fn add_lines(path: &Path, lines: &str) -> Result<bool, DiskError> {
    let before = match disk::read_text(path, LARGEST) {
        Err(error) if error.is_missing() => String::new(),
        text => text?,
    };
    let after = with_lines(&before, lines);
    if after == before {
        return Ok(false);
    }
    disk::write_whole(path, after.as_bytes())?;
    Ok(true)
}

fn with_lines(before: &str, lines: &str) -> String {
    let has = |line: &str| before.lines().any(|other| other.trim() == line);
    let line_break = if before.contains("\r\n") { "\r\n" } else { "\n" };
    let mut text = before.to_owned();
    let mut comment = None;
    for line in lines.lines() {
        if line.starts_with('#') {
            comment = Some(line).filter(|line| !has(line));
        } else if !has(line) {
            if !text.is_empty() && !text.ends_with('\n') {
                text.push_str(line_break);
            }
            for line in comment.take().into_iter().chain([line]) {
                text.push_str(line);
                text.push_str(line_break);
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_added_once_and_none_is_taken_away() {
        let lines = "# Ours\na\n# The rest\nb\nc\n";
        assert_eq!(with_lines("", lines), lines);
        assert_eq!(with_lines(lines, lines), lines);
        assert_eq!(with_lines("x\nb", lines), "x\nb\n# Ours\na\n# The rest\nc\n");
        assert_eq!(with_lines("a\r\nb\r\n", lines), "a\r\nb\r\n# The rest\r\nc\r\n");
    }
}
