//! Many certificates in one document: each template's background once, each face once, a page a
//! certificate. Pages are written as they come, so that it takes no memory to speak of.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::content::{self, operator};
use super::cut::Cuts;
use super::document::Document;
use super::edge::Edge;
use super::faces::{Faces, Glyphs};
use super::ground::Ground;
use super::outline::{Contents, Outline};
use super::{Sheet, page_entries};
use crate::fonts::Fonts;
use crate::pdf_file::{PdfFile, packed, packed_stream};
use crate::render::{Metadata, RenderError};
use crate::template::{Paper, Template};
use crate::typeset::Page;

/// The name of what lies around the page, among its resources.
const AROUND: &str = "Around";

/// What a booklet is made of.
#[derive(Debug)]
pub struct Materials<'a> {
    /// Its templates and their grounds.
    pub templates: Vec<(&'a Template, &'a Ground)>,
    /// The paper of pages that are on no template.
    pub paper: Paper,
    /// The glyphs of all its pages.
    pub glyphs: Glyphs,
    /// The faces they are of.
    pub fonts: &'a Fonts,
    /// What is printed around its pages.
    pub edge: Edge,
}

/// A booklet on its way.
#[derive(Debug)]
pub struct Booklet<'a> {
    file: PdfFile,
    fonts: &'a Fonts,
    faces: Faces,
    edge: Edge,
    /// By the name of the template; without one, plain paper.
    plates: BTreeMap<Option<&'a str>, Plate<'a>>,
    /// Entries of the catalogue that a background brings.
    entries: Vec<u8>,
    /// The number of the tree of pages.
    tree: u32,
    pages: Vec<u32>,
}

/// What the pages of a template have in common.
#[derive(Debug)]
struct Plate<'a> {
    sheet: Sheet,
    ground: Option<&'a Ground>,
    entries: Vec<u8>,
    /// The number of their resources.
    resources: u32,
}

/// A page that has been set and painted, ready to be bound.
#[derive(Debug)]
pub struct Leaf<'a> {
    template: Option<&'a str>,
    content: Vec<u8>,
}

impl<'a> Booklet<'a> {
    /// Begins a booklet: all that its pages share is made ready.
    ///
    /// # Errors
    /// When a font cannot be embedded, or two backgrounds have layers.
    pub fn begin(materials: Materials<'a>) -> Result<Self, RenderError> {
        let Materials { templates, paper, glyphs, fonts, edge } = materials;
        let first = templates.first().map(|(template, _)| template.name.clone());
        let wrong = |message| RenderError { template: first.clone().unwrap_or_default(), message };
        let mut file = PdfFile::default();
        let faces = Faces::embed(glyphs, fonts, &Cuts::default(), &mut file).map_err(wrong)?;
        let tree = file.reserve();
        let mut booklet = Self {
            file,
            fonts,
            faces,
            edge,
            plates: BTreeMap::new(),
            entries: Vec::new(),
            tree,
            pages: Vec::new(),
        };
        for (template, ground) in templates {
            let by = booklet.file.append(&ground.file);
            let entries = ground.catalog_entries(by);
            if !entries.is_empty() && !booklet.entries.is_empty() {
                let message = "its background has layers, and so has another one: flatten it";
                return Err(RenderError::of_background(template, message));
            }
            booklet.entries.extend(entries);
            let (sheet, entries) = (Sheet::of(template), ground.page_entries(by));
            let plate = booklet.plate(sheet, Some(ground), &ground.names(by), entries);
            let plate = plate.map_err(|message| RenderError::of_background(template, &message))?;
            booklet.plates.insert(Some(&template.name), plate);
        }
        let plain = booklet.plate(Sheet::plain(paper), None, "", Vec::new()).map_err(wrong)?;
        booklet.plates.insert(None, plain);
        Ok(booklet)
    }

    fn plate(
        &mut self,
        sheet: Sheet,
        ground: Option<&'a Ground>,
        names: &str,
        entries: Vec<u8>,
    ) -> Result<Plate<'a>, String> {
        let mut names = names.to_owned();
        if self.edge.margin() > 0.0 {
            let around = content::written(self.edge.paint(sheet, ground));
            let around = around.map_err(|error| error.to_string())?;
            let form = self.edge.form(sheet, &names);
            let form = self.file.push_stream(form.as_bytes(), &around);
            names = format!("{names} /{AROUND} {form} 0 R");
        }
        let resources = format!("<< {} >>", self.faces.resources(&names));
        let resources = self.file.push(resources.as_bytes());
        Ok(Plate { sheet, ground, entries, resources })
    }

    /// Paints a page on its template, or on plain paper in mm. Any number of pages can be painted
    /// at a time.
    ///
    /// # Errors
    /// When it is not of the booklet's templates, or cannot be written.
    pub fn paint<'t>(
        &self,
        page: &Page,
        template: Option<&'t str>,
    ) -> Result<Leaf<'t>, RenderError> {
        let wrong = |message: String| RenderError {
            template: template.unwrap_or_default().to_owned(),
            message,
        };
        let plate = self.plates.get(&template);
        let plate = plate.ok_or_else(|| wrong("the booklet was begun without it".to_owned()))?;
        let margin = self.edge.margin() as f32;
        let mut ops = plate.ground.map(|ground| ground.paint(plate.sheet)).unwrap_or_default();
        if margin > 0.0 {
            let mut around = vec![operator("cm", &[1.0, 0.0, 0.0, 1.0, margin, margin])];
            around.extend(content::aside(content::show(AROUND)));
            // What a background has beyond its page must not cover its own bleed.
            around.extend(content::within(plate.sheet.whole(), ops));
            ops = around;
        }
        let ops = content::over(ops, page, plate.sheet, &self.faces, self.fonts);
        let content = content::written(ops).map_err(|error| wrong(error.to_string()))?;
        Ok(Leaf { template, content: packed(&content) })
    }

    /// Binds a page in, and writes what there is so far.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn bind(&mut self, leaf: &Leaf<'_>, out: &mut dyn Write) -> io::Result<()> {
        // It has been painted, on a template that there is.
        let Some(plate) = self.plates.get(&leaf.template) else { return Ok(()) };
        let content = self.file.push(&packed_stream(b"", &leaf.content));
        let resources = format!("{} 0 R", plate.resources);
        let mut page = page_entries(self.tree, content, &resources, plate.sheet, self.edge);
        page.extend_from_slice(&plate.entries);
        self.pages.push(self.file.push(&super::dictionary(&page)));
        self.file.hand_on(out)
    }

    /// Finishes it: bookmarks, destinations, and what it says of itself.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(
        mut self,
        contents: &Contents,
        metadata: &Metadata,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let kids: Vec<String> = self.pages.iter().map(|page| format!("{page} 0 R")).collect();
        let (kids, count) = (kids.join(" "), kids.len());
        let tree = format!("<< /Type /Pages /Kids [{kids}] /Count {count} >>");
        self.file.put(self.tree, tree.as_bytes());
        let outline = Outline { contents, pages: &self.pages };
        let mut entries = outline.write(&mut self.file);
        entries.extend(self.entries);
        let document = Document { metadata, pages: self.tree, entries };
        out.write_all(&document.finish(self.file).0)
    }
}
