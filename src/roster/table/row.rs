//! A row of a table. Its cells are one text, for a roster may have millions of them.

/// One row.
#[derive(Debug)]
pub struct Row {
    /// The line it begins on, counted from 1; in a spreadsheet, the row as the program shows it.
    pub line: u64,
    text: Box<str>,
    /// Where each cell ends in the text, down to the last that has anything in it.
    ends: Box<[u32]>,
}

impl Row {
    /// The cell of a column as it stands; empty where there is nothing but spaces.
    pub fn cell(&self, place: usize) -> &str {
        let Some(end) = self.ends.get(place) else { return "" };
        let start = place.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[start as usize..*end as usize]
    }

    /// The cells down to the last that has anything in it.
    pub fn cells(&self) -> impl Iterator<Item = &str> {
        (0..self.ends.len()).map(|place| self.cell(place))
    }
}

/// A row as it is put together, cell by cell.
#[derive(Debug, Default)]
pub struct Draft {
    text: String,
    ends: Vec<u32>,
    /// The places there are.
    width: usize,
    /// How many cells there are, down to the last that has anything in it.
    filled: usize,
}

impl Draft {
    /// Begins a row of so many places.
    pub fn begin(&mut self, width: usize) {
        self.text.clear();
        self.ends.clear();
        (self.width, self.filled) = (width, 0);
    }

    /// Puts a text into a place; places come in order.
    pub fn put(&mut self, place: usize, text: &str) {
        // Spaces alone say nothing.
        if text.trim().is_empty() {
            return;
        }
        self.filled = place + 1;
        if place < self.width {
            // What a table may fill is far less than 4 GiB.
            self.ends.resize(place, self.text.len() as u32);
            self.text.push_str(text);
            self.ends.push(self.text.len() as u32);
        }
    }

    /// How many cells there are, down to the last that has anything in it.
    pub fn filled(&self) -> usize {
        self.filled
    }

    /// Bytes that the row will take in memory.
    pub fn memory(&self) -> usize {
        size_of::<Row>() + self.text.len() + size_of_val(self.ends.as_slice())
    }

    /// The row.
    pub fn row(&self, line: u64) -> Row {
        Row { line, text: self.text.as_str().into(), ends: self.ends.as_slice().into() }
    }
}
