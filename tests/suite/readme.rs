//! The READMEs are true: every command in them runs, in the order they stand, in a copy of the
//! repository's examples, and every template in them is one.

use std::process::Command;

use accolade::pdf_file::PdfFile;
use image::ImageFormat;

use crate::harness::{Folder, Ran, repository};
use crate::starting::picture;

/// A page of the repository.
fn read(page: &str) -> String {
    std::fs::read_to_string(repository().join(page)).unwrap().replace("\r\n", "\n")
}

/// The fenced blocks of a page, in order: their kinds and what is in them.
fn fenced(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.split("\n```").skip(1).step_by(2).filter_map(|block| block.split_once('\n'))
}

/// The lines of the fenced blocks of a kind.
fn blocks(text: &str, kind: &str) -> Vec<String> {
    let of_kind = fenced(text).filter(|(other, _)| *other == kind);
    of_kind.flat_map(|(_, block)| block.lines()).map(str::to_owned).collect()
}

/// Runs the commands of a page, from a folder that looks like its own.
fn run_all(page: &str, folder: &Folder) -> Vec<String> {
    let lines = blocks(&read(page), "sh");
    let commands: Vec<_> = lines.iter().filter_map(|line| run(page, line, folder)).collect();
    assert!(commands.len() > 3, "{page} has hardly a command");
    commands
}

