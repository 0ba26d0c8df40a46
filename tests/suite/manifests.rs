//! What a signed manifest is trusted with: whose it is, what it tells of files that it has not,
//! and what is compared with it.

use serde_json::Value;

use crate::falsified::replaced;
use crate::harness::{Folder, Ran};
use crate::verify::{compress_again, issued, verdicts};

const V1: &str = "certificate/2020/volunteer/V20200001";
const V2: &str = "certificate/2020/volunteer/V20200002";
const V3: &str = "certificate/2020/volunteer/V20200003";

/// Three certificates, a key, a file that allows it, and a signed set; the register is elsewhere.
fn signed() -> Folder {
    let folder = issued();
    folder.done("key new --no-passphrase --force --out key");
    folder.write("signers", folder.done("key show --key key").stdout);
    folder.done("export 2020 --to set --key key");
    folder.done("export 2020 --to set.zip --key key");
    std::fs::rename(folder.file("register.jsonl"), folder.file("elsewhere")).unwrap();
    folder
}

fn refused(folder: &Folder, arguments: &str, words: &str) {
    let Ran { code, stdout, stderr } = folder.run(&format!("verify {arguments}"));
    assert!(code != Some(0), "{arguments}: {stdout}");
    assert!(stdout.contains(words) || stderr.contains(words), "{arguments}: {stdout}{stderr}");
}

#[test]
fn who_may_sign_for_one_issuer_may_not_for_another() {
    let folder = signed();
    let line = folder.read("signers");
    let key = line.split_once(' ').unwrap().1;
    for (principals, counts) in [
        ("https://example.org", true),
        ("a@b.org,https://*.org", true),
        ("https://example.???", true),
        ("https://example.com", false),
        ("HTTPS://EXAMPLE.ORG", false),
        ("*,!https://example.org", false),
        ("a@b.org", false),
    ] {
        folder.write("these", format!("{principals} {key}"));
        for arguments in [
            "set",
            "set.zip",
            "set/manifest.json",
            "set/volunteer/V20200001.png --manifest set/manifest.json",
        ] {
            if counts {
                let ran = folder.done(&format!("verify {arguments} --signers these"));
                let words = "; signed by https://example.org\n";
                assert!(ran.stdout.ends_with(words), "{arguments}: {}", ran.stdout);
                let report = folder.json(&format!("verify {arguments} --signers these"));
                assert_eq!(report[0]["signed_by"], "https://example.org");
            } else {
                let words = format!("of {principals}, who may not sign for https://example.org");
                refused(&folder, &format!("{arguments} --signers these"), &words);
            }
        }
    }
    // Of two lines with one key, the one that fits counts.
    folder.write("these", format!("https://example.com {key}\n{line}"));
    folder.done("verify set --signers these");
}

#[test]
fn a_manifest_that_is_named_is_the_yardstick_of_every_file() {
    let folder = signed();
    // What is handed on is not signed, and not all that was issued.
    for file in ["manifest.json.sig", "manifest.json", "SHA256SUMS"] {
        std::fs::rename(folder.file(&format!("set/{file}")), folder.file(file)).unwrap();
    }
    let zip = folder.file("some.zip");
    let mut writer = zip::ZipWriter::new(std::fs::File::create(zip).unwrap());
    let options = zip::write::SimpleFileOptions::default();
    writer.start_file("one.png", options).unwrap();
    std::io::Write::write_all(
        &mut writer,
        &std::fs::read(folder.file(&format!("{V1}.png"))).unwrap(),
    )
    .unwrap();
    writer.finish().unwrap();
    let ran = folder.done("verify set some.zip --manifest manifest.json --signers signers");
    assert_eq!(ran.stdout.matches("; signed by https://example.org\n").count(), 2);
    // What a set says of itself is compared with it.
    let manifest = folder.read("manifest.json");
    folder.write("set/manifest.json", manifest.replace("Ann Lee", "Ann Eel"));
    let arguments = "set --manifest manifest.json --signers signers";
    assert_eq!(verdicts(&folder, arguments)[0], ("manifest.json".into(), "altered".into()));
    refused(&folder, arguments, "it has another name");
    let arguments = "set/manifest.json --manifest manifest.json --signers signers";
    refused(&folder, arguments, "it has another name");
}

