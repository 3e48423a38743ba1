//! Notices: what members are told. The newest are kept, the store has all.

use hamlet_protocol::act::VoteTarget;
use hamlet_protocol::agent::MindKind;
use hamlet_protocol::command::{Outcome, Rejection, RejectionCode};
use hamlet_protocol::money::Money;
use hamlet_protocol::social::image::NoticeImage;
use hamlet_protocol::social::notice::NoticeKind;
use hamlet_protocol::social::{SocialEvent, SocialOutcome, WhichNotices};

use super::view::notice_view;
use crate::news::check_text;
use crate::town::{ActResult, Town};

/// Characters of a notice's own text that are kept.
const NOTICE_CHARS_MAX: usize = 300;

/// Scores that are told of, once each; above the last, every thousand.
const MILESTONES: [u32; 9] = [1, 5, 10, 25, 50, 100, 250, 500, 1000];

/// Something to tell a member. Everything is by number.
#[derive(Clone, Debug)]
pub(crate) struct Notice {
    pub(crate) kind: NoticeKind,
    /// Who did it; `None`: the village.
    pub(crate) from: Option<u32>,
    pub(crate) post: Option<u32>,
    pub(crate) comment: Option<u32>,
    pub(crate) chat: Option<u32>,
    pub(crate) amount: i64,
    pub(crate) text: String,
}

impl Notice {
    /// A notice of this kind, about nothing yet.
    pub(crate) fn new(kind: NoticeKind, from: Option<u32>) -> Self {
        Self {
            kind,
            from,
            post: None,
            comment: None,
            chat: None,
            amount: 0,
            text: String::new(),
        }
    }

    /// The same, about a post, or a comment on it.
    pub(crate) fn about(self, post: u32, comment: Option<u32>) -> Self {
        Self {
            post: Some(post),
            comment,
            ..self
        }
    }

    pub(super) fn in_chat(self, chat: u32) -> Self {
        Self {
            chat: Some(chat),
            ..self
        }
    }

    /// The same, with words.
    pub(crate) fn saying(self, text: &str) -> Self {
        let text = text.chars().take(NOTICE_CHARS_MAX).collect();
        Self { text, ..self }
    }
}

impl Town<'_, '_> {
    /// Tells a member something, unless they can't read, did it themselves, or want to hear nothing of whoever did.
    pub(crate) fn notify(&mut self, to: u32, notice: Notice) {
        if notice.from == Some(to) || !self.reads(to) {
            return;
        }
        if let Some(from) = notice.from
            && (self.social.apart(to, from) || self.social.data.mutes.contains(&(to, from)))
        {
            return;
        }
        if !self.is_in_sight_of(to, &notice) {
            return;
        }
        if self.told_already(to, &notice) {
            return;
        }
        let max = usize::from(self.rules.0.notices_max).max(1);
        let data = &mut self.social.data;
        data.notices_given += 1;
        let image = NoticeImage {
            no: data.notices_given,
            at_ms: self.clock.stamp_ms,
            kind: notice.kind,
            from: notice.from,
            post: notice.post,
            comment: notice.comment,
            chat: notice.chat,
            amount: notice.amount,
            text: notice.text,
            read: false,
        };
        let kept = data.boxes.entry(to).or_default();
        let event = SocialEvent::Notified {
            agent: self.roster.agent_id(to),
            notice: notice_view(&self.roster, &image),
        };
        kept.push(image);
        let too_many = kept.len().saturating_sub(max);
        kept.drain(..too_many);
        self.record_social(event);
        self.touched.inbox(to);
    }

    /// Whether somebody may see what a notice tells of, and who did it. Those in quarantine are not seen.
    fn is_in_sight_of(&self, to: u32, notice: &Notice) -> bool {
        let submolt = notice.post.map(|post| self.board.post(post).submolt);
        let seen = notice
            .from
            .is_none_or(|from| !self.is_quarantined(from, submolt));
        let reads = |post| self.is_read_by(to, post, notice.comment);
        seen && notice.post.is_none_or(reads)
    }

