//! What changed in the world between two views, and the part of it that one listener looks at.

use std::sync::Arc;

use hamlet_protocol::agent::Presence;
use hamlet_protocol::economy::event::EconomyEvent;
use hamlet_protocol::event::{Event, EventRecord};
use hamlet_protocol::frame::{
    BodyFrame, PasserFrame, SaidFrame, SnapshotReason, WorldDelta, WorldFrame, WorldSnapshot,
};
use hamlet_protocol::ids::{AgentId, IdCodec};
use hamlet_protocol::map::{Area, Point};
use hamlet_protocol::pages::PAGE_LEN;
use hamlet_protocol::view::{BodyView, WorldView};

use super::encode::Shared;
use super::ring::Numbered;

/// A tick as all listeners share it.
#[derive(Debug)]
pub(super) struct WorldNews {
    /// The whole town's delta.
    pub(super) whole: Shared<WorldFrame>,
    /// Where the bodies of the delta stood before, in its order: who leaves a region is still told of there.
    was: Vec<Point>,
}

impl WorldNews {
    /// What changed from one view to another, with what happened between them.
    pub(super) fn between(
        before: &WorldView,
        now: &WorldView,
        events: &[EventRecord],
        ids: IdCodec,
    ) -> Self {
        let mut delta = WorldDelta {
            seq: now.seq,
            tick: now.tick,
            time: now.time.0,
            ..WorldDelta::default()
        };
        let was = compare_bodies(before, now, &mut delta);
        if !Arc::ptr_eq(&before.landmarks, &now.landmarks) {
            let pairs = before.landmarks.iter().zip(now.landmarks.iter());
            delta.landmarks = pairs
                .filter(|(before, now)| before != now)
                .map(|(_, now)| now.clone())
                .collect();
        }
        for record in events {
            hear(record, now, ids, &mut delta);
        }
        Self {
            whole: Shared::new(WorldFrame::Delta(delta)),
            was,
        }
    }

    fn delta(&self) -> Option<&WorldDelta> {
        match self.whole.frame() {
            WorldFrame::Delta(delta) => Some(delta),
            WorldFrame::Snapshot(_) => None,
        }
    }

    /// What of it can be seen in a region: bodies that are there or were, lines said there, and what its people did.
    /// Who walks in arrives there: a listener of a region knows nobody else.
    pub(super) fn within(&self, region: Area, now: &WorldView, ids: IdCodec) -> WorldFrame {
        let Some(delta) = self.delta() else {
            return self.whole.frame().clone();
        };
        let bodies = || delta.bodies.iter().zip(&self.was);
        let walks_in = bodies()
            .filter(|(body, was)| region.contains(body.at()) && !region.contains(**was))
            .filter(|(body, _)| delta.arrivals.iter().all(|known| known.no != body.no))
            .filter_map(|(body, _)| {
                let no = body.no as usize;
                Some(passer(now, no, now.bodies.get(no)?))
            });
        let arrivals = delta.arrivals.iter().cloned().chain(walks_in).collect();
        let seen = |no: usize| {
            now.bodies
                .get(no)
                .is_some_and(|body| region.contains(body.at))
        };
        WorldFrame::Delta(WorldDelta {
            arrivals,
            bodies: bodies()
                .filter(|(body, was)| region.contains(body.at()) || region.contains(**was))
                .map(|(body, _)| *body)
                .collect(),
            said: delta
                .said
                .iter()
                .filter(|said| region.contains(Point::new(said.x, said.y)))
                .cloned()
                .collect(),
            events: delta
                .events
                .iter()
                .filter(|record| {
                    actor(&record.event).is_none_or(|who| number(ids, who).is_some_and(seen))
                })
                .cloned()
                .collect(),
            ..delta.clone()
        })
    }
}

impl Numbered for WorldNews {
    const EXACT: bool = false;

    fn seq(&self) -> u64 {
        self.delta().map_or(0, |delta| delta.seq)
    }
}

/// One delta in place of many: for a listener that comes back.
pub(super) fn catch_up<'a>(
    missed: impl Iterator<Item = &'a Arc<WorldNews>>,
    since: u64,
    now: &WorldView,
) -> WorldNews {
    let mut delta = WorldDelta {
        seq: now.seq,
        tick: now.tick,
        time: now.time.0,
        ..WorldDelta::default()
    };
    let mut moved = std::collections::BTreeMap::new();
    for news in missed {
        let Some(part) = news.delta() else { continue };
        for (body, was) in part.bodies.iter().zip(&news.was) {
            moved.entry(body.no).or_insert(*was);
        }
        delta.arrivals.extend(part.arrivals.iter().cloned());
        delta.departures.extend(&part.departures);
        for landmark in &part.landmarks {
            delta.landmarks.retain(|known| known.id != landmark.id);
            delta.landmarks.push(landmark.clone());
        }
        let new = |seq: u64| seq > since;
        delta
            .said
            .extend(part.said.iter().filter(|said| new(said.seq)).cloned());
        delta
            .events
            .extend(part.events.iter().filter(|it| new(it.seq)).cloned());
    }
    delta.bodies = moved
        .keys()
        .filter_map(|&no| Some(body_frame(no, now.bodies.get(no as usize)?)))
        .collect();
    WorldNews {
        whole: Shared::new(WorldFrame::Delta(delta)),
        was: moved.into_values().collect(),
    }
}

