//! How an event changes the register. What a command would never write, and a merge of two
//! branches may bring, is taken as it was meant.

use super::event::{Entry, Event};
use super::files::Files;
use super::state::{Divergence, Record, Register};
use crate::certificate::{Certificate, Fields, Status};
use crate::text::Text;

/// What an event came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// It happened.
    Happened,
    /// It had happened before: a merge has brought its line twice.
    Repeated,
    /// It happened, and gave the certificate an ID that another one has: its place among the
    /// records.
    Conflict(usize),
    /// Two branches have drawn the certificate again, each in its own way.
    Diverged,
    /// It is about somebody who was forgotten, and whom a merge has brought back: their place
    /// among the records.
    Remembered(usize),
}

impl Register {
    /// Takes in what happened next.
    ///
    /// # Errors
    /// Why it cannot have happened: a change to a certificate that was never issued.
    pub fn apply(&mut self, event: Event) -> Result<Effect, String> {
        self.events += 1;
        match event {
            Event::Issued(entry) | Event::Adopted(entry) => Ok(self.add(entry)?.1),
            Event::Drawn { id, category, year, files } => {
                let index = self.place(&category, year, &id)?;
                Ok(self.draw(index, files))
            }
            Event::Reissued { entry, revision, formerly, .. } => {
                self.redraw(entry, revision, formerly.as_deref())
            }
            Event::Revoked { id, category, year, reason } => {
                let index = self.place(&category, year, &id)?;
                Ok(self.revoke(index, reason))
            }
            Event::Moved { entry, from, reason } => {
                let old = self
                    .owner(&from.category, &from.id, &entry)
                    .ok_or_else(|| format!("{} has never been issued", from.id))?;
                let (new, effect) = self.add(entry)?;
                self.revoke(old, reason);
                self.records[old].moved_to.get_or_insert(new);
                self.records[new].moved_from.get_or_insert(old);
                Ok(effect)
            }
            Event::Renumbered { entry, formerly, .. } => self.renumber(entry, &formerly),
            Event::Forgotten { id, category, year } => {
                let index = self.place(&category, year, &id)?;
                Ok(self.forget(index))
            }
        }
    }

    /// Why a command must not write an event, if so: a merge may give an ID twice, a command
    /// may not.
    pub(super) fn refusal(&self, event: &Event) -> Option<String> {
        let entry = event.entry()?;
        let Certificate { category, year, id, .. } = &entry.certificate;
        let owner = self.place(category, *year, id).ok()?;
        let own = matches!(event, Event::Reissued { formerly, .. } if {
            self.owner(category, formerly.as_ref().unwrap_or(id), entry) == Some(owner)
        });
        (!own).then(|| format!("{id} has been given before, and a number is never given twice"))
    }

    fn add(&mut self, entry: Entry) -> Result<(usize, Effect), String> {
        if let Some(index) = self.same(&entry) {
            let effect = if self.is_mixed(index, &entry) {
                Effect::Remembered(index)
            } else {
                Effect::Repeated
            };
            return Ok((index, effect));
        }
        let index = self.records.len();
        self.records.push(Record::of(entry));
        self.index.know(&self.records, index)?;
        let other = self.index.own(&self.records, index)?;
        Ok((index, other.map_or(Effect::Happened, Effect::Conflict)))
    }

    /// Lets a certificate that had only its number have files; the first to draw it counts.
    fn draw(&mut self, index: usize, files: Files) -> Effect {
        let record = &mut self.records[index];
        if record.is_drawn() || files.is_empty() {
            return Effect::Repeated;
        }
        record.entry.files = files;
        Effect::Happened
    }

    fn redraw(
        &mut self,
        entry: Entry,
        revision: u32,
        formerly: Option<&str>,
    ) -> Result<Effect, String> {
        let Certificate { category, id, .. } = &entry.certificate;
        let before = formerly.unwrap_or(id);
        let index = self
            .owner(category, before, &entry)
            .ok_or_else(|| format!("{before} has never been issued"))?;
        if self.is_mixed(index, &entry) {
            return Ok(Effect::Remembered(index));
        }
        if revision <= self.records[index].revision {
            return self.redraw_otherwise(index, entry, revision);
        }
        self.diverged.remove(&index);
        self.records[index].revision = revision;
        self.replace(index, entry)
    }

    /// Takes in a revision that there is already: of two of one number the later line stands,
    /// since what follows it was written by those who knew it; a lower one stays what it was.
    fn redraw_otherwise(
        &mut self,
        index: usize,
        entry: Entry,
        revision: u32,
    ) -> Result<Effect, String> {
        let known = &self.records[index];
        if known.entry == entry || self.drawings_before(index).contains(&entry) {
            return Ok(Effect::Repeated);
        }
        if revision == known.revision {
            let (revision, fallen) = (known.revision, known.entry.clone());
            self.diverged.insert(index, Divergence { record: index, revision, fallen });
            self.replace(index, entry)?;
        } else {
            self.index.lead(&entry, index);
            self.drawn_before.entry(index).or_default().push(entry.clone());
            self.diverged.insert(index, Divergence { record: index, revision, fallen: entry });
        }
        Ok(Effect::Diverged)
    }

