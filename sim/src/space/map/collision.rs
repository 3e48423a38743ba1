//! Where nobody may walk, and what is drawn.
//!
//! A tile layer blocks wherever it has a tile when its name is `objmap` or begins with `collision` (in any case),
//! is `wall` or `walls`, or contains `Wall`; or when it has the property `collides` = true.
//! A layer with `collides` = false never blocks, whatever it is called and whatever its tiles say.
//! In every other layer those tiles block whose tileset gives them the property `collides` = true.
//! Layers named `collision…` are marks for the engine and not part of the picture; other blocking layers are.

use hamlet_protocol::map::{Bitmap, TileLayer};

use super::drawing::{Body, Drawing, GID_MASK, Layer};
use super::tileset::COLLIDES;

/// Tiles that nobody may enter.
pub(super) fn blocked(drawing: &Drawing) -> Bitmap {
    let mut blocked = Bitmap::new(drawing.width as usize * drawing.height as usize);
    let solid: Vec<u32> = drawing
        .tilesets
        .iter()
        .flat_map(|set| set.colliding.iter().copied())
        .collect();
    for layer in &drawing.layers {
        let Body::Tiles(gids) = &layer.body else {
            continue;
        };
        let collides = layer.properties.flag(COLLIDES);
        if collides == Some(true) || (collides.is_none() && blocks_by_name(&layer.name)) {
            mark(&mut blocked, gids, |gid| gid != 0);
        } else if collides.is_none() && !solid.is_empty() {
            mark(&mut blocked, gids, |gid| solid.binary_search(&gid).is_ok());
        }
    }
    blocked
}

/// The layers of the picture, bottom first.
pub(super) fn picture(drawing: Drawing) -> Vec<TileLayer> {
    let drawn = drawing
        .layers
        .into_iter()
        .filter(|layer| !is_mark(&layer.name));
    drawn
        .filter_map(
            |Layer {
                 name,
                 opacity,
                 visible,
                 body,
                 ..
             }| match body {
                Body::Tiles(gids) => Some(TileLayer {
                    name,
                    gids,
                    opacity,
                    visible,
                }),
                Body::Objects(_) => None,
            },
        )
        .collect()
}

fn mark(blocked: &mut Bitmap, gids: &[u32], blocks: impl Fn(u32) -> bool) {
    for (tile, gid) in gids.iter().enumerate() {
        let gid = gid & GID_MASK;
        if gid != 0 && blocks(gid) {
            blocked.set(tile, true);
        }
    }
}

fn blocks_by_name(name: &str) -> bool {
    let lower = name.trim().to_lowercase();
    is_mark(name) || ["objmap", "wall", "walls"].contains(&lower.as_str()) || name.contains("Wall")
}

/// Whether a layer is a mark for the engine only.
pub(super) fn is_mark(name: &str) -> bool {
    name.trim().to_lowercase().starts_with("collision")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_block_by_name() {
        for name in [
            "collision",
            "Collisions",
            "CollisionLayer",
            "objmap",
            "Inner Wall",
            "Walls",
            "wall",
        ] {
            assert!(blocks_by_name(name), "{name}");
        }
        for name in ["bgtiles", "Ground", "swallows", "no collision", "objmap2"] {
            assert!(!blocks_by_name(name), "{name}");
        }
    }
}
