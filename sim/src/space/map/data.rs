//! A tile layer's data in all the ways that Tiled stores it, never inflated beyond the map's size.

use std::io::{self, Read};

use base64::Engine;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::reading::Flaw;

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Memory that a zstd stream may ask for, as a power of two of bytes: what a layer of the largest map needs.
const ZSTD_WINDOW_LOG_MAX: u32 = 27;

const SAVE_AGAIN: &str = "open the map in Tiled and save it again, or choose another tile layer format in its map properties";

/// Global tile ids from a text: `csv`, or `base64` with any of the compressions.
/// `tiles` is what the layer must have, no more and no less.
pub(super) fn decode(
    text: &str,
    encoding: Option<&str>,
    compression: Option<&str>,
    tiles: usize,
) -> Result<Vec<u32>, Flaw> {
    let compression = compression.filter(|name| !name.is_empty());
    match (encoding, compression) {
        (Some("csv"), None) => csv(text, tiles),
        (Some("base64"), _) => base64_layer(text, compression, tiles),
        (Some(other), _) => Err(Flaw::new(
            format!("the layer's encoding `{other}` is unknown (csv and base64 are known)"),
            SAVE_AGAIN,
        )),
        (None, _) => Err(Flaw::new(
            "the layer's data is a text without an encoding",
            SAVE_AGAIN,
        )),
    }
}

/// Global tile ids that were stored as plain numbers.
pub(super) fn plain(gids: Vec<u32>, tiles: usize) -> Result<Vec<u32>, Flaw> {
    if gids.len() == tiles {
        Ok(gids)
    } else {
        Err(wrong_count(gids.len(), tiles))
    }
}

fn wrong_count(found: usize, tiles: usize) -> Flaw {
    let found = if found > tiles {
        format!("more than {tiles}")
    } else {
        format!("only {found}")
    };
    Flaw::new(
        format!("the layer has {found} tiles, the map {tiles}"),
        SAVE_AGAIN,
    )
}

fn csv(text: &str, tiles: usize) -> Result<Vec<u32>, Flaw> {
    let text = text.trim().trim_end_matches(',');
    let mut gids = Vec::with_capacity(tiles.min(text.len()));
    if text.is_empty() {
        return plain(gids, tiles);
    }
    for value in text.split(',') {
        if gids.len() == tiles {
            return Err(wrong_count(tiles + 1, tiles));
        }
        let gid = value.trim().parse().map_err(|fault| {
            let shown: String = value.trim().chars().take(20).collect();
            Flaw::new(
                format!("value {} of the layer, `{shown}`: {fault}", gids.len() + 1),
                SAVE_AGAIN,
            )
        })?;
        gids.push(gid);
    }
    plain(gids, tiles)
}

fn base64_layer(text: &str, compression: Option<&str>, tiles: usize) -> Result<Vec<u32>, Flaw> {
    let mut packed = text.as_bytes().to_vec();
    packed.retain(|byte| !byte.is_ascii_whitespace());
    let packed = BASE64.decode(packed).map_err(|fault| {
        Flaw::new(
            format!("the layer's base64 data is damaged: {fault}"),
            SAVE_AGAIN,
        )
    })?;
    let bytes = match compression {
        None => Ok(packed),
        Some("zlib") => inflate(flate2::bufread::ZlibDecoder::new(&packed[..]), tiles),
        Some("gzip") => inflate(flate2::bufread::GzDecoder::new(&packed[..]), tiles),
        Some("zstd") => unpack_zstd(&packed, tiles),
        Some(other) => {
            return Err(Flaw::new(
                format!(
                    "the layer's compression `{other}` is unknown (zlib, gzip and zstd are known)"
                ),
                SAVE_AGAIN,
            ));
        }
    };
    let bytes = bytes.map_err(|fault| {
        Flaw::new(
            format!("the layer's compressed data is damaged: {fault}"),
            SAVE_AGAIN,
        )
    })?;
    if bytes.len() != tiles * 4 {
        let found = if bytes.len() > tiles * 4 {
            format!("more than {} bytes", tiles * 4)
        } else {
            format!("only {} bytes", bytes.len())
        };
        let message = format!(
            "the layer's data unpacks to {found}; {tiles} tiles need {}",
            tiles * 4
        );
        return Err(Flaw::new(message, SAVE_AGAIN));
    }
    let words = bytes.as_chunks::<4>().0;
    Ok(words.iter().map(|word| u32::from_le_bytes(*word)).collect())
}

fn unpack_zstd(packed: &[u8], tiles: usize) -> io::Result<Vec<u8>> {
    let mut decoder = zstd::stream::read::Decoder::with_buffer(packed)?.single_frame();
    decoder.window_log_max(ZSTD_WINDOW_LOG_MAX)?;
    inflate(decoder, tiles)
}