#[test]
fn a_manifest_knows_what_stands_no_more() {
    let folder = issued();
    for (file, to) in [(V1, "revoked"), (V2, "superseded"), (V3, "forgotten")] {
        for ending in ["png", "pdf"] {
            let to = folder.file(&format!("{to}.{ending}"));
            std::fs::copy(folder.file(&format!("{file}.{ending}")), to).unwrap();
        }
    }
    folder.write("late.csv", "name,category\n张慧,lecturer\n李响,lecturer\n");
    folder.done("issue late.csv --year 2020 --date 2021-02-01");
    folder.done("revoke V20200001 --reason withdrawn");
    folder.done("reissue V20200002 --name Anne --reason misspelt");
    folder.done("forget V20200003 --yes");
    folder.done("forget 张慧 --yes");
    folder.done("export 2020 --to set");
    let text = folder.read("set/manifest.json");
    for secret in ["马宏菊", "张慧", "forgotten-"] {
        assert!(!text.contains(secret), "{secret}");
    }
    let manifest: Value = serde_json::from_str(&text).unwrap();
    let statuses: Vec<_> = manifest["certificates"]
        .as_array()
        .unwrap()
        .iter()
        .map(|listed| (listed["id"].as_str().unwrap(), listed["status"].as_str().unwrap()))
        .collect();
    let expected = [
        ("V20200001", "revoked"),
        ("V20200002", "current"),
        ("V20200003", "forgotten"),
        ("李响", "current"),
    ];
    assert_eq!(statuses, expected);
    let forgotten = &manifest["certificates"][2];
    assert_eq!((forgotten["name"].as_str(), &forgotten["year"]), (Some(""), &Value::from(2020)));
    // Where nothing was drawn before, nothing is said of it.
    assert!(manifest["certificates"][3].get("earlier").is_none());
    folder.done("export 2020 --to again");
    assert_eq!(folder.read("again/manifest.json"), text);

    std::fs::rename(folder.file("register.jsonl"), folder.file("elsewhere")).unwrap();
    for word in ["revoked", "superseded", "forgotten"] {
        for ending in ["png", "pdf"] {
            let arguments = format!("{word}.{ending} --manifest set/manifest.json");
            assert_eq!(verdicts(&folder, &arguments)[0].1, word, "{ending}");
            // One that was changed is not taken for it.
            let mut bytes = std::fs::read(folder.file(&format!("{word}.{ending}"))).unwrap();
            if ending == "pdf" {
                bytes.push(b'\n');
                folder.write("longer.pdf", bytes);
                let arguments = "longer.pdf --manifest set/manifest.json";
                assert_eq!(verdicts(&folder, arguments)[0].1, "altered", "{word}");
            }
        }
    }
    // Manifests of before tell what they can.
    let mut earlier = manifest.clone();
    for listed in earlier["certificates"].as_array_mut().unwrap() {
        listed.as_object_mut().unwrap().remove("earlier");
    }
    folder.write("set/manifest.json", earlier.to_string());
    let arguments = "revoked.png --manifest set/manifest.json";
    assert_eq!(verdicts(&folder, arguments)[0].1, "revoked");
}

#[test]
fn a_manifest_of_one_format_says_nothing_of_another() {
    let folder = issued();
    folder.done("export 2020 --to set --format png");
    let pdf = format!("{V1}.pdf --manifest set/manifest.json");
    assert_eq!(verdicts(&folder, &pdf)[0].1, "unknown");
    refused(&folder, &pdf, "there is no file of its kind here");
}

