//! What members have with one another beside the street and the board: ties, notices, messages, groups, blocking.
//!
//! Only those who can read are told things: minds by habit have their memory instead, and cost nothing here.

mod bonds;
mod chats;
mod check;
mod direct;
mod groups;
mod ignore;
mod mentions;
mod notices;
#[cfg(test)]
mod tests;
mod view;

use std::collections::BTreeMap;

use bevy_ecs::prelude::*;
use hamlet_protocol::command::Outcome;
use hamlet_protocol::event::Event;
use hamlet_protocol::social::chat::ChatState;
use hamlet_protocol::social::image::SocialImage;
use hamlet_protocol::social::{SocialAct, SocialEvent};

pub(crate) use check::check;
pub(crate) use notices::Notice;
pub(crate) use view::{chat_view, inbox_view};

use crate::town::{ActResult, Town};

/// Everything members have with one another.
#[derive(Resource, Debug, Default)]
pub(crate) struct Social {
    pub(crate) data: SocialImage,
    /// Numbers of the conversations and groups that somebody is in or asked into, oldest first.
    chats_of: BTreeMap<u32, Vec<u32>>,
    /// Numbers of conversations by their two members, the smaller number first.
    pairs: BTreeMap<(u32, u32), u32>,
}

impl Social {
    pub(crate) fn from_image(data: SocialImage) -> Self {
        let mut social = Self::default();
        for (no, chat) in (0..).zip(&data.chats) {
            let members = chat.members.iter().map(|member| member.no);
            for member in members.chain(chat.invited.iter().map(|&(whom, _)| whom)) {
                social.chats_of.entry(member).or_default().push(no);
            }
            if let (false, [a, b]) = (chat.state.is_group(), chat.members.as_slice()) {
                social.pairs.insert(pair(a.no, b.no), no);
            }
        }
        social.data = data;
        social
    }

    /// Conversations and groups somebody is in or asked into, oldest first.
    pub(crate) fn chats_of(&self, no: u32) -> &[u32] {
        self.chats_of.get(&no).map_or(&[], Vec::as_slice)
    }

    /// Numbers of all who have something here.
    pub(crate) fn members(&self) -> Vec<u32> {
        let data = &self.data;
        let pairs = data.blocks.iter().chain(&data.mutes);
        let mut all: Vec<u32> = pairs.map(|&(who, _)| who).collect();
        all.extend(data.boxes.keys().chain(self.chats_of.keys()));
        all
    }

    /// The conversation of two members.
    fn between(&self, a: u32, b: u32) -> Option<u32> {
        self.pairs.get(&pair(a, b)).copied()
    }

    /// Whether two are in one conversation or group.
    pub(crate) fn share_a_chat(&self, a: u32, b: u32) -> bool {
        let in_it = |&chat: &u32| {
            let members = &self.data.chats[chat as usize].members;
            [a, b]
                .iter()
                .all(|no| members.iter().any(|it| it.no == *no))
        };
        self.chats_of(a).iter().any(in_it)
    }

    fn index(&mut self, member: u32, chat: u32) {
        let chats = self.chats_of.entry(member).or_default();
        if let Err(at) = chats.binary_search(&chat) {
            chats.insert(at, chat);
        }
    }

    fn forget(&mut self, member: u32, chat: u32) {
        if let Some(chats) = self.chats_of.get_mut(&member) {
            chats.retain(|&other| other != chat);
        }
    }

    /// Whether one of two blocks the other.
    fn apart(&self, a: u32, b: u32) -> bool {
        self.data.blocks.contains(&(a, b)) || self.data.blocks.contains(&(b, a))
    }
}

fn pair(a: u32, b: u32) -> (u32, u32) {
    (a.min(b), a.max(b))
}

impl Town<'_, '_> {
    /// An act among members.
    pub(crate) fn social(&mut self, no: u32, act: &SocialAct) -> ActResult {
        match act {
            SocialAct::ReadNotices { which } => self.read_notices(no, *which),
            SocialAct::Block { agent, on } => self
                .member_no(*agent)
                .and_then(|other| self.block(no, other, *on)),
            SocialAct::Mute { agent, on } => self
                .member_no(*agent)
                .and_then(|other| self.mute(no, other, *on)),
            SocialAct::Message {
                to,
                text,
                needs_human,
                vouch,
            } => self
                .member_no(*to)
                .and_then(|to| self.message(no, to, text, *needs_human, *vouch)),
            SocialAct::Approve { chat } => self.approve(no, *chat),
            SocialAct::Reject { chat, block } => self.reject(no, *chat, *block),
            SocialAct::ReadChat { chat } => self.read_chat(no, *chat),
            SocialAct::Found {
                name,
                invite,
                claimed,
            } => self.found(no, name, invite, *claimed),
            SocialAct::Invite {
                group,
                agent,
                claimed,
            } => self
                .member_no(*agent)
                .and_then(|other| self.invite(no, *group, other, *claimed)),
            SocialAct::AnswerInvite { group, accept } => self.answer_invite(no, *group, *accept),
            SocialAct::Leave { group } => self.leave_group(no, *group),
            SocialAct::Kick { group, agent } => self
                .member_no(*agent)
                .and_then(|other| self.kick(no, *group, other)),
            SocialAct::SetRole { group, agent, role } => self
                .member_no(*agent)
                .and_then(|other| self.set_role(no, *group, other, *role)),
            SocialAct::Rename { group, name } => self.rename(no, *group, name),
            SocialAct::Post { group, text } => self.post_to_group(no, *group, text),
        }
    }

    /// Whoever leaves the town leaves the groups, and what was only theirs goes. Conversations stay with the other, without what was said lately.
    pub(crate) fn leave_society(&mut self, no: u32) {
        for chat in self.social.chats_of(no).to_vec() {
            if self.social.data.chats[chat as usize].state == ChatState::Group {
                self.part_from_group(no, chat);
            }
            let last = &mut self.social.data.chats[chat as usize].last;
            last.retain(|message| message.from != no);
            self.touched.chat(chat);
        }
        let data = &mut self.social.data;
        data.boxes.remove(&no);
        data.quotas.remove(&no);
        for pairs in [&mut data.blocks, &mut data.mutes] {
            pairs.retain(|&(who, whom)| {
                if whom == no {
                    self.touched.inbox(who);
                }
                who != no && whom != no
            });
        }
        self.touched.inbox(no);
    }

    fn record_social(&mut self, event: SocialEvent) {
        self.log.record(&self.clock, Event::Social(event));
    }
}

/// Nothing more to say.
fn done() -> ActResult {
    Ok(Outcome::Done)
}
