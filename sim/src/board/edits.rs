//! What becomes of posts and comments after they were made: other words, taken back, pinned, locked, closed, taken out of sight.

use hamlet_protocol::board::{PostChange, PostSetting, Status};
use hamlet_protocol::command::{Outcome, Rejection, RejectionCode};
use hamlet_protocol::event::Event;
use hamlet_protocol::ids::{CommentId, PostId};
use hamlet_protocol::image::PostExtrasImage;
use hamlet_protocol::moderation::{Measure, MeasureKind, Moderator, Subject};

use super::details::{check_flair, check_title, check_url, clean_tags};
use super::rights::Power;
use crate::moderation::check_secrets;
use crate::news::{check_length, check_text};
use crate::town::{ActResult, Town};

/// Posts that are pinned in one community at the same time.
const PINNED_MAX: usize = 5;
/// Why a measure was taken by whoever gave no reason.
const NO_REASON: &str = "No reason was given.";
/// Edits of one post or comment.
const REVISIONS_MAX: u32 = 1_000;

impl Town<'_, '_> {
    /// Changes the words of a post. What is left out of the change stays, if it is still in memory.
    pub(crate) fn edit_post(&mut self, no: u32, post: PostId, change: &PostChange) -> ActResult {
        let post_no = self.known_post(no, post)?;
        self.check_own_post(no, post_no)?;
        let record = *self.board.post(post_no);
        check_revision(change.revision, record.revision)?;
        let known = self.board.text(post_no).cloned();
        let (old_title, old_text) = known.clone().unwrap_or_default();
        if known.is_none() && (change.title.is_none() || change.text.is_none()) {
            return Err(Rejection::new(
                RejectionCode::Invalid,
                "The post is so old that its words are no longer in memory.",
                "Send both title and text, and url, flair and tags where it shall have them.",
            ));
        }
        let title = change.title.as_ref().unwrap_or(&old_title).clone();
        let text = change.text.as_ref().unwrap_or(&old_text).clone();
        check_title(&title, self.rules.0.title_chars_max)?;
        check_length("a post", &text, self.rules.0.post_chars_max)?;
        let url = change.url.as_deref().unwrap_or_default();
        check_secrets("an address", url)?;
        self.may_write(no, record.submolt)?;
        let old_url = self.board.extras(post_no).and_then(|it| it.url.as_deref());
        let before = [old_title.as_str(), &old_text, old_url.unwrap_or_default()];
        let rewrite = self.check_rewrite(no, &before, &[&title, &text, url])?;
        let extras = self.changed_extras(post_no, change)?;
        let revision = record.revision + 1;
        let stamp_ms = self.clock.stamp_ms;
        let record = &mut self.board.data.posts[post_no as usize];
        (record.revision, record.edited_ms) = (revision, stamp_ms);
        // A text that is written anew has its address in the field for it.
        record.link_in_text &= change.text.is_none() && change.url.is_none();
        self.board
            .data
            .post_texts
            .insert(post_no, (title.clone(), text.clone()));
        self.board.set_extras(post_no, extras.clone());
        let words = format!("{title}\n{text}");
        let event = Event::PostEdited {
            post,
            by: self.roster.agent_id(no),
            revision,
            title,
            text,
            url: extras.url,
            flair: extras.flair,
            tags: extras.tags,
        };
        self.log.record(&self.clock, event);
        self.touched.post(post_no);
        self.note_rewrite(no, rewrite);
        self.trim_texts();
        // Whom words that nobody here knows any more named was told then, or never.
        if let Some((title, text)) = known {
            self.tell_of_edit(no, (post_no, None), &format!("{title}\n{text}"), &words);
        }
        Ok(Outcome::Edited { revision })
    }

    fn changed_extras(&self, post: u32, change: &PostChange) -> Result<PostExtrasImage, Rejection> {
        let mut extras = self.board.extras(post).cloned().unwrap_or_default();
        if let Some(url) = &change.url {
            extras.url = check_url(Some(url.as_str()).filter(|url| !url.is_empty()))?;
        }
        if let Some(flair) = &change.flair {
            extras.flair = check_flair(Some(flair.as_str()).filter(|flair| !flair.is_empty()))?;
        }
        if let Some(tags) = &change.tags {
            extras.tags = clean_tags(tags)?;
        }
        Ok(extras)
    }

