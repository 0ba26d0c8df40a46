//! How many certificates are drawn at the same time.

use clap::Args;

/// More threads than that help on no machine, and take memory each.
const MOST: i64 = 1024;

/// An option of the commands that draw many certificates.
#[derive(Debug, Args)]
pub(super) struct Jobs {
    /// Draw so many certificates at the same time, each with some 10 MB; files are the same
    /// [default: one a core].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=MOST))]
    jobs: Option<u16>,
}

impl Jobs {
    /// Has this command's work done by so many threads; said before any of it begins.
    pub(super) fn begin(&self) -> anyhow::Result<()> {
        let Some(jobs) = self.jobs else { return Ok(()) };
        Ok(rayon::ThreadPoolBuilder::new().num_threads(jobs.into()).build_global()?)
    }
}
