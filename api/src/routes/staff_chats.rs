//! Private words under the eyes of those who keep order: only for a reason, and always written down.

use axum::Json;
use axum::extract::{Path, State};
use hamlet_protocol::ids::ChatId;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::auth::Caller;
use crate::http::Params;
use crate::problem::{Problem, ProblemBody};
use crate::render::chat::{MessageBody, chat_of};
use crate::render::cursor::Cursor;
use crate::render::list::{LIMIT_DEFAULT, limit};
use crate::render::members::MemberRef;
use crate::render::post::unreadable;
use crate::state::App;

/// Characters of a reason.
const REASON_CHARS_MAX: usize = 500;

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(read_conversation))
}

/// Why, and which messages.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct StaffParams {
    /// Why it is read: 3 to 500 characters that stand in the audit log.
    #[param(min_length = 3, max_length = 500)]
    reason: String,
    /// Messages of a page, 25 where it is left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
    /// `next_cursor` of the page before: it leads to older messages.
    #[param(max_length = 512)]
    cursor: Option<String>,
}

/// A conversation or group, read by those who keep order.
#[derive(Serialize, ToSchema)]
struct StaffChatBody {
    /// Always true.
    success: bool,
    /// Its id.
    conversation_id: Uuid,
    /// `pending`, `approved`, `rejected`, `group` or `closed`.
    status: &'static str,
    /// A group's name; empty for a conversation of two.
    name: String,
    /// Who takes part.
    members: Vec<MemberRef>,
    /// Its messages, oldest first.
    messages: Vec<MessageBody>,
    /// In this page.
    count: usize,
    /// Whether there are older ones.
    has_more: bool,
    /// Cursor of the page of older ones.
    next_cursor: Option<String>,
}

/// Read a conversation or a group
///
/// For a moderator with a reason. The audit log has it before the first word is shown.
#[utoipa::path(get, path = "/admin/conversations/{id}", tag = "admin",
    params(("id" = String, Path, description = "The conversation's or group's id"), StaffParams),
    security(("access_token" = ["moderator"])),
    responses((status = 200, description = "Its messages", body = StaffChatBody), (status = 404, description = "There is none", body = ProblemBody)))]
async fn read_conversation(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Params(params): Params<StaffParams>,
) -> Result<Json<StaffChatBody>, Problem> {
    let missing = || Problem::not_found("conversation", "A report names the id.");
    let id = ChatId(id.parse::<Uuid>().map_err(|_no_uuid| missing())?);
    let view = app.published.view();
    let chat = chat_of(&app, &view, id).ok_or_else(missing)?;
    let limit = limit(params.limit, LIMIT_DEFAULT)?;
    let list = format!("staff/{id}");
    let cursor = params.cursor.as_deref();
    let before = cursor
        .map(|cursor| Cursor::read(cursor, &list))
        .transpose()?;
    let reason = params.reason.trim().to_owned();
    if !(3..=REASON_CHARS_MAX).contains(&reason.chars().count()) {
        return Err(Problem::invalid(
            format!("A reason has 3 to {REASON_CHARS_MAX} characters."),
            "Say why these private words must be read.",
        ));
    }
    let actor = caller.audit_name();
    let write = app.desk.write(None, move |draft| {
        let target = format!("conversation:{id}");
        draft.audit(
            &actor,
            "conversation.read",
            &target,
            &json!({ "reason": reason }),
        );
        Ok(())
    });
    write.await?;
    let wanted = u32::try_from(limit + 1).unwrap_or(u32::MAX);
    let rows = app.store.messages_of(id, before.map(|it| it.key), wanted);
    let mut rows = rows.await.map_err(unreadable)?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next_cursor = rows.last().filter(|_| more).map(|last| {
        let (key, no, at_ms) = (last.no, 0, None);
        let cursor = Cursor {
            list,
            key,
            no,
            at_ms,
        };
        cursor.write()
    });
    let members = chat.members.iter();
    let messages = rows.iter().rev();
    Ok(Json(StaffChatBody {
        success: true,
        conversation_id: id.0,
        status: chat.state.as_str(),
        name: chat.name.clone(),
        members: members
            .map(|member| MemberRef::of(&app, &view, member.agent))
            .collect(),
        count: rows.len(),
        messages: messages
            .map(|row| MessageBody::of(&app, &view, row, None))
            .collect(),
        has_more: next_cursor.is_some(),
        next_cursor,
    }))
}
