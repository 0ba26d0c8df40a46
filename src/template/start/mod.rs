//! A template.toml to begin with: the page, what was found in a drawing, and examples of the
//! rest, at sensible places for this page.

mod examples;
mod sheet;

use super::description::{CodeTable, PictureTable, Table, TextTable};
use super::drawing::{self, Fields};
use super::field::Value;
use super::{Artwork, Mistake, Paper, TemplateError};
use crate::fonts::Fonts;
use sheet::{Block, Sheet, as_drawn, fine, row, word};

/// What a template begins with.
#[derive(Debug)]
pub struct Start {
    /// The file name of its background.
    pub background: String,
    /// Its template.toml.
    pub description: String,
    /// The names of the fields that the drawing says.
    pub fields: Vec<String>,
}

/// Makes a beginning of a picture, drawing or page, which comes from `file`; `number` is which
/// page of a PDF is meant, from 1.
///
/// # Errors
/// When it cannot be a background, or says a field that cannot be.
pub fn start(
    name: &str,
    background: &[u8],
    number: Option<u32>,
    file: &str,
    fonts: &Fonts,
) -> Result<Start, TemplateError> {
    let wrong = |Mistake { place, message }| TemplateError::Value {
        template: name.to_owned(),
        place,
        message,
    };
    let artwork = Artwork::read(background.to_vec(), number)
        .map_err(|message| wrong(Mistake { place: file.to_owned(), message }))?;
    let (width, height) = artwork.size();
    let paper = match &artwork {
        Artwork::Page(_) => Paper::of_points(width, height),
        _ => Paper::proportioned(width, height),
    };
    let page = Sheet { width, height: width * paper.height_mm / paper.width_mm };
    let found = match &artwork {
        Artwork::Drawing(drawing) => {
            let size = (page.width, page.height);
            Some(drawing::fields(drawing, file, size, fonts).map_err(wrong)?)
        }
        Artwork::Picture(_) | Artwork::Page(_) => None,
    };
    let background = format!("background.{}", artwork.extension());
    let said = match (&artwork, number) {
        // A page knows its own size.
        (Artwork::Page(_), None) => "\n[page]\n".to_owned(),
        (Artwork::Page(_), Some(number)) => format!("background_page = {number}\n\n[page]\n"),
        _ => format!("\n[page]\npaper = \"{paper}\"\n"),
    };
    let mut text = page.heading(&background, &said);
    let fields = found.as_ref().map_or_else(Vec::new, |found| Sheet::found(found, &mut text));
    page.examples(found.as_ref(), &mut text);
    Ok(Start { background, description: text, fields })
}

impl Sheet {
    fn heading(&self, background: &str, said: &str) -> String {
        let (width, height) = (self.round(self.width), self.round(self.height));
        format!(
            "# Lengths are in units of which the page is {width} wide and {height} high; boxes are\n\
             # [left, top, width, height], from its upper left corner.\n\n\
             background = \"{background}\"\n\
             {said}\
             # dpi = 200               # how fine the PNG is\n"
        )
    }

    /// Writes down the fields of a drawing; gives back their names.
    fn found(found: &Fields, text: &mut String) -> Vec<String> {
        let texts = found.texts.iter().map(|table| text_block(table, found));
        let pictures = found.pictures.iter().map(picture_block);
        let codes = found.codes.iter().map(code_block);
        let blocks: Vec<Block> = texts.chain(pictures).chain(codes).collect();
        if !blocks.is_empty() {
            text.push_str(
                "\n# The drawing says the fields below. Here you say what it cannot, or what is to be\n\
                 # otherwise: take away the # before a table and before the lines that you change.\n",
            );
        }
        for block in &blocks {
            block.write(text);
        }
        let texts = found.texts.iter().map(Table::name);
        let pictures = found.pictures.iter().map(Table::name);
        let codes = found.codes.iter().map(Table::name);
        texts.chain(pictures).chain(codes).map(str::to_owned).collect()
    }
}

fn text_block(table: &TextTable, found: &Fields) -> Block {
    let name = table.name();
    let line = table.origin.as_ref().map_or(1, |origin| origin.line);
    let said = match &table.value {
        Some(Value::Always(pattern)) => pattern.source(),
        _ => "",
    };
    let mut lines = vec![format!("field = {name:?}")];
    let about = format!("{said:?}, line {line} of the drawing");
    if found.unset.contains_key(name) {
        lines.push("fonts = [\"Noto Sans Regular\", \"Noto Sans CJK SC\"]".to_owned());
        let about = format!("{about}; its font is not here, put it into fonts/ or name another");
        return Block { about, table: "text", lines, live: true };
    }
    let size = table.size.unwrap_or_default();
    lines.extend(table.place.map(as_drawn));
    lines.extend(table.align.map(|align| format!("align = \"{}\"", word(align))));
    lines.extend(table.valign.map(|valign| format!("valign = \"{}\"", row(valign))));
    lines.extend(table.fonts.as_ref().map(|fonts| format!("fonts = {fonts:?}")));
    lines.push(format!("size = {}", fine(size)));
    lines.push(format!("min_size = {}", fine(table.min_size.unwrap_or(size))));
    lines.extend(table.wrap.map(|wrap| format!("wrap = {wrap}")));
    Block { about, table: "text", lines, live: false }
}

fn picture_block(table: &PictureTable) -> Block {
    let mut lines = vec![format!("field = {:?}", table.name())];
    lines.push("file = \"signature.png\"".to_owned());
    lines.extend(table.place.map(as_drawn));
    let about = "drawn, and left out until there is a file to put there".to_owned();
    Block { about, table: "picture", lines, live: false }
}

fn code_block(table: &CodeTable) -> Block {
    let mut lines = vec![format!("field = {:?}", table.name())];
    lines.push("value = \"{url}\"".to_owned());
    lines.extend(table.place.map(as_drawn));
    Block { about: "drawn as a box".to_owned(), table: "qr", lines, live: false }
}
