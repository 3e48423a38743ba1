use std::collections::BTreeMap;

use hamlet_protocol::act::{Act, VoteTarget};
use hamlet_protocol::board::{Sort, Status};
use hamlet_protocol::command::{Command, Outcome, RejectionCode};
use hamlet_protocol::event::Event;
use hamlet_protocol::ids::{CommentId, PostId};
use hamlet_protocol::image::{AudienceImage, PostImage, SeenImage};

use super::*;
use crate::rng::{Purpose, Stream};
use crate::testing::{Stage, comment};

const ADA: (&str, (u16, u16)) = ("Ada", (14, 5));
const BO: (&str, (u16, u16)) = ("Bo", (20, 5));
const CY: (&str, (u16, u16)) = ("Cy", (2, 5));

fn vote(target: VoteTarget, value: i8) -> Act {
    Act::Vote { target, value }
}

fn toggle(target: VoteTarget, value: i8) -> Act {
    Act::ToggleVote { target, value }
}

#[test]
fn a_vote_is_toggled() {
    let mut stage = Stage::of(&[ADA, BO, CY]);
    let post = stage.post("Ada", "A goat is missing");
    let target = VoteTarget::Post(post);
    stage.act("Cy", toggle(target, -1));
    stage.events();
    // (asked, before, now, for, against)
    for (asked, before, value, up, down) in [
        (1, 0, 1, 1, 1),
        (1, 1, 0, 0, 1),
        (1, 0, 1, 1, 1),
        (-1, 1, -1, 0, 2),
        (-1, -1, 0, 0, 1),
    ] {
        let score = up as i32 - down as i32;
        let expected = Outcome::Voted {
            before,
            value,
            score,
            up,
            down,
        };
        assert_eq!(stage.act("Bo", toggle(target, asked)), expected);
        let told = Event::Voted {
            agent: stage.id("Bo"),
            target,
            before,
            value,
            score,
            up,
            down,
        };
        assert_eq!(stage.events(), [told]);
    }
}

#[test]
fn a_note_is_made_answered_and_voted_on() {
    let mut stage = Stage::of(&[ADA, BO]);
    let (ada, bo) = (stage.id("Ada"), stage.id("Bo"));
    let post = stage.post("Ada", "A goat is missing");
    let first = stage.comment("Bo", post, None);
    let second = stage.comment("Ada", post, Some(first));
    let target = VoteTarget::Comment(second);
    assert_eq!(
        stage.act("Bo", vote(target, -1)),
        Outcome::Voted {
            before: 0,
            value: -1,
            score: -1,
            up: 0,
            down: 1,
        }
    );
    let commented = |comment, parent, author, depth| Event::Commented {
        comment,
        post,
        parent,
        author,
        depth,
        text: "Indeed.".to_owned(),
    };
    let expected = [
        Event::Posted {
            post,
            author: Some(ada),
            submolt: "town".to_owned(),
            title: "A goat is missing".to_owned(),
            text: String::new(),
        },
        commented(first, None, bo, 1),
        commented(second, Some(first), ada, 2),
        Event::Voted {
            agent: bo,
            target,
            before: 0,
            value: -1,
            score: -1,
            up: 0,
            down: 1,
        },
    ];
    assert_eq!(stage.events(), expected);
    let remembers = |name| -> Vec<SeenImage> {
        let seen = stage.resident(name).observations;
        seen.into_iter().map(|it| it.what).collect()
    };
    assert_eq!(remembers("Ada"), [SeenImage::Answered(stage.no("Bo"), 0)]);
    assert_eq!(remembers("Bo"), [SeenImage::Answered(stage.no("Ada"), 0)]);
}

