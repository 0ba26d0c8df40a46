//! Adopting what other hands have issued: honour rolls as communities keep them, gaps and all,
//! and the pictures that lie beside them.

use std::path::PathBuf;

use image::{ImageEncoder, RgbImage};
use serde_json::Value;

use crate::harness::Folder;

/// A page with a table, in the shape that communities publish.
const VOLUNTEERS: &str = "# 2020年度优秀志愿者\n\n\
    感谢在社区的贡献，选出 **“2020年度优秀志愿者”**。\n\n（排名不分先后）\n\n\
    | 编号 | 姓名 | city |\n| :--- | :---: | --- |\n\
    | [V20200001](https://example.org/volunteer/V20200001.png) | 沈旭 | 上海 |\n\
    | [V20200002](https://example.org/volunteer/V20200002.png) |  Ann  | |\n\
    | [V20200005](https://example.org/volunteer/V20200005.png) | 刘德涵 | |\n";

/// A page with a list, and a heading that says the year.
const LECTURERS: &str = "# 2020年度优秀讲师\n\n（排名不分先后）\n\
    - [张慧](https://example.org/lecturer/张慧.png)\n\
    - [张城（元乙）](https://example.org/lecturer/张城（元乙）.png)\n\
    - [沈旭](https://example.org/lecturer/沈旭.png)";

/// A small picture in one colour.
fn png(grey: u8, compression: image::codecs::png::CompressionType) -> Vec<u8> {
    let picture = RgbImage::from_pixel(40, 30, image::Rgb([grey, 80, 120]));
    let mut bytes = Vec::new();
    image::codecs::png::PngEncoder::new_with_quality(
        &mut bytes,
        compression,
        image::codecs::png::FilterType::Sub,
    )
    .write_image(&picture, 40, 30, image::ExtendedColorType::Rgb8)
    .unwrap();
    bytes
}

fn picture(grey: u8) -> Vec<u8> {
    png(grey, image::codecs::png::CompressionType::Fast)
}

fn community() -> Folder {
    Folder::issuer()
        .with("volunteer.md", VOLUNTEERS)
        .with("lecturer.md", LECTURERS)
        .with("certificate/2020/volunteer/V20200001.png", picture(1))
        .with("certificate/2020/volunteer/V20200002.png", picture(2))
        .with("certificate/2020/volunteer/V20200002.pdf", "%PDF-1.7\n")
        .with("certificate/2020/volunteer/V20200007.png", picture(7))
        .with("certificate/2020/lecturer/张慧.png", picture(10))
        // Some systems keep names decomposed, and some people call pictures by name.
        .with("certificate/2020/lecturer/张城（元乙）.png", picture(11))
}

fn files_of(folder: &Folder, id: &str, category: &str) -> Value {
    folder.json(&format!("show {id} --category {category}"))["files"].clone()
}

#[test]
fn pages_are_adopted_with_their_gaps_and_their_pictures() {
    let folder = community();
    let before = folder.files();
    let dry = folder.done("adopt volunteer.md --date 2021-02-01 --pictures certificate --dry-run");
    assert_eq!(folder.files(), before);
    assert_eq!(
        dry.stdout,
        "+ V20200001  沈旭  (volunteer 2020)  certificate/2020/volunteer/V20200001.png\n\
         + V20200002  Ann  (volunteer 2020)  certificate/2020/volunteer/V20200002.png and pdf\n\
         + V20200005  刘德涵  (volunteer 2020)  no picture\n"
    );
    let ran =
        folder.done("adopt volunteer.md --date 2021-02-01 --pictures certificate/2020/volunteer");
    for said in ["adopted 3 certificates, 2 with pictures", "V20200005", "volunteer/V20200007.png"]
    {
        assert!(ran.stderr.contains(said), "{said}\n{}", ran.stderr);
    }
    assert!(ran.stdout.contains("V20200001 … V20200005"), "{}", ran.stdout);
    folder.done("adopt lecturer.md --date 2021-02-01");
    let mut after = folder.files();
    assert!(after.remove(&PathBuf::from("register.jsonl")).is_some());
    assert_eq!(after, before, "nothing is drawn and nothing is touched");

    let shown = folder.json("show V20200001");
    assert_eq!(shown["certificate"]["date"], "2021-02-01");
    assert_eq!(shown["certificate"]["year"], 2020);
    assert_eq!(shown["certificate"]["fields"]["city"], "上海");
    assert_eq!(shown["template"], Value::Null);
    assert_eq!(files_of(&folder, "V20200002", "volunteer").as_object().unwrap().len(), 2);
    assert_eq!(folder.json("show 张城（元乙）")["certificate"]["year"], 2020);
    assert_eq!(files_of(&folder, "沈旭", "lecturer"), serde_json::json!({}));

    // Gaps stay, and the next number is above all.
    folder.write("more.csv", "name\nNew\n");
    folder.done("issue more.csv --category volunteer --year 2020 --format pdf");
    assert_eq!(folder.list()[3].0, "V20200006");
}

