//! Where prepared templates are kept from one run to the next.

use std::env;
use std::path::PathBuf;

/// The folder named by `ACCOLADE_CACHE`, else one in the folder that the system has for such
/// files; none when there is no such folder.
pub(super) fn folder() -> Option<PathBuf> {
    let named = |variable| env::var_os(variable).filter(|value| !value.is_empty());
    if let Some(own) = named("ACCOLADE_CACHE") {
        return Some(own.into());
    }
    let caches = if cfg!(windows) {
        named("LOCALAPPDATA").map(PathBuf::from)
    } else if cfg!(target_os = "macos") {
        env::home_dir().map(|home| home.join("Library/Caches"))
    } else {
        let named = named("XDG_CACHE_HOME").map(PathBuf::from);
        named.or_else(|| env::home_dir().map(|home| home.join(".cache")))
    };
    // What is no whole path would be looked for wherever one happens to stand.
    caches.filter(|caches| caches.is_absolute()).map(|caches| caches.join("accolade"))
}
