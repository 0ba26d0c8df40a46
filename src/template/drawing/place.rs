//! The box of a drawn text: so that a text as long as the drawn one stands where it is drawn,
//! and a longer one grows as far as there is room.

use super::super::style::{Align, Box, Valign};
use super::area::Corners;
use super::text::Drawn;

/// What is left free at the page's edges where no box is drawn, of the page's width.
const MARGIN: f32 = 1.0 / 20.0;

/// How far from the middle a text may be drawn and still be meant to stand there: of the page's
/// width, and in em within a box. Figma and Illustrator do not write how a text is aligned.
const ABOUT_PAGE: f32 = 1.0 / 200.0;
const ABOUT_BOX: f32 = 0.1;

/// How far above and below its box a text may be drawn and still be meant to stand in it, and
/// how far from its middle to be meant to be there: in em.
const NEAR: f32 = 0.5;

/// From baseline to baseline where the drawing has but one line, in em.
const LINE_HEIGHT: f32 = 1.5;

/// Where a field stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Placed {
    pub place: Box,
    pub align: Align,
    pub valign: Valign,
    pub wrap: bool,
}

/// Finds the box of a text whose capitals are so high; `drawn` is the box that the drawing has
/// for it, `page` the page's width and height.
pub fn place(text: &Drawn, capitals: f32, drawn: Option<Corners>, page: (f32, f32)) -> Placed {
    let frame = Frame::of(text);
    let (align, across, (valign, down, wrap)) = if let Some(corners) = drawn {
        let [left, top, right, bottom] = frame.bounds(corners);
        let (align, held) = held(text, (left, right), ABOUT_BOX * text.size * 2.0);
        let across = within(align, held, (left, right));
        (align, across, rows(text, capitals, (top, bottom)))
    } else {
        let edges = frame.reach(text.size, page, 0.0);
        let (align, held) = held(text, edges, ABOUT_PAGE * page.0 * 2.0);
        let reach = frame.reach(text.size, page, MARGIN * page.0);
        (align, as_far(align, held, text.ends, reach), free_rows(text, capitals))
    };
    Placed { place: frame.on_page(across, down), align, valign, wrap }
}

/// How a text is meant to be aligned between two sides, and where it is held: a text that
/// begins at a point but ends as far from one side as it begins from the other is in the middle.
fn held(text: &Drawn, (left, right): (f32, f32), about: f32) -> (Align, f32) {
    let (start, end) = text.ends;
    let (before, after) = (start - left, right - end);
    if text.align != Align::Left || before < about {
        return (text.align, 0.0);
    }
    if (before - after).abs() <= about {
        return (Align::Center, f32::midpoint(start, end));
    }
    if after.abs() <= about / 2.0 { (Align::Right, end) } else { (Align::Left, 0.0) }
}

/// The sides of a field in its box: from where the text is held.
fn within(align: Align, held: f32, (left, right): (f32, f32)) -> (f32, f32) {
    let sides = match align {
        Align::Left => (held, right),
        Align::Right => (left, held),
        Align::Center => {
            let half = (held - left).min(right - held);
            (held - half, held + half)
        }
    };
    // A text held outside the box, or at its very edge, is not meant to be held there.
    let much = sides.1 - sides.0 > (right - left) / 4.0;
    if much && (left..=right).contains(&held) { sides } else { (left, right) }
}

/// The sides of a field without a box: as far as the page allows, and at least as drawn.
fn as_far(align: Align, held: f32, ends: (f32, f32), (left, right): (f32, f32)) -> (f32, f32) {
    let (left, right) = (left.min(ends.0), right.max(ends.1));
    match align {
        Align::Left => (held, right),
        Align::Right => (left, held),
        Align::Center => {
            let half = (held - left).min(right - held).max((ends.1 - ends.0) / 2.0);
            (held - half, held + half)
        }
    }
}

type Rows = (Valign, (f32, f32), bool);

/// Top and bottom of a field without a box, seen from its first baseline.
fn free_rows(text: &Drawn, capitals: f32) -> Rows {
    if text.lines == 1 {
        return (Valign::Bottom, (-text.size, 0.0), false);
    }
    (Valign::Top, (-capitals, text.depth + text.size * 1.02 - capitals), true)
}

