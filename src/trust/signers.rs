//! Who may sign: a line each, as `ssh-keygen` reads them (ssh-keygen(1), ALLOWED SIGNERS), and
//! whether a signature is one of theirs.

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use ssh_key::{Algorithm, PublicKey};

use super::principals::matches_any;
use super::signature::{fits, parse};
use super::{NAMESPACE, TrustError};

/// What means something else where a name of a signer stands.
const SPECIAL: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'*').add(b',').add(b'?').add(b'!').add(b'#');

/// Who may sign.
#[derive(Debug)]
pub struct Signers(Vec<Entry>);

/// A line of the file.
#[derive(Debug)]
struct Entry {
    /// Which line, from 1.
    line: usize,
    /// By whom a signature of the key is: patterns, parted by commas.
    principals: String,
    /// What the key may sign; anything, where nothing is said.
    namespaces: Option<String>,
    /// What it says that only `ssh-keygen` can look after, such as until when the key counts.
    limit: Option<String>,
    /// Its key; of one of another kind than Ed25519, what kind that is.
    key: Result<PublicKey, String>,
}

/// The line that lets others check what a key of an issuer has signed: the issuer is known by
/// its addresses, `https://example.org`.
///
/// # Errors
/// When the key cannot be written.
pub fn line(addresses: &[&str], key: &PublicKey) -> Result<String, TrustError> {
    let key = key.to_openssh().map_err(|error| TrustError::Signature(error.to_string()))?;
    let principals: Vec<String> = addresses.iter().map(|address| principal(address)).collect();
    Ok(format!("{} namespaces=\"{NAMESPACE}\" {key}", principals.join(",")))
}

/// What an issuer is called where signers are named.
#[must_use]
pub fn principal(address: &str) -> String {
    utf8_percent_encode(address.trim_end_matches('/'), SPECIAL).to_string()
}

/// Whether signers, by their patterns, may sign for the issuer of an address, which is a home page
/// or lies below one.
#[must_use]
pub fn may_sign_for(address: &str, principals: &str) -> bool {
    let host = address.find("://").map_or(0, |at| at + 3);
    let ends = address[host..].match_indices(['/', '?', '#']).map(|(at, _)| host + at);
    let mut homes = ends.chain([address.len()]).map(|end| &address[..end]);
    homes.any(|home| matches_any(&principal(home), principals))
}

impl Signers {
    /// Reads the text of a file of allowed signers.
    ///
    /// # Errors
    /// The first line that cannot be read.
    pub fn parse(text: &str) -> Result<Self, TrustError> {
        let lines = (1..).zip(text.lines());
        let said = lines.filter(|(_, line)| {
            let line = line.trim();
            !line.is_empty() && !line.starts_with('#')
        });
        let read = |(line, text)| {
            entry(line, text).map_err(|message| TrustError::Signers { line, message })
        };
        said.map(read).collect::<Result<_, _>>().map(Self)
    }

    /// Makes sure that a message is signed by one who may sign for an issuer, known by its
    /// address; or by anyone who may sign, where none is named. Gives back who that is: the
    /// issuer, or whatever the key's lines say.
    ///
    /// # Errors
    /// When it is nobody's who may sign so, was made for something else, or of another message; or
    /// of somebody whose line says what only `ssh-keygen` can look after.
    pub fn verify(
        &self,
        issuer: Option<&str>,
        message: &[u8],
        signature: &[u8],
    ) -> Result<String, TrustError> {
        let wrong = |message: &str| TrustError::Signature(message.to_owned());
        let signature = parse(signature).map_err(|error| self.where_it_stands(error))?;
        let is_its = |key: &PublicKey| key.key_data() == signature.public_key();
        let of_key = |entry: &&Entry| entry.key.as_ref().is_ok_and(is_its) && entry.may_sign();
        let signers: Vec<&Entry> = self.0.iter().filter(of_key).collect();
        let Some(first) = signers.first() else {
            return Err(wrong("the signature is of nobody who may sign"));
        };
        let issuer = issuer.map(principal);
        let may = |entry: &&&Entry| {
            issuer.as_ref().is_none_or(|issuer| matches_any(issuer, &entry.principals))
        };
        let all: Vec<_> = signers.iter().filter(may).collect();
        let unlimited = all.iter().filter(|entry| entry.limit.is_none());
        let unlimited: Vec<&str> = unlimited.map(|entry| entry.principals.as_str()).collect();
        if unlimited.is_empty() {
            if let Some((line, limit)) = all.iter().find_map(|e| Some((e.line, e.limit.as_ref()?)))
            {
                let message = format!("{limit:?} is for `ssh-keygen -Y verify` to look after");
                return Err(TrustError::Signers { line, message });
            }
            let (by, issuer) = (&first.principals, issuer.unwrap_or_default());
            return Err(TrustError::Signature(format!(
                "the signature is of {by}, who may not sign for {issuer}"
            )));
        }
        fits(message, &signature)?;
        Ok(issuer.unwrap_or_else(|| unlimited.join(",")))
    }

