//! One tick for all bodies.
//!
//! *Decide*: everybody writes where they want to go onto the tile they stand on, if the wanted tile is free.
//! *Resolve*: whoever wants a tile looks at its four neighbours; if others want it too, a lot that depends on the seed,
//! the tick and the tile alone says who gets it. The winner moves.
//! Only tiles that were free when the tick began are given away, so nobody's tile is entered and each tile is written by
//! the one who leaves it or the one who enters it: no pass depends on the order of bodies.
//! Bodies are sorted by place, so a span of bodies owns the rows it stands in; the few who strayed out of their span's
//! rows are written down and done afterwards.

use super::Space;
use super::body::Body;
use super::order::Span;
use super::walker;
use crate::rng::{Purpose, mix};
use crate::space::grid::Bits;

/// Beats until stale intents must be wiped: 14 bits count them, 2 name the direction.
const BEATS: u16 = 1 << 14;

/// What one span of bodies leaves to be done afterwards.
#[derive(Debug, Default)]
pub(super) struct Lane {
    intents: Vec<(u32, u16)>,
    moves: Vec<Move>,
    steps: u64,
}

impl Lane {
    pub(super) fn memory_bytes(&self) -> usize {
        self.intents.capacity() * size_of::<(u32, u16)>()
            + self.moves.capacity() * size_of::<Move>()
    }
}

#[derive(Clone, Copy, Debug)]
struct Move {
    from: u32,
    to: u32,
    no: u32,
}

/// What is the same for everybody in this tick.
#[derive(Clone, Copy)]
struct Beat {
    /// Chance of this tick.
    key: u64,
    /// An intent of this beat without its direction.
    stamp: u16,
    stride: u32,
    offsets: [u32; 4],
}

impl Space {
    /// One tick: walkers look round, choose and move; residents' wishes are granted where they can be.
    /// The result depends on the seed, the tick, the bodies and the wishes, on nothing else.
    pub fn advance(&mut self, seed: u64, tick: u64) {
        self.keep_order();
        let beat = self.next_beat(seed, tick);
        if self.is_crowd() {
            let spans = self.spans();
            self.lanes.resize_with(spans.len(), Lane::default);
            self.decide(&spans, beat);
            self.resolve(&spans, beat);
        } else {
            self.lanes.resize_with(1, Lane::default);
            self.decide_alone(beat);
            self.resolve_alone(beat);
        }
        self.steps_walked = self
            .lanes
            .iter_mut()
            .map(|lane| std::mem::take(&mut lane.steps))
            .sum();
        self.pass();
    }

    fn next_beat(&mut self, seed: u64, tick: u64) -> Beat {
        self.beat += 1;
        if self.beat == BEATS {
            self.intents.fill(0);
            self.beat = 1;
        }
        Beat {
            key: mix(seed ^ mix(Purpose::Walk as u64 ^ mix(tick))),
            stamp: self.beat << 2,
            stride: self.grid.stride(),
            offsets: self.grid.offsets(),
        }
    }

    fn decide_alone(&mut self, beat: Beat) {
        let lane = &mut self.lanes[0];
        Decide {
            bodies: &mut self.bodies,
            intents: &mut self.intents,
            first: 0,
            lane,
        }
        .run(&self.taken, self.grid.blocked(), beat);
    }

    fn decide(&mut self, spans: &[Span], beat: Beat) {
        let (mut bodies, mut intents) = (&mut self.bodies[..], &mut self.intents[..]);
        let mut tasks = Vec::with_capacity(spans.len());
        for (span, lane) in spans.iter().zip(&mut self.lanes) {
            let tiles = span.rows.len() * beat.stride as usize;
            tasks.push(Decide {
                bodies: carve(&mut bodies, span.bodies.len()),
                intents: carve(&mut intents, tiles),
                first: span.rows.start * beat.stride,
                lane,
            });
        }
        self.crew.run(tasks, |task| {
            task.run(&self.taken, self.grid.blocked(), beat);
        });
        for lane in &mut self.lanes {
            for (tile, intent) in lane.intents.drain(..) {
                self.intents[tile as usize] = intent;
            }
        }
    }

    fn resolve_alone(&mut self, beat: Beat) {
        let lane = &mut self.lanes[0];
        let taken = self.taken.bytes_mut();
        Resolve {
            bodies: &mut self.bodies,
            occupant: &mut self.occupant,
            taken,
            first: 0,
            lane,
        }
        .run(&self.intents, beat);
    }

    fn resolve(&mut self, spans: &[Span], beat: Beat) {
        let (mut bodies, mut occupant) = (&mut self.bodies[..], &mut self.occupant[..]);
        let mut taken = self.taken.bytes_mut();
        let mut tasks = Vec::with_capacity(spans.len());
        for (span, lane) in spans.iter().zip(&mut self.lanes) {
            let tiles = span.rows.len() * beat.stride as usize;
            tasks.push(Resolve {
                bodies: carve(&mut bodies, span.bodies.len()),
                occupant: carve(&mut occupant, tiles),
                taken: carve(&mut taken, tiles / 8),
                first: span.rows.start * beat.stride,
                lane,
            });
        }
        self.crew.run(tasks, |task| task.run(&self.intents, beat));
        for lane in &mut self.lanes {
            for Move { from, to, no } in lane.moves.drain(..) {
                self.occupant[from as usize] = 0;
                self.occupant[to as usize] = no + 1;
                self.taken.clear(from);
                self.taken.set(to);
            }
        }
    }
}

