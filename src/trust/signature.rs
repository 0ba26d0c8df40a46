//! Signatures in OpenSSH's format, and whether they are of a message; whose they are, the
//! signers tell.

use ssh_key::{Algorithm, Error, PublicKey, SshSig};

use super::{NAMESPACE, TrustError};

/// Makes sure that a signature is of a message, whoever has made it.
///
/// # Errors
/// When it is no signature, was made for something else, or of another message.
pub fn check_fits(message: &[u8], signature: &[u8]) -> Result<(), TrustError> {
    fits(message, &parse(signature)?)
}

/// Whether these are the bytes of a signature that was made for what this program does.
#[must_use]
pub fn is_signature(bytes: &[u8]) -> bool {
    parse(bytes).is_ok()
}

/// Reads a signature that was made for what this program does, with a key that counts.
///
/// # Errors
/// When it is none.
pub(super) fn parse(signature: &[u8]) -> Result<SshSig, TrustError> {
    let wrong = |message: &str| TrustError::Signature(message.to_owned());
    let text = [signature.trim_ascii_end(), b"\n"].concat();
    let signature = SshSig::from_pem(text).map_err(|error| match error {
        Error::AlgorithmUnknown | Error::AlgorithmUnsupported { .. } => TrustError::OtherKind,
        _ => wrong("it is no signature in OpenSSH's format"),
    })?;
    if signature.algorithm() != Algorithm::Ed25519 {
        return Err(TrustError::OtherKind);
    }
    if signature.namespace() != NAMESPACE {
        return Err(wrong("the signature was made for something else"));
    }
    Ok(signature)
}

/// Makes sure that a signature is of a message, by the key that it names.
///
/// # Errors
/// When it is not.
pub(super) fn fits(message: &[u8], signature: &SshSig) -> Result<(), TrustError> {
    let key = PublicKey::from(signature.public_key().clone());
    let another = "the signature is of something else, or this was altered";
    key.verify(NAMESPACE, message, signature).map_err(|_| TrustError::Signature(another.to_owned()))
}
