//! Rows that fields lie on, tokenised once with care, and compressed.
//!
//! What comes on them is tokenised in haste, and so is what would be copied from there; of all else
//! the tokens stay and, where there are many, for a person's own fields their bits.

mod sources;
mod touch;

use std::ops::Range;

use super::checksum::Checksum;
use super::deflate::bits::Bits;
use super::deflate::expected::Expected;
use super::deflate::hasty::Lately;
use super::deflate::huffman::Codes;
use super::deflate::token::{self, Token};
use super::deflate::{self, Rows};
use super::digest::{self, TILE};
use super::filter::Filter;
use crate::render::ink::{Ink, Strip};
use sources::Sources;

/// How often each literal is expected besides those of the ground: letters bring bytes that it
/// has not.
const LITERALS: u32 = 8;

/// Where the ground's tokens say so many bytes each, as on a blank page, all are told in a code of
/// each certificate's own: they say little of what letters bring, and are told in no time.
const BLANK: usize = 100;

/// Rows made ready for what comes on them.
#[derive(Debug)]
pub struct Woven {
    /// The place of the first row in the picture.
    top: usize,
    width: usize,
    rgb: Vec<u8>,
    filter: Filter,
    filtered: Vec<u8>,
    /// The last one only marks the end.
    tokens: Vec<Placed>,
    sources: Sources,
    encoded: Option<Encoded>,
    checksum: Checksum,
    /// The digests of its bands' tiles, and of its bands.
    tiles: Vec<Vec<digest::Part>>,
    bands: Vec<digest::Part>,
}

/// Tokens in one code for everybody.
#[derive(Debug)]
struct Encoded {
    codes: Codes,
    bits: Vec<u8>,
}

/// A token in its place.
#[derive(Debug, Clone, Copy)]
struct Placed {
    token: Token,
    /// The place of its first byte among the filtered ones.
    start: u32,
    /// The place of its first bit, where bits are kept.
    bit: u32,
}

/// Room to work in, kept from one certificate to the next.
#[derive(Debug, Default)]
pub struct Scratch {
    rgb: Vec<u8>,
    filtered: Vec<u8>,
    changes: Vec<Range<usize>>,
    /// The places of the tokens to be told anew, in order; and the same as bits.
    anew: Vec<u32>,
    bits: Vec<u64>,
    lately: Lately,
    tokens: Vec<Token>,
}

/// A part of what is told anew.
enum Told {
    /// Tokens that stay.
    Old(Range<usize>),
    New(Token),
}

impl Woven {
    /// Tokenises some rows of pixels with care; `top` is the place of the first.
    pub fn new(top: usize, width: usize, filter: Filter, rgb: Vec<u8>) -> Self {
        let filtered = filter.rows(&rgb, width);
        let tokens = deflate::tokens(Rows { bytes: &filtered, stride: width * 3 + 1 });
        Self::assemble(top, width, filter, rgb, filtered, tokens)
    }

    /// Rows that have been tokenised before, if these are their tokens.
    pub fn told(
        top: usize,
        width: usize,
        filter: Filter,
        rgb: Vec<u8>,
        tokens: Vec<Token>,
    ) -> Option<Self> {
        let filtered = filter.rows(&rgb, width);
        let said = token::said(&tokens, filtered.len())?;
        (said == filtered).then(|| Self::assemble(top, width, filter, rgb, filtered, tokens))
    }

    fn assemble(
        top: usize,
        width: usize,
        filter: Filter,
        rgb: Vec<u8>,
        filtered: Vec<u8>,
        tokens: Vec<Token>,
    ) -> Self {
        let codes = (tokens.len() * BLANK > filtered.len())
            .then(|| Codes::of(&Expected::anything(LITERALS).with(&tokens)));
        let mut bits = Bits::default();
        if let Some(codes) = &codes {
            codes.begin(&mut bits);
        }
        let sources = Sources::of(&tokens, filtered.len());
        let mut placed = Vec::with_capacity(tokens.len() + 1);
        let mut start = 0;
        for token in tokens {
            placed.push(Placed { token, start, bit: bits.len() as u32 });
            start += token.length() as u32;
            if let Some(codes) = &codes {
                codes.push(token, &mut bits);
            }
        }
        placed.push(Placed { token: Token::Literal(0), start, bit: bits.len() as u32 });
        let encoded = codes.map(|codes| Encoded { codes, bits: bits.finish() });
        let bands = rgb.chunks(width * 3 * TILE.1);
        let tiles: Vec<Vec<_>> = bands.map(|band| digest::tiles(band, width).collect()).collect();
        Self {
            top,
            width,
            filter,
            tokens: placed,
            sources,
            encoded,
            checksum: Checksum::of(&filtered),
            bands: tiles.iter().map(|tiles| digest::of_tiles(tiles)).collect(),
            tiles,
            filtered,
            rgb,
        }
    }