    fn renumber(&mut self, entry: Entry, formerly: &str) -> Result<Effect, String> {
        let Certificate { category, year, id, .. } = &entry.certificate;
        let known_by = entry.certificate.known_by();
        let theirs = self.all_of_person(category, *year, known_by);
        let with = |id: &str| {
            theirs.iter().copied().find(|place| self.records[*place].entry.certificate.id == id)
        };
        if with(id).is_some() {
            return Ok(Effect::Repeated);
        }
        let index = with(formerly)
            .or_else(|| self.of_person(category, *year, known_by))
            .or_else(|| self.owner(category, formerly, &entry))
            .ok_or_else(|| format!("{formerly} has never been issued"))?;
        if self.is_mixed(index, &entry) {
            return Ok(Effect::Remembered(index));
        }
        self.replace(index, entry)
    }

    fn revoke(&mut self, index: usize, reason: String) -> Effect {
        let status = &mut self.records[index].status;
        if *status != Status::Current {
            return Effect::Repeated;
        }
        *status = Status::Revoked { reason };
        Effect::Happened
    }

    fn forget(&mut self, index: usize) -> Effect {
        let mut entry = self.records[index].entry.clone();
        let Certificate { name, key, fields, .. } = &mut entry.certificate;
        let remembered = !name.is_empty();
        *name = Text::default();
        *key = None;
        *fields = Fields::default();
        self.index.forget(&self.records, index);
        self.records[index].entry = entry;
        self.records[index].forgotten = true;
        if remembered { Effect::Remembered(index) } else { Effect::Happened }
    }

    /// Lets a certificate be as it was drawn anew, perhaps under another ID or name.
    fn replace(&mut self, index: usize, entry: Entry) -> Result<Effect, String> {
        let before = &self.records[index].entry;
        let drawing = (*before != entry).then(|| before.clone());
        let other_id = before.certificate.id != entry.certificate.id;
        let renamed = before.certificate.known_by() != entry.certificate.known_by();
        if other_id {
            self.index.disown(&self.records, index);
        }
        if renamed {
            self.index.rename(&self.records, index);
        }
        self.records[index].entry = entry;
        self.drawn_before.entry(index).or_default().extend(drawing);
        if renamed {
            self.index.know(&self.records, index)?;
        }
        let owner = if other_id { self.index.own(&self.records, index)? } else { None };
        Ok(owner.map_or(Effect::Happened, Effect::Conflict))
    }

    /// The certificate that an entry repeats: it has the same ID, and either the same person or,
    /// where one of the two has been forgotten, the same files.
    fn same(&self, entry: &Entry) -> Option<usize> {
        let Certificate { category, year, id, .. } = &entry.certificate;
        let known_by = entry.certificate.known_by();
        let index = self.owner(category, id, entry)?;
        let theirs = self.all_of_person(category, *year, known_by).contains(&index);
        let forgotten = self.is_mixed(index, entry) || known_by.is_empty();
        (theirs || (forgotten && self.has_drawn(index, entry))).then_some(index)
    }

    /// The certificate with an ID, present or former, in a category and in the year of an
    /// entry: of several, the one of its person or with its files, else the last.
    fn owner(&self, category: &str, id: &str, entry: &Entry) -> Option<usize> {
        let Certificate { year, .. } = entry.certificate;
        let owners = self.index.owners(&self.records, category, year, id);
        if let [_, _, ..] = owners.as_slice() {
            let known_by = entry.certificate.known_by();
            let theirs = self.all_of_person(category, year, known_by);
            let of_person = owners.iter().find(|owner| theirs.contains(owner));
            let drawn = || owners.iter().find(|owner| self.has_drawn(**owner, entry));
            if let Some(owner) = of_person.or_else(drawn) {
                return Some(*owner);
            }
        }
        owners.last().copied()
    }

    /// Whether either the certificate or the entry has been forgotten, and the other has not.
    fn is_mixed(&self, index: usize, entry: &Entry) -> bool {
        let known = &self.records[index].entry.certificate;
        known.name.is_empty() != entry.certificate.name.is_empty()
    }

    /// Whether a certificate was ever drawn with the files of an entry.
    fn has_drawn(&self, index: usize, entry: &Entry) -> bool {
        let mut before = self.drawings_before(index).iter();
        self.records[index].entry.files == entry.files
            || before.any(|drawing| drawing.files == entry.files)
    }

    /// The drawings of a certificate that another one has taken the place of.
    fn drawings_before(&self, index: usize) -> &[Entry] {
        self.drawn_before.get(&index).map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests;
