//! Groups: several members who write to all of them.

use hamlet_protocol::command::{Outcome, Rejection, RejectionCode};
use hamlet_protocol::ids::{AgentId, ChatId};
use hamlet_protocol::social::SocialOutcome;
use hamlet_protocol::social::chat::{ChatRole, ChatState};
use hamlet_protocol::social::notice::NoticeKind;

use super::Notice;
use super::chats::{check_visible, is_blank, no_such_chat};
use crate::news::check_text;
use crate::town::{ActResult, Town};

/// Characters of a group's name.
const GROUP_NAME_CHARS_MAX: u32 = 80;
/// Invitations that wait for one member's answer, at most.
const INVITED_MAX: usize = 64;

impl Town<'_, '_> {
    /// Founds a group, and asks others in.
    pub(super) fn found(
        &mut self,
        no: u32,
        name: &str,
        invite: &[AgentId],
        claimed: bool,
    ) -> ActResult {
        self.may_speak(no)?;
        check_group_name(name)?;
        self.check_groups(no)?;
        let mut others = Vec::new();
        for &agent in invite {
            let other = self.member_no(agent)?;
            if other != no && !others.contains(&other) {
                self.check_invitee(no, other)?;
                others.push(other);
            }
        }
        self.check_size(1 + others.len())?;
        let strangers = self.strangers(no, &others);
        self.check_strangers(no, strangers, claimed)?;
        let group = self.new_chat(ChatState::Group, name.trim(), no)?;
        self.count_strangers(no, strangers);
        for other in others {
            self.ask_in(no, group, other);
        }
        Ok(Outcome::Social(SocialOutcome::Founded {
            group: self.roster.ids.make(u64::from(group)),
        }))
    }

    /// Asks somebody into a group.
    pub(super) fn invite(
        &mut self,
        no: u32,
        group: ChatId,
        other: u32,
        claimed: bool,
    ) -> ActResult {
        self.may_speak(no)?;
        let (number, _role) = self.own_group(no, group)?;
        let record = self.chat(number);
        let there = record.members.iter().any(|member| member.no == other);
        let asked = record.invited.iter().any(|&(whom, _)| whom == other);
        let size = 1 + record.members.len() + record.invited.len();
        if there || asked {
            return Err(Rejection::new(
                RejectionCode::Invalid,
                "They are in the group, or have been asked in.",
                "Ask somebody else.",
            ));
        }
        self.check_size(size)?;
        self.check_invitee(no, other)?;
        let strangers = self.strangers(no, &[other]);
        self.check_strangers(no, strangers, claimed)?;
        self.count_strangers(no, strangers);
        self.ask_in(no, number, other);
        super::done()
    }

    /// How many of these do not know somebody.
    fn strangers(&mut self, no: u32, others: &[u32]) -> u32 {
        let mut count = 0;
        for &other in others {
            count += u32::from(!self.acquainted(no, other));
        }
        count
    }

    fn check_invitee(&self, no: u32, other: u32) -> Result<(), Rejection> {
        self.check_apart(no, other)?;
        let waiting = self.social.chats_of(other).iter().filter(|&&chat| {
            let chat = &self.social.data.chats[chat as usize];
            chat.invited.iter().any(|&(whom, _)| whom == other)
        });
        if waiting.count() >= INVITED_MAX {
            return Err(Rejection::new(
                RejectionCode::Limit,
                format!("{INVITED_MAX} invitations wait for their answer already."),
                "Ask them later.",
            ));
        }
        Ok(())
    }

    fn check_size(&self, size: usize) -> Result<(), Rejection> {
        let max = usize::from(self.rules.0.group_members_max);
        if size > max {
            return Err(Rejection::new(
                RejectionCode::Limit,
                format!("A group has at most {max} members, those invited included."),
                "Found another group.",
            ));
        }
        Ok(())
    }

    /// Checks that somebody may be in one more group.
    fn check_groups(&self, no: u32) -> Result<(), Rejection> {
        let max = usize::from(self.rules.0.groups_max);
        let groups = self.social.chats_of(no).iter().filter(|&&chat| {
            let chat = &self.social.data.chats[chat as usize];
            chat.state == ChatState::Group && chat.members.iter().any(|member| member.no == no)
        });
        if groups.count() >= max {
            return Err(Rejection::new(
                RejectionCode::Limit,
                format!("Nobody is in more than {max} groups."),
                "Leave one first.",
            ));
        }
        Ok(())
    }