    /// Names the line of a key of another kind, where a signature is of one.
    fn where_it_stands(&self, error: TrustError) -> TrustError {
        let mut others = self.0.iter().filter_map(|entry| Some((entry, entry.key.as_ref().err()?)));
        match (&error, others.next()) {
            (TrustError::OtherKind, Some((entry, kind))) => {
                let message = format!("a key of the kind {kind}, and {error}");
                TrustError::Signers { line: entry.line, message }
            }
            _ => error,
        }
    }
}

impl Entry {
    fn may_sign(&self) -> bool {
        self.namespaces.as_ref().is_none_or(|patterns| matches_any(NAMESPACE, patterns))
    }
}

fn entry(line: usize, text: &str) -> Result<Entry, String> {
    let (principals, rest) = word(text.trim())?;
    let is_key = |text: &str| ["ssh-", "sk-", "ecdsa-"].iter().any(|kind| text.starts_with(kind));
    let (mut options, rest) = if is_key(rest) { ("", rest) } else { word(rest)? };
    let (mut namespaces, mut limit) = (None, None);
    while !options.is_empty() {
        let end = end(options, |c| c == ',').unwrap_or(options.len());
        let option = &options[..end];
        options = options[end..].strip_prefix(',').unwrap_or_default();
        match option.split_once('=') {
            Some((name, value)) if name.eq_ignore_ascii_case("namespaces") => {
                if namespaces.replace(value.replace('"', "")).is_some() {
                    return Err("it has namespaces twice".to_owned());
                }
            }
            _ => limit = Some(option.replace('"', "")),
        }
    }
    // Such lines are for others: a file may be shared with git.
    let key = match rest.split_whitespace().next() {
        Some(kind) if is_key(kind) && kind != Algorithm::Ed25519.as_str() => Err(kind.to_owned()),
        _ => Ok(PublicKey::from_openssh(rest).map_err(|error| format!("no key: {error}"))?),
    };
    Ok(Entry { line, principals: principals.replace('"', ""), namespaces, limit, key })
}

/// The first word, and what stands behind it.
fn word(text: &str) -> Result<(&str, &str), String> {
    let end = end(text, char::is_whitespace).ok_or("a key is missing")?;
    let (word, rest) = text.split_at(end);
    Ok((word, rest.trim_start()))
}

/// Where the first character stands that ends a part, and does not stand between quotes.
fn end(text: &str, ends: impl Fn(char) -> bool) -> Option<usize> {
    let (mut quoted, mut escapes) = (false, false);
    text.find(|c: char| {
        quoted ^= c == '"' && !escapes;
        escapes = c == '\\';
        !quoted && ends(c)
    })
}

#[cfg(test)]
mod tests {
    use ssh_key::rand_core::OsRng;
    use ssh_key::{HashAlg, LineEnding, PrivateKey};

    use super::*;
    use crate::trust::{Signer, check_fits};

    fn key() -> PrivateKey {
        PrivateKey::random(&mut OsRng, Algorithm::Ed25519).unwrap()
    }

