//! QR codes as one filled path, so that no seam shows between modules.

use printpdf::Op;

use super::Sheet;
use super::content::{fill_color, operator};
use crate::template::Box;
use crate::typeset::Code;

/// Paints a code: the ground, then the dark modules.
pub(super) fn paint(code: &Code, sheet: Sheet) -> Vec<Op> {
    let fill = || operator("f", &[]);
    let mut ops = vec![
        Op::SaveGraphicsState,
        fill_color(code.light_color),
        rectangle(code.ground, sheet),
        fill(),
        fill_color(code.dark_color),
    ];
    ops.extend(code.runs().map(|(row, column, count)| {
        let run = Box {
            left: code.left + column as f32 * code.module,
            top: code.top + row as f32 * code.module,
            width: count as f32 * code.module,
            height: code.module,
        };
        rectangle(run, sheet)
    }));
    ops.extend([fill(), Op::RestoreGraphicsState]);
    ops
}

fn rectangle(area: Box, sheet: Sheet) -> Op {
    let (width, height) = (area.width * sheet.scale, area.height * sheet.scale);
    operator("re", &[sheet.x(area.left), sheet.y(area.top + area.height), width, height])
}
