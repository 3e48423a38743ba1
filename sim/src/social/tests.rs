//! What members do with one another, and what a random history of it must never break.

use hamlet_protocol::act::{Act, VoteTarget};
use hamlet_protocol::agent::MindKind;
use hamlet_protocol::board::PostChange;
use hamlet_protocol::command::{Command, Outcome, RejectionCode};
use hamlet_protocol::event::Event;
use hamlet_protocol::ids::{AgentId, ChatId, IdCodec};
use hamlet_protocol::moderation::{Measure, MeasureKind, ModerationCommand, Moderator, Subject};
use hamlet_protocol::money::Money;
use hamlet_protocol::social::chat::{ChatRole, ChatState};
use hamlet_protocol::social::image::{ChatImage, SocialImage};
use hamlet_protocol::social::notice::NoticeKind;
use hamlet_protocol::social::{SocialAct, SocialEvent, SocialOutcome, Vouch, WhichNotices};

use crate::rng::{Purpose, Stream};
use crate::testing::Stage;

const PEOPLE: [(&str, (u16, u16)); 4] = [
    ("Ada", (14, 5)),
    ("Bo", (20, 5)),
    ("Cy", (2, 5)),
    ("Di", (8, 5)),
];
const HELLO: &str = "Hello, I mend clocks.";

/// Four who can read, and nobody else.
fn readers() -> Stage {
    let mut stage = Stage::of(&PEOPLE);
    for (name, _) in PEOPLE {
        stage.edit_resident(name, |it| it.mind = MindKind::External);
    }
    stage
}

fn social(stage: &Stage) -> SocialImage {
    stage.state().social
}

/// Kinds and read marks of somebody's notices, oldest first.
fn told(stage: &Stage, name: &str) -> Vec<(NoticeKind, bool)> {
    let boxes = social(stage).boxes;
    let own = boxes.get(&stage.no(name)).into_iter().flatten();
    own.map(|it| (it.kind, it.read)).collect()
}

fn kinds(stage: &Stage, name: &str) -> Vec<NoticeKind> {
    told(stage, name)
        .into_iter()
        .map(|(kind, _)| kind)
        .collect()
}

/// Why an act is refused, whatever was told of before.
fn refused(stage: &mut Stage, who: &str, act: Act) -> RejectionCode {
    stage.events();
    stage.refused(who, act)
}

fn refused_command(stage: &mut Stage, command: Command) -> RejectionCode {
    stage.events();
    stage.refused_command(command)
}

fn follow(stage: &mut Stage, who: &str, whom: &str) {
    let agent = stage.id(whom);
    stage.act(who, Act::Follow { agent, on: true });
}

fn block(stage: &mut Stage, who: &str, whom: &str, on: bool) {
    let agent = stage.id(whom);
    stage.act(who, Act::Social(SocialAct::Block { agent, on }));
}

fn message(stage: &Stage, to: &str, text: &str, claimed: bool) -> Act {
    Act::Social(SocialAct::Message {
        to: stage.id(to),
        text: text.to_owned(),
        needs_human: false,
        vouch: Vouch {
            claimed,
            kin: false,
        },
    })
}

/// Writes to somebody, and the conversation with whether it waits for consent.
fn write(stage: &mut Stage, who: &str, to: &str, text: &str) -> (ChatId, bool) {
    let act = message(stage, to, text, true);
    match stage.act(who, act) {
        Outcome::Social(SocialOutcome::Sent { chat, pending, .. }) => (chat, pending),
        other => panic!("a message came to {other:?}"),
    }
}

fn chat(stage: &Stage, id: ChatId) -> ChatImage {
    social(stage).chats[stage.number(id) as usize].clone()
}

fn found(stage: &mut Stage, who: &str, invite: &[&str]) -> ChatId {
    let act = SocialAct::Found {
        name: "Clockmakers".to_owned(),
        invite: invite.iter().map(|name| stage.id(name)).collect(),
        claimed: true,
    };
    match stage.act(who, Act::Social(act)) {
        Outcome::Social(SocialOutcome::Founded { group }) => group,
        other => panic!("a group came to {other:?}"),
    }
}

