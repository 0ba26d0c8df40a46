//! Keys: made, read, opened with their passphrase, and signed with.

use std::fs::{DirBuilder, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use ssh_key::rand_core::OsRng;
use ssh_key::{Algorithm, Cipher, Error, HashAlg, LineEnding, PrivateKey, PublicKey, SshSig};

use super::{Agent, NAMESPACE, TrustError};
use crate::disk::{self, DiskError};

/// The largest key file that is read, in bytes.
const LARGEST: u64 = 1 << 16;

/// A key as it lies on the disk.
#[derive(Debug)]
pub enum KeyFile {
    /// A private key.
    Open(PrivateKey),
    /// A private key that wants a passphrase; its public half can be read.
    Locked(PrivateKey, PathBuf),
    /// A public key alone: an ssh-agent may have its private half.
    Public(PublicKey),
}

/// Who signs.
#[derive(Debug)]
pub enum Signer {
    /// A private key.
    Key(PrivateKey),
    /// A key that an ssh-agent has.
    Agent(Agent, PublicKey),
}

impl KeyFile {
    /// Reads a private or public key file of OpenSSH.
    ///
    /// # Errors
    /// When it cannot be read, or is no Ed25519 key.
    pub fn read(file: &Path) -> Result<Self, TrustError> {
        let text = disk::read_text(file, LARGEST)?;
        if !text.contains("-----BEGIN ") {
            return Self::public(text.trim(), file);
        }
        if !text.contains("-----BEGIN OPENSSH PRIVATE KEY-----") {
            let message = "it is not in OpenSSH's format".to_owned();
            return Err(TrustError::NotAKey { file: file.to_owned(), message });
        }
        let key = PrivateKey::from_openssh(&text).map_err(|error| unusable(&error, file))?;
        check_kind(&key.algorithm(), file)?;
        if key.is_encrypted() {
            check_cipher(key.cipher(), file)?;
            return Ok(Self::Locked(key, file.to_owned()));
        }
        Ok(Self::Open(key))
    }

    /// Reads a public key as it stands in a line, `ssh-ed25519 AAAA…`; `file` is for messages.
    ///
    /// # Errors
    /// When it is no Ed25519 key.
    pub fn public(line: &str, file: &Path) -> Result<Self, TrustError> {
        let key = PublicKey::from_openssh(line).map_err(|error| unusable(&error, file))?;
        check_kind(&key.algorithm(), file)?;
        Ok(Self::Public(key))
    }

    /// Its public half.
    #[must_use]
    pub fn public_key(&self) -> &PublicKey {
        match self {
            Self::Open(key) | Self::Locked(key, _) => key.public_key(),
            Self::Public(key) => key,
        }
    }

    /// Opens it with a passphrase, where it wants one.
    ///
    /// # Errors
    /// When it is another's passphrase, or there is no private key to open.
    pub fn open(self, passphrase: &str) -> Result<Signer, TrustError> {
        match self {
            Self::Open(key) => Ok(Signer::Key(key)),
            Self::Locked(key, file) => {
                key.decrypt(passphrase).map(Signer::Key).map_err(|_| TrustError::Passphrase(file))
            }
            Self::Public(key) => Err(TrustError::NotInAgent(fingerprint(&key))),
        }
    }
}

impl Signer {
    /// Its public key.
    #[must_use]
    pub fn public_key(&self) -> &PublicKey {
        match self {
            Self::Key(key) => key.public_key(),
            Self::Agent(_, key) => key,
        }
    }

    /// Signs a message; gives back the signature file, as `ssh-keygen -Y sign` would write it.
    /// Ed25519 makes the same signature of the same message every time.
    ///
    /// # Errors
    /// When the ssh-agent does not sign, or not with this key.
    pub fn sign(&self, message: &[u8]) -> Result<String, TrustError> {
        let wrong = |error: Error| TrustError::Refused(error.to_string());
        let hash = HashAlg::Sha512;
        let signature = match self {
            Self::Key(key) => key.sign(NAMESPACE, hash, message).map_err(wrong)?,
            Self::Agent(agent, key) => {
                let data = SshSig::signed_data(NAMESPACE, hash, message).map_err(wrong)?;
                let signature = agent.sign(key, &data)?;
                SshSig::new(key.key_data().clone(), NAMESPACE, hash, signature).map_err(wrong)?
            }
        };
        self.public_key().verify(NAMESPACE, message, &signature).map_err(wrong)?;
        signature.to_pem(LineEnding::LF).map_err(wrong)
    }
}

/// Makes sure that a key may be made at a place; `force` allows one that is published.
///
/// # Errors
/// When a key is there already, or the place is published.
pub fn check_place(file: &Path, force: bool) -> Result<(), TrustError> {
    let public = public_file(file);
    if let Some(there) = [file, &public].into_iter().find(|file| file.exists()) {
        return Err(TrustError::Exists(there.to_owned()));
    }
    match published(file) {
        Some(folder) if !force => Err(TrustError::Published { file: file.to_owned(), folder }),
        _ => Ok(()),
    }
}

/// The file of a key's public half.
fn public_file(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".pub");
    name.into()
}

