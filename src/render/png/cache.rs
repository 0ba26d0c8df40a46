//! Prepared grounds, kept from one run to the next in a folder that anybody may delete.
//!
//! A file's name says what it is of; it begins with the digest of its name and of what is in it.
//! Whatever is wrong with one, it counts as not there, and is written anew. When they take too much
//! room, the oldest go. Against somebody who means harm there is no guard here: who may write to
//! the folder may change the program too.

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use sha2::{Digest, Sha256};

use super::checksum::Checksum;
use super::deflate::token::{Match, Token};
use super::digest::TILE;
use super::filter::Filter;
use super::ground::{Ground, Kept, Ready};
use super::plan::{Piece, Plan};
use super::woven::Woven;
use crate::disk;

/// To be raised when a ground comes out otherwise than before: artwork drawn otherwise, rows
/// shared out, filtered or compressed otherwise.
const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), " 3");

/// The largest file, in bytes.
const LARGEST: u64 = 1 << 30;

/// How much all files may take, in bytes: some two hundred grounds of A4 at 150 dpi.
const ROOM: u64 = 512 << 20;

/// How long another may be writing a file that is not whole yet.
const DAY: Duration = Duration::from_hours(24);

/// What the names of files begin with.
const GROUND: &str = "ground";

/// Where grounds are kept.
#[derive(Debug, Clone)]
pub struct Cache {
    folder: PathBuf,
}

/// Which ground it is.
pub struct Key<'a> {
    /// The digest of the template.
    pub template: &'a str,
    /// The digest of the issuer's own fonts, which drawings may use.
    pub fonts: &'a [u8],
}

