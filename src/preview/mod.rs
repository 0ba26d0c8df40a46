//! A preview: what a roster, or names of nobody, look like on templates before anything is
//! issued. [`hardest`] puts the hardest names first, [`sheet`] shows them small and side by
//! side, [`proof`] shows one in full with the boxes of its fields, [`files`] writes the two.

mod files;
mod hardest;
mod proof;
mod samples;
mod sheet;

use indexmap::IndexMap;
use rayon::prelude::*;
use serde::Serialize;

use crate::certificate::Format;
use crate::disk::DiskError;
use crate::fonts::Fonts;
use crate::issuance::{self, Planned};
use crate::render::pixels::Frame;
use crate::render::{Press, PressError};
use crate::roster::{self, Problem};
use crate::template::Template;
use crate::text::Text;
use crate::typeset::Page;

pub use files::{PROOF, SHEET, check_ours};
pub use hardest::Why;
pub use samples::{SAMPLES, samples};

use hardest::{Census, Name, Set, hardest_first};

/// The most certificates a contact sheet has: four or six to a row, they fill it evenly.
pub const MOST: usize = 24;

/// Why there is no preview.
#[derive(Debug, thiserror::Error)]
pub enum PreviewError {
    /// A template cannot be used, or can set nobody.
    #[error(transparent)]
    Press(#[from] PressError),
    /// A picture cannot be written.
    #[error(transparent)]
    Disk(#[from] DiskError),
    /// Something else stands where a picture should go.
    #[error("{} is there already, and is no picture of a preview", .0.display())]
    NotOurs(std::path::PathBuf),
    /// A picture cannot be encoded.
    #[error("a picture cannot be encoded")]
    Encode(#[from] png::EncodingError),
    /// The preview is there, and not all of the roster would become certificates.
    #[error("{file} will not do as it is: {}", roster::count(problems))]
    Refused {
        /// The roster, as it was named.
        file: String,
        /// Rows that cannot be read and names that cannot be set, in the order of the rows.
        problems: Vec<Problem>,
    },
}

/// Whose names they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Names {
    /// A roster's: people are found by their row.
    Roster,
    /// [`SAMPLES`]: there are no rows.
    Samples,
}

/// A preview, drawn and not yet written.
#[derive(Debug)]
pub struct Preview {
    /// What is on the contact sheet, in its order.
    pub cells: Vec<Cell>,
    /// How many names there was no place for.
    pub left_out: usize,
    /// Every name that cannot be set, on the sheet or not, by row.
    pub problems: Vec<Problem>,
    sheet: Frame,
    proof: Frame,
    /// Pixels in a metre of the proof on paper.
    proof_density: u32,
}

/// A certificate on the contact sheet.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Cell {
    /// Its place on the sheet, from 1.
    pub place: usize,
    /// The line of the roster it comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<u64>,
    /// The name.
    pub name: Text,
    /// The template it stands on.
    pub template: Text,
    /// Why it is hard.
    pub why: Why,
    /// The size it was set at, in template units to the em; nothing when it cannot be set.
    pub size: Option<f32>,
    /// The size of its field.
    pub full_size: Option<f32>,
}

/// A name that was set, or was not.
enum Attempt {
    Set { page: Page, measure: Measure },
    Refused { reason: String, problem: Problem },
}

/// How a name was set.
#[derive(Debug, Clone, Copy, Default)]
struct Measure {
    set: Set,
    size: f32,
    full_size: f32,
}

impl Attempt {
    fn measure(&self) -> Option<Measure> {
        match self {
            Self::Set { measure, .. } => Some(*measure),
            Self::Refused { .. } => None,
        }
    }
}

/// The names that stand on one template.
struct Section<'a> {
    template: &'a Template,
    /// How many names there are for it.
    total: usize,
    /// Places among the planned, hardest first, as many as the sheet takes.
    chosen: Vec<(usize, Why)>,
}

