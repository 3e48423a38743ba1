//! The mirror: what the window knows of the village.
//!
//! It is fed by frames and answers and by nothing else, and panels draw from it alone.
//! Everything in it is bounded: old lines, marks and samples go as new ones come.

mod board;
mod history;
mod link;
mod mail;
mod map;
mod minds;
mod office;
mod paged;
mod people;
#[cfg(test)]
pub(crate) mod sample;
mod tasks;
#[cfg(test)]
mod tests;
mod world;

use std::sync::Arc;

use hamlet_protocol::frame::{BoardFrame, WorldFrame};
use hamlet_protocol::ids::AgentId;

pub(crate) use board::{Board, Comment, Post, PostQuery, PostSort, Thread};
pub(crate) use history::{History, Sample, WINDOWS};
pub(crate) use link::{Link, LinkState};
pub(crate) use mail::{Chat, GroupChat, Mail};
pub(crate) use map::{Layer, TownPicture};
pub(crate) use minds::{Face, Minds, PoolReading};
pub(crate) use office::{Office, Reading};
pub(crate) use paged::{LedgerFilter, LedgerQuery, Paged};
pub(crate) use people::Person;
pub(crate) use tasks::{TaskTalk, Tasks};
pub(crate) use world::{MOMENT_SECS, Mark, MarkKind, World};

use crate::pages::{Leaf, Page};
use crate::wire::{
    AgentShape, Balance, Capabilities, EconomyStats, Entitlements, FoundPost, LedgerEntry, Me,
    ReplaySpan, SubmoltShape, TimeState,
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
    /// Work that they asked of agents.
    pub(crate) tasks: Tasks,
    /// What those who keep order see.
    pub(crate) office: Office,
    /// Posts that the village found, and for which words.
    pub(crate) found: (String, Vec<FoundPost>),
    /// What whoever was looked at last has, as the village's economy says it.
    pub(crate) balance: Option<(AgentId, Balance)>,
    /// What they are entitled to.
    pub(crate) entitlements: Option<(AgentId, Entitlements)>,
    /// What moved in somebody's purse, newest first.
    pub(crate) ledger: Option<(LedgerQuery, Paged<LedgerEntry>)>,
    /// Minds that think with language models, and moods.
    pub(crate) minds: Minds,
    /// Everybody's money in numbers.
    pub(crate) economy: Option<EconomyStats>,
}

impl Mirror {
    /// Takes in a frame of `/ws/world`; `now` is in seconds of the window's own clock.
    pub(crate) fn apply_world(&mut self, frame: WorldFrame, now: f64) {
        self.world.apply(frame, now);
        let map = self.map.as_deref();
        let posts = self.board.posts_seen();
        self.history.note(&self.world, map, posts, self.minds.mood);
    }

    /// Takes in a frame of `/ws/board`.
    pub(crate) fn apply_board(&mut self, frame: BoardFrame) {
        for mark in self.board.apply(frame) {
            self.world.mark(mark);
        }
    }

    /// How fast the village goes from now on; when somebody stopped it or let it go on, the timeline tells.
    pub(crate) fn take_time(&mut self, time: TimeState) {
        let before = self.time.as_ref().map(|it| it.state.as_str());
        let text = match (before, time.state.as_str()) {
            (Some("running"), "paused") => "Time is stopped",
            (Some("paused"), "running") => "Time goes on",
            _ => "",
        };
        if !text.is_empty() && time.replay.is_none() {
            self.world.mark(Mark {
                kind: MarkKind::Hand,
                time: None,
                text: text.to_owned(),
            });
        }
        self.time = Some(time);
    }