    #[test]
    fn a_signature_counts_for_its_signer_its_message_and_its_purpose_alone() {
        let (ours, other) = (key(), key());
        let line = line(&["https://example.org/"], ours.public_key()).unwrap();
        let signers = Signers::parse(&format!("# ours\n\n{line}\n")).unwrap();
        let sign = |key: &PrivateKey| Signer::Key(key.clone()).sign(b"message").unwrap();
        let us = Some("https://example.org/");
        for issuer in [us, None] {
            let signed = signers.verify(issuer, b"message", sign(&ours).as_bytes());
            assert_eq!(signed.unwrap(), "https://example.org");
            let padded = format!("{}\n\n", sign(&ours));
            assert!(signers.verify(issuer, b"message", padded.as_bytes()).is_ok());
            assert!(signers.verify(issuer, b"messagE", sign(&ours).as_bytes()).is_err());
            assert!(signers.verify(issuer, b"message", sign(&other).as_bytes()).is_err());
            assert!(signers.verify(issuer, b"message", b"-----BEGIN").is_err());
        }
        let another = Some("https://example.com");
        let refused = signers.verify(another, b"message", sign(&ours).as_bytes()).unwrap_err();
        assert!(refused.to_string().ends_with("may not sign for https://example.com"));
        assert!(check_fits(b"message", sign(&other).as_bytes()).is_ok());
        assert!(check_fits(b"messagE", sign(&other).as_bytes()).is_err());
        let file = ours.sign("file", HashAlg::Sha512, b"message").unwrap();
        let file = file.to_pem(LineEnding::LF).unwrap();
        assert!(signers.verify(us, b"message", file.as_bytes()).is_err());
    }

    #[test]
    fn a_line_with_a_limit_is_in_the_way_of_its_own_key_alone() {
        let (ours, other) = (key(), key());
        let [our_key, other_key] =
            [&ours, &other].map(|key| key.public_key().to_openssh().unwrap());
        let signature = Signer::Key(ours).sign(b"message").unwrap();
        let verify = |text: String| {
            let signers = Signers::parse(&text).unwrap();
            signers.verify(Some("a"), b"message", signature.as_bytes())
        };
        for option in [
            "valid-before=\"20300101\"",
            "cert-authority",
            "namespaces=\"accolade\",valid-before=\"20200101\"",
            "valid-after=\"20400101\",namespaces=\"accolade,git\"",
        ] {
            assert!(verify(format!("a {option} {other_key}\na {our_key}")).is_ok(), "{option}");
            assert!(verify(format!("a {option} {our_key}\na {our_key}")).is_ok(), "{option}");
            let refused = verify(format!("b {our_key}\na {option} {our_key}")).unwrap_err();
            let refused = refused.to_string();
            assert!(refused.starts_with("allowed signers, line 2: "), "{refused}");
            assert!(refused.ends_with("for `ssh-keygen -Y verify` to look after"), "{refused}");
        }
    }

    #[test]
    fn lines_are_read_as_ssh_keygen_reads_them() {
        let key = key().public_key().to_openssh().unwrap();
        for line in [
            format!("a@b {key}"),
            format!("\"a b\",c namespaces=\"git,accolade\" {key} comment"),
            format!("*\tnamespaces=\"*\" {key}"),
        ] {
            assert!(Signers::parse(&line).unwrap().0[0].may_sign(), "{line}");
        }
        // Keys of other kinds are for others.
        let others = format!("a ssh-rsa AAAA\nb ecdsa-sha2-nistp256 AAAA b\nc {key}\n");
        assert!(Signers::parse(&others).is_ok());
        for others in ["git", "!accolade,*", "accolad"] {
            let line = format!("a namespaces=\"{others}\" {key}");
            assert!(!Signers::parse(&line).unwrap().0[0].may_sign(), "{line}");
        }
        for patterns in ["acc*", "git,accolad?"] {
            let line = format!("a Namespaces=\"{patterns}\" {key}");
            assert!(Signers::parse(&line).unwrap().0[0].may_sign(), "{line}");
        }
        for line in [
            "a".to_owned(),
            "a ssh-ed25519".to_owned(),
            "a ssh-ed25519 AAAA".to_owned(),
            format!("a namespaces=\"a\",namespaces=\"b\" {key}"),
            format!("a namespaces=\"a\" cert-authority {key}"),
            key,
        ] {
            assert!(Signers::parse(&line).is_err(), "{line}");
        }
        assert_eq!(principal("https://a.b/c,d?e/"), "https://a.b/c%2Cd%3Fe");
    }

    #[test]
    fn who_may_sign_for_a_home_page_may_sign_for_what_lies_below() {
        let principals = "https://example.org,https://b.org/us";
        for address in ["https://example.org", "https://example.org/a/V1", "https://b.org/us?id=1"]
        {
            assert!(may_sign_for(address, principals), "{address}");
        }
        for address in ["https://example.org.evil.com/", "https://b.org/them", "", "https://b.org"]
        {
            assert!(!may_sign_for(address, principals), "{address}");
        }
    }
}
