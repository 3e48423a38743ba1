//! The signed-in person's task chats.

use hamlet_protocol::frame::TaskFrame;
use hamlet_protocol::ids::AgentId;
use uuid::Uuid;

use super::paged::Paged;
use crate::wire::{FileAt, TaskChatPage, TaskChatShape, TaskMessagePage, TaskMessageShape};

/// Characters of words that are not final; beyond them the older ones go.
const WORDS_CHARS_MAX: usize = 4_000;
/// Stands for words that were not heard.
const MISSED: &str = "… ";

/// The signed-in person's task chats.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Tasks {
    /// All of them, the last used first; `None` until they have come.
    pub(crate) list: Option<Paged<TaskChatShape>>,
    /// The one that is read.
    pub(crate) open: Option<TaskTalk>,
    /// The file that was read last.
    pub(crate) file: Option<(FileAt, String)>,
    /// Who may ask whoever was looked at last for work: `owner`, `anyone` or `nobody`.
    pub(crate) door: Option<(AgentId, String)>,
}

/// A task chat that is read.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TaskTalk {
    /// Which.
    pub(crate) id: Uuid,
    /// Who works.
    pub(crate) with: AgentId,
    /// The chat itself, where it is known.
    pub(crate) chat: Option<TaskChatShape>,
    /// Its messages, newest first; `None` until they have come.
    pub(crate) messages: Option<Paged<TaskMessageShape>>,
    /// What the agent is saying; not final, and kept nowhere.
    pub(crate) words: String,
    /// Why it cannot be read just now.
    pub(crate) trouble: Option<String>,
    /// Characters of the present answer that were heard of.
    heard: u64,
}

impl Tasks {
    /// A chat is to be read.
    pub(crate) fn open(&mut self, id: Uuid, with: AgentId) {
        if self.open.as_ref().is_some_and(|it| it.id == id) {
            return;
        }
        self.open = Some(TaskTalk {
            id,
            with,
            chat: self.known(id).cloned(),
            messages: None,
            words: String::new(),
            trouble: None,
            heard: 0,
        });
    }

    /// A chat, where it is known.
    pub(crate) fn known(&self, id: Uuid) -> Option<&TaskChatShape> {
        let mut listed = self.list.iter().flat_map(|it| &it.items);
        listed.find(|it| it.id == id)
    }

    /// Chats with an agent, the last used first.
    pub(crate) fn with(&self, agent: AgentId) -> impl Iterator<Item = &TaskChatShape> {
        let listed = self.list.iter().flat_map(|it| &it.items);
        listed.filter(move |it| it.agent.id == agent)
    }

    /// Takes in the first page of all chats.
    pub(crate) fn take_list(&mut self, page: TaskChatPage) {
        Paged::renew(&mut self.list, page.chats, page.next_cursor);
    }

    /// Takes in how a chat is.
    pub(crate) fn take_chat(&mut self, chat: TaskChatShape) {
        if let Some(list) = &mut self.list {
            match list.items.iter_mut().find(|it| it.id == chat.id) {
                Some(known) => known.clone_from(&chat),
                None => list.items.insert(0, chat.clone()),
            }
        }
        if let Some(open) = self.open.as_mut().filter(|it| it.id == chat.id) {
            if !chat.is_working() {
                open.hush();
            }
            open.chat = Some(chat);
        }
    }

    /// Takes in the newest messages of a chat.
    pub(crate) fn take_messages(&mut self, id: Uuid, page: TaskMessagePage) {
        self.take_chat(page.chat);
        if let Some(open) = self.reading(id) {
            open.trouble = None;
            let newest_first = page.messages.into_iter().rev().collect();
            Paged::renew(&mut open.messages, newest_first, page.next_cursor);
        }
    }

    /// Takes in older messages of a chat.
    pub(crate) fn take_older(&mut self, id: Uuid, cursor: &str, page: TaskMessagePage) {
        if let Some(list) = self.reading(id).and_then(|it| it.messages.as_mut()) {
            let newest_first = page.messages.into_iter().rev().collect();
            list.go_on(cursor, newest_first, page.next_cursor);
        }
    }

    /// Something was said for good.
    pub(crate) fn take_frame(&mut self, id: Uuid, working: bool, frame: TaskFrame) {
        let state = if working { "working" } else { "open" };
        let listed = self.list.iter_mut().flat_map(|it| &mut it.items);
        let listed = listed.filter(|it| it.id == id);
        let read = self.open.iter_mut().filter(|it| it.id == id);
        let read = read.filter_map(|it| it.chat.as_mut());
        for chat in listed.chain(read).filter(|it| !it.is_closed()) {
            state.clone_into(&mut chat.state);
        }
        let Some(open) = self.reading(id) else {
            return;
        };
        open.hush();
        if let Some(list) = &mut open.messages
            && list.items.first().is_none_or(|last| last.no < frame.no)
        {
            list.items.insert(0, frame.into());
        }
    }