fn answer(stage: &mut Stage, who: &str, group: ChatId, accept: bool) {
    stage.act(who, Act::Social(SocialAct::AnswerInvite { group, accept }));
}

/// Members and roles of a group, in the order they joined.
fn roles(stage: &Stage, group: ChatId) -> Vec<(u32, ChatRole)> {
    let members = chat(stage, group).members;
    members.iter().map(|it| (it.no, it.role)).collect()
}

#[test]
fn who_is_answered_or_named_is_told_once() {
    let mut stage = readers();
    let post = stage.post("Ada", "A goat is missing");
    let answer = |parent, text: &str| Act::Comment {
        post,
        parent,
        text: text.to_owned(),
    };
    let Outcome::Commented { comment } = stage.act("Bo", answer(None, "@Ada and @cy: mine? @bo"))
    else {
        panic!("no comment");
    };
    stage.act("Ada", answer(Some(comment), "@Bo no"));
    stage.act("Cy", answer(Some(comment), "Who? x@Di.example"));
    assert_eq!(kinds(&stage, "Ada"), [NoticeKind::Comment; 2]);
    assert_eq!(kinds(&stage, "Bo"), [NoticeKind::Reply; 2]);
    assert_eq!(kinds(&stage, "Cy"), [NoticeKind::Mention]);
    assert_eq!(kinds(&stage, "Di"), []);
    stage.act(
        "Di",
        Act::Post {
            submolt: "town".to_owned(),
            title: "For @Cy".to_owned(),
            text: "@cy @Ada @nobody".to_owned(),
        },
    );
    assert_eq!(kinds(&stage, "Cy"), [NoticeKind::Mention; 2]);
    assert_eq!(kinds(&stage, "Ada").last(), Some(&NoticeKind::Mention));
}

#[test]
fn only_those_are_told_who_can_read() {
    let mut stage = Stage::of(&PEOPLE);
    stage.edit_resident("Ada", |it| it.mind = MindKind::Llm);
    follow(&mut stage, "Bo", "Ada");
    follow(&mut stage, "Ada", "Bo");
    assert_eq!(kinds(&stage, "Ada"), [NoticeKind::Follow]);
    assert_eq!(social(&stage).boxes.len(), 1);
}

#[test]
fn a_score_is_told_at_its_milestones_once_each() {
    let mut stage = readers();
    let post = stage.post("Ada", "A goat is missing");
    let target = VoteTarget::Post(post);
    for value in [1, 0, 1, -1, 1] {
        stage.act("Bo", Act::Vote { target, value });
    }
    assert_eq!(kinds(&stage, "Ada"), [NoticeKind::Votes]);
    for name in ["Cy", "Di"] {
        stage.act(name, Act::Vote { target, value: 1 });
    }
    assert_eq!(kinds(&stage, "Ada"), [NoticeKind::Votes], "5 comes next");
    let amount = social(&stage).boxes[&stage.no("Ada")][0].amount;
    assert_eq!(amount, 1);
}

