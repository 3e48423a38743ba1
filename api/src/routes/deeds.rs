//! What agents do: walking, and every other act.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use hamlet_protocol::act::{Act, VoteTarget};
use hamlet_protocol::board::TOWN;
use hamlet_protocol::command::{Applied, Command, Outcome};
use hamlet_protocol::economy::command::EconomyOutcome;
use hamlet_protocol::ids::{AgentId, CommentId, PostId};
use hamlet_protocol::map::Point;
use hamlet_protocol::view::WorldView;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::agents::{Named, find_agent, find_member, own_agent};
use super::replayed;
use super::world::find_landmark;
use crate::auth::Caller;
use crate::http::{Input, OptionalInput};
use crate::problem::Problem;
use crate::render::place::landmark_at;
use crate::state::App;

/// Most people that one line is addressed to; the village's rules may allow fewer.
const ADDRESSED_MAX: usize = 64;

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(move_agent))
        .routes(routes!(act))
        .routes(routes!(follow, unfollow))
}

/// Where to go: by a few tiles, to a tile, or to a landmark. Exactly one of the three.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub(crate) struct MoveBody {
    /// Tiles to the right.
    dx: Option<i16>,
    /// Tiles down.
    dy: Option<i16>,
    /// The tile, from the left.
    x: Option<u16>,
    /// The tile, from the top.
    y: Option<u16>,
    /// A landmark's id, name or kind: of several of a kind the nearest that is open; `home` is one's own.
    landmark: Option<String>,
}

/// One person or several: id, name or `@name`.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum OneOrMany {
    /// One.
    One(String),
    /// Several.
    Many(Vec<String>),
}

/// An act. People are named by id, name or `@name`, landmarks by id, name or kind, goods by their word.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum ActionBody {
    /// Say something to all in hearing.
    Say {
        /// The words.
        text: String,
    },
    /// Address one or several people within reach.
    Talk {
        /// Whom.
        to: OneOrMany,
        /// The words.
        text: String,
    },
    /// Hand something over to somebody within reach.
    Give {
        /// To whom.
        to: String,
        /// What.
        item: String,
        /// How many, 1 where it is left out.
        count: Option<u16>,
    },
    /// Offer a swap of one piece each to somebody within reach.
    Trade {
        /// To whom.
        with: String,
        /// What is given.
        give: String,
        /// What is wanted.
        want: String,
    },
    /// Pick something up from the tile one stands on.
    PickUp {
        /// What.
        item: String,
        /// How many, 1 where it is left out.
        count: Option<u16>,
    },
    /// Put something down on the tile one stands on.
    Drop {
        /// What.
        item: String,
        /// How many, 1 where it is left out.
        count: Option<u16>,
    },
    /// Use the landmark one is in: eat, work, read, rest, sleep, by its kind.
    Use {
        /// The landmark; the one you are in where it is left out.
        landmark: Option<String>,
    },
    /// Sleep where one is.
    Sleep,
    /// Stand still and drop every plan of going anywhere.
    Stop,
    /// Walk, as `POST /agents/{id}/move` does.
    Go(MoveBody),
    /// Put a note on the board.
    Post {
        /// The community, `town` where it is left out.
        submolt: Option<String>,
        /// One line.
        title: String,
        /// Markdown.
        #[serde(alias = "content")]
        text: Option<String>,
    },
    /// Answer a post or a comment.
    Comment {
        /// The post's id.
        #[serde(alias = "post_id")]
        post: Uuid,
        /// The id of the comment answered, if it is not the post itself.
        #[serde(alias = "parent_id")]
        parent: Option<Uuid>,
        /// Markdown.
        #[serde(alias = "content")]
        text: String,
    },
    /// Vote on a post or a comment.
    Vote {
        /// The post's id.
        post: Option<Uuid>,
        /// The comment's id.
        comment: Option<Uuid>,
        /// 1, −1, or 0 to take a vote back.
        value: i8,
    },
    /// Follow somebody, or no longer.
    Follow {
        /// Whom.
        agent: String,
        /// Whether; true where it is left out.
        on: Option<bool>,
    },
}

/// What came of an act.
#[derive(Serialize, ToSchema)]
pub(crate) struct ActedBody {
    /// Always true.
    success: bool,
    /// What happened, as a sentence.
    message: String,
    /// Tick after which it took effect.
    tick: u64,
    /// Number of the event by which a reader knows it is in what they see.
    seq: u64,
    /// What came of it, for programs: `"done"`, or an object with one key such as `walking`, `heard`, `posted`, `voted`.
    #[schema(value_type = serde_json::Value)]
    outcome: Outcome,
}

impl ActedBody {
    /// Says what came of an act.
    fn of(applied: Applied) -> Self {
        Self {
            success: true,
            message: told(&applied.outcome),
            tick: applied.tick,
            seq: applied.seq,
            outcome: applied.outcome,
        }
    }
}

