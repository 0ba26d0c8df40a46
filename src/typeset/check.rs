//! What is wrong with a template, whoever is to stand on it.

use super::Trouble;
use crate::certificate::PLACEHOLDERS;
use crate::fonts::Fonts;
use crate::template::{Origin, Template, Value};

/// Something wrong with a field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{origin}, field {field:?}: {trouble}")]
pub struct Fault {
    /// Where it was described.
    pub origin: Origin,
    /// The field.
    pub field: String,
    /// What is the matter with it.
    pub trouble: Trouble,
}

/// Finds every face that there is not, and every placeholder that neither a certificate nor one
/// of the public columns fills.
#[must_use]
pub fn check(template: &Template, fonts: &Fonts, public: &[String]) -> Vec<Fault> {
    let unfilled = |value: &Value| -> Vec<Trouble> {
        let known =
            |name: &str| PLACEHOLDERS.contains(&name) || public.iter().any(|column| column == name);
        let unknown = value.placeholders().filter(|name| !known(name));
        unknown.map(|name| Trouble::Unfilled(name.to_owned())).collect()
    };
    let mut faults = Vec::new();
    let mut fault = |origin: &Origin, field: &str, trouble| {
        faults.push(Fault { origin: origin.clone(), field: field.to_owned(), trouble });
    };
    for text in &template.texts {
        for trouble in unfilled(&text.value) {
            fault(&text.origin, &text.field, trouble);
        }
        for name in text.fonts.iter().filter(|name| fonts.named(name).is_none()) {
            let trouble = Trouble::UnknownFont { name: name.clone(), known: fonts.names() };
            fault(&text.origin, &text.field, trouble);
        }
    }
    for code in &template.codes {
        for trouble in unfilled(&code.value) {
            fault(&code.origin, &code.field, trouble);
        }
    }
    faults.sort_by(|a, b| a.origin.cmp(&b.origin));
    faults
}
