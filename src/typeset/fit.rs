//! Size and lines: the largest size, up to the field's own, at which a text fits its box.

use std::ops::Range;

use unicode_linebreak::BreakOpportunity;

use super::Trouble;
use super::itemise::Segment;
use super::shape::{self, Manner, ShapedLine};
use crate::fonts::Fonts;
use crate::template::{Align, TextField};

/// How much a paragraph shrinks from one try to the next.
const STEP: f32 = 0.98;

/// Where a sentence pauses: a good place to end a line.
const PAUSES: [char; 10] = ['，', '。', '；', '：', '、', '！', ',', '.', ';', ':'];

/// How long the shortest line must be, of the longest, for lines that end at pauses to do.
const EVEN: f32 = 0.6;

/// Lines that fit their box at a size.
#[derive(Debug)]
pub(super) struct Fitted {
    /// In template units to the em.
    pub size: f32,
    pub lines: Vec<(Range<usize>, ShapedLine)>,
}

/// Fits a text that has been cut into segments into its field's box.
pub(super) fn fit(
    text: &str,
    segments: &[Segment],
    field: &TextField,
    fonts: &Fonts,
) -> Result<Fitted, Trouble> {
    let manner = Manner {
        letters: field.letter_spacing,
        two_characters: field.two_character_gap,
        kerning: field.kerning,
        hanging: field.hanging,
    };
    let shape = |line: Range<usize>| shape::shape(text, line, segments, manner, fonts);
    let min_size = field.min_size;
    let too_long = || Trouble::TooLong { text: text.to_owned(), min_size: min_size.to_string() };
    let whole = shape(0..text.len());
    if !field.wrap {
        let line = whole;
        let size = field.size.min(field.place.width / line.width.max(f32::MIN_POSITIVE));
        let size = size.min(field.place.height);
        if size < min_size {
            return Err(too_long());
        }
        return Ok(Fitted { size, lines: vec![(0..text.len(), line)] });
    }
    let paragraph = Paragraph::new(text, &whole);
    let mut size = field.size;
    loop {
        let measure = field.place.width / size;
        if let Some(lines) = paragraph.lines(measure, |_| true) {
            let height = (lines.len() - 1) as f32 * field.line_height + 1.0;
            if height * size <= field.place.height {
                let lines = match field.align {
                    Align::Center if lines.len() > 1 => paragraph.balanced(lines, measure),
                    Align::Center | Align::Left | Align::Right => lines,
                };
                let lines = match lines.as_slice() {
                    [line] if *line == (0..text.len()) => vec![(line.clone(), whole)],
                    _ => lines.into_iter().map(|line| (line.clone(), shape(line))).collect(),
                };
                return Ok(Fitted { size, lines });
            }
        }
        if size <= min_size {
            return Err(too_long());
        }
        size = (size * STEP).max(min_size);
    }
}

/// A text with the widths between the places where it may be broken.
struct Paragraph<'a> {
    text: &'a str,
    /// End of each unbreakable part, and whether a line must end there.
    breaks: Vec<(usize, bool)>,
    /// The distance in em from the beginning of the text to each byte.
    distance: Vec<f32>,
}

impl<'a> Paragraph<'a> {
    fn new(text: &'a str, line: &ShapedLine) -> Self {
        // Widths by byte rather than by place on the page, so that they also hold for parts
        // that run from right to left.
        let mut width = vec![0.0; text.len() + 1];
        let mut glyphs = line.glyphs.iter().peekable();
        while let Some(glyph) = glyphs.next() {
            let end = glyphs.peek().map_or(line.width, |next| next.x);
            width[glyph.cluster.start] += (end - glyph.x).max(0.0);
        }
        let mut distance = Vec::with_capacity(width.len());
        let mut sum = 0.0;
        for part in width {
            distance.push(sum);
            sum += part;
        }
        let breaks = unicode_linebreak::linebreaks(text)
            .map(|(at, kind)| (at, kind == BreakOpportunity::Mandatory))
            .collect();
        Self { text, breaks, distance }
    }

    fn width(&self, line: &Range<usize>) -> f32 {
        self.distance[line.end] - self.distance[line.start]
    }

