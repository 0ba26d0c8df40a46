//! What is drawn on pictures that show certificates rather than are them: outlines, and
//! smaller pictures.

use image::RgbImage;
use image::imageops::{self, FilterType};
use zeno::{Command, Join, Mask, Stroke, Vector};

use super::ink::Ink;
use super::pixels::Frame;
use crate::template::Color;

impl Frame {
    /// A picture of one colour.
    #[must_use]
    pub fn plain(width: u32, height: u32, color: Color) -> Self {
        let pixels = width as usize * height as usize;
        Self { width, height, rgb: [color.red, color.green, color.blue].repeat(pixels) }
    }

    /// Outlines a shape of straight sides; its corners and the thickness are in pixels. Half of
    /// the line lies inside the shape.
    pub fn outline(&mut self, corners: &[(f32, f32)], thickness: f32, color: Color) {
        let corners = corners.iter().map(|(x, y)| Vector::new(*x, *y));
        let mut path: Vec<Command> = corners.map(Command::LineTo).collect();
        let Some(Command::LineTo(first)) = path.first().copied() else { return };
        path[0] = Command::MoveTo(first);
        path.push(Command::Close);
        let (mask, place) =
            Mask::new(path.as_slice()).style(Stroke::new(thickness).join(Join::Miter)).render();
        self.lay_all(&[Ink::of_mask(mask, place, color)]);
    }

    /// The same picture in another size, in pixels. One that is much larger is halved first,
    /// which is a quarter of the work and looks the same.
    #[must_use]
    pub fn resized(mut self, width: u32, height: u32) -> Self {
        let (width, height) = (width.max(1), height.max(1));
        while self.width >= 3 * width && self.height >= 3 * height {
            self = self.halved();
        }
        match RgbImage::from_raw(self.width, self.height, self.rgb) {
            Some(image) => {
                let image = imageops::resize(&image, width, height, FilterType::CatmullRom);
                Self { width, height, rgb: image.into_raw() }
            }
            // A frame has three bytes for each pixel.
            None => Self::plain(width, height, Color::WHITE),
        }
    }

    /// Each four pixels as one; an odd row or column at the end is left out.
    fn halved(&self) -> Self {
        let row = self.width as usize * 3;
        let mean = |a: u8, b: u8, c: u8, d: u8| {
            ((u32::from(a) + u32::from(b) + u32::from(c) + u32::from(d) + 2) / 4) as u8
        };
        let mut rgb = Vec::with_capacity(self.rgb.len() / 4);
        for rows in self.rgb.chunks_exact(2 * row) {
            let (upper, lower) = rows.split_at(row);
            for (a, b) in upper.chunks_exact(6).zip(lower.chunks_exact(6)) {
                rgb.extend((0..3).map(|part| mean(a[part], a[part + 3], b[part], b[part + 3])));
            }
        }
        Self { width: self.width / 2, height: self.height / 2, rgb }
    }

    /// Lays another picture over this one, so many pixels from the left and the top; what
    /// stands over the edge is not seen.
    pub fn paste(&mut self, other: &Self, left: u32, top: u32) {
        let visible = other.width.min(self.width.saturating_sub(left)) as usize * 3;
        if visible == 0 {
            return;
        }
        let row = |width: u32| width as usize * 3;
        let under = self.rgb.chunks_exact_mut(row(self.width)).skip(top as usize);
        for (under, over) in under.zip(other.rgb.chunks_exact(row(other.width))) {
            let left = row(left);
            under[left..left + visible].copy_from_slice(&over[..visible]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RED: Color = Color { red: 255, green: 0, blue: 0 };

    #[test]
    fn an_outline_lies_on_the_edge_and_nowhere_else() {
        let mut frame = Frame::plain(20, 20, Color::WHITE);
        frame.outline(&[(4.0, 4.0), (14.0, 4.0), (14.0, 10.0), (4.0, 10.0)], 2.0, RED);
        let pixel = |x: usize, y: usize| &frame.rgb[(y * 20 + x) * 3..][..3];
        for (x, y) in [(3, 3), (4, 4), (14, 10), (13, 9), (8, 3), (3, 7)] {
            assert_eq!(pixel(x, y), [255, 0, 0], "at {x}, {y}");
        }
        for (x, y) in [(2, 2), (5, 5), (15, 11), (8, 7)] {
            assert_eq!(pixel(x, y), [255, 255, 255], "at {x}, {y}");
        }
    }

    #[test]
    fn a_small_picture_has_the_colours_of_the_large_one_in_their_places() {
        let mut large = Frame::plain(101, 67, Color::WHITE);
        large.paste(&Frame::plain(50, 67, RED), 0, 0);
        let small = large.resized(10, 7);
        assert_eq!((small.width, small.height, small.rgb.len()), (10, 7, 210));
        for row in small.rgb.chunks_exact(30) {
            assert_eq!((&row[..12], &row[18..]), (&[255, 0, 0].repeat(4)[..], &[255; 12][..]));
        }
    }

    #[test]
    fn a_pasted_picture_may_stand_over_the_edge() {
        let mut frame = Frame::plain(4, 4, Color::WHITE);
        let small = Frame::plain(10, 10, RED).resized(2, 2);
        frame.paste(&small, 3, 3);
        frame.paste(&small, 9, 9);
        assert_eq!(frame.rgb.chunks(3).filter(|pixel| *pixel == [255, 0, 0]).count(), 1);
        assert_eq!(frame.rgb[45..], [255, 0, 0]);
    }
}
