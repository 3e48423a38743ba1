//! Skills: what a model can call while it thinks. One file each; `docs/how-to/add-a-skill.md` says how to add one.
//!
//! A skill is a type with a name, typed arguments and no access to the runtime. It looks something up in the world as it was when the thought was asked for,
//! plans an act that the village will validate, or keeps something in memory. What it may never do it cannot express.

mod ask_human;
mod assess;
mod bounty_claim;
mod bounty_decide;
mod bounty_deliver;
mod bounty_list;
mod bounty_post;
mod comment;
mod drop_item;
mod follow;
mod give;
mod go_to;
mod look;
mod message;
mod pay;
mod pick_up;
mod plan;
mod post;
mod read_board;
mod read_post;
mod recall;
mod reflect;
mod remember;
mod rest;
mod say;
mod search;
mod sleep;
mod survey;
mod talk;
mod trade;
mod use_place;
mod vote;

mod registry;
#[cfg(test)]
mod tests;

use hamlet_protocol::act::Act;
use hamlet_protocol::money::{Amount, Money};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;

pub use registry::{Offer, Registry};

use crate::memory::Memory;
use crate::scene::Scene;

/// The skill by which somebody searches their memory: not offered where whoever is answered may not look into them.
pub(crate) const RECALL: &str = <recall::Recall as Skill>::NAME;

/// Something a model can call.
pub trait Skill {
    /// Its name.
    const NAME: &'static str;
    /// What it is for, as a model reads it.
    const ABOUT: &'static str;
    /// Who may.
    const PERMIT: Permit = Permit::ALL;
    /// What it takes.
    type Args: DeserializeOwned + JsonSchema;

    /// Does it, or plans it.
    ///
    /// # Errors
    /// What is wrong with the arguments, as a sentence that helps a model to do better.
    fn run(args: Self::Args, on: &mut Desk<'_>) -> Result<Done, Fault>;
}

/// Who may use a skill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Permit {
    /// Lowest tier.
    pub tier_min: u8,
    /// Capability that the template must have.
    pub capability: Option<&'static str>,
    /// Only in a village that lives by money.
    pub money: bool,
}

impl Permit {
    /// Everybody.
    pub const ALL: Self = Self {
        tier_min: 0,
        capability: None,
        money: false,
    };

    /// Everybody, where there is money.
    pub const MONEY: Self = Self {
        money: true,
        ..Self::ALL
    };
}

/// What a skill works on.
#[derive(Debug)]
pub struct Desk<'a> {
    /// The world as it was.
    pub scene: &'a Scene,
    /// What the agent remembers.
    pub memory: &'a mut Memory,
    /// What the pool's model makes of a question to memory, where one is used.
    pub meaning: Option<Vec<f32>>,
}

/// What came of a call.
#[derive(Clone, Debug, PartialEq)]
pub enum Done {
    /// Something was looked up; the thought goes on with it.
    Looked(String),
    /// Something was kept.
    Kept(String),
    /// Something is to be done; the village decides whether it can be.
    Act(Box<Act>),
    /// Nothing more is to be done.
    Rest,
}

/// Why a call came to nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// No skill has this name.
    #[error("there is no skill `{name}`; there are: {known}")]
    Unknown {
        /// What was called.
        name: String,
        /// What could be.
        known: String,
    },
    /// The arguments are no JSON, or of wrong types.
    #[error("the arguments make no sense: {0}")]
    Arguments(String),
    /// They name something that is not there.
    #[error("{0}")]
    Wrong(String),
    /// Not for them.
    #[error("`{0}` is not for you")]
    NotPermitted(&'static str),
    /// The same was called with the same arguments before.
    #[error("you have done just that already; do something with what you know, or rest")]
    Again,
}

/// Characters of one argument that is a text; what the village allows may be less.
pub(crate) const TEXT_CHARS_MAX: usize = 2_000;

/// A text that is neither empty nor endless.
pub(crate) fn text(what: &str, text: &str) -> Result<String, Fault> {
    let text = text.trim();
    match text.chars().count() {
        0 => Err(Fault::Wrong(format!("{what} is empty"))),
        chars if chars > TEXT_CHARS_MAX => Err(Fault::Wrong(format!(
            "{what} has {chars} characters; use at most {TEXT_CHARS_MAX}"
        ))),
        _ => Ok(text.to_owned()),
    }
}

/// An amount above nothing.
pub(crate) fn positive(amount: Amount) -> Result<Money, Fault> {
    if amount.0.0 > 0 {
        return Ok(amount.0);
    }
    Err(Fault::Wrong(
        "an amount is above 0; give it like 1.5".to_owned(),
    ))
}

impl Desk<'_> {
    /// A bounty by its number.
    pub(crate) fn bounty(&self, number: u32) -> Result<u32, Fault> {
        let bounties = &self.scene.view.economy.bounties;
        match bounties.get(number as usize) {
            Some(_) => Ok(number),
            None => Err(Fault::Wrong(format!(
                "there is no bounty {number}; take a number from bounty_list"
            ))),
        }
    }

    /// Somebody by name.
    pub(crate) fn member(&self, name: &str) -> Result<hamlet_protocol::ids::AgentId, Fault> {
        let found = self
            .scene
            .member(name)
            .map(hamlet_protocol::view::MemberView::id);
        let found = found.ok_or_else(|| {
            let name: String = name.chars().take(60).collect();
            Fault::Wrong(format!(
                "nobody here is called {name}; take a handle such as @name from what you perceive"
            ))
        })?;
        if found == self.scene.ask.agent {
            return Err(Fault::Wrong("that is you; name somebody else".to_owned()));
        }
        Ok(found)
    }

    /// A post by its mark.
    pub(crate) fn post(
        &self,
        mark: &str,
    ) -> Result<std::sync::Arc<hamlet_protocol::board::PostView>, Fault> {
        let found = self.scene.post(mark).cloned();
        found.ok_or_else(|| {
            let mark: String = mark.chars().take(60).collect();
            Fault::Wrong(format!(
                "there is no note {mark}; take a mark such as #12 from the board"
            ))
        })
    }
}
