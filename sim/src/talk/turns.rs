//! Conversations that go on by themselves: who speaks next, what they say, and when it is enough.

use hamlet_protocol::image::{TalkImage, Topic};

use crate::minds::speech;
use crate::rng::{Purpose, Stream};
use crate::town::Town;

/// Tiles beyond the reach of talk at which somebody has walked off.
const DRIFT: u32 = 3;
/// Turns a conversation waits for somebody who decides for themselves.
const SILENCE_TURNS: u64 = 20;

impl Town<'_, '_> {
    /// Members who have walked off or fallen asleep leave.
    fn drop_absent(&mut self, talk: u64) {
        let Some(open) = self.talks.open.get(&talk) else {
            return;
        };
        let members = open.members.clone();
        let reach = u32::from(self.rules.0.reach) + DRIFT;
        let centre = self.at(members[0]);
        for no in members.into_iter().skip(1) {
            if self.asleep(no) || self.at(no).chebyshev(centre) > reach {
                self.leave_talk(no);
            }
        }
    }

    /// The next line of a conversation, or its end.
    fn go_on(&mut self, talk: u64) {
        self.drop_absent(talk);
        let Some(open) = self.talks.open.get(&talk).cloned() else {
            return;
        };
        if open.lines >= open.length {
            self.end_talk(talk);
            return;
        }
        let Some(speaker) = self.next_speaker(&open) else {
            let turn = self.clock.ticks(self.rules.0.talk_turn_secs);
            if self.clock.tick > open.next + SILENCE_TURNS * turn {
                self.end_talk(talk);
            }
            return;
        };
        let others: Vec<u32> = open
            .members
            .iter()
            .copied()
            .filter(|&member| member != speaker)
            .collect();
        let (text, topic) = speech::next_line(self, &open, speaker, &others);
        let asked = asked_next(&open, speaker, topic);
        self.say_in_talk(talk, speaker, &others, &text, topic, asked);
    }

    /// Who speaks next among those who live by habit: the one who was addressed, else somebody who did not speak last.
    fn next_speaker(&mut self, open: &TalkImage) -> Option<u32> {
        let mut willing: Vec<u32> = Vec::new();
        for &no in &open.members {
            if Some(no) != open.last_speaker
                && self.lives_by_habit(no)
                && self.may_speak(no).is_ok()
            {
                willing.push(no);
            }
        }
        let mut stream = Stream::new(self.seed.0, Purpose::Talk, open.no, self.clock.tick);
        match open.asked.filter(|asked| willing.contains(asked)) {
            Some(asked) if willing.len() == 1 || stream.chance(6_000) => Some(asked),
            _ => stream.pick(&willing).copied(),
        }
    }
}

/// Whose turn it is after a line: a question's is the one's it answers, everything else goes round in the order of joining.
fn asked_next(open: &TalkImage, speaker: u32, topic: Topic) -> Option<u32> {
    let answered = open.last_speaker.filter(|&last| last != speaker);
    if let Some(answered) = answered.filter(|_| topic.asks()) {
        return Some(answered);
    }
    let place = open.members.iter().position(|&member| member == speaker)?;
    open.members
        .get((place + 1) % open.members.len())
        .filter(|&&next| next != speaker)
        .copied()
}

/// Conversations whose next line is due go on, in order of their numbers.
pub(super) fn converse(mut town: Town) {
    let tick = town.clock.tick;
    let due: Vec<u64> = town
        .talks
        .open
        .values()
        .filter(|talk| talk.next <= tick)
        .map(|talk| talk.no)
        .collect();
    for talk in due {
        town.go_on(talk);
    }
}
