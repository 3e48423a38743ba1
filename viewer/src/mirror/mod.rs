//! The mirror: what the window knows of the village.
//!
//! It is fed by frames and answers and by nothing else, and panels draw from it alone.
//! Everything in it is bounded: old lines, marks and samples go as new ones come.

mod board;
mod history;
mod link;
mod map;
mod people;
#[cfg(test)]
pub(crate) mod sample;
#[cfg(test)]
mod tests;
mod world;

use std::sync::Arc;

use hamlet_protocol::frame::{BoardFrame, WorldFrame};
use hamlet_protocol::ids::AgentId;

pub(crate) use board::{Board, Comment, Post, PostQuery, PostSort, Thread};
pub(crate) use history::{History, Sample, WINDOWS};
pub(crate) use link::{Link, LinkState};
pub(crate) use map::{Layer, TownPicture};
pub(crate) use people::Person;
pub(crate) use world::{MarkKind, World};

use crate::wire::{AgentShape, Capabilities, Me, SubmoltShape, TimeState};

/// What the window knows of the village.
#[derive(Debug, Default)]
pub(crate) struct Mirror {
    /// The town and everybody in it.
    pub(crate) world: World,
    /// The board as far as it was read.
    pub(crate) board: Board,
    /// How the line to the village is.
    pub(crate) link: Link,
    /// The map; `None` until it has come.
    pub(crate) map: Option<Arc<TownPicture>>,
    /// What the village has; `None` until it has said so.
    pub(crate) server: Option<Capabilities>,
    /// Who looks through the window; `None`: a stranger.
    pub(crate) me: Option<Me>,
    /// How fast the village goes.
    pub(crate) time: Option<TimeState>,
    /// Whoever was looked at last, in full.
    pub(crate) inspected: Option<Box<AgentShape>>,
    /// Communities.
    pub(crate) submolts: Vec<SubmoltShape>,
    /// What was, for charts.
    pub(crate) history: History,
}

impl Mirror {
    /// Takes in a frame of `/ws/world`; `now` is in seconds of the window's own clock.
    pub(crate) fn apply_world(&mut self, frame: WorldFrame, now: f64) {
        self.world.apply(frame, now);
        let map = self.map.as_deref();
        self.history.note(&self.world, map, self.board.posts_seen());
    }

    /// Takes in a frame of `/ws/board`.
    pub(crate) fn apply_board(&mut self, frame: BoardFrame) {
        for mark in self.board.apply(frame) {
            self.world.mark(mark);
        }
    }

    /// Whether the village has this.
    pub(crate) fn has(&self, feature: &str) -> bool {
        self.server.as_ref().is_some_and(|it| it.has(feature))
    }

    /// Whether somebody is signed in.
    pub(crate) fn signed_in(&self) -> bool {
        self.me.is_some()
    }

    /// Whether an admin looks.
    pub(crate) fn is_admin(&self) -> bool {
        self.me.as_ref().is_some_and(Me::is_admin)
    }

    /// The selected agent in full, where it has come.
    pub(crate) fn inspected(&self, agent: AgentId) -> Option<&AgentShape> {
        self.inspected.as_deref().filter(|it| it.id == agent)
    }

    /// What the place on a tile is called.
    pub(crate) fn place_at(&self, x: u16, y: u16) -> Option<&str> {
        self.map.as_ref()?.place_at(x, y)
    }
}
