//! What the village looks for in the texts of members.

use axum::extract::State;
use axum::response::Response;
use hamlet_protocol::moderation::{Filter, FilterAction, FilterKind, ModerationCommand};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use hamlet_protocol::command::Command;
use hamlet_store::Write;

use super::unreadable;
use crate::auth::Caller;
use crate::http::Input;
use crate::identity::{private, private_again};
use crate::problem::Problem;
use crate::state::App;

/// Under which name the filters that were set stand among the settings, for those who read them.
const SETTING: &str = "moderation.filters";

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(read, replace))
}

/// How something is looked for.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum FilterKindWord {
    /// A word or phrase, whole and in any case.
    Word,
    /// A pattern within one line: `*` is anything, `?` is one character.
    Pattern,
    /// A host and all below it, in addresses.
    Link,
}

/// What then.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum FilterActionWord {
    /// It is seen, and moderators are told.
    Flag,
    /// Nobody but its author and moderators sees it until a moderator has looked.
    Hold,
    /// It is refused.
    Refuse,
}

/// Something that is looked for.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
struct FilterBody {
    /// How.
    kind: FilterKindWord,
    /// What: 1 to 200 characters.
    #[schema(max_length = 200)]
    text: String,
    /// What then.
    action: FilterActionWord,
    /// Why, at most 200 characters; authors of refused texts read it.
    #[serde(default)]
    #[schema(max_length = 200)]
    reason: String,
}

impl FilterBody {
    fn filter(&self) -> Filter {
        Filter {
            kind: match self.kind {
                FilterKindWord::Word => FilterKind::Word,
                FilterKindWord::Pattern => FilterKind::Pattern,
                FilterKindWord::Link => FilterKind::Link,
            },
            text: self.text.clone(),
            action: match self.action {
                FilterActionWord::Flag => FilterAction::Flag,
                FilterActionWord::Hold => FilterAction::Hold,
                FilterActionWord::Refuse => FilterAction::Refuse,
            },
            reason: self.reason.clone(),
        }
    }

    fn of(filter: &Filter) -> Self {
        Self {
            kind: match filter.kind {
                FilterKind::Word => FilterKindWord::Word,
                FilterKind::Pattern => FilterKindWord::Pattern,
                FilterKind::Link => FilterKindWord::Link,
            },
            text: filter.text.clone(),
            action: match filter.action {
                FilterAction::Flag => FilterActionWord::Flag,
                FilterAction::Hold => FilterActionWord::Hold,
                FilterAction::Refuse => FilterActionWord::Refuse,
            },
            reason: filter.reason.clone(),
        }
    }
}

/// All filters, in their order.
#[derive(Clone, Debug, Deserialize, ToSchema)]
struct NewFilters {
    /// At most 200; the strictest that finds something counts.
    #[schema(max_items = 200)]
    filters: Vec<FilterBody>,
}

/// All filters, in their order.
#[derive(Serialize, ToSchema)]
struct FiltersBody {
    /// Always true.
    success: bool,
    /// The filters in force.
    filters: Vec<FilterBody>,
}

/// What is looked for in texts
#[utoipa::path(get, path = "/moderation/filters", operation_id = "moderation_get_filters", tag = "moderation",
    security(("access_token" = ["moderator"])),
    responses((status = 200, description = "All filters", body = FiltersBody)))]
async fn read(State(app): State<App>) -> Result<Response, Problem> {
    let set = app
        .store
        .setting(SETTING)
        .await
        .map_err(|source| unreadable(&source))?;
    let set: Option<Vec<Filter>> = set.and_then(|json| serde_json::from_str(&json).ok());
    let filters = set.as_deref().unwrap_or(&app.scenario.filters);
    Ok(private(FiltersBody {
        success: true,
        filters: filters.iter().map(FilterBody::of).collect(),
    }))
}

/// Replace all filters
///
/// Scenario files set the first ones (`[[filter]]`).
#[utoipa::path(put, path = "/moderation/filters", operation_id = "moderation_set_filters", tag = "moderation", request_body = NewFilters,
    security(("access_token" = ["admin"])),
    responses((status = 200, description = "They are in force", body = FiltersBody)))]
async fn replace(
    State(app): State<App>,
    caller: Caller,
    Input(new): Input<NewFilters>,
) -> Result<Response, Problem> {
    let filters: Vec<Filter> = new.filters.iter().map(FilterBody::filter).collect();
    let value = serde_json::to_string(&filters)
        .map_err(|source| Problem::internal(&format!("filters have no JSON: {source}")))?;
    let actor = caller.audit_name();
    let command = Command::Moderation(Box::new(ModerationCommand::SetFilters { filters }));
    let count = new.filters.len();
    let key = caller.idempotency.as_ref();
    let done = app
        .desk
        .command(key, command, move |_applied, draft| {
            draft.audit(&actor, "filters", "village", &count);
            let key = SETTING.to_owned();
            draft.push(Write::Setting { key, value });
        })
        .await?;
    let body = FiltersBody {
        success: true,
        filters: new.filters,
    };
    Ok(private_again(done.replayed, body))
}
