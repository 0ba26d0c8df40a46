//! The page: a certificate set on its template, ready for any painter.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::{PoisonError, RwLock};

use super::code::{self, Code};
use super::fit::{self, Fitted};
use super::shape::ShapedLine;
use super::{Trouble, TypesetError, itemise};
use crate::certificate::Certificate;
use crate::fonts::{FaceId, Fonts};
use crate::template::{Align, Color, Template, TextField, Valign, Value};

/// All that is painted over a template's background. Lengths are in template units, from the
/// page's upper left corner, y downwards.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// The lines of text, in painting order.
    pub lines: Vec<Line>,
    /// The QR codes, painted after the text.
    pub codes: Vec<Code>,
}

/// A line of text.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// The place of its field among the template's texts.
    pub field: usize,
    /// What it says, in the order of reading.
    pub text: String,
    /// The size of its type, in template units to the em.
    pub size: f32,
    /// How wide it is before it is turned.
    pub width: f32,
    /// Its colour.
    pub color: Color,
    /// Its glyphs, from left to right, a run for each face, before the line is turned.
    pub runs: Vec<Run>,
    /// How the line is turned.
    pub turn: Turn,
    /// Whether the glyphs alone tell a reader the text: one for each cluster, left to right,
    /// without wide spaces between them.
    pub plain: bool,
    /// Whether any of it runs from right to left.
    pub reversed: bool,
}

/// A turn around a point of the page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Turn {
    /// Clockwise.
    pub degrees: f32,
    /// The point that stays where it is.
    pub around: (f32, f32),
}

impl Turn {
    /// Where it brings a point of the page.
    #[must_use]
    pub fn apply(&self, (x, y): (f32, f32)) -> (f32, f32) {
        if self.degrees == 0.0 {
            return (x, y);
        }
        let (sin, cos) = self.degrees.to_radians().sin_cos();
        let (right, below) = (x - self.around.0, y - self.around.1);
        (self.around.0 + right * cos - below * sin, self.around.1 + right * sin + below * cos)
    }
}

/// Glyphs of one face.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// The face.
    pub face: FaceId,
    /// The glyphs.
    pub glyphs: Vec<Glyph>,
}

/// A glyph in its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Glyph {
    /// Which glyph of the face.
    pub id: u16,
    /// Its origin, from the page's left edge.
    pub x: f32,
    /// Its origin, from the page's upper edge.
    pub y: f32,
    /// What it shows; empty for all but the first glyph of a cluster.
    pub text: String,
}

/// Letter spacing, in em, from which programs that extract text see a space between letters.
const WIDE: f32 = 0.08;

/// Sets a certificate on its template. `public` are the roster columns that may be empty.
///
/// # Errors
/// The first field that cannot be set, and why.
pub fn set(
    certificate: &Certificate,
    template: &Template,
    fonts: &Fonts,
    public: &[String],
) -> Result<Page, TypesetError> {
    let of_field = |field: &str, trouble| TypesetError {
        template: template.name.clone(),
        field: field.to_owned(),
        trouble: Box::new(trouble),
    };
    let mut page = Page { lines: Vec::new(), codes: Vec::new() };
    for (place, field) in template.texts.iter().enumerate() {
        let lines = said(certificate, field, public)
            .and_then(|text| lines(&text, field, fonts))
            .map_err(|trouble| of_field(&field.field, trouble))?
            .into_iter()
            .map(|line| Line { field: place, ..line });
        page.lines.extend(lines);
    }
    for field in &template.codes {
        let code = value(certificate, &field.value, public)
            .and_then(|payload| code::place(&payload, field, template));
        page.codes.push(code.map_err(|trouble| of_field(&field.field, trouble))?);
    }
    Ok(page)
}

/// What a proof of many certificates finds out once.
#[derive(Debug)]
pub struct Proved {
    /// The faces that each field of text names.
    faces: Vec<Result<Vec<FaceId>, Trouble>>,
    /// The texts that have been set without trouble, with the places of their fields.
    texts: RwLock<HashSet<(usize, String)>>,
}

impl Proved {
    /// Nothing as yet.
    #[must_use]
    pub fn none(template: &Template, fonts: &Fonts) -> Self {
        let faces = template.texts.iter().map(|field| faces(field, fonts)).collect();
        Self { faces, texts: RwLock::default() }
    }

    /// Calls `set` unless it has done before for this text in this field.
    fn once(
        &self,
        field: usize,
        text: String,
        set: impl FnOnce(&str) -> Result<(), Trouble>,
    ) -> Result<(), Trouble> {
        let key = (field, text);
        if !self.texts.read().unwrap_or_else(PoisonError::into_inner).contains(&key) {
            set(&key.1)?;
            self.texts.write().unwrap_or_else(PoisonError::into_inner).insert(key);
        }
        Ok(())
    }
}

/// Finds what [`set`] would find wrong, without a page. `proved` is of this template alone.
///
/// # Errors
/// The first field that cannot be set, and why.
pub fn prove(
    certificate: &Certificate,
    template: &Template,
    fonts: &Fonts,
    public: &[String],
    proved: &Proved,
) -> Result<(), TypesetError> {
    let of_field = |field: &str, trouble| TypesetError {
        template: template.name.clone(),
        field: field.to_owned(),
        trouble: Box::new(trouble),
    };
    for (place, field) in template.texts.iter().enumerate() {
        said(certificate, field, public)
            .and_then(|text| {
                proved.once(place, text, |text| {
                    let faces = proved.faces[place].as_ref().map_err(Clone::clone)?;
                    fitted(&itemise::clean(text)?, field, faces, fonts).map(drop)
                })
            })
            .map_err(|trouble| of_field(&field.field, trouble))?;
    }
    for (place, field) in template.codes.iter().enumerate() {
        value(certificate, &field.value, public)
            .and_then(|payload| {
                // The fineness of a code depends on how much it says, and in what characters.
                let fineness = code::fineness(&payload);
                proved.once(template.texts.len() + place, fineness, |_| {
                    code::place(&payload, field, template).map(drop)
                })
            })
            .map_err(|trouble| of_field(&field.field, trouble))?;
    }
    Ok(())
}

