//! Everybody who is seen, as sprites of one sheet; who is not seen costs nothing.

use std::collections::BTreeMap;

use bevy::asset::RenderAssetUsages;
use bevy::prelude::*;
use bevy::render::render_resource::{Extent3d, TextureDimension, TextureFormat};
use bevy::sprite::Anchor;
use bevy_egui::egui;

use super::{TILE, depth, spot};
use crate::app::Show;
use crate::sprites;

/// Sprites at once; who comes after that is only a dot on the small map.
const SEEN_MAX: usize = 6_000;

/// The sheet, and who has a sprite.
#[derive(Resource, Default)]
struct Cast {
    image: Handle<Image>,
    atlas: Handle<TextureAtlasLayout>,
    sprites: BTreeMap<u32, Entity>,
}

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Cast>()
        .add_systems(Startup, begin)
        .add_systems(Update, act);
}

fn begin(
    mut cast: ResMut<Cast>,
    mut images: ResMut<Assets<Image>>,
    mut atlases: ResMut<Assets<TextureAtlasLayout>>,
) {
    let size = Extent3d {
        width: sprites::SHEET.width(),
        height: sprites::SHEET.height(),
        depth_or_array_layers: 1,
    };
    let mut image = Image::new(
        size,
        TextureDimension::D2,
        sprites::SHEET.as_raw().clone(),
        TextureFormat::Rgba8UnormSrgb,
        RenderAssetUsages::RENDER_WORLD,
    );
    image.sampler = bevy::image::ImageSampler::nearest();
    cast.image = images.add(image);
    let (width, height) = sprites::SIZE;
    let (columns, rows) = sprites::GRID;
    let atlas = TextureAtlasLayout::from_grid(UVec2::new(width, height), columns, rows, None, None);
    cast.atlas = atlases.add(atlas);
}

/// Puts everybody who is seen where they are now.
fn act(
    mut commands: Commands,
    mut cast: ResMut<Cast>,
    show: NonSend<Show>,
    mut bodies: Query<(&mut Sprite, &mut Transform)>,
) {
    let cast = &mut *cast;
    let seen = show.view.camera.seen().expand(2.0);
    let now = show.now;
    let mut still: BTreeMap<u32, Entity> = BTreeMap::new();
    for person in show.mirror.world.people.values() {
        let (x, y) = person.at(now);
        if !seen.contains(egui::pos2(x, y)) || still.len() >= SEEN_MAX {
            continue;
        }
        let (index, mirrored) = sprites::frame(person, now);
        let feet = spot(x + 0.5, y + 1.0);
        let place = feet.extend(depth::PEOPLE + y / 64.0);
        if let Some(entity) = cast.sprites.remove(&person.no) {
            if let Ok((mut sprite, mut transform)) = bodies.get_mut(entity) {
                sprite.flip_x = mirrored;
                if let Some(atlas) = &mut sprite.texture_atlas {
                    atlas.index = index as usize;
                }
                transform.translation = place;
            }
            still.insert(person.no, entity);
            continue;
        }
        let mut sprite = Sprite::from_atlas_image(
            cast.image.clone(),
            TextureAtlas {
                layout: cast.atlas.clone(),
                index: index as usize,
            },
        );
        sprite.flip_x = mirrored;
        let scale = TILE / sprites::SIZE.0 as f32;
        let transform = Transform::from_translation(place).with_scale(Vec3::new(scale, scale, 1.0));
        let entity = commands
            .spawn((sprite, Anchor::BOTTOM_CENTER, transform))
            .id();
        still.insert(person.no, entity);
    }
    for entity in std::mem::take(&mut cast.sprites).into_values() {
        commands.entity(entity).despawn();
    }
    cast.sprites = still;
}