    /// Takes a post back: its words go, its thread stays.
    pub(crate) fn delete_post(&mut self, no: u32, post: PostId) -> ActResult {
        let post_no = self.known_post(no, post)?;
        if self.board.post(post_no).author != Some(no) {
            return Err(Rejection::new(
                RejectionCode::Forbidden,
                "It is somebody else's post.",
                "Only its author deletes it; report it if it breaks a rule.",
            ));
        }
        if self.board.post(post_no).deleted {
            return Ok(Outcome::Done);
        }
        let record = &mut self.board.data.posts[post_no as usize];
        record.deleted = true;
        // What it told is not read there any more.
        record.news = None;
        self.board.pin(post_no, false);
        self.board.data.post_texts.remove(&post_no);
        self.board.data.post_extras.remove(&post_no);
        let by = self.roster.agent_id(no);
        self.log
            .record(&self.clock, Event::PostDeleted { post, by });
        self.touched.post(post_no);
        Ok(Outcome::Done)
    }

    /// A member sets how a post stands: authors open, close and resolve theirs. What keeps order is a measure, with a reason and an appeal.
    pub(crate) fn set_post_as_member(
        &mut self,
        no: u32,
        post: PostId,
        set: PostSetting,
    ) -> ActResult {
        let post_no = self.known_post(no, post)?;
        let Some(kind) = self.keeps_order(post_no, set) else {
            return self.set_post(Power::Own(no), post, set);
        };
        let measure = Measure {
            by: Moderator::Member(self.roster.agent_id(no)),
            kind,
            subject: Subject::Post(post),
            submolt: None,
            until_ms: None,
            reason: NO_REASON.to_owned(),
        };
        self.take_measure(&measure).map(|_measured| Outcome::Done)
    }

    /// The measure that a setting is, where it is one.
    fn keeps_order(&self, post: u32, set: PostSetting) -> Option<MeasureKind> {
        let is_hidden = self.board.post(post).status == Status::Moderated;
        match set {
            PostSetting::Status(Status::Moderated) => Some(MeasureKind::Remove),
            PostSetting::Status(Status::Open) if is_hidden => Some(MeasureKind::Restore),
            PostSetting::Status(_) => None,
            PostSetting::Locked(true) => Some(MeasureKind::Lock),
            PostSetting::Locked(false) => Some(MeasureKind::Unlock),
            PostSetting::Pinned(true) => Some(MeasureKind::Pin),
            PostSetting::Pinned(false) => Some(MeasureKind::Unpin),
        }
    }

    /// Opens, closes or resolves a post.
    pub(crate) fn set_post(&mut self, power: Power, post: PostId, set: PostSetting) -> ActResult {
        let post_no = self.post_no(post)?;
        self.check_power(power, post_no)?;
        if self.keeps_order(post_no, set).is_some() {
            return Err(Rejection::new(
                RejectionCode::Invalid,
                "What keeps order is a measure, which has a reason.",
                "Take a measure: remove, restore, lock, unlock, pin or unpin.",
            ));
        }
        if self.board.post(post_no).status == Status::Moderated {
            return Err(Rejection::new(
                RejectionCode::Closed,
                "The post was taken out of sight.",
                "Those who keep order restore it first.",
            ));
        }
        self.put_so(power.member(), post_no, set)
    }

    /// Lets a post stand so, whoever decided it.
    pub(crate) fn put_so(&mut self, by: Option<u32>, post_no: u32, set: PostSetting) -> ActResult {
        let before = *self.board.post(post_no);
        if before.deleted {
            return Err(Rejection::new(
                RejectionCode::Closed,
                "The post was deleted.",
                "Nothing is to be set of it any more.",
            ));
        }
        if set == PostSetting::Pinned(true) {
            self.check_pins(post_no)?;
        }
        let record = &mut self.board.data.posts[post_no as usize];
        match set {
            PostSetting::Status(status) => record.status = status,
            PostSetting::Pinned(on) => self.board.pin(post_no, on),
            PostSetting::Locked(on) => record.locked = on,
        }
        let now = *self.board.post(post_no);
        if now == before {
            return Ok(Outcome::Done);
        }
        let event = Event::PostSet {
            post: self.roster.ids.make(u64::from(post_no)),
            by: by.map(|no| self.roster.agent_id(no)),
            status: now.status,
            pinned: now.pinned,
            locked: now.locked,
        };
        self.log.record(&self.clock, event);
        self.touched.post(post_no);
        Ok(Outcome::Done)
    }

