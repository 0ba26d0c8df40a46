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

/// What TIFF's fields say of pictures.
const TIFF: &str = "http://ns.adobe.com/tiff/1.0/";

/// What is read of a packet: where it stands, and what it is.
const PROPERTIES: [(&str, &str); 14] = [
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
    (TIFF, "Orientation"),
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

/// What is read of a packet.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Packet {
    /// What it says; of one that is not of a certificate, what any file may say.
    pub says: Metadata,
    /// Whether it is of a certificate, or of a year of them.
    pub is_ours: bool,
    /// Whether it has the picture turned.
    pub is_turned: bool,
}

/// Reads a packet that is of a certificate or of a year of them; nothing when it is none, or
/// cannot be read.
pub(super) fn read(packet: &[u8]) -> Option<Metadata> {
    parse(packet).filter(|packet| packet.is_ours).map(|packet| packet.says)
}

/// Reads any packet; nothing when it is damaged, too large, or in another encoding than ours.
pub(super) fn parse(packet: &[u8]) -> Option<Packet> {
    // Such as UTF-16 has.
    if packet.len() > LARGEST || packet.contains(&0) {
        return None;
    }
    let said = said(std::str::from_utf8(packet).ok()?)?;
    // What is said twice, and not the same: all of it, since each is read by somebody.
    let text = |properties: &[Property]| {
        let all = properties.iter().filter_map(|property| said.get(property)).flatten();
        let mut distinct: Vec<&str> = Vec::new();
        for text in all {
            if !distinct.contains(&text.as_str()) {
                distinct.push(text);
            }
        }
        distinct.join(", ")
    };
    let turned = text(&[(TIFF, "Orientation")]);
    let says = Metadata {
        title: text(&[(DC, "title")]),
        number: text(&[(OWN, "number"), (DC, "identifier")]),
        award: text(&[(DC, "description")]),
        issuer: text(&[(OWN, "issuer"), (DC, "creator")]),
        url: text(&[(OWN, "url"), (DC, "source")]),
        ..Metadata::default()
    };
    let is_ours = said.keys().any(|(namespace, _)| *namespace == OWN);
    let is_turned = !matches!(turned.as_str(), "" | "1");
    if !is_ours {
        return Some(Packet { says, is_ours, is_turned });
    }
    let (year, date) = (text(&[(OWN, "year")]), text(&[(XMP, "CreateDate")]));
    let day = |date: &str| NaiveDate::parse_from_str(date.get(..10)?, "%Y-%m-%d").ok();
    let says = Metadata {
        name: text(&[(OWN, "name")]),
        category: text(&[(OWN, "category")]),
        year: if year.is_empty() { None } else { Some(year.parse().ok()?) },
        language: text(&[(DC, "language")]),
        date: if date.is_empty() { None } else { Some(date.split(", ").map(day).reduce(same)??) },
        ..says
    };
    Some(Packet { says, is_ours, is_turned })
}

/// The day that both are.
fn same(one: Option<NaiveDate>, other: Option<NaiveDate>) -> Option<NaiveDate> {
    one.filter(|_| one == other)
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

/// What is said of each property, in the order in which it is.
type Said = BTreeMap<Property, Vec<String>>;

/// What a packet says of each property, however often it does.
fn said(packet: &str) -> Option<Said> {
    let mut reader = NsReader::from_str(packet);
    let mut said = Said::new();
    let mut open: Option<Open> = None;
    loop {
        let event = reader.read_event().ok()?;
        if let Event::Start(element) | Event::Empty(element) = &event {
            attributes(element, &reader, &mut said)?;
        }
        let Some(inside) = &mut open else {
            match event {
                Event::Start(element) => {
                    let (namespace, _) = reader.resolver().resolve_element(element.name());
                    let property = property(&namespace, element.name());
                    open =
                        property.map(|property| Open { property, depth: 0, text: String::new() });
                }
                // It may say what any word stands for.
                Event::DocType(_) => return None,
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
                // Of several languages, each is read by somebody.
                add(&mut said, inside.property, &inside.text);
                inside.text.clear();
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

fn add(said: &mut Said, property: Property, text: &str) {
    let text = text.trim();
    if !text.is_empty() {
        said.entry(property).or_default().push(text.to_owned());
    }
}

/// Properties may as well be attributes, and some programs write them so. Nothing when one cannot
/// be read.
fn attributes(element: &BytesStart<'_>, reader: &NsReader<&[u8]>, said: &mut Said) -> Option<()> {
    // Whether one is there twice is not looked for: that takes long where there are many.
    for attribute in element.attributes().with_checks(false) {
        let attribute = attribute.ok()?;
        let (namespace, _) = reader.resolver().resolve_attribute(attribute.key);
        if let Some(property) = property(&namespace, attribute.key) {
            add(said, property, &quick_xml::escape::unescape(&attribute.value).ok()?);
        }
    }
    Some(())
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
        assert_eq!(shown, ("V1", "沈旭, no", "one, two", Some(2020)));
    }

    #[test]
    fn what_is_none_of_ours_or_damaged_says_nothing() {
        let ours = write(&metadata(), Format::Png);
        assert_eq!(read(ours.replace(OWN, "urn:other").as_bytes()), None);
        assert_eq!(read(ours.replace("</dc:title>", "</dc:tittle>").as_bytes()), None);
        assert_eq!(read(ours.replace("volunteer", "&volunteer;").as_bytes()), None);
        assert_eq!(read(&[ours.as_bytes(), &b" ".repeat(LARGEST)].concat()), None);
        assert_eq!(read(b"\xff\xfe"), None);
        let wide: Vec<u8> = ours.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(parse(&wide), None);
        assert_eq!(parse(format!("<!DOCTYPE x>{ours}").as_bytes()), None);
        for (from, to) in [(">2020<", ">MMXX<"), ("2021-02-01T", "1 February T")] {
            assert_eq!(parse(ours.replace(from, to).as_bytes()), None);
        }
        assert_eq!(read("<a>".repeat(LARGEST / 3).as_bytes()), None);
    }
}
