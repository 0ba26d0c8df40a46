//! What merges and commands bring, event by event.

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
    assert_eq!((conflict.records, conflict.names), (vec![0, 1], vec!["Ann".into(), "Bob".into()]));
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
    let (mut register, _) =
        after([issued("V1", "Ann"), issued("V2", "Bob"), issued("V1", "Bob"), issued("V2", "Ann")]);
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
fn two_reissues_of_one_revision_are_told_until_the_next() {
    let reissued = |name: &str, revision: u32| {
        event(&entry("V1", name), json!({ "event": "reissued", "revision": revision }))
    };
    let told = |register: &Register| {
        let told = register.divergences();
        told.map(|d| (d.revision, d.fallen.certificate.name.to_string())).collect::<Vec<_>>()
    };
    let lines = [issued("V1", "Ann"), reissued("Anna", 1), reissued("Anne", 1)];
    let (mut register, effects) = after(lines);
    assert_eq!(effects[2], Effect::Diverged);
    assert_eq!(told(&register), [(1, "Anna".to_owned())]);
    assert_eq!(register.records()[0].entry.certificate.name, "Anne");
    assert_eq!(register.apply(reissued("Anna", 1)), Ok(Effect::Repeated));
    assert_eq!(register.apply(reissued("Annie", 2)), Ok(Effect::Happened));
    assert_eq!(told(&register), []);
    // A lower one that nobody knew is told too, and stands no more.
    assert_eq!(register.apply(reissued("Hannah", 1)), Ok(Effect::Diverged));
    assert_eq!(told(&register), [(1, "Hannah".to_owned())]);
    assert_eq!(register.apply(reissued("Hannah", 1)), Ok(Effect::Repeated));
    assert_eq!(register.records()[0].entry.certificate.name, "Annie");
}

#[test]
fn a_number_that_was_given_alone_is_drawn_once() {
    let drawn = |png: &str| {
        let line = json!({
            "event": "drawn", "id": "V1", "category": "volunteer", "year": 2020,
            "files": { "png": png },
        });
        serde_json::from_str::<Event>(&line.to_string()).unwrap()
    };
    let template = json!({ "name": "classic", "digest": "d" });
    let given = || event(&entry("V1", "Ann"), json!({ "files": {}, "template": template }));
    let (register, effects) = after([given(), drawn("a"), drawn("a"), drawn("b"), given()]);
    let (happened, repeated) = (Effect::Happened, Effect::Repeated);
    assert_eq!(effects, [happened, happened, repeated, repeated, repeated]);
    let [record] = register.records() else { panic!() };
    assert!(record.is_drawn());
    assert_eq!(record.entry.files.get(&crate::certificate::Format::Png).unwrap(), "a");
    assert!(Register::default().apply(drawn("a")).is_err());
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
    let reissued = || event(&entry("V1", "Anna"), json!({ "event": "reissued", "revision": 1 }));
    let (ours, theirs) = ([blank(), forgotten()], [issued("V1", "Ann"), reissued()]);
    for events in [[ours.clone(), theirs.clone()].concat(), [theirs, ours].concat()] {
        let (register, effects) = after(events);
        assert!(effects.contains(&Effect::Remembered(0)), "{effects:?}");
        assert_eq!(register.records().len(), 1);
        assert!(register.records()[0].entry.certificate.name.is_empty());
    }
    // Another person of that number is another person.
    let (register, _) = after([blank(), forgotten(), issued("V1", "Cid")]);
    assert_eq!(register.conflicts().len(), 1);
}
