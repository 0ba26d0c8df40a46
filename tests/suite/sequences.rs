//! The register under whatever may happen to it, in sequences that dice make: no number is ever
//! given twice, a file that is cut off is a register all the same, and what two branches did
//! adds up.

use std::collections::HashSet;
use std::path::Path;
use std::time::Duration;

use accolade::id::{Number, Numbering};
use accolade::register::{
    Allocator, Event, FILE, Journal, Record, Register, RegisterError, journal,
};
use serde_json::{Map, Value, json};

use crate::dice::Dice;

const CATEGORIES: [&str; 2] = ["volunteer", "chair"];

fn numberings() -> [Numbering; 2] {
    ["V", "C"].map(|prefix| Numbering::Serial { prefix: prefix.into(), digits: 2 })
}

/// An issuer to whose register things happen.
struct World<'a> {
    journal: Journal,
    dice: Dice,
    /// How the people of this world are called.
    family: &'a str,
    people: usize,
    /// Every number that was ever given.
    given: HashSet<String>,
}

impl<'a> World<'a> {
    fn open(folder: &Path, seed: u64, family: &'a str) -> Self {
        let journal = Journal::open(folder, "test", Duration::ZERO).unwrap();
        let given = journal.register().ids().map(str::to_owned).collect();
        Self { journal, dice: Dice(seed), family, people: 0, given }
    }

    /// The fields of an event that draws a certificate.
    fn entry(&mut self, category: usize, id: &str, name: &str) -> Value {
        let pixels = format!("pixels {}", self.dice.below(usize::MAX));
        json!({
            "id": id, "category": CATEGORIES[category], "year": 2020, "name": name,
            "date": "2021-02-01", "title": "T", "issuer": "I", "language": "en", "url": "u",
            "path": format!("certificate/{id}"), "files": { "png": pixels },
        })
    }

    fn next(&mut self, category: usize) -> String {
        let numberings = numberings();
        let mut allocator = Allocator::new(self.journal.register(), numberings.iter());
        let id = allocator.next(&numberings[category], 2020).unwrap();
        assert!(self.given.insert(id.clone()), "{id} was given before");
        id
    }

    fn newcomer(&mut self) -> String {
        self.people += 1;
        // Some stand in the rosters of both branches.
        let family = if self.dice.below(5) == 0 { "Shared" } else { self.family };
        format!("{family} 沈 {}", self.people)
    }

    /// The place of a certificate that can be changed.
    fn standing(&mut self) -> Option<usize> {
        let records = self.journal.register().records();
        let places: Vec<usize> =
            (0..records.len()).filter(|place| records[*place].stands()).collect();
        places.get(self.dice.below(places.len())).copied()
    }

    fn append(&mut self, event: &str, mut line: Value, more: &Value) {
        line["event"] = event.into();
        for (key, value) in more.as_object().unwrap() {
            line[key] = value.clone();
        }
        let event: Event = serde_json::from_str(&line.to_string()).unwrap();
        self.journal.append(vec![event]).unwrap();
    }

    /// Lets something happen.
    fn step(&mut self, forgetting: bool) {
        let category = self.dice.below(2);
        let kind = self.dice.below(if forgetting { 9 } else { 8 });
        if kind < 3 {
            let name = self.newcomer();
            let register = self.journal.register();
            if register.of_person(CATEGORIES[category], 2020, &name).is_none() {
                let id = self.next(category);
                let line = self.entry(category, &id, &name);
                self.append("issued", line, &json!({}));
            }
            return;
        }
        if kind == 3 {
            let serial = self.dice.below(300) as u32 + 1;
            let id = numberings()[category].id(Number { year: 2020, serial }).unwrap();
            if self.given.insert(id.clone()) {
                let name = self.newcomer();
                let line = self.entry(category, &id, &name);
                self.append("adopted", line, &json!({}));
            }
            return;
        }
        let Some(place) = self.standing() else { return };
        let record = &self.journal.register().records()[place];
        let (revision, known) = (record.revision + 1, record.entry.certificate.clone());
        let at = CATEGORIES.iter().position(|key| *known.category == **key).unwrap();
        match kind {
            4 | 5 => {
                let name = match self.dice.below(3) {
                    0 => format!("{} 元", known.name),
                    _ => known.name.to_string(),
                };
                let line = self.entry(at, &known.id, &name);
                self.append("reissued", line, &json!({ "revision": revision }));
            }
            6 => {
                let line = json!({ "id": *known.id, "category": *known.category, "year": 2020 });
                self.append("revoked", line, &json!({ "reason": "twice" }));
            }
            7 => {
                let id = self.next(1 - at);
                let line = self.entry(1 - at, &id, &known.name);
                let from = json!({ "id": *known.id, "category": *known.category });
                self.append("moved", line, &json!({ "from": from, "reason": "promoted" }));
            }
            _ => {
                let (id, category) = (known.id.clone(), known.category.clone());
                let blank = |line: &mut Map<String, Value>| {
                    let theirs = line["id"] == *known.id && line["category"] == *known.category;
                    if theirs && line.contains_key("name") {
                        line["name"] = "".into();
                    }
                    theirs
                };
                let event = Event::Forgotten { id, category, year: 2020 };
                self.journal.rewrite(blank, &[event]).unwrap();
            }
        }
    }
}

