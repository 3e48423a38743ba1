use hamlet_protocol::command::Command;
use hamlet_protocol::reputation::{ContributionKind, ReputationAct};

use super::*;
use crate::testing::Stage;

/// Ten who know one another, and three who have written what these ten liked.
const NAMES: [&str; 13] = [
    "A0", "A1", "A2", "A3", "A4", "A5", "A6", "A7", "A8", "A9", "Xa", "Xb", "Xc",
];

fn stage() -> Stage {
    let people: Vec<(&str, (u16, u16))> = NAMES
        .iter()
        .zip(2_u16..)
        .map(|(name, x)| (*name, (x, 6)))
        .collect();
    Stage::of(&people)
}

fn book() -> ReputationImage {
    ReputationImage::default()
}

fn give(book: &mut ReputationImage, by: u32, whom: u32) {
    let vouch = VouchImage {
        by,
        whom,
        subject: "honesty".into(),
        at_ms: 0,
    };
    let at = book.vouches.partition_point(|it| *it < vouch);
    book.vouches.insert(at, vouch);
}

fn trust(book: &ReputationImage, members: std::ops::Range<u32>, karma: i64) -> u64 {
    members
        .map(|no| explain(book, no, |_| karma).trust_hundredths)
        .sum()
}

#[test]
fn a_ring_of_ten_gains_nothing_and_honest_words_do() {
    // Everybody has the same karma; ninety words in a ring, and ten that lead in no circle.
    let (mut all, mut round, mut honest) = (book(), book(), book());
    for no in 0..10 {
        for other in (0..10).filter(|&other| other != no) {
            give(&mut all, no, other);
        }
        give(&mut round, no, (no + 1) % 10);
        give(&mut honest, no, 10 + no % 3);
    }
    assert_eq!(trust(&all, 0..10, 40), 0);
    assert_eq!(trust(&round, 0..10, 40), 0);
    assert_eq!(trust(&honest, 10..13, 40), 10 * 2_000);
    // One who stands outside does not make a ring worth more than that one word.
    give(&mut all, 10, 0);
    assert_eq!(trust(&all, 0..10, 40), 2_000);
    // And those who are nobody yet vouch for nothing, in a ring or not.
    assert_eq!(trust(&honest, 10..13, 0), 0);
}

#[test]
fn a_word_for_everybody_weighs_little() {
    let mut few = book();
    give(&mut few, 0, 1);
    let mut many = book();
    for whom in 1..41 {
        give(&mut many, 0, whom);
    }
    assert_eq!(explain(&few, 1, |_| 1_000).trust_hundredths, 10_000);
    assert_eq!(explain(&many, 1, |_| 1_000).trust_hundredths, 250);
}

fn act(stage: &mut Stage, who: &str, act: ReputationAct) -> ActResult {
    let agent = stage.id(who);
    let command = Command::Reputation {
        agent,
        act: Box::new(act),
    };
    stage.command(command).map(|applied| applied.outcome)
}

fn likes(stage: &mut Stage, author: &str, by: &[&str]) {
    use hamlet_protocol::act::{Act, VoteTarget};
    let post = stage.post(author, "Something good");
    for voter in by {
        let target = VoteTarget::Post(post);
        stage.act(voter, Act::Vote { target, value: 1 });
    }
}

fn credit(stage: &Stage, who: &str) -> Explained {
    let image = stage.village.image().state.reputation;
    explain(&image, stage.no(who), |_| 0)
}

fn contribute(kind: ContributionKind) -> ReputationAct {
    ReputationAct::Contribute {
        project: 0,
        kind,
        note: "The first part.".to_owned(),
    }
}

fn verify(contribution: u32) -> ReputationAct {
    ReputationAct::Verify {
        project: 0,
        contribution,
    }
}

fn started(stage: &mut Stage) {
    let start = ReputationAct::Start {
        title: "A bridge".to_owned(),
        about: "Over the stream.".to_owned(),
    };
    assert_eq!(act(stage, "A0", start), Ok(Outcome::Recorded { no: 0 }));
}

