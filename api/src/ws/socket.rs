//! One open socket: who it is, what it hears, when it ends.

use std::net::IpAddr;
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket, close_code};
use axum::http::StatusCode;
use bytes::Bytes;
use futures_util::SinkExt;
use hamlet_protocol::board::Reader;
use hamlet_protocol::frame::{ClientFrame, ControlFrame, Notice, OwnFrame, SnapshotReason};
use hamlet_protocol::ids::AgentId;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio::sync::watch;
use tokio::time::MissedTickBehavior;

use super::board::{self, BoardNews};
use super::count::Place;
use super::encode::{Format, message};
use super::hub::{Desk, Told};
use super::letters::{Audience, Letter, is_around};
use super::own::{self, OwnNews};
use super::params::Wanted;
use super::pulse::{Beat, Pulse};
use super::typing::tell_typing;
use super::world::{self, WorldNews};
use crate::auth::{Principal, listener_of};
use crate::problem::Problem;
use crate::render::members::inbox;
use crate::state::App;
use crate::village::Health;

/// Time that what is told at once has to leave; a client that takes longer is gone.
const SEND_WITHIN: Duration = Duration::from_secs(30);
/// News that are told at once where so many are waiting.
const BURST_MAX: usize = 16;
/// Messages that make no sense before a client is sent away.
const FAULTS_MAX: u32 = 10;
/// Closed because nobody good is known to be there.
const CLOSE_UNAUTHORIZED: u16 = 4401;
/// Closed because whoever it is has been cut off.
const CLOSE_FORBIDDEN: u16 = 4403;

/// What one kind of socket tells.
pub(super) trait Feed: Send + 'static {
    /// Its news.
    type News: Send + Sync + 'static;

    /// Listens from now on, and what is said first: everything since then where that is still known, else a snapshot.
    fn join(
        &mut self,
        principal: &Principal,
        since: Option<u64>,
        reason: SnapshotReason,
    ) -> (Receiver<Told<Self::News>>, Vec<Message>);

    /// News as this listener hears them; nothing when they do not concern it.
    fn tell(&self, news: &Self::News) -> Vec<Message>;

    /// What it wanted to go on from.
    fn since(&self) -> Option<u64>;
}

/// Whoever is at the other end.
pub(super) struct Session {
    pub(super) app: App,
    pub(super) place: Place,
    pub(super) address: IpAddr,
    /// Whether only those may listen who are known.
    pub(super) known_only: bool,
    /// What it showed; looked at again every second.
    pub(super) token: Option<String>,
    pub(super) principal: Principal,
}

/// Why a socket ends.
enum End {
    /// The other side went, or does not take what is sent.
    Gone,
    /// We close it, for a reason.
    Close(u16, Problem),
}

impl Session {
    /// Tells until one of the two has enough.
    pub(super) async fn run<F: Feed>(self, mut socket: WebSocket, feed: F) {
        let app = self.app.clone();
        app.metrics.sockets.inc();
        let end = self.converse(&mut socket, feed).await;
        if let End::Close(code, problem) = end {
            part(&mut socket, code, &problem).await;
        }
        app.metrics.sockets.dec();
    }

    fn is_known(&self) -> bool {
        !self.known_only || !matches!(self.principal, Principal::Anonymous)
    }

    async fn converse<F: Feed>(mut self, socket: &mut WebSocket, mut feed: F) -> End {
        let mut heard: Option<Receiver<Told<F::News>>> = None;
        let mut pulse = Pulse::default();
        let mut faults = 0;
        let mut seconds = tokio::time::interval(Duration::from_secs(1));
        seconds.set_missed_tick_behavior(MissedTickBehavior::Delay);
        seconds.reset();
        let mut closing = self.app.hub.closing();
        // One for the whole conversation: made anew for each message, it would be entered and struck off a list each time.
        let mut over = std::pin::pin!(closed(&mut closing));
        if self.is_known() {
            let (receiver, first) =
                feed.join(&self.principal, feed.since(), SnapshotReason::Joined);
            heard = Some(receiver);
            if let Err(end) = self.send_all(socket, first).await {
                return end;
            }
        }
        loop {
            let done = tokio::select! {
                news = next(&mut heard) => self.hear(socket, &mut feed, &mut heard, news).await,
                said = socket.recv() => {
                    pulse.heard();
                    match said {
                        Some(Ok(said)) => self.listen(socket, &mut feed, &mut heard, &said, &mut faults).await,
                        Some(Err(source)) => Err(broken(&source)),
                        None => Err(End::Gone),
                    }
                }
                _ = seconds.tick() => self.second(socket, &mut feed, &mut heard, &mut pulse).await,
                () = &mut over => Err(stopped()),
            };
            if let Err(end) = done {
                return end;
            }
        }
    }

