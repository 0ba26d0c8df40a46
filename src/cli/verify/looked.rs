//! What `accolade verify` has found, for people and for programs.

use std::path::Path;

use anyhow::Error;
use serde_json::{Value, json};

use super::super::{Global, counted, present};
use crate::disk::DiskError;
use crate::verify::{Finding, Subject, Verdict};

/// A file of the command line, looked at.
pub(super) struct Looked {
    pub file: String,
    /// How it stands, or each file in it.
    pub verdicts: Vec<(String, Verdict)>,
    /// What its parts are, where it has any.
    pub parts: Option<&'static str>,
    /// Who has signed it.
    pub signed_by: Option<String>,
    /// Why nothing in it is to be believed.
    pub distrust: Option<String>,
    /// Why it cannot be judged.
    pub unread: Option<String>,
    /// What is to be said of it as a whole, where it is good and that is all.
    pub whole: Option<String>,
}

impl Looked {
    pub fn at(file: &Path) -> Self {
        let file = file.display().to_string();
        let (verdicts, parts, signed_by) = (Vec::new(), None, None);
        Self { file, verdicts, parts, signed_by, distrust: None, unread: None, whole: None }
    }

    pub fn unread(file: &Path, error: &Error) -> Self {
        let why = match error.chain().find_map(|cause| cause.downcast_ref::<DiskError>()) {
            Some(disk) => format!("it cannot be read: {}", disk.source),
            None => format!("{error:#}"),
        };
        Self { unread: Some(why), ..Self::at(file) }
    }

    pub fn distrusted(self, why: String) -> Self {
        Self { distrust: Some(why), ..self }
    }

    pub fn is_good(&self) -> bool {
        let has_any = self.whole.is_some() || !self.verdicts.is_empty();
        self.distrust.is_none() && has_any && self.verdicts.iter().all(|(_, one)| one.is_good())
    }

    pub fn print(&self, global: &Global) -> anyhow::Result<()> {
        let Self { file, verdicts, .. } = self;
        let signed = self.signed_by.as_ref().map(|by| format!("; signed by {by}"));
        let signed = signed.unwrap_or_default();
        // Whoever made the file has chosen its words.
        let line = |text: String| present::line(&present::one_line(&text));
        if let Some(why) = &self.unread {
            return Ok(line(format!("{file}: cannot be judged: {why}"))?);
        }
        if let Some(distrust) = &self.distrust {
            return Ok(line(format!("{file}: not to be believed: {distrust}"))?);
        }
        if let Some(whole) = &self.whole {
            return Ok(line(format!("{file}: {whole}{signed}"))?);
        }
        let Some(part) = self.parts else {
            for (file, verdict) in verdicts {
                line(format!("{file}: {}{signed}", sentence(verdict)))?;
            }
            return Ok(());
        };
        for (name, verdict) in verdicts {
            if global.verbose || !verdict.is_good() {
                line(format!("{file}/{name}: {}", sentence(verdict)))?;
            }
        }
        let bad = verdicts.iter().filter(|(_, verdict)| !verdict.is_good()).count();
        let all = counted(verdicts.len(), part);
        let said = match bad {
            0 if verdicts.is_empty() => "there is no certificate in it".to_owned(),
            0 => format!("{all}, all current and unaltered"),
            _ => format!("{bad} of {all} not current and unaltered"),
        };
        Ok(line(format!("{file}: {said}{signed}"))?)
    }

    pub fn json(&self) -> Value {
        let files = self.verdicts.iter().map(|(file, verdict)| {
            let certificate = verdict.certificate.as_ref().map(|subject| {
                json!({
                    "id": subject.id,
                    "name": subject.name,
                    "category": subject.category,
                    "year": subject.year,
                })
            });
            let (word, reason) = word(&verdict.finding);
            json!({
                "file": file,
                "verdict": word,
                "reason": reason,
                "moved_to": moved_to(&verdict.finding),
                "certificate": certificate,
            })
        });
        json!({
            "file": self.file,
            "good": self.is_good(),
            "signed_by": self.signed_by,
            "distrust": self.distrust,
            "unreadable": self.unread,
            "files": files.collect::<Vec<_>>(),
        })
    }
}

/// The verdict in a word, and what more there is to say.
fn word(finding: &Finding) -> (&'static str, Option<&str>) {
    match finding {
        Finding::Current => ("current", None),
        Finding::Revoked { reason, .. } => ("revoked", Some(reason.as_str())),
        Finding::Superseded => ("superseded", None),
        Finding::Forgotten => ("forgotten", None),
        Finding::Altered(how) => ("altered", Some(how)),
        Finding::Unknown(why) => ("unknown", Some(why)),
        Finding::Unreadable(why) => ("unreadable", Some(why)),
        Finding::Missing => ("missing", None),
    }
}

/// The number of the certificate that took another's place, where its person was moved.
fn moved_to(finding: &Finding) -> Option<&str> {
    match finding {
        Finding::Revoked { moved_to, .. } => moved_to.as_deref(),
        _ => None,
    }
}

/// `V20200001, 沈旭: current and unaltered`.
fn sentence(verdict: &Verdict) -> String {
    let said = match &verdict.finding {
        Finding::Current => "current and unaltered".to_owned(),
        Finding::Revoked { reason, moved_to } => {
            let word =
                moved_to.as_ref().map_or("revoked".to_owned(), |to| format!("moved to {to}"));
            if reason.is_empty() { word } else { format!("{word}: {reason}") }
        }
        Finding::Superseded => "unaltered, but superseded: it was drawn again since".to_owned(),
        Finding::Forgotten => "no longer vouched for: its person was forgotten".to_owned(),
        Finding::Altered(how) => format!("not to be believed: {how}"),
        Finding::Unknown(why) => format!("not known here: {why}"),
        Finding::Unreadable(why) => format!("cannot be read: {why}"),
        Finding::Missing => "missing: the manifest lists it".to_owned(),
    };
    let Some(Subject { id, name, .. }) = &verdict.certificate else { return said };
    match name.as_str() {
        name if name.is_empty() || **id == *name => format!("{id}: {said}"),
        name => format!("{id}, {name}: {said}"),
    }
}
