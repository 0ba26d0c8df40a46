//! A page with an honour roll on it: what stands between its markers is ours, what stands around
//! them is the community's.

use std::path::Path;

use super::HonorRollError;
use super::link::Base;
use super::people::Roll;
use crate::disk;
use crate::issuer::Issuer;
use crate::register::Register;

/// The line above which nothing is ours; it may keep a base too.
pub const BEGIN: &str = "<!-- accolade honor-roll begin -->";
/// How it begins, with a base or without one.
const BEGIN_START: &str = "<!-- accolade honor-roll begin";
/// The line below which nothing is ours.
pub const END: &str = "<!-- accolade honor-roll end -->";

/// The largest page that is read, in bytes: a million people stand on less.
const LARGEST: u64 = 512 << 20;

/// A page that an honour roll is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Where it lies below the issuer's folder, parted by `/`.
    pub path: String,
    /// Who stands on it.
    pub roll: Roll,
    /// Whether it is of one category, or of the whole year.
    pub of_category: bool,
}

/// How a page stands to its roll.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It is not there; this would be the whole of it.
    Missing(String),
    /// There is nothing to be done.
    Current,
    /// Somebody has come or gone: this is what it should be.
    Stale(String),
    /// It has no markers. Between them this would stand, markers and all.
    Unmarked(String),
}

/// The pages of a year's roll, or the one of a category: those of accolade.toml.
///
/// # Errors
/// When nobody has had a certificate.
pub fn pages(
    register: &Register,
    issuer: &Issuer,
    year: u16,
    category: Option<&str>,
) -> Result<Vec<Page>, HonorRollError> {
    let roll = Roll::of(register, issuer, year, category)?;
    let places = &issuer.honor_roll;
    let of_category = roll.sections.iter().map(|section| Page {
        path: places.page(year, &section.category),
        roll: Roll { sections: vec![section.clone()], ..roll.clone() },
        of_category: true,
    });
    let mut pages: Vec<Page> = of_category.collect();
    if let (None, Some(path)) = (category, places.combined(year)) {
        pages.push(Page { path, roll, of_category: false });
    }
    Ok(pages)
}

impl Page {
    /// Looks at the page in the issuer's folder. Its links begin with `base`; where that is not
    /// said, with the base they have begun with so far, which the page's marker keeps.
    ///
    /// # Errors
    /// When it cannot be read, or its markers are not a pair.
    pub fn standing(&self, folder: &Path, base: Option<&Base>) -> Result<Standing, HonorRollError> {
        let there = match disk::read_text(&folder.join(&self.path), LARGEST) {
            Err(error) if error.is_missing() => None,
            text => Some(text?),
        };
        let wanted = base.cloned().unwrap_or_default();
        let Some(text) = there else {
            if self.roll.sections.iter().all(|section| section.people.is_empty()) {
                return Ok(Standing::Current);
            }
            let heading = self.roll.markdown_heading(self.of_category);
            return Ok(Standing::Missing(format!("{heading}\n{}", self.marked(&wanted))));
        };
        let Some(parts) = Parts::of(&text).map_err(|message| self.markers(message))? else {
            return Ok(Standing::Unmarked(self.marked(&wanted)));
        };
        let kept = parts.base().map_err(|message| self.markers(message))?;
        let mut ours = self.marked(base.unwrap_or(&kept));
        if parts.begin.ends_with("\r\n") {
            ours = ours.replace('\n', "\r\n");
        }
        if !parts.end.ends_with('\n') {
            ours.truncate(ours.trim_end().len());
        }
        let new = format!("{}{ours}{}", parts.before, parts.after);
        Ok(if new == text { Standing::Current } else { Standing::Stale(new) })
    }

    /// Writes the page.
    ///
    /// # Errors
    /// When it is a link, or cannot be written.
    pub fn write(&self, folder: &Path, text: &str) -> Result<(), HonorRollError> {
        let file = folder.join(&self.path);
        if file.is_symlink() {
            return Err(HonorRollError::Linked(self.path.clone()));
        }
        Ok(disk::write_whole(&file, text.as_bytes())?)
    }

