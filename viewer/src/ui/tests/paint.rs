//! Paints egui's triangles on the processor: slow, small, and the same everywhere.

use std::collections::HashMap;

use bevy_egui::egui;
use egui::epaint::{Primitive, Vertex};
use egui::{Color32, ColorImage, ImageData, Pos2, TextureFilter, TextureId, TexturesDelta};
use egui_kittest::TestRenderer;
use image::RgbaImage;

/// Textures, and how they are looked at.
#[derive(Default)]
pub(super) struct Painter {
    textures: HashMap<TextureId, (ColorImage, bool)>,
}

impl TestRenderer for Painter {
    fn handle_delta(&mut self, delta: &mut TexturesDelta) {
        #[expect(clippy::iter_over_hash_type, reason = "every texture is its own")]
        for (id, deltas) in delta.set.drain() {
            for delta in deltas {
                let ImageData::Color(image) = &delta.image;
                let smooth = delta.options.magnification == TextureFilter::Linear;
                match delta.pos {
                    None => {
                        self.textures.insert(id, ((**image).clone(), smooth));
                    }
                    Some([left, top]) => {
                        if let Some((whole, _)) = self.textures.get_mut(&id) {
                            patch(whole, image, left, top);
                        }
                    }
                }
            }
        }
        #[expect(clippy::iter_over_hash_type, reason = "every texture is its own")]
        for id in delta.free.drain() {
            self.textures.remove(&id);
        }
    }

    fn render(
        &mut self,
        ctx: &egui::Context,
        output: &egui::FullOutput,
    ) -> Result<RgbaImage, String> {
        let points = output.pixels_per_point;
        let size = ctx.content_rect().size() * points;
        let mut canvas = ColorImage::filled([size.x as usize, size.y as usize], Color32::BLACK);
        for clipped in ctx.tessellate(output.shapes.clone(), points) {
            let Primitive::Mesh(mesh) = clipped.primitive else {
                continue;
            };
            let Some((texture, smooth)) = self.textures.get(&mesh.texture_id) else {
                continue;
            };
            let (min, max) = (
                clipped.clip_rect.min * points,
                clipped.clip_rect.max * points,
            );
            let clip = [
                min.x.round().max(0.0) as usize,
                min.y.round().max(0.0) as usize,
                (max.x.round().max(0.0) as usize).min(canvas.size[0]),
                (max.y.round().max(0.0) as usize).min(canvas.size[1]),
            ];
            for corner in mesh.indices.chunks_exact(3) {
                let triangle = [0, 1, 2].map(|it| {
                    let vertex = mesh.vertices[corner[it] as usize];
                    Vertex {
                        pos: vertex.pos * points,
                        ..vertex
                    }
                });
                fill(&mut canvas, clip, &triangle, texture, *smooth);
            }
        }
        let bytes = canvas
            .pixels
            .iter()
            .flat_map(|it| [it.r(), it.g(), it.b(), 255]);
        RgbaImage::from_raw(
            canvas.size[0] as u32,
            canvas.size[1] as u32,
            bytes.collect(),
        )
        .ok_or_else(|| "the picture has no size".to_owned())
    }
}

fn patch(whole: &mut ColorImage, part: &ColorImage, left: usize, top: usize) {
    for y in 0..part.size[1] {
        for x in 0..part.size[0] {
            whole[(left + x, top + y)] = part[(x, y)];
        }
    }
}