#[test]
fn what_the_board_does_not_take_is_refused() {
    let mut stage = Stage::of(&[ADA, BO]);
    let (post, other) = (stage.post("Ada", "One"), stage.post("Ada", "Two"));
    let answer = stage.comment("Ada", post, None);
    stage.events();
    let long = |count: usize| "ä".repeat(count);
    let (no_post, no_comment): (PostId, CommentId) = (stage.ids().make(9), stage.ids().make(9));
    let note = |submolt: &str, title: String, text: String| Act::Post {
        submolt: submolt.to_owned(),
        title,
        text,
    };
    let title = || "t".to_owned();
    let answer_with = |text: String| Act::Comment {
        post,
        parent: None,
        text,
    };
    let refused = [
        (RejectionCode::NotFound, note("attic", title(), title())),
        (
            RejectionCode::Invalid,
            note("town", " ".to_owned(), title()),
        ),
        (
            RejectionCode::Invalid,
            note("town", "a\nb".to_owned(), title()),
        ),
        (RejectionCode::Invalid, note("town", long(301), title())),
        (RejectionCode::Invalid, note("town", title(), long(40_001))),
        (RejectionCode::NotFound, comment(no_post, None)),
        (RejectionCode::NotFound, comment(post, Some(no_comment))),
        (RejectionCode::Invalid, comment(other, Some(answer))),
        (RejectionCode::Invalid, answer_with(String::new())),
        (RejectionCode::Invalid, answer_with(long(10_001))),
        (RejectionCode::NotFound, vote(VoteTarget::Post(no_post), 1)),
        (
            RejectionCode::NotFound,
            vote(VoteTarget::Comment(no_comment), 1),
        ),
        (RejectionCode::Invalid, vote(VoteTarget::Post(post), 2)),
        (RejectionCode::SelfVote, vote(VoteTarget::Post(post), 1)),
        (
            RejectionCode::SelfVote,
            vote(VoteTarget::Comment(answer), 0),
        ),
        (RejectionCode::SelfVote, toggle(VoteTarget::Post(post), 1)),
        (RejectionCode::Invalid, toggle(VoteTarget::Post(post), 0)),
        (RejectionCode::Invalid, toggle(VoteTarget::Post(post), -2)),
    ];
    for (code, act) in refused {
        assert_eq!(stage.refused("Ada", act.clone()), code, "{act:?}");
    }
    // Characters are counted, not bytes.
    stage.act("Bo", note("general", long(300), long(40_000)));
}

#[test]
fn a_vote_is_changed_and_taken_back_and_felt() {
    let mut stage = Stage::of(&[ADA, BO, CY]);
    let post = stage.post("Ada", "A goat is missing");
    let target = VoteTarget::Post(post);
    let mood = stage.resident("Ada").mood;
    let votes = [
        ("Bo", 1, 1, 10),
        ("Cy", 1, 2, 20),
        ("Bo", 1, 2, 20),
        ("Bo", -1, 0, 0),
        ("Cy", 0, -1, -10),
        ("Bo", 0, 0, 0),
        ("Bo", 0, 0, 0),
    ];
    for (name, value, score, felt) in votes {
        let outcome = stage.act(name, vote(target, value));
        assert!(
            matches!(outcome, Outcome::Voted { score: now, value: own, .. } if (now, own) == (score, value)),
            "{name} {value}: {outcome:?}"
        );
        assert_eq!(stage.resident("Ada").mood, mood + felt, "{name} {value}");
    }
    let state = stage.state();
    assert_eq!(
        state.totals["votes"], 5,
        "votes that changed nothing don't count"
    );
    assert_eq!(state.board.post_votes, BTreeMap::new());
}

