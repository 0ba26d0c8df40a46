//! Keys and signatures: made and used through the real binary, and checked by ssh-keygen.

use std::path::Path;
use std::process::{Command, Output};

use crate::harness::{Folder, Ran};

/// An issuer in `us`, with a certificate, and room for keys beside it.
fn issuer() -> Folder {
    let folder = Folder::empty();
    folder.write("us/accolade.toml", Folder::issuer().read("accolade.toml"));
    folder.write("us/roster.csv", "name,category\n沈旭,volunteer\nAnn Lee,lecturer\n");
    folder.done("-C us issue roster.csv --year 2020 --date 2021-02-01 --format pdf");
    folder
}

/// Runs the binary with a home of its own and no agent, in the issuer's folder.
fn run(folder: &Folder, arguments: &str, environment: &[(&str, &str)]) -> Ran {
    let output = Command::new(env!("CARGO_BIN_EXE_accolade"))
        .arg("-C")
        .arg(folder.file("us"))
        .args(arguments.split(' '))
        .env("HOME", folder.file("home"))
        .env("USERPROFILE", folder.file("home"))
        .env_remove("SSH_AUTH_SOCK")
        .env_remove("ACCOLADE_KEY_PASSPHRASE")
        .envs(environment.iter().copied())
        .output();
    Ran::of(output.unwrap())
}

fn done(folder: &Folder, arguments: &str, environment: &[(&str, &str)]) -> Ran {
    let ran = run(folder, arguments, environment);
    assert_eq!(ran.code, Some(0), "{arguments}\n{}", ran.stderr);
    ran
}

fn refused(folder: &Folder, arguments: &str, environment: &[(&str, &str)], words: &[&str]) {
    let ran = run(folder, arguments, environment);
    assert_eq!(ran.code, Some(1), "{arguments}\n{}{}", ran.stdout, ran.stderr);
    for word in words {
        assert!(ran.stderr.contains(word), "{arguments}: no {word} in\n{}", ran.stderr);
    }
}

#[test]
fn a_key_is_made_once_for_its_owner_alone_and_not_where_it_would_be_published() {
    let folder = issuer();
    let ran = done(&folder, "key new --no-passphrase", &[]);
    assert!(ran.stdout.contains("\nssh-ed25519 AAAA"), "{}", ran.stdout);
    let file = folder.file("home/.ssh/accolade_ed25519");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }
    let key = std::fs::read(&file).unwrap();
    refused(&folder, "key new --no-passphrase", &[], &["there already", "hint:"]);
    assert_eq!(std::fs::read(&file).unwrap(), key);
    refused(&folder, "key new --no-passphrase --out key", &[], &["others may get to see", "hint:"]);
    folder.write("repository/.git/HEAD", "");
    let place = "key new --no-passphrase --out ../repository/below/key";
    refused(&folder, place, &[], &["repository"]);
    assert!(!folder.file("repository/below").exists() && !folder.file("us/key").exists());
    done(&folder, &format!("{place} --force"), &[]);
    assert!(folder.file("repository/below/key.pub").is_file());
}

#[test]
fn a_passphrase_is_wanted_unless_it_is_said_that_there_is_none() {
    let folder = issuer();
    refused(&folder, "key new", &[], &["no terminal", "ACCOLADE_KEY_PASSPHRASE"]);
    let secret = [("ACCOLADE_KEY_PASSPHRASE", "secret 秘密")];
    refused(&folder, "key new", &[("ACCOLADE_KEY_PASSPHRASE", "")], &["--no-passphrase"]);
    done(&folder, "key new --comment us", &secret);
    refused(&folder, "sign", &[], &["no terminal"]);
    refused(&folder, "sign", &[("ACCOLADE_KEY_PASSPHRASE", "wrong")], &["passphrase", "hint:"]);
    assert!(!folder.file("us/register.jsonl.sig").exists());
    done(&folder, "sign", &secret);
    // What others need to check is said without it.
    let line = done(&folder, "key show", &[]).stdout;
    assert!(line.starts_with("https://example.org namespaces=\"accolade\" ssh-ed25519 "), "{line}");
}

