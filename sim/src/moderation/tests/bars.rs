//! What measures keep members from, wherever words are said.

use hamlet_protocol::board::PostChange;
use hamlet_protocol::community::{CommunityAct, SubmoltSettings};
use hamlet_protocol::economy::command::{BountyAct, EconomyAct, EconomyCommand, Feedback};
use hamlet_protocol::money::Money;
use hamlet_protocol::reputation::{ContributionKind, ReputationAct};

use super::*;

const ONE: Money = Money(1_000_000);

fn economy(agent: AgentId, act: EconomyAct) -> Command {
    Command::Act {
        agent,
        act: Act::Economy(act),
    }
}

fn reputation(agent: AgentId, act: ReputationAct) -> Command {
    Command::Reputation {
        agent,
        act: Box::new(act),
    }
}

/// All ways by which a member says something in public beside posts and comments.
fn sayings(agent: AgentId, other: AgentId, words: &str) -> Vec<Command> {
    let words = || words.to_owned();
    let settings = SubmoltSettings {
        description: Some(words()),
        ..SubmoltSettings::default()
    };
    vec![
        economy(
            agent,
            EconomyAct::Pay {
                to: other,
                amount: ONE,
                memo: words(),
                client: None,
            },
        ),
        economy(
            agent,
            EconomyAct::Bounty(BountyAct::Open {
                title: words(),
                text: words(),
                reward: ONE,
                hours: 1,
            }),
        ),
        economy(
            agent,
            EconomyAct::Bounty(BountyAct::Submit {
                bounty: 0,
                deliverable: words(),
            }),
        ),
        economy(
            agent,
            EconomyAct::Bounty(BountyAct::Reject {
                bounty: 0,
                reason: words(),
            }),
        ),
        economy(
            agent,
            EconomyAct::Bounty(BountyAct::Dispute {
                bounty: 0,
                reason: words(),
            }),
        ),
        reputation(
            agent,
            ReputationAct::Start {
                title: words(),
                about: words(),
            },
        ),
        reputation(
            agent,
            ReputationAct::Contribute {
                project: 0,
                kind: ContributionKind::Writing,
                note: words(),
            },
        ),
        Command::SetProfile {
            agent,
            display_name: None,
            description: Some(words()),
        },
        Command::SetProfile {
            agent,
            display_name: Some(words()),
            description: None,
        },
        Command::Act {
            agent,
            act: Act::Community(Box::new(CommunityAct::Create {
                slug: "yard".to_owned(),
                settings: Box::new(settings),
            })),
        },
        Command::Economy(Box::new(EconomyCommand::Feedback(Feedback {
            by: Some(agent),
            agent: other,
            amount: ONE,
            reason: words(),
            post: None,
            client: None,
        }))),
    ]
}

#[test]
fn who_is_muted_banned_or_in_quarantine_says_nothing_anywhere() {
    for kind in [MeasureKind::Mute, MeasureKind::Quarantine, MeasureKind::Ban] {
        let mut court = Court::new();
        let (ada, bo) = (court.person("ada"), court.person("bo"));
        for command in sayings(ada, bo, "Hear me") {
            let before = court.stage.village.image();
            let refused = court.ask(command.clone()).err();
            assert_ne!(refused, Some(RejectionCode::Barred), "{command:?}");
            let options = VillageOptions::default();
            court.stage.village = Village::resume(before, options).expect("the image is whole");
        }
        court
            .take(staff(1), kind, Subject::Agent(ada), None)
            .expect("staff may");
        for command in sayings(ada, bo, "Hear me") {
            let refused = court.ask(command.clone());
            assert_eq!(refused, Err(RejectionCode::Barred), "{kind:?} {command:?}");
        }
    }
}

#[test]
fn who_is_muted_still_pays_and_gives_their_word_and_who_is_banned_does_not() {
    for (kind, refused) in [(MeasureKind::Mute, false), (MeasureKind::Ban, true)] {
        let mut court = Court::new();
        let (ada, bo) = (court.person("ada"), court.person("bo"));
        court
            .take(staff(1), kind, Subject::Agent(ada), None)
            .expect("staff may");
        let (to, amount, memo) = (bo, ONE, String::new());
        let pay = EconomyAct::Pay {
            to,
            amount,
            memo,
            client: None,
        };
        let vouch = ReputationAct::Vouch {
            whom: bo,
            subject: "rust".to_owned(),
            on: true,
        };
        for command in [economy(ada, pay), reputation(ada, vouch)] {
            let code = court.ask(command.clone()).err();
            assert_eq!(
                code == Some(RejectionCode::Barred),
                refused,
                "{kind:?} {command:?}: {code:?}"
            );
        }
    }
}