    /// The part without the spaces and line breaks at its end.
    fn trimmed(&self, part: Range<usize>) -> Range<usize> {
        part.start..part.start + self.text[part].trim_end().len()
    }

    /// Lines as full as the measure (in em) allows, ended only where `allowed` says so; nothing
    /// when a part alone is wider.
    fn lines(&self, measure: f32, allowed: impl Fn(usize) -> bool) -> Option<Vec<Range<usize>>> {
        let mut lines = Vec::new();
        let (mut start, mut end) = (0, 0);
        for &(at, must) in self.breaks.iter().filter(|(at, must)| *must || allowed(*at)) {
            if self.width(&self.trimmed(start..at)) > measure {
                if end == start || self.width(&self.trimmed(end..at)) > measure {
                    return None;
                }
                lines.push(self.trimmed(start..end));
                start = end;
            }
            end = at;
            if must {
                lines.push(self.trimmed(start..end));
                start = end;
            }
        }
        Some(lines)
    }

    /// As many lines, as even as can be, so that none is left with one lonely word; ended
    /// where the sentence pauses, if that leaves them about as long as each other.
    fn balanced(&self, lines: Vec<Range<usize>>, measure: f32) -> Vec<Range<usize>> {
        let paused = |at: usize| self.text[..at].trim_end().ends_with(PAUSES);
        if let Some(pausing) = self.evened(lines.len(), measure, paused) {
            let widths = || pausing.iter().map(|line| self.width(line));
            let shortest = widths().fold(f32::INFINITY, f32::min);
            if shortest >= EVEN * widths().fold(0.0, f32::max) {
                return pausing;
            }
        }
        self.evened(lines.len(), measure, |_| true).unwrap_or(lines)
    }

    /// So many lines in the narrowest measure that takes them.
    fn evened(
        &self,
        count: usize,
        measure: f32,
        allowed: impl Fn(usize) -> bool,
    ) -> Option<Vec<Range<usize>>> {
        let fitting = |measure| self.lines(measure, &allowed).filter(|lines| lines.len() <= count);
        let mut best = fitting(measure)?;
        let (mut low, mut high) = (0.0, measure);
        for _ in 0..12 {
            let middle = f32::midpoint(low, high);
            match fitting(middle) {
                Some(narrower) => (best, high) = (narrower, middle),
                None => low = middle,
            }
        }
        Some(best)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A paragraph in a face whose every character is 1 em wide.
    fn lines(text: &str, measure: f32) -> Vec<&str> {
        let breaks = unicode_linebreak::linebreaks(text)
            .map(|(at, kind)| (at, kind == BreakOpportunity::Mandatory))
            .collect();
        let characters = |at: usize| text[..at].chars().count() as f32;
        let distance =
            (0..=text.len()).map(|at| characters(text.floor_char_boundary(at))).collect();
        let paragraph = Paragraph { text, breaks, distance };
        let lines = paragraph.lines(measure, |_| true).unwrap_or_default();
        let lines = paragraph.balanced(lines, measure);
        lines.into_iter().map(|line| &text[line]).collect()
    }

    #[test]
    fn lines_end_where_the_sentence_pauses() {
        let found = lines("感谢您做出的突出贡献，经社区管委会考评，特发此证！", 16.0);
        assert_eq!(found, ["感谢您做出的突出贡献，", "经社区管委会考评，特发此证！"]);
    }

    #[test]
    fn lines_are_even_where_no_pause_would_make_them_so() {
        let found = lines("in recognition of a contribution in 2026, is named", 42.0);
        assert_eq!(found, ["in recognition of a", "contribution in 2026, is named"]);
    }

    #[test]
    fn no_punctuation_begins_a_line() {
        for measure in 5..20 {
            for line in
                lines("一二三四五，六七八九十。（一二）三四五六七、八九十！", measure as f32)
            {
                assert!(!line.starts_with(['，', '。', '）', '、', '！']), "{line}");
                assert!(!line.ends_with('（'), "{line}");
                assert!(line.chars().count() <= measure, "{line}");
            }
        }
    }

    #[test]
    fn what_cannot_be_broken_is_not() {
        assert_eq!(lines("unbreakable", 5.0), [""; 0]);
    }
}
