//! Handing out a year's set, and thanking its people in public.

mod folder;
pub mod honor_roll;

pub use folder::{ExportError, Places, Selection, to_folder};