    /// Passes news on, with whatever else is waiting: where there is more to tell than time, it goes in fewer writes.
    async fn hear<F: Feed>(
        &self,
        socket: &mut WebSocket,
        feed: &mut F,
        heard: &mut Option<Receiver<Told<F::News>>>,
        news: Result<Told<F::News>, RecvError>,
    ) -> Result<(), End> {
        let (messages, then) = gather(feed, heard.as_mut(), news);
        self.send_all(socket, messages).await?;
        match then {
            Then::GoOn => Ok(()),
            Then::BeginAnew => {
                self.app.metrics.socket_lags.inc();
                let (receiver, first) = feed.join(&self.principal, None, SnapshotReason::Lagged);
                *heard = Some(receiver);
                self.send_all(socket, first).await
            }
            Then::Stop => Err(stopped()),
        }
    }

    /// Takes in what the client says.
    async fn listen<F: Feed>(
        &mut self,
        socket: &mut WebSocket,
        feed: &mut F,
        heard: &mut Option<Receiver<Told<F::News>>>,
        said: &Message,
        faults: &mut u32,
    ) -> Result<(), End> {
        let frame = match said {
            Message::Text(text) => serde_json::from_str::<ClientFrame>(text),
            Message::Binary(bytes) => serde_json::from_slice(bytes),
            // The library answers pings by itself.
            Message::Ping(_) | Message::Pong(_) => return Ok(()),
            Message::Close(_) => return Err(End::Gone),
        };
        match frame {
            Ok(ClientFrame::Ping) => self.control(socket, &ControlFrame::Pong).await,
            Ok(ClientFrame::Auth { token }) => {
                self.introduce(token)?;
                self.control(socket, &ControlFrame::Authenticated).await?;
                let since = if heard.is_none() { feed.since() } else { None };
                let (receiver, first) = feed.join(&self.principal, since, SnapshotReason::Joined);
                *heard = Some(receiver);
                self.send_all(socket, first).await
            }
            Ok(ClientFrame::Typing { conversation }) => {
                if let Some(who) = self.may_type() {
                    // Nobody waits for an answer: who is not told misses nothing.
                    tell_typing(&self.app, who, conversation);
                }
                Ok(())
            }
            Err(source) => {
                *faults += 1;
                let problem = Problem::invalid(
                    format!("The message makes no sense: {source}."),
                    "A client may say {\"type\":\"auth\",\"token\":…}, {\"type\":\"ping\"} and {\"type\":\"typing\",\"conversation\":…}.",
                );
                if *faults >= FAULTS_MAX {
                    return Err(End::Close(close_code::POLICY, problem));
                }
                self.control(socket, &error_frame(&problem)).await
            }
        }
    }

    /// The member at the other end, where what they showed lets them act.
    fn may_type(&self) -> Option<AgentId> {
        match &self.principal {
            Principal::Anonymous => None,
            Principal::Agent { agent, key } => {
                let acts = key.scopes.split(' ').any(|scope| scope == "act");
                acts.then_some(*agent)
            }
            Principal::Person { account } => {
                let directory = self.app.published.directory();
                directory.account(account.id)?.member
            }
        }
    }

    /// Sends messages, in as few writes as they fit in.
    async fn send_all(&self, socket: &mut WebSocket, all: Vec<Message>) -> Result<(), End> {
        if all.is_empty() {
            return Ok(());
        }
        let count = all.len() as u64;
        let sending = async {
            for message in all {
                socket.feed(message).await?;
            }
            socket.flush().await
        };
        match tokio::time::timeout(SEND_WITHIN, sending).await {
            Ok(Ok(())) => {
                self.app.metrics.frames_sent.inc_by(count);
                Ok(())
            }
            Ok(Err(_)) | Err(_) => Err(End::Gone),
        }
    }