#[test]
fn the_counters_are_the_sums_of_the_votes() {
    let people = [ADA, BO, CY];
    let mut stage = Stage::of(&people);
    let mut chance = Stream::new(1, Purpose::Model, 0, 0);
    for round in 0..400 {
        let (name, _) = people[chance.below(3) as usize];
        let of = |chance: &mut Stream, count: usize| u64::from(chance.below(count as u32));
        let board = stage.state().board;
        match chance.below(8) {
            0 => {
                stage.post(name, "note");
            }
            1 if !board.posts.is_empty() => {
                let post = stage.ids().make(of(&mut chance, board.posts.len()));
                stage.comment(name, post, None);
            }
            _ => {
                let post: PostId = stage.ids().make(of(&mut chance, board.posts.len() + 1));
                let comment = stage.ids().make(of(&mut chance, board.comments.len() + 1));
                let targets = [VoteTarget::Post(post), VoteTarget::Comment(comment)];
                let target = targets[chance.below(2) as usize];
                let agent = stage.id(name);
                let value = chance.below(3) as i8 - 1;
                // Some are refused: what is missing, and one's own.
                let _answer = stage.command(Command::Act {
                    agent,
                    act: vote(target, value),
                });
            }
        }
        let board = stage.state().board;
        let sum = |votes: &BTreeMap<(u32, u32), i8>, no: u32| -> i32 {
            let on = votes.iter().filter(|((on, _), _)| *on == no);
            on.map(|(_, &value)| i32::from(value)).sum()
        };
        for (no, post) in (0..).zip(&board.posts) {
            let score = score(post.up, post.down);
            assert_eq!(score, sum(&board.post_votes, no), "round {round}");
        }
        for (no, comment) in (0..).zip(&board.comments) {
            let score = score(comment.up, comment.down);
            assert_eq!(score, sum(&board.comment_votes, no), "round {round}");
        }
    }
    let board = stage.state().board;
    assert!(board.post_votes.len() > 20 && board.comment_votes.len() > 20);
    // Whatever was written is found by its author, as it would be after a restart.
    let authors: Vec<u32> = people.iter().map(|(name, _)| stage.no(name)).collect();
    stage.in_town(|town| {
        assert_eq!(town.board.index, Index::of(&town.board.data));
        let by = authors.iter().map(|&author| town.board.by(author));
        let all = by.fold((0, 0), |(posts, comments), (of, on)| {
            (posts + of.len(), comments + on.len())
        });
        assert_eq!(all, (board.posts.len(), board.comments.len()));
    });
}

#[test]
fn replies_go_so_deep_and_no_deeper() {
    let mut stage = Stage::with(&[ADA, BO], |scenario| scenario.rules.comment_depth_max = 3);
    let post = stage.post("Ada", "One");
    let mut parent = None;
    for depth in 1..=3 {
        parent = Some(stage.comment("Bo", post, parent));
        let made = stage.state().board.comments.last().map(|it| it.depth);
        assert_eq!(made, Some(depth));
    }
    stage.events();
    let deeper = comment(post, parent);
    assert_eq!(stage.refused("Ada", deeper), RejectionCode::Limit);
}

#[test]
fn lists_are_in_the_order_they_promise() {
    let hour = 3_600_000;
    let post = |created_ms: i64, up, down| PostImage {
        author: None,
        submolt: 0,
        created_ms,
        up,
        down,
        comments: 0,
        news: None,
        status: Status::Open,
        pinned: false,
        locked: false,
        deleted: false,
        link_in_text: false,
        audience: AudienceImage::Public,
        revision: 0,
        edited_ms: 0,
    };
    let posts = vec![
        post(0, 120, 0),
        post(hour, 0, 5),
        post(2 * hour, 1, 0),
        post(30 * hour, 0, 0),
        post(30 * hour, 3, 3),
        post(31 * hour, 2, 1),
    ];
    let board = Board::from_image(BoardImage {
        posts,
        ..BoardImage::default()
    });
    let order = |sort| board.ranked(sort).collect::<Vec<_>>();
    // Ten times the score is worth 12.5 hours: 120 votes outweigh 26.
    assert_eq!(order(Sort::Hot), [5, 4, 3, 0, 2, 1]);
    assert_eq!(order(Sort::New), [5, 4, 3, 2, 1, 0]);
    assert_eq!(order(Sort::Top), [0, 5, 2, 4, 3, 1]);
}