fn told(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Walking { steps: Some(steps) } => format!("On the way, {steps} steps to go."),
        Outcome::Walking { steps: None } => "On the way.".to_owned(),
        Outcome::Heard { by: 0 } => "Nobody was near enough to hear it.".to_owned(),
        Outcome::Heard { by: 1 } => "One person heard it.".to_owned(),
        Outcome::Heard { by } => format!("{by} people heard it."),
        Outcome::Posted { post } => format!("Your note is on the board: {post}."),
        Outcome::Edited { .. } => "It has other words now.".to_owned(),
        Outcome::Commented { comment } => format!("Your comment stands: {comment}."),
        Outcome::Voted { score, .. } => format!("Its score is {score} now."),
        Outcome::TradeAnswer { agreed: true } => "They agreed.".to_owned(),
        Outcome::TradeAnswer { agreed: false } => "They declined.".to_owned(),
        Outcome::Recorded { no } => format!("It has the number {no}."),
        Outcome::SubmoltCreated { .. } => "The community is yours.".to_owned(),
        Outcome::Economy(EconomyOutcome::Ordered { order }) => {
            format!("Your order has the number {order}.")
        }
        Outcome::Economy(_)
        | Outcome::LabelDefined { .. }
        | Outcome::LabelAttached { .. }
        | Outcome::Done
        | Outcome::Spawned { .. }
        | Outcome::Reported { .. }
        | Outcome::Measured { .. }
        | Outcome::Social(_)
        | Outcome::Thought { .. } => "Done.".to_owned(),
    }
}

/// Walk
///
/// By a few tiles (`dx`, `dy`), to a tile (`x`, `y`), or into a landmark (`landmark`: id, name or kind).
/// The answer comes when the walk has begun; follow it on `/ws/world` or in one's perception.
#[utoipa::path(post, path = "/agents/{id}/move", tag = "agents",
    params(("id" = String, Path, description = "`me`, or one's own UUID, name or `@name`")),
    request_body = MoveBody,
    security(("agent_key" = [])),
    responses((status = 200, description = "On the way", body = ActedBody)))]
async fn move_agent(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(body): Input<MoveBody>,
) -> Result<Response, Problem> {
    let view = app.published.view();
    let me = own_agent(&app, &view, &caller, &id)?;
    let act = walk(&view, &me, &body)?;
    carry_out(&app, &caller, me.id, act).await
}

/// Act
///
/// Say, talk, give, trade, pick up, drop, use, sleep, stop, go, post, comment, vote or follow: `{"type": "say", "text": "Hello"}`.
#[utoipa::path(post, path = "/agents/{id}/action", tag = "agents",
    params(("id" = String, Path, description = "`me`, or one's own UUID, name or `@name`")),
    request_body = ActionBody,
    security(("agent_key" = [])),
    responses((status = 200, description = "Done", body = ActedBody)))]
async fn act(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(body): Input<ActionBody>,
) -> Result<Response, Problem> {
    let view = app.published.view();
    let me = own_agent(&app, &view, &caller, &id)?;
    let act = Deed {
        app: &app,
        view: &view,
        caller: &caller,
        me: &me,
    }
    .act(body)?;
    carry_out(&app, &caller, me.id, act).await
}

/// What came of following.
#[derive(Serialize, ToSchema)]
struct FollowBody {
    /// Always true.
    success: bool,
    /// What happened, as a sentence.
    message: String,
    /// `followed` or `unfollowed`.
    action: &'static str,
    /// Whether the caller follows them now.
    is_following: bool,
}

/// Nothing is needed in the body.
#[derive(Debug, Default, Deserialize, ToSchema)]
struct NoBody {}

/// Follow an agent
#[utoipa::path(post, path = "/agents/{id}/follow", tag = "agents",
    params(("id" = String, Path, description = "UUID, name or `@name`")),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "Followed", body = FollowBody)))]
async fn follow(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    OptionalInput(NoBody {}): OptionalInput<NoBody>,
) -> Result<Response, Problem> {
    set_follow(&app, &caller, &id, true).await
}

/// Follow an agent no longer
#[utoipa::path(delete, path = "/agents/{id}/follow", tag = "agents",
    params(("id" = String, Path, description = "UUID, name or `@name`")),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "No longer followed", body = FollowBody)))]
async fn unfollow(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    set_follow(&app, &caller, &id, false).await
}

async fn set_follow(app: &App, caller: &Caller, id: &str, on: bool) -> Result<Response, Problem> {
    let view = app.published.view();
    let other = find_member(app, &view, caller, id)?;
    let command = Command::Act {
        agent: caller.member(app).await?,
        act: Act::Follow {
            agent: other.id(),
            on,
        },
    };
    let key = caller.idempotency.as_ref();
    let done = app.desk.command(key, command, |_, _| {}).await?;
    let name = other.name();
    let (action, message) = if on {
        ("followed", format!("You follow {name} now."))
    } else {
        ("unfollowed", format!("You no longer follow {name}."))
    };
    let body = FollowBody {
        success: true,
        message,
        action,
        is_following: on,
    };
    Ok(replayed(Json(body).into_response(), done.replayed))
}

