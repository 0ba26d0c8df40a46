//! One line of text to glyphs, in em, in the order they stand on the page.

use std::ops::Range;

use harfrust::{Direction, Feature, Script, ShapeOptions, Tag, UnicodeBuffer};
use unicode_bidi::BidiInfo;
use unicode_script::UnicodeScript;

use super::itemise::Segment;
use crate::fonts::{FaceId, Fonts};

/// A glyph in its line, lengths in em.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Shaped {
    pub face: FaceId,
    /// The glyph in its face.
    pub id: u16,
    /// Where its origin stands, from the line's left end.
    pub x: f32,
    /// How far its origin is raised above the baseline.
    pub y: f32,
    /// The bytes of the text it shows; glyphs of one cluster share them.
    pub cluster: Range<usize>,
}

/// A line of glyphs, lengths in em.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct ShapedLine {
    pub glyphs: Vec<Shaped>,
    pub width: f32,
    /// The blank at its left end that belongs to a full-width bracket there.
    pub blank_left: f32,
    /// The blank at its right end that belongs to full-width punctuation there.
    pub blank_right: f32,
    /// Whether any of it runs from right to left.
    pub reversed: bool,
}

impl ShapedLine {
    /// The width without the blanks at its ends: what the eye takes for the line.
    pub fn seen_width(&self) -> f32 {
        self.width - self.blank_left - self.blank_right
    }
}

/// Full-width punctuation whose ink fills the right half of its em.
const OPENING: &str = "（「『【《〈〔［｛〖〘";

/// Full-width punctuation whose ink fills the left half of its em.
const CLOSING: &str = "）」』】》〉〕］｝〗〙，。、；：！？";

/// How the letters of a line stand beside each other.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Manner {
    /// Space added between characters, in em.
    pub letters: f32,
    /// Space added between the characters of a line of two Han characters, in em.
    pub two_characters: f32,
    /// Whether they move closer where the face says so.
    pub kerning: bool,
    /// Whether full-width punctuation hangs over the ends of the line.
    pub hanging: bool,
}

/// Shapes the part `line` of a text that has been cut into segments.
pub(super) fn shape(
    text: &str,
    line: Range<usize>,
    segments: &[Segment],
    manner: Manner,
    fonts: &Fonts,
) -> ShapedLine {
    let gap = if is_two_han(&text[line.clone()]) {
        manner.two_characters.max(manner.letters)
    } else {
        manner.letters
    };
    let mut shaped = ShapedLine::default();
    let mut pen = 0.0;
    let bidi = BidiInfo::new(text, None);
    for paragraph in &bidi.paragraphs {
        let within = line.start.max(paragraph.range.start)..line.end.min(paragraph.range.end);
        if within.is_empty() {
            continue;
        }
        let (levels, runs) = bidi.visual_runs(paragraph, within);
        for run in runs {
            let reversed = levels[run.start].is_rtl();
            shaped.reversed |= reversed;
            let mut parts: Vec<_> = segments
                .iter()
                .map(|segment| (overlap(&segment.range, &run), segment))
                .filter(|(range, _)| !range.is_empty())
                .collect();
            if reversed {
                parts.reverse();
            }
            for (range, segment) in parts {
                let piece = Piece { text, range, segment, reversed };
                pen = piece.shape(pen, gap, manner.kerning, fonts, &mut shaped.glyphs);
            }
        }
    }
    shaped.width = pen;
    let half_em = |c: Option<char>, set: &str| match c {
        Some(c) if manner.hanging && set.contains(c) && !shaped.reversed => 0.5,
        _ => 0.0,
    };
    let mut characters = text[line].chars();
    shaped.blank_left = half_em(characters.next(), OPENING);
    shaped.blank_right = half_em(characters.next_back(), CLOSING);
    shaped
}

fn overlap(a: &Range<usize>, b: &Range<usize>) -> Range<usize> {
    let start = a.start.max(b.start);
    start..a.end.min(b.end).max(start)
}

fn is_two_han(text: &str) -> bool {
    let mut characters = text.chars().map(|c| c.script() == unicode_script::Script::Han);
    (characters.next(), characters.next(), characters.next()) == (Some(true), Some(true), None)
}

/// A part of a line in one segment and one direction.
struct Piece<'a> {
    text: &'a str,
    range: Range<usize>,
    segment: &'a Segment,
    reversed: bool,
}

impl Piece<'_> {
    /// Adds its glyphs from the pen on, with `gap` between characters, and gives back the pen.
    fn shape(
        &self,
        mut pen: f32,
        gap: f32,
        kerning: bool,
        fonts: &Fonts,
        glyphs: &mut Vec<Shaped>,
    ) -> f32 {
        let face = fonts.face(self.segment.face);
        let font = face.font();
        let shaper = face.shaper().shaper(&font).build();
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(&self.text[self.range.clone()]);
        let direction = if self.reversed { Direction::RightToLeft } else { Direction::LeftToRight };
        buffer.set_direction(direction);
        let tag = self.segment.script.short_name().as_bytes().try_into().ok();
        if let Some(script) = tag.and_then(|tag| Script::from_iso15924_tag(Tag::new(tag))) {
            buffer.set_script(script);
        }
        buffer.guess_segment_properties();
        let without = |tags: &[&[u8; 4]]| -> Vec<Feature> {
            tags.iter().map(|tag| Feature::new(Tag::new(tag), 0, ..)).collect()
        };
        // A ligature cannot be spaced.
        let mut features = if gap == 0.0 { Vec::new() } else { without(&[b"liga", b"clig"]) };
        if !kerning {
            features.extend(without(&[b"kern"]));
        }
        let plan = face.plan(&shaper, buffer.script(), direction, &features);
        let options = ShapeOptions::new().plan(Some(&plan)).features(&features);
        let result = shaper.shape(buffer, options);
        let em = 1.0 / face.units_per_em;
        let infos = result.glyph_infos();
        let mut cluster = None;
        for (info, place) in infos.iter().zip(result.glyph_positions()) {
            let begins = cluster.replace(info.cluster) != Some(info.cluster);
            if begins && !glyphs.is_empty() && !self.is_joined() {
                pen += gap;
            }
            glyphs.push(Shaped {
                face: self.segment.face,
                id: info.glyph_id as u16,
                x: pen + place.x_offset as f32 * em,
                y: place.y_offset as f32 * em,
                cluster: self.cluster(info.cluster, infos),
            });
            pen += place.x_advance as f32 * em;
        }
        pen
    }

    /// The bytes of the text a glyph shows: from its cluster to the next one in the text.
    fn cluster(&self, start: u32, infos: &[harfrust::GlyphInfo]) -> Range<usize> {
        let next = infos.iter().map(|info| info.cluster).filter(|other| *other > start).min();
        let end = next.map_or(self.range.len(), |next| next as usize);
        self.range.start + start as usize..self.range.start + end
    }

    /// Scripts whose letters join: space would tear them apart.
    fn is_joined(&self) -> bool {
        use unicode_script::Script::{
            Arabic, Bengali, Devanagari, Mandaic, Mongolian, Nko, Phags_Pa, Syriac,
        };
        matches!(
            self.segment.script,
            Arabic | Syriac | Mongolian | Nko | Mandaic | Phags_Pa | Devanagari | Bengali
        )
    }
}
