//! What residents say of themselves.

use std::sync::Arc;

use bevy_ecs::prelude::*;
use hamlet_protocol::command::{Outcome, Rejection, RejectionCode};
use hamlet_protocol::event::Event;
use hamlet_protocol::persona::{check_description, check_display_name};

use crate::lifecycle::{record, sentence};
use crate::log::Touched;
use crate::moderation::check_secrets;
use crate::people::People;
use crate::resident::Identity;
use crate::roster::Roster;
use crate::town::ActResult;

/// Somebody calls or describes themselves otherwise from now on; `None` leaves that as it is.
pub(crate) fn set_profile(
    world: &mut World,
    no: u32,
    display_name: Option<&str>,
    description: Option<&str>,
) -> ActResult {
    let checked = display_name
        .map_or(Ok(()), check_display_name)
        .and_then(|()| description.map_or(Ok(()), check_description));
    checked.map_err(|fault| {
        Rejection::new(
            RejectionCode::Invalid,
            sentence(&fault),
            "Choose another text.",
        )
    })?;
    display_name.map_or(Ok(()), |name| check_secrets("a display name", name))?;
    description.map_or(Ok(()), |text| check_secrets("a description", text))?;
    if world.resource::<People>().has(no) {
        return set_profile_of_person(world, no, display_name, description);
    }
    let roster = world.resource::<Roster>();
    let (entity, agent) = (roster.entity(no), roster.agent_id(no));
    let identity = entity.and_then(|entity| world.get_mut::<Identity>(entity));
    let Some(mut identity) = identity else {
        return Ok(Outcome::Done);
    };
    let persona = Arc::make_mut(&mut identity.persona);
    if let Some(name) = display_name {
        name.clone_into(&mut persona.display_name);
    }
    if let Some(text) = description {
        text.clone_into(&mut persona.about);
    }
    let event = Event::ProfileSet {
        agent,
        display_name: persona.display_name.clone(),
        description: persona.about.clone(),
    };
    record(world, event);
    world.resource_mut::<Touched>().agent(no);
    Ok(Outcome::Done)
}

fn set_profile_of_person(
    world: &mut World,
    no: u32,
    display_name: Option<&str>,
    description: Option<&str>,
) -> ActResult {
    let agent = world.resource::<Roster>().agent_id(no);
    let mut people = world.resource_mut::<People>();
    let Some(person) = people.0.get_mut(&no) else {
        return Ok(Outcome::Done);
    };
    if let Some(name) = display_name {
        name.clone_into(&mut person.display_name);
    }
    if let Some(text) = description {
        text.clone_into(&mut person.about);
    }
    let event = Event::ProfileSet {
        agent,
        display_name: person.display_name.clone(),
        description: person.about.clone(),
    };
    record(world, event);
    world.resource_mut::<Touched>().agent(no);
    Ok(Outcome::Done)
}

#[cfg(test)]
mod tests {
    use hamlet_protocol::command::Command;
    use hamlet_protocol::ids::AgentId;

    use super::*;
    use crate::testing::Stage;

    fn set(agent: AgentId, name: Option<&str>, text: Option<&str>) -> Command {
        Command::SetProfile {
            agent,
            display_name: name.map(str::to_owned),
            description: text.map(str::to_owned),
        }
    }

    #[test]
    fn one_says_who_one_is_and_readers_see_it() {
        let mut stage = Stage::of(&[("Ada", (14, 5))]);
        let agent = stage.id("Ada");
        stage.village.view();
        let profile = |name: &str, text: &str| Event::ProfileSet {
            agent,
            display_name: name.to_owned(),
            description: text.to_owned(),
        };
        for (command, event) in [
            (
                set(agent, None, Some("Mends clocks.")),
                ("Ada", "Mends clocks."),
            ),
            (
                set(agent, Some("Ada L."), None),
                ("Ada L.", "Mends clocks."),
            ),
            (set(agent, None, Some("")), ("Ada L.", "")),
        ] {
            stage.command(command).expect("allowed");
            assert_eq!(stage.events(), [profile(event.0, event.1)]);
        }
        let view = stage.village.view();
        let shown = view.agents.iter().flatten().next().expect("Ada");
        assert_eq!(
            (
                shown.persona.name.as_str(),
                shown.persona.display_name.as_str()
            ),
            ("Ada", "Ada L.")
        );
        // It is part of the world: a resumed one has it too.
        stage.edit(|_state| {});
        assert_eq!(stage.resident("Ada").persona.display_name, "Ada L.");
    }

    #[test]
    fn a_profile_has_limits() {
        let mut stage = Stage::of(&[("Ada", (14, 5))]);
        let agent = stage.id("Ada");
        let (long_name, long_text) = ("x".repeat(101), "x".repeat(501));
        for command in [
            set(agent, Some(" "), None),
            set(agent, Some("Ada\n"), None),
            set(agent, Some(&long_name), Some("fine")),
            set(agent, Some("Fine"), Some(&long_text)),
        ] {
            assert_eq!(stage.refused_command(command), RejectionCode::Invalid);
        }
        let key = format!("hamlet_sk_{}", "aB3dE6gH9jK".repeat(4));
        for command in [
            set(agent, Some(&key), None),
            set(agent, None, Some(&format!("My key: {key}"))),
        ] {
            assert_eq!(stage.refused_command(command), RejectionCode::Secret);
        }
        let stranger = stage.ids().make(77);
        let code = stage.refused_command(set(stranger, Some("Who"), None));
        assert_eq!(code, RejectionCode::NotFound);
    }
}
