//! What concerns single agents: found once per beat, picked out by each listener.

use std::sync::Arc;

use hamlet_protocol::act::VoteTarget;
use hamlet_protocol::agent::Presence;
use hamlet_protocol::board::Reader;
use hamlet_protocol::event::{Event, EventRecord};
use hamlet_protocol::frame::{Notice, Noticed};
use hamlet_protocol::ids::{AgentId, CommentId, IdCodec, PostId};
use hamlet_protocol::pages::PAGE_LEN;
use hamlet_protocol::view::{MemberView, WorldView};

use super::board::{comment_frame, is_comment_seen};
use super::letters::{Letter, letter, presence_letter};
use super::people::PeopleThere;
use super::ring::Numbered;
use super::world::name;

/// What one beat brought to anybody.
#[derive(Debug)]
pub(super) struct OwnNews {
    pub(super) seq: u64,
    pub(super) notices: Vec<Notice>,
    pub(super) letters: Vec<Letter>,
}

impl OwnNews {
    /// What of a beat concerned anybody, or `None` when nothing did.
    pub(super) fn of(
        before: &WorldView,
        now: &WorldView,
        events: &[EventRecord],
        ids: IdCodec,
        people: &mut PeopleThere,
    ) -> Option<Self> {
        let mut notices = Vec::new();
        let mut letters = Vec::new();
        for record in events {
            letters.extend(letter(record, now, ids));
            let mut tell = |agent: AgentId, what: Noticed| {
                notices.push(Notice {
                    seq: record.seq,
                    agent,
                    at_ms: record.stamp_ms,
                    what,
                });
            };
            notice(record, now, ids, &mut tell);
        }
        let own = notices.len();
        presences(before, now, &mut notices);
        people.changes(before, now, &mut |notice| notices.push(notice));
        letters.extend(
            notices[own..]
                .iter()
                .map(|it| presence_letter(it, now, ids)),
        );
        (!notices.is_empty() || !letters.is_empty()).then_some(Self {
            seq: now.seq,
            notices,
            letters,
        })
    }
}

impl Numbered for OwnNews {
    const EXACT: bool = true;

    fn seq(&self) -> u64 {
        self.seq
    }
}

/// Everything missed that concerns somebody.
pub(super) fn missed<'a>(
    news: impl Iterator<Item = &'a Arc<OwnNews>>,
    since: u64,
    concerns: impl Fn(AgentId) -> bool,
) -> Vec<Notice> {
    news.flat_map(|news| &news.notices)
        .filter(|notice| notice.seq > since && concerns(notice.agent))
        .cloned()
        .collect()
}

/// All letters missed that somebody may read; what is kept nowhere is not told again.
pub(super) fn missed_letters<'a>(
    news: impl Iterator<Item = &'a Arc<OwnNews>>,
    since: u64,
    to: impl Fn(&Letter) -> bool,
) -> Vec<Letter> {
    news.flat_map(|news| &news.letters)
        .filter(|letter| letter.seq.is_some_and(|seq| seq > since) && to(letter))
        .cloned()
        .collect()
}

/// Who did what a notice tells of, where that is somebody one can mute.
pub(super) fn author_of(what: &Noticed) -> Option<AgentId> {
    match what {
        Noticed::SpokenTo { from, .. }
        | Noticed::Follow { from, .. }
        | Noticed::Gift { from, .. } => Some(*from),
        Noticed::Comment { comment } => Some(comment.author),
        Noticed::Vote { .. } | Noticed::Reward { .. } | Noticed::Presence { .. } => None,
    }
}

/// Whether what a notice tells of is in sight of the member it concerns.
pub(super) fn is_seen(notice: &Notice, now: &WorldView, ids: IdCodec) -> bool {
    let Noticed::Comment { comment } = &notice.what else {
        return true;
    };
    let no = ids
        .number(notice.agent)
        .and_then(|no| u32::try_from(no).ok());
    let reader = match no.and_then(|no| now.member(no)) {
        Some(MemberView::Person(_)) => Reader::Person(Some(notice.agent)),
        Some(MemberView::Resident(_)) | None => Reader::Agent(notice.agent),
    };
    is_comment_seen(comment.id, now, ids, &reader)
}

fn notice(
    record: &EventRecord,
    now: &WorldView,
    ids: IdCodec,
    tell: &mut impl FnMut(AgentId, Noticed),
) {
    let name = |agent: AgentId| name(now, ids, agent);
    match &record.event {
        Event::Said {
            agent,
            to,
            text,
            talk,
            ..
        } => {
            for listener in to {
                let what = Noticed::SpokenTo {
                    from: *agent,
                    from_name: name(*agent),
                    text: text.clone(),
                    talk: *talk,
                };
                tell(*listener, what);
            }
        }
        Event::Commented {
            post,
            parent,
            author,
            ..
        } => {
            let Some(comment) = comment_frame(record, now, ids) else {
                return;
            };
            let of_post = post_author(now, ids, *post);
            let of_parent = parent.and_then(|parent| comment_author(now, ids, parent));
            for agent in [of_parent, of_post.filter(|it| Some(*it) != of_parent)] {
                if let Some(agent) = agent.filter(|agent| agent != author) {
                    let comment = comment.clone();
                    tell(agent, Noticed::Comment { comment });
                }
            }
        }
        Event::Voted {
            target,
            value,
            score,
            ..
        } => {
            let author = match *target {
                VoteTarget::Post(post) => post_author(now, ids, post),
                VoteTarget::Comment(comment) => comment_author(now, ids, comment),
            };
            if let Some(author) = author {
                let what = Noticed::Vote {
                    target: *target,
                    value: *value,
                    score: *score,
                };
                tell(author, what);
            }
        }
        Event::Rewarded {
            agent,
            amount,
            reason,
        } => {
            let reason = reason.clone();
            let amount = *amount;
            tell(*agent, Noticed::Reward { amount, reason });
        }
        Event::Followed { agent, target, on } => {
            let what = Noticed::Follow {
                from: *agent,
                from_name: name(*agent),
                on: *on,
            };
            tell(*target, what);
        }
        Event::Gave {
            agent,
            to,
            item,
            count,
        } => {
            let what = Noticed::Gift {
                from: *agent,
                from_name: name(*agent),
                item: item.clone(),
                count: *count,
            };
            tell(*to, what);
        }
        _ => {}
    }
}

fn post_author(view: &WorldView, ids: IdCodec, post: PostId) -> Option<AgentId> {
    let no = usize::try_from(ids.number(post)?).ok()?;
    view.posts.get(no)?.author
}

fn comment_author(view: &WorldView, ids: IdCodec, comment: CommentId) -> Option<AgentId> {
    let no = usize::try_from(ids.number(comment)?).ok()?;
    Some(view.comments.get(no)?.author)
}

/// Whose presence changed.
fn presences(before: &WorldView, now: &WorldView, notices: &mut Vec<Notice>) {
    for first in now.bodies.changed_pages(&before.bodies) {
        for no in first..(first + PAGE_LEN).min(now.bodies.len()) {
            if let (Some(old), Some(body)) = (before.bodies.get(no), now.bodies.get(no))
                && old.presence != body.presence
                && body.presence != Presence::Gone
            {
                notices.push(Notice {
                    seq: now.seq,
                    agent: body.agent,
                    at_ms: now.stamp_ms,
                    what: Noticed::Presence {
                        presence: body.presence,
                    },
                });
            }
        }
    }
}
