//! The town as frames tell of it.

use std::collections::{BTreeMap, HashMap, VecDeque};

use hamlet_protocol::agent::{Activity, Presence};
use hamlet_protocol::economy::event::EconomyEvent;
use hamlet_protocol::event::{Event, EventRecord};
use hamlet_protocol::frame::{SaidFrame, WorldDelta, WorldFrame, WorldSnapshot};
use hamlet_protocol::ids::{AgentId, LandmarkId, TalkId};
use hamlet_protocol::money::Money;

use super::people::Person;
use crate::money::ai_dollars;

/// Lines that are kept.
const LINES_MAX: usize = 400;
/// Marks of the timeline that are kept.
const MARKS_MAX: usize = 600;
/// Seconds after its last line that a conversation is still drawn.
const TALK_SECS: f64 = 20.0;
/// Seconds that a moment is seen over somebody's head.
pub(crate) const MOMENT_SECS: f64 = 6.0;
/// Moments that are kept.
const MOMENTS_MAX: usize = 64;
/// Characters of a reason that a mark has.
const REASON_CHARS_MAX: usize = 120;
/// Conversations that are kept.
const TALKS_MAX: usize = 512;
/// How much a new measurement of the time between ticks weighs.
const TICK_WEIGHT: f64 = 0.15;

/// A line that was said.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Line {
    /// Number of its event.
    pub(crate) seq: u64,
    /// Who said it.
    pub(crate) agent: AgentId,
    /// Their handle.
    pub(crate) name: String,
    /// The words.
    pub(crate) text: String,
    /// When, in seconds of the window's clock.
    pub(crate) at: f64,
    /// When, in sim time.
    pub(crate) time: i64,
}

/// A conversation.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Talk {
    /// Who takes part.
    pub(crate) members: Vec<AgentId>,
    /// When it was last heard of, in seconds of the window's clock.
    pub(crate) heard_at: f64,
}

/// What a mark of the timeline is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum MarkKind {
    Post,
    Talk,
    Deed,
    /// Somebody from outside took a hand: money given or taken, a notice of the town, time stopped.
    Hand,
}

/// Something that is seen over somebody's head while it happens.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Moment {
    /// Over whose.
    pub(crate) agent: AgentId,
    /// The words.
    pub(crate) text: String,
    /// Whether it is good for them.
    pub(crate) good: bool,
    /// When, in seconds of the window's clock.
    pub(crate) at: f64,
}

/// Something worth a mark on the timeline.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Mark {
    pub(crate) kind: MarkKind,
    /// Sim time; `None`: when the mirror heard of it.
    pub(crate) time: Option<i64>,
    /// In words.
    pub(crate) text: String,
}

/// The town as frames tell of it.
#[derive(Debug)]
pub(crate) struct World {
    /// Number of the last durable event.
    pub(crate) seq: u64,
    /// Ticks done.
    pub(crate) tick: u64,
    /// Sim time in seconds since 1970.
    pub(crate) time: i64,
    /// Whether a snapshot has come.
    pub(crate) known: bool,
    /// Seconds between two ticks of late.
    pub(crate) tick_secs: f64,
    /// Everybody who is there, by number.
    pub(crate) people: BTreeMap<u32, Person>,
    /// Landmarks that are open.
    pub(crate) open: BTreeMap<LandmarkId, bool>,
    /// The last lines, oldest first.
    pub(crate) lines: VecDeque<Line>,
    /// Conversations that go on.
    pub(crate) talks: BTreeMap<TalkId, Talk>,
    /// Marks of the timeline, oldest first.
    pub(crate) marks: VecDeque<Mark>,
    /// What is seen over heads, oldest first.
    pub(crate) moments: VecDeque<Moment>,
    by_id: HashMap<AgentId, u32>,
    told_at: Option<f64>,
}

impl Default for World {
    fn default() -> Self {
        Self {
            seq: 0,
            tick: 0,
            time: 0,
            known: false,
            tick_secs: 0.1,
            people: BTreeMap::new(),
            open: BTreeMap::new(),
            lines: VecDeque::new(),
            talks: BTreeMap::new(),
            marks: VecDeque::new(),
            moments: VecDeque::new(),
            by_id: HashMap::new(),
            told_at: None,
        }
    }
}

