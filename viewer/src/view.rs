//! What the window itself remembers: selection, camera, drafts, toasts; and what becomes of a wish.
//!
//! Panels do not change anything. They put wishes into a queue, and [`View::obey`] is where they come true.

use std::collections::{BTreeMap, VecDeque};

use hamlet_protocol::act::VoteTarget;
use hamlet_protocol::ids::{AgentId, CommentId, PostId};

use crate::camera::MapCamera;
use crate::link::{Ask, News, Secret};
use crate::mirror::{Mirror, PostQuery, TownPicture};
use crate::options::PanelName;
use crate::theme::TOAST_SECS;
use crate::wire::TimeOrder;

/// People that "back" remembers.
const BACK_MAX: usize = 64;
/// Toasts at once.
const TOASTS_MAX: usize = 5;
/// Characters of a draft.
pub(crate) const DRAFT_CHARS_MAX: usize = 100_000;
/// Seconds between two looks at whoever is selected.
const INSPECT_SECS: f64 = 3.0;
/// Tiles from left to right when somebody is shown on the map.
const CLOSE_TILES: f32 = 26.0;

/// A text that is being typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Slot {
    PostTitle,
    PostText,
    PostPlace,
    Reply(PostId, Option<CommentId>),
    SignInName,
    SignInPassword,
    Search,
}

/// What somebody wants.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Wish {
    /// Look at somebody; `None`: at nobody.
    Select(Option<AgentId>),
    /// The one looked at before.
    Back,
    /// The one looked at after.
    Forward,
    /// Stay with whoever is selected, or no longer.
    Follow(bool),
    /// Show somebody on the map.
    ShowOnMap(AgentId),
    /// Show a place of the map, in tiles.
    ShowPlace(f32, f32),
    /// Look elsewhere on the map.
    Camera(MapCamera),
    /// Show the whole map.
    Fit,
    /// Bring a panel to the front.
    Panel(PanelName),
    /// A text was typed.
    Type(Slot, String),
    /// List other posts.
    List(PostQuery),
    /// The next page of posts.
    More,
    /// The list again.
    Again,
    /// Read a post; `None`: back to the list.
    Open(Option<PostId>),
    /// Write a post: the text fields are open, or no longer.
    Compose(bool),
    /// Answer a post or comment; `None`: nothing.
    Answer(Option<(PostId, Option<CommentId>)>),
    /// Send the post that is typed.
    Send,
    /// Send the answer that is typed.
    SendReply(PostId, Option<CommentId>),
    /// Vote.
    Vote(VoteTarget, i8),
    /// Follow somebody on the board, or no longer.
    FollowAgent(String, bool),
    /// Steer the village's time.
    Steer(TimeOrder),
    /// The search field.
    Search(bool),
    /// The sheet of keys.
    Help(bool),
    /// The sign-in dialog.
    SignInDialog(bool),
    /// Sign in with what is typed.
    SignIn,
    /// Sign out.
    SignOut,
    /// Dark or light.
    Dark(bool),
    /// Larger or smaller letters.
    Scale(f32),
    /// Another span of the charts.
    Window(usize),
    /// A toast is read.
    Dismiss(u64),
}

/// The wishes of one frame.
pub(crate) type CommandQueue = Vec<Wish>;

/// What panels draw from.
#[derive(Clone, Copy)]
pub(crate) struct ViewContext<'a> {
    /// What the window knows of the village.
    pub(crate) mirror: &'a Mirror,
    /// What it remembers itself.
    pub(crate) view: &'a View,
    /// Seconds of the window's clock.
    pub(crate) now: f64,
}

/// How grave a toast is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    Done,
    Trouble,
}

/// Something that is said in passing.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Toast {
    pub(crate) no: u64,
    pub(crate) tone: Tone,
    pub(crate) text: String,
    pub(crate) until: f64,
}

/// What the window remembers.
#[derive(Debug)]
pub(crate) struct View {
    pub(crate) selected: Option<AgentId>,
    pub(crate) back: VecDeque<AgentId>,
    pub(crate) forward: Vec<AgentId>,
    pub(crate) follow: bool,
    pub(crate) camera: MapCamera,
    pub(crate) drafts: BTreeMap<Slot, String>,
    pub(crate) composing: bool,
    pub(crate) answering: Option<(PostId, Option<CommentId>)>,
    pub(crate) sent: BTreeMap<u64, Vec<Slot>>,
    pub(crate) next_no: u64,
    pub(crate) search: bool,
    pub(crate) help: bool,
    pub(crate) signing_in: bool,
    pub(crate) dark: bool,
    pub(crate) scale: f32,
    pub(crate) window: usize,
    pub(crate) toasts: Vec<Toast>,
    /// A panel that wants to come to the front.
    pub(crate) wanted: Option<PanelName>,
    pub(crate) inspected_at: f64,
    /// Whom to select as soon as they are there.
    pub(crate) awaited: Option<String>,
    /// Tiles from left to right to begin with; `None`: the whole map.
    pub(crate) begin_tiles: Option<f32>,
    /// The panel to begin with, also when somebody is selected from the start.
    pub(crate) begin_panel: Option<PanelName>,
}

