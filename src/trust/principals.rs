//! The names of signers, as patterns that stand for many.

/// Whether a name is one of those that patterns stand for, as OpenSSH has it (`ssh_config(5)`,
/// PATTERNS): one that is negated and matches counts for more than all others.
pub(super) fn matches_any(name: &str, patterns: &str) -> bool {
    let mut found = false;
    for pattern in patterns.split(',') {
        match pattern.strip_prefix('!') {
            Some(not) if matches(name.as_bytes(), not.as_bytes()) => return false,
            Some(_) => {}
            None => found |= matches(name.as_bytes(), pattern.as_bytes()),
        }
    }
    found
}

/// Whether a name matches a pattern: `*` stands for anything, `?` for any one byte.
fn matches(name: &[u8], pattern: &[u8]) -> bool {
    let (mut at, mut of) = (0, 0);
    // Where the last star stands, and how far the name went when it took nothing yet.
    let mut star: Option<(usize, usize)> = None;
    while at < name.len() {
        match pattern.get(of) {
            Some(b'*') => {
                star = Some((of, at));
                of += 1;
            }
            Some(c) if *c == b'?' || *c == name[at] => {
                at += 1;
                of += 1;
            }
            _ => {
                let Some((star_at, taken)) = star else { return false };
                star = Some((star_at, taken + 1));
                (of, at) = (star_at + 1, taken + 1);
            }
        }
    }
    pattern[of..].iter().all(|c| *c == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As `match_pattern_list` of OpenSSH does.
    #[test]
    fn issuers_are_matched_as_ssh_matches_them() {
        let us = "https://example.org";
        for patterns in [
            us,
            "*",
            "https://*",
            "https://example.???",
            "a@b,https://example.org",
            "*example*,!*.com",
            "**o*g**",
            "!a@b,*",
        ] {
            assert!(matches_any(us, patterns), "{patterns}");
        }
        for patterns in [
            "",
            "a@b",
            "https://example.or",
            "https://example.org?",
            "HTTPS://EXAMPLE.ORG",
            "!https://example.org",
            "*,!*.org",
            "!a@b",
            "https://example.??",
        ] {
            assert!(!matches_any(us, patterns), "{patterns}");
        }
        let (name, pattern) = ("a".repeat(4000), "*a".repeat(2000) + "b");
        assert!(!matches(name.as_bytes(), pattern.as_bytes()));
    }
}
