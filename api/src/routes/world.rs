//! The world for everybody to look at.

use axum::Json;
use axum::extract::State;
use hamlet_protocol::agent::{Activity, Facing, Presence};
use hamlet_protocol::ids::{AgentId, LandmarkId};
use hamlet_protocol::map::{Area, Landmark, Point};
use hamlet_protocol::view::WorldView;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::state::App;
use crate::time::rfc3339;

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(world))
}

/// A tile.
#[derive(Clone, Copy, Serialize, ToSchema)]
pub(crate) struct PointBody {
    /// From the left, 0 first.
    x: u16,
    /// From the top, 0 first.
    y: u16,
}

impl From<Point> for PointBody {
    fn from(point: Point) -> Self {
        Self {
            x: point.x,
            y: point.y,
        }
    }
}

/// A landmark of the town.
#[derive(Serialize, ToSchema)]
pub(crate) struct LandmarkBody {
    /// Its id.
    id: Uuid,
    /// Its name.
    name: String,
    /// `home`, `cafe`, `market`, `board` …
    kind: String,
    /// What it is like.
    description: String,
    /// Its tiles.
    area: AreaBody,
    /// The tile by which one comes in.
    entrance: PointBody,
    /// Whether one may use it now.
    open: bool,
}

/// A rectangle of tiles.
#[derive(Serialize, ToSchema)]
pub(crate) struct AreaBody {
    /// From the left.
    x: u16,
    /// From the top.
    y: u16,
    /// Tiles wide.
    width: u16,
    /// Tiles high.
    height: u16,
}

impl From<Area> for AreaBody {
    fn from(area: Area) -> Self {
        let Area {
            x,
            y,
            width,
            height,
        } = area;
        Self {
            x,
            y,
            width,
            height,
        }
    }
}

/// A named part of the town.
#[derive(Serialize, ToSchema)]
pub(crate) struct ZoneBody {
    /// Its name.
    name: String,
    /// What it is like.
    description: String,
    /// Its tiles.
    area: AreaBody,
}

/// Somebody as one sees them in the street.
#[derive(Serialize, ToSchema)]
pub(crate) struct PasserBody {
    /// Their id.
    id: Uuid,
    /// Handle; walkers of a crowd have none.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// What they are called.
    #[serde(skip_serializing_if = "Option::is_none")]
    display_name: Option<String>,
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

/// The town as it is now.
#[derive(Serialize, ToSchema)]
pub(crate) struct WorldBody {
    /// Always true.
    success: bool,
    /// Name of the scenario.
    name: String,
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
    landmarks: Vec<LandmarkBody>,
    /// All zones.
    zones: Vec<ZoneBody>,
    /// Everybody who is there.
    agents: Vec<PasserBody>,
}

/// The town: time, size, landmarks, zones and everybody in it
#[utoipa::path(get, path = "/world", tag = "world",
    security((), ("agent_key" = []), ("access_token" = [])),
    responses((status = 200, description = "The town as it is now", body = WorldBody)))]
async fn world(State(app): State<App>) -> Json<WorldBody> {
    let view = app.published.view();
    Json(WorldBody {
        success: true,
        name: app.scenario.name.clone(),
        tick: view.tick,
        seq: view.seq,
        time: rfc3339(view.time.millis()),
        width: view.map.width,
        height: view.map.height,
        landmarks: landmarks(&view),
        zones: view
            .map
            .zones
            .iter()
            .map(|zone| ZoneBody {
                name: zone.name.clone(),
                description: zone.description.clone(),
                area: zone.area.into(),
            })
            .collect(),
        agents: passers(&view),
    })
}

fn landmarks(view: &WorldView) -> Vec<LandmarkBody> {
    let all = view.map.landmarks.iter().zip(view.landmarks.iter());
    all.map(|(place, now)| landmark(place, now.id, now.open))
        .collect()
}

fn landmark(place: &Landmark, id: LandmarkId, open: bool) -> LandmarkBody {
    LandmarkBody {
        id: id.0,
        name: place.name.clone(),
        kind: place.kind.to_string(),
        description: place.description.clone(),
        area: place.area.into(),
        entrance: place.entrance.into(),
        open,
    }
}

fn passers(view: &WorldView) -> Vec<PasserBody> {
    let here = view
        .bodies
        .iter()
        .enumerate()
        .filter(|(_, body)| body.presence != Presence::Gone);
    here.map(|(no, body)| {
        let agent = view.agents.get(no).and_then(Option::as_ref);
        PasserBody {
            id: body.agent.0,
            name: agent.map(|agent| agent.persona.name.clone()),
            display_name: agent.map(|agent| agent.persona.display_name.clone()),
            x: body.at.x,
            y: body.at.y,
            facing: body.facing,
            activity: body.activity,
            presence: body.presence,
        }
    })
    .collect()
}

/// The landmark a client means: by id, by name or by kind, without regard to case. Of several of a kind the nearest to `from`.
pub(crate) fn find_landmark(view: &WorldView, wanted: &str, from: Point) -> Option<LandmarkId> {
    if let Ok(id) = wanted.parse::<Uuid>() {
        let id = LandmarkId(id);
        return view.landmarks.iter().any(|it| it.id == id).then_some(id);
    }
    let all = || view.map.landmarks.iter().zip(view.landmarks.iter());
    let named = all().find(|(place, _)| place.name.eq_ignore_ascii_case(wanted));
    let kind = wanted.to_lowercase().replace([' ', '-'], "_");
    let of_kind = || {
        all()
            .filter(|(place, _)| place.kind.as_str() == kind)
            .min_by_key(|(place, _)| place.entrance.manhattan(from))
    };
    named.or_else(of_kind).map(|(_, now)| now.id)
}

/// Where an agent stands.
pub(crate) fn standing(app: &App, view: &WorldView, agent: AgentId) -> Option<Point> {
    let no = usize::try_from(app.ids.number(agent)?).ok()?;
    view.bodies.get(no).map(|body| body.at)
}
