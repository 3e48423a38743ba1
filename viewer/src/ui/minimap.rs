//! The small map in the corner: the whole town at one pixel a tile, with everybody as a dot.

use bevy_egui::egui;
use egui::{
    Color32, ColorImage, Painter, Pos2, Rect, Response, Sense, Stroke, TextureHandle, Ui, Vec2,
};
use image::RgbaImage;

use super::spoken::pictured;
use crate::mirror::TownPicture;
use crate::theme;
use crate::view::{CommandQueue, ViewContext, Wish};

/// Where the texture of the small map is kept.
fn key() -> egui::Id {
    egui::Id::new("minimap")
}

/// Flip flags that Tiled puts into the top bits of a tile's id.
const FLAGS: u32 = 0xF000_0000;

/// Paints the small map once its pictures are there.
pub(crate) fn paint(ctx: &egui::Context, map: &TownPicture, pictures: &[Option<RgbaImage>]) {
    let mut image = ColorImage::filled([map.width as usize, map.height as usize], theme::BEYOND);
    for layer in &map.layers {
        for (pixel, gid) in image.pixels.iter_mut().zip(&layer.gids) {
            if let Some([r, g, b, a]) = color(map, pictures, gid & !FLAGS) {
                let part = f32::from(a) / 255.0 * layer.opacity;
                *pixel = pixel.lerp_to_gamma(Color32::from_rgb(r, g, b), part);
            }
        }
    }
    let texture = ctx.load_texture("minimap", image, egui::TextureOptions::LINEAR);
    ctx.data_mut(|it| it.insert_temp(key(), texture));
}

/// The colour of a tile from afar.
fn color(map: &TownPicture, pictures: &[Option<RgbaImage>], gid: u32) -> Option<[u8; 4]> {
    let sets = map.tilesets.iter().enumerate();
    let (no, set) = sets
        .filter(|(_, it)| gid >= it.first_gid)
        .max_by_key(|(_, it)| it.first_gid)?;
    let picture = pictures.get(no)?.as_ref()?;
    let tile = gid - set.first_gid;
    let columns = set.columns.max(1);
    let left = set.margin + tile % columns * (set.tile_px.width + set.spacing);
    let top = set.margin + tile / columns * (set.tile_px.height + set.spacing);
    let mut sum = [0_u32; 4];
    let mut count = 0;
    for (dx, dy) in [(0.3, 0.3), (0.7, 0.3), (0.5, 0.5), (0.3, 0.7), (0.7, 0.7)] {
        let x = left + (set.tile_px.width as f32 * dx) as u32;
        let y = top + (set.tile_px.height as f32 * dy) as u32;
        let pixel = picture.get_pixel_checked(x, y)?;
        count += 1;
        let alpha = u32::from(pixel.0[3]);
        for (total, part) in sum.iter_mut().zip(pixel.0) {
            *total += u32::from(part) * alpha;
        }
    }
    let alpha = sum[3] / 255;
    (alpha > 0).then(|| {
        let part = |it: u32| (it / alpha.max(1)).min(255) as u8;
        [
            part(sum[0]),
            part(sum[1]),
            part(sum[2]),
            (alpha / count).min(255) as u8,
        ]
    })
}

/// Draws the small map into a corner of the map; a click shows that place.
pub(super) fn minimap_ui(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut Ui, within: Rect) {
    let Some(map) = ctx.mirror.map.as_deref().filter(|it| it.width > 0) else {
        return;
    };
    let width = theme::MINIMAP_WIDTH.min(within.width() * 0.3);
    let size = Vec2::new(width, width * map.height as f32 / map.width as f32);
    let corner = within.max - Vec2::splat(12.0);
    let rect = Rect::from_min_max(corner - size, corner);
    let whole = Rect::from_min_size(Pos2::ZERO, Vec2::new(map.width as f32, map.height as f32));
    // Who sees the whole map already needs no small one.
    let sees_all = ctx.view.camera.seen().expand(0.5).contains_rect(whole);
    if size.x < 60.0 || !within.contains_rect(rect) || sees_all {
        return;
    }
    let painter = ui.painter().clone();
    painter.rect_filled(rect.expand(3.0), 5, theme::HALO);
    let texture = ui.ctx().data(|it| it.get_temp::<TextureHandle>(key()));
    if let Some(texture) = texture {
        let all = Rect::from_min_max(Pos2::ZERO, Pos2::new(1.0, 1.0));
        painter.image(texture.id(), rect, all, Color32::WHITE);
    } else {
        painter.rect_filled(rect, 2, theme::BEYOND);
    }
    let scale = size.x / map.width as f32;
    dots(ctx, &painter, rect, scale);
    let seen = ctx.view.camera.seen();
    let at = |it: Pos2| rect.min + it.to_vec2() * scale;
    let frame = Rect::from_min_max(at(seen.min), at(seen.max)).intersect(rect);
    painter.rect_stroke(
        frame,
        2,
        Stroke::new(1.5, theme::PAPER),
        egui::StrokeKind::Inside,
    );
    let touched: Response = ui.interact(rect, ui.id().with("minimap"), Sense::click_and_drag());
    if let Some(pointer) = touched.interact_pointer_pos()
        && (touched.clicked() || touched.dragged())
    {
        let tile = (pointer - rect.min) / scale;
        let mut camera = ctx.view.camera;
        camera.middle = tile;
        out.push(Wish::Follow(false));
        out.push(Wish::Camera(camera));
    }
    pictured(&touched, "Small map of the whole town", String::new);
    touched.on_hover_text("The whole town: click to look there");
}

fn dots(ctx: &ViewContext<'_>, painter: &Painter, rect: Rect, scale: f32) {
    for person in ctx.mirror.world.people.values().take(3_000) {
        let at = rect.min + Vec2::new(f32::from(person.x) + 0.5, f32::from(person.y) + 0.5) * scale;
        let chosen = ctx.view.selected == Some(person.id);
        let (radius, color) = if chosen {
            (3.0, theme::YELLOW)
        } else {
            (1.4, Color32::WHITE)
        };
        painter.circle_filled(at, radius, color);
    }
}
