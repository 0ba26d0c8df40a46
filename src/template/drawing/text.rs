//! Text as a drawing has it: what it says, where its baseline runs, and how it looks, after
//! styles, classes and transforms.

use std::sync::Arc;

use resvg::usvg::{self, Paint, TextAnchor, TextChunk, TextFlow, Transform, WritingMode};

use super::super::style::{Align, Color};
use crate::fonts::{Fonts, drawn};

/// How much of its size a text may be stretched or slanted before it is not the same any more.
const STRETCH: f32 = 0.02;

/// How far apart two baselines are, in em, for two lines rather than one.
const NEW_LINE: f32 = 0.3;

/// A text. Lengths and places are in template units.
pub struct Drawn {
    /// What it says; its lines joined.
    pub value: String,
    /// Where its first baseline is held.
    pub anchor: (f32, f32),
    /// At which end it is held there.
    pub align: Align,
    /// Degrees clockwise.
    pub rotation: f32,
    /// Where it begins and ends, along the baseline from the anchor.
    pub ends: (f32, f32),
    /// How many lines it has.
    pub lines: usize,
    /// From the first baseline to the last.
    pub depth: f32,
    /// The size of its type.
    pub size: f32,
    /// Space between its characters, in em.
    pub letter_spacing: f32,
    /// Its colour.
    pub color: Color,
    /// Its font, as the drawing names it.
    pub font: usvg::Font,
}

/// Options that read text and shapes and nothing else.
pub fn blind_options<'a>() -> usvg::Options<'a> {
    usvg::Options {
        font_family: drawn::UNNAMED.to_owned(),
        image_href_resolver: usvg::ImageHrefResolver {
            resolve_data: Box::new(|_, _, _| None),
            resolve_string: Box::new(|_, _| None),
        },
        ..usvg::Options::default()
    }
}

/// The drawing in which texts are measured; text in an unknown font stands in the first face
/// there is.
pub fn parse(svg: &str, fonts: &Fonts) -> Result<usvg::Tree, usvg::Error> {
    let font_resolver = drawn::resolver(fonts, &Arc::default(), true);
    usvg::Tree::from_str(svg, &usvg::Options { font_resolver, ..blind_options() })
}

/// Reads a text; nothing where it is hidden.
pub fn read(text: &usvg::Text, to_page: Transform) -> Result<Option<Drawn>, String> {
    let spans = || text.chunks().iter().flat_map(TextChunk::spans);
    let Some(first) = text.chunks().first() else { return Ok(None) };
    if !spans().any(usvg::TextSpan::is_visible) {
        return Ok(None);
    }
    let straight = text.chunks().iter().all(|chunk| matches!(chunk.text_flow(), TextFlow::Linear));
    if !straight || text.writing_mode() != WritingMode::LeftToRight {
        return Err("it runs along a path or downwards; a field's line is straight".to_owned());
    }
    if text.rotate().iter().any(|degrees| *degrees != 0.0) {
        return Err("its letters are turned one by one; turn the text as a whole".to_owned());
    }
    // The look is that of the placeholder, whatever stands around it.
    let span = placeholder(text).ok_or("it has no characters")?;
    let transform = text.abs_transform().post_concat(to_page);
    let (scale, rotation) = similarity(transform)?;
    let em = span.font_size().get();
    let glyphs = || text.layouted().iter().flat_map(|span| &span.positioned_glyphs);
    let baseline = glyphs().next().map_or(first.y().unwrap_or_default(), |g| g.transform().ty);
    let last = glyphs().map(|glyph| glyph.transform().ty).fold(baseline, f32::max);
    let (value, lines) = value(text, em);
    let held = first.x().unwrap_or_default() + text.dx().first().copied().unwrap_or_default();
    let mut anchor = usvg::tiny_skia_path::Point::from_xy(held, baseline);
    transform.map_point(&mut anchor);
    let bounds = text.bounding_box();
    Ok(Some(Drawn {
        value,
        anchor: (anchor.x, anchor.y),
        align: match first.anchor() {
            TextAnchor::Start => Align::Left,
            TextAnchor::Middle => Align::Center,
            TextAnchor::End => Align::Right,
        },
        rotation,
        ends: ((bounds.left() - held) * scale, (bounds.right() - held) * scale),
        lines,
        depth: if lines > 1 { (last - baseline) * scale } else { 0.0 },
        size: em * scale,
        letter_spacing: span.letter_spacing() / em,
        color: color(span.fill())?,
        font: span.font().clone(),
    }))
}

/// The part of a text that has its first placeholder.
fn placeholder(text: &usvg::Text) -> Option<&usvg::TextSpan> {
    let with_brace = text.chunks().iter().find_map(|chunk| {
        let brace = chunk.text().find('{')?;
        chunk.spans().iter().find(|span| (span.start()..span.end()).contains(&brace))
    });
    with_brace.or_else(|| text.chunks().first()?.spans().first())
}

