//! News: what spreads from mouth to mouth and over the board.

use bevy_ecs::prelude::*;
use hamlet_protocol::command::{Outcome, Rejection, RejectionCode};
use hamlet_protocol::event::Event;
use hamlet_protocol::image::{NewsImage, SeenImage};

use crate::moderation::check_secrets;
use crate::town::{ActResult, Town};

/// Pieces of news a village keeps; the oldest are only history then.
const NEWS_MAX: usize = 100_000;

/// All pieces of news, by number.
#[derive(Resource, Clone, Debug, Default)]
pub(crate) struct NewsDesk {
    pub(crate) all: Vec<NewsImage>,
}

impl NewsDesk {
    pub(crate) fn text(&self, news: u32) -> &str {
        self.all.get(news as usize).map_or("", |item| &item.text)
    }
}

impl Town<'_, '_> {
    /// Somebody is the first to know something.
    pub(crate) fn break_news(&mut self, no: u32, text: &str) -> ActResult {
        check_text("a piece of news", text, self.rules.0.say_chars_max)?;
        if self.news.all.len() >= NEWS_MAX {
            return Err(Rejection::new(
                RejectionCode::Limit,
                format!("The village already keeps {NEWS_MAX} pieces of news."),
                "Start another village.",
            ));
        }
        let news = self.news.all.len() as u32;
        let tick = self.clock.tick;
        self.news.all.push(NewsImage {
            text: text.to_owned(),
            origin: no,
            tick,
            learned: 1,
        });
        let max = usize::from(self.rules.0.news_max);
        self.resident(no).memory.learn(news, max);
        self.touched.agent(no);
        let agent = self.roster.agent_id(no);
        self.log.record(
            &self.clock,
            Event::NewsBroke {
                news,
                agent,
                text: text.to_owned(),
            },
        );
        Ok(Outcome::Done)
    }

    /// Somebody hears a piece of news from somebody. Whether it was new to them.
    pub(crate) fn pass_news(&mut self, news: u32, from: u32, to: u32) -> bool {
        let max = usize::from(self.rules.0.news_max);
        if !self.resident(to).memory.learn(news, max) {
            return false;
        }
        if let Some(item) = self.news.all.get_mut(news as usize) {
            item.learned += 1;
        }
        self.observe(to, SeenImage::News(from, news));
        let event = Event::NewsLearned {
            news,
            agent: self.roster.agent_id(to),
            from: self.roster.agent_id(from),
        };
        self.log.record(&self.clock, event);
        true
    }

    /// The newest piece of news known to somebody that their words repeat: words carry news, in talk and on the board.
    pub(crate) fn carried_news(&mut self, no: u32, words: &str) -> Option<u32> {
        let known = self.resident(no).memory.news.clone();
        known
            .into_iter()
            .rev()
            .find(|&news| words.contains(self.news.text(news)))
    }

    /// The newest piece of news that `from` knows and `to` does not.
    pub(crate) fn gossip(&mut self, from: u32, to: u32) -> Option<u32> {
        let known = self.resident(from).memory.news.clone();
        let heard = self.resident(to);
        known
            .into_iter()
            .rev()
            .find(|news| !heard.memory.news.contains(news))
    }
}

/// Checks that a text says something and is not too long, counted in characters.
pub(crate) fn check_text(what: &str, text: &str, chars_max: u32) -> Result<(), Rejection> {
    if text.trim().is_empty() {
        return Err(Rejection::new(
            RejectionCode::Invalid,
            format!("There is no text in {what}."),
            "Say something.",
        ));
    }
    check_length(what, text, chars_max)
}

/// Checks that a text is not too long, counted in characters, and gives no secret away.
pub(crate) fn check_length(what: &str, text: &str, chars_max: u32) -> Result<(), Rejection> {
    // A character has at most four bytes: long texts are refused without counting all of them.
    let too_long = text.len() > 4 * chars_max as usize || text.chars().count() > chars_max as usize;
    if too_long {
        return Err(Rejection::new(
            RejectionCode::Invalid,
            format!("The text of {what} is longer than {chars_max} characters."),
            "Shorten it.",
        ));
    }
    check_secrets(what, text)
}