    /// The client says who it is.
    fn introduce(&mut self, token: String) -> Result<(), End> {
        let principal = listener_of(&self.app, &token, self.known_only).map_err(cut_off)?;
        let place = self.app.hub.places.take(&principal, self.address);
        self.place = place.map_err(|full| End::Close(close_code::AGAIN, full))?;
        self.principal = principal;
        self.token = Some(token);
        Ok(())
    }

    /// Looks once a second whether all is well, and who it is by now: whoever is no moderator any more reads as one no longer.
    async fn second<F: Feed>(
        &mut self,
        socket: &mut WebSocket,
        feed: &mut F,
        heard: &mut Option<Receiver<Told<F::News>>>,
        pulse: &mut Pulse,
    ) -> Result<(), End> {
        if matches!(*self.app.published.health(), Health::Stopped { .. }) {
            return Err(stopped());
        }
        if let Some(token) = &self.token {
            let before = is_staff(&self.principal);
            self.principal = listener_of(&self.app, token, self.known_only).map_err(cut_off)?;
            if heard.is_some() && is_staff(&self.principal) != before {
                let (receiver, first) = feed.join(&self.principal, None, SnapshotReason::Joined);
                *heard = Some(receiver);
                self.send_all(socket, first).await?;
            }
        }
        match pulse.second(self.is_known()) {
            Beat::Rest => Ok(()),
            Beat::Ping => self.send(socket, Message::Ping(Bytes::new())).await,
            Beat::Dead => Err(End::Gone),
            Beat::Stranger => Err(End::Close(
                CLOSE_UNAUTHORIZED,
                Problem::unauthorized(
                    "no_key",
                    "Nobody said who they are within ten seconds.",
                    "Send `Authorization: Bearer …`, or {\"type\":\"auth\",\"token\":…} as first message.",
                ),
            )),
        }
    }

    async fn control(&self, socket: &mut WebSocket, frame: &ControlFrame) -> Result<(), End> {
        self.send(socket, message(frame, Format::Json)).await
    }

    async fn send(&self, socket: &mut WebSocket, message: Message) -> Result<(), End> {
        self.send_all(socket, vec![message]).await
    }
}

/// Whether they read what staff alone reads.
fn is_staff(principal: &Principal) -> bool {
    matches!(principal.reader(), Reader::Staff(_))
}

/// Ready when the village is stopping, or its hub has gone.
async fn closed(closing: &mut watch::Receiver<bool>) {
    drop(closing.wait_for(|closing| *closing).await);
}

/// What follows after news.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Then {
    GoOn,
    BeginAnew,
    Stop,
}

/// News as messages, with those that are waiting behind them.
fn gather<F: Feed>(
    feed: &F,
    mut heard: Option<&mut Receiver<Told<F::News>>>,
    mut news: Result<Told<F::News>, RecvError>,
) -> (Vec<Message>, Then) {
    let mut messages = Vec::new();
    for _ in 1..BURST_MAX {
        match &news {
            Ok(Told::News(told)) => messages.extend(feed.tell(told)),
            Ok(Told::Gap) | Err(_) => break,
        }
        let Some(receiver) = heard.as_mut() else {
            return (messages, Then::GoOn);
        };
        news = match receiver.try_recv() {
            Ok(told) => Ok(told),
            Err(TryRecvError::Lagged(missed)) => Err(RecvError::Lagged(missed)),
            Err(TryRecvError::Closed) => Err(RecvError::Closed),
            Err(TryRecvError::Empty) => return (messages, Then::GoOn),
        };
    }
    let then = match news {
        Ok(Told::News(told)) => {
            messages.extend(feed.tell(&told));
            Then::GoOn
        }
        Ok(Told::Gap) | Err(RecvError::Lagged(_)) => Then::BeginAnew,
        Err(RecvError::Closed) => Then::Stop,
    };
    (messages, then)
}

/// The next news, or never where nothing is listened to yet.
async fn next<T>(heard: &mut Option<Receiver<Told<T>>>) -> Result<Told<T>, RecvError> {
    match heard {
        Some(receiver) => receiver.recv().await,
        None => std::future::pending().await,
    }
}