#[test]
fn adopting_twice_adopts_nothing_the_second_time() {
    let folder = community();
    folder.done("adopt volunteer.md --date 2021-02-01");
    let before = folder.files();
    let ran = folder.done("adopt volunteer.md --date 2021-02-01 --pictures certificate");
    assert!(ran.stderr.contains("adopted 0 certificates, 3 stood"), "{}", ran.stderr);
    assert_eq!(folder.files(), before);
    // Nor does a roster with the same people issue anything.
    folder.write("roster.csv", "name,category\n沈旭,volunteer\nAnn,volunteer\n");
    let ran = folder.done("issue roster.csv --year 2020");
    assert!(ran.stderr.contains("issued 0"), "{}", ran.stderr);
    assert_eq!(folder.json("adopt volunteer.md --date 2021-02-01")["unchanged"], 3);
}

#[test]
fn a_picture_that_was_compressed_again_is_the_same() {
    let folder = community();
    folder.done("adopt volunteer.md --date 2021-02-01");
    let recorded = files_of(&folder, "V20200001", "volunteer");
    let other = community();
    let again = png(1, image::codecs::png::CompressionType::Best);
    assert_ne!(again, picture(1));
    other.write("certificate/2020/volunteer/V20200001.png", again);
    other.done("adopt volunteer.md --date 2021-02-01");
    assert_eq!(files_of(&other, "V20200001", "volunteer"), recorded);
}

#[test]
fn one_page_may_have_everyone_and_any_roster_with_numbers_will_do() {
    let page = "Honour roll\n===\n- [志愿者](#a)\n\n## 优秀志愿者 of 2019\n\
        1. V20190003 Ann\n2. Bob (V20190001)\n\n\
        ## 2020\n### 志愿者\n| name | No. | 编号 |\n|--|--|--|\n| Cid | 1 | V20200001 |\n";
    let folder = Folder::issuer().with("README.md", page);
    let ran = folder.done("adopt README.md --date 2021-02-01");
    assert!(ran.stderr.contains("left out: the list in line 3"), "{}", ran.stderr);
    let ids: Vec<_> =
        folder.list().into_iter().map(|(id, name, _)| format!("{id} {name}")).collect();
    assert_eq!(ids, ["V20190001 Bob", "V20190003 Ann", "V20200001 Cid"]);

    for (file, roster) in [
        ("old.csv", "编号;姓名\nV20180002;Dan\n"),
        ("old.json", "[{\"id\": \"V20180002\", \"name\": \"Dan\"}]"),
    ] {
        let folder = Folder::issuer().with(file, roster);
        folder.done(&format!("adopt {file} --category volunteer --date 2019-02-01"));
        assert_eq!(folder.json("show V20180002")["certificate"]["year"], 2018);
    }
}

