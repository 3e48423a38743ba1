//! The mirror against frames written by hand.

use hamlet_protocol::act::VoteTarget;
use hamlet_protocol::agent::{Activity, Presence};
use hamlet_protocol::frame::{BoardEvent, BoardFrame, CommentFrame, PostFrame, WorldFrame};
use hamlet_protocol::view::LandmarkView;

use super::sample::{
    agent, body, comment, delta, fortunes, landmark, map_shape, passer, post, post_shape, reading,
    said, snapshot, talk, town,
};
use super::{MOMENT_SECS, MarkKind, Mirror, PostQuery, PostSort, TownPicture};
use crate::wire::PostPage;

fn begun() -> Mirror {
    let mut mirror = Mirror::default();
    mirror.apply_world(snapshot(1, 10), 0.0);
    mirror
}

#[test]
fn a_snapshot_and_its_deltas_make_the_town() {
    let mut mirror = begun();
    let mut next = delta(2, 11);
    next.bodies = vec![body(3, 3, 8)];
    next.arrivals = vec![passer(4, 1, 1, Activity::Idle)];
    next.departures = vec![2];
    next.landmarks = vec![LandmarkView {
        id: landmark(0),
        open: false,
    }];
    mirror.apply_world(WorldFrame::Delta(next), 0.1);
    let world = &mirror.world;
    assert_eq!((world.seq, world.tick), (2, 11));
    let numbers: Vec<u32> = world.people.keys().copied().collect();
    assert_eq!(numbers, [0, 1, 3, 4]);
    assert_eq!(world.person(agent(3)).map(|it| (it.x, it.y)), Some((3, 8)));
    assert_eq!(world.person(agent(2)), None);
    assert_eq!(world.open.get(&landmark(0)), Some(&false));
    assert_eq!(world.named("@ELIF").map(|it| it.no), Some(4));
}

#[test]
fn a_second_snapshot_begins_anew() {
    let mut mirror = begun();
    let mut next = delta(2, 11);
    next.arrivals = vec![passer(5, 1, 1, Activity::Idle)];
    mirror.apply_world(WorldFrame::Delta(next), 0.1);
    mirror.apply_world(snapshot(9, 40), 3.0);
    assert_eq!(mirror.world.people.len(), 4);
    assert_eq!(mirror.world.person(agent(5)), None);
}

#[test]
fn somebody_who_is_gone_is_not_there() {
    let mut mirror = begun();
    let mut next = delta(2, 11);
    next.arrivals = vec![hamlet_protocol::frame::PasserFrame {
        presence: Presence::Gone,
        ..passer(5, 1, 1, Activity::Idle)
    }];
    mirror.apply_world(WorldFrame::Delta(next), 0.1);
    assert_eq!(mirror.world.person(agent(5)), None);
}

#[test]
fn a_step_is_drawn_between_two_tiles_and_a_leap_is_not() {
    let mut mirror = begun();
    let mut at = |tick: u64, x: u16, now: f64| {
        let mut next = delta(tick, 10 + tick);
        next.bodies = vec![body(3, x, 8)];
        mirror.apply_world(WorldFrame::Delta(next), now);
        mirror.world.people[&3].clone()
    };
    let person = at(1, 3, 1.0);
    let (x, y) = person.at(1.0);
    assert_eq!((x, y), (2.0, 8.0), "it sets out where it stood");
    let (half, _) = person.at(1.05);
    assert!(half > 2.0 && half < 3.0, "{half}");
    assert!(person.steps(1.05));
    assert_eq!(person.at(9.0), (3.0, 8.0));
    assert!(!person.steps(9.0));
    let leapt = at(2, 17, 10.0);
    assert_eq!(leapt.at(10.0), (17.0, 8.0));
}

#[test]
fn the_time_between_ticks_is_measured() {
    let mut mirror = begun();
    for tick in 1..60_u64 {
        let next = delta(1, 10 + tick);
        mirror.apply_world(WorldFrame::Delta(next), tick as f64 * 0.5);
    }
    let secs = mirror.world.tick_secs;
    assert!((secs - 0.5).abs() < 0.01, "{secs}");
}

