//! Watching files: a look at them, and a wait until a later look shows something else.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, SystemTime};

/// How often files are looked at.
const PERIOD: Duration = Duration::from_millis(300);

/// How long files must be left alone before they count as saved.
const CALM: Duration = Duration::from_millis(60);

/// How deep folders are looked into: what a template or a font needs, and no endless trees.
const DEPTH: usize = 3;

/// Files as they stood at one moment: how long each was, and when it was last written.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Look(BTreeMap<PathBuf, (u64, Option<SystemTime>)>);

impl Look {
    /// Looks at these files and at all files in these folders; what is not there is not seen.
    pub fn at(places: impl IntoIterator<Item = PathBuf>) -> Self {
        let mut look = Self(BTreeMap::new());
        for place in places {
            look.add(place, DEPTH);
        }
        look
    }

    /// The same look, without what we write ourselves.
    pub fn without(mut self, ours: &[PathBuf]) -> Self {
        for path in ours {
            self.0.remove(path);
        }
        self
    }

    fn add(&mut self, place: PathBuf, depth: usize) {
        let Ok(metadata) = std::fs::metadata(&place) else { return };
        if metadata.is_file() {
            self.0.insert(place, (metadata.len(), metadata.modified().ok()));
        } else if let (true, Ok(entries)) = (depth > 0, std::fs::read_dir(&place)) {
            for entry in entries.flatten() {
                self.add(entry.path(), depth - 1);
            }
        }
    }

    /// What another look sees differently, by name.
    fn changed<'a>(&'a self, other: &'a Self) -> Vec<&'a Path> {
        let gone = self.0.keys().filter(|path| !other.0.contains_key(*path));
        let new = other.0.iter().filter(|(path, state)| self.0.get(*path) != Some(state));
        gone.chain(new.map(|(path, _)| path)).map(PathBuf::as_path).collect()
    }

    /// Waits until `look` sees something else and then twice the same, so that whoever is
    /// saving has finished; gives back the new look and what has changed.
    pub fn wait(&self, look: impl Fn() -> Self) -> (Self, Vec<PathBuf>) {
        loop {
            sleep(PERIOD);
            let mut now = look();
            if now == *self {
                continue;
            }
            loop {
                sleep(CALM);
                let next = look();
                if next == now {
                    break;
                }
                now = next;
            }
            let changed = self.changed(&now).into_iter().map(Path::to_owned).collect();
            return (now, changed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_made_and_removed_is_seen() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str| folder.path().join(name);
        for name in ["kept", "written", "removed"] {
            std::fs::write(file(name), "1").unwrap();
        }
        let look = || Look::at([folder.path().to_owned(), file("nowhere")]);
        let before = look();
        assert_eq!(before, look());
        std::fs::write(file("written"), "12").unwrap();
        std::fs::create_dir(file("below")).unwrap();
        std::fs::write(file("below/made"), "").unwrap();
        std::fs::remove_file(file("removed")).unwrap();
        let after = look();
        let mut changed = before.changed(&after);
        changed.sort();
        assert_eq!(changed, [file("below/made"), file("removed"), file("written")]);
        let ours = [file("below/made"), file("written"), file("removed")];
        assert_eq!(before.without(&ours), after.without(&ours));
    }
}
