//! Handing out a year's set, and thanking its people in public.

mod booklet;
mod folder;
pub mod honor_roll;

pub use booklet::{Booklet, Bound, is_booklet, templates};
pub use folder::{ExportError, Places, Selection, to_folder};
