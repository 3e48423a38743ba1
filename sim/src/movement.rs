//! Walking: by a step, to a tile, into a landmark.
//!
//! A walk is a wish that is renewed every tick: [`crate::space::Space`] decides who gets which tile.
//! Ways to a tile are searched with a budget per tick, in the order they were asked for, each search whole;
//! ways to a landmark follow its flow field, which is a pure function of the map and only cached.

use std::collections::VecDeque;

use bevy_app::App;
use bevy_ecs::prelude::*;
use hamlet_protocol::agent::{Activity, Facing};
use hamlet_protocol::command::{Outcome, Rejection, RejectionCode};
use hamlet_protocol::event::Event;
use hamlet_protocol::image::{PathRequestImage, SeenImage, WalkImage};
use hamlet_protocol::map::{LandmarkKind, Point};

use crate::rng::{Purpose, Stream};
use crate::schedule::{Tick, TickSet};
use crate::space::Space;
use crate::space::grid::{direction, facing_of, step};
use crate::space::path::Search;
use crate::town::{ActResult, Town};

/// Ticks somebody waits before an obstacle that moves until they give the way up.
const PATIENCE_TICKS: u16 = 60;
/// Farthest a relative step may point, in tiles along each axis.
const STEP_MAX: u16 = 64;
/// Tries to find a free spot inside a landmark.
const SPOT_TRIES: u32 = 8;

/// Requests for ways, in the order they were asked: one of each resident who waits for a way, and of nobody else.
#[derive(Resource, Debug, Default)]
pub(crate) struct PathQueue(pub(crate) VecDeque<PathRequestImage>);

impl Town<'_, '_> {
    pub(crate) fn step_by(&mut self, no: u32, dx: i16, dy: i16) -> ActResult {
        let farthest = dx.unsigned_abs().max(dy.unsigned_abs());
        if farthest == 0 || farthest > STEP_MAX {
            return Err(Rejection::new(
                RejectionCode::Invalid,
                format!("A step of ({dx}, {dy}) leads nowhere."),
                format!("Give dx and dy from -{STEP_MAX} to {STEP_MAX}, not both 0."),
            ));
        }
        let at = self.at(no);
        let target = |from: u16, by: i16| u16::try_from(i32::from(from) + i32::from(by)).ok();
        match (target(at.x, dx), target(at.y, dy)) {
            (Some(x), Some(y)) => self.go_to(no, Point::new(x, y)),
            _ => Err(off_the_map()),
        }
    }

    pub(crate) fn go_to(&mut self, no: u32, to: Point) -> ActResult {
        let at = self.at(no);
        if !self.space.walkable(to) {
            return Err(Rejection::new(
                RejectionCode::Unreachable,
                format!("Nobody can enter the tile {to}."),
                "Choose a walkable tile of the map, or a landmark.",
            ));
        }
        if !self.ways.same_region(at, to) {
            return Err(Rejection::new(
                RejectionCode::Unreachable,
                format!("No way leads from {at} to {to}."),
                "Choose a tile on this side of the walls.",
            ));
        }
        if at == to {
            self.set_walk(no, WalkImage::Still);
            return Ok(Outcome::Walking { steps: Some(0) });
        }
        if let Some(facing) = direction(at, to) {
            self.set_walk(
                no,
                WalkImage::Path {
                    to,
                    steps: vec![facing as u8],
                    stuck: 0,
                },
            );
            return Ok(Outcome::Walking { steps: Some(1) });
        }
        if self.path_queue.0.len() >= self.rules.0.path_queue_max as usize {
            return Err(Rejection::new(
                RejectionCode::Limit,
                "Too many people are looking for a way at once.",
                "Try again in a few ticks.",
            ));
        }
        self.set_walk(no, WalkImage::Asked { to });
        self.path_queue.0.push_back(PathRequestImage { no, to });
        Ok(Outcome::Walking { steps: None })
    }

