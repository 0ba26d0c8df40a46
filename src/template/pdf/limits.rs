//! What would unpack without end is refused before anything is unpacked.

use std::io::{self, Read, Write};

use flate2::read::ZlibDecoder;
use hayro::hayro_syntax::Filter;
use hayro::hayro_syntax::object::{Array, Dict, Stream};

/// The most that a stream may unpack to, in bytes.
const LARGEST: u64 = 160 << 20;

/// The most that a whole file may unpack to, in bytes.
const LARGEST_FILE: u64 = 512 << 20;

/// The most that a stream may have whose length cannot be told without unpacking it.
const LARGEST_PACKED: usize = 64 << 10;

/// The most pixels that a picture in a page may have.
const MOST_SAMPLES: f64 = 100e6;

/// Looks at everything in a file that begins as a compressed stream, tables of objects and
/// packed objects among them, which are unpacked as soon as the file is read.
pub(super) fn check_file(bytes: &[u8]) -> Result<(), String> {
    let mark = b"stream";
    let mut whole = 0;
    let mut at = 0;
    while let Some(found) = bytes[at..].windows(mark.len()).position(|window| window == mark) {
        at += found + mark.len();
        let rest = &bytes[at..];
        let data = rest.strip_prefix(b"\r\n").or_else(|| rest.strip_prefix(b"\n")).unwrap_or(rest);
        // A zlib stream (RFC 1950): method 8, and a header that is a multiple of 31.
        if let [method, check, ..] = data
            && method & 0x0f == 8
            && u16::from_be_bytes([*method, *check]).is_multiple_of(31)
        {
            whole += unpacked(data)?;
        }
        if whole > LARGEST_FILE {
            return Err(format!("it unpacks to more than {} MiB", LARGEST_FILE >> 20));
        }
    }
    Ok(())
}

/// Looks at a stream that is taken over.
pub(super) fn check_stream(stream: &Stream) -> Result<(), String> {
    let parameters = stream.dict().get::<Dict>("DecodeParms");
    let several = stream.dict().get::<Array>("DecodeParms");
    let several = several.iter().flat_map(Array::iter::<Dict>);
    check_picture(stream.dict(), ["Width", "Height"])?;
    for parameters in parameters.into_iter().chain(several) {
        check_picture(&parameters, ["Columns", "Rows"])?;
    }
    let packed = |filter: &Filter| matches!(filter, Filter::FlateDecode | Filter::LzwDecode);
    let filters = stream.filters();
    if filters.iter().filter(|filter| packed(filter)).count() > 1 {
        return Err("a stream in it is packed twice; save it anew".to_owned());
    }
    match filters.as_slice() {
        [Filter::FlateDecode] => unpacked(&stream.raw_data()).map(drop),
        filters if filters.iter().any(packed) && stream.raw_data().len() > LARGEST_PACKED => {
            Err("a stream in it is packed in a way of old; save it anew".to_owned())
        }
        _ => Ok(()),
    }
}

/// Looks at how many pixels a dictionary speaks of.
fn check_picture(dictionary: &Dict, sides: [&str; 2]) -> Result<(), String> {
    let [width, height] = sides.map(|side| dictionary.get::<f64>(side).unwrap_or(1.0));
    if width.max(1.0) * height.max(1.0) > MOST_SAMPLES {
        return Err(format!("a picture in it has too many pixels, {width} x {height}"));
    }
    Ok(())
}

/// How long data are once unpacked; damaged data end where they cannot be read.
fn unpacked(data: &[u8]) -> Result<u64, String> {
    let mut within = ZlibDecoder::new(data).take(LARGEST + 1);
    let mut counted = Counter(0);
    // What cannot be unpacked further is no longer than this.
    let _ = io::copy(&mut within, &mut counted);
    if counted.0 > LARGEST {
        return Err(format!("a stream in it unpacks to more than {} MiB", LARGEST >> 20));
    }
    Ok(counted.0)
}

/// Counts what is written to it.
struct Counter(u64);

impl Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
