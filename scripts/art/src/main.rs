//! Draws the tileset, lays out the map of our own town, and draws its people.
//!
//! `hamlet-art` writes `assets/tilesets/town.png`, `assets/maps/town.tmj` and `assets/sprites/people.png`, always the same bytes.
//! `hamlet-art --render OUT.png [--map FILE]` composes a map into one picture, to look at it.

mod canvas;
mod draw;
mod palette;
mod picture;
mod plan;
mod render;
mod sheet;
#[cfg(test)]
mod tests;
mod tmj;

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

/// The folder with our assets.
const ASSETS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets");

fn main() -> Result<()> {
    let assets = Path::new(ASSETS);
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => generate(assets),
        ["--render", out] => show(Path::new(out), &assets.join("maps/town.tmj")),
        ["--render", out, "--map", map] | ["--map", map, "--render", out] => {
            show(Path::new(out), Path::new(map))
        }
        _ => bail!("usage: hamlet-art [--render OUT.png [--map FILE.tmj]]"),
    }
}

fn generate(assets: &Path) -> Result<()> {
    for (path, bytes) in files()? {
        let path = assets.join(path);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(path, bytes)?;
    }
    Ok(())
}

/// Every file we make, by its path in `assets`.
fn files() -> Result<Vec<(PathBuf, Vec<u8>)>> {
    let art = draw::tileset();
    let town = plan::town(&art);
    Ok(vec![
        (
            PathBuf::from("tilesets/town.png"),
            picture::encode(&art.picture)?,
        ),
        (
            PathBuf::from("maps/town.tmj"),
            tmj::write(&town).into_bytes(),
        ),
        (
            PathBuf::from("sprites/people.png"),
            picture::encode(&draw::people::sheet())?,
        ),
    ])
}

fn show(out: &Path, map: &Path) -> Result<()> {
    std::fs::write(out, picture::encode(&render::render(map)?)?)?;
    Ok(())
}
