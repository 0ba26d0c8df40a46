//! TOML files that people write, read into a type: a mistake is shown with its line, an
//! unknown key with the nearest known one.

use serde::de::DeserializeOwned;

/// How alike two words must be (Jaro-Winkler, 0 to 1) for one to be a slip of the other.
const ALIKE: f64 = 0.7;

/// Reads the text of a TOML file.
///
/// # Errors
/// What is wrong with it, over several lines: the place, the line itself, and the matter.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    toml::from_str(text).map_err(|error| {
        let shown = error.to_string();
        let shown = shown.trim_end();
        match meant(error.message()) {
            Some(key) => format!("{shown}\ndid you mean `{key}`?"),
            None => shown.to_owned(),
        }
    })
}

/// The known key that an unknown one resembles most. serde names them all between backticks:
/// the unknown one first, then those it would take.
fn meant(message: &str) -> Option<&str> {
    if !message.starts_with("unknown field") && !message.starts_with("unknown variant") {
        return None;
    }
    let mut words = message.split('`').skip(1).step_by(2);
    let unknown = words.next()?;
    let alike = words.map(|known| (known, strsim::jaro_winkler(unknown, known)));
    let nearest = alike.max_by(|(_, a), (_, b)| a.total_cmp(b))?;
    (nearest.1 >= ALIKE).then_some(nearest.0)
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Field {
        #[serde(rename = "letter_spacing")]
        _letter_spacing: Option<f32>,
        #[serde(rename = "line_height")]
        _line_height: Option<f32>,
    }

    #[test]
    fn an_unknown_key_is_shown_with_its_line_and_the_nearest_known_one() {
        let error = read::<Field>("line_height = 1\nleter_spacing = 2\n").unwrap_err();
        assert!(error.contains("line 2"), "{error}");
        assert!(error.ends_with("did you mean `letter_spacing`?"), "{error}");
        let error = read::<Field>("zzz = 1\n").unwrap_err();
        assert!(!error.contains("did you mean"), "{error}");
    }
}