impl World {
    /// Takes in a frame.
    pub(crate) fn apply(&mut self, frame: WorldFrame, now: f64) {
        match frame {
            WorldFrame::Snapshot(snapshot) => self.begin(snapshot, now),
            WorldFrame::Delta(delta) => self.go_on(delta, now),
        }
        self.talks.retain(|_, talk| now - talk.heard_at < TALK_SECS);
        self.moments.retain(|it| now - it.at < MOMENT_SECS);
    }

    /// Somebody by their id.
    pub(crate) fn person(&self, id: AgentId) -> Option<&Person> {
        self.people.get(self.by_id.get(&id)?)
    }

    /// Somebody by their handle.
    pub(crate) fn named(&self, name: &str) -> Option<&Person> {
        let name = name.trim_start_matches('@');
        let same = |it: &&Person| it.name.eq_ignore_ascii_case(name);
        self.people.values().find(same).or_else(|| {
            let mut all = self.people.values();
            all.find(|it| it.display_name.eq_ignore_ascii_case(name))
        })
    }

    /// How many are there and awake.
    pub(crate) fn awake(&self) -> usize {
        let up = |it: &&Person| it.activity != Activity::Sleeping;
        self.people.values().filter(up).count()
    }

    /// The last lines of somebody that are not older than so many seconds, oldest first.
    pub(crate) fn lines_of(&self, id: AgentId, now: f64, secs: f64) -> impl Iterator<Item = &Line> {
        let fresh = self.lines.iter().filter(move |it| now - it.at < secs);
        fresh.filter(move |it| it.agent == id)
    }

    /// Adds a mark to the timeline.
    pub(crate) fn mark(&mut self, mark: Mark) {
        let time = mark.time.unwrap_or(self.time);
        if self.marks.len() == MARKS_MAX {
            self.marks.pop_front();
        }
        self.marks.push_back(Mark {
            time: Some(time),
            ..mark
        });
    }

    fn moment(&mut self, agent: AgentId, text: String, good: bool, now: f64) {
        if self.moments.len() == MOMENTS_MAX {
            self.moments.pop_front();
        }
        self.moments.push_back(Moment {
            agent,
            text,
            good,
            at: now,
        });
    }

    fn begin(&mut self, snapshot: WorldSnapshot, now: f64) {
        if snapshot.time < self.time {
            // Time was turned back: this has not happened yet.
            self.lines.retain(|it| it.time <= snapshot.time);
            self.marks.retain(|it| it.time <= Some(snapshot.time));
        }
        self.clock(snapshot.seq, snapshot.tick, snapshot.time, now);
        self.known = true;
        self.people.clear();
        self.by_id.clear();
        self.talks.clear();
        self.open = snapshot
            .landmarks
            .iter()
            .map(|it| (it.id, it.open))
            .collect();
        for agent in snapshot.agents {
            self.enter(Person::new(agent, now));
        }
    }

    fn go_on(&mut self, delta: WorldDelta, now: f64) {
        self.clock(delta.seq, delta.tick, delta.time, now);
        let tick_secs = self.tick_secs;
        for arrival in delta.arrivals {
            self.enter(Person::new(arrival, now));
        }
        for body in &delta.bodies {
            if let Some(person) = self.people.get_mut(&body.no) {
                person.turn(body, now, tick_secs);
            }
        }
        for no in delta.departures {
            if let Some(gone) = self.people.remove(&no) {
                self.by_id.remove(&gone.id);
            }
        }
        for landmark in delta.landmarks {
            self.open.insert(landmark.id, landmark.open);
        }
        for said in delta.said {
            self.hear(said, now);
        }
        for event in &delta.events {
            self.happen(event, now);
        }
    }