    /// Takes in a page that was asked for; `now` is in seconds of the window's own clock.
    pub(crate) fn take(&mut self, page: Page, leaf: Leaf, now: f64) {
        let office = &mut self.office;
        match (page, leaf) {
            (_, Leaf::Queue(it)) => Paged::renew(&mut office.cases, it.cases, it.next_cursor),
            (_, Leaf::Measures(it)) => {
                Paged::renew(&mut office.measures, it.actions, it.next_cursor);
            }
            (_, Leaf::Audit(it)) => Paged::renew(&mut office.audit, it.entries, it.next_cursor),
            (_, Leaf::Accounts(it)) => {
                Paged::renew(&mut office.accounts, it.accounts, it.next_cursor);
            }
            (_, Leaf::Deposits(it)) => {
                office.deposited = Some((it.total, it.total_amount));
                Paged::renew(&mut office.deposits, it.deposits, it.next_cursor);
            }
            (Page::Bounty(no), Leaf::Bounty(it)) => office.take_bounty(no, it.bounty),
            (_, Leaf::Metrics(text)) => office.take_metrics(&text, now),
            (_, Leaf::Notices(it)) => self.mail.take_notices(it),
            (_, Leaf::Chats(it)) => self.mail.take_chats(it),
            (_, Leaf::Requests(it)) => self.mail.requests = it.requests.items,
            (_, Leaf::Groups(it)) => self.mail.take_groups(it),
            (_, Leaf::Economy(it)) => self.economy = Some(*it),
            (_, Leaf::Pool(it)) => self.minds.take_pool(it, now, self.world.time),
            (_, Leaf::MindCosts(it)) => self.minds.costs = Some(*it),
            (_, Leaf::Moods(it)) => self.minds.take_moods(&it),
            (_, Leaf::Tasks(it)) => self.tasks.take_list(it),
            (Page::Task(chat), Leaf::Task(it)) => self.tasks.take_messages(chat, *it),
            (Page::TaskFile(at), Leaf::TaskFile(it)) => self.tasks.file = Some((at, it)),
            (Page::TaskDoor(agent), Leaf::TaskDoor(it)) => self.tasks.door = Some((agent, it.who)),
            (Page::Comments(post), Leaf::Comments(it)) => self.board.take_comments(post, it),
            (Page::Keys(agent), Leaf::Keys(it)) => office.keys = Some((agent, it.keys)),
            (Page::StaffKeys(agent), Leaf::Keys(it)) => office.take_keys(agent, Ok(it.keys)),
            (Page::Chat(agent), Leaf::Chat(it)) => self.mail.take_chat(agent, it),
            (Page::Group(group), Leaf::Group(it)) => self.mail.take_group(group, it.messages),
            (Page::Posts(words), Leaf::Posts(it)) => self.found = (words, it.results),
            (Page::Balance(agent), Leaf::Balance(it)) => self.balance = Some((agent, it)),
            (Page::Entitlements(agent), Leaf::Entitlements(it)) => {
                self.entitlements = Some((agent, *it));
            }
            (Page::Spent(agent), Leaf::Spent(it)) => self.minds.spent = Some((agent, *it)),
            (Page::Thoughts(agent), Leaf::Thoughts(it)) => {
                self.minds.thoughts = Some((agent, it.thoughts));
            }
            (Page::Memories(agent), Leaf::Memories(it)) => {
                self.minds.memories = Some((agent, it.memories));
            }
            (Page::Ledger(query), Leaf::Ledger(it)) => {
                let kept = self.ledger.take().filter(|kept| kept.0 == query);
                let mut list = kept.map(|kept| kept.1);
                Paged::renew(&mut list, it.entries, it.next_cursor);
                self.ledger = list.map(|list| (query, list));
            }
            // A leaf of another page than was asked for: the line does not do that.
            (page, _) => tracing::warn!(?page, "an answer of another kind"),
        }
    }

