//! Task chats: asking for work, reading what comes of it, answering.

use egui::accesskit::Toggled;
use egui_kittest::kittest::NodeT;

use super::*;
use crate::mirror::sample::{TASK, delivered, task_chat, task_message, working};
use crate::pages::Page;
use crate::tasks::TaskDeed;
use crate::view::Side;
use crate::wire::{FileAt, TaskMessagePage};

const SIZE: [f32; 2] = [380.0, 900.0];

fn asking() -> View {
    View {
        side: Side::Task,
        ..selected()
    }
}

fn inspector<'a>(mirror: Mirror, view: View) -> Stage<'a> {
    let mut stage = stage(mirror, view, SIZE, inspector::inspector_ui);
    stage.settle();
    stage
}

fn has(stage: &Stage<'_>, label: &str) -> bool {
    stage.harness.query_by_label(label).is_some()
}

/// A mirror in which Ada has something else to say.
fn saying(state: &str, kind: &str, text: &str) -> Mirror {
    let mut mirror = delivered();
    let message = task_message(5, "agent", kind, text);
    mirror.tasks.take_messages(
        TASK,
        TaskMessagePage {
            chat: task_chat(state),
            messages: vec![message],
            next_cursor: None,
        },
    );
    mirror
}

#[test]
fn work_is_asked_for() {
    let text = Slot::TaskText(agent(0));
    let mut view = asking();
    let empty = inspector(working(), asking()).click("📋 Ask for it");
    assert_eq!(empty, [], "there is nothing to ask for");
    let words = "Write down who has baked what this week, by house.";
    view.drafts.insert(text, words.to_owned());
    let mut stage = inspector(working(), view);
    let send = [Wish::SendTask(agent(0))];
    assert_eq!(stage.click("📋 Ask for it"), send);
    let open = [Wish::OpenTask(Some((agent(0), TASK)))];
    assert_eq!(stage.click("A list of who baked what"), open);
    assert!(!has(&stage, "What the bridge needs"), "that is Ben's");
    stage.picture("task_new");
}

#[test]
fn what_the_village_refuses_is_said_where_it_was_typed() {
    let mut view = asking();
    let why = "You have 50 task chats that are not closed. Close or delete one.";
    view.troubles
        .insert(Slot::TaskText(agent(0)), why.to_owned());
    let stage = inspector(working(), view);
    assert!(has(&stage, &format!("✖ {why}")));
}

#[test]
fn a_title_that_is_too_long_is_no_dead_button() {
    let told = "✖ A title has 120 characters at most.";
    for (chars, is_told) in [(120, false), (121, true)] {
        let mut view = asking();
        let title = Slot::TaskTitle(agent(0));
        view.drafts.insert(title, "é".repeat(chars));
        let stage = inspector(working(), view);
        assert_eq!(has(&stage, told), is_told, "{chars}");
    }
}

#[test]
fn a_door_that_is_closed_is_no_dead_button() {
    let mut mirror = working();
    mirror.tasks.door = Some((agent(0), "owner".to_owned()));
    let stage = inspector(mirror, asking());
    assert!(!has(&stage, "📋 Ask for it"));
    assert!(has(&stage, "Ada works for their owner alone."));
    let mut mirror = working();
    mirror.tasks.door = Some((agent(0), "owner".to_owned()));
    let owner = uuid::Uuid::from_u128(3);
    if let (Some(me), Some(ada)) = (&mut mirror.me, &mut mirror.inspected) {
        (me.id, ada.owner_id) = (Some(owner), Some(owner));
    }
    let stage = inspector(mirror, asking());
    assert!(has(&stage, "📋 Ask for it"), "they own her");
}

#[test]
fn a_village_without_task_chats_has_no_side_of_them() {
    let without = |mut mirror: Mirror| {
        if let Some(server) = &mut mirror.server {
            server.features.retain(|it| it.name != "task_chats");
        }
        mirror
    };
    let stranger = |mirror| Mirror { me: None, ..mirror };
    let mut scripted = working();
    scripted.tasks = crate::mirror::Tasks::default();
    if let Some(ada) = &mut scripted.inspected {
        ada.mind = hamlet_protocol::agent::MindKind::Scripted;
    }
    for mirror in [without(delivered()), stranger(delivered()), scripted] {
        let mut stage = inspector(mirror, asking());
        stage.harness.run_steps(2);
        assert!(!has(&stage, "Task") && !has(&stage, "⬅ All tasks"));
        let asks = stage.wishes.borrow();
        let tasks = |it: &Wish| matches!(it, Wish::Need(Page::Tasks | Page::Task(_)));
        assert!(!asks.iter().any(tasks));
    }
    assert!(has(&inspector(working(), selected()), "Task"));
}

