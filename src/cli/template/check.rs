//! `accolade template check`: templates looked over before anyone stands on them.

use std::collections::BTreeSet;

use anyhow::bail;
use clap::Args;
use serde_json::json;

use super::super::{Global, hints, present};
use crate::certificate::Format;
use crate::issuer::Issuer;

const EXAMPLES: &str = "\
Examples:
  accolade template check classic
  accolade template check            every template that accolade.toml names";

/// Find what is wrong with a template: its fields, fonts, placeholders and background.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Check {
    /// The template; without it, all that accolade.toml names.
    name: Option<String>,
}

impl Check {
    pub(super) fn run(self, global: &Global) -> anyhow::Result<()> {
        let issuer = Issuer::read(&global.folder)?;
        let names: BTreeSet<&str> = match &self.name {
            Some(name) => BTreeSet::from([name.as_str()]),
            None => issuer.categories.iter().map(|category| category.template.as_str()).collect(),
        };
        let press = global.press(names.clone(), &issuer)?;
        let mut faults = Vec::new();
        for name in &names {
            let found = press.check(name)?;
            faults.extend(found.iter().map(|fault| {
                let remedy = hints::of_trouble(&fault.trouble).unwrap_or_default();
                format!("template {name}, {fault}; {remedy}")
            }));
        }
        if !faults.is_empty() {
            bail!("{}", faults.join("\n  "));
        }
        Global::prepare(&press, &[Format::Png, Format::Pdf])?;
        if global.json {
            return present::json(&json!({ "sound": names }));
        }
        for name in names {
            present::line(&format!("{name} is sound"))?;
        }
        Ok(())
    }
}
