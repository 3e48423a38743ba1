//! Looking round on a plane.

use std::ops::Range;

use super::index::Stretch;
use super::{Body, Plane};
use crate::model::id::Id;

/// Somebody seen from a point.
#[derive(Clone, Copy, Debug)]
pub struct Near<const C: usize> {
    /// The way to it along x.
    pub dx: f64,
    /// The way to it along y.
    pub dy: f64,
    /// Its distance, squared.
    pub d2: f64,
    /// Its numbers.
    pub data: [f64; C],
}

/// Neighbours that are added up side by side. Part of every result: sums of fractions depend on their order.
const LANES: usize = 2;

impl<const C: usize> Plane<C> {
    /// Adds up what an agent sees: `N` numbers of each of the others at most `radius` away.
    /// Zeros when the agent is gone.
    ///
    /// This is the fastest way to look round: it works on several neighbours at once.
    /// `what` is also asked of some who are farther away, and its answer dropped; so it must do nothing but compute.
    #[inline]
    pub fn sum<const N: usize>(
        &self,
        id: Id,
        radius: f64,
        what: impl Fn(Near<C>) -> [f64; N],
    ) -> [f64; N] {
        match self.slot(id) {
            Some(slot) => self.add_up(self.bodies[slot].at, radius, slot, what),
            None => [0.0; N],
        }
    }

    /// Adds up what is seen from a point, as [`Plane::sum`] does.
    pub fn sum_at<const N: usize>(
        &self,
        at: [f64; 2],
        radius: f64,
        what: impl Fn(Near<C>) -> [f64; N],
    ) -> [f64; N] {
        self.add_up(self.extent.inside(at), radius, NOBODY, what)
    }

    /// Shows an agent the others at most `radius` away, in an order that is the same for the same run.
    pub fn each_near(&self, id: Id, radius: f64, mut show: impl FnMut(Id, Near<C>)) {
        if let Some(slot) = self.slot(id) {
            self.show(self.bodies[slot].at, radius, slot, &mut show);
        }
    }

    /// Shows those at most `radius` away from a point, as [`Plane::each_near`] does.
    pub fn each_near_point(&self, at: [f64; 2], radius: f64, mut show: impl FnMut(Id, Near<C>)) {
        self.show(self.extent.inside(at), radius, NOBODY, &mut show);
    }

    /// The closest of the others at most `radius` away.
    #[must_use]
    pub fn nearest(&self, id: Id, radius: f64) -> Option<(Id, Near<C>)> {
        let mut best: Option<(Id, Near<C>)> = None;
        self.each_near(id, radius, |other, near| {
            if best.is_none_or(|(known, best)| (near.d2, other) < (best.d2, known)) {
                best = Some((other, near));
            }
        });
        best
    }

    fn show(&self, at: [f64; 2], radius: f64, but: usize, show: &mut impl FnMut(Id, Near<C>)) {
        let mut see = |slots: Range<usize>, from: [f64; 2], over_edges: bool| {
            for slot in slots.filter(|&slot| slot != but) {
                let near = self.near(slot, from, over_edges);
                if near.d2 <= radius * radius {
                    show(self.ids[slot], near);
                }
            }
        };
        let stretches = self.index.stretches(self.extent, at, self.box_for(radius));
        let indexed = stretches.is_some();
        for Stretch { slots, shift } in stretches.into_iter().flatten() {
            see(slots, [at[0] - shift[0], at[1] - shift[1]], false);
        }
        see(self.beyond_index(indexed), self.extent.inside(at), true);
    }