impl Default for View {
    fn default() -> Self {
        Self {
            selected: None,
            back: VecDeque::new(),
            forward: Vec::new(),
            follow: false,
            camera: MapCamera::default(),
            drafts: BTreeMap::new(),
            composing: false,
            answering: None,
            sent: BTreeMap::new(),
            next_no: 1,
            search: false,
            help: false,
            signing_in: false,
            dark: true,
            scale: 1.0,
            window: 1,
            toasts: Vec::new(),
            wanted: None,
            inspected_at: f64::NEG_INFINITY,
            awaited: None,
            begin_tiles: None,
            begin_panel: None,
        }
    }
}

impl View {
    /// What is typed in a field.
    pub(crate) fn draft(&self, slot: Slot) -> &str {
        self.drafts.get(&slot).map_or("", String::as_str)
    }

    /// Whether there is somebody to go back to, and forward to.
    pub(crate) fn ways(&self) -> (bool, bool) {
        (!self.back.is_empty(), !self.forward.is_empty())
    }

    /// Whether a draft is on its way.
    pub(crate) fn is_sent(&self, slot: Slot) -> bool {
        self.sent.values().any(|slots| slots.contains(&slot))
    }

    /// Does what can be done here, and gives back what the village must be asked.
    pub(crate) fn obey(&mut self, wish: Wish, mirror: &mut Mirror) -> Option<Ask> {
        match wish {
            Wish::Select(agent) => return self.select(agent),
            Wish::Back => {
                let before = self.back.pop_back()?;
                self.forward.extend(self.selected);
                return self.look_at(before);
            }
            Wish::Forward => {
                let after = self.forward.pop()?;
                self.back.extend(self.selected);
                return self.look_at(after);
            }
            Wish::Follow(on) => self.follow = on && self.selected.is_some(),
            Wish::ShowOnMap(agent) => {
                if let Some(person) = mirror.world.person(agent) {
                    self.show(f32::from(person.x), f32::from(person.y));
                } else {
                    self.say(Tone::Trouble, "They are not in town now.".to_owned(), 0.0);
                }
                self.wanted = Some(PanelName::Inspector);
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
            Wish::Compose(on) => self.composing = on,
            Wish::Answer(what) => self.answering = what,
            Wish::Send => return self.send(mirror),
            Wish::SendReply(post, parent) => return self.send_reply(post, parent),
            Wish::Vote(target, value) => return Some(Ask::Vote { target, value }),
            Wish::FollowAgent(name, on) => return Some(Ask::Follow { name, on }),
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

    /// Says something in passing.
    pub(crate) fn say(&mut self, tone: Tone, text: String, now: f64) {
        if self.toasts.iter().any(|it| it.text == text) {
            return;
        }
        if self.toasts.len() == TOASTS_MAX {
            self.toasts.remove(0);
        }
        let no = self.number();
        self.toasts.push(Toast {
            no,
            tone,
            text,
            until: now + TOAST_SECS,
        });
    }

    /// What is due by the clock: toasts go, the map follows, and whoever is selected is looked at again.
    pub(crate) fn tick(&mut self, mirror: &Mirror, now: f64) -> Option<Ask> {
        for toast in &mut self.toasts {
            // Said without a clock at hand.
            if toast.until < TOAST_SECS + 1.0 && now > TOAST_SECS + 1.0 {
                toast.until = now + TOAST_SECS;
            }
        }
        self.toasts.retain(|it| it.until > now);
        if !self.camera.fitted {
            self.fit(mirror.map.as_deref());
            if let Some(tiles) = self.begin_tiles {
                self.camera.zoom = self.camera.rect.width() / tiles;
            }
        }
        if let Some(name) = &self.awaited
            && let Some(person) = mirror.world.named(name)
            && self.camera.fitted
        {
            let (id, x, y) = (person.id, f32::from(person.x), f32::from(person.y));
            self.awaited = None;
            self.show(x, y);
            let ask = self.select(Some(id));
            self.wanted = self.begin_panel.or(self.wanted);
            return ask;
        }
        let person = self.selected.and_then(|id| mirror.world.person(id));
        if self.follow
            && let Some(person) = person
        {
            let (x, y) = person.at(now);
            self.camera.middle = bevy_egui::egui::vec2(x + 0.5, y + 0.5);
        }
        let selected = self.selected.filter(|_| mirror.link.is_live())?;
        if now - self.inspected_at < INSPECT_SECS {
            return None;
        }
        self.inspected_at = now;
        Some(Ask::Agent(selected))
    }

    /// A draft came to its end well: what was typed is no longer needed.
    fn delivered(&mut self, draft: u64) {
        for slot in self.sent.remove(&draft).unwrap_or_default() {
            self.drafts.remove(&slot);
            match slot {
                Slot::PostTitle => self.composing = false,
                Slot::Reply(..) => self.answering = None,
                _ => {}
            }
        }
    }

    /// Takes in what the line says; gives back what to ask next.
    pub(crate) fn hear(&mut self, news: News, mirror: &mut Mirror, now: f64) -> Option<Ask> {
        match news {
            News::Link(state) => mirror.link.state = state,
            News::Server(server) => {
                if server.version != env!("CARGO_PKG_VERSION") {
                    let text = format!(
                        "The village runs hamlet {}, this window is {}. Most will work.",
                        server.version,
                        env!("CARGO_PKG_VERSION")
                    );
                    self.say(Tone::Trouble, text, now);
                }
                mirror.server = Some(*server);
                return Some(Ask::Posts {
                    query: mirror.board.list.query.clone(),
                    cursor: None,
                });
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
                mirror.me = me;
            }
            News::World(frame) => mirror.apply_world(frame, now),
            News::Board(frame) => mirror.apply_board(frame),
            News::Time(time) => mirror.time = Some(time),
            News::Agent(agent) => mirror.inspected = Some(agent),
            News::Posts {
                query,
                cursor,
                page,
            } => mirror.board.take_page(&query, cursor.as_deref(), page),
            News::Post(post) => mirror.board.take_post(post),
            News::Comments { post, comments } => mirror.board.take_comments(post, comments),
            News::Submolts(submolts) => mirror.submolts = submolts,
            News::Score { target, score } => mirror.board.take_score(target, score),
            News::Done { text, draft } => {
                if let Some(draft) = draft {
                    self.delivered(draft);
                }
                self.say(Tone::Done, text, now);
            }
            News::Refused { problem } => {
                // What was typed stays where it is, to be sent again.
                self.sent.clear();
                self.say(Tone::Trouble, problem.sentence(), now);
            }
        }
        None
    }

    fn select(&mut self, agent: Option<AgentId>) -> Option<Ask> {
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
        let Some(agent) = agent else {
            self.selected = None;
            self.follow = false;
            return None;
        };
        self.wanted = Some(PanelName::Inspector);
        self.look_at(agent)
    }

    fn look_at(&mut self, agent: AgentId) -> Option<Ask> {
        self.selected = Some(agent);
        // Asked at the next tick.
        self.inspected_at = f64::NEG_INFINITY;
        None
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

    fn fit(&mut self, map: Option<&TownPicture>) {
        if let Some(map) = map
            && self.camera.rect.width() > 100.5
        {
            self.camera.fit(map.width as f32, map.height as f32);
        }
    }

    fn type_in(&mut self, slot: Slot, mut text: String) {
        if let Some((end, _)) = text.char_indices().nth(DRAFT_CHARS_MAX) {
            text.truncate(end);
        }
        if text.is_empty() {
            self.drafts.remove(&slot);
        } else {
            self.drafts.insert(slot, text);
        }
    }

    fn send(&mut self, mirror: &Mirror) -> Option<Ask> {
        let title = self.draft(Slot::PostTitle).trim().to_owned();
        if title.is_empty() || self.is_sent(Slot::PostTitle) {
            return None;
        }
        let place = self.draft(Slot::PostPlace);
        let here = mirror.board.list.query.submolt.as_deref();
        let submolt = if place.is_empty() {
            here.unwrap_or(hamlet_protocol::board::GENERAL)
        } else {
            place
        };
        let ask = Ask::Write {
            draft: self.next_no,
            submolt: submolt.to_owned(),
            title,
            content: self.draft(Slot::PostText).to_owned(),
        };
        let draft = self.number();
        self.sent
            .insert(draft, vec![Slot::PostTitle, Slot::PostText]);
        Some(ask)
    }

    fn send_reply(&mut self, post: PostId, parent: Option<CommentId>) -> Option<Ask> {
        let slot = Slot::Reply(post, parent);
        let content = self.draft(slot).trim().to_owned();
        if content.is_empty() || self.is_sent(slot) {
            return None;
        }
        let draft = self.number();
        self.sent.insert(draft, vec![slot]);
        Some(Ask::Reply {
            draft,
            post,
            parent,
            content,
        })
    }

    fn number(&mut self) -> u64 {
        let no = self.next_no;
        self.next_no += 1;
        no
    }
}

#[cfg(test)]
mod tests {
    use super::*;
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
        let problem = Problem::local("unreachable", "Gone.", "Wait.");
        view.hear(News::Refused { problem }, &mut mirror, 1.0);
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
}
