//! The tiles of the map.

use bevy::asset::RenderAssetUsages;
use bevy::prelude::*;
use bevy::render::render_resource::{Extent3d, TextureDimension, TextureFormat};
use bevy_ecs_tilemap::prelude::*;
use image::RgbaImage;

use super::{TILE, depth};
use crate::app::Show;
use crate::mirror::{Layer, TownPicture};
use crate::wire::TilesetShape;

/// Flip flags that Tiled puts into the top bits of a tile's id: mirrored, upside down, along the diagonal.
const MIRRORED: u32 = 0x8000_0000;
const UPSIDE_DOWN: u32 = 0x4000_0000;
const DIAGONAL: u32 = 0x2000_0000;
const FLAGS: u32 = 0xF000_0000;
/// Most tiles of a set: layers of a texture on the weakest devices we draw on.
const SET_TILES_MAX: u32 = 2_048;

/// Pictures of the map's tilesets as they came.
#[derive(Resource, Debug, Default)]
pub(crate) struct Tilesets {
    /// By number; the outer `None`: not come yet, the inner: it could not be had.
    pub(crate) pictures: Vec<Option<Option<RgbaImage>>>,
    drawn: bool,
}

impl Tilesets {
    /// A picture has come, as the bytes of a PNG. Whether it could be read, where there was one.
    pub(crate) fn take(&mut self, set: usize, bytes: Option<&[u8]>) -> bool {
        if self.pictures.len() <= set {
            self.pictures.resize(set + 1, None);
        }
        let picture = bytes.and_then(|it| image::load_from_memory(it).ok());
        let sound = bytes.is_none() || picture.is_some();
        self.pictures[set] = Some(picture.map(|it| it.to_rgba8()));
        sound
    }

    /// Whether everything has come, and the tiles stand.
    pub(crate) fn is_drawn(&self) -> bool {
        self.drawn
    }
}

pub(super) fn plugin(app: &mut App) {
    app.add_plugins(TilemapPlugin).add_systems(Update, lay);
}

/// Lays the tiles once the map and all pictures are there.
fn lay(
    mut commands: Commands,
    mut sets: ResMut<Tilesets>,
    show: NonSend<Show>,
    mut images: ResMut<Assets<Image>>,
    mut context: bevy_egui::EguiContexts,
) -> Result {
    let Some(map) = show.mirror.map.clone() else {
        return Ok(());
    };
    let come = sets.pictures.iter().filter(|it| it.is_some()).count();
    if sets.drawn || come < map.tilesets.len() {
        return Ok(());
    }
    sets.drawn = true;
    let pictures: Vec<_> = sets
        .pictures
        .iter()
        .map(|it| it.clone().flatten())
        .collect();
    crate::ui::paint_minimap(context.ctx_mut()?, &map, &pictures);
    let mut handles = Vec::new();
    for (no, set) in map.tilesets.iter().enumerate() {
        let picture = pictures.get(no).and_then(Option::as_ref);
        handles.push(images.add(strip(set, picture)));
    }
    let (mut below, mut above) = (0.0, 0.0);
    for layer in &map.layers {
        let z = if layer.above {
            above += depth::LAYER;
            depth::ABOVE + above
        } else {
            below += depth::LAYER;
            depth::GROUND + below
        };
        for (no, set) in map.tilesets.iter().enumerate() {
            lay_layer(&mut commands, &map, layer, set, &handles[no], z);
        }
    }
    Ok(())
}

