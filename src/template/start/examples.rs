//! Examples of the fields that a drawing does not say, at sensible places for its page.

use super::super::drawing::Fields;
use super::super::field::Value;
use super::super::style::Box;
use super::sheet::{Block, Sheet};

impl Sheet {
    /// Examples of what the drawing does not say.
    pub fn examples(&self, found: Option<&Fields>, text: &mut String) {
        let says = |placeholder: &str| {
            let values =
                found.iter().flat_map(|found| &found.texts).filter_map(|t| t.value.as_ref());
            values.flat_map(Value::placeholders).any(|said| said == placeholder)
        };
        let nothing = found.is_none_or(|found| found.texts.is_empty());
        let mut blocks = Vec::new();
        if !says("name") {
            blocks.push(self.name(nothing));
        }
        if !says("id") {
            blocks.push(self.number());
        }
        if !says("citation") {
            blocks.push(self.citation());
        }
        if found.is_none_or(|found| found.pictures.is_empty()) {
            blocks.push(self.seal());
        }
        if found.is_none_or(|found| found.codes.is_empty()) {
            blocks.push(self.verification());
        }
        if blocks.iter().any(|block| !block.live) {
            text.push_str("\n# Where a table is commented out, it is an example: take away the # to try it.\n");
        }
        for block in &blocks {
            block.write(text);
        }
    }

    fn name(&self, live: bool) -> Block {
        let [size, least] = [0.065, 0.03].map(|part| self.size(part));
        let lines = vec![
            "field = \"recipient\"".to_owned(),
            "value = \"{name}\"".to_owned(),
            self.part([0.1, 0.45, 0.8, 0.1]),
            "fonts = [\"Noto Serif Black\", \"Noto Serif CJK SC Black\"]".to_owned(),
            format!("size = {size}"),
            format!("min_size = {least}           # a longer name shrinks down to this"),
            "color = \"#000000\"".to_owned(),
        ];
        Block { about: "The name, in the middle".to_owned(), table: "text", lines, live }
    }

    fn number(&self) -> Block {
        let lines = vec![
            "field = \"number\"".to_owned(),
            "value = \"NO. {id}\"".to_owned(),
            self.part([0.58, 0.07, 0.34, 0.06]),
            "align = \"right\"".to_owned(),
            format!("size = {}", self.size(0.025)),
            "color = \"#000000\"".to_owned(),
        ];
        Block {
            about: "The number, at the upper right".to_owned(),
            table: "text",
            lines,
            live: false,
        }
    }

    fn citation(&self) -> Block {
        let [size, least] = [0.03, 0.018].map(|part| self.size(part));
        let lines = vec![
            "field = \"citation\"".to_owned(),
            "value = \"{citation}\"        # from accolade.toml".to_owned(),
            self.part([0.15, 0.57, 0.7, 0.16]),
            "fonts = [\"Noto Sans Regular\", \"Noto Sans CJK SC\"]".to_owned(),
            format!("size = {size}"),
            format!("min_size = {least}"),
            "wrap = true".to_owned(),
        ];
        Block {
            about: "A sentence, on as many lines as it takes".to_owned(),
            table: "text",
            lines,
            live: false,
        }
    }

    fn seal(&self) -> Block {
        let lines = vec![
            "field = \"signature\"".to_owned(),
            "file = \"signature.png\"      # beside this file".to_owned(),
            self.part([0.65, 0.76, 0.22, 0.1]),
        ];
        Block {
            about: "A picture: a signature, a seal, a logo".to_owned(),
            table: "picture",
            lines,
            live: false,
        }
    }

    fn verification(&self) -> Block {
        let side = 0.16 * self.width.min(self.height);
        let place =
            Box { left: 0.1 * self.width, top: 0.76 * self.height, width: side, height: side };
        let lines = vec![
            "field = \"verification\"".to_owned(),
            "value = \"{url}\"".to_owned(),
            self.place(place),
        ];
        Block { about: "A QR code".to_owned(), table: "qr", lines, live: false }
    }
}
