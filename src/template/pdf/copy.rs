//! Objects taken over from a stranger's PDF, numbered anew, and every number in them as exact
//! as it was.

use std::collections::{HashMap, VecDeque};

use hayro::hayro_syntax::object::{Dict, MaybeRef, ObjRef, Object, ObjectIdentifier};
use hayro::hayro_syntax::xref::XRef;

use super::limits;
use crate::pdf_file::{PdfFile, stream, write_name, write_string};

/// The most objects a page may be made of.
const MOST_OBJECTS: usize = 50_000;

/// How deep arrays and dictionaries may lie in each other.
const DEEPEST: usize = 100;

/// Copies what has been written, and all that it refers to.
#[derive(Default)]
pub(super) struct Copier {
    numbers: HashMap<ObjRef, u32>,
    waiting: VecDeque<ObjRef>,
}

impl Copier {
    /// An object as it is to be written; what it refers to waits to be copied.
    pub fn write(&mut self, object: &MaybeRef<Object>) -> Result<Vec<u8>, String> {
        let mut out = Vec::new();
        self.value(object, 0, &mut out)?;
        Ok(out)
    }

    /// Copies everything that waits, and what that refers to in turn.
    pub fn copy(mut self, source: &XRef) -> Result<PdfFile, String> {
        let mut file = PdfFile::default();
        while let Some(reference) = self.waiting.pop_front() {
            let object = source.get::<Object>(ObjectIdentifier::from(reference));
            let bytes = match object {
                // What is not there counts as null (ISO 32000-1, 7.3.10).
                None => b"null".to_vec(),
                Some(Object::Stream(found)) => {
                    limits::check_stream(&found)?;
                    let mut entries = Vec::new();
                    self.entries(found.dict(), 0, &mut entries)?;
                    stream(&entries, &found.raw_data())
                }
                Some(object) => self.write(&MaybeRef::NotRef(object))?,
            };
            file.push(&bytes);
            if self.numbers.len() > MOST_OBJECTS {
                return Err(format!("its page is made of more than {MOST_OBJECTS} objects"));
            }
        }
        Ok(file)
    }

    fn value(
        &mut self,
        value: &MaybeRef<Object>,
        depth: usize,
        out: &mut Vec<u8>,
    ) -> Result<(), String> {
        let object = match value {
            MaybeRef::Ref(reference) => {
                out.extend_from_slice(format!("{} 0 R", self.number(*reference)).as_bytes());
                return Ok(());
            }
            MaybeRef::NotRef(object) => object,
        };
        if depth > DEEPEST {
            return Err("its objects lie too deep in each other".to_owned());
        }
        match object {
            Object::Boolean(value) => out.extend_from_slice(value.to_string().as_bytes()),
            Object::Number(number) => {
                // Both kinds of number read the same without a point.
                out.extend_from_slice(number.as_f64().to_string().as_bytes());
            }
            Object::String(string) => write_string(string.as_bytes(), out),
            Object::Name(name) => write_name(name, out),
            Object::Dict(dictionary) => {
                out.extend_from_slice(b"<< ");
                self.entries(dictionary, depth, out)?;
                out.extend_from_slice(b" >>");
            }
            Object::Array(array) => {
                out.push(b'[');
                for item in array.raw_iter() {
                    out.push(b' ');
                    self.value(&item, depth + 1, out)?;
                }
                out.extend_from_slice(b" ]");
            }
            // A stream can only be referred to.
            Object::Null(_) | Object::Stream(_) => out.extend_from_slice(b"null"),
        }
        Ok(())
    }

    /// The entries of a dictionary, but for a stream's length, which is counted anew, and for
    /// what leads back to the rest of the document.
    fn entries(
        &mut self,
        dictionary: &Dict,
        depth: usize,
        out: &mut Vec<u8>,
    ) -> Result<(), String> {
        for (name, value) in dictionary.entries() {
            if [&b"Length"[..], b"Parent", b"PieceInfo", b"Metadata"].contains(&name.as_ref()) {
                continue;
            }
            write_name(&name, out);
            out.push(b' ');
            self.value(&value, depth + 1, out)?;
            out.push(b' ');
        }
        Ok(())
    }

    /// The new number of an object.
    fn number(&mut self, reference: ObjRef) -> u32 {
        let next = self.numbers.len() as u32 + 1;
        *self.numbers.entry(reference).or_insert_with(|| {
            self.waiting.push_back(reference);
            next
        })
    }
}
