//! The objects of a lopdf document written into a file, behind those that are there.

use lopdf::{Dictionary, Document, Object, StringFormat};

use crate::pdf_file::{PdfFile, stream, write_name, write_string};

/// Numbers a document's objects so that they can follow those of a file.
pub(super) fn renumber(document: &mut Document, file: &PdfFile) {
    document.prune_objects();
    document.renumber_objects_with(file.next());
}

/// Writes the objects of a document that has been [renumbered](renumber) for the file.
pub(super) fn append(document: &Document, file: &mut PdfFile) {
    for object in document.objects.values() {
        match object {
            Object::Stream(found) => {
                let mut entries = Vec::new();
                write_entries(&found.dict, &mut entries);
                file.push(&stream(&entries, &found.content));
            }
            other => {
                file.push(&written(other));
            }
        }
    }
}

/// An object as it is to be written.
pub(super) fn written(object: &Object) -> Vec<u8> {
    let mut out = Vec::new();
    write(object, &mut out);
    out
}

fn write(object: &Object, out: &mut Vec<u8>) {
    match object {
        Object::Boolean(value) => out.extend_from_slice(value.to_string().as_bytes()),
        Object::Integer(number) => out.extend_from_slice(number.to_string().as_bytes()),
        Object::Real(number) => out.extend_from_slice(number.to_string().as_bytes()),
        Object::Name(name) => write_name(name, out),
        Object::String(string, StringFormat::Literal | StringFormat::Hexadecimal) => {
            write_string(string, out);
        }
        Object::Array(items) => {
            out.push(b'[');
            for item in items {
                out.push(b' ');
                write(item, out);
            }
            out.extend_from_slice(b" ]");
        }
        Object::Dictionary(dictionary) => {
            out.extend_from_slice(b"<< ");
            write_entries(dictionary, out);
            out.extend_from_slice(b">>");
        }
        Object::Reference((number, generation)) => {
            out.extend_from_slice(format!("{number} {generation} R").as_bytes());
        }
        // A stream can only be referred to.
        Object::Null | Object::Stream(_) => out.extend_from_slice(b"null"),
    }
}

/// Entries in alphabetical order, since the libraries keep none; but for a stream's length,
/// which is counted anew.
fn write_entries(dictionary: &Dictionary, out: &mut Vec<u8>) {
    let mut entries: Vec<_> =
        dictionary.iter().filter(|(name, _)| name.as_slice() != b"Length").collect();
    entries.sort_by_key(|(name, _)| *name);
    for (name, value) in entries {
        write_name(name, out);
        out.push(b' ');
        write(value, out);
        out.push(b' ');
    }
}
