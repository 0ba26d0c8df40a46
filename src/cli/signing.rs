//! Which key signs, and who opens it: a file, an ssh-agent, a passphrase.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Args;
use console::Term;

use super::{Global, present};
use crate::issuer::Issuer;
use crate::trust::{Agent, KeyFile, Signer, TrustError};

/// Where a passphrase is looked for before anybody is asked.
pub(super) const PASSPHRASE: &str = "ACCOLADE_KEY_PASSPHRASE";

/// How an ssh-agent says where it is.
const AGENT: &str = "SSH_AUTH_SOCK";

/// Where OpenSSH's own agent is on Windows.
const WINDOWS_AGENT: &str = r"\\.\pipe\openssh-ssh-agent";

/// Which key to use.
#[derive(Debug, Args)]
pub(super) struct Key {
    /// The key: a private key file of OpenSSH, or a public one whose private half an ssh-agent
    /// has [default: `key` in accolade.toml, else `~/.ssh/accolade_ed25519`].
    #[arg(long, value_name = "FILE")]
    pub key: Option<PathBuf>,
}

impl Key {
    /// Finds the key.
    pub fn find(&self, issuer: &Issuer, global: &Global) -> anyhow::Result<KeyFile> {
        if let Some(file) = &self.key {
            return Ok(read(&global.path(file), global)?);
        }
        match issuer.key.as_deref() {
            Some(line) if line.starts_with("ssh-") => {
                Ok(KeyFile::public(line, Path::new("[issuer] key in accolade.toml"))?)
            }
            Some(file) => {
                let file = global.path(&at_home(Path::new(file))?);
                read(&file, global).context("accolade.toml, [issuer] key: it cannot be used")
            }
            None => match default_file() {
                Some(file) if file.exists() => Ok(read(&file, global)?),
                _ => Err(TrustError::NoKey.into()),
            },
        }
    }

    /// Finds the key and opens it: by an ssh-agent that has it, else with its passphrase.
    pub fn open(&self, issuer: &Issuer, global: &Global) -> anyhow::Result<Signer> {
        let key = self.find(issuer, global)?;
        let file = match &key {
            KeyFile::Open(_) => return Ok(key.open("")?),
            KeyFile::Locked(_, file) => Some(file.clone()),
            KeyFile::Public(_) => None,
        };
        let (agent, public) = (agent(), key.public_key().clone());
        let Some(file) = file else {
            let agent = agent
                .ok_or_else(|| TrustError::NoAgent(format!("{AGENT} does not say where it is")))?;
            agent.check(&public)?;
            return Ok(Signer::Agent(agent, public));
        };
        if let Some(agent) = agent.filter(|agent| agent.check(&public).is_ok()) {
            return Ok(Signer::Agent(agent, public));
        }
        let passphrase = match env::var(PASSPHRASE) {
            Ok(passphrase) => passphrase,
            Err(_) => ask(&format!("Passphrase of {}", file.display()))?,
        };
        Ok(key.open(&passphrase)?)
    }
}

/// Reads a key, and warns of a private one that lies where the issuer publishes, or that others
/// may read.
fn read(file: &Path, global: &Global) -> Result<KeyFile, TrustError> {
    let key = KeyFile::read(file)?;
    let real = |path: &Path| path.canonicalize().ok();
    let is_inside = real(&global.folder)
        .is_some_and(|folder| real(file).is_some_and(|file| file.starts_with(folder)));
    if is_inside && !matches!(key, KeyFile::Public(_)) {
        present::warning(&format!(
            "{} is a private key in the issuer's folder: whoever gets to see it can sign in your \
             name; move it out, such as to ~/.ssh",
            file.display()
        ));
    }
    if is_open(file) && !matches!(key, KeyFile::Public(_)) {
        present::warning(&format!(
            "{0} is a private key that others on this machine may read, and ssh-keygen refuses it: \
             chmod 600 {0}",
            file.display()
        ));
    }
    Ok(key)
}

/// Whether anybody but its owner may read or write a file.
#[cfg(unix)]
fn is_open(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    file.metadata().is_ok_and(|found| found.permissions().mode() & 0o077 != 0)
}

/// What may be read by whom is not told by a mode here.
#[cfg(not(unix))]
fn is_open(_: &Path) -> bool {
    false
}

/// Where `accolade key new` puts a key.
pub(super) fn default_file() -> Option<PathBuf> {
    env::home_dir().map(|home| home.join(".ssh").join("accolade_ed25519"))
}

/// Asks for something that is not shown.
pub(super) fn ask(what: &str) -> anyhow::Result<String> {
    let terminal = Term::stderr();
    if !terminal.is_term() {
        bail!("{what}: there is no terminal to ask for it; put it into {PASSPHRASE}");
    }
    terminal.write_str(&format!("{what}: "))?;
    Ok(terminal.read_secure_line()?)
}

/// The ssh-agent, if there is one.
fn agent() -> Option<Agent> {
    let address = env::var_os(AGENT).filter(|address| !address.is_empty());
    let address = address.or_else(|| cfg!(windows).then(|| WINDOWS_AGENT.into()));
    address.map(|address| Agent::at(Path::new(&address)))
}

/// A path that may begin at home, `~/.ssh/id_ed25519`.
fn at_home(path: &Path) -> anyhow::Result<PathBuf> {
    let Ok(below) = path.strip_prefix("~") else { return Ok(path.to_owned()) };
    let home = env::home_dir().context("nothing says where your home folder is")?;
    Ok(home.join(below))
}