#[test]
fn notices_are_read_one_by_one_by_post_and_all() {
    let mut stage = readers();
    stage.village.view();
    let post = stage.post("Ada", "A goat is missing");
    stage.comment("Bo", post, None);
    stage.comment("Bo", post, None);
    follow(&mut stage, "Bo", "Ada");
    let agent = stage.id("Ada");
    for (amount, reason) in [(5, "kind"), (-5, "unkind")] {
        let reason = reason.to_owned();
        let amount = Money(amount);
        let reward = Command::Reward {
            agent,
            amount,
            reason,
        };
        stage.command(reward).expect("allowed");
    }
    stage.events();
    let view = stage.village.view();
    let inbox = view
        .inboxes
        .get(stage.no("Ada") as usize)
        .cloned()
        .flatten();
    let inbox = inbox.expect("she was told something");
    assert_eq!((inbox.unread, inbox.notices.len()), (5, 5));
    let read = |stage: &mut Stage, which| {
        let act = Act::Social(SocialAct::ReadNotices { which });
        stage.act("Ada", act)
    };
    let count = |count| Outcome::Social(SocialOutcome::Read { count });
    let follower = inbox.notices[2].id;
    assert_eq!(read(&mut stage, WhichNotices::One(follower)), count(1));
    let event = SocialEvent::NoticesRead {
        agent,
        notices: vec![follower],
    };
    assert_eq!(stage.events(), [Event::Social(event)]);
    assert_eq!(read(&mut stage, WhichNotices::One(follower)), count(0));
    assert_eq!(read(&mut stage, WhichNotices::Post(post)), count(2));
    let marks: Vec<bool> = told(&stage, "Ada").into_iter().map(|it| it.1).collect();
    assert_eq!(marks, [true, true, true, false, false]);
    assert_eq!(read(&mut stage, WhichNotices::All), count(2));
    assert_eq!(read(&mut stage, WhichNotices::All), count(0));
    // What is somebody else's is not there.
    let act = SocialAct::ReadNotices {
        which: WhichNotices::One(follower),
    };
    assert_eq!(
        refused(&mut stage, "Bo", Act::Social(act)),
        RejectionCode::NotFound
    );
    let view = stage.village.view();
    let inbox = view
        .inboxes
        .get(stage.no("Ada") as usize)
        .cloned()
        .flatten();
    assert_eq!(inbox.expect("still there").unread, 0);
}

#[test]
fn the_newest_notices_are_kept() {
    let mut stage = readers();
    let rule = Command::SetRule {
        name: "notices_max".to_owned(),
        value: 3.0,
    };
    stage.command(rule).expect("allowed");
    let post = stage.post("Ada", "A goat is missing");
    for _ in 0..5 {
        stage.comment("Bo", post, None);
    }
    let numbers: Vec<u64> = social(&stage).boxes[&stage.no("Ada")]
        .iter()
        .map(|it| it.no)
        .collect();
    assert_eq!(numbers, [3, 4, 5]);
}

#[test]
fn the_village_tells_of_claims_and_moderation_alone() {
    let mut stage = readers();
    let agent = stage.id("Ada");
    let notify = |kind, text: &str| Command::Notify {
        agent,
        kind,
        text: text.to_owned(),
    };
    stage
        .command(notify(NoticeKind::Claim, "You are Kim's now."))
        .expect("allowed");
    assert_eq!(kinds(&stage, "Ada"), [NoticeKind::Claim]);
    for command in [notify(NoticeKind::Dm, "hi"), notify(NoticeKind::Claim, " ")] {
        assert_eq!(refused_command(&mut stage, command), RejectionCode::Invalid);
    }
}

#[test]
fn a_stranger_asks_and_the_other_decides() {
    let mut stage = readers();
    for (text, claimed, code) in [
        (HELLO, false, RejectionCode::Forbidden),
        ("Hi", true, RejectionCode::Invalid),
        (" \u{200b}\u{2060}\u{feff} ", true, RejectionCode::Invalid),
        (&*"x".repeat(1001), true, RejectionCode::Invalid),
        (&*"x".repeat(4001), true, RejectionCode::Invalid),
    ] {
        let act = message(&stage, "Bo", text, claimed);
        assert_eq!(refused(&mut stage, "Ada", act), code, "{text}");
    }
    let act = message(&stage, "Ada", HELLO, true);
    assert_eq!(
        refused(&mut stage, "Ada", act),
        RejectionCode::Invalid,
        "oneself"
    );
    let (id, pending) = write(&mut stage, "Ada", "Bo", HELLO);
    assert!(pending);
    assert_eq!(kinds(&stage, "Bo"), [NoticeKind::DmRequest]);
    let act = message(&stage, "Bo", "And another thing.", true);
    assert_eq!(
        refused(&mut stage, "Ada", act),
        RejectionCode::Limit,
        "one is all"
    );
    // Neither can whoever asked agree for the other, nor anybody else.
    let approve = || Act::Social(SocialAct::Approve { chat: id });
    assert_eq!(
        refused(&mut stage, "Ada", approve()),
        RejectionCode::Invalid
    );
    assert_eq!(
        refused(&mut stage, "Cy", approve()),
        RejectionCode::NotFound
    );
    stage.act("Bo", approve());
    stage.act("Bo", approve());
    assert_eq!(kinds(&stage, "Ada"), [NoticeKind::DmApproved]);
    assert_eq!(write(&mut stage, "Ada", "Bo", "Fine!"), (id, false));
    assert_eq!(write(&mut stage, "Bo", "Ada", "Yes?"), (id, false));
    let unread: Vec<u32> = chat(&stage, id)
        .members
        .iter()
        .map(|it| it.unread)
        .collect();
    assert_eq!(unread, [1, 2]);
    let read = Act::Social(SocialAct::ReadChat { chat: id });
    let two = Outcome::Social(SocialOutcome::Read { count: 2 });
    assert_eq!(stage.act("Bo", read.clone()), two);
    assert_eq!(refused(&mut stage, "Cy", read), RejectionCode::NotFound);
}

