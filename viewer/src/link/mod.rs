//! The line to the village: a thread with two sockets and an HTTP client, and bounded queues to and from the window.

mod backoff;
mod client;
mod http;
mod session;
mod socket;
#[cfg(test)]
mod stub;

use std::fmt;
use std::sync::Arc;
use std::thread::JoinHandle;

use hamlet_protocol::act::VoteTarget;
use hamlet_protocol::frame::{BoardFrame, TaskFrame, WorldFrame};
use hamlet_protocol::ids::{AgentId, CommentId, PostId};
use tokio::sync::mpsc;
use uuid::Uuid;

pub(crate) use session::place;

use crate::deeds::Deed;
use crate::mirror::{LinkState, PostQuery};
use crate::options::{Pass, ViewError};
use crate::pages::{Leaf, Page};
use crate::wire::{
    AgentShape, Capabilities, FileAt, MapShape, Me, PostPage, PostShape, Problem, SubmoltShape,
    TaskChatShape, TimeOrder, TimeState,
};

/// Requests that wait for the line.
const ASKS_MAX: usize = 256;
/// News that wait for the window; beyond it the sockets are read no further, and the village sends a snapshot in place of what was missed.
const NEWS_MAX: usize = 512;

/// What the window asks of the village.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Ask {
    /// Somebody in full.
    Agent(AgentId),
    /// A page of posts.
    Posts {
        query: PostQuery,
        cursor: Option<String>,
    },
    /// A post with its comments.
    Thread(PostId),
    /// All communities.
    Submolts,
    /// Steer the village's time.
    Steer(TimeOrder),
    /// Write a post.
    Write {
        draft: u64,
        key: Option<String>,
        submolt: String,
        title: String,
        content: String,
        flair: String,
        tags: Vec<String>,
    },
    /// Write a comment.
    Reply {
        draft: u64,
        key: Option<String>,
        post: PostId,
        parent: Option<CommentId>,
        content: String,
    },
    /// Vote, by 1 or −1; the same way twice takes it back.
    Vote { target: VoteTarget, value: i8 },
    /// Do something to others; a draft that it sends is done with afterwards.
    Do {
        deed: Deed,
        draft: Option<u64>,
        key: Option<String>,
    },
    /// A page of the village's books.
    Page(Page),
    /// The page after it, which begins at this cursor.
    More(Page, String),
    /// Save a file that was delivered, by this name or one close to it.
    Save(FileAt, String),
    /// Sign in.
    SignIn { name: String, password: Secret },
    /// Sign out.
    SignOut,
}

impl Ask {
    /// Whether somebody does something by it; else the window only wants to know something.
    pub(crate) fn is_act(&self) -> bool {
        !matches!(
            self,
            Self::Agent(_)
                | Self::Posts { .. }
                | Self::Thread(_)
                | Self::Submolts
                | Self::Page(_)
                | Self::More(..)
        )
    }

    /// The page that is asked for.
    pub(crate) fn page(&self) -> Option<&Page> {
        match self {
            Self::Page(page) | Self::More(page, _) => Some(page),
            _ => None,
        }
    }

    /// The same as this draft, by this key.
    pub(crate) fn sent_as(mut self, no: u64, by: String) -> Self {
        match &mut self {
            Self::Write { draft, key, .. } | Self::Reply { draft, key, .. } => {
                *draft = no;
                *key = Some(by);
            }
            Self::Do { draft, key, .. } => {
                *draft = Some(no);
                *key = Some(by);
            }
            _ => {}
        }
        self
    }

    /// By what the village knows it again, where that outlives the window.
    pub(crate) fn key(&self) -> Option<&str> {
        match self {
            Self::Write { key, .. } | Self::Reply { key, .. } | Self::Do { key, .. } => {
                key.as_deref()
            }
            _ => None,
        }
    }

    /// The draft that is sent with it.
    pub(crate) fn draft(&self) -> Option<u64> {
        match self {
            Self::Write { draft, .. } | Self::Reply { draft, .. } => Some(*draft),
            Self::Do { draft, .. } => *draft,
            _ => None,
        }
    }
}

/// A password, which is never printed.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Secret(pub(crate) String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// More is waiting for the line than it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooMuch;

