//! Which state of the register something was made from: anyone can check it with `head` and
//! `sha256sum`, also when the register has grown since.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{FILE, Register, RegisterError, reading};
use crate::disk::{self, DiskError};

/// The first lines of a register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// The SHA-256 of these lines, as 64 hexadecimal digits.
    pub sha256: String,
    /// How many they are, with the header.
    pub lines: usize,
}

/// How much of the file is read at once, in bytes.
const CHUNK: usize = 1 << 18;

/// Reads the register as [`journal::read`](super::journal::read) does, and says in which state
/// it was: without a last line that was never finished.
///
/// # Errors
/// When the file or a line of it cannot be read.
pub fn read(folder: &Path) -> Result<(Register, Stamp), RegisterError> {
    let reading = reading::read(folder, false)?;
    let (stamp, _) = hash(folder, reading.whole, usize::MAX)?;
    Ok((reading.register, stamp))
}

/// Whether the register begins with the lines of a stamp: how many bytes it has behind them.
///
/// # Errors
/// When the file cannot be read.
pub fn begins(folder: &Path, stamp: &Stamp) -> Result<Option<u64>, RegisterError> {
    let (found, rest) = hash(folder, u64::MAX, stamp.lines)?;
    Ok((found == *stamp).then_some(rest))
}

/// The stamp of the first lines within the first bytes of a register, and how many bytes stand
/// behind them; one that is not there yet is empty.
fn hash(folder: &Path, bytes: u64, most: usize) -> Result<(Stamp, u64), RegisterError> {
    let path = folder.join(FILE);
    let (mut hash, mut lines) = (Sha256::new(), 0);
    let mut add = || {
        let file = match disk::open(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(0),
            file => file?,
        };
        let mut rest = file.metadata()?.len();
        let mut input = BufReader::with_capacity(CHUNK, file.take(bytes));
        let mut line = Vec::new();
        while lines < most && input.read_until(b'\n', &mut line)? > 0 {
            hash.update(&line);
            rest = rest.saturating_sub(line.len() as u64);
            lines += 1;
            line.clear();
        }
        Ok(rest)
    };
    let rest = add().map_err(DiskError::on("read", &path))?;
    Ok((Stamp { sha256: disk::hex(hash), lines }, rest))
}