/// Makes a key, and writes it and, with the ending `.pub`, its public half; gives back that.
///
/// # Errors
/// Those of [`check_place`], and when it cannot be made or written.
pub fn create(
    file: &Path,
    comment: &str,
    passphrase: Option<&str>,
    force: bool,
) -> Result<PublicKey, TrustError> {
    check_place(file, force)?;
    let unmade =
        |error: Error| TrustError::NotAKey { file: file.to_owned(), message: error.to_string() };
    let mut key = PrivateKey::random(&mut OsRng, Algorithm::Ed25519).map_err(unmade)?;
    key.set_comment(comment);
    let public = key.public_key().clone();
    if let Some(passphrase) = passphrase {
        key = key.encrypt(&mut OsRng, passphrase).map_err(unmade)?;
    }
    let text = key.to_openssh(LineEnding::LF).map_err(unmade)?;
    let public_text = public.to_openssh().map_err(unmade)? + "\n";
    write_secret(file, text.as_bytes())?;
    disk::write_whole(&public_file(file), public_text.as_bytes()).inspect_err(|_| unmake(file))?;
    Ok(public)
}

/// Whether a file has a private key in it, of OpenSSH or another in PEM (RFC 7468).
#[must_use]
pub fn is_private(bytes: &[u8]) -> bool {
    let line = |line: &[u8]| {
        line.starts_with(b"-----BEGIN ") && line.trim_ascii_end().ends_with(b"PRIVATE KEY-----")
    };
    bytes.split(|byte| *byte == b'\n').any(line)
}

/// How a key is shown in short: `SHA256:…`, as `ssh-keygen -l` does.
#[must_use]
pub fn fingerprint(key: &PublicKey) -> String {
    key.fingerprint(HashAlg::Sha256).to_string()
}

/// Writes a file that its owner alone may read, and that was not there.
/// Folders that are made for it are their owner's alone too, as OpenSSH makes ~/.ssh.
fn write_secret(file: &Path, bytes: &[u8]) -> Result<(), TrustError> {
    let mut folders = DirBuilder::new();
    folders.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut folders, 0o700);
    let folder = file.parent().filter(|folder| *folder != Path::new(""));
    let folder = folder.unwrap_or(Path::new("."));
    folders.create(folder).map_err(DiskError::on("create", folder))?;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut secret = options.open(file).map_err(DiskError::on("write", file))?;
    let written = secret.write_all(bytes).and_then(|()| secret.sync_data());
    Ok(written.inspect_err(|_| unmake(file)).map_err(DiskError::on("write", file))?)
}

/// Takes away a key that came to nothing: where one lies, none is made.
fn unmake(file: &Path) {
    let _ = disk::remove_file(file);
}

/// The nearest folder around a file that is likely to be published: an issuer's, or one under
/// version control.
fn published(file: &Path) -> Option<PathBuf> {
    let real = file.ancestors().skip(1).find_map(|folder| {
        let folder = if folder == Path::new("") { Path::new(".") } else { folder };
        folder.canonicalize().ok()
    })?;
    let marks = ["accolade.toml", "register.jsonl", ".git", ".hg", ".svn"];
    let is_published = |folder: &&Path| marks.iter().any(|mark| folder.join(mark).exists());
    real.ancestors().find(is_published).map(Path::to_owned)
}

fn check_kind(algorithm: &Algorithm, file: &Path) -> Result<(), TrustError> {
    match algorithm {
        Algorithm::Ed25519 => Ok(()),
        other => Err(TrustError::Kind { file: file.to_owned(), kind: kind(other) }),
    }
}

/// Triple DES, which OpenSSH still writes where it is asked to, is not opened here.
fn check_cipher(cipher: Cipher, file: &Path) -> Result<(), TrustError> {
    match cipher {
        Cipher::TDesCbc => {
            Err(TrustError::Cipher { file: file.to_owned(), cipher: cipher.to_string() })
        }
        _ => Ok(()),
    }
}

fn kind(algorithm: &Algorithm) -> String {
    format!("a key of the kind {algorithm}")
}

fn unusable(error: &Error, file: &Path) -> TrustError {
    let file = file.to_owned();
    match error {
        Error::AlgorithmUnsupported { algorithm } => {
            TrustError::Kind { file, kind: kind(algorithm) }
        }
        Error::AlgorithmUnknown => {
            TrustError::Kind { file, kind: "a key of another kind".to_owned() }
        }
        other => TrustError::NotAKey { file, message: other.to_string() },
    }
}
