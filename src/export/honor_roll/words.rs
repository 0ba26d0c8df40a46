//! The words of an honour roll and of a booklet, in the issuer's language.

/// What they say themselves.
#[derive(Debug, Clone, Copy)]
pub(in crate::export) struct Words {
    /// Above the numbers.
    pub number: &'static str,
    /// Above the names.
    pub name: &'static str,
    /// Where nobody is left.
    pub nobody: &'static str,
    /// Of a booklet's last pages.
    pub index: &'static str,
    heading: fn(&str, u16) -> String,
    year_heading: fn(u16) -> String,
}

const CHINESE: Words = Words {
    number: "编号",
    name: "姓名",
    nobody: "（暂无）",
    index: "目录",
    heading: |title, year| format!("{year}年度{title}"),
    year_heading: |year| format!("{year}年度荣誉榜"),
};

const ENGLISH: Words = Words {
    number: "Certificate no.",
    name: "Name",
    nobody: "Nobody at present.",
    index: "Index",
    heading: |title, year| format!("{title} {year}"),
    year_heading: |year| format!("Honour roll {year}"),
};

impl Words {
    /// The words of a language, by its BCP 47 tag: Chinese, else English.
    pub fn of(language: &str) -> Self {
        let primary = language.split(['-', '_']).next().unwrap_or_default();
        if primary.eq_ignore_ascii_case("zh") { CHINESE } else { ENGLISH }
    }

    /// A category's heading: its title with the year, unless it has that already.
    pub fn heading(self, title: &str, year: u16) -> String {
        if title.contains(&year.to_string()) {
            return title.to_owned();
        }
        (self.heading)(title, year)
    }

    /// The heading over all categories of a year.
    pub fn year_heading(self, year: u16) -> String {
        (self.year_heading)(year)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_the_issuers() {
        assert_eq!(Words::of("zh-Hant").index, "目录");
        assert_eq!(Words::of("en-GB").index, "Index");
    }

    #[test]
    fn a_year_is_said_once() {
        assert_eq!(Words::of("zh-CN").heading("优秀志愿者", 2020), "2020年度优秀志愿者");
        assert_eq!(Words::of("zh").heading("2020年度优秀讲师", 2020), "2020年度优秀讲师");
        assert_eq!(
            Words::of("en").heading("Outstanding Volunteer", 2026),
            "Outstanding Volunteer 2026"
        );
    }
}
