//! A town in which work is asked of somebody.

use hamlet_protocol::agent::MindKind;
use hamlet_protocol::frame::TaskFrame;
use hamlet_protocol::task::{TaskAuthor, TaskKind, TaskSource};
use uuid::Uuid;

use super::{Mirror, agent, town, with};
use crate::wire::{
    MemberName, TaskChatPage, TaskChatShape, TaskFileShape, TaskMessagePage, TaskMessageShape,
};

/// A task chat with Ada.
pub(crate) const TASK: Uuid = Uuid::from_u128(0xF500);

pub(crate) fn task_chat(state: &str) -> TaskChatShape {
    TaskChatShape {
        id: TASK,
        agent: MemberName {
            id: agent(0),
            name: "ada".to_owned(),
        },
        title: "A list of who baked what".to_owned(),
        state: state.to_owned(),
        cost: "0.0142".to_owned(),
        updated_at: "2026-02-02T08:59:00Z".to_owned(),
    }
}

pub(crate) fn task_message(no: i64, author: &str, kind: &str, text: &str) -> TaskMessageShape {
    TaskMessageShape {
        no,
        author: author.to_owned(),
        kind: kind.to_owned(),
        text: text.to_owned(),
        created_at: "2026-02-02T08:58:00Z".to_owned(),
        ..TaskMessageShape::default()
    }
}

pub(crate) fn task_frame(no: i64, text: &str) -> TaskFrame {
    TaskFrame {
        no,
        author: TaskAuthor::Agent,
        kind: TaskKind::Delivery,
        at_ms: 1_770_022_800_000,
        text: text.to_owned(),
        files: vec!["result.md".to_owned()],
        sources: Vec::new(),
    }
}

/// The same town with Ada thinking with a language model, and two tasks that were asked of her; none is open.
pub(crate) fn working() -> Mirror {
    let mut mirror = with(town(), &["models", "task_chats"]);
    if let Some(ada) = mirror.inspected.as_deref_mut() {
        ada.mind = MindKind::Llm;
    }
    let older = TaskChatShape {
        id: Uuid::from_u128(0xF501),
        title: "What the bridge needs".to_owned(),
        agent: MemberName {
            id: agent(1),
            name: "ben".to_owned(),
        },
        cost: "0.3".to_owned(),
        ..task_chat("closed")
    };
    mirror.tasks.take_list(TaskChatPage {
        chats: vec![task_chat("open"), older],
        next_cursor: Some("older".to_owned()),
    });
    mirror.tasks.door = Some((agent(0), "anyone".to_owned()));
    mirror
}

/// The same, with one of them read: Ada has delivered.
pub(crate) fn delivered() -> Mirror {
    let mut mirror = working();
    mirror.tasks.open(TASK, agent(0));
    let source = |title: &str, link: &str, seen| TaskSource {
        title: title.to_owned(),
        link: link.to_owned(),
        seen,
    };
    let delivery = TaskMessageShape {
        files: vec![TaskFileShape {
            name: "bakers.md".to_owned(),
            bytes: Some(1_204),
        }],
        sources: vec![
            source("Fresh bread on Thursday", "post 14", true),
            source("An almanac", "https://example.org/almanac", false),
        ],
        left_out: 2,
        ..task_message(
            4,
            "agent",
            "delivery",
            "Here is the list, by house and by day.",
        )
    };
    let asked = "Write down who has baked what this week, by house.";
    let understood = "1. Everybody who has baked this week.\n2. By house, with the day.";
    mirror.tasks.take_messages(
        TASK,
        TaskMessagePage {
            chat: task_chat("open"),
            messages: vec![
                task_message(1, "person", "message", asked),
                task_message(2, "agent", "requirements", understood),
                task_message(3, "agent", "progress", "I have read the board."),
                delivery,
            ],
            next_cursor: Some("older".to_owned()),
        },
    );
    mirror
}
