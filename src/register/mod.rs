//! The register: every certificate ever issued, in one append-only file of JSON Lines.
//!
//! [`event`] is what a line says, [`journal`] how lines are read and written, [`state`] what
//! they add up to and [`apply`] how, and [`allocate`] which number comes next.

pub mod allocate;
pub mod apply;
pub mod event;
mod files;
mod index;
pub mod journal;
mod line;
mod reading;
pub mod stamp;
pub mod state;

pub use allocate::{Allocator, Taken};
pub use apply::Effect;
pub use event::{Entry, Event, Origin, TemplateStamp};
pub use files::Files;
pub use journal::{Journal, RegisterError};
pub use reading::{Cause, Finding, read_bytes};
pub use stamp::Stamp;
pub use state::{Conflict, Record, Register};

/// The name of the register in an issuer's folder.
pub const FILE: &str = "register.jsonl";