#[test]
fn ranking_by_heat_follows_the_votes() {
    let mut stage = Stage::of(&[ADA, BO, CY]);
    for title in ["One", "Two", "Three"] {
        stage.post("Ada", title);
        stage.ticks(1);
    }
    let hot = |stage: &Stage| {
        let board = Board::from_image(stage.state().board);
        let fresh: Vec<u32> = board.ranked(Sort::Hot).collect();
        fresh
    };
    let one: PostId = stage.ids().make(0);
    for name in ["Bo", "Cy"] {
        stage.act(name, vote(VoteTarget::Post(one), 1));
    }
    assert_eq!(hot(&stage), [0, 2, 1]);
    for name in ["Bo", "Cy"] {
        stage.act(name, vote(VoteTarget::Post(one), -1));
    }
    assert_eq!(hot(&stage), [2, 1, 0]);
}

#[test]
fn texts_are_let_go_of_and_ranking_stays() {
    let mut stage = Stage::with(&[ADA, BO, CY], |scenario| {
        scenario.rules.board_texts_max = 16;
    });
    let hot = stage.post("Ada", "The hot one");
    for name in ["Bo", "Cy"] {
        stage.act(name, vote(VoteTarget::Post(hot), 1));
    }
    stage.comment("Bo", hot, None);
    for n in 0..30 {
        let post = stage.post("Ada", &format!("Note {n}"));
        stage.comment("Bo", post, None);
        let board = stage.state().board;
        assert!(board.post_texts.len() + board.comment_texts.len() <= 16);
    }
    let board = stage.state().board;
    assert_eq!((board.posts.len(), board.comments.len()), (31, 31));
    let kept: Vec<u32> = board.post_texts.keys().copied().collect();
    assert_eq!((kept.first(), kept.last()), (Some(&0), Some(&30)));
    assert!(
        board.comment_texts.contains_key(&0),
        "its answers stay with the hot one"
    );
    assert!(!kept.contains(&1));
    let board = Board::from_image(board);
    let hot: Vec<u32> = [0].into_iter().chain((1..31).rev()).collect();
    assert_eq!(board.ranked(Sort::Hot).collect::<Vec<_>>(), hot);
    // Readers see what is gone.
    let view = stage.village.view();
    let shown = view.posts.iter().filter(|post| post.text.is_some());
    assert_eq!(shown.count(), kept.len());
}

#[test]
fn a_long_thread_does_not_keep_more_texts_than_there_may_be() {
    let mut stage = Stage::with(&[ADA, BO], |scenario| scenario.rules.board_texts_max = 8);
    let old = stage.post("Ada", "Old");
    for n in 0..9 {
        stage.post("Ada", &format!("Note {n}"));
    }
    assert!(!stage.state().board.post_texts.contains_key(&0));
    let newest = stage.post("Ada", "Newest");
    for (round, post) in [old, newest].repeat(20).into_iter().enumerate() {
        stage.comment("Bo", post, None);
        let board = stage.state().board;
        let texts = board.post_texts.len() + board.comment_texts.len();
        assert!(texts <= 8, "{texts} texts in round {round}");
        assert!(
            board.post_texts.contains_key(&10),
            "the newest post keeps its text"
        );
        let latest = board.comments.len() as u32 - 1;
        assert!(
            board.comment_texts.contains_key(&latest),
            "the newest comment keeps its text"
        );
    }
    let open = stage.state().board.comments.len();
    assert_eq!(open, 40);
}

mod edits {
    use hamlet_protocol::board::{Audience, NewPost, PostChange, PostDetails, PostSetting, Reader};
    use hamlet_protocol::ids::IdCodec;
    use hamlet_protocol::moderation::{
        Measure, MeasureKind, ModerationCommand, Moderator, Subject,
    };

    use super::*;

