//! The two pictures of a preview as files, which never take the place of anything else.

use std::io::BufReader;
use std::path::Path;

use ::png::Filter;

use super::{Preview, PreviewError};
use crate::disk;
use crate::render::{pixels::Frame, png};

/// The contact sheet's file.
pub const SHEET: &str = "contact-sheet.png";

/// The proof's file.
pub const PROOF: &str = "proof.png";

/// What the pictures say made them: by this they are known again.
const SIGNATURE: &str = "accolade preview";

/// Pixels in a metre of the contact sheet: 96 dpi.
const SCREEN: u32 = 3780;

/// Makes sure that the pictures would replace nothing but pictures of an earlier preview.
///
/// # Errors
/// The first file that is something else.
pub fn check_ours(folder: &Path) -> Result<(), PreviewError> {
    for name in [SHEET, PROOF] {
        let path = folder.join(name);
        // What cannot be looked at is not ours; what is not there cannot be replaced.
        if path.symlink_metadata().is_err() {
            continue;
        }
        let file = disk::open(&path).ok();
        let software = file.and_then(|file| png::software(BufReader::new(file)));
        if software.as_deref() != Some(SIGNATURE) {
            return Err(PreviewError::NotOurs(path));
        }
    }
    Ok(())
}

impl Preview {
    /// Writes the two pictures to a folder, creating it.
    ///
    /// # Errors
    /// When something else stands in their place, or they cannot be written.
    pub fn write(&self, folder: &Path) -> Result<(), PreviewError> {
        let (sheet, proof) =
            rayon::join(|| encode(&self.sheet, SCREEN), || encode(&self.proof, self.proof_density));
        check_ours(folder)?;
        disk::write_whole(&folder.join(SHEET), &sheet?)?;
        disk::write_whole(&folder.join(PROOF), &proof?)?;
        Ok(())
    }
}

fn encode(frame: &Frame, density: u32) -> Result<Vec<u8>, PreviewError> {
    Ok(png::encode(frame, Filter::Paeth, density, SIGNATURE)?)
}
