//! What the window does with news, and what is due by the clock.

use super::{Slot, Tone, View};
use crate::deeds::Deed;
use crate::link::{Ask, News};
use crate::mirror::{Mirror, TownPicture};
use crate::pages::Page;
use crate::tasks::TaskDeed;
use crate::theme::TOAST_SECS;

/// Seconds between two looks at whoever is selected.
const INSPECT_SECS: f64 = 3.0;
/// Characters from which the village is asked for posts with these words.
const SEARCH_CHARS_MIN: usize = 3;

impl View {
    /// Takes in what the line says; gives back what to ask next.
    pub(crate) fn hear(&mut self, news: News, mirror: &mut Mirror, now: f64) -> Option<Ask> {
        match news {
            News::Link(state) => mirror.link.state = state,
            News::Server(server) => {
                let known = mirror.server.as_ref().map(|it| &it.version);
                let is_news = known != Some(&server.version);
                if is_news && server.version != env!("CARGO_PKG_VERSION") {
                    let text = format!(
                        "The village runs hamlet {}, this window is {}. Most will work.",
                        server.version,
                        env!("CARGO_PKG_VERSION")
                    );
                    self.say(Tone::Trouble, text, now);
                }
                // A village that comes back brings its board with its own frames.
                let first = mirror.server.replace(*server).is_none();
                return posts_again(mirror).filter(|_| first);
            }
            News::Map(shape) => {
                let map = TownPicture::read(*shape);
                for fault in &map.faults {
                    self.say(Tone::Trouble, fault.clone(), now);
                }
                mirror.map = Some(std::sync::Arc::new(map));
            }
            // The scene's.
            News::Picture { .. } => {}
            News::Me(me) => {
                self.signing_in &= me.is_none();
                self.asked.clear();
                mirror.look_as(me);
            }
            News::World(frame) => mirror.apply_world(frame, now),
            News::Board(frame) => {
                let turned_back = mirror.board.is_before(&frame);
                mirror.apply_board(frame);
                if turned_back {
                    return posts_again(mirror);
                }
            }
            News::Own => {
                let group = mirror.mail.group.as_ref().map(|it| Page::Group(it.id));
                let pages = [Page::Notices, Page::Chats, Page::Requests];
                let groups = mirror.has("groups").then_some(Page::Groups);
                let tasks = mirror.has("task_chats").then_some(Page::Tasks);
                let task = mirror.tasks.open.as_ref().map(|it| Page::Task(it.id));
                let pages = pages.into_iter().chain(groups).chain(group);
                for page in pages.chain(tasks).chain(task) {
                    self.renew(page);
                }
                let open = mirror.mail.open.as_ref().map(|it| it.with);
                return open.map(|with| Ask::Page(Page::Chat(with)));
            }
            News::Task {
                chat,
                working,
                message,
            } => self.hear_of_task(chat, working, *message, mirror),
            News::TaskWords { chat, from, text } => mirror.tasks.take_words(chat, from, &text),
            News::TaskChat { chat, begun } => return self.hear_of_chat(chat, begun, mirror),
            News::Unread(page, problem) => self.unread(&page, &problem, mirror),
            News::Time(time) => mirror.take_time(time),
            News::Agent(agent) => mirror.inspected = Some(agent),
            News::Page(page, leaf) => mirror.take(page, *leaf, now),
            News::More { page, cursor, leaf } => mirror.take_more(&page, &cursor, *leaf),
            News::Posts {
                query,
                cursor,
                page,
            } => mirror.board.take_page(&query, cursor.as_deref(), page),
            News::Post(post) => mirror.board.take_post(post),
            News::Submolts(submolts) => mirror.submolts = submolts,
            News::Score { target, score } => mirror.board.take_score(target, score),
            News::Done { text, draft, deed } => {
                if let Some(draft) = draft {
                    self.delivered(draft);
                }
                if !text.is_empty() {
                    self.say(Tone::Done, text, now);
                }
                return self.after(deed.as_deref(), mirror);
            }
            News::Refused {
                problem,
                was_act,
                draft,
            } => {
                if was_act {
                    // What was typed stays where it is, to be sent again; what else is under way stays under way.
                    let slots = draft.and_then(|it| self.sent.remove(&it));
                    self.refused_of(slots.as_deref().unwrap_or_default(), &problem);
                    if let Some((_, back)) = self.confirmed.take_if(|it| Some(it.0) == draft) {
                        self.dialog.get_or_insert(back);
                    }
                    let mut slots = slots.into_iter().flatten();
                    match slots.find(|it| it.has_room_for_trouble()) {
                        Some(slot) => {
                            self.troubles.insert(slot, problem.sentence());
                        }
                        None => self.say(Tone::Trouble, problem.sentence(), now),
                    }
                } else if problem.status != 0 {
                    // Of a village that does not answer the banner tells.
                    self.say(Tone::Trouble, problem.sentence(), now);
                }
            }
        }
        None
    }

