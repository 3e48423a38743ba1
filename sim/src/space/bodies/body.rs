//! One body, in twelve bytes.

use hamlet_protocol::agent::Facing;

use crate::space::grid::FACINGS;

/// Failed ticks after which a resident asks whoever stands in the way to let it pass.
pub(crate) const STUCK_MAX: u32 = 3;

/// What the hot loops know of a body. The order of bodies in their store means nothing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Body {
    /// Where, as a tile of the grid's padded layout.
    pub(super) tile: u32,
    /// Agent number.
    pub(super) no: u32,
    pub(super) state: State,
}

/// The small fields of a body, packed: they change together.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct State(u32);

// A field of a "move" holds 0 for none or the direction's number plus one.
const FACING: (u32, u32) = (0, 0b11);
const WANT: (u32, u32) = (2, 0b111);
const STEP: (u32, u32) = (5, 0b111);
const STUCK: (u32, u32) = (8, 0b11);
const CLAIMS: u32 = 1 << 10;
const RESIDENT: u32 = 1 << 11;

impl State {
    pub(super) fn new(is_resident: bool, facing: Facing) -> Self {
        let kind = if is_resident { RESIDENT } else { 0 };
        Self(kind).with(FACING, facing as u32)
    }

    fn get(self, (shift, mask): (u32, u32)) -> u32 {
        self.0 >> shift & mask
    }

    fn with(self, (shift, mask): (u32, u32), value: u32) -> Self {
        Self(self.0 & !(mask << shift) | value << shift)
    }

    pub(super) fn is_resident(self) -> bool {
        self.0 & RESIDENT != 0
    }

    pub(super) fn facing(self) -> Facing {
        FACINGS[self.get(FACING) as usize]
    }

    pub(super) fn set_facing(&mut self, facing: Facing) {
        *self = self.with(FACING, facing as u32);
    }

    /// The move wished for this tick.
    pub(super) fn want(self) -> u32 {
        self.get(WANT)
    }

    pub(super) fn set_want(&mut self, want: u32) {
        *self = self.with(WANT, want);
    }

    /// The move made this tick; a body makes one at most.
    pub(super) fn step(self) -> u32 {
        self.get(STEP)
    }

    pub(super) fn set_step(&mut self, step: u32) {
        *self = self.with(STEP, step);
    }

    /// Ticks in a row in which the body could not go where it wanted, up to [`STUCK_MAX`].
    pub(super) fn stuck(self) -> u32 {
        self.get(STUCK)
    }

    pub(super) fn set_stuck(&mut self, stuck: u32) {
        *self = self.with(STUCK, stuck);
    }

    /// Whether the wanted tile was free when the tick began, so that the body takes part in the claims.
    pub(super) fn claims(self) -> bool {
        self.0 & CLAIMS != 0
    }

    /// Begins a tick: no step, no claim; the wish stays.
    pub(super) fn begin(&mut self) {
        self.0 &= !(STEP.1 << STEP.0 | CLAIMS);
    }

    /// Looks where a move leads.
    pub(super) fn look(&mut self, want: u32) {
        *self = self.with(FACING, want - 1);
    }

    /// Takes part in the claims with this wish, looking where it wants to go.
    pub(super) fn claim(&mut self, want: u32) {
        *self = self.with(WANT, want).with(FACING, want - 1);
        self.0 |= CLAIMS;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fields_do_not_touch_each_other() {
        let mut state = State::new(true, Facing::West);
        state.set_stuck(STUCK_MAX);
        state.set_step(4);
        state.claim(2);
        assert_eq!(
            (state.facing(), state.want(), state.step()),
            (Facing::East, 2, 4)
        );
        assert!(state.claims() && state.is_resident());
        state.begin();
        state.set_facing(Facing::North);
        assert_eq!(
            (state.facing(), state.want(), state.step(), state.stuck()),
            (Facing::North, 2, 0, 3)
        );
        assert!(
            !state.claims()
                && state.is_resident()
                && !State::new(false, Facing::North).is_resident()
        );
        assert_eq!(size_of::<Body>(), 12);
    }
}
