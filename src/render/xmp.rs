//! The packet of XMP (ISO 16684-1) by which PNG and PDF alike say what they are: written, and
//! read again whoever has rewritten it.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::name::{Namespace, QName, ResolveResult};
use quick_xml::reader::NsReader;

use super::{Metadata, SOFTWARE};
use crate::certificate::Format;

/// How a packet begins; programs that know no format look for this.
pub(super) const BEGIN: &[u8] = b"<?xpacket begin";

/// How a packet ends.
pub(super) const END: &[u8] = b"<?xpacket end";

/// The largest packet that is read, in bytes: ours are a tenth of it. It cannot nest deeper than
/// the reader counts.
pub(super) const LARGEST: usize = 128 << 10;

/// The namespace of what only certificates have.
const OWN: &str = "urn:accolade:certificate:1";
/// Dublin Core.
const DC: &str = "http://purl.org/dc/elements/1.1/";
/// What XMP itself says of files.
const XMP: &str = "http://ns.adobe.com/xap/1.0/";

/// What is read of a packet: where it stands, and what it is.
const PROPERTIES: [(&str, &str); 13] = [
    (OWN, "number"),
    (OWN, "name"),
    (OWN, "category"),
    (OWN, "year"),
    (OWN, "issuer"),
    (OWN, "url"),
    (DC, "title"),
    (DC, "description"),
    (DC, "language"),
    (DC, "identifier"),
    (DC, "creator"),
    (DC, "source"),
    (XMP, "CreateDate"),
];

/// Writes the packet of a file in this format.
#[must_use]
pub fn write(metadata: &Metadata, format: Format) -> String {
    let kind = match format {
        Format::Png => "image/png",
        Format::Pdf => "application/pdf",
    };
    let list = |kind: &str, attribute: &str, text: &str| {
        format!("<rdf:{kind}><rdf:li{attribute}>{}</rdf:li></rdf:{kind}>", escape(text))
    };
    let in_words = |text: &str| list("Alt", " xml:lang=\"x-default\"", text);
    let date = metadata.date.map(|date| date.format("%Y-%m-%dT00:00:00Z").to_string());
    let date = date.unwrap_or_default();
    let year = metadata.year.map(|year| year.to_string()).unwrap_or_default();
    let plain = [
        ("dc:identifier", &metadata.number),
        ("dc:source", &metadata.url),
        ("xmp:CreateDate", &date),
        ("xmp:ModifyDate", &date),
        ("accolade:number", &metadata.number),
        ("accolade:name", &metadata.name),
        ("accolade:category", &metadata.category),
        ("accolade:year", &year),
        ("accolade:issuer", &metadata.issuer),
        ("accolade:url", &metadata.url),
    ];
    let mut properties = vec![
        ("dc:format", kind.to_owned()),
        ("dc:title", in_words(&metadata.title)),
        ("dc:creator", list("Seq", "", &metadata.issuer)),
    ];
    if !metadata.award.is_empty() {
        properties.push(("dc:description", in_words(&metadata.award)));
    }
    properties.push(("dc:language", list("Bag", "", &metadata.language)));
    let said = plain.into_iter().filter(|(_, text)| !text.is_empty());
    properties.extend(said.map(|(name, text)| (name, escape(text))));
    properties.push(match format {
        Format::Png => ("xmp:CreatorTool", SOFTWARE.to_owned()),
        Format::Pdf => ("pdf:Producer", SOFTWARE.to_owned()),
    });
    let lines = properties.iter().map(|(name, value)| format!("<{name}>{value}</{name}>\n"));
    let properties = lines.collect::<Vec<_>>().concat();
    format!(
        r#"<?xpacket begin="{bom}" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="{DC}" xmlns:xmp="{XMP}" xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:accolade="{OWN}">
{properties}</rdf:Description>
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
            // XML 1.0 has no place for other controls, nor for two that are no characters.
            c if c.is_control() && !matches!(c, '\t' | '\n' | '\r') => escaped.push(' '),
            '\u{fffe}' | '\u{ffff}' => escaped.push(' '),
            c => escaped.push(c),
        }
        escaped
    })
}

/// Reads a packet; nothing when it is damaged, too large, or says nothing of a certificate or of
/// a year of them.
pub(super) fn read(packet: &[u8]) -> Option<Metadata> {
    if packet.len() > LARGEST {
        return None;
    }
    let said = said(std::str::from_utf8(packet).ok()?)?;
    if !said.keys().any(|(namespace, _)| *namespace == OWN) {
        return None;
    }
    let text = |property| said.get(&property).cloned().unwrap_or_default();
    // What is said twice, so that programs know it which know no certificates, and not the same:
    // both, since each of them is read by somebody.
    let both = |own: Property, other: Property| match (text(own), text(other)) {
        (own, other) if own == other || other.is_empty() => own,
        (own, other) if own.is_empty() => other,
        (own, other) => format!("{own}, {other}"),
    };
    let date = text((XMP, "CreateDate"));
    Some(Metadata {
        title: text((DC, "title")),
        number: both((OWN, "number"), (DC, "identifier")),
        name: text((OWN, "name")),
        award: text((DC, "description")),
        category: text((OWN, "category")),
        year: text((OWN, "year")).parse().ok(),
        issuer: both((OWN, "issuer"), (DC, "creator")),
        language: text((DC, "language")),
        url: both((OWN, "url"), (DC, "source")),
        date: date.get(..10).and_then(|day| NaiveDate::parse_from_str(day, "%Y-%m-%d").ok()),
    })
}

