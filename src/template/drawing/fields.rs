//! The fields that a drawing says, as far as a drawing can say them.

use std::collections::{BTreeMap, HashSet};

use resvg::usvg::{self, Rect, Transform};
use toml::Spanned;

use super::super::Mistake;
use super::super::description::{CodeTable, PictureTable, TextTable};
use super::super::field::{Origin, Value};
use super::super::style::Box;
use super::area::Corners;
use super::marks::{self, Kind, Mark};
use super::text::Drawn;
use super::{Drawing, area, copy, place, text, xml};
use crate::fonts::Fonts;
use crate::pattern::Pattern;

/// How far a drawn text may shrink, of its size: a drawing cannot say it.
const LEAST: f32 = 0.5;

/// What a drawing says.
#[derive(Debug)]
pub struct Fields {
    /// What is left to be painted.
    pub drawing: Drawing,
    /// Its text fields.
    pub texts: Vec<TextTable>,
    /// Its signatures: boxes for pictures that template.toml names.
    pub pictures: Vec<PictureTable>,
    /// Its QR codes.
    pub codes: Vec<CodeTable>,
    /// Text fields in fonts that there are not, unless template.toml names others.
    pub unset: BTreeMap<String, Mistake>,
}

/// Reads the fields of a drawing in `file`, for a page of this width and height.
pub fn fields(
    drawing: &Drawing,
    file: &str,
    page: (f32, f32),
    fonts: &Fonts,
) -> Result<Fields, Mistake> {
    let wrong = |message: String| Mistake { place: file.to_owned(), message };
    let document = xml::parse(&drawing.svg).map_err(wrong)?;
    let marks = marks::find(&document, file)?;
    let mut reader = Reader {
        file,
        page,
        fonts,
        names: HashSet::new(),
        found: Fields {
            drawing: drawing.clone(),
            texts: Vec::new(),
            pictures: Vec::new(),
            codes: Vec::new(),
            unset: BTreeMap::new(),
        },
    };
    if marks.is_empty() {
        return Ok(reader.found);
    }
    let cannot = |error: usvg::Error| wrong(format!("it cannot be read as SVG: {error}"));
    let (texts, boxes): (Vec<&Mark>, Vec<&Mark>) =
        marks.iter().partition(|mark| matches!(mark.kind, Kind::Text(_)));
    let (svg, ids) = copy::only(&drawing.svg, &document, &boxes);
    let tree = area::parse(&svg).map_err(cannot)?;
    let to_page =
        Transform::from_scale(page.0 / tree.size().width(), page.1 / tree.size().height());
    let areas: Vec<_> = ids.iter().map(|id| area::corners(&tree, id, to_page)).collect();
    let (svg, ids) = copy::only(&drawing.svg, &document, &texts);
    let tree = text::parse(&svg, fonts).map_err(cannot)?;
    let mut gone = HashSet::new();
    for (mark, id) in texts.iter().zip(&ids) {
        let Some(usvg::Node::Text(text)) = tree.node_by_id(id) else { continue };
        let box_of = |name: &str| {
            let own = |mark: &Mark| matches!(&mark.kind, Kind::Box(field) if field == name);
            boxes.iter().position(|mark| own(mark))
        };
        let flow = match mark.kind {
            Kind::Text(Some([x, y, width, height])) => Rect::from_xywh(x, y, width, height)
                .map(|rect| area::moved(rect, text.abs_transform().post_concat(to_page))),
            _ => None,
        };
        let drawn = text::read(text, to_page)
            .map_err(|message| Mistake { place: format!("{file}, line {}", mark.line), message })?;
        let Some(drawn) = drawn else { continue };
        let Some(pattern) = reader.pattern(mark, &drawn.value)? else { continue };
        let name = reader.name(pattern.placeholders().next().unwrap_or_default());
        let number = box_of(&name);
        gone.extend(number.map(|number| boxes[number].node));
        let area = number.and_then(|number| areas[number]).or(flow);
        gone.insert(mark.node);
        reader.text(mark, name, pattern, &drawn, area);
    }
    for (mark, area) in boxes.iter().zip(&areas) {
        if !matches!(mark.kind, Kind::Box(_)) {
            reader.area(mark, *area)?;
            gone.insert(mark.node);
        }
    }
    reader.found.drawing.svg =
        copy::without(&drawing.svg, marks.iter().filter(|mark| gone.contains(&mark.node)));
    Ok(reader.found)
}

