//! Acts on the board: posting, answering, voting.

use hamlet_protocol::act::VoteTarget;
use hamlet_protocol::board::{Audience, PostDetails, Status};
use hamlet_protocol::command::{Outcome, Rejection, RejectionCode};
use hamlet_protocol::event::Event;
use hamlet_protocol::ids::{AgentId, CommentId, PostId};
use hamlet_protocol::image::{AudienceImage, CommentImage, PostImage, SeenImage};
use hamlet_protocol::moderation::SubjectImage;

use super::Note;
use super::details::{Checked, check_title};
use crate::moderation::{Kind, Watch, check_secrets};
use crate::news::{check_length, check_text};
use crate::town::{ActResult, Town};

impl Town<'_, '_> {
    /// Makes a post; without an author it is the town's own.
    pub(crate) fn post(
        &mut self,
        author: Option<u32>,
        submolt: &str,
        title: &str,
        text: &str,
    ) -> ActResult {
        self.publish(author, submolt, title, text, &PostDetails::default())
    }

    /// Makes a post with all that one can have.
    pub(crate) fn publish(
        &mut self,
        author: Option<u32>,
        submolt: &str,
        title: &str,
        text: &str,
        details: &PostDetails,
    ) -> ActResult {
        let index = self.submolt_index(submolt)?;
        check_title(title, self.rules.0.title_chars_max)?;
        check_length("a post", text, self.rules.0.post_chars_max)?;
        let watch = match author {
            Some(author) => {
                self.may_write(author, index)?;
                let url = details.url.as_deref().unwrap_or_default();
                check_secrets("an address", url)?;
                self.check_texts(author, Kind::Post, Some(index), &[title, text, url])?
            }
            None => Watch::default(),
        };
        let checked = self.check_details(author, details)?;
        let created_ms = self.clock.stamp_ms;
        let resident = author.filter(|&author| self.is_resident(author));
        let news = resident.and_then(|author| {
            let in_text = self.carried_news(author, text);
            in_text.or_else(|| self.carried_news(author, title))
        });
        let record = PostImage {
            author,
            submolt: index,
            created_ms,
            up: 0,
            down: 0,
            comments: 0,
            news,
            status: Status::Open,
            pinned: false,
            locked: false,
            deleted: false,
            link_in_text: false,
            audience: checked.audience,
            revision: 0,
            edited_ms: 0,
        };
        let no = self.board.add_post(record, title, text);
        let post: PostId = self.roster.ids.make(u64::from(no));
        let event = Event::Posted {
            post,
            author: author.map(|author| self.roster.agent_id(author)),
            submolt: self.slug(index).to_owned(),
            title: title.to_owned(),
            text: text.to_owned(),
        };
        self.log.record(&self.clock, event);
        self.add_details(no, post, checked);
        self.touched.post(no);
        if let Some(author) = author {
            self.count_post(author);
            self.note_text(author, watch, Some(SubjectImage::Post(no)));
        }
        self.trim_texts();
        if let Some(author) = author {
            self.tell_of_post(author, no, title, text);
        }
        Ok(Outcome::Posted { post })
    }

    /// What a post that was just made has besides its text.
    fn add_details(&mut self, no: u32, post: PostId, checked: Checked) {
        let Checked {
            extras,
            audience,
            collaborators,
        } = checked;
        let id = |no: u32| self.roster.agent_id(no);
        let details = PostDetails {
            url: extras.url.clone(),
            flair: extras.flair.clone(),
            tags: extras.tags.clone(),
            audience: audience_of(audience, id),
            collaborators: collaborators.iter().map(|&no| id(no)).collect(),
        };
        if details == PostDetails::default() {
            return;
        }
        self.board.set_extras(no, extras);
        if !collaborators.is_empty() {
            self.board.data.collaborators.insert(no, collaborators);
        }
        self.log
            .record(&self.clock, Event::PostDetailed { post, details });
    }