    /// Of a conversation one is told once until one looks, its own counter has the rest; and whoever follows to and fro is told of once.
    fn told_already(&self, to: u32, notice: &Notice) -> bool {
        let once = matches!(
            notice.kind,
            NoticeKind::Dm | NoticeKind::Group | NoticeKind::Follow
        );
        let told = self.social.data.boxes.get(&to).into_iter().flatten();
        let again = |it: &NoticeImage| {
            let same = match notice.kind {
                NoticeKind::Follow => it.from == notice.from,
                _ => it.chat == notice.chat,
            };
            !it.read && it.kind == notice.kind && same
        };
        once && told.into_iter().any(again)
    }

    /// Whether somebody can read what they are told.
    pub(crate) fn reads(&mut self, no: u32) -> bool {
        if self.people.has(no) {
            return true;
        }
        self.is_resident(no)
            && matches!(
                self.resident(no).identity.mind,
                MindKind::External | MindKind::Llm
            )
    }

    /// The village tells a member something.
    pub(crate) fn announce(&mut self, to: u32, kind: NoticeKind, text: &str) -> ActResult {
        if !matches!(kind, NoticeKind::Claim | NoticeKind::Moderation) {
            return Err(Rejection::new(
                RejectionCode::Invalid,
                "The village itself only tells of claims and of moderation.",
                "Everything else is told when it happens.",
            ));
        }
        check_text("a notice", text, NOTICE_CHARS_MAX as u32)?;
        self.notify(to, Notice::new(kind, None).saying(text));
        super::done()
    }

    /// Somebody has read notices.
    pub(super) fn read_notices(&mut self, no: u32, which: WhichNotices) -> ActResult {
        let (post, one) = match which {
            WhichNotices::All => (None, None),
            WhichNotices::Post(post) => (self.roster.number(post), None),
            WhichNotices::One(id) => (None, self.roster.ids.number(id)),
        };
        let meant = |notice: &NoticeImage| match which {
            WhichNotices::All => true,
            WhichNotices::Post(_) => post.is_some() && notice.post == post,
            WhichNotices::One(_) => one == Some(notice.no),
        };
        let (mut ids, mut found) = (Vec::new(), false);
        for notice in self.social.data.boxes.get_mut(&no).into_iter().flatten() {
            if !meant(notice) {
                continue;
            }
            found = true;
            if !notice.read {
                notice.read = true;
                ids.push(self.roster.ids.make(notice.no));
            }
        }
        if let (WhichNotices::One(id), false) = (which, found) {
            return Err(Rejection::new(
                RejectionCode::NotFound,
                format!("You have no notification {id}, or it is so old that it counts as read."),
                "Take an id from the list of your notifications.",
            ));
        }
        let count = ids.len() as u32;
        if count > 0 {
            let agent = self.roster.agent_id(no);
            let event = SocialEvent::NoticesRead {
                agent,
                notices: ids,
            };
            self.record_social(event);
            self.touched.inbox(no);
        }
        Ok(Outcome::Social(SocialOutcome::Read { count }))
    }

    /// Those who are answered, and those who are named, are told of a comment; nobody twice.
    pub(crate) fn tell_of_comment(
        &mut self,
        no: u32,
        post: u32,
        parent: Option<u32>,
        comment: u32,
        text: &str,
    ) {
        let about = |kind| Notice::new(kind, Some(no)).about(post, Some(comment));
        let of_parent = parent.map(|parent| self.board.data.comments[parent as usize].author);
        let of_post = self.board.post(post).author;
        if let Some(author) = of_parent {
            self.notify(author, about(NoticeKind::Reply));
        }
        if let Some(author) = of_post.filter(|_| of_post != of_parent) {
            self.notify(author, about(NoticeKind::Comment));
        }
        for named in self.mentioned(text) {
            if Some(named) != of_parent && Some(named) != of_post {
                self.notify(named, about(NoticeKind::Mention));
            }
        }
    }