/// What the line tells the window.
#[derive(Debug)]
pub(crate) enum News {
    /// How the line is.
    Link(LinkState),
    /// What the village has.
    Server(Box<Capabilities>),
    /// The map.
    Map(Box<MapShape>),
    /// A tileset's picture as the bytes of a PNG, empty where it could not be had; `None`: it has none.
    Picture { set: usize, bytes: Option<Vec<u8>> },
    /// Who looks through the window.
    Me(Option<Me>),
    /// A frame of the town.
    World(WorldFrame),
    /// A frame of the board.
    Board(BoardFrame),
    /// How fast the village goes.
    Time(TimeState),
    /// Somebody in full.
    Agent(Box<AgentShape>),
    /// A page of posts.
    Posts {
        query: PostQuery,
        cursor: Option<String>,
        page: PostPage,
    },
    /// A post.
    Post(PostShape),
    /// All communities.
    Submolts(Vec<SubmoltShape>),
    /// A score.
    Score { target: VoteTarget, score: i64 },
    /// Something happened that concerns whoever is signed in.
    Own,
    /// Something was said for good in one of their task chats.
    Task {
        chat: Uuid,
        working: bool,
        message: Box<TaskFrame>,
    },
    /// Words of an agent at work for them, which are not final.
    TaskWords { chat: Uuid, from: u64, text: String },
    /// How a task chat is after they did something in it, and whether it began with that.
    TaskChat { chat: TaskChatShape, begun: bool },
    /// A page that cannot be read, and why.
    Unread(Page, Problem),
    /// A page of the village's books.
    Page(Page, Box<Leaf>),
    /// The page after it, which began at this cursor.
    More {
        page: Page,
        cursor: String,
        leaf: Box<Leaf>,
    },
    /// Something was done, in words; a draft that was sent is done with.
    Done {
        text: String,
        draft: Option<u64>,
        deed: Option<Box<Deed>>,
    },
    /// Something was refused.
    Refused {
        problem: Problem,
        /// Whether somebody wanted it; else the window only wished to know something.
        was_act: bool,
        /// The draft that was sent with it.
        draft: Option<u64>,
    },
}

/// The window's end of the line.
#[derive(Debug)]
pub(crate) struct Wire {
    asks: mpsc::Sender<Ask>,
    news: mpsc::Receiver<News>,
    // Ends when the sender above is gone.
    _thread: Option<JoinHandle<()>>,
    // Where nobody answers: kept, so that asking is no trouble.
    _unanswered: Option<mpsc::Receiver<Ask>>,
}

impl Wire {
    /// Opens the line.
    ///
    /// # Errors
    /// When the address makes no sense or the system gives no thread.
    pub(crate) fn open(url: &str, pass: Pass) -> Result<Self, ViewError> {
        let base = base_of(url)?;
        let (asks, asked) = mpsc::channel(ASKS_MAX);
        let (tell, news) = mpsc::channel(NEWS_MAX);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(ViewError::Thread)?;
        let client = Arc::new(client::Client::new(base, pass)?);
        let thread = std::thread::Builder::new()
            .name("hamlet-link".to_owned())
            .spawn(move || runtime.block_on(http::live(client, asked, tell)))
            .map_err(ViewError::Thread)?;
        Ok(Self {
            asks,
            news,
            _thread: Some(thread),
            _unanswered: None,
        })
    }

    /// A line with nobody at its other end but whoever sends news by hand.
    pub(crate) fn fed() -> (Self, mpsc::Sender<News>) {
        let (asks, unanswered) = mpsc::channel(ASKS_MAX);
        let (tell, news) = mpsc::channel(NEWS_MAX);
        let wire = Self {
            asks,
            news,
            _thread: None,
            _unanswered: Some(unanswered),
        };
        (wire, tell)
    }

    /// Asks something of the village.
    ///
    /// # Errors
    /// When too much is waiting.
    pub(crate) fn ask(&self, ask: Ask) -> Result<(), TooMuch> {
        self.asks.try_send(ask).map_err(|_refused| TooMuch)
    }

    /// The next news, where there are any.
    pub(crate) fn news(&mut self) -> Option<News> {
        self.news.try_recv().ok()
    }
}

/// The village's address without a slash at the end.
fn base_of(url: &str) -> Result<String, ViewError> {
    let base = url.trim().trim_end_matches('/');
    let base = base.trim_end_matches("/api/v1");
    let host = base
        .strip_prefix("http://")
        .or_else(|| base.strip_prefix("https://"));
    match host {
        Some(host) if !host.is_empty() && !host.contains(char::is_whitespace) => {
            Ok(base.to_owned())
        }
        _ => Err(ViewError::Address(url.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_taken_as_people_write_it() {
        for (text, base) in [
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
            (" https://town.example/ ", "https://town.example"),
            ("http://town.example/api/v1/", "http://town.example"),
        ] {
            assert_eq!(base_of(text).expect("it is one"), base);
        }
        for bad in [
            "",
            "town.example",
            "ftp://town.example",
            "http://",
            "http://a b",
        ] {
            assert!(base_of(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_password_is_not_printed() {
        let ask = Ask::SignIn {
            name: "mira".to_owned(),
            password: Secret("open sesame".to_owned()),
        };
        assert!(!format!("{ask:?}").contains("sesame"));
    }
}