/// Says why, and closes.
async fn part(socket: &mut WebSocket, code: u16, problem: &Problem) {
    let goodbye = async {
        let frame = message(&error_frame(problem), Format::Json);
        socket.send(frame).await?;
        let close = CloseFrame {
            code,
            reason: problem.code.into(),
        };
        socket.send(Message::Close(Some(close))).await
    };
    // Whoever does not take it is gone already.
    drop(tokio::time::timeout(Duration::from_secs(1), goodbye).await);
}

fn error_frame(problem: &Problem) -> ControlFrame {
    ControlFrame::Error {
        code: problem.code.to_owned(),
        detail: problem.detail.clone(),
        hint: problem.hint.clone(),
    }
}

fn cut_off(problem: Problem) -> End {
    let code = if problem.status == StatusCode::FORBIDDEN {
        CLOSE_FORBIDDEN
    } else {
        CLOSE_UNAUTHORIZED
    };
    End::Close(code, problem)
}

fn stopped() -> End {
    End::Close(
        close_code::AWAY,
        Problem::unavailable("stopped", "The village is stopping.", 10),
    )
}

/// A message that is too long is answered; what else breaks a socket has nobody left to answer to.
fn broken(source: &axum::Error) -> End {
    let text = source.to_string();
    if text.contains("too long") || text.contains("too big") {
        let problem = Problem::invalid(
            "The message has more than 4096 bytes.",
            "Acts and posts go over HTTP; here one only says who one is.",
        );
        return End::Close(close_code::SIZE, problem);
    }
    End::Gone
}

/// The world, whole or a region of it.
pub(super) struct WorldFeed {
    app: App,
    wanted: Wanted,
}

impl WorldFeed {
    pub(super) fn new(app: &App, wanted: Wanted) -> Self {
        let app = app.clone();
        Self { app, wanted }
    }

    fn first(&self, desk: &mut Desk, since: Option<u64>, reason: SnapshotReason) -> Message {
        let Wanted { format, region, .. } = self.wanted;
        let missed = since.and_then(|since| {
            let missed = desk.world.ring.since(since, desk.view.seq)?;
            Some(world::catch_up(missed, since, &desk.view))
        });
        match (missed, region) {
            (Some(missed), None) => missed.whole.message(format),
            (Some(missed), Some(region)) => message(
                &missed.within(region, &desk.view, self.app.hub.ids()),
                format,
            ),
            (None, None) => desk.snapshot(reason, format),
            (None, Some(_)) => message(&world::snapshot(&desk.view, reason, region), format),
        }
    }
}

impl Feed for WorldFeed {
    type News = WorldNews;

    fn join(
        &mut self,
        _principal: &Principal,
        since: Option<u64>,
        reason: SnapshotReason,
    ) -> (Receiver<Told<WorldNews>>, Vec<Message>) {
        let mut desk = self.app.hub.desk();
        let receiver = desk.world.listen();
        (receiver, vec![self.first(&mut desk, since, reason)])
    }

    fn tell(&self, news: &WorldNews) -> Vec<Message> {
        let Wanted { format, region, .. } = self.wanted;
        vec![match region {
            None => news.whole.message(format),
            Some(region) => {
                let view = self.app.published.view();
                message(&news.within(region, &view, self.app.hub.ids()), format)
            }
        }]
    }

    fn since(&self) -> Option<u64> {
        self.wanted.since
    }
}

/// The board.
pub(super) struct BoardFeed {
    app: App,
    wanted: Wanted,
    reader: Reader,
}

impl BoardFeed {
    pub(super) fn new(app: &App, wanted: Wanted) -> Self {
        Self {
            app: app.clone(),
            wanted,
            reader: Reader::Anonymous,
        }
    }
}

impl Feed for BoardFeed {
    type News = BoardNews;

    fn join(
        &mut self,
        principal: &Principal,
        since: Option<u64>,
        reason: SnapshotReason,
    ) -> (Receiver<Told<BoardNews>>, Vec<Message>) {
        self.reader = principal.reader();
        let desk = self.app.hub.desk();
        let missed = since.and_then(|since| {
            let missed = desk.board.ring.since(since, desk.latest().seq)?;
            let ids = self.app.hub.ids();
            Some(board::catch_up(
                missed,
                since,
                desk.latest(),
                ids,
                &self.reader,
            ))
        });
        let first = missed.unwrap_or_else(|| {
            board::snapshot(desk.latest(), reason, self.app.hub.ids(), &self.reader)
        });
        (
            desk.board.listen(),
            vec![message(&first, self.wanted.format)],
        )
    }

