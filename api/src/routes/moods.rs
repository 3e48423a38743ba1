//! How the town feels, as one sees it in the street.

use axum::Json;
use axum::extract::State;
use hamlet_protocol::agent::Presence;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::state::App;

/// Faces that are told at most: the first by number.
const FACES_MAX: usize = 2_000;
/// Moods are told in thousandths.
const FULL: f64 = 1_000.0;

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(moods))
}

/// Somebody whose mood shows.
#[derive(Serialize, ToSchema)]
struct FaceBody {
    /// Who.
    agent_id: Uuid,
    /// Their number in the town, by which frames name them.
    no: u32,
    /// `delighted`, `low` or `miserable`; of all others nobody sees it.
    face: &'static str,
}

/// How the town feels.
#[derive(Serialize, ToSchema)]
struct MoodsBody {
    /// Always true.
    success: bool,
    /// Mean mood of residents, −1 to 1; 0 where there are none.
    mean: f64,
    /// Residents.
    residents: usize,
    /// Those who are there and whose mood shows: 2000 at most.
    faces: Vec<FaceBody>,
}

/// How the town feels
///
/// The mean mood, and whose mood shows in their face. What somebody feels exactly is for themselves, their owner and those who keep order.
#[utoipa::path(get, path = "/world/moods", tag = "world",
    security((), ("agent_key" = []), ("access_token" = [])),
    responses((status = 200, description = "Mean mood and faces", body = MoodsBody)))]
async fn moods(State(app): State<App>) -> Json<MoodsBody> {
    let view = app.published.view();
    let (mut sum, mut residents, mut faces) = (0_i64, 0_usize, Vec::new());
    for (no, agent) in (0_u32..).zip(view.agents.iter()) {
        let Some(agent) = agent else {
            continue;
        };
        sum += i64::from(agent.mood);
        residents += 1;
        if faces.len() >= FACES_MAX || agent.presence == Presence::Gone {
            continue;
        }
        if let Some(face) = face(agent.mood) {
            faces.push(FaceBody {
                agent_id: agent.id.0,
                no,
                face,
            });
        }
    }
    Json(MoodsBody {
        success: true,
        mean: sum as f64 / FULL / residents.max(1) as f64,
        residents,
        faces,
    })
}

/// What one sees of a mood, −1000 to 1000.
fn face(mood: i16) -> Option<&'static str> {
    match mood {
        600.. => Some("delighted"),
        i16::MIN..=-600 => Some("miserable"),
        -599..=-200 => Some("low"),
        _ => None,
    }
}
