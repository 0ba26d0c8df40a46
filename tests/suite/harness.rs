//! A folder to try things in, and the binary run in it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

use serde_json::Value;
use sha2::{Digest, Sha256};

/// The repository.
pub fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files of a template that comes with the program.
pub fn template(name: &str) -> [(&'static str, String); 2] {
    let folder = repository().join("templates").join(name);
    ["template.toml", "background.svg"]
        .map(|file| (file, std::fs::read_to_string(folder.join(file)).unwrap()))
}

/// A folder that is removed when the test is over.
pub struct Folder {
    scratch: tempfile::TempDir,
}

/// What a run of the binary said.
pub struct Ran {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

/// Where templates are kept that one test has prepared and others need too; those of an earlier
/// run, which may have prepared them otherwise, are taken away.
pub fn cache() -> &'static Path {
    static CACHE: LazyLock<PathBuf> = LazyLock::new(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cache");
        let _ = std::fs::remove_dir_all(&folder);
        folder
    });
    &CACHE
}

impl Folder {
    pub fn empty() -> Self {
        Self { scratch: tempfile::tempdir().unwrap() }
    }

    /// An issuer with two small categories, one of them unnumbered.
    pub fn issuer() -> Self {
        Self::empty().with(
            "accolade.toml",
            r#"
public = ["city"]
[issuer]
name = "云原生社区"
url = "https://example.org"
language = "zh-CN"
signatory = "Founder"
citation = "感谢您在{year}年的贡献"
[category.volunteer]
title = "优秀志愿者"
prefix = "V"
template = "classic"
aliases = ["志愿者"]
[category.lecturer]
title = "优秀讲师"
id = "{name}"
template = "aurora"
"#,
        )
    }

    /// The example of the Cloud Native Community.
    pub fn example() -> Self {
        Self::empty().with_example(".")
    }

    /// The same, in a folder below this one.
    pub fn with_example(self, place: &str) -> Self {
        let example = repository().join("examples/cloudnative-2020");
        for file in ["accolade.toml", "roster.csv", "late.csv"] {
            self.write(&format!("{place}/{file}"), std::fs::read(example.join(file)).unwrap());
        }
        self
    }

    pub fn with(self, file: &str, content: impl AsRef<[u8]>) -> Self {
        self.write(file, content);
        self
    }

    pub fn write(&self, file: &str, content: impl AsRef<[u8]>) {
        let path = self.path().join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }

    pub fn path(&self) -> &Path {
        self.scratch.path()
    }

    pub fn file(&self, file: &str) -> PathBuf {
        self.path().join(file)
    }

    pub fn read(&self, file: &str) -> String {
        std::fs::read_to_string(self.file(file)).unwrap()
    }

    /// Every file with a digest of its bytes, but for the lock and who held it.
    pub fn files(&self) -> BTreeMap<PathBuf, String> {
        let mut files = BTreeMap::new();
        let mut waiting = vec![self.path().to_owned()];
        while let Some(folder) = waiting.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    waiting.push(path);
                } else if !path.file_name().unwrap().to_str().unwrap().starts_with(".register.") {
                    let name = path.strip_prefix(self.path()).unwrap().to_owned();
                    let digest = Sha256::digest(std::fs::read(path).unwrap());
                    files.insert(name, format!("{:02x?}", &digest[..8]));
                }
            }
        }
        files
    }

    /// Runs the binary in this folder; the arguments stand between spaces.
    pub fn run(&self, arguments: &str) -> Ran {
        self.run_with(&arguments.split(' ').collect::<Vec<_>>())
    }

    pub fn run_with(&self, arguments: &[&str]) -> Ran {
        let output = self.command("").args(arguments).output().unwrap();
        Ran::of(output)
    }

    /// The binary, to be run in this folder; the arguments stand between spaces.
    pub fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_accolade"));
        command.env("ACCOLADE_CACHE", cache());
        command.arg("-C").arg(self.path()).args(arguments.split_terminator(' '));
        command
    }

    /// Runs it and expects it to be done.
    pub fn done(&self, arguments: &str) -> Ran {
        let ran = self.run(arguments);
        assert_eq!(ran.code, Some(0), "accolade {arguments}\n{}", ran.stderr);
        ran
    }

    /// Runs it with `--json`, expects it to be done, and reads what it says.
    pub fn json(&self, arguments: &str) -> Value {
        let ran = self.done(&format!("{arguments} --json"));
        serde_json::from_str(&ran.stdout).unwrap()
    }

    /// The IDs, names and states that `list` shows.
    pub fn list(&self) -> Vec<(String, String, String)> {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let rows = self.json("list");
        let rows = rows.as_array().unwrap().iter();
        rows.map(|row| (text(&row["id"]), text(&row["name"]), text(&row["status"]))).collect()
    }
}

impl Ran {
    pub fn of(output: Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}
