//! What becomes of a wish.

use hamlet_protocol::ids::{AgentId, CommentId, PostId};
use uuid::Uuid;

use super::{DRAFT_CHARS_MAX, Dialog, Inbox, Slot, Tone, View, Wish};
use crate::deeds::Deed;
use crate::link::{Ask, Secret};
use crate::mirror::{Mirror, TownPicture};
use crate::options::PanelName;
use crate::pages::Page;

/// People that "back" remembers.
const BACK_MAX: usize = 64;
/// Tiles from left to right when somebody is shown on the map.
const CLOSE_TILES: f32 = 26.0;
/// Pages that are asked for at once.
const DUE_MAX: usize = 32;
/// People that can be chosen at once.
const CHOSEN_MAX: usize = 500;

impl View {
    /// Does what can be done here, and gives back what the village must be asked.
    pub(crate) fn obey(&mut self, wish: Wish, mirror: &mut Mirror) -> Option<Ask> {
        match wish {
            Wish::Select(agent) => return self.select(agent),
            Wish::Choose(mut people) => {
                people.truncate(CHOSEN_MAX);
                let first = people.first().copied();
                let ask = self.select(first);
                self.chosen = if people.len() > 1 { people } else { Vec::new() };
                return ask;
            }
            Wish::LookAt(agent) => self.look_at(agent),
            Wish::Back => {
                let before = self.back.pop_back()?;
                self.forward.extend(self.selected);
                self.look_at(before);
            }
            Wish::Forward => {
                let after = self.forward.pop()?;
                self.back.extend(self.selected);
                self.look_at(after);
            }
            Wish::Follow(on) => self.follow = on && self.selected.is_some(),
            Wish::ShowOnMap(agent) => {
                if let Some(person) = mirror.world.person(agent) {
                    self.show(f32::from(person.x), f32::from(person.y));
                } else {
                    let text = "They are not in town now.".to_owned();
                    self.say(Tone::Trouble, text, self.now);
                }
                return self.select(Some(agent));
            }
            Wish::ShowPlace(x, y) => self.show(x, y),
            Wish::Camera(camera) => {
                self.camera = camera;
                if let Some(map) = &mirror.map {
                    let (width, height) = (map.width as f32, map.height as f32);
                    self.camera.keep_on(width, height);
                }
            }
            Wish::Fit => {
                self.follow = false;
                self.fit(mirror.map.as_deref());
            }
            Wish::Panel(panel) => self.wanted = Some(panel),
            Wish::Type(slot, text) => self.type_in(slot, text),
            Wish::List(query) => {
                mirror.board.ask(query.clone());
                mirror.board.thread = None;
                return Some(Ask::Posts {
                    query,
                    cursor: None,
                });
            }
            Wish::Again => {
                return Some(Ask::Posts {
                    query: mirror.board.list.query.clone(),
                    cursor: None,
                });
            }
            Wish::More => {
                return Some(Ask::Posts {
                    query: mirror.board.list.query.clone(),
                    cursor: Some(mirror.board.list.next.clone()?),
                });
            }
            Wish::Open(None) => mirror.board.thread = None,
            Wish::Open(Some(post)) => {
                mirror.board.open(post);
                self.wanted = Some(PanelName::Board);
                return Some(Ask::Thread(post));
            }
            Wish::Compose(on) => {
                self.composing = on;
                self.editing = None;
            }
            Wish::Edit(post) => self.edit(post, mirror),
            Wish::Answer(what) => self.answering = what,
            Wish::Send => return self.send(mirror),
            Wish::SendReply(post, parent) => return self.send_reply(post, parent),
            Wish::SendMessage(to) => return self.send_message(to),
            Wish::Vote(target, value) => return Some(Ask::Vote { target, value }),
            Wish::Do(deed) => return Some(unnumbered(deed)),
            Wish::Ask(dialog) => {
                // A dialog begins empty, also where another one was open.
                let slots = [&self.dialog, &dialog].into_iter().flatten();
                for slot in slots.flat_map(Dialog::slots) {
                    self.drafts.remove(slot);
                }
                self.confirmed = None;
                self.dialog = dialog;
            }
            Wish::Confirm => return self.confirm(),
            Wish::Need(page) => self.need(page),
            Wish::OpenChat(None) => mirror.mail.open = None,
            Wish::OpenChat(Some((agent, name))) => {
                self.inbox = Inbox::Letters;
                mirror.mail.open(agent, name);
                mirror.mail.group = None;
                self.wanted = Some(PanelName::Messages);
                return Some(Ask::Page(Page::Chat(agent)));
            }
            Wish::OpenGroup(None) => mirror.mail.group = None,
            Wish::OpenGroup(Some(group)) => {
                self.inbox = Inbox::Letters;
                mirror.mail.open_group(group);
                mirror.mail.open = None;
                self.wanted = Some(PanelName::Messages);
                return Some(Ask::Page(Page::Group(group)));
            }
            Wish::SendGroup(group) => return self.send_to_group(group),
            Wish::Inbox(inbox) => self.inbox = inbox,
            Wish::OpenTask(task) => return self.open_task(task, mirror),
            Wish::SendTask(agent) => return self.send_task(agent),
            Wish::SendTaskReply(chat) => return self.send_task_reply(chat),
            Wish::ReadFile(file) => self.file = file,
            Wish::SaveFile(file, name) => return Some(Ask::Save(file, name)),
            Wish::Side(side) => self.side = side,
            Wish::Filter(filter) => self.filter = filter,
            Wish::Way(way) => self.way = way,
            Wish::MoreOf(page) => {
                let cursor = mirror.next_of(&page)?.to_owned();
                return Some(Ask::More(page, cursor));
            }
            Wish::Desk(desk) => self.desk = desk,
            Wish::SortBy(column) => {
                self.order = (column, self.order.0 == column && !self.order.1);
            }
            Wish::EdgePan(on) => self.edge_pan = on,
            Wish::Steer(order) => return Some(Ask::Steer(order)),
            Wish::Search(on) => self.search = on,
            Wish::Help(on) => self.help = on,
            Wish::SignInDialog(on) => self.signing_in = on,
            Wish::SignIn => {
                let name = self.draft(Slot::SignInName).trim().to_owned();
                let password = self.drafts.remove(&Slot::SignInPassword)?;
                return Some(Ask::SignIn {
                    name,
                    password: Secret(password),
                });
            }
            Wish::SignOut => return Some(Ask::SignOut),
            Wish::Dark(dark) => self.dark = dark,
            Wish::Scale(scale) => self.scale = scale.clamp(0.6, 2.5),
            Wish::Window(window) => self.window = window,
            Wish::Dismiss(no) => self.toasts.retain(|it| it.no != no),
        }
        None
    }

