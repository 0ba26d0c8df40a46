//! Handing out a year's set.

mod folder;

pub use folder::{ExportError, Selection, to_folder};
