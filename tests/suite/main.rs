//! The tests that use Accolade as people do: through the real binary, in folders of their own.

mod adopt;
mod backgrounds;
mod bad_input;
mod checks;
mod drawings;
mod fields;
mod golden;
mod harness;
mod hostile;
mod house;
mod issue;
mod journal;
mod judges;
mod metadata;
mod names;
mod pages;
mod preview;
mod readme;
mod reissue;
mod replay;
mod rosters;
mod rosters_hostile;
mod stamping;
mod starting;