/// Fields on their way from the drawing.
struct Reader<'a> {
    file: &'a str,
    page: (f32, f32),
    fonts: &'a Fonts,
    names: HashSet<String>,
    found: Fields,
}

impl Reader<'_> {
    fn origin(&self, mark: &Mark) -> Origin {
        Origin { file: self.file.to_owned(), line: mark.line }
    }

    /// What a text says; nothing where it has braces but no placeholder.
    fn pattern(&self, mark: &Mark, value: &str) -> Result<Option<Pattern>, Mistake> {
        let pattern: Pattern = value.parse().map_err(|error: crate::pattern::PatternError| {
            Mistake { place: self.origin(mark).to_string(), message: error.to_string() }
        })?;
        Ok(Some(pattern).filter(|pattern| pattern.placeholders().next().is_some()))
    }

    /// The name of a field: that of its first placeholder, with a number where it is taken.
    fn name(&mut self, placeholder: &str) -> String {
        let numbered = (2..).map(|number| format!("{placeholder}-{number}"));
        let mut names = std::iter::once(placeholder.to_owned()).chain(numbered);
        // There is always one more number.
        let name = names.find(|name| !self.names.contains(name)).unwrap_or_default();
        self.names.insert(name.clone());
        name
    }

    fn text(
        &mut self,
        mark: &Mark,
        name: String,
        value: Pattern,
        drawn: &Drawn,
        area: Option<Corners>,
    ) {
        let origin = self.origin(mark);
        let faces: Vec<_> =
            self.fonts.drawn(&drawn.font).into_iter().map(|id| self.fonts.face(id)).collect();
        if faces.is_empty() {
            let message = format!(
                "there is no font {:?}; there are: {}; put it into the folder fonts/, or name \
                 another in template.toml",
                Fonts::drawn_families(&drawn.font),
                self.fonts.names()
            );
            self.found.unset.insert(name.clone(), Mistake::of_field(&origin, &name, message));
        }
        // Without a face of its own, the size of capitals in most.
        let capitals = faces.first().map_or(0.7, |face| face.cap_height) * drawn.size;
        let placed = place::place(drawn, capitals, area, self.page);
        self.found.texts.push(TextTable {
            field: Spanned::new(0..0, name),
            origin: Some(origin),
            value: Some(Value::Always(value)),
            place: Some(placed.place),
            align: Some(placed.align),
            valign: Some(placed.valign),
            fonts: Some(faces.iter().map(|face| face.name.clone()).collect()),
            size: Some(drawn.size),
            min_size: Some(drawn.size * LEAST),
            color: Some(drawn.color),
            letter_spacing: Some(drawn.letter_spacing),
            line_height: place::line_height(drawn),
            wrap: Some(placed.wrap),
            two_character_gap: None,
            rotation: Some(drawn.rotation),
            uppercase: None,
            kerning: None,
            hanging: None,
        });
    }

    fn area(&mut self, mark: &Mark, area: Option<Corners>) -> Result<(), Mistake> {
        let origin = self.origin(mark);
        let (field, is_code) = match mark.kind {
            Kind::Code => ("qr", true),
            _ => ("signature", false),
        };
        let area = area.ok_or_else(|| {
            Mistake::of_field(&origin, field, "its box has no width or no height")
        })?;
        let place = Some(upright(area));
        let origin = Some(origin);
        let field = Spanned::new(0..0, self.name(field));
        if is_code {
            let value = "{url}".parse().ok().map(Value::Always);
            let (quiet_zone, dark, light, error_correction) = (None, None, None, None);
            self.found.codes.push(CodeTable {
                field,
                origin,
                value,
                place,
                quiet_zone,
                dark,
                light,
                error_correction,
            });
        } else {
            let (file, align, valign) = (None, None, None);
            self.found.pictures.push(PictureTable { field, origin, file, place, align, valign });
        }
        Ok(())
    }
}

/// The upright box around these corners.
fn upright(corners: Corners) -> Box {
    let least =
        |side: fn((f32, f32)) -> f32| corners.map(side).into_iter().fold(f32::MAX, f32::min);
    let most = |side: fn((f32, f32)) -> f32| corners.map(side).into_iter().fold(f32::MIN, f32::max);
    let (left, top) = (least(|p| p.0), least(|p| p.1));
    Box { left, top, width: most(|p| p.0) - left, height: most(|p| p.1) - top }
}
