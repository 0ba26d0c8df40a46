//! A file that the system allows no larger (`ulimit -f`) is an error like a full disk, and no
//! reason to end without a word.

/// Begins to take it so: the signal by which Unix would end the program is heard, and nothing
/// done; the write that was too much then fails.
pub(super) fn heed() {
    // Where nobody can listen, the program ends as any other would.
    #[cfg(unix)]
    let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, std::sync::Arc::default());
}