/// Top and bottom of a field in its box, seen from its first baseline.
fn rows(text: &Drawn, capitals: f32, (top, bottom): (f32, f32)) -> Rows {
    let near = NEAR * text.size;
    let (above, below) = (-capitals - top, bottom - text.depth);
    let line_height = line_height(text).unwrap_or(LINE_HEIGHT);
    let wrap = text.lines > 1 || bottom - top >= text.size * (1.0 + line_height);
    if above < -near || below < -near {
        return (Valign::Middle, (top, bottom), wrap);
    }
    if !wrap {
        return (Valign::Bottom, (top.min(-text.size), 0.0), false);
    }
    // A line takes an em, and its capitals less.
    let least = (text.size * 1.02 - capitals) / 2.0;
    if (above - below).abs() <= near {
        let half = above.min(below).max(least);
        return (Valign::Middle, (-capitals - half, text.depth + half), true);
    }
    if above < below {
        (Valign::Top, (-capitals, bottom.max(text.depth + 2.0 * least)), true)
    } else {
        (Valign::Bottom, (top.min(-capitals - 2.0 * least), text.depth), true)
    }
}

/// From baseline to baseline as drawn, in em; nothing for a single line.
pub fn line_height(text: &Drawn) -> Option<f32> {
    let between = text.depth / (text.lines.max(2) - 1) as f32;
    (text.lines > 1).then(|| (between / text.size).clamp(0.5, 10.0))
}

/// The text's own axes: along and across its baseline, from where it is held.
struct Frame {
    anchor: (f32, f32),
    degrees: f32,
    sin: f32,
    cos: f32,
}

impl Frame {
    fn of(text: &Drawn) -> Self {
        let (sin, cos) = text.rotation.to_radians().sin_cos();
        Self { anchor: text.anchor, degrees: text.rotation, sin, cos }
    }

    fn out(&self, (along, down): (f32, f32)) -> (f32, f32) {
        let (x, y) = self.anchor;
        (x + along * self.cos - down * self.sin, y + along * self.sin + down * self.cos)
    }

    /// Left, top, right and bottom of what these corners enclose.
    fn bounds(&self, corners: Corners) -> [f32; 4] {
        let local = corners.map(|(x, y)| {
            let (x, y) = (x - self.anchor.0, y - self.anchor.1);
            (x * self.cos + y * self.sin, y * self.cos - x * self.sin)
        });
        let least = |side: fn(&(f32, f32)) -> f32| local.iter().map(side).fold(f32::MAX, f32::min);
        let most = |side: fn(&(f32, f32)) -> f32| local.iter().map(side).fold(f32::MIN, f32::max);
        [least(|p| p.0), least(|p| p.1), most(|p| p.0), most(|p| p.1)]
    }

    /// How far a line of this size reaches to both sides within the page's margins.
    fn reach(&self, size: f32, page: (f32, f32), margin: f32) -> (f32, f32) {
        let way = |direction: f32| {
            let (dx, dy) = (self.cos * direction, self.sin * direction);
            let corners = [self.anchor, self.out((0.0, -size))];
            let ways = corners.iter().flat_map(|(x, y)| {
                [(*x, dx, page.0), (*y, dy, page.1)].map(|(from, step, side)| {
                    if step.abs() < 1e-3 {
                        f32::MAX
                    } else if step > 0.0 {
                        (side - margin - from) / step
                    } else {
                        (margin - from) / step
                    }
                })
            });
            ways.fold(f32::MAX, f32::min).max(0.0)
        };
        (-way(-1.0), way(1.0))
    }