    fn publish(stage: &mut Stage, name: &str, details: PostDetails) -> PostId {
        let new = NewPost {
            submolt: "town".to_owned(),
            title: "A goat is missing".to_owned(),
            text: "It is white.".to_owned(),
            details,
        };
        match stage.act(name, Act::Publish(Box::new(new))) {
            Outcome::Posted { post } => post,
            other => panic!("a post came to {other:?}"),
        }
    }

    fn refused_publish(stage: &mut Stage, title: &str, details: PostDetails) -> RejectionCode {
        let new = NewPost {
            submolt: "town".to_owned(),
            title: title.to_owned(),
            text: String::new(),
            details,
        };
        stage.events();
        stage.refused("Ada", Act::Publish(Box::new(new)))
    }

    fn shown(stage: &mut Stage, post: PostId) -> std::sync::Arc<hamlet_protocol::board::PostView> {
        let no = stage.ids().number(post).unwrap_or(0) as usize;
        let view = stage.village.view();
        view.posts.get(no).cloned().expect("it is there")
    }

    fn change(post: PostId, change: PostChange) -> Act {
        Act::EditPost {
            post,
            change: Box::new(change),
        }
    }

    #[test]
    fn a_post_has_all_it_was_given_in_one_form() {
        let mut stage = Stage::of(&[ADA, BO, CY]);
        let details = PostDetails {
            url: Some("https://example.org/goat".to_owned()),
            flair: Some(" Lost ".to_owned()),
            tags: vec![
                "#Goats".to_owned(),
                "goats".to_owned(),
                "Old Maps".to_owned(),
            ],
            audience: Audience::Agents,
            collaborators: vec![stage.id("Bo"), stage.id("Ada")],
        };
        let post = publish(&mut stage, "Ada", details);
        let kept = PostDetails {
            url: Some("https://example.org/goat".to_owned()),
            flair: Some("Lost".to_owned()),
            tags: vec!["goats".to_owned(), "old-maps".to_owned()],
            audience: Audience::Agents,
            collaborators: vec![stage.id("Bo")],
        };
        assert_eq!(*shown(&mut stage, post).details, kept);
        assert!(stage.events().contains(&Event::PostDetailed {
            post,
            details: kept.clone()
        }));
        stage.edit(|_state| {});
        assert_eq!(*shown(&mut stage, post).details, kept);
    }

    #[test]
    fn what_is_no_detail_is_refused() {
        let mut stage = Stage::of(&[ADA]);
        let with = |change: fn(&mut PostDetails)| {
            let mut details = PostDetails::default();
            change(&mut details);
            details
        };
        let ten = |letter: &str| vec![letter.to_owned(); 9];
        for (details, code) in [
            (
                with(|it| it.url = Some("javascript:alert(1)".to_owned())),
                RejectionCode::Invalid,
            ),
            (
                with(|it| it.flair = Some("x".repeat(41))),
                RejectionCode::Invalid,
            ),
            (
                with(|it| it.flair = Some("a\u{202E}b".to_owned())),
                RejectionCode::Invalid,
            ),
            (
                with(|it| it.tags = vec!["a/b".to_owned()]),
                RejectionCode::Invalid,
            ),
            (
                PostDetails {
                    tags: ten("a"),
                    ..PostDetails::default()
                },
                RejectionCode::Limit,
            ),
            (
                with(|it| it.audience = Audience::One(IdCodec::new(99).make(0))),
                RejectionCode::NotFound,
            ),
        ] {
            assert_eq!(
                refused_publish(&mut stage, "Title", details.clone()),
                code,
                "{details:?}"
            );
        }
        for title in [
            "two\nlines",
            "zero\u{200B}width",
            "\u{202E}evil",
            &"x".repeat(301),
        ] {
            let code = refused_publish(&mut stage, title, PostDetails::default());
            assert_eq!(code, RejectionCode::Invalid, "{title:?}");
        }
    }

