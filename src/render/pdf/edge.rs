//! What lies around a page in print, to be cut off: the bleed and the crop marks, and the boxes
//! that tell a print shop where to cut (ISO 32000-1, 14.11.2).
//!
//! Artwork that ends at the edge of its page has nothing to bleed. So it is mirrored outwards:
//! the page itself stays as it is, to the last point, and a cut that is a hair off shows more of
//! the same colours. Enlarging it instead would move lines from under the text that stands on
//! them.

use std::fmt::Write;

use printpdf::{DictItem, Op};

use super::content::{self, operator};
use super::ground::Ground;
use super::{POINT, Sheet};

/// What is printed around pages.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Edge {
    /// How far the artwork reaches over the edge of the page, in mm, 0 to [`MOST_BLEED`].
    pub bleed_mm: f32,
    /// Whether marks show where to cut.
    pub crop_marks: bool,
}

/// The widest bleed, in mm: no page is narrower.
pub const MOST_BLEED: f32 = 20.0;

/// How far marks stay away from the page at least, and how long they are, in mm.
const MARK: (f64, f64) = (2.0, 5.0);

/// How thick marks are, in pt.
const THICKNESS: f32 = 0.25;

/// How far the mirrored artwork reaches under the page, in pt, so that no paper shows between.
const OVERLAP: f32 = 0.5;

/// The ink of marks: every ink there is (8.6.6.4).
const INK: &str = "/ColorSpace << /Registration [/Separation /All /DeviceGray \
    << /FunctionType 2 /Domain [0 1] /C0 [1] /C1 [0] /N 1 >>] >>";

impl Edge {
    /// How wide the bleed is, in pt.
    fn bleed(self) -> f64 {
        f64::from(self.bleed_mm) * POINT
    }

    /// How far it is from the page to its marks, in pt.
    fn gap(self) -> f64 {
        self.bleed().max(MARK.0 * POINT)
    }

    /// How far it is from the page to the edge of the paper, in pt.
    pub(super) fn margin(self) -> f64 {
        if self.crop_marks { self.gap() + MARK.1 * POINT } else { self.bleed() }
    }

    /// The boxes of a page, as they are to be written.
    pub(super) fn boxes(self, sheet: Sheet) -> String {
        let (margin, bleed) = (self.margin(), self.bleed());
        let mut boxes = String::new();
        let mut add = |name: &str, from_paper: f64| {
            let (near, far) = (from_paper, 2.0 * margin - from_paper);
            let (right, top) = (sheet.width + far, sheet.height + far);
            // Writing to a string cannot fail.
            let _ = write!(boxes, "/{name} [{near} {near} {right} {top}] ");
        };
        add("MediaBox", 0.0);
        add("CropBox", 0.0);
        if bleed > 0.0 {
            add("BleedBox", margin - bleed);
        }
        add("TrimBox", margin);
        boxes
    }

    /// Everything around a page, as a form of these resources.
    pub(super) fn form(self, sheet: Sheet, xobjects: &str) -> String {
        let margin = self.margin();
        format!(
            "/Type /XObject /Subtype /Form /BBox [-{margin} -{margin} {} {}] \
             /Resources << /XObject << {xobjects} >> {INK} >>",
            sheet.width + margin,
            sheet.height + margin
        )
    }

    /// What that form shows.
    pub(super) fn paint(self, sheet: Sheet, ground: Option<&Ground>) -> Vec<Op> {
        let mut ops = Vec::new();
        if let Some(ground) = ground.filter(|_| self.bleed_mm > 0.0) {
            let bleed = self.bleed() as f32;
            for across in mirrors(sheet.width as f32, bleed) {
                for up in mirrors(sheet.height as f32, bleed) {
                    if across.scale > 0.0 && up.scale > 0.0 {
                        continue;
                    }
                    let strip = [across.from, up.from, across.length, up.length];
                    let matrix = [across.scale, 0.0, 0.0, up.scale, across.shift, up.shift];
                    let mut mirrored = vec![operator("cm", &matrix)];
                    mirrored.extend(ground.paint(sheet));
                    ops.extend(content::within(strip, mirrored));
                }
            }
        }
        if self.crop_marks {
            ops.extend(self.marks(sheet));
        }
        ops
    }

    /// Two marks at each corner.
    fn marks(self, sheet: Sheet) -> Vec<Op> {
        let (near, far) = (self.gap() as f32, self.margin() as f32);
        let (width, height) = (sheet.width as f32, sheet.height as f32);
        let all = DictItem::Name(b"Registration".into());
        let mut ops = vec![
            Op::Unknown { key: "CS".to_owned(), value: vec![all] },
            operator("SCN", &[1.0]),
            operator("w", &[THICKNESS]),
        ];
        let mut line = |from: [f32; 2], to: [f32; 2]| {
            ops.extend([operator("m", &from), operator("l", &to), operator("S", &[])]);
        };
        for (x, out) in [(0.0, -1.0), (width, 1.0)] {
            for (y, up) in [(0.0, -1.0), (height, 1.0)] {
                line([x + out * near, y], [x + out * far, y]);
                line([x, y + up * near], [x, y + up * far]);
            }
        }
        ops
    }
}

/// A page along one axis, as it is or mirrored at one of its ends.
struct Mirror {
    scale: f32,
    shift: f32,
    from: f32,
    length: f32,
}

fn mirrors(length: f32, bleed: f32) -> [Mirror; 3] {
    let strip = bleed + OVERLAP;
    [
        Mirror { scale: -1.0, shift: OVERLAP, from: -bleed, length: strip },
        Mirror { scale: 1.0, shift: 0.0, from: 0.0, length },
        Mirror {
            scale: -1.0,
            shift: 2.0 * length - OVERLAP,
            from: length - OVERLAP,
            length: strip,
        },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_lie_in_each_other() {
        let sheet = Sheet { scale: 1.0, width: 100.0, height: 50.0 };
        assert_eq!(
            Edge::default().boxes(sheet),
            "/MediaBox [0 0 100 50] /CropBox [0 0 100 50] /TrimBox [0 0 100 50] "
        );
        let bleed = Edge { bleed_mm: 3.0, crop_marks: false }.boxes(sheet);
        let (near, far) = (3.0 * POINT, 6.0 * POINT);
        let (right, top) = (100.0 + far, 50.0 + far);
        assert!(bleed.contains(&format!("/BleedBox [0 0 {right} {top}]")), "{bleed}");
        let (right, top) = (100.0 + near, 50.0 + near);
        assert!(bleed.contains(&format!("/TrimBox [{near} {near} {right} {top}]")), "{bleed}");
        let marks = Edge { bleed_mm: 3.0, crop_marks: true };
        assert!((marks.margin() - 8.0 * POINT).abs() < 1e-6);
        let marks = Edge { bleed_mm: 0.0, crop_marks: true };
        assert!((marks.margin() - 7.0 * POINT).abs() < 1e-6);
    }
}
