//! Pictures decoded.

use std::io::Cursor;

use image::{DynamicImage, ImageReader};

use crate::template::Picture;

/// The picture as it is seen, in its own size.
pub(super) fn upright(picture: &Picture) -> Result<DynamicImage, String> {
    let reader = ImageReader::new(Cursor::new(&picture.bytes)).with_guessed_format();
    let mut image = reader
        .map_err(|error| error.to_string())?
        .decode()
        .map_err(|error| format!("it cannot be read: {error}"))?;
    image.apply_orientation(picture.orientation);
    Ok(image)
}