#[test]
fn peers_who_have_no_part_in_it_make_a_contribution_count() {
    let mut stage = stage();
    for peer in ["Xa", "Xb", "Xc", "A2"] {
        likes(&mut stage, peer, &["A7"]);
    }
    started(&mut stage);
    let done = act(&mut stage, "A1", contribute(ContributionKind::Code));
    assert_eq!(done, Ok(Outcome::Recorded { no: 0 }));
    // Neither the owner, nor the author, nor another author, nor somebody without karma.
    act(&mut stage, "A2", contribute(ContributionKind::Other)).expect("allowed");
    for author in ["A0", "A1", "A2", "A9"] {
        let refused = act(&mut stage, author, verify(0)).expect_err(author);
        assert_eq!(refused.code, RejectionCode::Forbidden, "{author}");
    }
    act(&mut stage, "Xa", verify(0)).expect("allowed");
    let waiting = credit(&stage, "A1");
    assert_eq!(waiting.credits, 0);
    assert_eq!(
        waiting.contributions[0].state,
        CreditState::Waiting { missing: 1 }
    );
    act(&mut stage, "Xa", verify(0)).expect("a second time changes nothing");
    assert_eq!(credit(&stage, "A1").credits, 0);
    act(&mut stage, "Xb", verify(0)).expect("allowed");
    assert_eq!(credit(&stage, "A1").credits, 5);
    act(&mut stage, "Xc", verify(0)).expect("allowed");
    assert_eq!(credit(&stage, "A1").credits, 7);
    // Whoever confirmed something is no author any more.
    let refused = act(&mut stage, "Xa", contribute(ContributionKind::Code));
    assert_eq!(refused.expect_err("a peer").code, RejectionCode::Forbidden);
    // All of it survives an image.
    let image = stage.village.image();
    let resumed = crate::village::Village::resume(image.clone(), crate::VillageOptions::default());
    assert_eq!(resumed.expect("the image is whole").image(), image);
}

#[test]
fn who_confirm_one_another_count_for_neither() {
    let mut book = book();
    let contribution = |by: u32, verifiers: &[u32]| ContributionImage {
        by,
        kind: ContributionKind::Design,
        note: String::new(),
        created_ms: 0,
        verifiers: verifiers.to_vec(),
    };
    for (owner, by, verifiers) in [(0, 0, [1, 2, 3]), (1, 1, [0, 4, 5])] {
        book.projects.push(Arc::new(ProjectImage {
            owner,
            contributions: vec![contribution(by, &verifiers)],
            ..ProjectImage::default()
        }));
    }
    let explained = explain(&book, 0, |_| 0);
    assert_eq!(explained.contributions[0].mutual, 1);
    assert_eq!(explained.credits, 5);
}

#[test]
fn words_are_given_once_and_taken_back() {
    let mut stage = stage();
    likes(&mut stage, "A1", &["A2", "A3"]);
    let whom = stage.id("A0");
    let vouch = |subject: &str, on: bool| ReputationAct::Vouch {
        whom,
        subject: subject.to_owned(),
        on,
    };
    for _ in 0..2 {
        assert_eq!(
            act(&mut stage, "A1", vouch("rust", true)),
            Ok(Outcome::Done)
        );
    }
    act(&mut stage, "A1", vouch("honesty", true)).expect("allowed");
    assert_eq!(stage.village.image().state.reputation.vouches.len(), 2);
    act(&mut stage, "A1", vouch("rust", false)).expect("allowed");
    assert_eq!(stage.village.image().state.reputation.vouches.len(), 1);
    for wrong in ["", "Rust", "a b", &"x".repeat(33)] {
        assert!(
            act(&mut stage, "A1", vouch(wrong, true)).is_err(),
            "{wrong}"
        );
    }
    assert!(act(&mut stage, "A0", vouch("rust", true)).is_err());
}

fn accept(book: &mut ReputationImage, by: u32, whom: u32, permille: u16) {
    let bounty = book.accepted.len() as u32;
    book.accepted.push(AcceptedImage {
        bounty,
        by,
        whom,
        permille,
        at_ms: 0,
    });
}

#[test]
fn accepted_work_is_credited_by_shares_and_a_pair_gains_little_by_it() {
    let mut book = book();
    accept(&mut book, 1, 2, 700);
    accept(&mut book, 1, 3, 1);
    let credits = |book: &ReputationImage, no| explain(book, no, |_| 0).credits;
    assert_eq!((credits(&book, 2), credits(&book, 3)), (3, 1));
    // Three of the same announcer count.
    for _ in 0..9 {
        accept(&mut book, 4, 5, 1_000);
    }
    assert_eq!(credits(&book, 5), 12);
    let explained = explain(&book, 5, |_| 0);
    assert_eq!(
        explained.bounties.iter().filter(|it| it.repeated).count(),
        6
    );
    // Two who accept each other's work gain nothing.
    accept(&mut book, 5, 4, 1_000);
    assert_eq!((credits(&book, 4), credits(&book, 5)), (0, 0));
    assert!(explain(&book, 4, |_| 0).bounties[0].mutual);
    assert_eq!(credits(&book, 1), 0, "announcing is no work");
}