/// Draws a preview of certificates to come; there must be at least one.
///
/// # Errors
/// A template that cannot be drawn, or sets nobody. A name that cannot be set is no error.
pub fn draw(planned: &[Planned], press: &Press, names: Names) -> Result<Preview, PreviewError> {
    let attempts: Vec<Attempt> = planned
        .par_iter()
        .map(|planned| attempt(planned, press, names))
        .collect::<Result<_, _>>()?;
    press.prepare(&[Format::Png])?;
    let sections = sections(planned, &attempts, press)?;
    let chosen: Vec<(usize, Why)> =
        sections.iter().flat_map(|section| section.chosen.iter().copied()).collect();
    let cells: Vec<Cell> = (1..)
        .zip(&chosen)
        .map(|(place, (at, why))| {
            let (planned, measure) = (&planned[*at], attempts[*at].measure());
            Cell {
                place,
                row: (names == Names::Roster).then_some(planned.row),
                name: planned.certificate.name.clone(),
                template: planned.template.clone(),
                why: *why,
                size: measure.map(|measure| measure.size),
                full_size: measure.map(|measure| measure.full_size),
            }
        })
        .collect();
    let hardest = chosen.iter().find_map(|(at, _)| match &attempts[*at] {
        Attempt::Set { page, .. } => Some((Some(page), planned[*at].template.as_str())),
        Attempt::Refused { .. } => None,
    });
    let first = sections.first().map_or("", |section| section.template.name.as_str());
    let (page, template) = hardest.unwrap_or((None, first));
    let (sheet, proof) = rayon::join(
        || sheet::draw(&sections, &cells, &attempts, press),
        || proof::draw(page, template, press),
    );
    let problems = attempts.into_iter().filter_map(|attempt| match attempt {
        Attempt::Refused { problem, .. } => Some(problem),
        Attempt::Set { .. } => None,
    });
    let proof = proof?;
    let metres = press.template(template)?.paper.width_mm / 1000.0;
    Ok(Preview {
        left_out: planned.len() - cells.len(),
        cells,
        problems: problems.collect(),
        sheet: sheet?,
        proof_density: (proof.width as f32 / metres).round() as u32,
        proof,
    })
}

fn attempt(planned: &Planned, press: &Press, names: Names) -> Result<Attempt, PressError> {
    let template = press.template(&planned.template)?;
    match press.set(&planned.certificate, &planned.template) {
        Ok(page) => {
            let measure = measure(&page, template, press.fonts());
            Ok(Attempt::Set { page, measure })
        }
        Err(error) => {
            let trouble = match &error {
                PressError::Typeset(error) => error.trouble.to_string(),
                other => other.to_string(),
            };
            let mut problem = issuance::problem(planned, error)?;
            let reason = format!("{trouble}; {}", problem.remedy);
            problem.row = problem.row.filter(|_| names == Names::Roster);
            Ok(Attempt::Refused { reason, problem })
        }
    }
}

/// How the name was set: in the field where it is tightest.
fn measure(page: &Page, template: &Template, fonts: &Fonts) -> Measure {
    let fields =
        template.texts.iter().enumerate().filter(|(_, field)| {
            field.value.placeholders().any(|placeholder| placeholder == "name")
        });
    let of_field = fields.map(|(place, field)| {
        let lines = || page.lines.iter().filter(|line| line.field == place);
        let faces: Vec<_> = field.fonts.iter().filter_map(|name| fonts.named(name)).collect();
        let runs = || lines().flat_map(|line| &line.runs);
        let natural: f32 = lines().map(|line| line.width / line.size * field.size).sum();
        Measure {
            set: Set {
                fullness: natural / field.place.width,
                borrows: !faces.is_empty() && runs().any(|run| !faces.contains(&run.face)),
            },
            size: lines().map(|line| line.size).fold(field.size, f32::min),
            full_size: field.size,
        }
    });
    let tightest = of_field.max_by(|a, b| a.set.fullness.total_cmp(&b.set.fullness));
    tightest.unwrap_or_default()
}

/// The planned by template, hardest first. Places on the sheet go round the templates, so that
/// each has its hardest; the template with the tightest name comes first.
fn sections<'a>(
    planned: &[Planned],
    attempts: &[Attempt],
    press: &'a Press,
) -> Result<Vec<Section<'a>>, PressError> {
    let census = Census::of(planned.iter().map(|planned| planned.certificate.name.as_str()));
    let mut by_template: IndexMap<&str, Vec<usize>> = IndexMap::new();
    for (place, planned) in planned.iter().enumerate() {
        by_template.entry(&planned.template).or_default().push(place);
    }
    let mut sections = Vec::with_capacity(by_template.len());
    for (template, places) in by_template {
        let names: Vec<Name<'_>> = places
            .iter()
            .map(|place| Name {
                text: &planned[*place].certificate.name,
                set: attempts[*place].measure().map(|measure| measure.set),
            })
            .collect();
        let order = hardest_first(&names, &census);
        sections.push(Section {
            template: press.template(template)?,
            total: places.len(),
            chosen: order.into_iter().map(|(at, why)| (places[at], why)).collect(),
        });
    }
    let tightest = |section: &Section<'_>| {
        let set = section.chosen.iter().filter_map(|(place, _)| attempts[*place].measure());
        set.map(|measure| measure.set.fullness).reduce(f32::max).unwrap_or(f32::INFINITY)
    };
    sections.sort_by(|a, b| tightest(b).total_cmp(&tightest(a)));
    let mut shares = vec![0; sections.len()];
    let mut left = MOST.min(planned.len());
    while left > 0 {
        for (share, section) in shares.iter_mut().zip(&sections) {
            if left > 0 && *share < section.chosen.len() {
                *share += 1;
                left -= 1;
            }
        }
    }
    for (share, section) in shares.into_iter().zip(&mut sections) {
        section.chosen.truncate(share);
    }
    sections.retain(|section| !section.chosen.is_empty());
    Ok(sections)
}
