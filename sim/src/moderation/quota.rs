//! How much members may write in an hour, and who counts as new.
//!
//! One's own burst within the share of the hour is no spam. The share is `posts_per_hour` and `comments_per_hour`, times what one's tier allows;
//! members count as restricted while their karma is below 0, or below `trusted_karma` within `newcomer_hours` of their first text,
//! and have `newcomer_percent` of it, rounded up.

use hamlet_protocol::command::Rejection;
use hamlet_protocol::moderation::SpeakerImage;

use super::texts::Kind;
use crate::town::Town;

const HOUR_MS: i64 = 3_600_000;
/// Members whose hours are counted; when there are more, those who have been silent longest are forgotten.
const SPEAKERS_MAX: usize = 200_000;

impl Town<'_, '_> {
    /// Whether somebody counts as new.
    pub(super) fn is_newcomer(&self, no: u32) -> bool {
        let new_ms = i64::from(self.rules.0.newcomer_hours) * HOUR_MS;
        let since_ms = self
            .court
            .data
            .speakers
            .get(&no)
            .map_or(self.clock.stamp_ms, |it| it.first_ms);
        let trusted = self.standings.get(no).karma >= i64::from(self.rules.0.trusted_karma);
        !trusted && self.clock.stamp_ms - since_ms < new_ms
    }

    /// Whether somebody has a smaller share: new, or karma below 0.
    pub(super) fn is_restricted(&self, no: u32) -> bool {
        self.standings.get(no).karma < 0 || self.is_newcomer(no)
    }

    /// Checks that something is left of somebody's hour.
    pub(crate) fn check_quota(&self, no: u32, kind: Kind) -> Result<(), Rejection> {
        let speaker = self.speaker(no);
        let (what, used, usual) = match kind {
            Kind::Post => ("posts", speaker.posts, self.rules.0.posts_per_hour),
            Kind::Comment => ("comments", speaker.comments, self.rules.0.comments_per_hour),
            Kind::Message => return Ok(()),
        };
        let whole = self.entitlement(no).scaled(usual);
        let max = if self.is_restricted(no) {
            let percent = u64::from(self.rules.0.newcomer_percent);
            (u64::from(whole) * percent).div_ceil(100) as u32
        } else {
            whole
        };
        if used < max {
            return Ok(());
        }
        let left_ms = speaker.hour_ms + HOUR_MS - self.clock.stamp_ms;
        let detail = format!("{max} {what} in an hour are their share, and it is used up.");
        Err(Rejection::quota(detail, left_ms))
    }

    /// Somebody has written.
    pub(crate) fn count_text(&mut self, no: u32, kind: Kind) {
        let mut speaker = self.speaker(no);
        match kind {
            Kind::Post => speaker.posts += 1,
            Kind::Comment => speaker.comments += 1,
            Kind::Message => return,
        }
        let speakers = &mut self.court.data.speakers;
        if speakers.len() >= SPEAKERS_MAX && !speakers.contains_key(&no) {
            let silent = speakers.iter().min_by_key(|(no, it)| (it.hour_ms, **no));
            if let Some(silent) = silent.map(|(&no, _)| no) {
                speakers.remove(&silent);
            }
        }
        speakers.insert(no, speaker);
    }

    /// How much somebody has written in the hour that runs now.
    fn speaker(&self, no: u32) -> SpeakerImage {
        let now_ms = self.clock.stamp_ms;
        let begun = SpeakerImage {
            first_ms: now_ms,
            hour_ms: now_ms,
            posts: 0,
            comments: 0,
        };
        match self.court.data.speakers.get(&no) {
            None => begun,
            Some(known) if now_ms - known.hour_ms < HOUR_MS => *known,
            Some(known) => SpeakerImage {
                first_ms: known.first_ms,
                ..begun
            },
        }
    }
}
