//! People who would be new only because of their key: someone of the same name has a certificate
//! that was issued without one, or with one where the row has none, and does not stand in the
//! roster.

use std::collections::{HashMap, HashSet};

use serde::Serialize;

use super::{Plan, Planned};
use crate::certificate::{Certificate, Status};
use crate::register::Register;
use crate::text::Text;

/// A new certificate, and one of the same name; one of them knows a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Namesake {
    /// The line of the roster.
    pub row: u64,
    /// The name of both.
    pub name: Text,
    /// The new certificate's ID.
    pub new: Text,
    /// The ID of the one in the register.
    pub known: Text,
    /// The key of the one in the register, if it has one.
    pub key: Option<Text>,
}

/// Finds them, in roster order.
pub(super) fn namesakes(plan: &Plan, register: &Register) -> Vec<Namesake> {
    let in_roster: HashSet<usize> = plan.standing().collect();
    let records = register.records().iter().enumerate();
    let mut known: HashMap<(&str, u16, &str), Vec<&Certificate>> = HashMap::new();
    for (place, record) in records {
        if record.status == Status::Current && !in_roster.contains(&place) {
            let certificate = &record.entry.certificate;
            known.entry(who(certificate)).or_default().push(certificate);
        }
    }
    let namesake = |planned: &Planned| {
        let certificate = &planned.certificate;
        let mut known = known.get(&who(certificate))?.iter();
        let known = known.find(|known| known.key.is_some() != certificate.key.is_some())?;
        Some(Namesake {
            row: planned.row,
            name: certificate.name.clone(),
            new: certificate.id.clone(),
            known: known.id.clone(),
            key: known.key.clone(),
        })
    };
    plan.new.iter().filter_map(namesake).collect()
}

fn who(certificate: &Certificate) -> (&str, u16, &str) {
    (&certificate.category, certificate.year, &certificate.name)
}
