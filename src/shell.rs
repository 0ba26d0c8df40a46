//! Words as a shell takes them, for commands that are meant to be copied.

/// A word as a shell takes it for one.
#[must_use]
pub fn word(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./（）·".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// A command of this program about something: `options` are whole words already. What begins
/// with a dash stands at the end, where it is not taken for an option.
#[must_use]
pub fn command(verb: &str, about: &str, options: &str) -> String {
    let (about, dashed) = (word(about), about.starts_with('-'));
    match (options, dashed) {
        ("", false) => format!("accolade {verb} {about}"),
        ("", true) => format!("accolade {verb} -- {about}"),
        (options, false) => format!("accolade {verb} {about} {options}"),
        (options, true) => format!("accolade {verb} {options} -- {about}"),
    }
}

/// An option with its value, which may look like an option itself.
#[must_use]
pub fn option(name: &str, value: &str) -> String {
    let parted = if value.starts_with('-') { '=' } else { ' ' };
    format!("{name}{parted}{}", word(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_a_command_is_one_word() {
        assert_eq!(word("张城（元乙）"), "张城（元乙）");
        assert_eq!(word("Ann Lee"), "'Ann Lee'");
        assert_eq!(word("$(x)'y"), "'$(x)'\\''y'");
    }

    #[test]
    fn what_looks_like_an_option_is_none() {
        assert_eq!(command("reissue", "V1", "--redesign"), "accolade reissue V1 --redesign");
        assert_eq!(command("reissue", "-rf", "--redesign"), "accolade reissue --redesign -- -rf");
        assert_eq!(command("show", "-x y", ""), "accolade show -- '-x y'");
        assert_eq!(option("--name", "Ann"), "--name Ann");
        assert_eq!(option("--name", "-x y"), "--name='-x y'");
    }
}
