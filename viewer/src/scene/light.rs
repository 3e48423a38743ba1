//! The light of the hour: a picture laid over the map, dark at night, with warm windows where somebody is awake and lamps at doors.

use bevy::asset::RenderAssetUsages;
use bevy::prelude::*;
use bevy::render::render_resource::{Extent3d, TextureDimension, TextureFormat};
use bevy::sprite::Anchor;
use hamlet_protocol::agent::Activity;
use hamlet_protocol::time::SimTime;

use super::{TILE, depth};
use crate::app::Show;
use crate::mirror::{Mirror, TownPicture};

/// Pixels of the light's picture per tile.
const PX: usize = 3;
/// Largest side of a map that has lamps, in tiles; larger ones are lit evenly.
const SIDE_MAX: u32 = 512;
/// Seconds between two paintings at dawn and dusk.
const EVERY_SECS: f64 = 0.7;
/// Tiles that a lamp at a door reaches.
const LAMP_TILES: f32 = 3.6;

/// Red, green, blue and how much of it lies over the map, 0 to 1.
pub(crate) type Tint = [f32; 4];

/// The sky's tint at hours of the day; between them it changes evenly.
const SKY: [(f32, Tint); 9] = [
    (0.0, [0.03, 0.05, 0.20, 0.62]),
    (4.5, [0.03, 0.05, 0.20, 0.60]),
    (6.0, [0.45, 0.25, 0.35, 0.30]),
    (7.5, [1.0, 0.80, 0.55, 0.08]),
    (9.0, [1.0, 0.95, 0.85, 0.0]),
    (17.0, [1.0, 0.90, 0.70, 0.0]),
    (19.0, [0.95, 0.50, 0.25, 0.18]),
    (20.5, [0.25, 0.15, 0.40, 0.42]),
    (22.5, [0.03, 0.05, 0.20, 0.60]),
];

/// The tint of a moment.
pub(crate) fn sky(time: i64) -> Tint {
    let hour = SimTime(time).second_of_day() as f32 / 3600.0;
    let next = SKY.iter().position(|it| it.0 > hour).unwrap_or(SKY.len());
    let before = SKY[next.saturating_sub(1)];
    let after = SKY.get(next).copied().unwrap_or((24.0, SKY[0].1));
    let part = (hour - before.0) / (after.0 - before.0).max(0.01);
    std::array::from_fn(|i| before.1[i] + (after.1[i] - before.1[i]) * part)
}

/// The picture over the map.
#[derive(Resource, Default)]
struct Light {
    image: Handle<Image>,
    lamps: Vec<f32>,
    size: (usize, usize),
    painted_at: f64,
    tint: Option<Tint>,
}

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Light>().add_systems(Update, shine);
}

fn shine(
    mut commands: Commands,
    mut light: ResMut<Light>,
    show: NonSend<Show>,
    mut images: ResMut<Assets<Image>>,
) {
    let Some(map) = show.mirror.map.as_deref().filter(|it| it.width > 0) else {
        return;
    };
    let light = &mut *light;
    if light.size.0 == 0 {
        begin(&mut commands, light, map, &mut images);
    }
    let tint = sky(show.mirror.world.time);
    let dark = tint[3] > 0.01;
    let same = light.tint == Some(tint);
    let recent = show.now - light.painted_at < EVERY_SECS;
    if !show.mirror.world.known || recent || (same && !dark) {
        return;
    }
    light.painted_at = show.now;
    light.tint = Some(tint);
    lamps(light, map, &show.mirror);
    let Some(mut image) = images.get_mut(&light.image) else {
        return;
    };
    if let Some(data) = image.data.as_mut() {
        for (pixel, lamp) in data.chunks_exact_mut(4).zip(&light.lamps) {
            pixel.copy_from_slice(&mix(tint, *lamp));
        }
    }
}

/// The tint of a pixel that a lamp shines on, 0 to 1.
fn mix([r, g, b, a]: Tint, lamp: f32) -> [u8; 4] {
    let lamp = lamp.clamp(0.0, 1.0) * (a * 2.0).min(1.0);
    let warm = [1.0, 0.72, 0.34, 0.13 * (a * 2.0).min(1.0)];
    let byte = |cold: f32, warm: f32| ((cold + (warm - cold) * lamp) * 255.0) as u8;
    [
        byte(r, warm[0]),
        byte(g, warm[1]),
        byte(b, warm[2]),
        byte(a, warm[3]),
    ]
}

