//! A picture handed to PDF as it is, wherever PDF can read what its file has.

use image::DynamicImage;
use image::metadata::Orientation;
use lopdf::{Document, Object, Stream, dictionary};

use crate::render::picture;
use crate::template::{Picture, PictureKind};

/// A document of one page that is the picture, a point a pixel.
pub(super) fn document(picture: &Picture) -> Result<Document, String> {
    let upright = picture.orientation == Orientation::NoTransforms;
    let ready = match picture.kind {
        PictureKind::Png if upright => png_stream(&picture.bytes),
        PictureKind::Jpeg if upright => jpeg_stream(&picture.bytes),
        _ => None,
    };
    let (mut stream, mask) = match ready {
        Some(stream) => (stream, None),
        None => pixel_stream(picture::upright(picture)?),
    };
    let (width, height) = (i64::from(picture.width), i64::from(picture.height));
    stream.dict.set("Type", "XObject");
    stream.dict.set("Subtype", "Image");
    stream.dict.set("Width", width);
    stream.dict.set("Height", height);
    let mut document = Document::with_version("1.7");
    if let Some(mut mask) = mask {
        mask.dict.set("Width", width);
        mask.dict.set("Height", height);
        stream.dict.set("SMask", document.add_object(mask));
    }
    let image = document.add_object(stream);
    let content = format!("q {width} 0 0 {height} 0 0 cm /Image Do Q");
    let content = document.add_object(Stream::new(dictionary! {}, content.into_bytes()));
    let pages = document.new_object_id();
    let page = document.add_object(dictionary! {
        "Type" => "Page",
        "Parent" => pages,
        "MediaBox" => vec![0.into(), 0.into(), width.into(), height.into()],
        "Resources" => dictionary! { "XObject" => dictionary! { "Image" => image } },
        "Contents" => content,
    });
    document.set_object(
        pages,
        dictionary! { "Type" => "Pages", "Kids" => vec![page.into()], "Count" => 1 },
    );
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages });
    document.trailer.set("Root", catalog);
    Ok(document)
}

/// Pixels as a stream, and how opaque they are as another, where any is see-through
/// (ISO 32000-1, 11.6.5.3).
fn pixel_stream(image: DynamicImage) -> (Stream, Option<Stream>) {
    let mask = image.color().has_alpha().then(|| {
        let alpha = image.to_rgba8().pixels().map(|pixel| pixel.0[3]).collect();
        let mut mask = samples("DeviceGray", alpha);
        mask.dict.set("Type", "XObject");
        mask.dict.set("Subtype", "Image");
        mask
    });
    (samples("DeviceRGB", image.into_rgb8().into_raw()), mask)
}

/// Samples of 8 bits as a stream.
fn samples(space: &str, samples: Vec<u8>) -> Stream {
    let color = dictionary! { "ColorSpace" => space, "BitsPerComponent" => 8 };
    let mut stream = Stream::new(color, samples);
    // What cannot be made smaller stays as it is.
    let _ = stream.compress();
    stream
}

/// A JPEG as PDF reads it (ISO 32000-1, 7.4.8): grey or YCbCr with 8 bits. Others, such as
/// those of four colours whose sense nobody knows, are decoded.
fn jpeg_stream(bytes: &[u8]) -> Option<Stream> {
    let (mut at, frame) = (2, 0xc0..=0xc2);
    loop {
        let [0xff, marker, high, low] = *bytes.get(at..at + 4)? else { return None };
        if frame.contains(&marker) {
            break;
        }
        at += 2 + usize::from(u16::from_be_bytes([high, low]));
    }
    let (bits, components) = (*bytes.get(at + 4)?, *bytes.get(at + 9)?);
    let space = match (bits, components) {
        (8, 1) => "DeviceGray",
        (8, 3) => "DeviceRGB",
        _ => return None,
    };
    let color =
        dictionary! { "ColorSpace" => space, "BitsPerComponent" => 8, "Filter" => "DCTDecode" };
    Some(Stream::new(color, bytes.to_vec()).with_compression(false))
}

/// A PNG's own compressed rows, whose filters PDF knows as predictor 15 (ISO 32000-1, 7.4.4.4):
/// grey, RGB or palette, not interlaced, without transparency.
fn png_stream(bytes: &[u8]) -> Option<Stream> {
    let mut header = None;
    let mut palette = None;
    let mut rows = Vec::new();
    let mut at = 8;
    loop {
        let length = u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?) as usize;
        let data = bytes.get(at + 8..(at + 8).checked_add(length)?)?;
        match bytes.get(at + 4..at + 8)? {
            b"IHDR" => header = Some(data),
            b"PLTE" => palette = Some(data),
            b"tRNS" => return None,
            b"IDAT" => rows.extend_from_slice(data),
            b"IEND" => break,
            _ => {}
        }
        at += 12 + length;
    }
    let [.., bits, kind, 0, 0, 0] = *header? else { return None };
    let (colors, space) = match (kind, palette) {
        (0, _) => (1, Object::from("DeviceGray")),
        (2, _) => (3, "DeviceRGB".into()),
        (3, Some(palette)) => {
            let last = i64::try_from(palette.len() / 3).ok()? - 1;
            let table = Object::String(palette.to_vec(), lopdf::StringFormat::Hexadecimal);
            (1, vec!["Indexed".into(), "DeviceRGB".into(), last.into(), table].into())
        }
        _ => return None,
    };
    let columns = i64::from(u32::from_be_bytes(header?.get(..4)?.try_into().ok()?));
    let color = dictionary! {
        "ColorSpace" => space,
        "BitsPerComponent" => i64::from(bits),
        "Filter" => "FlateDecode",
        "DecodeParms" => dictionary! {
            "Predictor" => 15,
            "Colors" => colors,
            "BitsPerComponent" => i64::from(bits),
            "Columns" => columns,
        },
    };
    Some(Stream::new(color, rows).with_compression(false))
}