#[test]
fn all_that_is_wrong_stands_in_one_table_and_nothing_is_written() {
    let folder = community();
    folder.write("thanks.md", "# Thanks\n\n| id | name |\n|--|--|\n| V20200001 | Ann |\n");
    folder.write("slip.md", VOLUNTEERS.replace("V20200005]", "V202]"));
    folder.write("numberless.csv", "id,name,key\n,Gus,1\n");
    folder.write("known.csv", "id,name\nV20200001,Somebody\n");
    folder.write("broken.csv", "id,name\nV20200003,Cid\nV20200004,Dan\n");
    folder.write("certificate/2020/volunteer/V20200003.png", "no picture");
    folder.write("certificate/2020/volunteer/V20200004.pdf", "no page");
    folder.write("twice.csv", "id,name\nV20200009,Eve\n");
    folder.write("a/V20200009.png", picture(9));
    folder.write("b/V20200009.png", picture(9));
    folder.write("names.csv", "id,name,key\nV20200010,Fay,1\nV20200011,Fay,2\n");
    folder.write("a/Fay.png", picture(3));
    folder.write("mail.csv", "id,name\nV20200012,ann@example.org\n");
    folder.done("adopt volunteer.md --date 2021-02-01");
    let before = folder.files();
    let volunteer = "--category volunteer --date 2021-02-01 --year 2020";
    for (arguments, words) in [
        (format!("adopt known.csv {volunteer}"), &["V20200001 has been given"][..]),
        ("adopt known.csv --category volunteer".to_owned(), &["no --date", "say --date"]),
        ("adopt thanks.md --date 2021-02-01".to_owned(), &["row 3", "Thanks", "--category"]),
        ("adopt slip.md --date 2021-02-01".to_owned(), &["row 11", "V202"]),
        (format!("adopt numberless.csv {volunteer}"), &["this one has none", "accolade issue"]),
        (format!("adopt broken.csv {volunteer}"), &["V20200003.png", "no PNG", "row 3", "no PDF"]),
        (format!("adopt twice.csv {volunteer} --pictures ."), &["a/V20200009, b/V20200009"]),
        (format!("adopt names.csv {volunteer} --pictures ."), &["could be the picture of"]),
        (format!("adopt mail.csv {volunteer}"), &["e-mail"]),
        (format!("adopt volunteer.md {volunteer} --pictures .."), &["outside", "move"]),
        (format!("adopt nothing.md {volunteer}"), &["nothing.md"]),
    ] {
        let ran = folder.run(&arguments);
        assert_eq!(ran.code, Some(1), "{arguments}\n{}", ran.stderr);
        for word in words {
            assert!(ran.stderr.contains(word), "{arguments}: {word}\n{}", ran.stderr);
        }
        assert_eq!(folder.files(), before, "{arguments}");
    }
}

#[cfg(unix)]
#[test]
fn pictures_that_are_links_out_of_the_folder_are_refused() {
    let elsewhere = Folder::empty().with("picture.png", picture(1));
    let folder = Folder::issuer().with("volunteer.md", VOLUNTEERS);
    std::fs::create_dir_all(folder.file("pictures")).unwrap();
    std::os::unix::fs::symlink(
        elsewhere.file("picture.png"),
        folder.file("pictures/V20200001.png"),
    )
    .unwrap();
    std::os::unix::fs::symlink(elsewhere.path(), folder.file("pictures/more")).unwrap();
    let ran = folder.run("adopt volunteer.md --date 2021-02-01 --pictures pictures");
    assert_eq!(ran.code, Some(1));
    assert!(ran.stderr.contains("leads out of its folder"), "{}", ran.stderr);
}

#[test]
fn an_adopted_certificate_is_mended_by_a_redesign_and_taken_back_like_any() {
    let folder = community();
    folder.done("adopt volunteer.md --date 2021-02-01");
    let ran = folder.run("reissue V20200001 --name 沈旭旭");
    assert_eq!(ran.code, Some(1));
    assert!(ran.stderr.contains("reissue V20200001 --redesign"), "{}", ran.stderr);
    folder.done("reissue V20200001 --name 沈旭旭 --redesign --reason typo");
    let shown = folder.json("show V20200001");
    assert_eq!(shown["certificate"]["date"], "2021-02-01");
    assert_eq!((&shown["revision"], &shown["template"]["name"]), (&1.into(), &"classic".into()));
    folder.done("revoke V20200002 --reason twice");
    assert!(!folder.file("certificate/2020/volunteer/V20200002.png").exists());
    assert!(!folder.file("certificate/2020/volunteer/V20200002.pdf").exists());
    folder.done("revoke V20200005 --reason twice --keep");
    let ran = folder.done("adopt volunteer.md --date 2021-02-01");
    assert!(ran.stderr.contains("2 revoked and left so"), "{}", ran.stderr);
}

#[test]
fn several_rolls_are_adopted_as_one() {
    let folder = community();
    let year = format!("{VOLUNTEERS}\n{}", LECTURERS.replace("# ", "## "));
    folder.write("year.md", year.replace("# 2020年度优秀志愿者", "## 2020年度优秀志愿者"));
    let ran = folder.done("adopt volunteer.md lecturer.md year.md --date 2021-02-01");
    assert!(ran.stderr.contains("adopted 6 certificates"), "{}", ran.stderr);
    assert_eq!(folder.list().len(), 6);

    let folder = community();
    folder.write("other.md", VOLUNTEERS.replace("V20200001", "V20200009"));
    let ran = folder.run("adopt volunteer.md other.md --date 2021-02-01");
    assert_eq!(ran.code, Some(1));
    for said in ["other.md: volunteer.md, row 9", "row 9, id", "same person"] {
        assert!(ran.stderr.contains(said), "{said}: {}", ran.stderr);
    }
    assert!(!folder.file("register.jsonl").exists());
}
