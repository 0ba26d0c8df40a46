//! How many certificates are drawn at the same time.

use std::num::NonZeroUsize;

use clap::Args;

/// An option of the commands that draw many certificates.
#[derive(Debug, Args)]
pub(super) struct Jobs {
    /// Draw so many certificates at the same time; files are the same [default: one a core].
    #[arg(long, value_name = "N")]
    jobs: Option<NonZeroUsize>,
}

impl Jobs {
    /// Has this command's work done by so many threads; said before any of it begins.
    pub(super) fn begin(&self) -> anyhow::Result<()> {
        let Some(jobs) = self.jobs else { return Ok(()) };
        Ok(rayon::ThreadPoolBuilder::new().num_threads(jobs.get()).build_global()?)
    }
}
