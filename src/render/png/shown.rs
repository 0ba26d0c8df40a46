//! Whether a PNG shows the pixels that are digested, and nothing else.

use super::chunk::SIGNATURE;

/// What [`chunk::add`](super::chunk::add) has written and programs have added: the kind of every
/// chunk and what is in it, as far as the file is whole. The sums over them are not looked at,
/// and what stands [`behind`] the end is not read: no program shows it as part of the picture.
pub fn chunks(file: &[u8]) -> impl Iterator<Item = ([u8; 4], &[u8])> {
    let mut rest = file.strip_prefix(&SIGNATURE).unwrap_or_default();
    std::iter::from_fn(move || {
        let (length, after) = rest.split_first_chunk()?;
        let (kind, after) = after.split_first_chunk::<4>()?;
        let (data, after) = after.split_at_checked(u32::from_be_bytes(*length) as usize)?;
        // Behind the data stands a checksum of four bytes.
        rest = if kind == b"IEND" { &[] } else { after.get(4..)? };
        Some((*kind, data))
    })
}

/// What stands behind the last chunk that [`chunks`] gives.
pub fn behind(file: &[u8]) -> &[u8] {
    let lengths = chunks(file).map(|(_, data)| data.len() + 12);
    file.get(SIGNATURE.len() + lengths.sum::<usize>()..).unwrap_or_default()
}

/// Whether a PNG shows something else than the pixels that are digested: where it moves, is
/// see-through, stretched or turned, is in other colours than sRGB, or has parts that not every
/// program knows or that hold more than they should (ISO/IEC 15948 and W3C's PNG, 11.3).
/// That its colours are sRGB, or that it stands upright, it may well say.
#[must_use]
pub fn shows_more(file: &[u8]) -> bool {
    let mut may_be_see_through = false;
    for (kind, data) in chunks(file) {
        let more = match &kind {
            b"acTL" | b"iCCP" => true,
            b"gAMA" => number(data) != Some(GAMMA),
            b"cHRM" => !is_srgb(data),
            b"cICP" => *data != CODE_POINTS,
            b"eXIf" => data.len() > BESIDE || is_turned(data),
            b"pHYs" => !is_square(data),
            b"IHDR" | b"PLTE" | b"IDAT" | b"IEND" | b"tEXt" | b"zTXt" | b"iTXt" => false,
            // A capital means that no picture can be shown without it (5.4).
            other => other[0].is_ascii_uppercase() || data.len() > BESIDE,
        };
        if more {
            return true;
        }
        // The bit for alpha in the type of colour (11.2.2).
        may_be_see_through |= match &kind {
            b"IHDR" => data.get(9).is_some_and(|colour| colour & 4 != 0),
            b"tRNS" => true,
            _ => false,
        };
    }
    let see_through = || {
        let image = image::load_from_memory_with_format(file, image::ImageFormat::Png);
        image.is_ok_and(|image| image.into_rgba8().pixels().any(|pixel| pixel.0[3] != u8::MAX))
    };
    may_be_see_through && see_through()
}

/// The gamma of sRGB, times 100,000 (11.3.2.5).
const GAMMA: u32 = 45_455;

/// White, red, green and blue of sRGB, x and y of each times 100,000.
const PRIMARIES: [u32; 8] = [31_270, 32_900, 64_000, 33_000, 30_000, 60_000, 15_000, 6_000];

/// By how much programs round them otherwise.
const ROUNDED: u32 = 10;

/// sRGB by its code points (ITU-T H.273): primaries, transfer, matrix, full range.
const CODE_POINTS: [u8; 4] = [1, 13, 0, 1];

/// The most that a chunk may hold which is neither pixels nor text, in bytes: more than those that
/// programs add do, and less than another picture.
const BESIDE: usize = 4096;

/// The orientation of what is not turned, and its number among the fields (Exif 2.32, 4.6.4).
const UPRIGHT: u16 = 1;
const ORIENTATION: u16 = 0x0112;

fn number(data: &[u8]) -> Option<u32> {
    data.first_chunk().map(|bytes| u32::from_be_bytes(*bytes))
}

