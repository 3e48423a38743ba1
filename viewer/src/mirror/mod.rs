//! The mirror: what the window knows of the village.
//!
//! It is fed by frames and answers and by nothing else, and panels draw from it alone.
//! Everything in it is bounded: old lines, marks and samples go as new ones come.

mod board;
mod history;
mod link;
mod mail;
mod map;
mod office;
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
pub(crate) use mail::{Chat, Mail};
pub(crate) use map::{Layer, TownPicture};
pub(crate) use office::{Office, Reading};
pub(crate) use people::Person;
pub(crate) use world::{MarkKind, World};

use crate::pages::{Leaf, Page};
use crate::wire::{
    AgentShape, Balance, Capabilities, EconomyStats, FoundPost, LedgerEntry, Me, ReplaySpan,
    SubmoltShape, TimeState,
};

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
    /// What the signed-in person was told and written.
    pub(crate) mail: Mail,
    /// What those who keep order see.
    pub(crate) office: Office,
    /// Posts that the village found, and for which words.
    pub(crate) found: (String, Vec<FoundPost>),
    /// What whoever was looked at last has, as the village's economy says it.
    pub(crate) balance: Option<(AgentId, Balance)>,
    /// What moved in somebody's purse, newest first.
    pub(crate) ledger: Option<(AgentId, Vec<LedgerEntry>)>,
    /// Everybody's money in numbers.
    pub(crate) economy: Option<EconomyStats>,
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

    /// Takes in a page that was asked for; `now` is in seconds of the window's own clock.
    pub(crate) fn take(&mut self, page: Page, leaf: Leaf, now: f64) {
        match leaf {
            Leaf::Queue(it) => self.office.cases = Some(it.cases),
            Leaf::Measures(it) => self.office.measures = Some(it.actions),
            Leaf::Audit(it) => self.office.audit = Some(it.entries),
            Leaf::Accounts(it) => self.office.accounts = Some(it.accounts),
            Leaf::Metrics(text) => self.office.take_metrics(&text, now),
            Leaf::Notices(it) => self.mail.take_notices(it),
            Leaf::Chats(it) => self.mail.take_chats(it),
            Leaf::Requests(it) => self.mail.requests = it.requests.items,
            Leaf::Keys(it) => {
                if let Page::Keys(agent) = page {
                    self.office.keys = Some((agent, it.keys));
                }
            }
            Leaf::Chat(it) => {
                if let Page::Chat(agent) = page {
                    self.mail.take_chat(agent, it);
                }
            }
            Leaf::Posts(it) => {
                if let Page::Posts(words) = page {
                    self.found = (words, it.results);
                }
            }
            Leaf::Economy(it) => self.economy = Some(it),
            Leaf::Ledger(it) => {
                if let Page::Ledger(agent) = page {
                    self.ledger = Some((agent, it.entries));
                }
            }
            Leaf::Balance(it) => {
                if let Page::Balance(agent) = page {
                    self.balance = Some((agent, it));
                }
            }
        }
    }

    /// Somebody else looks through the window: what was theirs alone goes.
    pub(crate) fn look_as(&mut self, me: Option<Me>) {
        let before = self.me.as_ref().map(|it| &it.name);
        if before != me.as_ref().map(|it| &it.name) {
            self.mail = Mail::default();
            self.office = Office::default();
            self.ledger = None;
        }
        self.me = me;
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

    /// Whether somebody looks who keeps order.
    pub(crate) fn is_staff(&self) -> bool {
        self.me.as_ref().is_some_and(Me::is_staff)
    }

    /// Whether this member is whoever looks.
    pub(crate) fn is_me(&self, member: AgentId) -> bool {
        self.me.as_ref().is_some_and(|it| it.member == Some(member))
    }

    /// Whether whoever looks may steer time.
    pub(crate) fn may_steer(&self) -> bool {
        self.is_admin() && self.has("time_control")
    }

    /// What is being replayed, where the village does not live.
    pub(crate) fn replay(&self) -> Option<ReplaySpan> {
        self.time.as_ref()?.replay
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
