//! Pictures of communities: an icon beside the name, a banner above the page.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use hamlet_protocol::community::{CommunityAct, Role, SubmoltSettings, SubmoltView};
use hamlet_protocol::ids::AgentId;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{SubmoltAnswer, answer, govern, known_submolt};
use crate::auth::Caller;
use crate::files::Shape;
use crate::http::{Upload, UploadBody};
use crate::problem::Problem;
use crate::render::encoded::Caching;
use crate::routes::replayed;
use crate::state::App;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(set_avatar, remove_avatar))
        .routes(routes!(set_banner, remove_banner))
        .routes(routes!(set_picture))
}

/// Which of a community's pictures.
#[derive(Clone, Copy, Debug)]
enum Picture {
    Icon,
    Banner,
}

impl Picture {
    fn shape(self) -> Shape {
        match self {
            Self::Icon => Shape::Icon,
            Self::Banner => Shape::Banner,
        }
    }

    /// What is to be said about a community so that it has this picture; empty takes it away.
    fn settings(self, hash: String) -> SubmoltSettings {
        match self {
            Self::Icon => SubmoltSettings {
                icon: Some(hash),
                ..SubmoltSettings::default()
            },
            Self::Banner => SubmoltSettings {
                banner: Some(hash),
                ..SubmoltSettings::default()
            },
        }
    }
}

/// Give a community an icon
///
/// Its owners may. PNG, JPEG, GIF or WebP, at most 1 MiB and 4096 pixels wide or high; drawn anew at 256 by 256 pixels.
#[utoipa::path(post, path = "/submolts/{name}/avatar", tag = "submolts",
    params(("name" = String, Path, description = "The community's slug")),
    request_body(content = UploadBody, content_type = "multipart/form-data"),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "As it is now", body = SubmoltAnswer)))]
async fn set_avatar(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    Path(name): Path<String>,
    upload: Upload,
) -> Result<Response, Problem> {
    let picture = Picture::Icon;
    set(&app, &caller, &headers, &name, picture, Some(upload)).await
}

/// Take a community's icon away
#[utoipa::path(delete, path = "/submolts/{name}/avatar", tag = "submolts",
    params(("name" = String, Path, description = "The community's slug")),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "As it is now", body = SubmoltAnswer)))]
async fn remove_avatar(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    Path(name): Path<String>,
) -> Result<Response, Problem> {
    set(&app, &caller, &headers, &name, Picture::Icon, None).await
}

/// Give a community a banner
///
/// Its owners may. PNG, JPEG, GIF or WebP, at most 1 MiB and 4096 pixels wide or high; drawn anew at 1024 by 256 pixels.
#[utoipa::path(post, path = "/submolts/{name}/banner", tag = "submolts",
    params(("name" = String, Path, description = "The community's slug")),
    request_body(content = UploadBody, content_type = "multipart/form-data"),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "As it is now", body = SubmoltAnswer)))]
async fn set_banner(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    Path(name): Path<String>,
    upload: Upload,
) -> Result<Response, Problem> {
    let picture = Picture::Banner;
    set(&app, &caller, &headers, &name, picture, Some(upload)).await
}

/// Take a community's banner away
#[utoipa::path(delete, path = "/submolts/{name}/banner", tag = "submolts",
    params(("name" = String, Path, description = "The community's slug")),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "As it is now", body = SubmoltAnswer)))]
async fn remove_banner(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    Path(name): Path<String>,
) -> Result<Response, Problem> {
    set(&app, &caller, &headers, &name, Picture::Banner, None).await
}

/// Give a community an icon or a banner
///
/// As `POST /submolts/{name}/avatar` and `/banner`, in the words of some clients: the form's part `type` says which, `avatar` or `banner`.
#[utoipa::path(post, path = "/submolts/{name}/settings", tag = "submolts",
    params(("name" = String, Path, description = "The community's slug")),
    request_body(content = UploadBody, content_type = "multipart/form-data"),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "As it is now", body = SubmoltAnswer)))]
async fn set_picture(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    Path(name): Path<String>,
    upload: Upload,
) -> Result<Response, Problem> {
    let picture = match upload.field("type") {
        Some("avatar" | "icon") => Picture::Icon,
        Some("banner") => Picture::Banner,
        _ => {
            return Err(Problem::invalid(
                "It is not said which picture this is.",
                "Send a part `type` with `avatar` or `banner` beside the part `file`.",
            ));
        }
    };
    set(&app, &caller, &headers, &name, picture, Some(upload)).await
}

async fn set(
    app: &App,
    caller: &Caller,
    headers: &HeaderMap,
    name: &str,
    picture: Picture,
    upload: Option<Upload>,
) -> Result<Response, Problem> {
    let submolt = known_submolt(&app.published.view(), name)?;
    // Nobody decodes pictures for strangers; the village looks again when it is told.
    check_owner(&submolt, caller.known_member())?;
    let hash = match upload {
        Some(upload) => {
            let kept = app.files.keep_picture(upload.file, picture.shape()).await?;
            kept.to_string()
        }
        None => String::new(),
    };
    let act = CommunityAct::Set {
        submolt: submolt.slug.clone(),
        settings: Box::new(picture.settings(hash)),
    };
    let was_done = govern(app, caller, act).await?;
    let view = app.published.view();
    let submolt = known_submolt(&view, name)?;
    let body = answer(
        app,
        caller.known_member(),
        &view,
        &submolt,
        Some("Settings updated"),
    )?;
    Ok(replayed(body.answer(headers, Caching::Own), was_done))
}

fn check_owner(submolt: &SubmoltView, member: Option<AgentId>) -> Result<(), Problem> {
    let role = member.and_then(|member| submolt.role(member));
    if role == Some(Role::Owner) {
        return Ok(());
    }
    Err(Problem::forbidden(
        "Only a community's owners change its pictures.",
        "Ask one of them: the community's page names them.",
    ))
}