    pub(crate) fn go_to_landmark(&mut self, no: u32, landmark: u32) -> ActResult {
        let at = self.at(no);
        if self.places.inside(landmark, at) {
            self.set_walk(no, WalkImage::Still);
            return Ok(Outcome::Walking { steps: Some(0) });
        }
        let entrance = self.places.all[landmark as usize].entrance;
        if !self.ways.same_region(at, entrance) {
            return Err(Rejection::new(
                RejectionCode::Unreachable,
                format!(
                    "No way leads from {at} to {}.",
                    self.places.all[landmark as usize].name
                ),
                "Choose a landmark on this side of the walls.",
            ));
        }
        // A field costs a look at the whole map and pays where many walk; to a home only a few do.
        if self.places.all[landmark as usize].kind == LandmarkKind::Home {
            let spot = self.free_spot(no, landmark).unwrap_or(entrance);
            return self.go_to(no, spot);
        }
        self.set_walk(no, WalkImage::Flow { landmark, stuck: 0 });
        Ok(Outcome::Walking { steps: None })
    }

    pub(crate) fn stop(&mut self, no: u32) -> Outcome {
        self.set_walk(no, WalkImage::Still);
        Outcome::Done
    }

    /// Sets out, or stops; whatever one was doing ends. Conversations are left by walking.
    fn set_walk(&mut self, no: u32, walk: WalkImage) {
        let going = walk != WalkImage::Still;
        let before = std::mem::replace(&mut self.resident(no).walk.0, walk);
        let was_going = before != WalkImage::Still;
        if matches!(before, WalkImage::Asked { .. }) {
            self.path_queue.0.retain(|request| request.no != no);
        }
        if going {
            self.leave_talk(no);
            self.set_activity(no, Activity::Walking, None);
        } else if was_going {
            self.set_activity(no, Activity::Idle, None);
        }
    }

    /// Stops at the end of a way, or because it can't be gone.
    fn arrive(&mut self, no: u32) {
        self.set_walk(no, WalkImage::Still);
        // The mind has something to decide now.
        self.resident(no).plan.now.next = 0;
    }

    /// Walks on to a free spot deeper inside a landmark, so that nobody stands in its door.
    fn find_spot(&mut self, no: u32, landmark: u32) {
        let found = self.free_spot(no, landmark);
        if found.is_none_or(|spot| self.go_to(no, spot).is_err()) {
            self.arrive(no);
        }
    }

    /// A free spot inside a landmark that somebody can reach; by chance, so that people spread.
    fn free_spot(&self, no: u32, landmark: u32) -> Option<Point> {
        let mut stream = Stream::new(self.seed.0, Purpose::Walk, u64::from(no), self.clock.tick);
        let area = self.places.all[landmark as usize].area;
        let at = self.at(no);
        let mut draw = || {
            let x = area.x + stream.below(u32::from(area.width)) as u16;
            let y = area.y + stream.below(u32::from(area.height)) as u16;
            Point::new(x, y)
        };
        (0..SPOT_TRIES)
            .map(|_| draw())
            .find(|&spot| self.space.is_free(spot) && self.ways.same_region(at, spot))
    }

    /// The direction somebody on the way wants to go this tick.
    fn wish(&mut self, no: u32) -> Option<Facing> {
        let at = self.at(no);
        match &self.resident(no).walk.0 {
            WalkImage::Still | WalkImage::Asked { .. } => None,
            WalkImage::Path { steps, .. } => steps.last().and_then(|&step| facing_of(step)),
            &WalkImage::Flow { landmark, .. } => {
                let place = &self.places.all[landmark as usize];
                let grid = self.space.grid();
                let inside = place
                    .area
                    .tiles()
                    .filter(|&p| grid.walkable(p))
                    .chain([place.entrance]);
                self.ways.flow(landmark, || inside).next(at)
            }
        }
    }

    /// Somebody took a step, of their own will or pushed aside.
    fn stepped(&mut self, no: u32, from: Point, to: Point) {
        let mut resident = self.resident(no);
        let mut pushed = false;
        match &mut resident.walk.0 {
            WalkImage::Path { steps, stuck, .. } => {
                let planned = steps
                    .last()
                    .and_then(|&number| step(from, facing_of(number)?));
                pushed = planned != Some(to);
                if !pushed {
                    steps.pop();
                    *stuck = 0;
                }
            }
            WalkImage::Flow { stuck, .. } => *stuck = 0,
            WalkImage::Still | WalkImage::Asked { .. } => {}
        }
        let walk = resident.walk.0.clone();
        match walk {
            // Off the path: a new one is sought from here.
            WalkImage::Path { to: goal, .. } if pushed => {
                if self.go_to(no, goal).is_err() {
                    self.arrive(no);
                }
            }
            WalkImage::Path { steps, .. } if steps.is_empty() => self.arrive(no),
            WalkImage::Flow { landmark, .. } if self.places.inside(landmark, to) => {
                self.find_spot(no, landmark);
            }
            WalkImage::Path { .. }
            | WalkImage::Flow { .. }
            | WalkImage::Still
            | WalkImage::Asked { .. } => {}
        }
    }

