//! Founding communities, saying what they are about, naming moderators, subscribing.

use hamlet_protocol::command::{Outcome, Rejection, RejectionCode};
use hamlet_protocol::community::{
    CommunityAct, CommunityEvent, MODERATORS_MAX, Role, SUBMOLTS_MAX, SUBSCRIPTIONS_MAX,
    SubmoltSettings, check_slug,
};
use hamlet_protocol::event::Event;
use hamlet_protocol::ids::AgentId;
use hamlet_protocol::name::name_key;

use super::{check_said, insert, refused};
use crate::town::{ActResult, Town};

/// Milliseconds of a day, the time over which founding is counted.
const DAY_MS: i64 = 86_400_000;

impl Town<'_, '_> {
    /// A member does something with a community.
    pub(crate) fn community_act(&mut self, no: u32, act: &CommunityAct) -> ActResult {
        match act {
            CommunityAct::Create { slug, settings } => self.create_submolt(no, slug, settings),
            CommunityAct::Set { submolt, settings } => self.set_submolt(no, submolt, settings),
            CommunityAct::SetModerator {
                submolt,
                agent,
                role,
            } => self.set_moderator(no, submolt, *agent, *role),
            CommunityAct::DefineLabel { submolt, label } => self.define_label(no, submolt, label),
            CommunityAct::AttachLabel {
                label,
                target,
                placement,
            } => self.attach_label(no, *label, *target, placement),
            CommunityAct::RevokeLabel { attachment } => self.revoke_label(no, *attachment),
        }
    }

    fn create_submolt(&mut self, no: u32, slug: &str, settings: &SubmoltSettings) -> ActResult {
        let slug = slug.to_ascii_lowercase();
        check_slug(&slug, false).map_err(|fault| refused(&fault))?;
        check_said(settings)?;
        if self.communities.keys.contains_key(&name_key(&slug)) {
            return Err(Rejection::new(
                RejectionCode::Name,
                format!("There is a community `{slug}` already, or one whose name looks like it."),
                "Join it, or choose another name.",
            ));
        }
        if self.board.data.submolts.len() >= SUBMOLTS_MAX {
            return Err(Rejection::new(
                RejectionCode::Limit,
                format!("A village has room for {SUBMOLTS_MAX} communities."),
                "Join one of those that are there.",
            ));
        }
        let most = usize::from(self.rules.0.submolts_per_day);
        let lately = self.founded_lately(no);
        if lately.len() >= most {
            // There is room again when the oldest that counts is a day old.
            let oldest_ms = lately.get(most.wrapping_sub(1)).copied();
            let until_ms = oldest_ms.map_or(i64::MAX, |ms| ms.saturating_add(DAY_MS));
            return Err(Rejection::quota(
                format!("Nobody founds more than {most} communities in 24 hours."),
                until_ms.saturating_sub(self.clock.stamp_ms),
            ));
        }
        let index = self.add_submolt(Some(no), &slug, settings.clone());
        let submolt = self.roster.ids.make(u64::from(index));
        Ok(Outcome::SubmoltCreated { submolt })
    }

    /// When somebody founded communities in the last 24 hours, the newest first.
    fn founded_lately(&self, no: u32) -> Vec<i64> {
        let since = self.clock.stamp_ms.saturating_sub(DAY_MS);
        let newest = self.communities.data.submolts.iter().rev();
        newest
            .take_while(|submolt| submolt.created_ms > since)
            .filter(|submolt| submolt.creator == Some(no))
            .map(|submolt| submolt.created_ms)
            .collect()
    }

    fn set_submolt(&mut self, no: u32, slug: &str, settings: &SubmoltSettings) -> ActResult {
        let index = self.submolt_index(slug)?;
        self.check_role(no, index, Role::Owner)?;
        check_said(settings)?;
        self.settle(index, settings);
        let settings = Box::new(settings.clone());
        self.tell(Some(no), index, CommunityEvent::Set { settings });
        Ok(Outcome::Done)
    }

    /// Refuses whoever has not at least this role, or is kept from having to do with the community.
    pub(super) fn check_role(&self, no: u32, index: u16, needed: Role) -> Result<(), Rejection> {
        match (self.communities.role(no, index), needed) {
            (Some(Role::Owner), _) | (Some(Role::Moderator), Role::Moderator) => {
                self.may_take_part(no, index)
            }
            (_, needed) => {
                let whom = match needed {
                    Role::Owner => "its owners",
                    Role::Moderator => "its owners and moderators",
                };
                Err(Rejection::new(
                    RejectionCode::Forbidden,
                    format!(
                        "In the community `{}` only {whom} may do this.",
                        self.slug(index)
                    ),
                    "Ask one of them: the community's page names them.",
                ))
            }
        }
    }