    #[test]
    fn an_audience_keeps_everybody_else_out() {
        let mut stage = Stage::of(&[ADA, BO, CY]);
        let audience = Audience::One(stage.id("Bo"));
        let post = publish(
            &mut stage,
            "Ada",
            PostDetails {
                audience,
                ..PostDetails::default()
            },
        );
        stage.events();
        let up = vote(VoteTarget::Post(post), 1);
        assert_eq!(stage.refused("Cy", up.clone()), RejectionCode::NotFound);
        assert_eq!(
            stage.refused("Cy", comment(post, None)),
            RejectionCode::NotFound
        );
        stage.act("Bo", up);
        let said = stage.comment("Bo", post, None);
        stage.events();
        let on_comment = vote(VoteTarget::Comment(said), 1);
        assert_eq!(stage.refused("Cy", on_comment), RejectionCode::NotFound);
        let view = shown(&mut stage, post);
        let (bo, cy) = (Reader::Agent(stage.id("Bo")), Reader::Agent(stage.id("Cy")));
        assert!(view.visible_to(&bo) && !view.visible_to(&cy));
    }

    #[test]
    fn words_are_changed_by_those_whose_they_are_and_by_what_they_saw() {
        let mut stage = Stage::of(&[ADA, BO, CY]);
        let collaborators = vec![stage.id("Bo")];
        let post = publish(
            &mut stage,
            "Ada",
            PostDetails {
                collaborators,
                ..PostDetails::default()
            },
        );
        let title = |title: &str, revision| {
            let title = Some(title.to_owned());
            change(
                post,
                PostChange {
                    title,
                    revision,
                    ..PostChange::default()
                },
            )
        };
        assert_eq!(
            stage.act("Bo", title("Found!", Some(0))),
            Outcome::Edited { revision: 1 }
        );
        stage.events();
        assert_eq!(
            stage.refused("Ada", title("Lost", Some(0))),
            RejectionCode::Changed
        );
        assert_eq!(
            stage.refused("Cy", title("Mine", None)),
            RejectionCode::Forbidden
        );
        assert_eq!(
            stage.refused("Ada", title("", None)),
            RejectionCode::Invalid
        );
        let view = shown(&mut stage, post);
        assert_eq!((view.title.as_str(), view.revision), ("Found!", 1));
        assert_eq!(view.text.as_deref(), Some("It is white."));
        assert!(view.edited_ms.is_some());
    }

    #[test]
    fn what_is_taken_back_leaves_its_thread() {
        let mut stage = Stage::of(&[ADA, BO, CY]);
        let post = publish(&mut stage, "Ada", PostDetails::default());
        let first = stage.comment("Bo", post, None);
        let second = stage.comment("Cy", post, Some(first));
        stage.events();
        let delete = Act::DeleteComment { comment: first };
        assert_eq!(
            stage.refused("Cy", delete.clone()),
            RejectionCode::Forbidden
        );
        stage.act("Bo", delete.clone());
        assert_eq!(stage.act("Bo", delete), Outcome::Done);
        stage.events();
        assert_eq!(
            stage.refused("Cy", comment(post, Some(first))),
            RejectionCode::Closed
        );
        let on_first = vote(VoteTarget::Comment(first), 1);
        assert_eq!(stage.refused("Cy", on_first), RejectionCode::Closed);
        stage.act("Ada", comment(post, Some(second)));
        stage.act("Ada", Act::DeletePost { post });
        stage.events();
        for act in [
            vote(VoteTarget::Post(post), 1),
            vote(VoteTarget::Comment(second), 1),
            comment(post, None),
        ] {
            assert_eq!(stage.refused("Bo", act), RejectionCode::Closed);
        }
        let again = change(
            post,
            PostChange {
                text: Some("Back".to_owned()),
                ..PostChange::default()
            },
        );
        assert_eq!(stage.refused("Ada", again), RejectionCode::Closed);
        let view = shown(&mut stage, post);
        assert_eq!(
            (view.deleted, view.text.as_ref(), view.comments),
            (true, None, 3)
        );
        assert_eq!(stage.state().board.post_texts.len(), 0);
    }

