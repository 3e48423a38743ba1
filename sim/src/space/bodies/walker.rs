//! What one of the crowd does: it looks round over 5×5 tiles and goes where there is room.
//!
//! The rule stands apart from how the tiles are read, so that benches can run the same rule over other stores.

/// Worth of one free tile on a side; a side has ten.
const ROOM: u32 = 4;
/// Worth of going on as before.
const ONWARD: u32 = 14;
/// What turning round costs.
const ABOUT: u32 = 8;
/// Worth of standing still.
const STAY: u32 = 20;
/// Chance adds 0 to 15.
const CHANCE_MASK: u64 = 15;

/// What a walker sees of the tiles round it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sight {
    /// Free tiles among the ten on each side (two rows of five, two columns of five), by direction.
    pub room: [u32; 4],
    /// Which neighbouring tiles are free: bit `d` for direction `d`.
    pub open: u32,
}

/// What a walker wants: the direction's number plus one, or 0 to stay.
/// `facing` is the number of the direction it looks in, `chance` 64 bits of its own for this tick.
#[inline]
#[must_use]
pub fn choose(sight: Sight, facing: u32, chance: u64) -> u32 {
    let mut best = stay(chance);
    for way in 0..4 {
        let worth =
            ABOUT + sight.room[way as usize] * ROOM + (chance >> (LANE * way) & CHANCE_MASK) as u32;
        let worth = worth + if way == facing { ONWARD } else { 0 };
        let worth = worth - if way == facing ^ 2 { ABOUT } else { 0 };
        // The low bits make ties impossible and name the choice.
        best = best.max((worth << NAME_BITS | (way + 1)) * (sight.open >> way & 1));
    }
    best & NAME_MASK
}

/// The same for a walker that sees five rows of five bits, set where a tile is taken; bits above the fifth are ignored.
/// The four directions are weighed at once, in four lanes of a word.
#[inline]
#[must_use]
pub fn choose_by_rows(rows: [u32; 5], facing: u32, chance: u64) -> u32 {
    let [a, b, c, d, e] = [
        rows[0] & 31,
        rows[1] & 31,
        rows[2] & 31,
        rows[3] & 31,
        rows[4] & 31,
    ];
    let room = UPPER[a as usize]
        + UPPER[b as usize]
        + MIDDLE[c as usize]
        + LOWER[d as usize]
        + LOWER[e as usize];
    let taken = b >> 2 & 1 | c >> 2 & 2 | d & 4 | c << 2 & 8;
    let worth =
        (room + HABIT[(facing & 3) as usize] + ((chance & (LANES * CHANCE_MASK)) << NAME_BITS))
            & OPEN[taken as usize];
    let lane = |way: u32| (worth >> (LANE * way)) as u32 & 0xFFFF;
    let best = lane(0)
        .max(lane(1))
        .max(lane(2).max(lane(3)))
        .max(stay(chance));
    best & NAME_MASK
}

/// Worth of staying, with the name 0 in its low bits.
#[inline]
fn stay(chance: u64) -> u32 {
    (STAY + (chance >> 8 & CHANCE_MASK) as u32) << NAME_BITS
}

/// Low bits of a worth that name the choice.
const NAME_BITS: u32 = 3;
const NAME_MASK: u32 = 0b111;
/// Bits of a lane, and a word with a one in each of four.
const LANE: u32 = 16;
const LANES: u64 = 0x0001_0001_0001_0001;

/// A word of four lanes, by direction.
const fn lanes(north: u32, east: u32, south: u32, west: u32) -> u64 {
    north as u64
        | (east as u64) << LANE
        | (south as u64) << (2 * LANE)
        | (west as u64) << (3 * LANE)
}

// What a row of five bits adds to the worth of each direction, by whether it is one of the two upper rows, the middle one
// or one of the two lower ones.
const UPPER: [u64; 32] = row_worths(1, 0);
const MIDDLE: [u64; 32] = row_worths(0, 0);
const LOWER: [u64; 32] = row_worths(0, 1);

