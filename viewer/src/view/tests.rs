//! What becomes of wishes and news.

mod tasks;

use super::*;
use crate::link::{Ask, News};
use crate::mirror::sample::{agent, post, town};
use crate::wire::Problem;

#[test]
fn one_goes_back_and_forward_through_those_one_looked_at() {
    let (mut view, mut mirror) = (View::default(), town());
    for no in 0..3 {
        view.obey(Wish::Select(Some(agent(no))), &mut mirror);
    }
    view.obey(Wish::Back, &mut mirror);
    view.obey(Wish::Back, &mut mirror);
    assert_eq!(
        (view.selected, view.ways()),
        (Some(agent(0)), (false, true))
    );
    view.obey(Wish::Forward, &mut mirror);
    assert_eq!((view.selected, view.ways()), (Some(agent(1)), (true, true)));
    view.obey(Wish::Select(Some(agent(3))), &mut mirror);
    assert_eq!(view.ways(), (true, false));
}

#[test]
fn what_was_typed_is_kept_until_it_is_on_the_board() {
    let (mut view, mut mirror) = (View::default(), town());
    view.obey(Wish::Compose(true), &mut mirror);
    view.obey(Wish::Type(Slot::PostTitle, "Jam".to_owned()), &mut mirror);
    view.obey(Wish::Type(Slot::PostText, "Plum.".to_owned()), &mut mirror);
    let ask = view.obey(Wish::Send, &mut mirror);
    let Some(Ask::Write { draft, submolt, .. }) = ask else {
        panic!("it is sent: {ask:?}");
    };
    assert_eq!(submolt, "general");
    assert_eq!(view.obey(Wish::Send, &mut mirror), None, "not twice");
    // Somebody else's refusal is not this one's: what is under way is not sent twice.
    let vote = News::Refused {
        problem: Problem::local("quota", "Too many votes.", ""),
        was_act: true,
        draft: None,
    };
    view.hear(vote, &mut mirror, 0.5);
    assert_eq!(view.obey(Wish::Send, &mut mirror), None, "still under way");
    view.toasts.clear();
    let problem = Problem::local("unreachable", "Gone.", "Wait.");
    view.hear(
        News::Refused {
            problem,
            was_act: true,
            draft: Some(draft),
        },
        &mut mirror,
        1.0,
    );
    assert_eq!(view.draft(Slot::PostText), "Plum.");
    assert_eq!(view.toasts[0].text, "Gone. Wait.");
    let again = view.obey(Wish::Send, &mut mirror);
    let Some(Ask::Write { draft: second, .. }) = again else {
        panic!("it is sent again: {again:?}");
    };
    assert_ne!(draft, second);
    let news = News::Done {
        text: "It is there.".to_owned(),
        draft: Some(second),
        deed: None,
    };
    view.hear(news, &mut mirror, 2.0);
    assert!(view.drafts.is_empty() && !view.composing);
}

#[test]
fn a_vast_draft_is_cut_at_its_limit() {
    let (mut view, mut mirror) = (View::default(), town());
    let slot = Slot::Reply(post(1), None);
    let text = "é".repeat(DRAFT_CHARS_MAX + 5);
    view.obey(Wish::Type(slot, text), &mut mirror);
    assert_eq!(view.draft(slot).chars().count(), DRAFT_CHARS_MAX);
}

#[test]
fn the_selected_are_looked_at_again_and_followed() {
    let (mut view, mut mirror) = (View::default(), town());
    view.obey(Wish::Select(Some(agent(0))), &mut mirror);
    view.obey(Wish::Follow(true), &mut mirror);
    assert_eq!(view.tick(&mirror, 10.0), Some(Ask::Agent(agent(0))));
    assert_eq!(view.tick(&mirror, 11.0), None);
    assert_eq!(view.tick(&mirror, 13.5), Some(Ask::Agent(agent(0))));
    assert_eq!(view.camera.middle, bevy_egui::egui::vec2(4.5, 4.5));
}

#[test]
fn a_password_leaves_the_window_with_the_question() {
    let (mut view, mut mirror) = (View::default(), town());
    view.obey(Wish::Type(Slot::SignInName, "mira".to_owned()), &mut mirror);
    view.obey(
        Wish::Type(Slot::SignInPassword, "secret".to_owned()),
        &mut mirror,
    );
    let ask = view.obey(Wish::SignIn, &mut mirror);
    assert!(matches!(ask, Some(Ask::SignIn { .. })));
    assert_eq!(view.draft(Slot::SignInPassword), "");
}

