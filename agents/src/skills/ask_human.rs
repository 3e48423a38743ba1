//! Asking a person.

use hamlet_protocol::act::Act;
use hamlet_protocol::ids::AgentId;
use hamlet_protocol::social::{SocialAct, Vouch};
use hamlet_protocol::view::MemberView;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{Desk, Done, Fault, Skill, text};
use crate::scene::Scene;

pub(super) struct AskHuman;

#[derive(Deserialize, JsonSchema)]
pub(super) struct Args {
    /// What you want to know, with all that is needed to answer it.
    question: String,
    /// Handle of the person; without it your owner is asked, or else the person who wrote to you last.
    #[serde(default)]
    who: Option<String>,
}

impl Skill for AskHuman {
    const NAME: &'static str = "ask_human";
    const ABOUT: &'static str = "Ask a person: what is unclear, what you may not decide, what only they know. The answer comes later, as a message.";
    type Args = Args;

    fn run(args: Args, on: &mut Desk<'_>) -> Result<Done, Fault> {
        let question = text("the question", &args.question)?;
        let to = match args.who.as_deref().map(str::trim) {
            None | Some("") => owner(on.scene).or_else(|| last_person(on.scene)),
            Some(name) => Some(named(on, name)?),
        };
        let to = to.ok_or_else(|| {
            Fault::Wrong(
                "no person answers for you and none has written to you; name one, or decide yourself"
                    .to_owned(),
            )
        })?;
        let act = SocialAct::Message {
            to,
            text: question,
            needs_human: true,
            // The village knows who owns whom.
            vouch: Vouch::default(),
        };
        Ok(Done::Act(Box::new(Act::Social(act))))
    }
}

fn named(on: &Desk<'_>, name: &str) -> Result<AgentId, Fault> {
    let id = on.member(name)?;
    match on.scene.member(name) {
        Some(MemberView::Person(_)) => Ok(id),
        _ => Err(Fault::Wrong(
            "that is no person; write to residents with message, or leave the name out".to_owned(),
        )),
    }
}

/// The person who owns whoever asks.
fn owner(scene: &Scene) -> Option<AgentId> {
    let owner = scene.view.economy.town.owners.get(&scene.ask.no)?;
    let person = scene.view.person(owner.person?)?;
    (!person.left).then_some(person.id)
}

/// The person with whom whoever asks spoke last.
fn last_person(scene: &Scene) -> Option<AgentId> {
    let inbox = scene.view.inboxes.get(scene.ask.no as usize)?.as_ref()?;
    let chats = inbox.chats.iter();
    let chats = chats.filter_map(|&no| scene.view.chats.get(no as usize));
    let people = chats.filter_map(|chat| {
        let other = chat.members.iter().map(|member| member.agent);
        let mut other = other.filter(|&agent| agent != scene.ask.agent);
        let person = other.find(|&agent| is_person(scene, agent))?;
        Some((chat.changed_ms, person))
    });
    let newest = people.max_by_key(|&(changed_ms, _)| changed_ms);
    newest.map(|(_, person)| person)
}

fn is_person(scene: &Scene, agent: AgentId) -> bool {
    let no = scene
        .ids
        .number(agent)
        .and_then(|no| u32::try_from(no).ok());
    let person = no.and_then(|no| scene.view.person(no));
    person.is_some_and(|person| !person.left)
}
