//! How people get past each other: residents who did not get the tile they wanted follow, swap and squeeze past.
//!
//! One pass in the order of agent numbers, over residents only.
//! Whoever still wants a tile enters it if it has been vacated in this tick, and those waiting behind follow.
//! Two who want each other's tiles swap.
//! Whoever has been held up for [`STUCK_MAX`] ticks by a body that stands still swaps places with it ("excuse me"),
//! unless that one is waiting in the same queue.
//! Every queue ends at a tile that is free, at two who face each other, or at somebody who doesn't want to go on that
//! way, so no crowd in a door stays stuck. No body moves twice in a tick.

use super::body::STUCK_MAX;
use super::{Moved, Space};

impl Space {
    pub(super) fn pass(&mut self) {
        self.moved.clear();
        if self.residents.is_empty() {
            return;
        }
        let mut pending = std::mem::take(&mut self.pending);
        pending.clear();
        pending.extend(
            self.residents
                .iter()
                .copied()
                .filter(|&no| self.is_waiting(self.slot_of[no as usize])),
        );
        for &no in &pending {
            self.follow_or_swap(no);
        }
        for &no in &pending {
            self.squeeze_past(no);
        }
        self.pending = pending;
        self.finish();
    }

    /// Whether the body in this slot wants to move and has not.
    fn is_waiting(&self, slot: u32) -> bool {
        let state = self.bodies[slot as usize].state;
        state.is_resident() && state.want() != 0 && state.step() == 0
    }

    fn follow_or_swap(&mut self, no: u32) {
        let slot = self.slot_of[no as usize];
        if !self.is_waiting(slot) {
            return;
        }
        let target = self.target(slot);
        if !self.taken.get(target) {
            self.enter_with_queue(slot);
            return;
        }
        let Some(other) = self.slot_at(target) else {
            return;
        };
        if self.is_waiting(other) && self.target(other) == self.bodies[slot as usize].tile {
            self.swap(slot, other);
        }
    }

    /// Enters the wanted tile, which is free; then whoever waits for the tile left behind enters that, and so on.
    fn enter_with_queue(&mut self, first: u32) {
        let mut next = Some(first);
        while let Some(slot) = next {
            let body = &mut self.bodies[slot as usize];
            let (left, want) = (body.tile, body.state.want());
            body.state.set_step(want);
            let target = self.target(slot);
            self.shift(slot as usize, target);
            self.steps_walked += 1;
            next = self.first_waiting_for(left);
        }
    }

    /// The slot of the lowest number among the residents who wait for a tile.
    fn first_waiting_for(&self, tile: u32) -> Option<u32> {
        let beside = self
            .grid
            .offsets()
            .into_iter()
            .filter_map(|offset| self.slot_at(tile.wrapping_sub(offset)));
        beside
            .filter(|&slot| self.is_waiting(slot) && self.target(slot) == tile)
            .min_by_key(|&slot| self.bodies[slot as usize].no)
    }

    fn squeeze_past(&mut self, no: u32) {
        let slot = self.slot_of[no as usize];
        if !self.is_waiting(slot) {
            return;
        }
        let state = &mut self.bodies[slot as usize].state;
        let (want, stuck) = (state.want(), (state.stuck() + 1).min(STUCK_MAX));
        state.set_stuck(stuck);
        if stuck < STUCK_MAX {
            return;
        }
        let Some(other) = self.slot_at(self.target(slot)) else {
            return;
        };
        let in_way = self.bodies[other as usize].state;
        let same_queue = in_way.is_resident() && in_way.want() == want;
        if in_way.step() == 0 && !same_queue {
            self.swap(slot, other);
        }
    }

    /// The one wanting to go there and the one standing there change places.
    fn swap(&mut self, slot: u32, other: u32) {
        let (here, there) = (
            self.bodies[slot as usize].tile,
            self.bodies[other as usize].tile,
        );
        let want = self.bodies[slot as usize].state.want();
        for (slot, tile, step) in [(slot, there, want), (other, here, ((want - 1) ^ 2) + 1)] {
            let body = &mut self.bodies[slot as usize];
            body.tile = tile;
            body.state.set_step(step);
            body.state.set_stuck(0);
            self.occupant[tile as usize] = body.no + 1;
        }
        self.steps_walked += 2;
    }

    /// Tells of the residents' steps and uses their wishes up.
    fn finish(&mut self) {
        let offsets = self.grid.offsets();
        for &no in &self.residents {
            let body = &mut self.bodies[self.slot_of[no as usize] as usize];
            let (want, step) = (body.state.want(), body.state.step());
            if step != 0 {
                let (from, to) = (
                    body.tile.wrapping_sub(offsets[step as usize - 1]),
                    body.tile,
                );
                let (from, to) = (self.grid.point(from), self.grid.point(to));
                self.moved.push(Moved {
                    no,
                    from,
                    to,
                    facing: body.state.facing(),
                });
            }
            if step != 0 || want == 0 {
                body.state.set_stuck(0);
            }
            body.state.set_want(0);
        }
    }

    /// The tile that the body in this slot, which has a wish, wants.
    fn target(&self, slot: u32) -> u32 {
        let body = &self.bodies[slot as usize];
        body.tile
            .wrapping_add(self.grid.offsets()[body.state.want() as usize - 1])
    }

    fn slot_at(&self, tile: u32) -> Option<u32> {
        let no = self.occupant[tile as usize].checked_sub(1)?;
        Some(self.slot_of[no as usize])
    }
}
