//! Handing out a year's set.

mod booklet;
mod folder;

pub use booklet::{Booklet, Bound, is_booklet, templates};
pub use folder::{ExportError, Places, Selection, to_folder};
