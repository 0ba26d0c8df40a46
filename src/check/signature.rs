//! Whether the signature that lies beside the register is of the register as it is. Whose it is,
//! `verify` tells.

use std::path::Path;

use super::{Kind, Report};
use crate::disk::{self, DiskError};
use crate::register::{FILE, LARGEST, SIGNATURE};
use crate::trust;

/// The largest signature that is read, in bytes.
const LARGEST_SIGNATURE: u64 = 1 << 16;

/// Notes a signature that does not fit: that is so whenever something was issued since.
pub(super) fn check(folder: &Path, report: &mut Report) {
    let read = |file: &str, limit| disk::read(&folder.join(file), limit);
    let signature = match read(SIGNATURE, LARGEST_SIGNATURE) {
        Err(error) if error.is_missing() => return,
        signature => signature,
    };
    let message = match (signature, read(FILE, LARGEST)) {
        (Ok(signature), Ok(register)) => match trust::check_fits(&register, &signature) {
            Ok(()) => return,
            Err(_) if trust::is_signature(&signature) => {
                "it is of an earlier state of the register".to_owned()
            }
            Err(error) => error.to_string(),
        },
        (Err(error), _) | (_, Err(error)) => unread(&error),
    };
    report.note(Kind::Signature, SIGNATURE.to_owned(), message, "accolade sign".to_owned());
}

fn unread(error: &DiskError) -> String {
    format!("{error}: {}", error.source)
}
