//! Which header means what: the field's own words, in English and Chinese, in any case.

use super::Problem;
use crate::issuer::Issuer;

/// What a column is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    Name,
    Category,
    Id,
    Key,
    Date,
    Year,
    Email,
}

/// The words that mean it; the first one is shown in messages.
const WORDS: [(Meaning, &[&str]); 7] = [
    (Meaning::Name, &["name", "recipient", "姓名", "名字"]),
    (Meaning::Category, &["category", "role", "类别", "奖项"]),
    (Meaning::Id, &["id", "certificate no.", "编号"]),
    (Meaning::Key, &["key", "github", "工号", "学号"]),
    (Meaning::Date, &["date", "issued", "日期"]),
    (Meaning::Year, &["year", "年度"]),
    (Meaning::Email, &["email", "e-mail", "邮箱"]),
];

/// Where everything stands in a row.
#[derive(Debug)]
pub struct Columns {
    headers: Vec<String>,
    known: Vec<(Meaning, usize)>,
    /// The public columns: header and place.
    pub public: Vec<(String, usize)>,
}

impl Columns {
    /// Finds the columns among the headers.
    pub fn of(headers: &[String], issuer: &Issuer) -> Result<Self, Vec<Problem>> {
        let mut known: Vec<(Meaning, usize)> = Vec::new();
        let mut public = Vec::new();
        let mut problems = Vec::new();
        for (place, header) in headers.iter().enumerate() {
            if let Some(meaning) = meaning(header) {
                match known.iter().find(|(other, _)| *other == meaning) {
                    Some((_, other)) => problems.push(Problem::of_file(
                        format!(
                            "two columns could be the {}: {:?} and {header:?}",
                            word(meaning),
                            headers[*other]
                        ),
                        "rename the one that is not",
                    )),
                    None => known.push((meaning, place)),
                }
            }
            if issuer.public.contains(header) {
                if public.iter().any(|(other, _)| other == header) {
                    problems.push(Problem::of_file(
                        format!("two columns are called {header:?}"),
                        "rename one of them",
                    ));
                }
                public.push((header.clone(), place));
            }
        }
        if !known.iter().any(|(meaning, _)| *meaning == Meaning::Name) {
            problems.push(Problem::of_file(
                format!("no column has the names; its headers are: {}", headers.join(", ")),
                "call the column with the names: name (or 姓名)",
            ));
        }
        if problems.is_empty() {
            Ok(Self { headers: headers.to_vec(), known, public })
        } else {
            Err(problems)
        }
    }

    /// The cell with this meaning; empty when there is no such column.
    pub fn cell<'row>(&self, meaning: Meaning, cells: &'row [String]) -> &'row str {
        self.place(meaning).map_or("", |place| cells[place].as_str())
    }

    /// What the column is called in this roster, or would be called.
    pub fn header(&self, meaning: Meaning) -> &str {
        self.place(meaning).map_or_else(|| word(meaning), |place| &self.headers[place])
    }

    /// Whether there is a column with this meaning.
    pub fn has(&self, meaning: Meaning) -> bool {
        self.place(meaning).is_some()
    }

    fn place(&self, meaning: Meaning) -> Option<usize> {
        self.known.iter().find(|(other, _)| *other == meaning).map(|(_, place)| *place)
    }
}

/// Whether a header is that of the names.
pub fn is_name(header: &str) -> bool {
    meaning(header) == Some(Meaning::Name)
}

fn meaning(header: &str) -> Option<Meaning> {
    let header = header.to_lowercase();
    WORDS.iter().find(|(_, words)| words.contains(&header.as_str())).map(|(meaning, _)| *meaning)
}

fn word(meaning: Meaning) -> &'static str {
    WORDS.iter().find(|(other, _)| *other == meaning).map_or("", |(_, words)| words[0])
}
