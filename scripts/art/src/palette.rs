//! The colours of the town: a few ramps from dark to light, all leaning towards a warm afternoon.

use crate::canvas::{Px, rgb, tint};

/// Five shades of one material: outline, shade, base, light, gleam.
pub(crate) type Ramp = [Px; 5];

const fn ramp(hex: [u32; 5]) -> Ramp {
    [
        rgb(hex[0]),
        rgb(hex[1]),
        rgb(hex[2]),
        rgb(hex[3]),
        rgb(hex[4]),
    ]
}

pub(crate) const GRASS: Ramp = ramp([0x4b7a41, 0x619449, 0x74a852, 0x86b85d, 0x9fca70]);
pub(crate) const MEADOW: Ramp = ramp([0x619449, 0x7fb057, 0x8bbc5e, 0x9cca6c, 0xb3d87e]);
pub(crate) const LEAF: Ramp = ramp([0x2c4f37, 0x3d6b3f, 0x528545, 0x6d9f4d, 0x93bd5f]);
pub(crate) const BIRCH: Ramp = ramp([0x46602f, 0x648338, 0x83a344, 0xa2bf55, 0xc6d873]);
pub(crate) const PINE: Ramp = ramp([0x213f3a, 0x2d5748, 0x3d6f54, 0x53885f, 0x74a36c]);
pub(crate) const BLOSSOM: Ramp = ramp([0x85465f, 0xb56683, 0xd78fa4, 0xecb3bd, 0xfad6d8]);
pub(crate) const AUTUMN: Ramp = ramp([0x7d4527, 0xa9632e, 0xcc853a, 0xe2a64c, 0xf2c973]);
pub(crate) const DIRT: Ramp = ramp([0x8a6a47, 0xab875a, 0xc6a26d, 0xd3b280, 0xe2c797]);
pub(crate) const COBBLE: Ramp = ramp([0x6f6a66, 0x8f8981, 0xa7a095, 0xb8b1a4, 0xcbc4b5]);
pub(crate) const SLAB: Ramp = ramp([0x9a886c, 0xb7a585, 0xccbb9a, 0xd6c7a8, 0xe4d8bd]);
pub(crate) const WATER: Ramp = ramp([0x2d5f86, 0x3d7ba4, 0x4f93b8, 0x6dadc9, 0xa6d5df]);
pub(crate) const SOIL: Ramp = ramp([0x4d3629, 0x684a35, 0x7f5c40, 0x93704e, 0xa98660]);
pub(crate) const WOOD: Ramp = ramp([0x4a3127, 0x6f4a33, 0x916744, 0xae8358, 0xcda477]);
pub(crate) const PALE: Ramp = ramp([0x7a5a3c, 0xa37f54, 0xc29d6c, 0xd6b684, 0xe8cea1]);
pub(crate) const STONE: Ramp = ramp([0x55545b, 0x75757a, 0x949494, 0xb0aeaa, 0xcfccc3]);
pub(crate) const IRON: Ramp = ramp([0x2c2b35, 0x42424e, 0x5d5e6a, 0x7f818c, 0xadb0b6]);
pub(crate) const BRASS: Ramp = ramp([0x6b4a1f, 0x9c7029, 0xc99a3b, 0xe4bf5c, 0xf7e195]);
pub(crate) const LINEN: Ramp = ramp([0x8d8375, 0xc4b9a3, 0xe2d9c4, 0xf0e9d8, 0xfcf8ec]);
pub(crate) const RED: Ramp = ramp([0x6e2f33, 0x97403e, 0xba564b, 0xd37762, 0xe9a085]);
pub(crate) const BLUE: Ramp = ramp([0x2f4468, 0x43618c, 0x5b80ab, 0x7ea2c4, 0xabc8dc]);
pub(crate) const GREEN: Ramp = ramp([0x31503f, 0x476f52, 0x638d67, 0x86ac81, 0xb1cba0]);
pub(crate) const PLUM: Ramp = ramp([0x4b3353, 0x694a72, 0x8a6792, 0xab8ab0, 0xcdb2cd]);
pub(crate) const OCHRE: Ramp = ramp([0x7a5426, 0xa5752f, 0xc9963f, 0xdfb45c, 0xf0d389]);
pub(crate) const SLATE: Ramp = ramp([0x36404f, 0x4b5868, 0x657484, 0x8593a0, 0xaab6bd]);

/// The warm light of a lamp.
pub(crate) const GLOW: Px = rgb(0xffe9a8);
/// Glass by day.
pub(crate) const GLASS: Px = rgb(0xa9d3dd);
/// Glass where the light falls on it.
pub(crate) const GLINT: Px = rgb(0xdff2ef);
/// What lies on the ground where the sun does not reach.
pub(crate) const SHADOW: Px = tint(0x1d2a3a, 70);
/// The same, fainter.
pub(crate) const HALF_SHADOW: Px = tint(0x1d2a3a, 38);
