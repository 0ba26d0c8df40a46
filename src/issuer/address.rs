//! What will do as the address of a page, on a certificate and in its QR code.

/// Why a text is no address, and what would do; nothing when it is one. Placeholders may stand
/// in it, but not in place of `http://` or `https://` (RFC 3986).
#[must_use]
pub fn fault(text: &str) -> Option<String> {
    let after = |scheme: &str| {
        let (head, tail) = text.split_at_checked(scheme.len())?;
        head.eq_ignore_ascii_case(scheme).then_some(tail)
    };
    let Some(rest) = after("https://").or_else(|| after("http://")) else {
        return Some(format!("{text:?} is no address; write it as https://example.org"));
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let odd = |c: char| c.is_whitespace() || c.is_control();
    if host.is_empty() || host.starts_with(['.', ':', '@']) || host.contains(odd) {
        return Some(format!("{text:?} names no host; write it as https://example.org"));
    }
    None
}

/// The scheme and host that an address begins with; nothing where a host is only known once it is
/// filled in.
pub(super) fn home(address: &str) -> Option<&str> {
    let host = address.find("://")? + 3;
    let end = address[host..].find(['/', '?', '#']).map_or(address.len(), |at| host + at);
    Some(&address[..end]).filter(|home| !home.contains('{'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_scheme_and_a_host() {
        for good in [
            "https://example.org",
            "HTTP://localhost:8080/a?b#c",
            "https://社区.cn/{year}/{id}",
            "https://{city}.example.org/{id}",
            "https://[::1]/",
        ] {
            assert_eq!(fault(good), None, "{good}");
        }
        for bad in [
            "not a url",
            "example.org",
            "https://",
            "https:///a",
            "ftp://a.b",
            "{id}",
            "http://a b/",
        ] {
            assert!(fault(bad).is_some(), "{bad}");
        }
    }

    #[test]
    fn a_home_is_a_scheme_and_a_host() {
        for (address, found) in [
            ("https://a.org/b/{id}", Some("https://a.org")),
            ("https://a.org?{id}", Some("https://a.org")),
            ("https://{city}.a.org/{id}", None),
            ("a.org", None),
        ] {
            assert_eq!(home(address), found, "{address}");
        }
    }
}
