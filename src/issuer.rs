//! Who issues what: accolade.toml read into an [`Issuer`] and its [`Category`]s, every
//! mistake in it named.

mod address;
mod category;
mod honor_roll;

use std::collections::HashMap;
use std::path::Path;

use indexmap::IndexMap;
use serde::Deserialize;

use crate::certificate::{Format, PLACEHOLDERS};
use crate::disk::{self, DiskError};
use crate::id::Numbering;
use crate::pattern::{Pattern, PatternError};
use crate::settings;
use crate::text::Text;
use crate::wording;
use category::{CategoryTable, category};

pub use address::fault as address_fault;
pub use category::Category;
pub use honor_roll::HonorRoll;

/// The name of the file in an issuer's folder.
pub const FILE: &str = "accolade.toml";

/// The largest accolade.toml that is read, in bytes.
const LARGEST: u64 = 1 << 20;

/// The issuer: what accolade.toml says.
#[derive(Debug, Clone)]
pub struct Issuer {
    /// The name, as printed.
    pub name: Text,
    /// The home page.
    pub url: String,
    /// The language of the certificates, a BCP 47 tag.
    pub language: Text,
    /// Who signs; may be empty.
    pub signatory: Text,
    /// The key that signs: a file of OpenSSH's, seen from the folder, or a public key,
    /// `ssh-ed25519 AAAA…`, whose private half an ssh-agent has.
    pub key: Option<String>,
    /// Where a certificate can be verified.
    pub certificate_url: Pattern,
    /// Where a certificate's files lie below the folder, without the ending.
    pub output: Pattern,
    /// What a certificate is written as.
    pub formats: Vec<Format>,
    /// Roster columns that may appear on certificates and in the register.
    pub public: Vec<String>,
    /// Where honour rolls are written.
    pub honor_roll: HonorRoll,
    /// The categories, in the file's order.
    pub categories: Vec<Category>,
}

