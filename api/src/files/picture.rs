//! Pictures from strangers: what they are is found out by decoding them, within bounds, and they are drawn anew.

use std::io::Cursor;

use axum::http::StatusCode;
use image::imageops::FilterType;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits};

use crate::problem::Problem;

/// Bytes a picture may have when it comes.
pub const PICTURE_BYTES_MAX: usize = 1 << 20;
/// Pixels it may be wide or high.
const SIDE_PIXELS_MAX: u32 = 4096;
/// Memory that decoding it may take.
pub(super) const DECODE_BYTES_MAX: u64 = 96 << 20;

/// What a picture is for; it is cut to the proportions and drawn at just this size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Shows somebody: 256 by 256 pixels.
    Avatar,
    /// Shows a community: 256 by 256 pixels.
    Icon,
    /// Stands above a page: 1024 by 256 pixels.
    Banner,
}

impl Shape {
    /// Width and height in pixels.
    #[must_use]
    pub const fn pixels(self) -> (u32, u32) {
        match self {
            Self::Avatar | Self::Icon => (256, 256),
            Self::Banner => (1024, 256),
        }
    }
}

/// The picture as a PNG of this shape. Metadata, further frames and whatever was hidden in the file are gone.
///
/// # Errors
/// 413 when it has too many bytes or pixels, 415 when it is no picture of a kind we read.
pub(super) fn redraw(bytes: &[u8], shape: Shape) -> Result<Vec<u8>, Problem> {
    if bytes.len() > PICTURE_BYTES_MAX {
        return Err(too_large(format!(
            "The picture has more than {PICTURE_BYTES_MAX} bytes."
        )));
    }
    let picture = decode(bytes)?;
    let (width, height) = shape.pixels();
    let drawn = picture.resize_to_fill(width, height, FilterType::CatmullRom);
    let mut png = Cursor::new(Vec::new());
    DynamicImage::ImageRgba8(drawn.into_rgba8())
        .write_to(&mut png, ImageFormat::Png)
        .map_err(|error| Problem::internal(&format!("a picture cannot be drawn: {error}")))?;
    Ok(png.into_inner())
}

fn decode(bytes: &[u8]) -> Result<DynamicImage, Problem> {
    // The name and the type that came with it count for nothing. Other formats may be compiled in for other crates.
    let format = image::guess_format(bytes).ok().filter(|format| {
        matches!(
            format,
            ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::Gif | ImageFormat::WebP
        )
    });
    let format = format.ok_or_else(no_picture)?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(SIDE_PIXELS_MAX);
    limits.max_image_height = Some(SIDE_PIXELS_MAX);
    limits.max_alloc = Some(DECODE_BYTES_MAX);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(broken)?;
    // Not every decoder looks at its limits.
    let (width, height) = decoder.dimensions();
    if width > SIDE_PIXELS_MAX
        || height > SIDE_PIXELS_MAX
        || decoder.total_bytes() > DECODE_BYTES_MAX
    {
        return Err(too_many_pixels());
    }
    let orientation = decoder.orientation().map_err(broken)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(broken)?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

fn broken(error: ImageError) -> Problem {
    match error {
        ImageError::Limits(_) => too_many_pixels(),
        _ => no_picture(),
    }
}

fn no_picture() -> Problem {
    Problem::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "no_picture",
        "The file is no picture that can be decoded.",
        "Send a PNG, JPEG, GIF or WebP picture.",
    )
}

fn too_many_pixels() -> Problem {
    too_large(format!(
        "The picture is wider or higher than {SIDE_PIXELS_MAX} pixels."
    ))
}

fn too_large(detail: String) -> Problem {
    Problem::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        "too_large",
        detail,
        "Send a smaller picture; 512 by 512 pixels are plenty.",
    )
}

#[cfg(test)]
mod tests {
    use image::{Rgba, RgbaImage};

    use super::*;

    fn encoded(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
        let mut file = Cursor::new(Vec::new());
        let red = RgbaImage::from_pixel(width, height, Rgba([200, 10, 10, 255]));
        let picture = match format {
            ImageFormat::Jpeg => DynamicImage::ImageRgba8(red).into_rgb8().into(),
            _ => DynamicImage::ImageRgba8(red),
        };
        picture
            .write_to(&mut file, format)
            .expect("it can be drawn");
        file.into_inner()
    }

    #[test]
    fn every_kind_becomes_a_png_of_its_size() {
        for format in [
            ImageFormat::Png,
            ImageFormat::Jpeg,
            ImageFormat::Gif,
            ImageFormat::WebP,
        ] {
            for shape in [Shape::Avatar, Shape::Banner] {
                let drawn = redraw(&encoded(30, 70, format), shape).expect("it is a picture");
                let back = image::load_from_memory_with_format(&drawn, ImageFormat::Png);
                let back = back.expect("it is a PNG").into_rgba8();
                assert_eq!(back.dimensions(), shape.pixels());
                assert!(back.get_pixel(9, 9).0[0] > 150, "{format:?}");
            }
        }
    }

    #[test]
    fn what_was_hidden_behind_a_picture_is_gone() {
        let mut file = encoded(8, 8, ImageFormat::Png);
        file.extend(b"<script>alert(1)</script>");
        let drawn = redraw(&file, Shape::Avatar).expect("it is a picture");
        assert!(!drawn.windows(6).any(|bytes| bytes == b"script"));
    }

    /// A PNG of a few bytes that says it has 60 000 by 60 000 pixels.
    #[test]
    fn a_bomb_is_refused_before_it_goes_off() {
        let mut bomb = encoded(8, 8, ImageFormat::Png);
        let side = 60_000_u32.to_be_bytes();
        bomb[16..20].copy_from_slice(&side);
        bomb[20..24].copy_from_slice(&side);
        let refused = redraw(&bomb, Shape::Avatar).expect_err("it is a bomb");
        assert!(
            [
                StatusCode::PAYLOAD_TOO_LARGE,
                StatusCode::UNSUPPORTED_MEDIA_TYPE
            ]
            .contains(&refused.status)
        );
        let wide = encoded(SIDE_PIXELS_MAX + 1, 1, ImageFormat::Png);
        let refused = redraw(&wide, Shape::Avatar).expect_err("it is too wide");
        assert_eq!(refused.status, StatusCode::PAYLOAD_TOO_LARGE);
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        let png = encoded(8, 8, ImageFormat::Png);
        for wrong in [&b""[..], b"GIF89a", b"<svg/>", &png[..40]] {
            let refused = redraw(wrong, Shape::Avatar).expect_err("it is no picture");
            assert_eq!(refused.code, "no_picture", "{wrong:?}");
        }
        let long = vec![0; PICTURE_BYTES_MAX + 1];
        let refused = redraw(&long, Shape::Avatar).expect_err("it is too long");
        assert_eq!(refused.code, "too_large");
    }
}
