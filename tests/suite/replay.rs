//! The year 2020 of the Cloud Native Community, replayed from the example: the published
//! honour rolls are the measure.

use std::collections::BTreeMap;

use crate::harness::Folder;

/// The published honour rolls, row by row: category, number, name, city station.
pub fn published() -> Vec<[String; 4]> {
    let mut reader = csv::Reader::from_reader(include_str!("published-2020.csv").as_bytes());
    reader
        .records()
        .map(|row| std::array::from_fn(|at| row.as_ref().unwrap()[at].to_owned()))
        .collect()
}

/// The example as the year ended, in PDF.
pub fn replayed() -> Folder {
    let folder = Folder::example();
    folder.done("issue roster.csv --year 2020 --date 2021-02-01 --format pdf");
    for id in ["V20200007", "V20200008", "C20200026"] {
        folder.done(&format!("revoke {id} --reason withdrawn"));
    }
    folder.done("issue late.csv --year 2020 --date 2021-02-01 --format pdf");
    folder
}

#[test]
fn the_published_certificates_come_out_row_by_row() {
    let folder = replayed();
    let list = folder.json("list 2020");
    let current = list.as_array().unwrap().iter().filter(|row| row["status"] == "current");
    let found: Vec<[String; 4]> = current
        .map(|row| {
            let text = |key: &str| row[key].as_str().unwrap().to_owned();
            let selected = format!("show {} --category {}", text("id"), text("category"));
            let city = folder.json(&selected)["certificate"]["fields"]["城市站"].clone();
            let city = city.as_str().unwrap_or_default().to_owned();
            [text("category"), text("id"), text("name"), city]
        })
        .collect();
    assert_eq!(found.len(), 86);
    assert_eq!(found, published());

    let mut files: BTreeMap<&str, usize> = BTreeMap::new();
    for [category, id, ..] in &found {
        assert!(folder.file(&format!("certificate/2020/{category}/{id}.pdf")).is_file());
        *files.entry(category).or_default() += 1;
    }
    for (category, count) in files {
        let there =
            std::fs::read_dir(folder.file(&format!("certificate/2020/{category}"))).unwrap();
        assert_eq!(there.count(), count, "{category} has a file too many");
    }
}
