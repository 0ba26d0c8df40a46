//! Whether templates are still what they were when they drew certificates.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::{Kind, Report};
use crate::fonts::Fonts;
use crate::issuer::Issuer;
use crate::register::{Register, TemplateStamp};
use crate::shell;
use crate::template;

/// The templates as they are now.
pub(super) struct Templates<'a> {
    /// The digest of each, or why it cannot be used.
    digests: BTreeMap<&'a str, Result<String, String>>,
    /// Those that accolade.toml names.
    in_use: BTreeSet<&'a str>,
}

/// How a template stands to what it once drew.
pub(super) enum Drawn {
    Same,
    Changed,
    Lost,
}

impl<'a> Templates<'a> {
    pub fn of(register: &'a Register, issuer: &'a Issuer, folder: &Path, fonts: &Fonts) -> Self {
        let in_use: BTreeSet<&str> =
            issuer.categories.iter().map(|category| category.template.as_str()).collect();
        let stamps = register.records().iter().filter(|record| record.stands());
        let stamps = stamps.filter_map(|record| record.entry.template.as_ref());
        let names = in_use.iter().copied().chain(stamps.map(|stamp| stamp.name.as_str()));
        let names: BTreeSet<&str> = names.collect();
        let digest = |name: &str| match template::load(folder, name, fonts) {
            Ok(template) => Ok(template.digest),
            Err(error) => Err(error.to_string()),
        };
        let digests = names.into_iter().map(|name| (name, digest(name))).collect();
        Self { digests, in_use }
    }

    /// What has become of the template of a certificate.
    pub fn drawn(&self, stamp: &TemplateStamp) -> Drawn {
        match self.digests.get(stamp.name.as_str()) {
            Some(Ok(digest)) if stamp.digest == digest.as_str() => Drawn::Same,
            Some(Ok(_)) => Drawn::Changed,
            _ => Drawn::Lost,
        }
    }

    /// A template that changes is no fault, as long as the files it drew are there; one that
    /// cannot be used any more is, if the next issue needs it.
    pub fn check(&self, register: &Register, report: &mut Report) {
        for (name, digest) in &self.digests {
            let place = format!("templates/{name}");
            if let Err(message) = digest {
                let (kind, message) = (Kind::Template, message.clone());
                if self.in_use.contains(name) {
                    let remedy = shell::command("template check", name, "");
                    report.find(kind, place, message, remedy);
                } else {
                    let remedy = "bring it back should a certificate be lost".to_owned();
                    report.note(kind, place, message, remedy);
                }
                continue;
            }
            let stamps = register.records().iter().filter(|record| record.stands());
            let stamps = stamps.filter_map(|record| record.entry.template.as_ref());
            let changed = stamps
                .filter(|stamp| stamp.name == *name)
                .filter(|stamp| matches!(self.drawn(stamp), Drawn::Changed))
                .count();
            if changed > 0 {
                report.note(
                    Kind::Template,
                    place,
                    format!("it has changed since it drew {changed} of the certificates"),
                    "they stay as they are; accolade reissue ID --redesign draws one anew"
                        .to_owned(),
                );
            }
        }
    }
}
