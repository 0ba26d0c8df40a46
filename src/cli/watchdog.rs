//! An end to work that would have none: a stranger's drawing may ask for more than anyone
//! foresaw, and nothing has been written yet when backgrounds are drawn.

use std::process;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::time::Duration;

use super::AT_FAULT;

/// How long the backgrounds of templates may take to be made ready: the largest take seconds, and
/// some machines have many other things to do.
const LONGEST: Duration = Duration::from_mins(1);

/// Ends the program unless it is dropped in time.
pub(super) struct Watchdog {
    _sender: Sender<()>,
}

impl Watchdog {
    /// Begins to wait.
    pub fn begin() -> Self {
        let (sender, receiver) = mpsc::channel::<()>();
        std::thread::spawn(move || {
            if receiver.recv_timeout(LONGEST) == Err(RecvTimeoutError::Timeout) {
                anstream::eprintln!(
                    "error: the background of a template takes more than {} s to draw; simplify it, \
                     or turn it into a picture",
                    LONGEST.as_secs()
                );
                process::exit(AT_FAULT.into());
            }
        });
        Self { _sender: sender }
    }
}
