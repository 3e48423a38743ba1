//! What conversations of two and groups have in common: messages, read marks, how much one may write.

use hamlet_protocol::command::{Outcome, Rejection, RejectionCode};
use hamlet_protocol::ids::ChatId;
use hamlet_protocol::social::chat::{ChatRole, ChatState};
use hamlet_protocol::social::image::{ChatImage, ChatMemberImage, MessageImage, QuotaImage};
use hamlet_protocol::social::{SocialEvent, SocialOutcome};

use super::view::message_view;
use crate::moderation::Kind;
use crate::news::check_text;
use crate::town::{ActResult, Town};

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;
/// Conversations and groups of a village, at most.
const CHATS_MAX: usize = 4_000_000;

impl Town<'_, '_> {
    /// The number of a conversation or group that somebody is in. Others do not learn that it is there.
    pub(super) fn own_chat(&self, no: u32, chat: ChatId) -> Result<u32, Rejection> {
        let number = self.roster.number(chat);
        let found = number.filter(|&number| {
            let chat = self.social.data.chats.get(number as usize);
            chat.is_some_and(|chat| chat.members.iter().any(|member| member.no == no))
        });
        found.ok_or_else(|| no_such_chat(chat))
    }

    pub(super) fn chat(&mut self, chat: u32) -> &mut ChatImage {
        &mut self.social.data.chats[chat as usize]
    }

    /// A new conversation or group with this first member.
    pub(super) fn new_chat(
        &mut self,
        state: ChatState,
        name: &str,
        owner: u32,
    ) -> Result<u32, Rejection> {
        let chats = &mut self.social.data.chats;
        if chats.len() >= CHATS_MAX {
            return Err(Rejection::new(
                RejectionCode::Limit,
                format!("The village has its {CHATS_MAX} conversations already."),
                "Use one that is there.",
            ));
        }
        let (chat, now_ms) = (chats.len() as u32, self.clock.stamp_ms);
        chats.push(ChatImage {
            state,
            name: name.to_owned(),
            members: Vec::new(),
            invited: Vec::new(),
            begun_ms: now_ms,
            changed_ms: now_ms,
            asked_ms: now_ms,
            sent: 0,
            last: Vec::new(),
        });
        self.tell_of_chat(chat, owner);
        let role = if state.is_group() {
            ChatRole::Owner
        } else {
            ChatRole::Member
        };
        self.enter_chat(chat, owner, role);
        Ok(chat)
    }

    /// Somebody is a member from now on, and reads what is written from now on.
    pub(super) fn enter_chat(&mut self, chat: u32, no: u32, role: ChatRole) {
        let since = self.social.data.messages_sent + 1;
        let member = ChatMemberImage {
            no,
            role,
            since,
            unread: 0,
        };
        self.chat(chat).members.push(member);
        self.social.index(no, chat);
        self.tell_of_member(chat, no, Some(role), since);
        self.touched.inbox(no);
    }

    pub(super) fn tell_of_member(
        &mut self,
        chat: u32,
        no: u32,
        role: Option<ChatRole>,
        since: u64,
    ) {
        let event = SocialEvent::ChatMember {
            chat: self.roster.ids.make(u64::from(chat)),
            agent: self.roster.agent_id(no),
            role,
            since,
        };
        self.record_social(event);
        self.touched.chat(chat);
    }

    pub(super) fn tell_of_chat(&mut self, chat: u32, by: u32) {
        let now_ms = self.clock.stamp_ms;
        let record = self.chat(chat);
        record.changed_ms = now_ms;
        let (state, name) = (record.state, record.name.clone());
        let event = SocialEvent::ChatSet {
            chat: self.roster.ids.make(u64::from(chat)),
            agent: self.roster.agent_id(by),
            state,
            name,
        };
        self.record_social(event);
        self.touched.chat(chat);
    }

    /// Writes a message into a conversation or group; what may be written has been checked.
    pub(super) fn deliver(
        &mut self,
        chat: u32,
        from: u32,
        text: &str,
        needs_human: bool,
    ) -> Outcome {
        let (at_ms, kept) = (
            self.clock.stamp_ms,
            usize::from(self.rules.0.chat_texts_max),
        );
        self.social.data.messages_sent += 1;
        let message = MessageImage {
            no: self.social.data.messages_sent,
            from,
            at_ms,
            text: text.to_owned(),
            needs_human,
        };
        let view = message_view(&self.roster, &message);
        let record = self.chat(chat);
        record.sent = record.sent.saturating_add(1);
        record.changed_ms = at_ms;
        for member in record.members.iter_mut().filter(|member| member.no != from) {
            member.unread = member.unread.saturating_add(1);
        }
        record.last.push(message);
        let too_many = record.last.len().saturating_sub(kept);
        record.last.drain(..too_many);
        let pending = record.state == ChatState::Pending;
        let id: ChatId = self.roster.ids.make(u64::from(chat));
        let message = view.id;
        self.record_social(SocialEvent::Sent {
            chat: id,
            message: view,
        });
        self.touched.chat(chat);
        Outcome::Social(SocialOutcome::Sent {
            chat: id,
            message,
            pending,
        })
    }

