//! The end of a document: what it says of itself, its catalogue, and an identifier that depends
//! on its content alone.

use sha2::Sha256;

use crate::certificate::Format;
use crate::pdf_file::{PdfFile, stream, write_text};
use crate::render::{Metadata, SOFTWARE, xmp};

/// What a document is.
pub(super) struct Document<'a> {
    /// What it says of itself.
    pub metadata: &'a Metadata,
    /// The number of its tree of pages.
    pub pages: u32,
    /// More entries of its catalogue, as they are to be written.
    pub entries: Vec<u8>,
}

impl Document<'_> {
    /// Finishes its file: in the information dictionary, in XMP and in the catalogue it says what
    /// it is. Gives back its bytes, or what is left of them, and the digest of all of it.
    pub fn finish(self, mut file: PdfFile) -> (Vec<u8>, Sha256) {
        let info = file.push(&self.information());
        let packet = xmp::write(self.metadata, Format::Pdf);
        // Plain, so that tools which know no PDF find it (ISO 16684-1).
        let packet = file.push(&stream(b"/Type /Metadata /Subtype /XML", packet.as_bytes()));
        let mut catalog = format!(
            "<< /Type /Catalog /Pages {} 0 R /Metadata {packet} 0 R /PageLayout /SinglePage \
             /ViewerPreferences << /DisplayDocTitle true >> /Lang ",
            self.pages
        )
        .into_bytes();
        write_text(&self.metadata.language, &mut catalog);
        catalog.push(b' ');
        catalog.extend(self.entries);
        catalog.extend(b">>");
        let catalog = file.push(&catalog);
        let id = file.identifier();
        file.finish(&format!("/Root {catalog} 0 R /Info {info} 0 R /ID [{id} {id}]"))
    }

    fn information(&self) -> Vec<u8> {
        let Metadata { title, issuer, award, date, .. } = self.metadata;
        let date = date.map(|date| date.format("D:%Y%m%d000000Z").to_string()).unwrap_or_default();
        let mut info = b"<< ".to_vec();
        for (key, text) in [
            ("Title", title.as_str()),
            ("Author", issuer),
            ("Subject", award),
            ("Producer", SOFTWARE),
            ("CreationDate", &date),
            ("ModDate", &date),
        ] {
            if !text.is_empty() {
                info.extend(format!("/{key} ").bytes());
                write_text(text, &mut info);
                info.push(b' ');
            }
        }
        info.extend(b">>");
        info
    }
}
