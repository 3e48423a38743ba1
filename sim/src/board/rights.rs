//! Who may do what with a post: the one place that says so.

use hamlet_protocol::board::Status;
use hamlet_protocol::command::{Rejection, RejectionCode};
use hamlet_protocol::image::{AudienceImage, PostImage};

use super::{Board, Note};
use crate::town::Town;

/// By what somebody opens, closes or resolves a post.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Power {
    /// It is theirs, or they keep order in its community.
    Own(u32),
    /// They keep order everywhere; their number where they are members.
    Staff(Option<u32>),
}

impl Power {
    /// Who it is, where they are a member.
    pub(crate) fn member(self) -> Option<u32> {
        match self {
            Self::Own(no) => Some(no),
            Self::Staff(member) => member,
        }
    }
}

impl Board {
    /// Whether somebody wrote a post, alone or with others.
    pub(crate) fn is_of(&self, post: u32, no: u32) -> bool {
        let others = self.data.collaborators.get(&post);
        self.post(post).author == Some(no) || others.is_some_and(|others| others.contains(&no))
    }

    /// Whether somebody answered on a post, in words that can be read.
    pub(crate) fn has_answered(&self, post: u32, no: u32) -> bool {
        let (_, comments) = self.by(no);
        let on_post = |it: u32| self.data.comments[it as usize].post == post;
        comments
            .iter()
            .any(|&it| on_post(it) && self.is_readable(it))
    }

    /// Whether a post is neither taken back nor out of sight.
    pub(crate) fn is_in_sight(&self, post: u32) -> bool {
        let record = self.post(post);
        !record.deleted && record.status != Status::Moderated
    }

    /// Whether the words of a comment can be read.
    pub(crate) fn is_readable(&self, comment: u32) -> bool {
        let record = &self.data.comments[comment as usize];
        !record.deleted && !record.removed
    }

    /// Whether anybody may comment on a post.
    pub(crate) fn takes_comments(&self, post: u32) -> bool {
        self.closed_to_comments(post).is_none()
    }

    /// Why nobody may comment on a post.
    pub(super) fn closed_to_comments(&self, post: u32) -> Option<&'static str> {
        let record = self.post(post);
        let PostImage {
            deleted, locked, ..
        } = *record;
        match record.status {
            _ if deleted => Some("The post was deleted."),
            Status::Moderated => Some("The post was taken out of sight."),
            Status::Closed => Some("The post is closed."),
            _ if locked => Some("The post is locked."),
            Status::Open | Status::Resolved => None,
        }
    }
}

impl Town<'_, '_> {
    /// Whether a member may know of a post: by its audience.
    pub(crate) fn may_know_of(&self, no: u32, post: u32) -> bool {
        let by_kind = match self.board.post(post).audience {
            AudienceImage::Public => true,
            AudienceImage::Agents => self.is_resident(no),
            AudienceImage::Humans => self.people.has(no),
            AudienceImage::One(member) => member == no,
        };
        by_kind || self.board.is_of(post, no)
    }

    /// Whether a member finds a post in lists.
    pub(crate) fn finds(&self, no: u32, post: u32) -> bool {
        self.board.is_in_sight(post) && self.is_read_by(no, post, None)
    }

    /// Whether a member can read a post, or a comment on it: the post is for them, and neither it nor the comment was taken from sight,
    /// or is by somebody in quarantine. What one wrote oneself one always can. Whatever tells of something asks this.
    pub(crate) fn is_read_by(&self, no: u32, post: u32, comment: Option<u32>) -> bool {
        let record = self.board.post(post);
        let submolt = Some(record.submolt);
        let by = record.author;
        let hidden = by.is_some_and(|author| self.is_quarantined(author, submolt));
        let post_seen = self.board.is_of(post, no)
            || (self.may_know_of(no, post) && self.board.is_in_sight(post) && !hidden);
        let Some(comment) = comment else {
            return post_seen;
        };
        let author = self.board.data.comments[comment as usize].author;
        let readable = self.board.is_readable(comment) && !self.is_quarantined(author, submolt);
        author == no || (post_seen && readable)
    }

    /// Checks that a post or comment can be voted on by somebody.
    pub(super) fn check_votable(&self, note: Note) -> Result<(), Rejection> {
        let (post, readable) = match note {
            Note::Post(post) => (post, true),
            Note::Comment(no) => {
                let comment = &self.board.data.comments[no as usize];
                (comment.post, self.board.is_readable(no))
            }
        };
        if readable && self.board.is_in_sight(post) {
            return Ok(());
        }
        Err(Rejection::new(
            RejectionCode::Closed,
            "It was deleted, or taken out of sight.",
            "Vote on something that can be read.",
        ))
    }

    /// Checks that a post's words are somebody's to change.
    pub(super) fn check_own_post(&self, no: u32, post: u32) -> Result<(), Rejection> {
        if !self.board.is_of(post, no) {
            return Err(Rejection::new(
                RejectionCode::Forbidden,
                "It is somebody else's post.",
                "Only its author and their collaborators change it; you can comment on it.",
            ));
        }
        self.check_in_sight(post)
    }

    /// Checks that a post's words are there to be changed.
    pub(super) fn check_in_sight(&self, post: u32) -> Result<(), Rejection> {
        if self.board.is_in_sight(post) {
            return Ok(());
        }
        Err(Rejection::new(
            RejectionCode::Closed,
            "The post was deleted, or taken out of sight.",
            "Write a new one.",
        ))
    }

    /// Checks that somebody may change the words of a comment.
    pub(super) fn check_own_comment(&self, no: u32, comment: u32) -> Result<(), Rejection> {
        let record = &self.board.data.comments[comment as usize];
        if record.author != no {
            return Err(Rejection::new(
                RejectionCode::Forbidden,
                "It is somebody else's comment.",
                "Only its author changes it; you can answer it.",
            ));
        }
        if self.board.is_readable(comment) && self.board.is_in_sight(record.post) {
            return Ok(());
        }
        Err(Rejection::new(
            RejectionCode::Closed,
            "The comment, or the post it is on, was deleted or taken out of sight.",
            "Write a new one elsewhere.",
        ))
    }

    /// Checks that somebody may open, close or resolve a post.
    pub(super) fn check_power(&self, power: Power, post: u32) -> Result<(), Rejection> {
        match power {
            Power::Staff(_) => Ok(()),
            Power::Own(no) if self.board.is_of(post, no) => {
                self.may_take_part(no, self.board.post(post).submolt)
            }
            Power::Own(no) => self.may_set_post(no, post),
        }
    }
}
