//! What outlives a window.

use super::*;
use crate::file::tests::folder;
use crate::mirror::sample::{agent, post};
use crate::view::{Slot, Wish};

fn window(place: &std::path::Path) -> Show {
    let (wire, _news) = Wire::fed();
    let options = ViewOptions::default();
    Show::of(&options, wire, Some(place.to_owned()))
}

fn type_in(show: &mut Show, slot: Slot, text: &str) {
    show.obey(vec![Wish::Type(slot, text.to_owned())]);
}

#[test]
fn what_is_typed_outlives_a_window_that_breaks() {
    let place = folder("typed").join("window.json");
    let mut show = window(&place);
    let typed = [
        (Slot::PostTitle, "Jam"),
        (Slot::Reply(post(1), None), "Me, too."),
        (Slot::Message(agent(1)), "Hello"),
        (Slot::TaskText(agent(2)), "Count the jars."),
        (Slot::SignInName, "mira"),
    ];
    for (slot, text) in typed {
        type_in(&mut show, slot, text);
    }
    type_in(&mut show, Slot::SignInPassword, "open sesame");
    show.now = 60.0;
    show.keep(false);
    // Nobody closes it.
    drop(show);
    let text = std::fs::read_to_string(&place).expect("it was written");
    assert!(!text.contains("sesame"), "{text}");
    let show = window(&place);
    for (slot, text) in typed {
        assert_eq!(show.view.draft(slot), text, "{slot:?}");
    }
    assert_eq!(show.view.drafts.len(), typed.len());
    assert!(show.view.composing);
    assert_eq!(show.view.answering, Some((post(1), None)));
}

#[test]
fn it_is_written_now_and_then_and_only_where_it_has_changed() {
    let place = folder("seldom").join("window.json");
    let mut show = window(&place);
    let text = || std::fs::read_to_string(&place).unwrap_or_default();
    show.now = 60.0;
    show.keep(false);
    type_in(&mut show, Slot::PostTitle, "Jam");
    show.now = 60.5;
    show.keep(false);
    assert!(!text().contains("Jam"), "it was written half a second ago");
    show.now = 70.0;
    show.keep(false);
    assert!(text().contains("Jam"));
    std::fs::remove_file(&place).expect("it is there");
    show.now = 80.0;
    show.keep(false);
    assert_eq!(text(), "", "nothing has changed");
    type_in(&mut show, Slot::PostTitle, "");
    show.keep(true);
    assert!(!text().is_empty() && !text().contains("Jam"), "at the end");
}

#[test]
fn a_post_that_is_changed_goes_on_being_changed() {
    let place = folder("changed").join("window.json");
    let mut show = window(&place);
    type_in(&mut show, Slot::PostTitle, "Jam");
    show.view.editing = Some(post(2));
    show.keep(true);
    let show = window(&place);
    assert_eq!(show.view.editing, Some(post(2)));
    assert!(show.view.composing);
}

#[test]
fn what_was_under_way_is_the_same_act_when_the_next_window_sends_it() {
    let place = folder("tried").join("window.json");
    let posted = |show: &mut Show| {
        let ask = show.view.obey(Wish::Send, &mut show.mirror);
        let key = ask.as_ref().and_then(Ask::key).expect("a key").to_owned();
        let draft = ask.as_ref().and_then(Ask::draft).expect("a draft");
        show.ask(ask);
        (key, draft)
    };
    let answered = |show: &mut Show, draft, status, code: &str| {
        let news = News::Refused {
            problem: Problem {
                status,
                ..Problem::local(code, "", "")
            },
            was_act: true,
            draft: Some(draft),
        };
        show.view.hear(news, &mut show.mirror, 1.0);
    };
    let mut show = window(&place);
    type_in(&mut show, Slot::PostTitle, "Jam");
    let (key, _) = posted(&mut show);
    // It is killed before the village answers, and before it is time to write again.
    drop(show);
    let mut show = window(&place);
    let (again, mut draft) = posted(&mut show);
    assert_eq!(again, key);
    // Nobody knows yet, or nobody got past the door.
    for (status, code) in [(0, "unreachable"), (401, "token_void")] {
        answered(&mut show, draft, status, code);
        let (again, next) = posted(&mut show);
        assert_eq!(again, key, "{code}");
        draft = next;
    }
    // Its last word: another try is another act; and so are other words.
    answered(&mut show, draft, 429, "quota");
    let (other, draft) = posted(&mut show);
    assert_ne!(other, key);
    answered(&mut show, draft, 0, "unreachable");
    type_in(&mut show, Slot::PostTitle, "Jelly");
    let (third, draft) = posted(&mut show);
    assert_ne!(third, other);
    let done = News::Done {
        text: String::new(),
        draft: Some(draft),
        deed: None,
    };
    show.view.hear(done, &mut show.mirror, 2.0);
    show.keep(true);
    let mut show = window(&place);
    assert!(show.view.tries.is_empty() && show.view.drafts.is_empty());
    type_in(&mut show, Slot::PostTitle, "Jelly");
    assert_ne!(posted(&mut show).0, third, "it had arrived");
}

#[test]
fn what_the_line_does_not_take_can_be_sent_again() {
    let mut show = window(&folder("full").join("window.json"));
    while show.wire.ask(Ask::Submolts).is_ok() {}
    let task = Slot::TaskText(agent(0));
    type_in(&mut show, Slot::PostTitle, "Jam");
    type_in(&mut show, task, "Count the jars.");
    show.obey(vec![Wish::Send, Wish::SendTask(agent(0))]);
    assert!(show.view.sent.is_empty(), "nothing is on its way");
    let told = "Too much is waiting for the village. Try again in a moment.";
    let toasts: Vec<&str> = show.view.toasts.iter().map(|it| it.text.as_str()).collect();
    assert_eq!(toasts, [told], "of the post");
    assert_eq!(show.view.troubles[&task], told, "of the task");
    assert_eq!(show.view.draft(Slot::PostTitle), "Jam");
    assert!(show.view.task(agent(0)).is_some(), "it can be sent again");
}
