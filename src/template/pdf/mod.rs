//! A page out of a stranger's PDF: upright, and with nothing in it but what the page shows.
//!
//! Links, forms, scripts and the other pages stay behind; what is hidden (optional content)
//! stays hidden. [`copy`] takes the objects over, [`limits`] refuses what would unpack without
//! end, [`work`] what would be drawn without end.

mod copy;
mod limits;
mod work;

use hayro::hayro_syntax::object::{Array, Dict, MaybeRef, Object, Stream};
use hayro::hayro_syntax::page::{Page, Rotation};
use hayro::hayro_syntax::{DecryptionError, LoadPdfError, Pdf};

use crate::pdf_file::PdfFile;
use copy::Copier;

/// A page as a form `XObject` (ISO 32000-1, 8.10).
#[derive(Debug, Clone)]
pub struct PdfPage {
    /// The form, which shows the page's visible part from 0, 0 on, and all it refers to.
    pub file: PdfFile,
    /// The number of the form among the file's objects.
    pub form: u32,
    /// Width of what is seen, in pt.
    pub width: f64,
    /// Height of what is seen, in pt.
    pub height: f64,
    /// The page's transparency group, as it is to be written (11.6.6).
    pub group: Option<Vec<u8>>,
    /// Which layers are hidden, as it is to be written (8.11.4).
    pub layers: Option<Vec<u8>>,
}

/// How far up the tree of pages something may be inherited from.
const DEEPEST: usize = 64;

/// The smallest and largest sides of a page, in pt: what Acrobat shows.
const SIDES: std::ops::RangeInclusive<f64> = 3.0..=14_400.0;

/// How far the form's box reaches over what is seen, in pt, so that its edge is cut by the
/// paper alone: a box that ends within a pixel would make that pixel paler.
const BLEED: f64 = 1.0;

impl PdfPage {
    /// Takes out the page of this number, counted from 1; it may be left out where there is
    /// but one.
    ///
    /// # Errors
    /// When the file is damaged, needs a password or would unpack without end, or has no such
    /// page.
    pub(super) fn read(bytes: Vec<u8>, number: Option<u32>) -> Result<Self, String> {
        limits::check_file(&bytes)?;
        let pdf = Pdf::new(bytes).map_err(|error| match error {
            LoadPdfError::Decryption(DecryptionError::PasswordProtected) => {
                "it is encrypted with a password; save it without one".to_owned()
            }
            LoadPdfError::Decryption(_) => {
                "it is encrypted in a way that is not known; save it without".to_owned()
            }
            LoadPdfError::Invalid => "it is damaged, and cannot be read as PDF".to_owned(),
        })?;
        let number = match (number, pdf.pages().len()) {
            (_, 0) => return Err("it is a PDF without a page".to_owned()),
            (None, 1) => 1,
            (None, count) => {
                return Err(format!(
                    "it has {count} pages; say which is meant: background_page = 1, or --page 1 for a \
                     new template"
                ));
            }
            (Some(number), _) => number as usize,
        };
        let page = number.checked_sub(1).and_then(|place| pdf.pages().get(place));
        take_out(
            page.ok_or_else(|| {
                format!("it has no page {number}; its last is {}", pdf.pages().len())
            })?,
        )
    }

    /// A document of its own, whose only page is this one.
    #[must_use]
    pub fn document(&self) -> Vec<u8> {
        let mut file = self.file.clone();
        let content = file.push_stream(b"", b"/Page Do");
        let (pages, page) = (file.next(), file.next() + 1);
        file.push(format!("<< /Type /Pages /Kids [{page} 0 R] /Count 1 >>").as_bytes());
        let mut entries = format!(
            "<< /Type /Page /Parent {pages} 0 R /Contents {content} 0 R /MediaBox [0 0 {} {}] \
             /Resources << /XObject << /Page {} 0 R >> >>",
            self.width, self.height, self.form
        )
        .into_bytes();
        add(&mut entries, " /Group ", self.group.as_deref());
        file.push(&[&entries[..], b" >>"].concat());
        let mut catalog = format!("<< /Type /Catalog /Pages {pages} 0 R").into_bytes();
        add(&mut catalog, " /OCProperties ", self.layers.as_deref());
        let catalog = file.push(&[&catalog[..], b" >>"].concat());
        file.finish(&format!("/Root {catalog} 0 R")).0
    }
}

fn add(entries: &mut Vec<u8>, key: &str, value: Option<&[u8]>) {
    if let Some(value) = value {
        entries.extend_from_slice(key.as_bytes());
        entries.extend_from_slice(value);
    }
}