#[test]
fn friends_and_kin_need_no_consent_and_crossing_requests_are_consent() {
    let mut stage = readers();
    follow(&mut stage, "Ada", "Bo");
    follow(&mut stage, "Bo", "Ada");
    let act = message(&stage, "Bo", "Hi", false);
    let Outcome::Social(SocialOutcome::Sent { pending, .. }) = stage.act("Ada", act) else {
        panic!("no message");
    };
    assert!(!pending);
    let kin = Act::Social(SocialAct::Message {
        to: stage.id("Cy"),
        text: "Hi".to_owned(),
        needs_human: true,
        vouch: Vouch {
            claimed: false,
            kin: true,
        },
    });
    stage.act("Ada", kin);
    let (id, pending) = write(&mut stage, "Cy", "Di", HELLO);
    assert!(pending);
    assert_eq!(write(&mut stage, "Di", "Cy", "Hi"), (id, false));
    assert_eq!(chat(&stage, id).state, ChatState::Open);
}

#[test]
fn who_is_turned_down_waits_a_week_and_who_is_blocked_for_ever() {
    let mut stage = readers();
    let (id, _) = write(&mut stage, "Ada", "Bo", HELLO);
    let reject = |block| Act::Social(SocialAct::Reject { chat: id, block });
    stage.act("Bo", reject(false));
    let agent = stage.id("Ada");
    let later = |stage: &Stage, days: i64| hamlet_protocol::command::StampedCommand {
        stamp_ms: stage.village.stamp_ms() + days * 24 * 3_600_000,
        command: Command::Act {
            agent,
            act: message(stage, "Bo", HELLO, true),
        },
    };
    let soon = later(&stage, 6);
    let why = stage.village.apply(&soon).expect_err("too soon");
    assert_eq!(why.code, RejectionCode::Forbidden);
    let late = later(&stage, 8);
    stage.village.apply(&late).expect("he may ask again");
    assert_eq!(chat(&stage, id).state, ChatState::Pending);
    stage.act("Bo", reject(true));
    for (who, whom) in [("Ada", "Bo"), ("Bo", "Ada")] {
        let act = message(&stage, whom, HELLO, true);
        assert_eq!(refused(&mut stage, who, act), RejectionCode::Forbidden);
        let agent = stage.id(whom);
        let follow = Act::Follow { agent, on: true };
        assert_eq!(refused(&mut stage, who, follow), RejectionCode::Forbidden);
    }
}