    /// The box of these sides, before it is turned around its middle.
    fn on_page(&self, (left, right): (f32, f32), (top, bottom): (f32, f32)) -> Box {
        let (width, height) = (right - left, bottom - top);
        let middle = (f32::midpoint(left, right), f32::midpoint(top, bottom));
        if self.degrees == 0.0 {
            let (x, y) = self.anchor;
            return Box { left: x + left, top: y + top, width, height };
        }
        let (x, y) = self.out(middle);
        Box { left: x - width / 2.0, top: y - height / 2.0, width, height }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::style::Color;
    use super::*;
    use resvg::usvg;

    const PAGE: (f32, f32) = (1000.0, 700.0);

    /// A text of 200 units in type of 40, whose capitals are 30 high, held at a point.
    fn text(align: Align, anchor: (f32, f32)) -> Drawn {
        let start = match align {
            Align::Left => 0.0,
            Align::Center => -100.0,
            Align::Right => -200.0,
        };
        let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 9 9\"><text id=\"t\" \
                   y=\"9\">a</text></svg>";
        let tree = super::super::text::parse(svg, &crate::fonts::Fonts::bundled()).unwrap();
        let Some(usvg::Node::Text(any)) = tree.node_by_id("t") else { panic!("no text") };
        Drawn {
            value: "{name}".to_owned(),
            anchor,
            align,
            rotation: 0.0,
            ends: (start, start + 200.0),
            lines: 1,
            depth: 0.0,
            size: 40.0,
            letter_spacing: 0.0,
            color: Color::WHITE,
            font: any.chunks()[0].spans()[0].font().clone(),
        }
    }

    fn placed(text: &Drawn, drawn: Option<[f32; 4]>) -> ([i32; 4], Align, Valign, bool) {
        let corners = drawn.map(|[left, top, width, height]| {
            let (right, bottom) = (left + width, top + height);
            [(left, top), (right, top), (right, bottom), (left, bottom)]
        });
        let Placed { place, align, valign, wrap } = place(text, 30.0, corners, PAGE);
        let whole =
            [place.left, place.top, place.width, place.height].map(|side| side.round() as i32);
        (whole, align, valign, wrap)
    }

    #[test]
    fn without_a_box_a_line_grows_as_far_as_the_page_allows() {
        use Align::{Center, Left, Right};
        let place = |align, x| placed(&text(align, (x, 300.0)), None);
        assert_eq!(place(Left, 120.0), ([120, 260, 830, 40], Left, Valign::Bottom, false));
        assert_eq!(place(Right, 900.0).0, [50, 260, 850, 40]);
        assert_eq!(place(Center, 500.0).0, [50, 260, 900, 40]);
        assert_eq!(place(Center, 250.0).0, [50, 260, 400, 40]);
        // One that begins where a line in the middle of the page would.
        let (place, align, ..) = place(Left, 402.0);
        assert_eq!((place, align), ([54, 260, 896, 40], Center));
    }

    #[test]
    fn a_turned_line_grows_along_its_own_way() {
        let mut upwards = text(Align::Left, (100.0, 600.0));
        upwards.rotation = -90.0;
        let Placed { place, .. } = place(&upwards, 30.0, None, PAGE);
        let corners = place.corners(-90.0).map(|(x, y)| (x.round(), y.round()));
        assert_eq!(corners, [(60.0, 600.0), (60.0, 50.0), (100.0, 50.0), (100.0, 600.0)]);
    }

    #[test]
    fn in_a_box_a_line_keeps_its_baseline() {
        use Align::{Center, Left, Right};
        let low = Some([100.0, 250.0, 600.0, 60.0]);
        let place = |align, x| placed(&text(align, (x, 300.0)), low);
        assert_eq!(place(Center, 400.0), ([100, 250, 600, 50], Center, Valign::Bottom, false));
        assert_eq!(place(Left, 120.0).0, [120, 250, 580, 50]);
        // Drawn from the left, but in the middle of its box, or at its right side.
        assert_eq!(place(Left, 300.0).1, Center);
        assert_eq!(place(Left, 499.0), ([100, 250, 599, 50], Right, Valign::Bottom, false));
        // A text that is drawn elsewhere goes into the box all the same.
        assert_eq!(placed(&text(Left, (20.0, 650.0)), low).0, [100, 250, 600, 60]);
    }

    #[test]
    fn a_box_for_two_lines_is_filled_from_where_the_first_is_drawn() {
        let high = Some([100.0, 250.0, 600.0, 200.0]);
        let place = |y| {
            let (place, _, valign, wrap) = placed(&text(Align::Left, (100.0, y)), high);
            assert!(wrap);
            (place, valign)
        };
        assert_eq!(place(285.0), ([100, 255, 600, 195], Valign::Top));
        assert_eq!(place(365.0), ([100, 250, 600, 200], Valign::Middle));
        assert_eq!(place(440.0), ([100, 250, 600, 190], Valign::Bottom));
        let mut two = text(Align::Left, (100.0, 300.0));
        (two.lines, two.depth) = (2, 60.0);
        let free = placed(&two, None);
        assert_eq!((free.0[1], free.2, free.3), (270, Valign::Top, true));
        assert_eq!(line_height(&two), Some(1.5));
    }
}