    #[inline]
    fn add_up<const N: usize>(
        &self,
        at: [f64; 2],
        radius: f64,
        but: usize,
        what: impl Fn(Near<C>) -> [f64; N],
    ) -> [f64; N] {
        let mut sums = Sums::new();
        let stretches = self.index.stretches(self.extent, at, self.box_for(radius));
        let indexed = stretches.is_some();
        for Stretch { slots, shift } in stretches.into_iter().flatten() {
            let from = [at[0] - shift[0], at[1] - shift[1]];
            let Range { mut start, end } = slots;
            loop {
                let stop = if (start..end).contains(&but) {
                    but
                } else {
                    end
                };
                sums.add(self, start..stop, from, radius * radius, &what);
                if stop == end {
                    break;
                }
                start = but + 1;
            }
        }
        let rest = self.beyond_index(indexed);
        if !rest.is_empty() {
            let from = self.extent.inside(at);
            for slot in rest.filter(|&slot| slot != but) {
                sums.add_one(0, self.near(slot, from, true), radius * radius, &what);
            }
        }
        sums.total()
    }

    /// Half the side of the box in which all who are within `radius` were when they were settled:
    /// a little more than needed, so that rounding hides nobody behind the border of a cell.
    #[inline]
    fn box_for(&self, radius: f64) -> f64 {
        radius + self.drift + 1e-9 * (radius + self.extent.width + self.extent.height)
    }

    /// The slots that cells say nothing about: those behind the settled ones, or all.
    #[inline]
    fn beyond_index(&self, indexed: bool) -> Range<usize> {
        if indexed {
            self.home.len()..self.bodies.len()
        } else {
            0..self.bodies.len()
        }
    }

    #[inline]
    fn near(&self, slot: usize, from: [f64; 2], over_edges: bool) -> Near<C> {
        let mut near = seen(&self.bodies[slot], from);
        if over_edges {
            near.dx = self.extent.shortest(near.dx, self.extent.width);
            near.dy = self.extent.shortest(near.dy, self.extent.height);
            near.d2 = near.dx * near.dx + near.dy * near.dy;
        }
        near
    }
}

#[inline(always)]
fn seen<const C: usize>(body: &Body<C>, from: [f64; 2]) -> Near<C> {
    let (dx, dy) = (body.at[0] - from[0], body.at[1] - from[1]);
    Near {
        dx,
        dy,
        d2: dx * dx + dy * dy,
        data: body.data,
    }
}

/// No slot.
const NOBODY: usize = usize::MAX;

/// Sums in the making, one per lane.
struct Sums<const N: usize>([[f64; LANES]; N]);

impl<const N: usize> Sums<N> {
    fn new() -> Self {
        Self([[0.0; LANES]; N])
    }

    fn total(&self) -> [f64; N] {
        self.0.map(|lanes| lanes.iter().sum())
    }

    #[inline(always)]
    fn add<const C: usize>(
        &mut self,
        plane: &Plane<C>,
        slots: Range<usize>,
        from: [f64; 2],
        radius2: f64,
        what: &impl Fn(Near<C>) -> [f64; N],
    ) {
        let (chunks, rest) = plane.bodies[slots].as_chunks::<LANES>();
        let mut sums = self.0;
        for chunk in chunks {
            let seen: [[f64; N]; LANES] = std::array::from_fn(|lane| {
                let near = seen(&chunk[lane], from);
                let within = near.d2 <= radius2;
                what(near).map(|value| if within { value } else { 0.0 })
            });
            for n in 0..N {
                for lane in 0..LANES {
                    sums[n][lane] += seen[lane][n];
                }
            }
        }
        self.0 = sums;
        for (lane, body) in rest.iter().enumerate() {
            self.add_one(lane, seen(body, from), radius2, what);
        }
    }

    /// Without a branch: whether somebody is within the radius cannot be guessed.
    #[inline(always)]
    fn add_one<const C: usize>(
        &mut self,
        lane: usize,
        near: Near<C>,
        radius2: f64,
        what: &impl Fn(Near<C>) -> [f64; N],
    ) {
        let within = near.d2 <= radius2;
        for (sum, value) in self.0.iter_mut().zip(what(near)) {
            sum[lane] += if within { value } else { 0.0 };
        }
    }
}
