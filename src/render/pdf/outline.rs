//! The ways into a booklet: bookmarks (ISO 32000-1, 12.3.3), and destinations by number (12.3.2.3).

use std::collections::BTreeMap;

use crate::pdf_file::{PdfFile, text_string, write_string, write_text};

/// What a booklet has, page by page.
#[derive(Debug, Clone, Default)]
pub struct Contents {
    /// What it is called.
    pub title: String,
    /// Its parts, in order.
    pub sections: Vec<Section>,
    /// What the index is called.
    pub index: String,
    /// How many pages of index follow on them.
    pub index_pages: usize,
}

/// The certificates of a category.
#[derive(Debug, Clone)]
pub struct Section {
    /// The category's key.
    pub key: String,
    /// What it is called.
    pub title: String,
    /// A certificate a page.
    pub entries: Vec<Entry>,
}

/// A certificate.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Its number, or the name where its category is not numbered.
    pub id: String,
    /// Whose it is.
    pub name: String,
}

impl Entry {
    /// `沈旭 · V20200001`, the number only where there is one.
    fn title(&self) -> String {
        if self.id == self.name {
            self.name.clone()
        } else {
            format!("{} · {}", self.name, self.id)
        }
    }
}

/// The contents of a booklet on their way into its file.
pub(super) struct Outline<'a> {
    pub contents: &'a Contents,
    /// The numbers of its pages.
    pub pages: &'a [u32],
}

/// A bookmark: its title, its page, and the bookmarks below it.
struct Bookmark {
    title: String,
    page: usize,
    below: Vec<Bookmark>,
}

impl Outline<'_> {
    /// Writes them; gives back what the catalogue says of them.
    pub fn write(&self, file: &mut PdfFile) -> Vec<u8> {
        let bookmarks = self.bookmarks();
        let root = file.reserve();
        let (first, last) = self.level(&bookmarks, root, file);
        let count = bookmarks.len();
        let outlines =
            format!("<< /Type /Outlines /First {first} 0 R /Last {last} 0 R /Count {count} >>");
        file.put(root, outlines.as_bytes());
        let names = file.push(&self.destinations());
        format!("/PageMode /UseOutlines /Outlines {root} 0 R /Names << /Dests {names} 0 R >> ")
            .into_bytes()
    }

    fn bookmarks(&self) -> Vec<Bookmark> {
        let mut pages = 0..;
        let mut bookmarks = Vec::new();
        for Section { title, entries, .. } in &self.contents.sections {
            let below: Vec<Bookmark> = entries
                .iter()
                .zip(&mut pages)
                .map(|(entry, page)| Bookmark { title: entry.title(), page, below: Vec::new() })
                .collect();
            let page = below.first().map_or(0, |first| first.page);
            bookmarks.push(Bookmark { title: title.clone(), page, below });
        }
        if self.contents.index_pages > 0 {
            let title = self.contents.index.clone();
            let page = self.pages.len().saturating_sub(self.contents.index_pages);
            bookmarks.push(Bookmark { title, page, below: Vec::new() });
        }
        bookmarks
    }

    /// Writes bookmarks and those below them, which are folded; gives back the numbers of the
    /// first and the last.
    fn level(&self, bookmarks: &[Bookmark], parent: u32, file: &mut PdfFile) -> (u32, u32) {
        let numbers: Vec<u32> = bookmarks.iter().map(|_| file.reserve()).collect();
        for (place, (bookmark, number)) in bookmarks.iter().zip(&numbers).enumerate() {
            let mut object = b"<< /Title ".to_vec();
            write_text(&bookmark.title, &mut object);
            let mut add = |entry: String| object.extend(entry.into_bytes());
            add(format!(" /Parent {parent} 0 R /Dest {}", self.destination(bookmark.page)));
            if let Some(before) = place.checked_sub(1).and_then(|place| numbers.get(place)) {
                add(format!(" /Prev {before} 0 R"));
            }
            if let Some(after) = numbers.get(place + 1) {
                add(format!(" /Next {after} 0 R"));
            }
            if !bookmark.below.is_empty() {
                let (first, last) = self.level(&bookmark.below, *number, file);
                let count = bookmark.below.len();
                add(format!(" /First {first} 0 R /Last {last} 0 R /Count -{count}"));
            }
            add(" >>".to_owned());
            file.put(*number, &object);
        }
        (numbers.first().copied().unwrap_or_default(), numbers.last().copied().unwrap_or_default())
    }

    /// A destination for every certificate, sorted as a name tree is (7.9.6): by its number, and
    /// where two people of one name have none, by category and name for the second.
    fn destinations(&self) -> Vec<u8> {
        let mut names = BTreeMap::new();
        let sections = self.contents.sections.iter();
        let entries =
            sections.flat_map(|section| section.entries.iter().map(move |e| (section, e)));
        for (page, (section, entry)) in entries.enumerate() {
            let mut name = text_string(&entry.id);
            if names.contains_key(&name) {
                name = text_string(&format!("{}/{}", section.key, entry.id));
            }
            names.entry(name).or_insert(page);
        }
        let mut object = b"<< /Names [".to_vec();
        for (name, page) in names {
            write_string(&name, &mut object);
            object.extend(format!(" {} ", self.destination(page)).into_bytes());
        }
        object.extend(b"] >>");
        object
    }

    /// A whole page as a destination.
    fn destination(&self, page: usize) -> String {
        let page = self.pages.get(page).copied().unwrap_or_default();
        format!("[{page} 0 R /Fit]")
    }
}