/// Runs the command on a line of a page, if there is one; what it prints may go to a file.
fn run(page: &str, line: &str, folder: &Folder) -> Option<String> {
    let line = line.split('#').next().unwrap().trim().to_owned();
    if line.is_empty() {
        return None;
    }
    let Some(arguments) =
        line.strip_prefix("cargo run --release -- ").or_else(|| line.strip_prefix("accolade "))
    else {
        let known = ["cargo test --release", "cargo install --path .", "cargo build --release"];
        let is_known = known.contains(&line.as_str()) || line.starts_with(KEYGEN);
        assert!(is_known, "{page}: what is {line:?}?");
        return Some(line);
    };
    let (arguments, file) =
        arguments.split_once(" > ").map_or((arguments, None), |(a, file)| (a, Some(file)));
    let home = folder.file("home");
    let mut command = Command::new(env!("CARGO_BIN_EXE_accolade"));
    command.current_dir(folder.path()).args(words(arguments));
    // A key is made at home, and its passphrase is asked for.
    command.env("HOME", &home).env("USERPROFILE", &home).env("ACCOLADE_KEY_PASSPHRASE", "secret");
    command.env_remove("SSH_AUTH_SOCK");
    let ran = Ran::of(command.output().unwrap());
    assert_eq!(ran.code, Some(0), "{page}: {line}\n{}{}", ran.stdout, ran.stderr);
    if let Some(file) = file {
        folder.write(file, ran.stdout);
    }
    Some(line)
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

/// How a line begins that is for OpenSSH.
const KEYGEN: &str = "ssh-keygen ";

#[test]
#[ignore = "needs ssh-keygen"]
fn ssh_keygen_is_asked_as_the_readme_says() {
    let folder = like_the_repository();
    let lines = run_all("README.md", &folder);
    let line = lines.iter().find(|line| line.starts_with(KEYGEN)).unwrap();
    let ran =
        Ran::of(Command::new("sh").args(["-c", line]).current_dir(folder.path()).output().unwrap());
    assert_eq!(ran.code, Some(0), "{line}\n{}{}", ran.stdout, ran.stderr);
}

#[test]
fn the_chinese_readme_has_the_same_commands() {
    assert_eq!(run_all("README.zh-CN.md", &like_the_repository()), {
        blocks(&read("README.md"), "sh")
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
fn the_robot_runs() {
    let folder = Folder::example();
    folder.done("issue roster.csv --year 2020 --date 2021-02-01 --format pdf");
    run_all("examples/ci/README.md", &folder);
    let robot = read("examples/ci/github-actions.yml");
    let commands: Vec<_> =
        robot.lines().filter_map(|line| line.split_once("run: accolade ")).collect();
    assert!(!commands.is_empty());
    for (_, command) in commands {
        folder.done(command);
    }
}

/// The example of the community, with a small roster.
fn a_few_people() -> Folder {
    let roster = "姓名,类别\n沈旭,优秀志愿者\n崔浩,优秀志愿者\n杨宙,优秀志愿者\n张慧,优秀讲师\n";
    Folder::example().with("roster.csv", roster)
}

#[test]
fn the_parts_run() {
    run_all("examples/shards/README.md", &a_few_people());
}

#[test]
fn the_parts_of_a_matrix_are_united() {
    let workflow = read("examples/shards/github-actions.yml");
    for needed in ["needs: numbers", "needs: draw", "part: [0, 1, 2, 3]", "awk '!seen[$0]++'"] {
        assert!(workflow.contains(needed), "no {needed}");
    }
    let commands = workflow.lines().filter_map(|line| line.split_once("run: accolade "));
    let commands: Vec<&str> = commands.map(|(_, command)| command).collect();
    let [numbers, draw, check] = commands.try_into().unwrap();
    let whole = a_few_people();
    whole.done(numbers);
    let register = whole.read("register.jsonl");
    let mut lines: Vec<String> = Vec::new();
    for part in ["0", "1", "2", "3"] {
        let folder = a_few_people().with("register.jsonl", &register);
        folder.done(&draw.replace("${{ matrix.part }}", part));
        for path in folder.files().keys().filter(|path| path.starts_with("certificate")) {
            let path = path.to_str().unwrap();
            whole.write(path, std::fs::read(folder.file(path)).unwrap());
        }
        for line in folder.read("register.jsonl").lines().map(str::to_owned) {
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
    }
    whole.write("register.jsonl", lines.join("\n") + "\n");
    whole.done(check);
}

#[test]
fn the_job_of_kubernetes_draws_all_parts() {
    let job = read("examples/shards/kubernetes.yml");
    for needed in ["completionMode: Indexed", "completions: 4", "command: [\"accolade\"]"] {
        assert!(job.contains(needed), "no {needed}");
    }
    let (_, arguments) = job.lines().find_map(|line| line.split_once("args: ")).unwrap();
    let arguments: Vec<String> = serde_json::from_str(arguments).unwrap();
    assert_eq!(arguments[..2], ["-C", "/certificates"]);
    let folder = a_few_people();
    for index in ["0", "1", "2", "3"] {
        folder.done(&arguments[2..].join(" ").replace("$(JOB_COMPLETION_INDEX)", index));
    }
    folder.done("check");
}

#[test]
fn the_configuration_in_the_readme_is_one() {
    let config = blocks(&read("README.md"), "toml").join("\n");
    accolade::issuer::Issuer::parse(&config).unwrap();
}

#[test]
fn the_reference_of_templates_is_true() {
    all_holds("templates/README.md");
}

#[test]
fn the_chinese_reference_of_templates_is_true() {
    all_holds("templates/README.zh-CN.md");
}

/// Goes through a page about templates from top to bottom: commands are run, drawings drawn,
/// templates looked over and set.
fn all_holds(page: &str) {
    let folder = with_designs();
    for (kind, block) in fenced(&read(page)) {
        match kind {
            "sh" => block.lines().for_each(|line| {
                run(page, line, &folder);
            }),
            "svg" => folder.write("design.svg", block),
            "toml" => try_out(block, &folder),
            other => panic!("{page}: what is {other:?}?"),
        }
    }
}

/// Writes a block to the file that its first line names, or to a template with nothing else on
/// it.
fn try_out(block: &str, folder: &Folder) {
    let first = block.lines().next().unwrap();
    if first == "# accolade.toml" {
        return folder.write("accolade.toml", amended(&folder.read("accolade.toml"), block));
    }
    let named = first.strip_prefix("# templates/");
    let name = named.map_or("plain", |path| path.strip_suffix("/template.toml").unwrap());
    let page = "background = \"background.png\"\n[page]\nwidth = 1000\n";
    let text = if named.is_some() { block.to_owned() } else { format!("{page}{block}") };
    folder.write(&format!("templates/{name}/template.toml"), text);
    let signature = picture(200, 60, ImageFormat::Png);
    folder.write(&format!("templates/{name}/signature.png"), signature);
    folder.done(&format!("template check {name}"));
    folder.done(&format!("preview roster.csv --template {name}"));
}

/// A configuration with one of its tables replaced.
fn amended(config: &str, table: &str) -> String {
    let header = table.lines().find(|line| line.starts_with('[')).unwrap();
    let (before, after) = config.split_once(header).unwrap();
    let rest = after.split_once("\n\n").map_or("", |(_, rest)| rest);
    format!("{before}{table}\n\n{rest}")
}

/// A folder as `init` makes it, with all the files that the page speaks of.
fn with_designs() -> Folder {
    let folder = Folder::empty();
    folder.done("init");
    folder
        .with("design.pdf", pdf(1))
        .with("handout.pdf", pdf(2))
        .with("templates/plain/background.png", picture(1414, 1000, ImageFormat::Png))
        .with("shared-fonts/Ours.ttf", std::fs::read(repository().join(FONT)).unwrap())
}

/// A font of one's own.
const FONT: &str = "fonts/AbrilFatface-Regular.ttf";

/// A design on so many pages of A4, landscape: a frame, and a line for the name.
fn pdf(pages: u32) -> Vec<u8> {
    let mut file = PdfFile::default();
    let drawn = file.push_stream(b"", b"20 20 802 555 re 121 265 m 721 265 l S");
    let first = file.next();
    let tree = first + pages;
    let page = format!(
        "<< /Type /Page /Parent {tree} 0 R /MediaBox [0 0 842 595] /Contents {drawn} 0 R >>"
    );
    let kids: Vec<_> = (first..tree).map(|number| format!("{number} 0 R")).collect();
    for _ in &kids {
        file.push(page.as_bytes());
    }
    let kids = kids.join(" ");
    file.push(format!("<< /Type /Pages /Kids [{kids}] /Count {pages} >>").as_bytes());
    let catalog = file.push(format!("<< /Type /Catalog /Pages {tree} 0 R >>").as_bytes());
    file.finish(&format!("/Root {catalog} 0 R")).0
}
