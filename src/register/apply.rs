//! How an event changes the register. What a command would never write, and a merge of two
//! branches may bring, is taken as it was meant.

use super::event::{Entry, Event};
use super::state::{Record, Register};
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
    /// It is about somebody who was forgotten, and whom a merge has brought back.
    Remembered,
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
            let effect =
                if self.is_mixed(index, &entry) { Effect::Remembered } else { Effect::Repeated };
            return Ok((index, effect));
        }
        let index = self.records.len();
        self.records.push(Record::of(entry));
        self.index.know(&self.records, index)?;
        let other = self.index.own(&self.records, index)?;
        Ok((index, other.map_or(Effect::Happened, Effect::Conflict)))
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
            return Ok(Effect::Remembered);
        }
        if revision < self.records[index].revision {
            return Ok(Effect::Repeated);
        }
        self.records[index].revision = revision;
        self.replace(index, entry)
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
            return Ok(Effect::Remembered);
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
        if remembered { Effect::Remembered } else { Effect::Happened }
    }

    /// Lets a certificate be as it was drawn anew, perhaps under another ID or name.
    fn replace(&mut self, index: usize, entry: Entry) -> Result<Effect, String> {
        let before = &self.records[index].entry;
        let files = (before.files != entry.files).then(|| before.files.clone());
        let other_id = before.certificate.id != entry.certificate.id;
        let renamed = before.certificate.known_by() != entry.certificate.known_by();
        if other_id {
            self.index.disown(&self.records, index);
        }
        if renamed {
            self.index.rename(&self.records, index);
        }
        self.records[index].entry = entry;
        if let Some(files) = files {
            self.drawn_before.entry(index).or_default().push(files);
        }
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
        let before = self.drawn_before.get(&index);
        self.records[index].entry.files == entry.files
            || before.is_some_and(|drawings| drawings.contains(&entry.files))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn entry(id: &str, name: &str) -> serde_json::Value {
        json!({
            "event": "issued", "id": id, "category": "volunteer", "year": 2020, "name": name,
            "date": "2021-02-01", "title": "t", "issuer": "i", "language": "en", "url": "u",
            "path": format!("a/{id}"), "files": { "png": format!("pixels of {id} {name}") },
        })
    }

    /// The event with some fields changed.
    fn event(entry: &serde_json::Value, changes: serde_json::Value) -> Event {
        let mut entry = entry.clone();
        let serde_json::Value::Object(changes) = changes else { panic!() };
        for (key, value) in changes {
            entry[key] = value;
        }
        serde_json::from_str(&entry.to_string()).unwrap()
    }

    fn issued(id: &str, name: &str) -> Event {
        event(&entry(id, name), json!({}))
    }

    fn after(events: impl IntoIterator<Item = Event>) -> (Register, Vec<Effect>) {
        let mut register = Register::default();
        let effects = events.into_iter().map(|event| register.apply(event).unwrap()).collect();
        (register, effects)
    }

    fn id(register: &Register, known_by: &str) -> String {
        let place = register.of_person("volunteer", 2020, known_by).unwrap();
        register.records()[place].entry.certificate.id.to_string()
    }

    #[test]
    fn a_number_that_two_people_have_is_settled_by_another_number() {
        let (mut register, effects) = after([issued("V1", "Ann"), issued("V1", "Bob")]);
        assert_eq!(effects, [Effect::Happened, Effect::Conflict(0)]);
        let conflict = register.conflicts().remove(0);
        assert_eq!(
            (conflict.records, conflict.names),
            (vec![0, 1], vec!["Ann".into(), "Bob".into()])
        );
        let renumbered =
            |id: &str| event(&entry(id, "Bob"), json!({ "event": "renumbered", "formerly": "V1" }));
        assert_eq!(register.apply(renumbered("V2")), Ok(Effect::Happened));
        assert_eq!(register.conflicts(), []);
        assert_eq!(register.place("volunteer", 2020, "V1"), Ok(0));
        assert_eq!((id(&register, "Ann"), id(&register, "Bob")), ("V1".into(), "V2".into()));
        // The same merge, settled on the other branch too: the number given there stays spent.
        assert_eq!(register.apply(renumbered("V2")), Ok(Effect::Repeated));
        assert_eq!(register.apply(renumbered("V3")), Ok(Effect::Happened));
        assert_eq!(id(&register, "Bob"), "V3");
        assert!(register.ids().any(|id| id == "V2"));
        assert!(register.refusal(&issued("V2", "Cid")).is_some());
    }

    #[test]
    fn two_numbers_given_crosswise_are_told_apart_by_their_people() {
        let (mut register, _) = after([
            issued("V1", "Ann"),
            issued("V2", "Bob"),
            issued("V1", "Bob"),
            issued("V2", "Ann"),
        ]);
        assert_eq!(register.conflicts().len(), 2);
        for (new, name, formerly) in [("V3", "Bob", "V1"), ("V4", "Ann", "V2")] {
            let changes = json!({ "event": "renumbered", "formerly": formerly });
            assert_eq!(register.apply(event(&entry(new, name), changes)), Ok(Effect::Happened));
        }
        assert_eq!(register.conflicts(), []);
        let ids: Vec<_> = register.records().iter().map(|r| &r.entry.certificate.id).collect();
        assert_eq!(ids, ["V1", "V2", "V3", "V4"]);
        assert_eq!(id(&register, "Ann"), "V1");
    }

    #[test]
    fn a_line_that_comes_twice_is_no_event() {
        let reissued = |name: &str, revision: u32| {
            event(&entry("V1", name), json!({ "event": "reissued", "revision": revision }))
        };
        let (register, effects) = after([
            issued("V1", "Ann"),
            reissued("Anna", 1),
            issued("V1", "Ann"),
            reissued("Anne", 2),
            reissued("Anna", 1),
        ]);
        assert_eq!(effects[2..], [Effect::Repeated, Effect::Happened, Effect::Repeated]);
        assert_eq!(register.records().len(), 1);
        assert_eq!(register.records()[0].entry.certificate.name, "Anne");
    }

    #[test]
    fn who_was_moved_is_found_in_both_places() {
        let from = json!({ "id": "V1", "category": "volunteer" });
        let moved = event(
            &entry("C1", "Ann"),
            json!({ "event": "moved", "category": "chair", "from": from, "reason": "promoted" }),
        );
        let (mut register, effects) = after([issued("V1", "Ann"), moved.clone()]);
        assert_eq!(effects, [Effect::Happened; 2]);
        let [old, new] = register.records() else { panic!() };
        assert_eq!(old.status, Status::Revoked { reason: "promoted".into() });
        assert_eq!((old.moved_to, new.moved_from), (Some(1), Some(0)));
        assert!(!old.stands() && new.stands());
        assert_eq!(register.apply(moved), Ok(Effect::Repeated));
    }

    #[test]
    fn who_was_forgotten_stays_so_and_a_merge_that_undoes_it_is_seen() {
        let forgotten = || {
            let line = r#"{"event":"forgotten","id":"V1","category":"volunteer","year":2020}"#;
            serde_json::from_str::<Event>(line).unwrap()
        };
        let blank = || event(&entry("V1", "Ann"), json!({ "name": "" }));
        let (register, effects) = after([blank(), forgotten(), issued("V2", "Bob")]);
        assert_eq!(effects, [Effect::Happened; 3]);
        assert!(register.records()[0].forgotten);
        let reissued =
            || event(&entry("V1", "Anna"), json!({ "event": "reissued", "revision": 1 }));
        let (ours, theirs) = ([blank(), forgotten()], [issued("V1", "Ann"), reissued()]);
        for events in [[ours.clone(), theirs.clone()].concat(), [theirs, ours].concat()] {
            let (register, effects) = after(events);
            assert!(effects.contains(&Effect::Remembered), "{effects:?}");
            assert_eq!(register.records().len(), 1);
            assert!(register.records()[0].entry.certificate.name.is_empty());
        }
        // Another person of that number is another person.
        let (register, _) = after([blank(), forgotten(), issued("V1", "Cid")]);
        assert_eq!(register.conflicts().len(), 1);
    }
}