/// Fills a triangle: every pixel whose middle lies in it, edges shared by two triangles once.
fn fill(
    canvas: &mut ColorImage,
    [left, top, right, bottom]: [usize; 4],
    triangle: &[Vertex; 3],
    texture: &ColorImage,
    smooth: bool,
) {
    let [mut a, b, mut c] = *triangle;
    if edge(a.pos, b.pos, c.pos) < 0.0 {
        std::mem::swap(&mut a, &mut c);
    }
    let area = edge(a.pos, b.pos, c.pos);
    if area < 1e-6 {
        return;
    }
    let bound = |low: f32, high: f32, from: usize, to: usize| {
        let first = (low.floor().max(0.0) as usize).max(from);
        first..(high.ceil().max(0.0) as usize + 1).min(to)
    };
    let (xs, ys) = ([a.pos.x, b.pos.x, c.pos.x], [a.pos.y, b.pos.y, c.pos.y]);
    let low = |it: [f32; 3]| it.into_iter().fold(f32::MAX, f32::min);
    let high = |it: [f32; 3]| it.into_iter().fold(f32::MIN, f32::max);
    for y in bound(low(ys), high(ys), top, bottom) {
        for x in bound(low(xs), high(xs), left, right) {
            let at = Pos2::new(x as f32 + 0.5, y as f32 + 0.5);
            let sides =
                [(b, c), (c, a), (a, b)].map(|(from, to)| (edge(from.pos, to.pos, at), from, to));
            let inside = sides
                .iter()
                .all(|(far, from, to)| *far > 0.0 || (*far == 0.0 && owns(from.pos, to.pos)));
            if !inside {
                continue;
            }
            let parts = sides.map(|it| it.0 / area);
            let mix = |value: fn(&Vertex) -> f32| {
                parts[0] * value(&a) + parts[1] * value(&b) + parts[2] * value(&c)
            };
            let texel = look(texture, mix(|it| it.uv.x), mix(|it| it.uv.y), smooth);
            let tint = [
                mix(|it| f32::from(it.color.r())),
                mix(|it| f32::from(it.color.g())),
                mix(|it| f32::from(it.color.b())),
                mix(|it| f32::from(it.color.a())),
            ];
            let source: [f32; 4] = std::array::from_fn(|it| texel[it] * tint[it] / 255.0);
            let below = canvas[(x, y)];
            let over = |top: f32, below: u8| {
                (top + f32::from(below) * (1.0 - source[3] / 255.0))
                    .round()
                    .clamp(0.0, 255.0) as u8
            };
            canvas[(x, y)] = Color32::from_rgb(
                over(source[0], below.r()),
                over(source[1], below.g()),
                over(source[2], below.b()),
            );
        }
    }
}

/// Twice the area of the triangle; positive when it turns to the right on the screen.
fn edge(a: Pos2, b: Pos2, c: Pos2) -> f32 {
    (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)
}

/// Whether pixels exactly on this edge belong to the triangle: of two that share it, one.
fn owns(from: Pos2, to: Pos2) -> bool {
    let (dx, dy) = (to.x - from.x, to.y - from.y);
    dy < 0.0 || (dy == 0.0 && dx > 0.0)
}

/// The colour of a texture at a place between 0 and 1.
fn look(texture: &ColorImage, u: f32, v: f32, smooth: bool) -> [f32; 4] {
    let [width, height] = texture.size;
    let at = |x: i64, y: i64| {
        let x = x.clamp(0, width as i64 - 1) as usize;
        let y = y.clamp(0, height as i64 - 1) as usize;
        texture[(x, y)].to_array().map(f32::from)
    };
    let (x, y) = (u * width as f32, v * height as f32);
    if !smooth {
        return at(x.floor() as i64, y.floor() as i64);
    }
    let (x, y) = (x - 0.5, y - 0.5);
    let (left, top) = (x.floor(), y.floor());
    let (dx, dy) = (x - left, y - top);
    let (left, top) = (left as i64, top as i64);
    let corners = [
        at(left, top),
        at(left + 1, top),
        at(left, top + 1),
        at(left + 1, top + 1),
    ];
    std::array::from_fn(|it| {
        let upper = corners[0][it] * (1.0 - dx) + corners[1][it] * dx;
        let lower = corners[2][it] * (1.0 - dx) + corners[3][it] * dx;
        upper * (1.0 - dy) + lower * dy
    })
}
