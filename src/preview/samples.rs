//! Names of nobody, in many scripts and lengths, for those who try a template before they have
//! a roster.

use chrono::NaiveDate;

use crate::certificate::{Fields, Recipient};
use crate::issuer::{Category, Issuer};
use crate::text::Text;

/// The names. Each can be set with the fonts in the program.
pub const SAMPLES: [&str; 24] = [
    "María Fernanda de los Ángeles Ejemplo y Muestra",
    "沈某",
    "محمد المثال بن عبد النموذج",
    "欧阳样本",
    "Al",
    "Þórunn Dæmisdóttir",
    "Nguyễn Thị Mẫu Ví Dụ",
    "Зразкова-Прикладенко Оксана",
    "見本 花子",
    "उदाहरण कुमार नमूना",
    "甲",
    "Łukasz Przykładowski-Żółć",
    "홍보기",
    "דוגמה בן־חיים",
    "古丽娜尔·样本江",
    "ตัวอย่าง สมมุติชื่อ",
    "D’Esempio-O’Sample",
    "Παράδειγμα Δείγματος",
    "样本（示例）",
    "Gülşen Örnekoğlu",
    "サンプル・タロウ",
    "Zoë Muster 陈例",
    "龦某某",
    "Mx. Robin Sample (they/them)",
];

/// A recipient of a category for each name; public columns say what they are called.
#[must_use]
pub fn samples(category: &Category, issuer: &Issuer, year: u16, date: NaiveDate) -> Vec<Recipient> {
    let columns = issuer.public.iter().map(|column| Text::from(column.as_str()));
    let fields: Fields = columns.map(|column| (column.clone(), column)).collect();
    let recipient = |(row, name): (u64, &str)| Recipient {
        row,
        category: category.key.clone(),
        year,
        date,
        dated: false,
        name: name.into(),
        key: None,
        id: None,
        fields: fields.clone(),
    };
    (1..).zip(SAMPLES).map(recipient).collect()
}
