//! Whether an image hangs together as plain data: lists that belong to one another have one length.
//! Checksums keep accidents away; this keeps a hand-made file from being indexed beyond its end.

use hamlet_protocol::image::WorldImage;
use hamlet_protocol::map::{MAP_SIDE_MAX, TownMap};

/// Checks lengths and sizes.
///
/// # Errors
/// What does not fit, as a phrase.
pub(super) fn check_shape(image: &WorldImage) -> Result<(), String> {
    check_map(&image.map)?;
    let bodies = &image.state.bodies;
    let count = bodies.at.len();
    let columns = [bodies.facing.len(), bodies.kind.len(), bodies.stuck.len()];
    if columns != [count; 3] {
        return Err(format!(
            "{count} bodies have {columns:?} directions, kinds and patiences"
        ));
    }
    let stray = image
        .state
        .residents
        .iter()
        .find(|resident| resident.no as usize >= bodies.at.len());
    if let Some(resident) = stray {
        return Err(format!("resident {} has no body", resident.no));
    }
    let outside = |p: &&hamlet_protocol::map::Point| {
        u32::from(p.x) >= image.map.width || u32::from(p.y) >= image.map.height
    };
    match bodies.at.iter().find(outside) {
        Some(at) => Err(format!("somebody stands on {at}, outside the map")),
        None => Ok(()),
    }
}

fn check_map(map: &TownMap) -> Result<(), String> {
    let sides = 1..=MAP_SIDE_MAX;
    if !sides.contains(&map.width) || !sides.contains(&map.height) {
        return Err(format!(
            "a map of {} × {} tiles is not possible",
            map.width, map.height
        ));
    }
    if map.blocked.words().len() != map.tiles().div_ceil(64) {
        return Err("the map's blocked tiles do not fit its size".to_owned());
    }
    match map
        .layers
        .iter()
        .find(|layer| layer.gids.len() != map.tiles())
    {
        Some(layer) => Err(format!(
            "the map's layer {:?} does not fit its size",
            layer.name
        )),
        None => Ok(()),
    }
}
