//! What to type next when a set, an honour roll or a signature went wrong.

use super::{of_disk, of_issuance};
use crate::disk::LockError;
use crate::export::ExportError;
use crate::export::honor_roll::HonorRollError;
use crate::trust::TrustError;

pub(super) fn of_trust(error: &TrustError) -> Option<String> {
    Some(match error {
        TrustError::NoKey => "`accolade key new` makes one; --key FILE names one that you have".to_owned(),
        TrustError::NotAKey { .. } => {
            "--key wants a private key of OpenSSH, such as ~/.ssh/id_ed25519; `ssh-keygen -p -f FILE` \
             brings older files into that format"
                .to_owned()
        }
        TrustError::Kind { .. } | TrustError::OtherKind => {
            "`accolade key new` makes an Ed25519 key, and so does `ssh-keygen -t ed25519`".to_owned()
        }
        TrustError::Cipher { .. } => {
            "`ssh-keygen -p -Z aes256-ctr -f FILE` encrypts it anew; it asks for the passphrase"
                .to_owned()
        }
        TrustError::Passphrase(_) => {
            "run the same command again; where nobody can be asked, ACCOLADE_KEY_PASSPHRASE has it"
                .to_owned()
        }
        TrustError::Published { .. } => {
            "choose a place outside, such as --out ~/.ssh/accolade_ed25519".to_owned()
        }
        TrustError::Exists(_) => "choose another place with --out, or use the one there is".to_owned(),
        TrustError::NoAgent(_) => {
            "start one with `eval \"$(ssh-agent)\"`, or name a private key with --key".to_owned()
        }
        TrustError::NotInAgent(_) => {
            "`ssh-add FILE` gives it the key; `ssh-add -l` shows which it has".to_owned()
        }
        TrustError::Disk(disk) if disk.is_missing() => {
            "the path of a key is seen from the folder of -C; `accolade key new` makes one".to_owned()
        }
        TrustError::Disk(disk) => return of_disk(disk),
        TrustError::Signers { .. } => {
            "`accolade key show` prints the line of an issuer, as ssh-keygen reads it".to_owned()
        }
        TrustError::Refused(_) | TrustError::Signature(_) => return None,
    })
}

pub(super) fn of_export(error: &ExportError) -> Option<String> {
    Some(match error {
        ExportError::Nothing { others: 0, .. } => {
            "`accolade list` shows which years there are".to_owned()
        }
        ExportError::Nothing { .. } => {
            "leave out --category or --format; `accolade list` shows what there is".to_owned()
        }
        ExportError::Adopted(_) => "hand them out as a folder, or as a .zip".to_owned(),
        ExportError::Linked(_) => "move the link away, or choose a new place".to_owned(),
        ExportError::NotDrawn { .. } => "`accolade restore` draws what is not drawn yet".to_owned(),
        ExportError::Inside { .. } | ExportError::Home(_) => {
            "choose a place outside, such as --to ../2020".to_owned()
        }
        ExportError::Shape(_) => {
            "choose a name that ends with .zip or .pdf, or for a folder one without an ending"
                .to_owned()
        }
        ExportError::Fewer { .. } => {
            "export all that is there, choose a new place, or say --force to have it removed"
                .to_owned()
        }
        ExportError::Lock(LockError::Busy { .. }) => "try again when it is done".to_owned(),
        ExportError::SameFile(..) => {
            "give one of them an alias: accolade reissue ID --name \"…\"".to_owned()
        }
        ExportError::NotOurs(_) => {
            "move it away, choose a new place, or say --force; what an earlier export has written \
             counts as its own only for as long as nobody changes it"
                .to_owned()
        }
        ExportError::Interrupted => "the same command again begins anew".to_owned(),
        ExportError::Issuance(error) => return of_issuance(error),
        ExportError::Trust(error) => return of_trust(error),
        ExportError::Lock(LockError::Disk(disk)) | ExportError::Disk(disk) => return of_disk(disk),
    })
}

pub(super) fn of_honor_roll(error: &HonorRollError) -> Option<String> {
    match error {
        HonorRollError::Nobody(..) => Some("`accolade list` shows which years there are".to_owned()),
        HonorRollError::Markers { .. } => Some(
            "a roll stands between one line that begins it and one that ends it; mend the page, or \
             take both out and run the same command again to see them"
                .to_owned(),
        ),
        HonorRollError::Linked(_) => Some("put the page itself in its place".to_owned()),
        HonorRollError::Disk(disk) => of_disk(disk),
    }
}