/// What a text says, and on how many lines: programs part a line into pieces to kern it, and a
/// paragraph into lines to break it.
fn value(text: &usvg::Text, em: f32) -> (String, usize) {
    let (mut value, mut lines) = (String::new(), 1);
    let (mut baseline, mut at) = (None, 0);
    for chunk in text.chunks() {
        let moved = text.dy().get(at).copied().unwrap_or_default();
        let here = chunk.y().or(baseline).map(|y: f32| y + moved);
        let down = here.zip(baseline).map_or(0.0, |(here, above)| here - above);
        if at > 0 && down.abs() > NEW_LINE * em {
            lines += 1;
            let (before, after) = (value.chars().next_back(), chunk.text().chars().next());
            let is_word = |c: Option<char>| c.is_some_and(|c| c.is_ascii_graphic());
            if is_word(before) && is_word(after) {
                value.push(' ');
            }
        }
        value.push_str(chunk.text());
        baseline = here;
        at += chunk.text().chars().count();
    }
    (value.split_whitespace().collect::<Vec<_>>().join(" "), lines)
}

/// How much larger a transform makes things, and by how many degrees it turns them clockwise;
/// an error where it does more.
fn similarity(transform: Transform) -> Result<(f32, f32), String> {
    let Transform { sx, kx, ky, sy, .. } = transform;
    let scale = sx.hypot(ky);
    let odd = (sx - sy).hypot(ky + kx);
    if odd > STRETCH * scale || scale == 0.0 {
        return Err("it is stretched, slanted or mirrored; a field's text is not".to_owned());
    }
    let degrees = ky.atan2(sx).to_degrees();
    Ok((scale, if degrees.abs() < 0.01 { 0.0 } else { degrees }))
}

/// The colour of a fill; the first one of a gradient, which fields cannot have.
fn color(fill: Option<&usvg::Fill>) -> Result<Color, String> {
    let color = match fill.map(usvg::Fill::paint) {
        Some(Paint::Color(color)) => Some(*color),
        Some(Paint::LinearGradient(gradient)) => gradient.stops().first().map(usvg::Stop::color),
        Some(Paint::RadialGradient(gradient)) => gradient.stops().first().map(usvg::Stop::color),
        Some(Paint::Pattern(_)) | None => None,
    };
    let usvg::Color { red, green, blue } = color.ok_or("it has no colour; fill it with one")?;
    Ok(Color { red, green, blue })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(content: &str) -> Result<Option<Drawn>, String> {
        let svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 400 300\" width=\"800\" \
             height=\"600\"><style>.a {{ font: italic 700 20px serif; fill: #102030 }}</style>\
             {content}</svg>"
        );
        let tree = parse(&svg, &Fonts::bundled()).unwrap();
        match tree.node_by_id("t") {
            Some(usvg::Node::Text(text)) => read(text, Transform::from_scale(0.5, 0.5)),
            _ => Ok(None),
        }
    }

    #[test]
    fn a_text_is_read_through_classes_transforms_and_pieces() {
        let text = drawn(
            r#"<g transform="translate(100 50) rotate(90)"><text id="t" class="a"
               letter-spacing="0.1em" text-anchor="middle"><tspan x="10" y="5">{na</tspan><tspan
               x="30">me}</tspan></text></g>"#,
        );
        let text = text.unwrap().unwrap();
        assert_eq!((text.value.as_str(), text.lines), ("{name}", 1));
        let near = |a: f32, b: f32| (a - b).abs() < 0.01;
        assert!(near(text.anchor.0, 95.0) && near(text.anchor.1, 60.0), "{:?}", text.anchor);
        assert!(near(text.rotation, 90.0) && near(text.size, 20.0));
        assert!(near(text.letter_spacing, 0.1), "{}", text.letter_spacing);
        assert_eq!(text.align, Align::Center);
        assert_eq!(text.color, Color { red: 16, green: 32, blue: 48 });
        assert_eq!(text.font.weight(), 700);
    }

    #[test]
    fn lines_are_joined_by_a_space_where_words_need_one() {
        let text = drawn(
            r#"<text id="t"><tspan x="0" y="20">for</tspan><tspan x="0" dy="15">{citation}</tspan></text>"#,
        );
        let text = text.unwrap().unwrap();
        assert_eq!((text.value.as_str(), text.lines, text.depth), ("for {citation}", 2, 15.0));
        let text = drawn(
            r#"<text id="t"><tspan x="0" y="20">感谢</tspan><tspan x="0" y="40">{name}</tspan></text>"#,
        );
        assert_eq!(text.unwrap().unwrap().value, "感谢{name}");
    }

    #[test]
    fn what_no_field_can_be_is_refused_and_what_is_hidden_is_none() {
        for odd in [
            r#"<text id="t" y="9" transform="scale(2 1)">{a}</text>"#,
            r#"<text id="t" y="9" transform="skewX(20)">{a}</text>"#,
            r#"<text id="t" y="9" fill="none">{a}</text>"#,
            r#"<text id="t" y="9" rotate="20">{a}</text>"#,
            r#"<text id="t" y="9" writing-mode="tb">{a}</text>"#,
        ] {
            assert!(drawn(odd).is_err(), "{odd}");
        }
        for hidden in ["display=\"none\"", "visibility=\"hidden\""] {
            assert!(
                drawn(&format!("<text id=\"t\" y=\"9\" {hidden}>{{a}}</text>")).unwrap().is_none()
            );
        }
    }
}
