//! How news spread.

use std::collections::BTreeMap;

use hamlet_protocol::event::{Event, EventRecord};

use super::super::names::People;

/// Pieces of news followed at most.
const NEWS_MAX: usize = 64;

/// Moments of learning kept per piece of news.
const LEARNED_MAX: usize = 20_000;

/// A piece of news.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct NewsItem {
    /// The words; empty when it broke before this run.
    pub(crate) text: String,
    /// Number of who knew it first.
    pub(crate) by: Option<u32>,
    /// When it broke, or was first heard of.
    pub(crate) broke: u64,
    /// When others learned it, in order.
    pub(crate) learned: Vec<u64>,
    /// How many others learned it.
    pub(crate) reach: u64,
}

/// The pieces of news of a run, by number.
#[derive(Debug, Default)]
pub(crate) struct News {
    items: BTreeMap<u32, NewsItem>,
}

impl News {
    /// Takes an event in.
    pub(crate) fn event(&mut self, record: &EventRecord, people: &mut People) {
        match &record.event {
            Event::NewsBroke { news, agent, text } => {
                let by = people.number(*agent);
                if let Some(item) = self.item(*news, record.tick) {
                    text.clone_into(&mut item.text);
                    item.by = Some(by);
                }
            }
            Event::NewsLearned { news, .. } => {
                if let Some(item) = self.item(*news, record.tick) {
                    item.reach += 1;
                    if item.learned.len() < LEARNED_MAX {
                        item.learned.push(record.tick);
                    }
                }
            }
            _ => {}
        }
    }

    fn item(&mut self, news: u32, tick: u64) -> Option<&mut NewsItem> {
        if self.items.len() >= NEWS_MAX && !self.items.contains_key(&news) {
            return None;
        }
        Some(self.items.entry(news).or_insert_with(|| NewsItem {
            broke: tick,
            ..NewsItem::default()
        }))
    }

    /// The pieces that reached most, widest first.
    pub(crate) fn widest(&self, count: usize) -> Vec<&NewsItem> {
        let mut items: Vec<_> = self.items.values().collect();
        items.sort_by_key(|item| std::cmp::Reverse(item.reach));
        items.truncate(count);
        items
    }
}