    /// Those who are named in a post are told.
    pub(crate) fn tell_of_post(&mut self, no: u32, post: u32, title: &str, text: &str) {
        let mut named = self.mentioned(title);
        for other in self.mentioned(text) {
            if !named.contains(&other) && named.len() < super::mentions::MENTIONS_MAX {
                named.push(other);
            }
        }
        for named in named {
            let notice = Notice::new(NoticeKind::Mention, Some(no)).about(post, None);
            self.notify(named, notice);
        }
    }

    /// Those whom other words name, and those before did not, are told.
    pub(crate) fn tell_of_edit(
        &mut self,
        no: u32,
        (post, comment): (u32, Option<u32>),
        before: &str,
        now: &str,
    ) {
        let known = self.mentioned(before);
        for named in self.mentioned(now) {
            if !known.contains(&named) {
                let notice = Notice::new(NoticeKind::Mention, Some(no)).about(post, comment);
                self.notify(named, notice);
            }
        }
    }

    /// An author is told when a score reaches a milestone for the first time.
    pub(crate) fn tell_of_votes(&mut self, author: u32, target: VoteTarget, score: i32) {
        let Some(milestone) = milestone(score).filter(|_| self.reads(author)) else {
            return;
        };
        let (told, no, post, comment) = match target {
            VoteTarget::Post(post) => {
                let no = self.roster.number(post);
                (&mut self.social.data.told_posts, no, no, None)
            }
            VoteTarget::Comment(comment) => {
                let no = self.roster.number(comment);
                let record = no.and_then(|no| self.board.data.comments.get(no as usize));
                let post = record.map(|record| record.post);
                (&mut self.social.data.told_comments, no, post, no)
            }
        };
        let (Some(no), Some(post)) = (no, post) else {
            return;
        };
        let best = told.entry(no).or_insert(0);
        if *best >= milestone {
            return;
        }
        *best = milestone;
        let notice = Notice::new(NoticeKind::Votes, None).about(post, comment);
        let amount = i64::from(milestone);
        self.notify(author, Notice { amount, ..notice });
    }

    /// Somebody is told that they were paid.
    pub(crate) fn tell_of_payment(&mut self, no: u32, by: u32, amount: Money, memo: &str) {
        let notice = Notice::new(NoticeKind::Payment, Some(by)).saying(memo);
        let amount = amount.0;
        self.notify(no, Notice { amount, ..notice });
    }

    /// Somebody is told that they are in another tier.
    pub(crate) fn tell_of_tier(&mut self, no: u32, before: u8, now: u8) {
        let name = &self.entitlement(no).name;
        let way = if now > before { "up" } else { "down" };
        let text = format!("You went {way} to the tier `{name}`.");
        let notice = Notice::new(NoticeKind::Tier, None).saying(&text);
        let amount = i64::from(now);
        self.notify(no, Notice { amount, ..notice });
    }

    /// Somebody is told that they are not asked for thoughts, and why.
    pub(crate) fn tell_of_thoughts(&mut self, no: u32, text: &str) {
        self.notify(no, Notice::new(NoticeKind::Thoughts, None).saying(text));
    }

    /// Somebody is told what became of a bounty they have part in.
    pub(crate) fn tell_of_bounty(&mut self, no: u32, by: Option<u32>, amount: i64, text: &str) {
        let notice = Notice::new(NoticeKind::Bounty, by).saying(text);
        self.notify(no, Notice { amount, ..notice });
    }

    /// Somebody is told of a reward or a penalty.
    pub(crate) fn tell_of_reward(
        &mut self,
        no: u32,
        by: Option<u32>,
        amount: Money,
        reason: &str,
        post: Option<u32>,
    ) {
        let kind = if amount.0 < 0 {
            NoticeKind::Penalty
        } else {
            NoticeKind::Reward
        };
        let mut notice = Notice::new(kind, by).saying(reason);
        notice.post = post;
        let amount = amount.0;
        self.notify(no, Notice { amount, ..notice });
    }
}

/// The highest milestone that a score has reached.
fn milestone(score: i32) -> Option<u32> {
    let score = u32::try_from(score).ok()?;
    if score >= 1000 {
        return Some(score - score % 1000);
    }
    let mut reached = MILESTONES.into_iter().filter(|&step| step <= score);
    reached.next_back()
}
