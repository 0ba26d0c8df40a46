//! What has been published: the register as it stands on another branch, asked of git.

use std::path::Path;
use std::process::{Command, Output};

use anyhow::{Context, bail};

use crate::register::{self, FILE, Register};

/// The branch that one's own follows.
const FOLLOWED: &str = "@{upstream}";

/// The register on a branch, a tag or a commit; without one, on the branch that the present one
/// follows. Nothing where there is no such branch, or no register on it.
///
/// # Errors
/// When git does not know the one that was named, or the register there cannot be read.
pub(super) fn register(folder: &Path, named: Option<&str>) -> anyhow::Result<Option<Register>> {
    let revision = named.unwrap_or(FOLLOWED);
    if revision.starts_with('-') {
        bail!("--upstream {revision}: git has no such branch");
    }
    let known =
        git(folder, &["rev-parse", "--verify", "--quiet", &format!("{revision}^{{commit}}")]);
    match (known, named) {
        (Ok(output), _) if output.status.success() => {}
        (_, None) => return Ok(None),
        (Ok(_), Some(named)) => bail!("--upstream {named}: git knows no such branch or commit"),
        (Err(error), Some(_)) => return Err(error),
    }
    // `./` is seen from the folder, wherever it lies in its repository.
    let output = git(folder, &["cat-file", "blob", &format!("{revision}:./{FILE}")])?;
    if !output.status.success() {
        return Ok(None);
    }
    let register = register::read_bytes(&output.stdout);
    Ok(Some(register.with_context(|| format!("{revision} has a register that cannot be read"))?))
}

fn git(folder: &Path, arguments: &[&str]) -> anyhow::Result<Output> {
    let mut git = Command::new("git");
    git.arg("-C").arg(folder).args(arguments);
    git.output().context("git is needed for --upstream, and cannot be run")
}