    /// Takes in the page of a list that began at this cursor.
    pub(crate) fn take_more(&mut self, page: &Page, cursor: &str, leaf: Leaf) {
        let office = &mut self.office;
        match leaf {
            Leaf::Queue(it) => go_on(&mut office.cases, cursor, it.cases, it.next_cursor),
            Leaf::Measures(it) => go_on(&mut office.measures, cursor, it.actions, it.next_cursor),
            Leaf::Audit(it) => go_on(&mut office.audit, cursor, it.entries, it.next_cursor),
            Leaf::Accounts(it) => go_on(&mut office.accounts, cursor, it.accounts, it.next_cursor),
            Leaf::Deposits(it) => go_on(&mut office.deposits, cursor, it.deposits, it.next_cursor),
            Leaf::Notices(it) => {
                let list = &mut self.mail.notices;
                go_on(list, cursor, it.notifications, it.next_cursor);
            }
            Leaf::Ledger(it) => {
                if let Some((query, list)) = &mut self.ledger
                    && *page == Page::Ledger(query.clone())
                {
                    list.go_on(cursor, it.entries, it.next_cursor);
                }
            }
            Leaf::Tasks(it) => {
                go_on(&mut self.tasks.list, cursor, it.chats, it.next_cursor);
            }
            Leaf::Task(it) => {
                if let Page::Task(chat) = page {
                    self.tasks.take_older(*chat, cursor, *it);
                }
            }
            Leaf::Comments(it) => {
                if let Page::Comments(post) = page {
                    self.board.take_more_comments(*post, cursor, it);
                }
            }
            _ => tracing::warn!(?page, "it has no further pages"),
        }
    }

    /// Where the next page of a list begins; `None`: there is none, or nobody knows yet.
    pub(crate) fn next_of(&self, page: &Page) -> Option<&str> {
        fn next<T>(list: Option<&Paged<T>>) -> Option<&str> {
            list?.next.as_deref()
        }
        let office = &self.office;
        match page {
            Page::Queue => next(office.cases.as_ref()),
            Page::Measures => next(office.measures.as_ref()),
            Page::Audit => next(office.audit.as_ref()),
            Page::Accounts => next(office.accounts.as_ref()),
            Page::Deposits => next(office.deposits.as_ref()),
            Page::Notices => next(self.mail.notices.as_ref()),
            Page::Tasks => next(self.tasks.list.as_ref()),
            Page::Task(chat) => {
                let open = self.tasks.open.as_ref().filter(|it| it.id == *chat);
                next(open.and_then(|it| it.messages.as_ref()))
            }
            Page::Comments(post) => {
                let read = self.board.thread.as_ref().filter(|it| it.post == *post);
                read?.next.as_deref()
            }
            Page::Ledger(query) => {
                let kept = self.ledger.as_ref().filter(|kept| kept.0 == *query);
                next(kept.map(|kept| &kept.1))
            }
            _ => None,
        }
    }

    /// Somebody else looks through the window: what was theirs alone goes.
    pub(crate) fn look_as(&mut self, me: Option<Me>) {
        let before = self.me.as_ref().map(|it| &it.name);
        if before != me.as_ref().map(|it| &it.name) {
            self.mail = Mail::default();
            self.tasks = Tasks::default();
            self.office = Office::default();
            self.ledger = None;
            self.minds.costs = None;
            self.minds.thoughts = None;
            self.minds.memories = None;
            self.minds.spent = None;
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

    /// Whether whoever looks may see what goes on inside somebody: their own agent, or anybody for those who keep order.
    pub(crate) fn may_look_into(&self, agent: &AgentShape) -> bool {
        self.is_staff() || self.is_me(agent.id) || self.owns(agent)
    }

    /// Whether whoever looks owns this agent.
    pub(crate) fn owns(&self, agent: &AgentShape) -> bool {
        let me = self.me.as_ref().and_then(|it| it.id);
        me.is_some() && agent.owner_id == me
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

fn go_on<T: paged::Keyed>(
    list: &mut Option<Paged<T>>,
    cursor: &str,
    items: Vec<T>,
    next: Option<String>,
) {
    if let Some(list) = list {
        list.go_on(cursor, items, next);
    }
}
