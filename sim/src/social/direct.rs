//! Conversations of two, with consent: whoever writes to a stranger asks first.

use hamlet_protocol::command::{Rejection, RejectionCode};
use hamlet_protocol::ids::ChatId;
use hamlet_protocol::social::Vouch;
use hamlet_protocol::social::chat::{ChatRole, ChatState};
use hamlet_protocol::social::notice::NoticeKind;

use super::{Notice, pair};
use crate::news::check_length;
use crate::town::{ActResult, Town};

/// Characters of a request, at least: a stranger says who they are and what they want.
const REQUEST_CHARS_MIN: usize = 10;
/// Characters of a request, at most.
const REQUEST_CHARS_MAX: u32 = 1000;
/// Milliseconds after which one who was turned down may ask again: a week.
const ASK_AGAIN_MS: i64 = 7 * 24 * 3_600_000;
/// Conversations one member has, at most.
const CONVERSATIONS_MAX: usize = 2000;

impl Town<'_, '_> {
    /// Writes to somebody: a message where both agreed to talk, else a request.
    pub(super) fn message(
        &mut self,
        no: u32,
        to: u32,
        text: &str,
        needs_human: bool,
        vouch: Vouch,
    ) -> ActResult {
        if no == to {
            return Err(Rejection::new(
                RejectionCode::Invalid,
                "One can't write to oneself.",
                "Choose somebody else.",
            ));
        }
        self.check_apart(no, to)?;
        self.check_message(no, text)?;
        let vouch = Vouch {
            claimed: vouch.claimed || self.is_owned(no),
            kin: vouch.kin || self.is_owner_and_owned(no, to),
        };
        let free = vouch.kin || self.acquainted(no, to);
        let known = self.social.between(no, to);
        let state = known.map(|chat| self.chat(chat).state);
        let asked_by = known.map(|chat| self.chat(chat).members[0].no);
        let state = match state {
            Some(ChatState::Open) => ChatState::Open,
            // Whoever answers a request, or asks whom they turned down, agrees to talk.
            Some(ChatState::Pending | ChatState::Rejected) if asked_by == Some(to) => {
                ChatState::Open
            }
            _ if free => ChatState::Open,
            Some(ChatState::Pending) => return Err(waiting()),
            _ => {
                self.check_request(no, text, known, vouch)?;
                ChatState::Pending
            }
        };
        let chat = self.conversation(no, to, known, state)?;
        self.count_message(no);
        let kind = match state {
            ChatState::Pending => {
                self.count_strangers(no, 1);
                NoticeKind::DmRequest
            }
            _ => NoticeKind::Dm,
        };
        let outcome = self.deliver(chat, no, text, needs_human);
        let notice = Notice::new(kind, Some(no)).in_chat(chat);
        self.notify(to, notice);
        Ok(outcome)
    }

    /// The two's conversation, in this state from now on.
    fn conversation(
        &mut self,
        no: u32,
        to: u32,
        known: Option<u32>,
        state: ChatState,
    ) -> Result<u32, Rejection> {
        let Some(chat) = known else {
            for who in [no, to] {
                self.check_conversations(who, who == no)?;
            }
            let chat = self.new_chat(state, "", no)?;
            self.enter_chat(chat, to, ChatRole::Member);
            self.social.pairs.insert(pair(no, to), chat);
            return Ok(chat);
        };
        let now_ms = self.clock.stamp_ms;
        let record = self.chat(chat);
        if record.state != state {
            record.state = state;
            if state == ChatState::Pending {
                record.asked_ms = now_ms;
                if record.members[0].no != no {
                    record.members.swap(0, 1);
                }
            }
            self.tell_of_chat(chat, no);
        }
        Ok(chat)
    }

    fn check_request(
        &self,
        no: u32,
        text: &str,
        known: Option<u32>,
        vouch: Vouch,
    ) -> Result<(), Rejection> {
        if let Some(chat) = known {
            let changed_ms = self.social.data.chats[chat as usize].changed_ms;
            let again_ms = changed_ms.saturating_add(ASK_AGAIN_MS);
            if self.clock.stamp_ms < again_ms {
                let days = 1 + (again_ms - self.clock.stamp_ms) / (24 * 3_600_000);
                return Err(Rejection::new(
                    RejectionCode::Forbidden,
                    "They declined to talk with you.",
                    format!("Wait for them to write; you may ask again in {days} days."),
                ));
            }
        }
        self.check_strangers(no, 1, vouch.claimed)?;
        check_length("a request", text, REQUEST_CHARS_MAX)?;
        if text.trim().chars().count() < REQUEST_CHARS_MIN {
            return Err(Rejection::new(
                RejectionCode::Invalid,
                format!("A request has at least {REQUEST_CHARS_MIN} characters."),
                "Say who you are and what you want of them.",
            ));
        }
        Ok(())
    }

    fn check_conversations(&self, no: u32, own: bool) -> Result<(), Rejection> {
        if self.social.chats_of(no).len() < CONVERSATIONS_MAX {
            return Ok(());
        }
        let whose = if own { "You have" } else { "They have" };
        Err(Rejection::new(
            RejectionCode::Limit,
            format!("{whose} {CONVERSATIONS_MAX} conversations, and there is room for no more."),
            "Use one that is there.",
        ))
    }

    /// Agrees to talk with whoever asked.
    pub(super) fn approve(&mut self, no: u32, chat: ChatId) -> ActResult {
        let (number, asker) = self.asked(no, chat)?;
        self.check_apart(no, asker)?;
        if self.chat(number).state == ChatState::Open {
            return super::done();
        }
        self.chat(number).state = ChatState::Open;
        self.tell_of_chat(number, no);
        let notice = Notice::new(NoticeKind::DmApproved, Some(no)).in_chat(number);
        self.notify(asker, notice);
        super::done()
    }

    /// Declines to talk with whoever asked. They are not told.
    pub(super) fn reject(&mut self, no: u32, chat: ChatId, block: bool) -> ActResult {
        let (number, asker) = self.asked(no, chat)?;
        if self.chat(number).state == ChatState::Pending {
            self.chat(number).state = ChatState::Rejected;
            for member in &mut self.chat(number).members {
                member.unread = 0;
            }
            self.tell_of_chat(number, no);
        }
        if block && self.is_member(asker) {
            self.block(no, asker, true)?;
        }
        super::done()
    }

    /// A request to somebody, and who made it.
    fn asked(&self, no: u32, chat: ChatId) -> Result<(u32, u32), Rejection> {
        let number = self.own_chat(no, chat)?;
        let record = &self.social.data.chats[number as usize];
        let asker = record.members[0].no;
        if record.state.is_group() || asker == no {
            return Err(Rejection::new(
                RejectionCode::Invalid,
                "Nobody asked you for this conversation.",
                "Take an id from the list of requests; what you asked for yourself, the other answers.",
            ));
        }
        Ok((number, asker))
    }
}

fn waiting() -> Rejection {
    Rejection::new(
        RejectionCode::Limit,
        "You have asked them already, and they have not answered.",
        "Wait until they agree to talk; until then one request is all.",
    )
}