const fn row_worths(north: u32, south: u32) -> [u64; 32] {
    let unit = ROOM << NAME_BITS;
    let mut worths = [0; 32];
    let mut row = 0;
    while row < 32_u32 {
        let free = !row & 31;
        let (all, left, right) = (
            free.count_ones(),
            (free & 0b0_0011).count_ones(),
            (free & 0b1_1000).count_ones(),
        );
        worths[row as usize] = lanes(
            all * north * unit,
            right * unit,
            all * south * unit,
            left * unit,
        );
        row += 1;
    }
    worths
}

/// What the directions are worth to who looks in one of them, with their names in the low bits.
const HABIT: [u64; 4] = {
    let mut habits = [lanes(1, 2, 3, 4); 4];
    let mut facing = 0;
    while facing < 4_u32 {
        let mut way = 0;
        while way < 4 {
            let onward = if way == facing { ONWARD } else { 0 };
            let about = if way == facing ^ 2 { 0 } else { ABOUT };
            habits[facing as usize] += (((onward + about) << NAME_BITS) as u64) << (LANE * way);
            way += 1;
        }
        facing += 1;
    }
    habits
};

/// For four bits, set where a neighbour is taken: the lanes of those that are not.
const OPEN: [u64; 16] = {
    let mut masks = [0; 16];
    let mut taken = 0;
    while taken < 16_u32 {
        let mut way = 0;
        while way < 4 {
            masks[taken as usize] |= ((!taken >> way & 1) as u64 * 0xFFFF) << (LANE * way);
            way += 1;
        }
        taken += 1;
    }
    masks
};

#[cfg(test)]
mod tests {
    use super::*;

    const NORTH: u32 = 0;
    const EAST: u32 = 1;

    /// Counts tile by tile.
    fn look(rows: [u32; 5]) -> Sight {
        let mut sight = Sight::default();
        for (y, row) in rows.into_iter().enumerate() {
            for x in (0..5).filter(|x| row >> x & 1 == 0) {
                let sides = [y < 2, x > 2, y > 2, x < 2];
                for (room, is_there) in sight.room.iter_mut().zip(sides) {
                    *room += u32::from(is_there);
                }
                let neighbour = [(2, 1), (3, 2), (2, 3), (1, 2)]
                    .iter()
                    .position(|&at| at == (x, y));
                sight.open |= neighbour.map_or(0, |way| 1 << way);
            }
        }
        sight
    }

    #[test]
    fn weighing_all_directions_at_once_is_the_same_rule() {
        assert_eq!(
            look([31, 31, 0b00100, 0, 0]),
            Sight {
                room: [0, 6, 10, 6],
                open: 0b1110
            }
        );
        let mut chosen = [0; 5];
        for n in 0..50_000_u64 {
            let (bits, chance) = (crate::rng::mix(n), crate::rng::mix(!n));
            // Some windows are crowded, some empty.
            let bits = if n % 3 == 0 { bits & bits >> 30 } else { bits };
            let rows = [0, 5, 10, 15, 20].map(|shift| (bits >> shift) as u32);
            for facing in 0..4 {
                let want = choose(look(rows), facing, chance);
                assert_eq!(
                    choose_by_rows(rows, facing, chance),
                    want,
                    "{rows:?} {facing} {chance}"
                );
                chosen[want as usize] += 1;
            }
        }
        assert!(chosen.iter().all(|&n| n > 10_000), "{chosen:?}");
    }

    #[test]
    fn a_walker_goes_on_in_the_open_and_never_into_a_taken_tile() {
        assert_eq!(choose_by_rows([0; 5], EAST, 0), EAST + 1);
        for chance in (0..2000_u64).map(crate::rng::mix) {
            for facing in 0..4 {
                let rows = [0, 8, 16, 24, 32].map(|shift| (chance >> shift) as u32);
                let want = choose_by_rows(rows, facing, chance);
                assert!(want == 0 || look(rows).open >> (want - 1) & 1 == 1);
            }
        }
    }

    #[test]
    fn a_walker_hemmed_in_stays_and_one_before_a_wall_turns() {
        assert_eq!(choose_by_rows([31; 5], NORTH, u64::MAX), 0);
        let want = choose_by_rows([31, 31, 0, 0, 0], NORTH, 0);
        assert!(want > 1, "{want}");
    }
}
