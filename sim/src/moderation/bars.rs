//! What a measure keeps members from.

use chrono::DateTime;
use hamlet_protocol::act::Act;
use hamlet_protocol::agent::MindKind;
use hamlet_protocol::command::{Command, Rejection, RejectionCode};
use hamlet_protocol::community::CommunityAct;
use hamlet_protocol::economy::command::{BountyAct, EconomyAct, EconomyCommand, Feedback};
use hamlet_protocol::moderation::{MeasureImage, MeasureKind, ModerationCommand};
use hamlet_protocol::reputation::ReputationAct;

use crate::town::Town;

impl Town<'_, '_> {
    /// Whether somebody may speak to others at all: aloud, in conversations, in messages.
    pub(crate) fn may_speak(&self, no: u32) -> Result<(), Rejection> {
        self.check_bars(no, None, |_kind| true)
    }

    /// Whether somebody may write in a community. What those in quarantine write is held.
    pub(crate) fn may_write(&self, no: u32, submolt: u16) -> Result<(), Rejection> {
        self.check_bars(no, Some(submolt), |kind| kind != MeasureKind::Quarantine)
    }

    /// Whether somebody may do this at all. What keeps a body alive everybody may do.
    pub(crate) fn may_act(&self, no: u32, act: &Act) -> Result<(), Rejection> {
        match act {
            Act::Say { .. } | Act::Talk { .. } => self.may_speak(no),
            // Asked again where the community is known.
            Act::Post { .. }
            | Act::Publish(_)
            | Act::Comment { .. }
            | Act::EditPost { .. }
            | Act::EditComment { .. } => {
                self.check_bars(no, None, |kind| kind != MeasureKind::Quarantine)
            }
            Act::Vote { .. }
            | Act::ToggleVote { .. }
            | Act::Follow { .. }
            | Act::SetPost { .. }
            | Act::Give { .. }
            | Act::Trade { .. } => self.may_deal(no),
            Act::Community(act) => {
                self.may_deal(no)?;
                self.may_publish(no, &words_of_community(act))
            }
            Act::Economy(act) => {
                self.may_deal(no)?;
                self.may_publish(no, &words_of_economy(act))
            }
            _ => Ok(()),
        }
    }

    /// Whether a command may be done: nobody acts through whoever is halted, and what members do beside acts is barred as acts are.
    pub(crate) fn may_command(&self, command: &Command) -> Result<(), Rejection> {
        match command {
            // Habits act without a command.
            Command::Act { agent, .. } => self.may_drive(self.member_no(*agent)?),
            Command::Reputation { agent, act } => {
                let no = self.member_no(*agent)?;
                self.may_drive(no)?;
                self.may_deal(no)?;
                self.may_publish(no, &words_of_reputation(act))
            }
            Command::SetProfile {
                agent,
                display_name,
                description,
            } => {
                let no = self.member_no(*agent)?;
                let words = [display_name, description];
                let words: Vec<&str> = words.into_iter().flatten().map(String::as_str).collect();
                self.may_drive(no)?;
                self.may_deal(no)?;
                self.may_publish(no, &words)
            }
            Command::Economy(economy) => match &**economy {
                EconomyCommand::Feedback(Feedback {
                    by: Some(by),
                    reason,
                    ..
                }) => {
                    let no = self.member_no(*by)?;
                    self.may_drive(no)?;
                    self.may_deal(no)?;
                    self.may_publish(no, &[reason])
                }
                _ => Ok(()),
            },
            Command::Moderation(asked) => match &**asked {
                // What a member reports weighs; an appeal stays open to all.
                ModerationCommand::Report { agent, .. } => self.may_drive(self.member_no(*agent)?),
                _ => Ok(()),
            },
            Command::Spawn(new) if matches!(new.mind, MindKind::External | MindKind::Llm) => {
                let persona = &new.persona;
                self.check_words(&[&persona.name, &persona.display_name, &persona.about])
            }
            Command::Enrol {
                name, display_name, ..
            } => self.check_words(&[name, display_name]),
            _ => Ok(()),
        }
    }

    /// Whether anybody may act through somebody: not while their mind is halted.
    pub(crate) fn may_drive(&self, no: u32) -> Result<(), Rejection> {
        let now_ms = self.clock.stamp_ms;
        let halts = |measure: &MeasureImage| {
            measure.kind == MeasureKind::Halt && measure.is_in_force(now_ms)
        };
        match self.court.on(no).find(|(_, measure)| halts(measure)) {
            None => Ok(()),
            Some((number, measure)) => Err(self.barred(number, measure)),
        }
    }

    /// Whether somebody's mind is stopped. Their body does by habit what it needs.
    pub(crate) fn is_halted(&self, no: u32) -> bool {
        self.court.is_halted(no, self.clock.stamp_ms)
    }

