//! Keys and signatures, in OpenSSH's own formats, so that whoever has `ssh-keygen` can check
//! what an issuer has signed: Ed25519 keys (RFC 8709), signatures as `ssh-keygen -Y sign` makes
//! them (PROTOCOL.sshsig), and the file of allowed signers that names who may sign.

mod agent;
mod key;
mod principals;
mod signature;
mod signers;

use std::path::PathBuf;

use crate::disk::DiskError;

pub use agent::Agent;
pub use key::{KeyFile, Signer, check_place, create, fingerprint, is_private};
pub use signature::{check_fits, is_signature};
pub use signers::{Signers, line, may_sign_for, principal};

/// What a signature is for: one that was made for anything else does not count.
pub const NAMESPACE: &str = "accolade";

/// Why something cannot be signed, or a signature does not count.
#[derive(Debug, thiserror::Error)]
pub enum TrustError {
    /// A file cannot be read or written.
    #[error(transparent)]
    Disk(#[from] DiskError),
    /// There is no key to sign with.
    #[error("there is no key to sign with")]
    NoKey,
    /// A file is no key.
    #[error("{} is no key that can be used: {message}", file.display())]
    NotAKey {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        message: String,
    },
    /// A key is of another kind.
    #[error("{} is {kind}, and accolade signs with Ed25519", file.display())]
    Kind {
        /// The file.
        file: PathBuf,
        /// What it is, such as `a key of the kind ssh-rsa`.
        kind: String,
    },
    /// A key is encrypted in a way that is too old.
    #[error("{} is encrypted with {cipher}, which accolade does not open", file.display())]
    Cipher {
        /// The file.
        file: PathBuf,
        /// With what, such as `3des-cbc`.
        cipher: String,
    },
    /// A passphrase does not open a key.
    #[error("this is not the passphrase of {}", .0.display())]
    Passphrase(PathBuf),
    /// A key may not be made where it would be published.
    #[error("{} lies in {}, which others may get to see", file.display(), folder.display())]
    Published {
        /// Where the key was to go.
        file: PathBuf,
        /// The folder that is published.
        folder: PathBuf,
    },
    /// A key is there already.
    #[error("{} is there already, and a key is never overwritten", .0.display())]
    Exists(PathBuf),
    /// No ssh-agent answers.
    #[error("no ssh-agent answers: {0}")]
    NoAgent(String),
    /// The ssh-agent has not the key.
    #[error("the ssh-agent has not the key {0}")]
    NotInAgent(String),
    /// The ssh-agent will not sign.
    #[error("the ssh-agent did not sign: {0}")]
    Refused(String),
    /// A signature does not count.
    #[error("{0}")]
    Signature(String),
    /// A signature was made with a key of another kind.
    #[error("the signature is not of an Ed25519 key, which alone counts here")]
    OtherKind,
    /// A file of allowed signers cannot be read.
    #[error("allowed signers, line {line}: {message}")]
    Signers {
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        message: String,
    },
}