#[test]
fn a_key_that_lies_where_it_is_published_is_told_of() {
    let folder = issuer();
    done(&folder, "check", &[]);
    done(&folder, "key new --no-passphrase --force --out keys/ours", &[]);
    folder.write("us/keys/README", "-----BEGIN with the keys");
    for arguments in ["sign --key keys/ours", "export 2020 --to ../out --key keys/ours"] {
        let ran = done(&folder, arguments, &[]);
        assert!(ran.stderr.starts_with("warning: "), "{}", ran.stderr);
        assert!(ran.stderr.contains("move it out"), "{}", ran.stderr);
    }
    let ran = run(&folder, "check", &[]);
    assert_eq!(ran.code, Some(3), "{}", ran.stderr);
    assert!(ran.stdout.starts_with("keys/ours: whoever gets to see"), "{}", ran.stdout);
    assert_eq!(ran.stdout.lines().count(), 1, "{}", ran.stdout);
    std::fs::rename(folder.file("us/keys/ours"), folder.file("ours")).unwrap();
    done(&folder, "check", &[]);
    assert_eq!(done(&folder, "sign --key ../ours -q", &[]).stderr, "");
}

#[test]
#[cfg(unix)]
fn a_key_that_others_may_read_is_told_of() {
    use std::os::unix::fs::PermissionsExt;
    let folder = issuer();
    done(&folder, "key new --no-passphrase --out ../key", &[]);
    for (mode, is_told) in [(0o644, true), (0o620, true), (0o600, false), (0o400, false)] {
        let permissions = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(folder.file("key"), permissions).unwrap();
        let ran = done(&folder, "sign --key ../key", &[]);
        assert_eq!(ran.stderr.contains("chmod 600 "), is_told, "{mode:o}: {}", ran.stderr);
    }
}

#[test]
fn an_export_is_signed_and_twice_the_same() {
    let folder = issuer();
    done(&folder, "key new --no-passphrase --out ../key", &[]);
    let config = folder.read("us/accolade.toml");
    let config = config.replace("[issuer]", "[issuer]\nkey = \"../key\"");
    folder.write("us/accolade.toml", config);
    done(&folder, "export 2020 --to ../out --sign", &[]);
    assert!(folder.read("out/manifest.json.sig").starts_with("-----BEGIN SSH SIGNATURE-----\n"));
    let files = folder.files();
    done(&folder, "export 2020 --to ../out --key ../key", &[]);
    assert_eq!(folder.files(), files);
    done(&folder, "export 2020 --to ../out.zip --sign", &[]);
    let bytes = std::fs::read(folder.file("out.zip")).unwrap();
    done(&folder, "export 2020 --to ../out.zip --sign", &[]);
    assert!(std::fs::read(folder.file("out.zip")).unwrap() == bytes);
    // An export that is not signed does not keep a signature of another manifest, and says so once.
    for (to, is_told) in [("out", true), ("out.zip", true), ("out", false), ("out.zip", false)] {
        let ran = done(&folder, &format!("export 2020 --to ../{to}"), &[]);
        assert_eq!(ran.stderr.contains("not signed"), is_told, "{to}: {}", ran.stderr);
    }
    assert!(!folder.file("out/manifest.json.sig").exists());
}

/// A key that was made for this test, with the passphrase `secret`, by `ssh-keygen -Z 3des-cbc`.
const TRIPLE_DES: &str = "\
-----BEGIN OPENSSH PRIVATE KEY-----
b3BlbnNzaC1rZXktdjEAAAAACDNkZXMtY2JjAAAABmJjcnlwdAAAABgAAAAQD+J6MkN0U8
Q/kGng2xCOJAAAABAAAAABAAAAMwAAAAtzc2gtZWQyNTUxOQAAACDM7p5SEQ11Egr801eo
98/Jf8xNXfiho+6+tKIgZqyxhAAAAIjOViKl2eNj6/fmCQR95IXTyFUIHDugUwtHCN+VTB
CPkdL6ykBWuf+gnNvIzgxwkJhF31cgYPDSJuccTa/gbY82q6BYMm5vYMJIBYVuxUUKXgcD
eMupRE8OsnKJyNpQefbrvMFjZiGAA1Wsltu0h2PKPWCqh2q48OJoUcqtHdnielILLamKfG
2g
-----END OPENSSH PRIVATE KEY-----
";

