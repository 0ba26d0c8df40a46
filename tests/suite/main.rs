//! The tests that use Accolade as people do: through the real binary, in folders of their own.

mod adopt;
mod backgrounds;
mod bad_input;
mod check;
mod checks;
mod crash;
mod drawings;
mod export;
mod fields;
mod forgetting;
mod golden;
mod harness;
mod honor_roll;
mod hostile;
mod hostile_names;
mod house;
mod issue;
mod journal;
mod judges;
mod merges;
mod metadata;
mod moving;
mod names;
mod pages;
mod preview;
mod privacy;
mod readme;
mod register;
mod reissue;
mod replay;
mod rosters;
mod rosters_hostile;
mod stamping;
mod starting;
#[cfg(unix)]
mod stopped;