#[test]
fn who_is_blocked_neither_answers_nor_follows_nor_names() {
    let mut stage = readers();
    follow(&mut stage, "Ada", "Bo");
    follow(&mut stage, "Bo", "Ada");
    let post = stage.post("Ada", "A goat is missing");
    let comment = stage.comment("Cy", post, None);
    block(&mut stage, "Ada", "Bo", true);
    block(&mut stage, "Ada", "Bo", true);
    assert!(stage.resident("Ada").relations.iter().all(|it| !it.follows));
    assert!(stage.resident("Bo").relations.iter().all(|it| !it.follows));
    let answer = crate::testing::comment(post, Some(comment));
    assert_eq!(refused(&mut stage, "Bo", answer), RejectionCode::Forbidden);
    let before = told(&stage, "Ada");
    let other = stage.post("Cy", "Another");
    let named = |text: &str| Act::Comment {
        post: other,
        parent: None,
        text: text.to_owned(),
    };
    stage.act("Bo", named("@Ada!"));
    assert_eq!(told(&stage, "Ada"), before);
    block(&mut stage, "Ada", "Bo", false);
    stage.act("Bo", named("@Ada!"));
    assert_eq!(told(&stage, "Ada").len(), before.len() + 1);
    let agent = stage.id("Ada");
    let oneself = Act::Social(SocialAct::Block { agent, on: true });
    assert_eq!(refused(&mut stage, "Ada", oneself), RejectionCode::Invalid);
}

#[test]
fn who_is_muted_writes_unheard() {
    let mut stage = readers();
    let agent = stage.id("Bo");
    stage.act("Ada", Act::Social(SocialAct::Mute { agent, on: true }));
    let post = stage.post("Ada", "A goat is missing");
    stage.comment("Bo", post, None);
    follow(&mut stage, "Bo", "Ada");
    assert_eq!(kinds(&stage, "Ada"), []);
    stage.act("Ada", Act::Social(SocialAct::Mute { agent, on: false }));
    stage.comment("Bo", post, None);
    assert_eq!(kinds(&stage, "Ada"), [NoticeKind::Comment]);
}

#[test]
fn of_a_conversation_one_is_told_once_until_one_looks() {
    let mut stage = readers();
    let (id, _) = write(&mut stage, "Ada", "Bo", HELLO);
    stage.act("Bo", Act::Social(SocialAct::Approve { chat: id }));
    for _ in 0..3 {
        write(&mut stage, "Ada", "Bo", "Hm.");
    }
    assert_eq!(kinds(&stage, "Bo"), [NoticeKind::DmRequest, NoticeKind::Dm]);
    let which = WhichNotices::All;
    stage.act("Bo", Act::Social(SocialAct::ReadNotices { which }));
    write(&mut stage, "Ada", "Bo", "Hm.");
    assert_eq!(kinds(&stage, "Bo").len(), 3);
    let kept = usize::from(stage.state().rules.chat_texts_max);
    for _ in 0..kept {
        write(&mut stage, "Ada", "Bo", "Well.");
    }
    let record = chat(&stage, id);
    assert_eq!((record.last.len(), record.sent), (kept, 5 + kept as u32));
}

#[test]
fn nobody_writes_or_asks_without_end() {
    let mut stage = readers();
    for (name, value) in [("messages_per_hour", 2.0), ("requests_per_day", 1.0)] {
        let name = name.to_owned();
        stage
            .command(Command::SetRule { name, value })
            .expect("allowed");
    }
    stage.events();
    write(&mut stage, "Ada", "Bo", HELLO);
    let now = stage.village.stamp_ms();
    let send = |stage: &mut Stage, whom: &str, hours: i64| {
        let command = Command::Act {
            agent: stage.id("Ada"),
            act: message(stage, whom, HELLO, true),
        };
        let stamp_ms = now + hours * 3_600_000;
        let stamped = hamlet_protocol::command::StampedCommand { stamp_ms, command };
        stage
            .village
            .apply(&stamped)
            .map_err(|refused| refused.code)
    };
    assert_eq!(send(&mut stage, "Cy", 0), Err(RejectionCode::Quota));
    assert_eq!(send(&mut stage, "Cy", 23), Err(RejectionCode::Quota));
    send(&mut stage, "Cy", 24).expect("another day");
}

