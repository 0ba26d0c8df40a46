//! From a page to a certificate's file: a link from where the page lies, or on a base.

use std::fmt;
use std::str::FromStr;

use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::issuer;

/// What stays as it is in a segment of a path (RFC 3986, unreserved).
const UNRESERVED: AsciiSet = NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// What no address has, or what would end it in Markdown or HTML.
const UNSAFE: AsciiSet = CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'\'')
    .add(b'<')
    .add(b'>')
    .add(b'(')
    .add(b')')
    .add(b'[')
    .add(b']')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// What links begin with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Base {
    /// They lead from the page that has them.
    #[default]
    Page,
    /// An address below which the issuer's folder lies, such as a raw URL or a permalink.
    Address(String),
}

/// Why a text is no base.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BaseError(String);

impl FromStr for Base {
    type Err = BaseError;

    /// An address, or nothing for links from the page.
    fn from_str(text: &str) -> Result<Self, BaseError> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(Self::Page);
        }
        if let Some(fault) = issuer::address_fault(text) {
            return Err(BaseError(fault));
        }
        if let Some(odd) = text.chars().find(|c| "?#".contains(*c)) {
            return Err(BaseError(format!("{text:?} has {odd:?}: paths cannot follow it")));
        }
        Ok(Self::Address(utf8_percent_encode(text.trim_end_matches('/'), &UNSAFE).to_string()))
    }
}

impl fmt::Display for Base {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Page => Ok(()),
            Self::Address(address) => f.write_str(address),
        }
    }
}

impl Base {
    /// The link to a file, on a page; both are paths below the issuer's folder.
    pub(super) fn link(&self, file: &str, page: &str) -> String {
        match self {
            Self::Page => relative(file, page),
            Self::Address(address) => format!("{address}/{}", encoded(file)),
        }
    }
}

/// The way from a page's folder to a file.
fn relative(file: &str, page: &str) -> String {
    let mut above: Vec<&str> = page.split('/').collect();
    above.pop();
    let shared = above.iter().zip(file.split('/')).take_while(|(a, b)| *a == b).count();
    let rest = file.splitn(shared + 1, '/').nth(shared).unwrap_or(file);
    format!("{}{}", "../".repeat(above.len() - shared), encoded(rest))
}

/// A path with each of its segments percent-encoded.
fn encoded(path: &str) -> String {
    let segments = path.split('/').map(|part| utf8_percent_encode(part, &UNRESERVED).to_string());
    segments.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_from_the_page_to_the_file() {
        for (file, page, link) in [
            ("a/b/V1.png", "a/b/README.md", "V1.png"),
            ("a/b/V1.png", "a/README.md", "b/V1.png"),
            ("a/b/V1.png", "README.md", "a/b/V1.png"),
            ("a/b/V1.png", "posts/2020/x.md", "../../a/b/V1.png"),
            ("a/bc/V1.png", "a/b/README.md", "../bc/V1.png"),
            ("b/b/V1.png", "a/b/README.md", "../../b/b/V1.png"),
            ("README.md/V1.png", "README.md", "README.md/V1.png"),
            ("a/张（元） 1.png", "a/b.md", "%E5%BC%A0%EF%BC%88%E5%85%83%EF%BC%89%201.png"),
            ("a/b(1)#?%.png", "a/b.md", "b%281%29%23%3F%25.png"),
        ] {
            assert_eq!(Base::Page.link(file, page), link);
        }
    }

    #[test]
    fn a_base_is_an_address_that_nothing_can_break_out_of() {
        let base: Base = "https://example.org/a (b)/>\"/".parse().unwrap();
        assert_eq!(base.link("c/d.png", "x"), "https://example.org/a%20%28b%29/%3E%22/c/d.png");
        assert_eq!(base.to_string().parse::<Base>(), Ok(base));
        assert_eq!("".parse::<Base>(), Ok(Base::Page));
        for bad in ["example.org", "javascript:alert(1)", "https://", "https://a.b/?raw=1"] {
            assert!(bad.parse::<Base>().is_err(), "{bad}");
        }
    }
}
