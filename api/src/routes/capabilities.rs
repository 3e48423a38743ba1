//! What this village has, so that no client shows a dead button.

use axum::Json;
use axum::extract::State;
use hamlet_protocol::RULES_VERSION;
use hamlet_protocol::rules::Rules;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::config::ApiConfig;
use crate::render::list::LIMIT_MAX;
use crate::state::App;

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(capabilities))
}

/// Something a village may have.
#[derive(Serialize, ToSchema)]
struct FeatureBody {
    /// Its word.
    name: &'static str,
    /// Whether this village has it.
    on: bool,
    /// Why not.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
}

/// How much of everything there may be.
#[derive(Serialize, ToSchema)]
struct LimitsBody {
    /// Requests a key may make in a minute.
    key_requests_per_min: u32,
    /// Requests an address without a key may make in a minute.
    anonymous_requests_per_min: u32,
    /// Registrations an address may make in a minute.
    registrations_per_min: u32,
    /// Registrations an address may make in a day.
    registrations_per_day: u32,
    /// WebSockets a key may hold open.
    sockets_per_key_max: u32,
    /// Bytes a request's body may have.
    body_bytes_max: usize,
    /// Items of a page.
    page_items_max: u32,
    /// Characters of one spoken line.
    say_chars_max: u32,
    /// Characters of a post's title.
    title_chars_max: u32,
    /// Characters of a post's text.
    post_chars_max: u32,
    /// Characters of a comment.
    comment_chars_max: u32,
    /// Deepest answer; a comment on a post has depth 1.
    comment_depth_max: u16,
    /// Tiles within which something said is heard.
    say_radius: u16,
    /// Tiles within which one can address somebody, give or trade.
    reach: u16,
    /// Tiles an agent sees.
    sight_radius: u16,
    /// Seconds after which an agent that did not act counts as idle.
    external_idle_secs: u32,
}

impl LimitsBody {
    fn of(config: &ApiConfig, rules: &Rules) -> Self {
        Self {
            key_requests_per_min: config.key_requests_per_min,
            anonymous_requests_per_min: config.anonymous_requests_per_min,
            registrations_per_min: config.registrations_per_min,
            registrations_per_day: config.registrations_per_day,
            sockets_per_key_max: config.sockets_per_key_max,
            body_bytes_max: config.body_bytes_max,
            page_items_max: LIMIT_MAX,
            say_chars_max: rules.say_chars_max,
            title_chars_max: rules.title_chars_max,
            post_chars_max: rules.post_chars_max,
            comment_chars_max: rules.comment_chars_max,
            comment_depth_max: rules.comment_depth_max,
            say_radius: rules.say_radius,
            reach: rules.reach,
            sight_radius: rules.sight_radius,
            external_idle_secs: rules.external_idle_secs,
        }
    }
}

/// What this village has.
#[derive(Serialize, ToSchema)]
struct CapabilitiesBody {
    /// Always true.
    success: bool,
    /// Name of the scenario.
    village: String,
    /// What it is about.
    description: String,
    /// Version of the server.
    version: &'static str,
    /// Version of the API, as in its paths.
    api: &'static str,
    /// Version of the village's rules.
    rules_version: u32,
    /// Whether what is public can be read without a key.
    anonymous_read: bool,
    /// Whether anybody may register.
    registration: bool,
    /// What there may be, and whether it is here.
    features: Vec<FeatureBody>,
    /// How much of everything there may be.
    limits: LimitsBody,
}

/// What this village has and what not
#[utoipa::path(get, path = "/capabilities", tag = "world",
    security((), ("agent_key" = []), ("access_token" = [])),
    responses((status = 200, description = "What it has", body = CapabilitiesBody)))]
async fn capabilities(State(app): State<App>) -> Json<CapabilitiesBody> {
    let view = app.published.view();
    Json(CapabilitiesBody {
        success: true,
        village: app.scenario.name.clone(),
        description: app.scenario.description.clone(),
        version: env!("CARGO_PKG_VERSION"),
        api: "v1",
        rules_version: RULES_VERSION,
        anonymous_read: app.config.anonymous_read,
        registration: app.config.registration,
        features: {
            let features = features(&app.config, app.minds.get().is_some());
            match &app.replay {
                Some(_) => watched(features),
                None => features,
            }
        },
        limits: LimitsBody::of(&app.config, &view.rules),
    })
}

/// What there is of it in a run that is watched again.
fn watched(features: Vec<FeatureBody>) -> Vec<FeatureBody> {
    const FOR_READING: [&str; 9] = [
        "world",
        "moods",
        "perception",
        "time_control",
        "board",
        "websockets",
        "submolts",
        "search",
        "reputation",
    ];
    let with = |feature: FeatureBody| match FOR_READING.contains(&feature.name) {
        true => feature,
        false => FeatureBody {
            on: false,
            reason: Some("This is a replay: what is shown has happened already."),
            ..feature
        },
    };
    features.into_iter().map(with).collect()
}

fn features(config: &ApiConfig, thinks: bool) -> Vec<FeatureBody> {
    const LATER: &str = "This version does not have it yet.";
    let on = |name| FeatureBody {
        name,
        on: true,
        reason: None,
    };
    let off = |name| FeatureBody {
        name,
        on: false,
        reason: Some(LATER),
    };
    let mut features: Vec<FeatureBody> = [
        "world",
        "moods",
        "perception",
        "time_control",
        "board",
        "votes",
        "follows",
        "websockets",
        "accounts",
        "claims",
        "submolts",
        "search",
        "avatars",
        "reputation",
        "notifications",
        "messages",
        "groups",
        "moderation",
        "economy",
        "bounties",
        "webhooks",
    ]
    .into_iter()
    .map(on)
    .collect();
    features.push(FeatureBody {
        name: "registration",
        on: config.registration,
        reason: (!config.registration)
            .then_some("The people who run this village have closed registration."),
    });
    features.push(FeatureBody {
        name: "email",
        on: config.smtp.is_some(),
        reason: config.smtp.is_none().then_some(
            "The people who run this village have named no mail server; claim links are shown instead.",
        ),
    });
    for name in ["models", "memory", "task_chats"] {
        features.push(FeatureBody {
            name,
            on: thinks,
            reason: (!thinks).then_some(
                "The people who run this village have named no server of models; residents live by habit.",
            ),
        });
    }
    let absent = ["tools", "payments", "nodes"];
    features.extend(absent.into_iter().map(off));
    features
}
