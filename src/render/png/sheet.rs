//! A ground with what is shared by a category and date written on it, and a certificate's file
//! spliced from it.

use std::sync::Arc;

use super::checksum::Checksum;
use super::chunk;
use super::deflate::{self, LAST};
use super::digest::{self, TileDigest};
use super::filter::Filter;
use super::ground::{Ground, Kept, Ready, rows};
use super::plan::{Piece, Plan};
use super::woven::Scratch;
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
}

/// All that PNGs of a template are made from: its plan, its ground, and how to get at the whole
/// ground in pixels, which is
/// asked for only where ink stands far outside its field.
pub struct Forme<'a, F: Fn() -> Result<&'a Frame, RenderError>> {
    pub plan: &'a Plan,
    pub ground: &'a Ground,
    pub frame: F,
}

impl<'a, F: Fn() -> Result<&'a Frame, RenderError>> Forme<'a, F> {
    /// Writes on the ground what is shared.
    pub fn sheet(&self, shared: Vec<Ink>) -> Result<Sheet, RenderError> {
        let mut scratch = Scratch::default();
        let pieces = self.plan.pieces.iter().zip(&self.ground.pieces).map(|(piece, kept)| {
            Ok(match kept {
                _ if !touches(&shared, piece) => kept.clone(),
                Kept::Ready(_) => Kept::Ready(Arc::new(self.anew(piece, [&shared, &[]])?)),
                Kept::Woven(woven) => Kept::Woven(Arc::new(woven.with(&shared, &mut scratch))),
            })
        });
        let pieces = pieces.collect::<Result<Vec<_>, _>>()?;
        let size = pieces.iter().map(Kept::size).sum();
        Ok(Sheet { shared, pieces, size })
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
        let mut checksum = Checksum::NONE;
        let mut digests: Vec<TileDigest> = Vec::new();
        file.reserve(sheet.size + ROOM);
        chunk::add(file, *b"IDAT", |file| file.extend(ZLIB));
        for (piece, written) in self.plan.pieces.iter().zip(&sheet.pieces) {
            let ready = match written {
                Kept::Woven(woven) => {
                    chunk::add(file, *b"IDAT", |file| {
                        checksum = checksum.and(woven.write(own, file, &mut digests, scratch));
                    });
                    continue;
                }
                Kept::Ready(_) if touches(own, piece) => {
                    &Arc::new(self.anew(piece, [&sheet.shared, own])?)
                }
                Kept::Ready(ready) => ready,
            };
            file.extend(&ready.chunk);
            checksum = checksum.and(ready.checksum);
            digests.extend(&ready.digests);
        }
        chunk::add(file, *b"IDAT", |file| {
            file.extend(LAST);
            file.extend(checksum.value().to_be_bytes());
        });
        file.extend(chunk::END);
        Ok(digest::of_tiles(self.plan.size, digests.into_iter()))
    }

    /// A piece on which there is ink that nobody had foreseen.
    fn anew(&self, piece: &Piece, inks: [&[Ink]; 2]) -> Result<Ready, RenderError> {
        let frame = (self.frame)()?;
        let width = self.plan.size.0 as usize;
        let rgb = painted(piece, rows(piece, frame), width, inks);
        Ok(Ready::new(&rgb, width, Filter::None, deflate::good))
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