fn is_srgb(data: &[u8]) -> bool {
    let said = data.as_chunks::<4>().0.iter().map(|bytes| u32::from_be_bytes(*bytes));
    said.len() == PRIMARIES.len() && said.zip(PRIMARIES).all(|(a, b)| a.abs_diff(b) <= ROUNDED)
}

/// Whether pixels are as wide as they are high (11.3.5.3).
fn is_square(data: &[u8]) -> bool {
    let (sizes, _) = data.as_chunks::<4>();
    matches!(sizes, [across, down] if across == down)
}

/// Whether Exif data says that a picture is turned.
pub fn is_turned(exif: &[u8]) -> bool {
    orientation(exif).is_some_and(|turned| turned != UPRIGHT)
}

/// The orientation in the first directory of Exif data, which is as TIFF: fields of 12 bytes, in
/// either order of bytes.
fn orientation(exif: &[u8]) -> Option<u16> {
    let little = exif.starts_with(b"II");
    let two = |at: usize| {
        let bytes = *exif.get(at..)?.first_chunk()?;
        Some(if little { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) })
    };
    let bytes = *exif.get(4..)?.first_chunk()?;
    let start = if little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) } as usize;
    let fields = (0..usize::from(two(start)?)).map(|field| start.checked_add(2 + 12 * field));
    let field = fields.map_while(|at| at).find(|at| two(*at) == Some(ORIENTATION))?;
    // Kind and count stand before it.
    two(field.checked_add(8)?)
}

#[cfg(test)]
mod tests {
    use super::super::chunk::{END, add, head};
    use super::*;

    fn with(kind: [u8; 4], data: &[u8]) -> Vec<u8> {
        let mut file = head((1, 1), 1, &[]);
        add(&mut file, kind, |file| file.extend(data));
        file.extend(END);
        file
    }

    #[test]
    fn colours_and_turns_that_are_said_count_unless_they_change_nothing() {
        let exif = |orientation: u8| {
            let head = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0";
            [&head[..], &[orientation, 0, 0, 0, 0, 0, 0]].concat()
        };
        let little = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0";
        let primaries: Vec<u8> = PRIMARIES.iter().flat_map(|n| n.to_be_bytes()).collect();
        let mut swapped = primaries.clone();
        swapped.rotate_left(16);
        for (kind, data, more) in [
            (*b"gAMA", &45_455_u32.to_be_bytes()[..], false),
            (*b"gAMA", &100_000_u32.to_be_bytes(), true),
            (*b"gAMA", b"", true),
            (*b"cHRM", &primaries, false),
            (*b"cHRM", &swapped, true),
            (*b"cICP", &CODE_POINTS, false),
            (*b"cICP", &[9, 16, 0, 1], true),
            (*b"iCCP", b"name\0\0", true),
            (*b"acTL", &[0; 8], true),
            (*b"eXIf", &exif(1), false),
            (*b"eXIf", &exif(6), true),
            (*b"eXIf", little, true),
            (*b"eXIf", &exif(6)[..12], false),
            (*b"eXIf", b"MM\0*\xff\xff\xff\xff", false),
            (*b"sRGB", &[0], false),
            (*b"bKGD", &[0; 6], false),
            (*b"tIME", &[0; 7], false),
            (*b"pHYs", &[0, 0, 0, 1, 0, 0, 0, 1, 0], false),
            (*b"pHYs", &[0, 0, 0, 1, 0, 0, 0, 8, 0], true),
            (*b"pHYs", b"", true),
            (*b"caNv", &[0; 16], false),
            (*b"prVw", &[0; BESIDE + 1], true),
            (*b"PiCt", b"", true),
        ] {
            assert_eq!(shows_more(&with(kind, data)), more, "{kind:?} {data:?}");
        }
        let behind = [with(*b"sRGB", &[0]), b"\0\0\0\0acTLcrc!".to_vec()].concat();
        assert!(!shows_more(&behind));
        assert!(!shows_more(b"no PNG"));
    }
}