    /// Asks for a page that is looked at, unless it is fresh.
    pub(super) fn need(&mut self, page: Page) {
        let asked = self.asked.get(&page).copied().unwrap_or(f64::NEG_INFINITY);
        if self.now - asked < page.every_secs() || self.due.len() >= DUE_MAX {
            return;
        }
        // What has grown old would be asked for again, as if it had never been: no need to remember it.
        let now = self.now;
        self.asked
            .retain(|page, asked| now - *asked < page.every_secs());
        self.asked.insert(page.clone(), now);
        self.due.push_back(page);
    }

    /// Asks for a page again, whatever its age, unless that is about to happen.
    pub(super) fn renew(&mut self, page: Page) {
        if !self.due.contains(&page) {
            self.asked.remove(&page);
            self.need(page);
        }
    }

    pub(super) fn select(&mut self, agent: Option<AgentId>) -> Option<Ask> {
        self.chosen.clear();
        if agent.is_some() {
            self.wanted = Some(PanelName::Inspector);
        }
        if self.selected == agent {
            return None;
        }
        if let Some(before) = self.selected {
            if self.back.len() == BACK_MAX {
                self.back.pop_front();
            }
            self.back.push_back(before);
        }
        self.forward.clear();
        match agent {
            Some(agent) => self.look_at(agent),
            None => {
                self.selected = None;
                self.follow = false;
            }
        }
        None
    }

    fn look_at(&mut self, agent: AgentId) {
        self.selected = Some(agent);
        // Asked at the next tick.
        self.inspected_at = f64::NEG_INFINITY;
    }

    pub(super) fn select_and_show(&mut self, agent: AgentId, x: f32, y: f32) {
        self.show(x, y);
        self.select(Some(agent));
    }

