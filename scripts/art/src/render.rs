//! A map file composed into one picture, to look at it.

use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use crate::canvas::{Canvas, TILE};
use crate::picture;

/// Composes the visible tile layers of a map with one embedded tileset.
///
/// # Errors
/// When the file is no such map.
pub(crate) fn render(map: &Path) -> Result<Canvas> {
    let text =
        std::fs::read_to_string(map).with_context(|| format!("can't read {}", map.display()))?;
    let map_json: Value =
        serde_json::from_str(&text).with_context(|| format!("{} is no JSON", map.display()))?;
    let number = |name: &str| {
        map_json[name]
            .as_i64()
            .with_context(|| format!("the map has no {name}"))
            .map(|n| n as i32)
    };
    let (w, h) = (number("width")?, number("height")?);
    let tileset = &map_json["tilesets"][0];
    let Some(image) = tileset["image"].as_str() else {
        bail!("the map's first tileset is not embedded: only such maps can be rendered");
    };
    let sheet = picture::read(&map.parent().unwrap_or(Path::new(".")).join(image))?;
    let columns = sheet.w / TILE;
    let mut out = Canvas::tiles(w, h);
    for layer in map_json["layers"]
        .as_array()
        .context("the map has no layers")?
    {
        if layer["type"] != "tilelayer" || layer["visible"] == false {
            continue;
        }
        let data = layer["data"]
            .as_array()
            .context("only plain layer data can be rendered")?;
        ensure!(
            data.len() == (w * h) as usize,
            "layer {} has {} tiles instead of {}",
            layer["name"],
            data.len(),
            w * h
        );
        for (i, gid) in data.iter().enumerate() {
            let gid = gid.as_i64().unwrap_or(0) as i32;
            if gid > 0 {
                let tile = sheet.tile((gid - 1) % columns, (gid - 1) / columns);
                out.stamp(&tile, i as i32 % w * TILE, i as i32 / w * TILE);
            }
        }
    }
    Ok(out)
}
