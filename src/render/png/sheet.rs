//! A ground with what is shared by a category and date written on it, and a certificate's file
//! spliced from it.

use std::sync::Arc;

use super::checksum::Checksum;
use super::chunk;
use super::deflate::{self, LAST};
use super::digest;
use super::filter::Filter;
use super::ground::{Ground, Kept, Ready, rows};
use super::plan::{Piece, Plan};
use super::woven::{Scratch, Woven};
use crate::render::RenderError;
use crate::render::ink::{Ink, Strip};
use crate::render::pixels::Frame;

/// The head of a zlib stream (RFC 1950, 2.2): a window of 32 KiB, compressed with most care.
const ZLIB: [u8; 2] = [0x78, 0xda];

/// Bytes that a person's own fields may add to a file without its being moved in memory.
const ROOM: usize = 64 << 10;

/// A sheet that only a person's own fields are missing on.
#[derive(Debug)]
pub struct Sheet {
    shared: Vec<Ink>,
    /// In the order of the plan.
    pieces: Vec<Kept>,
    /// About the bytes that they have in a file.
    size: usize,
    /// About the bytes that it takes in memory, besides the ground's.
    weight: usize,
}

impl Sheet {
    /// About the bytes that it takes in memory, besides the ground's.
    pub fn weight(&self) -> usize {
        self.weight
    }
}

/// All that PNGs of a template are made from: its plan, its ground, and how to get at the whole
/// ground in pixels, which is asked for only where ink stands far outside its field.
pub struct Forme<'a, F: Fn() -> Result<&'a Frame, RenderError>> {
    pub plan: &'a Plan,
    pub ground: &'a Ground,
    pub frame: F,
}

impl<'a, F: Fn() -> Result<&'a Frame, RenderError>> Forme<'a, F> {
    /// Writes on the ground what is shared.
    pub fn sheet(&self, shared: &[Ink]) -> Result<Sheet, RenderError> {
        let (mut scratch, mut weight) = (Scratch::default(), 0);
        let pieces = self.plan.pieces.iter().zip(&self.ground.pieces).map(|(piece, kept)| {
            if !touches(shared, piece) {
                return Ok(kept.clone());
            }
            let written = match kept {
                Kept::Ready(_) => Kept::Ready(Arc::new(self.anew(piece, [shared, &[]])?)),
                Kept::Woven(woven) => Kept::Woven(Arc::new(woven.with(shared, &mut scratch))),
            };
            weight += written.weight();
            Ok(written)
        });
        let pieces = pieces.collect::<Result<Vec<_>, _>>()?;
        let size = pieces.iter().map(Kept::size).sum();
        Ok(Sheet { shared: shared.to_vec(), pieces, size, weight })
    }

    /// Writes on a sheet what is a person's own: adds the pixels to a file's head, which makes it
    /// whole, and gives back their digest.
    pub fn write(
        &self,
        sheet: &Sheet,
        own: &[Ink],
        file: &mut Vec<u8>,
        scratch: &mut Scratch,
    ) -> Result<String, RenderError> {
        file.reserve(sheet.size + ROOM);
        let mut joined = Joined::begin(file);
        for (piece, kept) in self.plan.pieces.iter().zip(&sheet.pieces) {
            match kept {
                Kept::Woven(woven) => joined.add_woven(woven, own, scratch),
                Kept::Ready(_) if touches(own, piece) => {
                    joined.add(&self.anew(piece, [&sheet.shared, own])?);
                }
                Kept::Ready(ready) => joined.add(ready),
            }
        }
        Ok(joined.finish(self.plan.size))
    }

    /// The same for a picture that is all painted.
    pub fn write_painted(&self, frame: &Frame, file: &mut Vec<u8>) -> String {
        let mut joined = Joined::begin(file);
        for piece in &self.plan.pieces {
            let rgb = rows(piece, frame);
            let width = self.plan.size.0 as usize;
            joined.add(&Ready::new(rgb, width, Filter::None, deflate::good));
        }
        joined.finish(self.plan.size)
    }

    /// A piece on which there is ink that nobody had foreseen.
    fn anew(&self, piece: &Piece, inks: [&[Ink]; 2]) -> Result<Ready, RenderError> {
        let frame = (self.frame)()?;
        let width = self.plan.size.0 as usize;
        let rgb = painted(piece, rows(piece, frame), width, inks);
        Ok(Ready::new(&rgb, width, Filter::None, deflate::good))
    }
}

/// A file's pixels, as they are joined piece by piece.
struct Joined<'f> {
    file: &'f mut Vec<u8>,
    checksum: Checksum,
    bands: Vec<digest::Part>,
}

impl<'f> Joined<'f> {
    /// None as yet, after a file's head.
    fn begin(file: &'f mut Vec<u8>) -> Self {
        chunk::add(file, *b"IDAT", |file| file.extend(ZLIB));
        Self { file, checksum: Checksum::NONE, bands: Vec::new() }
    }

    fn add(&mut self, ready: &Ready) {
        self.file.extend(&ready.chunk);
        self.checksum = self.checksum.and(ready.checksum);
        self.bands.extend(&ready.bands);
    }

    fn add_woven(&mut self, woven: &Woven, inks: &[Ink], scratch: &mut Scratch) {
        let Self { file, checksum, bands } = self;
        chunk::add(file, *b"IDAT", |file| {
            *checksum = checksum.and(woven.write(inks, file, bands, scratch));
        });
    }

    /// Ends the file; gives back the digest of its pixels.
    fn finish(self, size: (u32, u32)) -> String {
        chunk::add(self.file, *b"IDAT", |file| {
            file.extend(LAST);
            file.extend(self.checksum.value().to_be_bytes());
        });
        self.file.extend(chunk::END);
        digest::of_bands(size, self.bands)
    }
}

fn touches(inks: &[Ink], piece: &Piece) -> bool {
    inks.iter().any(|ink| {
        let rows = ink.rows(piece.rows.end);
        !rows.is_empty() && rows.end > piece.rows.start
    })
}

/// The pixels of a piece with inks laid over them.
fn painted(piece: &Piece, rgb: &[u8], width: usize, inks: [&[Ink]; 2]) -> Vec<u8> {
    let mut rgb = rgb.to_vec();
    let mut strip = Strip { width, top: piece.rows.start, rgb: &mut rgb };
    inks.into_iter().flatten().for_each(|ink| ink.lay(&mut strip));
    rgb
}