#[test]
fn what_a_filter_would_refuse_or_hold_is_said_nowhere() {
    for action in [FilterAction::Refuse, FilterAction::Hold] {
        let mut court = Court::new();
        let (ada, bo) = (court.person("ada"), court.person("bo"));
        let filters = vec![Filter {
            kind: FilterKind::Word,
            text: "cheap goats".to_owned(),
            action,
            reason: "No goats here".to_owned(),
        }];
        court
            .moderate(ModerationCommand::SetFilters { filters })
            .expect("fine");
        let mut all = sayings(ada, bo, "Cheap goats");
        all.push(Command::Enrol {
            name: "cy".to_owned(),
            display_name: "Cheap goats".to_owned(),
            speaks_for_town: false,
        });
        for command in all {
            let refused = court.ask(command.clone());
            assert_eq!(
                refused,
                Err(RejectionCode::Filtered),
                "{action:?} {command:?}"
            );
        }
    }
}

fn edit(post: PostId, text: &str) -> Act {
    let change = PostChange {
        text: Some(text.to_owned()),
        ..PostChange::default()
    };
    Act::EditPost {
        post,
        change: Box::new(change),
    }
}

#[test]
fn who_is_banned_in_a_community_changes_and_votes_nothing_there() {
    let mut court = Court::new();
    let (ada, bo) = (court.person("ada"), court.person("bo"));
    let (mine, other) = (
        court.post(ada, "Mine", "").expect("allowed"),
        court.post(bo, "Other", "").expect("allowed"),
    );
    let comment = court.comment(ada, other, "Hi").expect("allowed");
    let acts = || {
        [
            edit(mine, "Otherwise"),
            Act::EditComment {
                comment,
                text: "Otherwise".to_owned(),
                revision: None,
            },
            Act::Vote {
                target: VoteTarget::Post(other),
                value: 1,
            },
            Act::SetPost {
                post: mine,
                set: hamlet_protocol::board::PostSetting::Status(
                    hamlet_protocol::board::Status::Closed,
                ),
            },
        ]
    };
    let ban = Measure {
        by: staff(1),
        kind: MeasureKind::Ban,
        subject: Subject::Agent(ada),
        submolt: Some("general".to_owned()),
        until_ms: Some(court.now_ms + HOUR_MS),
        reason: "Enough.".to_owned(),
    };
    court
        .moderate(ModerationCommand::Take(ban))
        .expect("staff may");
    for act in acts() {
        assert_eq!(
            court.act(ada, act.clone()),
            Err(RejectionCode::Barred),
            "{act:?}"
        );
    }
    court.now_ms += HOUR_MS;
    for act in acts() {
        court.act(ada, act).expect("it is over");
    }
}

#[test]
fn an_edit_is_looked_at_like_a_new_text() {
    let mut court = Court::new();
    let (ada, bo) = (court.person("ada"), court.person("bo"));
    court.rule("newcomer_hours", 0.0);
    let first = court.post(ada, "News", &words(1)).expect("allowed");
    let second = court.post(ada, "More", &words(2)).expect("allowed");
    // Another word is no copy of what it was.
    court
        .act(ada, edit(first, &format!("{} indeed", words(1))))
        .expect("a small change");
    assert_eq!(
        court.act(ada, edit(second, &words(1))),
        Err(RejectionCode::Spam)
    );
    // What was written by editing is known, too.
    court.act(ada, edit(second, &words(3))).expect("it is new");
    assert_eq!(
        court.post(ada, "Third", &words(3)),
        Err(RejectionCode::Spam)
    );
    let farm: String = (0..20)
        .map(|host| format!("https://h{host}.example/ "))
        .collect();
    let post = court.post(bo, "Clean", "Nothing here").expect("allowed");
    assert_eq!(court.act(bo, edit(post, &farm)), Err(RejectionCode::Spam));
    let comment = court.comment(bo, first, "Nice").expect("allowed");
    let text = words(1);
    let act = Act::EditComment {
        comment,
        text,
        revision: None,
    };
    court
        .act(bo, act)
        .expect("one copy of another's is no ring");
}
