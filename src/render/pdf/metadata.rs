//! What a document says of itself: title, author, language, dates, and an identifier that
//! depends on its content alone.

use lopdf::{Dictionary, Document, Object, Stream, dictionary};
use sha2::{Digest, Sha256};

use crate::certificate::Certificate;
use crate::pdf_file::write_string;

/// What made the document.
const PRODUCER: &str = concat!("Accolade ", env!("CARGO_PKG_VERSION"));

/// Describes a certificate's document: in its information dictionary, in XMP, and in the
/// catalogue.
pub(super) fn describe(document: &mut Document, certificate: &Certificate) -> lopdf::Result<()> {
    let title = title(certificate);
    let date = certificate.date.format("D:%Y%m%d000000Z").to_string();
    let info = dictionary! {
        "Title" => text(&title),
        "Author" => text(&certificate.issuer),
        "Subject" => text(&certificate.title),
        "Producer" => text(PRODUCER),
        "CreationDate" => Object::string_literal(date.clone()),
        "ModDate" => Object::string_literal(date),
    };
    let info_id = document.trailer.get(b"Info")?.as_reference()?;
    document.set_object(info_id, info);
    let packet = Stream::new(
        dictionary! { "Type" => "Metadata", "Subtype" => "XML" },
        xmp(certificate, &title).into_bytes(),
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

/// `优秀志愿者 · 沈旭 · V20200001`, the number only where there is one.
fn title(certificate: &Certificate) -> String {
    let mut title = format!("{} · {}", certificate.title, certificate.name);
    if certificate.id != certificate.name {
        title.push_str(" · ");
        title.push_str(&certificate.id);
    }
    title
}

/// A text string: plain where ASCII says it all, else UTF-16.
fn text(text: &str) -> Object {
    lopdf::text_string(text)
}

fn xmp(certificate: &Certificate, title: &str) -> String {
    let date = certificate.date.format("%Y-%m-%dT00:00:00Z");
    let (title, issuer) = (escape(title), escape(&certificate.issuer));
    let (award, language) = (escape(&certificate.title), escape(&certificate.language));
    let (id, url) = (escape(&certificate.id), escape(&certificate.url));
    format!(
        r#"<?xpacket begin="{bom}" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{issuer}</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{award}</rdf:li></rdf:Alt></dc:description>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
<dc:identifier>{id}</dc:identifier>
<dc:source>{url}</dc:source>
<xmp:CreateDate>{date}</xmp:CreateDate>
<xmp:ModifyDate>{date}</xmp:ModifyDate>
<pdf:Producer>{PRODUCER}</pdf:Producer>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"#,
        bom = '\u{feff}',
    )
}

/// Text as XML holds it.
fn escape(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut escaped, c| {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            // XML 1.0 has no place for other controls.
            c if c.is_control() && !matches!(c, '\t' | '\n' | '\r') => escaped.push(' '),
            c => escaped.push(c),
        }
        escaped
    })
}