#[test]
fn a_group_has_an_owner_as_long_as_it_has_members() {
    let mut stage = readers();
    let numbers: Vec<u32> = PEOPLE.iter().map(|(name, _)| stage.no(name)).collect();
    let [ada, bo, cy, _di] = numbers[..] else {
        panic!("four");
    };
    let group = found(&mut stage, "Ada", &["Bo", "Cy", "Bo", "Ada"]);
    assert_eq!(kinds(&stage, "Bo"), [NoticeKind::GroupInvite]);
    let say = |text: &str| {
        Act::Social(SocialAct::Post {
            group,
            text: text.to_owned(),
        })
    };
    assert_eq!(
        refused(&mut stage, "Bo", say("In?")),
        RejectionCode::NotFound
    );
    answer(&mut stage, "Bo", group, true);
    answer(&mut stage, "Cy", group, true);
    stage.act("Bo", say("Hello, all."));
    assert_eq!(kinds(&stage, "Cy").last(), Some(&NoticeKind::Group));
    let role = |stage: &Stage, whom: &str, role| {
        Act::Social(SocialAct::SetRole {
            group,
            agent: stage.id(whom),
            role,
        })
    };
    let kick = |stage: &Stage, whom: &str| {
        Act::Social(SocialAct::Kick {
            group,
            agent: stage.id(whom),
        })
    };
    let rename = || {
        Act::Social(SocialAct::Rename {
            group,
            name: "Bakers".to_owned(),
        })
    };
    for act in [
        kick(&stage, "Cy"),
        rename(),
        role(&stage, "Cy", ChatRole::Admin),
    ] {
        assert_eq!(refused(&mut stage, "Bo", act), RejectionCode::Forbidden);
    }
    let act = role(&stage, "Cy", ChatRole::Admin);
    stage.act("Ada", act);
    stage.act("Cy", rename());
    let act = kick(&stage, "Ada");
    assert_eq!(refused(&mut stage, "Cy", act), RejectionCode::Forbidden);
    stage.act("Ada", Act::Social(SocialAct::Leave { group }));
    let expected = [(bo, ChatRole::Member), (cy, ChatRole::Owner)];
    assert_eq!(
        roles(&stage, group),
        expected,
        "the admin goes before the elder"
    );
    let act = role(&stage, "Bo", ChatRole::Owner);
    stage.act("Cy", act);
    let expected = [(bo, ChatRole::Owner), (cy, ChatRole::Admin)];
    assert_eq!(roles(&stage, group), expected);
    let act = kick(&stage, "Cy");
    stage.act("Bo", act);
    let agent = stage.id("Bo");
    stage.command(Command::Remove { agent }).expect("allowed");
    let record = chat(&stage, group);
    assert_eq!((record.state, record.members.len()), (ChatState::Closed, 0));
    assert!(!social(&stage).boxes.contains_key(&bo));
    assert!(social(&stage).boxes.contains_key(&ada));
}

#[test]
fn groups_refuse_what_makes_no_sense() {
    let mut stage = readers();
    let group = found(&mut stage, "Ada", &["Bo"]);
    let invite = |stage: &Stage, whom: &str, claimed| {
        Act::Social(SocialAct::Invite {
            group,
            agent: stage.id(whom),
            claimed,
        })
    };
    for (who, act, code) in [
        ("Ada", invite(&stage, "Bo", true), RejectionCode::Invalid),
        ("Ada", invite(&stage, "Cy", false), RejectionCode::Forbidden),
        ("Cy", invite(&stage, "Di", true), RejectionCode::NotFound),
    ] {
        assert_eq!(refused(&mut stage, who, act), code);
    }
    for name in ["", "\u{200b}", "Two\nlines", "A\u{202e}B", &"x".repeat(81)] {
        let act = SocialAct::Found {
            name: name.to_owned(),
            invite: vec![],
            claimed: true,
        };
        let code = refused(&mut stage, "Ada", Act::Social(act));
        assert_eq!(code, RejectionCode::Invalid, "{name:?}");
    }
    answer(&mut stage, "Bo", group, false);
    let again = Act::Social(SocialAct::AnswerInvite {
        group,
        accept: true,
    });
    assert_eq!(refused(&mut stage, "Bo", again), RejectionCode::NotFound);
    block(&mut stage, "Di", "Ada", true);
    let act = invite(&stage, "Di", true);
    assert_eq!(refused(&mut stage, "Ada", act), RejectionCode::Forbidden);
    let act = invite(&stage, "Cy", true);
    stage.act("Ada", act);
    block(&mut stage, "Cy", "Ada", true);
    assert_eq!(chat(&stage, group).invited, []);
}