/// The world as it is, or the part of it in a region.
pub(super) fn snapshot(
    view: &WorldView,
    reason: SnapshotReason,
    region: Option<Area>,
) -> WorldFrame {
    let here = view.bodies.iter().enumerate().filter(|(_, body)| {
        body.presence != Presence::Gone && region.is_none_or(|region| region.contains(body.at))
    });
    WorldFrame::Snapshot(WorldSnapshot {
        reason,
        seq: view.seq,
        tick: view.tick,
        time: view.time.0,
        landmarks: view.landmarks.to_vec(),
        agents: here.map(|(no, body)| passer(view, no, body)).collect(),
    })
}

/// Somebody as one sees them in the street.
pub(super) fn passer(view: &WorldView, no: usize, body: &BodyView) -> PasserFrame {
    let agent = view.agents.get(no).and_then(Option::as_ref);
    PasserFrame {
        no: no as u32,
        id: body.agent,
        name: agent.map(|agent| agent.persona.name.clone()),
        display_name: agent.map(|agent| agent.persona.display_name.clone()),
        x: body.at.x,
        y: body.at.y,
        facing: body.facing,
        activity: body.activity,
        presence: body.presence,
    }
}

/// An agent's number in the town.
pub(super) fn number(ids: IdCodec, agent: AgentId) -> Option<usize> {
    usize::try_from(ids.number(agent)?).ok()
}

/// A member's handle; empty for walkers of a crowd and those who left.
pub(super) fn name(view: &WorldView, ids: IdCodec, agent: AgentId) -> String {
    let member = number(ids, agent)
        .and_then(|no| u32::try_from(no).ok())
        .and_then(|no| view.member(no));
    member.map_or_else(String::new, |member| member.name().to_owned())
}

fn body_frame(no: u32, body: &BodyView) -> BodyFrame {
    BodyFrame {
        no,
        x: body.at.x,
        y: body.at.y,
        facing: body.facing,
        activity: body.activity,
        presence: body.presence,
    }
}

/// Compares page by page what may have changed; gives back where the changed bodies stood before.
fn compare_bodies(before: &WorldView, now: &WorldView, delta: &mut WorldDelta) -> Vec<Point> {
    let mut was = Vec::new();
    for first in (0..now.bodies.len()).step_by(PAGE_LEN) {
        let end = (first + PAGE_LEN).min(now.bodies.len());
        if !now.bodies.shares_page(&before.bodies, first) {
            for no in first..end {
                compare_body(before, now, no, delta, &mut was);
            }
        }
        if !now.agents.shares_page(&before.agents, first) {
            (first..end)
                .filter(|&no| is_renamed(before, now, no))
                .filter_map(|no| Some(passer(now, no, now.bodies.get(no)?)))
                .for_each(|passer| delta.arrivals.push(passer));
        }
    }
    was
}

fn compare_body(
    before: &WorldView,
    now: &WorldView,
    no: usize,
    delta: &mut WorldDelta,
    was: &mut Vec<Point>,
) {
    match (before.bodies.get(no), now.bodies.get(no)) {
        (Some(old), Some(body)) if old != body => {
            if body.presence == Presence::Gone {
                delta.departures.push(no as u32);
            } else {
                delta.bodies.push(body_frame(no as u32, body));
                was.push(old.at);
            }
        }
        (None, Some(body)) => delta.arrivals.push(passer(now, no, body)),
        _ => {}
    }
}

/// Whether somebody who was there before is called otherwise now.
fn is_renamed(before: &WorldView, now: &WorldView, no: usize) -> bool {
    match (before.agents.get(no), now.agents.get(no)) {
        (Some(Some(old)), Some(Some(agent))) => !Arc::ptr_eq(&old.persona, &agent.persona),
        _ => false,
    }
}

/// Takes up what happened in the street. Bodies and landmarks are compared, the board has its own socket.
fn hear(record: &EventRecord, now: &WorldView, ids: IdCodec, delta: &mut WorldDelta) {
    match &record.event {
        Event::Said {
            agent,
            to,
            at,
            text,
            heard_by,
            talk,
        } => delta.said.push(SaidFrame {
            seq: record.seq,
            agent: *agent,
            name: name(now, ids, *agent),
            x: at.x,
            y: at.y,
            to: to.clone(),
            text: text.clone(),
            heard_by: *heard_by,
            talk: *talk,
        }),
        event if actor(event).is_some() => delta.events.push(record.clone()),
        _ => {}
    }
}

/// Who did what one sees in the street beside steps and words; `None` for everything else.
fn actor(event: &Event) -> Option<AgentId> {
    match event {
        Event::Gave { agent, .. }
        | Event::Traded { agent, .. }
        | Event::Made { agent, .. }
        | Event::PickedUp { agent, .. }
        | Event::Dropped { agent, .. } => Some(*agent),
        Event::Rewarded { agent, .. } | Event::Economy(EconomyEvent::TierChanged { agent, .. }) => {
            Some(*agent)
        }
        Event::TalkBegan { members, .. } | Event::TalkEnded { members, .. } => {
            members.first().copied()
        }
        _ => None,
    }
}