#[test]
fn toasts_go_by_themselves() {
    let (mut view, mirror) = (View::default(), town());
    for no in 0..9 {
        view.say(Tone::Done, format!("Toast {no}"), 20.0);
    }
    view.say(Tone::Done, "Toast 8".to_owned(), 20.0);
    assert_eq!(view.toasts.len(), TOASTS_MAX);
    view.tick(&mirror, 20.0 + TOAST_SECS + 0.1);
    assert!(view.toasts.is_empty());
}

#[test]
fn nobody_is_rewarded_before_amount_and_reason_are_there() {
    let (mut view, mut mirror) = (View::default(), town());
    let dialog = Dialog::Reward {
        agent: agent(0),
        name: "Ada".to_owned(),
        post: None,
        penalty: true,
    };
    view.obey(Wish::Ask(Some(dialog)), &mut mirror);
    for (slot, text) in [
        (Slot::Reason, "  "),
        (Slot::Reason, "She left the gate open."),
        (Slot::Amount, "two"),
        (Slot::Amount, "0,0"),
    ] {
        view.obey(Wish::Type(slot, text.to_owned()), &mut mirror);
        assert_eq!(view.obey(Wish::Confirm, &mut mirror), None, "{text}");
        assert!(view.dialog.is_some() && view.deed().is_none());
    }
    view.obey(Wish::Type(Slot::Amount, "2,5".to_owned()), &mut mirror);
    let Some(Ask::Do { deed, .. }) = view.obey(Wish::Confirm, &mut mirror) else {
        panic!("all is there");
    };
    let body = deed.request().body.expect("it has a body");
    assert_eq!(deed.request().path, "/economy/penalize");
    assert_eq!(
        (&body["agent_id"], &body["amount"]),
        (&agent(0).to_string().into(), &"2.5".into())
    );
    assert!(view.dialog.is_none());
}

#[test]
fn pages_that_have_grown_old_are_not_remembered() {
    let (mut view, mirror) = (View::default(), town());
    for no in 0..1_000 {
        view.tick(&mirror, f64::from(no) * 10.0);
        view.need(Page::Posts(format!("word {no}")));
    }
    assert!(view.asked.len() <= 7, "{}", view.asked.len());
}

#[test]
fn what_the_village_refuses_comes_back_with_all_that_was_typed() {
    let (mut view, mut mirror) = (View::default(), town());
    view.obey(Wish::Ask(Some(Dialog::Deposit)), &mut mirror);
    for (slot, text) in [(Slot::DepositTo, "ada"), (Slot::Amount, "40")] {
        view.obey(Wish::Type(slot, text.to_owned()), &mut mirror);
    }
    assert_eq!(
        view.obey(Wish::Confirm, &mut mirror),
        None,
        "no transaction"
    );
    let txn = Wish::Type(Slot::DepositTxn, "8XK".to_owned());
    view.obey(txn, &mut mirror);
    let Some(Ask::Do { deed, draft, .. }) = view.obey(Wish::Confirm, &mut mirror) else {
        panic!("all is there");
    };
    assert_eq!(deed.request().path, "/economy/deposits");
    assert!(view.dialog.is_none());
    let news = News::Refused {
        problem: Problem::local("conflict", "It was credited before.", ""),
        was_act: true,
        draft,
    };
    view.hear(news, &mut mirror, 1.0);
    assert_eq!(view.dialog, Some(Dialog::Deposit));
    assert_eq!(view.draft(Slot::DepositTxn), "8XK");
    let Some(Ask::Do { draft, .. }) = view.obey(Wish::Confirm, &mut mirror) else {
        panic!("it is sent again");
    };
    let done = News::Done {
        text: String::new(),
        draft,
        deed: Some(Box::new(deed)),
    };
    view.hear(done, &mut mirror, 2.0);
    assert!(view.dialog.is_none() && view.confirmed.is_none() && view.drafts.is_empty());
}

#[test]
fn a_further_page_is_asked_for_where_there_is_one() {
    let (mut view, mut mirror) = (View::default(), crate::mirror::sample::office());
    let wish = Wish::MoreOf(Page::Audit);
    let ask = view.obey(wish.clone(), &mut mirror);
    assert_eq!(ask, Some(Ask::More(Page::Audit, "older".to_owned())));
    let news = News::More {
        page: Page::Audit,
        cursor: "older".to_owned(),
        leaf: Box::new(crate::pages::Leaf::Audit(crate::wire::AuditPage::default())),
    };
    view.hear(news, &mut mirror, 1.0);
    assert_eq!(view.obey(wish, &mut mirror), None, "that was all");
}

