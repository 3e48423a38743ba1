//! PNG in and out.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use crate::canvas::Canvas;

/// A picture as the bytes of a PNG; the same picture gives the same bytes.
///
/// # Errors
/// When the encoder fails.
pub(crate) fn encode(picture: &Canvas) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, picture.w as u32, picture.h as u32);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::High);
    encoder.write_header()?.write_image_data(picture.bytes())?;
    Ok(out)
}

/// Reads an RGBA picture.
///
/// # Errors
/// When the file can't be read or is of another kind.
pub(crate) fn read(path: &Path) -> Result<Canvas> {
    let file = File::open(path).with_context(|| format!("can't read {}", path.display()))?;
    let mut reader = png::Decoder::new(BufReader::new(file)).read_info()?;
    let mut bytes = vec![
        0;
        reader
            .output_buffer_size()
            .context("the picture is too large")?
    ];
    let info = reader.next_frame(&mut bytes)?;
    ensure!(
        info.color_type == png::ColorType::Rgba && info.bit_depth == png::BitDepth::Eight,
        "{} is no RGBA picture",
        path.display()
    );
    bytes.truncate(info.buffer_size());
    Ok(Canvas::from_bytes(
        info.width as i32,
        info.height as i32,
        &bytes,
    ))
}
