//! People who would be new only because their row has a key now: someone of the same name has
//! a certificate that was issued without one, and does not stand in the roster.

use std::collections::{HashMap, HashSet};

use serde::Serialize;

use super::{Plan, Planned};
use crate::certificate::Status;
use crate::register::Register;
use crate::text::Text;

/// A new certificate, and one of the same name that knows no key.
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
}

/// Finds them, in roster order.
pub(super) fn namesakes(plan: &Plan, register: &Register) -> Vec<Namesake> {
    let in_roster: HashSet<usize> = plan.standing().collect();
    let records = register.records().iter().enumerate();
    let keyless: HashMap<(&str, u16, &str), &Text> = records
        .filter(|(place, record)| record.status == Status::Current && !in_roster.contains(place))
        .map(|(_, record)| &record.entry.certificate)
        .filter(|known| known.key.is_none())
        .map(|known| ((known.category.as_str(), known.year, known.name.as_str()), &known.id))
        .collect();
    let namesake = |planned: &Planned| {
        let certificate = &planned.certificate;
        certificate.key.as_ref()?;
        let who = (certificate.category.as_str(), certificate.year, certificate.name.as_str());
        let known = keyless.get(&who)?;
        Some(Namesake {
            row: planned.row,
            name: certificate.name.clone(),
            new: certificate.id.clone(),
            known: (*known).clone(),
        })
    };
    plan.new.iter().filter_map(namesake).collect()
}
