//! `accolade reissue`: one certificate drawn again under its number.

use std::collections::{BTreeMap, BTreeSet};

use clap::Args;
use serde_json::json;

use super::select::Selected;
use super::{Format, Global, formats, present};
use crate::issuance::{self, Changes};
use crate::issuer::Issuer;

const EXAMPLES: &str = "\
Examples:
  accolade reissue C20200021 --name 崔皓 --reason typo
  accolade reissue M20200001 --set 城市站=上海站
  accolade reissue V20200001 --redesign

Number and date of issue stay as they are; only this certificate's files and one line of the
register are written.";

/// Draw one certificate again, mended or not, under its number.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Reissue {
    #[command(flatten)]
    selected: Selected,
    /// The name it should bear.
    #[arg(long)]
    name: Option<String>,
    /// A public column that should say something else; empty takes it away.
    #[arg(long = "set", value_name = "COLUMN=VALUE", value_parser = assignment)]
    set: Vec<(String, String)>,
    /// Why; the register keeps it.
    #[arg(long)]
    reason: Option<String>,
    /// Draw it with the template as it is now, although it has changed; or with its category's,
    /// where other hands made it.
    #[arg(long)]
    redesign: bool,
    /// Write these formats [default: those in accolade.toml].
    #[arg(long, value_delimiter = ',', value_name = "FORMATS")]
    format: Vec<Format>,
}

fn assignment(text: &str) -> Result<(String, String), String> {
    let (column, value) = text.split_once('=').ok_or("write it as COLUMN=VALUE")?;
    Ok((column.trim().to_owned(), value.trim().to_owned()))
}

impl Reissue {
    pub(super) fn run(self, global: &Global) -> anyhow::Result<()> {
        let issuer = Issuer::read(&global.folder)?;
        let mut journal = global.open_journal()?;
        let place = self.selected.find(journal.register())?;
        let record = &journal.register().records()[place];
        let template = issuance::template(&record.entry, &issuer)?;
        let press = global.press(BTreeSet::from([&**template]), &issuer)?;
        let formats =
            if self.format.is_empty() { issuer.formats.clone() } else { formats(&self.format) };
        Global::prepare(&press, &formats)?;
        let changes = Changes {
            name: self.name,
            fields: self.set.into_iter().collect::<BTreeMap<_, _>>(),
            redesign: self.redesign,
            reason: self.reason,
        };
        let certificate = issuance::reissue(
            place,
            &changes,
            &formats,
            &issuer,
            &press,
            &global.folder,
            &mut journal,
        )?;
        let files: Vec<String> =
            formats.iter().map(|format| format!("{}.{format}", certificate.path)).collect();
        if global.json {
            return present::json(&json!({ "reissued": certificate, "files": files }));
        }
        for file in files {
            present::line(&file)?;
        }
        global.say(&format!("reissued {} for {}", certificate.id, certificate.name));
        Ok(())
    }
}