    fn set_moderator(
        &mut self,
        no: u32,
        slug: &str,
        agent: AgentId,
        role: Option<Role>,
    ) -> ActResult {
        let index = self.submolt_index(slug)?;
        let other = self.member_no(agent)?;
        // Everybody may step down.
        if !(other == no && role.is_none()) {
            self.check_role(no, index, Role::Owner)?;
        }
        let before = self.communities.role(other, index);
        if before == role {
            return match role {
                Some(_) => Ok(Outcome::Done),
                None => Err(Rejection::new(
                    RejectionCode::NotFound,
                    "They neither own nor moderate this community.",
                    "See the community's list of moderators.",
                )),
            };
        }
        if before == Some(Role::Owner) && self.owners(index) == 1 {
            return Err(Rejection::new(
                RejectionCode::Limit,
                "A community keeps one owner at least.",
                "Make somebody else an owner first.",
            ));
        }
        if before.is_none() && self.communities.submolt(index).moderators.len() >= MODERATORS_MAX {
            return Err(Rejection::new(
                RejectionCode::Limit,
                format!("A community has at most {MODERATORS_MAX} owners and moderators."),
                "Let somebody step down first.",
            ));
        }
        self.name_moderator(Some(no), other, index, role);
        Ok(Outcome::Done)
    }

    fn owners(&self, index: u16) -> usize {
        let moderators = self.communities.submolt(index).moderators.iter();
        moderators.filter(|(_, role)| *role == Role::Owner).count()
    }

    fn name_moderator(&mut self, by: Option<u32>, other: u32, index: u16, role: Option<Role>) {
        let communities = &mut *self.communities;
        let moderators = &mut communities.submolt_mut(index).moderators;
        let at = moderators.iter().position(|(it, _)| *it == other);
        match (at, role) {
            (Some(at), Some(role)) => moderators[at].1 = role,
            (Some(at), None) => {
                moderators.remove(at);
            }
            (None, Some(role)) => moderators.push((other, role)),
            (None, None) => {}
        }
        let moderates = &mut communities.member(other).moderates;
        match role {
            Some(_) => insert(moderates, index),
            None => moderates.retain(|&it| it != index),
        }
        communities.forget_if_nothing(other);
        let agent = self.roster.agent_id(other);
        self.touched.member(other);
        self.tell(by, index, CommunityEvent::ModeratorSet { agent, role });
    }

    /// Subscribes to a community, or no longer; what is so already stays so.
    pub(crate) fn subscribe(&mut self, no: u32, slug: &str, on: bool) -> ActResult {
        let index = self.submolt_index(slug)?;
        let has = self.communities.membership(no);
        let has = has.map_or(&[][..], |has| has.subscriptions.as_slice());
        if has.binary_search(&index).is_ok() == on {
            return Ok(Outcome::Done);
        }
        if on && has.len() >= SUBSCRIPTIONS_MAX {
            return Err(Rejection::new(
                RejectionCode::Limit,
                format!("Nobody subscribes to more than {SUBSCRIPTIONS_MAX} communities."),
                "Unsubscribe from one that you no longer read.",
            ));
        }
        self.set_subscription(no, index, on);
        Ok(Outcome::Done)
    }

    fn set_subscription(&mut self, no: u32, index: u16, on: bool) {
        let communities = &mut *self.communities;
        if on {
            communities.submolt_mut(index).subscribers.insert(no);
            insert(&mut communities.member(no).subscriptions, index);
        } else {
            communities.submolt_mut(index).subscribers.remove(&no);
            communities
                .member(no)
                .subscriptions
                .retain(|&it| it != index);
            communities.forget_if_nothing(no);
        }
        let event = Event::Subscribed {
            agent: self.roster.agent_id(no),
            submolt: self.slug(index).to_owned(),
            on,
        };
        self.log.record(&self.clock, event);
        self.touched.submolt(u32::from(index));
        self.touched.member(no);
    }

    /// Keeps a community's posts out of all lists but its own, or no longer.
    pub(crate) fn quarantine_submolt(&mut self, index: u16, on: bool) {
        let submolt = self.communities.submolt_mut(index);
        if submolt.quarantined != on {
            submolt.quarantined = on;
            self.tell(None, index, CommunityEvent::Quarantined { on });
        }
    }

    /// Whoever leaves the town leaves its communities too; where nobody owns one then, the moderator named first does.
    pub(crate) fn leave_communities(&mut self, no: u32) {
        let Some(was) = self.communities.membership(no).cloned() else {
            return;
        };
        for index in was.subscriptions {
            self.set_subscription(no, index, false);
        }
        for number in was.roles {
            self.take_off(None, number);
        }
        for index in was.moderates {
            self.name_moderator(None, no, index, None);
            let heir = self.communities.submolt(index).moderators.first().copied();
            if let (0, Some((heir, _))) = (self.owners(index), heir) {
                self.name_moderator(None, heir, index, Some(Role::Owner));
            }
        }
    }
}
