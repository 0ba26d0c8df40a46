//! Who may sign: a line each, as `ssh-keygen` reads them (ssh-keygen(1), ALLOWED SIGNERS), and
//! whether a signature is one of theirs.

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use ssh_key::{PublicKey, SshSig};

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
    /// By whom a signature of the key is.
    principals: String,
    /// What the key may sign; anything, where nothing is said.
    namespaces: Option<String>,
    key: PublicKey,
}

/// The line that lets others check what a key of an issuer has signed: the issuer is known by
/// its address, `https://example.org`.
///
/// # Errors
/// When the key cannot be written.
pub fn line(address: &str, key: &PublicKey) -> Result<String, TrustError> {
    let key = key.to_openssh().map_err(|error| TrustError::Signature(error.to_string()))?;
    Ok(format!("{} namespaces=\"{NAMESPACE}\" {key}", principal(address)))
}

/// What an issuer is called where signers are named.
#[must_use]
pub fn principal(address: &str) -> String {
    utf8_percent_encode(address.trim_end_matches('/'), SPECIAL).to_string()
}

impl Signers {
    /// Reads the text of a file of allowed signers.
    ///
    /// # Errors
    /// The first line that cannot be read, or says what only `ssh-keygen` can look after.
    pub fn parse(text: &str) -> Result<Self, TrustError> {
        let lines = (1..).zip(text.lines());
        let said = lines.filter(|(_, line)| {
            let line = line.trim();
            !line.is_empty() && !line.starts_with('#')
        });
        let read =
            |(line, text)| entry(text).map_err(|message| TrustError::Signers { line, message });
        said.map(read).collect::<Result<_, _>>().map(Self)
    }

    /// One key of an issuer.
    #[must_use]
    pub fn one(address: &str, key: PublicKey) -> Self {
        Self(vec![Entry { principals: principal(address), namespaces: None, key }])
    }

    /// Whose signature of a message it is.
    ///
    /// # Errors
    /// When it is nobody's who may sign, was made for something else, or of another message.
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> Result<&str, TrustError> {
        let wrong = |message: &str| TrustError::Signature(message.to_owned());
        let signature = SshSig::from_pem(signature)
            .map_err(|_| wrong("it is no signature in OpenSSH's format"))?;
        if signature.namespace() != NAMESPACE {
            return Err(wrong("the signature was made for something else"));
        }
        let mut signers = self.0.iter();
        let signer = signers
            .find(|entry| entry.key.key_data() == signature.public_key() && entry.may_sign())
            .ok_or_else(|| wrong("the signature is of nobody who may sign"))?;
        signer
            .key
            .verify(NAMESPACE, message, &signature)
            .map_err(|_| wrong("the signature is of something else, or this was altered"))?;
        Ok(&signer.principals)
    }
}

impl Entry {
    fn may_sign(&self) -> bool {
        let Some(namespaces) = &self.namespaces else { return true };
        namespaces.split(',').any(|name| name == NAMESPACE || name == "*")
    }
}

fn entry(text: &str) -> Result<Entry, String> {
    let (principals, rest) = word(text.trim())?;
    let (mut namespaces, mut rest) = (None, rest);
    while !rest.starts_with("ssh-") && !rest.starts_with("sk-") && !rest.starts_with("ecdsa-") {
        let (option, after) = word(rest)?;
        match option.split_once('=') {
            Some((name, value)) if name.eq_ignore_ascii_case("namespaces") => {
                namespaces = Some(value.to_owned());
            }
            _ => return Err(format!("{option:?} is for `ssh-keygen -Y verify` to look after")),
        }
        rest = after;
    }
    let key = PublicKey::from_openssh(rest).map_err(|error| format!("no key: {error}"))?;
    Ok(Entry { principals, namespaces, key })
}

/// The first word, without its quotes, and what stands behind it.
fn word(text: &str) -> Result<(String, &str), String> {
    let mut quoted = false;
    let end = text.find(|c: char| {
        quoted ^= c == '"';
        !quoted && c.is_whitespace()
    });
    let Some(end) = end else { return Err("a key is missing".to_owned()) };
    let (word, rest) = text.split_at(end);
    Ok((word.replace('"', ""), rest.trim_start()))
}

#[cfg(test)]
mod tests {
    use ssh_key::rand_core::OsRng;
    use ssh_key::{Algorithm, HashAlg, LineEnding, PrivateKey};

    use super::*;
    use crate::trust::Signer;

    fn key() -> PrivateKey {
        PrivateKey::random(&mut OsRng, Algorithm::Ed25519).unwrap()
    }

    #[test]
    fn a_signature_counts_for_its_signer_its_message_and_its_purpose_alone() {
        let (ours, other) = (key(), key());
        let line = line("https://example.org/", ours.public_key()).unwrap();
        let signers = Signers::parse(&format!("# ours\n\n{line}\n")).unwrap();
        let sign = |key: &PrivateKey| Signer::Key(key.clone()).sign(b"message").unwrap();
        let signed = signers.verify(b"message", sign(&ours).as_bytes());
        assert_eq!(signed.unwrap(), "https://example.org");
        assert!(signers.verify(b"messagE", sign(&ours).as_bytes()).is_err());
        assert!(signers.verify(b"message", sign(&other).as_bytes()).is_err());
        assert!(signers.verify(b"message", b"-----BEGIN").is_err());
        let file = ours.sign("file", HashAlg::Sha512, b"message").unwrap();
        let file = file.to_pem(LineEnding::LF).unwrap();
        assert!(signers.verify(b"message", file.as_bytes()).is_err());
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
        assert!(!Signers::parse(&format!("a namespaces=\"git\" {key}")).unwrap().0[0].may_sign());
        for line in [
            "a".to_owned(),
            format!("a valid-before=\"20300101\" {key}"),
            format!("a cert-authority {key}"),
            "a ssh-ed25519 AAAA".to_owned(),
            key,
        ] {
            assert!(Signers::parse(&line).is_err(), "{line}");
        }
        assert_eq!(principal("https://a.b/c,d?e/"), "https://a.b/c%2Cd%3Fe");
    }
}
