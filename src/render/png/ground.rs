//! A template's ground as PNG: what is the same on every certificate, compressed once.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use super::checksum::Checksum;
use super::chunk;
use super::deflate::{self, Rows};
use super::digest;
use super::filter::Filter;
use super::plan::{Piece, Plan};
use super::woven::Woven;
use crate::render::pixels::Frame;

/// What the pieces of a template are on every certificate.
#[derive(Debug)]
pub struct Ground {
    /// In the order of the plan.
    pub pieces: Vec<Kept>,
}

/// What is kept of a piece.
#[derive(Debug, Clone)]
pub enum Kept {
    /// A piece that nobody writes on.
    Ready(Arc<Ready>),
    /// One that somebody does.
    Woven(Arc<Woven>),
}

impl Kept {
    /// Its bytes in a file.
    pub fn size(&self) -> usize {
        match self {
            Self::Ready(ready) => ready.chunk.len(),
            Self::Woven(woven) => woven.size(),
        }
    }

    /// About the bytes that it takes in memory.
    pub fn weight(&self) -> usize {
        match self {
            Self::Ready(ready) => ready.chunk.len(),
            Self::Woven(woven) => woven.weight(),
        }
    }
}

/// A piece as it stands in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ready {
    /// An IDAT chunk.
    pub chunk: Vec<u8>,
    /// The checksum of what is compressed in it.
    pub checksum: Checksum,
    /// The digests of its bands.
    pub bands: Vec<digest::Part>,
}

impl Ready {
    /// Filters the pixels of a piece, and has them compressed.
    pub fn new(
        rgb: &[u8],
        width: usize,
        filter: Filter,
        compress: impl Fn(Rows<'_>) -> Vec<u8>,
    ) -> Self {
        let filtered = filter.rows(rgb, width);
        let mut chunk = Vec::new();
        let compressed = compress(Rows { bytes: &filtered, stride: width * 3 + 1 });
        chunk::add(&mut chunk, *b"IDAT", |file| file.extend(compressed));
        Self {
            chunk,
            checksum: Checksum::of(&filtered),
            bands: digest::bands(rgb, width).collect(),
        }
    }
}

impl Ground {
    /// Prepares the pieces of a drawn ground.
    pub fn new(plan: &Plan, frame: &Frame) -> Self {
        Self { pieces: side_by_side(plan.pieces.len(), |place| kept(&plan.pieces[place], frame)) }
    }
}

/// Makes so many things at the same time, each by its place.
fn side_by_side<T: Send + Sync>(count: usize, make: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let things: Vec<OnceLock<T>> = (0..count).map(|_| OnceLock::new()).collect();
    let next = AtomicUsize::new(0);
    let work = || {
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(thing) = things.get(at) else { break };
            thing.get_or_init(|| make(at));
        }
    };
    // Threads of their own: one that waits in rayon takes up other work, which could wait for this.
    std::thread::scope(|scope| {
        (1..rayon::current_num_threads().min(count)).for_each(|_| drop(scope.spawn(work)));
        work();
    });
    things.into_iter().filter_map(OnceLock::into_inner).collect()
}

fn kept(piece: &Piece, frame: &Frame) -> Kept {
    let rgb = rows(piece, frame);
    let width = frame.width as usize;
    let filter = Filter::best(rgb, width, piece.is_written);
    if piece.is_written {
        return Kept::Woven(Arc::new(Woven::new(piece.rows.start, width, filter, rgb.to_vec())));
    }
    Kept::Ready(Arc::new(Ready::new(rgb, width, filter, deflate::best)))
}

/// The pixels of a piece of a picture.
pub fn rows<'f>(piece: &Piece, frame: &'f Frame) -> &'f [u8] {
    let row = frame.width as usize * 3;
    &frame.rgb[piece.rows.start * row..piece.rows.end * row]
}
