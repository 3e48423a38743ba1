//! One text of a member, looked at from all sides before it is said.

use hamlet_protocol::agent::MindKind;
use hamlet_protocol::command::{Rejection, RejectionCode};
use hamlet_protocol::moderation::{FilterAction, SubjectImage};

use super::filters::{Plain, hosts};
use super::spam::Sketch;
use crate::town::Town;

/// What a text is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A post: title and text.
    Post,
    /// A comment.
    Comment,
    /// A message, or words that are spoken: nobody can look at it later, so what would be held is refused.
    Message,
}

/// What is to be done about a text once it is there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Watch {
    /// Why moderators are told, and whether it is held until they have looked.
    told: Option<(String, bool)>,
    sketch: Sketch,
    kind: Option<Kind>,
}

/// What is new in a text that was changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Rewrite(Sketch);

fn spam(detail: String, hint: &str) -> Rejection {
    Rejection::new(RejectionCode::Spam, detail, hint)
}

impl Town<'_, '_> {
    /// Whether a text may be said, in a community or in none: filters, shares of the hour, copies, links. Changes nothing.
    /// Those who live by habit say what the village itself has words for; they are not looked at.
    pub(crate) fn check_texts(
        &self,
        no: u32,
        kind: Kind,
        submolt: Option<u16>,
        texts: &[&str],
    ) -> Result<Watch, Rejection> {
        if !self.drives_itself(no) {
            return Ok(Watch::default());
        }
        self.check_quota(no, kind)?;
        let (text, hosts) = (Plain::of(texts), hosts(texts));
        let mut told = self.filtered(kind, &text, &hosts)?;
        let mut sketch = Sketch::default();
        if self.rules.0.spam_hours > 0 && kind != Kind::Message {
            sketch = Sketch::of(&text, &hosts, self.rules.0.spam_words_min);
            let copied = self.check_spam(no, &sketch)?;
            let links = usize::from(self.links_max(no));
            let farm = (hosts.len() > links)
                .then(|| format!("It links to {} hosts, more than {links}.", hosts.len()));
            if let Some(why) = copied.or(farm) {
                told = Some((why, true));
            }
        }
        if kind != Kind::Message && self.is_quarantined(no, submolt) {
            told = Some(("Its author is in quarantine.".to_owned(), true));
        }
        Ok(Watch {
            told,
            sketch,
            kind: Some(kind),
        })
    }

    /// Whether a text may stand where nobody can hold it back: what a filter would hold is refused.
    pub(crate) fn check_edit(&self, no: u32, texts: &[&str]) -> Result<(), Rejection> {
        if !self.drives_itself(no) {
            return Ok(());
        }
        self.check_words(texts)
    }

    /// The same, of words of whoever is no member yet.
    pub(crate) fn check_words(&self, texts: &[&str]) -> Result<(), Rejection> {
        let (text, hosts) = (Plain::of(texts), hosts(texts));
        self.filtered(Kind::Message, &text, &hosts).map(drop)
    }

    /// Whether a text may be changed so. It is seen already, so what would be held is refused; what was said before is no copy of itself.
    pub(crate) fn check_rewrite(
        &self,
        no: u32,
        before: &[&str],
        texts: &[&str],
    ) -> Result<Rewrite, Rejection> {
        self.check_edit(no, texts)?;
        if self.rules.0.spam_hours == 0 || !self.drives_itself(no) {
            return Ok(Rewrite::default());
        }
        let words_min = self.rules.0.spam_words_min;
        let (known, now) = (hosts(before), hosts(texts));
        let added: Vec<String> = now
            .iter()
            .filter(|it| !known.contains(it))
            .cloned()
            .collect();
        let links = usize::from(self.links_max(no));
        if !added.is_empty() && now.len() > links {
            return Err(spam(
                format!("It would link to {} hosts, more than {links}.", now.len()),
                "Leave links out.",
            ));
        }
        let old = Sketch::of(&Plain::of(before), &known, words_min);
        let mut sketch = Sketch::of(&Plain::of(texts), &added, words_min);
        if old.is_like(&sketch) {
            sketch.forget_words();
        }
        if let Some(why) = self.check_spam(no, &sketch)? {
            return Err(spam(
                why,
                "Say it in a new way, and where it was not said yet.",
            ));
        }
        Ok(Rewrite(sketch))
    }

    /// A text was changed: it is known again from now on.
    pub(crate) fn note_rewrite(&mut self, no: u32, rewrite: Rewrite) {
        self.remember(no, rewrite.0);
    }

    fn filtered(
        &self,
        kind: Kind,
        text: &Plain,
        hosts: &[String],
    ) -> Result<Option<(String, bool)>, Rejection> {
        let Some(filter) = self.strictest_filter(text, hosts) else {
            return Ok(None);
        };
        let reason = match filter.reason.trim() {
            "" => "The village does not want this".to_owned(),
            reason => reason.trim_end_matches('.').to_owned(),
        };
        let held = filter.action == FilterAction::Hold;
        if filter.action == FilterAction::Refuse || (held && kind == Kind::Message) {
            return Err(Rejection::new(
                RejectionCode::Filtered,
                format!("A filter of the village refuses this text: {reason}."),
                "Say it in other words, or ask the village's staff.",
            ));
        }
        Ok(Some((format!("A filter found it: {reason}."), held)))
    }

    /// A text was said: it counts, and moderators are told where they should be.
    pub(crate) fn note_text(&mut self, no: u32, watch: Watch, subject: Option<SubjectImage>) {
        let Some(kind) = watch.kind else {
            return;
        };
        self.count_text(no, kind);
        self.remember(no, watch.sketch);
        if let (Some((why, held)), Some(subject)) = (watch.told, subject) {
            self.open_by_itself(subject, &why, held);
        }
    }

    /// Whether somebody outside the village decides what a member says.
    fn drives_itself(&self, no: u32) -> bool {
        let Some(entity) = self.roster.entity(no) else {
            return true;
        };
        let mind = self
            .residents
            .get(entity)
            .map(|resident| resident.identity.mind);
        match mind {
            // Without models habits say what they always say.
            Ok(MindKind::Llm) => self.thinking.data.think_secs.is_some(),
            mind => mind == Ok(MindKind::External),
        }
    }
}
