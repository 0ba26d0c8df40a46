//! The register: every certificate ever issued, in one append-only file of JSON Lines.
//!
//! [`event`] is what a line says, [`journal`] how lines are read and written, [`state`] what
//! they add up to and [`apply`] how, and [`allocate`] which number comes next.
//!
//! # The file
//! `register.jsonl` is UTF-8, a JSON object a line. The first line is the header:
//! ```json
//! {"register":"accolade","version":1}
//! ```
//! `register` is always `accolade`; `version` is that of the line format. A program reads
//! versions up to its own; a field it does not know is kept, an event it does not know is
//! refused. A merge in git may bring the header once more: such a line, and an empty one, says
//! nothing.
//!
//! Every other line is one event. Most show a certificate, by these fields:
//!
//! | field | what it says |
//! |---|---|
//! | `event` | `issued`, `drawn`, `adopted`, `reissued`, `revoked`, `moved`, `renumbered` or `forgotten` |
//! | `id` | the number, or the name where a category is not numbered |
//! | `category` | the category's key in accolade.toml |
//! | `year` | the year the certificate is for, 1000 to 9999 |
//! | `name` | the recipient's name, as printed |
//! | `key` | what tells the recipient from a namesake; only where the roster said so |
//! | `date` | the date of issue, `2021-02-01` (ISO 8601); it never changes |
//! | `title`, `citation`, `issuer`, `signatory` | the texts it shows; an empty citation or signatory is left out |
//! | `language` | its language, a BCP 47 tag |
//! | `url` | where it can be verified: the payload of its QR code |
//! | `fields` | the recipient's public columns, by header; left out where there are none |
//! | `path` | its files below the issuer's folder, without the ending, parted by `/` |
//! | `template` | `name` of the template that drew it, and `digest` over that template's files; left out where other hands made it |
//! | `files` | by format, the digest of its file: `png` of the decoded pixels, `pdf` of the bytes; none where it is yet to be drawn |
//!
//! | event | what happened | fields besides those of the certificate |
//! |---|---|---|
//! | `issued` | it was given its number and drawn | |
//! | `drawn` | it had been given its number alone, and was drawn | only `id`, `category`, `year`, `files` |
//! | `adopted` | it was taken over as other hands had made it; `files` may be empty | |
//! | `reissued` | it was drawn again, number and date as before | `revision`, from 1; `formerly`, the ID it had, where a mended name is a new one; `reason` |
//! | `moved` | it was issued in place of one in another category, which was thereby taken back | `from`: `id` and `category` of that one; `reason` |
//! | `renumbered` | it was given another number, since a merge had given its own to two people | `formerly`, that number; `reason` |
//! | `revoked` | it was taken back; its number stays spent | only `id`, `category`, `year`, `reason` |
//! | `forgotten` | its person was forgotten: the lines before have been rewritten with empty `name` and without `key` and `fields` | only `id`, `category`, `year` |
//!
//! `formerly` and `reason` of a reissue may be left out, as may the reason of a renumbering. No
//! line has a clock time or an e-mail address.
//!
//! # What a merge brings
//! The lines of both branches, one behind the other; a line that comes twice counts once. A number
//! that two people were given is a [`Conflict`], settled by `renumbered`. Two reissues of one
//! certificate with the same revision are a [`Divergence`]: the later line stands, and the next
//! revision settles it. A reissue below the revision that stands changes nothing, and is told in
//! the same way where it says something new.
//!
//! # How it is written
//! By one process at a time, which holds the lock. Lines are appended and synced before any file
//! of a certificate is written. A last line that a crash has cut off counts as never written;
//! the next process to write sets it aside in `register.torn`. Damage anywhere else is an error.

pub mod allocate;
pub mod apply;
mod blocks;
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
pub use reading::{Cause, Finding, LARGEST, is_register, read_bytes};
pub use stamp::Stamp;
pub use state::{Conflict, Divergence, Record, Register};

/// The name of the register in an issuer's folder.
pub const FILE: &str = "register.jsonl";

/// The name of its signature.
pub const SIGNATURE: &str = "register.jsonl.sig";
