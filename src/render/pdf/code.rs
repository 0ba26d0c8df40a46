//! QR codes as one filled path, so that no seam shows between modules.

use printpdf::Op;

use super::Sheet;
use super::content::{fill_color, operator};
use crate::template::Box;
use crate::typeset::Code;

/// Paints a code: the ground, then the dark modules, whose side is the unit of length from there
/// on, so that they are written as small whole numbers.
pub(super) fn paint(code: &Code, sheet: Sheet) -> Vec<Op> {
    let fill = || operator("f", &[]);
    let Box { left, top, width, height } = code.ground;
    let ground = [sheet.x(left), sheet.y(top + height), width * sheet.scale, height * sheet.scale];
    let module = code.module * sheet.scale;
    let modules = [module, 0.0, 0.0, -module, sheet.x(code.left), sheet.y(code.top)];
    let mut ops = vec![
        Op::SaveGraphicsState,
        fill_color(code.light_color),
        operator("re", &ground),
        fill(),
        fill_color(code.dark_color),
        operator("cm", &modules),
    ];
    ops.extend(code.runs().map(|(row, column, count)| {
        operator("re", &[column as f32, row as f32, count as f32, 1.0])
    }));
    ops.extend([fill(), Op::RestoreGraphicsState]);
    ops
}
