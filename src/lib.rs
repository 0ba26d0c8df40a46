//! Accolade issues certificates.
#![doc = "(map to come)"]

pub mod certificate;
pub mod cli;
pub mod disk;
pub mod export;
pub mod id;
pub mod issuance;
pub mod issuer;
pub mod pattern;
pub mod register;
pub mod render;
pub mod roster;
pub mod template;
pub mod typeset;