/// What a field says; a public column that the roster leaves empty says nothing.
fn value(certificate: &Certificate, value: &Value, public: &[String]) -> Result<String, Trouble> {
    let Some(pattern) = value.in_language(&certificate.language) else {
        return Ok(String::new());
    };
    let empty = |name: &str| public.iter().any(|column| column == name).then(Cow::default);
    pattern
        .fill(|name, format| certificate.value(name, format).or_else(|| empty(name)))
        .map_err(|unfilled| Trouble::Unfilled(unfilled.0))
}

/// What a field says of a certificate.
fn said(
    certificate: &Certificate,
    field: &TextField,
    public: &[String],
) -> Result<String, Trouble> {
    let mut text = value(certificate, &field.value, public)?;
    if !field.wrap {
        // One line is one line, whatever accolade.toml breaks its own texts into.
        text = text.replace('\n', " ");
    }
    Ok(if field.uppercase { capitals(&text, &certificate.language) } else { text })
}

/// Sets a text as a field says, whatever the field's own value is.
pub(super) fn lines(text: &str, field: &TextField, fonts: &Fonts) -> Result<Vec<Line>, Trouble> {
    let text = itemise::clean(text)?;
    let Some((fitted, first_face)) = fitted(&text, field, &faces(field, fonts)?, fonts)? else {
        return Ok(Vec::new());
    };
    let baseline = first_baseline(field, &fitted, fonts.face(first_face).cap_height);
    let lines = fitted.lines.iter().enumerate().map(|(row, (range, line))| {
        let y = baseline + row as f32 * field.line_height * fitted.size;
        place(&text, &text[range.clone()], line, field, fitted.size, y)
    });
    Ok(lines.collect())
}

/// Finds the size and lines of a clean text, and the face that the first baseline is of;
/// nothing for a text that shows nothing.
fn fitted(
    text: &str,
    field: &TextField,
    preferred: &[FaceId],
    fonts: &Fonts,
) -> Result<Option<(Fitted, FaceId)>, Trouble> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let segments = itemise::segments(text, preferred, fonts)?;
    let first_face = preferred.first().copied().unwrap_or(segments[0].face);
    Ok(Some((fit::fit(text, &segments, field, fonts)?, first_face)))
}

/// The faces that a field names.
fn faces(field: &TextField, fonts: &Fonts) -> Result<Vec<FaceId>, Trouble> {
    let unknown = |name: &String| Trouble::UnknownFont { name: name.clone(), known: fonts.names() };
    field.fonts.iter().map(|name| fonts.named(name).ok_or_else(|| unknown(name))).collect()
}

/// The text in capitals, as its language has them: Turkish and Azerbaijani keep the dot.
fn capitals(text: &str, language: &str) -> String {
    let dotted = matches!(language.split('-').next(), Some("tr" | "az"));
    if dotted { text.replace('i', "İ").to_uppercase() } else { text.to_uppercase() }
}

/// The baseline of the first line: it stands where the box and the height of capitals say,
/// whatever the line says.
fn first_baseline(field: &TextField, fitted: &Fitted, cap_height: f32) -> f32 {
    let capitals = cap_height * fitted.size;
    let below_first = (fitted.lines.len() - 1) as f32 * field.line_height * fitted.size;
    let (top, height) = (field.place.top, field.place.height);
    match field.valign {
        Valign::Top => top + capitals,
        Valign::Middle => top + f32::midpoint(height, capitals - below_first),
        Valign::Bottom => top + height - below_first,
    }
}

fn place(
    text: &str,
    line_text: &str,
    line: &ShapedLine,
    field: &TextField,
    size: f32,
    baseline: f32,
) -> Line {
    // Punctuation hangs over the ends of a line, so that what the eye sees is in the middle.
    let room = field.place.width - line.seen_width() * size;
    let left = field.place.left - line.blank_left * size
        + match field.align {
            Align::Left => 0.0,
            Align::Center => room / 2.0,
            Align::Right => room,
        };
    let mut runs: Vec<Run> = Vec::new();
    let mut cluster = None;
    for shaped in &line.glyphs {
        let begins = cluster.replace(shaped.cluster.start) != Some(shaped.cluster.start);
        let glyph = Glyph {
            id: shaped.id,
            x: left + shaped.x * size,
            y: baseline - shaped.y * size,
            text: if begins { text[shaped.cluster.clone()].to_owned() } else { String::new() },
        };
        match runs.last_mut() {
            Some(run) if run.face == shaped.face => run.glyphs.push(glyph),
            _ => runs.push(Run { face: shaped.face, glyphs: vec![glyph] }),
        }
    }
    let gaps = line_text.chars().count() == 2 && field.two_character_gap >= WIDE;
    let single = runs.iter().flat_map(|run| &run.glyphs).all(|glyph| !glyph.text.is_empty());
    Line {
        field: 0,
        text: line_text.to_owned(),
        size,
        width: line.seen_width() * size,
        color: field.color,
        runs,
        turn: Turn { degrees: field.rotation, around: field.place.middle() },
        reversed: line.reversed,
        plain: single && !line.reversed && field.letter_spacing < WIDE && !gaps,
    }
}
