//! `accolade honor-roll`: the people of a year, thanked in public.

use clap::{Args, ValueEnum};
use serde_json::json;

use super::{Global, counted, present};
use crate::export::honor_roll::{self, Base, Page, Standing};
use crate::issuer::Issuer;
use crate::register::{RegisterError, journal};

const EXAMPLES: &str = "\
Examples:
  accolade honor-roll 2020
  accolade honor-roll 2020 --write
  accolade honor-roll 2020 --write --base https://raw.githubusercontent.com/me/us/main
  accolade honor-roll 2020 --category volunteer --format csv

--write makes a page a category and one for the year, where [honor_roll] in accolade.toml puts
them. On a page that is there, only what stands between these two lines is rewritten:
  <!-- accolade honor-roll begin -->
  <!-- accolade honor-roll end -->
The first of them keeps the base, so that it is said once. Revoked certificates are left out.";

/// Thank the people of a year in public: pages, or a table.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct HonorRoll {
    /// The year.
    year: u16,
    /// One category only: a key, title or alias.
    #[arg(long)]
    category: Option<String>,
    /// Write the pages rather than print the roll.
    #[arg(long)]
    write: bool,
    /// What to print.
    #[arg(long, value_enum, default_value_t = Kind::Markdown, conflicts_with = "write")]
    format: Kind,
    /// The address that links begin with, such as a raw URL or a permalink; empty for links
    /// from the page [default: as the page has it, else empty].
    #[arg(long, value_name = "URL")]
    base: Option<Base>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    Markdown,
    Html,
    Csv,
    Json,
}

impl HonorRoll {
    pub(super) fn run(self, global: &Global) -> anyhow::Result<()> {
        let issuer = Issuer::read(&global.folder)?;
        let register = journal::read(&global.folder)?;
        match register.conflicts() {
            none if none.is_empty() => {}
            conflicts => return Err(RegisterError::Conflicts(conflicts).into()),
        }
        let category = super::category_key(self.category.as_deref(), &issuer)?;
        let pages = honor_roll::pages(&register, &issuer, self.year, category.as_deref())?;
        if self.write {
            return write(&pages, self.base.as_ref(), global);
        }
        let roll = honor_roll::Roll::of(&register, &issuer, self.year, category.as_deref())?;
        let base = self.base.unwrap_or_default();
        // Links lead from the page that the roll would stand on.
        let of_category = category.is_some();
        let page = pages.iter().find(|page| page.of_category == of_category);
        let page = page.map_or("", |page| page.path.as_str());
        match self.format {
            Kind::Json => present::json(&roll.json(&base)),
            _ if global.json => present::json(&roll.json(&base)),
            Kind::Markdown => present::text(&roll.markdown(of_category, page, &base)),
            Kind::Html => present::text(&roll.html(of_category, page, &base)),
            Kind::Csv => present::text(&roll.csv(&base)?),
        }
    }
}

/// Writes what can be written, and prints what has no place to stand.
fn write(pages: &[Page], base: Option<&Base>, global: &Global) -> anyhow::Result<()> {
    // Whatever cannot be read is found before anything is written.
    let standings: Vec<Standing> =
        pages.iter().map(|page| page.standing(&global.folder, base)).collect::<Result<_, _>>()?;
    let (mut written, mut unmarked) = (Vec::new(), Vec::new());
    for (page, standing) in pages.iter().zip(&standings) {
        match standing {
            Standing::Missing(text) | Standing::Stale(text) => {
                page.write(&global.folder, text)?;
                written.push(page.path.as_str());
            }
            Standing::Unmarked(text) => unmarked.push((page.path.as_str(), text)),
            Standing::Current => global.whisper(&format!("{} is up to date", page.path)),
        }
    }
    if global.json {
        let unmarked: Vec<_> = unmarked
            .iter()
            .map(|(path, text)| json!({ "page": path, "would_stand": text }))
            .collect();
        present::json(&json!({ "written": written, "unmarked": unmarked }))?;
    } else {
        for path in &written {
            present::line(path)?;
        }
        for (_, text) in &unmarked {
            present::text(text)?;
        }
    }
    let current = pages.len() - written.len() - unmarked.len();
    global.say(&format!("{} written, {current} up to date", counted(written.len(), "page")));
    if unmarked.is_empty() {
        return Ok(());
    }
    let paths: Vec<&str> = unmarked.iter().map(|(path, _)| *path).collect();
    present::note(&format!(
        "{} was left alone, since no markers say where the roll is to stand; put these two lines \
         there and run the same command again, or paste what is printed:\n  {}\n  {}",
        paths.join(", "),
        honor_roll::BEGIN,
        honor_roll::END,
    ));
    Err(present::Told.into())
}
