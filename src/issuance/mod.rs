//! Issuing: what a roster and the register make of each other, and the order of work that
//! keeps register and files right whatever happens in between.
//!
//! Every certificate is set before any number is spent ([`plan`], [`proof`]). Then, batch by
//! batch, certificates are drawn in memory, the register is appended to and synced, and the
//! files are written ([`issue`]). A crash loses no number and gives none twice: what is in the
//! register and not on the disk is drawn by the next run ([`restore`]). For very many, numbers
//! can be given first ([`give`]), and drawn by several processes ([`draw_given`]).

mod adopt;
mod batches;
mod change;
mod forget;
mod found;
mod given;
mod moving;
mod namesake;
mod pictures;
mod plan;
mod proof;
mod renumber;
mod work;

pub use adopt::{Adoption, adopt, adoption};
pub use batches::overlapped;
pub use change::{Changes, complete, lacking, reissue, revoke, template};
pub use forget::{Forgotten, forget, plan_forget};
pub use found::{Found, found, lost, missing};
pub use given::{draw_given, give, tell_drawn};
pub use moving::{Move, carry_out, plan_move};
pub use namesake::Namesake;
pub use pictures::Pictures;
pub use plan::{Difference, Plan, Planned, plan};
pub use proof::{CommonFault, problem, proof};
pub use renumber::{Renumbering, renumber, renumberings};
pub use work::{Watch, check_folders, draw_again, issue, restore, strangers, sweep};

use std::path::PathBuf;

use crate::certificate::Format;
use crate::disk::DiskError;
use crate::register::{Conflict, RegisterError};
use crate::render::PressError;
use crate::text::Text;
use crate::wording::Unfit;

/// Why issuing stopped.
#[derive(Debug, thiserror::Error)]
pub enum IssuanceError {
    /// A certificate cannot be set or drawn.
    #[error(transparent)]
    Press(#[from] PressError),
    /// The register cannot be written.
    #[error(transparent)]
    Register(#[from] RegisterError),
    /// A file cannot be written.
    #[error(transparent)]
    Disk(#[from] DiskError),
    /// A new certificate cannot be set as it should be.
    #[error("{id} cannot be set")]
    Unset {
        /// The certificate.
        id: Text,
        /// Why.
        source: PressError,
    },
    /// What everybody's certificate says cannot be set.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n  "))]
    Common(Vec<CommonFault>),
    /// The template has changed since a certificate was issued by it.
    #[error("the template {template:?} has changed since {id} was issued by it")]
    Redesigned {
        /// The certificate.
        id: Text,
        /// The template.
        template: Text,
    },
    /// A certificate that other hands have made cannot be drawn as it was.
    #[error("{id} was adopted as other hands had made it, and no template can draw it so again")]
    Adopted {
        /// The certificate.
        id: Text,
    },
    /// A certificate that is to get another number cannot be drawn as it was.
    #[error(transparent)]
    Undrawable(Box<IssuanceError>),
    /// What is drawn now is not what was drawn then.
    #[error(
        "{id} would no longer come out as it was issued: somebody has changed its line of the \
         register, or these are other fonts, or another accolade"
    )]
    Differs {
        /// The certificate.
        id: Text,
    },
    /// A line of the register that says otherwise than the file that was drawn from it.
    #[error("the register is not what {id} was drawn from: of its {format}, {message}")]
    Contradicted {
        /// The certificate.
        id: Text,
        /// The file.
        format: Format,
        /// What it says otherwise.
        message: String,
    },
    /// Somebody has asked for an end; what has been done is whole.
    #[error("stopped as asked, after {done} of {of} certificates; what is done is whole")]
    Interrupted {
        /// How many certificates have been written.
        done: usize,
        /// How many there were to write.
        of: usize,
    },
    /// A certificate whose person was moved to another category.
    #[error("{id} was moved to {to}")]
    Moved {
        /// The certificate.
        id: Text,
        /// The one that took its place.
        to: Text,
    },
    /// A certificate whose person was forgotten.
    #[error("{id} is of somebody who was forgotten")]
    Forgotten {
        /// The certificate.
        id: Text,
    },
    /// A certificate that was taken back.
    #[error("{id} was revoked: {reason}")]
    Revoked {
        /// The certificate.
        id: Text,
        /// Why it was taken back.
        reason: String,
    },
    /// A number that several have, and that each of them has been published with.
    #[error("a merge has given {0}, and more than one of them has been published with it")]
    Published(Conflict),
    /// Pictures that are not where the register could find them.
    #[error("{} lies outside the folder", .0.display())]
    Outside(PathBuf),
    /// A change that cannot be.
    #[error("{0}")]
    Change(String),
    /// A new name or column that may not be published.
    #[error("{0:?} will not do")]
    Unfit(String, #[source] Unfit),
}

impl IssuanceError {
    /// The same error, with the certificate that is at fault where it is one.
    fn of(self, id: &Text) -> Self {
        match self {
            Self::Press(source) => Self::Unset { id: id.clone(), source },
            other => other,
        }
    }
}
