//! Talk: lines heard in a radius, and conversations in twos and groups that begin, have a length and end.
//!
//! Here is who says what to whom; how conversations go on by themselves is in `turns.rs`.

mod stale;
#[cfg(test)]
mod tests;
mod turns;

use std::collections::{BTreeMap, VecDeque};
use std::iter;

use bevy_app::App;
use bevy_ecs::prelude::*;
use hamlet_protocol::agent::{Activity, Need};
use hamlet_protocol::command::{Outcome, Rejection, RejectionCode};
use hamlet_protocol::event::Event;
use hamlet_protocol::ids::TalkId;
use hamlet_protocol::image::{LineImage, SeenImage, TalkImage, Topic};
use hamlet_protocol::moderation::SubjectImage;
use hamlet_protocol::rules::Rules;

use crate::minds::speech;
use crate::moderation::Kind;
use crate::news::check_text;
use crate::rng::{Purpose, Stream};
use crate::schedule::{Tick, TickSet};
use crate::town::{ActResult, Town};

/// Lines the world keeps for those who heard them.
pub(crate) const LINES_KEPT: usize = 4_096;
/// Lines that a conversation of two grows by with everybody who joins.
const NEWCOMER_LINES: u32 = 2;

/// Conversations under way, and the lines said lately.
#[derive(Resource, Debug, Default)]
pub(crate) struct Talks {
    /// By number.
    pub(crate) open: BTreeMap<u64, TalkImage>,
    /// Conversations begun so far.
    pub(crate) begun: u64,
    /// Oldest first; the last has number `said - 1`.
    pub(crate) lines: VecDeque<LineImage>,
    /// Lines said so far.
    pub(crate) said: u64,
}

impl Talks {
    fn keep(&mut self, line: LineImage) -> u64 {
        if self.lines.len() >= LINES_KEPT {
            self.lines.pop_front();
        }
        self.lines.push_back(line);
        self.said += 1;
        self.said - 1
    }

    /// The line of a number, if it is still kept.
    pub(crate) fn line(&self, number: u64) -> Option<&LineImage> {
        let first = self.said - self.lines.len() as u64;
        self.lines
            .get(usize::try_from(number.checked_sub(first)?).ok()?)
    }
}

pub(crate) fn plugin(app: &mut App) {
    app.add_systems(
        Tick,
        turns::converse
            .in_set(TickSet::Act)
            .after(crate::minds::act_out),
    );
}

impl Town<'_, '_> {
    /// Says something to all in hearing.
    pub(crate) fn say(&mut self, no: u32, text: &str) -> ActResult {
        check_text("a line", text, self.rules.0.say_chars_max)?;
        let watch = self.check_texts(no, Kind::Message, None, &[text])?;
        let hearing = self.hearing(no);
        let by = hearing.len() as u32;
        self.speak(no, &[], &hearing, text, None);
        self.note_text(no, watch, Some(SubjectImage::Agent(no)));
        Ok(Outcome::Heard { by })
    }

    /// Addresses people within reach: goes on with the conversation they are in, joins it, or begins one.
    /// Those addressed who are in none come along.
    pub(crate) fn talk(&mut self, no: u32, to: &[u32], text: &str) -> ActResult {
        check_text("a line", text, self.rules.0.say_chars_max)?;
        let mut listeners: Vec<u32> = Vec::with_capacity(to.len());
        for &other in to {
            if !listeners.contains(&other) {
                listeners.push(other);
            }
        }
        self.check_listeners(no, &listeners)?;
        let watch = self.check_texts(no, Kind::Message, None, &[text])?;
        if self.resident(no).memory.talk.is_none() {
            self.check_point(no, text)?;
        }
        let talk = self.join_or_begin(no, &listeners)?;
        let members = &self.talks.open[&talk].members;
        let is_new = self.talks.is_new(text, members);
        let others: Vec<u32> = members
            .iter()
            .copied()
            .filter(|&member| member != no)
            .collect();
        let by = others.len() as u32;
        let topic = speech::topic_of(text);
        self.say_in_talk(talk, no, &others, text, topic, listeners.first().copied());
        self.count_stale(talk, no, is_new);
        self.note_text(no, watch, Some(SubjectImage::Agent(no)));
        Ok(Outcome::Heard { by })
    }