/// What is to be true of every register: one certificate an ID.
fn check_numbers(register: &Register) {
    let mut ids = HashSet::new();
    for record in register.records() {
        assert!(ids.insert(&*record.entry.certificate.id), "twice in the register");
    }
    assert_eq!(register.conflicts(), []);
}

#[test]
fn whatever_happens_no_number_is_given_twice() {
    for seed in 1..=12 {
        let folder = tempfile::tempdir().unwrap();
        let mut world = World::open(folder.path(), seed * 0x9e37_79b9, "Ann");
        for _ in 0..60 {
            world.step(true);
        }
        let register = journal::read(folder.path()).unwrap();
        assert_eq!(register.records(), world.journal.register().records(), "seed {seed}");
        assert_eq!(journal::verify(folder.path()).unwrap().1, [], "seed {seed}");
        check_numbers(&register);
        let known: HashSet<&str> = register.ids().collect();
        assert!(known.iter().all(|id| world.given.contains(*id)));
    }
}

#[test]
fn a_register_cut_at_any_byte_is_the_one_it_was_before() {
    let folder = tempfile::tempdir().unwrap();
    let mut world = World::open(folder.path(), 7, "Ann");
    for _ in 0..40 {
        world.step(true);
    }
    let mut dice = Dice(11);
    drop(world);
    let text = std::fs::read(folder.path().join(FILE)).unwrap();
    let records = |bytes: &[u8]| -> Vec<Record> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(FILE), bytes).unwrap();
        journal::read(folder.path()).unwrap().records().to_vec()
    };
    for _ in 0..400 {
        let cut = &text[..dice.below(text.len() + 1)];
        let is_broken = text[cut.len()..].first() == Some(&b'\n');
        let lines = cut.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        let before = if is_broken { cut } else { &cut[..lines] };
        assert_eq!(records(cut), records(before), "cut at {}", cut.len());

        // The next one to write goes on from there.
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(FILE), cut).unwrap();
        let mut world = World::open(folder.path(), 5, "Bob");
        let torn = world.journal.torn().map(str::len);
        assert_eq!(torn.is_some(), !is_broken && lines < cut.len());
        world.step(false);
        let written = world.journal.register().records().to_vec();
        assert_eq!(journal::read(folder.path()).unwrap().records(), written);
        assert!(written.len() >= records(before).len());
    }
}