/// Why accolade.toml cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum IssuerError {
    /// It cannot be read.
    #[error(transparent)]
    Disk(#[from] DiskError),
    /// It is not the TOML that is expected; the message shows the line.
    #[error("{FILE} is not as it should be\n{0}")]
    Syntax(String),
    /// It says something that cannot be.
    #[error("{FILE}, {place}: {message}")]
    Value {
        /// The table and key.
        place: String,
        /// What is wrong with it, and what would do.
        message: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    issuer: IssuerTable,
    #[serde(default = "default_output")]
    output: Pattern,
    #[serde(default = "default_formats")]
    formats: Vec<Format>,
    #[serde(default)]
    public: Vec<String>,
    #[serde(default)]
    honor_roll: HonorRoll,
    #[serde(default)]
    category: IndexMap<String, CategoryTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct IssuerTable {
    name: Text,
    url: String,
    #[serde(default = "default_language")]
    language: Text,
    #[serde(default)]
    signatory: Text,
    citation: Option<Pattern>,
    certificate_url: Option<Pattern>,
    key: Option<String>,
}

fn default_output() -> Pattern {
    "certificate/{year}/{category}/{id}".parse().expect("the default pattern is sound")
}

fn default_formats() -> Vec<Format> {
    vec![Format::Png, Format::Pdf]
}

fn default_language() -> Text {
    "en".into()
}

impl Issuer {
    /// Reads the accolade.toml in an issuer's folder.
    ///
    /// # Errors
    /// When there is none, or it cannot be used.
    pub fn read(folder: &Path) -> Result<Self, IssuerError> {
        Self::parse(&disk::read_text(&folder.join(FILE), LARGEST)?)
    }

    /// The addresses it is known by: its home page and, where that is elsewhere, the home page of
    /// where its certificates are verified.
    #[must_use]
    pub fn addresses(&self) -> Vec<&str> {
        let elsewhere = address::home(self.certificate_url.source());
        let elsewhere = elsewhere.filter(|home| address::home(&self.url) != Some(home));
        [self.url.as_str()].into_iter().chain(elsewhere).collect()
    }

    /// Reads the text of an accolade.toml.
    ///
    /// # Errors
    /// The first thing in it that cannot be used.
    pub fn parse(text: &str) -> Result<Self, IssuerError> {
        let file: File = settings::read(text).map_err(IssuerError::Syntax)?;
        let IssuerTable { name, url, language, signatory, citation, certificate_url, key } =
            file.issuer;
        require("[issuer] name", &name)?;
        require("[issuer] url", &url)?;
        let certificate_url = certificate_url.map_or_else(|| below(&url), usable)?;
        let categories = file
            .category
            .into_iter()
            .map(|(key, table)| category(key, table, citation.as_ref()))
            .collect::<Result<Vec<_>, _>>()?;
        let issuer = Self {
            name,
            url,
            language,
            signatory,
            key,
            certificate_url,
            output: file.output,
            formats: file.formats,
            public: file.public,
            honor_roll: file.honor_roll,
            categories,
        };
        issuer.check()?;
        Ok(issuer)
    }

    /// The category with this key.
    #[must_use]
    pub fn category(&self, key: &str) -> Option<&Category> {
        self.categories.iter().find(|category| category.key == key)
    }

    /// The category a roster means: by key, title or alias, in any case.
    #[must_use]
    pub fn category_called(&self, name: &str) -> Option<&Category> {
        let name = name.trim().to_lowercase();
        let called = |name: &str| {
            let mut categories = self.categories.iter();
            categories.find(|category| category.names().any(|n| n.to_lowercase() == name))
        };
        called(&name).or_else(|| {
            // A title as certificates print it: 2020年度优秀讲师.
            let is_year = |at: &usize| {
                name.get(*at..at + 4).is_some_and(|y| y.bytes().all(|b| b.is_ascii_digit()))
            };
            let at = (0..name.len()).find(is_year)?;
            called(&format!("{}{{year}}{}", &name[..at], &name[at + 4..]))
        })
    }

    /// What holds between the parts of the file.
    fn check(&self) -> Result<(), IssuerError> {
        if self.categories.is_empty() {
            return Err(value("[category]", "there is none; add one such as [category.volunteer]"));
        }
        if self.formats.is_empty() {
            return Err(value("formats", "there is none; write formats = [\"png\", \"pdf\"]"));
        }
        let known = |name: &str| {
            PLACEHOLDERS.contains(&name) || self.public.iter().any(|column| column == name)
        };
        let mut patterns = vec![
            ("[issuer] certificate_url".to_owned(), &self.certificate_url),
            ("output".to_owned(), &self.output),
        ];
        for category in &self.categories {
            patterns.push((format!("[category.{}] title", category.key), &category.title));
            patterns.push((format!("[category.{}] citation", category.key), &category.citation));
        }
        for (place, pattern) in patterns {
            if let Some(unknown) = pattern.placeholders().find(|name| !known(name)) {
                return Err(value(
                    place,
                    format!(
                        "nothing fills {{{unknown}}}; a roster's column can once it stands in public = [...]"
                    ),
                ));
            }
        }
        self.check_private()?;
        if !disk::stays_inside(&self.output.source().replace(['{', '}'], "")) {
            return Err(value("output", "it must be a path below the folder, parted by /"));
        }
        if !self.output.placeholders().any(|name| name == "id") {
            return Err(value("output", "it needs {id}, or certificates would share a file"));
        }
        self.honor_roll
            .check(self.categories.iter().map(|category| category.key.as_str()))
            .map_err(|(key, message)| value(format!("[honor_roll] {key}"), message))?;
        self.check_names()
    }

    /// No text that reaches the register and its pages may have an e-mail address.
    fn check_private(&self) -> Result<(), IssuerError> {
        let mut texts = vec![
            ("[issuer] name".to_owned(), &*self.name),
            ("[issuer] signatory".to_owned(), &*self.signatory),
            ("output".to_owned(), self.output.source()),
        ];
        for Category { key, title, citation, .. } in &self.categories {
            texts.push((format!("[category.{key}]"), key));
            texts.push((format!("[category.{key}] title"), title.source()));
            texts.push((format!("[category.{key}] citation"), citation.source()));
        }
        match texts.into_iter().find(|(_, text)| wording::has_email(text)) {
            Some((place, _)) => Err(value(place, wording::Unfit::Email.to_string())),
            None => Ok(()),
        }
    }

    /// No two categories may share a prefix or a name, or a roster and an ID could mean both.
    fn check_names(&self) -> Result<(), IssuerError> {
        let mut prefixes = HashMap::new();
        let mut names = HashMap::new();
        for category in &self.categories {
            let key = category.key.as_str();
            if let Numbering::Serial { prefix, .. } = &category.numbering
                && let Some(other) = prefixes.insert(prefix.as_str(), key)
            {
                return Err(value(
                    format!("[category.{key}] prefix"),
                    format!(
                        "category {other} has the prefix {prefix:?} too; their numbers would clash"
                    ),
                ));
            }
            for name in category.names() {
                match names.insert(name.to_lowercase(), key) {
                    Some(other) if other != key => {
                        return Err(value(
                            format!("[category.{key}]"),
                            format!("{name:?} names category {other} too; give each its own"),
                        ));
                    }
                    _ => {}
                }
            }
        }
        Ok(())
    }
}

/// Where a certificate can be verified when accolade.toml does not say it: below the home page.
fn below(url: &str) -> Result<Pattern, IssuerError> {
    if let Some(fault) = address::fault(url) {
        return Err(value("[issuer] url", fault));
    }
    let url = url.trim_end_matches('/').replace('{', "{{").replace('}', "}}");
    format!("{url}/certificate/{{year}}/{{id}}")
        .parse()
        .map_err(|error: PatternError| value("[issuer] url", error.to_string()))
}

/// The pattern, if it makes addresses.
fn usable(certificate_url: Pattern) -> Result<Pattern, IssuerError> {
    match address::fault(certificate_url.source()) {
        Some(fault) => Err(value("[issuer] certificate_url", fault)),
        None => Ok(certificate_url),
    }
}

fn require(place: &str, text: &str) -> Result<(), IssuerError> {
    if text.trim().is_empty() { Err(value(place, "it is empty")) } else { Ok(()) }
}

fn value(place: impl Into<String>, message: impl Into<String>) -> IssuerError {
    IssuerError::Value { place: place.into(), message: message.into() }
}
