//! ssh-agent, which keeps keys opened: the two messages that signing needs, asking which keys it
//! has and having it sign (draft-ietf-sshm-ssh-agent, 3.5 and 3.6). Crates that speak the
//! whole protocol bring the arithmetic of every kind of key along, which would take longer to
//! build than all that is here.

use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use ssh_key::{PublicKey, Signature};

use super::TrustError;
use super::key::fingerprint;

const REQUEST_IDENTITIES: u8 = 11;
const IDENTITIES_ANSWER: u8 = 12;
const SIGN_REQUEST: u8 = 13;
const SIGN_RESPONSE: u8 = 14;

/// The longest answer that is read, in bytes: OpenSSH's own limit.
const LONGEST: usize = 256 << 10;

/// Where an ssh-agent can be reached.
#[derive(Debug, Clone)]
pub struct Agent {
    address: PathBuf,
}

/// A way to an agent and back.
trait Line: Read + Write {}

impl<T: Read + Write> Line for T {}

impl Agent {
    /// The agent at an address: that of a socket, on Windows that of a named pipe.
    #[must_use]
    pub fn at(address: &Path) -> Self {
        Self { address: address.to_owned() }
    }

    /// Makes sure that it has a key.
    ///
    /// # Errors
    /// When it has not, or does not answer.
    pub fn check(&self, key: &PublicKey) -> Result<(), TrustError> {
        let answer = self.ask(&[REQUEST_IDENTITIES])?;
        let unread = || TrustError::NoAgent("it does not answer as an ssh-agent does".to_owned());
        let mut rest = answer.strip_prefix(&[IDENTITIES_ANSWER]).ok_or_else(unread)?;
        let wanted = encoded(key)?;
        let count = number(&mut rest).ok_or_else(unread)?;
        for _ in 0..count {
            let blob = string(&mut rest).ok_or_else(unread)?;
            let _comment = string(&mut rest).ok_or_else(unread)?;
            if blob == wanted {
                return Ok(());
            }
        }
        Err(TrustError::NotInAgent(fingerprint(key)))
    }

    /// Has it sign with a key.
    ///
    /// # Errors
    /// When it will not, or does not answer.
    pub(super) fn sign(&self, key: &PublicKey, data: &[u8]) -> Result<Signature, TrustError> {
        let mut request = vec![SIGN_REQUEST];
        put(&encoded(key)?, &mut request);
        put(data, &mut request);
        request.extend(0_u32.to_be_bytes());
        let answer = self.ask(&request)?;
        let refused = || TrustError::Refused("it is locked, or was not allowed to".to_owned());
        let mut rest = answer.strip_prefix(&[SIGN_RESPONSE]).ok_or_else(refused)?;
        let signature = string(&mut rest).ok_or_else(refused)?;
        Signature::try_from(signature).map_err(|error| TrustError::Refused(error.to_string()))
    }

    /// Sends a message and waits for the answer, as long as somebody may take to allow it.
    fn ask(&self, message: &[u8]) -> Result<Vec<u8>, TrustError> {
        let ask = || {
            let mut line = connect(&self.address)?;
            let mut framed = Vec::new();
            put(message, &mut framed);
            line.write_all(&framed)?;
            line.flush()?;
            let mut length = [0; 4];
            line.read_exact(&mut length)?;
            let length = u32::from_be_bytes(length) as usize;
            if length > LONGEST {
                return Err(io::Error::other("its answer is too long"));
            }
            let mut answer = vec![0; length];
            line.read_exact(&mut answer)?;
            Ok(answer)
        };
        ask().map_err(|error: io::Error| {
            TrustError::NoAgent(format!("{}: {error}", self.address.display()))
        })
    }
}

#[cfg(unix)]
fn connect(address: &Path) -> io::Result<Box<dyn Line>> {
    Ok(Box::new(std::os::unix::net::UnixStream::connect(address)?))
}

/// A named pipe is opened as a file is.
#[cfg(not(unix))]
fn connect(address: &Path) -> io::Result<Box<dyn Line>> {
    Ok(Box::new(std::fs::OpenOptions::new().read(true).write(true).open(address)?))
}

fn encoded(key: &PublicKey) -> Result<Vec<u8>, TrustError> {
    key.to_bytes().map_err(|error| TrustError::Refused(error.to_string()))
}

/// Adds a string of the protocol (RFC 4251, 5): its length in four bytes, then itself.
fn put(bytes: &[u8], message: &mut Vec<u8>) {
    message.extend((bytes.len() as u32).to_be_bytes());
    message.extend(bytes);
}

fn number(rest: &mut &[u8]) -> Option<u32> {
    let (number, after) = rest.split_first_chunk()?;
    *rest = after;
    Some(u32::from_be_bytes(*number))
}

fn string<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = number(rest)? as usize;
    let (string, after) = rest.split_at_checked(length)?;
    *rest = after;
    Some(string)
}