    /// Whether somebody may have to do with others and their things, without a word.
    fn may_deal(&self, no: u32) -> Result<(), Rejection> {
        self.check_bars(no, None, |kind| kind != MeasureKind::Mute)
    }

    /// Whether somebody may say this where everybody reads it and nobody can hold it back; where nothing is said, anybody may.
    fn may_publish(&self, no: u32, words: &[&str]) -> Result<(), Rejection> {
        if words.iter().all(|text| text.trim().is_empty()) {
            return Ok(());
        }
        self.may_speak(no)?;
        self.check_edit(no, words)
    }

    /// Whether somebody may have to do with what is in a community, without a word.
    pub(crate) fn may_take_part(&self, no: u32, submolt: u16) -> Result<(), Rejection> {
        self.check_bars(no, Some(submolt), |kind| kind != MeasureKind::Mute)
    }

    /// Whether what somebody writes in a community is seen by themselves and moderators alone; `None`: whether all that they write is.
    pub(crate) fn is_quarantined(&self, no: u32, submolt: Option<u16>) -> bool {
        let now_ms = self.clock.stamp_ms;
        self.court.is_quarantined(no, submolt, now_ms)
    }

    /// Whether somebody is banned from the whole village.
    pub(crate) fn is_banned(&self, no: u32) -> bool {
        self.check_bars(no, None, |kind| kind == MeasureKind::Ban)
            .is_err()
    }

    pub(crate) fn check_bars(
        &self,
        no: u32,
        submolt: Option<u16>,
        counts: impl Fn(MeasureKind) -> bool,
    ) -> Result<(), Rejection> {
        let now_ms = self.clock.stamp_ms;
        let bars = |measure: &MeasureImage| {
            // A halt stops a mind; what habits do is as free as ever.
            measure.kind != MeasureKind::Halt
                && counts(measure.kind)
                && measure.is_in_force(now_ms)
                && measure.counts_in(submolt)
        };
        match self.court.on(no).find(|(_, measure)| bars(measure)) {
            None => Ok(()),
            Some((number, measure)) => Err(self.barred(number, measure)),
        }
    }

    fn barred(&self, number: u32, measure: &MeasureImage) -> Rejection {
        let what = match measure.kind {
            MeasureKind::Ban => "banned",
            MeasureKind::Quarantine => "in quarantine",
            MeasureKind::Halt => "halted",
            _ => "muted",
        };
        let place = measure
            .submolt
            .map_or_else(String::new, |index| format!(" in {}", self.slug(index)));
        let until = measure.until_ms.and_then(DateTime::from_timestamp_millis);
        let until = until.map_or_else(
            || "a moderator ends it".to_owned(),
            |until| until.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
        );
        Rejection::new(
            RejectionCode::Barred,
            format!("They are {what}{place} until {until}."),
            format!(
                "Wait, or appeal once against the measure {}.",
                self.measure_id(number)
            ),
        )
    }
}

/// What a community is to say of itself, in its members' words.
fn words_of_community(act: &CommunityAct) -> Vec<&str> {
    match act {
        CommunityAct::Create { slug, settings } => {
            let mut words = vec![slug.as_str()];
            words.extend(settings.words());
            words
        }
        CommunityAct::Set { settings, .. } => settings.words(),
        CommunityAct::DefineLabel { label, .. } => {
            let mut words = vec![label.key.as_str(), &label.label];
            words.extend(label.prompt.as_deref());
            words
        }
        CommunityAct::SetModerator { .. }
        | CommunityAct::AttachLabel { .. }
        | CommunityAct::RevokeLabel { .. } => Vec::new(),
    }
}

/// What is said with money.
fn words_of_economy(act: &EconomyAct) -> Vec<&str> {
    match act {
        EconomyAct::Pay { memo, .. } => vec![memo],
        EconomyAct::Bounty(BountyAct::Open { title, text, .. }) => vec![title, text],
        EconomyAct::Bounty(BountyAct::Submit { deliverable, .. }) => vec![deliverable],
        EconomyAct::Bounty(
            BountyAct::Reject { reason, .. } | BountyAct::Dispute { reason, .. },
        ) => {
            vec![reason]
        }
        EconomyAct::Bounty(_)
        | EconomyAct::Purchase { .. }
        | EconomyAct::Order { .. }
        | EconomyAct::CancelOrder { .. }
        | EconomyAct::Bid { .. } => Vec::new(),
    }
}

/// What is said for a reputation.
fn words_of_reputation(act: &ReputationAct) -> Vec<&str> {
    match act {
        ReputationAct::Start { title, about } => vec![title, about],
        ReputationAct::Contribute { note, .. } => vec![note],
        ReputationAct::Vouch { .. } | ReputationAct::Verify { .. } => Vec::new(),
    }
}
