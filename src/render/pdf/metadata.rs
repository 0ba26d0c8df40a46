//! What a document says of itself: title, author, language, dates, and an identifier that
//! depends on its content alone.

use lopdf::{Dictionary, Document, Object, Stream, dictionary};
use sha2::{Digest, Sha256};

use crate::certificate::{Certificate, Format};
use crate::pdf_file::write_string;
use crate::render::{Metadata, SOFTWARE, xmp};

/// Describes a certificate's document: in its information dictionary, in XMP, and in the
/// catalogue.
pub(super) fn describe(document: &mut Document, certificate: &Certificate) -> lopdf::Result<()> {
    let metadata = Metadata::of(certificate);
    let date = certificate.date.format("D:%Y%m%d000000Z").to_string();
    let info = dictionary! {
        "Title" => text(&metadata.title),
        "Author" => text(&certificate.issuer),
        "Subject" => text(&certificate.title),
        "Producer" => text(SOFTWARE),
        "CreationDate" => Object::string_literal(date.clone()),
        "ModDate" => Object::string_literal(date),
    };
    let info_id = document.trailer.get(b"Info")?.as_reference()?;
    document.set_object(info_id, info);
    let packet = Stream::new(
        dictionary! { "Type" => "Metadata", "Subtype" => "XML" },
        xmp::write(&metadata, Format::Pdf).into_bytes(),
    )
    // Plain, so that tools which know no PDF find it (ISO 16684-1).
    .with_compression(false);
    let packet = document.add_object(packet);
    let catalog = document.catalog_mut()?;
    catalog.set("Metadata", Object::Reference(packet));
    catalog.set("Lang", text(&certificate.language));
    catalog.set("PageLayout", "SinglePage");
    catalog.set(
        "ViewerPreferences",
        Dictionary::from_iter([("DisplayDocTitle", Object::Boolean(true))]),
    );
    Ok(())
}

/// A file's identifier: a digest of all its objects, as it is to be written.
pub(super) fn identifier(objects: &[u8]) -> String {
    let mut id = Vec::new();
    write_string(&Sha256::digest(objects)[..16], &mut id);
    id.iter().copied().map(char::from).collect()
}

/// A text string: plain where ASCII says it all, else UTF-16.
fn text(text: &str) -> Object {
    lopdf::text_string(text)
}
