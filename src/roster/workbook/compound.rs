//! The compound file that an XLS is kept in (MS-CFB): its chains of sectors are followed here
//! first, where one that runs in circles or leads outside is an error.

use super::damaged;
use crate::roster::Problem;

const END_OF_CHAIN: u32 = 0xffff_fffe;
const HIGHEST_SECTOR: u32 = 0xffff_fffa;

/// Streams shorter than this are kept in small sectors.
const SMALL_STREAM: usize = 4096;
const SMALL_SECTOR: usize = 64;

/// The stream with the workbook.
pub fn stream(bytes: &[u8]) -> Result<Vec<u8>, Vec<Problem>> {
    let broken = || vec![damaged("")];
    let file = File::open(bytes).ok_or_else(broken)?;
    let folder = file.chain(number(bytes, 48).ok_or_else(broken)?, None).ok_or_else(broken)?;
    let entries: Vec<Entry> = folder.chunks_exact(128).filter_map(Entry::of).collect();
    // The container of short streams is read whether or not the workbook is one.
    let small = file.small(bytes, entries.first().ok_or_else(broken)?).ok_or_else(broken)?;
    let named = |name: &str| entries.iter().find(|entry| entry.name.eq_ignore_ascii_case(name));
    let entry = named("Workbook")
        .or_else(|| named("Book"))
        .ok_or_else(|| vec![damaged("it has no workbook in it, or is protected by a password")])?;
    let length = entry.length;
    let stream = if length < SMALL_STREAM {
        small.chain(entry.start, Some(length))
    } else {
        file.chain(entry.start, Some(length))
    };
    stream.ok_or_else(broken)
}

/// Sectors and the table that says which follows which.
struct File {
    data: Vec<u8>,
    sector: usize,
    next: Vec<u32>,
}

impl File {
    fn open(bytes: &[u8]) -> Option<Self> {
        let sector = match bytes.get(30..34)? {
            [9, 0, 6, 0] => 512,
            [12, 0, 6, 0] => 4096,
            _ => return None,
        };
        let data = bytes.get(sector..)?.to_vec();
        let mut file = Self { data, sector, next: Vec::new() };
        let most = file.data.len() / sector + 1;
        let mut tables: Vec<u32> = numbers(bytes.get(76..512)?).collect();
        let mut more = number(bytes, 68)?;
        let mut read = 0;
        while more < HIGHEST_SECTOR {
            read += 1;
            if read > most {
                return None;
            }
            tables.extend(numbers(file.sector(more)?));
            more = tables.pop()?;
        }
        let tables = tables.into_iter().filter(|table| *table < 0xffff_fffc);
        for (count, table) in tables.enumerate() {
            if count > most {
                return None;
            }
            let next: Vec<u32> = numbers(file.sector(table)?).collect();
            file.next.extend(next);
        }
        Some(file)
    }

    /// The small sectors, which are kept in the stream of the first entry.
    fn small(&self, bytes: &[u8], root: &Entry) -> Option<Self> {
        let tables = number(bytes, 64)? as usize;
        if tables == 0 {
            return Some(Self { data: Vec::new(), sector: SMALL_SECTOR, next: Vec::new() });
        }
        let data = self.chain(root.start, Some(root.length))?;
        let length = tables.checked_mul(self.sector)?;
        let next = numbers(&self.chain(number(bytes, 60)?, Some(length))?).collect();
        Some(Self { data, sector: SMALL_SECTOR, next })
    }

    /// A sector; the last one of a file may be short.
    fn sector(&self, place: u32) -> Option<&[u8]> {
        let start = (place as usize).checked_mul(self.sector)?;
        let end = start.checked_add(self.sector)?.min(self.data.len());
        self.data.get(start..end)
    }

    /// The sectors from this one on, put together: up to `length`, or to the end of the chain.
    fn chain(&self, start: u32, length: Option<usize>) -> Option<Vec<u8>> {
        let mut chain = Vec::new();
        let mut place = start;
        let mut steps = 0;
        while place != END_OF_CHAIN {
            steps += 1;
            if steps > self.next.len() {
                return None;
            }
            chain.extend_from_slice(self.sector(place)?);
            if length.is_some_and(|length| chain.len() >= length) {
                break;
            }
            place = *self.next.get(place as usize)?;
        }
        if let Some(length) = length {
            chain.truncate(length);
        }
        Some(chain)
    }
}

/// An entry of the folder: a stream.
struct Entry {
    name: String,
    start: u32,
    length: usize,
}

impl Entry {
    fn of(bytes: &[u8]) -> Option<Self> {
        let units =
            bytes.get(..64)?.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
        let name = char::decode_utf16(units.take_while(|unit| *unit != 0))
            .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
            .collect();
        let length = number(bytes, 120)? as usize;
        Some(Self { name, start: number(bytes, 116)?, length })
    }
}

fn number(bytes: &[u8], place: usize) -> Option<u32> {
    bytes.get(place..place + 4)?.try_into().ok().map(u32::from_le_bytes)
}

fn numbers(bytes: &[u8]) -> impl Iterator<Item = u32> + '_ {
    bytes.chunks_exact(4).map(|four| u32::from_le_bytes([four[0], four[1], four[2], four[3]]))
}
