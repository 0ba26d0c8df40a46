//! The chunks of a PNG (ISO/IEC 15948, 5.3): a length, a kind, what is in it, and its CRC.

/// What every PNG begins with.
pub const SIGNATURE: [u8; 8] = *b"\x89PNG\r\n\x1a\n";

/// The end of every PNG.
pub const END: [u8; 12] = *b"\0\0\0\0IEND\xae\x42\x60\x82";

/// Adds a chunk; `content` is handed the file, and adds what is in it.
pub fn add(file: &mut Vec<u8>, kind: [u8; 4], content: impl FnOnce(&mut Vec<u8>)) {
    let start = file.len();
    file.extend([0; 4]);
    file.extend(kind);
    content(file);
    // Pages are far smaller than 2 GiB, and so is what is said of them.
    let length = (file.len() - start - 8) as u32;
    file[start..start + 4].copy_from_slice(&length.to_be_bytes());
    let crc = crc32fast::hash(&file[start + 4..]);
    file.extend(crc.to_be_bytes());
}

/// What stands before the pixels of an RGB picture of 8 bits: its size in pixels, how many of them
/// lie on a metre of paper, and what it says of itself, by keyword (11.3.4).
pub fn head((width, height): (u32, u32), pixels_per_metre: u32, texts: &[(&str, &str)]) -> Vec<u8> {
    let mut file = SIGNATURE.to_vec();
    add(&mut file, *b"IHDR", |file| {
        file.extend(width.to_be_bytes());
        file.extend(height.to_be_bytes());
        // Bits, truecolour, the one method of compression and of filtering, no interlacing.
        file.extend([8, 2, 0, 0, 0]);
    });
    add(&mut file, *b"pHYs", |file| {
        file.extend(pixels_per_metre.to_be_bytes());
        file.extend(pixels_per_metre.to_be_bytes());
        file.push(1);
    });
    for (keyword, text) in texts {
        let (kind, between): (_, &[u8]) =
            if text.is_ascii() { (*b"tEXt", &[0]) } else { (*b"iTXt", &[0; 5]) };
        add(&mut file, kind, |file| {
            file.extend(keyword.as_bytes());
            file.extend(between);
            file.extend(text.as_bytes());
        });
    }
    file
}