impl Cache {
    /// A cache in a folder, which need not be there.
    pub fn in_folder(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    fn name(key: &Key<'_>) -> String {
        let mut hash = Sha256::new();
        for part in [VERSION.as_bytes(), key.template.as_bytes(), key.fonts] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        disk::hex_digest(GROUND, hash).replace(':', "-")
    }

    /// The ground that is kept, if it is there and whole.
    pub fn get(&self, key: &Key<'_>, plan: &Plan) -> Option<Ground> {
        let name = Self::name(key);
        let bytes = disk::read_inside(&self.folder, &name, LARGEST).ok()?;
        let (digest, content) = bytes.split_at_checked(32)?;
        if digest_of(&name, content)[..] != *digest {
            return None;
        }
        let mut reader = Reader { rest: content };
        let pieces = plan.pieces.iter().map(|piece| reader.piece(piece, plan.size.0 as usize));
        let pieces = pieces.collect::<Option<_>>()?;
        reader.rest.is_empty().then_some(Ground { pieces })
    }

    /// Keeps a ground; if that cannot be done, nothing is kept.
    pub fn put(&self, key: &Key<'_>, ground: &Ground) {
        let mut content = Vec::new();
        for piece in &ground.pieces {
            put(piece, &mut content);
        }
        let name = Self::name(key);
        let digest = digest_of(&name, &content);
        let _ = disk::write_whole(&self.folder.join(name), &[&digest[..], &content].concat());
        self.make_room(ROOM);
    }

    /// Removes the oldest grounds, so that the others take no more than so many bytes; the newest
    /// stays in any case. Also what killed runs have left, a day older than that.
    fn make_room(&self, room: u64) {
        let Ok(entries) = fs::read_dir(&self.folder) else { return };
        let files = entries.flatten().filter_map(|file| {
            let metadata = file.metadata().ok()?;
            let name = file.file_name().to_string_lossy().into_owned();
            Some((name, (metadata.modified().ok()?, file.path(), metadata.len())))
        });
        let (grounds, others): (Vec<_>, Vec<_>) =
            files.partition(|(name, _)| name.starts_with(GROUND));
        let mut grounds: Vec<_> = grounds.into_iter().map(|(_, file)| file).collect();
        grounds.sort();
        let Some((newest, ..)) = grounds.last() else { return };
        for (name, (made, file, _)) in others {
            let is_old = newest.duration_since(made).is_ok_and(|age| age > DAY);
            if is_old && disk::is_unfinished(&name) {
                let _ = disk::remove_file(&file);
            }
        }
        let mut taken = 0;
        for (place, (_, file, size)) in grounds.iter().rev().enumerate() {
            taken += size;
            if place > 0 && taken > room {
                // Another may be reading it; then it stays for now.
                let _ = disk::remove_file(file);
            }
        }
    }
}

fn digest_of(name: &str, content: &[u8]) -> [u8; 32] {
    Sha256::new_with_prefix(name).chain_update(content).finalize().into()
}

/// Adds a piece: lengths are big-endian numbers of 32 bits; how many bands or pixels there are is
/// known from the plan.
fn put(piece: &Kept, content: &mut Vec<u8>) {
    match piece {
        Kept::Ready(ready) => {
            let Ready { chunk, checksum, bands } = &**ready;
            put_bytes(chunk, content);
            content.extend(checksum.value().to_be_bytes());
            content.extend((checksum.length() as u32).to_be_bytes());
            content.extend(bands.as_flattened());
        }
        Kept::Woven(woven) => {
            content.push(woven.filter() as u8);
            put_packed(woven.rgb(), content);
            let tokens = woven.tokens().flat_map(|token| match token {
                Token::Literal(byte) => [0, 0, 0, byte],
                Token::Match(Match { length, distance }) => {
                    let ([a, b], [c, d]) = (length.to_be_bytes(), distance.to_be_bytes());
                    [a, b, c, d]
                }
            });
            put_packed(&tokens.collect::<Vec<u8>>(), content);
        }
    }
}

fn put_packed(bytes: &[u8], content: &mut Vec<u8>) {
    let mut packed = DeflateEncoder::new(Vec::new(), Compression::fast());
    // Memory takes whatever is written.
    let _ = packed.write_all(bytes);
    put_bytes(&packed.finish().unwrap_or_default(), content);
}

fn put_bytes(bytes: &[u8], content: &mut Vec<u8>) {
    content.extend((bytes.len() as u32).to_be_bytes());
    content.extend(bytes);
}

/// What is left to be read.
struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(taken)
    }

    fn number(&mut self) -> Option<u32> {
        Some(u32::from_be_bytes(self.take(4)?.try_into().ok()?))
    }

    fn bytes(&mut self) -> Option<&'a [u8]> {
        let count = self.number()?;
        self.take(count as usize)
    }

    /// Bytes that were packed; more than so many are none.
    fn packed(&mut self, most: usize) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        let mut unpacked = DeflateDecoder::new(self.bytes()?).take(most as u64 + 1);
        unpacked.read_to_end(&mut bytes).ok()?;
        (bytes.len() <= most).then_some(bytes)
    }

    fn piece(&mut self, piece: &Piece, width: usize) -> Option<Kept> {
        if !piece.is_written {
            let chunk = self.bytes()?.to_vec();
            let (value, length) = (self.number()?, self.number()?);
            let bands = self.take(piece.rows.len().div_ceil(TILE.1) * 32)?.as_chunks().0.to_vec();
            let checksum = Checksum::from_parts(value, length.into());
            return Some(Kept::Ready(Arc::new(Ready { chunk, checksum, bands })));
        }
        let number = self.take(1)?[0];
        let filter = Filter::ALL.into_iter().find(|filter| *filter as u8 == number)?;
        let size = piece.rows.len() * width * 3;
        let rgb = self.packed(size).filter(|rgb| rgb.len() == size)?;
        // At most a token for each byte of a filtered row.
        let tokens = self.packed((size + piece.rows.len()) * 4)?;
        let (tokens, []) = tokens.as_chunks() else { return None };
        let token = |[a, b, c, d]: &[u8; 4]| match u16::from_be_bytes([*a, *b]) {
            0 => Token::Literal(*d),
            length => Token::Match(Match { length, distance: u16::from_be_bytes([*c, *d]) }),
        };
        let tokens = tokens.iter().map(token).collect();
        let woven = Woven::told(piece.rows.start, width, filter, rgb, tokens)?;
        Some(Kept::Woven(Arc::new(woven)))
    }
}

#[cfg(test)]
mod tests {
    use std::fs::File;

    use super::*;

    #[test]
    fn the_oldest_grounds_make_room() {
        let folder = tempfile::tempdir().unwrap();
        let put = |name: &str, age: u64| {
            let mut file = File::create(folder.path().join(name)).unwrap();
            file.write_all(&[0; 100]).unwrap();
            let made = file.metadata().unwrap().modified().unwrap();
            file.set_modified(made - Duration::from_secs(age * 1000)).unwrap();
        };
        for (name, age) in [("ground-a", 1), ("ground-b", 3), ("ground-c", 2), ("other", 999)] {
            put(name, age);
        }
        // What others may be writing, and what nobody does any more.
        put(".accolade-new.part", 1);
        put(".accolade-old.part", 90);
        let cache = Cache::in_folder(folder.path());
        let left = || -> Vec<String> {
            let entries = fs::read_dir(folder.path()).unwrap();
            let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
            let mut names: Vec<String> = names.collect();
            names.sort();
            names
        };
        cache.make_room(300);
        assert_eq!(left(), [".accolade-new.part", "ground-a", "ground-b", "ground-c", "other"]);
        cache.make_room(299);
        assert_eq!(left(), [".accolade-new.part", "ground-a", "ground-c", "other"]);
        cache.make_room(0);
        assert_eq!(left(), [".accolade-new.part", "ground-a", "other"]);
    }
}
