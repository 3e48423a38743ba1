//! What the window itself remembers: selection, camera, drafts, toasts; and what becomes of a wish.
//!
//! Panels do not change anything. They put wishes into a queue, and [`View::obey`] is where they come true.

mod hear;
mod obey;
mod tasks;
#[cfg(test)]
mod tests;
mod tries;

pub(crate) use obey::{is_amount, permille};
pub(crate) use tries::{Tries, Try};

use std::collections::{BTreeMap, VecDeque};

use hamlet_protocol::act::VoteTarget;
use hamlet_protocol::ids::{AgentId, CommentId, PostId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::camera::MapCamera;
use crate::deeds::{Deed, Subject};
use crate::mirror::{LedgerFilter, Mirror, PostQuery};
use crate::options::PanelName;
use crate::pages::Page;
use crate::theme::TOAST_SECS;
use crate::wire::{FileAt, TimeOrder};

/// Toasts at once.
const TOASTS_MAX: usize = 5;
/// Texts that one window leaves to the next.
const UNSENT_MAX: usize = 256;
/// Characters of a draft.
pub(crate) const DRAFT_CHARS_MAX: usize = 100_000;

/// A text that is being typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) enum Slot {
    PostTitle,
    PostText,
    PostPlace,
    PostFlair,
    PostTags,
    Reply(PostId, Option<CommentId>),
    Message(AgentId),
    GroupMessage(Uuid),
    /// What an agent is asked to do.
    TaskText(AgentId),
    /// What that is called.
    TaskTitle(AgentId),
    /// What is written to an agent in a task chat.
    TaskReply(Uuid),
    /// What a new group is called.
    GroupName,
    /// Who is asked into it.
    GroupInvite,
    /// Whom money from outside is for.
    DepositTo,
    /// Its transaction's id.
    DepositTxn,
    /// What else is known of it.
    DepositNote,
    SignInName,
    SignInPassword,
    Search,
    AgentFilter,
    AuditFilter,
    /// The reason that a dialog asks for.
    Reason,
    /// The amount that a dialog asks for.
    Amount,
    /// The part of a reward that a dialog asks for, in hundredths.
    Percent,
}

impl Slot {
    /// Whether what is typed is nobody else's business.
    pub(crate) fn is_secret(self) -> bool {
        self == Self::SignInPassword
    }

    /// Whether what the village refuses of it is shown beside it.
    pub(crate) fn has_room_for_trouble(self) -> bool {
        matches!(self, Self::TaskText(_) | Self::TaskReply(_))
    }
}

/// What a dialog asks for before something is done.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Dialog {
    /// Why something is reported; in words what it is.
    Report(Subject, String),
    /// How much somebody is rewarded or penalised, and why.
    Reward {
        agent: AgentId,
        name: String,
        post: Option<PostId>,
        penalty: bool,
    },
    /// Why a moderator does something; in words what it is.
    Measure(&'static str, Subject, String),
    /// How much of a bounty's reward goes to those who worked, and why: its number, and in words what it is.
    Settle(u32, String),
    /// Why a measure is taken back.
    Lift(Uuid),
    /// Why an agent stands so from now on.
    Stand(String, crate::deeds::Standing),
    /// Whom money from outside is for, how much it is, and its transaction's id.
    Deposit,
    /// What a new group is called, and who is asked in.
    FoundGroup,
    /// Whether that is really meant; in words what it is.
    Sure(Deed, String),
}

impl Dialog {
    /// What one types in it.
    pub(crate) fn slots(&self) -> &'static [Slot] {
        match self {
            Self::Sure(..) => &[],
            Self::Reward { .. } => &[Slot::Amount, Slot::Reason],
            Self::Settle(..) => &[Slot::Percent, Slot::Reason],
            Self::Deposit => &[
                Slot::DepositTo,
                Slot::Amount,
                Slot::DepositTxn,
                Slot::DepositNote,
            ],
            Self::FoundGroup => &[Slot::GroupName, Slot::GroupInvite],
            Self::Report(..) | Self::Measure(..) | Self::Lift(_) | Self::Stand(..) => {
                &[Slot::Reason]
            }
        }
    }
}

