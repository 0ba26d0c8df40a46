//! Whether other readers may take a PNG for a file of another kind, in which they see what they
//! like: they look for some kinds further in than at the beginning.

use super::shown::{behind, chunks};

/// How a page begins, and within how many bytes readers look for that (ISO 32000-1, annex H).
const PAGES: [&[u8]; 2] = [b"%PDF-", b"%!PS-Adobe-"];
const REACH: usize = 1024;

/// How it begins where some readers look for it anywhere: so long that pixels do not look like it
/// by chance.
const PAGES_ANYWHERE: [&[u8]; 3] = [b"%PDF-1.", b"%PDF-2.", b"%!PS-Adobe-"];

/// How archives begin that readers look for anywhere, as behind a program that unpacks them.
const ARCHIVES: [&[u8]; 3] = [ZIP_END, b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c"];

/// The last record of a ZIP, by which it is found (APPNOTE 4.3.16): the length without its
/// comment, which ends the file, and the longest comment.
const ZIP_END: &[u8] = b"PK\x05\x06";
const ZIP_LENGTH: usize = 22;
const ZIP_COMMENT: usize = 0xffff;

/// Whether a PNG is a page or an archive as well. Pixels may look like anything, so within them
/// only what would be found counts.
#[must_use]
pub fn poses(file: &[u8]) -> bool {
    let has = |bytes: &[u8], marks: &[&[u8]]| marks.iter().any(|mark| contains(bytes, mark));
    let beside = chunks(file).filter(|(kind, _)| kind != b"IDAT").map(|(_, data)| data);
    let behind = behind(file);
    has(&file[..file.len().min(REACH + PAGES[0].len())], &PAGES)
        || has(file, &PAGES_ANYWHERE)
        || has(behind, &PAGES)
        || contains(behind, b"PK\x03\x04")
        || beside.chain([behind]).any(|bytes| has(bytes, &ARCHIVES))
        || ends_as_zip(file)
}

fn ends_as_zip(file: &[u8]) -> bool {
    let end = &file[file.len().saturating_sub(ZIP_LENGTH + ZIP_COMMENT)..];
    end.windows(ZIP_LENGTH).enumerate().any(|(at, record)| {
        let comment = usize::from(u16::from_le_bytes([record[20], record[21]]));
        record.starts_with(ZIP_END) && at + ZIP_LENGTH + comment == end.len()
    })
}

fn contains(bytes: &[u8], mark: &[u8]) -> bool {
    bytes.windows(mark.len()).any(|part| part == mark)
}

#[cfg(test)]
mod tests {
    use super::super::chunk::{END, add, head};
    use super::*;

    #[test]
    fn pages_and_archives_are_found_wherever_their_readers_look() {
        let with = |kind: [u8; 4], data: &[u8], behind: &[u8]| {
            let mut file = head((1, 1), 1, &[]);
            add(&mut file, kind, |file| file.extend(data));
            file.extend(END);
            file.extend(behind);
            file
        };
        let far = [&[0; 2000][..], b"%PDF-1.7"].concat();
        // Its comment is what closes the picture: a sum, and the end.
        let zip = [ZIP_END, &[0; 16], &[16, 0]].concat();
        for (kind, data, behind, posing) in [
            (*b"prVt", &b"%PDF-1.7"[..], &b""[..], true),
            (*b"IDAT", b"%PDF-1.7", b"", true),
            (*b"IDAT", &far, b"", true),
            (*b"IDAT", &[&[0; 2000][..], b"%PDF-"].concat(), b"", false),
            (*b"IDAT", b"x", &far, true),
            (*b"IDAT", b"x", b"more", false),
            (*b"IDAT", b"x", b"PK\x03\x04", true),
            (*b"tEXt", b"PK\x05\x06", b"", true),
            (*b"IDAT", b"PK\x05\x06", b"", false),
            (*b"IDAT", &zip, b"", true),
            (*b"tEXt", b"Comment\0Rar!\x1a\x07", b"", true),
        ] {
            assert_eq!(poses(&with(kind, data, behind)), posing, "{kind:?} {data:?} {behind:?}");
        }
        assert!(!poses(b""));
    }
}