#[test]
fn a_group_is_written_to_and_left() {
    let (mut view, mut mirror) = (View::default(), crate::mirror::sample::gathered());
    let group = crate::mirror::sample::GROUP;
    assert_eq!(view.obey(Wish::SendGroup(group), &mut mirror), None);
    let slot = Slot::GroupMessage(group);
    view.obey(Wish::Type(slot, "At noon.".to_owned()), &mut mirror);
    let Some(Ask::Do { deed, .. }) = view.obey(Wish::SendGroup(group), &mut mirror) else {
        panic!("it is sent");
    };
    let path = format!("/groups/{group}/messages");
    assert_eq!(deed.request().path, path);
    let left = News::Done {
        text: String::new(),
        draft: None,
        deed: Some(Box::new(Deed::LeaveGroup(group))),
    };
    view.hear(left, &mut mirror, 1.0);
    assert_eq!(mirror.mail.group, None);
}

#[test]
fn what_is_written_in_a_group_is_asked_for_at_once() {
    let (mut view, mut mirror) = (View::default(), crate::mirror::sample::gathered());
    let group = Page::Group(crate::mirror::sample::GROUP);
    // Somebody has looked at it a moment ago.
    view.need(group.clone());
    view.due.clear();
    view.need(group.clone());
    assert!(view.due.is_empty(), "it is fresh");
    view.hear(News::Own, &mut mirror, 0.1);
    assert!(view.due.contains(&group) && view.due.contains(&Page::Groups));
}

#[test]
fn a_village_that_comes_back_leaves_the_list_of_posts_as_it_was() {
    let (mut view, mut mirror) = (View::default(), town());
    let server = mirror.server.take().expect("it has said so");
    let news = || News::Server(Box::new(server.clone()));
    assert!(view.hear(news(), &mut mirror, 1.0).is_some(), "the first");
    assert_eq!(view.hear(news(), &mut mirror, 2.0), None);
    assert!(mirror.has("votes"));
}

#[test]
fn another_version_is_told_once_and_again_where_it_has_changed() {
    let (mut view, mut mirror) = (View::default(), town());
    let server = mirror.server.take().expect("it has said so");
    let mut told = |version: &str| {
        let mut server = server.clone();
        version.clone_into(&mut server.version);
        view.hear(News::Server(Box::new(server)), &mut mirror, 1.0);
        view.toasts.drain(..).count()
    };
    assert_eq!(told("0.0.1"), 1);
    assert_eq!(told("0.0.1"), 0, "the line was cut for a moment");
    assert_eq!(told("0.0.2"), 1, "another program answers");
    assert_eq!(told(env!("CARGO_PKG_VERSION")), 0);
}

#[test]
fn a_conversation_is_read_whatever_was_read_before_it() {
    let (mut view, mut mirror) = (View::default(), crate::mirror::sample::gathered());
    let group = crate::mirror::sample::GROUP;
    for before in [Inbox::Notices, Inbox::Tasks] {
        for wish in [
            Wish::OpenChat(Some((agent(1), "ben".to_owned()))),
            Wish::OpenGroup(Some(group)),
        ] {
            view.obey(Wish::Inbox(before), &mut mirror);
            assert_eq!(view.inbox, before);
            view.obey(wish, &mut mirror);
            assert_eq!(view.inbox, Inbox::Letters);
            assert_eq!(view.wanted, Some(PanelName::Messages));
        }
    }
}

#[test]
fn answers_beyond_the_first_hundred_are_asked_for_page_by_page() {
    use crate::mirror::sample::{comment, comment_shape};
    use crate::wire::CommentPage;
    let (mut view, mut mirror) = (View::default(), crate::mirror::sample::reading());
    let wish = || Wish::MoreOf(Page::Comments(post(1)));
    assert_eq!(view.obey(wish(), &mut mirror), None, "that is all");
    let page = |numbers: std::ops::Range<u32>, next: Option<&str>| CommentPage {
        comments: numbers
            .map(|no| comment_shape(no, "Me, too.", Vec::new()))
            .collect(),
        next_cursor: next.map(str::to_owned),
    };
    let leaf = crate::pages::Leaf::Comments(page(0..3, Some("a")));
    let first = News::Page(Page::Comments(post(1)), Box::new(leaf));
    view.hear(first, &mut mirror, 1.0);
    let ask = view.obey(wish(), &mut mirror);
    assert_eq!(
        ask,
        Some(Ask::More(Page::Comments(post(1)), "a".to_owned()))
    );
    let more = |next| News::More {
        page: Page::Comments(post(1)),
        cursor: "a".to_owned(),
        leaf: Box::new(crate::pages::Leaf::Comments(page(2..6, next))),
    };
    view.hear(more(Some("b")), &mut mirror, 2.0);
    view.hear(more(Some("c")), &mut mirror, 2.0);
    let thread = mirror.board.thread.as_ref().expect("it is read");
    let ids: Vec<_> = thread.comments.iter().map(|it| it.id).collect();
    assert_eq!(ids, (0..6).map(comment).collect::<Vec<_>>(), "each once");
    assert_eq!(thread.next.as_deref(), Some("b"), "a page comes once");
}