    /// What is asked for again when something was done.
    fn after(&mut self, deed: Option<&Deed>, mirror: &mut Mirror) -> Option<Ask> {
        self.inspected_at = f64::NEG_INFINITY;
        let deed = deed?;
        for page in deed.request().then {
            self.renew(page);
        }
        match deed {
            Deed::LeaveGroup(_) => {
                mirror.mail.group = None;
                None
            }
            // Whoever they are by now: their money and their measure have changed.
            Deed::Reward { .. } | Deed::Deposit { .. } => {
                let ledgers = |it: &Page| matches!(it, Page::Ledger(_) | Page::Economy);
                self.asked.retain(|page, _| !ledgers(page));
                None
            }
            // Read again where they are looked at: the village notes each reading.
            Deed::RevokeKeys { agent, .. } | Deed::RevokeKey { agent, .. } => {
                self.asked.remove(&Page::StaffKeys(*agent));
                None
            }
            Deed::Task(TaskDeed::Delete(chat)) => {
                mirror.tasks.forget(*chat);
                None
            }
            Deed::EditPost { post, .. } => Some(Ask::Thread(*post)),
            Deed::DeletePost(_) => {
                mirror.board.thread = None;
                posts_again(mirror)
            }
            Deed::Measure { .. } => posts_again(mirror),
            _ => None,
        }
    }

    /// A draft came to its end well: what was typed is no longer needed.
    fn delivered(&mut self, draft: u64) {
        if self.confirmed.as_ref().is_some_and(|it| it.0 == draft) {
            self.confirmed = None;
        }
        for slot in self.sent.remove(&draft).unwrap_or_default() {
            self.drafts.remove(&slot);
            self.tries.remove(&slot);
            self.troubles.remove(&slot);
            match slot {
                Slot::PostTitle => {
                    self.drafts.remove(&Slot::PostPlace);
                    self.composing = false;
                    self.editing = None;
                }
                Slot::Reply(..) => self.answering = None,
                _ => {}
            }
        }
    }

    /// What is due by the clock: toasts go, the map follows, and whoever is selected is looked at again.
    pub(crate) fn tick(&mut self, mirror: &Mirror, now: f64) -> Option<Ask> {
        self.now = now;
        for toast in &mut self.toasts {
            // Said without a clock at hand.
            if toast.until < TOAST_SECS + 1.0 && now > TOAST_SECS + 1.0 {
                toast.until = now + TOAST_SECS;
            }
        }
        self.toasts.retain(|it| it.until > now);
        self.begin(mirror);
        let person = self.selected.and_then(|id| mirror.world.person(id));
        if self.follow
            && let Some(person) = person
        {
            let (x, y) = person.at(now);
            self.camera.middle = bevy_egui::egui::vec2(x + 0.5, y + 0.5);
        }
        if self.search && self.draft(Slot::Search).trim().chars().count() >= SEARCH_CHARS_MIN {
            self.need(Page::Posts(self.draft(Slot::Search).trim().to_owned()));
        }
        if !mirror.link.is_live() {
            return None;
        }
        if let Some(page) = self.due.pop_front() {
            return Some(Ask::Page(page));
        }
        let selected = self.selected?;
        if now - self.inspected_at < INSPECT_SECS {
            return None;
        }
        self.inspected_at = now;
        Some(Ask::Agent(selected))
    }

    /// Shows what the window was opened for, as soon as it is there.
    fn begin(&mut self, mirror: &Mirror) {
        if !self.camera.fitted {
            self.fit(mirror.map.as_deref());
            if let Some(tiles) = self.begin_tiles {
                self.camera.zoom = self.camera.rect.width() / tiles;
            }
        }
        let Some(name) = self.awaited.as_deref() else {
            return;
        };
        if let Some(person) = mirror.world.named(name)
            && self.camera.fitted
        {
            let (id, x, y) = (person.id, f32::from(person.x), f32::from(person.y));
            self.awaited = None;
            self.select_and_show(id, x, y);
            self.wanted = self.begin_panel.or(self.wanted);
        }
    }
}

fn posts_again(mirror: &Mirror) -> Option<Ask> {
    Some(Ask::Posts {
        query: mirror.board.list.query.clone(),
        cursor: None,
    })
}