    fn check_listeners(&mut self, no: u32, to: &[u32]) -> Result<(), Rejection> {
        let max = usize::from(self.rules.0.talk_members_max).saturating_sub(1);
        if to.is_empty() || to.len() > max {
            return Err(Rejection::new(
                RejectionCode::Invalid,
                format!("One talks to 1 to {max} people."),
                "Name them, or use `say` to speak to all in hearing.",
            ));
        }
        to.iter().try_for_each(|&other| {
            self.check_other(no, other, "talk to")?;
            self.check_awake(other)
        })
    }

    fn join_or_begin(&mut self, no: u32, to: &[u32]) -> Result<u64, Rejection> {
        let mut theirs = None;
        for &other in to {
            let talk = self.resident(other).memory.talk;
            if talk.is_some() && theirs.is_some() && talk != theirs {
                return Err(Rejection::new(
                    RejectionCode::Forbidden,
                    "They are in different conversations.",
                    "Address those of one conversation, or use `say`.",
                ));
            }
            theirs = theirs.or(talk);
        }
        let Some(talk) = theirs else {
            return Ok(self.begin_talk(no, to));
        };
        let members = &self.talks.open[&talk].members;
        let newcomers: Vec<u32> = iter::once(no)
            .chain(to.iter().copied())
            .filter(|who| !members.contains(who))
            .collect();
        let max = usize::from(self.rules.0.talk_members_max);
        if !newcomers.is_empty() && members.len() + newcomers.len() > max {
            return Err(Rejection::new(
                RejectionCode::Limit,
                format!("A conversation has room for {max}."),
                "Wait until it ends, or use `say`.",
            ));
        }
        for newcomer in newcomers {
            self.leave_talk(newcomer);
            self.join_talk(talk, newcomer);
        }
        Ok(talk)
    }

    fn begin_talk(&mut self, no: u32, to: &[u32]) -> u64 {
        self.leave_talk(no);
        let talk = self.talks.begun;
        self.talks.begun += 1;
        let mut stream = Stream::new(self.seed.0, Purpose::Talk, talk, 0);
        let max = lines_max(&self.rules.0);
        // Most talks are short; a few fill the time they may have.
        let length = 2 + stream.below(max - 1).min(stream.below(max - 1) + 2);
        let image = TalkImage {
            no: talk,
            members: Vec::new(),
            left: Vec::new(),
            lines: 0,
            length,
            last_speaker: None,
            next: 0,
            asked: None,
            topic: Topic::Open,
            stale: 0,
        };
        self.talks.open.insert(talk, image);
        for &member in [no].iter().chain(to) {
            self.join_talk(talk, member);
        }
        let members = self.members(talk);
        let event = Event::TalkBegan {
            talk: self.talk_id(talk),
            members: members.iter().map(|&no| self.roster.agent_id(no)).collect(),
            at: self.at(no),
        };
        self.log.record(&self.clock, event);
        talk
    }

    /// Lets somebody into a conversation.
    pub(crate) fn join_talk(&mut self, talk: u64, no: u32) {
        let max = lines_max(&self.rules.0);
        if let Some(open) = self.talks.open.get_mut(&talk) {
            open.members.push(no);
            open.left.retain(|&left| left != no);
            if open.members.len() > 2 {
                // Whoever joins two has something to say as well.
                open.length = (open.length + NEWCOMER_LINES).min(max);
            }
        }
        let mut resident = self.resident(no);
        resident.memory.talk = Some(talk);
        let keeps_on = matches!(
            resident.doing.what.activity,
            Activity::Eating | Activity::Working | Activity::Healing
        );
        if !keeps_on {
            let landmark = resident.doing.what.landmark;
            self.stop(no);
            self.set_activity(no, Activity::Talking, landmark);
        }
        self.touched.agent(no);
    }

    /// Somebody is in a conversation no longer. It ends when one would be left.
    pub(crate) fn leave_talk(&mut self, no: u32) {
        let Some(talk) = self.resident(no).memory.talk else {
            return;
        };
        let stay = |open: &TalkImage| open.members.len() > 2;
        if !self.talks.open.get(&talk).is_some_and(stay) {
            self.end_talk(talk);
            return;
        }
        self.part(talk, no);
        if let Some(open) = self.talks.open.get_mut(&talk) {
            open.members.retain(|&member| member != no);
            open.left.push(no);
        }
        self.fall_silent(no);
    }