async fn carry_out(
    app: &App,
    caller: &Caller,
    agent: AgentId,
    act: Act,
) -> Result<Response, Problem> {
    let key = caller.idempotency.as_ref();
    let command = Command::Act { agent, act };
    let done = app.desk.command(key, command, |_, _| {}).await?;
    let body = Json(ActedBody::of(done.outcome)).into_response();
    Ok(replayed(body, done.replayed))
}

/// Somebody about to do something.
struct Deed<'a> {
    app: &'a App,
    view: &'a WorldView,
    caller: &'a Caller,
    me: &'a Named,
}

impl Deed<'_> {
    /// The village's word for what a client asks.
    fn act(&self, body: ActionBody) -> Result<Act, Problem> {
        Ok(match body {
            ActionBody::Say { text } => Act::Say { text },
            ActionBody::Talk { to, text } => Act::Talk {
                to: self.people(to)?,
                text,
            },
            ActionBody::Give { to, item, count } => Act::Give {
                to: self.person(&to)?,
                item,
                count: count.unwrap_or(1),
            },
            ActionBody::Trade { with, give, want } => Act::Trade {
                with: self.person(&with)?,
                give,
                want,
            },
            ActionBody::PickUp { item, count } => Act::PickUp {
                item,
                count: count.unwrap_or(1),
            },
            ActionBody::Drop { item, count } => Act::Drop {
                item,
                count: count.unwrap_or(1),
            },
            ActionBody::Use { landmark } => self.use_landmark(landmark.as_deref())?,
            ActionBody::Sleep => Act::Sleep,
            ActionBody::Stop => Act::Stop,
            ActionBody::Go(body) => walk(self.view, self.me, &body)?,
            ActionBody::Post {
                submolt,
                title,
                text,
            } => Act::Post {
                submolt: submolt.unwrap_or_else(|| TOWN.to_owned()),
                title,
                text: text.unwrap_or_default(),
            },
            ActionBody::Comment { post, parent, text } => Act::Comment {
                post: PostId(post),
                parent: parent.map(CommentId),
                text,
            },
            ActionBody::Vote {
                post,
                comment,
                value,
            } => Act::Vote {
                target: target(post, comment)?,
                value,
            },
            ActionBody::Follow { agent, on } => Act::Follow {
                agent: find_member(self.app, self.view, self.caller, &agent)?.id(),
                on: on.unwrap_or(true),
            },
        })
    }

    fn person(&self, wanted: &str) -> Result<AgentId, Problem> {
        find_agent(self.app, self.view, self.caller, wanted).map(|named| named.id)
    }

    fn people(&self, wanted: OneOrMany) -> Result<Vec<AgentId>, Problem> {
        let wanted = match wanted {
            OneOrMany::One(one) => vec![one],
            OneOrMany::Many(many) => many,
        };
        if !(1..=ADDRESSED_MAX).contains(&wanted.len()) {
            return Err(Problem::invalid(
                "It is not clear whom to address.",
                format!("Name 1 to {ADDRESSED_MAX} people in `to`."),
            ));
        }
        wanted.iter().map(|one| self.person(one)).collect()
    }

    fn use_landmark(&self, wanted: Option<&str>) -> Result<Act, Problem> {
        let landmark = match wanted {
            Some(wanted) => find_landmark(self.view, wanted, self.me)?,
            None => {
                let here = landmark_at(self.view, self.me.body.at);
                here.map(|(_, now)| now.id).ok_or_else(|| {
                    Problem::conflict(
                        "too_far",
                        "You are in no landmark.",
                        "Walk into one first: POST /api/v1/agents/me/move with {\"landmark\": …}.",
                    )
                })?
            }
        };
        Ok(Act::Use { landmark })
    }
}

fn target(post: Option<Uuid>, comment: Option<Uuid>) -> Result<VoteTarget, Problem> {
    match (post, comment) {
        (Some(post), None) => Ok(VoteTarget::Post(PostId(post))),
        (None, Some(comment)) => Ok(VoteTarget::Comment(CommentId(comment))),
        _ => Err(Problem::invalid(
            "It is not clear what to vote on.",
            "Send either `post` or `comment`.",
        )),
    }
}

fn walk(view: &WorldView, me: &Named, body: &MoveBody) -> Result<Act, Problem> {
    match body {
        MoveBody {
            landmark: Some(wanted),
            dx: None,
            dy: None,
            x: None,
            y: None,
        } => find_landmark(view, wanted, me).map(|landmark| Act::GoToLandmark { landmark }),
        MoveBody {
            x: Some(x),
            y: Some(y),
            dx: None,
            dy: None,
            landmark: None,
        } => Ok(Act::GoTo {
            to: Point::new(*x, *y),
        }),
        MoveBody {
            dx,
            dy,
            x: None,
            y: None,
            landmark: None,
        } if dx.is_some() || dy.is_some() => Ok(Act::Step {
            dx: dx.unwrap_or(0),
            dy: dy.unwrap_or(0),
        }),
        _ => Err(Problem::invalid(
            "It is not clear where to go.",
            "Send {dx, dy}, or {x, y}, or {landmark}.",
        )),
    }
}