fn take_out(page: &Page) -> Result<PdfPage, String> {
    let seen = seen(page.raw()).ok_or("its page has no size")?;
    let unit = page.raw().get::<f64>("UserUnit").filter(|unit| *unit > 0.0).unwrap_or(1.0);
    let quarters = match page.rotation() {
        Rotation::None => 0,
        Rotation::Horizontal => 1,
        Rotation::Flipped => 2,
        Rotation::FlippedHorizontal => 3,
    };
    let (matrix, width, height) = upright(seen, quarters, unit);
    if !SIDES.contains(&width) || !SIDES.contains(&height) {
        return Err(format!("its page of {width} x {height} pt is no page to print on"));
    }
    let contents = contents(page.raw());
    if contents.is_empty() && page.raw().contains_key("Contents") {
        return Err("it is damaged: what its page shows is not there".to_owned());
    }
    for stream in &contents {
        limits::check_stream(stream)?;
        stream.decoded_data().map_err(|_| "it is damaged: its page cannot be unpacked")?;
    }
    let mut copier = Copier::default();
    let mut write =
        |object: Option<MaybeRef<Object>>| object.map(|object| copier.write(&object)).transpose();
    let resources = write(inherited(page.raw(), "Resources"))?.unwrap_or_else(|| b"<< >>".to_vec());
    let group = write(page.raw().get_raw("Group"))?;
    let catalog: Option<Dict> = page.xref().get(page.xref().root_id());
    let layers = write(catalog.and_then(|catalog| catalog.get_raw("OCProperties")))?;

    let mut file = copier.copy(page.xref())?;
    work::check(page)?;
    let [left, bottom, right, top] = seen;
    let bleed = BLEED / unit;
    let mut entries = format!(
        "/Type /XObject /Subtype /Form /Matrix [{matrix}] /BBox [{} {} {} {}] /Resources ",
        left - bleed,
        bottom - bleed,
        right + bleed,
        top + bleed
    )
    .into_bytes();
    entries.extend(resources);
    let form = file.push_stream(&entries, page.page_stream().unwrap_or_default());
    Ok(PdfPage { file, form, width, height, group, layers })
}

/// The streams of a page's content: one, or several one after the other.
fn contents<'a>(page: &Dict<'a>) -> Vec<Stream<'a>> {
    match page.get::<Array>("Contents") {
        Some(parts) => parts.iter::<Stream>().collect(),
        None => page.get::<Stream>("Contents").into_iter().collect(),
    }
}

/// A rectangle in a page's own coordinates: left, bottom, right, top.
type Rectangle = [f64; 4];

/// What of a page is seen: the crop box, as far as the media box reaches.
fn seen(page: &Dict) -> Option<Rectangle> {
    let media = rectangle(page, "MediaBox")?;
    let crop = rectangle(page, "CropBox").unwrap_or(media);
    let [left, bottom, right, top] = [
        crop[0].max(media[0]),
        crop[1].max(media[1]),
        crop[2].min(media[2]),
        crop[3].min(media[3]),
    ];
    // A crop box beside the page counts as none.
    if left < right && bottom < top { Some([left, bottom, right, top]) } else { Some(media) }
}

fn rectangle(page: &Dict, key: &str) -> Option<Rectangle> {
    let Object::Array(sides) = resolved(page, key)? else { return None };
    let mut sides = sides.iter::<f64>().filter(|side| side.is_finite());
    let (a, b, c, d) = (sides.next()?, sides.next()?, sides.next()?, sides.next()?);
    Some([a.min(c), b.min(d), a.max(c), b.max(d)])
}

/// An inherited entry itself, where it is but referred to.
fn resolved<'a>(page: &Dict<'a>, key: &str) -> Option<Object<'a>> {
    ancestry(page).find_map(|node| node.get(key))
}

/// An entry of a page, or of the nodes above it (ISO 32000-1, 7.7.3.4).
fn inherited<'a>(page: &Dict<'a>, key: &str) -> Option<MaybeRef<Object<'a>>> {
    ancestry(page).find_map(|node| node.get_raw(key))
}

/// A page and the nodes above it.
fn ancestry<'a>(page: &Dict<'a>) -> impl Iterator<Item = Dict<'a>> {
    std::iter::successors(Some(page.clone()), |node| node.get("Parent")).take(DEEPEST)
}

/// The matrix that brings what is seen of a page (left, bottom, right, top) upright to 0, 0,
/// after so many quarter turns clockwise and at so many pt a unit; and its width and height
/// then.
fn upright(seen: Rectangle, quarters: u8, unit: f64) -> (String, f64, f64) {
    let [left, bottom, right, top] = seen.map(|side| side * unit);
    let (across, up) = (right - left, top - bottom);
    let (matrix, width, height) = match quarters {
        1 => ([0.0, -unit, unit, 0.0, -bottom, right], up, across),
        2 => ([-unit, 0.0, 0.0, -unit, right, top], across, up),
        3 => ([0.0, unit, -unit, 0.0, top, -left], up, across),
        _ => ([unit, 0.0, 0.0, unit, -left, -bottom], across, up),
    };
    // Adding 0 takes the sign off -0.
    let numbers = matrix.map(|number| (number + 0.0).to_string());
    (numbers.join(" "), width, height)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where a matrix brings a point.
    fn moved(matrix: &str, (x, y): (f64, f64)) -> (f64, f64) {
        let m: Vec<f64> = matrix.split(' ').map(|number| number.parse().unwrap()).collect();
        (m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5])
    }

    #[test]
    fn a_turned_page_is_brought_upright() {
        let seen = [10.0, 20.0, 110.0, 70.0];
        // Where the page's lower left corner comes to lie, after quarter turns clockwise.
        for (quarters, size, corner) in [
            (0, (100.0, 50.0), (0.0, 0.0)),
            (1, (50.0, 100.0), (0.0, 100.0)),
            (2, (100.0, 50.0), (100.0, 50.0)),
            (3, (50.0, 100.0), (50.0, 0.0)),
        ] {
            let (matrix, width, height) = upright(seen, quarters, 1.0);
            assert_eq!((width, height), size);
            assert_eq!(moved(&matrix, (10.0, 20.0)), corner, "{quarters}");
        }
        let (matrix, width, height) = upright(seen, 0, 2.0);
        assert_eq!((width, height), (200.0, 100.0));
        assert_eq!(moved(&matrix, (110.0, 70.0)), (200.0, 100.0));
    }
}
