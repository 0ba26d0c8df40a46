//! DEFLATE (RFC 1951) in parts that can be joined: each ends on a byte, without being the last
//! one of its stream, and looks back at nothing before its own beginning.

pub mod bits;
pub mod huffman;
pub mod tokens;

use flate2::{Compress, Compression, FlushCompress};

/// An empty block of stored bytes, after the three bits that announce it: what stands before it
/// is thereby complete.
pub const SYNC: [u8; 4] = [0, 0, 0xff, 0xff];

/// The last block of a stream, with nothing in it.
pub const LAST: [u8; 2] = [3, 0];

/// For rows that are compressed once for all: of the two thirds of a 2000 x 1414 plate that no
/// field touches, level 9 makes 220 KB in 200 ms, level 6 makes 246 KB in 40 ms. (libdeflate makes
/// 231 KB in 120 ms at its level 9, and 208 KB in 3.8 s at its highest.)
pub const BEST: u32 = 9;

/// For rows that are compressed once for a category.
pub const GOOD: u32 = 6;

/// Compresses a part at a level from 1 to 9.
pub fn part(bytes: &[u8], level: u32) -> Vec<u8> {
    const STEP: usize = 1 << 16;
    let mut compress = Compress::new(Compression::new(level), false);
    let mut part = Vec::with_capacity(bytes.len() / 8 + STEP);
    loop {
        let read = compress.total_in() as usize;
        let room = part.capacity() - part.len();
        // Neither a dictionary nor a wrong state is there to fail for.
        let _ = compress.compress_vec(&bytes[read..], &mut part, FlushCompress::Sync);
        if compress.total_in() as usize == bytes.len() && part.len() < part.capacity() {
            return part;
        }
        debug_assert!(room > 0);
        part.reserve(STEP);
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use flate2::read::DeflateDecoder;

    use super::*;

    #[test]
    fn parts_are_read_as_one_stream() {
        let noise = |n: u32| (n.wrapping_mul(0x9e37_79b9) >> 24) as u8;
        let first: Vec<u8> = (0..300_000).map(noise).collect();
        let second = vec![7; 100_000];
        let mut stream = [part(&first, BEST), part(&second, GOOD), part(&[], GOOD)].concat();
        stream.extend(LAST);
        let mut read = Vec::new();
        DeflateDecoder::new(&*stream).read_to_end(&mut read).unwrap();
        assert_eq!(read, [first, second].concat());
    }
}
