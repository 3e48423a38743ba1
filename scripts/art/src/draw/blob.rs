//! Edges of terrain: 47 tiles for every way in which eight neighbours can matter.

/// The eight neighbours in the order of their bits, clockwise from the north.
pub(crate) const NEIGHBOURS: [(i32, i32); 8] = [
    (0, -1),
    (1, -1),
    (1, 0),
    (1, 1),
    (0, 1),
    (-1, 1),
    (-1, 0),
    (-1, -1),
];

/// A corner counts only where both sides beside it are of the same terrain.
pub(super) fn reduce(mask: u8) -> u8 {
    let mut out = mask & 0b0101_0101;
    for corner in [1, 3, 5, 7] {
        let sides = 1 << (corner - 1) | 1 << ((corner + 1) % 8);
        if mask & sides == sides {
            out |= mask & 1 << corner;
        }
    }
    out
}

/// All masks that differ, in rising order.
pub(super) fn masks() -> impl Iterator<Item = u8> {
    (0..=255).filter(|&mask| reduce(mask) == mask)
}

/// Which of the 47 tiles shows terrain with these neighbours: bit `i` is set where neighbour `i` is of the same terrain.
pub(crate) fn blob_index(mask: u8) -> usize {
    let wanted = reduce(mask);
    masks().take_while(|&mask| mask < wanted).count()
}

/// How deep inside the terrain the middle of a pixel lies: pixels to the nearest foreign neighbour, corners rounded by `radius`.
/// 16 where there is none.
pub(super) fn depth(
    x: i32,
    y: i32,
    mask: u8,
    radius: f32,
    wobble: &dyn Fn(usize, i32) -> f32,
) -> f32 {
    let (px, py) = (x as f32 + 0.5, y as f32 + 0.5);
    let has = |bit: u8| mask >> bit & 1 == 1;
    let far = [py, 16.0 - px, 16.0 - py, px];
    let along = [x, y, x, y];
    let mut deepest: f32 = 16.0;
    for side in 0..4 {
        if !has(2 * side as u8) {
            deepest = deepest.min(far[side] - wobble(side, along[side]));
        }
    }
    for corner in 0..4 {
        let (dx, dy) = (
            far[if corner < 2 { 1 } else { 3 }],
            far[if corner == 0 || corner == 3 { 0 } else { 2 }],
        );
        let first = has(2 * corner);
        let second = has((2 * corner + 2) % 8);
        if first && second && !has(2 * corner + 1) {
            deepest = deepest.min((dx * dx + dy * dy).sqrt());
        }
        // A corner may take the whole tile only where no other corner wants its part.
        let lone = has((2 * corner + 4) % 8) && has((2 * corner + 6) % 8);
        let radius = if lone { radius } else { radius.min(8.0) };
        if !first && !second && dx < radius && dy < radius {
            let (rx, ry) = (radius - dx, radius - dy);
            deepest = deepest.min(radius - (rx * rx + ry * ry).sqrt());
        }
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;

    const BLOBS: usize = 47;

    #[test]
    fn there_are_47_blobs_and_every_mask_has_one() {
        assert_eq!(masks().count(), BLOBS);
        assert!((0..=255).all(|mask| blob_index(mask) < BLOBS));
        assert_eq!((blob_index(0), blob_index(255)), (0, BLOBS - 1));
        assert_eq!(blob_index(0b0000_0010), 0, "a lone corner does not matter");
    }
}