/// One act by chance among four members.
fn anything(stage: &Stage, chance: &mut Stream) -> (usize, SocialAct) {
    let pick = |chance: &mut Stream| chance.below(4) as usize;
    let who = pick(chance);
    let agent = stage.id(PEOPLE[pick(chance)].0);
    let chats = social(stage).chats.len().max(1) as u32;
    let chat: ChatId = stage.ids().make(u64::from(chance.below(chats)));
    let on = chance.below(2) == 0;
    let act = match chance.below(14) {
        0..=3 => SocialAct::Message {
            to: agent,
            text: HELLO.to_owned(),
            needs_human: on,
            vouch: Vouch {
                claimed: chance.below(4) > 0,
                kin: chance.below(8) == 0,
            },
        },
        4 => SocialAct::Approve { chat },
        5 => SocialAct::Reject {
            chat,
            block: chance.below(6) == 0,
        },
        6 => SocialAct::ReadChat { chat },
        7 => SocialAct::Block { agent, on },
        8 => SocialAct::Found {
            name: "Group".to_owned(),
            invite: vec![agent],
            claimed: true,
        },
        9 => SocialAct::AnswerInvite {
            group: chat,
            accept: on,
        },
        10 => SocialAct::Leave { group: chat },
        11 => SocialAct::Kick { group: chat, agent },
        12 => SocialAct::SetRole {
            group: chat,
            agent,
            role: [ChatRole::Member, ChatRole::Admin, ChatRole::Owner][chance.below(3) as usize],
        },
        _ => SocialAct::Post {
            group: chat,
            text: HELLO.to_owned(),
        },
    };
    (who, act)
}

/// Whatever is done in whatever order: nobody is written to against their will, and the image holds together.
#[test]
fn consent_holds_in_every_history() {
    let mut refused = 0;
    let mut sent = 0;
    for seed in 0..6 {
        let mut stage = readers();
        stage
            .command(Command::SetRule {
                name: "requests_per_day".to_owned(),
                value: 10_000.0,
            })
            .expect("allowed");
        let mut chance = Stream::new(seed, Purpose::Spawn, 0, 0);
        for step in 0..250 {
            let before = social(&stage);
            let (who, act) = anything(&stage, &mut chance);
            let who = PEOPLE[who].0;
            let agent = stage.id(who);
            stage.events();
            let command = Command::Act {
                agent,
                act: Act::Social(act.clone()),
            };
            let answer = stage.command(command);
            let after = social(&stage);
            if answer.is_err() {
                refused += 1;
                assert_eq!(before, after, "{act:?} was refused and left a trace");
                continue;
            }
            for event in stage.events() {
                if let Event::Social(SocialEvent::Sent { chat, .. }) = event {
                    sent += 1;
                    let no = stage.number(chat) as usize;
                    allowed(&stage, &before, &after, no, who, &act);
                }
            }
            if step % 25 == 0 {
                // The check of images is strict, and what is derived is found again.
                let view = stage.village.view();
                stage.edit(|_state| {});
                assert_eq!(social(&stage), after);
                let again = stage.village.view();
                let inboxes = |view: &hamlet_protocol::view::WorldView| {
                    let all = view.inboxes.iter().flatten();
                    all.map(|it| (**it).clone()).collect::<Vec<_>>()
                };
                assert_eq!(inboxes(&view), inboxes(&again));
            }
        }
    }
    assert!(
        refused > 300 && sent > 100,
        "{refused} refused, {sent} sent"
    );
}

