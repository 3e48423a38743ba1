//! What becomes of wishes and news about task chats.

use hamlet_protocol::frame::TaskFrame;
use hamlet_protocol::ids::AgentId;
use hamlet_protocol::task::{TASK_TEXT_CHARS_MAX, TASK_TITLE_CHARS_MAX, TaskAuthor, TaskKind};
use uuid::Uuid;

use super::obey::unnumbered;
use super::{Side, Slot, Tone, View};
use crate::deeds::Deed;
use crate::link::Ask;
use crate::mirror::Mirror;
use crate::options::PanelName;
use crate::pages::Page;
use crate::tasks::TaskDeed;
use crate::wire::{Problem, TaskChatShape};

impl View {
    /// What is typed in a field of a task, where it can be sent as it is.
    pub(crate) fn task_text(&self, slot: Slot) -> Option<&str> {
        let text = self.draft(slot).trim();
        let fits = !text.is_empty() && text.chars().count() <= TASK_TEXT_CHARS_MAX;
        (fits && !self.is_sent(slot)).then_some(text)
    }

    /// Reads a task chat with an agent; `None`: none any more.
    pub(super) fn open_task(
        &mut self,
        task: Option<(AgentId, Uuid)>,
        mirror: &mut Mirror,
    ) -> Option<Ask> {
        self.file = None;
        let Some((agent, chat)) = task else {
            mirror.tasks.open = None;
            return None;
        };
        self.side = Side::Task;
        // Those who were chosen with them stay chosen.
        if self.selected != Some(agent) {
            self.select(Some(agent));
        }
        self.wanted = Some(PanelName::Inspector);
        mirror.tasks.open(chat, agent);
        Some(Ask::Page(Page::Task(chat)))
    }

    /// The work that is typed for an agent; `None` while it cannot be asked for.
    pub(crate) fn task(&self, agent: AgentId) -> Option<TaskDeed> {
        let title = self.draft(Slot::TaskTitle(agent)).trim();
        let text = self.task_text(Slot::TaskText(agent))?;
        (title.chars().count() <= TASK_TITLE_CHARS_MAX).then(|| TaskDeed::Open {
            agent,
            title: title.to_owned(),
            text: text.to_owned(),
        })
    }

    /// Asks an agent for the work that is typed.
    pub(super) fn send_task(&mut self, agent: AgentId) -> Option<Ask> {
        let deed = self.task(agent)?;
        let slots = vec![Slot::TaskText(agent), Slot::TaskTitle(agent)];
        self.send_as(deed, slots)
    }

    /// Sends what is typed in a task chat.
    pub(super) fn send_task_reply(&mut self, chat: Uuid) -> Option<Ask> {
        let slot = Slot::TaskReply(chat);
        let text = self.task_text(slot)?.to_owned();
        self.send_as(TaskDeed::Write { chat, text }, vec![slot])
    }

    fn send_as(&mut self, deed: TaskDeed, slots: Vec<Slot>) -> Option<Ask> {
        for slot in &slots {
            self.troubles.remove(slot);
        }
        self.send_off(slots, unnumbered(Deed::Task(deed)))
    }

    /// Something was said for good in a task chat. What is read is asked for in full; of what is not, a word is said.
    pub(super) fn hear_of_task(
        &mut self,
        chat: Uuid,
        working: bool,
        message: TaskFrame,
        mirror: &mut Mirror,
    ) {
        let open = mirror.tasks.open.as_ref().filter(|it| it.id == chat);
        let looks = open.is_some_and(|it| self.looks_at_task_of(it.with));
        if open.is_some() {
            self.renew(Page::Task(chat));
        }
        let news = !working && !looks && message.author != TaskAuthor::Person;
        if let Some(known) = mirror.tasks.known(chat).filter(|_| news) {
            let what = match message.kind {
                TaskKind::Question => "asks you something about",
                TaskKind::Delivery => "has delivered",
                TaskKind::Failure => "could not do all of",
                _ => "has answered in",
            };
            let text = format!("{} {what} “{}”.", known.agent.name, known.title);
            self.say(Tone::Done, text, self.now);
        }
        self.renew(Page::Tasks);
        mirror.tasks.take_frame(chat, working, message);
    }

    /// How a task chat is after something was done in it. One that began is read at once by whoever still looks.
    pub(super) fn hear_of_chat(
        &mut self,
        chat: TaskChatShape,
        begun: bool,
        mirror: &mut Mirror,
    ) -> Option<Ask> {
        let (id, with) = (chat.id, chat.agent.id);
        mirror.tasks.take_chat(chat);
        if !begun || !self.looks_at_task_of(with) {
            return None;
        }
        mirror.tasks.open(id, with);
        Some(Ask::Page(Page::Task(id)))
    }

    fn looks_at_task_of(&self, agent: AgentId) -> bool {
        self.selected == Some(agent) && self.side == Side::Task
    }

    /// A page cannot be read: where it is missed, it says why.
    pub(super) fn unread(&mut self, page: &Page, problem: &Problem, mirror: &mut Mirror) {
        match page {
            Page::Task(chat) => mirror.tasks.trouble(*chat, problem.sentence()),
            Page::StaffKeys(agent) => mirror.office.take_keys(*agent, Err(problem.sentence())),
            _ => {}
        }
    }
}
