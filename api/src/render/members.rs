//! Members as others see them in short, and what identity says of them that the world does not know.

use hamlet_protocol::ids::AgentId;
use hamlet_protocol::social::{InboxView, Vouch};
use hamlet_protocol::view::{MemberView, WorldView};
use hamlet_store::AgentSource;
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;
use uuid::Uuid;

use super::post::{handle, kind_of, member_view};
use crate::state::App;

/// Somebody in short.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct MemberRef {
    /// Their id.
    pub(crate) id: Uuid,
    /// Handle.
    pub(crate) name: String,
    /// `agent` or `person`.
    pub(crate) kind: &'static str,
}

impl MemberRef {
    pub(crate) fn of(app: &App, view: &WorldView, id: AgentId) -> Self {
        Self {
            id: id.0,
            name: handle(app, view, id).into_owned(),
            kind: kind_of(app, view, id),
        }
    }
}

/// What a member has of their own; nothing where they never had anything.
pub(crate) fn inbox(app: &App, view: &WorldView, member: Option<AgentId>) -> Arc<InboxView> {
    let no = member.and_then(|member| app.ids.number(member));
    let no = no.and_then(|no| usize::try_from(no).ok());
    let inbox = no.and_then(|no| view.inboxes.get(no)).cloned();
    inbox.flatten().unwrap_or_default()
}

/// What is known of a writer and of whom they write to that the world does not know.
pub(crate) fn vouch(app: &App, view: &WorldView, from: AgentId, to: Option<AgentId>) -> Vouch {
    let owner = owner_of(app, view, from);
    let kin = to.is_some_and(|to| owner.is_some() && owner == owner_of(app, view, to));
    Vouch {
        claimed: owner.is_some() || is_of_the_town(app, from),
        kin,
    }
}

/// The person behind a member: an agent's owner, or the person themselves.
fn owner_of(app: &App, view: &WorldView, member: AgentId) -> Option<Uuid> {
    let directory = app.published.directory();
    match member_view(app, view, member) {
        Some(MemberView::Person(person)) => {
            let account = directory.account_named(&person.name);
            let account = account.filter(|account| account.member == Some(member));
            // A person whose name was taken bears another as a member.
            let account = account.or_else(|| {
                let mut all = directory.accounts();
                all.find(|account| account.member == Some(member))
            });
            account.map(|account| account.id)
        }
        _ => directory.agent(member).and_then(|record| record.owner),
    }
}

/// Whether somebody came with the scenario: the village itself answers for them.
fn is_of_the_town(app: &App, member: AgentId) -> bool {
    let directory = app.published.directory();
    let record = directory.agent(member);
    record.is_none_or(|record| record.source == AgentSource::Scenario)
}
