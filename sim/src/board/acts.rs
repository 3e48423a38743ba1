//! Acts on the board: posting, answering, voting.

use hamlet_protocol::act::VoteTarget;
use hamlet_protocol::command::{Outcome, Rejection, RejectionCode};
use hamlet_protocol::event::Event;
use hamlet_protocol::ids::{CommentId, PostId};
use hamlet_protocol::image::{CommentImage, PostImage, SeenImage};

use super::Note;
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
        let index = self.submolt_index(submolt)?;
        check_text("a title", title, self.rules.0.title_chars_max)?;
        if title.contains(['\n', '\r']) {
            return Err(Rejection::new(
                RejectionCode::Invalid,
                "A title is one line.",
                "Put the rest into the text.",
            ));
        }
        check_length("a post", text, self.rules.0.post_chars_max)?;
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
        self.touched.post(no);
        if let Some(author) = author {
            self.count_post(author);
        }
        self.trim_texts();
        if let Some(author) = author {
            self.tell_of_post(author, no, title, text);
        }
        Ok(Outcome::Posted { post })
    }

    pub(crate) fn comment(
        &mut self,
        no: u32,
        post: PostId,
        parent: Option<CommentId>,
        text: &str,
    ) -> ActResult {
        let post_no = self.post_no(post)?;
        let parent_no = parent
            .map(|parent| self.comment_no(parent, post_no))
            .transpose()?;
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
        self.check_may_answer(no, post_no, parent_no)?;
        let record = CommentImage {
            post: post_no,
            parent: parent_no,
            author: no,
            depth,
            created_ms: self.clock.stamp_ms,
            up: 0,
            down: 0,
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
        self.trim_texts();
        self.tell_answered(no, post_no, parent_no);
        self.tell_of_comment(no, post_no, parent_no, comment_no, text);
        Ok(Outcome::Commented { comment })
    }

    fn trim_texts(&mut self) {
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
    fn tell_answered(&mut self, no: u32, post_no: u32, parent_no: Option<u32>) {
        let answered = match parent_no {
            Some(parent) => Some(self.board.data.comments[parent as usize].author),
            None => self.board.post(post_no).author,
        };
        if let Some(answered) =
            answered.filter(|&answered| answered != no && self.is_resident(answered))
        {
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
            VoteTarget::Post(post) => Note::Post(self.post_no(post)?),
            VoteTarget::Comment(comment) => Note::Comment(self.any_comment_no(comment)?),
        };
        if self.board.author(note) == Some(no) {
            return Err(Rejection::new(
                RejectionCode::SelfVote,
                "Nobody votes on what they wrote themselves.",
                "Vote on what others write.",
            ));
        }
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

    pub(crate) fn post_no(&self, post: PostId) -> Result<u32, Rejection> {
        let no = self
            .roster
            .number(post)
            .filter(|&no| (no as usize) < self.board.data.posts.len());
        no.ok_or_else(|| {
            Rejection::new(
                RejectionCode::NotFound,
                format!("There is no post with the id {post}."),
                "Take a post's id from a list of posts.",
            )
        })
    }

    fn any_comment_no(&self, comment: CommentId) -> Result<u32, Rejection> {
        let no = self
            .roster
            .number(comment)
            .filter(|&no| (no as usize) < self.board.data.comments.len());
        no.ok_or_else(|| {
            Rejection::new(
                RejectionCode::NotFound,
                format!("There is no comment with the id {comment}."),
                "Take a comment's id from the post's thread.",
            )
        })
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