    /// What the village does with a post.
    fn measure(post: PostId, kind: MeasureKind) -> Command {
        Command::Moderation(Box::new(ModerationCommand::Take(Measure {
            by: Moderator::Village,
            kind,
            subject: Subject::Post(post),
            submolt: None,
            until_ms: None,
            reason: "Order.".to_owned(),
        })))
    }

    #[test]
    fn a_post_stands_as_those_may_set_it_who_may() {
        let mut stage = Stage::of(&[ADA, BO]);
        let post = publish(&mut stage, "Ada", PostDetails::default());
        let set = |set| Act::SetPost { post, set };
        let status = |status| set(PostSetting::Status(status));
        stage.act("Ada", status(Status::Resolved));
        stage.comment("Bo", post, None);
        stage.act("Ada", status(Status::Closed));
        stage.events();
        assert_eq!(
            stage.refused("Bo", comment(post, None)),
            RejectionCode::Closed
        );
        for act in [
            status(Status::Moderated),
            set(PostSetting::Pinned(true)),
            set(PostSetting::Locked(true)),
        ] {
            assert_eq!(stage.refused("Ada", act), RejectionCode::Forbidden);
        }
        assert_eq!(
            stage.refused("Bo", status(Status::Open)),
            RejectionCode::Forbidden
        );
        let by_staff = |kind| measure(post, kind);
        stage
            .command(by_staff(MeasureKind::Remove))
            .expect("staff may");
        stage.events();
        // Who wrote it cannot undo that.
        assert_eq!(
            stage.refused("Ada", status(Status::Open)),
            RejectionCode::Forbidden
        );
        stage
            .command(by_staff(MeasureKind::Restore))
            .expect("staff may");
        let open = PostSetting::Status(Status::Open);
        let command = Command::SetPost {
            by: None,
            post,
            set: open,
        };
        stage.command(command).expect("staff may");
        stage
            .command(by_staff(MeasureKind::Lock))
            .expect("staff may");
        stage.events();
        // What keeps order has a reason: it is a measure.
        let unlock = Command::SetPost {
            by: None,
            post,
            set: PostSetting::Locked(false),
        };
        assert_eq!(stage.refused_command(unlock), RejectionCode::Invalid);
        assert_eq!(
            stage.refused("Bo", comment(post, None)),
            RejectionCode::Closed
        );
    }

    #[test]
    fn only_so_many_are_pinned() {
        let mut stage = Stage::of(&[ADA]);
        let pin = |post| measure(post, MeasureKind::Pin);
        let posts: Vec<PostId> = (0..6)
            .map(|_| publish(&mut stage, "Ada", PostDetails::default()))
            .collect();
        for &post in &posts[..5] {
            stage.command(pin(post)).expect("there is room");
        }
        stage.events();
        assert_eq!(stage.refused_command(pin(posts[5])), RejectionCode::Limit);
        // One that is pinned already needs no room; one that is not any more, or is gone, leaves some.
        stage.command(pin(posts[0])).expect("it is pinned");
        stage
            .command(measure(posts[1], MeasureKind::Unpin))
            .expect("it was pinned");
        stage.command(pin(posts[5])).expect("there is room");
        stage.act("Ada", Act::DeletePost { post: posts[2] });
        stage.command(pin(posts[1])).expect("there is room");
        stage.events();
        let another = publish(&mut stage, "Ada", PostDetails::default());
        stage.events();
        assert_eq!(stage.refused_command(pin(another)), RejectionCode::Limit);
        // It is counted alike after a restart.
        stage.in_town(|town| assert_eq!(town.board.index, Index::of(&town.board.data)));
    }
}
