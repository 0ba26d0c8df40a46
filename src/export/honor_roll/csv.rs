//! The roll as a table for spreadsheets, which take no cell of it for a formula.

use super::link::Base;
use super::people::Roll;

impl Roll {
    /// The roll as CSV (RFC 4180, UTF-8, with a line of headers): category, number, name, the
    /// columns of all categories, and the file, as a path below the issuer's folder or on `base`.
    ///
    /// # Errors
    /// Those of the writer, which has none in memory.
    pub fn csv(&self, base: &Base) -> csv::Result<String> {
        let mut columns: Vec<&str> = Vec::new();
        for column in self.sections.iter().flat_map(|section| &section.columns) {
            if !columns.contains(&column.as_str()) {
                columns.push(column);
            }
        }
        let head = ["category", "title", "id", "name"].into_iter();
        let head = head.chain(columns.iter().copied()).chain(["file"]);
        let mut rows = vec![head.map(str::to_owned).collect::<Vec<_>>()];
        for section in &self.sections {
            for person in &section.people {
                let value = |column: &&str| {
                    let place = section.columns.iter().position(|other| other == column);
                    place.map(|place| person.cells[place].clone()).unwrap_or_default()
                };
                let file = match (&person.file, base) {
                    (Some(file), Base::Page) => file.clone(),
                    (Some(file), base) => base.link(file, ""),
                    (None, _) => String::new(),
                };
                let first = [&section.category, &section.title, &person.id, &person.name];
                let row = first.into_iter().cloned().chain(columns.iter().map(value));
                rows.push(row.chain([file]).collect());
            }
        }
        let mut bytes = Vec::new();
        let mut writer = csv::Writer::from_writer(&mut bytes);
        for row in &rows {
            writer.write_record(row.iter().map(|cell| harmless(cell)))?;
        }
        writer.flush()?;
        drop(writer);
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}

/// A cell that no spreadsheet takes for a formula: what could begin one has an apostrophe before
/// it, which marks a text (OWASP, CSV injection).
fn harmless(cell: &str) -> String {
    let cell: String = cell.chars().filter(|c| !super::is_unseen(*c) || *c == '\t').collect();
    // Full-width signs begin formulas too, where Chinese and Japanese are written.
    if cell.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
        || cell.starts_with('\t')
    {
        return format!("'{cell}");
    }
    cell
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "＝1"] {
            assert_eq!(harmless(formula), format!("'{formula}"));
        }
        assert_eq!(harmless("\r=1"), "'=1");
        assert_eq!(harmless("沈旭"), "沈旭");
        assert_eq!(harmless("a-b"), "a-b");
    }
}