/// Cuts the first `len` items off a slice.
fn carve<'a, T>(rest: &mut &'a mut [T], len: usize) -> &'a mut [T] {
    rest.split_off_mut(..len).unwrap_or_default()
}

/// The first pass over one span.
struct Decide<'a> {
    bodies: &'a mut [Body],
    /// Of the span's rows.
    intents: &'a mut [u16],
    /// Number of the first tile of these rows.
    first: u32,
    lane: &'a mut Lane,
}

impl Decide<'_> {
    fn run(self, taken: &Bits, blocked: &Bits, beat: Beat) {
        for body in self.bodies {
            body.state.begin();
            let want = if body.state.is_resident() {
                wish(body, taken, blocked, beat)
            } else {
                will(body, taken, beat)
            };
            if want == 0 {
                continue;
            }
            body.state.claim(want);
            let intent = beat.stamp | (want - 1) as u16;
            match self
                .intents
                .get_mut(body.tile.wrapping_sub(self.first) as usize)
            {
                Some(place) => *place = intent,
                None => self.lane.intents.push((body.tile, intent)),
            }
        }
    }
}

/// A walker's own will.
#[inline]
fn will(body: &Body, taken: &Bits, beat: Beat) -> u32 {
    let corner = body.tile - 2 * beat.stride - 2;
    let row = |n: u32| taken.five(corner + n * beat.stride);
    let rows = [row(0), row(1), row(2), row(3), row(4)];
    let chance = mix(beat.key.wrapping_add(u64::from(body.no)));
    walker::choose_by_rows(rows, body.state.facing() as u32, chance)
}

/// A resident's wish, if the wanted tile is free. One to enter a wall is forgotten at once: nobody waits before it.
#[cold]
fn wish(body: &mut Body, taken: &Bits, blocked: &Bits, beat: Beat) -> u32 {
    let want = body.state.want();
    if want == 0 {
        return 0;
    }
    body.state.look(want);
    let target = body.tile.wrapping_add(beat.offsets[want as usize - 1]);
    if blocked.get(target) {
        body.state.set_want(0);
    }
    if taken.get(target) { 0 } else { want }
}

/// The second pass over one span.
struct Resolve<'a> {
    bodies: &'a mut [Body],
    /// Of the span's rows.
    occupant: &'a mut [u32],
    /// Of the span's rows.
    taken: &'a mut [u8],
    /// Number of the first tile of these rows.
    first: u32,
    lane: &'a mut Lane,
}

impl Resolve<'_> {
    fn run(self, intents: &[u16], beat: Beat) {
        let mut steps = 0;
        for body in self.bodies {
            if !body.state.claims() {
                continue;
            }
            let want = body.state.want();
            let (from, no) = (body.tile, body.no);
            let to = from.wrapping_add(beat.offsets[want as usize - 1]);
            if !wins(want - 1, to, intents, beat) {
                continue;
            }
            body.state.set_step(want);
            body.tile = to;
            steps += 1;
            let (leave, enter) = (
                from.wrapping_sub(self.first) as usize,
                to.wrapping_sub(self.first) as usize,
            );
            if leave.max(enter) < self.occupant.len() {
                self.occupant[leave] = 0;
                self.occupant[enter] = no + 1;
                self.taken[leave >> 3] &= !(1 << (leave & 7));
                self.taken[enter >> 3] |= 1 << (enter & 7);
            } else {
                self.lane.moves.push(Move { from, to, no });
            }
        }
        self.lane.steps = steps;
    }
}

/// Whether who comes from this side gets the tile.
#[inline]
fn wins(way: u32, to: u32, intents: &[u16], beat: Beat) -> bool {
    let mut claims = 0;
    for (way, offset) in beat.offsets.iter().enumerate() {
        let intent = intents[to.wrapping_sub(*offset) as usize];
        claims |= u32::from(intent == beat.stamp | way as u16) << way;
    }
    claims == 1 << way || drawn(claims, to, beat.key) == way
}

/// Draws one of the claims on a tile.
fn drawn(mut claims: u32, tile: u32, key: u64) -> u32 {
    let lot = mix(key ^ u64::from(tile) << 32) >> 32;
    for _ in 0..(lot * u64::from(claims.count_ones())) >> 32 {
        claims &= claims - 1;
    }
    claims.trailing_zeros()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_claim_is_drawn_about_as_often() {
        let mut drawn_by_way = [0; 4];
        for tile in 0..9000 {
            drawn_by_way[drawn(0b1011, tile, 5) as usize] += 1;
        }
        assert_eq!(drawn_by_way[2], 0);
        assert!(
            [0, 1, 3]
                .iter()
                .all(|&way: &usize| (2800..3200).contains(&drawn_by_way[way])),
            "{drawn_by_way:?}"
        );
    }
}