#[test]
fn a_line_is_heard_once_and_makes_a_conversation() {
    let mut mirror = begun();
    for (tick, now) in [(11, 0.1), (12, 0.2)] {
        let mut next = delta(5, tick);
        // Told again, as after coming back.
        next.said = vec![said(5, 0, "Hello.")];
        mirror.apply_world(WorldFrame::Delta(next), now);
    }
    let world = &mirror.world;
    let lines: Vec<&str> = world
        .lines_of(agent(0), 0.3, 8.0)
        .map(|it| it.text.as_str())
        .collect();
    assert_eq!(lines, ["Hello."]);
    assert_eq!(world.lines_of(agent(0), 60.0, 8.0).count(), 0, "it fades");
    assert_eq!(world.talks[&talk(1)].members, [agent(1), agent(0)]);
    mirror.apply_world(WorldFrame::Delta(delta(6, 13)), 60.0);
    assert!(mirror.world.talks.is_empty(), "nobody has spoken for long");
}

#[test]
fn old_lines_go_as_new_ones_come() {
    let mut mirror = begun();
    for seq in 2..2_000 {
        let mut next = delta(seq, 10 + seq);
        next.said = vec![said(seq, 0, "And another thing.")];
        mirror.apply_world(WorldFrame::Delta(next), seq as f64);
    }
    assert_eq!(mirror.world.lines.len(), 400);
}

fn new_post(seq: u64, no: u32, submolt: &str) -> BoardEvent {
    BoardEvent::Post {
        seq,
        post: PostFrame {
            id: post(no),
            submolt: submolt.to_owned(),
            title: format!("Post {no}"),
            content: Some("Words.".to_owned()),
            author: Some(agent(1)),
            author_name: Some("ben".to_owned()),
            created_ms: i64::from(no),
            score: 0,
            comments: 0,
        },
    }
}

fn listed(mirror: &Mirror) -> Vec<String> {
    mirror.board.listed().map(|it| it.title.clone()).collect()
}

#[test]
fn new_posts_come_into_a_list_by_age_and_are_announced_in_others() {
    let mut mirror = town();
    let events = vec![new_post(900, 9, "town"), new_post(901, 10, "general")];
    let frame = BoardFrame::Delta { seq: 901, events };
    mirror.apply_board(frame.clone());
    assert_eq!(mirror.board.list.fresh, 2);
    assert_eq!(listed(&mirror).len(), 3, "nothing jumps under the reader");
    let query = PostQuery {
        submolt: Some("town".to_owned()),
        sort: PostSort::New,
    };
    mirror.board.ask(query.clone());
    mirror.board.take_page(&query, None, PostPage::default());
    // The same news once more: it is not news.
    mirror.apply_board(frame);
    assert!(listed(&mirror).is_empty());
    let events = vec![new_post(902, 11, "town"), new_post(903, 12, "general")];
    mirror.apply_board(BoardFrame::Delta { seq: 903, events });
    assert_eq!(listed(&mirror), ["Post 11"]);
    let texts: Vec<_> = mirror
        .world
        .marks
        .iter()
        .map(|it| it.text.as_str())
        .collect();
    assert!(texts.contains(&"ben writes: Post 11"), "{texts:?}");
}

#[test]
fn a_page_of_another_list_is_passed_over() {
    let mut mirror = town();
    let other = PostQuery {
        submolt: None,
        sort: PostSort::Top,
    };
    let page = || PostPage {
        posts: vec![post_shape(8, "Late", "", 0)],
        has_more: false,
        next_cursor: None,
    };
    mirror.board.take_page(&other, None, page());
    assert_eq!(listed(&mirror).len(), 3);
    mirror
        .board
        .take_page(&PostQuery::default(), Some("stale"), page());
    assert_eq!(listed(&mirror).len(), 3);
    mirror
        .board
        .take_page(&PostQuery::default(), Some("next"), page());
    assert_eq!(listed(&mirror).len(), 4);
    assert_eq!(mirror.board.list.next, None);
}

