//! All skills by name, and who is offered which.

use std::collections::BTreeMap;
use std::sync::Arc;

use hamlet_protocol::persona::Template;
use serde_json::Value;

use super::{Desk, Done, Fault, Permit, Skill};
use crate::wire::Tool;

/// Bytes of one call's arguments.
const ARGUMENT_BYTES_MAX: usize = 16 << 10;

type Run = fn(&str, &mut Desk<'_>) -> Result<Done, Fault>;

struct Entry {
    permit: Permit,
    tool: Tool,
    run: Run,
}

/// All skills.
pub struct Registry {
    entries: BTreeMap<&'static str, Entry>,
}

impl std::fmt::Debug for Registry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.entries.keys()).finish()
    }
}

/// The skills that one agent is offered.
#[derive(Clone, Debug)]
pub struct Offer {
    /// As the wire has them, in order of names: a stable beginning of prompts.
    pub tools: Arc<Vec<Tool>>,
}

impl Offer {
    /// Whether a skill is among them.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.tools.iter().any(|tool| tool.function.name == name)
    }

    /// The same without one of them.
    #[must_use]
    pub fn without(&self, name: &str) -> Self {
        let others = self.tools.iter();
        let others = others.filter(|tool| tool.function.name != name);
        Self {
            tools: Arc::new(others.cloned().collect()),
        }
    }

    /// Their names.
    #[must_use]
    pub fn names(&self) -> String {
        let names = self.tools.iter().map(|tool| tool.function.name.as_str());
        names.collect::<Vec<_>>().join(", ")
    }
}

impl Registry {
    /// The skills of this build.
    #[must_use]
    pub fn of_village() -> Self {
        let mut registry = Self {
            entries: BTreeMap::new(),
        };
        registry.add::<super::ask_human::AskHuman>();
        registry.add::<super::assess::Assess>();
        registry.add::<super::bounty_claim::BountyClaim>();
        registry.add::<super::bounty_decide::BountyDecide>();
        registry.add::<super::bounty_deliver::BountyDeliver>();
        registry.add::<super::bounty_list::BountyList>();
        registry.add::<super::bounty_post::BountyPost>();
        registry.add::<super::comment::Comment>();
        registry.add::<super::drop_item::DropItem>();
        registry.add::<super::follow::Follow>();
        registry.add::<super::give::Give>();
        registry.add::<super::go_to::GoTo>();
        registry.add::<super::look::Look>();
        registry.add::<super::message::Message>();
        registry.add::<super::pay::Pay>();
        registry.add::<super::pick_up::PickUp>();
        registry.add::<super::plan::Plan>();
        registry.add::<super::post::Post>();
        registry.add::<super::read_board::ReadBoard>();
        registry.add::<super::read_post::ReadPost>();
        registry.add::<super::recall::Recall>();
        registry.add::<super::reflect::Reflect>();
        registry.add::<super::remember::Remember>();
        registry.add::<super::rest::Rest>();
        registry.add::<super::say::Say>();
        registry.add::<super::search::Search>();
        registry.add::<super::sleep::Sleep>();
        registry.add::<super::survey::Survey>();
        registry.add::<super::talk::Talk>();
        registry.add::<super::trade::Trade>();
        registry.add::<super::use_place::UsePlace>();
        registry.add::<super::vote::Vote>();
        registry
    }

    /// Adds a skill.
    pub fn add<S: Skill>(&mut self) {
        let mut schema = schemars::schema_for!(S::Args).to_value();
        if let Value::Object(fields) = &mut schema {
            // Names of types and drafts tell a model nothing.
            fields.remove("$schema");
            fields.remove("title");
        }
        let entry = Entry {
            permit: S::PERMIT,
            tool: Tool::new(S::NAME, S::ABOUT, schema),
            run: run::<S>,
        };
        self.entries.insert(S::NAME, entry);
    }

    /// What an agent of this tier and template is offered, in a village with money or without.
    #[must_use]
    pub fn offer(&self, tier: u8, template: Option<&Template>, money: bool) -> Offer {
        let may = |permit: &Permit| {
            let capable = permit.capability.is_none_or(|wanted| {
                template.is_some_and(|template| template.capabilities.iter().any(|it| it == wanted))
            });
            tier >= permit.tier_min && capable && (money || !permit.money)
        };
        let tools = self.entries.values().filter(|entry| may(&entry.permit));
        Offer {
            tools: Arc::new(tools.map(|entry| entry.tool.clone()).collect()),
        }
    }

    /// Runs a call of an agent with this offer.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn run(
        &self,
        name: &str,
        arguments: &str,
        offer: &Offer,
        desk: &mut Desk<'_>,
    ) -> Result<Done, Fault> {
        let Some((&name, entry)) = self.entries.get_key_value(name) else {
            return Err(Fault::Unknown {
                name: name.chars().take(60).collect(),
                known: offer.names(),
            });
        };
        if !offer.has(name) {
            return Err(Fault::NotPermitted(name));
        }
        if arguments.len() > ARGUMENT_BYTES_MAX {
            return Err(Fault::Arguments(format!(
                "they have more than {ARGUMENT_BYTES_MAX} bytes"
            )));
        }
        (entry.run)(arguments, desk)
    }
}

fn run<S: Skill>(arguments: &str, desk: &mut Desk<'_>) -> Result<Done, Fault> {
    let arguments = arguments.trim();
    // Who needs no arguments often writes none.
    let arguments = if arguments.is_empty() {
        "{}"
    } else {
        arguments
    };
    let args: S::Args = serde_json::from_str(arguments).map_err(|fault| {
        let fault: String = fault.to_string().chars().take(200).collect();
        Fault::Arguments(fault)
    })?;
    S::run(args, desk)
}