    /// Only so many come first, or nothing would.
    fn check_pins(&self, post: u32) -> Result<(), Rejection> {
        let record = self.board.post(post);
        if !record.pinned && self.board.pins(record.submolt) >= PINNED_MAX {
            return Err(Rejection::new(
                RejectionCode::Limit,
                format!("{PINNED_MAX} posts are pinned in this community already."),
                "Unpin one first.",
            ));
        }
        Ok(())
    }

    /// Changes the words of a comment.
    pub(crate) fn edit_comment(
        &mut self,
        no: u32,
        comment: CommentId,
        text: &str,
        wanted: Option<u32>,
    ) -> ActResult {
        let comment_no = self.known_comment(no, comment)?;
        self.check_own_comment(no, comment_no)?;
        let record = self.board.data.comments[comment_no as usize];
        check_revision(wanted, record.revision)?;
        check_text("a comment", text, self.rules.0.comment_chars_max)?;
        self.may_write(no, self.board.post(record.post).submolt)?;
        let before = self.board.data.comment_texts.get(&comment_no);
        let before = before.map_or("", String::as_str);
        let rewrite = self.check_rewrite(no, &[before], &[text])?;
        let revision = record.revision + 1;
        let stamp_ms = self.clock.stamp_ms;
        let record = &mut self.board.data.comments[comment_no as usize];
        (record.revision, record.edited_ms) = (revision, stamp_ms);
        let post_no = record.post;
        let texts = &mut self.board.data.comment_texts;
        let known = texts.insert(comment_no, text.to_owned());
        let event = Event::CommentEdited {
            comment,
            by: self.roster.agent_id(no),
            revision,
            text: text.to_owned(),
        };
        self.log.record(&self.clock, event);
        self.touched.comment(comment_no);
        self.note_rewrite(no, rewrite);
        self.trim_texts();
        if let Some(before) = known {
            self.tell_of_edit(no, (post_no, Some(comment_no)), &before, text);
        }
        Ok(Outcome::Edited { revision })
    }

    /// Takes a comment back: its words go, answers to it stay.
    pub(crate) fn delete_comment(&mut self, no: u32, comment: CommentId) -> ActResult {
        let comment_no = self.known_comment(no, comment)?;
        let record = &mut self.board.data.comments[comment_no as usize];
        if record.author != no {
            return Err(Rejection::new(
                RejectionCode::Forbidden,
                "It is somebody else's comment.",
                "Only its author deletes it; report it if it breaks a rule.",
            ));
        }
        if record.deleted {
            return Ok(Outcome::Done);
        }
        record.deleted = true;
        self.board.data.comment_texts.remove(&comment_no);
        let by = self.roster.agent_id(no);
        self.log
            .record(&self.clock, Event::CommentDeleted { comment, by });
        self.touched.comment(comment_no);
        Ok(Outcome::Done)
    }

    /// Takes a comment out of sight, or shows it again.
    pub(crate) fn set_comment(
        &mut self,
        by: Option<u32>,
        comment: CommentId,
        removed: bool,
    ) -> ActResult {
        let comment_no = self.any_comment_no(comment)?;
        let record = &mut self.board.data.comments[comment_no as usize];
        if record.removed == removed {
            return Ok(Outcome::Done);
        }
        record.removed = removed;
        let by = by.map(|no| self.roster.agent_id(no));
        let event = Event::CommentSet {
            comment,
            by,
            removed,
        };
        self.log.record(&self.clock, event);
        self.touched.comment(comment_no);
        Ok(Outcome::Done)
    }
}

/// Whether what is to be changed is what whoever changes it has seen.
fn check_revision(wanted: Option<u32>, revision: u32) -> Result<(), Rejection> {
    if wanted.is_some_and(|wanted| wanted != revision) {
        return Err(Rejection::new(
            RejectionCode::Changed,
            format!("It has changed since you looked: it is at revision {revision}."),
            "Read it again, and send the revision you have seen.",
        ));
    }
    if revision >= REVISIONS_MAX {
        return Err(Rejection::new(
            RejectionCode::Limit,
            format!("It has been edited {REVISIONS_MAX} times."),
            "Leave it as it is, or write a new one.",
        ));
    }
    Ok(())
}
