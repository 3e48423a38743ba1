//! What becomes of wishes and news about task chats.

use hamlet_protocol::task::TASK_TEXT_CHARS_MAX;

use super::*;
use crate::deeds::Deed;
use crate::mirror::sample::{TASK, delivered, task_chat, task_frame, working};
use crate::tasks::TaskDeed;
use crate::wire::FileAt;

fn looking() -> View {
    View {
        selected: Some(agent(0)),
        side: Side::Task,
        ..View::default()
    }
}

fn type_in(view: &mut View, mirror: &mut Mirror, slot: Slot, text: &str) {
    view.obey(Wish::Type(slot, text.to_owned()), mirror);
}

fn refused(draft: Option<u64>, text: &str) -> News {
    News::Refused {
        problem: Problem::local("conflict", text, ""),
        was_act: true,
        draft,
    }
}

#[test]
fn a_task_is_asked_for_once_and_its_chat_is_read_at_once() {
    let (mut view, mut mirror) = (looking(), working());
    let text = Slot::TaskText(agent(0));
    assert_eq!(view.obey(Wish::SendTask(agent(0)), &mut mirror), None);
    type_in(&mut view, &mut mirror, text, " Count the jars. ");
    let ask = view.obey(Wish::SendTask(agent(0)), &mut mirror);
    let Some(Ask::Do { deed, draft, .. }) = ask else {
        panic!("it is sent: {ask:?}");
    };
    let open = TaskDeed::Open {
        agent: agent(0),
        title: String::new(),
        text: "Count the jars.".to_owned(),
    };
    assert_eq!(deed, Deed::Task(open));
    let again = view.obey(Wish::SendTask(agent(0)), &mut mirror);
    assert_eq!(again, None, "not twice");
    // What the village refuses is said where it was typed, and nothing is lost.
    view.hear(refused(draft, "Two at once."), &mut mirror, 1.0);
    assert_eq!(view.troubles[&text], "Two at once.");
    assert!(view.toasts.is_empty());
    assert_eq!(view.draft(text), " Count the jars. ");
    let Some(Ask::Do { deed, draft, .. }) = view.obey(Wish::SendTask(agent(0)), &mut mirror) else {
        panic!("it is sent again");
    };
    assert!(view.troubles.is_empty());
    let began = News::TaskChat {
        chat: task_chat("working"),
        begun: true,
    };
    let ask = view.hear(began, &mut mirror, 2.0);
    assert_eq!(ask, Some(Ask::Page(Page::Task(TASK))));
    let open = mirror.tasks.open.as_ref().map(|it| it.id);
    assert_eq!(open, Some(TASK));
    let done = News::Done {
        text: String::new(),
        draft,
        deed: Some(Box::new(deed)),
    };
    view.hear(done, &mut mirror, 2.0);
    assert!(view.drafts.is_empty() && view.toasts.is_empty());
    assert!(view.due.contains(&Page::Tasks));
}

#[test]
fn a_text_that_is_too_long_is_not_sent() {
    let (mut view, mut mirror) = (looking(), working());
    let long = "é".repeat(TASK_TEXT_CHARS_MAX);
    let (text, title) = (Slot::TaskText(agent(0)), Slot::TaskTitle(agent(0)));
    type_in(&mut view, &mut mirror, text, &format!("{long}é"));
    assert_eq!(view.obey(Wish::SendTask(agent(0)), &mut mirror), None);
    type_in(&mut view, &mut mirror, text, &long);
    type_in(&mut view, &mut mirror, title, &"é".repeat(121));
    assert_eq!(view.obey(Wish::SendTask(agent(0)), &mut mirror), None);
    type_in(&mut view, &mut mirror, title, &"é".repeat(120));
    assert!(view.obey(Wish::SendTask(agent(0)), &mut mirror).is_some());
}

#[test]
fn a_task_that_somebody_no_longer_looks_at_is_not_brought_to_the_front() {
    let (mut view, mut mirror) = (looking(), working());
    view.side = Side::Person;
    let began = News::TaskChat {
        chat: task_chat("working"),
        begun: true,
    };
    assert_eq!(view.hear(began, &mut mirror, 1.0), None);
    assert_eq!(mirror.tasks.open, None);
}

