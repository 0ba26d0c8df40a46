//! A page of a PDF as pixels.

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_interpret::util::TransformExt;
use hayro::hayro_syntax::Pdf;
use hayro::kurbo::Affine;
use hayro::vello_cpu::color::palette::css::{TRANSPARENT, WHITE};
use hayro::vello_cpu::{
    Level, Pixmap, RasterizerSettings, RenderContext, RenderSettings, Resources, TargetInit,
};
use hayro::{RenderCache, render_into};

use super::{Under, whole};
use crate::template::PdfPage;

/// The thread that pages are drawn on: one whose panic is an error like any other, since the
/// library that draws is tried by strangers' files.
pub const THREAD: &str = "page";

/// Draws a page at a size in pixels: premultiplied RGBA.
pub(super) fn draw(page: &PdfPage, size: (f32, f32), under: Under) -> Result<Vec<u8>, String> {
    std::thread::scope(|scope| {
        let drawing = std::thread::Builder::new()
            .name(THREAD.to_owned())
            .spawn_scoped(scope, || draw_here(page, size, under));
        drawing.map_err(|error| error.to_string())?.join().unwrap_or_else(|_| {
            Err("it has something that cannot be drawn; save it anew, or as SVG or PNG".to_owned())
        })
    })
}

fn draw_here(page: &PdfPage, (width, height): (f32, f32), under: Under) -> Result<Vec<u8>, String> {
    let side = |pixels: f32| {
        u16::try_from(whole(pixels)).map_err(|_| format!("{pixels} pixels a side are too many"))
    };
    let (across, down) = (side(width)?, side(height)?);
    let pdf = Pdf::new(page.document())
        .map_err(|error| format!("it cannot be read as PDF: {error:?}"))?;
    let only = pdf.pages().first().ok_or("it is a PDF without a page")?;
    // The least that every processor can do, so that all of them give the same pixels.
    let settings = RenderSettings { level: Level::baseline(), num_threads: 0 };
    let mut context = RenderContext::new_with(across, down, settings);
    let scale =
        Affine::scale_non_uniform(f64::from(width) / page.width, f64::from(height) / page.height);
    render_into(
        only,
        &RenderCache::new(),
        &InterpreterSettings::default(),
        &hayro::RenderSettings { hinting: false, ..hayro::RenderSettings::default() },
        &mut context,
        scale * only.initial_transform(true).to_kurbo(),
    );
    context.flush();
    let mut pixmap = Pixmap::new(across, down);
    let color = match under {
        Under::Paper => WHITE,
        Under::Nothing => TRANSPARENT,
    };
    let target = RasterizerSettings {
        target_init: TargetInit::Clear(color),
        ..RasterizerSettings::default()
    };
    context.render_with(&mut pixmap, &mut Resources::default(), target);
    Ok(pixmap.data_as_u8_slice().to_vec())
}
