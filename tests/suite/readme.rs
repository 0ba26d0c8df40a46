//! The READMEs are true: every command in them runs, in the order they stand, in a copy of the
//! repository's examples.

use std::process::Command;

use crate::harness::{Folder, Ran, repository};

/// The lines of the fenced blocks of a kind.
fn blocks(text: &str, kind: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        match line.strip_prefix("```") {
            Some(fence) => inside = !inside && fence == kind,
            None if inside => lines.push(line.to_owned()),
            None => {}
        }
    }
    lines
}

/// Runs the commands of a page, from a folder that looks like its own.
fn run_all(page: &str, folder: &Folder) -> Vec<String> {
    let text = std::fs::read_to_string(repository().join(page)).unwrap();
    let mut commands = Vec::new();
    for line in blocks(&text, "sh") {
        let line = line.split('#').next().unwrap().trim().to_owned();
        if line.is_empty() {
            continue;
        }
        commands.push(line.clone());
        let Some(arguments) =
            line.strip_prefix("cargo run --release -- ").or_else(|| line.strip_prefix("accolade "))
        else {
            let known = ["cargo test --release", "cargo install --path .", "cargo build --release"];
            assert!(known.contains(&line.as_str()), "{page}: what is {line:?}?");
            continue;
        };
        let arguments: Vec<String> = words(arguments);
        let ran = Ran::of(
            Command::new(env!("CARGO_BIN_EXE_accolade"))
                .current_dir(folder.path())
                .args(&arguments)
                .output()
                .unwrap(),
        );
        assert_eq!(ran.code, Some(0), "{page}: {line}\n{}", ran.stderr);
    }
    assert!(commands.len() > 3, "{page} has hardly a command");
    commands
}

/// Words as a shell parts them, with double quotes.
fn words(line: &str) -> Vec<String> {
    let parts = line.split('"').enumerate();
    parts
        .flat_map(|(at, part)| match at % 2 {
            0 => part.split_whitespace().map(str::to_owned).collect(),
            _ => vec![part.to_owned()],
        })
        .collect()
}

/// A folder that looks like the repository, as far as the page needs it.
fn like_the_repository() -> Folder {
    Folder::empty().with_example("examples/cloudnative-2020")
}

#[test]
fn the_readme_runs() {
    let commands = run_all("README.md", &like_the_repository());
    for needed in [
        "cargo run --release -- -C examples/cloudnative-2020 issue roster.csv --year 2020 --date 2021-02-01",
        "cargo test --release",
    ] {
        assert!(commands.iter().any(|command| command == needed), "no {needed}");
    }
}

#[test]
fn the_chinese_readme_has_the_same_commands() {
    assert_eq!(run_all("README.zh-CN.md", &like_the_repository()), {
        let text = std::fs::read_to_string(repository().join("README.md")).unwrap();
        blocks(&text, "sh")
            .iter()
            .map(|line| line.split('#').next().unwrap().trim().to_owned())
            .filter(|line| !line.is_empty())
            .collect::<Vec<_>>()
    });
}

#[test]
fn the_example_runs() {
    run_all("examples/cloudnative-2020/README.md", &Folder::example());
}

#[test]
fn the_configuration_in_the_readme_is_one() {
    let text = std::fs::read_to_string(repository().join("README.md")).unwrap();
    let config = blocks(&text, "toml").join("\n");
    accolade::issuer::Issuer::parse(&config).unwrap();
}
