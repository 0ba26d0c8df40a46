//! How much work a page makes for those who draw it: forms, patterns and masks may show each
//! other, each twice the one before, and a file of a few lines would keep everyone busy for
//! years.

use std::collections::HashMap;

use hayro::hayro_syntax::content::TypedIter;
use hayro::hayro_syntax::content::ops::TypedInstruction;
use hayro::hayro_syntax::object::{Dict, Name, ObjRef, Stream};
use hayro::hayro_syntax::page::{Page, Resources};

/// The most forms, patterns and masks that a page may show, each as often as it is shown.
const MOST: u64 = 100_000;

/// How deep they may lie in each other.
const DEEPEST: usize = 24;

/// Refuses a page that would make too much work.
pub(super) fn check(page: &Page) -> Result<(), String> {
    let content = page.page_stream().unwrap_or_default();
    Work::default().shown(content, page.resources(), 0).map(drop)
}

#[derive(Default)]
struct Work {
    /// How much each form shows; nothing yet for one that is being looked at.
    known: HashMap<ObjRef, u64>,
}

impl Work {
    /// How much a content stream shows, itself included.
    fn shown(&mut self, content: &[u8], from: &Resources, depth: usize) -> Result<u64, String> {
        if depth > DEEPEST {
            return Err("its drawings lie too deep in each other".to_owned());
        }
        let mut shown = 1;
        let mut instructions = TypedIter::new(content);
        while let Some(instruction) = instructions.next() {
            let named = match &instruction {
                TypedInstruction::XObject(object) => Some((&from.x_objects, object.0)),
                TypedInstruction::StrokeColorNamed(color) => {
                    color.1.map(|name| (&from.patterns, name))
                }
                TypedInstruction::NonStrokeColorNamed(color) => {
                    color.1.map(|name| (&from.patterns, name))
                }
                TypedInstruction::SetGraphicsState(state) => {
                    let state = from.ext_g_states.get::<Dict>(&**state.0);
                    if let Some(mask) = state.and_then(|state| state.get::<Dict>("SMask")) {
                        shown += self.form(&mask, b"G", from, depth)?;
                    }
                    None
                }
                _ => None,
            };
            if let Some((objects, name)) = named {
                let name: &Name = name;
                shown += self.form(objects, name, from, depth)?;
            }
            if shown > MOST {
                return Err(format!("it shows more than {MOST} drawings within each other"));
            }
        }
        Ok(shown)
    }

    /// How much a form or pattern shows, which stands in a dictionary under a name. One without
    /// resources of its own uses those it is shown from.
    fn form(
        &mut self,
        objects: &Dict,
        name: &[u8],
        from: &Resources,
        depth: usize,
    ) -> Result<u64, String> {
        let Some(form) = objects.get::<Stream>(name) else { return Ok(0) };
        let is_image = form.dict().get::<Name>("Subtype").is_some_and(|kind| *kind == *b"Image");
        if is_image {
            return Ok(1);
        }
        let reference = objects.get_ref(name);
        if let Some(known) = reference.and_then(|reference| self.known.get(&reference)) {
            return Ok(*known);
        }
        if let Some(reference) = reference {
            self.known.insert(reference, 0);
        }
        let content = form.decoded().unwrap_or_default();
        let shown = match form.dict().get::<Dict>("Resources") {
            Some(own) => self.shown(&content, &Resources::new(own), depth + 1)?,
            None => self.shown(&content, from, depth + 1)?,
        };
        if let Some(reference) = reference {
            self.known.insert(reference, shown);
        }
        Ok(shown)
    }
}