    /// What stays with somebody of a conversation they leave.
    fn part(&mut self, talk: u64, no: u32) {
        let lines = self.talks.open.get(&talk).map_or(0, |open| open.lines);
        if lines < 2 {
            return;
        }
        let mut others = self.members(talk);
        others.retain(|&member| member != no);
        for &other in &others {
            let liking = speech::chemistry(self, no, other);
            self.befriend(no, other, (10 + 4 * lines).min(60) as u16, liking);
            self.befriend(other, no, 4, 0);
        }
        if let Some(&other) = others.first() {
            self.observe(no, SeenImage::TalkedWith(other));
        }
        self.resident(no).plan.now.next = 0;
    }

    fn end_talk(&mut self, talk: u64) {
        let members = self.members(talk);
        for &no in &members {
            self.part(talk, no);
        }
        for &no in &members {
            self.fall_silent(no);
        }
        if let Some(ended) = self.talks.open.remove(&talk) {
            let took_part = ended.members.iter().chain(&ended.left);
            let event = Event::TalkEnded {
                talk: self.talk_id(talk),
                members: took_part.map(|&no| self.roster.agent_id(no)).collect(),
                lines: ended.lines,
            };
            self.log.record(&self.clock, event);
        }
    }

    /// Somebody whose conversation is over is free for other things.
    fn fall_silent(&mut self, no: u32) {
        let mut resident = self.resident(no);
        resident.memory.talk = None;
        if resident.doing.what.activity == Activity::Talking {
            self.set_activity(no, Activity::Idle, None);
        }
        self.touched.agent(no);
    }

    /// One line of a conversation, and what it does to those in it. `asked` is whose turn it is next.
    pub(crate) fn say_in_talk(
        &mut self,
        talk: u64,
        no: u32,
        others: &[u32],
        text: &str,
        topic: Topic,
        asked: Option<u32>,
    ) {
        self.speak(no, others, others, text, Some(talk));
        for &member in others.iter().chain([&no]) {
            let mut resident = self.resident(member);
            resident.wants.change(Need::Company, 220);
            resident.wants.change(Need::Fun, 30);
            self.touched.agent(member);
        }
        let turn = self.clock.ticks(self.rules.0.talk_turn_secs);
        let next = self.clock.tick + turn;
        let lines_max = lines_max(&self.rules.0);
        let Some(open) = self.talks.open.get_mut(&talk) else {
            return;
        };
        open.lines += 1;
        open.last_speaker = Some(no);
        open.asked = asked;
        open.next = next;
        open.topic = topic;
        if open.lines >= lines_max {
            self.end_talk(talk);
        }
    }

    /// Words leave somebody's mouth.
    fn speak(&mut self, no: u32, to: &[u32], hearing: &[u32], text: &str, talk: Option<u64>) {
        let line = self.talks.keep(LineImage {
            speaker: no,
            text: text.to_owned(),
        });
        let news = self.carried_news(no, text);
        for &listener in hearing {
            if let Some(news) = news {
                self.pass_news(news, no, listener);
            }
            // Those who live by habit go by what talk does to them; the words are for minds that read.
            if !self.lives_by_habit(listener) {
                self.observe(listener, SeenImage::Heard(no, line));
            }
        }
        let event = Event::Said {
            agent: self.roster.agent_id(no),
            to: to
                .iter()
                .map(|&other| self.roster.agent_id(other))
                .collect(),
            at: self.at(no),
            text: text.to_owned(),
            heard_by: hearing.len() as u32,
            talk: talk.map(|talk| self.talk_id(talk)),
        };
        self.log.record(&self.clock, event);
    }

    /// Residents who hear somebody, awake or not, in order of their tiles.
    fn hearing(&mut self, no: u32) -> Vec<u32> {
        let (at, radius) = (self.at(no), self.rules.0.say_radius);
        let mut found = Vec::new();
        self.space.near(at, radius, |other, _| found.push(other));
        found.retain(|&other| other != no && self.is_resident(other));
        found
    }

    pub(crate) fn talk_id(&self, talk: u64) -> TalkId {
        self.roster.ids.make(talk)
    }

    /// Those in a conversation, in the order they joined.
    fn members(&self, talk: u64) -> Vec<u32> {
        let open = self.talks.open.get(&talk);
        open.map(|open| open.members.clone()).unwrap_or_default()
    }
}

/// Most lines of one conversation: at least a greeting and an answer.
fn lines_max(rules: &Rules) -> u32 {
    u32::from(rules.talk_lines_max).max(2)
}