#[test]
fn all_that_a_file_says_is_compared_with_the_manifest() {
    let folder = signed();
    let picture = std::fs::read(folder.file(&format!("{V1}.png"))).unwrap();
    let arguments = "one.png --manifest set/manifest.json --signers signers";
    for (from, to, field) in [
        ("沈旭", "沈日", "name \"沈日\", and it is \"沈旭\""),
        ("优秀志愿者", "优秀讲师者", "award"),
        ("云原生社区", "云原生社团", "issuer"),
        ("https://example.org", "https://examp1e.org", "url"),
        ("2021-02-01T", "2021-02-02T", "date"),
        ("zh-CN", "zh-TW", "language"),
        (" · V20200001<", " · V20200009<", "title"),
    ] {
        folder.write("one.png", replaced(&picture, from, to));
        refused(&folder, arguments, &format!("it says the {field}"));
    }
    // One that says nothing is as good, and manifests of before tell what they can.
    compress_again(&folder.file(&format!("{V1}.png")), &folder.file("one.png"), |_| {});
    folder.done(&format!("verify {arguments}"));
    let mut manifest: Value = serde_json::from_str(&folder.read("set/manifest.json")).unwrap();
    for listed in manifest["certificates"].as_array_mut().unwrap() {
        assert_eq!(listed["says"]["date"], "2021-02-01");
        listed.as_object_mut().unwrap().remove("says");
    }
    folder.write("before.json", manifest.to_string());
    folder.done(&format!("verify {V1}.png --manifest before.json"));
    folder.write("one.png", replaced(&picture, "沈旭", "沈日"));
    refused(&folder, "one.png --manifest before.json", "it says the name ");
}

#[test]
fn a_signed_register_is_verified_by_itself() {
    let folder = signed();
    std::fs::rename(folder.file("elsewhere"), folder.file("register.jsonl")).unwrap();
    folder.done("sign --key key");
    let elsewhere = Folder::empty();
    for file in ["register.jsonl", "register.jsonl.sig", "signers"] {
        elsewhere.write(file, folder.read(file));
    }
    let given = elsewhere.file("given");
    std::fs::create_dir(&given).unwrap();
    for file in ["register.jsonl", "register.jsonl.sig"] {
        std::fs::rename(elsewhere.file(file), given.join(file)).unwrap();
    }
    let ran = elsewhere.done("verify given/register.jsonl --signers signers");
    let words = "a register of 3 certificates, unaltered; signed by https://example.org\n";
    assert!(ran.stdout.ends_with(words), "{}", ran.stdout);
    // One of another address may not sign it, and is no issuer of what is in it.
    let others = elsewhere.read("signers").replace("https://example.org", "https://friend.org");
    elsewhere.write("others", others);
    let ran = elsewhere.run("verify given/register.jsonl --signers others");
    assert_eq!(ran.code, Some(3));
    assert!(ran.stdout.contains("may not sign for https://example.org"), "{}", ran.stdout);
    let ran = folder.run("verify register.jsonl");
    assert!(ran.code == Some(1) && ran.stdout.contains("--signers FILE"), "{}", ran.stdout);

    // What was issued since is not signed. A key in the folder would be a finding of its own.
    let key = elsewhere.file("key");
    std::fs::rename(folder.file("key"), &key).unwrap();
    let notes = |folder: &Folder| folder.json("check")["notes"].clone();
    assert_eq!(notes(&folder), Value::Array(Vec::new()));
    folder.write("late.csv", "name,category\n崔浩,volunteer\n");
    folder.done("issue late.csv --year 2020 --date 2021-02-01");
    let note = &notes(&folder)[0];
    assert_eq!(note["place"], "register.jsonl.sig");
    assert_eq!(note["message"], "it is of an earlier state of the register");
    assert_eq!(note["remedy"], "accolade sign");
    refused(&folder, "register.jsonl --signers signers", "of something else, or this was altered");
    folder.write("register.jsonl.sig", "no signature");
    assert!(notes(&folder)[0]["message"].as_str().unwrap().contains("it is no signature"));
    folder.done(&format!("sign --key {}", key.display()));
    assert_eq!(notes(&folder), Value::Array(Vec::new()));
}
