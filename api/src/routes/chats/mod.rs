//! Task chats: a person asks an agent for work.

mod body;
mod doors;
mod read;
mod write;

use hamlet_store::TaskChatRow;
use utoipa_axum::router::OpenApiRouter;
use uuid::Uuid;

use crate::auth::Caller;
use crate::problem::Problem;
use crate::render::post::unreadable;
use crate::state::App;
use crate::tasks::missing;

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(read::router())
        .merge(write::router())
        .merge(doors::router())
}

/// The chat a path means: one of the caller's own, or none. Nobody else ever sees it: not the agent's owner, not those who keep order.
async fn own(app: &App, caller: &Caller, wanted: &str) -> Result<TaskChatRow, Problem> {
    let me = caller.known_member().ok_or_else(missing)?;
    let id = wanted.parse::<Uuid>().map_err(|_no_uuid| missing())?;
    let row = app.store.task_chat(id).await.map_err(unreadable)?;
    row.filter(|row| row.person == me).ok_or_else(missing)
}
