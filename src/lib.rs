//! Accolade issues certificates: a roster in, numbered PNGs and PDFs out, and one readable
//! register of all that was ever issued.
//!
//! # The way of the data
//! ```text
//! roster ──roster──▶ Recipient ──issuance──▶ Certificate ──typeset──▶ Page ──render──▶ PNG, PDF
//!                      ▲ issuer                ▲ register     ▲ template, fonts          │
//!                                                                             export ◀───┘
//! ```
//! One layout, two painters: [`typeset`] decides every glyph, its face and its place once, in
//! template units; [`render`] only paints that page, as pixels or as PDF. So PNG and PDF agree
//! by construction. Every output is a function of its inputs: the same register, templates and
//! fonts give the same bytes on every machine.
//!
//! # The house
//! Rooms import downwards only; a test keeps it so. Below [`cli`] nothing prints, knows clap,
//! or reads the clock or the environment.
//!
//! | room | its one job |
//! |---|---|
//! | [`cli`] | one file a command; progress, tables, errors and hints |
//! | [`check`] | whether all is well: numbers, files, templates, pages, and what mends them |
//! | [`verify`] | whether a file is a certificate that was issued, stands, and is unaltered |
//! | [`export`] | a year's set, handed out; its honour roll |
//! | [`preview`] | certificates to look at before any is issued: the hardest names, a proof with boxes |
//! | [`issuance`] | what roster and register make of each other; the order of work: set all, then draw, append, write |
//! | [`render`] | a page to pixels, pixels to PNG, a page to PDF; what files say of themselves |
//! | [`typeset`] | shaping, fitting, QR codes: a certificate on its template, or an error that names the field |
//! | [`template`] | template.toml and background to a template |
//! | [`register`] | events, their journal, what they add up to, the next number |
//! | [`roster`] | a roster to recipients, with every problem found |
//! | [`fonts`] | the faces there are: the issuer's own, then those in the program |
//! | [`issuer`] | accolade.toml to an issuer and its categories |
//! | [`trust`] | keys and signatures in OpenSSH's formats: who may sign, and whether a signature is theirs |
//! | [`certificate`], [`id`], [`pattern`], [`wording`], [`text`], [`settings`], [`shell`], [`shard`], [`pdf_file`], [`disk`] | the people and papers; numbers; text with placeholders; what may be published; text held once; TOML; commands to be copied; a part of many; the bones of a PDF; files |

pub mod certificate;
pub mod check;
pub mod cli;
pub mod disk;
pub mod export;
pub mod fonts;
pub mod id;
pub mod issuance;
pub mod issuer;
pub mod pattern;
pub mod pdf_file;
pub mod preview;
pub mod register;
pub mod render;
pub mod roster;
pub mod settings;
pub mod shard;
pub mod shell;
pub mod template;
pub mod text;
pub mod trust;
pub mod typeset;
pub mod verify;
pub mod wording;