/// The tiles of one layer that come from one tileset.
fn lay_layer(
    commands: &mut Commands,
    map: &TownPicture,
    layer: &Layer,
    set: &TilesetShape,
    texture: &Handle<Image>,
    z: f32,
) {
    let first = set.first_gid;
    let last = first + set.tile_count.min(SET_TILES_MAX);
    let size = TilemapSize::new(map.width, map.height);
    let mut storage = TileStorage::empty(size);
    let tilemap = commands.spawn_empty().id();
    let color = TileColor(Color::WHITE.with_alpha(layer.opacity));
    for (i, gid) in layer.gids.iter().enumerate() {
        let id = gid & !FLAGS;
        if id == 0 || id < first || id >= last {
            continue;
        }
        let (x, y) = (i as u32 % map.width, i as u32 / map.width);
        let position = TilePos::new(x, map.height - 1 - y);
        let tile = TileBundle {
            position,
            texture_index: TileTextureIndex(id - first),
            tilemap_id: TilemapId(tilemap),
            flip: TileFlip {
                x: gid & MIRRORED != 0,
                y: gid & UPSIDE_DOWN != 0,
                d: gid & DIAGONAL != 0,
            },
            color,
            ..TileBundle::default()
        };
        storage.set(&position, commands.spawn(tile).id());
    }
    let tile = TilemapTileSize { x: TILE, y: TILE };
    commands.entity(tilemap).insert(TilemapBundle {
        grid_size: tile.into(),
        size,
        storage,
        texture: TilemapTexture::Single(texture.clone()),
        tile_size: tile,
        // Row 0 of Tiled's is the topmost; ours lies below zero.
        transform: Transform::from_xyz(TILE / 2.0, (0.5 - map.height as f32) * TILE, z),
        ..TilemapBundle::default()
    });
}

/// A tileset's tiles, one below the other at 16 pixels a side, without margins; squares where the picture is missing.
fn strip(set: &TilesetShape, picture: Option<&RgbaImage>) -> Image {
    let count = set.tile_count.clamp(1, SET_TILES_MAX);
    let side = TILE as u32;
    let mut out = RgbaImage::new(side, side * count);
    let columns = set.columns.max(1);
    for tile in 0..count {
        let left = set.margin + tile % columns * (set.tile_px.width + set.spacing);
        let top = set.margin + tile / columns * (set.tile_px.height + set.spacing);
        for y in 0..side {
            for x in 0..side {
                let from = (
                    left + x * set.tile_px.width / side,
                    top + y * set.tile_px.height / side,
                );
                let pixel = match picture {
                    Some(picture) => picture.get_pixel_checked(from.0, from.1).copied(),
                    None => Some(placeholder(tile, x, y)),
                };
                if let Some(pixel) = pixel {
                    out.put_pixel(x, tile * side + y, pixel);
                }
            }
        }
    }
    let size = Extent3d {
        width: side,
        height: side * count,
        depth_or_array_layers: 1,
    };
    let mut image = Image::new(
        size,
        TextureDimension::D2,
        out.into_raw(),
        TextureFormat::Rgba8UnormSrgb,
        RenderAssetUsages::default(),
    );
    image.sampler = bevy::image::ImageSampler::nearest();
    image
}

/// A square that says: here is a tile whose picture is missing.
fn placeholder(tile: u32, x: u32, y: u32) -> image::Rgba<u8> {
    let shade = 110 + (tile * 29 % 90) as u8;
    let edge = x == 0 || y == 0;
    image::Rgba(if edge {
        [60, 60, 66, 255]
    } else {
        [shade, shade, shade.saturating_add(12), 255]
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Size;

    fn set() -> TilesetShape {
        TilesetShape {
            name: "spaced".to_owned(),
            first_gid: 1,
            tile_px: Size {
                width: 16,
                height: 16,
            },
            columns: 2,
            tile_count: 4,
            margin: 1,
            spacing: 2,
            image_url: None,
        }
    }

    #[test]
    fn tiles_are_cut_out_between_margins() {
        let mut picture = RgbaImage::new(36, 36);
        // The middle of the fourth tile.
        picture.put_pixel(1 + 18 + 8, 1 + 18 + 8, image::Rgba([1, 2, 3, 255]));
        let strip = strip(&set(), Some(&picture));
        assert_eq!(strip.size(), UVec2::new(16, 64));
        let data = strip.data.expect("it has pixels");
        let at = ((3 * 16 + 8) * 16 + 8) * 4;
        assert_eq!(&data[at..at + 4], [1, 2, 3, 255]);
    }

    #[test]
    fn a_missing_picture_gives_squares() {
        let data = strip(&set(), None).data.expect("it has pixels");
        assert!(data.chunks_exact(4).all(|it| it[3] == 255));
    }

    #[test]
    fn a_broken_picture_is_said_to_be_one() {
        let mut sets = Tilesets::default();
        assert!(!sets.take(1, Some(b"no picture")));
        assert!(sets.take(0, None));
        assert!(!sets.take(0, Some(b"")), "it could not be had");
        assert_eq!(sets.pictures.len(), 2);
    }
}
