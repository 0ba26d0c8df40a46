//! Cells as people see them: 20200001, not 20200001.0; 2021-02-01, not 44228.

use calamine::{Data, ExcelDateTime};

/// A cell as text, or the error it shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    Text(String),
    Error(String),
}

impl Default for Cell {
    fn default() -> Self {
        Self::Text(String::new())
    }
}

impl Cell {
    /// What is read in the cell.
    pub fn text(&self) -> &str {
        let (Self::Text(text) | Self::Error(text)) = self;
        text
    }

    pub fn is_empty(&self) -> bool {
        self.text().trim().is_empty()
    }
}

/// A value as its cell shows it.
pub fn shown(value: Data) -> Cell {
    Cell::Text(match value {
        Data::Empty => String::new(),
        Data::String(text) | Data::DurationIso(text) => text,
        Data::Int(number) => number.to_string(),
        Data::Float(number) => decimal(number),
        Data::Bool(true) => "TRUE".to_owned(),
        Data::Bool(false) => "FALSE".to_owned(),
        Data::DateTime(date) => date_and_time(date),
        Data::DateTimeIso(text) => {
            text.trim_end_matches(".000").trim_end_matches("T00:00:00").replace('T', " ")
        }
        Data::Error(error) => return Cell::Error(error.to_string()),
    })
}

/// A number with the fifteen digits that spreadsheets keep.
fn decimal(number: f64) -> String {
    let rounded = format!("{number:.14e}").parse().unwrap_or(number);
    if rounded == 0.0 { "0".to_owned() } else { format!("{rounded}") }
}

fn date_and_time(date: ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, _) = date.to_ymd_hms_milli();
    let time = format!("{hour:02}:{minute:02}:{second:02}");
    if date.is_duration() || (0.0..1.0).contains(&date.as_f64()) {
        time
    } else if (hour, minute, second) == (0, 0, 0) {
        format!("{year:04}-{month:02}-{day:02}")
    } else {
        format!("{year:04}-{month:02}-{day:02} {time}")
    }
}

#[cfg(test)]
mod tests {
    use calamine::ExcelDateTimeType;

    use super::*;

    #[test]
    fn values_read_as_their_cells_show_them() {
        let date =
            |value| Data::DateTime(ExcelDateTime::new(value, ExcelDateTimeType::DateTime, false));
        for (value, text) in [
            (Data::Float(20_200_001.0), "20200001"),
            (Data::Float(0.1 + 0.2), "0.3"),
            (Data::Float(-0.0), "0"),
            (Data::Float(1e15), "1000000000000000"),
            (Data::Int(7), "7"),
            (Data::Bool(true), "TRUE"),
            (date(44228.0), "2021-02-01"),
            (date(44228.5), "2021-02-01 12:00:00"),
            (Data::DateTimeIso("2021-02-01T00:00:00".to_owned()), "2021-02-01"),
            (Data::DateTimeIso("2021-02-01".to_owned()), "2021-02-01"),
        ] {
            assert_eq!(shown(value).text(), text);
        }
    }
}