    /// Somebody has read everything that was written up to now.
    pub(super) fn read_chat(&mut self, no: u32, chat: ChatId) -> ActResult {
        let number = self.own_chat(no, chat)?;
        let upto = self.social.data.messages_sent;
        let members = self.chat(number).members.iter_mut();
        let mut count = 0;
        for member in members.filter(|member| member.no == no) {
            count = std::mem::take(&mut member.unread);
        }
        if count > 0 {
            let agent = self.roster.agent_id(no);
            self.record_social(SocialEvent::ChatRead { agent, chat, upto });
            self.touched.chat(number);
        }
        Ok(Outcome::Social(SocialOutcome::Read { count }))
    }

    /// Checks what is to be written, and that its writer has something left of the hour.
    pub(super) fn check_message(&self, no: u32, text: &str) -> Result<(), Rejection> {
        self.may_speak(no)?;
        check_visible("a message", text)?;
        check_text("a message", text, self.rules.0.message_chars_max)?;
        let max = self.rules.0.messages_per_hour;
        let quota = self.quota(no);
        if quota.messages >= max {
            let until_ms = quota.hour_ms.saturating_add(HOUR_MS);
            return Err(Rejection::quota(
                format!("Nobody writes more than {max} messages in an hour."),
                until_ms - self.clock.stamp_ms,
            ));
        }
        self.check_texts(no, Kind::Message, None, &[text]).map(drop)
    }

    pub(super) fn count_message(&mut self, no: u32) {
        let mut quota = self.quota(no);
        quota.messages += 1;
        self.social.data.quotas.insert(no, quota);
    }

    /// Checks that somebody may turn to so many strangers.
    pub(super) fn check_strangers(
        &self,
        no: u32,
        count: u32,
        claimed: bool,
    ) -> Result<(), Rejection> {
        if count == 0 {
            return Ok(());
        }
        if !claimed {
            return Err(Rejection::new(
                RejectionCode::Forbidden,
                "Only an agent that a person has claimed may turn to strangers.",
                "Give your claim link to your person, or write to those who follow you and whom you follow.",
            ));
        }
        let (max, quota) = (self.rules.0.requests_per_day, self.quota(no));
        if quota.requests.saturating_add(count) > max {
            let until_ms = quota.day_ms.saturating_add(DAY_MS);
            return Err(Rejection::quota(
                format!("Nobody turns to more than {max} strangers in a day."),
                until_ms - self.clock.stamp_ms,
            ));
        }
        Ok(())
    }

    pub(super) fn count_strangers(&mut self, no: u32, count: u32) {
        if count > 0 {
            let mut quota = self.quota(no);
            quota.requests += count;
            self.social.data.quotas.insert(no, quota);
        }
    }

    /// What somebody has used up by now.
    fn quota(&self, no: u32) -> QuotaImage {
        let now_ms = self.clock.stamp_ms;
        let mut quota = self
            .social
            .data
            .quotas
            .get(&no)
            .copied()
            .unwrap_or_default();
        if !(quota.hour_ms..quota.hour_ms.saturating_add(HOUR_MS)).contains(&now_ms) {
            (quota.hour_ms, quota.messages) = (now_ms, 0);
        }
        if !(quota.day_ms..quota.day_ms.saturating_add(DAY_MS)).contains(&now_ms) {
            (quota.day_ms, quota.requests) = (now_ms, 0);
        }
        quota
    }

    /// Whether two know each other: they follow each other, or agreed to talk.
    pub(super) fn acquainted(&mut self, no: u32, other: u32) -> bool {
        let talk = self.social.between(no, other);
        if talk.is_some_and(|chat| self.chat(chat).state == ChatState::Open) {
            return true;
        }
        self.follows(no, other) && self.follows(other, no)
    }
}

pub(super) fn no_such_chat(chat: ChatId) -> Rejection {
    Rejection::new(
        RejectionCode::NotFound,
        format!("You are in no conversation or group with the id {chat}."),
        "Take an id from the list of your conversations or groups.",
    )
}

/// Checks that a text has something that can be seen: signs without width are no words.
pub(super) fn check_visible(what: &str, text: &str) -> Result<(), Rejection> {
    if text.chars().any(|c| !is_blank(c)) {
        return Ok(());
    }
    Err(Rejection::new(
        RejectionCode::Invalid,
        format!("There is no text in {what}."),
        "Say something.",
    ))
}

/// Whether a character shows nothing.
pub(super) fn is_blank(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{e0000}'..='\u{e0fff}')
}