/// A property's namespace and name.
type Property = (&'static str, &'static str);

/// A property whose element is open.
struct Open {
    property: Property,
    /// How many elements are open in it.
    depth: usize,
    text: String,
}

/// What a packet says of each property, the first time it does.
fn said(packet: &str) -> Option<BTreeMap<Property, String>> {
    let mut reader = NsReader::from_str(packet);
    let mut said = BTreeMap::new();
    let mut open: Option<Open> = None;
    loop {
        let event = reader.read_event().ok()?;
        let Some(inside) = &mut open else {
            match event {
                Event::Start(element) => {
                    attributes(&element, &reader, &mut said);
                    let (namespace, _) = reader.resolver().resolve_element(element.name());
                    let property = property(&namespace, element.name());
                    open =
                        property.map(|property| Open { property, depth: 0, text: String::new() });
                }
                Event::Empty(element) => attributes(&element, &reader, &mut said),
                Event::Eof => return Some(said),
                _ => {}
            }
            continue;
        };
        match event {
            Event::Start(_) => inside.depth += 1,
            Event::Text(part) => inside.text.push_str(&part.xml10_content()),
            Event::CData(part) => inside.text.push_str(&part.xml10_content()),
            Event::GeneralRef(reference) => inside.text.push(character(&reference)?),
            Event::End(_) => {
                // Of several languages, the first is the default one.
                let text = inside.text.trim();
                if !text.is_empty() {
                    said.entry(inside.property).or_insert_with(|| text.to_owned());
                }
                match inside.depth.checked_sub(1) {
                    Some(depth) => inside.depth = depth,
                    None => open = None,
                }
            }
            Event::Eof => return None,
            _ => {}
        }
    }
}

/// Properties may as well be attributes, and some programs write them so.
fn attributes(
    element: &BytesStart<'_>,
    reader: &NsReader<&[u8]>,
    said: &mut BTreeMap<Property, String>,
) {
    // Whether one is there twice is not looked for: that takes long where there are many.
    for attribute in element.attributes().with_checks(false).flatten() {
        let (namespace, _) = reader.resolver().resolve_attribute(attribute.key);
        if let Some(property) = property(&namespace, attribute.key)
            && let Ok(value) = quick_xml::escape::unescape(&attribute.value)
            && !value.trim().is_empty()
        {
            said.entry(property).or_insert_with(|| value.trim().to_owned());
        }
    }
}

fn property(namespace: &ResolveResult<'_>, name: QName<'_>) -> Option<Property> {
    let ResolveResult::Bound(Namespace(namespace)) = namespace else { return None };
    let name = name.local_name().into_inner();
    PROPERTIES.into_iter().find(|known| *known == (namespace, name))
}

fn character(reference: &BytesRef<'_>) -> Option<char> {
    match reference.resolve_char_ref() {
        Ok(Some(character)) => Some(character),
        // What XML itself has no name for, a packet has none for either.
        Ok(None) => resolve_xml_entity(&reference.xml10_content())?.chars().next(),
        Err(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metadata() -> Metadata {
        Metadata {
            title: "优秀志愿者 · <A&B> · V20200001".to_owned(),
            number: "V20200001".to_owned(),
            name: "<A & \"B\">".to_owned(),
            award: "优秀志愿者".to_owned(),
            category: "volunteer".to_owned(),
            year: Some(2020),
            issuer: "云原生社区".to_owned(),
            language: "zh-CN".to_owned(),
            url: "https://example.org/?a=1&b=2".to_owned(),
            date: NaiveDate::from_ymd_opt(2021, 2, 1),
        }
    }

    #[test]
    fn what_is_written_is_read() {
        for format in [Format::Png, Format::Pdf] {
            assert_eq!(read(write(&metadata(), format).as_bytes()), Some(metadata()));
        }
        let year = Metadata {
            number: String::new(),
            name: String::new(),
            award: String::new(),
            category: String::new(),
            ..metadata()
        };
        assert_eq!(read(write(&year, Format::Pdf).as_bytes()), Some(year));
    }

    #[test]
    fn attributes_other_prefixes_and_more_languages_are_read_alike() {
        let packet = r#"<x xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
            xmlns:a="urn:accolade:certificate:1" xmlns:d="http://purl.org/dc/elements/1.1/">
            <r:Description a:number="V1" a:year="2020" a:name=" &#x6c88;旭 "><a:name>no</a:name>
            <d:title><r:Alt><r:li>one</r:li><r:li>two</r:li></r:Alt></d:title>
            <other:title xmlns:other="urn:other">no</other:title></r:Description></x>"#;
        let read = read(packet.as_bytes()).unwrap();
        let shown = (read.number.as_str(), read.name.as_str(), read.title.as_str(), read.year);
        assert_eq!(shown, ("V1", "沈旭", "one", Some(2020)));
    }

    #[test]
    fn what_is_none_of_ours_or_damaged_says_nothing() {
        let ours = write(&metadata(), Format::Png);
        assert_eq!(read(ours.replace(OWN, "urn:other").as_bytes()), None);
        assert_eq!(read(ours.replace("</dc:title>", "</dc:tittle>").as_bytes()), None);
        assert_eq!(read(ours.replace("volunteer", "&volunteer;").as_bytes()), None);
        assert_eq!(read(&[ours.as_bytes(), &b" ".repeat(LARGEST)].concat()), None);
        assert_eq!(read(b"\xff\xfe"), None);
        assert_eq!(read("<a>".repeat(LARGEST / 3).as_bytes()), None);
    }
}
