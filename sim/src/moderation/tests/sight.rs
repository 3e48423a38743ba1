//! What is out of sight is told to nobody.

use hamlet_protocol::social::notice::NoticeKind;

use super::*;

impl Court {
    /// Kinds of what somebody was told of what others did.
    pub(super) fn told(&self, agent: AgentId) -> Vec<NoticeKind> {
        let no = self.stage.number(agent);
        let boxes = self.stage.state().social.boxes;
        let notices = boxes.get(&no).into_iter().flatten();
        notices.map(|notice| notice.kind).collect()
    }

    fn reply(&mut self, by: AgentId, post: PostId, to: CommentId, text: &str) -> CommentId {
        let act = Act::Comment {
            post,
            parent: Some(to),
            text: text.to_owned(),
        };
        match self.act(by, act) {
            Ok(Outcome::Commented { comment }) => comment,
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn nobody_is_told_of_what_a_filter_holds() {
    let mut court = Court::new();
    let names = ["ada", "bo", "cy"];
    let [ada, bo, cy] = names.map(|name| court.person(name));
    let filters = vec![Filter {
        kind: FilterKind::Word,
        text: "goats".to_owned(),
        action: FilterAction::Hold,
        reason: String::new(),
    }];
    court
        .moderate(ModerationCommand::SetFilters { filters })
        .expect("fine");
    let post = court.post(ada, "Hello", "").expect("allowed");
    let comment = court.comment(cy, post, "First").expect("allowed");
    assert_eq!(court.told(ada), [NoticeKind::Comment]);
    court.reply(bo, post, comment, "goats for @ada and @cy");
    court.post(bo, "goats for @ada", "and @cy").expect("held");
    assert_eq!(court.told(ada), [NoticeKind::Comment]);
    assert!(court.told(cy).is_empty());
    court.reply(bo, post, comment, "sheep for @ada");
    assert_eq!(court.told(cy), [NoticeKind::Reply]);
}

#[test]
fn nobody_is_told_what_somebody_in_quarantine_does_and_they_are_told_what_is_done_to_them() {
    let mut court = Court::new();
    let (ada, bo) = (court.person("ada"), court.person("bo"));
    let post = court.post(ada, "Hello", "").expect("allowed");
    let own = court.post(bo, "Mine", "").expect("allowed");
    court
        .take(staff(1), MeasureKind::Quarantine, Subject::Agent(bo), None)
        .expect("staff may");
    court.comment(bo, post, "Quite so, @ada").expect("held");
    assert!(court.told(ada).is_empty());
    // Of the quarantine, and that the comment is held.
    assert_eq!(court.told(bo), [NoticeKind::Moderation; 2]);
    court
        .take(staff(1), MeasureKind::Remove, Subject::Post(own), None)
        .expect("staff may");
    assert_eq!(court.told(bo), [NoticeKind::Moderation; 3]);
}

#[test]
fn the_end_of_a_measure_is_told_once_and_a_restart_does_not_tell_it_again() {
    let mut court = Court::new();
    let ada = court.person("ada");
    let until_ms = court.now_ms + HOUR_MS;
    let quarantine = court
        .take(
            staff(1),
            MeasureKind::Quarantine,
            Subject::Agent(ada),
            Some(until_ms),
        )
        .expect("staff may");
    let ends = |court: &mut Court, stamp_ms| {
        court.stage.village.take_events();
        court.stage.village.tick(Some(stamp_ms));
        let events = court.stage.village.take_events().into_iter();
        let ends = events.filter_map(|record| match record.event {
            Event::Moderation(what) => match *what {
                ModerationEvent::MeasureEnded { measure, member } => Some((measure, member)),
                _ => None,
            },
            _ => None,
        });
        ends.collect::<Vec<_>>()
    };
    assert!(ends(&mut court, until_ms - 1).is_empty());
    court.restart();
    assert_eq!(ends(&mut court, until_ms), [(quarantine, Some(ada))]);
    court.restart();
    assert!(ends(&mut court, until_ms + 1).is_empty());
}