fn begin(
    commands: &mut Commands,
    light: &mut Light,
    map: &TownPicture,
    images: &mut Assets<Image>,
) {
    let even = map.width > SIDE_MAX || map.height > SIDE_MAX;
    light.size = if even {
        (1, 1)
    } else {
        (map.width as usize * PX, map.height as usize * PX)
    };
    light.lamps = vec![0.0; light.size.0 * light.size.1];
    let size = Extent3d {
        width: light.size.0 as u32,
        height: light.size.1 as u32,
        depth_or_array_layers: 1,
    };
    let mut image = Image::new_fill(
        size,
        TextureDimension::D2,
        &[0, 0, 0, 0],
        TextureFormat::Rgba8UnormSrgb,
        RenderAssetUsages::default(),
    );
    image.sampler = bevy::image::ImageSampler::linear();
    light.image = images.add(image);
    let mut sprite = Sprite::from_image(light.image.clone());
    sprite.custom_size = Some(Vec2::new(map.width as f32, map.height as f32) * TILE);
    let place = Transform::from_xyz(0.0, 0.0, depth::LIGHT);
    commands.spawn((sprite, Anchor::TOP_LEFT, place));
}

/// Where lamps shine: at the doors of what is not a home, and in every house where somebody is awake.
fn lamps(light: &mut Light, map: &TownPicture, mirror: &Mirror) {
    light.lamps.fill(0.0);
    if light.size == (1, 1) {
        return;
    }
    let awake = mirror
        .world
        .people
        .values()
        .filter(|it| it.activity != Activity::Sleeping);
    let awake: Vec<(u16, u16)> = awake.map(|it| (it.x, it.y)).collect();
    for place in &map.places {
        let home = place.kind == "home";
        let roofed = !matches!(place.kind.as_str(), "park" | "market" | "place" | "board");
        let inside = awake.iter().any(|&(x, y)| place.area.contains(x, y));
        if roofed && inside {
            for row in 0..usize::from(place.area.height) * PX {
                for column in 0..usize::from(place.area.width) * PX {
                    let x = usize::from(place.area.x) * PX + column;
                    let y = usize::from(place.area.y) * PX + row;
                    raise(light, x, y, 0.85);
                }
            }
        }
        if !home || inside {
            let x = f32::from(place.entrance.x) + 0.5;
            let y = f32::from(place.entrance.y) + 0.5;
            glow(light, x, y, LAMP_TILES, if roofed { 0.8 } else { 0.6 });
        }
        if !roofed && place.kind == "market" {
            let (x, y) = place.area.middle();
            glow(light, x, y, f32::from(place.area.width) * 0.6, 0.7);
        }
    }
}

fn glow(light: &mut Light, x: f32, y: f32, reach: f32, strength: f32) {
    let px = PX as f32;
    let from = |middle: f32| ((middle - reach) * px).max(0.0) as usize;
    let to = |middle: f32| ((middle + reach) * px).max(0.0) as usize;
    for row in from(y)..=to(y) {
        for column in from(x)..=to(x) {
            let dx = (column as f32 + 0.5) / px - x;
            let dy = (row as f32 + 0.5) / px - y;
            let near = 1.0 - (dx * dx + dy * dy).sqrt() / reach;
            if near > 0.0 {
                raise(light, column, row, strength * near);
            }
        }
    }
}

fn raise(light: &mut Light, x: usize, y: usize, to: f32) {
    if x < light.size.0 && y < light.size.1 {
        let lamp = &mut light.lamps[y * light.size.0 + x];
        *lamp = lamp.max(to);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noon_is_clear_and_midnight_is_dark() {
        let at = |hour: f64| sky((hour * 3600.0) as i64);
        assert_eq!(at(12.0)[3], 0.0);
        assert!(at(0.0)[3] > 0.5 && at(23.9)[3] > 0.5);
        assert!(at(6.5)[3] < at(5.0)[3], "it gets light");
        let minutes = (0..1440).map(|it| at(f64::from(it) / 60.0)[3]);
        let minutes: Vec<f32> = minutes.collect();
        assert!(
            minutes.windows(2).all(|it| (it[0] - it[1]).abs() < 0.02),
            "it never jumps"
        );
    }

    #[test]
    fn a_lamp_takes_the_night_away() {
        let night = sky(0);
        let [dark, lit] = [0.0, 1.0].map(|lamp| mix(night, lamp));
        assert!(lit[3] < dark[3] && lit[0] > dark[0]);
        assert_eq!(mix(sky(12 * 3600), 1.0)[3], 0, "by day nobody sees it");
    }
}