    pub(crate) fn comment(
        &mut self,
        no: u32,
        post: PostId,
        parent: Option<CommentId>,
        text: &str,
    ) -> ActResult {
        let post_no = self.known_post(no, post)?;
        if let Some(why) = self.board.closed_to_comments(post_no) {
            return Err(Rejection::new(
                RejectionCode::Closed,
                why,
                "Comment on another post, or write one.",
            ));
        }
        let parent_no = parent
            .map(|parent| self.comment_no(parent, post_no))
            .transpose()?;
        if parent_no.is_some_and(|parent| !self.board.is_readable(parent)) {
            return Err(Rejection::new(
                RejectionCode::Closed,
                "That comment was deleted, or taken out of sight.",
                "Answer the post or another comment.",
            ));
        }
        let depth =
            parent_no.map_or(0, |parent| self.board.data.comments[parent as usize].depth) + 1;
        let depth_max = self.rules.0.comment_depth_max;
        if depth > depth_max {
            return Err(Rejection::new(
                RejectionCode::Limit,
                format!("Replies go {depth_max} deep and no deeper."),
                "Answer the post or an earlier comment.",
            ));
        }
        check_text("a comment", text, self.rules.0.comment_chars_max)?;
        self.check_seen(no, Note::Post(post_no))?;
        if let Some(parent) = parent_no {
            self.check_seen(no, Note::Comment(parent))?;
        }
        let submolt = self.board.post(post_no).submolt;
        self.may_write(no, submolt)?;
        let watch = self.check_texts(no, Kind::Comment, Some(submolt), &[text])?;
        self.check_may_answer(no, post_no, parent_no)?;
        let record = CommentImage {
            post: post_no,
            parent: parent_no,
            author: no,
            depth,
            created_ms: self.clock.stamp_ms,
            up: 0,
            down: 0,
            deleted: false,
            removed: false,
            revision: 0,
            edited_ms: 0,
        };
        let comment_no = self.board.add_comment(record, text);
        let comment: CommentId = self.roster.ids.make(u64::from(comment_no));
        let author = self.roster.agent_id(no);
        let event = Event::Commented {
            comment,
            post,
            parent,
            author,
            depth,
            text: text.to_owned(),
        };
        self.log.record(&self.clock, event);
        self.touched.post(post_no);
        self.touched.comment(comment_no);
        self.count_comment(no);
        self.note_text(no, watch, Some(SubjectImage::Comment(comment_no)));
        self.trim_texts();
        self.tell_answered(no, (post_no, comment_no), parent_no);
        self.tell_of_comment(no, post_no, parent_no, comment_no, text);
        Ok(Outcome::Commented { comment })
    }

    pub(super) fn trim_texts(&mut self) {
        let max = self.rules.0.board_texts_max as usize;
        self.board.trim_texts(max, &mut self.touched);
    }

    /// Nobody answers somebody who wants nothing to do with them.
    fn check_may_answer(&self, no: u32, post: u32, parent: Option<u32>) -> Result<(), Rejection> {
        let of_parent = parent.map(|parent| self.board.data.comments[parent as usize].author);
        let answered = [self.board.post(post).author, of_parent];
        answered
            .into_iter()
            .flatten()
            .filter(|&other| other != no)
            .try_for_each(|other| self.check_apart(no, other))
    }

    /// Those who are answered remember it.
    fn tell_answered(&mut self, no: u32, (post_no, comment): (u32, u32), parent_no: Option<u32>) {
        let answered = match parent_no {
            Some(parent) => Some(self.board.data.comments[parent as usize].author),
            None => self.board.post(post_no).author,
        };
        let knows = |&answered: &u32| {
            answered != no
                && self.is_resident(answered)
                && self.is_read_by(answered, post_no, Some(comment))
        };
        if let Some(answered) = answered.filter(knows) {
            self.observe(answered, SeenImage::Answered(no, post_no));
            self.cheer(answered, 25);
        }
    }

    /// Votes so, whatever one voted before.
    pub(crate) fn vote(&mut self, no: u32, target: VoteTarget, value: i8) -> ActResult {
        if !(-1..=1).contains(&value) {
            return Err(Rejection::new(
                RejectionCode::Invalid,
                format!("A vote of {value} does not count."),
                "Vote 1, -1, or 0 to take a vote back.",
            ));
        }
        let note = self.votable(no, target)?;
        Ok(self.cast_vote(no, target, note, value))
    }

    /// Votes so, or takes the vote back where one has voted so before.
    pub(crate) fn toggle_vote(&mut self, no: u32, target: VoteTarget, value: i8) -> ActResult {
        if !matches!(value, -1 | 1) {
            return Err(Rejection::new(
                RejectionCode::Invalid,
                format!("A vote of {value} can't be toggled."),
                "Vote 1 or -1; the same again takes the vote back.",
            ));
        }
        let note = self.votable(no, target)?;
        let again = self.board.vote_of(note, no) == value;
        Ok(self.cast_vote(no, target, note, if again { 0 } else { value }))
    }

    /// What is voted on, if one may.
    fn votable(&self, no: u32, target: VoteTarget) -> Result<Note, Rejection> {
        let note = match target {
            VoteTarget::Post(post) => Note::Post(self.known_post(no, post)?),
            VoteTarget::Comment(comment) => Note::Comment(self.known_comment(no, comment)?),
        };
        self.check_seen(no, note)?;
        if self.board.author(note) == Some(no) {
            return Err(Rejection::new(
                RejectionCode::SelfVote,
                "Nobody votes on what they wrote themselves.",
                "Vote on what others write.",
            ));
        }
        self.check_votable(note)?;
        self.may_take_part(no, self.board.submolt(note))?;
        Ok(note)
    }