#[test]
fn an_issuer_is_known_by_where_its_certificates_are_verified_too() {
    let folder = issuer();
    let config = folder.read("us/accolade.toml");
    let elsewhere = "[issuer]\ncertificate_url = \"https://verify.example.net/{id}\"";
    folder.write("us/accolade.toml", config.replace("[issuer]", elsewhere));
    folder.write("us/late.csv", "name,category\n崔浩,volunteer\n");
    done(&folder, "issue late.csv --year 2021 --date 2022-02-01 --format pdf", &[]);
    done(&folder, "key new --no-passphrase --out ../key", &[]);
    done(&folder, "sign --key ../key", &[]);
    let line = done(&folder, "key show --key ../key", &[]).stdout;
    assert!(line.starts_with("https://example.org,https://verify.example.net name"), "{line}");
    folder.write("signers", &line);
    done(&folder, "verify register.jsonl --signers ../signers", &[]);
    folder.write("signers", line.replacen(",https://verify.example.net", "", 1));
    let ran = run(&folder, "verify register.jsonl --signers ../signers", &[]);
    assert_eq!(ran.code, Some(3));
    assert!(ran.stdout.contains("may not sign for https://verify.example.net/"), "{}", ran.stdout);
}

#[test]
fn what_cannot_sign_is_refused_before_anything_is_written() {
    let folder = issuer();
    folder.write("text", "hello");
    folder.write("rsa.pub", "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQDO3M2dGJh1tuBhRkcAMSNVsIFPQ0SMGIvQ7GYVX2rUhUzyMpLBGsUpXpfYDvYRLZBd1pYKWg3Wmp7rdSnB3fJu4DqBYUPOtVwRmIRqRZrH0VhJ0J2U9VvYr6mVXQ== a@b");
    folder.write("pem", "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n");
    folder.write("des", TRIPLE_DES);
    done(&folder, "key new --no-passphrase --out ../key", &[]);
    let before = folder.files();
    let sock = folder.file("nobody");
    let sock = [("SSH_AUTH_SOCK", sock.to_str().unwrap())];
    let secret = [("ACCOLADE_KEY_PASSPHRASE", "secret")];
    for (key, environment, words) in [
        ("", &[][..], ["no key", "accolade key new"]),
        (" --key ../none", &[], ["cannot read", "hint:"]),
        (" --key ..", &[], ["cannot read", "hint:"]),
        (" --key ../text", &[], ["no key that can be used", "hint:"]),
        (" --key ../rsa.pub", &[], ["rsa", "hint:"]),
        (" --key ../pem", &[], ["OpenSSH", "ssh-keygen -p"]),
        (" --key ../des", &secret, ["3des-cbc", "ssh-keygen -p -Z aes256-ctr"]),
        (" --key ../key.pub", &[], ["no ssh-agent answers", "SSH_AUTH_SOCK"]),
        (" --key ../key.pub", &sock, ["no ssh-agent answers", "hint:"]),
    ] {
        refused(&folder, &format!("sign{key}"), environment, &words);
        refused(&folder, &format!("export 2020 --to ../out --sign{key}"), environment, &words);
        assert_eq!(folder.files(), before);
    }
}

fn keygen(folder: &Folder, arguments: &[&str], input: &Path) -> Output {
    Command::new("ssh-keygen")
        .args(arguments)
        .current_dir(folder.path())
        .stdin(std::fs::File::open(folder.file("").join(input)).unwrap())
        .output()
        .unwrap_or_else(|error| panic!("ssh-keygen is needed: {error}"))
}

#[test]
#[ignore = "needs ssh-keygen"]
fn ssh_keygen_accepts_what_was_signed_and_nothing_else() {
    let folder = issuer();
    done(&folder, "key new --no-passphrase", &[]);
    folder.write("signers", done(&folder, "key show", &[]).stdout);
    done(&folder, "export 2020 --to ../out --sign", &[]);
    done(&folder, "sign", &[]);
    let verify = |namespace: &str, principal: &str, file: &str, signature: &str| {
        let arguments =
            ["-Y", "verify", "-f", "signers", "-I", principal, "-n", namespace, "-s", signature];
        keygen(&folder, &arguments, Path::new(file)).status.success()
    };
    let us = "https://example.org";
    assert!(verify("accolade", us, "out/manifest.json", "out/manifest.json.sig"));
    assert!(verify("accolade", us, "us/register.jsonl", "us/register.jsonl.sig"));
    for file in ["out/manifest.json", "us/register.jsonl"] {
        let signature = format!("{file}.sig");
        assert!(!verify("file", us, file, &signature));
        assert!(!verify("accolade", "https://example.com", file, &signature));
        let text = folder.read(file);
        folder.write(file, text.replacen("2020", "2021", 1));
        assert!(!verify("accolade", us, file, &signature));
    }
    // One that was made for something else is refused here as well.
    for (signed, namespace) in [("out/manifest.json", "file"), ("us/register.jsonl", "git")] {
        let key = "home/.ssh/accolade_ed25519";
        let arguments = ["-Y", "sign", "-f", key, "-n", namespace, signed];
        std::fs::remove_file(folder.file(&format!("{signed}.sig"))).unwrap();
        assert!(keygen(&folder, &arguments, Path::new(signed)).status.success());
        assert!(!verify("accolade", us, signed, &format!("{signed}.sig")));
    }
    let ran = run(&folder, "verify ../out --signers ../signers", &[]);
    assert_eq!(ran.code, Some(3));
    assert!(ran.stdout.contains("made for something else"), "{}", ran.stdout);
}

