//! The house stays as it is drawn: rooms import downwards only, files stay small, and only the
//! command line speaks, reads the clock or the environment.

use std::path::{Path, PathBuf};

use crate::harness::repository;

/// Each room, from the ground up, with the rooms it may import besides itself.
const ROOMS: &[(&str, &[&str])] = &[
    ("pattern", &[]),
    ("id", &[]),
    ("disk", &[]),
    ("text", &[]),
    ("certificate", &["text"]),
    ("wording", &[]),
    ("settings", &[]),
    ("shell", &[]),
    ("shard", &[]),
    ("pdf_file", &[]),
    ("trust", &["disk"]),
    ("fonts", &["disk"]),
    ("issuer", &["certificate", "disk", "id", "pattern", "settings", "text", "wording"]),
    ("roster", &["certificate", "disk", "id", "issuer", "text", "wording"]),
    ("register", &["certificate", "disk", "id", "issuer", "text"]),
    ("template", &["disk", "fonts", "pattern", "pdf_file", "settings"]),
    ("typeset", &["certificate", "fonts", "template", "wording"]),
    ("render", &["certificate", "disk", "fonts", "pdf_file", "template", "typeset"]),
    (
        "issuance",
        &[
            "certificate",
            "disk",
            "id",
            "issuer",
            "pattern",
            "register",
            "render",
            "roster",
            "text",
            "typeset",
            "wording",
        ],
    ),
    (
        "export",
        &[
            "certificate",
            "disk",
            "fonts",
            "id",
            "issuance",
            "issuer",
            "register",
            "render",
            "shard",
            "template",
            "text",
            "trust",
            "typeset",
        ],
    ),
    ("verify", &["certificate", "disk", "export", "register", "render", "text", "trust"]),
    (
        "preview",
        &[
            "certificate",
            "disk",
            "fonts",
            "issuance",
            "issuer",
            "render",
            "roster",
            "template",
            "text",
            "typeset",
        ],
    ),
    (
        "check",
        &[
            "certificate",
            "disk",
            "export",
            "fonts",
            "issuance",
            "issuer",
            "register",
            "render",
            "shell",
            "template",
            "trust",
        ],
    ),
    (
        "cli",
        &[
            "certificate",
            "check",
            "disk",
            "export",
            "fonts",
            "id",
            "issuance",
            "issuer",
            "preview",
            "register",
            "render",
            "roster",
            "shard",
            "shell",
            "template",
            "text",
            "trust",
            "typeset",
            "verify",
        ],
    ),
];

fn sources() -> Vec<(PathBuf, String)> {
    let mut sources = Vec::new();
    let mut waiting = vec![repository().join("src")];
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                sources.push((path.clone(), std::fs::read_to_string(path).unwrap()));
            }
        }
    }
    assert!(sources.len() > 30);
    sources
}

fn room(path: &Path) -> String {
    let inside = path.strip_prefix(repository().join("src")).unwrap();
    let first = inside.components().next().unwrap();
    Path::new(first.as_os_str()).file_stem().unwrap().to_str().unwrap().to_owned()
}

/// The rooms a source names after `crate::`.
fn imports(source: &str) -> Vec<String> {
    let after = source.split("crate::").skip(1);
    after
        .map(|rest| rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect())
        .collect()
}

#[test]
fn rooms_import_downwards_only() {
    for (path, source) in sources() {
        let room = room(&path);
        if room == "lib" || room == "main" {
            continue;
        }
        let (_, allowed) = ROOMS.iter().find(|(name, _)| *name == room).unwrap_or_else(|| {
            panic!("{room} is no room of the house: draw it into the plan first")
        });
        for import in imports(&source) {
            assert!(
                import == room || allowed.contains(&import.as_str()),
                "{} imports {import}, and {room} may not",
                path.display()
            );
        }
    }
}

#[test]
fn the_plan_has_no_circles() {
    for (at, (room, allowed)) in ROOMS.iter().enumerate() {
        for import in *allowed {
            let below = ROOMS[..at].iter().any(|(name, _)| name == import);
            assert!(below, "{room} stands below {import}");
        }
    }
}

#[test]
fn every_file_is_small_and_opens_with_its_purpose() {
    for (path, source) in sources() {
        assert!(source.starts_with("//! "), "{} does not say what it is for", path.display());
        assert!(source.lines().count() <= 400, "{} wants to be parted", path.display());
    }
}

#[test]
fn only_the_command_line_speaks_and_looks_around() {
    for (path, source) in sources() {
        if ["cli", "main", "lib"].contains(&room(&path).as_str()) {
            continue;
        }
        for word in
            ["println!", "eprint", "Local::now", "Utc::now", "env::var", "clap", "SystemTime"]
        {
            assert!(!source.contains(word), "{} has {word}", path.display());
        }
    }
}
