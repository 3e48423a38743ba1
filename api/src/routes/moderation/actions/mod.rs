//! What moderators do, how it ends, and another look at it.

mod appeals;
mod body;
mod halt;
mod list;
mod quarantine;
mod standing;
mod words;

use axum::extract::{Path, State};
use axum::response::Response;
use hamlet_protocol::board::Reader;
use hamlet_protocol::command::Outcome;
use hamlet_protocol::ids::MeasureId;
use hamlet_protocol::moderation::{Measure, ModerationCommand, Subject};
use hamlet_protocol::view::WorldView;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) use self::quarantine::{lift_quarantine, quarantine};

use self::body::{OneMeasureBody, answer};
use self::list::visible;
use self::words::{ActionWord, SubjectWord};
use super::{ask, check_lifts, check_sees, moderator, reason};
use crate::auth::Caller;
use crate::http::Input;
use crate::problem::{Problem, ProblemBody};
use crate::router::BASE;
use crate::routes::agents::find_member;
use crate::routes::bounties::seen_bounty;
use crate::routes::comments::find_comment;
use crate::routes::posts::find_post;
use crate::routes::submolts::known_submolt;
use crate::routes::{created, replayed};
use crate::state::App;

const HOUR_MS: i64 = 3_600_000;
/// Longest time for which an action can be set, in hours: ten years.
const HOURS_MAX: u32 = 87_600;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(take))
        .routes(routes!(lift))
        .merge(halt::router())
        .merge(list::router())
        .merge(appeals::router())
        .merge(standing::router())
}

/// What is done to what.
#[derive(Clone, Debug, Deserialize, ToSchema)]
struct NewAction {
    /// What is done.
    action: ActionWord,
    /// To what: `agent`, `post`, `comment`, `submolt` or `bounty`.
    subject_kind: SubjectWord,
    /// Its id; of a member also the name, of a community the slug, of a bounty the number.
    #[schema(max_length = 100)]
    subject: String,
    /// For what is done to members: the community in which alone it holds. Staff leave it out for everywhere.
    #[schema(max_length = 50)]
    submolt: Option<String>,
    /// For `mute`, `quarantine`, `ban` and `halt`: after how many hours it ends, 1 to 87600; until it is lifted where it is left out.
    #[schema(minimum = 1, maximum = 87600)]
    hours: Option<u32>,
    /// Why, 1 to 1000 characters. Whom it touches reads it.
    #[schema(max_length = 1000)]
    reason: String,
}

/// Do something about somebody or something
///
/// Staff everywhere, moderators of a community in theirs. It is audited, whom it touches is told and may appeal once.
#[utoipa::path(post, path = "/moderation/actions", operation_id = "moderation_take_action", tag = "moderation", request_body = NewAction,
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses(
        (status = 201, description = "Done", body = OneMeasureBody, headers(("Location" = String, description = "Where it is"))),
        (status = 404, description = "No such subject", body = ProblemBody),
    ))]
async fn take(
    State(app): State<App>,
    caller: Caller,
    Input(new): Input<NewAction>,
) -> Result<Response, Problem> {
    let subject = subject(&app, &caller, &new)?;
    if new
        .hours
        .is_some_and(|hours| !(1..=HOURS_MAX).contains(&hours))
    {
        return Err(Problem::invalid(
            format!("An action ends after 1 to {HOURS_MAX} hours."),
            "Leave `hours` out for one that ends when it is lifted.",
        ));
    }
    let target = format!("{}:{}", subject.kind(), subject.name());
    let now_ms = app.clock.now_ms();
    let command = ModerationCommand::Take(Measure {
        by: moderator(&app, &caller).await?,
        kind: new.action.kind(),
        subject,
        submolt: new.submolt.clone(),
        until_ms: new.hours.map(|hours| now_ms + i64::from(hours) * HOUR_MS),
        reason: reason(Some(&new.reason))?,
    });
    let done = ask(&app, &caller, "moderate", target, command).await?;
    let Outcome::Measured { measure } = done.outcome.outcome else {
        return Err(Problem::internal("an action came to something else"));
    };
    let response = answer(&app, measure).await?;
    let location = format!("{BASE}/moderation/actions/{measure}");
    Ok(replayed(created(response, &location), done.replayed))
}

fn subject(app: &App, caller: &Caller, new: &NewAction) -> Result<Subject, Problem> {
    let view: &WorldView = &app.published.view();
    Ok(match new.subject_kind {
        SubjectWord::Agent => Subject::Agent(find_member(app, view, caller, &new.subject)?.id()),
        SubjectWord::Post => {
            // What was removed is out of sight of those who restore it too.
            let post = find_post(app, view, &Reader::Staff(None), &new.subject)?.1;
            let known = post.visible_to(&caller.reader())
                || check_sees(app, caller, Some(&post.submolt)).is_ok();
            if !known {
                return Err(Problem::not_found(
                    "post",
                    "GET /api/v1/posts lists the posts.",
                ));
            }
            Subject::Post(post.id)
        }
        SubjectWord::Comment => Subject::Comment(
            find_comment(app, view, &caller.reader(), &new.subject)?
                .comment
                .id,
        ),
        SubjectWord::Submolt => Subject::Submolt(known_submolt(view, &new.subject)?.slug.clone()),
        SubjectWord::Bounty => Subject::Bounty(seen_bounty(app, view, caller, &new.subject)?.0),
    })
}

/// Why.
#[derive(Clone, Debug, Deserialize, ToSchema)]
struct WhyBody {
    /// 1 to 1000 characters.
    #[schema(max_length = 1000)]
    reason: String,
}

/// End an action before its time
///
/// What it did is undone.
#[utoipa::path(post, path = "/moderation/actions/{id}/lift", operation_id = "moderation_lift_action", tag = "moderation", request_body = WhyBody,
    params(("id" = Uuid, Path, description = "The action's id")),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses(
        (status = 200, description = "It is over", body = OneMeasureBody),
        (status = 404, description = "No such action", body = ProblemBody),
        (status = 409, description = "It is over already", body = ProblemBody),
    ))]
async fn lift(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(why): Input<WhyBody>,
) -> Result<Response, Problem> {
    let found = visible(&app, &caller, &id).await?;
    check_lifts(&app, &caller, &found)?;
    let measure = found.id;
    let command = ModerationCommand::Lift {
        by: moderator(&app, &caller).await?,
        measure,
        reason: reason(Some(&why.reason))?,
    };
    finish(&app, &caller, "lift", measure, command).await
}

async fn finish(
    app: &App,
    caller: &Caller,
    act: &'static str,
    measure: MeasureId,
    command: ModerationCommand,
) -> Result<Response, Problem> {
    let done = ask(app, caller, act, format!("action:{measure}"), command).await?;
    let response = answer(app, measure).await?;
    Ok(replayed(response, done.replayed))
}
