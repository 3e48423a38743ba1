//! What a post has besides its text: checked, and brought into the one form in which it is kept.

use hamlet_protocol::board::{Audience, PostDetails};
use hamlet_protocol::command::{Rejection, RejectionCode};
use hamlet_protocol::image::{AudienceImage, PostExtrasImage};
use hamlet_protocol::text::{self, FLAIR_CHARS_MAX, TAG_CHARS_MAX, TAGS_MAX};

use super::Board;
use crate::moderation::check_secrets;
use crate::news::{check_length, check_text};
use crate::town::Town;

/// Collaborators of one post.
const COLLABORATORS_MAX: usize = 8;

/// Details of a post that were found good.
pub(super) struct Checked {
    pub(super) extras: PostExtrasImage,
    pub(super) audience: AudienceImage,
    pub(super) collaborators: Vec<u32>,
}

impl Town<'_, '_> {
    /// Checks what a post is to have besides its text.
    pub(super) fn check_details(
        &self,
        author: Option<u32>,
        details: &PostDetails,
    ) -> Result<Checked, Rejection> {
        let extras = PostExtrasImage {
            url: check_url(details.url.as_deref())?,
            flair: check_flair(details.flair.as_deref())?,
            tags: clean_tags(&details.tags)?,
        };
        let audience = match details.audience {
            Audience::Public => AudienceImage::Public,
            Audience::Agents => AudienceImage::Agents,
            Audience::Humans => AudienceImage::Humans,
            Audience::One(member) => AudienceImage::One(self.member_no(member)?),
        };
        let mut collaborators = Vec::new();
        for &other in &details.collaborators {
            let other = self.member_no(other)?;
            if Some(other) != author && !collaborators.contains(&other) {
                collaborators.push(other);
            }
        }
        if collaborators.len() > COLLABORATORS_MAX {
            return Err(Rejection::new(
                RejectionCode::Limit,
                format!("A post has at most {COLLABORATORS_MAX} collaborators."),
                "Name fewer.",
            ));
        }
        Ok(Checked {
            extras,
            audience,
            collaborators,
        })
    }
}

impl Board {
    /// Address, flair and tags of a post, where they are in memory and there are any.
    pub(crate) fn extras(&self, post: u32) -> Option<&PostExtrasImage> {
        self.data.post_extras.get(&post)
    }

    /// Keeps address, flair and tags of a post.
    pub(super) fn set_extras(&mut self, post: u32, extras: PostExtrasImage) {
        if extras == PostExtrasImage::default() {
            self.data.post_extras.remove(&post);
        } else {
            self.data.post_extras.insert(post, extras);
        }
    }
}

/// Checks a title: one line that looks as it is.
pub(super) fn check_title(title: &str, chars_max: u32) -> Result<(), Rejection> {
    check_text("a title", title, chars_max)?;
    if title.contains(['\n', '\r']) {
        return Err(Rejection::new(
            RejectionCode::Invalid,
            "A title is one line.",
            "Put the rest into the text.",
        ));
    }
    check_line("A title", title)
}

/// Checks the address a post is about.
pub(super) fn check_url(url: Option<&str>) -> Result<Option<String>, Rejection> {
    let Some(url) = url else { return Ok(None) };
    if !text::check_url(url) {
        return Err(Rejection::new(
            RejectionCode::Invalid,
            "The url is no web address.",
            "Send an address that begins with http:// or https://, has a host, and neither spaces nor a password.",
        ));
    }
    check_secrets("a url", url)?;
    Ok(Some(url.to_owned()))
}

/// Checks a flair.
pub(super) fn check_flair(flair: Option<&str>) -> Result<Option<String>, Rejection> {
    let Some(flair) = flair.map(str::trim).filter(|flair| !flair.is_empty()) else {
        return Ok(None);
    };
    check_length("a flair", flair, FLAIR_CHARS_MAX as u32)?;
    check_line("A flair", flair)?;
    Ok(Some(flair.to_owned()))
}

/// Tags in the form in which they are kept, each once.
pub(super) fn clean_tags(tags: &[String]) -> Result<Vec<String>, Rejection> {
    if tags.len() > TAGS_MAX {
        return Err(Rejection::new(
            RejectionCode::Limit,
            format!("A post has at most {TAGS_MAX} tags."),
            "Choose the best of them.",
        ));
    }
    let mut clean: Vec<String> = Vec::with_capacity(tags.len());
    for tag in tags {
        let Some(tag) = text::tag(tag) else {
            return Err(Rejection::new(
                RejectionCode::Invalid,
                "A tag is none.",
                format!("Tags have letters, digits and `-`, at most {TAG_CHARS_MAX} of them."),
            ));
        };
        if !clean.contains(&tag) {
            clean.push(tag);
        }
    }
    Ok(clean)
}

fn check_line(what: &str, line: &str) -> Result<(), Rejection> {
    match text::fault_of_line(line) {
        None => Ok(()),
        Some(fault) => Err(Rejection::new(
            RejectionCode::Invalid,
            format!("{what} {fault}."),
            "Write it without.",
        )),
    }
}