#[test]
fn comments_and_votes_reach_the_open_thread() {
    let mut mirror = reading();
    let frame = |no: u32, parent: Option<u32>| CommentFrame {
        id: comment(no),
        post: post(1),
        parent: parent.map(comment),
        content: "Me too.".to_owned(),
        author: agent(3),
        author_name: "dmitri".to_owned(),
        created_ms: 0,
    };
    let events = vec![
        BoardEvent::Comment {
            seq: 950,
            comment: frame(7, Some(2)),
        },
        BoardEvent::Comment {
            seq: 951,
            comment: frame(8, None),
        },
        BoardEvent::Vote {
            seq: 952,
            target: VoteTarget::Comment(comment(7)),
            score: 5,
        },
        BoardEvent::Vote {
            seq: 953,
            target: VoteTarget::Post(post(1)),
            score: 13,
        },
    ];
    mirror.apply_board(BoardFrame::Delta { seq: 953, events });
    let thread = mirror.board.thread.as_ref().expect("it is open");
    assert_eq!(thread.comments.len(), 3);
    let deep = &thread.comments[0].answers[0].answers[0];
    assert_eq!((deep.id, deep.score), (comment(7), 5));
    let post = mirror.board.post(post(1)).expect("it is known");
    assert_eq!((post.score, post.comments), (13, 4));
}

#[test]
fn posts_that_nobody_looks_at_are_forgotten() {
    let mut mirror = town();
    for no in 10..3_000 {
        let seq = 1_000 + u64::from(no);
        let events = vec![new_post(seq, no, "town")];
        mirror.apply_board(BoardFrame::Delta { seq, events });
    }
    assert_eq!(mirror.board.known().count(), 1_000);
    assert_eq!(listed(&mirror).len(), 3, "the listed ones stay");
}

#[test]
fn samples_are_thinned() {
    let mut mirror = begun();
    for step in 1..6_000_u64 {
        let next = delta(1, 10 + step * 10);
        mirror.apply_world(WorldFrame::Delta(next), step as f64 * 0.1);
    }
    let samples = &mirror.history.samples;
    assert!(samples.len() < 2_048, "{}", samples.len());
    assert!(samples.windows(2).all(|it| it[0].time < it[1].time));
    let hour = mirror.history.last(3_600);
    let span = hour[hour.len() - 1].time - hour[0].time;
    assert!(span <= 3_600 && span > 3_000, "{span}");
}

#[test]
fn a_map_with_faults_is_drawn_as_far_as_it_goes() {
    let map = TownPicture::read(map_shape());
    assert_eq!(map.layers.len(), 1);
    assert_eq!(map.faults.len(), 2, "{:?}", map.faults);
    assert!(map.blocked[1] && !map.blocked[0]);
    assert_eq!(map.place_at(3, 3), Some("The Kettle"));
    assert_eq!(map.place_at(19, 13), Some("Old Square"));
    let vast = crate::wire::MapShape {
        width: 1 << 20,
        height: 1 << 20,
        ..map_shape()
    };
    let vast = TownPicture::read(vast);
    assert!(vast.layers.is_empty() && vast.faults.len() == 1);
}

#[test]
fn what_comes_from_outside_is_marked_and_seen() {
    let mut mirror = begun();
    let mut next = delta(603, 11);
    next.events = fortunes();
    mirror.apply_world(WorldFrame::Delta(next), 1.0);
    let marks = mirror.world.marks.iter();
    let marks: Vec<(MarkKind, &str)> = marks.map(|it| (it.kind, it.text.as_str())).collect();
    let expected = [
        (MarkKind::Hand, "Ada is rewarded: 5 a$, For the bread."),
        (
            MarkKind::Hand,
            "Ben is penalised: 2.5 a$, The gate was open.",
        ),
        (MarkKind::Deed, "Dmitri rises to tier 1, comfortable"),
    ];
    assert_eq!(marks, expected);
    let moments = mirror.world.moments.iter();
    let moments: Vec<(&str, bool)> = moments.map(|it| (it.text.as_str(), it.good)).collect();
    let expected = [
        ("🎁 +5 a$", true),
        ("💸 −2.5 a$", false),
        ("⏶ comfortable", true),
    ];
    assert_eq!(moments, expected);
    mirror.apply_world(WorldFrame::Delta(delta(603, 12)), 1.0 + MOMENT_SECS);
    assert!(mirror.world.moments.is_empty(), "they pass");
}

#[test]
fn a_hand_on_the_clock_is_marked_once() {
    let mut mirror = town();
    let running = mirror.time.clone().unwrap_or_default();
    let paused = crate::wire::TimeState {
        state: "paused".to_owned(),
        ..running.clone()
    };
    mirror.world.marks.clear();
    for time in [&running, &paused, &paused, &running] {
        mirror.take_time(time.clone());
    }
    let texts: Vec<&str> = mirror
        .world
        .marks
        .iter()
        .map(|it| it.text.as_str())
        .collect();
    assert_eq!(texts, ["Time is stopped", "Time goes on"]);
}
