//! Letters of all the world: egui's own fonts first, then what this machine has for scripts they lack.
//!
//! Nothing is shipped for them: the fonts of a system are those its people read.

use std::path::Path;
use std::sync::Arc;

use bevy_egui::egui;
use egui::{FontData, FontDefinitions, FontFamily};

/// Bytes of all the fonts together that are taken from the system.
const FONT_BYTES_MAX: u64 = 64 << 20;

/// Fonts with many glyphs, where systems keep them: Latin, Greek and Cyrillic with signs first, then other scripts.
const PLACES: [&str; 16] = [
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
    "/usr/share/fonts/TTF/DejaVuSans.ttf",
    "/usr/share/fonts/dejavu-sans-fonts/DejaVuSans.ttf",
    "/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf",
    "/usr/share/fonts/noto/NotoSans-Regular.ttf",
    "/usr/share/fonts/truetype/noto/NotoSansArabic-Regular.ttf",
    "/usr/share/fonts/truetype/noto/NotoSansHebrew-Regular.ttf",
    "/usr/share/fonts/truetype/noto/NotoSansDevanagari-Regular.ttf",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf",
    "/System/Library/Fonts/Supplemental/Arial Unicode.ttf",
    "/Library/Fonts/Arial Unicode.ttf",
    "C:\\Windows\\Fonts\\segoeui.ttf",
    "C:\\Windows\\Fonts\\seguisym.ttf",
    "C:\\Windows\\Fonts\\msgothic.ttc",
];

/// egui's fonts with those of the system behind them.
pub(crate) fn wide() -> FontDefinitions {
    with(FontDefinitions::default(), &PLACES, FONT_BYTES_MAX)
}

/// These fonts with those behind them that are there and fit.
fn with(mut fonts: FontDefinitions, places: &[&str], bytes_max: u64) -> FontDefinitions {
    let mut room = bytes_max;
    for place in places {
        let size = std::fs::metadata(place).map_or(u64::MAX, |it| it.len());
        if size > room {
            continue;
        }
        let Ok(bytes) = std::fs::read(Path::new(place)) else {
            continue;
        };
        room -= size;
        let data = Arc::new(FontData::from_owned(bytes));
        fonts.font_data.insert((*place).to_owned(), data);
        for family in [FontFamily::Proportional, FontFamily::Monospace] {
            fonts
                .families
                .entry(family)
                .or_default()
                .push((*place).to_owned());
        }
    }
    fonts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fonts_that_are_not_there_or_too_large_are_left_out() {
        let usual = FontDefinitions::default().font_data.len();
        let none = with(FontDefinitions::default(), &["/no/such/font.ttf"], 1 << 20);
        assert_eq!(none.font_data.len(), usual);
        let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
        let small = with(FontDefinitions::default(), &[manifest], 4);
        assert_eq!(small.font_data.len(), usual);
    }
}