    fn show(&mut self, x: f32, y: f32) {
        self.follow = false;
        let wide = self.camera.rect.width();
        self.camera.zoom = match self.begin_tiles.take() {
            Some(tiles) => wide / tiles,
            None => self.camera.zoom.max(wide / CLOSE_TILES),
        };
        self.camera.middle = bevy_egui::egui::vec2(x + 0.5, y + 0.5);
        self.camera.fitted = true;
    }

    pub(super) fn fit(&mut self, map: Option<&TownPicture>) {
        if let Some(map) = map
            && self.camera.rect.width() > 100.5
        {
            self.camera.fit(map.width as f32, map.height as f32);
        }
    }

    pub(super) fn type_in(&mut self, slot: Slot, mut text: String) {
        self.troubles.remove(&slot);
        if let Some((end, _)) = text.char_indices().nth(DRAFT_CHARS_MAX) {
            text.truncate(end);
        }
        if text.is_empty() {
            // It was given up: the same words another day are another act.
            self.drafts.remove(&slot);
            self.tries.remove(&slot);
        } else {
            self.drafts.insert(slot, text);
        }
    }

    /// Opens the fields with a post's words in them; `None`: puts them away.
    fn edit(&mut self, post: Option<PostId>, mirror: &Mirror) {
        let Some(post) = post.and_then(|id| mirror.board.post(id)) else {
            self.editing = None;
            self.composing = false;
            for slot in POST_SLOTS {
                self.drafts.remove(&slot);
                self.tries.remove(&slot);
            }
            return;
        };
        self.editing = Some(post.id);
        self.composing = true;
        let flair = post.flair.clone().unwrap_or_default();
        for (slot, text) in [
            (Slot::PostTitle, post.title.clone()),
            (Slot::PostText, post.content.clone().unwrap_or_default()),
            (Slot::PostFlair, flair),
            (Slot::PostTags, post.tags.join(" ")),
        ] {
            self.type_in(slot, text);
        }
    }

    fn send(&mut self, mirror: &Mirror) -> Option<Ask> {
        let title = self.draft(Slot::PostTitle).trim().to_owned();
        if title.is_empty() || self.is_sent(Slot::PostTitle) {
            return None;
        }
        let content = self.draft(Slot::PostText).to_owned();
        let flair = self.draft(Slot::PostFlair).trim().to_owned();
        let tags = self.draft(Slot::PostTags).split([' ', ',']);
        let tags: Vec<String> = tags
            .filter(|it| !it.is_empty())
            .map(str::to_owned)
            .collect();
        let place = self.draft(Slot::PostPlace);
        let here = mirror.board.list.query.submolt.as_deref();
        let submolt = if place.is_empty() {
            here.unwrap_or(hamlet_protocol::board::GENERAL)
        } else {
            place
        };
        let submolt = submolt.to_owned();
        if let Some(post) = self.editing {
            let deed = Deed::EditPost {
                post,
                title,
                content,
                flair,
                tags,
            };
            return self.send_off(POST_SLOTS.to_vec(), unnumbered(deed));
        }
        // Where it goes is kept with it: the next window may read another list.
        self.type_in(Slot::PostPlace, submolt.clone());
        let write = Ask::Write {
            draft: 0,
            key: None,
            submolt,
            title,
            content,
            flair,
            tags,
        };
        self.send_off(POST_SLOTS.to_vec(), write)
    }

    fn send_reply(&mut self, post: PostId, parent: Option<CommentId>) -> Option<Ask> {
        let slot = Slot::Reply(post, parent);
        let content = self.draft(slot).trim().to_owned();
        if content.is_empty() || self.is_sent(slot) {
            return None;
        }
        let reply = Ask::Reply {
            draft: 0,
            key: None,
            post,
            parent,
            content,
        };
        self.send_off(vec![slot], reply)
    }

    fn send_message(&mut self, to: AgentId) -> Option<Ask> {
        let slot = Slot::Message(to);
        let text = self.draft(slot).trim().to_owned();
        if text.is_empty() || self.is_sent(slot) {
            return None;
        }
        self.send_off(vec![slot], unnumbered(Deed::Message { to, text }))
    }

    fn send_to_group(&mut self, group: Uuid) -> Option<Ask> {
        let slot = Slot::GroupMessage(group);
        let text = self.draft(slot).trim().to_owned();
        if text.is_empty() || self.is_sent(slot) {
            return None;
        }
        self.send_off(vec![slot], unnumbered(Deed::MessageGroup { group, text }))
    }