/// A file of allowed signers may be shared with git: keys of other kinds stand in it, and do not
/// count.
#[test]
#[ignore = "needs ssh-keygen"]
fn a_signature_of_another_kind_of_key_is_named_with_its_line() {
    let folder = issuer();
    done(&folder, "key new --no-passphrase", &[]);
    let line = done(&folder, "key show", &[]).stdout;
    for (kind, name) in [("rsa", "ssh-rsa"), ("ecdsa", "ecdsa-sha2-nistp256")] {
        let arguments = ["-q", "-t", kind, "-N", "", "-f", kind];
        assert!(keygen(&folder, &arguments, Path::new("us/roster.csv")).status.success());
        let public = folder.read(&format!("{kind}.pub"));
        folder.write("signers", format!("{line}https://example.org {public}"));
        done(&folder, "export 2020 --to ../out --sign", &[]);
        done(&folder, "verify ../out --signers ../signers", &[]);
        std::fs::remove_file(folder.file("out/manifest.json.sig")).unwrap();
        let arguments = ["-Y", "sign", "-f", kind, "-n", "accolade", "out/manifest.json"];
        assert!(keygen(&folder, &arguments, Path::new("out/manifest.json")).status.success());
        let ran = run(&folder, "verify ../out --signers ../signers", &[]);
        assert_eq!(ran.code, Some(3));
        for words in ["allowed signers, line 2", name, "Ed25519"] {
            assert!(ran.stdout.contains(words), "{}", ran.stdout);
        }
    }
}

#[test]
#[ignore = "needs ssh-keygen"]
fn keys_of_ssh_keygen_sign_with_and_without_a_passphrase_and_by_an_agent() {
    let folder = issuer();
    for (file, passphrase) in [("plain", ""), ("locked", "secret")] {
        let arguments = ["-q", "-t", "ed25519", "-N", passphrase, "-f", file];
        assert!(keygen(&folder, &arguments, Path::new("us/roster.csv")).status.success());
    }
    done(&folder, "sign --key ../plain", &[]);
    done(&folder, "sign --key ../locked", &[("ACCOLADE_KEY_PASSPHRASE", "secret")]);
    let signature = folder.read("us/register.jsonl.sig");
    let socket = folder.file("agent");
    let agent = Command::new("ssh-agent").arg("-D").arg("-a").arg(&socket).spawn();
    let mut agent = agent.unwrap();
    while !socket.exists() {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let environment = [("SSH_AUTH_SOCK", socket.to_str().unwrap())];
    refused(&folder, "sign --key ../locked.pub", &environment, &["ssh-add"]);
    folder.write("ask", "#!/bin/sh\necho secret\n");
    let added = Command::new("sh")
        .args(["-c", "chmod +x ask && chmod 600 locked && ssh-add -q locked"])
        .current_dir(folder.path())
        .envs(environment)
        .env("SSH_ASKPASS", folder.file("ask"))
        .env("SSH_ASKPASS_REQUIRE", "force")
        .status();
    assert!(added.unwrap().success());
    for key in ["locked", "locked.pub"] {
        std::fs::remove_file(folder.file("us/register.jsonl.sig")).unwrap();
        done(&folder, &format!("sign --key ../{key}"), &environment);
        assert_eq!(folder.read("us/register.jsonl.sig"), signature, "{key}");
    }
    agent.kill().unwrap();
    agent.wait().unwrap();
}