    fn tell(&self, news: &BoardNews) -> Vec<Message> {
        let message = news.message(&self.reader, self.wanted.format);
        message.into_iter().collect()
    }

    fn since(&self) -> Option<u64> {
        self.wanted.since
    }
}

/// What concerns one agent, or the agents of one person.
pub(super) struct OwnFeed {
    app: App,
    wanted: Wanted,
    principal: Principal,
}

impl OwnFeed {
    pub(super) fn new(app: &App, wanted: Wanted) -> Self {
        Self {
            app: app.clone(),
            wanted,
            principal: Principal::Anonymous,
        }
    }

    fn concerns(&self, who: AgentId) -> bool {
        match &self.principal {
            Principal::Anonymous => false,
            Principal::Agent { agent, .. } => *agent == who,
            Principal::Person { account } => self
                .app
                .published
                .directory()
                .agent(who)
                .is_some_and(|record| record.owner == Some(account.id)),
        }
    }

    /// Who listens, as a member.
    fn me(&self) -> Option<AgentId> {
        match &self.principal {
            Principal::Anonymous => None,
            Principal::Agent { agent, .. } => Some(*agent),
            // A person may have become a member since the socket was opened.
            Principal::Person { account } => {
                let directory = self.app.published.directory();
                directory.account(account.id)?.member
            }
        }
    }

    /// Whether a letter is for whoever listens.
    fn is_for(&self, letter: &Letter) -> bool {
        let me = self.me();
        match &letter.to {
            Audience::Staff => is_staff(&self.principal),
            Audience::One(member) => me == Some(*member),
            Audience::Members(members) => me.is_some_and(|me| members.contains(&me)),
            Audience::Around(whom) => {
                me.is_some_and(|me| is_around(&self.app.published.view(), self.app.ids, me, *whom))
            }
        }
    }

    /// Without what is out of sight of the agent it concerns, and what was done by those whom they want to hear nothing of.
    fn for_their_eyes(&self, mut notices: Vec<Notice>) -> Vec<Notice> {
        let view = self.app.published.view();
        notices.retain(|notice| {
            let by = own::author_of(&notice.what);
            let seen = own::is_seen(notice, &view, self.app.ids);
            seen && by.is_none_or(|by| {
                let inbox = inbox(&self.app, &view, Some(notice.agent));
                !inbox.muted.contains(&by) && !inbox.blocked.contains(&by)
            })
        });
        notices
    }

    fn agents(&self, desk: &Desk) -> Vec<hamlet_protocol::frame::PasserFrame> {
        let ids: Vec<AgentId> = match &self.principal {
            Principal::Anonymous => Vec::new(),
            Principal::Agent { agent, .. } => vec![*agent],
            Principal::Person { account } => {
                let directory = self.app.published.directory();
                let owned = directory
                    .agents()
                    .filter(|record| record.owner == Some(account.id));
                owned.map(|record| record.agent).collect()
            }
        };
        let view = desk.latest();
        let mut agents: Vec<_> = ids
            .into_iter()
            .filter_map(|id| {
                let no = world::number(self.app.hub.ids(), id)?;
                Some(world::passer(view, no, view.bodies.get(no)?))
            })
            .collect();
        agents.sort_by_key(|agent| agent.no);
        agents
    }
}

impl Feed for OwnFeed {
    type News = OwnNews;

    fn join(
        &mut self,
        principal: &Principal,
        since: Option<u64>,
        reason: SnapshotReason,
    ) -> (Receiver<Told<OwnNews>>, Vec<Message>) {
        self.principal = principal.clone();
        let desk = self.app.hub.desk();
        let seq = desk.latest().seq;
        let ring = &desk.own.ring;
        let missed = since.and_then(|since| {
            let notices = own::missed(ring.since(since, seq)?, since, |agent| self.concerns(agent));
            let letters = own::missed_letters(ring.since(since, seq)?, since, |it| self.is_for(it));
            Some((notices, letters))
        });
        let (first, letters) = match missed {
            Some((notices, letters)) => {
                let notices = self.for_their_eyes(notices);
                (OwnFrame::Delta { seq, notices }, letters)
            }
            None => {
                let agents = self.agents(&desk);
                let snapshot = OwnFrame::Snapshot {
                    reason,
                    seq,
                    agents,
                };
                (snapshot, Vec::new())
            }
        };
        let letters = letters.iter().map(|letter| &letter.frame);
        let all = letters.chain([&first]);
        let format = self.wanted.format;
        (
            desk.own.listen(),
            all.map(|frame| message(frame, format)).collect(),
        )
    }

