//! People as members of the town: whoever takes part in what members do is enrolled when they first do it.

use std::sync::Arc;

use hamlet_protocol::command::{Command, Outcome};
use hamlet_protocol::ids::AgentId;
use hamlet_protocol::name::NAME_CHARS_MAX;
use hamlet_protocol::persona::check_display_name;
use hamlet_store::{AccountRow, Role, Write};
use serde_json::json;
use uuid::Uuid;

use super::accounts::named;
use crate::problem::Problem;
use crate::state::App;

/// Names that are tried for somebody whose own is borne by somebody else in the town: theirs, and theirs with a number.
const NAMES_TRIED: u32 = 20;

/// The member that a person is; they become one if they are none.
///
/// An account that is older than whoever bears its name in the town gets the name with a number; signing in is by the account's name.
///
/// # Errors
/// 401 when the account is gone, what the village refuses, 503 when it cannot take anything in.
pub(crate) async fn member_of(app: &App, account: Uuid) -> Result<AgentId, Problem> {
    if let Some(member) = known_member(app, account)? {
        return Ok(member);
    }
    // One at a time, so that two first acts at once make one member.
    let _turn = app.identity.enrolling.lock().await;
    if let Some(member) = known_member(app, account)? {
        return Ok(member);
    }
    let row = row(app, account)?;
    let mut refused = None;
    for number in 1..=NAMES_TRIED {
        match enrol(app, &row, numbered(&row.name, number)).await {
            Err(problem) if problem.code == "name" => refused = Some(problem),
            outcome => return outcome,
        }
    }
    Err(refused.unwrap_or_else(|| Problem::internal("no name was tried")))
}

fn known_member(app: &App, account: Uuid) -> Result<Option<AgentId>, Problem> {
    let Some(member) = row(app, account)?.member else {
        return Ok(None);
    };
    let no = app.ids.number(member).and_then(|no| u32::try_from(no).ok());
    let view = app.published.view();
    let is_there = no.is_some_and(|no| view.person(no).is_some_and(|person| !person.left));
    Ok(Some(member).filter(|_| is_there))
}

fn row(app: &App, account: Uuid) -> Result<Arc<AccountRow>, Problem> {
    let directory = app.published.directory();
    directory
        .account(account)
        .cloned()
        .ok_or_else(|| Problem::unauthorized("gone", "This account is gone.", "Make another one."))
}

async fn enrol(app: &App, row: &AccountRow, name: String) -> Result<AgentId, Problem> {
    let shown = &row.display_name;
    let display_name = if check_display_name(shown).is_ok() {
        shown.clone()
    } else {
        name.clone()
    };
    let command = Command::Enrol {
        name,
        display_name,
        speaks_for_town: row.role > Role::Human,
    };
    let id = row.id;
    let done = app.desk.command(None, command, move |applied, draft| {
        let Outcome::Spawned { agent } = applied.outcome else {
            return;
        };
        if let Some(row) = draft.directory().account(id).cloned() {
            draft.push(Write::Account(AccountRow {
                member: Some(agent),
                ..AccountRow::clone(&row)
            }));
        }
        let who = named(id);
        draft.audit(&who, "account.enrol", &who, &json!({ "member": agent }));
    });
    match done.await?.outcome.outcome {
        Outcome::Spawned { agent } => Ok(agent),
        _ => Err(Problem::internal("somebody was enrolled to no member")),
    }
}

/// A name, from the second on with a number behind it, within the longest there may be.
fn numbered(name: &str, number: u32) -> String {
    if number == 1 {
        return name.to_owned();
    }
    let end = format!("-{number}");
    let room = NAME_CHARS_MAX - end.len();
    let stem: String = name.chars().take(room).collect();
    format!("{stem}{end}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_a_number_is_a_name() {
        assert_eq!(numbered("mira", 1), "mira");
        assert_eq!(numbered("mira", 2), "mira-2");
        let long = "x".repeat(NAME_CHARS_MAX);
        assert_eq!(numbered(&long, 12).len(), NAME_CHARS_MAX);
    }
}