/// Checks that a message in a chat may have been sent.
fn allowed(
    stage: &Stage,
    before: &SocialImage,
    after: &SocialImage,
    chat: usize,
    who: &str,
    act: &SocialAct,
) {
    let from = stage.no(who);
    let now = &after.chats[chat];
    assert!(now.members.iter().any(|it| it.no == from), "{act:?}");
    if now.state == ChatState::Group {
        return;
    }
    let other = now.members.iter().find(|it| it.no != from).expect("two").no;
    let apart = |a, b| before.blocks.contains(&(a, b));
    assert!(
        !apart(from, other) && !apart(other, from),
        "{act:?} past a block"
    );
    let SocialAct::Message { vouch, .. } = act else {
        panic!("{act:?} wrote to one");
    };
    let state = before.chats.get(chat).map(|it| it.state);
    let asked_by = before.chats.get(chat).map(|it| it.members[0].no);
    match now.state {
        ChatState::Pending => {
            assert!(vouch.claimed, "an unclaimed agent asked a stranger");
            assert_ne!(state, Some(ChatState::Pending), "asked twice");
            assert_eq!(now.members[0].no, from);
        }
        ChatState::Open => {
            let consent =
                state == Some(ChatState::Open) || (state.is_some() && asked_by == Some(other));
            assert!(consent || vouch.kin, "{act:?} without consent: {state:?}");
        }
        other => panic!("{other:?} after a message"),
    }
}

#[test]
fn whoever_is_named_by_an_edit_is_told_and_nobody_twice() {
    let mut stage = readers();
    let post = stage.act(
        "Ada",
        Act::Post {
            submolt: "town".to_owned(),
            title: "For those who like clocks".to_owned(),
            text: "Hello @bo".to_owned(),
        },
    );
    let Outcome::Posted { post } = post else {
        panic!("a post came to {post:?}");
    };
    assert_eq!(kinds(&stage, "Bo"), [NoticeKind::Mention]);
    let change = PostChange {
        text: Some("And hello @cy, @bo and @ada".to_owned()),
        ..PostChange::default()
    };
    let change = Act::EditPost {
        post,
        change: Box::new(change),
    };
    stage.act("Ada", change);
    assert_eq!(kinds(&stage, "Bo"), [NoticeKind::Mention]);
    assert_eq!(kinds(&stage, "Cy"), [NoticeKind::Mention]);
    assert_eq!(kinds(&stage, "Ada"), [], "she knows what she wrote");
    let text = "For everybody.".to_owned();
    let (parent, commented) = (None, |outcome| match outcome {
        Outcome::Commented { comment } => comment,
        other => panic!("a comment came to {other:?}"),
    });
    let comment = commented(stage.act("Bo", Act::Comment { post, parent, text }));
    assert_eq!(kinds(&stage, "Ada"), [NoticeKind::Comment]);
    let edit = |text: &str| Act::EditComment {
        comment,
        text: text.to_owned(),
        revision: None,
    };
    stage.act("Bo", edit("For @di."));
    stage.act("Bo", edit("For @di alone."));
    assert_eq!(kinds(&stage, "Di"), [NoticeKind::Mention]);
}

#[test]
fn who_is_muted_founds_no_group_asks_nobody_in_and_joins_none() {
    let mut stage = readers();
    let group = found(&mut stage, "Ada", &["Bo"]);
    let bo = stage.id("Bo");
    let mute = Measure {
        by: Moderator::Staff(IdCodec::new(3).make::<AgentId>(1).0),
        kind: MeasureKind::Mute,
        subject: Subject::Agent(bo),
        submolt: None,
        until_ms: None,
        reason: "It is loud.".to_owned(),
    };
    let mute = ModerationCommand::Take(mute);
    let muted = stage.command(Command::Moderation(Box::new(mute)));
    muted.expect("staff may");
    let agent = stage.id("Cy");
    for act in [
        SocialAct::Found {
            name: "Whispers".to_owned(),
            invite: Vec::new(),
            claimed: true,
        },
        SocialAct::AnswerInvite {
            group,
            accept: true,
        },
    ] {
        let code = refused(&mut stage, "Bo", Act::Social(act));
        assert_eq!(code, RejectionCode::Barred);
    }
    let invite = SocialAct::Invite {
        group,
        agent,
        claimed: true,
    };
    let code = refused(&mut stage, "Bo", Act::Social(invite));
    assert_eq!(code, RejectionCode::Barred);
    // To say no is no speaking.
    answer(&mut stage, "Bo", group, false);
}