#[test]
fn what_two_branches_did_adds_up_once_numbers_are_settled() {
    let mut settled = 0;
    for seed in 1..=12 {
        let base = tempfile::tempdir().unwrap();
        let mut world = World::open(base.path(), seed * 0x51_7cc1, "Root");
        (0..20).for_each(|_| world.step(true));
        drop(world);
        let text = std::fs::read(base.path().join(FILE)).unwrap();
        let branch = |family: &str| {
            let folder = tempfile::tempdir().unwrap();
            std::fs::write(folder.path().join(FILE), &text).unwrap();
            let mut world = World::open(folder.path(), seed + family.len() as u64 * 0xabcd, family);
            (0..20).for_each(|_| world.step(false));
            drop(world);
            folder
        };
        let (ours, theirs) = (branch("Ours"), branch("Theirs"));
        let tail = |folder: &tempfile::TempDir| {
            std::fs::read(folder.path().join(FILE)).unwrap()[text.len()..].to_vec()
        };

        // In any order of the lines, each branch in its own, the register can be read.
        let mut dice = Dice(seed);
        let (ours_tail, theirs_tail) = (tail(&ours), tail(&theirs));
        let mut queues = [&ours_tail, &theirs_tail]
            .map(|tail| tail.split_inclusive(|byte| *byte == b'\n').collect::<Vec<_>>());
        for queue in &mut queues {
            queue.reverse();
        }
        let mut mixed = text.clone();
        while queues.iter().any(|queue| !queue.is_empty()) {
            mixed.extend(queues[dice.below(2)].pop().into_iter().flatten());
        }
        std::fs::write(base.path().join(FILE), mixed).unwrap();
        journal::read(base.path()).unwrap();

        // As git lays them: first the lines of the one, then those of the other.
        std::fs::write(base.path().join(FILE), [text, ours_tail, theirs_tail].concat()).unwrap();
        let conflicts = journal::read(base.path()).unwrap().conflicts();
        match Journal::open(base.path(), "test", Duration::ZERO) {
            Ok(_) => assert_eq!(conflicts, []),
            Err(RegisterError::Conflicts(found)) => assert_eq!(found, conflicts),
            Err(other) => panic!("{other}"),
        }
        let mut journal = Journal::open_to_settle(base.path(), "test", Duration::ZERO).unwrap();
        let numberings = numberings();
        for conflict in &conflicts {
            for place in &conflict.records[1..] {
                let register = journal.register();
                let at = CATEGORIES.iter().position(|key| *conflict.category == **key).unwrap();
                let mut allocator = Allocator::new(register, numberings.iter());
                let mut entry = register.records()[*place].entry.clone();
                entry.certificate.id = allocator.next(&numberings[at], 2020).unwrap().into();
                let formerly = conflict.id.clone();
                let event = Event::Renumbered { entry, formerly, reason: None };
                journal.append(vec![event]).unwrap();
                settled += 1;
            }
        }
        drop(journal);
        let merged = journal::read(base.path()).unwrap();
        check_numbers(&merged);
        for (folder, family) in [(&ours, "Ours"), (&theirs, "Theirs")] {
            let branch = journal::read(folder.path()).unwrap();
            for record in branch.records() {
                let known = &record.entry.certificate;
                if !known.name.starts_with(family) {
                    continue;
                }
                // A person who was moved to and fro has several.
                let find = |register: &Register| {
                    let place = register.of_person(&known.category, 2020, known.known_by());
                    let Record { entry, revision, status, .. } =
                        register.records()[place.unwrap()].clone();
                    (entry.files, revision, status)
                };
                assert_eq!(find(&merged), find(&branch), "seed {seed}, {}", known.name);
            }
        }
    }
    assert!(settled > 20, "the branches hardly met: {settled}");
}

#[test]
fn every_id_is_read_back_as_the_number_it_was_made_of() {
    let mut dice = Dice(3);
    for _ in 0..20_000 {
        let letters = ["", "V", "云", "2020", "A-", "é", "no 1/"];
        let prefix: String =
            (0..dice.below(3)).map(|_| letters[dice.below(letters.len())]).collect();
        let numbering = Numbering::Serial { prefix, digits: 1 + dice.below(9) };
        let end = 10_usize.pow(1 + dice.below(9) as u32);
        let serial = 1 + dice.below(end - 1) as u32;
        let number = Number { year: 1000 + dice.below(9000) as u16, serial };
        let id = numbering.id(number).unwrap();
        assert_eq!(numbering.parse(&id), Some(number), "{id} of {numbering:?}");
        // Whatever is read is written so again: no number has two spellings.
        let mut other: Vec<char> = id.chars().collect();
        let at = dice.below(other.len());
        other[at] = ['0', '1', '9', 'x', 'V', '٣'][dice.below(6)];
        let other: String = other.into_iter().collect();
        if let Some(number) = numbering.parse(&other) {
            assert_eq!(numbering.id(number).as_deref(), Some(&*other));
        }
    }
}