    fn tell(&self, news: &OwnNews) -> Vec<Message> {
        let all = news.notices.iter();
        let notices: Vec<_> = all
            .filter(|notice| self.concerns(notice.agent))
            .cloned()
            .collect();
        let notices = self.for_their_eyes(notices);
        let format = self.wanted.format;
        let letters = news.letters.iter().filter(|letter| self.is_for(letter));
        let mut messages: Vec<Message> = letters
            .map(|letter| message(&letter.frame, format))
            .collect();
        if !notices.is_empty() {
            let seq = news.seq;
            messages.push(message(&OwnFrame::Delta { seq, notices }, format));
        }
        messages
    }

    fn since(&self) -> Option<u64> {
        self.wanted.since
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tokio::sync::broadcast::{Sender, channel};

    use super::*;

    /// Tells numbers as they are.
    struct Numbers;

    impl Feed for Numbers {
        type News = u32;

        fn join(
            &mut self,
            _principal: &Principal,
            _since: Option<u64>,
            _reason: SnapshotReason,
        ) -> (Receiver<Told<u32>>, Vec<Message>) {
            (channel(1).1, Vec::new())
        }

        fn tell(&self, news: &u32) -> Vec<Message> {
            vec![Message::Text(news.to_string().into())]
        }

        fn since(&self) -> Option<u64> {
            None
        }
    }

    fn say(sender: &Sender<Told<u32>>, numbers: std::ops::Range<u32>) {
        for number in numbers {
            let told = sender.send(Told::News(Arc::new(number)));
            assert!(told.is_ok(), "nobody listens");
        }
    }

    /// The numbers of one write, and what follows.
    fn heard(receiver: &mut Receiver<Told<u32>>) -> (Vec<u32>, Then) {
        let first = receiver.try_recv().map_err(|why| match why {
            TryRecvError::Lagged(missed) => RecvError::Lagged(missed),
            TryRecvError::Empty | TryRecvError::Closed => RecvError::Closed,
        });
        let (messages, then) = gather(&Numbers, Some(receiver), first);
        let numbers = messages.iter().map(|message| match message {
            Message::Text(text) => text.parse().expect("a number"),
            other => panic!("no text: {other:?}"),
        });
        (numbers.collect(), then)
    }

    #[test]
    fn what_is_waiting_goes_with_it_in_order_and_within_bounds() {
        let (sender, mut receiver) = channel(64);
        say(&sender, 0..1);
        assert_eq!(heard(&mut receiver), (vec![0], Then::GoOn));
        let max = u32::try_from(BURST_MAX).expect("small");
        say(&sender, 0..max + 3);
        assert_eq!(
            heard(&mut receiver),
            ((0..max).collect::<Vec<_>>(), Then::GoOn)
        );
        assert_eq!(
            heard(&mut receiver),
            ((max..max + 3).collect::<Vec<_>>(), Then::GoOn)
        );
        drop(sender);
        assert_eq!(heard(&mut receiver), (vec![], Then::Stop));
    }

    #[test]
    fn a_gap_is_noticed_behind_what_was_told_before_it() {
        let (sender, mut receiver) = channel(4);
        say(&sender, 0..2);
        assert!(sender.send(Told::Gap).is_ok());
        assert_eq!(heard(&mut receiver), (vec![0, 1], Then::BeginAnew));
        say(&sender, 0..9);
        assert_eq!(heard(&mut receiver), (vec![], Then::BeginAnew));
        // What was said before the end is told.
        let (sender, mut receiver) = channel(4);
        say(&sender, 0..3);
        drop(sender);
        assert_eq!(heard(&mut receiver), (vec![0, 1, 2], Then::Stop));
    }
}