/// Reads one byte more than can be right, so that a bomb is noticed and never unpacked.
fn inflate(stream: impl Read, tiles: usize) -> io::Result<Vec<u8>> {
    let wanted = tiles * 4;
    let mut bytes = Vec::with_capacity(wanted + 1);
    stream.take(wanted as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::space::map::testing::{gzip, pack, zlib};

    const GIDS: [u32; 6] = [1, 0, 0x8000_0003, 4, 5, u32::MAX];

    fn base64(compression: Option<&str>, bytes: &[u8]) -> Result<Vec<u32>, Flaw> {
        decode(
            &BASE64.encode(bytes),
            Some("base64"),
            compression,
            GIDS.len(),
        )
    }

    #[test]
    fn every_encoding_gives_the_same_tiles() {
        let bytes = pack(&GIDS);
        assert_eq!(base64(None, &bytes).unwrap(), GIDS);
        assert_eq!(base64(Some(""), &bytes).unwrap(), GIDS);
        assert_eq!(base64(Some("zlib"), &zlib(&bytes)).unwrap(), GIDS);
        assert_eq!(base64(Some("gzip"), &gzip(&bytes)).unwrap(), GIDS);
        assert_eq!(
            base64(Some("zstd"), &zstd::encode_all(&bytes[..], 3).unwrap()).unwrap(),
            GIDS
        );
        let csv = "\n1,0,2147483651,\n4,5,4294967295\n";
        assert_eq!(decode(csv, Some("csv"), None, 6).unwrap(), GIDS);
        let spaced = format!("\n   {}\n  ", BASE64.encode(&bytes).replace('g', "g\n "));
        assert_eq!(decode(&spaced, Some("base64"), None, 6).unwrap(), GIDS);
    }

    #[test]
    fn bombs_are_cut_off() {
        let bomb = vec![0; 1 << 26];
        for (name, packed) in [
            ("zlib", zlib(&bomb)),
            ("gzip", gzip(&bomb)),
            ("zstd", zstd::encode_all(&bomb[..], 3).unwrap()),
        ] {
            let flaw = base64(Some(name), &packed).unwrap_err();
            assert!(
                flaw.message.contains("more than 24 bytes"),
                "{name}: {}",
                flaw.message
            );
        }
        assert!(
            decode("1,1,1,1,1,1,1", Some("csv"), None, 6)
                .unwrap_err()
                .message
                .contains("more than 6")
        );
    }

    #[test]
    fn too_little_is_noticed() {
        let short = pack(&GIDS[..5]);
        for (name, packed) in [
            (None, short.clone()),
            (Some("zlib"), zlib(&short)),
            (Some("gzip"), gzip(&short)),
        ] {
            assert!(
                base64(name, &packed)
                    .unwrap_err()
                    .message
                    .contains("only 20 bytes"),
                "{name:?}"
            );
        }
        assert!(
            decode("1,2", Some("csv"), None, 6)
                .unwrap_err()
                .message
                .contains("only 2")
        );
        assert!(
            decode(" ", Some("csv"), None, 6)
                .unwrap_err()
                .message
                .contains("only 0")
        );
        assert!(
            base64(None, &[1, 2, 3])
                .unwrap_err()
                .message
                .contains("only 3 bytes")
        );
        assert!(plain(vec![1], 6).unwrap_err().message.contains("only 1"));
    }

    #[test]
    fn damage_is_named() {
        let bytes = pack(&GIDS);
        let zstd = zstd::encode_all(&bytes[..], 3).unwrap();
        for (name, packed) in [
            ("zlib", zlib(&bytes)),
            ("gzip", gzip(&bytes)),
            ("zstd", zstd),
        ] {
            let flaw = base64(Some(name), &packed[..packed.len() - 5]).unwrap_err();
            assert!(
                flaw.message.contains("damaged") || flaw.message.contains("only"),
                "{name}: {}",
                flaw.message
            );
            let flaw = base64(Some(name), b"garbage, no stream").unwrap_err();
            assert!(flaw.message.contains("damaged"), "{name}: {}", flaw.message);
        }
        let cut = &BASE64.encode(&bytes)[..29];
        assert!(decode(cut, Some("base64"), None, 6).is_err());
        assert!(
            decode("%%%", Some("base64"), None, 6)
                .unwrap_err()
                .message
                .contains("base64")
        );
        assert!(
            decode("1,x,3", Some("csv"), None, 3)
                .unwrap_err()
                .message
                .contains("value 2 of the layer, `x`")
        );
        assert!(decode("1,-1,3", Some("csv"), None, 3).is_err());
        assert!(decode("1,4294967296,3", Some("csv"), None, 3).is_err());
        assert!(
            base64(Some("lzma"), &bytes)
                .unwrap_err()
                .message
                .contains("lzma")
        );
        assert!(
            decode("", Some("hex"), None, 3)
                .unwrap_err()
                .message
                .contains("hex")
        );
        assert!(decode("", None, None, 3).is_err());
    }
}