    /// Somebody wanted to step and could not.
    fn blocked(&mut self, no: u32) {
        let mut resident = self.resident(no);
        let (WalkImage::Path { stuck, .. } | WalkImage::Flow { stuck, .. }) = &mut resident.walk.0
        else {
            return;
        };
        *stuck = stuck.saturating_add(1);
        if *stuck >= PATIENCE_TICKS {
            self.arrive(no);
        }
    }

    /// Serves requests for ways until the tick's budget is spent.
    fn seek_ways(&mut self) {
        let mut budget = self.rules.0.path_nodes_per_tick;
        while budget > 0 {
            let Some(PathRequestImage { no, to }) = self.path_queue.0.pop_front() else {
                return;
            };
            let at = self.at(no);
            let search = self.ways.find(at, to, u32::MAX);
            budget = budget.saturating_sub(search.nodes().max(1));
            match search {
                Search::Found { steps, .. } if !steps.is_empty() => {
                    let steps = steps.into_iter().map(|facing| facing as u8).collect();
                    self.resident(no).walk.0 = WalkImage::Path {
                        to,
                        steps,
                        stuck: 0,
                    };
                }
                _ => self.arrive(no),
            }
        }
    }
}

/// Steps, collisions and arrivals of one tick.
pub(crate) fn walk(mut town: Town) {
    town.seek_ways();
    let mut wishing = Vec::new();
    for index in 0..town.roster.residents().len() {
        let (no, entity) = town.roster.residents()[index];
        // Most people stand still most of the time: look before asking for everything.
        if town
            .residents
            .get(entity)
            .is_ok_and(|resident| resident.walk.0 == WalkImage::Still)
        {
            continue;
        }
        if let Some(facing) = town.wish(no) {
            town.space.want(no, Some(facing));
            wishing.push(no);
        }
    }
    let (seed, tick) = (town.seed.0, town.clock.tick);
    town.space.advance(seed, tick);
    town.totals.steps += town.space.steps_walked();
    settle(&mut town, &wishing);
}

/// Tells everyone what became of their wish.
fn settle(town: &mut Town, wishing: &[u32]) {
    let moved: Vec<_> = town.space.moved().to_vec();
    for step in &moved {
        let agent = town.roster.agent_id(step.no);
        town.log.record(
            &town.clock,
            Event::Moved {
                agent,
                to: step.to,
                facing: step.facing,
            },
        );
        town.touched.body(step.no);
        town.stepped(step.no, step.from, step.to);
    }
    let mut moved = moved.iter().map(|step| step.no).peekable();
    for &no in wishing {
        while moved.next_if(|&other| other < no).is_some() {}
        if moved.peek() != Some(&no) {
            // They look where they want to go.
            town.touched.body(no);
            town.blocked(no);
        }
    }
}

impl Town<'_, '_> {
    /// Notes that a door was found closed.
    pub(crate) fn found_closed(&mut self, no: u32, landmark: u32) {
        self.observe(no, SeenImage::FoundClosed(landmark));
    }
}

#[cfg(test)]
mod tests;

pub(crate) fn plugin(app: &mut App) {
    app.add_systems(Tick, walk.in_set(TickSet::Resolve));
}

fn off_the_map() -> Rejection {
    Rejection::new(
        RejectionCode::Unreachable,
        "That is off the map.",
        "Choose a tile of the map.",
    )
}

/// Whether a body may be put on a tile, or the nearest free one.
pub(crate) fn landing(space: &Space, to: Point) -> Result<Point, Rejection> {
    space.nearest_free(to, 64).ok_or_else(|| {
        Rejection::new(
            RejectionCode::Unreachable,
            format!("There is no free tile near {to}."),
            "Choose another place, or make room.",
        )
    })
}