/// A side of whoever is selected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Side {
    /// Who they are, how they are, what they have, whom they know.
    #[default]
    Person,
    /// What they thought, and what it cost.
    Thoughts,
    /// What they remember.
    Memories,
    /// What they have, may and spent.
    Money,
    /// Work that whoever looks asks of them.
    Task,
}

/// What is read in the panel of messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Inbox {
    /// Conversations and groups.
    #[default]
    Letters,
    /// Notifications.
    Notices,
    /// Task chats.
    Tasks,
}

/// Which way money goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Way {
    #[default]
    Both,
    In,
    Out,
}

/// A column of the table of agents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) enum Column {
    #[default]
    Name,
    Handle,
    Doing,
    Place,
    Presence,
}

/// A page of the admin panel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Desk {
    #[default]
    Agents,
    Queue,
    Measures,
    Audit,
    People,
    Money,
    Deposits,
    Server,
}

impl Desk {
    /// All of them.
    pub(crate) const ALL: [Self; 8] = [
        Self::Agents,
        Self::Queue,
        Self::Measures,
        Self::Audit,
        Self::People,
        Self::Money,
        Self::Deposits,
        Self::Server,
    ];

    /// What it is called.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Agents => "Agents",
            Self::Queue => "Queue",
            Self::Measures => "Measures",
            Self::Audit => "Audit log",
            Self::People => "People",
            Self::Money => "Money",
            Self::Deposits => "Deposits",
            Self::Server => "Server",
        }
    }

    /// Whether moderators see it, too.
    pub(crate) fn is_for_staff(self) -> bool {
        matches!(self, Self::Agents | Self::Queue | Self::Measures)
    }
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
    /// Do something to others.
    Do(Deed),
    /// Ask what it takes to do something.
    Ask(Option<Dialog>),
    /// Do what the dialog asks for.
    Confirm,
    /// This is looked at: let it be there, and not too old.
    Need(Page),
    /// Read the conversation with somebody; `None`: back to the list.
    OpenChat(Option<(AgentId, String)>),
    /// Send the message that is typed.
    SendMessage(AgentId),
    /// Read a group; `None`: back to the list.
    OpenGroup(Option<Uuid>),
    /// Send the message to a group that is typed.
    SendGroup(Uuid),
    /// Read a task chat with an agent; `None`: back to all of them.
    OpenTask(Option<(AgentId, Uuid)>),
    /// Ask an agent for the work that is typed.
    SendTask(AgentId),
    /// Send what is typed in a task chat.
    SendTaskReply(Uuid),
    /// Read a file that was delivered; `None`: back to the chat.
    ReadFile(Option<FileAt>),
    /// Save a file that was delivered under this name.
    SaveFile(FileAt, String),
    /// Another side of whoever is selected.
    Side(Side),
    /// Other entries of a ledger.
    Filter(LedgerFilter),
    /// Only entries of a ledger that go this way.
    Way(Way),
    /// The next page of a list.
    MoreOf(Page),
    /// Change one's own post.
    Edit(Option<PostId>),
    /// Messages, notifications or task chats.
    Inbox(Inbox),
    /// A page of the admin panel.
    Desk(Desk),
    /// Order the table of agents by a column; twice: the other way round.
    SortBy(Column),
    /// Look at another of those who are chosen.
    LookAt(AgentId),
    /// Several people were chosen with a box.
    Choose(Vec<AgentId>),
    /// The map moves when the pointer is at the edge of it, or not.
    EdgePan(bool),
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
    /// Several that were chosen with a box.
    pub(crate) chosen: Vec<AgentId>,
    pub(crate) back: VecDeque<AgentId>,
    pub(crate) forward: Vec<AgentId>,
    pub(crate) follow: bool,
    pub(crate) camera: MapCamera,
    pub(crate) drafts: BTreeMap<Slot, String>,
    pub(crate) composing: bool,
    /// The post that is changed, in place of a new one.
    pub(crate) editing: Option<PostId>,
    pub(crate) answering: Option<(PostId, Option<CommentId>)>,
    pub(crate) sent: BTreeMap<u64, Vec<Slot>>,
    /// Drafts that were sent and are not known to have arrived.
    pub(crate) tries: Tries,
    /// Of this window alone.
    pub(crate) chance: u64,
    pub(crate) next_no: u64,
    pub(crate) search: bool,
    pub(crate) help: bool,
    pub(crate) signing_in: bool,
    pub(crate) dark: bool,
    pub(crate) scale: f32,
    pub(crate) window: usize,
    pub(crate) toasts: Vec<Toast>,
    pub(crate) dialog: Option<Dialog>,
    /// The dialog whose deed is under way, by its draft: it comes back with all that was typed where the village refuses.
    pub(crate) confirmed: Option<(u64, Dialog)>,
    pub(crate) inbox: Inbox,
    /// The delivered file that is read.
    pub(crate) file: Option<FileAt>,
    /// Why the village did not take what is typed in a field.
    pub(crate) troubles: BTreeMap<Slot, String>,
    pub(crate) desk: Desk,
    pub(crate) side: Side,
    pub(crate) filter: LedgerFilter,
    pub(crate) way: Way,
    /// How the table of agents is ordered, and whether the other way round.
    pub(crate) order: (Column, bool),
    pub(crate) edge_pan: bool,
    /// When pages were asked for last, in seconds of the window's clock.
    pub(crate) asked: BTreeMap<Page, f64>,
    /// Pages to ask for at the next tick.
    pub(crate) due: VecDeque<Page>,
    /// Seconds of the window's clock.
    pub(crate) now: f64,
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
            chosen: Vec::new(),
            back: VecDeque::new(),
            forward: Vec::new(),
            follow: false,
            camera: MapCamera::default(),
            drafts: BTreeMap::new(),
            composing: false,
            editing: None,
            answering: None,
            sent: BTreeMap::new(),
            tries: Tries::new(),
            chance: tries::chance(),
            next_no: 1,
            search: false,
            help: false,
            signing_in: false,
            dark: true,
            scale: 1.0,
            window: 1,
            toasts: Vec::new(),
            dialog: None,
            confirmed: None,
            inbox: Inbox::default(),
            file: None,
            troubles: BTreeMap::new(),
            desk: Desk::default(),
            side: Side::default(),
            filter: LedgerFilter::default(),
            way: Way::default(),
            order: (Column::Name, false),
            edge_pan: false,
            asked: BTreeMap::new(),
            due: VecDeque::new(),
            now: 0.0,
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

    /// Everything that is typed and not sent, but for what is nobody else's business; at most so much as a window leaves to the next.
    pub(crate) fn unsent(&self) -> Vec<(Slot, String)> {
        let open = self.drafts.iter().filter(|(slot, _)| !slot.is_secret());
        let open = open.map(|(slot, text)| (*slot, text.clone()));
        open.take(UNSENT_MAX).collect()
    }

    /// Takes up what was typed in the window before.
    pub(crate) fn take_up(
        &mut self,
        editing: Option<PostId>,
        unsent: Vec<(Slot, String)>,
        tries: Tries,
    ) {
        let unsent = unsent.into_iter().take(UNSENT_MAX);
        for (slot, text) in unsent.filter(|(slot, _)| !slot.is_secret()) {
            self.type_in(slot, text);
        }
        self.tries = tries;
        self.tries.retain(|slot, _| self.drafts.contains_key(slot));
        let typed = |slot| !self.draft(slot).is_empty();
        self.composing = typed(Slot::PostTitle) || typed(Slot::PostText);
        self.editing = editing.filter(|_| self.composing);
        self.answering = self.drafts.keys().find_map(|slot| match slot {
            Slot::Reply(post, parent) => Some((*post, *parent)),
            _ => None,
        });
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

    fn number(&mut self) -> u64 {
        let no = self.next_no;
        self.next_no += 1;
        no
    }
}
