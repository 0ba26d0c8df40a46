//! The words that headers are written in, in English and Chinese: which of them mean what.

use std::str::FromStr;

use unicode_normalization::UnicodeNormalization;

/// What a column is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// The recipient's name.
    Name,
    /// The category, by key, title or alias.
    Category,
    /// A number given before.
    Id,
    /// What tells a person from a namesake.
    Key,
    /// The date of issue.
    Date,
    /// The year the certificate is for.
    Year,
    /// An e-mail address, which is never published.
    Email,
}

/// The words that mean it, folded as [`fold`] does; the first one is shown in messages.
const WORDS: [(Meaning, &[&str]); 7] = [
    (
        Meaning::Name,
        &[
            "name",
            "fullname",
            "recipient",
            "recipientname",
            "participant",
            "participantname",
            "nameoncertificate",
            "姓名",
            "名字",
            "yourname",
            "您的姓名",
            "志愿者姓名",
            "获奖者姓名",
            "学生姓名",
            "员工姓名",
            "学员姓名",
            "氏名",
            "名前",
            "真实姓名",
            "获奖人",
            "获奖者",
            "获奖人姓名",
            "獲獎人",
            "獲獎者",
        ],
    ),
    (
        Meaning::Category,
        &["category", "role", "award", "类别", "類別", "奖项", "獎項", "证书类别", "證書類別"],
    ),
    (
        Meaning::Id,
        &[
            "id",
            "certificateno",
            "certificatenumber",
            "certificateid",
            "编号",
            "編號",
            "证书编号",
            "證書編號",
            "证书号",
        ],
    ),
    (
        Meaning::Key,
        &[
            "key",
            "github",
            "githubid",
            "githubusername",
            "employeeid",
            "studentid",
            "工号",
            "工號",
            "学号",
            "學號",
        ],
    ),
    (
        Meaning::Date,
        &[
            "date",
            "issued",
            "issuedon",
            "issuedate",
            "dateofissue",
            "日期",
            "颁发日期",
            "頒發日期",
            "发证日期",
        ],
    ),
    (Meaning::Year, &["year", "年度", "年份"]),
    (
        Meaning::Email,
        &[
            "email",
            "mail",
            "emailaddress",
            "邮箱",
            "郵箱",
            "电子邮箱",
            "邮箱地址",
            "电子邮件",
            "電子郵件",
        ],
    ),
];

impl Meaning {
    /// The meaning of a header, if it has one of these.
    #[must_use]
    pub fn of(header: &str) -> Option<Self> {
        let of = |folded: &str| {
            let mut words = WORDS.iter();
            words.find(|(_, words)| words.contains(&folded)).map(|(meaning, _)| *meaning)
        };
        let folded = fold(header);
        of(&folded).or_else(|| {
            // 姓名 Name: two languages that say the same.
            let (one, other) = folded.split_at(folded.find(|c: char| c.is_ascii())?);
            let (one, other) = if one.is_empty() {
                folded.split_at(folded.find(|c: char| !c.is_ascii())?)
            } else {
                (one, other)
            };
            of(one).filter(|meaning| of(other) == Some(*meaning))
        })
    }

    /// The word for it, as `--map` has it.
    #[must_use]
    pub fn word(self) -> &'static str {
        WORDS.iter().find(|(other, _)| *other == self).map_or("", |(_, words)| words[0])
    }
}

impl FromStr for Meaning {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        let found = WORDS.iter().find(|(meaning, _)| meaning.word() == word);
        found.map(|(meaning, _)| *meaning).ok_or_else(|| {
            let words: Vec<_> = WORDS.iter().map(|(meaning, _)| meaning.word()).collect();
            format!("no column can mean {word:?}; there are {}", words.join(", "))
        })
    }
}

/// A header as it is compared: small letters and digits of ordinary width, without spaces,
/// punctuation, what stands in brackets, and the number that forms put before a question.
pub(super) fn fold(header: &str) -> String {
    let mut depth = 0_usize;
    let mut folded = String::new();
    for c in header.nfkc().flat_map(char::to_lowercase) {
        match c {
            '(' | '[' | '【' => depth += 1,
            ')' | ']' | '】' => depth = depth.saturating_sub(1),
            c if depth == 0 && c.is_alphanumeric() => folded.push(c),
            _ => {}
        }
    }
    folded.trim_start_matches(|c: char| c.is_ascii_digit()).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_known_however_they_are_written() {
        for (header, meaning) in [
            ("姓 名", Some(Meaning::Name)),
            ("Name*", Some(Meaning::Name)),
            ("FULL NAME:", Some(Meaning::Name)),
            ("ｎａｍｅ", Some(Meaning::Name)),
            ("1、姓名（必填）", Some(Meaning::Name)),
            ("获奖人", Some(Meaning::Name)),
            ("Certificate No.", Some(Meaning::Id)),
            ("证书编号", Some(Meaning::Id)),
            ("E-mail address", Some(Meaning::Email)),
            ("GitHub", Some(Meaning::Key)),
            ("　学号　", Some(Meaning::Key)),
            ("Date of issue", Some(Meaning::Date)),
            ("年度", Some(Meaning::Year)),
            ("奖项", Some(Meaning::Category)),
            ("姓名 Name", Some(Meaning::Name)),
            ("Category/类别", Some(Meaning::Category)),
            ("1、您的姓名：", Some(Meaning::Name)),
            ("姓名 Category", None),
            ("First name", None),
            ("序号", None),
            ("城市站", None),
            ("", None),
        ] {
            assert_eq!(Meaning::of(header), meaning, "{header}");
        }
    }
}
