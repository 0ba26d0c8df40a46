//! An end in good order: at the first ctrl-c the batch in hand is finished, at the second the
//! program ends at once.

use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Error;
use indicatif::ProgressBar;

use crate::export::ExportError;
use crate::issuance::IssuanceError;

/// The exit code of a program that ctrl-c has ended: 128 and the number of the signal, as
/// shells have it.
pub(super) const INTERRUPTED: u8 = 130;

/// Whether somebody has asked for an end, by ctrl-c or as the system does it (SIGTERM).
#[derive(Debug, Clone, Default)]
pub(super) struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Begins to listen; what is to be said then is said above the bar.
    pub fn listen(bar: &ProgressBar, quiet: bool) -> Self {
        let interrupt = Self::default();
        let (asked, bar) = (interrupt.0.clone(), bar.clone());
        // Somebody who started it with nohup, or a script in the background, does not want it to
        // listen to what they are deaf to; the system may still ask.
        let listens = ctrlc::try_set_handler(move || {
            if asked.swap(true, Ordering::Relaxed) {
                process::exit(INTERRUPTED.into());
            }
            if !quiet {
                let message = "finishing the batch in hand; once more to stop at once";
                bar.suspend(|| anstream::eprintln!("{message}"));
            }
        });
        if listens.is_err() {
            interrupt.listen_to_the_system();
        }
        interrupt
    }

    /// Listens to SIGTERM alone. Windows has nothing to be deaf to.
    fn listen_to_the_system(&self) {
        #[cfg(unix)]
        {
            use signal_hook::consts::SIGTERM;
            use signal_hook::flag;
            // What comes first is asked first: only the second signal ends the program at once.
            let end =
                flag::register_conditional_shutdown(SIGTERM, INTERRUPTED.into(), self.0.clone());
            let _ = end.and_then(|_| flag::register(SIGTERM, self.0.clone()));
        }
    }

    /// Whether an end has been asked for.
    pub fn is_asked(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Whether the work has stopped for this reason, and no other.
pub(super) fn is_reason_of(error: &Error) -> bool {
    matches!(error.downcast_ref(), Some(IssuanceError::Interrupted { .. }))
        || matches!(error.downcast_ref(), Some(ExportError::Interrupted))
}
