//! Where honour rolls are written: a page a category and year, and one for the whole year.

use serde::Deserialize;

use crate::disk;
use crate::pattern::Pattern;

/// The table `[honor_roll]` of accolade.toml.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HonorRoll {
    /// The page of a category, below the issuer's folder.
    page: Pattern,
    /// The page of the year; empty for none.
    combined: Pattern,
}

impl Default for HonorRoll {
    fn default() -> Self {
        let pattern = |text: &str| text.parse().expect("the default patterns are sound");
        Self {
            page: pattern("certificate/{year}/{category}/README.md"),
            combined: pattern("certificate/{year}/README.md"),
        }
    }
}

impl HonorRoll {
    /// The page of a category in a year, as a path below the issuer's folder.
    #[must_use]
    pub fn page(&self, year: u16, category: &str) -> String {
        fill(&self.page, &year.to_string(), category)
    }

    /// The page of all categories of a year, if there is to be one.
    #[must_use]
    pub fn combined(&self, year: u16) -> Option<String> {
        let wanted = !self.combined.source().is_empty();
        wanted.then(|| fill(&self.combined, &year.to_string(), ""))
    }

    /// Each page must be a Markdown file of its own below the folder.
    pub(super) fn check<'a>(
        &self,
        categories: impl Iterator<Item = &'a str>,
    ) -> Result<(), (&'static str, String)> {
        check("page", &self.page, &["year", "category"])?;
        if self.combined.source().is_empty() {
            return Ok(());
        }
        check("combined", &self.combined, &["year"])?;
        let combined = fill(&self.combined, "{year}", "").to_lowercase();
        for category in categories {
            if fill(&self.page, "{year}", category).to_lowercase() == combined {
                return Err(("combined", format!("it is the page of {category}")));
            }
        }
        Ok(())
    }
}

fn check(
    key: &'static str,
    pattern: &Pattern,
    needed: &[&str],
) -> Result<(), (&'static str, String)> {
    if let Some(unknown) = pattern.placeholders().find(|name| !needed.contains(name)) {
        return Err((
            key,
            format!("nothing fills {{{unknown}}}; it has {{{}}}", needed.join("}, {")),
        ));
    }
    if let Some(missing) = needed.iter().find(|name| !pattern.placeholders().any(|p| p == **name)) {
        return Err((key, format!("it needs {{{missing}}}, or pages would share a file")));
    }
    let path = fill(pattern, "2020", "category");
    let markdown = path.to_lowercase().ends_with(".md");
    if !markdown || !disk::stays_inside(&path) {
        return Err((
            key,
            "it must be a path below the folder, parted by / and ending in .md".to_owned(),
        ));
    }
    Ok(())
}

fn fill(pattern: &Pattern, year: &str, category: &str) -> String {
    let value = |name: &str, _: Option<&str>| {
        Some(if name == "year" { year.into() } else { disk::safe_name(category).into() })
    };
    pattern.fill(value).expect("every placeholder has a value")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_have_files_of_their_own() {
        let check = |page: &str, combined: &str| {
            let pattern = |text: &str| text.parse().unwrap();
            let places = HonorRoll { page: pattern(page), combined: pattern(combined) };
            places.check(["README", "v"].into_iter()).is_ok()
        };
        assert!(check("c/{year}/{category}/README.md", "c/{year}/README.md"));
        assert!(check("c/{year}/{category}/README.md", ""));
        assert!(!check("c/{year}/{category}.md", "c/{year}/readme.md"));
        assert!(!check("c/{year}/README.md", ""));
        assert!(!check("c/{category}/README.md", ""));
        assert!(!check("../{year}/{category}.md", ""));
        assert!(!check("{year}/{category}.png", ""));
        assert!(!check("{year}/{category}/{name}.md", ""));
        assert!(!check("{year}/{category}.md", "all.md"));
    }
}