    /// The roll between its markers.
    fn marked(&self, base: &Base) -> String {
        let body = self.roll.markdown_body(self.of_category, &self.path, base);
        let begin = match base {
            Base::Page => BEGIN.to_owned(),
            Base::Address(address) => format!("{BEGIN_START} base=\"{address}\" -->"),
        };
        format!("{begin}\n\n{body}\n{END}\n")
    }

    fn markers(&self, message: String) -> HonorRollError {
        HonorRollError::Markers { path: self.path.clone(), message }
    }
}

/// A page, taken apart at its markers.
struct Parts<'a> {
    before: &'a str,
    /// The line of the first marker.
    begin: &'a str,
    /// The line of the second.
    end: &'a str,
    after: &'a str,
}

impl<'a> Parts<'a> {
    /// Nothing where there are no markers.
    fn of(text: &'a str) -> Result<Option<Self>, String> {
        let mut begins = Vec::new();
        let mut ends = Vec::new();
        // Some editors mark a text as UTF-8 by what is no part of its first line.
        let lines = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut at = text.len() - lines.len();
        for (index, line) in lines.split_inclusive('\n').enumerate() {
            let marker = if line.trim() == END {
                Some(&mut ends)
            } else if line.trim().starts_with(BEGIN_START) {
                Some(&mut begins)
            } else {
                None
            };
            if let Some(marker) = marker {
                marker.push((index + 1, at, line));
            }
            at += line.len();
        }
        match (begins.as_slice(), ends.as_slice()) {
            ([], []) => Ok(None),
            ([(_, from, begin)], [(_, to, end)]) if from < to => Ok(Some(Self {
                before: &text[..*from],
                begin,
                end,
                after: &text[to + end.len()..],
            })),
            ([_, (line, ..), ..], _) | ([_], [_, (line, ..), ..]) => {
                Err(format!("line {line} is a second marker of its kind; one pair is enough"))
            }
            ([(line, ..)], _) => Err(format!("below line {line} the marker {END} is missing")),
            ([], [(line, ..), ..]) => {
                Err(format!("above line {line} the marker {BEGIN} is missing"))
            }
        }
    }

    /// What links begin with, as the first marker keeps it.
    fn base(&self) -> Result<Base, String> {
        let strange = || format!("{} is no marker of ours", self.begin.trim());
        let inside =
            self.begin.trim().strip_prefix(BEGIN_START).and_then(|rest| rest.strip_suffix("-->"));
        let inside = inside.ok_or_else(strange)?.trim();
        if inside.is_empty() {
            return Ok(Base::Page);
        }
        let address = inside.strip_prefix("base=\"").and_then(|rest| rest.strip_suffix('"'));
        address.ok_or_else(strange)?.parse().map_err(|fault| format!("its base: {fault}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers_are_one_pair_in_order() {
        let begin = format!("{BEGIN}\n");
        let end = format!("{END}\n");
        let parts = |text: String| Parts::of(&text).map(|parts| parts.is_some());
        assert_eq!(parts("prose\n".to_owned()), Ok(false));
        assert_eq!(parts(format!("a\n{begin}b\n{end}c")), Ok(true));
        for broken in [
            begin.clone(),
            end.clone(),
            format!("{end}{begin}"),
            format!("{begin}{begin}{end}"),
            format!("{begin}{end}{end}"),
            format!("{begin}{end}{begin}{end}"),
        ] {
            assert!(parts(broken.clone()).is_err(), "{broken}");
        }
    }

    #[test]
    fn the_marker_keeps_the_base() {
        let base = |line: &str| Parts { before: "", begin: line, end: "", after: "" }.base();
        let address = "https://a.b/c--d".to_owned();
        assert_eq!(base(&format!("{BEGIN}\n")), Ok(Base::Page));
        assert_eq!(
            base(&format!("{BEGIN_START} base=\"{address}\" -->\n")),
            Ok(Base::Address(address))
        );
        assert!(base(&format!("{BEGIN_START} base=\"javascript:x\" -->")).is_err());
        assert!(base(&format!("{BEGIN_START}ning -->")).is_err());
    }
}
