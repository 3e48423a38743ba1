//! Tells the village who owns which agents, so that caps of owners hold for thoughts, and agents can write to their owners.

use std::collections::BTreeSet;
use std::sync::Arc;

use hamlet_protocol::command::Command;
use hamlet_protocol::economy::command::EconomyCommand;
use hamlet_protocol::economy::image::OwnerImage;
use hamlet_protocol::ids::AgentId;

use crate::problem::Problem;
use crate::state::App;

/// Tells the village who owns an agent, where it does not know yet.
///
/// # Errors
/// When the village does not take it in.
pub async fn tell_owner(app: &App, agent: AgentId) -> Result<(), Problem> {
    match news(app, agent) {
        Some(command) => app.desk.command(None, command, |_, _| {}).await.map(drop),
        None => Ok(()),
    }
}

/// What the village does not know yet.
fn news(app: &App, agent: AgentId) -> Option<Command> {
    let number = |id| app.ids.number(id).and_then(|no| u32::try_from(no).ok());
    let no = number(agent)?;
    let view = app.published.view();
    // Who has left is owned by nobody.
    view.agents.get(no as usize)?.as_ref()?;
    let directory = app.published.directory();
    let account = directory.agent(agent).and_then(|record| record.owner);
    let account = account.and_then(|account| directory.account(account));
    // An owner who has left the village is a person no more.
    let person = account.and_then(|account| account.member);
    let person = person.filter(|&id| number(id).and_then(|no| view.member(no)).is_some());
    let owner = account.map(|account| OwnerImage {
        account: account.id,
        person: person.and_then(number),
    });
    if view.economy.town.owners.get(&no).copied() == owner {
        return None;
    }
    let own = EconomyCommand::Own {
        agent,
        owner: owner.map(|owner| owner.account),
        person,
    };
    Some(Command::Economy(Box::new(own)))
}

/// Tells the village of all owners that it does not know yet: of claims before it kept them, or while it could not be told;
/// and of those who have deleted their account.
///
/// # Errors
/// When the village does not take it in.
pub async fn tell_owners(app: &App) -> Result<(), Problem> {
    let mut owned: BTreeSet<AgentId> = {
        let directory = app.published.directory();
        let owned = directory.agents().filter(|record| record.owner.is_some());
        owned.map(|record| record.agent).collect()
    };
    let known = Arc::clone(&app.published.view().economy.town.owners);
    owned.extend(
        known
            .keys()
            .map(|&no| app.ids.make::<AgentId>(u64::from(no))),
    );
    for agent in owned {
        tell_owner(app, agent).await?;
    }
    Ok(())
}