    fn ask_in(&mut self, by: u32, group: u32, other: u32) {
        self.chat(group).invited.push((other, by));
        self.social.index(other, group);
        self.touched.chat(group);
        self.touched.inbox(other);
        let name = self.chat(group).name.clone();
        let notice = Notice::new(NoticeKind::GroupInvite, Some(by)).in_chat(group);
        self.notify(other, notice.saying(&name));
    }

    /// Joins a group one was asked into, or does not.
    pub(super) fn answer_invite(&mut self, no: u32, group: ChatId, accept: bool) -> ActResult {
        let number = self.roster.number(group);
        let invited = number.filter(|&number| {
            let chat = self.social.data.chats.get(number as usize);
            chat.is_some_and(|chat| chat.invited.iter().any(|&(whom, _)| whom == no))
        });
        let Some(number) = invited else {
            return Err(Rejection::new(
                RejectionCode::NotFound,
                format!("Nobody asked you into a group with the id {group}."),
                "Take an id from the list of your invitations.",
            ));
        };
        if accept {
            self.may_speak(no)?;
            self.check_groups(no)?;
        }
        self.chat(number).invited.retain(|&(whom, _)| whom != no);
        if accept {
            self.enter_chat(number, no, ChatRole::Member);
        } else {
            self.social.forget(no, number);
            self.touched.chat(number);
            self.touched.inbox(no);
        }
        super::done()
    }

    /// Leaves a group.
    pub(super) fn leave_group(&mut self, no: u32, group: ChatId) -> ActResult {
        let (number, _role) = self.own_group(no, group)?;
        self.part_from_group(no, number);
        super::done()
    }

    /// Somebody is no longer in a group. An owner's place goes to the oldest admin, else to the oldest member.
    pub(super) fn part_from_group(&mut self, no: u32, group: u32) {
        let record = self.chat(group);
        record.invited.retain(|&(whom, _)| whom != no);
        let at = record.members.iter().position(|member| member.no == no);
        let gone = at.map(|at| record.members.remove(at));
        self.social.forget(no, group);
        self.touched.inbox(no);
        self.touched.chat(group);
        let Some(gone) = gone else {
            return;
        };
        self.tell_of_member(group, no, None, gone.since);
        if self.chat(group).members.is_empty() {
            self.close_group(group, no);
        } else if gone.role == ChatRole::Owner {
            let members = &mut self.chat(group).members;
            let admin = members
                .iter()
                .position(|member| member.role == ChatRole::Admin);
            let heir = &mut members[admin.unwrap_or(0)];
            heir.role = ChatRole::Owner;
            let (heir, since) = (heir.no, heir.since);
            self.tell_of_member(group, heir, Some(ChatRole::Owner), since);
        }
    }

    fn close_group(&mut self, group: u32, by: u32) {
        let invited = std::mem::take(&mut self.chat(group).invited);
        for (whom, _) in invited {
            self.social.forget(whom, group);
            self.touched.inbox(whom);
        }
        let record = self.chat(group);
        record.state = ChatState::Closed;
        record.last.clear();
        self.tell_of_chat(group, by);
    }

    /// Puts somebody out, or takes an invitation back.
    pub(super) fn kick(&mut self, no: u32, group: ChatId, other: u32) -> ActResult {
        let (number, role) = self.own_group(no, group)?;
        if no == other {
            return Err(Rejection::new(
                RejectionCode::Invalid,
                "One can't put oneself out.",
                "Leave the group instead.",
            ));
        }
        let record = self.chat(number);
        let theirs = record.members.iter().find(|member| member.no == other);
        let theirs = theirs.map(|member| member.role);
        let invite = record
            .invited
            .iter()
            .find(|&&(whom, _)| whom == other)
            .copied();
        let allowed = match (theirs, invite) {
            (Some(theirs), _) => role > theirs && role >= ChatRole::Admin,
            (None, Some((_, by))) => by == no || role >= ChatRole::Admin,
            (None, None) => return Err(not_in_group()),
        };
        if !allowed {
            return Err(may_not("Only those above somebody put them out."));
        }
        self.part_from_group(other, number);
        super::done()
    }

