//! A quarantine within one community holds only there.

use super::authority::{YARD, Yard, post_in};
use super::*;

impl Yard {
    /// Whether anybody sees a post, and somebody else can answer it.
    fn is_open(&mut self, post: PostId) -> bool {
        let seen = self.court.sees(&Reader::Anonymous, post);
        let pit = self.court.stage.id("Pit");
        let answer = self.court.comment(pit, post, "Indeed.");
        assert_eq!(answer.is_ok(), seen, "{answer:?}");
        seen
    }

    /// Whether anybody sees a comment.
    fn is_shown(&mut self, comment: CommentId) -> bool {
        let no = self.court.stage.number(comment) as usize;
        let view = self.court.stage.village.view();
        !view.comments.get(no).expect("a comment").removed
    }

    /// Whether a resident is set apart as a whole, which breaks off their work on tasks.
    fn is_apart(&mut self, agent: AgentId) -> bool {
        let no = self.court.stage.number(agent) as usize;
        let view = self.court.stage.village.view();
        let found = view.agents.get(no).and_then(Option::as_ref);
        found.expect("a resident").quarantined
    }
}

#[test]
fn whom_a_moderator_sets_apart_is_unseen_in_their_community_and_nowhere_else() {
    let mut yard = Yard::new();
    let (keeper, ada, here) = (yard.keeper(), yard.ada, yard.post);
    let elsewhere = post_in(&mut yard.court, ada, "general");
    let pit = yard.court.stage.id("Pit");
    let other = [YARD, "general"].map(|slug| post_in(&mut yard.court, pit, slug));
    assert!(yard.is_open(here) && yard.is_open(elsewhere));
    let quarantine = yard.took(keeper, MeasureKind::Quarantine, Subject::Agent(ada));
    let later = post_in(&mut yard.court, ada, "general");
    let held = post_in(&mut yard.court, ada, YARD);
    let [held_answer, answer] =
        other.map(|post| yard.court.comment(ada, post, "Quite so.").expect("allowed"));
    assert!(yard.is_open(elsewhere) && yard.is_open(later));
    assert!(yard.is_shown(answer));
    assert!(!yard.is_open(here) && !yard.is_open(held));
    assert!(!yard.is_shown(held_answer));
    // What is held waits for a moderator, and nothing else does.
    let numbers = (
        yard.court.stage.number(held),
        yard.court.stage.number(held_answer),
    );
    assert_eq!(
        yard.court.cases(),
        [
            (SubjectImage::Post(numbers.0), CaseState::Open),
            (SubjectImage::Comment(numbers.1), CaseState::Open),
        ]
    );
    let lift = ModerationCommand::Lift {
        by: keeper,
        measure: quarantine,
        reason: "Enough.".to_owned(),
    };
    yard.court.moderate(lift).expect("they may");
    assert!(yard.is_open(here) && !yard.is_open(held));
}

#[test]
fn whom_a_moderator_sets_apart_works_on_and_whom_staff_do_does_not() {
    let mut yard = Yard::new();
    let (keeper, pit) = (yard.keeper(), yard.court.stage.id("Pit"));
    yard.took(keeper, MeasureKind::Quarantine, Subject::Agent(pit));
    assert!(!yard.is_apart(pit));
    let subject = Subject::Agent(pit);
    yard.court
        .take(staff(1), MeasureKind::Quarantine, subject, None)
        .expect("staff may");
    assert!(yard.is_apart(pit));
}

#[test]
fn what_somebody_set_apart_in_a_community_does_elsewhere_is_told_of() {
    let mut yard = Yard::new();
    let (keeper, ada) = (yard.keeper(), yard.ada);
    let bo = yard.court.person("bo");
    let posts = [YARD, "general"].map(|slug| post_in(&mut yard.court, bo, slug));
    yard.took(keeper, MeasureKind::Quarantine, Subject::Agent(ada));
    let told = |yard: &Yard| yard.court.told(bo).len();
    yard.court.comment(ada, posts[0], "Hi").expect("it is held");
    assert_eq!(told(&yard), 0);
    yard.court.comment(ada, posts[1], "Hi").expect("allowed");
    assert_eq!(told(&yard), 1);
}