    fn cast_vote(&mut self, no: u32, target: VoteTarget, note: Note, value: i8) -> Outcome {
        let before = self.board.vote_of(note, no);
        if before != value {
            self.board.cast(note, no, value);
            self.after_vote(no, target, note, before, value);
        }
        let (up, down) = self.board.tally(note);
        Outcome::Voted {
            before,
            value,
            score: self.board.score(note),
            up,
            down,
        }
    }

    fn after_vote(&mut self, no: u32, target: VoteTarget, note: Note, before: i8, value: i8) {
        match note {
            Note::Post(post) => self.touched.post(post),
            Note::Comment(comment) => self.touched.comment(comment),
        }
        self.totals.votes += 1;
        let change = value - before;
        if let Some(author) = self.board.author(note) {
            self.count_vote(author, change);
            if self.is_resident(author) {
                self.cheer(author, i16::from(change) * 10);
            }
        }
        let (up, down) = self.board.tally(note);
        let event = Event::Voted {
            agent: self.roster.agent_id(no),
            target,
            before,
            value,
            score: self.board.score(note),
            up,
            down,
        };
        self.log.record(&self.clock, event);
        if let Some(author) = self.board.author(note) {
            self.tell_of_votes(author, target, self.board.score(note));
        }
    }

    /// Whether what somebody wrote is in others' sight: those in quarantine are seen by nobody.
    fn check_seen(&self, no: u32, note: Note) -> Result<(), Rejection> {
        let author = self.board.author(note).filter(|&author| author != no);
        let submolt = Some(self.board.submolt(note));
        if author.is_some_and(|author| self.is_quarantined(author, submolt)) {
            return Err(Rejection::new(
                RejectionCode::Closed,
                "It was taken out of sight.",
                "Turn to something that can be read.",
            ));
        }
        Ok(())
    }

    /// A post that a member may know of; of any other there is none for them.
    pub(super) fn known_post(&self, no: u32, post: PostId) -> Result<u32, Rejection> {
        let post_no = self.post_no(post)?;
        if self.may_know_of(no, post_no) {
            return Ok(post_no);
        }
        Err(no_post(post))
    }

    /// A comment on a post that a member may know of.
    pub(super) fn known_comment(&self, no: u32, comment: CommentId) -> Result<u32, Rejection> {
        let comment_no = self.any_comment_no(comment)?;
        let post = self.board.data.comments[comment_no as usize].post;
        if self.may_know_of(no, post) {
            return Ok(comment_no);
        }
        Err(no_comment(comment))
    }

    pub(crate) fn post_no(&self, post: PostId) -> Result<u32, Rejection> {
        let no = self
            .roster
            .number(post)
            .filter(|&no| (no as usize) < self.board.data.posts.len());
        no.ok_or_else(|| no_post(post))
    }

    pub(crate) fn any_comment_no(&self, comment: CommentId) -> Result<u32, Rejection> {
        let no = self
            .roster
            .number(comment)
            .filter(|&no| (no as usize) < self.board.data.comments.len());
        no.ok_or_else(|| no_comment(comment))
    }

    fn comment_no(&self, comment: CommentId, post_no: u32) -> Result<u32, Rejection> {
        let no = self.any_comment_no(comment)?;
        if self.board.data.comments[no as usize].post != post_no {
            return Err(Rejection::new(
                RejectionCode::Invalid,
                "That comment belongs to another post.",
                "Answer a comment of the same post.",
            ));
        }
        Ok(no)
    }
}

/// Everybody in an audience by id.
pub(crate) fn audience_of(audience: AudienceImage, id: impl Fn(u32) -> AgentId) -> Audience {
    match audience {
        AudienceImage::Public => Audience::Public,
        AudienceImage::Agents => Audience::Agents,
        AudienceImage::Humans => Audience::Humans,
        AudienceImage::One(member) => Audience::One(id(member)),
    }
}

fn no_post(post: PostId) -> Rejection {
    Rejection::new(
        RejectionCode::NotFound,
        format!("There is no post with the id {post}."),
        "Take a post's id from a list of posts.",
    )
}

fn no_comment(comment: CommentId) -> Rejection {
    Rejection::new(
        RejectionCode::NotFound,
        format!("There is no comment with the id {comment}."),
        "Take a comment's id from the post's thread.",
    )
}