    /// Gives somebody another role.
    pub(super) fn set_role(
        &mut self,
        no: u32,
        group: ChatId,
        other: u32,
        to: ChatRole,
    ) -> ActResult {
        let (number, role) = self.own_group(no, group)?;
        if role != ChatRole::Owner {
            return Err(may_not("Only the owner gives roles."));
        }
        if no == other {
            return Err(Rejection::new(
                RejectionCode::Invalid,
                "The owner's role can't be given up.",
                "Make somebody else the owner, or leave.",
            ));
        }
        let mut members = self.chat(number).members.iter();
        if !members.any(|member| member.no == other) {
            return Err(not_in_group());
        }
        let members = self.chat(number).members.iter_mut();
        let mut changed = Vec::new();
        for member in members {
            let new = match (member.no == other, member.no == no) {
                (true, _) => to,
                (_, true) if to == ChatRole::Owner => ChatRole::Admin,
                _ => member.role,
            };
            if member.no == other || member.role != new {
                member.role = new;
                changed.push(*member);
            }
        }
        for member in changed {
            self.tell_of_member(number, member.no, Some(member.role), member.since);
        }
        super::done()
    }

    /// Calls a group otherwise.
    pub(super) fn rename(&mut self, no: u32, group: ChatId, name: &str) -> ActResult {
        self.may_speak(no)?;
        let (number, role) = self.own_group(no, group)?;
        if role < ChatRole::Admin {
            return Err(may_not("Only the owner and admins rename a group."));
        }
        check_group_name(name)?;
        name.trim().clone_into(&mut self.chat(number).name);
        self.tell_of_chat(number, no);
        super::done()
    }

    /// Writes to a group.
    pub(super) fn post_to_group(&mut self, no: u32, group: ChatId, text: &str) -> ActResult {
        let (number, _role) = self.own_group(no, group)?;
        self.check_message(no, text)?;
        self.count_message(no);
        let outcome = self.deliver(number, no, text, false);
        let members = self.chat(number).members.iter();
        let others: Vec<u32> = members
            .map(|member| member.no)
            .filter(|&other| other != no)
            .collect();
        for other in others {
            let notice = Notice::new(NoticeKind::Group, Some(no)).in_chat(number);
            self.notify(other, notice);
        }
        Ok(outcome)
    }

    /// The number of a group somebody is in, and their role there.
    fn own_group(&self, no: u32, group: ChatId) -> Result<(u32, ChatRole), Rejection> {
        let number = self.own_chat(no, group)?;
        let record = &self.social.data.chats[number as usize];
        let member = record.members.iter().find(|member| member.no == no);
        match member {
            Some(member) if record.state == ChatState::Group => Ok((number, member.role)),
            _ => Err(no_such_chat(group)),
        }
    }

    /// Invitations between two who want nothing to do with each other are void.
    pub(super) fn take_back_invites(&mut self, no: u32, other: u32) {
        for (whom, by) in [(no, other), (other, no)] {
            for chat in self.social.chats_of(whom).to_vec() {
                let invited = &mut self.chat(chat).invited;
                let before = invited.len();
                invited.retain(|&invite| invite != (whom, by));
                if invited.len() < before {
                    self.social.forget(whom, chat);
                    self.touched.chat(chat);
                    self.touched.inbox(whom);
                }
            }
        }
    }
}

fn check_group_name(name: &str) -> Result<(), Rejection> {
    check_visible("a group's name", name)?;
    check_text("a group's name", name, GROUP_NAME_CHARS_MAX)?;
    // Signs that show nothing, or turn the direction of what follows, would let one group pass for another.
    if name.chars().any(|c| c != ' ' && is_blank(c)) {
        return Err(Rejection::new(
            RejectionCode::Invalid,
            "A group's name is one line without invisible signs.",
            "Use letters, digits, signs and plain spaces.",
        ));
    }
    Ok(())
}

fn may_not(detail: &str) -> Rejection {
    Rejection::new(
        RejectionCode::Forbidden,
        detail,
        "Ask an admin or the owner of the group.",
    )
}

fn not_in_group() -> Rejection {
    Rejection::new(
        RejectionCode::NotFound,
        "They are not in this group.",
        "The group's members are listed with it.",
    )
}
