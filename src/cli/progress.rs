//! Progress on a terminal, and silence everywhere else.

use std::fmt::Write;
use std::time::Duration;

use indicatif::{HumanDuration, ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use super::Global;
use super::interrupt::Interrupt;
use crate::issuance::Watch;

/// Work on certificates, with a bar, that ctrl-c ends in good order.
pub(super) struct Work {
    bar: ProgressBar,
    interrupt: Interrupt,
}

impl Work {
    /// Begins work on so many certificates.
    pub fn begin(count: usize, global: &Global) -> Self {
        let bar = bar(count, global);
        let interrupt = Interrupt::listen(&bar, global.quiet);
        Self { bar, interrupt }
    }
}

impl Watch for Work {
    fn drawn(&self) {
        self.bar.inc(1);
    }

    fn stops(&self) -> bool {
        self.interrupt.is_asked()
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// A bar for so many certificates; drawn on stderr when that is a terminal.
pub(super) fn bar(count: usize, global: &Global) -> ProgressBar {
    let target =
        if global.quiet { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
    let style = ProgressStyle::with_template("{bar:32.cyan/dim} {pos}/{len}  {speed}")
        .unwrap_or_else(|_| ProgressStyle::default_bar())
        .with_key("speed", |state: &ProgressState, line: &mut dyn Write| {
            // Before the first is done, nobody can say how long they take.
            if state.pos() > 0 {
                let (rate, left) = (state.per_sec(), HumanDuration(state.eta()));
                // A bar that cannot be written is not worth an error.
                let _ = write!(line, "{rate:.0}/s  {left:#} left");
            }
        });
    let bar = ProgressBar::with_draw_target(Some(count as u64), target).with_style(style);
    bar.enable_steady_tick(Duration::from_millis(100));
    bar
}

/// `0.8 s`, `1 min 20 s`.
pub(super) fn time(elapsed: Duration) -> String {
    match elapsed.as_secs() {
        seconds @ 0..60 => format!("{seconds}.{} s", elapsed.subsec_millis() / 100),
        seconds => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}