    /// The amount that is typed, with a point for a comma.
    pub(crate) fn amount(&self) -> String {
        self.draft(Slot::Amount).trim().replace(',', ".")
    }

    /// What the dialog leads to; `None` while something that it needs is not typed yet.
    pub(crate) fn deed(&self) -> Option<Deed> {
        let typed = |slot| self.draft(slot).trim().to_owned();
        let (reason, amount) = (typed(Slot::Reason), self.amount());
        Some(match self.dialog.clone()? {
            Dialog::Sure(deed, _) => deed,
            Dialog::Deposit => {
                let (agent, txn) = (typed(Slot::DepositTo), typed(Slot::DepositTxn));
                if agent.is_empty() || txn.is_empty() || !is_amount(&amount) {
                    return None;
                }
                Deed::Deposit {
                    agent,
                    amount,
                    txn,
                    note: typed(Slot::DepositNote),
                }
            }
            Dialog::FoundGroup => {
                let name = typed(Slot::GroupName);
                if name.is_empty() {
                    return None;
                }
                let guests = typed(Slot::GroupInvite);
                let guests = guests.split([' ', ',']).filter(|it| !it.is_empty());
                Deed::FoundGroup {
                    name,
                    invite: guests.map(str::to_owned).collect(),
                }
            }
            _ if reason.is_empty() => return None,
            Dialog::Report(subject, _) => Deed::Report { subject, reason },
            Dialog::Measure(action, subject, _) => Deed::Measure {
                action,
                subject,
                reason,
            },
            Dialog::Settle(bounty, _) => Deed::Settle {
                bounty,
                permille: permille(self.draft(Slot::Percent))?,
                reason,
            },
            Dialog::Lift(measure) => Deed::Lift { measure, reason },
            Dialog::Stand(name, standing) => Deed::Stand {
                name,
                standing,
                reason,
            },
            Dialog::Reward { .. } if !is_amount(&amount) => return None,
            Dialog::Reward {
                agent,
                post,
                penalty,
                ..
            } => Deed::Reward {
                agent,
                amount,
                reason,
                post,
                penalty,
            },
        })
    }

    /// Does what the dialog asks for, where everything it needs is typed.
    fn confirm(&mut self) -> Option<Ask> {
        let deed = self.deed()?;
        let dialog = self.dialog.take()?;
        let draft = self.number();
        let slots = dialog.slots();
        self.sent.insert(draft, slots.to_vec());
        self.confirmed = (!slots.is_empty()).then_some((draft, dialog));
        Some(Ask::Do {
            deed,
            draft: Some(draft),
            key: None,
        })
    }
}

/// A deed before its draft has a number and a key.
pub(super) fn unnumbered(deed: Deed) -> Ask {
    Ask::Do {
        deed,
        draft: None,
        key: None,
    }
}

/// Fields of a post.
const POST_SLOTS: [Slot; 4] = [
    Slot::PostTitle,
    Slot::PostText,
    Slot::PostFlair,
    Slot::PostTags,
];

/// A part in hundredths as it is typed, with at most one digit behind a point or comma, in thousandths; `None`: it is none.
pub(crate) fn permille(text: &str) -> Option<u16> {
    let text = text
        .trim()
        .trim_end_matches('%')
        .trim_end()
        .replace(',', ".");
    let (whole, tenth) = text.split_once('.').unwrap_or((&text, "0"));
    let is_digits = |it: &str, most: usize| {
        (1..=most).contains(&it.len()) && it.bytes().all(|it| it.is_ascii_digit())
    };
    if !is_digits(whole, 3) || !is_digits(tenth, 1) {
        return None;
    }
    let part = whole.parse::<u16>().ok()? * 10 + tenth.parse::<u16>().ok()?;
    (part <= 1_000).then_some(part)
}

/// Whether a text is an amount of money above nothing: digits, perhaps a point and up to six more.
pub(crate) fn is_amount(text: &str) -> bool {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |it: &str, most: usize| {
        (1..=most).contains(&it.len()) && it.bytes().all(|it| it.is_ascii_digit())
    };
    digits(whole, 9) && digits(part, 6) && text.bytes().any(|it| (b'1'..=b'9').contains(&it))
}
