//! Columns below each other, as wide as they look on a terminal: a Han character takes two
//! places.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Rows as lines, two spaces between the columns.
pub(super) fn aligned<const N: usize>(rows: &[[String; N]]) -> Vec<String> {
    let width = |column: usize| rows.iter().map(|row| row[column].width()).max().unwrap_or(0);
    let widths: [usize; N] = std::array::from_fn(width);
    let line = |row: &[String; N]| {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(widths) {
            if width > 0 {
                line.push_str(cell);
                line.push_str(&" ".repeat(width - cell.width() + 2));
            }
        }
        line.trim_end().to_owned()
    };
    rows.iter().map(line).collect()
}

/// A text cut to a width, with a sign where it was cut.
pub(super) fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut left = width.saturating_sub(1);
    let fits = |c: &char| {
        let rest = left.checked_sub(c.width().unwrap_or(0));
        left = rest.unwrap_or(left);
        rest.is_some()
    };
    text.chars().take_while(fits).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_below_each_other_whatever_the_script() {
        let row =
            |id: &str, name: &str, end: &str| [id.to_owned(), name.to_owned(), end.to_owned()];
        let rows = aligned(&[row("V1", "沈旭", "x"), row("V10", "Ann", "x"), row("V2", "", "")]);
        assert_eq!(rows, ["V1   沈旭  x", "V10  Ann   x", "V2"]);
    }

    #[test]
    fn long_texts_are_cut_between_characters() {
        assert_eq!(cut("沈旭沈旭", 8), "沈旭沈旭");
        assert_eq!(cut("沈旭沈旭", 6), "沈旭…");
        assert_eq!(cut("Maximiliane", 4), "Max…");
    }
}
