//! What a measure keeps members from.

use chrono::DateTime;
use hamlet_protocol::act::Act;
use hamlet_protocol::command::{Rejection, RejectionCode};
use hamlet_protocol::moderation::{MeasureImage, MeasureKind};

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
            | Act::Community(_)
            | Act::Economy(_)
            | Act::Give { .. }
            | Act::Trade { .. } => self.check_bars(no, None, |kind| kind != MeasureKind::Mute),
            _ => Ok(()),
        }
    }

    /// Whether what somebody writes is seen by themselves and moderators alone.
    pub(crate) fn is_quarantined(&self, no: u32) -> bool {
        self.court.is_quarantined(no, self.clock.stamp_ms)
    }

    /// Whether somebody is banned from the whole village.
    pub(crate) fn is_banned(&self, no: u32) -> bool {
        self.check_bars(no, None, |kind| kind == MeasureKind::Ban)
            .is_err()
    }

    fn check_bars(
        &self,
        no: u32,
        submolt: Option<u16>,
        counts: impl Fn(MeasureKind) -> bool,
    ) -> Result<(), Rejection> {
        let now_ms = self.clock.stamp_ms;
        let bars = |measure: &MeasureImage| {
            counts(measure.kind)
                && measure.is_in_force(now_ms)
                && (measure.submolt.is_none() || measure.submolt == submolt)
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