#[test]
fn a_chat_is_opened_out_of_the_list_and_answered() {
    let (mut view, mut mirror) = (View::default(), working());
    let open = Wish::OpenTask(Some((agent(0), TASK)));
    let ask = view.obey(open, &mut mirror);
    assert_eq!(ask, Some(Ask::Page(Page::Task(TASK))));
    assert_eq!((view.selected, view.side), (Some(agent(0)), Side::Task));
    let slot = Slot::TaskReply(TASK);
    type_in(&mut view, &mut mirror, slot, "By street, please.");
    let Some(Ask::Do { deed, draft, .. }) = view.obey(Wish::SendTaskReply(TASK), &mut mirror)
    else {
        panic!("it is sent");
    };
    let path = format!("/chats/{TASK}/messages");
    assert_eq!(deed.request().path, path);
    assert_eq!(view.obey(Wish::SendTaskReply(TASK), &mut mirror), None);
    view.hear(refused(draft, "It is still at work."), &mut mirror, 1.0);
    assert!(view.troubles.contains_key(&slot));
    type_in(&mut view, &mut mirror, slot, "By street.");
    assert!(view.troubles.is_empty(), "it is another text by now");
    view.obey(Wish::OpenTask(None), &mut mirror);
    assert_eq!(mirror.tasks.open, None);
    assert_eq!(view.draft(slot), "By street.", "nothing typed is lost");
}

#[test]
fn what_is_said_elsewhere_is_told_in_passing() {
    let (mut view, mut mirror) = (View::default(), delivered());
    let said = |no, working| News::Task {
        chat: TASK,
        working,
        message: Box::new(task_frame(no, "Here.")),
    };
    view.hear(said(5, true), &mut mirror, 1.0);
    assert!(view.toasts.is_empty(), "it is still at work");
    assert!(view.due.contains(&Page::Task(TASK)), "it is asked for");
    view.hear(said(6, false), &mut mirror, 1.0);
    let toasts: Vec<_> = view.toasts.iter().map(|it| it.text.as_str()).collect();
    assert_eq!(toasts, ["ada has delivered “A list of who baked what”."]);
    let mut view = looking();
    view.hear(said(7, false), &mut mirror, 1.0);
    assert!(view.toasts.is_empty(), "it is seen where it is said");
    let messages = mirror
        .tasks
        .open
        .as_ref()
        .and_then(|it| it.messages.as_ref());
    let newest = messages.and_then(|it| it.items.first()).map(|it| it.no);
    assert_eq!(newest, Some(7));
}

#[test]
fn a_chat_that_cannot_be_read_says_why_and_one_that_is_deleted_goes() {
    let (mut view, mut mirror) = (looking(), delivered());
    let gone = Problem::local("not_found", "There is no such chat.", "");
    view.hear(News::Unread(Page::Task(TASK), gone), &mut mirror, 1.0);
    assert!(view.toasts.is_empty());
    let open = mirror.tasks.open.as_ref();
    let trouble = open.and_then(|it| it.trouble.as_deref());
    assert_eq!(trouble, Some("There is no such chat."));
    let done = News::Done {
        text: "It is gone.".to_owned(),
        draft: None,
        deed: Some(Box::new(Deed::Task(TaskDeed::Delete(TASK)))),
    };
    view.hear(done, &mut mirror, 2.0);
    assert!(mirror.tasks.open.is_none() && mirror.tasks.known(TASK).is_none());
}

#[test]
fn a_file_is_read_saved_and_put_away() {
    let (mut view, mut mirror) = (looking(), delivered());
    let file = FileAt {
        chat: TASK,
        no: 4,
        at: 1,
    };
    view.obey(Wish::ReadFile(Some(file)), &mut mirror);
    assert_eq!(view.file, Some(file));
    let save = Wish::SaveFile(file, "bakers.md".to_owned());
    let ask = view.obey(save, &mut mirror);
    assert_eq!(ask, Some(Ask::Save(file, "bakers.md".to_owned())));
    view.obey(Wish::OpenTask(None), &mut mirror);
    assert_eq!(view.file, None);
}

#[test]
fn older_messages_and_tasks_are_asked_for_where_there_are_any() {
    let (mut view, mut mirror) = (looking(), delivered());
    for page in [Page::Task(TASK), Page::Tasks] {
        let ask = view.obey(Wish::MoreOf(page.clone()), &mut mirror);
        assert_eq!(ask, Some(Ask::More(page, "older".to_owned())));
    }
}
