//! The register: every certificate ever issued, in one append-only file of JSON Lines.
//!
//! [`event`] is what a line says, [`journal`] how lines are read and written, [`state`] what
//! they add up to, and [`allocate`] which number comes next.

pub mod allocate;
pub mod event;
pub mod journal;
pub mod state;

pub use allocate::{Allocator, Taken};
pub use event::{Entry, Event, TemplateStamp};
pub use journal::{Journal, RegisterError};
pub use state::{Record, Register};
