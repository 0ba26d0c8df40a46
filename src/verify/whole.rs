//! What a manifest says of its set as a whole: whose it is, of which year, and of which state of
//! the register.

use super::Known;
use crate::export::manifest::Manifest;
use crate::register::{RegisterError, stamp};

/// How a manifest as a whole stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whole {
    /// It agrees with what is known.
    Agrees,
    /// So it does, and it is of an earlier state of the register.
    Earlier,
    /// It may agree: since somebody was forgotten, the lines it was made from are no more.
    Rewritten,
    /// It does not agree, and how.
    Altered(String),
}

/// Holds a manifest as a whole against what is known.
///
/// # Errors
/// When the register cannot be read again.
pub fn whole(manifest: &Manifest, known: &Known) -> Result<Whole, RegisterError> {
    let Manifest { issuer, url, year, certificates, .. } = manifest;
    let altered = |how: String| Ok(Whole::Altered(how));
    if let Some(other) = certificates.iter().find(|listed| listed.year != *year) {
        return altered(format!("its manifest is of {year}, and lists one of {}", other.year));
    }
    if !known.issuers.is_empty() && !known.issuers.contains(issuer) {
        return altered(format!(
            "no certificate is of the issuer that its manifest names, {issuer}"
        ));
    }
    if !known.addresses.is_empty() && !known.addresses.iter().any(|known| is_below(known, url)) {
        return altered(format!("the address that its manifest names, {url}, is not the issuer's"));
    }
    let Some(folder) = &known.folder else { return Ok(Whole::Agrees) };
    let state = stamp::begins(folder, &manifest.register)?;
    Ok(match state {
        // A line has one certificate at most, and the first has none.
        Some(_) if certificates.len() >= manifest.register.lines.max(1) => {
            Whole::Altered("its manifest lists more than the register had then".to_owned())
        }
        Some(0) => Whole::Agrees,
        Some(_) => Whole::Earlier,
        None if known.has_forgotten => Whole::Rewritten,
        None => Whole::Altered(
            "its manifest is of no state of this register: it was altered, or a merge has put \
             lines before those it was made from; then export the set again"
                .to_owned(),
        ),
    })
}

/// Whether an address is a home page or lies below it.
fn is_below(address: &str, home: &str) -> bool {
    let home = home.trim_end_matches('/');
    let rest = address.trim_end_matches('/').strip_prefix(home);
    home.contains("://") && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