    /// Takes in words that are not final.
    pub(crate) fn take_words(&mut self, id: Uuid, from: u64, text: &str) {
        let Some(open) = self.reading(id) else {
            return;
        };
        if from == 0 {
            open.words.clear();
        } else if from != open.heard {
            MISSED.clone_into(&mut open.words);
        }
        open.words.push_str(text);
        open.heard = from + text.chars().count() as u64;
        let spare = open.words.chars().count().saturating_sub(WORDS_CHARS_MAX);
        if spare > 0 {
            open.words = open.words.chars().skip(spare).collect();
        }
    }

    /// A chat cannot be read just now, and why.
    pub(crate) fn trouble(&mut self, id: Uuid, why: String) {
        if let Some(open) = self.reading(id) {
            open.trouble = Some(why);
        }
    }

    /// A chat is no more.
    pub(crate) fn forget(&mut self, id: Uuid) {
        if self.reading(id).is_some() {
            self.open = None;
        }
        if let Some(list) = &mut self.list {
            list.items.retain(|it| it.id != id);
        }
    }

    fn reading(&mut self, id: Uuid) -> Option<&mut TaskTalk> {
        self.open.as_mut().filter(|it| it.id == id)
    }
}

impl TaskTalk {
    /// What was being said has come to its end.
    fn hush(&mut self) {
        self.words.clear();
        self.heard = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{TASK, agent, task_chat, task_frame, task_message};
    use super::*;

    fn reading() -> Tasks {
        let mut tasks = Tasks::default();
        tasks.take_list(TaskChatPage {
            chats: vec![task_chat("working")],
            next_cursor: None,
        });
        tasks.open(TASK, agent(0));
        tasks
    }

    fn page(numbers: std::ops::Range<i64>, state: &str, next: Option<&str>) -> TaskMessagePage {
        TaskMessagePage {
            chat: task_chat(state),
            messages: numbers
                .map(|no| task_message(no, "agent", "progress", "On."))
                .collect(),
            next_cursor: next.map(str::to_owned),
        }
    }

    fn numbers(tasks: &Tasks) -> Vec<i64> {
        let open = tasks.open.as_ref().and_then(|it| it.messages.as_ref());
        open.map(|it| it.items.iter().map(|it| it.no).collect())
            .unwrap_or_default()
    }

    fn words(tasks: &Tasks) -> &str {
        tasks.open.as_ref().map_or("", |it| &it.words)
    }

    #[test]
    fn words_are_put_together_as_they_come() {
        let mut tasks = reading();
        tasks.take_words(TASK, 0, "Plüm ");
        tasks.take_words(TASK, 5, "jam");
        assert_eq!(words(&tasks), "Plüm jam");
        tasks.take_words(TASK, 20, "three jars");
        assert_eq!(words(&tasks), "… three jars", "some were not heard");
        tasks.take_words(TASK, 30, " of it");
        assert_eq!(words(&tasks), "… three jars of it");
        tasks.take_words(TASK, 0, "Another");
        assert_eq!(words(&tasks), "Another", "another answer");
        tasks.take_words(Uuid::from_u128(1), 0, "Elsewhere");
        assert_eq!(words(&tasks), "Another");
    }

    #[test]
    fn words_without_end_are_bounded() {
        let mut tasks = reading();
        let chunk = "é".repeat(1_000);
        for no in 0..500 {
            tasks.take_words(TASK, no * 1_000, &chunk);
        }
        tasks.take_words(TASK, 500_000, "jam");
        let newest = format!("{}jam", "é".repeat(WORDS_CHARS_MAX - 3));
        assert_eq!(words(&tasks), newest, "the older ones go, the newest stay");
    }

    #[test]
    fn what_is_said_for_good_takes_the_place_of_words() {
        let mut tasks = reading();
        tasks.take_messages(TASK, page(1..3, "working", None));
        tasks.take_words(TASK, 0, "I am");
        tasks.take_frame(TASK, true, task_frame(3, "Half of it is done."));
        assert_eq!((words(&tasks), numbers(&tasks)), ("", vec![3, 2, 1]));
        tasks.take_frame(TASK, true, task_frame(3, "Half of it is done."));
        assert_eq!(numbers(&tasks), [3, 2, 1], "a message comes once");
        tasks.take_frame(TASK, false, task_frame(4, "Here it is."));
        let state = tasks.known(TASK).map(|it| it.state.as_str());
        assert_eq!(state, Some("open"), "it is the person's turn");
    }

    #[test]
    fn older_messages_come_behind_and_stay() {
        let mut tasks = reading();
        tasks.take_messages(TASK, page(11..16, "open", Some("a")));
        tasks.take_older(TASK, "a", page(6..11, "open", Some("b")));
        tasks.take_messages(TASK, page(12..17, "open", Some("c")));
        assert_eq!(numbers(&tasks), (6..17).rev().collect::<Vec<_>>());
        let next = tasks.open.as_ref().and_then(|it| it.messages.as_ref());
        assert_eq!(next.and_then(|it| it.next.as_deref()), Some("b"));
    }

    #[test]
    fn a_chat_that_is_gone_is_not_read_any_more() {
        let mut tasks = reading();
        tasks.forget(TASK);
        assert!(tasks.open.is_none() && tasks.known(TASK).is_none());
    }
}
