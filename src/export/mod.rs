//! Handing out a year's set.

mod folder;

pub use folder::{ExportError, Places, Selection, to_folder};