#[test]
fn what_came_of_a_task_is_read() {
    let file = FileAt {
        chat: TASK,
        no: 4,
        at: 1,
    };
    let mut stage = inspector(delivered(), asking());
    let read = [Wish::ReadFile(Some(file))];
    assert_eq!(stage.click("📄 bakers.md"), read);
    let save = [Wish::SaveFile(file, "bakers.md".to_owned())];
    assert_eq!(stage.click("💾 Save"), save);
    let older = [Wish::MoreOf(Page::Task(TASK))];
    assert_eq!(stage.click("Older messages"), older);
    assert_eq!(stage.click("⬅ All tasks"), [Wish::OpenTask(None)]);
    let close = Deed::Task(TaskDeed::Close(TASK));
    let asked = stage.click("✔ Close …");
    let [Wish::Ask(Some(Dialog::Sure(deed, _)))] = asked.as_slice() else {
        panic!("it asks whether that is meant: {asked:?}");
    };
    assert_eq!(*deed, close);
    assert!(!has(&stage, "⏹ Stop it"), "nobody is at work");
    assert!(has(&stage, "⚠ not read"), "a source that is only claimed");
    stage.picture("task_delivered");
}

#[test]
fn an_agent_at_work_is_heard_and_stopped() {
    let mut mirror = saying("working", "progress", "Half of the houses are done.");
    mirror
        .tasks
        .take_words(TASK, 0, "The Kettle: rye on Monday");
    let mut view = asking();
    view.drafts
        .insert(Slot::TaskReply(TASK), "And by street?".to_owned());
    let mut stage = inspector(mirror, view);
    let stop = [Wish::Do(Deed::Task(TaskDeed::Stop(TASK)))];
    assert_eq!(stage.click("⏹ Stop it"), stop);
    assert_eq!(stage.click("Send"), [], "it hears nothing now");
    assert!(has(&stage, "The Kettle: rye on Monday"));
    stage.picture("task_working");
}

#[test]
fn a_question_is_answered() {
    let mirror = saying("open", "question", "By house, or by day?");
    let mut view = asking();
    view.drafts
        .insert(Slot::TaskReply(TASK), "By house.".to_owned());
    let mut stage = inspector(mirror, view);
    assert_eq!(stage.click("Send"), [Wish::SendTaskReply(TASK)]);
}

#[test]
fn a_chat_that_is_closed_is_read_and_no_longer_written_to() {
    let mut stage = inspector(saying("closed", "message", "Goodbye."), asking());
    assert!(!has(&stage, "Send") && !has(&stage, "✔ Close …"));
    let asked = stage.click("🗑 Delete …");
    assert!(matches!(
        asked.as_slice(),
        [Wish::Ask(Some(Dialog::Sure(
            Deed::Task(TaskDeed::Delete(TASK)),
            _
        )))]
    ));
}

#[test]
fn a_file_that_was_delivered_is_read() {
    let file = FileAt {
        chat: TASK,
        no: 4,
        at: 1,
    };
    let view = || View {
        file: Some(file),
        ..asking()
    };
    let stage = inspector(delivered(), view());
    assert!(has(&stage, "The file is being fetched."));
    let mut mirror = delivered();
    let text = "# Bakers\n\nMill Cottage: oat cakes on Tuesday.\n";
    mirror.tasks.file = Some((file, text.to_owned()));
    let mut stage = inspector(mirror, view());
    let back = [Wish::ReadFile(None)];
    assert_eq!(stage.click("⬅ Back to the chat"), back);
    stage.picture("task_file");
}

#[test]
fn tasks_are_listed_beside_messages() {
    let view = View {
        inbox: Inbox::Tasks,
        ..View::default()
    };
    let mut stage = stage(working(), view, [400.0, 300.0], mail::mail_ui);
    stage.settle();
    let open = [Wish::OpenTask(Some((agent(0), TASK)))];
    assert_eq!(stage.click("A list of who baked what"), open);
    assert_eq!(stage.click("Older tasks"), [Wish::MoreOf(Page::Tasks)]);
    assert_eq!(stage.click("Messages"), [Wish::Inbox(Inbox::Letters)]);
    stage.picture("tasks");
}

#[test]
fn a_village_without_task_chats_shows_messages_in_their_place() {
    let view = View {
        inbox: Inbox::Tasks,
        ..View::default()
    };
    let mut stage = stage(office(), view, [400.0, 300.0], mail::mail_ui);
    stage.settle();
    assert!(!has(&stage, "Tasks"));
    let tabs = stage.harness.get_all_by_label_contains("Messages");
    let toggled = tabs.filter(|it| it.accesskit_node().toggled() == Some(Toggled::True));
    assert_eq!(toggled.count(), 1, "it is the one that is read");
}

#[test]
fn tasks_of_any_size_hold_together() {
    let vast = "مرحبا 👩‍👩‍👧 עולם ".repeat(4_000);
    for size in [[160.0, 160.0], [320.0, 240.0], [3840.0, 2160.0]] {
        let mut mirror = saying("working", "delivery", &vast);
        mirror.tasks.take_words(TASK, 0, &vast);
        let mut stage = stage(mirror, asking(), size, inspector::inspector_ui);
        stage.settle();
    }
}