    /// About how many bytes it has compressed.
    pub fn size(&self) -> usize {
        self.encoded.as_ref().map_or(self.tokens.len() * 2, |encoded| encoded.bits.len())
    }

    /// About the bytes that it takes in memory: its own, and for each token about one source.
    pub fn weight(&self) -> usize {
        let of_token = size_of::<Placed>() + size_of::<u32>();
        self.rgb.len() + self.filtered.len() + self.tokens.len() * of_token + self.size()
    }

    /// Its filter.
    pub fn filter(&self) -> Filter {
        self.filter
    }

    /// Its pixels, three bytes each.
    pub fn rgb(&self) -> &[u8] {
        &self.rgb
    }

    /// Its tokens.
    pub fn tokens(&self) -> impl Iterator<Item = Token> {
        self.tokens[..self.tokens.len() - 1].iter().map(|placed| placed.token)
    }

    /// The same rows with ink on them.
    pub fn with(&self, inks: &[Ink], scratch: &mut Scratch) -> Self {
        let mut rgb = self.rgb.clone();
        let mut strip = Strip { width: self.width, top: self.top, rgb: &mut rgb };
        for ink in inks {
            ink.lay(&mut strip);
        }
        let (mut bands, mut checksum) = (self.bands.clone(), self.checksum);
        self.change(inks, scratch, &mut bands, &mut checksum);
        let mut tokens = Vec::with_capacity(self.tokens.len());
        self.collect(scratch, &mut tokens);
        let filtered = self.filter.rows(&rgb, self.width);
        Self::assemble(self.top, self.width, self.filter, rgb, filtered, tokens)
    }

    /// Adds the rows with a person's ink on them to a file, compressed, and the digests of their
    /// bands to others.
    pub fn write(
        &self,
        inks: &[Ink],
        file: &mut Vec<u8>,
        bands: &mut Vec<digest::Part>,
        scratch: &mut Scratch,
    ) -> Checksum {
        let first = bands.len();
        bands.extend(&self.bands);
        let mut checksum = self.checksum;
        self.change(inks, scratch, &mut bands[first..], &mut checksum);
        let mut bits = Bits::after(std::mem::take(file));
        if let Some(Encoded { codes, bits: kept }) = &self.encoded {
            bits.copy(kept, 0, self.tokens[0].bit as usize);
            self.tell(scratch, |told| match told {
                Told::Old(old) => {
                    let (from, to) = (self.tokens[old.start].bit, self.tokens[old.end].bit);
                    bits.copy(kept, from as usize, to as usize);
                }
                Told::New(token) => codes.push(token, &mut bits),
            });
            codes.end(&mut bits);
        } else {
            let mut tokens = std::mem::take(&mut scratch.tokens);
            tokens.clear();
            self.collect(scratch, &mut tokens);
            deflate::write(&tokens, &Expected::nothing().with(&tokens), &mut bits);
            scratch.tokens = tokens;
        }
        *file = deflate::finish(bits);
        checksum
    }

    /// All tokens: those there are, and others for those to be told anew.
    fn collect(&self, scratch: &mut Scratch, tokens: &mut Vec<Token>) {
        self.tell(scratch, |told| match told {
            Told::Old(old) => tokens.extend(self.tokens[old].iter().map(|placed| placed.token)),
            Told::New(token) => tokens.push(token),
        });
    }

    /// Bytes of a filtered row.
    fn stride(&self) -> usize {
        self.width * 3 + 1
    }

    /// Tells all in tokens: those there are, and others for those to be told anew.
    fn tell(&self, scratch: &mut Scratch, mut tell: impl FnMut(Told)) {
        let Scratch { filtered, anew, lately, .. } = scratch;
        lately.clear();
        let mut old = 0;
        for tokens in parts(anew) {
            tell(Told::Old(old..tokens.start));
            let part = self.bytes(&tokens);
            lately.tokenise(filtered, part, self.stride(), |token| tell(Told::New(token)));
            old = tokens.end;
        }
        tell(Told::Old(old..self.tokens.len() - 1));
    }

    /// The filtered bytes of some tokens.
    fn bytes(&self, tokens: &Range<usize>) -> Range<usize> {
        self.tokens[tokens.start].start as usize..self.tokens[tokens.end].start as usize
    }
}

/// Runs of places that follow each other.
fn parts(places: &[u32]) -> impl Iterator<Item = Range<usize>> {
    let runs = places.chunk_by(|a, b| a + 1 == *b);
    runs.map(|run| run[0] as usize..run[0] as usize + run.len())
}
