//! The town as everybody sees it, encoded once per view.

use std::sync::Arc;

use arc_swap::ArcSwapOption;
use hamlet_protocol::agent::{Activity, Facing, Presence};
use hamlet_protocol::view::{LyingView, WorldView};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::encoded::Encoded;
use super::place::{LandmarkBody, ZoneBody, landmarks, zones};
use crate::problem::Problem;
use crate::time::rfc3339;

/// Bodies that one answer holds at most; a crowd is watched through `/ws/world` with a region.
const BODIES_MAX: usize = 10_000;
/// Goods lying about that one answer holds at most.
const GOODS_MAX: usize = 1_000;

/// Somebody as one sees them in the street.
#[derive(Serialize, ToSchema)]
pub(crate) struct PasserBody<'a> {
    /// Their id.
    id: Uuid,
    /// Handle; walkers of a crowd have none.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    /// What they are called.
    #[serde(skip_serializing_if = "Option::is_none")]
    display_name: Option<&'a str>,
    /// Where they stand.
    x: u16,
    /// Where they stand.
    y: u16,
    /// Which way they look.
    #[schema(value_type = String)]
    facing: Facing,
    /// What they do.
    #[schema(value_type = String)]
    activity: Activity,
    /// `online` or `idle`.
    #[schema(value_type = String)]
    presence: Presence,
}

/// Goods lying on a tile.
#[derive(Serialize, ToSchema)]
pub(crate) struct LyingBody<'a> {
    /// What, such as `bread`.
    pub(crate) item: &'a str,
    /// How many.
    pub(crate) count: u16,
    /// Where.
    pub(crate) x: u16,
    /// Where.
    pub(crate) y: u16,
}

impl<'a> LyingBody<'a> {
    pub(crate) fn of(lying: &'a LyingView) -> Self {
        Self {
            item: &lying.item,
            count: lying.count,
            x: lying.at.x,
            y: lying.at.y,
        }
    }
}

/// The town as it is now.
#[derive(Serialize, ToSchema)]
pub(crate) struct WorldBody<'a> {
    /// Always true.
    success: bool,
    /// Name of the scenario.
    name: &'a str,
    /// Ticks done.
    tick: u64,
    /// Number of the last durable event in this answer.
    seq: u64,
    /// Sim time, RFC 3339.
    time: String,
    /// Tiles wide.
    width: u32,
    /// Tiles high.
    height: u32,
    /// All landmarks.
    landmarks: Vec<LandmarkBody<'a>>,
    /// All zones.
    zones: Vec<ZoneBody<'a>>,
    /// Goods lying about, at most 1000.
    goods: Vec<LyingBody<'a>>,
    /// Everybody who is there, residents before walkers, at most 10 000.
    agents: Vec<PasserBody<'a>>,
    /// How many are there in all.
    agents_total: usize,
}

impl<'a> WorldBody<'a> {
    /// The town of a view.
    fn of(name: &'a str, view: &'a WorldView) -> Self {
        let (agents, agents_total) = passers(view);
        Self {
            success: true,
            name,
            tick: view.tick,
            seq: view.seq,
            time: rfc3339(view.time.millis()),
            width: view.map.width,
            height: view.map.height,
            landmarks: landmarks(view),
            zones: zones(&view.map),
            goods: view
                .ground
                .iter()
                .take(GOODS_MAX)
                .map(LyingBody::of)
                .collect(),
            agents,
            agents_total,
        }
    }
}

/// Everybody who is there, up to the limit, and how many there are.
fn passers(view: &WorldView) -> (Vec<PasserBody<'_>>, usize) {
    let mut total = 0;
    let (mut residents, mut walkers) = (Vec::new(), Vec::new());
    let all = view.bodies.iter().zip(view.agents.iter());
    for (body, agent) in all {
        if body.presence == Presence::Gone {
            continue;
        }
        total += 1;
        let agent = agent.as_ref();
        let list = match agent {
            Some(_) => &mut residents,
            None => &mut walkers,
        };
        if list.len() == BODIES_MAX {
            continue;
        }
        list.push(PasserBody {
            id: body.agent.0,
            name: agent.map(|agent| agent.persona.name.as_str()),
            display_name: agent.map(|agent| agent.persona.display_name.as_str()),
            x: body.at.x,
            y: body.at.y,
            facing: body.facing,
            activity: body.activity,
            presence: body.presence,
        });
    }
    walkers.truncate(BODIES_MAX - residents.len());
    residents.append(&mut walkers);
    (residents, total)
}

/// The body of the newest view that somebody asked for: equal views are encoded once.
#[derive(Debug, Default)]
pub(crate) struct WorldCache(ArcSwapOption<Kept>);

#[derive(Debug)]
struct Kept {
    view: Arc<WorldView>,
    body: Encoded,
}

impl WorldCache {
    /// The body of a view.
    ///
    /// # Errors
    /// 500 when it cannot be encoded.
    pub(crate) fn body(&self, name: &str, view: &Arc<WorldView>) -> Result<Encoded, Problem> {
        let kept = self.0.load();
        if let Some(kept) = &*kept
            && Arc::ptr_eq(&kept.view, view)
        {
            return Ok(kept.body.clone());
        }
        let body = Encoded::json(&WorldBody::of(name, view))?;
        self.0.store(Some(Arc::new(Kept {
            view: Arc::clone(view),
            body: body.clone(),
        })));
        Ok(body)
    }
}
