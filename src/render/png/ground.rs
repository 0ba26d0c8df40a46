//! A template's ground as PNG: what is the same on every certificate, compressed once.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::checksum::Checksum;
use super::chunk;
use super::deflate::{self, BEST};
use super::digest::{TILE, TileDigest, tiles};
use super::filter::Filter;
use super::plan::{Piece, Plan, Whose};
use crate::render::pixels::Frame;

/// What the pieces of a template are on every certificate.
#[derive(Debug, PartialEq, Eq)]
pub struct Ground {
    /// In the order of the plan.
    pub pieces: Vec<Kept>,
}

/// What is kept of a piece.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// A piece that nobody writes on.
    Ready(Ready),
    /// The pixels of one that somebody does, three bytes each, and the filter for them.
    Rows(Vec<u8>, Filter),
}

/// A piece as it stands in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ready {
    /// An IDAT chunk.
    pub chunk: Vec<u8>,
    /// The checksum of what is compressed in it.
    pub checksum: Checksum,
    /// The digests of its tiles.
    pub digests: Vec<TileDigest>,
}

impl Ready {
    /// Filters and compresses the pixels of a piece.
    pub fn new(rgb: &[u8], width: usize, filter: Filter, level: u32) -> Self {
        let filtered = filter.rows(rgb, width, false);
        let mut chunk = Vec::new();
        chunk::add(&mut chunk, *b"IDAT", |file| file.extend(deflate::part(&filtered, level)));
        let bands = rgb.chunks(width * 3 * TILE.1);
        Self {
            chunk,
            checksum: Checksum::of(&filtered),
            digests: bands.flat_map(|band| tiles(band, width)).collect(),
        }
    }
}

impl Ground {
    /// Prepares the pieces of a drawn ground, side by side.
    pub fn new(plan: &Plan, frame: &Frame) -> Self {
        let places: Vec<OnceLock<Kept>> = plan.pieces.iter().map(|_| OnceLock::new()).collect();
        let next = AtomicUsize::new(0);
        let work = || {
            loop {
                let place = next.fetch_add(1, Ordering::Relaxed);
                let Some(piece) = plan.pieces.get(place) else { break };
                places[place].get_or_init(|| kept(piece, frame));
            }
        };
        // Threads of their own: work of rayon's could wait for this very ground.
        std::thread::scope(|scope| {
            (1..rayon::current_num_threads()).for_each(|_| drop(scope.spawn(work)));
            work();
        });
        Self { pieces: places.into_iter().filter_map(OnceLock::into_inner).collect() }
    }
}

fn kept(piece: &Piece, frame: &Frame) -> Kept {
    let rgb = rows(piece, frame);
    let width = frame.width as usize;
    let filter = Filter::best(rgb, width, piece.whose == Whose::Own);
    if piece.whose == Whose::Nobodys {
        return Kept::Ready(Ready::new(rgb, width, filter, BEST));
    }
    Kept::Rows(rgb.to_vec(), filter)
}

/// The pixels of a piece of a picture.
pub fn rows<'f>(piece: &Piece, frame: &'f Frame) -> &'f [u8] {
    let row = frame.width as usize * 3;
    &frame.rgb[piece.rows.start * row..piece.rows.end * row]
}
