//! The templates that come with the program: drawn for it, and copied out by `accolade init`.

/// A template in the binary.
#[derive(Debug, Clone, Copy)]
pub struct Bundled {
    /// Its name.
    pub name: &'static str,
    /// Its template.toml.
    pub description: &'static str,
    /// Its background.svg.
    pub background: &'static str,
}

/// All of them.
pub const BUNDLED: [Bundled; 2] = [
    Bundled {
        name: "classic",
        description: include_str!("../../templates/classic/template.toml"),
        background: include_str!("../../templates/classic/background.svg"),
    },
    Bundled {
        name: "aurora",
        description: include_str!("../../templates/aurora/template.toml"),
        background: include_str!("../../templates/aurora/background.svg"),
    },
];

impl Bundled {
    /// Its files: name and content.
    #[must_use]
    pub fn files(&self) -> [(&'static str, &'static str); 2] {
        [(super::FILE, self.description), ("background.svg", self.background)]
    }
}