    fn clock(&mut self, seq: u64, tick: u64, time: i64, now: f64) {
        let ticks = tick.saturating_sub(self.tick);
        if let Some(before) = self.told_at
            && ticks > 0
            && self.known
        {
            let measured = ((now - before) / ticks as f64).clamp(0.001, 2.0);
            self.tick_secs += (measured - self.tick_secs) * TICK_WEIGHT;
        }
        if ticks > 0 || self.told_at.is_none() {
            self.told_at = Some(now);
        }
        (self.seq, self.tick, self.time) = (seq, tick, time);
    }

    fn enter(&mut self, person: Person) {
        if person.presence == Presence::Gone {
            return;
        }
        self.by_id.insert(person.id, person.no);
        self.people.insert(person.no, person);
    }

    fn hear(&mut self, said: SaidFrame, now: f64) {
        if let Some(talk) = said.talk {
            self.take_part(talk, said.to.iter().copied().chain([said.agent]), now);
        }
        // A line that was told before, as after coming back, is not said again.
        if self.lines.back().is_some_and(|last| last.seq >= said.seq) {
            return;
        }
        if self.lines.len() == LINES_MAX {
            self.lines.pop_front();
        }
        self.lines.push_back(Line {
            seq: said.seq,
            agent: said.agent,
            name: said.name,
            text: said.text,
            at: now,
            time: self.time,
        });
    }

    fn take_part(&mut self, talk: TalkId, who: impl Iterator<Item = AgentId>, now: f64) {
        if self.talks.len() >= TALKS_MAX && !self.talks.contains_key(&talk) {
            return;
        }
        let talk = self.talks.entry(talk).or_insert_with(|| Talk {
            members: Vec::new(),
            heard_at: now,
        });
        talk.heard_at = now;
        for member in who {
            if !talk.members.contains(&member) {
                talk.members.push(member);
            }
        }
    }

    fn happen(&mut self, record: &EventRecord, now: f64) {
        let name = |world: &Self, id: AgentId| {
            let person = world.person(id);
            person.map_or_else(|| "somebody".to_owned(), |it| it.display_name.clone())
        };
        let mark = match &record.event {
            Event::TalkBegan { talk, members, .. } => {
                self.take_part(*talk, members.iter().copied(), now);
                let names: Vec<_> = members.iter().map(|it| name(self, *it)).collect();
                (MarkKind::Talk, format!("{} talk", names.join(" and ")))
            }
            Event::TalkEnded { talk, .. } => {
                self.talks.remove(talk);
                return;
            }
            Event::Gave {
                agent,
                to,
                item,
                count,
            } => (
                MarkKind::Deed,
                format!(
                    "{} gives {} {count} {item}",
                    name(self, *agent),
                    name(self, *to)
                ),
            ),
            Event::Traded {
                agent,
                with,
                gave,
                got,
            } => (
                MarkKind::Deed,
                format!(
                    "{} trades {gave} for {got} with {}",
                    name(self, *agent),
                    name(self, *with)
                ),
            ),
            Event::Rewarded {
                agent,
                amount,
                reason,
            } => {
                let who = name(self, *agent);
                let (good, sum) = (amount.0 >= 0, amount.0.unsigned_abs());
                let sum = Money(i64::try_from(sum).unwrap_or(i64::MAX));
                let (sign, word) = if good {
                    ("🎁 +", "is rewarded")
                } else {
                    ("💸 −", "is penalised")
                };
                let sum = ai_dollars(&sum.to_string());
                self.moment(*agent, format!("{sign}{sum}"), good, now);
                let why: String = reason.chars().take(REASON_CHARS_MAX).collect();
                (MarkKind::Hand, format!("{who} {word}: {sum}, {why}"))
            }
            Event::Economy(EconomyEvent::TierChanged {
                agent,
                from,
                to,
                name: tier,
            }) => {
                let who = name(self, *agent);
                let (good, sign, word) = if to > from {
                    (true, "⏶", "rises")
                } else {
                    (false, "⏷", "falls")
                };
                self.moment(*agent, format!("{sign} {tier}"), good, now);
                (MarkKind::Deed, format!("{who} {word} to tier {to}, {tier}"))
            }
            _ => return,
        };
        self.mark(Mark {
            kind: mark.0,
            time: None,
            text: mark.1,
        });
    }
}
